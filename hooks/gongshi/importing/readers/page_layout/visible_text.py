"""The text of pages in the order in which the file draws it, without paragraphs and tables put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gongshi.importing.readers.page_layout.model import Glyph, Page
from gongshi.importing.readers.page_layout.text_lines import SEGMENT_GAP, with_gaps


def visible_text(pages: Iterable[Page], told: Collection[int]) -> str:
    """Return the text of pages, one line for each line of a paragraph or cell.

    Args:
        pages: the pages.
        told: the numbers of the characters that are told as left out.
    """
    lines: list[str] = []
    for page in pages:
        line: list[Glyph] = []
        for glyph in page.glyphs:
            if glyph.number in told:
                continue
            if line and not _goes_on(line[-1], glyph):
                lines.append(_text(line))
                line = []
            line.append(glyph)
        lines.append(_text(line))
    return "\n".join(each for each in lines if each)


def _text(line: list[Glyph]) -> str:
    return "".join(before + each.text for before, each in with_gaps(line)).strip()


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    if last.angle or glyph.angle:
        return last.run == glyph.run
    size = max(last.style.size, glyph.style.size)
    gap = glyph.box.x0 - last.box.x1
    near = abs(last.baseline - glyph.baseline)
    return (near < 0.3 * size and -0.5 * size < gap < SEGMENT_GAP * size) or (
        near < 0.6 * size and abs(gap) < 0.3 * size
    )
