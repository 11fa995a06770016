"""The calendars: valid after RFC 5545, right about days and times, and the same bytes for the same entries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import Event
from gongshi.domain.review.snapshot import take_snapshot
from gongshi.domain.review.status import PublicForm, PublicState
from gongshi.site.metadata.formats import one_line
from gongshi.site.metadata.icalendar_files import calendar, event
from gongshi.site.pages import listings
from gongshi.site.pages.listings import ListItem
from support.icalendar_reader import Component, parse
from support.published_items import HOSTILE, SITE, TEXTS, changed, item, items, policy, public
from support.sample_unit import NOW, load_sample

DAY = {"start": "2026-11-14"}


def activity(path: str = "activities/a.md", unit: Policy | None = None, **keys: Any) -> ListItem:
    """An activity as the lists have it."""
    return item(path, unit, **{"event": DAY, **keys})


def only(content: bytes) -> Component:
    """The one event of a calendar."""
    (found,) = parse(content).components
    assert found.name == "VEVENT"
    return found


def shown(**times: Any) -> Component:
    """The event of an activity at these times."""
    found = activity()
    dated = changed(found.public, event=Event(**times))
    return only(event(replace(found, public=dated), policy(), SITE))


def assert_valid(root: Component) -> None:
    """What RFC 5545 demands of a calendar and each event."""
    assert root.raw("VERSION") == "2.0"
    assert "Gongshi" in root.raw("PRODID")
    assert not root.has("METHOD")
    assert root.components
    uids = []
    for found in root.components:
        if found.name != "VEVENT":
            continue
        uids.append(found.text("UID"))
        for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
            assert re.fullmatch(r"\d{8}T\d{6}Z", found.raw(name))
        form = r"\d{8}" if found.parameters("DTSTART").get("VALUE") == "DATE" else r"\d{8}T\d{6}Z"
        assert re.fullmatch(form, found.raw("DTSTART"))
        if found.has("DTEND"):
            assert found.parameters("DTEND") == found.parameters("DTSTART")
            assert re.fullmatch(form, found.raw("DTEND"))
            assert found.raw("DTEND") > found.raw("DTSTART")
        assert not found.has("ORGANIZER")
        assert found.raw("STATUS") == "CONFIRMED"
        assert len(found.text("UID").encode()) <= 255
    assert len(set(uids)) == len(uids)


def test_an_activity_as_a_calendar_sees_it() -> None:
    """Everything that the page says of it, from where the page is, and when that was decided."""
    found = activity(
        "activities/2026/植树/index.md",
        title="Tree day; bring a spade, please",
        summary="Rain or shine",
        tags=["trees", "volunteers", "trees"],
        event={"start": "2026-11-14 08:30", "end": "2026-11-14 11:30", "place": "East bank", "organizer": "Culture office", "contact": "Ms Li, 0500-1"},
        since="2026-11-02T10:00:00+08:00",
        at="2026-11-03T10:00:00+08:00",
    )  # fmt: skip
    shown = only(event(found, policy(), SITE))
    assert shown.text("SUMMARY") == "Tree day; bring a spade, please"
    assert (shown.raw("DTSTART"), shown.raw("DTEND")) == ("20261114T003000Z", "20261114T033000Z")
    assert shown.text("LOCATION") == "East bank" and shown.text("CONTACT") == "Ms Li, 0500-1"
    assert shown.text("DESCRIPTION") == "Rain or shine\nOrganizer: Culture office"
    assert shown.texts("CATEGORIES") == ["Activities", "trees", "volunteers"]
    assert shown.raw("URL") == "https://www.unit.example/activities/2026/%E6%A4%8D%E6%A0%91/"
    assert shown.text("UID") == "activities/2026/%E6%A4%8D%E6%A0%91@www.unit.example"
    assert shown.raw("CREATED") == "20261102T020000Z"
    assert shown.raw("DTSTAMP") == shown.raw("LAST-MODIFIED") == "20261103T020000Z"
    assert shown.raw("TRANSP") == "TRANSPARENT"


def test_a_calendar_has_a_name_and_says_how_often_to_ask() -> None:
    """In the words of RFC 7986 and in those that programs knew before."""
    root = parse(calendar("Activities", [activity()], policy(), SITE))
    assert_valid(root)
    assert root.text("NAME") == root.text("X-WR-CALNAME") == "Activities"
    assert root.raw("X-WR-TIMEZONE") == "Asia/Shanghai"
    assert root.raw("REFRESH-INTERVAL") == root.raw("X-PUBLISHED-TTL") == "P1D"
    assert root.parameters("REFRESH-INTERVAL") == {"VALUE": "DURATION"}


@pytest.mark.parametrize(
    ("start", "end", "dtstart", "dtend"),
    [
        (date(2026, 11, 14), None, "20261114", "20261115"),
        (date(2026, 11, 14), date(2026, 11, 14), "20261114", "20261115"),
        (date(2026, 6, 6), date(2026, 8, 31), "20260606", "20260901"),
        (date(2026, 11, 14), datetime(2026, 11, 15, 17), "20261114", "20261116"),
        (date(2026, 11, 14), datetime(2026, 11, 15, 0), "20261114", "20261115"),
        (date(2026, 11, 14), datetime.fromisoformat("2026-11-14T00:30+14:00"), "20261114", "20261115"),
        (datetime(2026, 11, 14, 8, 30), datetime(2026, 11, 14, 11), "20261114T003000Z", "20261114T030000Z"),
        (datetime(2026, 11, 14, 8, 30), date(2026, 11, 15), "20261114T003000Z", "20261115T160000Z"),
        (datetime.fromisoformat("2026-11-14T08:30-05:00"), None, "20261114T133000Z", None),
        (datetime(2026, 11, 14, 8, 30), datetime(2026, 11, 14, 8, 30), "20261114T003000Z", None),
        (datetime(2026, 11, 14, 8, 30), datetime.fromisoformat("2026-11-14T08:30+14:00"), "20261114T003000Z", None),
        (datetime(1900, 1, 1, 0, 0), None, "18991231T155417Z", None),
        (date(2999, 12, 31), None, "29991231", "30000101"),
    ],
)
def test_days_and_times(start: date, end: date | None, dtstart: str, dtend: str | None) -> None:
    """The last day is in and DTEND is not; both ends are of one type; no end lies before the beginning."""
    found = shown(start=start, end=end)
    assert found.raw("DTSTART") == dtstart
    assert (found.raw("DTEND") if found.has("DTEND") else None) == dtend
    wanted = {"VALUE": "DATE"} if len(dtstart) == 8 else {}
    assert found.parameters("DTSTART") == wanted
    assert dtend is None or found.parameters("DTEND") == wanted


def test_an_activity_in_another_language() -> None:
    """Title, place and contact name their language (RFC 5545, 3.2.10); without `lang` they name none."""
    keys = {**DAY, "place": "مەيدان", "contact": "ئالىم"}
    found = only(event(activity(title="كىتاب ئوقۇش.", lang="ug", event=keys), policy(), SITE))
    assert found.text("SUMMARY") == "كىتاب ئوقۇش."
    for name in ("SUMMARY", "LOCATION", "CONTACT"):
        assert found.parameters(name) == {"LANGUAGE": "ug"}
    assert only(event(activity(event=keys), policy(), SITE)).parameters("SUMMARY") == {}


def test_which_entries_are_in_the_calendar() -> None:
    """Those with an event in a column of activities, by when they begin; no drafts."""
    found = items(
        [
            ("activities/a-late.md", public("activities/a-late.md", event={"start": "2026-12-01"})),
            ("activities/z-early.md", public("activities/z-early.md", event={"start": "2026-11-14 08:30"})),
            ("activities/report.md", public("activities/report.md")),
            ("announcements/hearing.md", public("announcements/hearing.md", event=DAY)),
        ]
    )
    drafted = activity("activities/draft.md")
    found.append(replace(drafted, public=PublicState(PublicForm.PAGE, drafted.public.version, None)))
    content = calendar("Activities", found, policy(), SITE)
    root = parse(content)
    assert [event.text("UID").split("@")[0] for event in root.components] == ["activities/z-early", "activities/a-late"]
    assert content == calendar("Activities", found[::-1], policy(), SITE)


def test_an_event_of_an_announcement_can_be_taken_over() -> None:
    """A hearing is no activity, but a day in a calendar."""
    found = item("announcements/hearing.md", event=DAY)
    assert only(event(found, policy(), SITE)).texts("CATEGORIES") == ["Announcements"]


def test_no_calendar_for_what_has_no_event_or_is_not_public() -> None:
    """Nothing is made up, and no draft gets out as a file."""
    drafted = activity()
    with pytest.raises(ValueError, match="announcements/a"):
        event(item(), policy(), SITE)
    with pytest.raises(ValueError, match="activities/a"):
        event(replace(drafted, public=PublicState(PublicForm.PAGE, drafted.public.version, None)), policy(), SITE)


def test_a_calendar_without_activities_is_a_calendar() -> None:
    """RFC 5545 wants one component at least; a time zone promises nothing."""
    root = parse(calendar("Activities", [], policy(), SITE))
    assert_valid(root)
    assert [found.name for found in root.components] == ["VTIMEZONE"]
    (standard,) = root.components[0].components
    assert (standard.name, standard.raw("TZOFFSETFROM"), standard.raw("TZOFFSETTO")) == ("STANDARD", "+0000", "+0000")
    assert standard.raw("DTSTART") == "19700101T000000"


def test_an_expired_activity_says_so() -> None:
    """The mark of the page stands first."""
    found = activity(expired=True, summary="Sign up")
    assert only(event(found, policy(), SITE)).text("DESCRIPTION") == "No longer valid\nSign up"
    assert only(event(found, policy("zh"), SITE)).text("DESCRIPTION") == "已失效\nSign up"


def test_the_uid_stays() -> None:
    """A correction, another scheme and a bundle in place of a file leave it alone; another unit's differs."""
    uids = {
        only(event(found, policy(), site)).text("UID")
        for found, site in [
            (activity(), SITE),
            (activity("activities/a/index.md", title="Other", at="2026-11-09T10:00:00+08:00"), "http://other.example/"),
        ]
    }
    assert uids == {"activities/a@www.unit.example"}
    nowhere = policy(domain=None)
    assert only(event(activity(), nowhere, SITE)).text("UID") == "activities/a@www.unit.example"
    anonymous = {
        only(event(activity(), replace(nowhere, identity=name), "")).text("UID")
        for name in ("One unit", "Another unit")
    }
    assert len(anonymous) == 2 and all(uid.endswith(".invalid") for uid in anonymous)


def test_two_units_on_one_host_have_different_uids() -> None:
    """The folder of a site is part of it; a site at the root of its host keeps the UIDs that calendars know."""
    host = "https://www.unit.example"
    uids = {
        site: only(event(activity(), policy(), host + site)).text("UID")
        for site in ("/", "/a/", "/b/", "/镇/b%20c//d/")
    }
    assert uids == {
        "/": "activities/a@www.unit.example",
        "/a/": "a/activities/a@www.unit.example",
        "/b/": "b/activities/a@www.unit.example",
        "/镇/b%20c//d/": "%E9%95%87/b%20c/d/activities/a@www.unit.example",
    }


def test_long_paths_have_short_uids() -> None:
    """No calendar cuts them off, and two of them differ."""
    paths = [f"activities/{'长' * 100}/{name}.md" for name in "ab"]
    root = parse(calendar("Activities", [activity(path) for path in paths], policy(), SITE))
    assert_valid(root)
    assert len(root.components) == 2


def test_no_address_without_a_site() -> None:
    """URL must be absolute."""
    assert not only(event(activity(), policy(), "")).has("URL")


@settings(max_examples=60)
@given(TEXTS)
def test_no_text_breaks_the_calendar(text: str) -> None:
    """Whatever stands in titles, places, organizers, contacts, summaries, tags and the calendar's name."""
    found = changed(
        public("activities/a.md", event=DAY),
        title=text,
        summary=text,
        tags=(text, "b"),
        event=Event(date(2026, 11, 14), None, text, text, text),
    )
    unit = policy(domain=text)
    unit = replace(unit, columns={id: replace(column, title=text) for id, column in unit.columns.items()})
    root = parse(calendar(text, items([("activities/a.md", found)], unit), unit, SITE))
    assert_valid(root)
    (shown,) = root.components
    for _name, parameters, value in (*root.properties, *shown.properties):
        assert all(parameters.values())
        assert value.strip()
    for name in ("SUMMARY", "LOCATION", "CONTACT"):
        assert (shown.text(name) if shown.has(name) else "") == one_line(text)


def test_hostile_text_is_shown_as_text() -> None:
    """No line of it is taken for a property or a component."""
    found = changed(public("activities/a.md", event=DAY), title=HOSTILE)
    shown = only(event(items([("activities/a.md", found)])[0], policy(), SITE))
    assert not shown.components
    assert shown.text("SUMMARY").startswith('</script><script>alert(1)</script>"')
    assert "BEGIN:VEVENT" in shown.text("SUMMARY") and shown.text("SUMMARY").endswith("\\;,")


@settings(max_examples=60)
@given(st.text("通知😀é; ,\\ab", max_size=200).map(str.strip).filter(bool))
def test_lines_are_folded_between_characters(text: str) -> None:
    """Unfolded and without escapes, the text is what it was."""
    found = changed(public("activities/a.md", event=DAY), title=text)
    assert only(event(items([("activities/a.md", found)])[0], policy(), SITE)).text("SUMMARY") == " ".join(text.split())


def test_the_sample() -> None:
    """The calendar of the sample unit is valid and has its coming activities."""
    snapshot = take_snapshot(load_sample(), datetime.fromisoformat(NOW))
    unit = snapshot.configuration.policy
    shelf = listings.build_listings(snapshot.public(), unit, snapshot.now)["activities"]
    root = parse(calendar(shelf.column.title, shelf.items, unit, snapshot.configuration.site_url or ""))
    assert_valid(root)
    with_event = [item for item in shelf.items if item.public.version and item.public.version.meta.event]
    assert len(root.components) == len(with_event) > 5
