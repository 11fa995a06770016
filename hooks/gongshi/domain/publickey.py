"""Public keys as OpenSSH writes them, and the signatures that they check.

Formats: RFC 4251 (5), RFC 4253 (6.6), RFC 5656, RFC 8332, RFC 8709; OpenSSH's `PROTOCOL.u2f` for hardware keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

_HARDWARE = {
    "sk-ssh-ed25519@openssh.com": "ssh-ed25519",
    "sk-ecdsa-sha2-nistp256@openssh.com": "ecdsa-sha2-nistp256",
}
"""Keys on a device, by the type of key that does their arithmetic."""
_CURVES: dict[str, HashAlgorithm] = {
    "ecdsa-sha2-nistp256": SHA256(),
    "ecdsa-sha2-nistp384": SHA384(),
    "ecdsa-sha2-nistp521": SHA512(),
}
_RSA: dict[str, HashAlgorithm] = {"rsa-sha2-256": SHA256(), "rsa-sha2-512": SHA512()}
"""SHA-1, which the plain `ssh-rsa` means, is not among them."""
_RSA_BITS = 2048
_TOUCHED = 1
TYPES = ("ssh-ed25519", *_CURVES, "ssh-rsa", *_HARDWARE)

_Check = Callable[[str, bytes, bytes], None]
"""Checks a signature of an algorithm over a message; raises ValueError or InvalidSignature."""


@dataclass(frozen=True)
class PublicKey:
    """A public key."""

    type: str
    blob: bytes
    """The key as signatures carry it."""

    @property
    def text(self) -> str:
        """As a line of `id_ed25519.pub`, without comment."""
        return f"{self.type} {base64.b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")


def parse(text: str) -> PublicKey:
    """Read a public key.

    Args:
        text: type, key in base64 and perhaps a comment, such as the content of `id_ed25519.pub`.

    Raises:
        ValueError: it is no key of a known type, or an unsafe one.
    """
    parts = text.split(None, 2)
    if len(parts) < 2 or parts[0] not in TYPES:
        raise ValueError(text)
    try:
        key = PublicKey(parts[0], base64.b64decode(parts[1], validate=True))
    except binascii.Error as error:
        raise ValueError(text) from error
    _check_of(key)
    return key


def verify(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether a signature is by this key over this message.

    Args:
        key: the key.
        signature: an SSH signature: the name of its algorithm, its bytes, and what a device adds.
        message: what was signed.
    """
    try:
        algorithm, rest = take(signature)
        content, added = take(rest)
        if key.type in _HARDWARE:
            message = _device_message(key, added, message)
        elif added:
            return False
        _check_of(key)(algorithm.decode("ascii"), content, message)
    except (ValueError, InvalidSignature):
        return False
    return True


def take(data: bytes) -> tuple[bytes, bytes]:
    """The next string in SSH's encoding, and what follows it.

    Raises:
        ValueError: there is none.
    """
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 + size:
        raise ValueError(data)
    return data[4 : 4 + size], data[4 + size :]


def string(data: bytes) -> bytes:
    """A string in SSH's encoding."""
    return len(data).to_bytes(4, "big") + data


def _device_message(key: PublicKey, added: bytes, message: bytes) -> bytes:
    """What a device signs: its application, whether somebody touched it, its counter, and the message's hash."""
    if len(added) != 5 or not added[0] & _TOUCHED:
        raise ValueError(added)
    application = _parts(key.blob)[-1]
    return hashlib.sha256(application).digest() + added + hashlib.sha256(message).digest()


def _parts(blob: bytes) -> list[bytes]:
    parts = []
    while blob:
        part, blob = take(blob)
        parts.append(part)
    return parts


@lru_cache(1024)
def _check_of(key: PublicKey) -> _Check:
    """How signatures by this key are checked; raises ValueError where the key is not whole or not safe."""
    parts = _parts(key.blob)
    if not parts or parts[0] != key.type.encode() or b"".join(map(string, parts)) != key.blob:
        raise ValueError(key.type)
    plain = _HARDWARE.get(key.type, key.type)
    if plain != key.type:
        if len(parts) < 3:
            raise ValueError(key.type)
        parts = [plain.encode(), *parts[1:-1]]
    encoded = base64.b64encode(b"".join(map(string, parts))).decode()
    try:
        known = load_ssh_public_key(f"{plain} {encoded}".encode())
    except (UnsupportedAlgorithm, NotImplementedError) as error:
        raise ValueError(key.type) from error
    if isinstance(known, ed25519.Ed25519PublicKey):
        return _ed25519(key.type, known)
    if isinstance(known, ec.EllipticCurvePublicKey):
        return _ecdsa(key.type, known, _CURVES[plain])
    if isinstance(known, rsa.RSAPublicKey) and known.key_size >= _RSA_BITS:
        return _rsa(known)
    raise ValueError(key.type)


def _ed25519(type: str, key: ed25519.Ed25519PublicKey) -> _Check:
    def check(algorithm: str, signature: bytes, message: bytes) -> None:
        if algorithm != type:
            raise ValueError(algorithm)
        key.verify(signature, message)

    return check


def _ecdsa(type: str, key: ec.EllipticCurvePublicKey, hashing: HashAlgorithm) -> _Check:
    def check(algorithm: str, signature: bytes, message: bytes) -> None:
        numbers = _parts(signature)
        if algorithm != type or len(numbers) != 2:
            raise ValueError(algorithm)
        r, s = (int.from_bytes(number, "big", signed=True) for number in numbers)
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashing))

    return check


def _rsa(key: rsa.RSAPublicKey) -> _Check:
    def check(algorithm: str, signature: bytes, message: bytes) -> None:
        if algorithm not in _RSA:
            raise ValueError(algorithm)
        key.verify(signature, message, padding.PKCS1v15(), _RSA[algorithm])

    return check
