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

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.common.normalization import normalize

HAN = "\u4e00-\u9fff\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WITHOUT_MARKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4), range(0xD800, 0xF900))
"""Ideographs, Hangul syllables, surrogates and private use characters: they include no combining marks."""
_VARIATION_SELECTOR = lazy_pattern("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_FULL_WIDTH = lazy_pattern("[０-９Ａ-Ｚａ-ｚ]")

_HIDDEN_ELEMENTS = frozenset(("script", "style", "template", "noscript", "svg", "head"))
_INLINE_ELEMENTS = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()  # noqa: SIM905
)


@cache
def _word() -> re.Pattern[str]:
    """Compile the pattern of a word: an ideograph, digits, or letters with their combining marks."""
    starts = (0x300, *(each.stop for each in _WITHOUT_MARKS))
    ends = (*(each.start for each in _WITHOUT_MARKS), 0xFE00)
    codes = (code for start, end in zip(starts, ends, strict=True) for code in range(start, end))
    marks = "".join(chr(code) for code in codes if unicodedata.category(chr(code)).startswith("M"))
    return re.compile(f"[{HAN}]|[0-9]+|(?:(?![0-9{HAN}])[^\\W_][{marks}]*)+")


def tokenize(text: str) -> list[str]:
    """Return the words of a text in lower case.

    Args:
        text: plain text.
    """
    text = _VARIATION_SELECTOR.sub("", normalize("NFC", text))
    text = _FULL_WIDTH.sub(lambda found: chr(ord(found.group()) - 0xFEE0), text)
    # Sigma has another form at the end of a word; without this, the beginning of a longer word would not match.
    return _word().findall(text.lower().replace("ς", "σ"))


class _TextCollector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.hidden_depth += tag in _HIDDEN_ELEMENTS
        if tag not in _INLINE_ELEMENTS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden_depth = max(0, self.hidden_depth - (tag in _HIDDEN_ELEMENTS))
        if tag not in _INLINE_ELEMENTS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden_depth:
            self.parts.append(data)


def html_to_text(html: str) -> str:
    """Return the visible text of HTML, one block a line.

    Args:
        html: a part of a page.
    """
    parser = _TextCollector()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:
        # html.parser fails on declarations such as `<![x[`.
        parser.parts = [re.sub(r"<[^>]*>", "\n", html)]
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(filter(None, lines))
