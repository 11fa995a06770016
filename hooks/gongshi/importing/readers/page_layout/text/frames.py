"""The margins between which text stands, and how its paragraphs begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from gongshi.importing.readers.page_layout.model import TextStyle
from gongshi.importing.readers.page_layout.text.glyph_text import is_han
from gongshi.importing.readers.page_layout.text.text_lines import Line

_FEW_LINES: Final = 4
"""A region with fewer lines takes its margins from the whole document."""
_NARROW = 0.75
"""Text that is narrower than this part of the page does not reach its right margin."""
_COMMON = 0.08
"""The share of lines that must begin at a margin."""
_LARGE = 1.12
"""Text that is larger than the usual one by this factor is a title or heading."""
_USUAL_PITCH = 1.5


@dataclass(frozen=True)
class TextFrame:
    """The margins of a region and the habits of its document."""

    left: float
    right: float
    size: float
    """The size of the usual text, in points."""
    pitch: float
    """The usual distance between lines, as a multiple of the size."""
    indented: bool = False
    """Paragraphs begin with an indent of about two characters."""

    @property
    def middle(self) -> float:
        """The middle of the region."""
        return (self.left + self.right) / 2

    def is_large(self, line: Line) -> bool:
        """Tell whether a line is larger than the usual text.

        Args:
            line: the line.
        """
        return line.style.size > _LARGE * self.size

    def alignment(self, line: Line) -> str:
        """Return `center` or `right` for a line that stands so, and nothing for any other.

        Args:
            line: a whole line.
        """
        size, box = line.style.size, line.box
        before, after = box.x0 - self.left, self.right - box.x1
        if line.vertical:
            return ""
        if abs(box.middle - self.middle) < 0.8 * size:
            indent = abs(before - 2 * size) < 0.4 * size and not self.is_large(line)
            if (before > 1.2 * size and not indent) or (self.is_large(line) and before > -0.5 * size):
                return "center"
        is_at_right = before > 0.45 * (self.right - self.left) and after < 0.25 * (self.right - self.left)
        return "right" if is_at_right else ""


def usual_style(lines: Iterable[Line]) -> TextStyle | None:
    """Return the style of most text; None if there is none.

    Args:
        lines: all lines of a document.
    """
    counts: Counter[TextStyle] = Counter()
    latin: Counter[TextStyle] = Counter()
    for line in lines:
        for glyph in line.glyphs:
            if is_han(glyph.text[0]):
                counts[glyph.style] += 1
            elif not glyph.text.isspace():
                latin[glyph.style] += 1
    found = counts if counts.total() * 5 > latin.total() else latin
    return found.most_common(1)[0][0] if found else None


def document_frame(regions: Sequence[Sequence[Line]], size: float, page_width: float) -> TextFrame:
    """Return the margins and habits of a whole document.

    Args:
        regions: the lines of each region without columns.
        size: the size of the usual text.
        page_width: the width of a page.
    """
    lines = [line for region in regions for line in region]
    frame = TextFrame(0, page_width, size, _USUAL_PITCH)
    if not lines:
        return frame
    left = _left(lines, size)
    # Margins are usually alike; few lines may not reach the right one, and single ones stand beyond it.
    usual_right = page_width - left
    right = max((each.box.x1 for each in lines if each.box.x1 < usual_right + size), default=usual_right)
    is_narrow = right - left < _NARROW * (usual_right - left)
    if is_narrow or sum(each.box.x1 > right - size for each in lines) < _FEW_LINES - 1:
        right = max(right, usual_right)
    frame = replace(frame, left=left, right=right)
    frame = replace(frame, pitch=_pitch(regions, frame))
    return replace(frame, indented=any(_is_indented(region, frame) for region in regions))


def region_frame(lines: Sequence[Line], document: TextFrame, is_column: bool) -> TextFrame:
    """Return the margins of a region.

    Args:
        lines: its lines.
        document: the margins of the document.
        is_column: other columns stand beside it.
    """
    if not lines or (len(lines) < _FEW_LINES and not is_column):
        return document
    left, right = _left(lines, document.size), max(each.box.x1 for each in lines)
    if is_column:
        return replace(document, left=left, right=right)
    # Pages may be shifted for binding; a page of titles or lists says nothing about margins.
    shift = left - document.left
    if abs(shift) < 4 * document.size and abs((right - document.right) - shift) < 2 * document.size:
        return replace(document, left=left, right=right)
    return document


def _pitch(regions: Sequence[Sequence[Line]], frame: TextFrame) -> float:
    """Return the usual distance of lines behind full ones, which mostly belong to the same paragraph."""
    pitches = [
        ((after.baseline - before.baseline) / frame.size, before.box.x1 > frame.right - 3 * frame.size)
        for region in regions
        for before, after in pairwise(region)
        if all(abs(each.style.size - frame.size) < 0.5 and not each.vertical for each in (before, after))
    ]
    usual = [each for each in pitches if 0.9 < each[0] < 3]
    chosen = [pitch for pitch, is_full in usual if is_full] or [pitch for pitch, _is_full in usual]
    return median(chosen) if chosen else _USUAL_PITCH


def _left(lines: Sequence[Line], size: float) -> float:
    places = sorted(each.box.x0 for each in lines)
    needed = max(2, int(_COMMON * len(places)))
    for number, place in enumerate(places):
        if number + needed <= len(places) and places[number + needed - 1] - place < 0.4 * size:
            return place
    return places[0]


def _is_indented(lines: Sequence[Line], frame: TextFrame) -> bool:
    """Tell whether a line with an indent of about two characters is followed by one without."""
    return any(
        1.5 * frame.size < before.box.x0 - frame.left < 2.6 * frame.size
        and abs(after.box.x0 - frame.left) < 0.5 * frame.size
        and frame.right - before.box.x1 < 2 * frame.size
        for before, after in pairwise(lines)
    )
