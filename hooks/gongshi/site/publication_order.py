"""The order of publication, in which lists, home, feeds, tags and the search show entries: the newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone, tzinfo
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from gongshi.common import dates

_Item = TypeVar("_Item")
_NUMBER = re.compile("([0-9]+)")
_NEVER = datetime.min.replace(tzinfo=timezone.utc)

Published = tuple[date, datetime]
"""The day that a page shows as its date, and the moment of its publication."""


def published(day: date | None, written: date | datetime | None, since: datetime | None, zone: tzinfo) -> Published:
    """Return when an entry was published, for sorting.

    Args:
        day: the day of its `date` in the site's time zone; None for a page without one.
        written: its `date` as it stands in the front matter; its time counts, if it has one.
        since: the moment at which it first became public, which counts if `written` is a day; None if it is not public.
        zone: the site's time zone.
    """
    if isinstance(written, datetime) or (written and since is None):
        since = dates.starts_at(written, zone)
    return day or date.min, since or _NEVER


def newest_first(
    items: Iterable[_Item], published_at: Callable[[_Item], Published], path: Callable[[_Item], str]
) -> list[_Item]:
    """Sort entries by the moment of publication, those of one moment by the numbers in their paths; the newest first.

    Args:
        items: the entries.
        published_at: returns when an entry was published.
        path: returns the path of an entry: `20261120-10.md` is newer than `20261120-9.md`.
    """
    dated = sorted(((published_at(item), item) for item in items), key=itemgetter(0), reverse=True)
    ordered: list[_Item] = []
    for _at, group in groupby(dated, itemgetter(0)):
        # Few entries share a moment, so the paths of the others are not taken apart.
        same = [item for _published, item in group]
        ordered += sorted(same, key=lambda item: _natural(path(item)), reverse=True) if len(same) > 1 else same
    return ordered


def _natural(path: str) -> tuple[list[str | int], str]:
    """Return a key by which numbers in a path count as numbers."""
    return [int(part) if place % 2 else part for place, part in enumerate(_NUMBER.split(path))], path
