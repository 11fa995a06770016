"""Check signatures by the algorithms of SSH keys, with the library `cryptography`.

Imported only when the first key is read, so that a unit without keys does not load the library.

Sources: RFC 4253 (6.6), RFC 5656, RFC 8332, RFC 8709.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from gongshi.domain.config.ssh_encoding import read_strings

_CURVES: dict[str, HashAlgorithm] = {
    "ecdsa-sha2-nistp256": SHA256(),
    "ecdsa-sha2-nistp384": SHA384(),
    "ecdsa-sha2-nistp521": SHA512(),
}
_RSA: dict[str, HashAlgorithm] = {"rsa-sha2-256": SHA256(), "rsa-sha2-512": SHA512()}
"""The allowed RSA algorithms; plain `ssh-rsa` uses SHA-1 and is refused."""
_RSA_BITS = 2048
"""The minimum length of an RSA key."""

Check = Callable[[str, bytes, bytes], None]
"""A function that checks a signature, given algorithm, signature and message; it raises ValueError for a wrong one."""


def checker(key_type: str, plain_type: str, encoded: str) -> Check:
    """Return the function that checks signatures by a key.

    Args:
        key_type: the type of the key, as in its file; for a key on a device, that of the device.
        plain_type: the type of the underlying key, such as `ssh-ed25519`.
        encoded: the key of the plain type in base64.

    Raises:
        ValueError: the key is damaged or not safe.
    """
    try:
        key = load_ssh_public_key(f"{plain_type} {encoded}".encode())
    except (UnsupportedAlgorithm, NotImplementedError) as error:
        raise ValueError(key_type) from error
    if isinstance(key, ed25519.Ed25519PublicKey):
        return _without_library_errors(_ed25519(key_type, key))
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _without_library_errors(_ecdsa(key_type, key, _CURVES[plain_type]))
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS:
        return _without_library_errors(_rsa(key))
    raise ValueError(key_type)


def _without_library_errors(check: Check) -> Check:
    def plain_check(algorithm: str, signature: bytes, message: bytes) -> None:
        try:
            check(algorithm, signature, message)
        except InvalidSignature as error:
            raise ValueError(algorithm) from error

    return plain_check


def _ed25519(key_type: str, key: ed25519.Ed25519PublicKey) -> Check:
    def check(algorithm: str, signature: bytes, message: bytes) -> None:
        if algorithm != key_type:
            raise ValueError(algorithm)
        key.verify(signature, message)

    return check


def _ecdsa(key_type: str, key: ec.EllipticCurvePublicKey, hashing: HashAlgorithm) -> Check:
    def check(algorithm: str, signature: bytes, message: bytes) -> None:
        numbers = read_strings(signature)
        if algorithm != key_type or len(numbers) != 2:
            raise ValueError(algorithm)
        r, s = (int.from_bytes(number, "big", signed=True) for number in numbers)
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashing))

    return check


def _rsa(key: rsa.RSAPublicKey) -> Check:
    def check(algorithm: str, signature: bytes, message: bytes) -> None:
        if algorithm not in _RSA:
            raise ValueError(algorithm)
        key.verify(signature, message, padding.PKCS1v15(), _RSA[algorithm])

    return check
