"""Signatures on decisions: SSHSIG in the namespace `gongshi`, as `ssh-keygen -Y sign -n gongshi` makes them.

Source: OpenSSH's `PROTOCOL.sshsig`. What is signed is the dossier line without its `signature`; as the line names the
entry, its number and the hash of the line before it, a signature counts nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import date
from functools import lru_cache

from gongshi.domain import publickey
from gongshi.domain.policy import Policy
from gongshi.domain.publickey import PublicKey, string, take

NAMESPACE = "gongshi"
_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


def signer(signature: str, message: bytes) -> PublicKey | None:
    """The key that made a signature over this message in our namespace, or None.

    Whose key it is, and whether it may be used, is for the caller to say.

    Args:
        signature: SSHSIG in base64, without armour.
        message: what was signed.
    """
    return _signer(signature, hashlib.sha256(message).digest(), hashlib.sha512(message).digest())


@lru_cache(1 << 17)
def _signer(signature: str, sha256: bytes, sha512: bytes) -> PublicKey | None:
    # A pure function of the signature and the message's hashes; kept, as a preview asks the same again and again.
    try:
        blob = base64.b64decode(signature, validate=True)
        if not blob.startswith(_MAGIC + _VERSION):
            return None
        rest = blob[len(_MAGIC + _VERSION) :]
        key, rest = take(rest)
        namespace, rest = take(rest)
        reserved, rest = take(rest)
        hashing, rest = take(rest)
        content, rest = take(rest)
        if rest or namespace != NAMESPACE.encode() or hashing not in _HASHES:
            return None
        found = PublicKey(take(key)[0].decode("ascii"), key)
    except (ValueError, binascii.Error):
        return None
    digest = sha256 if hashing == b"sha256" else sha512
    covered = _MAGIC + b"".join(map(string, (namespace, reserved, hashing, digest)))
    return found if publickey.verify(found, content, covered) else None


def is_by(person: str, day: date, signature: str | None, message: bytes, policy: Policy) -> bool:
    """Whether a signature is by a key that the policy gives for this person on that day.

    Args:
        person: the id of who is said to have signed.
        day: the day of the decision.
        signature: SSHSIG in base64, None where there is none.
        message: what was signed.
        policy: the people and their keys.
    """
    if signature is None or person not in policy.people:
        return False
    keys = policy.people[person].keys_on(day)
    # Nothing is computed for who has no key.
    return bool(keys) and signer(signature, message) in keys


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
