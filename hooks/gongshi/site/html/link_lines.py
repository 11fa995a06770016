"""Find the line of a Markdown text that contains a link, and texts that cannot contain a removable link."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, unquote

_INLINE = re.compile(r"\]\(([^\s()<>\"'\\&`*_~]+)\)")
"""A link or picture in its simplest form."""
_MARKS = re.compile(r"\]\s*[(\[]|\]:|<|//|www\.|\[\[|\{\s*:|@", re.IGNORECASE)
"""Characters of which every text with a link contains one."""
_BEFORE = frozenset(("", *"(<\"'=: \t\n"))
_AFTER = frozenset(("", *")>\"' \t\n#?"))
"""Characters between which a whole address stands."""
_ATTEMPTS = 100
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
    return sorted({(line or 1, url) for line, url in lines_in_order(body, urls)})


def lines_in_order(body: str, urls: Iterable[str]) -> Iterator[tuple[int | None, str]]:
    """Yield the line number of each address, from 1, in the order of the addresses; None for one that is not found.

    Args:
        body: Markdown.
        urls: addresses of links or pictures, in the order in which they stand there.
    """
    starts: dict[str, int] = {}
    meant = html.unescape(_ESCAPED.sub(r"\1", body)) if "&" in body or "\\" in body else body
    for url in urls:
        line = None
        for text in (body, meant):
            place = _place(text, url, starts.get(url, 0))
            if place >= 0:
                starts[url] = place + 1
                # Character references and escapes contain no line breaks, so line numbers agree in both texts.
                line = text.count("\n", 0, place) + 1
                break
        yield line, url


def _place(text: str, url: str, start: int) -> int:
    """Return the index of an address in a text, from `start` on or else anywhere; -1 if it is not found."""
    if not url:
        return -1
    for form in dict.fromkeys((url, url.strip(), html.escape(url), unquote(url), quote(url, safe="/:?#@!$&'()*+,;=%"))):
        place = _whole(text, form, start)
        if place < 0:
            place = _whole(text, form, 0)
        if place >= 0:
            return place
    return -1


def _whole(text: str, url: str, start: int) -> int:
    """Return the index of an address that is no part of a longer one, as `1.jpg` is of `11.jpg`, or else of any."""
    first = place = text.find(url, start)
    for _attempt in range(_ATTEMPTS):
        end = place + len(url)
        if place < 0 or (text[place - 1 : place] in _BEFORE and text[end : end + 1] in _AFTER):
            break
        place = text.find(url, place + 1)
    return first if place < 0 else place
