"""Dates and times: what is plainly meant is read; what is not is refused for its true reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.common import dates
from gongshi.common.errors import InvalidInput
from gongshi.domain.content import front_matter, text_advice
from support.unit import UnitUnderTest, settings

NINE = datetime(2026, 11, 5, 9)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-05 9:00", NINE),
        ("2026-11-5 09:00", NINE),
        ("2026-11-05T9:00:00", NINE),
        ("2026-11-05 09：00", NINE),
        ("2026-11-05\u300009:00", NINE),
        ("2026-11-05  9:00", NINE),
        ("2026-11-05 9:00 +08:00", NINE.replace(tzinfo=timezone(timedelta(hours=8)))),
        ("2026-11-05 9:00Z", NINE.replace(tzinfo=timezone.utc)),
    ],
)
def test_a_time_whose_meaning_is_plain_is_read(text: str, meant: datetime) -> None:
    """Without the leading zero, and with the colon and the space of Chinese input methods."""
    assert dates.parse_datetime(text) == meant
    assert dates.parse_date("2026-11-5") == date(2026, 11, 5)


def test_how_a_time_is_written_is_not_part_of_its_version() -> None:
    """`9:00` and `09:00` are one version."""
    one, two = (
        front_matter.read(f"---\ntitle: T\npublish_at: {text}\n---\n".encode(), "a.md", requires_entry_keys=False)
        for text in ("2026-11-05 9:00", "2026-11-05 09:00")
    )
    assert one == two


FAULTS = {
    "2026-02-30": "there is no such day: 2026-02 has the days 01 to 28",
    "2026-13-01": "there is no month 13",
    "9999-12-31": "the year 9999 cannot be written, only 1900 to 2999",
    "1898-06-01": "the year 1898 cannot be written, only 1900 to 2999",
    "2026-02-30 09:00": "there is no such day",
    "2026-12-31 24:00": "24:00 is 00:00 of the next day; write 2027-01-01 00:00",
    "2026-12-31 24:30": "there is no hour 24; hours go from 00 to 23",
    "2026-12-31 08:60": "there is no minute 60; minutes go from 00 to 59",
    "2026-12-31 08:30:60": "there is no second 60; seconds go from 00 to 59",
    "2026-12-31 08:30 +25:00": "there is no offset +25:00",
}
KEYS = {
    "date": (True, True),
    "expires_at": (True, True),
    "publish_at": (False, True),
    "public_notice.from": (True, False),
    "public_notice.to": (True, False),
    "document.issued": (True, False),
    "event.start": (True, True),
    "event.end": (True, True),
}
"""Whether a key takes a day, and a day with a time."""


def messages(key: str, value: str) -> list[str]:
    """The messages about one value of the front matter."""
    values = {"public_notice": {"from": "2026-01-01", "to": "2999-12-31"}, "event": {"start": "2026-01-01"}}
    name, _dot, part = key.partition(".")
    lines = {**values.get(name, {}), part: value}
    text = f"{name}: {value}" if not part else f"{name}:\n" + "\n".join(f"  {k}: {v}" for k, v in lines.items())
    with pytest.raises(InvalidInput) as caught:
        front_matter.read(f"---\ntitle: T\n{text}\n---\n".encode(), "a.md", requires_entry_keys=False)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", FAULTS)
def test_a_number_out_of_range_is_named(key: str, value: str) -> None:
    """In every key that takes a date: the number that is wrong, not the form, which is right."""
    found = messages(key, value)
    assert len(found) == 1
    assert f" {key}: " in found[0]
    assert FAULTS[value] in found[0]


@pytest.mark.parametrize("key", [key for key, takes in KEYS.items() if takes != (True, True)])
def test_a_day_with_a_time_and_without(key: str) -> None:
    """A key that takes only one of them says which, and how to write it."""
    takes_day, takes_time = KEYS[key]
    if not takes_day:
        assert "must have a time, too, such as 2026-12-05 08:30" in messages(key, "2026-12-05")[0]
    if not takes_time:
        assert "must be a day without a time; write 2026-12-05" in messages(key, "2026-12-05 9:00")[0]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2026/11/3", "2026-11-03"),
        ("2026.11.3", "2026-11-03"),
        ("2026年11月3日", "2026-11-03"),
        ("２０２６-11-03", "2026-11-03"),
        ("2026年11月3日 9:30", "2026-11-03 09:30"),
        ("2026年11月3日9时30分", "2026-11-03 09:30"),
        ("2026-11-03 09:30 +0800", "2026-11-03 09:30 +08:00"),
    ],
)
def test_other_forms_are_refused_with_the_right_one(value: str, written: str) -> None:
    """The message has what to write instead."""
    assert messages("date", value)[0].endswith(f"; write {written}")
    assert "has no day; write the day before the time" in messages("publish_at", "9:00")[0]


@given(st.text(alphabet="0123456789-:/.年月日T Z+：\u3000", max_size=24))
def test_any_text_is_a_day_or_has_a_fault(text: str) -> None:
    """Whatever is typed, there is a value or a message."""
    assert dates.parse_date(text) or dates.day_fault(text)
    assert dates.parse_datetime(text) or dates.time_fault(text)
    assert dates.parse_date(text) or dates.parse_datetime(text) or dates.day_or_time_fault(text)


@pytest.mark.parametrize(
    ("start", "end", "says", "advice"),
    [
        ("2026-12-05", "2026-12-05 17:00", "has a time, but start has none", False),
        ("2026-12-05", "2026-12-07 17:00", "such as 2026-12-05 09:00", False),
        ("2026-12-05 09:00", "2026-12-05", "until midnight; add a time, such as 2026-12-05 17:00", True),
        ("2026-12-05 09:00", "2026-12-05 17:00", None, None),
        ("2026-12-05", "2026-12-07", None, None),
    ],
)
def test_an_event_of_which_one_end_has_a_time(start: str, end: str, says: str | None, advice: bool | None) -> None:
    """Calendars would lose the time of the end, so the start needs one; the other way round it is advice."""
    text = f"---\ntitle: T\nevent:\n  start: {start}\n  end: {end}\n---\n"
    found = text_advice.findings(front_matter.read(text.encode(), "a.md", requires_entry_keys=False), "a.md")
    assert [(problem.line, problem.key, problem.advice) for problem in found] == (
        [(5, "event.end", advice)] if says else []
    )
    assert all(says and says in problem.message for problem in found)


def test_periods_of_reports(unit: UnitUnderTest) -> None:
    """`--from` and `--to` give the same reasons."""
    for value, says in FAULTS.items():
        result = unit.gongshi("stats", "--from", value)
        assert result.exit_code == 2
        assert f"“{value}” is not a day: {says}" in result.errors
    assert unit.gongshi("stats", "--from", "2026-1-5", "--to", "2026-2-1").exit_code == 0


def test_a_chain_with_one_day_twice(unit: UnitUnderTest) -> None:
    """Two spellings of one day would leave open which chain is in force."""
    unit.configure(settings(chain={"2026-01-05": ["first"], "2026-1-5": ["final"]}))
    assert "extra.gongshi.review.chain.2026-1-5: names a day twice; keep one" in unit.gongshi("status").errors
    unit.configure(settings(chain={"2026-02-30": ["first"]}))
    assert "the first day on which this chain is in force, and there is no such day" in unit.gongshi("status").errors


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-22，", "write 2026-11-22"),
        ("2026-11-22。", "write 2026-11-22"),
        ("20261122", "write 2026-11-22"),
        ("2026-11-22 9点", "write 2026-11-22 09:00"),
        ("2026年11月22日上午9点", "write 2026-11-22 09:00"),
        ("2026-11-22 下午3:30", "write 2026-11-22 15:30"),
        ("2026年2月30日", "there is no such day: 2026-02 has the days 01 to 28"),
        ("2026/13/01", "there is no month 13"),
    ],
)
def test_other_ways_of_writing_a_time_lead_to_the_right_one(text: str, says: str) -> None:
    """With a mark at its end, without dashes, with the words of the day, in Chinese; a day that does not exist is named."""
    assert says in dates.day_or_time_fault(text)


@pytest.mark.parametrize("text", ["2026-11", "202611", "2026112", "11-22", "2026-11-22 晚上12点", "今天"])
def test_no_guess_where_a_time_is_not_plain(text: str) -> None:
    """Noon or midnight, or a part is missing."""
    assert "write" not in dates.day_or_time_fault(text)
