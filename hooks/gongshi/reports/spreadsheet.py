"""Write tables as .xlsx and .csv files in which no text can act as a formula."""

from __future__ import annotations

import csv
import errno
import io
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from gongshi.common.errors import Refused
from gongshi.common.office_files import make_reproducible
from gongshi.common.temporary_folder import place_for_libraries
from gongshi.i18n import gettext as _

Cell: TypeAlias = "str | int | float | date | datetime | None"
"""The value of a cell. Times are naive and in the site's time zone, as spreadsheets have no time zones."""

CELL_CHARACTERS = 32_767
"""The maximum length of a text in an Excel cell, in UTF-16 code units."""
_ROWS = 1_048_576
"""The maximum number of rows of an Excel sheet."""
_FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Characters that XML forbids, that break lines, or that turn the direction of the text around them."""
_FORMULA = tuple("=+-@＝＋－＠")
"""The first characters of a text that a spreadsheet may take for a formula (OWASP, CSV Injection)."""
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""The underscore of a sequence that programs read as an escaped character (ECMA-376, ST_Xstring)."""
_FORMATS = {"day": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm", "whole": "0", "part": "0.0"}
_FONT = "宋体"
_EDGE = Side(style="thin", color="FFB0B0B0")
_A3, _A4 = 8, 9
_A4_WIDTH = 180
"""The width in half-width characters above which a table is printed on A3, as it would be too small on A4."""
_LINE_POINTS, _ROW_POINTS = 13, 409
"""The height in points of a line of text, and the maximum height of an Excel row."""
_LONG = 300
"""The length from which a text may need more than the maximum height of a row."""
_HEADER_CHARACTERS = 80
"""The maximum length of the title at the head of printed pages."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet."""

    title: str
    width: int
    """The width in half-width characters."""
    format: str | None = None
    """The number format; None for the usual one of days, times or numbers."""
    clipped: bool = False
    """True to show only the beginning of its texts, on one line: for digests."""


@dataclass(frozen=True)
class Sheet:
    """A table with a header row."""

    title: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Cell]]
    frozen: int = 0
    """The number of columns that do not scroll."""
    filtered: bool = True
    """True if the header row has filters."""


def plain(text: str, room: int = CELL_CHARACTERS) -> str:
    """Return a text that a cell can hold: control characters are escaped, a too long text is cut and marked.

    Args:
        text: any text, also one with surrogate escapes.
        room: the maximum length, in UTF-16 code units.
    """
    text = _FORBIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
    if len(text) * 2 <= room:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * room:
        return text
    mark = _(" … (cut; {count} characters in all)").format(count=len(text))
    return units[: 2 * (room - len(mark))].decode("utf-16-le", "ignore") + mark


def may_be_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula when somebody imports or edits it."""
    return text.lstrip().startswith(_FORMULA)


def csv_file(sheet: Sheet) -> bytes:
    """Return a table as CSV that Excel opens correctly: UTF-8 with BOM, CRLF, each value quoted (RFC 4180).

    Args:
        sheet: the table; a text that may be a formula gets an apostrophe in front.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_csv_text(column.title) for column in sheet.columns)
    writer.writerows(map(_csv_text, row) for row in sheet.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _csv_text(value: Cell) -> str:
    if isinstance(value, str):
        text = plain(value)
        return "'" + text if may_be_formula(text) else text
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)


def workbook(sheets: Sequence[Sheet], title: str, author: str, now: datetime) -> bytes:
    """Return the .xlsx file with these tables.

    Args:
        sheets: the tables, in order.
        title: the document's title, which is also printed at the head of each page.
        author: the document's author.
        now: the time of creation and modification that goes into the file.

    Raises:
        Refused: a table has more rows than a sheet can hold.
        OSError: the folder for temporary files is full.
    """
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = plain(title), plain(author)
    buffer = io.BytesIO()
    try:
        # openpyxl keeps the rows in temporary files.
        with place_for_libraries():
            for sheet in sheets:
                if len(sheet.rows) >= _ROWS:
                    message = _("{count} rows are too many for a sheet; choose a shorter period, or .csv")
                    raise Refused(message.format(count=len(sheet.rows)))
                _SheetWriter(book, sheet, title).write()
            book.save(buffer)
    except LxmlError as error:
        # lxml raises its own error if a file cannot be written.
        _close_sheets(book)
        raise OSError(errno.EIO, str(error), tempfile.gettempdir()) from None
    return make_reproducible(buffer.getvalue(), now)


def _close_sheets(book: Workbook) -> None:
    """Close half-written sheets, their rows first, so that openpyxl does not print errors when they are deleted."""
    for into in book.worksheets:
        for part in (getattr(into, "_rows", None), getattr(into, "_writer", None)):
            with suppress(LxmlError):
                if part:
                    part.close()


class _SheetWriter:
    """A writer of one table.

    openpyxl writes each row at once, so one cell object for each column and kind of value is reused for all rows.
    """

    def __init__(self, book: Workbook, sheet: Sheet, title: str) -> None:
        self._sheet = sheet
        self._into = book.create_sheet(sheet.title)
        self._title = title
        self._cells: dict[tuple[int, str], SheetCell] = {}

    def write(self) -> None:
        """Set up the sheet and write all rows."""
        self._set_up()
        heights = self._into.row_dimensions
        titles = [column.title for column in self._sheet.columns]
        heights[1].height = self._height(titles) + _LINE_POINTS
        self._into.append([self._cell(number, text, "head") for number, text in enumerate(titles)])
        for place, row in enumerate(self._sheet.rows, 2):
            # Set the height, as not every program adjusts it to the text.
            heights[place].height = self._height(row)
            self._into.append([self._cell(number, value, _kind(value)) for number, value in enumerate(row)])
            del heights[place]

    def _height(self, row: Sequence[Cell]) -> int:
        """Return the height of a row in points, for its longest text."""
        places = zip(row, self._sheet.columns, strict=True)
        texts = [(value, column.width) for value, column in places if isinstance(value, str) and not column.clipped]
        # Lines break before the end of the cell: add a tenth.
        lines = [-(-_width(text) * 11 // (width * 10)) for text, width in texts]
        return min(_LINE_POINTS * max([1, *lines]) + 3, _ROW_POINTS)

    def _set_up(self) -> None:
        into, last = self._into, get_column_letter(len(self._sheet.columns))
        into.freeze_panes = f"{get_column_letter(self._sheet.frozen + 1)}2"
        if self._sheet.filtered:
            into.auto_filter.ref = f"A1:{last}{len(self._sheet.rows) + 1}"
        for number, column in enumerate(self._sheet.columns, 1):
            into.column_dimensions[get_column_letter(number)].width = column.width
        into.print_title_rows = "1:1"
        into.print_area = f"A1:{last}{len(self._sheet.rows) + 1}"
        wide = sum(column.width for column in self._sheet.columns) > _A4_WIDTH
        into.page_setup.orientation, into.page_setup.paperSize = "landscape", _A3 if wide else _A4
        into.page_setup.fitToWidth, into.page_setup.fitToHeight = 1, 0
        into.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        into.page_margins.left = into.page_margins.right = 0.4
        head = plain(self._title)[:_HEADER_CHARACTERS].replace("&", "&&")
        into.oddHeader.center.text = head
        into.oddFooter.center.text = _("Page &P of &N")

    def _cell(self, number: int, value: Cell, kind: str) -> SheetCell:
        if (number, kind) not in self._cells:
            self._cells[number, kind] = self._new_cell(number, kind)
        cell = self._cells[number, kind]
        if isinstance(value, str):
            cell.value = _cell_text(value)
            # Write it as text, even if it looks like a formula, an error value or a number.
            cell.data_type = "s"
        else:
            cell.value = value
        return cell

    def _new_cell(self, number: int, kind: str) -> SheetCell:
        cell = WriteOnlyCell(self._into)
        column = self._sheet.columns[number]
        is_left, is_head = kind.startswith(("text", "quoted")) or not self._sheet.filtered, kind == "head"
        cell.font = Font(name=_FONT, size=10, bold=is_head)
        cell.alignment = Alignment(
            # "fill" keeps a long text from flowing over into the next cell.
            horizontal="center" if is_head or not is_left else "fill" if column.clipped else "left",
            # Show the beginning of a text that is too long for the row.
            vertical="top" if kind.endswith("long") else "center",
            wrap_text=is_head or not column.clipped,
        )
        cell.border = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
        if is_head:
            cell.fill = PatternFill("solid", fgColor="FFE8E8E8")
        if kind in _FORMATS:
            cell.number_format = column.format or _FORMATS[kind]
        # The quote prefix keeps it a text when somebody edits the cell.
        cell.quotePrefix = kind.startswith("quoted")
        return cell


def _kind(value: Cell) -> str:
    if isinstance(value, str):
        return ("quoted" if may_be_formula(value) else "text") + (" long" if len(value) > _LONG else "")
    if value is None:
        return "blank"
    if isinstance(value, datetime):
        return "time"
    return "day" if isinstance(value, date) else "part" if isinstance(value, float) else "whole"


def _width(text: str) -> int:
    """Estimate the width of a text in half-width characters: GB 18030 writes wide characters with two bytes."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def _cell_text(text: str) -> str:
    """Return a text as it is written into the file: escaped where needed, and not over the maximum length."""
    shown = plain(text)
    written = _ESCAPED.sub("_x005F_", shown)
    if written != shown and len(written.encode("utf-16-le")) > 2 * CELL_CHARACTERS:
        written = _ESCAPED.sub("_x005F_", plain(text, CELL_CHARACTERS - len(written) + len(shown)))
    return written
