"""Front matter in canonical form: nothing but what was approved, and the same digest when it is read again."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.content import front_matter, front_matter_writer
from gongshi.domain.content.front_matter import Attachment, Document, Event, FrontMatter, MarkdownFile, PublicNotice
from gongshi.domain.content.version import Version, covered

ANY = st.characters(codec="utf-8")
TEXTS = (
    st.text(ANY, min_size=1, max_size=30)
    | st.sampled_from(
        ["yes", "Null", "~", "2026-11-03", "12:30", "0x1F", "1e3", ".inf", "- a", "a: b", "a #b", "&a", "*a", "!a", "%a", "@a",
         "`a", "'", '"', "\\", "a\\n", "{a", "[a", "a, b", "|", ">", "?", "：", "关于停水的通知", "青便民〔2026〕3号", "---", "...",
         "<<", "=", "\ufeffa", "a\u2028b", "a\ufffeb", "a\u202eb", "a  b", "a:", "#a", "\U0001f692", "é", "e\u0301"]
    )
).map(lambda text: "".join(c for c in text if c >= " " and not "\x7f" <= c <= "\x9f").strip() or "x")  # fmt: skip
DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(lambda at: at.replace(microsecond=0, fold=0))
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = TIMES | st.builds(lambda at, zone: at.replace(tzinfo=zone), TIMES, OFFSETS)
WHEN = DAYS | MOMENTS


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or nothing."""
    return st.none() | values


METAS = st.builds(
    FrontMatter,
    title=TEXTS,
    date=maybe(WHEN),
    status=st.sampled_from(["draft", "approved"]),
    approved_by=st.sampled_from([None, "SECRET", {"final": "SECRET"}]),
    author=maybe(TEXTS),
    source=maybe(TEXTS),
    summary=maybe(TEXTS),
    tags=st.lists(TEXTS, max_size=3).map(tuple),
    pinned=st.booleans(),
    publish_at=maybe(MOMENTS),
    expires_at=maybe(WHEN),
    public_notice=maybe(st.lists(DAYS, min_size=2, max_size=2).map(sorted).map(lambda days: PublicNotice(*days))),
    document=maybe(st.builds(Document, *[maybe(TEXTS)] * 2, maybe(DAYS), *[maybe(TEXTS)] * 3)),
    event=maybe(st.builds(Event, WHEN, st.none(), *[maybe(TEXTS)] * 3)),
    attachments=st.lists(st.builds(Attachment, TEXTS, TEXTS), max_size=2, unique_by=lambda a: a.file).map(tuple),
)
BODIES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30) | st.just("---\ntitle: B\n---\n")


def plain(meta: FrontMatter) -> FrontMatter:
    """The same without its flags."""
    return replace(meta, status="draft", approved_by=None)


@given(METAS, BODIES)
def test_read_again_it_is_the_same(meta: FrontMatter, body: str) -> None:
    """For any values: the same front matter but for the flags, the same text, the same digest, for PyYAML too."""
    before = MarkdownFile(meta, body, {})
    content = front_matter_writer.format_front_matter(before)
    after = front_matter.read(content, "a.md", requires_entry_keys=False)
    assert after.meta == plain(meta)
    assert after.body == body
    assert Version("a.md", after, {}).digest == Version("a.md", before, {}).digest
    assert b"SECRET" not in content
    assert front_matter_writer.format_front_matter(after) == content
    head = front_matter_writer.front_matter(meta)
    loaded = yaml.safe_load(head)
    assert (loaded["title"], loaded.get("date"), loaded.get("tags", [])) == (meta.title, meta.date, list(meta.tags))
    assert all(" " <= c <= "~" or c >= "\xa0" for c in head.replace("\n", ""))


def test_every_key_is_written() -> None:
    """A key added to the front matter is written, unless it is a flag."""
    document = Document("n", "i", date(2026, 1, 1), "b", "t", "v")
    event = Event(date(2026, 1, 1), date(2026, 1, 2), "p", "o", "c")
    values: dict[str, Any] = {
        "title": "A", "date": date(2026, 1, 1), "status": "approved", "approved_by": "head", "author": "clerk",
        "source": "S", "summary": "S", "tags": ("a",), "pinned": True, "publish_at": datetime(2026, 1, 1),
        "expires_at": date(2026, 1, 1), "public_notice": PublicNotice(date(2026, 1, 1), date(2026, 1, 2)),
        "document": document, "event": event, "attachments": (Attachment("f", "t"),),
    }  # fmt: skip
    loaded = yaml.safe_load(front_matter_writer.front_matter(FrontMatter(**values)))
    assert list(loaded) == [name for name, _default in covered(FrontMatter) if name in values]
    assert list(loaded["public_notice"]) == ["from", "to"]
    assert list(loaded["document"]) == [field.name for field in fields(Document)]
    assert list(loaded["event"]) == [field.name for field in fields(Event)]


def test_long_front_matter() -> None:
    """Canonical form may be longer than what is accepted from people, and is read all the same."""
    text = "---\ntitle: A\ntags: [" + ",".join("©" for _ in range(30_000)) + "]\n---\n"
    manuscript = front_matter.read(text.encode(), "a.md", requires_entry_keys=False)
    content = front_matter_writer.format_front_matter(manuscript)
    assert front_matter.read(content, "a.md", requires_entry_keys=False, is_bounded=False).meta == manuscript.meta
