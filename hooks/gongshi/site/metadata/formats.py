"""What feeds, calendars and tags for machines have in common: clean text, absolute addresses, exact moments."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from urllib.parse import urlsplit

from gongshi.common.characters import without_noncharacters

_SPACE = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    """The text on one line, of characters that XML, iCalendar, JSON and UTF-8 can all carry.

    Args:
        text: any text; control characters and line ends become a space, half characters become U+FFFD, and what is no
            character is left out, as it is in pages.
    """
    return _SURROGATE.sub("\ufffd", _SPACE.sub(" ", without_noncharacters(text))).strip()


def is_absolute(site: str) -> bool:
    """Whether the site's base address names a host, so that other machines can be told its addresses.

    Args:
        site: the absolute base address, ending in `/`; empty where none is configured.
    """
    if one_line(site) != site or " " in site:
        return False
    try:
        parts = urlsplit(site)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def host_of(site: str) -> str | None:
    """The host in the site's base address, or None."""
    return urlsplit(site).hostname if is_absolute(site) else None


def stamp(at: datetime, zone: tzinfo) -> str:
    """A moment after RFC 3339, to the second, in the site's time zone.

    Args:
        at: the moment, with an offset.
        zone: the site's time zone; where its offset has seconds, as before 1901, the moment is written in UTC.
    """
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        local = at.astimezone(timezone.utc)
    return local.isoformat(timespec="seconds")
