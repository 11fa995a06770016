"""Find the line of a Markdown text in which an address stands, and texts whose links need no closer look."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

_INLINE = re.compile(r"\]\(([^\s()<>\"'\\&`*_~]+)\)")
"""A link or picture in its plainest form."""
_MARKS = re.compile(r"\]\s*[(\[]|\]:|<|//|www\.|\[\[|\{\s*:|@", re.IGNORECASE)
"""Without any of these a text holds no address that a page would link to."""
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])")


def may_lose(body: str, closes: Callable[[str], bool]) -> bool:
    """Whether a text may hold a link that loses its address, so that it must be converted to know.

    Args:
        body: Markdown.
        closes: tells whether the address of a link in its plainest form would be lost.
    """
    if not _MARKS.search(body):
        return False
    urls = set(_INLINE.findall(body))
    return any(map(closes, urls)) or _MARKS.search(_INLINE.sub("", body)) is not None


def lines_of(body: str, urls: Iterable[str]) -> list[tuple[int, str]]:
    """The line of each address, counted from 1, in the order of the lines.

    An address that stands in the text several times is told once for each of its lines, at most as often as it is
    given; one that is nowhere found as it was written is told for the first line.

    Args:
        body: Markdown.
        urls: addresses as links hold them, character references resolved.
    """
    found: set[tuple[int, str]] = set()
    starts: dict[str, int] = {}
    meant = html.unescape(_ESCAPED.sub(r"\1", body)) if "&" in body or "\\" in body else body
    for url in urls:
        for text in (body, meant):
            place = _place(text, url, starts.get(url, 0))
            if place >= 0:
                starts[url] = place + 1
                # Character references and escapes hold no line breaks, so lines are the same in both texts.
                found.add((text.count("\n", 0, place) + 1, url))
                break
        else:
            found.add((1, url))
    return sorted(found)


def _place(text: str, url: str, start: int) -> int:
    """The character at which an address stands, from `start` on or else anywhere; -1 where it does not."""
    if not url:
        return -1
    for form in dict.fromkeys((url, url.strip(), html.escape(url), unquote(url), quote(url, safe="/:?#@!$&'()*+,;=%"))):
        place = text.find(form, start)
        if place < 0:
            place = text.find(form)
        if place >= 0:
            return place
    return -1
