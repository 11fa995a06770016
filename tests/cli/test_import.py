"""`gongshi import`: entries from files; what was imported before; what goes wrong leaves nothing behind."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gongshi.build.lazy_corrections import with_corrections
from gongshi.domain.config.loader import load_configuration
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.importing.composer import ComposedEntry
from gongshi.importing.document import ReadOptions
from gongshi.importing.entries import bundle
from gongshi.importing.importer import Importer, ImportState, ImportTarget
from gongshi.importing.sources import find_sources
from support.kill_switch import ARM
from support.office_documents import word
from support.official_notice import official_notice
from support.page_converters import paragraph
from support.unit import NOW, UnitUnderTest, settings
from support.word_parts import inline, p, r, text_box, word_file

TEXT = ("Notice on water", "To all villages:", "The water is off on 28 November.")
ENTRY = "docs/announcements/2026/20261121-1/index.md"


def imported(unit: UnitUnderTest, *arguments: str, exit_code: int = 0) -> str:
    """Import into the announcements as the clerk; return what the command said."""
    result = unit.gongshi("import", *arguments, "--column", "announcements", "--as", "clerk")
    assert result.exit_code == exit_code, result.all
    return result.all


def document(unit: UnitUnderTest, name: str = "water.docx", *paragraphs: str) -> str:
    """Write a Word file beside the repository."""
    path = unit.root.parent / "desk" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(word(paragraphs or TEXT))
    return str(path)


def entries(unit: UnitUnderTest) -> list[str]:
    """The entries that lie in `docs/`."""
    return sorted(path.relative_to(unit.root).as_posix() for path in unit.docs.glob("*/*/*/index.md"))


def originals(unit: UnitUnderTest) -> list[str]:
    """The files that are kept."""
    folder = unit.docs / ".originals"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_word_file_becomes_a_draft_and_is_kept(unit: UnitUnderTest) -> None:
    """The draft has title, author and text, names its original, and passes the check."""
    said = imported(unit, document(unit))
    assert f"water.docx → {ENTRY}" in said
    text = (unit.root / ENTRY).read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: Notice on water\nauthor: clerk\nimported_from:\n  file: water.docx\n  sha256: ")
    assert text.endswith("The water is off on 28 November.\n")
    assert originals(unit) == [
        f"announcements/2026/20261121-1/1/{name}" for name in ("import.json", "original/water.docx")
    ]
    assert unit.gongshi("check", ENTRY).exit_code == 0
    assert unit.gongshi("status", "--json").json()["entries"][0]["state"] == "draft"


@pytest.mark.slow
def test_the_same_bytes_are_imported_once(unit: UnitUnderTest) -> None:
    """Under any name, again and in the same run; `--new` makes another entry."""
    document(unit), document(unit, "copy.docx")
    desk = str(unit.root.parent / "desk")
    assert "has the same bytes as" in imported(unit, desk)
    before = (unit.root / ENTRY).read_bytes()
    assert imported(unit, desk).count(f"imported before as {ENTRY}; nothing to do") == 2
    assert entries(unit) == [ENTRY]
    assert (unit.root / ENTRY).read_bytes() == before
    imported(unit, document(unit), "--new")
    assert len(entries(unit)) == 2


@pytest.mark.slow
def test_a_changed_file_becomes_a_new_draft_of_its_entry(unit: UnitUnderTest) -> None:
    """The public page stays until the draft is approved; both originals are kept."""
    imported(unit, document(unit))
    unit.publish(ENTRY.removeprefix("docs/"))
    said = imported(unit, document(unit, "water.docx", *TEXT[:2], "The water is off on 29 November."))
    assert f"water.docx → new draft of {ENTRY}" in said
    assert "29 November" in (unit.root / ENTRY).read_text(encoding="utf-8")
    assert "status" not in (unit.root / ENTRY).read_text(encoding="utf-8")
    assert unit.build().exit_code == 0
    assert "28 November" in unit.page("announcements/2026/20261121-1")
    assert len(originals(unit)) == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (
            ("Notice on power", "To all villages:", "The power is off on Monday, from nine to twelve o'clock."),
            "another",
        ),
        ((TEXT[0], "To all villages:", "The water is off on 3 December.", "8 December 2026"), "same title"),
    ],
)
def test_another_text_under_the_name_of_an_earlier_file_is_a_new_entry(
    unit: UnitUnderTest, second: tuple[str, ...], reason: str
) -> None:
    """Offices use the same names again and again, so the name alone proves nothing."""
    imported(unit, document(unit))
    said = imported(unit, document(unit, "water.docx", *second))
    assert ("new draft of" in said) == (reason == "same title")
    assert len(entries(unit)) == (1 if reason == "same title" else 2)


@pytest.mark.slow
def test_an_entry_that_was_edited_since_is_not_overwritten(unit: UnitUnderTest) -> None:
    """Nor one under review; both are said, and nothing is left behind."""
    imported(unit, document(unit))
    changed = document(unit, "water.docx", *TEXT[:2], "The water is off on 29 November.")
    unit.submit(ENTRY.removeprefix("docs/"))
    before, kept = (unit.root / ENTRY).read_bytes(), originals(unit)
    assert "under review" in imported(unit, changed, exit_code=1)
    edited = before.replace(b"all villages", b"all")
    (unit.root / ENTRY).write_bytes(edited)
    assert "edited since" in imported(unit, changed, exit_code=1)
    assert (unit.root / ENTRY).read_bytes() == edited
    assert originals(unit) == kept


@pytest.mark.slow
def test_a_failed_import_leaves_nothing_behind(unit: UnitUnderTest) -> None:
    """Of files that cannot be read the reason is said; the others are imported."""
    desk = Path(document(unit)).parent
    (desk / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    (desk / "program.exe").write_bytes(b"MZ")
    said = imported(unit, str(desk / "broken.docx"), str(desk / "program.exe"), exit_code=1)
    assert said.count("not imported: ") == 2
    assert entries(unit) == []
    assert not (unit.docs / ".originals").exists()
    imported(unit, str(desk), exit_code=1)
    assert entries(unit) == [ENTRY]
    assert list(unit.docs.rglob(".tmp-*")) == []


@pytest.mark.slow
def test_the_report_lists_files_and_findings(unit: UnitUnderTest) -> None:
    """As a spreadsheet and as JSON; an existing report is not overwritten."""
    desk = Path(document(unit)).parent
    (desk / "broken.docx").write_bytes(b"broken")
    report = unit.root.parent / "report.xlsx"
    result = unit.gongshi(
        "import", str(desk), "--column", "announcements", "--as", "clerk", "--report", str(report), "--json"
    )
    assert [(each["file"], each["result"]) for each in result.json()["files"]] == [
        ("broken.docx", "failed"), ("water.docx", "new"),
    ]  # fmt: skip
    book = openpyxl.load_workbook(report)
    assert len(book.sheetnames) == 2
    assert {cell.number_format for row in book.worksheets[0].iter_rows(min_row=4) for cell in row[4:8]} <= {
        "0",
        "General",
    }
    assert [row[0].value for row in book.worksheets[0].iter_rows()][-2:] == ["broken.docx", "water.docx"]
    book.close()
    assert unit.gongshi(
        "import", str(desk), "--column", "announcements", "--as", "clerk", "--report", str(report)
    ).exit_code


@pytest.mark.slow
def test_the_title_may_be_given(unit: UnitUnderTest) -> None:
    """For one file; for several it is a mistake, and a title that no entry may have is refused."""
    imported(unit, document(unit), "--title", "Water:　notice")
    assert 'title: "Water: notice"' in (unit.root / ENTRY).read_text(encoding="utf-8")
    assert "one file only" in imported(unit, document(unit), document(unit, "b.docx"), "--title", "A", exit_code=2)
    assert "the title" in imported(unit, document(unit), "--title", " ", exit_code=2)


def test_a_seal_stands_below_the_signature_as_large_as_on_paper(unit: UnitUnderTest) -> None:
    """At the right, described in the language of the site, and named to the clerk."""
    path = unit.root.parent / "notice.docx"
    path.write_bytes(official_notice())
    said = imported(unit, str(path))
    text = (unit.root / ENTRY).read_text(encoding="utf-8")
    assert "青禾镇人民政府\n2026年11月26日\n{.signoff}\n\n![公章](picture-1.png){width=151}\n{align=right}\n\n" in text
    assert "a seal is in the file; if your unit does not publish it" in said
    assert "“picture-1.png”" in said


def test_a_missing_column_is_answered_with_the_columns(unit: UnitUnderTest) -> None:
    """And with the option that names it."""
    result = unit.gongshi("import", document(unit), "--as", "clerk")
    assert result.exit_code == 2
    assert "name the column with --column; the columns are announcements (" in result.errors


def test_the_answer_is_short_for_one_file(unit: UnitUnderTest) -> None:
    """Files are counted where there are several; who has errors to correct is told before he submits."""
    said = imported(unit, document(unit))
    assert "Files: " not in said and "First correct" not in said
    assert said.endswith(f"Look at the page: make serve. Then hand it in: gongshi submit {ENTRY}\n")
    assert "Files: 2. New entries: 1" in imported(unit, document(unit), document(unit, "b.docx", "Notice", "Text."))
    later = document(unit, "later.docx", "Notice on roads", "Text.", "Town Office", "2027年1月2日")
    said = imported(unit, later, "--new")
    assert "[error]" in said and "First correct the lines marked [error]" in said


def test_what_left_the_text_is_not_told_as_a_part_of_it(unit: UnitUnderTest) -> None:
    """A red head in a text box."""
    body = (
        p(r("前"), inline(text_box(p("青禾镇人民政府文件"))))
        + p("青政发〔2026〕12号")
        + p("关于放假的通知")
        + p("现通知如下。")
    )
    path = unit.root.parent / "notice.docx"
    path.write_bytes(word_file(body.replace("前", "")))
    said = imported(unit, str(path))
    assert "the red head is left out of the text" in said
    assert "text box" not in said


def test_a_unit_without_record_gets_the_date(unit: UnitUnderTest) -> None:
    """With `assurance: flag` nothing else says when the entry became public."""
    unit.configure(settings(assurance="flag"))
    imported(unit, document(unit))
    assert "date: 2026-11-21\n" in (unit.root / ENTRY).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_number_of_a_deleted_import_stays_taken(unit: UnitUnderTest) -> None:
    """So that the original of another entry is never kept in its folder."""
    imported(unit, document(unit))
    (unit.root / ENTRY).unlink()
    (unit.root / ENTRY).parent.rmdir()
    imported(unit, document(unit))
    assert entries(unit) == [ENTRY.replace("-1/", "-2/")]


def test_two_imports_of_the_same_file_at_the_same_time_make_one_entry(
    unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one sees, when it writes, what the first one has written since it began to read."""
    file = Path(document(unit))
    other = Path(shutil.copy(file, file.with_name("copy.docx")))
    imported(unit, str(file), "--title", "First")
    configuration = with_corrections(load_configuration(unit.root / "mkdocs.yml"))
    (unit.root / ENTRY).rename(unit.root / "hidden.md")
    target = ImportTarget(
        configuration, configuration.policy.columns["announcements"], "clerk", datetime.fromisoformat(NOW)
    )
    tree = DocsTree(configuration.docs, configuration.policy)
    importer = Importer(target, tree, ReadOptions(), unit.root / "scratch")
    (unit.root / "hidden.md").rename(unit.root / ENTRY)
    (result,) = importer.run(find_sources([other])[0], paragraph)
    assert (result.state, result.path) == (ImportState.KNOWN, ENTRY.removeprefix("docs/"))
    assert entries(unit) == [ENTRY]
    assert len(originals(unit)) == 2


def test_a_full_disk_fails_one_file_and_the_report_is_written(
    unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entries before it are named, and nothing of the failed one is left."""
    configuration = with_corrections(load_configuration(unit.root / "mkdocs.yml"))
    sources, _ignored = find_sources(
        [Path(document(unit)), Path(document(unit, "power.docx", "Notice on power", "Off."))]
    )
    target = ImportTarget(
        configuration, configuration.policy.columns["announcements"], "clerk", datetime.fromisoformat(NOW)
    )
    scratch = unit.docs / ".originals" / "scratch"
    importer = Importer(target, DocsTree(configuration.docs, configuration.policy), ReadOptions(), scratch)
    written = bundle.prepare_entry

    def prepare(entry: ComposedEntry, *arguments: Any) -> Any:
        if entry.fields.title == "Notice on water":
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(entry, *arguments)

    monkeypatch.setattr(bundle, "prepare_entry", prepare)
    results = list(importer.run(sources, paragraph))
    assert [result.state for result in results] == [ImportState.FAILED, ImportState.NEW]
    assert "No space left" in results[0].message
    assert entries(unit) == [ENTRY]
    assert list(scratch.iterdir()) == []


def test_a_public_entry_of_a_unit_without_record_is_not_overwritten(unit: UnitUnderTest) -> None:
    """Its file is what is public: a new draft in its place would take it down."""
    unit.configure(settings(assurance="flag"))
    imported(unit, document(unit))
    flags = "author: clerk\nstatus: approved\napproved_by: {first: head, second: deputy, final: chief}"
    approved = (unit.root / ENTRY).read_text(encoding="utf-8").replace("author: clerk", flags)
    (unit.root / ENTRY).write_text(approved, encoding="utf-8")
    changed = document(unit, "water.docx", *TEXT[:2], "The water is off on 29 November.")
    assert "flags have been decided on" in imported(unit, changed, exit_code=1)
    assert (unit.root / ENTRY).read_text(encoding="utf-8") == approved


def test_a_withdrawn_entry_is_not_overwritten_and_a_returned_one_is(unit: UnitUnderTest) -> None:
    """A returned one waits for a new draft."""
    imported(unit, document(unit))
    unit.submit(ENTRY.removeprefix("docs/"))
    assert unit.gongshi("return", ENTRY, "--as", "head", "--note", "Wrong day").exit_code == 0
    assert "new draft of" in imported(unit, document(unit, "water.docx", *TEXT[:2], "The water is off on 29 November."))
    unit.publish(ENTRY.removeprefix("docs/"))
    assert unit.gongshi("withdraw", ENTRY, "--as", "chief", "--reason", "Wrong").exit_code == 0
    before = (unit.root / ENTRY).read_bytes()
    changed = document(unit, "water.docx", *TEXT[:2], "The water is off on 30 November.")
    assert "which was withdrawn" in imported(unit, changed, exit_code=1)
    assert (unit.root / ENTRY).read_bytes() == before


def test_a_file_of_the_same_name_in_another_column_is_a_new_entry(unit: UnitUnderTest) -> None:
    """The entry of the first column stays as it is; the same bytes are known in any column."""
    same = Path(document(unit, "same.docx"))
    imported(unit, str(shutil.copy(same, same.with_name("water.docx"))))
    before = (unit.root / ENTRY).read_bytes()
    changed = document(unit, "water.docx", *TEXT[:2], "The water is off on 29 November.")
    other = ("--column", "activities", "--as", "clerk")
    assert "docs/activities/2026/20261121-1/index.md" in unit.gongshi("import", changed, *other).output
    assert (unit.root / ENTRY).read_bytes() == before
    assert "imported before" in unit.gongshi("import", str(same), *other).output


@pytest.mark.parametrize("what", ["link", "file"])
def test_originals_are_kept_in_a_folder_only(unit: UnitUnderTest, what: str) -> None:
    """A link could lead to a folder that is published."""
    place = unit.docs / ".originals"
    if what == "link":
        (unit.root / "site").mkdir()
        place.symlink_to(unit.root / "site")
    else:
        place.write_bytes(b"")
    assert "must be a folder" in imported(unit, document(unit), exit_code=1)
    assert entries(unit) == []


def test_links_and_pipes_are_named_and_left_alone(unit: UnitUnderTest) -> None:
    """In a folder, and where they are named themselves."""
    desk = Path(document(unit)).parent
    (desk / "link.docx").symlink_to(desk / "water.docx")
    os.mkfifo(desk / "pipe.docx")
    said = imported(unit, str(desk))
    assert "link.docx: is a symbolic link" in said
    assert "pipe.docx: is no file but a pipe or device" in said
    assert "link.docx: not imported: is a symbolic link" in imported(unit, str(desk / "link.docx"), exit_code=1)
    assert entries(unit) == [ENTRY]


KILLER = (
    ARM
    + """
import os, shutil
for module, name in ((os, "rename"), (os, "mkdir"), (shutil, "rmtree")):
    arm(module, name)
from gongshi.cli.main import main
main()
"""
)


@pytest.mark.kill
def test_kill_at_any_moment_of_an_import(unit: UnitUnderTest) -> None:
    """The entry is there whole or not at all; the next import works and cleans up."""
    file = document(unit)
    states = []
    for step in range(1, 40):
        after = unit.copy(unit.root.parent / f"killed-{step}")
        arguments = ("import", file, "--column", "announcements", "--as", "clerk")
        done = after.run_script(KILLER, str(step), *arguments)
        states.append(len(entries(after)))
        if entries(after):
            assert after.gongshi("check", entries(after)[0]).exit_code == 0
        assert after.gongshi(*arguments).exit_code == 0
        assert len(entries(after)) == 1
        if list(after.docs.rglob(".tmp-*")):
            # A process that read the file ends half a second after the killed one, and holds the folder until then.
            time.sleep(1)
            after.gongshi(*arguments)
        assert list(after.docs.rglob(".tmp-*")) == []
        if done.exit_code == 0:
            break
        assert done.exit_code in (-signal.SIGKILL, 1), done.all
    assert set(states) == {0, 1}


def test_the_answer_in_json_has_the_values_of_the_file(unit: UnitUnderTest) -> None:
    """The values, the findings and the problems of the check."""
    result = unit.gongshi("import", document(unit), "--column", "announcements", "--as", "clerk", "--json")
    [file] = json.loads(result.output)["files"]
    assert file["values"]["title"] == "Notice on water"
    assert file["path"] == ENTRY.removeprefix("docs/")
    assert file["problems"] == []
