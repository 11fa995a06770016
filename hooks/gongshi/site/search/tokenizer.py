"""A text as the search holds it: cut into words that can be found one after another.

Chinese is written without spaces, and no dictionary cuts it the same way on two machines. So each Chinese character is
a word of its own, and a search for a phrase finds exactly the places where its characters follow one another.
`assets/gongshi/search-reader.js` cuts what visitors type in the same way: change both together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html.parser import HTMLParser

from gongshi.common.normalization import normalized
from gongshi.common.lazy_pattern import lazy_pattern

HAN = "\u4e00-\u9fff\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WITHOUT_MARKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4), range(0xD800, 0xF900))
"""Ideographs, Hangul syllables, surrogates and private characters, among which there are no combining marks."""
_SELECTOR = lazy_pattern("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_WIDE = lazy_pattern("[０-９Ａ-Ｚａ-ｚ]")

_UNSHOWN = frozenset(("script", "style", "template", "noscript", "svg", "head"))
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()  # noqa: SIM905
)


@cache
def _word() -> re.Pattern[str]:
    """A word: an ideograph, digits, or letters with their combining marks."""
    starts = (0x300, *(each.stop for each in _WITHOUT_MARKS))
    ends = (*(each.start for each in _WITHOUT_MARKS), 0xFE00)
    codes = (code for start, end in zip(starts, ends, strict=True) for code in range(start, end))
    marks = "".join(chr(code) for code in codes if unicodedata.category(chr(code)).startswith("M"))
    return re.compile(f"[{HAN}]|[0-9]+|(?:(?![0-9{HAN}])[^\\W_][{marks}]*)+")


def words(text: str) -> list[str]:
    """A text cut into words, in small letters.

    Args:
        text: plain text.
    """
    text = _SELECTOR.sub("", normalized("NFC", text))
    text = _WIDE.sub(lambda found: chr(ord(found.group()) - 0xFEE0), text)
    # A sigma has another form at the end of a word, which a beginning of the word would not match.
    return _word().findall(text.lower().replace("ς", "σ"))


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unshown = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.unshown += tag in _UNSHOWN
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unshown = max(0, self.unshown - (tag in _UNSHOWN))
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unshown:
            self.parts.append(data)


def plain(html: str) -> str:
    """The text that a piece of HTML shows.

    Args:
        html: the converted text of a page.
    """
    parser = _Plain()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:
        # The parser gives up on declarations such as `<![x[`.
        parser.parts = [re.sub(r"<[^>]*>", "\n", html)]
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(filter(None, lines))
