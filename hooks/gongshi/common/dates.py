"""Parse dates and times as people write them, and read the clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from unicodedata import normalize

from gongshi.common.errors import UsageError
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _

_DATE = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MOMENT = re.compile(
    "([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:T|[ \u00a0\u3000]+)([0-9]{1,2})[:：]([0-9]{2})(?:[:：]([0-9]{2}))?"
    "(?:[.][0-9]+)?[ ]?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_YEARS = range(1900, 3000)
_OTHER_DATE = lazy_pattern(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?(.*)", re.DOTALL)
"""A date as people also write it, whose parts have the same order, and the rest of the text."""
_OTHER_TIME = lazy_pattern(
    r"(?:T| +)?(上午|早上|下午|晚上)?([0-9]{1,2})(?:[:时点]([0-9]{2})(?:[:分]([0-9]{2}))?[分秒]?|[时点]整?)"
)
_AROUND = " \t\u3000\"'“”‘’「」"
"""Spaces and quotation marks around a date."""
_TIME_ALONE = lazy_pattern(r"([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?")
_OFFSET = lazy_pattern(r"([0-9].*[0-9]) ?([+-])([0-9]{1,2}):?([0-9]{2})?")


@lru_cache(4096)
def parse_date(text: str) -> date | None:
    """Return the day written as `YYYY-MM-DD`, or None if it is no day of the years 1900 to 2999.

    Month and day may be one digit. `day_fault` explains a refusal.

    Args:
        text: the day as it was written.
    """
    match = _DATE.fullmatch(text)
    if not match:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if day.year in _YEARS else None


@lru_cache(4096)
def parse_datetime(text: str) -> datetime | None:
    """Return the time written as `YYYY-MM-DD HH:MM[:SS][ ±HH:MM]`, naive without an offset, or None if it is none.

    Month, day and hour may be one digit; colons and the space before the hour may be full-width, as Chinese input
    methods write them. `time_fault` explains a refusal.

    Args:
        text: the time as it was written.
    """
    match = _MOMENT.fullmatch(text)
    if not match or (day := parse_date(match[1])) is None:
        return None
    offset = (match[5] or "").replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(f"{day}T{match[2]:>02}:{match[3]}:{match[4] or '00'}{offset}")
    except ValueError:
        return None


def day_fault(text: str) -> str:
    """Return the reason why a text is no day, with the remedy.

    Args:
        text: a text that `parse_date` refuses.
    """
    if day := _day_of_moment(text):
        return _("must be a day without a time; write {day}").format(day=day)
    if fault := _number_fault(text):
        return fault
    return _with_remedy(_("must be a date such as 2026-11-21"), _rewritten(text)[:10])


def time_fault(text: str) -> str:
    """Return the reason why a text is no day with a time, with the remedy.

    Args:
        text: a text that `parse_datetime` refuses.
    """
    if day := parse_date(text):
        return _("must have a time, too, such as {day} 08:30").format(day=day)
    if fault := _number_fault(text) or _without_day_text(text):
        return fault
    return _with_remedy(_("must be a date with a time, such as 2026-11-21 08:30"), _rewritten(text, needs_time=True))


def day_or_time_fault(text: str) -> str:
    """Return the reason why a text is neither a day nor a day with a time, with the remedy.

    Args:
        text: a text that both `parse_date` and `parse_datetime` refuse.
    """
    if fault := _number_fault(text) or _without_day_text(text):
        return fault
    form = _("must be a date such as 2026-11-21, or with a time, such as 2026-11-21 08:30")
    return _with_remedy(form, _rewritten(text))


def rewritten_day(text: str) -> str:
    """Return a day in the form that is read, if a text can mean only this day; empty otherwise.

    Args:
        text: a text that `parse_date` refuses.
    """
    written = _rewritten(text)
    return written if parse_date(written) else ""


def rewritten_time(text: str) -> str:
    """Return a day with a time in the form that is read, if a text can mean only this; empty otherwise.

    Args:
        text: a text that `parse_datetime` refuses.
    """
    return _rewritten(text, needs_time=True)


def rewritten_day_or_time(text: str) -> str:
    """Return a day or time in the form that is read, if a text can mean only this; empty otherwise.

    Args:
        text: a text that both `parse_date` and `parse_datetime` refuse.
    """
    return _rewritten(text)


def _day_of_moment(text: str) -> date | None:
    moment = parse_datetime(text)
    return moment.date() if moment else None


def _without_day_text(text: str) -> str | None:
    if not (match := _TIME_ALONE.fullmatch(normalize("NFKC", text))):
        return None
    time_text = f"{match[1]:>02}:{match[2]}"
    return _("has no day; write the day before the time, as in 2026-11-21 {time}").format(time=time_text)


def _number_fault(text: str) -> str | None:
    """Return the reason why a text in the right form is no day or time: a number that is out of range."""
    moment = _MOMENT.fullmatch(text)
    if not (match := _DATE.fullmatch(moment[1] if moment else text)):
        other = _OTHER_DATE.fullmatch(_plain(text))
        written = "-".join(other.groups()[:3]) if other and not other[4] else ""
        return _number_fault(written) if _DATE.fullmatch(written) else None
    year, month, number = map(int, match.groups())
    if year not in _YEARS:
        return _("the year {year} cannot be written, only 1900 to 2999; correct the year").format(year=match[1])
    if not 1 <= month <= 12:
        return _("there is no month {month}; months go from 01 to 12").format(month=match[2])
    days = monthrange(year, month)[1]
    if not 1 <= number <= days:
        message = _("there is no such day: {month} has the days 01 to {days}; correct the day")
        return message.format(month=f"{year}-{month:02}", days=days)
    return _clock_fault(moment, date(year, month, number)) if moment else None


def _clock_fault(moment: re.Match[str], day: date) -> str | None:
    hour, minute, second = (int(moment[part] or 0) for part in (2, 3, 4))
    if (hour, minute, second) == (24, 0, 0) and (tomorrow := day + timedelta(days=1)).year in _YEARS:
        return _("24:00 is 00:00 of the next day; write {time}").format(time=f"{tomorrow} 00:00")
    if hour > 23:
        return _("there is no hour {hour}; hours go from 00 to 23").format(hour=hour)
    if minute > 59:
        return _("there is no minute {minute}; minutes go from 00 to 59").format(minute=minute)
    if second > 59:
        return _("there is no second {second}; seconds go from 00 to 59").format(second=second)
    return _("there is no offset {offset}; write it as in +08:00, or leave it out").format(offset=moment[5])


def _plain(text: str) -> str:
    """Return a text with half-width characters, without blanks and marks at its ends."""
    plain = normalize("NFKC", text).strip(_AROUND).rstrip("。、,;.")
    return re.sub("^([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])", r"\1-\2-\3", plain)


def _rewritten(text: str, needs_time: bool = False) -> str:
    """Return a day or time in the form that is read, if people also write it otherwise; empty if it is unclear."""
    plain = _plain(text)
    if (offset := _OFFSET.fullmatch(plain)) and parse_datetime(offset[1]):
        return f"{offset[1]} {offset[2]}{offset[3]:>02}:{offset[4] or '00'}"
    if not (match := _OTHER_DATE.fullmatch(plain)):
        return ""
    written = f"{match[1]}-{match[2]:>02}-{match[3]:>02}"
    if not match[4]:
        return written if not needs_time and parse_date(written) else ""
    if not (clock := _OTHER_TIME.fullmatch(match[4])):
        return ""
    hour = int(clock[2])
    if clock[1] in ("下午", "晚上"):
        if hour == 12:
            return ""  # Noon or midnight.
        hour += 12 if hour < 12 else 0
    written += f" {hour:02}:{clock[3] or '00'}" + (f":{clock[4]}" if clock[4] else "")
    return written if parse_datetime(written) else ""


def _with_remedy(message: str, written: str) -> str:
    return _("{what}; write {value}").format(what=message, value=written) if written else message


def starts_at(value: date | datetime, zone: tzinfo) -> datetime:
    """Return the moment at which a day or time begins.

    Args:
        value: a day, or a time; a time without offset is in `zone`.
        zone: the site's time zone.
    """
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min, tzinfo=zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def ends_at(value: date | datetime, zone: tzinfo) -> datetime:
    """Return the first moment after a day, which includes its last second, or a time itself.

    Args:
        value: a day, or a time; a time without offset is in `zone`.
        zone: the site's time zone.
    """
    if isinstance(value, datetime):
        return starts_at(value, zone)
    return datetime.combine(value + timedelta(days=1), time.min, tzinfo=zone)


def current_time(environ: Mapping[str, str], zone: tzinfo) -> datetime:
    """Return the present time, to the second: `SOURCE_DATE_EPOCH` if it is set, else now.

    Args:
        environ: the process environment.
        zone: the time zone of the result.

    Raises:
        UsageError: `SOURCE_DATE_EPOCH` is no number of seconds since 1970, or lies after the year 2106 (gzip's limit).
    """
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(zone).replace(microsecond=0)
    if not re.fullmatch("[0-9]{1,11}", epoch) or int(epoch) >= 1 << 32:
        raise UsageError(
            _(
                "SOURCE_DATE_EPOCH is “{value}”; it must be a whole number of seconds since 1970, up to the year 2106"
            ).format(value=epoch)
        )
    return datetime.fromtimestamp(int(epoch), timezone.utc).astimezone(zone)
