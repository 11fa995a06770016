"""Signatures on decisions: SSHSIG in the namespace `gongshi`, as `ssh-keygen -Y sign -n gongshi` makes them.

Source: OpenSSH's `PROTOCOL.sshsig`. What is signed is the dossier line without its `signature`; as the line names the
entry, its number and the hash of the line before it, a signature counts nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from gongshi.domain.config import ssh_keys
from gongshi.domain.config.policy import Policy
from gongshi.domain.config.ssh_encoding import read_string, read_strings, write_string
from gongshi.domain.config.ssh_keys import PublicKey
from gongshi.domain.records.dossier import Decision

NAMESPACE = "gongshi"
_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_PORTION = 200
_HASHES = (b"sha256", b"sha512")
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


@dataclass(frozen=True)
class Signature:
    """An SSHSIG taken apart, not checked yet."""

    key: PublicKey
    """Whose signature it claims to be."""
    hashing: str
    content: bytes
    """The signature proper, in SSH's encoding."""

    def covers(self, message: bytes) -> bool:
        """Whether the key signed this message."""
        return _covers(self, hashlib.new(self.hashing, message).digest())


@lru_cache(1 << 17)
def _covers(signature: Signature, digest: bytes) -> bool:
    # A pure function of the signature and the message's hash; kept, as a preview asks the same again and again.
    parts = (NAMESPACE.encode(), b"", signature.hashing.encode(), digest)
    return ssh_keys.verify(signature.key, signature.content, _MAGIC + b"".join(map(write_string, parts)))


def parse(text: str) -> Signature | None:
    """Take a signature apart; None where it is no SSHSIG in our namespace.

    Args:
        text: SSHSIG in base64, without armour.
    """
    try:
        blob = base64.b64decode(text, validate=True)
        if not blob.startswith(_MAGIC + _VERSION):
            return None
        key, namespace, reserved, hashing, content = read_strings(blob[len(_MAGIC + _VERSION) :])
        if namespace != NAMESPACE.encode() or reserved or hashing not in _HASHES:
            return None
        return Signature(PublicKey(read_string(key)[0].decode("ascii"), key), hashing.decode(), content)
    except ValueError:
        return None


def signer(text: str, message: bytes) -> PublicKey | None:
    """The key that made a signature over this message, or None; whose key it is, the caller must know.

    Args:
        text: SSHSIG in base64, without armour.
        message: what was signed.
    """
    found = parse(text)
    return found.key if found and found.covers(message) else None


def is_by(decision: Decision, policy: Policy) -> bool:
    """Whether a decision is signed for this unit, by a key that the policy gives for its person on that day.

    Args:
        decision: the act with its signature and what was signed.
        policy: the people and their keys.
    """
    person = policy.people.get(decision.by)
    if person is None or decision.signature is None or decision.unit != policy.identity:
        return False
    found = parse(decision.signature)
    # The key first: nothing is computed with a key that somebody else chose.
    return (
        found is not None
        and all(found.key in person.keys_on(day) for day in decision.days(policy.zone))
        and found.covers(decision.signed)
    )


def check_ahead(decisions: Iterable[Decision], policy: Policy) -> None:
    """Check many signatures on all processors, so that each is known when it is asked for.

    Args:
        decisions: acts of any entries.
        policy: the people and their keys; nothing is computed with other keys.
    """
    known = {key.public for person in policy.people.values() for key in person.key}
    signed = [(decision.signature, decision.signed) for decision in decisions if decision.signature]
    portions = [signed[i : i + _PORTION] for i in range(0, len(signed), _PORTION)]

    def check(portion: list[tuple[str, bytes]]) -> None:
        for text, message in portion:
            found = parse(text)
            if found and found.key in known:
                found.covers(message)

    if not portions:
        return
    # Imported here, as a unit without keys never needs it.
    from concurrent.futures import ThreadPoolExecutor

    # The arithmetic runs outside of the interpreter's lock.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(check, portions))


def armoured(signature: str) -> str:
    """A signature as `ssh-keygen -Y verify` reads it.

    Args:
        signature: SSHSIG in base64.
    """
    lines = [signature[i : i + 70] for i in range(0, len(signature), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def unarmoured(text: str) -> str | None:
    """A signature as a dossier keeps it, or None where the text is none.

    Args:
        text: what `ssh-keygen -Y sign` wrote.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        return None
    return "".join(lines[1:-1])
