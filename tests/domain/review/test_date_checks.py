"""Dates of a new version tell the truth: each that cannot be true is refused with its line and key."""

from __future__ import annotations

import pytest

from gongshi.common.errors import InvalidInput
from support.unit import UnitUnderTest

ENTRY = "activities/a.md"
"""Checked at 2026-11-21 10:00."""


def _problems(unit: UnitUnderTest) -> list[str]:
    found = unit.gongshi("check", "--json", f"docs/{ENTRY}").json()["problems"]
    return [f"{each['line']} {each['key']}: {each['message']}" for each in found if not each["advice"]]


@pytest.mark.parametrize(
    ("lines", "key", "says"),
    [
        ("date: 2026-11-22", "date", "lies in the future; leave the line out"),
        ("date: 2026-11-21 10:01", "date", "write publish_at: 2026-11-21 10:01"),
        ("publish_at: 2026-11-24 08:30\ndate: 2026-11-25", "date", "write publish_at: 2026-11-25 08:30"),
        ("publish_at: 2026-11-21 09:59", "publish_at", "2026-11-21 09:59 is over"),
        ("expires_at: 2026-11-20", "expires_at", "is over"),
        ("publish_at: 2026-12-01 08:30\nexpires_at: 2026-11-30", "expires_at", "lies before publish_at"),
        ("date: 2026-11-10\nexpires_at: 2026-11-09", "expires_at", "lies before date, 2026-11-10"),
        ("event: {start: 2026-12-01 10:00 +08:00, end: 2026-12-01 09:00}", "event.end", "lies before start"),
        ("event:\n  start: 2026-12-02\n  end: 2026-12-01", "event.end", "lies before start"),
        ("public_notice:\n  from: 2026-12-02\n  to: 2026-12-01", "public_notice.to", "lies before from"),
        ("document:\n  number: 3\n  issued: 2026-11-22", "document.issued", "lies in the future"),
    ],
)
def test_a_date_that_cannot_be_true_is_refused(unit: UnitUnderTest, lines: str, key: str, says: str) -> None:
    """By `check` and `submit` alike."""
    text = f"---\ntitle: T\nauthor: clerk\n{lines}\n---\n\nText.\n"
    unit.write(ENTRY, text)
    [found] = _problems(unit)
    name = key.rpartition(".")[2]
    line = next(number for number, each in enumerate(text.split("\n"), 1) if f"{name}:" in each)
    assert found.startswith(f"{line} {key}: ") and says in found
    with pytest.raises(InvalidInput, match=key):
        unit.submit(ENTRY)


@pytest.mark.parametrize(
    "lines",
    [
        "date: 2026-11-21",
        "date: 2010-01-01",
        "publish_at: 2026-11-24 08:30\ndate: 2026-11-24",
        "expires_at: 2026-11-21",
        "publish_at: 2026-11-24 08:30\nexpires_at: 2026-11-24",
        "event: {start: 2026-12-01, end: 2026-12-01}",
        "document: {issued: 2026-11-21}",
        "event: {start: 2026-12-01 23:00 +00:00, end: 2026-12-02 08:00}",
    ],
)
def test_true_dates_are_accepted(unit: UnitUnderTest, lines: str) -> None:
    """A day counts to its end, and an imported item keeps its old date."""
    unit.write(ENTRY, f"---\ntitle: T\nauthor: clerk\n{lines}\n---\n\nText.\n")
    assert _problems(unit) == []
    unit.submit(ENTRY)


def test_a_time_that_passed_under_review_refuses_no_approval(unit: UnitUnderTest) -> None:
    """Approvers may be late; a new version with the old time in it is no mistake either."""
    unit.write(ENTRY, title="T", publish_at="2026-11-20 08:30", expires_at="2026-12-01")
    unit.submit(ENTRY, now="2026-11-19T09:00:00+08:00")
    unit.approve(ENTRY)
    unit.write(ENTRY, title="T", publish_at="2026-11-20 08:30", expires_at="2026-12-01", body="More.")
    assert _problems(unit) == []
    unit.publish(ENTRY, now="2026-12-09T09:00:00+08:00")


def test_an_update_cannot_move_the_date_beyond_the_publication(unit: UnitUnderTest) -> None:
    """The page became public on a day, and no later version changes that."""
    unit.write(ENTRY, title="T", date=None)
    unit.publish(ENTRY, now="2026-11-19T09:00:00+08:00")
    unit.write(ENTRY, title="T", date="2026-11-20")
    [found] = _problems(unit)
    assert "lies after the day on which this became public, 2026-11-19" in found


@pytest.mark.parametrize("body", ["", "\n\u3000\n", "<!-- later -->", "---", "\u200b", "&nbsp;"])
def test_an_empty_text_is_refused(unit: UnitUnderTest, body: str) -> None:
    """Beside attachments it is advice: the files are what readers get."""
    unit.write("activities/b/index.md", title="T", body=body)
    for path in ("activities/b/index.md", "guide.md"):
        unit.write(path, title="T", body=body)
        with pytest.raises(InvalidInput, match="the text is empty"):
            unit.submit(path)
    unit.write("activities/b/f.txt", b"Text")
    unit.write("activities/b/index.md", title="T", body=body, attachments=[{"file": "f.txt", "title": "F"}])
    assert "the text is empty, so readers see the files alone" in unit.gongshi("check").output
    unit.submit("activities/b/index.md")
    unit.write("activities/index.md", title="T", date=None, body="")
    unit.submit("activities/index.md")


LONG = "请各住户提前做好储水准备，停水期间关好水龙头，来水后先放水三分钟再使用，给您带来的不便敬请谅解。"


def test_a_copy_that_keeps_date_or_text_is_told(unit: UnitUnderTest) -> None:
    """An old date of an imported item is not."""
    unit.write("announcements/old.md", title="停水通知", date="2026-03-02", body=LONG)
    unit.publish("announcements/old.md")
    unit.write("announcements/2026/20261121-1.md", title="停电通知", date="2026-03-02", body=LONG[:40] + "十二月三日。")
    unit.write("announcements/2026/20261121-2.md", title="停水通知", date="2026-03-02", body="另一")
    unit.write("announcements/2026/20261121-3.md", title="停气通知", date=None, body=LONG)
    unit.write("announcements/2026/20261121-4.md", title="其他", date="2026-05-01", body="其他")
    unit.write("announcements/2026/20260502-1.md", title="补录", date="2026-05-01", body="补录的旧通知")
    unit.write(
        "announcements/2026/20261121-5.md", title="旧闻", date="2024-05-01", body="旧站的文章",
        imported_from={"file": "old.html", "sha256": "0" * 64},
    )  # fmt: skip
    unit.write("announcements/2024/imported.md", title="旧通知", date="2024-05-01", body="旧通知的正文")
    told = [line for line in unit.gongshi("check").output.splitlines() if line.endswith("[advice]")]
    assert [line.split(": ")[0].removeprefix("docs/announcements/2026/") for line in told] == [
        "20261121-1.md:3", "20261121-2.md:3", "20261121-3.md", "20261121-4.md:3",
    ]  # fmt: skip
    assert "has the date of docs/announcements/old.md" in told[0] and "has the date of" in told[1]
    assert "has the same text as docs/announcements/old.md" in told[2]
    assert "lies long before the day in the file's name" in told[3]
