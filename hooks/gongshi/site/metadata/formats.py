"""Forms that feeds, calendars and meta tags share: text on one line, absolute addresses, times after RFC 3339."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from urllib.parse import quote, urlsplit

from gongshi.common.characters import without_noncharacters

_SPACE = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_AFTER_PUNCTUATION = re.compile("(?<=[，。、；：！？…）》〉」』】〕”’])\n+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return a text on one line, with only such characters as XML, iCalendar, JSON and UTF-8 all allow.

    Args:
        text: any text; control characters and line ends become a space, lone surrogates become U+FFFD, and Unicode
            noncharacters are removed, as in pages.
    """
    return _SURROGATE.sub("\ufffd", _SPACE.sub(" ", without_noncharacters(text))).strip()


def running_text(text: str) -> str:
    """Return the lines of a text as one line, for a description.

    After Chinese punctuation nothing stands between two lines, else a blank.

    Args:
        text: lines of plain text; other characters become as in `one_line`.
    """
    return one_line(_AFTER_PUNCTUATION.sub("", text))


def is_absolute(site: str) -> bool:
    """Tell if the site's base address names a host, so that absolute addresses can be published.

    Args:
        site: the absolute base address, ending in `/`; empty if none is configured.
    """
    if one_line(site) != site or " " in site:
        return False
    try:
        parts = urlsplit(site)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def host_of(site: str) -> str | None:
    """Return the host in the site's base address, or None."""
    return urlsplit(site).hostname if is_absolute(site) else None


def folder_of(site: str) -> str:
    """Return the folder of the site on its host, such as `library/`; empty for a site at the root of its host.

    Args:
        site: the absolute base address, ending in `/`; empty if none is configured.
    """
    folder = "/".join(filter(None, urlsplit(site).path.split("/"))) if is_absolute(site) else ""
    return folder and quote(folder, safe="/%~") + "/"


def rfc3339(at: datetime, zone: tzinfo) -> str:
    """Return a time in the form of RFC 3339, in seconds and in the site's time zone.

    Args:
        at: the time, with an offset.
        zone: the site's time zone; UTC is used where its offset has seconds, as before 1901.
    """
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        local = at.astimezone(timezone.utc)
    return local.isoformat(timespec="seconds")
