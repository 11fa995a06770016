"""Dates and times are read in all forms that offices write, and never guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.importing.official.events.event_times import EventTime, Unread, read_event_time
from gongshi.importing.official.written_dates import read_date

ZEROS = "〇○◯零Ｏ0o"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026年11月6日",
            "2026年11月06日",
            "２０２６年１１月６日",
            "2026 年 11 月 6 日",
            "　2026年11月6日　",
            "2026年11月6号",
        ),
        *("2026.11.6", "2026-11-06", "2026/11/6", "2026. 11. 6", "2026．11．06"),
        *(f"二{zero}二六年十一月六日" for zero in ZEROS),
        *("6 November 2026", "6th Nov 2026", "November 6, 2026", "Nov. 6, 2026", "NOVEMBER 6 2026"),
    ],
)
def test_a_date_is_read_in_all_its_forms(text: str) -> None:
    read = read_date(text)
    assert read is not None and read.day == date(2026, 11, 6)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二六年十月十日", date(2026, 10, 10)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("二〇二六年元月二十日", date(2026, 1, 20)),
        ("一九九九年一月一日", date(1999, 1, 1)),
    ],
)
def test_chinese_numerals_are_numbers(text: str, day: date) -> None:
    read = read_date(text)
    assert read is not None and read.day == day


@pytest.mark.parametrize(
    "text", ["2026年2月30日", "2026年13月1日", "二〇二六年二月三十日", "2026-00-10", "0026年1月1日"]
)
def test_a_day_that_does_not_exist_is_a_date_without_a_day(text: str) -> None:
    read = read_date(text)
    assert read is not None and read.day is None and read.is_complete


@pytest.mark.parametrize(
    "text", ["2026年11月", "2026年11月　　日", "二〇二六年十一月", "2026年　月　日", "11月6日", "十一月六日"]
)
def test_a_date_to_be_completed_is_told_apart(text: str) -> None:
    read = read_date(text)
    assert read is not None and read.day is None and not read.is_complete


@pytest.mark.parametrize(
    "text",
    [
        "",
        "年　月　日",
        "2026",
        "2026年",
        "2026年11月6日印发",
        "06/11/2026",
        "2026.11",
        "2026-11-268",
        "v1.2026.11.6",
    ],
)
def test_other_words_are_no_date(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_each_day_is_read_as_it_is_written(day: date) -> None:
    for form in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%d %B} {day.year}",
    ):
        read = read_date(form)
        assert read is not None and read.day == day


@given(st.text("〇一二三四五六七八九十年月日0123456789-. ", max_size=20))
def test_any_words_of_a_date_are_read_or_refused(text: str) -> None:
    read_date(text)
    read_event_time(text, 2026)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute)


DAY, NEXT, LAST = date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026年11月28日", DAY, None),
        ("2026年11月28日（星期六）", DAY, None),
        ("2026-11-28", DAY, None),
        ("2026年11月28日9:00", at(28, 9), None),
        ("2026年11月28日上午9：00开始", at(28, 9), None),
        ("2026年11月28日（周六）上午9点", at(28, 9), None),
        ("2026年11月28日上午九时三十分", at(28, 9, 30), None),
        ("2026年11月28日下午两点", at(28, 14), None),
        ("2026年11月28日晚7:30", at(28, 19, 30), None),
        ("2026年11月28日中午12:00", at(28, 12), None),
        ("2026年11月28日下午3点半", at(28, 15, 30), None),
        ("2026年11月28日 14:00至16:30", at(28, 14), at(28, 16, 30)),
        ("2026年11月28日上午9:00—11:30（雨天顺延）", at(28, 9), at(28, 11, 30)),
        ("2026年11月28日上午9时至下午4时", at(28, 9), at(28, 16)),
        ("2026年11月28日下午2:00-4:00", at(28, 14), at(28, 16)),
        ("2026年11月28日19:00～24:00", at(28, 19), at(29)),
        ("2026年11月28日至29日", DAY, NEXT),
        ("2026年11月28日—12月2日", DAY, LAST),
        ("2026年11月28日至2026年12月2日", DAY, LAST),
        ("2026年11月28日9:00至29日17:00", at(28, 9), at(29, 17)),
        ("2026年12月28日至1月5日", date(2026, 12, 28), date(2027, 1, 5)),
        ("28 November 2026, 9:00–11:30", at(28, 9), at(28, 11, 30)),
        ("28 November 2026, 2 pm to 4:30 pm", at(28, 14), at(28, 16, 30)),
        ("November 28, 2026, 2:00-4:00 p.m.", at(28, 14), at(28, 16)),
    ],
)
def test_a_time_of_an_event_is_read(text: str, start: date, end: date | None) -> None:
    assert read_event_time(text, None) == EventTime(start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("2026年11月下旬", "待定", "另行通知", "2026年11月28日左右", "2026年11月28日2:30", "2026年11月28日晚上12点"),
        *(
            "2026年11月28日上午10:00-2:00",
            "2026年11月28日、12月5日",
            "每周六上午9:00",
            "2026年11月28日上午9:00、下午2:00",
            "2026年11月",
        ),
        *("", "上午9:00", "2026年11月28日上午12:30", "2026年11月28日25:00", "2026年11月28日" + "上午9:00" * 30),
    ],
)
def test_a_time_that_is_not_exact_is_not_read(text: str) -> None:
    assert read_event_time(text, 2026) is Unread.NOT_EXACT


@pytest.mark.parametrize("text", ["2026年2月30日", "2月30日", "2026年11月28日至27日", "2026年11月28日17:00—9:00"])
def test_a_time_that_cannot_be_is_told(text: str) -> None:
    assert read_event_time(text, 2026) is Unread.IMPOSSIBLE


def test_a_date_without_its_year_takes_that_of_the_document() -> None:
    assert read_event_time("11月28日", 2026) == EventTime(DAY, uses_year_of_document=True)
    assert read_event_time("11月28日", None) is Unread.NO_YEAR


def test_a_wrong_day_of_the_week_is_told() -> None:
    assert read_event_time("2026年11月28日（星期日）9:00", None) == EventTime(at(28, 9), wrong_weekday=True)


def test_hours_of_each_day_are_told() -> None:
    for text in ("2026年11月28日至29日，每天9:00—11:00", "2026年11月28日至29日9:00—11:00"):
        assert read_event_time(text, None) == EventTime(DAY, NEXT, has_daily_hours=True)
