"""Signatures and keys: made by the real ssh-keygen, and read strictly."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gongshi.domain.config import ssh_keys
from gongshi.domain.records import signatures
from support.signed_unit import MESSAGE, make_key, sign_with
from support.ssh_keys import HeldKey
from support.unit import UnitUnderTest, settings


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [("-t", "ed25519"), ("-t", "ecdsa", "-b", "256"), ("-t", "ecdsa", "-b", "384"), ("-t", "ecdsa", "-b", "521"),
     ("-t", "rsa", "-b", "2048"), ("-t", "rsa", "-b", "4096")],
    ids=" ".join,
)  # fmt: skip
def test_every_kind_of_key(options: tuple[str, ...], tmp_path: Path) -> None:
    """What ssh-keygen signs is known as its key's; for another message, or with a byte changed, it is nobody's."""
    file = make_key(tmp_path, *options)
    key = ssh_keys.parse(file.with_suffix(".pub").read_text())
    made = sign_with(file)
    assert signatures.signer(made, MESSAGE) == key
    assert signatures.signer(made, MESSAGE + b" ") is None
    blob = base64.b64decode(made)
    changed = [blob[:i] + bytes([blob[i] ^ 1]) + blob[i + 1 :] for i in range(len(blob))]
    assert {signatures.signer(base64.b64encode(other).decode(), MESSAGE) for other in changed} == {None}
    shown = subprocess.run(["ssh-keygen", "-l", "-f", str(file)], capture_output=True, text=True, check=True)
    assert key.fingerprint in shown.stdout


def string(data: bytes) -> bytes:
    """SSH's encoding of a string."""
    return len(data).to_bytes(4, "big") + data


def packed(key: bytes, inner: bytes, namespace: bytes = b"gongshi", hashing: bytes = b"sha512") -> str:
    """SSHSIG put together by hand."""
    head = string(key) + string(namespace) + string(b"") + string(hashing)
    return base64.b64encode(b"SSHSIG\0\0\0\x01" + head + string(inner)).decode()


def covered(namespace: bytes = b"gongshi", hashing: str = "sha512") -> bytes:
    """What an SSHSIG over the message is computed over."""
    digest = hashlib.new(hashing, MESSAGE).digest()
    return b"SSHSIG" + string(namespace) + string(b"") + string(hashing.encode()) + string(digest)


@pytest.mark.parametrize("flags", [1, 5, 0, 4])
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_hardware_keys(kind: str, flags: int) -> None:
    """A device's signature counts where somebody touched it (PROTOCOL.u2f), and not without."""
    application, counter = b"ssh:", (7).to_bytes(4, "big")
    added = bytes([flags]) + counter
    signed = hashlib.sha256(application).digest() + added + hashlib.sha256(covered()).digest()
    if kind == "ed25519":
        held = HeldKey("device")
        name = b"sk-ssh-ed25519@openssh.com"
        blob = string(name) + held.blob[len(string(b"ssh-ed25519")) :] + string(application)
        inner = string(name) + string(held.private.sign(signed)) + added
    else:
        private = ec.generate_private_key(ec.SECP256R1())
        name = b"sk-ecdsa-sha2-nistp256@openssh.com"
        point = private.public_key().public_numbers()
        raw = b"\x04" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")
        blob = string(name) + string(b"nistp256") + string(raw) + string(application)
        numbers = decode_dss_signature(private.sign(signed, ec.ECDSA(SHA256())))
        rs = b"".join(string(n.to_bytes(33, "big").lstrip(b"\0").rjust(1, b"\0")) for n in numbers)
        rs = b"".join(string(n.to_bytes((n.bit_length() + 8) // 8, "big")) for n in numbers)
        inner = string(name) + string(rs) + added
    key = ssh_keys.parse(f"{name.decode()} {base64.b64encode(blob).decode()} token")
    assert signatures.signer(packed(blob, inner), MESSAGE) == (key if flags & 1 else None)


def test_what_is_no_signature() -> None:
    """Other namespaces, hashes, versions, lengths and encodings are refused."""
    held = HeldKey("chief")
    good = held.sign(MESSAGE)
    assert signatures.signer(good, MESSAGE) is not None
    assert signatures.signer(held.sign(MESSAGE, hashing="sha256"), MESSAGE) is not None
    blob = base64.b64decode(good)
    inner = string(b"ssh-ed25519") + string(held.private.sign(covered()))
    assert signatures.signer(packed(held.blob, inner), MESSAGE) is not None
    bad = [
        held.sign(MESSAGE, namespace="git"), held.sign(MESSAGE, namespace="file"), held.sign(MESSAGE, namespace=""),
        held.sign(MESSAGE, hashing="md5"), held.sign(MESSAGE, hashing="sha1"),
        base64.b64encode(blob + b"\0").decode(), base64.b64encode(blob[:-1]).decode(), good[:-4], good[:-1], "", "!!!!",
        base64.b64encode(blob.replace(b"\0\0\0\x01", b"\0\0\0\x02", 1)).decode(),
        packed(held.blob, inner + b"\0"), packed(held.blob, string(b"ssh-rsa") + inner[15:]),
        packed(held.blob + b"\0", inner), packed(b"", inner), packed(held.blob, b""), "A" * 4000,
        packed(string(b"ssh-dss") + held.blob, inner), packed(string(b"ecdsa-sha2-nistp256") + string(b""), inner),
    ]  # fmt: skip
    assert [text for text in bad if signatures.signer(text, MESSAGE) is not None] == []


def test_rsa_with_sha1_is_refused(tmp_path: Path) -> None:
    """A signature with the old `ssh-rsa` algorithm does not count."""
    file = make_key(tmp_path, "-t", "rsa", "-b", "2048")
    blob = base64.b64decode(sign_with(file))
    old = blob.replace(string(b"rsa-sha2-512"), string(b"ssh-rsa"))
    assert old != blob
    assert signatures.signer(base64.b64encode(old).decode(), MESSAGE) is None


@pytest.mark.parametrize(
    "key",
    ["ssh-ed25519", "ssh-ed25519 AAAA", "ssh-dss AAAAB3NzaC1kc3MAAACBAA==", "chief's key", "ssh-ed25519 !!!!",
     "ssh-ed25519-cert-v01@openssh.com AAAA", "ssh-rsa " + HeldKey("x").public.split()[1],
     'command="x" ' + HeldKey("x").public],
)  # fmt: skip
def test_what_is_no_key(key: str, unit: UnitUnderTest) -> None:
    """A key that is none stops every command with its place."""
    section = settings(signed=True)
    section["people"]["chief"]["key"] = key
    unit.configure(section)
    result = unit.gongshi("status")
    assert result.exit_code == 2
    assert "mkdocs.yml:" in result.errors
    assert "extra.gongshi.people.chief.key: is not a safe OpenSSH public key" in result.errors


def test_a_small_rsa_key_is_refused(unit: UnitUnderTest, tmp_path: Path) -> None:
    """1,024 bits are not safe."""
    file = make_key(tmp_path, "-t", "rsa", "-b", "1024")
    section = settings()
    section["people"]["chief"]["key"] = [
        {"key": file.with_suffix(".pub").read_text().strip(), "since": date(2026, 1, 1)}
    ]
    unit.configure(section)
    assert "people.chief.key[1].key: is not a safe" in unit.gongshi("status").errors


def test_two_persons_cannot_share_a_key(unit: UnitUnderTest) -> None:
    """Else one could sign as the other."""
    section = settings(signed=True)
    for person in ("head", "chief"):
        section["people"][person]["key"] = HeldKey("shared").public
    unit.configure(section)
    assert "people.chief.key: head has the same key" in unit.gongshi("status").errors
