"""Recognizes the parts of a sheet: the title, lines above the table, its header rows, notes below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gongshi.importing.readers.spreadsheet.sheet.cell_values import CellNote
from gongshi.importing.readers.spreadsheet.sheet.grid import Grid, GridCell, GridRow

_MAX_TITLE: Final = 100
_MAX_LABELS: Final = 4
"""The maximum number of entries in a line such as 填报单位：… 单位：万元."""
_MAX_HEADER_ROWS: Final = 5
_MAX_NAME: Final = 40
"""The maximum number of characters of a text in a table that has a single column."""
_MAX_LINES: Final = 50_000
"""The maximum number of characters outside tables; of a longer text, only the beginning is in the entry."""
_LABEL: Final = re.compile(
    r"[^：:]{1,16}[：:].*|附[件表].{0,8}|.{0,6}\d+\s*表|\d{4}\s*年(?:度|\s*\d{1,2}\s*月.{0,6})?|[(（].*[)）]|.{0,8}元",
    re.DOTALL,
)
"""Lines that are no title: with a label, a number of a table, a date, a unit, or in brackets."""
_UNIT: Final = re.compile(r"[(（]?(?:金额|计量|数量)?单位[：:].{1,12}")
_NOTE: Final = re.compile(r"(?:备\s*注|注|说\s*明|填表说明|注释|notes?|remarks?)\s*\d*\s*[：:.、．]", re.IGNORECASE)
_HEADER_WORD: Final = re.compile(
    r".{0,6}(?:序号|编号|姓名|名称|项目|类别|类型|内容|单位|金额|数量|日期|时间|地址|电话|备注|合计|性别|年龄|文号|标准|联系人|负责人)"
)

FIGURE: Final = re.compile(r"[(（]?[-+−±]?[￥¥$€]?[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?[%％‰]?元?[)）]?", re.ASCII)
"""An amount, percentage or other figure as text."""


@dataclass(frozen=True)
class Line:
    """A paragraph above, between or below tables."""

    cells: tuple[GridCell, ...]
    place: str = ""
    """The class for its place on the page: `center`, `right` or empty."""


@dataclass(frozen=True)
class Table:
    """Rows of the grid that form a table."""

    first: int
    last: int
    """The first row in the grid, and the one behind the last."""
    header: int = 0
    """The number of header rows."""

    @property
    def body(self) -> int:
        """The number of rows without the header."""
        return self.last - self.first - self.header


@dataclass(frozen=True)
class Layout:
    """The parts of a sheet in their order."""

    title: str | None
    blocks: tuple[Line | Table, ...]


def recognize_layout(grid: Grid) -> Layout:
    """Return the parts of a sheet.

    Args:
        grid: its visible cells.
    """
    layout = _single_column(grid) if grid.width == 1 else _with_tables(grid)
    if sum(len(cell.text) for block in layout.blocks if isinstance(block, Line) for cell in block.cells) > _MAX_LINES:
        return Layout(None, (Table(0, len(grid.rows)),))
    return layout


def _with_tables(grid: Grid) -> Layout:
    blocks: list[Line | Table] = []
    for first, last in _sections(grid):
        start = _first_table_row(grid, first, last)
        end = _end_of_table(grid, start, last)
        for row in range(first, start):
            blocks += _lines(grid, row)
        if start < end:
            blocks.append(Table(start, end, _header_rows(grid, start, end)))
        for row in range(end, last):
            blocks += _lines(grid, row)
    title = _find_title(blocks)
    return Layout(_one_line(title.cells[0].text) if title else None, tuple(b for b in blocks if b is not title))


def _single_column(grid: Grid) -> Layout:
    cells = [row.cells[0] for row in grid.rows if row.cells]
    if any(len(cell.text) > _MAX_NAME for cell in cells):
        return Layout(None, tuple(Line((cell,)) for cell in cells))
    return Layout(None, (Table(0, len(grid.rows), _header_rows(grid, 0, len(grid.rows))),))


def _sections(grid: Grid) -> Iterator[tuple[int, int]]:
    """Yield the first row and the end of the groups of rows that empty rows separate."""
    first = 0
    for number, row in enumerate(grid.rows):
        if row.after_gap:
            yield first, number
            first = number
    if first < len(grid.rows):
        yield first, len(grid.rows)


def _is_lone(grid: Grid, row: int) -> bool:
    """Tell whether a row holds a single cell that is no part of a table: no merged cell of other rows reaches it."""
    cells = grid.rows[row].cells
    if len(cells) != 1:
        return False
    column = next(iter(cells))
    height, width = grid.spans.get((row, column), (1, 1))
    below = any((row, each) in grid.covered for each in range(grid.width) if not column <= each < column + width)
    return height == 1 and not below and not cells[column].figure


def _first_table_row(grid: Grid, first: int, last: int) -> int:
    row = first
    while row < last and (_is_lone(grid, row) or _is_label_row(grid, row, last)):
        row += 1
    return row


def _is_label_row(grid: Grid, row: int, last: int) -> bool:
    """Tell whether a row is a line such as 填报单位：… 单位：万元 above a table with more columns."""
    cells = list(grid.rows[row].cells.values())
    if not 1 < len(cells) <= _MAX_LABELS or row + 1 >= last:
        return False
    if any(cell.figure or not _LABEL.fullmatch(cell.text.strip()) for cell in cells):
        return False
    return len(cells) < len(grid.rows[row + 1].cells)


def _end_of_table(grid: Grid, start: int, last: int) -> int:
    """Return the row behind the table: below it are notes, each in a row of its own."""
    lone = last
    while lone > start and _is_lone(grid, lone - 1):
        lone -= 1
    if lone == start:
        return start
    for row in range(lone, last):
        column, cell = next(iter(grid.rows[row].cells.items()))
        _height, width = grid.spans.get((row, column), (1, 1))
        if _NOTE.match(cell.text.strip()) or (width == grid.width > 1) or len(cell.text) > _MAX_NAME:
            return row
    return last


def _lines(grid: Grid, row: int) -> list[Line]:
    cells = tuple(grid.rows[row].cells.values())
    if not cells:
        return []
    lone = cells[0] if len(cells) == 1 else None
    if lone and (lone.align == "right" or _UNIT.fullmatch(lone.text.strip())):
        return [Line(cells, "right")]
    column = next(iter(grid.rows[row].cells))
    middle = lone and lone.align in ("center", "centerContinuous", "distributed")
    wide = grid.spans.get((row, column), (1, 1))[1] > 1 or (lone and lone.align == "centerContinuous")
    return [Line(cells, "center" if middle and wide else "")]


def _find_title(blocks: Sequence[Line | Table]) -> Line | None:
    """Return the line in the largest letters above the first table that may be a title."""
    lines: list[Line] = []
    for block in blocks:
        if isinstance(block, Table):
            return max(lines, key=lambda line: line.cells[0].size, default=None)
        text = block.cells[0].text.strip()
        if (
            len(block.cells) == 1
            and _is_text(block.cells[0])
            and len(text) <= _MAX_TITLE
            and not _LABEL.fullmatch(text)
            and text[-1] not in "。；：:"
        ):
            lines.append(block)
    return None


def _is_text(cell: GridCell) -> bool:
    """Tell whether a cell holds words: no number, date, error or truth value."""
    value = cell.value
    if value is None:
        return True
    return value.number is None and value.note is not CellNote.ERROR and value.text not in ("TRUE", "FALSE")


def _one_line(text: str) -> str:
    """Return a title on one line; a line break between two Chinese characters leaves no blank."""
    text = re.sub(r"(?<=[^\x00-\xff])\s*\n\s*(?=[^\x00-\xff])", "", text.strip())
    return " ".join(text.split("\n")).replace("\t", " ")


def _header_rows(grid: Grid, first: int, last: int) -> int:
    """Return the number of header rows of a table."""
    if last - first < 2:
        return 0
    marked = grid.header_end - first
    count = marked if 0 < marked <= min(_MAX_HEADER_ROWS, last - first - 1) else 0
    if not count and _looks_like_header(grid.rows, first, last):
        count = 1
    return min(_whole_header(grid, first, count), last - first) if count else 0


def _whole_header(grid: Grid, first: int, count: int) -> int:
    """Extend a header by the rows into which its merged cells reach, and by those below a group of columns."""
    row = first
    end = first + count
    while row < end:
        for column in grid.rows[row].cells:
            height, width = grid.spans.get((row, column), (1, 1))
            if row + height - first <= _MAX_HEADER_ROWS:
                end = max(end, row + height)
            below = row + height
            if (
                width > 1
                and below < len(grid.rows)
                and below - first < _MAX_HEADER_ROWS
                and _is_header_like(grid.rows[below])
            ):
                end = max(end, below + 1)
        row += 1
    return end - first


def _is_header_like(row: GridRow) -> bool:
    return bool(row.cells) and not any(
        cell.figure or (cell.value and cell.value.number is not None) for cell in row.cells.values()
    )


def _looks_like_header(rows: Sequence[GridRow], first: int, last: int) -> bool:
    cells = list(rows[first].cells.values())
    body = rows[first + 1 : last]
    if len(cells) < max(len(row.cells) for row in body) / 2:
        return False
    if all(cell.bold for cell in cells) and not all(cell.bold for row in body for cell in row.cells.values()):
        return True
    if not _is_header_like(rows[first]) or any(_is_number(cell.text) for cell in cells):
        return False
    if sum(_HEADER_WORD.fullmatch("".join(cell.text.split())) is not None for cell in cells) > 1:
        return True
    columns = set(rows[first].cells)
    return any(_mostly_figures([row.cells[column] for row in body if column in row.cells]) for column in columns)


def _mostly_figures(cells: Sequence[GridCell]) -> bool:
    return len(cells) > 0 and 2 * sum(_is_number(cell.text) for cell in cells) > len(cells)


def _is_number(text: str) -> bool:
    return FIGURE.fullmatch(text.strip()) is not None
