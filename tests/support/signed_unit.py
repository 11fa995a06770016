"""A unit where decisions are signed: its keys, its acts, and who attacks it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from gongshi.domain.config import loader
from gongshi.domain.records import signatures
from gongshi.domain.review.snapshot import take_snapshot
from support.ssh_keys import HeldKey
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
    found = signatures.unarmoured(done.stdout.decode())
    assert found is not None
    return found


def make_key(folder: Path, *options: str, passphrase: str = "") -> Path:
    """A key made by ssh-keygen."""
    file = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", passphrase, "-f", str(file), *options], check=True)
    return file


def sign_decisions(unit: UnitUnderTest) -> None:
    """Let a unit ask for signatures, with everybody's key file outside of docs/."""
    section = settings(signed=True)
    for person in PEOPLE:
        section["people"][person]["key"] = HeldKey(person).public
        file = unit.root / "keys" / person
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(HeldKey(person).file)
        file.chmod(0o600)
    unit.configure(section)


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
    found = take_snapshot(loader.load_configuration(unit.root / "mkdocs.yml"), datetime.fromisoformat(NOW))
    return {path: p.version.meta.title for path, p in found.public() if p.version}


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
