"""Find the line of a Markdown text that contains a link, and texts that cannot contain a removable link."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

_INLINE = re.compile(r"\]\(([^\s()<>\"'\\&`*_~]+)\)")
"""A link or picture in its simplest form."""
_MARKS = re.compile(r"\]\s*[(\[]|\]:|<|//|www\.|\[\[|\{\s*:|@", re.IGNORECASE)
"""Characters of which every text with a link contains one."""
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])")


def may_lose(body: str, closes: Callable[[str], bool]) -> bool:
    """Tell whether a text may contain a link that would be removed; if so, only converting it gives the exact answer.

    Args:
        body: Markdown.
        closes: tells whether a link in its simplest form would be removed, by its address.
    """
    if not _MARKS.search(body):
        return False
    urls = set(_INLINE.findall(body))
    return any(map(closes, urls)) or _MARKS.search(_INLINE.sub("", body)) is not None


def lines_of(body: str, urls: Iterable[str]) -> list[tuple[int, str]]:
    """Return the line number of each address, from 1, sorted by line.

    An address given several times is searched for several times, so each of its lines is returned once. An address that
    is not found is returned with line 1.

    Args:
        body: Markdown.
        urls: addresses of links, with character references resolved.
    """
    found: set[tuple[int, str]] = set()
    starts: dict[str, int] = {}
    meant = html.unescape(_ESCAPED.sub(r"\1", body)) if "&" in body or "\\" in body else body
    for url in urls:
        for text in (body, meant):
            place = _place(text, url, starts.get(url, 0))
            if place >= 0:
                starts[url] = place + 1
                # Character references and escapes contain no line breaks, so line numbers agree in both texts.
                found.add((text.count("\n", 0, place) + 1, url))
                break
        else:
            found.add((1, url))
    return sorted(found)


def _place(text: str, url: str, start: int) -> int:
    """Return the index of an address in a text, from `start` on or else anywhere; -1 if it is not found."""
    if not url:
        return -1
    for form in dict.fromkeys((url, url.strip(), html.escape(url), unquote(url), quote(url, safe="/:?#@!$&'()*+,;=%"))):
        place = text.find(form, start)
        if place < 0:
            place = text.find(form)
        if place >= 0:
            return place
    return -1
