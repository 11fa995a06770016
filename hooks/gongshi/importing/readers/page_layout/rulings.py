"""Lines under and through words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gongshi.importing.readers.page_layout.model import Box, Glyph, Ruling

_BAND: Final = 16.0
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
    bands: defaultdict[int, list[Box]] = defaultdict(list)
    for box in (each.box for each in rulings if each.horizontal):
        if not any(_is_border(box, table) for table in tables):
            bands[int(box.top // _BAND)].append(box)
    return [_marked(each, bands) for each in glyphs] if bands else list(glyphs)


def _is_border(box: Box, table: Box) -> bool:
    return table.x0 - 3 <= box.x0 and box.x1 <= table.x1 + 3 and table.top - 3 <= box.top <= table.bottom + 3


def _marked(glyph: Glyph, bands: dict[int, list[Box]]) -> Glyph:
    size, baseline = glyph.style.size, glyph.baseline
    underlined = struck = False
    for band in range(int((baseline - size) // _BAND), int((baseline + size) // _BAND) + 1):
        for box in bands.get(band, ()):
            if box.x0 - 1 <= glyph.box.middle <= box.x1 + 1:
                distance = ((box.top + box.bottom) / 2 - baseline) / size
                # A line that is much longer than the text separates parts of the page.
                underlined |= _UNDER[0] < distance < _UNDER[1]
                struck |= _THROUGH[0] < distance < _THROUGH[1]
    return replace(glyph, underlined=underlined, struck=struck) if underlined or struck else glyph
