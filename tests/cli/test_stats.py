"""The statistics: what came before the public, when, and how long the stages took."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from gongshi.domain.config import loader
from gongshi.domain.records.dossier import Action
from gongshi.domain.review.snapshot import take_snapshot
from gongshi.domain.review.status import PublicForm
from support.office_reader import Office, generous
from support.sample_unit import copy_sample
from support.signed_unit import decide, sign_decisions
from support.unit import NOW, UnitUnderTest, settings

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")
NOTHING = {"new": 0, "updated": 0, "corrected": 0, "urgent": 0, "withdrawn": 0, "returned": 0}


@pytest.fixture
def office(unit: UnitUnderTest) -> Office:
    """A unit that may publish urgently and correct, with nothing in it yet."""
    unit.configure(generous())
    return Office(unit)


def _facts(unit: UnitUnderTest, *arguments: str, **options: Any) -> dict[str, Any]:
    result = unit.gongshi("stats", "--json", *arguments, **options)
    assert result.exit_code == 0, result.all
    found: dict[str, Any] = result.json()
    return found


def _group(facts: dict[str, Any], column: str | None) -> dict[str, Any]:
    found: dict[str, Any] = next(group for group in facts["columns"] if group["column"] == column)
    return found


def _month(facts: dict[str, Any], column: str | None, month: str) -> dict[str, int]:
    """What happened in a month; what did not is left out."""
    found = next(counts for counts in _group(facts, column)["months"] if counts["month"] == month)
    return {key: count for key, count in found.items() if key != "month" and count}


def _total(
    unit: UnitUnderTest, column: str | None = "announcements", *arguments: str, **options: Any
) -> dict[str, int]:
    total = _group(_facts(unit, *(arguments or YEAR), **options), column)["total"]
    return {key: count for key, count in total.items() if count}


@pytest.mark.slow
def test_each_month_and_column(office: Office) -> None:
    """New, updated, corrected, withdrawn and returned ones stand in the month and column in which they happened."""
    unit = office.unit
    office.publish("announcements/a.md", "2026-02-01 09:00", body="One word.")
    unit.write("announcements/a.md", body="One world.")
    office.actions("clerk", "2026-03-02 09:00").correct("announcements/a.md", "a letter")
    office.actions("chief", "2026-03-02 10:00").approve("announcements/a.md")
    office.publish("announcements/a.md", "2026-04-01 09:00", title="Another title")
    office.actions("chief", "2026-05-03 09:00").withdraw("announcements/a.md", "an error")
    office.publish("announcements/a.md", "2026-06-01 09:00", title="Again")
    unit.write("activities/b.md")
    office.actions("clerk", "2026-02-11 09:00").submit("activities/b.md")
    office.actions("head", "2026-02-11 10:00").return_to_author("activities/b.md", "no place")
    office.publish("about.md", "2026-02-20 09:00", title="About", date=None)
    facts = _facts(unit, *YEAR)
    months = {f"2026-{number:02}": _month(facts, "announcements", f"2026-{number:02}") for number in range(1, 12)}
    assert {month: counts for month, counts in months.items() if counts} == {
        "2026-02": {"new": 1},
        "2026-03": {"corrected": 1},
        "2026-04": {"updated": 1},
        "2026-05": {"withdrawn": 1},
        "2026-06": {"new": 1},
    }
    assert _group(facts, "announcements")["total"] == NOTHING | {"new": 2, "updated": 1, "corrected": 1, "withdrawn": 1}
    assert _month(facts, "activities", "2026-02") == {"returned": 1}
    assert _month(facts, None, "2026-02") == {"new": 1}


def test_what_counts_is_what_was_published(office: Office) -> None:
    """A draft, a chain that is not complete, and approvals that do not count are no publications."""
    unit = office.unit
    unit.write("announcements/draft.md", status="approved")
    unit.write("announcements/half.md")
    office.actions("clerk", "2026-02-01 09:00").submit("announcements/half.md")
    office.actions("head", "2026-02-01 10:00").approve("announcements/half.md")
    for name, by in (("stranger", "stranger"), ("twice", "head")):
        unit.write(f"announcements/{name}.md")
        office.actions("clerk", "2026-02-01 09:00").submit(f"announcements/{name}.md")
        for stage, person in (("first", "head"), ("second", by), ("final", "chief")):
            office.forge(f"announcements/{name}.md", Action.APPROVE, person, "2026-02-01 10:00", stage=stage)
    assert _total(unit) == {}
    assert all(row["count"] == 0 for row in _facts(unit, *YEAR)["annual_report"])


def test_the_authors_own_chain(office: Office) -> None:
    """What the author helped to approve was not published, so it does not count."""
    unit = office.unit
    section = generous()
    section["people"]["clerk"]["roles"] = ["section-head"]
    unit.configure(section)
    unit.write("activities/a.md", author="clerk")
    text = office.keep("activities/a.md")
    office.actions("deputy", "2026-02-01 09:00").submit("activities/a.md")
    for stage, person in (("first", "clerk"), ("final", "chief")):
        values: dict[str, Any] = {"chain": ("first", "final"), "files": {"a.md": text}}
        office.forge("activities/a.md", Action.APPROVE, person, "2026-02-01 10:00", stage=stage, **values)
    assert _total(unit, "activities") == {}
    assert unit.gongshi("status", "--json").json()["entries"][0]["public"] is None


def test_a_scheduled_version_counts_when_its_time_comes(office: Office) -> None:
    """Not when it is approved, and never if it was withdrawn or replaced before."""
    unit = office.unit
    later = {"publish_at": "2026-06-01 00:00"}
    office.publish("announcements/a.md", "2026-02-01 09:00", **later)
    office.publish("announcements/withdrawn.md", "2026-02-01 09:00", **later)
    office.actions("chief", "2026-02-02 09:00").withdraw("announcements/withdrawn.md", "not after all")
    office.publish("announcements/replaced.md", "2026-02-01 09:00", title="One", **later)
    office.publish("announcements/replaced.md", "2026-02-03 09:00", title="Two")
    office.publish("announcements/coming.md", "2026-02-01 09:00", publish_at="2026-12-24 09:00")
    facts = _facts(unit, *YEAR)
    assert _month(facts, "announcements", "2026-02") == {"new": 1}
    assert _month(facts, "announcements", "2026-06") == {"new": 1}
    assert _group(facts, "announcements")["total"] == NOTHING | {"new": 2}
    before = _facts(unit, now="2026-05-31T23:59:00+08:00")
    assert _group(before, "announcements")["total"]["new"] == 1
    after = _facts(unit, "--from", "2026-12-01", "--to", "2026-12-31", now="2026-12-25T09:00:00+08:00")
    assert _group(after, "announcements")["total"]["new"] == 1


def test_an_urgent_publication_counts_once(office: Office) -> None:
    """At its own time, and the chain that follows is no update; what changes afterwards is one."""
    unit = office.unit
    unit.write("announcements/a.md")
    office.actions("vice", "2026-02-28 23:00").urgent("announcements/a.md", "a storm")
    office.approve("announcements/a.md", "2026-03-01 09:00")
    facts = _facts(unit, *YEAR)
    assert _month(facts, "announcements", "2026-02") == {"new": 1, "urgent": 1}
    assert _month(facts, "announcements", "2026-03") == {}
    unit.write("announcements/a.md", title="Another")
    office.actions("vice", "2026-04-01 09:00").urgent("announcements/a.md", "the storm turned")
    assert _month(_facts(unit, *YEAR), "announcements", "2026-04") == {"updated": 1, "urgent": 1}


def test_a_chain_that_follows_late(office: Office) -> None:
    """What was taken down because its chain did not follow comes before the public again with it: that counts."""
    unit = office.unit
    unit.write("announcements/a.md")
    office.actions("vice", "2026-02-27 09:00").urgent("announcements/a.md", "a storm")
    office.approve("announcements/a.md", "2026-03-02 09:00")
    facts = _facts(unit, *YEAR)
    assert _month(facts, "announcements", "2026-02") == {"new": 1, "urgent": 1}
    assert _month(facts, "announcements", "2026-03") == {"new": 1}
    rows = json.loads(unit.gongshi("ledger", "--json").output)["entries"]
    assert [row["first_published"] for row in rows] == ["2026-02-27T09:00:00+08:00"]
    assert [row["last_published"] for row in rows] == ["2026-03-02T09:00:00+08:00"]


def test_a_chain_in_the_last_moment(office: Office) -> None:
    """What passes its chain when its time is over was never down."""
    unit = office.unit
    unit.write("announcements/a.md")
    office.actions("vice", "2026-02-27 09:00").urgent("announcements/a.md", "a storm")
    office.approve("announcements/a.md", "2026-03-01 09:00")
    assert _total(unit) == {"new": 1, "urgent": 1}


def test_after_an_urgent_publication_that_was_returned(office: Office) -> None:
    """The return took it down, so what is approved then is new; over an older version it is an update."""
    unit = office.unit
    office.publish("announcements/b.md", "2026-01-20 09:00", title="Old")
    for name, body in (("a", "The bridge is closed."), ("b", "No water in Elm Street today.")):
        path = f"announcements/{name}.md"
        unit.write(path, title="Rushed", body=body)
        office.actions("vice", "2026-02-27 09:00").urgent(path, "a storm")
        office.actions("head", "2026-02-27 10:00").return_to_author(path, "wrong street")
        office.publish(path, "2026-02-28 09:00", title="Mended")
    february = _month(_facts(unit, *YEAR), "announcements", "2026-02")
    assert february == {"new": 2, "updated": 2, "urgent": 2, "returned": 2}


def test_an_older_version_that_comes_back(office: Office) -> None:
    """When the time of an urgent publication is over, what stood there before is nothing new."""
    unit = office.unit
    office.publish("announcements/a.md", "2026-01-20 09:00", title="Old")
    unit.write("announcements/a.md", title="Rushed")
    office.actions("vice", "2026-02-27 09:00").urgent("announcements/a.md", "a storm")
    assert _total(unit) == {"new": 1, "updated": 1, "urgent": 1}
    assert _total(unit, now="2026-02-28T09:00:00+08:00") == {"new": 1, "updated": 1, "urgent": 1}


def test_a_return_that_nobody_signed(unit: UnitUnderTest) -> None:
    """It is no decision of a stage, and no return: what counts here is what counts in the ledger."""
    sign_decisions(unit)
    unit.write("announcements/a.md")
    decide(unit, "submit", "clerk")
    Office(unit).forge("announcements/a.md", Action.RETURN, "head", "2026-11-21 11:00", note="FORGED")
    facts = _facts(unit, *YEAR)
    assert _group(facts, "announcements")["total"] == NOTHING
    assert _group(facts, "announcements")["stages"] == []
    acts = json.loads(unit.gongshi("ledger", "--json").output)["acts"]
    assert [act["counts"] for act in acts] == [True, False]


def test_a_withdrawal_of_nothing(office: Office) -> None:
    """Only what had been public can be withdrawn from the public; a withdrawal without the right takes it down, too."""
    unit = office.unit
    unit.write("announcements/a.md")
    office.actions("clerk", "2026-02-01 09:00").submit("announcements/a.md")
    office.forge("announcements/a.md", Action.WITHDRAW, "chief", "2026-02-02 09:00", reason="x", notice=True)
    assert _total(unit) == {}
    office.publish("announcements/b.md", "2026-02-01 09:00")
    office.forge("announcements/b.md", Action.WITHDRAW, "clerk", "2026-02-02 09:00", reason="x", notice=True)
    office.forge("announcements/b.md", Action.WITHDRAW, "chief", "2026-02-03 09:00", reason="x", notice=True)
    assert _total(unit) == {"new": 1, "withdrawn": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period", "count"),
    [
        (("--from", "2026-05-01", "--to", "2026-05-01"), 2),
        (("--from", "2026-04-30", "--to", "2026-04-30"), 1),
        (("--from", "2026-05-02", "--to", "2026-05-31"), 1),
        (("--to", "2026-05-01"), 3),
        (("--from", "2026-05-01"), 3),
        (("--from", "2027-01-01", "--to", "2027-12-31"), 0),
        (("--from", "2020-01-01", "--to", "2020-12-31"), 0),
    ],
)
def test_days_begin_at_midnight_in_the_sites_time_zone(office: Office, period: tuple[str, ...], count: int) -> None:
    """Both days of a period count, from their first to their last second, wherever the command runs."""
    for number, at in enumerate(("2026-04-30 23:59", "2026-05-01 00:00", "2026-05-01 23:59", "2026-05-02 00:00")):
        office.publish(f"activities/{number}.md", at)
    assert _total(office.unit, "activities", *period, TZ="America/New_York").get("new", 0) == count


def test_the_default_is_this_year_up_to_today(office: Office) -> None:
    """By the clock of the site's time zone; a first day alone goes up to today."""
    facts = _facts(office.unit, now="2026-12-31T20:00:00+00:00")
    assert (facts["from"], facts["to"]) == ("2027-01-01", "2027-01-01")
    facts = _facts(office.unit)
    assert (facts["from"], facts["to"]) == ("2026-01-01", "2026-11-21")
    assert [month["month"] for month in facts["columns"][0]["months"]][::10] == ["2026-01", "2026-11"]
    assert _facts(office.unit, "--from", "2025-03-01")["to"] == "2026-11-21"
    assert _facts(office.unit, "--to", "2025-03-01")["from"] == "2025-01-01"
    assert _facts(office.unit, "--from", "2027-03-01")["to"] == "2027-03-01"


def test_how_long_stages_took(office: Office) -> None:
    """From the submission or the stage before to the approval or return, in days with one decimal; void acts aside."""
    unit = office.unit
    for name in ("a", "b"):
        unit.write(f"announcements/{name}.md")
        office.actions("clerk", "2026-02-01 00:00").submit(f"announcements/{name}.md")
    office.approve("announcements/a.md", "2026-02-02 00:00", "2026-02-04 12:00", "2026-02-05 00:00")
    office.actions("head", "2026-02-01 06:00").return_to_author("announcements/b.md", "no")
    office.forge("announcements/b.md", Action.APPROVE, "head", "2026-03-01 00:00", stage="first")
    stages = _group(_facts(unit, *YEAR), "announcements")["stages"]
    figures = {stage["stage"]: (stage["decisions"], stage["mean_days"], stage["longest_days"]) for stage in stages}
    assert figures == {"first": (2, 0.6, 1.0), "second": (1, 2.5, 2.5), "final": (1, 0.5, 0.5)}
    march = _group(_facts(unit, "--from", "2026-02-03", "--to", "2026-02-04"), "announcements")["stages"]
    assert [(stage["stage"], stage["decisions"]) for stage in march] == [("second", 1)]


def test_what_waits_now(office: Office) -> None:
    """How many versions wait at each stage and since when the oldest does, whatever the period."""
    unit = office.unit
    for name, day in (("a", "2026-02-03"), ("b", "2026-02-01"), ("c", "2026-02-02"), ("d", "2026-02-05")):
        unit.write(f"announcements/{name}.md")
        office.actions("clerk", f"{day} 09:00").submit(f"announcements/{name}.md")
    office.actions("head", "2026-02-07 10:00").approve("announcements/b.md")
    unit.write("announcements/c.md", title="Changed, so that nobody can approve it")
    stages = _group(_facts(unit, "--from", "2026-10-01"), "announcements")["stages"]
    assert {stage["stage"]: (stage["waiting"], stage["since"]) for stage in stages} == {
        "first": (2, "2026-02-03T09:00:00+08:00"),
        "second": (1, "2026-02-07T10:00:00+08:00"),
    }
    assert [stage["mean_days"] for stage in stages] == [None, None]


def test_the_counts_of_the_annual_report(office: Office) -> None:
    """Standing pages with their updates, entries once each, their sum, and the withdrawals."""
    unit = office.unit
    office.publish("about.md", "2026-02-01 09:00", title="One", date=None)
    office.publish("about.md", "2026-02-02 09:00", title="Two", date=None)
    office.publish("activities/index.md", "2026-02-02 09:00", title="Introduction", date=None)
    for name in ("a", "b"):
        office.publish(f"activities/{name}.md", "2026-02-03 09:00")
    office.publish("announcements/a.md", "2026-02-03 09:00", title="One")
    office.publish("announcements/a.md", "2026-02-04 09:00", title="Two")
    office.actions("chief", "2026-02-05 09:00").withdraw("announcements/a.md", "x")
    counts = {row["key"]: row["count"] for row in _facts(unit, *YEAR)["annual_report"]}
    assert counts == {"total": 6, "overview": 3, "news": 2, "catalogue": 1, "withdrawn": 1}


def test_new_ones_less_withdrawn_ones_are_what_is_public(tmp_path: Path) -> None:
    """On the sample unit, over all time, column by column."""
    unit = copy_sample(tmp_path / "unit")
    facts = _facts(unit, "--from", "2000-01-01")
    snapshot = take_snapshot(loader.load_configuration(unit.root / "mkdocs.yml"), datetime.fromisoformat(NOW))
    pages = [path for path, public in snapshot.public() if public.form is PublicForm.PAGE]
    for column in ("announcements", "activities"):
        total = _group(facts, column)["total"]
        shown = [p for p in pages if p.startswith(f"{column}/") and p != f"{column}/index.md"]
        assert total["new"] - total["withdrawn"] == len(shown)
        months = _group(facts, column)["months"]
        assert {key: sum(month[key] for month in months) for key in total} == total
        assert months[0]["month"] == "2025-03", "months before the first event are left out"


def test_in_a_pipe(tmp_path: Path) -> None:
    """No line is wider than 80 columns, none has a colour or a space at its end, and figures stand below their heads."""
    unit = copy_sample(tmp_path / "unit")
    result = unit.gongshi("stats", "--from", "2025-01-01", COLUMNS="", FORCE_COLOR="")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    notes = set(_facts(unit)["notes"])
    lines = [line for line in result.output.splitlines() if line not in notes]
    assert max(map(cell_len, lines)) <= 80
    assert not any(line.endswith(" ") for line in lines)
    table = result.output.split("通知公告\n", 1)[1].split("\n\n", 1)[0].splitlines()
    assert table[0].startswith("Month")
    end = cell_len(table[0].split("Updated")[0] + "Updated")
    assert len(table) > 12
    for line in table[1:]:
        assert re.match(r"\d", line[end - 1]), line
    assert any("█" in line for line in table)
    stages = result.output.split("\nStages\n", 1)[1].split("\n\n", 1)[0].splitlines()
    starts = {cell_len(line[: match.start()]) for line in stages if (match := re.search("初审|复审|终审|Stage", line))}
    assert len(starts) == 1, "wide characters take two columns"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_terminal_that_knows_no_blocks(office: Office, encoding: str) -> None:
    """The bars are drawn with what every terminal has."""
    office.publish("activities/a.md", "2026-02-01 09:00")
    result = office.unit.gongshi("stats", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert result.exit_code == 0, result.all
    assert re.search(r"2026-02 .*  #{14}$", result.output, re.MULTILINE)
    assert "\\u" not in result.output


def test_titles_cannot_colour_the_terminal(office: Office) -> None:
    """Square brackets in a column's title are no markup."""
    section = generous()
    section["columns"]["activities"]["title"] = "[red]Activities[/red] :smile:"
    office.unit.configure(section)
    office.publish("activities/a.md", "2026-02-01 09:00")
    output = office.unit.gongshi("stats").output
    assert "\n[red]Activities[/red] :smile:\n" in output
    assert output.count(":smile:") == 3, "in the heading and in the two rows of stages"


def test_the_spreadsheet(office: Office) -> None:
    """Real months and times, figures as numbers, no text as a formula, and the same bytes again."""
    unit = office.unit
    section = generous()
    section["columns"]["activities"]["title"] = "=1+1"
    unit.configure(section)
    office.publish("activities/a.md", "2026-02-01 09:00")
    unit.write("activities/b.md")
    office.actions("clerk", "2026-02-03 09:30").submit("activities/b.md")
    result = unit.gongshi("stats", "--xlsx", "s.xlsx")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "s.xlsx")
    content = (unit.root / "s.xlsx").read_bytes()
    assert unit.gongshi("stats", "--xlsx", "s.xlsx", "--json", TZ="UTC").json()["file"] == "s.xlsx"
    assert (unit.root / "s.xlsx").read_bytes() == content
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["By month", "By stage", "Annual report", "About"]
    months = [row for row in book["By month"].iter_rows(min_row=2) if row[0].value == "=1+1"]
    assert months[0][0].data_type == "s"
    assert (months[1][1].value, months[1][1].number_format) == (datetime(2026, 2, 1), "yyyy-mm")
    assert [cell.value for cell in months[1][2:]] == [1, 0, 0, 0, 0, 0]
    stage = next(iter(book["By stage"].iter_rows(min_row=2)))
    assert (stage[2].value, stage[3].value, stage[3].number_format) == (1, 0, "0.0")
    assert (stage[6].value, stage[6].number_format) == (datetime(2026, 2, 3, 9, 30), "yyyy-mm-dd hh:mm")
    assert [cell.value for cell in book["Annual report"]["B"]][1:] == [1, 0, 1, 0, 0]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(re.search(rb"<f[ >/]", parts.read(name)) for name in parts.namelist())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--xlsx", "s.csv"], "s.csv: the name must end in .xlsx"),
        (["--xlsx", "docs/s.xlsx"], "would lie in docs/"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], "--to is before --from"),
        (["--from", "yesterday"], "“yesterday” is not a day"),
    ],
)
def test_unusable_arguments(unit: UnitUnderTest, arguments: list[str], says: str) -> None:
    """Exit code 2, one message, and no file."""
    result = unit.gongshi("stats", *arguments)
    assert result.exit_code == 2
    assert says in result.errors
    assert not list(unit.root.rglob("*.xlsx"))


def test_a_damaged_dossier_is_named(office: Office) -> None:
    """What cannot be read cannot be counted, and that is said, in the file, too."""
    office.publish("activities/a.md", "2026-02-01 09:00")
    office.publish("activities/b.md", "2026-02-01 09:00")
    damaged = office.unit.dossier("activities/b.md")
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert _total(office.unit, "activities") == {"new": 1}
    result = office.unit.gongshi("stats", "--xlsx", "s.xlsx")
    assert "Damaged record: docs/.reviews/activities/b.md.jsonl" in result.errors
    about = load_workbook(office.unit.root / "s.xlsx")["About"]
    assert any("b.md.jsonl" in str(row[1].value) for row in about.iter_rows())
    assert "b.md.jsonl" in _facts(office.unit)["damaged"][0]


def test_a_unit_whose_flag_is_the_decision(unit: UnitUnderTest) -> None:
    """Entries count on their own date, and what cannot be known is said."""
    unit.configure(settings(assurance="flag"))
    flags: dict[str, Any] = {"status": "approved", "approved_by": {"first": "head", "final": "chief"}}
    unit.write("activities/a.md", date="2026-05-01", **flags)
    unit.write("activities/b.md", date="2026-05-02", status="approved")
    unit.write("activities/c.md", date="2026-06-01", status="withdrawn", approved_by={"chief": "chief"})
    facts = _facts(unit)
    assert _month(facts, "activities", "2026-05") == {"new": 1}
    assert _month(facts, "activities", "2026-06") == {"withdrawn": 1}
    assert any("no acts are kept" in note for note in facts["notes"])
    assert "no acts are kept" in unit.gongshi("stats").output


def test_a_text_that_is_lost(office: Office) -> None:
    """A version whose kept text is gone was published all the same: it counts, and the damage is named."""
    office.publish("activities/a.md", "2026-02-01 09:00", title="One")
    lost = office.unit.docs / ".reviews" / "objects"
    names = set(lost.rglob("*"))
    office.publish("activities/a.md", "2026-03-01 09:00", title="Two")
    for file in (path for path in names if path.is_file()):
        file.unlink()
    assert _total(office.unit, "activities") == {"new": 1, "updated": 1}


def test_what_can_stand_nowhere_was_not_published(office: Office) -> None:
    """An entry whose address is taken, and one whose path has become a list's, do not count."""
    unit = office.unit
    office.publish("guide.md", "2026-02-01 09:00", date=None)
    (unit.docs / "guide.md").unlink()
    office.publish("guide/index.md", "2026-02-02 09:00", date=None)
    assert unit.gongshi("status", "--json").json()["entries"][1]["state"] == "address-taken"
    assert _total(unit, None) == {"new": 1}
    office.publish("old/2026.md", "2026-02-01 09:00", date=None)
    assert _total(unit, None) == {"new": 2}
    section = generous()
    section["columns"]["old"] = {"title": "Old", "kind": "activity"}
    unit.configure(section)
    assert _total(unit, "old") == {}


def test_many_months(office: Office) -> None:
    """A period that begins long ago or ends in the far future lists no months in which nothing can be."""
    office.publish("activities/a.md", "2025-12-31 09:00", date=None)
    months = _group(_facts(office.unit, "--from", "1900-01-01", "--to", "2999-12-31"), "activities")["months"]
    assert [month["month"] for month in (months[0], months[-1])] == ["2025-12", "2026-11"]
    assert len(months) == 12
