"""What a clone remembers of the dossiers: a record put back to an older state is found out where it was seen."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filelock import FileLock

from gongshi.cli.group import gongshi
from gongshi.common.errors import InvalidInput, Problem
from gongshi.common.hashing import sha256
from gongshi.domain.records import rollback_guard
from gongshi.domain.records.rollback_guard import RollbackGuard, Seen
from support.signed_unit import publish
from support.unit import NOW, UnitUnderTest, settings

ENTRY = "announcements/a.md"
OTHER = "announcements/b.md"
MISSING = (
    "acts are missing here that this clone has seen: approved at First by Head on 2026-11-21. What is public stays"
)
LOST = "this clone has seen acts that are missing or different now"


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
    """An approval by command, then its line cut off with its head: every command, a build and the doctor name it."""
    started(unit)
    cut(unit, ENTRY)
    assert MISSING in unit.gongshi("check").output
    assert unit.gongshi("check").exit_code == 1
    status = unit.gongshi("status", "--json").json()["entries"][0]
    assert (status["state"], MISSING in status["problems"][0]["message"]) == ("acts-missing", True)
    assert MISSING in unit.gongshi("status").output
    build = unit.build()
    assert f"WARNING -  gongshi: docs/.reviews/announcements/a.md.jsonl:1: {MISSING}" in build.all
    assert unit.build("--strict").exit_code == 1
    assert MISSING in unit.gongshi("doctor").output
    for command in (("approve",), ("submit",), ("form", "--json")):
        refused = unit.gongshi(command[0], f"docs/{ENTRY}", *command[1:] or ("--as", "head"))
        assert (refused.exit_code, MISSING in refused.errors) == (1, True), refused.all
    assert MISSING in unit.gongshi("ledger").errors


def git(unit: UnitUnderTest, *arguments: str) -> None:
    """Run git in the unit's folder."""
    author = ["-c", "user.name=x", "-c", "user.email=x@unit.example", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *author, *arguments], cwd=unit.root, check=True, capture_output=True)


def published_and_committed(unit: UnitUnderTest, **keys: Any) -> None:
    """An entry that is public, everything committed."""
    unit.write(ENTRY, **{"title": "FIRST", **keys})
    unit.publish(ENTRY)
    git(unit, "init", "-q")
    git(unit, "add", "docs")
    git(unit, "commit", "-q", "-m", "x")


@pytest.mark.slow
def test_a_checkout_undoes_unfinished_acts(unit: UnitUnderTest) -> None:
    """The page that passed its whole chain stays, and what is missing is told with its day and person."""
    published_and_committed(unit)
    unit.write(ENTRY, title="SECOND")
    unit.submit(ENTRY)
    unit.approve(ENTRY, stages=2)
    git(unit, "checkout", "docs")
    build = unit.build()
    assert "FIRST" in unit.page("announcements/a")
    assert "docs/.reviews/announcements/a.md.jsonl:4: acts are missing here that this clone has seen: " in build.all
    for act in ("submitted by Clerk", "approved at First by Head", "approved at Second by Deputy"):
        assert f"{act} on 2026-11-21" in build.all
    assert "gongshi doctor --forget announcements/a.md" in build.all
    assert unit.build("--strict").exit_code == 1
    unit.write(ENTRY, title="SECOND")
    refused = unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert (refused.exit_code, "approved at First by Head" in refused.errors) == (1, True)
    unit.gongshi("doctor", "--forget", ENTRY)
    unit.publish(ENTRY)
    assert unit.build("--strict").exit_code == 0
    assert "SECOND" in unit.page("announcements/a")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["newer", "withdrawn", "urgent", "urgent returned", "others", "old memory", "gone"])
def test_a_checkout_undoes_more(unit: UnitUnderTest, how: str) -> None:
    """Where what is missing may have changed what visitors see, nothing of the entry is shown, as ever."""
    rules = settings(urgent={"role": "duty", "review_within": "24h"})
    rules["people"]["officer"] = {"name": "Officer", "roles": ["duty"], "since": "2025-01-01"}
    unit.configure(rules)
    published_and_committed(unit)
    if how == "withdrawn":
        assert unit.gongshi("withdraw", ENTRY, "--as", "chief", "--reason", "x").exit_code == 0
    elif how.startswith("urgent"):
        unit.write(ENTRY, title="SECOND")
        done = unit.gongshi("urgent", ENTRY, "--as", "officer", "--reason", "x")
        assert done.exit_code == 0, done.all
        if how == "urgent returned":
            git(unit, "commit", "-q", "-a", "-m", "x")
            assert unit.gongshi("return", ENTRY, "--as", "head", "--note", "x").exit_code == 0
    else:
        unit.write(ENTRY, title="SECOND")
        unit.submit(ENTRY)
        unit.approve(ENTRY, stages=3 if how == "newer" else 1)
    kept = (unit.root / ".gongshi" / "witness.json").read_text()
    git(unit, "checkout", "docs")
    if how == "others":
        shutil.rmtree(unit.root / ".gongshi")
        unit.gongshi("submit", ENTRY, "--as", "clerk")
        unit.write(ENTRY, title="THIRD")
        assert unit.gongshi("submit", ENTRY, "--as", "clerk").exit_code == 0
        (unit.root / ".gongshi" / "witness.json").write_text(kept)
    elif how == "old memory":
        document = json.loads(kept)
        del document["unfinished"]
        (unit.root / ".gongshi" / "witness.json").write_text(json.dumps(document))
    elif how == "gone":
        shutil.rmtree(unit.docs / ".reviews" / "announcements")
        (unit.docs / ENTRY).unlink()
        unit.write(OTHER)
    build = unit.build()
    assert "a.md.jsonl:" in build.all
    assert "record damaged; withheld" in build.all
    assert unit.leaks("FIRST", "SECOND", "THIRD") == []
    assert LOST in unit.gongshi("check").output


@pytest.mark.slow
@pytest.mark.parametrize("act", ["withdraw", "return"])
def test_what_takes_a_page_down_needs_no_missing_act(unit: UnitUnderTest, act: str) -> None:
    """A withdrawal or a return goes through although acts are missing, and nothing need be forgotten afterwards."""
    published_and_committed(unit)
    unit.write(ENTRY, title="SECOND")
    unit.submit(ENTRY)
    git(unit, "commit", "-q", "-a", "-m", "x")
    unit.approve(ENTRY, stages=2)
    git(unit, "checkout", "docs")
    words = ("--as", "chief", "--reason" if act == "withdraw" else "--note", "WORDS")
    done = unit.gongshi(act, f"docs/{ENTRY}", *words)
    assert done.exit_code == 0, done.all
    build = unit.build("--strict")
    assert build.exit_code == 0, build.all
    assert ("WORDS" if act == "withdraw" else "FIRST") in unit.page("announcements/a")
    lines = unit.dossier(ENTRY).read_bytes().splitlines()
    assert memory(unit)[ENTRY] == [6, sha256(lines[-1])]
    cut(unit, ENTRY)
    assert (MISSING if act == "return" else LOST)[:20] in unit.gongshi("check").output


def test_who_reads_a_memory_of_before(unit: UnitUnderTest) -> None:
    """An older memory is read, and completed as soon as a dossier is seen whole again."""
    started(unit)
    file = unit.root / ".gongshi" / "witness.json"
    document = json.loads(file.read_text())
    assert [len(acts) for acts in document.pop("unfinished").values()] == [2]
    file.write_text(json.dumps(document))
    assert unit.build().exit_code == 0
    assert [act[1:] for act in json.loads(file.read_text())["unfinished"][ENTRY]] == [
        ["submit", "clerk", NOW, None], ["approve", "head", NOW, "first"],
    ]  # fmt: skip


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
    build, command = RollbackGuard(unit.root), RollbackGuard(unit.root)
    command.remember(Seen({ENTRY: (2, "b" * 64)}))
    build.remember(Seen({ENTRY: (1, "a" * 64), OTHER: (1, "c" * 64)}))
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
    monkeypatch.setattr(rollback_guard, "write_atomic", lambda _file, content: written.append(content))
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
    assert "recorded, but this clone cannot note it in .gongshi (" in result.errors
    assert "Traceback" not in result.all
    assert unit.gongshi("approve", f"docs/{ENTRY}", "--as", "head").exit_code == 0


def test_a_memory_in_use(unit: UnitUnderTest, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another program holds the lock for too long, the act stands and that is said."""
    monkeypatch.setattr(rollback_guard, "_LOCK_SECONDS", 0.1)
    unit.write(ENTRY)
    (unit.root / ".gongshi").mkdir()
    with FileLock(unit.root / ".gongshi" / ".lock"):
        result = here("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert result.exit_code == 0
    assert "cannot note it in .gongshi (another command is using it)" in result.output
    assert unit.dossier(ENTRY).exists()


def test_a_memory_damaged_meanwhile(
    unit: UnitUnderTest, here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and the act stands."""

    def damaged(_self: RollbackGuard, _heads: object) -> None:
        raise InvalidInput([Problem(".gongshi/witness.json", "cannot be read")])

    monkeypatch.setattr(RollbackGuard, "remember", damaged)
    unit.write(ENTRY)
    result = here("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert result.exit_code == 0
    assert "(.gongshi/witness.json: cannot be read)" in result.output
    assert unit.dossier(ENTRY).exists()


@pytest.mark.slow
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
    assert ".gongshi/witness.json: is damaged" in result.errors
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
    assert MISSING in unit.gongshi("check").output
    assert MISSING not in unit.gongshi("doctor", "--forget", f"docs/{ENTRY}").output
    assert MISSING not in unit.gongshi("check").output
    assert set(memory(unit)) == {OTHER}
    for file in (
        unit.docs / OTHER,
        unit.dossier(OTHER),
        Path(str(unit.dossier(OTHER)).removesuffix(".jsonl") + ".head"),
    ):
        file.unlink()
    assert "is missing, although this clone has seen it" in unit.gongshi("doctor").output
    assert "is missing" not in unit.gongshi("doctor", "--forget", OTHER).output
    assert memory(unit) == {}
