"""Signatures made with OpenSSH, so that agents, passphrases and hardware keys work."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from gongshi.domain import publickey, signature
from gongshi.domain.policy import Policy
from gongshi.domain.problem import Refused, Unusable, printable
from gongshi.domain.publickey import PublicKey
from gongshi.domain.recording import Sign
from gongshi.faces import git
from gongshi.i18n import gettext as _

_SECONDS = 120
"""How long somebody may look for a passphrase or a device."""


def signer(policy: Policy, person: str, day: date, root: Path, file: Path | None) -> Sign:
    """Makes a person's signatures: with the named key, git's `user.signingKey`, or a key in the agent.

    Args:
        policy: the people and their keys.
        person: the id of who signs.
        day: today.
        root: the repository, whose git configuration counts.
        file: the private key as named by the user; None to look for one.

    Raises:
        Unusable: there is no key.
    """
    if file is not None:
        if not file.is_file():
            raise Unusable(_("there is no key file {file}").format(file=printable(str(file))))
        return lambda message: _sign(file, message)
    configured = git_key(root)
    if isinstance(configured, Path):
        return lambda message: _sign(configured, message)
    if configured is not None:
        return lambda message: _sign_public(configured, message)
    known = policy.people[person].keys_on(day) if person in policy.people else ()
    held = next((key for key in agent_keys() if key in known), None)
    if held is None:
        raise Unusable(
            _(
                "decisions are signed here, and no private key was found: name it with --key, set "
                "`git config user.signingKey`, or add it to the agent with ssh-add"
            )
        )
    return lambda message: _sign_public(held, message)


def git_key(root: Path) -> Path | PublicKey | None:
    """What git's `user.signingKey` names: a key file, or a public key whose private one the agent has.

    Args:
        root: the repository.
    """
    value = git.value(root, "user.signingKey") or ""
    try:
        return publickey.parse(value.removeprefix("key::"))
    except ValueError:
        pass
    try:
        path = Path(value).expanduser() if value else None
        return path if path is not None and path.is_file() else None
    except (RuntimeError, OSError):
        return None


def public_of(file: Path) -> PublicKey | None:
    """The public key of a key file: the file beside it, or the file itself; None where neither can be read.

    Args:
        file: a private or public key file.
    """
    for candidate in (file.with_name(file.name + ".pub"), file):
        try:
            return publickey.parse(candidate.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
    return None


def agent_keys() -> list[PublicKey]:
    """The keys that the ssh agent holds."""
    keys = []
    for line in _output("ssh-add", "-L").splitlines():
        try:
            keys.append(publickey.parse(line))
        except ValueError:
            continue
    return keys


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    # The comment of a key may be in any encoding.
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def _sign_public(key: PublicKey, message: bytes) -> str:
    with tempfile.TemporaryDirectory(prefix="gongshi-") as folder:
        file = Path(folder) / "key.pub"
        file.write_text(key.text + "\n", encoding="ascii")
        return _sign(file, message)


def _sign(file: Path, message: bytes) -> str:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", signature.NAMESPACE, "-f", str(file)]
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
    found = signature.unarmoured(done.stdout.decode("ascii", "replace"))
    if done.returncode or found is None:
        why = printable((done.stderr or b"").decode(errors="replace").strip().replace("\n", "; "))
        raise Refused(
            _("the key {file} did not sign: {why}").format(file=printable(str(file)), why=why or "ssh-keygen")
        )
    return found
