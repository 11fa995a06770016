"""Keys for tests, and SSHSIG made by hand from OpenSSH's PROTOCOL.sshsig, apart from the code under test."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


@dataclass(frozen=True)
class HeldKey:
    """An Ed25519 key that follows from a name."""

    name: str

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        """The private key."""
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.name.encode()).digest())

    @property
    def blob(self) -> bytes:
        """The public key as signatures carry it."""
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return _string(b"ssh-ed25519") + _string(raw)

    @property
    def public(self) -> str:
        """The line of a .pub file."""
        return f"ssh-ed25519 {base64.b64encode(self.blob).decode()} {self.name}@unit.example"

    @property
    def file(self) -> bytes:
        """The private key file, without passphrase."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())

    def sign(self, message: bytes, namespace: str = "gongshi", hashing: str = "sha512") -> str:
        """SSHSIG in base64."""
        digest = hashlib.new(hashing, message).digest()
        head = _string(namespace.encode()) + _string(b"") + _string(hashing.encode())
        signature = self.private.sign(b"SSHSIG" + head + _string(digest))
        packed = _string(_string(b"ssh-ed25519") + _string(signature))
        blob = b"SSHSIG" + (1).to_bytes(4, "big") + _string(self.blob) + head + packed
        return base64.b64encode(blob).decode()


def armoured(signature: str) -> str:
    """Return a signature in the form that `ssh-keygen -Y verify` reads.

    Args:
        signature: SSHSIG in base64.
    """
    lines = [signature[i : i + 70] for i in range(0, len(signature), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])
