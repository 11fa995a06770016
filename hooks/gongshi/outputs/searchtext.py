"""A text as the search holds it: cut into words that can be found one after another.

Chinese is written without spaces, and no dictionary cuts it the same way on two machines. So each Chinese character is
a word of its own, and a search for a phrase finds exactly the places where its characters follow one another.
`assets/gongshi/search.js` cuts what visitors type in the same way: change both together.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

HAN = "\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = "".join(chr(code) for code in range(0x300, 0xFE00) if unicodedata.category(chr(code)).startswith("M"))
_WORD = re.compile(f"[{HAN}]|[0-9]+|(?:(?![0-9{HAN}])[^\\W_][{_MARKS}]*)+")
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_WIDE = {code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}

SPACE = "\u2060"
"""Stands for a space between two words; the index takes spaces for ends of words."""
FILLER, BORDER = "·", "¶"
TITLE_WORDS = 64
"""A title fills so many places, so that the place of a match says whether it lies in the title."""

_UNSHOWN = frozenset(("script", "style", "template", "noscript", "svg", "head"))
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()  # noqa: SIM905
)


def words(text: str) -> list[str]:
    """A text cut into words, each followed by the punctuation behind it.

    Args:
        text: plain text.
    """
    found: list[str] = []
    lead, end = "", 0
    text = _SELECTOR.sub("", unicodedata.normalize("NFC", text)).translate(_WIDE)
    for match in _WORD.finditer(text):
        between = _punctuation(text[end : match.start()])
        if found:
            found[-1] += between
        else:
            lead = between.lstrip(SPACE)
        found.append(match.group())
        end = match.end()
    if found:
        found[0] = lead + found[0]
        found[-1] += _punctuation(text[end:]).rstrip(SPACE)
    return found


def _punctuation(text: str) -> str:
    """What stands between two words, without what the index would take for part of a word or for an end of it."""
    kept = "".join(c for c in text if c.isspace() or not (unicodedata.category(c)[0] == "C" or _disturbs(c)))
    return re.sub(r"\s+", SPACE, kept)


def _disturbs(character: str) -> bool:
    # Pagefind takes connectors such as the underscore for letters; marks and numerals would join the word before.
    return character == BORDER or unicodedata.category(character) in ("Pc", "Mn", "Mc", "Me", "Nl", "No")


def content(title: str, text: str, signs: list[str]) -> str:
    """What the index holds of a page: its title, its text and the signs that filters look for.

    Args:
        title: the title.
        text: plain text.
        signs: made of letters and digits at once, as no word of a text is.
    """
    heading = words(title)
    heading += [FILLER] * (TITLE_WORDS - len(heading))
    return " ".join([*heading, BORDER, *words(text), *signs])


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
    return re.sub(r"\s*\n\s*", "\n", "".join(parser.parts)).strip()
