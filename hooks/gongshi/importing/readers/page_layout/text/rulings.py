"""Lines under and through words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gongshi.importing.readers.page_layout.model import Box, Glyph, Ruling
from gongshi.importing.readers.page_layout.text.box_index import BoxIndex

_REACH: Final = 60.0
"""The height of the largest characters whose lines are found, in points."""
_UNDER = (-0.1, 0.35)
"""The distance of an underline below the line on which characters stand, as a part of their size."""
_THROUGH = (-0.5, -0.2)


def with_marked_words(glyphs: Sequence[Glyph], rulings: Iterable[Ruling], tables: Sequence[Box]) -> list[Glyph]:
    """Return the characters, marked where a line is drawn under or through them.

    Args:
        glyphs: upright characters.
        rulings: the lines of the page.
        tables: the places of tables, whose borders mark no words.
    """
    lines = [
        (_around(box), box)
        for box in (each.box for each in rulings if each.horizontal)
        if not any(_is_border(box, table) for table in tables)
    ]
    index = BoxIndex(lines)
    return [_marked(each, index) for each in glyphs] if lines else list(glyphs)


def _around(line: Box) -> Box:
    """Return where the middle of characters is that a line may mark."""
    return Box(line.x0, line.top - _REACH, line.x1, line.bottom + _REACH)


def _is_border(box: Box, table: Box) -> bool:
    return table.x0 - 3 <= box.x0 and box.x1 <= table.x1 + 3 and table.top - 3 <= box.top <= table.bottom + 3


def _marked(glyph: Glyph, lines: BoxIndex[Box]) -> Glyph:
    underlined = struck = False
    for _box, line in lines.at(glyph.box):
        if line.x0 - 1 <= glyph.box.middle <= line.x1 + 1:
            distance = ((line.top + line.bottom) / 2 - glyph.baseline) / glyph.style.size
            underlined |= _UNDER[0] < distance < _UNDER[1]
            struck |= _THROUGH[0] < distance < _THROUGH[1]
    return replace(glyph, underlined=underlined, struck=struck) if underlined or struck else glyph
