"""The order of entries in lists, and activities that are to come, take place or are over."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gongshi.domain.content.front_matter import Event
from gongshi.site.pages import listings, models
from gongshi.site.pages.listings import Phase
from gongshi.site.search import index
from support.published_items import AT, item, items, policy, public
from support.unit import UnitUnderTest

ZONE = ZoneInfo("Asia/Shanghai")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _names(found: Any) -> list[str]:
    return [each.path.removeprefix("announcements/").removesuffix(".md") for each in found]


def test_numbers_in_file_names_count_as_numbers() -> None:
    """Of eleven entries approved together, the eleventh is the newest."""
    names = [f"20261118-{number}" for number in range(1, 12)]
    found = items([(f"announcements/{name}.md", public(f"announcements/{name}.md")) for name in names])
    assert _names(found) == names[::-1]


def test_the_moment_of_publication_decides_within_a_day() -> None:
    """Whatever the files are called; a time in `date` is a moment, too; another day counts more."""
    when = {"a": "2026-11-03T15:00:00+08:00", "c": "2026-11-03T09:00:00+08:00", "b": "2026-11-03T10:00:00+08:00"}
    shown = [(f"announcements/{name}.md", public(f"announcements/{name}.md", since=at)) for name, at in when.items()]
    timed = "announcements/timed.md"
    shown.append((timed, public(timed, since="2026-11-05T09:00:00+08:00", date="2026-11-03 12:00")))
    later = "announcements/0.md"
    shown.append((later, public(later, since="2026-11-04T00:00:00+08:00", date="2026-11-04")))
    assert _names(items(shown)) == ["0", "a", "timed", "b", "c"]


@pytest.mark.parametrize(
    ("event", "now", "wanted"),
    [
        (Event(start=_at("2026-09-09").date(), end=_at("2026-12-30").date()), "2026-09-08 23:59", Phase.COMING),
        (Event(start=_at("2026-09-09").date(), end=_at("2026-12-30").date()), "2026-11-21 10:00", Phase.RUNNING),
        (Event(start=_at("2026-09-09").date(), end=_at("2026-12-30").date()), "2026-12-30 23:59", Phase.RUNNING),
        (Event(start=_at("2026-09-09").date(), end=_at("2026-12-30").date()), "2026-12-31 00:00", Phase.PAST),
        (Event(start=datetime(2026, 12, 5, 9), end=datetime(2026, 12, 5, 12)), "2026-12-05 08:59", Phase.COMING),
        (Event(start=datetime(2026, 12, 5, 9), end=datetime(2026, 12, 5, 12)), "2026-12-05 09:00", Phase.RUNNING),
        (Event(start=datetime(2026, 12, 5, 9), end=datetime(2026, 12, 5, 12)), "2026-12-05 12:00", Phase.PAST),
        (Event(start=datetime(2026, 12, 5, 9)), "2026-12-05 23:59", Phase.RUNNING),
        (Event(start=datetime(2026, 12, 5, 9)), "2026-12-06 00:00", Phase.PAST),
        (Event(start=_at("2026-12-05").date()), "2026-12-05 00:00", Phase.RUNNING),
        # 20:00 in UTC is 04:00 of the next day at the unit.
        (Event(start=datetime.fromisoformat("2026-12-05T20:00+00:00")), "2026-12-06 03:59", Phase.COMING),
        (Event(start=datetime.fromisoformat("2026-12-05T20:00+00:00")), "2026-12-06 23:59", Phase.RUNNING),
        (None, "2026-12-06 00:00", Phase.PAST),
    ],
)
def test_the_phase_of_an_event(event: Event | None, now: str, wanted: Phase) -> None:
    """From its start to its end, in the unit's time zone; without an end it lasts for one day."""
    assert listings.phase(event, ZONE, _at(now)) is wanted


def test_groups_go_on_over_the_pages_of_a_list() -> None:
    """Twenty entries a page, in the order to come, taking place, past; each page has the headings it needs."""
    days = {f"activities/{number:02}.md": f"2026-12-{number:02}" for number in range(1, 26)}
    shown = [(path, public(path, event={"start": day, "end": day})) for path, day in days.items()]
    run = "activities/run.md"
    shown.append((run, public(run, event={"start": "2026-09-09", "end": "2026-12-30"})))
    listing = listings.build_listings(shown, policy(), datetime.fromisoformat(AT))["activities"]
    groups = listings.grouped(listing, ZONE, _at("2026-12-03 10:00"))
    first, second, *_years = models.lists(listing, None, groups)
    assert [(group.phase, len(group.items)) for group in first.groups] == [(Phase.COMING, 20)]
    assert [(group.phase, len(group.items)) for group in second.groups] == [
        (Phase.COMING, 2),
        (Phase.RUNNING, 2),
        (Phase.PAST, 2),
    ]
    assert [each.path for each in second.items][2:] == [
        "activities/03.md",
        run,
        "activities/02.md",
        "activities/01.md",
    ]


def test_a_column_without_activities_ahead_has_no_headings() -> None:
    """Neither have announcements, whatever they say of events."""
    past = item("activities/a.md", event={"start": "2026-11-01"})
    listing = listings.build_listings([(past.path, past.public)], policy(), datetime.fromisoformat(AT))["activities"]
    assert [group.phase for group in listings.grouped(listing, ZONE, _at("2026-12-03"))] == [None]
    ahead = item("announcements/a.md", event={"start": "2026-12-09"})
    listing = listings.build_listings([(ahead.path, ahead.public)], policy(), datetime.fromisoformat(AT))[
        "announcements"
    ]
    assert [group.phase for group in listings.grouped(listing, ZONE, _at("2026-12-03"))] == [None]


def test_every_list_of_the_site_has_one_order(unit: UnitUnderTest) -> None:
    """Column, year, tag, home, neighbours, feeds and the order of the search: by moment, then by number."""
    names = [*(f"20261103-{number}" for number in (2, 9, 10, 11)), "20261103-1"]
    for name in names:
        unit.write(f"announcements/{name}.md", title=f"Entry {name}", tags=["one"])
        hour = 11 if name == names[-1] else 10
        unit.publish(f"announcements/{name}.md", now=f"2026-11-03T{hour}:00:00+08:00")
    assert unit.build().exit_code == 0
    wanted = ["20261103-1", "20261103-11", "20261103-10", "20261103-9", "20261103-2"]
    for address in ("", "announcements/", "announcements/2026/", "tags/one/"):
        assert re.findall(r">Entry (20261103-\d+)</a>", unit.page(address)) == wanted, address
    for feed in ("feed.xml", "announcements/feed.xml"):
        assert re.findall(r"<title>Entry (\S+)</title>", (unit.site / feed).read_text()) == wanted, feed
    assert '<a rel="next" href="../20261103-9/">' in unit.page("announcements/20261103-10/")
    rows = "".join(file.read_text() for file in (unit.site / index.FOLDER).glob("*/0.json"))
    assert re.findall(r"announcements/(20261103-\d+)/", rows) == wanted


@pytest.mark.slow
def test_a_build_moves_activities_on(unit: UnitUnderTest) -> None:
    """Home and column say what is to come, takes place or is over at the build's clock, though all else is cached."""
    unit.write("activities/course.md", title="Course", event={"start": "2026-09-09", "end": "2026-12-30"})
    unit.write("activities/visit.md", title="Visit", event={"start": "2026-12-05 09:00", "end": "2026-12-05 12:00"})
    unit.write("activities/report.md", title="Report")
    for name in ("course", "visit", "report"):
        unit.publish(f"activities/{name}.md")

    def headings(address: str, now: str) -> list[str]:
        assert unit.build(now=now).exit_code == 0
        page = unit.page(address)
        return re.findall(
            r"To come|Taking place now|Past|(?<=>)(?:Course|Visit|Report)(?=</a>)", page.partition("<main")[2]
        )

    for address in ("", "activities/"):
        assert headings(address, "2026-11-21T10:00:00+08:00") == [
            *("To come", "Visit", "Taking place now", "Course", "Past", "Report"),
        ], address
        assert headings(address, "2026-12-05T09:00:00+08:00") == [
            *("Taking place now", "Visit", "Course", "Past", "Report"),
        ], address
        assert headings(address, "2026-12-05T12:00:00+08:00") == [
            *("Taking place now", "Course", "Past", "Visit", "Report"),
        ], address
        assert headings(address, "2026-12-31T00:00:00+08:00") == ["Visit", "Report", "Course"], address
