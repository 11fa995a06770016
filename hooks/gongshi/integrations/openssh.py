"""Signatures made with OpenSSH, so that agents, passphrases and hardware keys work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from datetime import date
from pathlib import Path

from gongshi.common.errors import Refused, UsageError, printable
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.domain.config import ssh_keys
from gongshi.domain.config.policy import Policy
from gongshi.domain.config.ssh_keys import PublicKey
from gongshi.domain.records import signatures
from gongshi.domain.review.recorder import Sign
from gongshi.i18n import gettext as _
from gongshi.integrations import git

_SECONDS = 120
"""How long somebody may look for a passphrase or a device."""
_NO_KEYS = 1
"""How `ssh-add -L` ends where the agent answers and holds no key."""


def signer(policy: Policy, person: str, day: date, root: Path, file: Path | None) -> Sign:
    """Makes a person's signatures: with the named key, git's `user.signingKey`, or a key in the agent.

    Args:
        policy: the people and their keys.
        person: the id of who signs.
        day: today.
        root: the repository, whose git configuration counts.
        file: the private key as named by the user; None to look for one.

    Raises:
        UsageError: there is no key.
    """
    if file is not None:
        if not file.is_file():
            raise UsageError(_("there is no key file {file}").format(file=printable(str(file))))
        return lambda message: _sign(file, message)
    known = policy.people[person].keys_on(day) if person in policy.people else ()
    key = key_of(root, known)
    if isinstance(key, Path):
        return lambda message: _sign(key, message)
    return lambda message: _sign_public(key, message)


def key_of(root: Path, known: Collection[PublicKey]) -> Path | PublicKey:
    """The key to sign with where none is named: git's `user.signingKey`, else one of a person's keys in the agent.

    Args:
        root: the repository, whose git configuration counts.
        known: the person's public keys.

    Returns:
        A key file, or a public key whose private one the agent holds.

    Raises:
        UsageError: there is none; the message says why.
    """
    named = git_key(root)
    public = _public_only(named) if named is not None else None
    if named is not None and public is None and not _is_missing(named):
        return named
    held = agent_keys()
    if named is not None and public is not None:
        if public not in (held or ()):
            raise UsageError(
                _(
                    "the ssh agent does not hold the key that git's user.signingKey names; "
                    "add it to the agent with ssh-add"
                )
            )
        return named
    if own := next((key for key in held or () if key in known), None):
        return own
    raise UsageError(_absence(named, held, known))


def _absence(named: Path | PublicKey | None, held: Collection[PublicKey] | None, known: Collection[PublicKey]) -> str:
    """Why there is no private key."""
    if named is not None:
        message = _(
            "git's user.signingKey names the key file {file}, and there is no such file; set the right one with "
            "`git config user.signingKey`, or name your key with --key"
        )
        return message.format(file=printable(str(named)))
    if held is not None and known:
        return _(
            "decisions are signed here, and the ssh agent holds none of your keys; add yours to it with ssh-add, "
            "or name it with --key"
        )
    return _(
        "decisions are signed here, and no private key was found: name it with --key, set "
        "`git config user.signingKey`, or add it to the agent with ssh-add"
    )


def _is_missing(named: Path | PublicKey) -> bool:
    return isinstance(named, Path) and not named.is_file()


def _public_only(named: Path | PublicKey) -> PublicKey | None:
    """The public key where only that is named, so that the agent must have the private one."""
    if isinstance(named, PublicKey):
        return named
    alone = named.suffix == ".pub" and not named.with_suffix("").is_file()
    return public_of(named) if alone else None


def git_key(root: Path) -> Path | PublicKey | None:
    """What git's `user.signingKey` names: a key file, there or not, or a public key whose private one the agent has.

    Args:
        root: the repository.

    Raises:
        Failed: git's configuration cannot be read.
    """
    value = git.value(root, "user.signingKey")
    if value is None:
        return None
    try:
        return ssh_keys.parse(value.removeprefix("key::"))
    except ValueError:
        pass
    try:
        path = root / Path(value).expanduser()
        # Else it may be a name that GnuPG knows.
        is_path = path.is_file() or "/" in value or os.sep in value or git.value(root, "gpg.format") == "ssh"
    except (RuntimeError, OSError, ValueError):
        return Path(value)
    return path if is_path else None


def public_of(file: Path) -> PublicKey | None:
    """The public key of a key file: the file beside it, or the file itself; None where neither can be read.

    Args:
        file: a private or public key file.
    """
    for candidate in (file.with_name(file.name + ".pub"), file):
        try:
            return ssh_keys.parse(candidate.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
    return None


def agent_keys() -> list[PublicKey] | None:
    """The keys that the ssh agent holds; None where no agent answers."""
    try:
        done = subprocess.run(["ssh-add", "-L"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode not in (0, _NO_KEYS):
        return None
    keys = []
    # The comment of a key may be in any encoding.
    for line in done.stdout.decode(errors="replace").splitlines():
        try:
            keys.append(ssh_keys.parse(line))
        except ValueError:
            continue
    return keys


def _sign_public(key: PublicKey, message: bytes) -> str:
    with ScratchFolder() as folder:
        file = folder / "key.pub"
        file.write_text(key.text + "\n", encoding="ascii")
        return _sign(file, message)


def _sign(file: Path, message: bytes) -> str:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", signatures.NAMESPACE, "-f", str(file)]
    # Where somebody looks on, ssh-keygen asks them for the passphrase or a touch itself.
    errors = None if sys.stderr.isatty() else subprocess.PIPE
    try:
        done = subprocess.run(  # noqa: S603
            command, input=message, stdout=subprocess.PIPE, stderr=errors, timeout=_SECONDS, check=False
        )
    except FileNotFoundError:
        raise Refused(_("ssh-keygen is not installed; decisions are signed with it")) from None
    except subprocess.TimeoutExpired:
        raise Refused(_("nobody unlocked the key in time; nothing was recorded")) from None
    found = signatures.unarmoured(done.stdout.decode("ascii", "replace"))
    if done.returncode or found is None:
        why = printable((done.stderr or b"").decode(errors="replace").strip().replace("\n", "; "))
        raise Refused(
            _("the key {file} did not sign: {why}").format(file=printable(str(file)), why=why or "ssh-keygen")
        )
    return found
