"""Mistakes of the front matter that have only one possible mend: each is told with it, and the mend changes no more."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.content import front_matter, mending

AUTHOR = "author: clerk\n"
PATH = "docs/announcements/a.md"

find = partial(mending.problems_of, path=PATH, is_entry=True)


def _file(lines: str) -> bytes:
    head = "" if "title" in lines.lower() or "标题" in lines else "title: T\n"
    return f"---\n{head}{lines}\n{AUTHOR}---\n\n正文：一、“二”\n".encode()


def _value(content: bytes, dotted: str) -> Any:
    value: Any = front_matter.read(content, PATH, requires_entry_keys=True).meta
    for name in dotted.split("."):
        value = getattr(value, name)
    return value if isinstance(value, str | tuple | bool) or value is None else str(value)


MENDS = [
    ("title：通知", "title: 通知", "title", "通知"),
    ("title： 通知", "title: 通知", "title", "通知"),
    ("title:通知", "title: 通知", "title", "通知"),
    ("title:　通知", "title: 通知", "title", "通知"),
    ("title：通知: 一", "title: '通知: 一'", "title", "通知: 一"),
    ("标题：通知", "title: 通知", "title", "通知"),
    ("Title: 通知", "title: 通知", "title", "通知"),
    ("　title: 通知", "title: 通知", "title", "通知"),
    ("title: 通知: 一", "title: '通知: 一'", "title", "通知: 一"),
    ("title: 通知: 它's", "title: '通知: 它''s'", "title", "通知: 它's"),
    ('title: "通知', 'title: "通知"', "title", "通知"),
    ('title: "通知”', 'title: "通知"', "title", "通知"),
    ('title: "优秀"名单', "title: '\"优秀\"名单'", "title", '"优秀"名单'),
    ("title: [公示]名单", "title: '[公示]名单'", "title", "[公示]名单"),
    ("title: yes", 'title: "yes"', "title", "yes"),
    ("tags: 停水，停电", "tags: [停水, 停电]", "tags", ("停水", "停电")),
    ("tags：停水，停电", "tags: [停水, 停电]", "tags", ("停水", "停电")),
    ("tags: [停水，停电]", "tags: [停水, 停电]", "tags", ("停水", "停电")),
    ("tags: ［停水，停电］", "tags: [停水, 停电]", "tags", ("停水", "停电")),
    ("tags: 停水", "tags: [停水]", "tags", ("停水",)),
    ("tags: [停水, 停电", "tags: [停水, 停电]", "tags", ("停水", "停电")),
    ("tags:\n- 停水\n-停电", "tags:\n- 停水\n- 停电", "tags", ("停水", "停电")),
    ("date: 2026年11月20日", "date: 2026-11-20", "date", "2026-11-20"),
    ("date: 2026/11/20", "date: 2026-11-20", "date", "2026-11-20"),
    ("date: ２０２６－１１－２０", "date: 2026-11-20", "date", "2026-11-20"),
    ("date: “2026-11-20”", "date: 2026-11-20", "date", "2026-11-20"),
    ("日期：2026年11月20日 # 发文", "date: 2026-11-20 # 发文", "date", "2026-11-20"),
    ("publish_at: 2026年11月20日 9时30分", "publish_at: 2026-11-20 09:30", "publish_at", "2026-11-20 09:30:00"),
    ("pinned: “true”", "pinned: true", "pinned", True),
    ("pinned: 'no'", "pinned: false", "pinned", False),
    ("置顶: 是", "pinned: true", "pinned", True),
    ("event:\n\tstart: 2026-12-01\n\tplace: 甲", "event:\n  start: 2026-12-01\n  place: 甲", "event.place", "甲"),
    ("event:\n    start: 2026-12-01\n\tplace: 甲", "event:\n    start: 2026-12-01\n    place: 甲", "event.place", "甲"),
    (
        "event：\n  start：2026年12月1日 9:00\n  place：三楼",
        "event:\n  start: 2026-12-01 09:00\n  place: 三楼",
        "event.place",
        "三楼",
    ),
    (
        "public_notice: {from：2026年11月1日，to：2026年11月9日}",
        "public_notice: {from: 2026-11-01, to: 2026-11-09}",
        "public_notice.last",
        "2026-11-09",
    ),
    ("document: {number：3号, issuer: 办}", "document: {number: 3号, issuer: 办}", "document.number", "3号"),
]


@pytest.mark.parametrize(("written", "right", "key", "value"), MENDS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_mend_writes_what_the_message_names(written: str, right: str, key: str, value: Any, ending: str) -> None:
    """The problem is gone, the value is the one that was meant, and all other bytes stay."""
    before, after = (_file(lines).replace(b"\n", ending.encode()) for lines in (written, right))
    assert any(map(mending.is_mendable, find(before)))
    mended, changes = mending.mend(before, find)
    assert mended == after
    assert find(mended) == ()
    assert _value(mended, key) == value
    assert [change.before for change in changes] != [change.after for change in changes]
    assert mending.mend(mended, find) == (mended, [])


@pytest.mark.parametrize("mark", ["———", "－－－", "--", " ---"])
def test_lines_of_other_dashes_become_the_ends_of_the_front_matter(mark: str) -> None:
    """At its start and end, if all lines between them are keys; a line of the text is none."""
    right = _file("title: 一")
    for wrong in (right.replace(b"\n---\n", f"\n{mark}\n".encode()), right.replace(b"---\n", f"{mark}\n".encode(), 1)):
        assert mending.mend(wrong, find)[0] == right
    open_end = f"---\ntitle: 一\n{AUTHOR}\n正文\n{mark}\n落款\n".encode()
    assert mending.mend(open_end, find) == (open_end, [])


@pytest.mark.parametrize(
    "written",
    [
        "tags: 水、电、气",
        "tags: 停水 停电",
        "title: 通知: 一 # 二",
        "title: 通知: 一\n  二",
        "summary: 一\n地址栏：二楼",
        "publish_at: 2026-11-20",
        "document: {issued: 2026-11-20 08:30}",
        "date: 11/20/2026",
        "状态: approved",
        "tittle: 一\ntitle: 二",
        "标题: 一\ntitle: 二",
        "发布时间: 2026-11-20",
        "event: 三楼",
    ],
)
def test_what_can_mean_two_things_stays(written: str) -> None:
    """It is told, and people decide."""
    content = _file(written)
    assert find(content) or written.startswith("tags")
    assert mending.mend(content, find) == (content, [])


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16"])
def test_other_encodings_become_utf_8(encoding: str) -> None:
    """Line endings and text stay; the message says how to save the file."""
    text = "---\r\ntitle: 关于停水的通知\r\nauthor: clerk\r\n---\r\n\r\n请各住户提前储水。\r\n"
    content = text.encode(encoding)
    [problem] = find(content)
    assert "save it as UTF-8" in problem.message
    assert mending.mend(content, find)[0] == text.encode()


@pytest.mark.parametrize(
    "content",
    [
        "---\ntitle: 關於停水的通知，請各住戶提前儲水\n---\n".encode("big5"),
        "---\ntitle: Café, señor, Übung\n---\n".encode("latin-1"),
        "---\ntitle: 关于停水的通知\n---\n".encode() + b"\xb5\n",
        "---\ntitle: 通知\n---\n".encode("utf-16")[:-1],
    ],
)
def test_bytes_of_an_uncertain_encoding_stay(content: bytes) -> None:
    """Big5, Latin-1, damaged UTF-8 and UTF-16 are told only."""
    assert find(content)
    assert mending.mend(content, find) == (content, [])


@pytest.mark.parametrize("title", ["2026", "007", "3.10", "2026-11-20", "1e3"])
def test_a_number_is_the_text_that_it_is(title: str) -> None:
    """Without quotes, with each digit as typed."""
    assert _value(_file(f"title: {title}"), "title") == title


LINES = st.sampled_from([written for written, *_rest in MENDS] + ["summary: 一", "# 注：说明", "", "source: “办”"])


@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_mending_twice_is_mending_once(lines: list[str], ending: str, bom: bool) -> None:
    """Of any mix of mistakes; a file without problems and the body are never changed."""
    content = _file("\n".join(lines)).replace(b"\n", ending.encode())
    content = b"\xef\xbb\xbf" * bom + content
    mended, changes = mending.mend(content, find)
    assert mending.mend(mended, find) == (mended, [])
    assert mended.count(ending.encode()) == content.count(ending.encode())
    assert mended.startswith(b"\xef\xbb\xbf") == bom
    assert mended.split(b"---")[-1] == content.split(b"---")[-1]
    assert bool(changes) == (mended != content)
    if not find(content):
        assert mended == content
