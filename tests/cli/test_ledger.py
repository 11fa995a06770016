"""The ledger: every entry and every act, in a spreadsheet in which no text is a formula."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gongshi.domain.records.dossier import Action
from gongshi.integrations import libreoffice
from gongshi.reports.spreadsheet import CELL_CHARACTERS
from support.office_reader import Office, generous
from support.sample_unit import copy_sample
from support.signed_unit import ENTRY, decide, publish, sign_decisions
from support.unit import UnitUnderTest, settings

HOSTILE = {
    "announcements/h1.md": '=HYPERLINK("http://evil.example","here")',
    "announcements/h2.md": "+1",
    "announcements/h3.md": "@SUM(A1:A9)",
    "announcements/h4.md": "-2+3+cmd|' /C calc'!A0",
    "announcements/h5.md": "#N/A",
    "announcements/h6.md": "  =1+1",
    "announcements/h7.md": "_x003D_1+1",
    "announcements/h8.md": "😀 “标题” <b>&amp;",
    "announcements/h9.md": "2026-01-01",
}
NOTE = "bell \x07, tab\t, line\nbreak, \u202eturned, \ufffe"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with acts of all six kinds, those that do not count, damage, and hostile texts."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("ledger") / "unit")
    section = generous()
    section["unit"]["name"] = "=1+1 & Sons"
    unit.configure(section)
    office = Office(unit)
    _lives(unit, office)
    _voids(unit, office)
    for path, title in HOSTILE.items():
        unit.write(path, title=title)
    office.actions("clerk", "2026-11-09 09:00").submit("announcements/h1.md", NOTE)
    office.forge("announcements/h1.md", Action.RETURN, "head", "2026-11-09 10:00", note="长" * 40_000)
    office.publish("announcements/damaged.md", "2026-03-03 09:00", title="Damaged")
    damaged = unit.dossier("announcements/damaged.md")
    damaged.write_bytes(damaged.read_bytes().replace(b'"deputy"', b'"chief"'))
    office.publish("announcements/lost.md", "2026-03-04 09:00", title="Lost")
    shutil.rmtree(unit.docs / ".reviews" / "objects" / _object(unit, "announcements/lost.md")[:2])
    return unit


def _lives(unit: UnitUnderTest, office: Office) -> None:
    office.publish("announcements/life.md", "2026-02-01 09:00", title="First title", body="One word.")
    unit.write("announcements/life.md", title="First title", body="One world.")
    office.actions("clerk", "2026-02-02 09:00").correct("announcements/life.md", "a letter")
    office.actions("chief", "2026-02-02 10:00").approve("announcements/life.md")
    office.actions("chief", "2026-02-03 09:00").withdraw("announcements/life.md", "an error")
    unit.write("announcements/life.md", title="Draft title", status="withdrawn")
    unit.write("announcements/rush.md", title="Rush", status="draft")
    office.actions("vice", "2026-02-10 09:00").urgent("announcements/rush.md", "a storm")
    office.approve("announcements/rush.md", "2026-02-10 12:00")
    unit.write("activities/back.md", title="Back")
    office.actions("clerk", "2026-02-11 09:00").submit("activities/back.md")
    office.actions("head", "2026-02-11 10:00").return_to_author("activities/back.md", "no place")
    office.publish("activities/gone.md", "2026-02-12 09:00", title="Gone")
    (unit.docs / "activities/gone.md").unlink()
    unit.write("about/index.md", title="About", date=None)
    unit.write("about/map.png", b"png")
    unit.write("announcements/broken.md", "---\ntitle: [1]\n---\n")


def _voids(unit: UnitUnderTest, office: Office) -> None:
    unit.write("announcements/void.md", title="Void", author="head")
    office.actions("clerk", "2026-02-20 09:00").submit("announcements/void.md")
    office.forge("announcements/void.md", Action.APPROVE, "stranger", "2026-02-20 10:00", stage="first")
    office.forge("announcements/void.md", Action.WITHDRAW, "clerk", "2026-02-20 11:00", reason="mine", notice=True)
    unit.write("activities/own.md", title="Own", author="head")
    office.actions("clerk", "2026-02-21 09:00").submit("activities/own.md")
    text = office.keep("activities/own.md")
    values: dict[str, Any] = {"chain": ("first", "final"), "files": {"own.md": text}}
    office.forge("activities/own.md", Action.APPROVE, "head", "2026-02-21 10:00", stage="first", **values)
    office.publish("activities/down.md", "2026-02-22 09:00", title="Down")
    office.forge("activities/down.md", Action.WITHDRAW, "clerk", "2026-02-22 10:00", reason="mine", notice=True)


def _object(unit: UnitUnderTest, path: str) -> str:
    last = json.loads(unit.dossier(path).read_text().splitlines()[-1])
    return str(next(iter(last["files"].values())))


def _book(unit: UnitUnderTest, *arguments: str, **options: Any) -> Workbook:
    result = unit.gongshi("ledger", "-o", "l.xlsx", "--force", *arguments, **options)
    assert result.exit_code == 0, result.all
    return load_workbook(unit.root / "l.xlsx")


def _rows(sheet: Worksheet) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def _of(rows: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["File"] == path]


@pytest.mark.slow
def test_every_line_of_every_dossier_once(tmp_path: Path) -> None:
    """The sample unit's acts are the lines of its dossiers, no more and no fewer, and all of them count."""
    unit = copy_sample(tmp_path / "unit")
    lines = [
        (record["entry"], record["seq"], record["by"], record["digest"])
        for file in (unit.docs / ".reviews").rglob("*.jsonl")
        for record in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    ]
    acts = _rows(_book(unit)["Acts"])
    shown = [(r["File"], r["Line of the dossier"], r["Person's id"], r["Digest of the version"]) for r in acts]
    assert Counter(shown) == Counter(lines)
    assert len(lines) > 150
    assert {row["Counts"] for row in acts} == {"yes"}


def test_every_entry_and_page(kept: UnitUnderTest) -> None:
    """Drafts, what is broken, returned, withdrawn, deleted or damaged: each has its row and its state."""
    rows = _rows(_book(kept)["Entries"])
    states = {row["File"]: row["State"] for row in rows}
    assert len(states) == len(rows)
    assert {path: states[path] for path in states if "/h" not in path} == {
        "about/index.md": "draft",
        "activities/back.md": "returned",
        "activities/down.md": "approval void",
        "activities/gone.md": "file deleted",
        "activities/own.md": "approval void",
        "announcements/broken.md": "has problems",
        "announcements/damaged.md": "record damaged",
        "announcements/life.md": "withdrawn",
        "announcements/lost.md": "record damaged",
        "announcements/rush.md": "published",
        "announcements/void.md": "approval void",
    }
    assert set(HOSTILE) <= set(states)
    assert [row["No."] for row in rows] == list(range(1, len(rows) + 1))
    assert _of(rows, "about/index.md")[0]["Other files"] == "map.png"
    assert "title" in _of(rows, "announcements/broken.md")[0]["Remarks"]


def test_what_an_entry_lived_through(kept: UnitUnderTest) -> None:
    """First and last publication, versions approved, withdrawal; the title is the approved one's, not the draft's."""
    row = _of(_rows(_book(kept)["Entries"]), "announcements/life.md")[0]
    assert row["Title"] == "First title"
    assert (row["First published"], row["Last published"]) == (datetime(2026, 2, 1, 9), datetime(2026, 2, 2, 10))
    assert row["Times approved"] == 2
    assert (row["Withdrawn at"], row["Reason for the withdrawal"]) == (datetime(2026, 2, 3, 9), "an error")
    assert (row["In public"], row["Digest of the public version"]) == ("notice of withdrawal", None)
    gone = _of(_rows(_book(kept)["Entries"]), "activities/gone.md")[0]
    assert (gone["Title"], gone["In public"]) == ("Gone", "page")
    assert re.fullmatch("[0-9a-f]{64}", gone["Digest of the public version"])


def test_which_version_describes_an_entry(unit: UnitUnderTest) -> None:
    """The public one, not the one that is scheduled, nor the draft; acts have the title that they decided on."""
    office = Office(unit)
    office.publish("activities/a.md", "2026-02-01 09:00", title="Now")
    office.publish("activities/a.md", "2026-02-02 09:00", title="Later", publish_at="2026-12-24 09:00")
    unit.write("activities/a.md", title="Draft")
    book = _book(unit)
    assert [row["Title"] for row in _rows(book["Entries"])] == ["Now"]
    assert [row["Title"] for row in _rows(book["Acts"])] == ["Now"] * 3 + ["Later"] * 3


def test_a_correction_of_too_much(unit: UnitUnderTest) -> None:
    """Once mkdocs.yml allows less, its approval does not count any more, and it never was a publication."""
    unit.configure(generous())
    office = Office(unit)
    office.publish("activities/a.md", "2026-02-01 09:00", body="One word.")
    unit.write("activities/a.md", body="One whole world.")
    office.actions("clerk", "2026-02-02 09:00").correct("activities/a.md", "letters")
    office.actions("chief", "2026-02-02 10:00").approve("activities/a.md")
    assert _rows(_book(unit)["Entries"])[0]["Last published"] == datetime(2026, 2, 2, 10)
    section = generous()
    section["review"]["correction"]["characters"] = 1
    unit.configure(section)
    book = _book(unit)
    assert _rows(book["Acts"])[-1]["Why it does not count"].startswith("changes more than mkdocs.yml lets")
    assert _rows(book["Entries"])[0]["Last published"] == datetime(2026, 2, 1, 9)


def test_all_six_kinds_of_acts(kept: UnitUnderTest) -> None:
    """Each with its person, roles, stage, time, words and digest."""
    acts = _rows(_book(kept)["Acts"])
    assert {row["Act"] for row in acts} == {
        "submission", "submission of a correction", "approval", "urgent publication", "return", "withdrawal",
        "record damaged",
    }  # fmt: skip
    life = _of(acts, "announcements/life.md")
    assert [row["Act"] for row in life] == [
        "submission", "approval", "approval", "approval", "submission of a correction", "approval", "withdrawal",
    ]  # fmt: skip
    approval = life[2]
    assert (approval["Stage"], approval["Person"], approval["Person's id"]) == ("Second", "Deputy", "deputy")
    assert (approval["Roles"], approval["Note or reason"], approval["Counts"]) == ("deputy", "fine", "yes")
    assert approval["Time"] == datetime(2026, 2, 1, 9)
    assert (life[4]["Note or reason"], life[6]["Note or reason"]) == ("a letter", "an error")
    assert {row["Title"] for row in life} == {"First title"}
    assert {row["Signed"] for row in life} == {"no"}
    assert _of(acts, "activities/back.md")[1]["Stage"] == "First"


def test_acts_that_do_not_count(kept: UnitUnderTest) -> None:
    """They are listed with the reason: strangers, no right, the author's own approval."""
    book = _book(kept)
    acts = _rows(book["Acts"])
    rejected_decision = _of(acts, "announcements/void.md")
    assert [row["Counts"] for row in rejected_decision] == ["yes", "no", "no"]
    assert rejected_decision[1]["Why it does not count"] == "stranger is not in people in mkdocs.yml"
    no_right = "Clerk does not hold the role chief on 2026-02-2{} (review.withdraw_role in mkdocs.yml)"
    assert rejected_decision[2]["Why it does not count"] == no_right.format(0)
    down = _of(acts, "activities/down.md")[-1]["Why it does not count"]
    assert down == no_right.format(2) + "; but the page was taken down, without a notice"
    own = _of(acts, "activities/own.md")[1]
    assert (own["Counts"], own["Why it does not count"]) == (
        "no",
        "Head wrote, submitted or urgently published it; somebody else must approve it",
    )
    about = {row["Item"]: row["Content"] for row in _rows(book["About"])}
    assert about["Acts that do not count"] == 4


@pytest.mark.slow
def test_the_reason_of_a_withdrawal_that_does_not_count(unit: UnitUnderTest) -> None:
    """The entries have its time, not its words, and one that took nothing down hides none that counts."""
    sign_decisions(unit)
    unit.write(ENTRY)
    publish(unit)
    office = Office(unit)
    office.forge(ENTRY, Action.WITHDRAW, "chief", "2026-11-21 11:00", reason="FORGED", notice=True)
    row = _rows(_book(unit)["Entries"])[0]
    assert (row["Withdrawn at"], row["Reason for the withdrawal"]) == (datetime(2026, 11, 21, 11), None)
    assert "FORGED" not in str(row)
    path = "announcements/b.md"
    unit.write(path)
    publish(unit, path=path)
    decide(unit, "withdraw", "chief", "--reason", "An error", path=path)
    office.forge(path, Action.WITHDRAW, "chief", "2026-11-21 11:00", reason="FORGED", notice=True)
    row = _of(_rows(_book(unit)["Entries"]), path)[0]
    assert (row["Withdrawn at"], row["Reason for the withdrawal"]) == (datetime(2026, 11, 21, 10), "An error")


@pytest.mark.slow
def test_a_damaged_dossier_never_drops_out(kept: UnitUnderTest) -> None:
    """It has a row in both tables, a line on the cover and one in the terminal, whatever the period."""
    for period in ((), ("--from", "2020-01-01", "--to", "2020-12-31")):
        book = _book(kept, *period)
        entry = _of(_rows(book["Entries"]), "announcements/damaged.md")[0]
        assert entry["State"] == "record damaged"
        assert "docs/.reviews/announcements/damaged.md.jsonl:4: does not follow" in entry["Remarks"]
        row = _of(_rows(book["Acts"]), "announcements/damaged.md")[0]
        assert (row["Act"], row["Line of the dossier"], row["Counts"]) == ("record damaged", 4, None)
        assert "does not follow" in row["Why it does not count"]
        assert [r["Content"] for r in _rows(book["About"]) if r["Item"] == "Damaged record"] != []
        result = kept.gongshi("ledger", "-o", "l.xlsx", "--force", *period)
        assert "Damaged record: docs/.reviews/announcements/damaged.md.jsonl:4" in result.errors
        assert "Damaged record: announcements/lost.md: docs/.reviews/objects/" in result.errors
    acts = _of(_rows(_book(kept)["Acts"]), "announcements/lost.md")
    assert [row["Act"] for row in acts].count("approval") == 3, "a lost file takes no act along"


def test_no_text_is_a_formula(kept: UnitUnderTest) -> None:
    """Whatever a title, note or unit's name begins with, its cell is a string, and stays one when it is edited."""
    book = _book(kept)
    head = [cell.value for cell in book["Entries"][1]]
    titles = {row[head.index("File")].value: row[head.index("Title")] for row in book["Entries"].iter_rows()}
    for path, title in HOSTILE.items():
        cell = titles[path]
        assert cell.data_type == "s", title
        assert cell.value == title.strip().replace("_x003D_", "_x005F_x003D_")
        assert cell.quotePrefix is (title.strip()[0] in "=+-@"), title
    about = next(book["About"].iter_rows(min_row=2, max_row=2))
    assert (about[1].value, about[1].data_type) == ("=1+1 & Sons", "s")
    with zipfile.ZipFile(kept.root / "l.xlsx") as parts:
        for name in parts.namelist():
            assert not re.search(rb"<f[ >/]|<hyperlink|externalLink|vbaProject", parts.read(name)), name


def test_characters_that_are_no_text(kept: UnitUnderTest) -> None:
    """What XML forbids and what turns the text around it is written as an escape; what is too long ends in a mark."""
    acts = _of(_rows(_book(kept)["Acts"]), "announcements/h1.md")
    assert acts[0]["Note or reason"] == "bell \\x07, tab\\t, line\\nbreak, \\u202eturned, \\ufffe"
    long = acts[1]["Note or reason"]
    assert len(long) == CELL_CHARACTERS
    assert long.endswith("长 … (cut; 40000 characters in all)")
    words = [act["words"] for act in kept.gongshi("ledger", "--json").json()["acts"]]
    assert "长" * 40_000 in words, "the JSON is not cut"
    assert NOTE in words


def test_how_the_sheets_are_made(kept: UnitUnderTest) -> None:
    """Frozen heads, filters over all rows, real dates with formats, wrapped text, and ready for the printer."""
    kept.write("announcements/dates.md", title="Dates", date="2026-11-03 08:30", expires_at="2026-12-31")
    try:
        book = _book(kept)
    finally:
        (kept.docs / "announcements/dates.md").unlink()
    assert book.sheetnames == ["About", "Entries", "Acts"]
    for name in ("Entries", "Acts"):
        sheet = book[name]
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            "landscape", 1, 0,
        )  # fmt: skip
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert sheet["B2"].alignment.wrap_text
    with zipfile.ZipFile(kept.root / "l.xlsx") as parts:
        xml = parts.read("xl/worksheets/sheet2.xml").decode()
    assert "<oddHeader>&amp;C=1+1 &amp;&amp; Sons: publication ledger</oddHeader>" in xml
    assert "<oddFooter>&amp;CPage &amp;P of &amp;N</oddFooter>" in xml
    head = [cell.value for cell in book["Entries"][1]]
    row = next(row for row in book["Entries"].iter_rows(min_row=2) if row[1].value == "Dates")
    shown, expires = row[head.index("Date shown")], row[head.index("Expires")]
    assert (shown.value, shown.data_type, shown.number_format) == (
        datetime(2026, 11, 3, 8, 30),
        "d",
        "yyyy-mm-dd hh:mm",
    )
    assert (expires.value, expires.number_format) == (datetime(2026, 12, 31), "yyyy-mm-dd")
    time = book["Acts"].cell(2, [str(cell.value) for cell in book["Acts"][1]].index("Time") + 1)
    assert (time.data_type, time.number_format) == ("d", "yyyy-mm-dd hh:mm")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-05-01", "2026-05-01", 2),
        ("2026-05-02", None, 1),
        (None, "2026-04-30", 1),
        ("2026-05-01", "2026-05-02", 3),
        ("2026-05-03", "2026-05-09", 0),
    ],
)
def test_a_period(unit: UnitUnderTest, first: str | None, last: str | None, count: int) -> None:
    """Days begin and end at midnight in the site's time zone, and both count; entries are those with an act in it."""
    office = Office(unit)
    for number, at in enumerate(("2026-04-30 23:59", "2026-05-01 00:00", "2026-05-01 23:59", "2026-05-02 00:00")):
        unit.write(f"activities/{number}.md")
        office.actions("clerk", at).submit(f"activities/{number}.md")
    unit.write("activities/draft.md")
    period = [part for name, day in (("--from", first), ("--to", last)) if day for part in (name, day)]
    facts = unit.gongshi("ledger", "--json", *period, TZ="America/New_York").json()
    assert len(facts["acts"]) == count
    assert [row["path"] for row in facts["entries"]] == [act["entry"] for act in facts["acts"]]
    assert (facts["from"], facts["to"]) == (first, last)


def test_of_an_entry_only_the_acts_of_the_period(kept: UnitUnderTest) -> None:
    """An entry with one act in the period is there with that act; its state is today's, and the cover says so."""
    book = _book(kept, "--from", "2026-02-02", "--to", "2026-02-02")
    assert [row["Act"] for row in _of(_rows(book["Acts"]), "announcements/life.md")] == [
        "submission of a correction",
        "approval",
    ]
    assert _of(_rows(book["Entries"]), "announcements/life.md")[0]["State"] == "withdrawn"
    about = [row["Content"] for row in _rows(book["About"])]
    assert "2026-02-02 to 2026-02-02" in about
    assert any("the states are those at the time" in str(text) for text in about)


@pytest.mark.slow
def test_the_same_bytes(kept: UnitUnderTest) -> None:
    """With the same clock the same file, wherever and whenever it is made; the stamps in it are the clock's."""
    _book(kept)
    first = (kept.root / "l.xlsx").read_bytes()
    _book(kept, TZ="America/New_York", PYTHONHASHSEED="7")
    assert (kept.root / "l.xlsx").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(2026, 11, 21, 2, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"W3CDTF\">([^<]*)<", core)) == {"2026-11-21T02:00:00Z"}
    _book(kept, now="2026-11-21T10:00:10+08:00")
    assert (kept.root / "l.xlsx").read_bytes() != first


def test_csv(kept: UnitUnderTest) -> None:
    """Two files in UTF-8 with BOM and CRLF, all quoted, the same rows; what may be a formula gets an apostrophe."""
    result = kept.gongshi("ledger", "-o", "l.csv")
    assert result.output.splitlines()[:2] == ["l.csv", "l-acts.csv"]
    book = _book(kept)
    for name, sheet in (("l.csv", "Entries"), ("l-acts.csv", "Acts")):
        content = (kept.root / name).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\r\n") == content.count(b"\n")
        assert content.removeprefix(b"\xef\xbb\xbf").startswith(b'"No.","Title"')
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(rows) == book[sheet].max_row
    entries = list(csv.DictReader(io.StringIO((kept.root / "l.csv").read_bytes().decode("utf-8-sig"), newline="")))
    for row in entries:
        title = HOSTILE.get(row["File"], "").strip()
        if title:
            assert row["Title"] == ("'" + title if title[0] in "=+-@" else title)
    life = next(row for row in entries if row["File"] == "announcements/life.md")
    assert life["First published"] == "2026-02-01 09:00:00"


def test_where_it_goes(unit: UnitUnderTest) -> None:
    """By default into this folder, named after the day; with --json nowhere unless a file is named."""
    result = unit.gongshi("ledger")
    assert (result.exit_code, result.output) == (0, "ledger-2026-11-21.xlsx\n0 entries and pages, 0 acts (all time).\n")
    assert (unit.root / "ledger-2026-11-21.xlsx").is_file()
    assert unit.gongshi("ledger", "--json", now="2026-11-22T00:00:00+08:00").json()["files"] == []
    assert not (unit.root / "ledger-2026-11-22.xlsx").exists()
    assert unit.gongshi("ledger", "--json", "-o", "x.csv").json()["files"] == ["x.csv", "x-acts.csv"]
    assert unit.gongshi("ledger", "-o", "UPPER.XLSX").exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "l.xls"], "l.xls: the name must end in .xlsx or .csv"),
        (["-o", "ledger"], "ledger: the name must end in .xlsx or .csv"),
        (["-o", "none/l.xlsx"], "none/l.xlsx: there is no folder none; create it first"),
        (["-o", "folder.xlsx"], "folder.xlsx is a folder; name a file"),
        (["-o", "docs/l.xlsx"], "docs/l.xlsx would lie in docs/, which is not for such files"),
        (["-o", "docs/activities/l.csv"], "would lie in docs/"),
        (["-o", "link/l.csv"], "would lie in docs/"),
        (["-o", "site/l.xlsx"], "site/l.xlsx would lie in a built site, where everybody could read it"),
        (["-o", "site/a/l.xlsx"], "would lie in a built site"),
        (["--from", "2026-13-01"], "“2026-13-01” is not a day: there is no month 13; months go from 01 to 12"),
        (["--to", "1.5.2026"], "is not a day"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], "--to is before --from"),
    ],
)
def test_unusable_arguments(unit: UnitUnderTest, arguments: list[str], says: str) -> None:
    """Exit code 2, one message, and no file."""
    unit.write("activities/a.md")
    (unit.root / "folder.xlsx").mkdir()
    (unit.root / "link").symlink_to(unit.docs / "activities")
    (unit.root / "site" / "a").mkdir(parents=True)
    (unit.root / "site" / ".well-known").mkdir()
    (unit.root / "site" / ".well-known" / "gongshi.json").write_text("{}")
    result = unit.gongshi("ledger", *arguments)
    assert result.exit_code == 2, result.all
    assert says in result.errors
    assert not [path for path in unit.root.rglob("*") if path.suffix in (".xlsx", ".csv") and path.is_file()]


def test_from_within_docs(unit: UnitUnderTest) -> None:
    """The default name is refused there, too."""
    unit.write("activities/a.md")
    script = "import os, runpy; os.chdir('docs'); runpy.run_module('gongshi', run_name='__main__')"
    (unit.root / "go.py").write_text(script)
    result = unit.run("go", "ledger", PYTHONPATH=os.pathsep.join(str(unit.root / name) for name in (".", "hooks")))
    assert result.exit_code == 2, result.all
    assert not list(unit.docs.glob("*.xlsx"))


def test_a_unit_whose_flag_is_the_decision(unit: UnitUnderTest) -> None:
    """Entries with their flags and who set them; that no acts are kept is said everywhere, forgotten dossiers, too."""
    office = Office(unit)
    unit.write("activities/old.md")
    office.actions("clerk", "2026-02-11 09:00").submit("activities/old.md")
    unit.configure(settings(assurance="flag"))
    unit.write("activities/a.md", status="approved", approved_by={"first": "head", "final": "chief"}, date="2026-05-01")
    unit.write("activities/b.md", status="draft", date="2026-06-01")
    book = _book(unit)
    rows = _rows(book["Entries"])
    row = _of(rows, "activities/a.md")[0]
    assert (row["Flag"], row["Flagged by"], row["State"]) == ("approved", "head, chief", "published")
    assert row["First published"] == datetime(2026, 5, 1)
    assert len(rows) == 3
    assert _rows(book["Acts"]) == []
    said = unit.gongshi("ledger").output
    for text in ("no acts are kept", "There is 1 dossier in .reviews/"):
        assert text in said
        assert any(text in str(row["Content"]) for row in _rows(book["About"]))
    facts = unit.gongshi("ledger", "--json", "--from", "2026-05-01", "--to", "2026-05-01").json()
    assert [row["path"] for row in facts["entries"]] == ["activities/a.md"]
    assert facts["dossiers_left_out"] == 1


def test_json(kept: UnitUnderTest) -> None:
    """The same facts for programs, with times in RFC 3339."""
    facts = kept.gongshi("ledger", "--json").json()
    book = _book(kept)
    assert len(facts["entries"]) == book["Entries"].max_row - 1
    assert len(facts["acts"]) + len(facts["damaged"]) == book["Acts"].max_row - 1
    life = next(row for row in facts["entries"] if row["path"] == "announcements/life.md")
    assert (life["state"], life["first_published"]) == ("withdrawn", "2026-02-01T09:00:00+08:00")
    urgent = next(act for act in facts["acts"] if act["act"] == "urgent")
    assert (urgent["until"], urgent["words"]) == ("2026-02-12T09:00:00+08:00", "a storm")
    own = next(act for act in facts["acts"] if act["entry"] == "activities/own.md" and act["act"] == "approve")
    assert (own["counts"], own["flaw"]) == (False, "own-work")
    assert facts["damaged"][0]["line"] == 4


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
def test_signatures(unit: UnitUnderTest) -> None:
    """Whether an act is signed, and whether by a key of its person."""
    for name in ("clerk", "head"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(unit.root / name)]
        subprocess.run(command, check=True)
    section = settings(signed=True)
    for name in ("clerk", "head"):
        section["people"][name]["key"] = (unit.root / f"{name}.pub").read_text().strip()
    unit.configure(section)
    unit.write("activities/a.md")
    assert unit.gongshi("submit", "docs/activities/a.md", "--as", "clerk", "--key", "clerk").exit_code == 0
    assert unit.gongshi("approve", "docs/activities/a.md", "--as", "head", "--key", "head").exit_code == 0
    del section["people"]["head"]["key"]
    unit.configure(section)
    Office(unit).forge("activities/a.md", Action.SUBMIT, "clerk", "2026-11-21 10:00")
    rows = _rows(_book(unit)["Acts"])
    assert [(row["Signed"], row["Counts"]) for row in rows] == [("yes", "yes"), ("not valid", "no"), ("no", "no")]


def test_records_that_cannot_be_read_at_all(unit: UnitUnderTest) -> None:
    """One message, and the ledger made before stays as it was."""
    assert unit.gongshi("ledger", "-o", "l.xlsx").exit_code == 0
    before = (unit.root / "l.xlsx").read_bytes()
    (unit.docs / "activities").mkdir()
    (unit.docs / ".reviews").write_text("no folder")
    result = unit.gongshi("ledger", "-o", "l.xlsx")
    assert result.exit_code == 1, result.all
    assert "Traceback" not in result.all
    assert (unit.root / "l.xlsx").read_bytes() == before


@pytest.mark.office
def test_other_programs_can_read_it(kept: UnitUnderTest, tmp_path: Path) -> None:
    """LibreOffice opens it, makes pages of it that are as wide as the table, and shows hostile titles as text."""
    soffice = libreoffice.program()
    assert soffice
    _book(kept)
    shutil.copy(kept.root / "l.xlsx", tmp_path / "l.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for target in ("pdf", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"):
        command = [soffice, profile, "--headless", "--convert-to", target, "--outdir", str(tmp_path), "l.xlsx"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    assert (tmp_path / "l.pdf").read_bytes().startswith(b"%PDF")
    sheet = next(tmp_path.glob("*.csv")).read_text(encoding="utf-8")
    for title in HOSTILE.values():
        assert title.strip().replace('"', '""') in sheet, title


def test_names_that_are_no_text(unit: UnitUnderTest) -> None:
    """File names with bytes that are no UTF-8, with and without a dossier, have their rows."""
    unit.write("announcements/b\udcff.md")
    unit.write(".reviews/announcements/c\udcff.md.jsonl", "x\n")
    unit.write(".reviews/announcements/=d.md.head", "x\n")
    for row in _rows(_book(unit)["Entries"]):
        assert row["File"] in ("announcements/b\\udcff.md", "announcements/c\\udcff.md", "announcements/=d.md")
    assert [row["Act"] for row in _rows(_book(unit)["Acts"])] == ["record damaged"] * 2
    assert unit.gongshi("ledger", "-o", "l.csv").exit_code == 0
    assert len(unit.gongshi("ledger", "--json").json()["entries"]) == 3
    assert unit.gongshi("stats").exit_code == 0


def test_both_files_or_none(unit: UnitUnderTest) -> None:
    """The two .csv files are replaced together: where one cannot be, the other stays, and the message names it."""
    unit.write("activities/a.md")
    (unit.root / "l-acts.csv").write_text("mine")
    refused = unit.gongshi("ledger", "-o", "l.csv")
    assert (refused.exit_code, (unit.root / "l.csv").exists()) == (1, False)
    assert "l-acts.csv exists already; name another file, or add --force to replace it" in refused.errors
    (unit.root / "l-acts.csv").unlink()
    (unit.root / "l-acts.csv").mkdir()
    (unit.root / "l.csv").write_text("before")
    broken = unit.gongshi("ledger", "-o", "l.csv", "--force")
    assert (broken.exit_code, (unit.root / "l.csv").read_text()) == (1, "before")
    assert "l-acts.csv" in broken.errors and ".tmp-" not in broken.errors
    assert not list(unit.root.glob(".tmp-*"))


def test_a_full_folder_for_temporary_files(unit: UnitUnderTest) -> None:
    """What writes .xlsx files fills it first: one message, no traceback."""
    for number in range(40):
        unit.write(f"activities/a{number}.md", title="长" * 60 + str(number), summary="字" * 110)
    (unit.root / "limited.py").write_text(
        "import resource, signal\n"
        "from gongshi.cli.main import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))\n"
        "main()\n"
    )
    result = unit.run("limited", "ledger", "-o", "l.xlsx")
    assert result.exit_code == 1, result.all
    assert result.errors.startswith("Error: the system refused:"), result.all
    assert "Traceback" not in result.all
    assert not (unit.root / "l.xlsx").exists()
