"""Converts opening hours from the wording of offices to the form of schema.org."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WEEK = ("周", "星期", "礼拜")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NAMES = {
    **{week + sign: day for week in _WEEK for sign, day in zip("一二三四五六日", _DAYS, strict=True)},
    **{week + "天": "Su" for week in _WEEK},
    **{name[:length]: day for length in (3, 9) for name, day in zip(_ENGLISH, _DAYS, strict=True)},
}
_DAY = "|".join(sorted(_DAY_NAMES, key=len, reverse=True))
_TO = r"\s*(?:[-–—―~]+|至|到|\bto\b)\s*"
_TIME = r"(上午|下午)?\s*([0-9]{1,2}):([0-9]{2})"
_GROUP = re.compile(rf"({_DAY})(?:{_TO}({_DAY}))?[\s:,、]*(.+)")
_PERIOD = re.compile(rf"{_TIME}{_TO}{_TIME}")


def opening_hours(text: str) -> tuple[str, ...] | None:
    """Return opening hours in the form of schema.org: `Mo-Fr 08:30-12:00`.

    Args:
        text: such as `周一至周五 8:30—12:00，13:30—17:30`; groups of days are separated by `；`.

    Returns:
        None if any part of the text has another form: incomplete hours would be wrong.
    """
    found: list[str] = []
    normalized = unicodedata.normalize("NFKC", text).lower().strip(" .。;")
    for group in normalized.split(";"):
        match = _GROUP.fullmatch(group.strip())
        hours = list(_periods(match[3])) if match else []
        if match is None or None in hours:
            return None
        days = _DAY_NAMES[match[1]] + (f"-{_DAY_NAMES[match[2]]}" if match[2] else "")
        found += [f"{days} {period}" for period in hours]
    return tuple(found)


def _periods(text: str) -> Iterator[str | None]:
    """Yield each period as `HH:MM-HH:MM`, or None for a part of another form."""
    for part in re.split(r"\s*(?:[,、和]|\band\b)\s*", text):
        match = _PERIOD.fullmatch(part.strip())
        if match is None:
            yield None
            continue
        half, hour, minute, end_half, end_hour, end_minute = match.groups()
        # `下午` before a period also applies to its end.
        opens, closes = _clock(half, hour, minute), _clock(end_half or half, end_hour, end_minute)
        yield f"{opens}-{closes}" if opens and closes and opens < closes else None


def _clock(half: str | None, hour: str, minute: str) -> str:
    """Return a time of the 24-hour clock, or an empty string if it is not valid."""
    hours = int(hour) + (12 if half == "下午" and int(hour) < 12 else 0)
    return f"{hours:02}:{minute}" if hours < 24 and int(minute) < 60 else ""
