"""Signing: the commands sign with ssh-keygen, whichever way the key is held."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongshi.domain import signature
from support.keys import HeldKey
from support.signed import ENTRY, PEOPLE, make_key, publish
from support.unit import UnitUnderTest, settings


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
