"""What a clone remembers of the dossiers: a record put back to an older state is found out where it was seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filelock import FileLock

from gongshi.domain import witness
from gongshi.domain.problem import InvalidInput, Problem
from gongshi.domain.version import sha256
from gongshi.domain.witness import Witness
from gongshi.faces.cli.commands import gongshi
from support.signed import publish
from support.unit import NOW, UnitUnderTest

ENTRY = "announcements/a.md"
OTHER = "announcements/b.md"
LOST = "this clone has seen acts that are not there any more"


def memory(unit: UnitUnderTest) -> dict[str, Any]:
    """How many lines of each dossier this clone has seen, and the SHA-256 of the last."""
    document = json.loads((unit.root / ".gongshi" / "witness.json").read_text())
    return dict(document["dossiers"])


def cut(unit: UnitUnderTest, path: str) -> bytes:
    """Take the last act off a dossier, its head made to fit; what it was before."""
    dossier = unit.dossier(path)
    before = dossier.read_bytes()
    lines = before.splitlines(keepends=True)[:-1]
    dossier.write_bytes(b"".join(lines))
    head = f"{len(lines)} {sha256(lines[-1].rstrip())}\n"
    Path(str(dossier).removesuffix(".jsonl") + ".head").write_text(head)
    return before


def started(unit: UnitUnderTest) -> None:
    """An entry that was submitted and approved at its first stage, by commands alone."""
    unit.write(ENTRY, title="Cut")
    unit.submit(ENTRY)
    unit.approve(ENTRY, stages=1)


def test_an_act_that_no_build_has_seen(unit: UnitUnderTest) -> None:
    """An approval by command, then its line cut off with its head: every command, a build and the doctor say so."""
    started(unit)
    cut(unit, ENTRY)
    assert LOST in unit.gongshi("check").output
    assert unit.gongshi("check").exit_code == 1
    status = unit.gongshi("status", "--json").json()["entries"][0]
    assert (status["state"], LOST in status["problems"][0]["message"]) == ("tampered", True)
    build = unit.build()
    assert "WARNING -  gongshi: docs/.reviews/announcements/a.md.jsonl:1: record damaged" in build.all
    assert unit.build("--strict").exit_code == 1
    assert LOST in unit.gongshi("doctor").output
    refused = unit.gongshi("approve", f"docs/{ENTRY}", "--as", "head")
    assert (refused.exit_code, LOST in refused.errors) == (1, True)


def test_a_withdrawal_that_no_build_has_seen(unit: UnitUnderTest) -> None:
    """A page withdrawn by command does not come back where the withdrawal is cut off before any build."""
    unit.write(ENTRY, title="WITHDRAWN")
    unit.publish(ENTRY)
    assert unit.gongshi("withdraw", f"docs/{ENTRY}", "--as", "chief", "--reason", "x").exit_code == 0
    before = cut(unit, ENTRY)
    assert unit.build().exit_code == 0
    assert unit.leaks("WITHDRAWN") == []
    unit.dossier(ENTRY).write_bytes(before)
    assert unit.gongshi("check").exit_code == 0


def test_what_is_remembered_does_not_get_shorter(unit: UnitUnderTest) -> None:
    """Acts on other entries leave the memory of a cut dossier as it was, and add their own."""
    started(unit)
    before = memory(unit)
    assert before == {ENTRY: [2, sha256(unit.dossier(ENTRY).read_bytes().splitlines()[-1])]}
    cut(unit, ENTRY)
    unit.write(OTHER)
    unit.submit(OTHER)
    assert memory(unit) == {**before, OTHER: [1, sha256(unit.dossier(OTHER).read_bytes().rstrip())]}
    assert unit.build().exit_code == 0
    assert memory(unit)[ENTRY] == before[ENTRY]


def test_who_saw_less_takes_nothing_away(unit: UnitUnderTest) -> None:
    """A long build that read a dossier before the last act leaves the memory of that act alone."""
    build, command = Witness(unit.root), Witness(unit.root)
    command.remember({ENTRY: (2, "b" * 64)})
    build.remember({ENTRY: (1, "a" * 64), OTHER: (1, "c" * 64)})
    assert memory(unit) == {ENTRY: [2, "b" * 64], OTHER: [1, "c" * 64]}


def test_what_is_refused_leaves_nothing(unit: UnitUnderTest) -> None:
    """A command that did nothing remembers nothing."""
    unit.write(ENTRY)
    assert unit.gongshi("approve", f"docs/{ENTRY}", "--as", "head").exit_code == 1
    assert not (unit.root / ".gongshi").exists()


def test_two_commands_at_once(unit: UnitUnderTest) -> None:
    """Each adds what it did; none undoes the other's memory."""
    paths = [f"announcements/{number}.md" for number in range(6)]
    for path in paths:
        unit.write(path)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(unit.submit, paths))
    assert {path: lines for path, (lines, _tip) in memory(unit).items()} == dict.fromkeys(paths, 1)


@pytest.fixture
def here(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs `gongshi` in this process, in the unit's folder."""
    monkeypatch.chdir(unit.root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime.fromisoformat(NOW).timestamp())))
    return lambda *arguments: CliRunner().invoke(gongshi, arguments)


def test_once_for_each_command(unit: UnitUnderTest, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """However many entries a command acts on, and although one of them is refused, it writes the memory once."""
    written: list[bytes] = []
    monkeypatch.setattr(witness, "write_whole", lambda _file, content: written.append(content))
    for path in (ENTRY, OTHER, "announcements/c.md"):
        unit.write(path)
    unit.write("announcements/d.md", "no front matter")
    assert here("submit", "docs", "--as", "clerk").exit_code == 1
    assert len(written) == 1
    assert list(json.loads(written[0])["dossiers"]) == [ENTRY, OTHER, "announcements/c.md"]


@pytest.mark.parametrize("how", ["a file", "a link", "a folder"])
def test_a_memory_that_cannot_be_written(unit: UnitUnderTest, how: str) -> None:
    """The act stands and counts; it is told on the side, so that `--json` stays JSON."""
    unit.write(ENTRY)
    own = unit.root / ".gongshi"
    if how == "a file":
        own.write_text("x")
    elif how == "a link":
        own.symlink_to(unit.root / "outside")
    else:
        (own / ".lock").mkdir(parents=True)
    result = unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--json")
    assert result.exit_code == 0, result.all
    assert result.json()["results"][0]["done"] is True
    assert "recorded, but this clone cannot remember it in .gongshi (" in result.errors
    assert "Traceback" not in result.all
    assert unit.gongshi("approve", f"docs/{ENTRY}", "--as", "head").exit_code == 0


def test_a_memory_in_use(unit: UnitUnderTest, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another program holds the lock for too long, the act stands and that is said."""
    monkeypatch.setattr(witness, "_LOCK_SECONDS", 0.1)
    unit.write(ENTRY)
    (unit.root / ".gongshi").mkdir()
    with FileLock(unit.root / ".gongshi" / ".lock"):
        result = here("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert result.exit_code == 0
    assert "cannot remember it in .gongshi (another command is using it)" in result.output
    assert unit.dossier(ENTRY).exists()


def test_a_memory_damaged_meanwhile(
    unit: UnitUnderTest, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and the act stands."""

    def damaged(_self: Witness, _heads: object) -> None:
        raise InvalidInput([Problem(".gongshi/witness.json", "cannot be read")])

    monkeypatch.setattr(Witness, "remember", damaged)
    unit.write(ENTRY)
    result = here("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert result.exit_code == 0
    assert "(.gongshi/witness.json: cannot be read)" in result.output
    assert unit.dossier(ENTRY).exists()


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


def test_forgetting_on_purpose(unit: UnitUnderTest) -> None:
    """`doctor --forget` forgets the entries that are named and no others, those that are gone altogether included."""
    started(unit)
    unit.write(OTHER)
    unit.submit(OTHER)
    cut(unit, ENTRY)
    assert unit.gongshi("doctor", "--forget", "docs/announcements/none.md").exit_code == 2
    assert LOST in unit.gongshi("check").output
    assert LOST not in unit.gongshi("doctor", "--forget", f"docs/{ENTRY}").output
    assert LOST not in unit.gongshi("check").output
    assert set(memory(unit)) == {OTHER}
    for file in (
        unit.docs / OTHER,
        unit.dossier(OTHER),
        Path(str(unit.dossier(OTHER)).removesuffix(".jsonl") + ".head"),
    ):
        file.unlink()
    assert "this clone has seen it, and it is gone" in unit.gongshi("doctor").output
    assert "it is gone" not in unit.gongshi("doctor", "--forget", OTHER).output
    assert memory(unit) == {}
