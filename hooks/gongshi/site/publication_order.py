"""The order of publication, in which lists, home, feeds, tags and the search show entries: the newest first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from typing import TypeVar

from gongshi.common import dates
from gongshi.domain.content.front_matter import FrontMatter

_Item = TypeVar("_Item")
_NUMBER = re.compile("([0-9]+)")
_NEVER = -math.inf

Published = tuple[int, float]
"""The day that a page shows as its date, as an ordinal, and the moment of its publication in seconds since 1970."""
Number = tuple[list[str | int], str]
"""The parts of a path, numbers as numbers, and the path."""


def shown_date(meta: FrontMatter, since: datetime | None, zone: tzinfo) -> date | datetime | None:
    """Return the date that an entry shows: its `date`, or else the day on which it became public.

    Args:
        meta: the front matter.
        since: the moment at which it first became public; None for a draft in the preview, whose day is that of its
            `publish_at`, if it has one.
        zone: the site's time zone.
    """
    if meta.date is not None:
        return meta.date
    moment = since or meta.publish_at
    return day_of(moment, zone) if moment else None


def day_of(value: date | datetime, zone: tzinfo) -> date:
    """Return the day of a date or time in the site's time zone.

    Args:
        value: a day, or a time; a time without offset is in `zone`.
        zone: the site's time zone.
    """
    return dates.starts_at(value, zone).astimezone(zone).date() if isinstance(value, datetime) else value


def published(day: date | None, written: date | datetime | None, since: datetime | None, zone: tzinfo) -> Published:
    """Return when an entry was published, for sorting.

    Args:
        day: the day that it shows, as `shown_date` returns it; None for a page without one.
        written: its `date` as it stands in the front matter; its time counts, if it has one.
        since: the moment at which it first became public, which counts if `written` is a day; None if it is not public.
        zone: the site's time zone.
    """
    if isinstance(written, datetime) or (written and since is None):
        since = dates.starts_at(written, zone)
    return day.toordinal() if day else 0, since.timestamp() if since else _NEVER


def newest_first(
    items: Iterable[_Item], published_at: Callable[[_Item], Published], number: Callable[[_Item], Number]
) -> list[_Item]:
    """Sort entries by the moment of publication, those of one moment by the numbers in their paths; the newest first.

    Args:
        items: the entries.
        published_at: returns when an entry was published.
        number: returns the `number_key` of an entry's path; called only for entries that share a moment.
    """
    ordered = sorted(items, key=published_at, reverse=True)
    moments = list(map(published_at, ordered))
    start = 0
    for end in range(1, len(ordered) + 1):
        if end < len(ordered) and moments[end] == moments[start]:
            continue
        if end - start > 1:
            ordered[start:end] = sorted(ordered[start:end], key=number, reverse=True)
        start = end
    return ordered


def number_key(path: str) -> Number:
    """Return a key by which numbers in a path count as numbers: `20261120-10.md` comes after `20261120-9.md`.

    Args:
        path: path or address of an entry.
    """
    parts: list[str | int] = list(_NUMBER.split(path))
    parts[1::2] = map(int, parts[1::2])
    return parts, path
