"""Signing: the commands sign with ssh-keygen, whichever way the key is held."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.signed_unit import ENTRY, PEOPLE, make_key, publish
from support.ssh_keys import HeldKey, armoured
from support.unit import UnitUnderTest, settings


@pytest.mark.slow
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
        file = tmp_path / "signature"
        file.write_text(armoured(values["signature"]))
        del values["signature"]
        message = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        command = ["ssh-keygen", "-Y", "verify", "-n", "gongshi", "-f", str(signers), "-s", str(file)]
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


@pytest.mark.slow
def test_the_agent(signed: UnitUnderTest, agent: dict[str, str]) -> None:
    """Without a file it is the agent's key of that person, among others that the agent holds."""
    signed.write(ENTRY)
    nobody = signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **agent)
    assert nobody.exit_code == 2
    assert "the ssh agent holds none of your keys; add yours to it with ssh-add" in nobody.errors
    nowhere = signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", SSH_AUTH_SOCK="")
    assert nowhere.exit_code == 2
    assert "no private key was found: name it with --key" in nowhere.errors
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


def configure_git(unit: UnitUnderTest, **values: str) -> None:
    """Set up git in the clerk's clone."""
    subprocess.run(["git", "init", "-q"], cwd=unit.root, check=True)
    for name, value in {"user.email": "clerk@unit.example", **values}.items():
        subprocess.run(["git", "config", name.replace("_", "."), value], cwd=unit.root, check=True)


def both(unit: UnitUnderTest, level: str, **environment: str) -> str:
    """What doctor says of your key at this level, which a command that signs says too."""
    findings = unit.gongshi("doctor", "--json", **environment).json()["findings"]
    (message,) = [
        f["message"] for f in findings if f["area"] == "you" and f["level"] == level and "key" in f["message"]
    ]
    result = unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **environment)
    assert (result.exit_code, result.errors) == (2, f"Error: {message}\n")
    return str(message)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "gpg"),
    [("{root}/keys/lost", "openpgp"), ("keys/lost", "openpgp"), ("~/keys/lost", "openpgp"), ("lost", "ssh")],
)
def test_a_key_file_that_is_not_there(signed: UnitUnderTest, agent: dict[str, str], value: str, gpg: str) -> None:
    """Doctor and the command name the file that git's user.signingKey names, unless the agent helps out."""
    signed.write(ENTRY)
    configure_git(signed, user_signingKey=value.format(root=signed.root), gpg_format=gpg)
    file = signed.root / ("lost" if gpg == "ssh" else "keys/lost")
    start = f"git's user.signingKey names the key file {file}, and there is no such file;"
    assert both(signed, "error", SSH_AUTH_SOCK="").startswith(start)
    assert both(signed, "error", **agent).startswith(start)
    subprocess.run(["ssh-add", "-q", str(signed.root / "keys" / "clerk")], env={**os.environ, **agent}, check=True)
    assert signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **agent).exit_code == 0


def test_a_name_that_gnupg_knows(signed: UnitUnderTest) -> None:
    """Is no key file that is missing."""
    signed.write(ENTRY)
    configure_git(signed, user_signingKey="0123456789ABCDEF")
    assert "no private key was found" in both(signed, "advice", SSH_AUTH_SOCK="")


@pytest.mark.slow
def test_an_agent_without_your_key(signed: UnitUnderTest, agent: dict[str, str]) -> None:
    """Doctor and the command say so and name ssh-add, whether the agent is empty or holds another's key."""
    signed.write(ENTRY)
    configure_git(signed)
    text = "the ssh agent holds none of your keys; add yours to it with ssh-add"
    assert text in both(signed, "advice", **agent)
    subprocess.run(["ssh-add", "-q", str(signed.root / "keys" / "head")], env={**os.environ, **agent}, check=True)
    assert text in both(signed, "advice", **agent)


@pytest.mark.slow
@pytest.mark.parametrize("as_file", [False, True])
def test_a_public_key_that_the_agent_does_not_hold(
    signed: UnitUnderTest, agent: dict[str, str], tmp_path: Path, as_file: bool
) -> None:
    """Doctor and the command say so, where git's user.signingKey gives the public key or its file alone."""
    signed.write(ENTRY)
    public = tmp_path / "clerk.pub"
    public.write_text(HeldKey("clerk").public)
    configure_git(signed, user_signingKey=str(public) if as_file else "key::" + HeldKey("clerk").public)
    text = "the ssh agent does not hold the key that git's user.signingKey names"
    assert text in both(signed, "error", SSH_AUTH_SOCK="")
    assert text in both(signed, "error", **agent)
    subprocess.run(["ssh-add", "-q", str(signed.root / "keys" / "clerk")], env={**os.environ, **agent}, check=True)
    assert signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", **agent).exit_code == 0


@pytest.mark.slow
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
