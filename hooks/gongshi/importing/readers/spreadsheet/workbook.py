"""Reads Excel workbooks (.xlsx, .xlsm, .xltx): one worksheet becomes the text; what is hidden is left out and told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from gongshi.common.collector import collector_paused
from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind, ReadDocument, ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.readers.spreadsheet import left_out
from gongshi.importing.readers.spreadsheet.choice import chosen_range, chosen_sheet, empty_range_message
from gongshi.importing.readers.spreadsheet.ooxml.package import Package
from gongshi.importing.readers.spreadsheet.ooxml.references import CellRange, parse_range
from gongshi.importing.readers.spreadsheet.ooxml.rich_text import shared_texts
from gongshi.importing.readers.spreadsheet.ooxml.styles import StyleTable, read_styles
from gongshi.importing.readers.spreadsheet.ooxml.workbook_parts import SheetEntry, WorkbookParts, read_workbook_parts
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import Worksheet, read_worksheet
from gongshi.importing.readers.spreadsheet.output.sheet_document import SheetSource, make_document
from gongshi.importing.readers.spreadsheet.pictures import SheetPictures, take_pictures
from gongshi.importing.readers.spreadsheet.sheet.cell_notes import MAX_CELLS, CellNotes, cells_place, joined
from gongshi.importing.readers.spreadsheet.sheet.cell_values import ValueReader
from gongshi.importing.readers.spreadsheet.sheet.grid import sheet_grid
from gongshi.importing.readers.spreadsheet.sheet.sheet_content import SheetContent, read_content

_MAX_BYTES: Final = 64 << 20
_NUMBERED: Final = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
"""Names of worksheets that say nothing."""


def read_workbook(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read a worksheet of an Excel workbook.

    Args:
        path: the file.
        workspace: where a long table is written as attachment.
        options: the user's choices.

    Raises:
        UnreadableFileError: the file is damaged, encrypted or too large, or has no such worksheet or range.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise UnreadableFileError(_("the file is larger than 64 MB; divide it"))
    # The collector would search all cells again and again.
    with collector_paused():
        return _read(_Workbook(read_file(path), options), workspace, options)


def _read(book: _Workbook, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    sheet, content = book.choose()
    findings = [*book.sheet_findings(sheet, content), *book.other_sheets(sheet), *book.findings()]
    texts = [(row, column, cell.value.text) for row, cells in content.cells.items() for column, cell in cells.items()]
    grid = sheet_grid(content, book.header_end(sheet, content.worksheet))
    name = "" if _NUMBERED.fullmatch(sheet.name.strip()) else sheet.name
    pictures = book.pictures(sheet, content, workspace)
    source = SheetSource(grid, texts, name, book.parts.date1904)
    document = make_document(source, workspace, options.language, [*findings, *pictures.findings])
    html = "\n".join(filter(None, (document.html, pictures.html)))
    return replace(document, html=html, files=(*document.files, *pictures.files))


@dataclass(frozen=True)
class _Summary:
    """The content of a worksheet that is left out."""

    cells: int
    size: CellRange | None
    words: list[str]


class _Workbook:
    """A workbook while it is read.

    Args:
        content: the bytes of the file.
        options: the user's choices.
    """

    def __init__(self, content: bytes, options: ReadOptions) -> None:
        self._options = options
        self._package = Package(content)
        self.parts: WorkbookParts = read_workbook_parts(self._package)
        self._range = chosen_range(options.cells, self.parts.sheets)
        self._styles: StyleTable = read_styles(self._package, self.parts.part, options.language)
        self._bordered = frozenset(number for number, style in enumerate(self._styles.cells) if style.bordered)
        texts = shared_texts(self._package, self.parts.part)
        self._values = ValueReader(texts, self._styles, self.parts.date1904, options.language)

    def choose(self) -> tuple[SheetEntry, SheetContent]:
        """Return the worksheet that the user wants, or the first visible one with text."""
        sheets = self.parts.sheets
        if self._options.sheet is not None:
            sheet = chosen_sheet(sheets, self._options.sheet)
            content = self._read(sheet)
            if content.cells:
                return sheet, content
        else:
            for sheet in sheets:
                if sheet.is_worksheet and not sheet.is_hidden and (content := self._read(sheet)).cells:
                    return sheet, content
        if self._range:
            raise UnreadableFileError(empty_range_message(self._range, sheets))
        raise UnreadableFileError(self._empty_message())

    def _empty_message(self) -> str:
        shown = [each for each in self.parts.sheets if not each.is_hidden]
        if any(not each.is_worksheet or left_out.drawn_words(self._package, each) is not None for each in shown):
            return _(
                "the workbook shows only pictures, charts or text boxes and no text in cells; put them as pictures "
                "into an entry made by hand"
            )
        return _("no visible cell of the workbook has text; show the hidden rows, columns or worksheets")

    def _read(self, sheet: SheetEntry) -> SheetContent:
        worksheet = read_worksheet(self._package, sheet.part, self._range, self._bordered)
        hiding = self._styles.hiding_rules
        coloured = left_out.coloured_ranges(self._package, sheet, worksheet)
        worksheet.conditional = [rule for rule in worksheet.conditional if rule[1] & hiding]
        addresses = {
            key: found.target
            for key, found in self._package.relationships(sheet.part).items()
            if found.type == "hyperlink" and found.external
        }
        areas = [area for text in coloured if (area := parse_range(text))]
        return read_content(worksheet, self._values, CellNotes(sheet.name), addresses, areas)

    def header_end(self, sheet: SheetEntry, worksheet: Worksheet) -> int:
        """Return the last row that the file marks as header; 0 for none."""
        ranges = [parse_range(text) for text in left_out.table_ranges(self._package, sheet)]
        filters = [area.first_row for area in (worksheet.filter, *ranges) if area]
        return worksheet.frozen_rows or sheet.title_rows or max(filters, default=0)

    def sheet_findings(self, sheet: SheetEntry, content: SheetContent) -> Iterator[Finding]:
        """Yield what the editor must know about the worksheet that was read."""
        yield from content.notes.findings()
        yield from left_out.sheet_leftovers(self._package, sheet, content.worksheet)
        if content.worksheet.outside:
            message = _("cells outside the range {cells} were left out: {count}")
            message = message.format(cells=self._options.cells, count=content.worksheet.outside)
            yield Finding(FindingKind.LEFT_OUT, message, cells_place(sheet.name, []))
        area = sheet.print_area
        if area and not self._range:
            beyond = [
                cell.value.text
                for row, cells in content.cells.items()
                for column, cell in cells.items()
                if not area.contains(row, column)
            ]
            if beyond:
                message = _("the table also has cells outside the print area {cells}; choose with --cells {cells}")
                yield Finding(
                    FindingKind.CHECK, message.format(cells=area), cells_place(sheet.name, []), joined(beyond)
                )

    def other_sheets(self, chosen: SheetEntry) -> Iterator[Finding]:
        """Yield a finding for each other sheet that has content."""
        for sheet in self.parts.sheets:
            if sheet == chosen:
                continue
            if not sheet.is_worksheet:
                message = _("the sheet is a chart or holds macros; it was left out")
                yield Finding(FindingKind.LEFT_OUT, message, cells_place(sheet.name, []))
            else:
                yield from self._other_worksheet(sheet)

    def _other_worksheet(self, sheet: SheetEntry) -> Iterator[Finding]:
        place = cells_place(sheet.name, [])
        try:
            found = self._summary(sheet)
        except UnreadableFileError as error:
            message = _("the worksheet cannot be read and was left out")
            yield Finding(FindingKind.LEFT_OUT, message, place, str(error))
            return
        if found.size:
            message = _("the hidden worksheet was left out; its cells: {count}, in {size}")
            if not sheet.is_hidden:
                message = _("the worksheet was left out; its cells: {count}, in {size}. Choose it with --sheet")
            message = message.format(count=found.cells, size=found.size)
            yield Finding(FindingKind.LEFT_OUT, message, place, joined(found.words))
        elif (words := left_out.drawn_words(self._package, sheet)) is not None:
            message = _("the worksheet was left out; it has only pictures, charts, text boxes or comments")
            yield Finding(FindingKind.LEFT_OUT, message, place, joined(words))

    def _summary(self, sheet: SheetEntry) -> _Summary:
        worksheet = read_worksheet(self._package, sheet.part, None, frozenset())
        cells = [(row, column) for row in worksheet.cells for column in worksheet.cells[row]]
        words: list[str] = []
        for row, column in cells:
            value = self._values.show(worksheet.cells[row][column])
            words += [value.text or value.words] if value.text or value.words else []
            if len(words) > MAX_CELLS:
                break
        if not cells:
            return _Summary(0, None, [])
        rows, columns = zip(*cells, strict=True)
        return _Summary(len(cells), CellRange(min(rows), min(columns), max(rows), max(columns)), words[:MAX_CELLS])

    def pictures(self, sheet: SheetEntry, content: SheetContent, workspace: Workspace) -> SheetPictures:
        """Write the pictures of the worksheet into the workspace."""
        return take_pictures(self._package, sheet, content.worksheet, workspace)

    def findings(self) -> Iterator[Finding]:
        """Yield what the editor must know about the workbook as a whole."""
        yield from left_out.workbook_leftovers(self._package, self.parts)
