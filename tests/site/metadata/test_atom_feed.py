"""The Atom feeds: valid after RFC 4287, honest about when, and the same bytes for the same entries."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from lxml import etree

from gongshi.domain.review.snapshot import take_snapshot
from gongshi.domain.review.status import PublicForm, PublicState
from gongshi.site.metadata.atom_feed import feed
from gongshi.site.pages import listings
from gongshi.site.pages.listings import ListItem
from support.published_items import HOSTILE, SITE, TEXTS, changed, item, items, policy, public
from support.sample_unit import NOW, load_sample
from support.unit import HOOKS, REPOSITORY

ATOM = "{http://www.w3.org/2005/Atom}"


def made(found: list[ListItem], title: str = "Test Unit", address: str = "feed.xml") -> bytes:
    """The feed of these entries."""
    content = feed(title, found, policy(), SITE, address)
    assert content is not None
    return content


def parsed(content: bytes) -> Any:
    """The feed as a reader understands it."""
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def assert_valid(content: bytes) -> Any:
    """What RFC 4287 demands of a feed and each of its entries; the root."""
    root = etree.fromstring(content)
    assert root.tag == ATOM + "feed"
    texts = {"title", "summary", "name", "uri", "id", "updated", "published", "generator"}
    for element in (root, *root.iter(ATOM + "entry")):
        counts = Counter(child.tag.removeprefix(ATOM) for child in element)
        assert counts["id"] == counts["title"] == counts["updated"] == 1
        assert counts["published"] <= 1 and counts["summary"] <= 1 and counts["generator"] <= 1
        assert counts["author"] == 1
        alternates = [link for link in element.iterfind(ATOM + "link") if link.get("rel", "alternate") == "alternate"]
        assert len(alternates) == 1
    for element in root.iter():
        name = element.tag.removeprefix(ATOM)
        assert element.tag.startswith(ATOM)
        if name in texts:
            assert (element.text or "").strip(), name
        if name in ("updated", "published"):
            assert datetime.fromisoformat(element.text).tzinfo is not None and "T" in element.text
        if name in ("id", "uri"):
            assert element.text.startswith(("https://", "tag:"))
        if name == "link":
            assert element.get("href").startswith("https://")
        if name == "category":
            assert element.get("term")
    ids = [element.text for element in root.iter(ATOM + "id")]
    assert len(set(ids)) == len(ids)
    (itself,) = root.iterfind(f"{ATOM}link[@rel='self']")
    assert itself.get("href") == root.findtext(ATOM + "id")
    return root


def test_an_entry_as_a_reader_sees_it() -> None:
    """Title, address, summary, source as the author, column and tags, and both moments."""
    entry = item(
        "announcements/2026/停水/index.md",
        title="Water <off> & on",
        summary="From <9> to 15",
        source="Water works",
        tags=["water", "Announcements", "water"],
        since="2026-11-03T10:00:00+08:00",
        at="2026-11-05T11:00:00+08:00",
    )
    content = made([entry])
    assert_valid(content)
    (shown,) = parsed(content).entries
    url = "https://www.unit.example/announcements/2026/%E5%81%9C%E6%B0%B4/"
    assert (shown.id, shown.link) == (url, url)
    assert shown.title_detail.type == "text/plain" and shown.title == "Water <off> & on"
    assert shown.summary_detail.type == "text/plain" and shown.summary == "From <9> to 15"
    assert shown.author == "Water works"
    terms = [element.get("term") for element in assert_valid(content).iter(ATOM + "category")]
    assert terms == ["Announcements", "water"]
    assert shown.published == "2026-11-03T02:00:00+00:00"
    assert shown.updated == "2026-11-05T03:00:00+00:00"


def test_the_feed_itself() -> None:
    """Its own address, the page that it belongs to, its author, its language, and no other maker's name."""
    content = made([item()], title="Announcements", address="announcements/feed.xml")
    head = parsed(content).feed
    assert head.title == "Announcements" and head.author == "Test Unit" and head.language == "en"
    assert head.id == "https://www.unit.example/announcements/feed.xml"
    assert {link.rel: link.href for link in head.links} == {
        "self": "https://www.unit.example/announcements/feed.xml",
        "alternate": "https://www.unit.example/announcements/",
    }
    assert head.generator == "Gongshi"
    assert b"feedgen" not in content


def test_an_entry_in_another_language() -> None:
    """Has `xml:lang`; what is written from right to left is enclosed in an isolate, so a full stop stays at its end."""
    found = [
        item("announcements/c.md", title="توك توختىتىش.", summary="قىسقىچە.", lang="ug"),
        item("announcements/b.md", title="Notice.", lang="zh-hant"),
        item("announcements/a.md", title="Notice."),
    ]
    content = made(found)
    entries = list(assert_valid(content).iter(ATOM + "entry"))
    languages = [entry.get("{http://www.w3.org/XML/1998/namespace}lang") for entry in entries]
    assert languages == ["ug", "zh-Hant", None]
    titles = [entry.findtext(ATOM + "title") for entry in entries]
    assert titles == ["\u2067توك توختىتىش.\u2069", "Notice.", "Notice."]
    assert entries[0].findtext(ATOM + "summary") == "\u2067قىسقىچە.\u2069"
    assert parsed(content).entries[0].title_detail.language == "ug"


def test_the_unit_is_the_author_where_no_source_is_named() -> None:
    """Every entry has an author."""
    (shown,) = parsed(made([item()])).entries
    assert shown.author == "Test Unit" and "summary" not in shown


def test_newest_first_by_when_they_came_before_the_public() -> None:
    """Neither the date on the page, nor a pin, nor a correction moves an entry up; thirty are shown."""
    shown = [
        (f"announcements/{day:02}.md", public(f"announcements/{day:02}.md", since=f"2026-10-{day:02}T09:00:00+08:00", date="2026-11-01" if day == 1 else "2026-01-01", pinned=day == 2))
        for day in range(1, 32)
    ] + [("activities/z.md", public("activities/z.md", since="2026-09-30T09:00:00+08:00"))]  # fmt: skip
    titles = [entry.id for entry in parsed(made(items(shown))).entries]
    assert titles == [f"https://www.unit.example/announcements/{day:02}/" for day in range(31, 1, -1)]
    assert made(items(shown)) == made(items(shown)[::-1])


def test_entries_of_one_moment_have_one_order() -> None:
    """Whatever the order in which they are found."""
    one, other = item("announcements/a.md"), item("announcements/b.md")
    assert made([one, other]) == made([other, one])


def test_a_feed_changes_when_its_entries_do() -> None:
    """Its `updated` is the newest of its entries, not that of the entry on top."""
    corrected = item("announcements/a.md", since="2026-10-01T09:00:00+08:00", at="2026-11-09T09:00:00+08:00")
    newer = item("announcements/b.md", at="2026-11-03T09:00:00+08:00")
    found = parsed(made([corrected, newer]))
    assert [entry.id[-2] for entry in found.entries] == ["b", "a"]
    assert found.feed.updated == "2026-11-09T01:00:00+00:00"


def test_an_empty_feed_is_a_feed() -> None:
    """With a fixed moment, never the clock's."""
    content = made([])
    assert assert_valid(content).findtext(ATOM + "updated") == "1970-01-01T00:00:00+00:00"
    assert content == made([])


def test_a_draft_is_never_in_a_feed() -> None:
    """Not even in the preview, which lists it."""
    entry = item(title="CANARY")
    draft = replace(entry, public=PublicState(PublicForm.PAGE, entry.public.version, None))
    assert b"CANARY" in made([entry])
    assert b"CANARY" not in made([draft])


@pytest.mark.parametrize("site", ["", "/", "/sub/"])
def test_no_feed_without_an_absolute_address(site: str) -> None:
    """Atom knows no relative ids."""
    assert feed("Test Unit", [item()], policy(), site, "feed.xml") is None


@settings(max_examples=60)
@given(TEXTS)
def test_no_text_breaks_the_feed(text: str) -> None:
    """Whatever stands in titles, summaries, sources, tags, columns and the unit's name."""
    path = "announcements/a.md"
    found = changed(public(path), title=text, summary=text, source=text, tags=(text, text))
    unit = policy()
    unit = replace(
        unit,
        unit=replace(unit.unit, name=text),
        columns={id: replace(column, title=text) for id, column in unit.columns.items()},
    )
    content = feed(text, items([(path, found)], unit), unit, SITE, "feed.xml")
    assert content is not None
    root = assert_valid(content)
    assert len(root.findall(ATOM + "entry")) == 1
    assert {element.tag.removeprefix(ATOM) for element in root.iter()} <= {
        *("feed", "id", "title", "updated", "author", "name", "uri", "link", "generator", "entry", "summary"),
        *("category", "published"),
    }


def test_hostile_text_is_shown_as_text() -> None:
    """A reader sees the letters, and no element or entity."""
    found = changed(public("announcements/a.md"), title=HOSTILE)
    content = made(items([("announcements/a.md", found)]))
    assert b"<script>" not in content
    assert "</script><script>alert(1)</script>" in assert_valid(content).findtext(f"{ATOM}entry/{ATOM}title")


def test_the_sample() -> None:
    """The feed of the sample unit is valid, and the withheld are not in it."""
    snapshot = take_snapshot(load_sample(), datetime.fromisoformat(NOW))
    unit = snapshot.configuration.policy
    shelves = listings.build_listings(snapshot.public(), unit, snapshot.now)
    found = [item for shelf in shelves.values() for item in shelf.items]
    content = feed(unit.unit.name, found, unit, snapshot.configuration.site_url or "", "feed.xml")
    assert content is not None
    assert_valid(content)
    assert len(parsed(content).entries) == min(30, len(found)) > 20


SCRIPT = """
import sys
from support.published_items import SITE, item, policy
from gongshi.site.metadata.icalendar_files import calendar
from gongshi.site.metadata.atom_feed import feed
unit = policy()
found = [item("activities/a.md", event={"start": "2026-11-14 08:30"}, tags=["b", "a"])]
sys.stdout.buffer.write(feed("T", found, unit, SITE, "feed.xml") + calendar("T", found, unit, SITE))
"""


@pytest.mark.slow
def test_the_same_bytes_on_every_machine() -> None:
    """Time zone, language and hash seed of the machine change nothing."""
    path = os.pathsep.join((str(HOOKS), str(REPOSITORY / "tests")))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={
                "PYTHONPATH": path,
                "TZ": zone,
                "LC_ALL": language,
                "PYTHONHASHSEED": seed,
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            check=True,
        ).stdout
        for zone, language, seed in (("UTC", "C", "1"), ("America/St_Johns", "zh_CN.UTF-8", "2"))
    }
    assert len(outputs) == 1
    assert all(outputs)
