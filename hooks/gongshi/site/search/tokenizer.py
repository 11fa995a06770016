"""Cuts texts into words for the search.

Chinese is written without spaces, and dictionaries do not cut it the same way on every machine. So each Chinese
character is a word, and a phrase is found exactly where its characters follow one another.
`theme/assets/gongshi/search-reader.js` cuts queries in the same way: change both together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html.parser import HTMLParser

from gongshi.site.html.line_ends import join_text_lines
from gongshi.site.search.folding import fold

HAN = "\u4e00-\u9fff\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WITHOUT_MARKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4), range(0xD800, 0xF900))
"""Ideographs, Hangul syllables, surrogates and private use characters: they include no combining marks."""

_HIDDEN_ELEMENTS = frozenset(("script", "style", "template", "noscript", "svg", "head", "rp"))
_INLINE_ELEMENTS = frozenset(
    """
    a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rb rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr
    """.split()  # noqa: SIM905
)
"""Elements that do not separate words; search-view.js has the same list."""
_MARKS = frozenset(("footnote-ref", "footnote-backref", "gs-away__mark"))
"""Classes of marks that nobody typed, in the midst of what was typed; search-view.js has the same."""
_BLOCK_END = "\u2029"


@cache
def _word() -> re.Pattern[str]:
    """Compile the pattern of a word: an ideograph, digits, or letters with their combining marks."""
    starts = (0x300, *(each.stop for each in _WITHOUT_MARKS))
    ends = (*(each.start for each in _WITHOUT_MARKS), 0xFE00)
    codes = (code for start, end in zip(starts, ends, strict=True) for code in range(start, end))
    marks = "".join(chr(code) for code in codes if unicodedata.category(chr(code)).startswith("M"))
    return re.compile(f"[{HAN}]|[0-9]+|(?:(?![0-9{HAN}])[^\\W_][{marks}]*)+")


def tokenize(text: str) -> list[str]:
    """Return the words of a text, folded.

    Args:
        text: plain text.
    """
    return _word().findall(fold(text))


class _TextCollector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.readings: list[str] = []
        self._hidden_depth = 0
        self._mark = ""
        self._is_reading = self._is_preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden_depth += tag in _HIDDEN_ELEMENTS
        if not self._mark and not _MARKS.isdisjoint((dict(attrs).get("class") or "").split()):
            self._mark = tag
        self._handle_tag(tag, is_start=True)

    def handle_endtag(self, tag: str) -> None:
        self._hidden_depth = max(0, self._hidden_depth - (tag in _HIDDEN_ELEMENTS))
        if tag == self._mark:
            self._mark = ""
        self._handle_tag(tag, is_start=False)

    def _handle_tag(self, tag: str, is_start: bool) -> None:
        if tag == "rt":
            self._is_reading = is_start
        elif tag == "pre":
            self._is_preformatted = is_start
        if tag not in _INLINE_ELEMENTS:
            self.parts.append(_BLOCK_END)

    def handle_data(self, data: str) -> None:
        if self._hidden_depth or self._mark:
            return
        if self._is_preformatted:
            data = data.replace("\n", _BLOCK_END)
        (self.readings if self._is_reading else self.parts).append(data)


def html_to_text(html: str) -> str:
    """Return the visible text of HTML, one block a line, without the readings of ruby text.

    A line end inside a block is a space, as in browsers, but nothing between Chinese characters.

    Args:
        html: a part of a page.
    """
    return _lines("".join(_collect(html).parts))


def ruby_readings(html: str) -> str:
    """Return the readings that stand above characters as ruby text, one a line.

    Args:
        html: a part of a page.
    """
    return _lines(_BLOCK_END.join(_collect(html).readings)) if "<rt" in html else ""


def _collect(html: str) -> _TextCollector:
    parser = _TextCollector()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:
        # html.parser fails on declarations such as `<![x[`.
        parser.parts = [re.sub(r"<[^>]*>", _BLOCK_END, html)]
    return parser


def _lines(text: str) -> str:
    blocks = (" ".join(block.split()) for block in join_text_lines(text).split(_BLOCK_END))
    return "\n".join(filter(None, blocks))
