"""No two entries share a file of the record, on any system."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongshi.domain.content.paths import record_folder
from support.unit import UnitUnderTest

COLUMN = "announcements"


def submit(unit: UnitUnderTest, path: str) -> tuple[int, str]:
    """Submit as the clerk: exit code and messages."""
    result = unit.gongshi("submit", f"docs/{path}", "--as", "clerk")
    assert "Traceback" not in result.all
    return result.exit_code, result.all


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["a.md.jsonl", "a.md.head", "A.MD.Head", "a.md.jſonl", "x/a.md.jsonl/y"])
def test_a_folder_with_a_name_of_the_record(unit: UnitUnderTest, folder: str) -> None:
    """It is refused at `check` and `submit`, so that the entry of that name can be decided on."""
    blocking = f"{COLUMN}/{folder}/index.md"
    unit.write(blocking, title="CANARY-9273")
    exit_code, said = submit(unit, blocking)
    assert exit_code == 1
    assert "has a name that the record may need" in said
    assert f"docs/{blocking}: the folder" in unit.gongshi("check").output
    unit.write(f"{COLUMN}/a.md")
    unit.publish(f"{COLUMN}/a.md")
    assert unit.build().exit_code == 0
    assert "A title" in unit.page(f"{COLUMN}/a")
    assert unit.leaks("CANARY-9273") == []


@pytest.mark.parametrize(
    "path", ["a.md", "a/index.md", "a.md/index.md", "md.jsonl/index.md", "a.md.jsonl.md", "a.jsonl/x.md"]
)
def test_other_names(path: str) -> None:
    """What no file of the record can be called is no trouble."""
    assert record_folder(path) is None


def legacy(unit: UnitUnderTest, ending: str) -> str:
    """A published entry of an earlier version, in a folder with a name of the record."""
    unit.write(f"{COLUMN}/old/index.md", title="CANARY-8311")
    path = f"{COLUMN}/a.md{ending}/index.md"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gongshi.domain.content.paths._OF_RECORD", ("//",))
        patch.chdir(unit.root)
        patch.setenv("SOURCE_DATE_EPOCH", "1795226400")
        unit.write(path, title="CANARY-8311")
        from click.testing import CliRunner

        from gongshi.cli.group import gongshi

        for act, person in (("submit", "clerk"), ("approve", "head"), ("approve", "deputy"), ("approve", "chief")):
            done = CliRunner().invoke(gongshi, [act, f"docs/{path}", "--as", person])
            assert done.exit_code == 0, done.output
    shutil.rmtree(unit.docs / COLUMN / "old")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".jsonl", ".head"])
def test_what_stands_there_already(unit: UnitUnderTest, ending: str) -> None:
    """An earlier entry under such a name stays public and can be withdrawn; the doctor tells what it blocks."""
    path = legacy(unit, ending)
    assert unit.build().exit_code == 0
    assert "CANARY-8311" in unit.page(f"{COLUMN}/a.md{ending}")
    doctor = unit.gongshi("doctor")
    assert f"is in the place of the record of {COLUMN}/a.md" in doctor.output
    unit.write(f"{COLUMN}/a.md")
    exit_code, said = submit(unit, f"{COLUMN}/a.md")
    assert exit_code == 1
    assert f"is in the place of a.md{ending}, so no decision on {COLUMN}/a.md is possible" in said
    done = unit.gongshi("withdraw", f"docs/{path}", "--as", "chief", "--reason", "x")
    assert done.exit_code == 0, done.all
    assert unit.build().exit_code == 0
    assert unit.leaks("CANARY-8311") == []


@pytest.mark.slow
@pytest.mark.parametrize(("gone", "new"), [("Ab.md", "aB.md"), ("X/a.md", "x/a.md"), ("ÄB.md", "äb.md")])
def test_a_name_in_another_case(unit: UnitUnderTest, gone: str, new: str) -> None:
    """Where the record has decisions on an entry whose file is gone, no other entry gets its name in another case."""
    unit.write(f"{COLUMN}/{gone}", title="GONE")
    unit.publish(f"{COLUMN}/{gone}")
    (unit.docs / COLUMN / gone).unlink()
    unit.write(f"{COLUMN}/{new}")
    exit_code, said = submit(unit, f"{COLUMN}/{new}")
    assert exit_code == 1
    assert f"the record has decisions on docs/{COLUMN}/{gone} under the same name" in said
    assert f"docs/{COLUMN}/{new}: the record has decisions" in unit.gongshi("check").output
    assert not Path(unit.docs, ".reviews", COLUMN, f"{new}.jsonl").exists()
    unit.write(f"{COLUMN}/other.md")
    assert submit(unit, f"{COLUMN}/other.md")[0] == 0
    assert unit.build().exit_code == 0
    assert unit.leaks("GONE") != []


def test_two_names_in_the_record(unit: UnitUnderTest) -> None:
    """The doctor tells of dossiers that some systems cannot hold side by side; both count here."""
    for name in ("a", "b"):
        unit.write(f"{COLUMN}/{name}.md", title=name * 3)
        unit.publish(f"{COLUMN}/{name}.md")
    assert "ignore case" not in unit.gongshi("doctor").output
    for ending in (".jsonl", ".head"):
        (unit.docs / ".reviews" / COLUMN / f"a.md{ending}").rename(unit.docs / ".reviews" / COLUMN / f"B.md{ending}")
    assert f"systems that ignore case cannot store it beside that of {COLUMN}/B.md" in unit.gongshi("doctor").output
