"""Sign decisions with OpenSSH (`ssh-keygen`), so that agents, passphrases and hardware keys work."""

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

_TIMEOUT_SECONDS = 120
"""Time limit for entering a passphrase or touching a device."""
_NO_KEYS = 1
"""Exit code of `ssh-add -L` if the agent answers but holds no key."""


def make_signer(policy: Policy, person: str, day: date, root: Path, file: Path | None) -> Sign:
    """Return a function that signs as a person: with the given key, git's `user.signingKey`, or a key in the agent.

    Args:
        policy: the people and their keys.
        person: the id of the person who signs.
        day: the current day, for the validity of keys.
        root: the repository; its git configuration is included.
        file: the private key given by the user; None to look for one.

    Raises:
        UsageError: no key was found.
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
    """Find the key to sign with: git's `user.signingKey`, else one of the person's keys in the agent.

    Args:
        root: the repository; its git configuration is included.
        known: the person's public keys.

    Returns:
        A key file, or a public key whose private key the agent holds.

    Raises:
        UsageError: no key was found; the message says why.
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
    raise UsageError(_missing_key_message(named, held, known))


def _missing_key_message(
    named: Path | PublicKey | None, held: Collection[PublicKey] | None, known: Collection[PublicKey]
) -> str:
    """Return the message that says why no private key was found and what to do."""
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
    """Return the public key if only that is available as a file, so that the agent must hold the private key."""
    if isinstance(named, PublicKey):
        return named
    alone = named.suffix == ".pub" and not named.with_suffix("").is_file()
    return public_of(named) if alone else None


def git_key(root: Path) -> Path | PublicKey | None:
    """Return the value of git's `user.signingKey`: a key file, which may be missing, or a public key.

    Args:
        root: the repository.

    Raises:
        GitError: git's configuration cannot be read.
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
        # Anything else may be the name of a GnuPG key.
        is_path = path.is_file() or "/" in value or os.sep in value or git.value(root, "gpg.format") == "ssh"
    except (RuntimeError, OSError, ValueError):
        return Path(value)
    return path if is_path else None


def public_of(file: Path) -> PublicKey | None:
    """Return the public key of a key file, from the `.pub` file beside it or the file itself, or None.

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
    """Return the keys in the ssh agent, or None if no agent answers."""
    try:
        done = subprocess.run(["ssh-add", "-L"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode not in (0, _NO_KEYS):
        return None
    keys = []
    # A key's comment may be in any encoding.
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
    # In a terminal, ssh-keygen itself asks for the passphrase or a touch, so its messages go to the terminal.
    errors = None if sys.stderr.isatty() else subprocess.PIPE
    try:
        done = subprocess.run(  # noqa: S603
            command, input=message, stdout=subprocess.PIPE, stderr=errors, timeout=_TIMEOUT_SECONDS, check=False
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
