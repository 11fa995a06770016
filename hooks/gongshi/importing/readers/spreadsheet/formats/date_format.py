"""Shows serial numbers as dates, times and durations, as Excel does (ECMA-376 part 1, 18.17.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from gongshi.importing.readers.spreadsheet.formats.chinese_numerals import in_calendar, in_numerals, in_words
from gongshi.importing.readers.spreadsheet.formats.format_code import (
    Section,
    SystemFormat,
    Token,
    TokenKind,
    parse_code,
)

DAYS_OF_1904: Final = 1462
"""Days between the first days of the two date systems."""
_END: Final = 2958466
"""The serial number of 1 January 10000."""
_LEAP_DAY: Final = 60
"""The serial number of 29 February 1900, which Excel counts although that year had none."""
_DAY: Final = 86400
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_CHINESE_WEEKDAYS: Final = "日一二三四五六"
_BUDDHIST: Final = 543
_MAX_FRACTION: Final = 3


@dataclass(frozen=True)
class _Moment:
    """A moment of the calendar of Excel."""

    year: int
    month: int
    day: int
    weekday: int
    """0 for Sunday."""
    seconds: int
    """Since midnight."""
    fraction: Decimal
    """Of the last second."""
    elapsed: int
    """All seconds since day 0."""


def show_date(section: Section, value: Decimal, date1904: bool, language: str) -> str | None:
    """Return a serial number as a date, a time or a duration; None if Excel shows none: before day 0, after 9999.

    Args:
        section: a section that `is_date`.
        value: the serial number: days, the time as a fraction.
        date1904: True if day 0 is 1 January 1904.
        language: the language of the computer, which some formats follow.
    """
    plan = _plan(section, language)
    tokens, places, minutes, half = plan.tokens, plan.places, plan.minutes, plan.half
    moment = _moment(value, date1904, places, plan.with_seconds)
    if moment is None:
        return None
    parts: list[str] = []
    for number, token in enumerate(tokens):
        if token.kind is TokenKind.ELAPSED:
            size = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
            parts.append(in_numerals(str(moment.elapsed // size).zfill(len(token.text)), section.numerals))
        elif token.kind is TokenKind.HALF_DAY:
            parts.append(_half_day(token.text, moment, section.chinese))
        elif token.kind is TokenKind.DATE:
            parts.append(_part(token.text, moment, section, half, number in minutes))
        elif token.kind is TokenKind.DIGIT:
            shown = str(moment.fraction.quantize(Decimal(1).scaleb(-places)))[2:] if token.text.startswith(".") else ""
            parts.append(f".{shown}" if shown else token.text)
        elif token.kind is TokenKind.PAD:
            parts.append(" ")
        elif token.kind is not TokenKind.TEXT:
            parts.append(token.text)
    return "".join(parts).strip(" ")


@dataclass(frozen=True)
class _Plan:
    """A section, as far as it does not depend on the moment."""

    tokens: list[Token]
    places: int
    """The decimal places of seconds."""
    minutes: set[int]
    """The positions of `m` and `mm` that mean minutes."""
    half: bool
    """True if hours count to twelve."""
    with_seconds: bool


@lru_cache(1024)
def _plan(section: Section, language: str) -> _Plan:
    places, tokens = _join_fractions(_system_tokens(section, language) or section.tokens)
    half = any(token.kind is TokenKind.HALF_DAY for token in tokens)
    return _Plan(tokens, places, _minutes(tokens), half, any(_is_seconds(token) for token in tokens))


def _system_tokens(section: Section, language: str) -> list[Token] | None:
    if section.system is None:
        return None
    chinese = language.startswith("zh")
    if section.system is SystemFormat.TIME:
        code = "h:mm:ss" if chinese else "h:mm:ss AM/PM"
    else:
        code = 'yyyy"年"m"月"d"日"' if chinese else "dddd, mmmm d, yyyy"
    return list(parse_code(code)[0].tokens)


def _join_fractions(tokens: Sequence[Token]) -> tuple[int, list[Token]]:
    """Return the decimal places of seconds, and the tokens with each `.00` as one token."""
    places, joined = 0, list[Token]()
    for token in tokens:
        last = joined[-1] if joined else None
        if token.kind is TokenKind.DIGIT and last and last.kind is TokenKind.POINT:
            joined[-1] = Token(TokenKind.DIGIT, f".{token.text}")
        elif token.kind is TokenKind.DIGIT and last and last.kind is TokenKind.DIGIT:
            joined[-1] = Token(TokenKind.DIGIT, last.text + token.text)
        else:
            joined.append(token)
    for token in joined:
        if token.kind is TokenKind.DIGIT and token.text.startswith("."):
            places = max(places, min(len(token.text) - 1, _MAX_FRACTION))
    return places, joined


def _is_seconds(token: Token) -> bool:
    return token.kind in (TokenKind.DATE, TokenKind.ELAPSED) and token.text[0] == "s"


def _moment(value: Decimal, date1904: bool, places: int, with_seconds: bool) -> _Moment | None:
    """Round to what is shown: to the last decimal place of the seconds; without seconds, minutes are cut off."""
    if not 0 <= value < _END:
        return None
    total = (value * _DAY).quantize(Decimal(1).scaleb(-places if with_seconds else 0), ROUND_HALF_UP)
    elapsed = int(total.to_integral_value(ROUND_FLOOR))
    serial, seconds = divmod(elapsed, _DAY)
    if date1904:
        serial += DAYS_OF_1904
    if serial >= _END:
        return None
    year, month, day = _calendar(serial)
    return _Moment(year, month, day, (serial - 1) % 7, seconds, total - elapsed, elapsed)


def _calendar(serial: int) -> tuple[int, int, int]:
    if serial == 0:
        return 1900, 1, 0
    if serial == _LEAP_DAY:
        return 1900, 2, 29
    found = date(1899, 12, 31 if serial < _LEAP_DAY else 30) + timedelta(serial)
    return found.year, found.month, found.day


def _minutes(tokens: Sequence[Token]) -> set[int]:
    """Return the positions of `m` and `mm` that mean minutes: after hours or before seconds."""
    parts = [
        (number, token) for number, token in enumerate(tokens) if token.kind in (TokenKind.DATE, TokenKind.ELAPSED)
    ]
    found: set[int] = set()
    for place, (number, token) in enumerate(parts):
        if token.kind is TokenKind.DATE and token.text in ("m", "mm"):
            before = parts[place - 1][1].text[0] if place else ""
            after = parts[place + 1][1].text[0] if place + 1 < len(parts) else ""
            if before == "h" or after == "s":
                found.add(number)
    return found


def _half_day(text: str, moment: _Moment, chinese: bool) -> str:
    afternoon = moment.seconds >= _DAY // 2
    if text == "上午/下午" or (chinese and text == "am/pm"):
        return "下午" if afternoon else "上午"
    if text == "a/p":
        return "P" if afternoon else "A"
    return "PM" if afternoon else "AM"


def _part(code: str, moment: _Moment, section: Section, half: bool, minute: bool) -> str:
    hours, rest = divmod(moment.seconds, 3600)
    if half:
        hours = hours % 12 or 12
    letter = code[0]
    if letter in "yeb":
        year = moment.year + (_BUDDHIST if letter == "b" else 0)
        text = f"{year % 100:02}" if letter != "e" and len(code) <= 2 else str(year)
        return in_numerals(text, section.numerals)
    if letter == "a" or (letter == "d" and len(code) > 2):
        return _weekday(code, moment.weekday, section.chinese)
    if letter == "m" and len(code) > 2:
        return _month(code, moment.month, section.chinese)
    if letter == "g":
        return ""
    number = {"h": hours, "m": rest // 60 if minute else moment.month, "s": rest % 60, "d": moment.day}[letter]
    if not section.numerals:
        return f"{number:02}" if len(code) > 1 else str(number)
    # A zero in front is a numeral of its own, such as 〇五.
    padded = in_words("0", section.numerals) if len(code) > 1 and number < 10 else ""
    return padded + in_calendar(number, section.numerals) if number or not padded else padded * 2


def _weekday(code: str, weekday: int, chinese: bool) -> str:
    name = _CHINESE_WEEKDAYS[weekday]
    if code[0] == "a":
        return name if len(code) == 3 else f"星期{name}"
    if chinese:
        return f"周{name}" if len(code) == 3 else f"星期{name}"
    return _WEEKDAYS[weekday][:3] if len(code) == 3 else _WEEKDAYS[weekday]


def _month(code: str, month: int, chinese: bool) -> str:
    if chinese and len(code) < 5:
        return f"{month}月" if len(code) == 3 else f"{in_calendar(month, 1)}月"
    name = _MONTHS[month - 1]
    return {3: name[:3], 5: name[:1]}.get(len(code), name)
