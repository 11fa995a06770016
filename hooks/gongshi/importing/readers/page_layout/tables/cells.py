"""The text of table cells, and tables that go on over pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from gongshi.importing.readers.page_layout.model import Glyph, PagePicture
from gongshi.importing.readers.page_layout.tables.grid import Grid, GridCell
from gongshi.importing.readers.page_layout.text.blocks import (
    LINE_BREAK,
    TableBlock,
    TableCell,
    join_line_pieces,
    merge_pieces,
)
from gongshi.importing.readers.page_layout.text.paragraphs import LABEL
from gongshi.importing.readers.page_layout.text.text_lines import Line, find_lines, join_lines, main_style

_FIGURE = re.compile(r"[-+¥￥$]?[\d,.，]+%?")
_SAME_COLUMN = 4.0
"""Columns of two pages that differ by less are the same, in points."""
_MOST_PADDING: Final = 8.0


@dataclass(frozen=True)
class PageTable:
    """A table, or the part of one that is on a page."""

    grid: Grid
    block: TableBlock
    page: int


def table_on_page(grid: Grid, glyphs: Sequence[Glyph], pictures: Sequence[PagePicture], page: int) -> PageTable | None:
    """Return a table with its text; None if it has text in less than two cells: then it is a frame or a drawing.

    Args:
        grid: its cells.
        glyphs: the characters of the page in it.
        pictures: the pictures of the page in it.
        page: the number of the page.
    """
    by_cell = _by_cell(grid, glyphs)
    cells = [
        _table_cell(each, by_cell.get(number, []), [picture for picture in pictures if each.box.holds(picture.box)])
        for number, each in enumerate(grid.cells)
    ]
    if sum(bool(each.content) for each in cells) + len(pictures) < 2:
        return None
    block = TableBlock(len(grid.rows) - 1, tuple(cells))
    return PageTable(grid, replace(block, header_rows=_header_rows(block, by_cell)), page)


def _by_cell(grid: Grid, glyphs: Sequence[Glyph]) -> dict[int, list[Glyph]]:
    squares = {
        (row, column): number
        for number, cell in enumerate(grid.cells)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    found: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        row = _interval(grid.rows, (glyph.box.top + glyph.box.bottom) / 2)
        number = squares[row, _interval(grid.columns, glyph.box.middle)]
        found.setdefault(number, []).append(glyph)
    return found


def _interval(places: Sequence[float], place: float) -> int:
    return min(max(bisect_right(places, place) - 1, 0), len(places) - 2)


def _table_cell(cell: GridCell, glyphs: Sequence[Glyph], pictures: Sequence[PagePicture]) -> TableCell:
    lines = find_lines(glyphs)
    joints = [_joint(before, after, cell) for before, after in pairwise(lines)]
    return TableCell(
        cell.row,
        cell.column,
        cell.row_span,
        cell.column_span,
        join_line_pieces(lines, joints),
        _alignment(lines, cell),
        tuple(pictures),
        tuple(dict.fromkeys(each.number for found in (*(line.glyphs for line in lines), glyphs) for each in found)),
        bool(lines) and _free_width(lines[-1], cell) < lines[-1].style.size,
    )


def _joint(before: Line, after: Line, cell: GridCell) -> str:
    """Return what stands for a line end in a cell: a line break where the next word would have fitted."""
    size = before.style.size
    free = _free_width(before, cell)
    has_gap = after.baseline - before.baseline > 2.2 * size
    stacked = len(before.glyphs) == len(after.glyphs) == 1
    if stacked and not before.text.isascii():
        return ""
    if has_gap or LABEL.match(after.text) or free > after.first_word_width + 0.5 * size:
        return LINE_BREAK
    return join_lines(before.text, after.text)


def _free_width(line: Line, cell: GridCell) -> float:
    padding = min(max(line.box.x0 - cell.box.x0, 0.0), _MOST_PADDING)
    return cell.box.width - line.box.width - 2 * padding


def _alignment(lines: Sequence[Line], cell: GridCell) -> str:
    if not lines:
        return ""
    before = min(each.box.x0 for each in lines) - cell.box.x0
    after = cell.box.x1 - max(each.box.x1 for each in lines)
    size = lines[0].style.size
    if abs(before - after) < max(3.0, 0.35 * size) and min(before, after) > 0.6 * size:
        return "center"
    return "right" if after < 0.8 * size and before > 1.5 * size else ""


def _header_rows(table: TableBlock, by_cell: dict[int, list[Glyph]]) -> int:
    """Return how many rows name the columns: those of the first row's cells, if all have words."""
    first = [each for each in table.cells if each.row == 0]
    count = max((each.row_span for each in first), default=0)
    header = [each for each in table.cells if each.row < count]
    body = [each for each in table.cells if each.row >= count]
    if len(first) < 2 or not body or count > 3:
        return 0
    if any(not each.text or _FIGURE.fullmatch(each.text) for each in header):
        return 0
    if _is_bold(table, by_cell, header) and not _is_bold(table, by_cell, body):
        return count
    # A form has names and empty cells beside each other; a list has a name above each column.
    is_list = table.rows > 3 or any(_FIGURE.fullmatch(each.text) for each in body)
    return count if is_list and sum(not each.text for each in body) <= len(body) / 3 else 0


def _is_bold(table: TableBlock, by_cell: dict[int, list[Glyph]], cells: Sequence[TableCell]) -> bool:
    glyphs = [glyph for number, each in enumerate(table.cells) if each in cells for glyph in by_cell.get(number, ())]
    return bool(glyphs) and main_style(glyphs).bold


def is_same_table(first: PageTable, second: PageTable) -> bool:
    """Tell whether a table at the top of a page goes on with the one at the foot of the page before.

    Args:
        first: the last table of a page.
        second: the first table of the next page.
    """
    one, other = first.grid.columns, second.grid.columns
    if len(one) != len(other):
        # A last part with merged cells only has fewer columns.
        return all(min(abs(place - each) for each in one) < _SAME_COLUMN for place in other) and (
            abs(one[0] - other[0]) < _SAME_COLUMN and abs(one[-1] - other[-1]) < _SAME_COLUMN
        )
    shift = other[0] - one[0]
    return all(abs(b - a - shift) < _SAME_COLUMN for a, b in zip(one, other, strict=True))


@dataclass(frozen=True)
class JoinedTable:
    """Two parts of a table as one."""

    table: PageTable
    repeated: str
    """The words of the header that was repeated behind the page break."""
    divided: str
    """The words of the row that the page break divided."""
    left_out: frozenset[int]
    """The numbers of the characters of the repeated header."""


def joined_table(first: PageTable, second: PageTable) -> JoinedTable:
    """Return two parts of a table as one.

    Args:
        first: the part before the page break.
        second: the part behind it.
    """
    dropped = _repeated_rows(first.block, second.block)
    words = " ".join(text for row in range(dropped) for text in second.block.row_texts(row))
    columns = _columns(first.grid.columns, second.grid.columns)
    begins = first.block.rows - dropped
    added = [
        replace(
            each,
            row=each.row + begins,
            column=columns[each.column],
            column_span=columns[each.column + each.column_span] - columns[each.column],
        )
        for each in second.block.cells
        if each.row >= dropped
    ]
    block = replace(first.block, rows=begins + second.block.rows, cells=(*first.block.cells, *added))
    if not block.header_rows and dropped:
        block = replace(block, header_rows=dropped)
    block, divided = _with_divided_row(block, first.block.rows)
    left_out = frozenset(number for each in second.block.cells if each.row < dropped for number in each.numbers)
    return JoinedTable(replace(first, block=block, page=second.page), words, divided, left_out)


def _with_divided_row(table: TableBlock, row: int) -> tuple[TableBlock, str]:
    """Return a table in which the row behind a page break is part of the one before, if its words go on there."""
    above = {each.column: each for each in table.cells if each.row == row - 1}
    below = {each.column: each for each in table.cells if each.row == row}
    words = [column for column, each in below.items() if each.text]
    alike = above.keys() == below.keys() and all(
        each.row_span == 1 and each.column_span == above[column].column_span for column, each in below.items()
    )
    if not alike or not words or 0 in words or not above[0].text or not all(above[each].is_full for each in words):
        return table, ""
    merged = {column: _with_words(each, below[column]) for column, each in above.items()}
    cells = [merged[each.column] if each.row == row - 1 else each for each in table.cells if each.row != row]
    moved = tuple(replace(each, row=each.row - 1) if each.row > row else each for each in cells)
    divided = " ".join(each.text for each in merged.values() if each.text)
    return replace(table, rows=table.rows - 1, cells=moved), divided


def _with_words(cell: TableCell, more: TableCell) -> TableCell:
    if not more.content:
        return cell
    before, after = cell.content[-1], more.content[0]
    joint = join_lines(before.text, after.text)
    content = (*cell.content[:-1], replace(before, text=before.text + joint), *more.content)
    numbers = (*cell.numbers, *more.numbers)
    return replace(cell, content=tuple(merge_pieces(content)), numbers=numbers, is_full=more.is_full)


def _columns(one: Sequence[float], other: Sequence[float]) -> list[int]:
    if len(one) == len(other):
        return list(range(len(one)))
    return [min(range(len(one)), key=lambda number: abs(one[number] - place)) for place in other]


def _repeated_rows(first: TableBlock, second: TableBlock) -> int:
    """Return how many rows of the second part repeat the header of the first."""
    count = max(first.header_rows, 1)
    if second.rows <= count or not any(first.row_texts(0)):
        return 0
    spans = all(each.row + each.row_span <= count for each in second.cells if each.row < count)
    same = all(first.row_texts(row) == second.row_texts(row) for row in range(count))
    # A row of figures, or of a single word, may stand twice in a list.
    words = [each for each in first.row_texts(0) if each and not _FIGURE.fullmatch(each)]
    return count if same and spans and len(words) > 1 else 0
