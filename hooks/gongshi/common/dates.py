"""Parse dates and times as people write them, and read the clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from gongshi.common.errors import UsageError
from gongshi.i18n import gettext as _

_DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.[0-9]+)?[ ]?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_YEARS = range(1900, 3000)


@lru_cache(4096)
def parse_date(text: str) -> date | None:
    """Return the day written as `YYYY-MM-DD`, or None if it is no day of the years 1900 to 2999."""
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
    """Return the time written as `YYYY-MM-DD HH:MM[:SS][ ±HH:MM]`, naive without an offset, or None if it is none."""
    match = _MOMENT.fullmatch(text)
    if not match or parse_date(match[1]) is None:
        return None
    offset = (match[4] or "").replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or ':00'}{offset}")
    except ValueError:
        return None


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
