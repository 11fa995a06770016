"""Finds the worksheet and the range that the user means."""

from __future__ import annotations

from collections.abc import Sequence

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.spreadsheet.ooxml.references import CellRange, parse_range
from gongshi.importing.readers.spreadsheet.ooxml.workbook_parts import SheetEntry


def chosen_sheet(sheets: Sequence[SheetEntry], wanted: str) -> SheetEntry:
    """Return the worksheet that the user named.

    Args:
        sheets: all sheets of the workbook.
        wanted: its name, or its number among the visible worksheets, from 1.

    Raises:
        UnreadableFileError: there is no such worksheet, or it is hidden.
    """
    shown = _visible(sheets)
    wanted = wanted.strip()
    for same in (str, str.casefold):
        for sheet in sheets:
            if same(sheet.name.strip()) == same(wanted):
                return _allowed(sheet, shown)
    if wanted.isdecimal() and 0 < int(wanted[:6]) <= len(shown):
        return shown[int(wanted[:6]) - 1]
    message = _("there is no worksheet “{name}”; choose one of: {sheets}")
    raise UnreadableFileError(message.format(name=wanted, sheets=_listed(shown)))


def chosen_range(text: str | None, sheets: Sequence[SheetEntry]) -> CellRange | None:
    """Return the range that the user named; None for all cells.

    Args:
        text: such as `A1:F20`, perhaps with the name of the worksheet before it.
        sheets: all sheets of the workbook, for the message.

    Raises:
        UnreadableFileError: it is no range.
    """
    if text is None:
        return None
    found = parse_range(text.replace("！", "!").rpartition("!")[2])
    if found is None:
        message = _("“{cells}” is no range of cells; write it as A1:F20. The worksheets are: {sheets}")
        raise UnreadableFileError(message.format(cells=text, sheets=_listed(_visible(sheets))))
    return found


def empty_range_message(cells: CellRange, sheets: Sequence[SheetEntry]) -> str:
    """Return the message about a range without visible text.

    Args:
        cells: the range.
        sheets: all sheets of the workbook.
    """
    message = _("the range {cells} shows no text; the worksheets are: {sheets}")
    return message.format(cells=cells, sheets=_listed(_visible(sheets)))


def _visible(sheets: Sequence[SheetEntry]) -> list[SheetEntry]:
    return [sheet for sheet in sheets if sheet.is_worksheet and not sheet.is_hidden]


def _allowed(sheet: SheetEntry, shown: Sequence[SheetEntry]) -> SheetEntry:
    if sheet in shown:
        return sheet
    message = _("the worksheet “{name}” is hidden or only a chart; show it in Excel or WPS, or choose one of: {sheets}")
    raise UnreadableFileError(message.format(name=sheet.name, sheets=_listed(shown)))


def _listed(sheets: Sequence[SheetEntry]) -> str:
    return ", ".join(f"{number} {sheet.name}" for number, sheet in enumerate(sheets, 1)) or _("none is visible")
