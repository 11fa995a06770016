"""Times of events as notices write them: 2026年11月28日（星期六）上午9:00—11:30."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.importing.official.blocks import plain
from gongshi.importing.official.written_dates import chinese_number, match_date

_PART_OF_DAY = "上午|下午|晚上|早上|早晨|中午|傍晚|凌晨|夜间|晚|早"
_CHINESE = "[一二两三四五六七八九十]{1,3}"
_TIME = lazy_pattern(
    rf"(?:(?P<part>{_PART_OF_DAY}) ?)?(?P<hour>\d{{1,2}}|{_CHINESE}(?=[时点])) ?"
    rf"(?::(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d) ?(?:时|分)?|[时点] ?(?:(?P<written>[0-5]?\d|{_CHINESE}) ?分?"
    r"|(?P<half>半)|[整正钟])?)"
    r" ?(?P<english>[ap]\.?m\b\.?)?|(?P<hour12>\d{1,2}) ?(?P<english12>[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_DAY_OF_YEAR = lazy_pattern(rf"(?P<month>\d{{1,2}}|{_CHINESE}) ?月 ?(?P<day>\d{{1,2}}|{_CHINESE}) ?[日号]")
_DAY_ALONE = lazy_pattern(r"(?P<day>\d{1,2}) ?[日号]")
_WEEKDAY = lazy_pattern(
    r"[(]? ?(?:(?:星期|周|礼拜)(?P<chinese>[一二三四五六日天])"
    r"|(?P<english>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?) ?[)]?",
    re.IGNORECASE,
)
_SEPARATOR = lazy_pattern(r" ?(?:-{1,2}|—{1,2}|–|―|~|至|到|－|to\b|until\b) ?")
_DAILY = lazy_pattern(r"[,，; ]{0,2}[(]?(?:每天|每日|每晚|均为|daily)[:： ]{0,2}", re.IGNORECASE)
_FILLER = lazy_pattern(r"[,，、 ]|at\b|from\b|on\b|北京时间|[(]北京时间[)]", re.IGNORECASE)
_BEGIN = lazy_pattern("(?:开始|准时开始|准时|正式开始|起|开幕|开讲|开会|举行)")
_END = lazy_pattern("(?:结束|止|为止)")
_REMARK = lazy_pattern(r"[(][^()]{1,60}[)]|[。.;；,，]")
_WEEKDAYS = "一二三四五六日"
_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_TOKENS = 24
_LONGEST = 120


class Unread(Enum):
    """The reason why a time was not taken."""

    NOT_EXACT = "not-exact"
    """It has other words, such as 下旬, or a time that can be meant in two ways."""
    NO_YEAR = "no-year"
    """It has no year, and the document does not say one clearly."""
    IMPOSSIBLE = "impossible"
    """There is no such day, or it ends before it begins."""


@dataclass(frozen=True)
class EventTime:
    """The time of an event; the start and the end both have an hour, or none has."""

    start: date | datetime
    end: date | datetime | None = None
    uses_year_of_document: bool = False
    wrong_weekday: bool = False
    """True if the day of the week that stands behind a date is not the one of that date."""
    has_daily_hours: bool = False
    """True if the text says hours for each of several days, which the front matter cannot hold."""


@dataclass(frozen=True)
class _Clock:
    hour: int
    minute: int
    part: str
    """上午, 下午 …, `a` or `p`; empty if it says none."""


_UNCLEAR = _Clock(-1, 0, "上午")
"""A time that can be meant in two ways."""


@dataclass
class _Moments:
    """The parts that were read so far; `form` has a letter for each: D day, T time, - until, d daily."""

    year: int | None
    form: str = ""
    days: list[date] = field(default_factory=list)
    clocks: list[_Clock] = field(default_factory=list)
    uses_year: bool = False
    wrong_weekday: bool = False
    fault: Unread | None = None


def read_event_time(text: str, year: int | None) -> EventTime | Unread:
    """Return the time that a text says, if it says it exactly.

    Args:
        text: the words behind a label such as 时间.
        year: the year of a date that has none; None if the document does not say one clearly.
    """
    words = plain(text).strip()
    if len(words) > _LONGEST:
        return Unread.NOT_EXACT
    moments = _Moments(year)
    position = 0
    for _token in range(_MOST_TOKENS):
        if position == len(words):
            break
        position = _read_token(words, position, moments)
        if position < 0 or moments.fault:
            return moments.fault or Unread.NOT_EXACT
    else:
        return Unread.NOT_EXACT
    return _event_time(moments)


def _read_token(words: str, position: int, moments: _Moments) -> int:
    """Read what stands at a position; return the position behind it, or -1 if it is not understood."""
    if (end := _read_day(words, position, moments)) or moments.fault:
        return end
    if match := _WEEKDAY.match(words, position):
        _compare_weekday(match["chinese"], match["english"], moments)
        return match.end()
    if match := _TIME.match(words, position):
        moments.form += "T"
        moments.clocks.append(_clock(match))
        return match.end()
    for pattern, letter in ((_SEPARATOR, "-"), (_DAILY, "d"), (_BEGIN, ""), (_END, ""), (_REMARK, ""), (_FILLER, "")):
        if (match := pattern.match(words, position)) and match.end() > position:
            moments.form += letter
            return match.end()
    return -1


def _read_day(words: str, position: int, moments: _Moments) -> int:
    """Read a date at a position; return the position behind it, or 0 if there is none."""
    if written := match_date(words, position):
        return _add_day(moments, written.day, written.end)
    if match := _DAY_OF_YEAR.match(words, position):
        month, day = chinese_number(match["month"]), chinese_number(match["day"])
        year = moments.days[-1].year if moments.days else moments.year
        if year is None:
            moments.fault = Unread.NO_YEAR
            return 0
        moments.uses_year |= not moments.days
        read = _date(year, month, day)
        if read and moments.days and read < moments.days[-1]:
            read = _date(year + 1, month, day)
        return _add_day(moments, read, match.end())
    if moments.days and moments.form.endswith("-") and (match := _DAY_ALONE.match(words, position)):
        last = moments.days[-1]
        return _add_day(moments, _date(last.year, last.month, int(match["day"])), match.end())
    return 0


def _add_day(moments: _Moments, day: date | None, end: int) -> int:
    if day is None:
        moments.fault = Unread.IMPOSSIBLE
        return 0
    moments.days.append(day)
    moments.form += "D"
    return end


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _compare_weekday(chinese: str | None, english: str | None, moments: _Moments) -> None:
    if not moments.days:
        return
    number = _WEEKDAYS.index(chinese.replace("天", "日")) if chinese else _ENGLISH.index((english or "")[:3].title())
    moments.wrong_weekday |= moments.days[-1].weekday() != number


def _clock(match: re.Match[str]) -> _Clock:
    if match["hour12"]:
        return _Clock(int(match["hour12"]), 0, match["english12"][0].lower())
    written = match["written"]
    minute = int(match["minute"] or 0) or (chinese_number(written) if written else 0)
    part = match["part"] or (match["english"] or "")[:1].lower()
    return _Clock(chinese_number(match["hour"].replace("两", "二")), 30 if match["half"] else minute, part)


def _event_time(moments: _Moments) -> EventTime | Unread:
    form, days = moments.form, moments.days
    if form in ("D", "D-D"):
        return _checked(days[0], days[1] if len(days) > 1 else None, moments)
    if form in ("D-DT", "D-DT-T", "D-DdT", "D-DdT-T"):
        return _checked(days[0], days[1], moments, has_daily_hours=True)
    if form not in ("DT", "DT-T", "DT-DT"):
        return Unread.NOT_EXACT
    clocks = _with_parts(moments.clocks, len(days) == 1)
    times = [_time_of(clock, is_end=number > 0) for number, clock in enumerate(clocks)]
    if None in times:
        return Unread.NOT_EXACT
    ends = [
        datetime.combine(day, time()) + moment
        for day, moment in zip((days * 2)[: len(times)] if len(days) == 1 else days, times, strict=True)
        if moment is not None
    ]
    return _checked(ends[0], ends[1] if len(ends) > 1 else None, moments)


def _with_parts(clocks: list[_Clock], is_one_day: bool) -> list[_Clock]:
    """Return the times with the part of the day that is said once for both: 下午2:00—4:00."""
    if len(clocks) < 2 or not is_one_day:
        return clocks
    first, second = clocks
    if first.part and not second.part and second.hour < 12:
        if (second.hour, second.minute) > (first.hour % 12, first.minute):
            return [first, _Clock(second.hour, second.minute, first.part)]
        return [first, _UNCLEAR]
    if second.part in ("a", "p") and not first.part and first.hour <= second.hour:
        return [_Clock(first.hour, first.minute, second.part), second]
    return clocks


def _time_of(clock: _Clock, is_end: bool) -> timedelta | None:
    """Return the time of day as the time since midnight; None if it can be meant in two ways."""
    hour, part = clock.hour, clock.part
    if part in ("下午", "傍晚", "晚上", "晚", "夜间", "p"):
        if hour == 12 and part != "p":
            return None
        hour += 12 if hour < 12 else 0
    elif part == "中午":
        hour += 12 if hour < 3 else 0
    elif part in ("上午", "早上", "早晨", "早", "凌晨", "a"):
        if hour >= 12:  # Noon or midnight.
            return timedelta() if part == "a" and hour == 12 else None
    elif hour < 7 and not (is_end and hour == 0):
        return None
    if not 0 <= hour <= 24 or (hour == 24 and (clock.minute or not is_end)):
        return None
    return timedelta(hours=hour, minutes=clock.minute)


def _checked(
    start: date | datetime, end: date | datetime | None, moments: _Moments, has_daily_hours: bool = False
) -> EventTime | Unread:
    if end is not None and end < start:
        return Unread.IMPOSSIBLE
    if not 1900 <= start.year < 3000:
        return Unread.IMPOSSIBLE
    return EventTime(start, end, moments.uses_year, moments.wrong_weekday, has_daily_hours)
