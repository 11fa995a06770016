"""Check the signatures of decisions: SSHSIG in the namespace `gongshi`, as `ssh-keygen -Y sign -n gongshi` makes them.

Source: OpenSSH's `PROTOCOL.sshsig`. Signed is the dossier's line without its `signature`. The line names the entry, its
own number and the hash of the line before, so the signature is valid in no other place.
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
"""The number of signatures that a thread checks at once."""
_HASHES = (b"sha256", b"sha512")
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


@dataclass(frozen=True)
class Signature:
    """A parsed SSHSIG, not checked yet."""

    key: PublicKey
    """The key that it claims to be made with."""
    hashing: str
    content: bytes
    """The signature itself, in SSH's encoding."""

    def verifies(self, message: bytes) -> bool:
        """Tell whether the key signed this message."""
        return _covers(self, hashlib.new(self.hashing, message).digest())


@lru_cache(1 << 17)
def _covers(signature: Signature, digest: bytes) -> bool:
    # Cached, as a preview checks the same signatures again and again.
    parts = (NAMESPACE.encode(), b"", signature.hashing.encode(), digest)
    return ssh_keys.verify(signature.key, signature.content, _MAGIC + b"".join(map(write_string, parts)))


def parse(text: str) -> Signature | None:
    """Parse a signature; return None if it is no SSHSIG in the namespace `gongshi`.

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
    """Return the key that signed this message, or None. The caller must check whose key it is.

    Args:
        text: SSHSIG in base64, without armour.
        message: the signed bytes.
    """
    found = parse(text)
    return found.key if found and found.verifies(message) else None


def is_signed_by_decider(decision: Decision, policy: Policy) -> bool:
    """Tell whether a decision is signed for this unit, with a key that its person has on that day.

    Args:
        decision: the act with its signature and the signed bytes.
        policy: the people and their keys.
    """
    person = policy.people.get(decision.by)
    if person is None or decision.signature is None or decision.unit != policy.identity:
        return False
    found = parse(decision.signature)
    # Check first that the key is known, so that no computation uses a key that an attacker chose.
    return (
        found is not None
        and all(found.key in person.keys_on(day) for day in decision.days(policy.zone))
        and found.verifies(decision.signed)
    )


def verify_in_parallel(decisions: Iterable[Decision], policy: Policy) -> None:
    """Check many signatures on all processors; later checks of the same signatures use the cached results.

    Args:
        decisions: acts of any entries.
        policy: the people and their keys; signatures with other keys are skipped.
    """
    known = {key.public for person in policy.people.values() for key in person.key}
    signed = [(decision.signature, decision.signed) for decision in decisions if decision.signature]
    portions = [signed[i : i + _PORTION] for i in range(0, len(signed), _PORTION)]

    def check(portion: list[tuple[str, bytes]]) -> None:
        for text, message in portion:
            found = parse(text)
            if found and found.key in known:
                found.verifies(message)

    if not portions:
        return
    # Imported here, as a unit without keys does not need it.
    from concurrent.futures import ThreadPoolExecutor

    # Threads are enough: the computation releases the interpreter's lock.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(check, portions))


def unarmoured(text: str) -> str | None:
    """Return a signature in the form that a dossier holds, or None if the text is no signature.

    Args:
        text: the output of `ssh-keygen -Y sign`.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        return None
    return "".join(lines[1:-1])
