"""Dates as official documents and letters write them.

Source: GB/T 9704-2012, section 7.3.5.4: Arabic numerals without leading zeros. Older documents write Chinese numerals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.importing.official.blocks import plain

_ZEROS = "〇○◯零OoΟοОо0"
"""Characters that are typed as the Chinese zero."""
_NUMERALS = "一二三四五六七八九"
_CHINESE_DIGITS = {**dict.fromkeys(_ZEROS, "0"), **{each: str(at) for at, each in enumerate(_NUMERALS, 1)}}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = (
    rf"(?:(?<!\d)(\d{{4}}|[{_NUMERALS}{_ZEROS}]{{4}}) ?年 ?(\d{{1,2}}|[{_NUMERALS}十元]{{1,3}}) ?月"
    rf" ?(\d{{1,2}}|[{_NUMERALS}十]{{1,3}}) ?[日号])"
)
_FIGURES = r"(?:(?<![\d.])(\d{4}) ?([-./]) ?(\d{1,2}) ?\5 ?(\d{1,2})(?!\d|\.\d))"
_DAY_FIRST = rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (\d{{4}})\b)"
_MONTH_FIRST = rf"(?:\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b)"
_WRITTEN = lazy_pattern(f"{_DAY}|{_FIGURES}|{_DAY_FIRST}|{_MONTH_FIRST}", re.IGNORECASE)
_INCOMPLETE = lazy_pattern(
    rf"(?:\d{{2,4}}|[{_NUMERALS}{_ZEROS}]{{4}})? *年 *(?:\d{{1,2}}|[{_NUMERALS}十]{{1,3}})? *月(?: *[日号])?"
    rf"|(?:\d{{1,2}}|[{_NUMERALS}十]{{1,3}}) ?月 ?(?:\d{{1,2}}|[{_NUMERALS}十]{{1,3}}) ?[日号]"
)
"""A date without its year or day."""


@dataclass(frozen=True)
class WrittenDate:
    """A date in a text."""

    day: date | None
    """None if there is no such day, or if its day is missing."""
    words: str
    start: int = 0
    end: int = 0
    is_complete: bool = True
    """False for a date whose year, month or day is missing, such as 2026年11月　日."""


def read_date(text: str) -> WrittenDate | None:
    """Return the date that a text is, without other words; None if it is something else.

    Args:
        text: the text, such as `2026年11月26日`, `二〇二六年十一月二十六日` or `26 November 2026`.
    """
    words = " ".join(plain(text).split())
    if match := _WRITTEN.fullmatch(words):
        return WrittenDate(_day_of(match), text.strip(), 0, len(text))
    if _INCOMPLETE.fullmatch(words) and any(each.isnumeric() for each in words):
        return WrittenDate(None, text.strip(), 0, len(text), is_complete=False)
    return None


def find_dates(text: str) -> Iterator[WrittenDate]:
    """Yield the complete dates within a text.

    Args:
        text: a text with half-width digits and blanks.
    """
    for match in _WRITTEN.finditer(text):
        yield WrittenDate(_day_of(match), match[0], match.start(), match.end())


def match_date(text: str, position: int) -> WrittenDate | None:
    """Return the complete date that stands at a position.

    Args:
        text: a text with half-width digits and blanks.
        position: where the date must begin.
    """
    match = _WRITTEN.match(text, position)
    return WrittenDate(_day_of(match), match[0], match.start(), match.end()) if match else None


def _day_of(match: re.Match[str]) -> date | None:
    if match[1]:
        year = "".join(_CHINESE_DIGITS.get(each, each) for each in match[1])
        parts = (year, chinese_number(match[2]), chinese_number(match[3]))
    elif match[4]:
        parts = (match[4], int(match[6]), int(match[7]))
    elif match[8]:
        parts = (match[10], _month_number(match[9]), int(match[8]))
    else:
        parts = (match[13], _month_number(match[11]), int(match[12]))
    try:
        day = date(int(parts[0]), parts[1], parts[2])
    except ValueError:
        return None
    return day if 1900 <= day.year < 3000 else None


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def chinese_number(text: str) -> int:
    """Return a number up to 99 that is written in digits or in Chinese; 0 if it is none.

    Args:
        text: such as `26`, `二十六`, `十` or `元` (the first month).
    """
    if text.isdecimal():
        return int(text)
    if text == "元":
        return 1
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(_NUMERALS):
        return 0
    value = _NUMERALS.index(ones) + 1 if ones else 0
    return value + (10 * (_NUMERALS.index(tens) + 1 if tens else 1) if ten else 0)
