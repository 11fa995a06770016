"""The comparison of versions: nothing that changes the digest is missing from it, and nothing else is in it."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.common.hashing import sha256
from gongshi.domain.content import front_matter
from gongshi.domain.content.front_matter import Attachment, Document, Event, FrontMatter, MarkdownFile, PublicNotice
from gongshi.domain.content.version import Version, to_canonical
from gongshi.reports.diff.attachment_reader import Failure
from gongshi.reports.diff.attachment_text import TextExtractor
from gongshi.reports.diff.compare import Comparison, State, compare, written
from gongshi.reports.diff.summary import field_title, state_title, type_title
from gongshi.reports.diff.text_diff import Op
from support.front_matter_changes import CHANGES, VALID
from support.office_documents import pdf, word


def version(
    text: str = VALID, path: str = "announcements/x/index.md", files: dict[str, bytes] | None = None
) -> tuple[Version, dict[str, bytes]]:
    """A version with the bytes of its files."""
    files = files or {}
    digests = {name: sha256(content) for name, content in files.items()}
    return Version(path, front_matter.read(text.encode(), path, requires_entry_keys=True), digests), files


def compared(before: tuple[Version, dict[str, bytes]] | None, after: tuple[Version, dict[str, bytes]]) -> Comparison:
    """Two versions compared."""
    old = before or (None, {})
    return compare(old[0], after[0], old[1].__getitem__, after[1].__getitem__, TextExtractor())


def no_files(name: str) -> bytes:
    """Reads the files of a version that has none."""
    raise KeyError(name)


def found(comparison: Comparison) -> bool:
    """Whether anything is shown as different."""
    return bool(comparison.fields or comparison.body_differs or comparison.changed_files)


STATES = [
    *((text, {}) for text in [VALID, *CHANGES]),
    *((VALID.replace("author: clerk", f"author: clerk\n{line}"), {}) for line in (
        "document: {}", "tags: [S T]", "tags: ['S, T']", "attachments: [{file: f, title: T}]",
        "attachments: [{file: f, title: S}, {file: g, title: S}]", "attachments: [{file: g, title: S}, {file: f, title: S}]",
        "event: {start: 2026-11-04 00:00}", "event: {start: 2026-11-04, end: 2026-11-04}",
        "publish_at: 2026-11-03 08:00:01", "publish_at: 2026-11-03 08:00 Z", "summary: 'true'", "source: 's'",
    )),
    (VALID.replace("title: A", "title: 'A\u200b'"), {}),
    (VALID.replace("Body\n", "Body"), {}),
    (VALID.replace("Body\n", "Body \n"), {}),
    (VALID.replace("Body\n", "\nBody\n"), {}),
    (VALID, {"a.txt": b"x"}),
    (VALID, {"a.txt": b"y"}),
    (VALID, {"b.txt": b"x"}),
    (VALID, {"a.txt": b"x", "b.txt": b"x"}),
    (VALID, {"a.txt": b"x\r\n"}),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(STATES)))
def test_whatever_changes_the_digest_is_shown(number: int) -> None:
    """Each state of an entry against each other one: where the digests differ there is something to see."""
    one = version(*STATES[number][:1], files=STATES[number][1])
    for text, files in STATES:
        other = version(text, files=files)
        comparison = compared(one, other)
        assert found(comparison) == comparison.differs == (one[0].digest != other[0].digest)


def test_another_address_is_shown() -> None:
    """The path is part of the digest."""
    (change,) = compared(version(path="announcements/x.md"), version(path="announcements/y.md")).fields
    assert (change.key, change.before, change.after) == ("path", "announcements/x.md", "announcements/y.md")


LINE = st.text("aA,: []{}\u200b停", min_size=1, max_size=4)
DAYS = st.dates(date(2026, 11, 3), date(2026, 11, 5))
ZONES = st.sampled_from([None, timezone.utc, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))])
TIMES = st.datetimes(datetime(2026, 11, 3), datetime(2026, 11, 3, 0, 2), timezones=ZONES).map(  # type: ignore[arg-type]
    lambda time: time.replace(microsecond=0)
)
MAYBE = st.none() | LINE
FRONT = st.builds(
    FrontMatter,
    title=LINE,
    date=st.none() | DAYS | TIMES,
    status=st.sampled_from(["draft", "approved"]),
    approved_by=st.sampled_from([None, "chief"]),
    author=MAYBE,
    source=MAYBE,
    tags=st.lists(LINE, max_size=3).map(tuple),
    pinned=st.booleans(),
    publish_at=st.none() | TIMES,
    expires_at=st.none() | DAYS | TIMES,
    public_notice=st.none() | st.builds(PublicNotice, DAYS, DAYS),
    document=st.none() | st.builds(Document, MAYBE, MAYBE, st.none() | DAYS),
    event=st.none() | st.builds(Event, DAYS | TIMES, st.none() | DAYS | TIMES, MAYBE),
    attachments=st.lists(st.builds(Attachment, st.text("af.", min_size=1, max_size=3), LINE), max_size=2).map(tuple),
)
CHANGE = st.fixed_dictionaries({}, optional={
    "title": LINE, "tags": st.lists(LINE, max_size=3).map(tuple), "pinned": st.booleans(), "publish_at": st.none() | TIMES,
    "document": st.none() | st.builds(Document, MAYBE), "expires_at": DAYS | TIMES, "status": st.just("returned"),
    "event": st.none() | st.builds(Event, DAYS | TIMES),
})  # fmt: skip


@pytest.mark.slow
@settings(max_examples=500)
@given(FRONT, st.one_of(FRONT, CHANGE))
def test_front_matter_is_written_one_to_one(one: FrontMatter, other: FrontMatter | dict[str, Any]) -> None:
    """Two front matters are written alike exactly where the digest takes them for the same."""
    second = other if isinstance(other, FrontMatter) else dataclasses.replace(one, **other)
    assert (written(one) == written(second)) == (to_canonical(one) == to_canonical(second))
    before, after = (Version("x.md", MarkdownFile(meta, "", {}), {}) for meta in (one, second))
    fields = compare(before, after, no_files, no_files, TextExtractor()).fields
    for change in fields:
        assert any(piece.op is not Op.SAME for piece in change.pieces)
    assert bool(fields) == (before.digest != after.digest)


def test_dates_are_written_as_people_write_them() -> None:
    """A day, a time, seconds only where there are some, an offset only where one was given; the keys of the file."""
    text = VALID.replace(
        "author: clerk",
        "author: clerk\npublish_at: 2026-11-03 08:00 +08:00\nexpires_at: 2026-11-04 08:00:30\n"
        "public_notice: {from: 2026-11-04, to: 2026-11-05}\npinned: true\ndocument: {}\ntags: [S, T]",
    )
    assert written(version(text)[0].meta) == {
        "title": "A",
        "date": "2026-11-03",
        "author": "clerk",
        "tags": "S\nT",
        "pinned": "true",
        "publish_at": "2026-11-03 08:00 +08:00",
        "expires_at": "2026-11-04 08:00:30",
        "public_notice.from": "2026-11-04",
        "public_notice.to": "2026-11-05",
        "document": "{}",
    }


def test_dates_are_not_read_word_by_word() -> None:
    """Of a date all of it is old or new."""
    (change,) = compared(version(), version(VALID.replace("2026-11-03", "2026-11-04"))).fields
    assert [(piece.op, piece.text) for piece in change.pieces] == [(Op.OUT, "2026-11-03"), (Op.IN, "2026-11-04")]


def test_files() -> None:
    """Added, removed, changed, renamed and unchanged files, each with its size."""
    before = {"a.txt": b"one", "b.txt": b"same bytes", "c.txt": b"gone", "d.txt": b"stays"}
    after = {"a.txt": b"two!", "e.txt": b"same bytes", "f.txt": b"new", "d.txt": b"stays"}
    files = {file.name: file for file in compared(version(files=before), version(files=after)).files}
    assert {name: file.state for name, file in files.items()} == {
        "a.txt": State.CHANGED, "c.txt": State.REMOVED, "d.txt": State.SAME, "e.txt": State.RENAMED, "f.txt": State.ADDED,
    }  # fmt: skip
    assert files["e.txt"].old_name == "b.txt"
    sides = files["a.txt"].before, files["a.txt"].after
    assert [(side.size, side.sha256) for side in sides if side] == [(3, sha256(b"one")), (4, sha256(b"two!"))]
    assert files["a.txt"].inside is not None and files["a.txt"].inside.differs


def test_several_files_with_the_same_bytes() -> None:
    """Each old name is given to one new name only; a copy is new."""
    files = compared(version(files={"a": b"x", "b": b"x"}), version(files={"c": b"x", "d": b"x", "e": b"x"})).files
    assert [(file.name, file.state, file.old_name) for file in files] == [
        ("c", State.RENAMED, "a"), ("d", State.RENAMED, "b"), ("e", State.ADDED, None),
    ]  # fmt: skip


def test_what_is_inside_changed_files() -> None:
    """The text where both can be read; else the reasons; nothing of kinds that are not read."""
    before = {"a.docx": word(["甲"]), "b.pdf": pdf("x"), "c.jpg": b"1", "d.txt": "甲\n".encode()}
    after = {"a.docx": word(["乙"]), "b.pdf": b"broken", "c.jpg": b"2", "d.txt": "甲\r\n".encode()}
    files = {file.name: file for file in compared(version(files=before), version(files=after)).files}
    inside = {name: file.inside for name, file in files.items()}
    assert inside["a.docx"] and [piece.text for piece in inside["a.docx"].pieces] == ["甲", "乙", "\n"]
    assert inside["b.pdf"] and (inside["b.pdf"].before, inside["b.pdf"].after) == (None, Failure.DAMAGED)
    assert inside["c.jpg"] is None
    assert inside["d.txt"] and not inside["d.txt"].differs


def test_everything_is_new_without_a_base() -> None:
    """Every key, the whole text and every file."""
    comparison = compared(None, version(files={"a.txt": b"x"}))
    assert [change.key for change in comparison.fields] == ["title", "date", "author"]
    assert [(piece.op, piece.text) for piece in comparison.body] == [(Op.IN, "Body\n")]
    assert [file.state for file in comparison.files] == [State.ADDED]
    assert comparison.differs


def test_every_key_has_words() -> None:
    """Each key of the front matter, nested ones included, has a title that is no key of this program's."""
    names = {f.name for f in dataclasses.fields(FrontMatter)} - {"status", "approved_by"}
    names |= {f"document.{f.name}" for f in dataclasses.fields(Document)}
    names |= {f"event.{f.name}" for f in dataclasses.fields(Event)} | {"public_notice.from", "public_notice.to", "path"}
    assert [name for name in names if "_" in field_title(name) or "." in field_title(name)] == []
    assert all(state_title(state) for state in State)


def test_kinds_of_files() -> None:
    """As people read them."""
    kinds = [type_title(name) for name in ("a.DOCX", "a.tar.gz", "a", "a.xyz")]
    assert kinds == ["text document .docx", "archive .gz", "file", "file .xyz"]
    assert all(one != other for one, other in pairwise(sorted(kinds)))
