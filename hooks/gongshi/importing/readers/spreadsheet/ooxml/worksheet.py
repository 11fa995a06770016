"""Reads a worksheet (ECMA-376 part 1, 18.3.1) in a stream, so that huge ones do not fill the memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers.xml_parts import local_name, stream_elements
from gongshi.importing.readers.spreadsheet.ooxml.package import EXTENSION, Package, attribute, is_true, text_of
from gongshi.importing.readers.spreadsheet.ooxml.references import (
    MAX_COLUMNS,
    MAX_ROWS,
    CellRange,
    column_number,
    parse_range,
)
from gongshi.importing.readers.spreadsheet.ooxml.rich_text import CellText, cell_text, forget

MAX_CELLS: Final = 600_000
"""The maximum number of cells with a value in the range that is read."""
_MAX_LISTED: Final = 100_000
"""The maximum number of merged cells, links and rules that are read."""
_MIN_HEIGHT: Final = 2.0
"""The height in points below which nobody can read a row."""
_MIN_WIDTH: Final = 0.5
"""The width in digits below which nobody can read a column."""
_HEADERS: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


class RawCell(NamedTuple):
    """A cell as the file has it."""

    kind: str
    """`n`, `s` (shared text), `str`, `inlineStr`, `b`, `e` or `d`."""
    value: str | CellText | None
    """None if a formula has no result."""
    style: int
    formula: str | None


@dataclass(frozen=True)
class HiddenRow:
    """A row that is not shown."""

    collapsed: bool
    """True if it belongs to a group, which was closed."""


@dataclass(frozen=True)
class Hyperlink:
    """A link of a cell."""

    range: CellRange
    relationship: str
    """The id of the relationship with the address; empty for a place in the workbook."""


@dataclass(frozen=True)
class ValidationRule:
    """A rule for the values that may be typed."""

    range: str
    list: str
    """The values as the file has them, in quotation marks; or a formula."""
    prompts: tuple[str, ...]
    """Titles and texts that are shown beside the cell."""


@dataclass
class Worksheet:
    """A worksheet as the file has it."""

    cells: dict[int, dict[int, RawCell]] = field(default_factory=dict)
    """The cells with a value, by row and column, from 1."""
    bordered_rows: set[int] = field(default_factory=set)
    """The rows with a border around an empty cell."""
    hidden_rows: dict[int, HiddenRow] = field(default_factory=dict)
    shown_rows: set[int] = field(default_factory=set)
    """The rows that are shown although all others are hidden; only filled if `rows_hidden`."""
    rows_hidden: bool = False
    hidden_columns: bytearray = field(default_factory=lambda: bytearray(MAX_COLUMNS + 1))
    """1 for each hidden column, by its number from 1."""
    merges: list[CellRange] = field(default_factory=list)
    links: list[Hyperlink] = field(default_factory=list)
    rules: list[ValidationRule] = field(default_factory=list)
    conditional: list[tuple[str, frozenset[int]]] = field(default_factory=list)
    """The ranges of conditional formats, as text, and the numbers of their styles."""
    headers: list[str] = field(default_factory=list)
    """Headers and footers of printed pages, with the codes for their layout."""
    frozen_rows: int = 0
    """The number of the last row that does not scroll; 0 for none."""
    filter: CellRange | None = None
    is_filtered: bool = False
    zeros_hidden: bool = False
    formulas_shown: bool = False
    outside: int = 0
    """The number of cells with a value outside the range that is read."""
    small_charts: int = 0

    def is_hidden_row(self, number: int) -> bool:
        """Tell whether a row is hidden.

        Args:
            number: from 1.
        """
        return number in self.hidden_rows or (self.rows_hidden and number not in self.shown_rows)

    def is_hidden_column(self, number: int) -> bool:
        """Tell whether a column is hidden.

        Args:
            number: from 1.
        """
        return bool(self.hidden_columns[number])


def read_worksheet(package: Package, name: str, within: CellRange | None, bordered: frozenset[int]) -> Worksheet:
    """Read a worksheet.

    Args:
        package: the workbook.
        name: the name of the part.
        within: the range whose cells are kept; None for all.
        bordered: the numbers of the styles that have a border.

    Raises:
        UnreadableFileError: it is damaged, or has too many cells.
    """
    reader = _Reader(within, bordered)
    with package.stream(name) as file:
        for element in stream_elements(file, tuple(reader.handlers), EXTENSION):
            reader.handlers[local_name(element)](element)
    return reader.sheet


class _Reader:
    """Takes a worksheet apart, element by element."""

    def __init__(self, within: CellRange | None, bordered: frozenset[int]) -> None:
        self.sheet = Worksheet()
        self._within = within
        self._bordered = {str(number) for number in bordered}
        self._left = MAX_CELLS
        self._row = 0
        self.handlers: dict[str, Callable[[_Element], None]] = {
            "row": self._read_row,
            "sheetFormatPr": self._read_defaults,
            "sheetView": self._read_view,
            "col": self._read_columns,
            "mergeCell": self._read_merge,
            "hyperlink": self._read_link,
            "autoFilter": self._read_filter,
            "dataValidation": self._read_rule,
            "conditionalFormatting": self._read_conditional,
            "sparkline": self._count_small_chart,
            **dict.fromkeys(_HEADERS, self._read_header),
        }

    def _read_row(self, row: _Element) -> None:
        number = _number(row.get("r")) or self._row + 1
        if number > MAX_ROWS:
            forget(row)
            return
        self._row = number
        self._read_row_state(number, row)
        column = 0
        found: dict[int, RawCell] = {}
        for cell in row:
            if local_name(cell) != "c":
                continue
            column = _column(cell.get("r")) or column + 1
            if column > MAX_COLUMNS:
                break
            if len(cell) == 0:
                if cell.get("s") in self._bordered:
                    self.sheet.bordered_rows.add(number)
                continue
            value = _raw_cell(cell)
            if value is None:
                continue
            if self._within and not self._within.contains(number, column):
                self.sheet.outside += 1
                continue
            found[column] = value
        if found:
            self._left -= len(found)
            if self._left < 0:
                message = _("the worksheet has more than {count} cells; name a range with --cells, or divide it")
                raise UnreadableFileError(message.format(count=MAX_CELLS))
            self.sheet.cells.setdefault(number, {}).update(found)
        forget(row)

    def _read_row_state(self, number: int, row: _Element) -> None:
        hidden = is_true(row.get("hidden")) or _is_less(row.get("ht"), _MIN_HEIGHT)
        if hidden:
            grouped = _number(row.get("outlineLevel")) > 0
            self.sheet.hidden_rows[number] = HiddenRow(grouped)
        elif self.sheet.rows_hidden:
            self.sheet.shown_rows.add(number)

    def _read_defaults(self, element: _Element) -> None:
        self.sheet.rows_hidden = is_true(element.get("zeroHeight"))

    def _read_view(self, element: _Element) -> None:
        self.sheet.zeros_hidden = not is_true(element.get("showZeros"), True)
        self.sheet.formulas_shown = is_true(element.get("showFormulas"))
        pane = next(element.iterchildren("{*}pane"), None)
        if pane is not None and pane.get("state") in ("frozen", "frozenSplit"):
            top = parse_range(element.get("topLeftCell", "A1"))
            rows = _number((pane.get("ySplit") or "0").partition(".")[0])
            self.sheet.frozen_rows = rows + (top.first_row - 1 if top else 0) if rows else 0

    def _read_columns(self, element: _Element) -> None:
        if is_true(element.get("hidden")) or _is_less(element.get("width"), _MIN_WIDTH):
            first, last = _number(element.get("min")), _number(element.get("max"))
            last = min(max(first, last), MAX_COLUMNS)
            if 0 < first <= last:
                self.sheet.hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)

    def _read_merge(self, element: _Element) -> None:
        found = parse_range(element.get("ref", ""))
        if found and len(self.sheet.merges) < _MAX_LISTED:
            self.sheet.merges.append(found)
        forget(element)

    def _read_link(self, element: _Element) -> None:
        found = parse_range(element.get("ref", ""))
        if found and len(self.sheet.links) < _MAX_LISTED:
            self.sheet.links.append(Hyperlink(found, attribute(element, "id")))
        forget(element)

    def _read_filter(self, element: _Element) -> None:
        self.sheet.filter = parse_range(element.get("ref", ""))
        self.sheet.is_filtered = len(element) > 0

    def _read_rule(self, element: _Element) -> None:
        texts = [element.get(name, "") for name in ("promptTitle", "prompt", "errorTitle", "error")]
        values = text_of(element, "formula1") if element.get("type") == "list" else ""
        if len(self.sheet.rules) < _MAX_LISTED:
            prompts = tuple(text for text in texts if text.strip())
            self.sheet.rules.append(ValidationRule(element.get("sqref", ""), values, prompts))

    def _read_conditional(self, element: _Element) -> None:
        styles = frozenset(_number(rule.get("dxfId")) for rule in element if rule.get("dxfId"))
        if len(self.sheet.conditional) < _MAX_LISTED:
            self.sheet.conditional.append((element.get("sqref", ""), styles))

    def _count_small_chart(self, element: _Element) -> None:
        del element
        self.sheet.small_charts += 1

    def _read_header(self, element: _Element) -> None:
        if element.text and element.text not in self.sheet.headers:
            self.sheet.headers.append(element.text)


def _raw_cell(cell: _Element) -> RawCell | None:
    """Return a cell; None if it has neither a value nor a formula."""
    kind = cell.get("t", "n")
    value: str | CellText | None = None
    formula: str | None = None
    for child in cell:
        name = local_name(child)
        if name == "v":
            value = child.text or ("" if kind == "str" else None)
        elif name == "is":
            value = cell_text(child)
        elif name == "f":
            formula = child.text or ""
    if value is None and formula is None:
        return None
    return RawCell(kind, value, _number(cell.get("s")), formula)


def _number(text: str | None) -> int:
    return int(text) if text and len(text) < 10 and text.isdecimal() and text.isascii() else 0


def _column(name: str | None) -> int:
    if not name:
        return 0
    letters = name.rstrip("0123456789")
    return (
        column_number(letters)
        if len(letters) <= 3 and letters.isalpha() and letters.isascii() and letters.isupper()
        else 0
    )


def _is_less(size: str | None, least: float) -> bool:
    """Tell whether a height or width is given, and too small for any text."""
    try:
        return size is not None and float(size) < least
    except ValueError:
        return False
