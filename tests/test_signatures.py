"""Signatures: made by the real ssh-keygen, checked by the gate, and of no use to anybody else."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gongshi.domain import configuration, publickey, signature
from gongshi.domain.survey import survey
from support.keys import HeldKey
from support.unit import NOW, UnitUnderTest, settings

PEOPLE = ("clerk", "head", "deputy", "chief")
MESSAGE = b'{"act":"approve"}'
ENTRY = "announcements/a.md"


def sign_with(file: Path, namespace: str = "gongshi", message: bytes = MESSAGE, **environment: str) -> str:
    """What `ssh-keygen -Y sign` makes, without armour."""
    done = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(file)],
        input=message, capture_output=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    found = signature.unarmoured(done.stdout.decode())
    assert found is not None
    return found


def make_key(folder: Path, *options: str, passphrase: str = "") -> Path:
    """A key made by ssh-keygen."""
    file = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", passphrase, "-f", str(file), *options], check=True)
    return file


@pytest.mark.parametrize(
    "options",
    [("-t", "ed25519"), ("-t", "ecdsa", "-b", "256"), ("-t", "ecdsa", "-b", "384"), ("-t", "ecdsa", "-b", "521"),
     ("-t", "rsa", "-b", "2048"), ("-t", "rsa", "-b", "4096")],
    ids=" ".join,
)  # fmt: skip
def test_every_kind_of_key(options: tuple[str, ...], tmp_path: Path) -> None:
    """What ssh-keygen signs is known as its key's; for another message, or with a byte changed, it is nobody's."""
    file = make_key(tmp_path, *options)
    key = publickey.parse(file.with_suffix(".pub").read_text())
    made = sign_with(file)
    assert signature.signer(made, MESSAGE) == key
    assert signature.signer(made, MESSAGE + b" ") is None
    blob = base64.b64decode(made)
    changed = [blob[:i] + bytes([blob[i] ^ 1]) + blob[i + 1 :] for i in range(len(blob))]
    assert {signature.signer(base64.b64encode(other).decode(), MESSAGE) for other in changed} == {None}
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
    key = publickey.parse(f"{name.decode()} {base64.b64encode(blob).decode()} token")
    assert signature.signer(packed(blob, inner), MESSAGE) == (key if flags & 1 else None)


def test_what_is_no_signature() -> None:
    """Other namespaces, hashes, versions, lengths and encodings are refused."""
    held = HeldKey("chief")
    good = held.sign(MESSAGE)
    assert signature.signer(good, MESSAGE) is not None
    assert signature.signer(held.sign(MESSAGE, hashing="sha256"), MESSAGE) is not None
    blob = base64.b64decode(good)
    inner = string(b"ssh-ed25519") + string(held.private.sign(covered()))
    assert signature.signer(packed(held.blob, inner), MESSAGE) is not None
    bad = [
        held.sign(MESSAGE, namespace="git"), held.sign(MESSAGE, namespace="file"), held.sign(MESSAGE, namespace=""),
        held.sign(MESSAGE, hashing="md5"), held.sign(MESSAGE, hashing="sha1"),
        base64.b64encode(blob + b"\0").decode(), base64.b64encode(blob[:-1]).decode(), good[:-4], good[:-1], "", "!!!!",
        base64.b64encode(blob.replace(b"\0\0\0\x01", b"\0\0\0\x02", 1)).decode(),
        packed(held.blob, inner + b"\0"), packed(held.blob, string(b"ssh-rsa") + inner[15:]),
        packed(held.blob + b"\0", inner), packed(b"", inner), packed(held.blob, b""), "A" * 4000,
        packed(string(b"ssh-dss") + held.blob, inner), packed(string(b"ecdsa-sha2-nistp256") + string(b""), inner),
    ]  # fmt: skip
    assert [text for text in bad if signature.signer(text, MESSAGE) is not None] == []


def test_rsa_with_sha1_is_refused(tmp_path: Path) -> None:
    """A signature with the old `ssh-rsa` algorithm does not count."""
    file = make_key(tmp_path, "-t", "rsa", "-b", "2048")
    blob = base64.b64decode(sign_with(file))
    old = blob.replace(string(b"rsa-sha2-512"), string(b"ssh-rsa"))
    assert old != blob
    assert signature.signer(base64.b64encode(old).decode(), MESSAGE) is None


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
    assert "extra.gongshi.people.chief.key: is no safe OpenSSH public key" in result.errors


def test_a_small_rsa_key_is_refused(unit: UnitUnderTest, tmp_path: Path) -> None:
    """1,024 bits are not safe."""
    file = make_key(tmp_path, "-t", "rsa", "-b", "1024")
    section = settings()
    section["people"]["chief"]["key"] = [
        {"key": file.with_suffix(".pub").read_text().strip(), "since": date(2026, 1, 1)}
    ]
    unit.configure(section)
    assert "people.chief.key[1].key: is no safe" in unit.gongshi("status").errors


def test_two_persons_cannot_share_a_key(unit: UnitUnderTest) -> None:
    """Else one could sign as the other."""
    section = settings(signed=True)
    for person in ("head", "chief"):
        section["people"][person]["key"] = HeldKey("shared").public
    unit.configure(section)
    assert "people.chief.key: head has the same key" in unit.gongshi("status").errors


@pytest.fixture
def signed(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit where decisions are signed, with everybody's key file outside of docs/."""
    section = settings(signed=True)
    for person in PEOPLE:
        section["people"][person]["key"] = HeldKey(person).public
        file = unit.root / "keys" / person
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(HeldKey(person).file)
        file.chmod(0o600)
    unit.configure(section)
    return unit


def decide(unit: UnitUnderTest, verb: str, person: str, *options: str, path: str = ENTRY, now: str = NOW) -> None:
    """One signed act."""
    result = unit.gongshi(verb, f"docs/{path}", "--as", person, "--key", f"keys/{person}", *options, now=now)
    assert result.exit_code == 0, result.all


def publish(unit: UnitUnderTest, path: str = ENTRY, now: str = NOW) -> None:
    """The whole chain."""
    decide(unit, "submit", "clerk", path=path, now=now)
    for person in PEOPLE[1:]:
        decide(unit, "approve", person, path=path, now=now)


def public(unit: UnitUnderTest) -> dict[str, str]:
    """The titles of what is public, by path."""
    found = survey(configuration.load(unit.root / "mkdocs.yml"), datetime.fromisoformat(NOW))
    return {path: p.version.meta.title for path, p in found.public() if p.version}


def test_signed_decisions_publish(signed: UnitUnderTest) -> None:
    """The commands sign with ssh-keygen, and the build publishes."""
    signed.write(ENTRY, title="Signed")
    publish(signed)
    assert signed.build("--strict").exit_code == 0
    assert "Signed" in signed.page("announcements/a")


def test_an_inspector_can_check_a_line(signed: UnitUnderTest, tmp_path: Path) -> None:
    """As the documentation says: the line without its signature, `ssh-keygen -Y verify`, and nothing of ours."""
    signed.write(ENTRY)
    publish(signed)
    signers = tmp_path / "allowed_signers"
    signers.write_text("".join(f"{person} {HeldKey(person).public}\n" for person in PEOPLE))
    for line in signed.dossier(ENTRY).read_bytes().splitlines():
        values = json.loads(line)
        armoured = tmp_path / "signature"
        armoured.write_text(signature.armoured(values["signature"]))
        del values["signature"]
        message = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        command = ["ssh-keygen", "-Y", "verify", "-n", "gongshi", "-f", str(signers), "-s", str(armoured)]
        done = subprocess.run([*command, "-I", values["by"]], input=message, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        wrong = subprocess.run([*command, "-I", "nobody"], input=message, capture_output=True, check=False)
        assert wrong.returncode != 0


def test_the_key_that_git_names(signed: UnitUnderTest) -> None:
    """Without --key it is git's user.signingKey, as a file."""
    signed.write(ENTRY)
    subprocess.run(["git", "init", "-q"], cwd=signed.root, check=True)
    subprocess.run(
        ["git", "config", "user.signingKey", str(signed.root / "keys" / "clerk")], cwd=signed.root, check=True
    )
    result = signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert result.exit_code == 0, result.all


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A real ssh-agent."""
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    yield {"SSH_AUTH_SOCK": str(socket)}
    process.terminate()
    process.wait()
    process.stdout.close()


def test_the_agent(signed: UnitUnderTest, agent: dict[str, str]) -> None:
    """Without a file it is the agent's key of that person, among others that the agent holds."""
    signed.write(ENTRY)
    nobody = signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **agent)
    assert nobody.exit_code == 2
    assert "name it with --key" in nobody.errors
    for person in ("head", "clerk"):
        subprocess.run(["ssh-add", "-q", str(signed.root / "keys" / person)], env={**os.environ, **agent}, check=True)
    assert signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **agent).exit_code == 0
    assert signed.gongshi("approve", f"docs/{ENTRY}", "--as", "head", **agent).exit_code == 0
    assert signed.gongshi("approve", f"docs/{ENTRY}", "--as", "deputy", **agent).exit_code == 2


def test_a_public_key_that_git_names(signed: UnitUnderTest, agent: dict[str, str]) -> None:
    """`key::ssh-ed25519 …` means the agent's key."""
    signed.write(ENTRY)
    key = signed.root / "keys" / "clerk"
    subprocess.run(["ssh-add", "-q", str(key)], env={**os.environ, **agent}, check=True)
    subprocess.run(["git", "init", "-q"], cwd=signed.root, check=True)
    value = "key::" + HeldKey("clerk").public
    subprocess.run(["git", "config", "user.signingKey", value], cwd=signed.root, check=True)
    assert signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **agent).exit_code == 0


def test_keys_that_cannot_sign(signed: UnitUnderTest, tmp_path: Path) -> None:
    """A missing, foreign, broken or locked key: one message each, and nothing is recorded."""
    signed.write(ENTRY)
    locked = make_key(tmp_path, "-t", "ed25519", passphrase="secret words")
    broken = tmp_path / "broken"
    broken.write_text("no key\n")
    broken.chmod(0o600)
    cases = [
        ("nowhere", 2, "there is no key file nowhere"),
        ("keys/head", 1, "this key is not one that mkdocs.yml gives for Clerk today"),
        (str(broken), 1, "did not sign"),
        (str(locked), 1, "did not sign"),
    ]
    for file, code, text in cases:
        result = signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--key", file, SSH_ASKPASS="false")
        assert result.exit_code == code, result.all
        assert text in result.errors
        assert "Traceback" not in result.all
    assert not signed.dossier(ENTRY).exists()


def test_a_key_may_sign_before_it_must(unit: UnitUnderTest) -> None:
    """With --key decisions are signed although `signed` is false: so a unit can begin before it asks for it."""
    section = settings()
    section["people"]["clerk"]["key"] = HeldKey("clerk").public
    unit.configure(section)
    (unit.root / "clerk").write_bytes(HeldKey("clerk").file)
    (unit.root / "clerk").chmod(0o600)
    unit.write(ENTRY)
    assert unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--key", "clerk").exit_code == 0
    assert json.loads(unit.dossier(ENTRY).read_text())["signature"]


class Attacker:
    """Somebody who can write everything under docs/, knows every format, and has no key of the unit."""

    def __init__(self, unit: UnitUnderTest) -> None:
        self.unit = unit

    def lines(self, path: str = ENTRY) -> list[dict[str, Any]]:
        """The acts of a dossier."""
        return [json.loads(line) for line in self.unit.dossier(path).read_bytes().splitlines()]

    def write(self, lines: list[dict[str, Any]], path: str = ENTRY) -> None:
        """A dossier with its head, numbered and chained as it should be, every object in its place."""
        previous = hashlib.sha256(path.encode()).hexdigest()
        written = []
        for number, values in enumerate(lines, 1):
            values = {**values, "seq": number, "prev": previous, "entry": path}
            line = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            previous = hashlib.sha256(line).hexdigest()
            written.append(line + b"\n")
        target = self.unit.dossier(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"".join(written))
        Path(str(target).removesuffix(".jsonl") + ".head").write_text(f"{len(lines)} {previous}\n")

    def keep(self, content: bytes) -> str:
        """An object."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.unit.docs / ".reviews" / "objects" / digest[:2] / digest
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return digest


def test_whoever_writes_docs_publishes_nothing(signed: UnitUnderTest) -> None:
    """Every forgery that needs no key, on a real dossier of the unit: nothing but what was approved is public."""
    signed.write(ENTRY, title="Old")
    publish(signed)
    signed.write(ENTRY, title="EVIL", status="approved", approved_by="chief")
    signed.write("announcements/other.md", title="Other")
    publish(signed, "announcements/other.md")
    attacker = Attacker(signed)
    honest = attacker.lines()
    digest = json.loads(signed.gongshi("status", "--json", f"docs/{ENTRY}").output)["entries"][0]["draft_digest"]
    evil = attacker.keep((signed.docs / ENTRY).read_bytes())
    new = {"digest": digest, "files": {"a.md": evil}}
    mine = HeldKey("attacker")

    def changed(number: int, **values: Any) -> dict[str, Any]:
        return {**honest[number], **{k: v for k, v in values.items() if k in honest[number] or k == "signature"}}

    def unsigned(line: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in line.items() if key != "signature"}

    def resigned(line: dict[str, Any]) -> dict[str, Any]:
        bare = unsigned(line)
        text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return {**bare, "signature": mine.sign(text.encode())}

    forged = [changed(i, **new) for i in range(4)]
    attempts = {
        "own lines without signatures": [unsigned(line) for line in forged],
        "own lines with the old signatures": forged,
        "own lines signed by a stranger's key": [resigned(line) for line in forged],
        "honest lines, then own ones": [*honest, *[unsigned(line) for line in forged]],
        "honest lines, then own ones with old signatures": [*honest, *forged],
        "only the last approval changed": [*honest[:3], forged[3]],
        "other files under an honest digest": [*honest[:3], {**honest[3], "files": {"a.md": evil}}],
        "the lines of another entry": attacker.lines("announcements/other.md"),
        "an approval twice": [*honest, honest[3]],
        "an urgent publication": [
            *honest,
            {**unsigned(honest[3]), "act": "urgent", "reason": "x", "until": "2027-01-01T00:00:00+08:00", **new},
        ],
    }
    for name, lines in attempts.items():
        attempt = [
            {k: v for k, v in line.items() if not (line["act"] == "urgent" and k in ("stage", "chain"))}
            for line in lines
        ]
        attacker.write(attempt)
        assert "EVIL" not in public(signed).values(), name
        assert set(public(signed).values()) <= {"Old", "Other"}, name
    attacker.write(attempts["own lines with the old signatures"])
    build = signed.build()
    assert build.exit_code == 0
    assert signed.leaks("EVIL") == []
    assert "docs/.reviews/announcements/a.md.jsonl:" in build.all


def test_objects_cannot_be_exchanged(signed: UnitUnderTest) -> None:
    """Other bytes under an approved file's name withhold the entry."""
    signed.write(ENTRY, title="Old")
    publish(signed)
    last = Attacker(signed).lines()[-1]
    digest = last["files"]["a.md"]
    target = signed.docs / ".reviews" / "objects" / digest[:2] / digest
    target.write_bytes(target.read_bytes().replace(b"Old", b"EVIL"))
    assert public(signed) == {}


def test_a_withdrawal_cut_off_is_found(signed: UnitUnderTest) -> None:
    """A dossier put back with its head to before the withdrawal: all its signatures are good, yet nothing comes back."""
    signed.write(ENTRY, title="WITHDRAWN")
    publish(signed)
    decide(signed, "withdraw", "chief", "--reason", "wrong")
    assert signed.build().exit_code == 0
    attacker = Attacker(signed)
    honest = attacker.lines()
    attacker.write(honest[:4])
    signed.write(ENTRY, title="WITHDRAWN", status="approved")
    build = signed.build()
    assert build.exit_code == 0
    assert signed.leaks("WITHDRAWN") == []
    assert "a.md.jsonl:4" in build.all
    assert "this clone has seen acts that are not there any more" in signed.gongshi("check").output
    assert signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--key", "keys/clerk").exit_code == 1
    attacker.write(honest)
    assert signed.build().exit_code == 0
    assert "is missing" not in signed.gongshi("check").output


def test_a_memory_that_cannot_be_read(signed: UnitUnderTest) -> None:
    """It stops everything with one message; deleted, it begins anew."""
    signed.write(ENTRY)
    publish(signed)
    assert signed.build().exit_code == 0
    memory = signed.root / ".gongshi" / "witness.json"
    assert (memory.parent / ".gitignore").read_text() == "*\n"
    memory.write_text("{")
    result = signed.gongshi("status")
    assert result.exit_code == 1
    assert ".gongshi/witness.json: cannot be read" in result.errors
    build = signed.build()
    assert build.exit_code == 1
    assert "Traceback" not in build.all
    memory.unlink()
    assert signed.build().exit_code == 0
