"""Find links to headings of the same page that are not there."""

from __future__ import annotations

import re
from difflib import get_close_matches
from html import unescape
from urllib.parse import unquote

from gongshi.common.lazy_pattern import lazy_pattern

_ID = lazy_pattern(r"""<[a-z][^<>]*\sid="([^"]*)\"""", re.IGNORECASE)
_LINK = lazy_pattern(r"""<a\b[^<>]*\shref="\#([^"]+)\"""", re.IGNORECASE)
_TOP = "top"
"""The name that every page has: its beginning (HTML Standard, section 7.4.6.4)."""


def missing_anchors(html: str) -> list[tuple[str, str]]:
    """Return the names after `#` in links that lead nowhere on their page, each with a name that is there and alike.

    Args:
        html: the sanitized HTML of a text. The second name is empty if none is alike.
    """
    if 'href="#' not in html:
        return []
    ids = [unescape(name) for name in _ID.findall(html)]
    known = {*ids, _TOP, ""}
    missing = dict.fromkeys(unquote(unescape(name)) for name in _LINK.findall(html))
    return [(name, next(iter(get_close_matches(name, ids, 1)), "")) for name in missing if name not in known]
