"""Read public keys in OpenSSH's format and check signatures with them.

Formats: RFC 4251 (5), RFC 4253 (6.6), RFC 5656, RFC 8332, RFC 8709; OpenSSH's `PROTOCOL.u2f` for hardware keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gongshi.domain.config.ssh_encoding import read_string, read_strings, write_string

if TYPE_CHECKING:
    from gongshi.domain.config.signature_algorithms import Check

_DEVICE_TYPES = {
    "sk-ssh-ed25519@openssh.com": "ssh-ed25519",
    "sk-ecdsa-sha2-nistp256@openssh.com": "ecdsa-sha2-nistp256",
}
"""The types of keys on a device, with the type of the underlying key."""
_PLAIN = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
_TOUCHED = 1
"""The flag in a signature that says that somebody touched the device."""
TYPES = (*_PLAIN, *_DEVICE_TYPES)


@dataclass(frozen=True)
class PublicKey:
    """A public key."""

    type: str
    blob: bytes
    """The key in SSH's binary encoding, as in signatures."""

    @property
    def text(self) -> str:
        """The key as a line of `id_ed25519.pub`, without a comment."""
        return f"{self.type} {base64.b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """The fingerprint as `ssh-keygen -l` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")


def parse(text: str) -> PublicKey:
    """Read a public key.

    Args:
        text: the type, the key in base64 and optionally a comment, like the content of `id_ed25519.pub`.

    Raises:
        ValueError: the text is no key of a known type, or the key is unsafe.
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
    """Tell whether a key signed this message.

    Args:
        key: the key.
        signature: an SSH signature: the name of its algorithm, its bytes, and the flags and counter of a device.
        message: the signed bytes.
    """
    try:
        algorithm, rest = read_string(signature)
        content, added = read_string(rest)
        if key.type in _DEVICE_TYPES:
            message = _device_message(key, added, message)
        elif added:
            return False
        _check_of(key)(algorithm.decode("ascii"), content, message)
    except ValueError:
        return False
    return True


def _device_message(key: PublicKey, added: bytes, message: bytes) -> bytes:
    """Return the bytes that a device signs: hash of its application, touch flag, counter, hash of the message."""
    if len(added) != 5 or not added[0] & _TOUCHED:
        raise ValueError(added)
    application = read_strings(key.blob)[-1]
    return hashlib.sha256(application).digest() + added + hashlib.sha256(message).digest()


@lru_cache(1024)
def _check_of(key: PublicKey) -> Check:
    """Return the function that checks signatures by this key; raise ValueError if the key is damaged or not safe."""
    parts = read_strings(key.blob)
    if not parts or parts[0] != key.type.encode() or b"".join(map(write_string, parts)) != key.blob:
        raise ValueError(key.type)
    plain = _DEVICE_TYPES.get(key.type, key.type)
    if plain != key.type:
        if len(parts) < 3:
            raise ValueError(key.type)
        parts = [plain.encode(), *parts[1:-1]]
    encoded = base64.b64encode(b"".join(map(write_string, parts))).decode()
    from gongshi.domain.config.signature_algorithms import checker

    return checker(key.type, plain, encoded)
