"""The text of pages in the order in which the file draws it, for the comparison with the entry.

The layout says only which lines belong to the same paragraph or cell, not what stands in them: a character that it lost
is in this text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from gongshi.importing.readers.page_layout.model import Glyph, Page
from gongshi.importing.readers.page_layout.text.text_lines import SEGMENT_GAP, join_lines, with_gaps


def visible_text(pages: Iterable[Page], told: Collection[int], blocks: Mapping[int, int]) -> str:
    """Return the text of pages, one line for each paragraph and cell.

    Args:
        pages: the pages.
        told: the numbers of the characters that are told as left out.
        blocks: the number of the paragraph or cell of each character that the layout knows, by its number.
    """
    lines: list[tuple[int | None, str]] = []
    for line in (line for page in pages for line in _lines(page, told)):
        block = next((blocks[each.number] for each in line if each.number in blocks), None)
        text = "".join(before + each.text for before, each in with_gaps(line)).strip()
        if lines and block is not None and lines[-1][0] == block:
            before = lines[-1][1]
            lines[-1] = block, before + join_lines(before, text) + text
        elif text:
            lines.append((block, text))
    return "\n".join(text for _block, text in lines)


def _lines(page: Page, told: Collection[int]) -> Iterable[list[Glyph]]:
    """Yield the characters that follow each other on a line."""
    line: list[Glyph] = []
    for glyph in page.glyphs:
        if glyph.number in told:
            continue
        if line and not _goes_on(line[-1], glyph):
            yield line
            line = []
        line.append(glyph)
    if line:
        yield line


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    if last.angle or glyph.angle:
        return last.run == glyph.run
    size = max(last.style.size, glyph.style.size)
    gap = glyph.box.x0 - last.box.x1
    near = abs(last.baseline - glyph.baseline)
    return (near < 0.3 * size and -0.5 * size < gap < SEGMENT_GAP * size) or (
        near < 0.6 * size and abs(gap) < 0.3 * size
    )
