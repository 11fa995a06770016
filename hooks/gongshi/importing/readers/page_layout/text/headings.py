"""Headings by size, boldness, font and number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gongshi.importing.readers.page_layout.model import Glyph, TextStyle
from gongshi.importing.readers.page_layout.text.glyph_text import is_han
from gongshi.importing.readers.page_layout.text.paragraphs import Paragraph
from gongshi.importing.readers.page_layout.text.text_lines import main_style

_NUMBER = "[一二三四五六七八九十百零〇○]{1,5}"
_LEVELS: Final = (
    (re.compile(rf"{_NUMBER}、|第{_NUMBER}[编部章]"), 2),
    (re.compile(rf"[（(]{_NUMBER}[）)]|第{_NUMBER}节"), 3),
    (re.compile(r"\d{1,2}[.．、]|[（(]\d{1,2}[）)]"), 4),
)
"""Levels of headings by their numbers (GB/T 9704-2012, 7.3.3)."""
_CHAPTER = re.compile(rf"第{_NUMBER}[编部章节]")
_LONGEST: Final = 60
_LARGER = 1.08
_SENTENCE_ENDS = frozenset("。；，、：.;,:")
_LOWEST: Final = 4
_MOST: Final = 4
_SHARE = 0.35
"""The share of paragraphs above which their look makes no headings, if there are more than 4."""


@dataclass(frozen=True)
class HeadingRules:
    """The look of the headings of a document.

    Args:
        usual: the style of the usual text.
        sizes: sizes of headings without numbers, the largest first.
    """

    usual: TextStyle
    sizes: tuple[float, ...]
    only_numbered: bool = False
    """So much stands out by its look that this says nothing, as on a poster or in a list."""

    def element(self, paragraph: Paragraph) -> str:
        """Return `h2` to `h4` for a heading, and `p` for any other paragraph.

        Args:
            paragraph: a whole paragraph.
        """
        if paragraph.alignment:
            is_chapter = paragraph.alignment == "center" and _CHAPTER.match(paragraph.text)
            return f"h{_level_by_number(paragraph.text)}" if is_chapter and len(paragraph.text) < _LONGEST else "p"
        if not _stands_out(paragraph, self.usual):
            return "p"
        level = _level_by_number(paragraph.text)
        if level is None and self.only_numbered:
            return "p"
        if level is None:
            size = main_style(_glyphs(paragraph)).size
            larger = [each for each in self.sizes if each > _LARGER * size]
            level = min(_LOWEST, 2 + len(larger))
        return f"h{level}"


def find_heading_rules(paragraphs: Sequence[Paragraph], usual: TextStyle) -> HeadingRules:
    """Return what headings of a document look like.

    Args:
        paragraphs: all paragraphs outside of tables.
        usual: the style of the usual text.
    """
    found = [
        main_style(_glyphs(each)).size
        for each in paragraphs
        if not each.alignment and _stands_out(each, usual) and _level_by_number(each.text) is None
    ]
    return HeadingRules(usual, tuple(_distinct(found)), len(found) > max(_MOST, _SHARE * len(paragraphs)))


def _distinct(sizes: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for size in sorted(set(sizes), reverse=True):
        if not kept or kept[-1] > _LARGER * size:
            kept.append(size)
    return kept


def _glyphs(paragraph: Paragraph) -> list[Glyph]:
    return [glyph for line in paragraph.lines for glyph in line.glyphs]


def _level_by_number(text: str) -> int | None:
    return next((level for pattern, level in _LEVELS if pattern.match(text)), None)


def _stands_out(paragraph: Paragraph, usual: TextStyle) -> bool:
    """Tell whether a paragraph is short and larger, bolder or in another font than the usual text."""
    text = paragraph.text
    if len(text) > _LONGEST or len(paragraph.lines) > 2 or text[-1] in _SENTENCE_ENDS or any(paragraph.breaks):
        return False
    glyphs = _glyphs(paragraph)
    style = main_style(glyphs)
    if style.size > _LARGER * usual.size:
        return True
    if style.size < usual.size / _LARGER:
        return False
    letters = [each for each in glyphs if is_han(each.text[0])] or [each for each in glyphs if each.text[0].isalpha()]
    if not letters:
        return False
    if not usual.bold and all(each.style.bold for each in letters):
        return True
    # Official documents print headings in another font: 一、 in 黑体, （一） in 楷体.
    level = _level_by_number(text)
    return level in (2, 3) and is_han(letters[0].text[0]) and all(each.style.font != usual.font for each in letters)
