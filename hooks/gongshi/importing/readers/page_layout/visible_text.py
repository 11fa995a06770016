"""The text of pages, for the comparison with the entry.

The layout says only in which paragraph or cell the characters stand, and in which order, not which of them stand there:
a character that it lost is in this text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from gongshi.importing.readers.page_layout.model import Glyph, Page
from gongshi.importing.readers.page_layout.text.text_lines import SEGMENT_GAP, join_lines, with_gaps

_RAISED = 3
"""The length of raised and lowered words, which are drawn before or behind the others of their line."""


class TextPlace(NamedTuple):
    """The place of a character in a text."""

    block: int
    """The number of its paragraph or cell."""
    position: int
    """Its position there."""


@dataclass(frozen=True)
class VisibleText:
    """The text of pages."""

    text: str
    """One line for each paragraph and cell."""
    reordered: tuple[int, ...]
    """The numbers of the pages that the file draws in another order than that of the layout."""


def visible_text(pages: Iterable[Page], told: Collection[int], places: Mapping[int, TextPlace]) -> VisibleText:
    """Return the text of pages.

    Args:
        pages: the pages.
        told: the numbers of the characters that are told as left out.
        places: the place of each character that the layout knows, by its number.
    """
    pieces: list[_Piece] = []
    reordered: list[int] = []
    for page in pages:
        highest = TextPlace(-1, 0)
        for glyphs in _drawn_pieces(page, told, places):
            text = "".join(before + each.text for before, each in with_gaps(glyphs)).strip()
            if not text:
                continue
            # What the layout does not know stands behind what is drawn before it.
            known = next(filter(None, (_place(each, places) for each in glyphs)), None)
            place = known or (pieces[-1].place if pieces else highest)
            goes_back = place.block < highest.block or (place < highest and len(text) > _RAISED)
            if goes_back and reordered[-1:] != [page.number]:
                reordered.append(page.number)
            highest = max(highest, place)
            pieces.append(_Piece(place, known is not None, text))
    pieces.sort(key=lambda each: each.place)
    lines = (_joined(group) for _line, group in groupby(pieces, key=lambda each: (each.place.block, each.is_known)))
    return VisibleText("\n".join(lines), tuple(reordered))


class _Piece(NamedTuple):
    """Characters that the file draws one after the other."""

    place: TextPlace
    is_known: bool
    """True if the layout knows them."""
    text: str


def _joined(pieces: Iterable[_Piece]) -> str:
    line = ""
    for piece in pieces:
        line += join_lines(line, piece.text) + piece.text if line else piece.text
    return line


def _drawn_pieces(page: Page, told: Collection[int], places: Mapping[int, TextPlace]) -> Iterator[list[Glyph]]:
    """Yield the characters that follow each other on a line of the same paragraph or cell."""
    piece: list[Glyph] = []
    place: TextPlace | None = None
    for glyph in page.glyphs:
        if glyph.number in told:
            continue
        found = _place(glyph, places)
        is_elsewhere = found is not None and place is not None and found.block != place.block
        if piece and (is_elsewhere or not _goes_on(piece[-1], glyph)):
            yield piece
            piece, place = [], None
        piece.append(glyph)
        place = found or place
    if piece:
        yield piece


def _place(glyph: Glyph, places: Mapping[int, TextPlace]) -> TextPlace | None:
    """Return the place of a character; blanks between cells may be in either of them."""
    return None if glyph.text.isspace() else places.get(glyph.number)


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    if last.angle or glyph.angle:
        return last.run == glyph.run
    size = max(last.style.size, glyph.style.size)
    gap = glyph.box.x0 - last.box.x1
    near = abs(last.baseline - glyph.baseline)
    return (near < 0.3 * size and -0.5 * size < gap < SEGMENT_GAP * size) or (
        near < 0.6 * size and abs(gap) < 0.3 * size
    )
