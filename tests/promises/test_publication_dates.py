"""Since when a page is public, and when it changed: one answer, wherever the site says it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest

from support.unit import UnitUnderTest, settings

SOON = "2026-11-10T09:00:00+08:00"
EVENT = {"start": "2026-12-01", "place": "Hall"}


@pytest.fixture
def dated(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit whose activity was approved on the 10th, waited for the 15th, and was changed and corrected after that."""
    unit.configure(settings(correction={"chain": ["first"], "characters": 6}))
    unit.write("activities/a.md", title="Waited", publish_at="2026-11-15 08:30", event=EVENT)
    unit.publish("activities/a.md", now=SOON)
    unit.write("activities/b.md", title="Changed", event=EVENT, body="On Monday.")
    unit.publish("activities/b.md", now=SOON)
    unit.write("activities/b.md", title="Changed again", publish_at="2026-11-16 07:00", event=EVENT, body="On Monday.")
    unit.publish("activities/b.md", now="2026-11-12T09:00:00+08:00")
    unit.write("activities/b.md", title="Changed again", publish_at="2026-11-16 07:00", event=EVENT, body="On Sunday.")
    for act in (("correct", "--note", "the day", "--as", "clerk"), ("approve", "--as", "head")):
        result = unit.gongshi(act[0], "docs/activities/b.md", *act[1:], now="2026-11-18T09:00:00+08:00")
        assert result.exit_code == 0, result.all
    assert unit.build("--strict").exit_code == 0
    return unit


def _moments(texts: list[str]) -> set[datetime]:
    return {datetime.fromisoformat(text.replace("Z", "+00:00")) for text in texts}


def _calendar(unit: UnitUnderTest, address: str) -> dict[str, set[datetime]]:
    text = (unit.site / address / "event.ics").read_text()
    found = re.findall(r"^(CREATED|DTSTAMP|LAST-MODIFIED):(\d{8}T\d{6}Z)", text, re.MULTILINE)
    return {name: {datetime.strptime(value, "%Y%m%dT%H%M%S%z")} for name, value in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "since", "changed"),
    [
        ("activities/a", "2026-11-15T08:30:00+08:00", "2026-11-15T08:30:00+08:00"),
        ("activities/b", SOON, "2026-11-16T07:00:00+08:00"),
    ],
)
def test_everything_names_the_same_moments(dated: UnitUnderTest, address: str, since: str, changed: str) -> None:
    """Meta tags, JSON-LD, both feeds, the calendar, the site map and the ledger."""
    first, last = _moments([since]), _moments([changed])
    page = dated.page(address)
    assert re.findall(r'name="PubDate" content="([^"]*)"', page) == [f"{next(iter(first)):%Y-%m-%d %H:%M}"]
    for name, wanted in (("published", first), ("modified", last)):
        assert _moments(re.findall(f'"article:{name}_time" content="([^"]*)"', page)) == wanted
        assert _moments(re.findall(f'"date{name.title()}":"([^"]*)"', page)) == wanted
    for feed in ("feed.xml", "activities/feed.xml"):
        entry = next(part for part in (dated.site / feed).read_text().split("<entry>") if f"{address}/</id>" in part)
        assert _moments(re.findall("<published>(.*)</published>", entry)) == first
        assert _moments(re.findall("<updated>(.*)</updated>", entry)) == last
    assert _calendar(dated, address) == {"CREATED": first, "DTSTAMP": last, "LAST-MODIFIED": last}
    assert _site_map(dated)[f"{address}/"] == changed[:10]
    ledger: Any = json.loads(dated.gongshi("ledger", "--json").output)
    row = next(row for row in ledger["entries"] if row["path"] == f"{address}.md")
    assert _moments([row["first_published"]]) == first


def test_a_list_changed_when_the_newest_of_its_entries_did(dated: UnitUnderTest) -> None:
    """Home, column and year: not on the day of a later approval or correction."""
    found = _site_map(dated)
    assert {found[address] for address in ("", "activities/", "activities/2026/")} == {"2026-11-16"}


def _site_map(unit: UnitUnderTest) -> dict[str, str]:
    text = (unit.site / "sitemap.xml").read_text()
    return dict(re.findall(r"<loc>https://www.unit.example/([^<]*)</loc><lastmod>([^<]*)</lastmod>", text))


@pytest.mark.slow
def test_an_entry_without_date_has_the_day_on_which_it_became_public(unit: UnitUnderTest) -> None:
    """The page, lists in their order, year archives, the search and the ledger: the moment that feeds name."""
    unit.write("announcements/waited.md", title="Waited", date=None, publish_at="2026-01-01 00:10")
    unit.publish("announcements/waited.md", now="2025-12-30T09:00:00+08:00")
    unit.write("announcements/early.md", title="Early", date=None)
    unit.publish("announcements/early.md", now="2025-12-31T23:50:00+08:00")
    unit.write("announcements/dated.md", title="Dated", date="2026-01-02")
    unit.publish("announcements/dated.md", now="2026-01-03T09:00:00+08:00")
    unit.write("announcements/early.md", title="Early", date=None, body="Changed.")
    unit.publish("announcements/early.md", now="2026-02-03T09:00:00+08:00")
    unit.write("about.md", title="About", date=None)
    unit.publish("about.md")
    assert unit.build("--strict").exit_code == 0
    for name, day in (("waited", "2026-01-01"), ("early", "2025-12-31"), ("dated", "2026-01-02")):
        assert f'<time datetime="{day}">{day}</time>' in unit.page(f"announcements/{name}")
        assert (
            f"{day}" in re.findall('"datePublished":"([^"T]*)', unit.page(f"announcements/{name}"))[0]
            or name == "dated"
        )
    listed = re.findall(r'<a href="[./]*announcements/(\w+)/"', unit.page(""))
    assert [name for name in listed if name in ("waited", "early", "dated")] == ["dated", "waited", "early"]
    assert "Early" in unit.page("announcements/2025") and "Early" not in unit.page("announcements/2026")
    assert "Waited" in unit.page("announcements/2026")
    rows = {row["path"]: row["date"] for row in json.loads(unit.gongshi("ledger", "--json").output)["entries"]}
    assert rows["announcements/early.md"] == "2025-12-31"
    assert rows["about.md"] is None
    assert 'class="gs-facts"' not in unit.page("about") or "<time" not in unit.page("about")
