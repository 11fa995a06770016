"""Writes a new workbook with what a sheet shows and nothing else: no hidden cells, formulas, comments or properties."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.cell_range import CellRange

from gongshi.common.office_files import make_reproducible
from gongshi.common.temporary_folder import place_for_libraries
from gongshi.importing.readers.spreadsheet.formats.date_format import DAYS_OF_1904
from gongshi.importing.readers.spreadsheet.formats.format_code import Section, TokenKind, parse_code
from gongshi.importing.readers.spreadsheet.formats.number_format import show_number
from gongshi.importing.readers.spreadsheet.ooxml.references import cell_name, column_letters
from gongshi.importing.readers.spreadsheet.sheet.cell_values import ShownValue
from gongshi.importing.readers.spreadsheet.sheet.grid import Grid, GridCell

_MOMENT: Final = datetime(1980, 1, 1, tzinfo=timezone.utc)
"""The time in the file, always the same, so that the same content gives the same bytes."""
_TEXT: Final = "@"
_HARMLESS_LETTERS: Final = frozenset("年月日时分秒元万亿千百角号第上午下星期周")
"""Letters that a number format may contain; other words are not written, as the table may not show them."""
_EXACT: Final = Context(prec=700)
_WIDTHS: Final = (6, 50)
"""The smallest and largest width of a column, in digits."""
_MEASURED_ROWS: Final = 500


def clean_workbook(grid: Grid, header_rows: range, date1904: bool, language: str) -> bytes:
    """Return an .xlsx file with the visible cells of a sheet.

    Numbers stay numbers, rounded to what is shown; what cannot be written so that it looks the same is text.

    Args:
        grid: the visible cells.
        header_rows: the header rows of the table, by their place in the grid.
        date1904: True if the dates of the grid count from 1904.
        language: the language of the computer, which some formats follow.
    """
    book = Workbook(write_only=True)
    book.properties.creator = None
    buffer = io.BytesIO()
    with place_for_libraries():
        _Writer(book, grid, header_rows, date1904, language).write()
        book.save(buffer)
    return make_reproducible(buffer.getvalue(), _MOMENT)


@dataclass(frozen=True)
class _Look:
    code: str
    bold: bool
    middle: bool
    wrapped: bool


class _Writer:
    def __init__(self, book: Workbook, grid: Grid, header_rows: range, date1904: bool, language: str) -> None:
        self._sheet: Any = book.create_sheet("Sheet1")
        self._grid = grid
        self._header_rows = header_rows
        self._date1904 = date1904
        self._language = language
        # openpyxl writes each row at once, so that a cell object can be used again in the next row.
        self._cells: dict[tuple[int, _Look], Any] = {}

    def write(self) -> None:
        for column, width in enumerate(self._widths()):
            self._sheet.column_dimensions[column_letters(column + 1)].width = width
        if self._header_rows and self._header_rows.stop < len(self._grid.rows):
            self._sheet.freeze_panes = cell_name(self._header_rows.stop + 1, 1)
        for (top, left), (height, width) in self._grid.spans.items():
            area = f"{cell_name(top + 1, left + 1)}:{cell_name(top + height, left + width)}"
            self._sheet.merged_cells.ranges.add(CellRange(area))
        for number, row in enumerate(self._grid.rows):
            cells: list[Any] = [None] * (max(row.cells, default=-1) + 1)
            for column, cell in row.cells.items():
                cells[column] = self._cell(number, column, cell)
            self._sheet.append(cells)

    def _cell(self, row: int, column: int, cell: GridCell) -> Any:
        typed = typed_number(cell.value, self._date1904, self._language) if cell.value else None
        code = typed[1] if typed else _TEXT
        middle = row in self._header_rows or self._grid.spans.get((row, column), (1, 1))[1] > 1
        look = _Look(code, cell.bold or row in self._header_rows, middle, "\n" in cell.text)
        if (column, look) not in self._cells:
            made = WriteOnlyCell(self._sheet)
            made.number_format = code
            made.font = Font(bold=look.bold)
            made.alignment = Alignment(
                horizontal="center" if middle else None, vertical="center" if middle else "top", wrap_text=look.wrapped
            )
            self._cells[column, look] = made
        written = self._cells[column, look]
        written.value = typed[0] if typed else cell.text
        # A text that begins with = stays a text.
        written.data_type = "n" if typed else "s"
        return written

    def _widths(self) -> list[float]:
        widths = [0] * self._grid.width
        for number, row in enumerate(self._grid.rows[:_MEASURED_ROWS]):
            for column, cell in row.cells.items():
                if (number, column) not in self._grid.spans:
                    lines = (
                        sum(1 if character.isascii() else 2 for character in line) for line in cell.text.split("\n")
                    )
                    widths[column] = max(widths[column], *lines)
        return [max(_WIDTHS[0], min(_WIDTHS[1], width + 2)) for width in widths]


def typed_number(value: ShownValue, date1904: bool, language: str) -> tuple[Decimal, str] | None:
    """Return a number and a format code that look as the value does, without anything that is not shown.

    Args:
        value: the value.
        date1904: True if its dates count from 1904.
        language: the language of the computer.

    Returns:
        None if only a text looks so.
    """
    number, section, code = value.number, value.section, value.style.code
    if number is None or "E" in value.text:
        return None
    if section is None:
        code, rounded = "General", _to_places(number, value.text, 0)
    elif not _is_harmless(code):
        return None
    elif section.is_date:
        found = _shown_time(number, section)
        if found is None:
            return None
        rounded = found + DAYS_OF_1904 if date1904 else found
    else:
        rounded = _to_places(number, value.text, _scale(section))
        if section.simple and rounded and len(parse_code(code)) == 1:
            return rounded, code
    return (rounded, code) if show_number(rounded, code, False, language).text == value.text else None


@lru_cache(1024)
def _is_harmless(code: str) -> bool:
    literals = (token.text for s in parse_code(code) for token in s.tokens if token.kind is TokenKind.LITERAL)
    return all(not character.isalpha() or character in _HARMLESS_LETTERS for text in literals for character in text)


def _to_places(number: Decimal, text: str, scale: int) -> Decimal:
    """Round to the decimal places that a text shows."""
    found = re.search(r"\.(\d+)", text)
    places = (len(found[1]) if found else 0) + scale
    return number.quantize(Decimal((0, (1,), -places)), ROUND_HALF_UP, _EXACT)


@lru_cache(1024)
def _scale(section: Section) -> int:
    """Return the places by which a format moves the decimal point: by percent signs, and by commas that divide."""
    digits = [n for n, token in enumerate(section.tokens) if token.kind is TokenKind.DIGIT]
    commas = [n for n, token in enumerate(section.tokens) if token.kind is TokenKind.COMMA]
    dividing = sum(1 for n in commas if digits and n > digits[-1])
    return 2 * sum(token.kind is TokenKind.PERCENT for token in section.tokens) - 3 * dividing


def _shown_time(number: Decimal, section: Section) -> Decimal | None:
    """Return a serial number without the day or time that is not shown; None if only a part of a date is shown."""
    dates = {token.text[0] for token in section.tokens if token.kind is TokenKind.DATE}
    if section.has(TokenKind.ELAPSED):
        return None
    has_time = bool(dates & {"h", "s"})
    has_day = "d" in dates and bool(dates & {"y", "e"}) and ("m" in dates or "d" in dates)
    if has_day and not has_time:
        return number.to_integral_value("ROUND_FLOOR")
    if dates & {"y", "e", "d", "a", "b", "g"} and not has_day:
        return None
    day = number.to_integral_value("ROUND_FLOOR") if has_day else Decimal(0)
    unit = Decimal(86400) if "s" in dates else Decimal(1440)
    rest = ((number - number.to_integral_value("ROUND_FLOOR")) * unit).to_integral_value("ROUND_FLOOR") / unit
    return day + rest
