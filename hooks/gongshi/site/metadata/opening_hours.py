"""Opening hours as offices write them, in the form of schema.org."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WEEK = ("周", "星期", "礼拜")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = {
    **{week + sign: day for week in _WEEK for sign, day in zip("一二三四五六日", _DAYS, strict=True)},
    **{week + "天": "Su" for week in _WEEK},
    **{name[:length]: day for length in (3, 9) for name, day in zip(_ENGLISH, _DAYS, strict=True)},
}
_DAY = "|".join(sorted(_NAMES, key=len, reverse=True))
_TO = r"\s*(?:[-–—―~]+|至|到|\bto\b)\s*"
_CLOCK = r"(上午|下午)?\s*([0-9]{1,2}):([0-9]{2})"
_GROUP = re.compile(rf"({_DAY})(?:{_TO}({_DAY}))?[\s:,、]*(.+)")
_TIMES = re.compile(rf"{_CLOCK}{_TO}{_CLOCK}")


def opening_hours(text: str) -> tuple[str, ...] | None:
    """The hours as schema.org writes them: `Mo-Fr 08:30-12:00`.

    Args:
        text: such as `周一至周五 8:30—12:00，13:30—17:30`; groups of days are parted by `；`.

    Returns:
        None where any part of the text says something else: half of the hours would be wrong hours.
    """
    found: list[str] = []
    plain = unicodedata.normalize("NFKC", text).lower().strip(" .。;")
    for group in plain.split(";"):
        match = _GROUP.fullmatch(group.strip())
        hours = list(_hours(match[3])) if match else []
        if match is None or None in hours:
            return None
        days = _NAMES[match[1]] + (f"-{_NAMES[match[2]]}" if match[2] else "")
        found += [f"{days} {span}" for span in hours]
    return tuple(found)


def _hours(text: str) -> Iterator[str | None]:
    """Each span as `HH:MM-HH:MM`, None for what is no span."""
    for part in re.split(r"\s*(?:[,、和]|\band\b)\s*", text):
        match = _TIMES.fullmatch(part.strip())
        if match is None:
            yield None
            continue
        half, hour, minute, later, until, past = match.groups()
        # `下午` before a span holds for its end, too.
        opens, closes = _clock(half, hour, minute), _clock(later or half, until, past)
        yield f"{opens}-{closes}" if opens and closes and opens < closes else None


def _clock(half: str | None, hour: str, minute: str) -> str:
    """The time on 24 hours, empty where it is none."""
    hours = int(hour) + (12 if half == "下午" and int(hour) < 12 else 0)
    return f"{hours:02}:{minute}" if hours < 24 and int(minute) < 60 else ""
