"""Front matter keys come to every place that their declaration names, and to no other."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import pytest

from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import (
    BOOLEAN,
    DAY,
    FrontMatterKey,
    Place,
    ValueType,
    declare_key,
    front_matter_key,
    list_value,
    listed,
    text_value,
)
from support import search_reader
from support.unit import UnitUnderTest, settings

KEYS = {each.name: front_matter_key(each) for each in fields(FrontMatter)}
PATHS = {"on_entry": "announcements/a/index.md", "on_page": "about/index.md"}
WRITTEN: dict[str, Any] = {
    "title": "Qtitle", "date": "2026-10-17", "source": "Qsource", "summary": "Qsummary", "tags": ["Qtags"],
    "publish_at": "2026-10-18 08:30", "document": {"number": "Qdocument"}, "event": {"start": "2026-10-20", "place": "Qevent"},
    "attachments": [{"file": "f.txt", "title": "Qattachments"}], "imported_from": {"file": "Qimported_from", "sha256": "0"},
}  # fmt: skip
"""A value for each key that shows its value, with a word to look for; any other text key gets one by itself."""
UNCHECKED = {"status", "approved_by", "author", "pinned", "expires_at", "public_notice", "lang"}
"""Flags, people and marks: other tests tell what a page makes of them."""


def _words() -> dict[str, str]:
    """Return the word to look for, by key."""
    found = {name: f"Q{name}" for name in KEYS if name not in UNCHECKED}
    return {**found, "date": "2026-10-17", "publish_at": "2026-10-18"}


def _values() -> dict[str, Any]:
    """Return front matter with every key; one that was added since gets a text, or a list of one."""
    added = {name: key for name, key in KEYS.items() if name not in WRITTEN and name not in UNCHECKED}
    texts = {
        name: [f"Q{name}"] if key.type.json_schema.get("type") == "array" else f"Q{name}" for name, key in added.items()
    }
    return {**WRITTEN, **texts}


BEFORE = "2026-10-17T12:00:00+08:00"
"""A moment before the `publish_at` of the entry."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with an entry and a standing page that have every key, built."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("keys"))
    unit.configure(settings(chain=["final"]) | {"columns": {"announcements": {"title": "A", "kind": "announcement"}}})
    for path in PATHS.values():
        unit.write(path, body="Text.", **_values())
        unit.write(path.replace("index.md", "f.txt"), b"file")
        assert unit.gongshi("submit", f"docs/{path}", "--as", "clerk", now=BEFORE).exit_code == 0
        assert unit.gongshi("approve", f"docs/{path}", "--as", "chief").exit_code == 0
    assert unit.build().exit_code == 0
    return unit


@pytest.mark.parametrize("place", list(PATHS))
def test_a_page_shows_the_keys_that_are_declared_for_it(whole: UnitUnderTest, place: str) -> None:
    """On entries and on standing pages: what is declared is shown, and what is absent is not."""
    html = (whole.site / PATHS[place].replace(".md", ".html")).read_text(encoding="utf-8")
    shown = {name: word in html for name, word in _words().items()}
    assert shown == {name: getattr(KEYS[name], place) is not Place.ABSENT for name in shown}


@pytest.mark.parametrize("place", list(PATHS))
def test_the_search_finds_the_keys_that_are_declared_for_it(whole: UnitUnderTest, place: str) -> None:
    """What is declared is found by its words, and what is absent is not; tags stand beside the words."""
    files = search_reader.files_of(whole.site)
    url = PATHS[place].replace("index.md", "")
    terms = {found.term for found in search_reader.terms(files) if found.url == url}
    rows = [row for shard in search_reader.overview(files)["shards"] for row in search_reader.rows(files, shard[0])]
    beside = str([next(row for row in rows if row[0] == url), search_reader.overview(files)]).lower()
    words = {name: word.lower() for name, word in _words().items() if word.startswith("Q")}
    if place == "on_page":
        del words["tags"]  # Standing pages wear none.
    found = {name: word in terms or word in beside for name, word in words.items()}
    assert found == {name: KEYS[name].in_search is not Place.ABSENT for name in found}


def test_the_ledger_has_the_keys_that_are_declared_for_it(whole: UnitUnderTest) -> None:
    """In the row of an entry."""
    rows = whole.gongshi("ledger", "--json").json()["entries"]
    row = str(next(row for row in rows if row["path"] == PATHS["on_entry"]))
    found = {name: word in row for name, word in _words().items()}
    assert found == {name: KEYS[name].in_ledger is not Place.ABSENT for name in found}


def _declared(value: ValueType, place: Place) -> Any:
    return declare_key(value, lambda: "contact", on_entry=place, on_page=place, in_search=place, in_ledger=place)


def test_listed_keys_need_no_code() -> None:
    """Those with a value, as text, in the order of their declaration."""

    @dataclass(frozen=True)
    class More(FrontMatter):
        contact: str | None = field(default=None, metadata=_declared(text_value(), Place.LISTED))
        hidden: str | None = field(default=None, metadata=_declared(text_value(), Place.ABSENT))
        until: date | None = field(default=None, metadata=_declared(DAY, Place.LISTED))
        rooms: tuple[str, ...] = field(default=(), metadata=_declared(list_value(text_value()), Place.LISTED))
        empty: str | None = field(default=None, metadata=_declared(text_value(), Place.LISTED))

    def place(key: FrontMatterKey) -> Place:
        return key.on_page

    meta = More("A", contact="Ms Wu", hidden="x", until=date(2026, 1, 2), rooms=("1", "2"))
    assert [(name, text) for name, _key, text in listed(meta, place)] == [
        ("contact", "Ms Wu"), ("until", "2026-01-02"), ("rooms", "1, 2"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [BOOLEAN, KEYS["event"].type])
def test_what_has_no_text_cannot_be_listed(value: ValueType) -> None:
    """Such a declaration is an error when the program starts."""
    with pytest.raises(TypeError, match="can be listed"):
        _declared(value, Place.LISTED)


def test_no_place_is_forgotten() -> None:
    """A declaration that leaves a place out is an error when the program starts."""
    with pytest.raises(TypeError, match="in_ledger"):
        declare_key(text_value(), lambda: "x", on_entry=Place.OWN, on_page=Place.OWN, in_search=Place.OWN)  # type: ignore[call-arg]
