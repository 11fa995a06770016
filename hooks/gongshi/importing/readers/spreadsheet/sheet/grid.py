"""The visible cells of a sheet as a grid without empty rows and columns, the same for workbooks and for CSV."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple

from gongshi.importing.readers.spreadsheet.ooxml.rich_text import inline_html
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import Worksheet
from gongshi.importing.readers.spreadsheet.sheet.cell_values import ShownValue, cell_html, is_bold
from gongshi.importing.readers.spreadsheet.sheet.sheet_content import SheetCell, SheetContent

_MAX_EMPTY_ROWS: Final = 50
"""The maximum number of empty rows that are kept as they have borders: lines to fill in."""
_MAX_MERGED: Final = 2_000_000
"""The maximum number of places under merged cells."""


class GridCell(NamedTuple):
    """A cell with text."""

    text: str
    bold: bool = False
    figure: bool = False
    """True for a number that is no date."""
    size: float = 11
    """The size of the font in points."""
    align: str = "general"
    value: ShownValue | None = None
    """The value behind the text; None in a CSV file."""
    link: str = ""
    """The address of its link; empty for none."""

    @property
    def html(self) -> str:
        """The text as inline HTML, without marks for bold text if all of it is bold."""
        return cell_html(self.value, self.link) if self.value else inline_html(self.text)


@dataclass(frozen=True)
class GridRow:
    """A row; its cells by their column, from 0, in ascending order."""

    number: int
    """Its number in the sheet, from 1."""
    cells: dict[int, GridCell]
    after_gap: bool = False
    """True if an empty row stands before it."""


@dataclass(frozen=True)
class Grid:
    """The visible cells of a sheet."""

    rows: Sequence[GridRow]
    width: int
    """The number of columns."""
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """The rows and columns that a merged cell takes, by its row and column, from 0."""
    covered: frozenset[tuple[int, int]] = frozenset()
    """The places under merged cells."""
    header_end: int = 0
    """The number of the first rows that the file marks as header: frozen, printed on each page, with filters."""
    columns: Sequence[int] = ()
    """The number of each column in the sheet, from 1."""


def text_grid(rows: Sequence[Sequence[str]]) -> Grid:
    """Return a grid of texts, such as those of a CSV file.

    Args:
        rows: the texts of each row; empty rows separate tables.
    """
    kept: list[GridRow] = []
    gap = False
    filled = sorted({place for row in rows for place, text in enumerate(row) if text.strip()})
    position = {place: number for number, place in enumerate(filled)}
    for number, row in enumerate(rows, 1):
        cells = {position[place]: GridCell(text) for place, text in enumerate(row) if text.strip()}
        if cells:
            kept.append(GridRow(number, cells, gap and bool(kept)))
        gap = not cells
    return Grid(kept, len(filled), columns=[place + 1 for place in filled])


def sheet_grid(content: SheetContent, header_end: int) -> Grid:
    """Return the grid of a worksheet.

    Args:
        content: its visible cells.
        header_end: the last row, from 1, that the file marks as header; 0 for none.
    """
    sheet, filled = content.worksheet, sorted(content.cells)
    columns = sorted({column for row in content.cells.values() for column in row})
    position = {column: number for number, column in enumerate(columns)}
    rows: list[GridRow] = []
    numbers = _with_ruled_rows(sheet, filled)
    gaps = _Gaps(sheet)
    for place, number in enumerate(numbers):
        cells = {position[each]: _grid_cell(cell) for each, cell in content.cells.get(number, {}).items()}
        gap = place > 0 and gaps.between(numbers[place - 1], number)
        rows.append(GridRow(number, cells, gap))
    spans, covered = _spans(sheet, numbers, columns)
    return Grid(rows, len(columns), spans, covered, bisect_right(numbers, header_end), columns)


def _grid_cell(cell: SheetCell) -> GridCell:
    value = cell.value
    return GridCell(
        value.text,
        is_bold(value),
        value.is_figure,
        value.style.size,
        value.style.align,
        value,
        cell.link,
    )


def _with_ruled_rows(sheet: Worksheet, filled: list[int]) -> list[int]:
    """Return the rows with text and, between them, the empty ones with borders, unless there are many."""
    if not filled:
        return []
    inner = [
        number
        for number in sheet.bordered_rows
        if filled[0] < number < filled[-1] and number not in sheet.cells and not sheet.is_hidden_row(number)
    ]
    return sorted({*filled, *inner}) if len(inner) <= _MAX_EMPTY_ROWS else filled


class _Gaps:
    """Finds empty visible rows over which no merged cell reaches.

    Args:
        sheet: the worksheet.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        areas = sorted((area.first_row, area.last_row) for area in sheet.merges if area.last_row > area.first_row)
        self._starts = [start for start, _end in areas]
        self._ends = list(accumulate((end for _start, end in areas), max))

    def between(self, before: int, after: int) -> bool:
        """Tell whether such a row stands between two rows.

        Args:
            before: the number of a row.
            after: the number of a row below it.
        """
        gap = next((number for number in range(before + 1, after) if not self._sheet.is_hidden_row(number)), None)
        if gap is None:
            return False
        earlier = bisect_right(self._starts, gap)
        return not earlier or self._ends[earlier - 1] < gap


def _spans(
    sheet: Worksheet, rows: Sequence[int], columns: Sequence[int]
) -> tuple[dict[tuple[int, int], tuple[int, int]], frozenset[tuple[int, int]]]:
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for area in sheet.merges:
        top, bottom = bisect_left(rows, area.first_row), bisect_right(rows, area.last_row)
        left, right = bisect_left(columns, area.first_column), bisect_right(columns, area.last_column)
        size = (bottom - top) * (right - left)
        if size < 2 or len(covered) + size > _MAX_MERGED:
            continue
        places = {(row, column) for row in range(top, bottom) for column in range(left, right)}
        if places & covered or places & spans.keys():
            continue
        spans[top, left] = (bottom - top, right - left)
        covered |= places - {(top, left)}
    return spans, frozenset(covered)
