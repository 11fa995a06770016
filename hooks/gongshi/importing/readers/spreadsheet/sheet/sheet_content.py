"""Separates what a worksheet shows from what it hides."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.spreadsheet.ooxml.references import CellRange
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import RawCell, Worksheet
from gongshi.importing.readers.spreadsheet.sheet.cell_notes import CellNotes, Omission
from gongshi.importing.readers.spreadsheet.sheet.cell_values import CellNote, ShownValue, ValueReader

_MAX_CHARACTERS: Final = 24_000_000
"""The characters of all cells; a small file can show one long text in thousands of cells."""
_MAX_LINKED: Final = 1000
"""The maximum number of cells of one link."""
_MAX_COVERED: Final = 1_000_000
"""The maximum number of values under merged cells."""
_ADDRESSES: Final = ("http://", "https://", "mailto:")
_SILENT: Final = frozenset(
    (CellNote.ERROR, CellNote.LOST_DIGITS, CellNote.EXPONENT, CellNote.NOT_A_DATE, CellNote.PHONETIC)
)
"""Notes about cells that are shown nevertheless."""

Place = tuple[int, int]
"""Row and column, from 1."""


class SheetCell(NamedTuple):
    """A cell that is shown."""

    value: ShownValue
    link: str = ""
    """The address of its link; empty for none."""


@dataclass(frozen=True)
class SheetContent:
    """The cells that a worksheet shows."""

    cells: dict[int, dict[int, SheetCell]]
    """By row and column, both in ascending order."""
    worksheet: Worksheet
    notes: CellNotes


def read_content(
    worksheet: Worksheet, values: ValueReader, notes: CellNotes, addresses: dict[str, str], coloured: list[CellRange]
) -> SheetContent:
    """Return what a worksheet shows, and note what it hides.

    Args:
        worksheet: the worksheet as the file has it.
        values: shows the values.
        notes: takes the notes.
        addresses: the addresses of links by the ids of their relationships.
        coloured: ranges whose ground a table or a conditional format may colour.

    Raises:
        UnreadableFileError: the texts of all cells are too long.
    """
    moved, covered = _merged(worksheet)
    links = _links(worksheet, addresses)
    shown: dict[int, dict[int, SheetCell]] = {}
    characters = 0
    for (row, column), raw in _in_order(worksheet):
        value = values.show(raw, worksheet.zeros_hidden)
        characters += len(value.text)
        if characters > _MAX_CHARACTERS:
            raise UnreadableFileError(_("the texts in the workbook are too long; divide it"))
        place = moved.get((row, column), (row, column))
        omission = Omission.MERGED if (row, column) in covered else _omission(worksheet, *place)
        if omission:
            if value.text.strip() or value.words:
                notes.add(omission, row, column, value.text or value.words)
            continue
        if (note := _note(value, place, coloured)) is not None:
            notes.add(note, row, column, value.words or value.text)
            if note not in _SILENT:
                continue
        if value.text.strip():
            link = links.get((row, column), value.link)
            if link and not link.lower().startswith(_ADDRESSES):
                notes.add(Omission.LINK, row, column, link)
                link = ""
            shown.setdefault(place[0], {})[place[1]] = SheetCell(value, link)
    return SheetContent({row: dict(sorted(shown[row].items())) for row in sorted(shown)}, worksheet, notes)


def _in_order(worksheet: Worksheet) -> Iterator[tuple[Place, RawCell]]:
    for row in sorted(worksheet.cells):
        for column in sorted(worksheet.cells[row]):
            yield (row, column), worksheet.cells[row][column]


def _note(value: ShownValue, place: Place, coloured: Iterable[CellRange]) -> CellNote | None:
    """Return the note about a value, unless a colour behind the cell makes its text visible."""
    same_colour = value.note is CellNote.SAME_COLOUR or (value.style.invisible and value.text.strip() != "")
    if not same_colour:
        return value.note
    if value.style.white_ground and any(area.contains(*place) for area in coloured):
        return None if value.note is CellNote.SAME_COLOUR else value.note
    return CellNote.SAME_COLOUR


def _omission(worksheet: Worksheet, row: int, column: int) -> Omission | None:
    if worksheet.is_hidden_row(row):
        area = worksheet.filter
        if worksheet.is_filtered and area and area.first_row < row <= area.last_row:
            return Omission.FILTERED_ROW
        hidden = worksheet.hidden_rows.get(row)
        return Omission.COLLAPSED_ROW if hidden and hidden.collapsed else Omission.HIDDEN_ROW
    return Omission.HIDDEN_COLUMN if worksheet.is_hidden_column(column) else None


def _merged(worksheet: Worksheet) -> tuple[dict[Place, Place], set[Place]]:
    """Return where the values of merged cells are shown if their first cell is hidden, and the cells under them."""
    moved: dict[Place, Place] = {}
    covered: set[Place] = set()
    filled = sorted(worksheet.cells)
    for area in worksheet.merges:
        first = (area.first_row, area.first_column)
        # Merged cells that overlap are a fault of the file.
        if first in covered or first in moved or len(covered) > _MAX_COVERED:
            continue
        row = next((n for n in range(area.first_row, area.last_row + 1) if not worksheet.is_hidden_row(n)), None)
        column = next(
            (n for n in range(area.first_column, area.last_column + 1) if not worksheet.is_hidden_column(n)), None
        )
        moved[first] = (row or area.first_row, column or area.first_column)
        for number in filled[bisect_left(filled, area.first_row) :]:
            if number > area.last_row:
                break
            covered |= {
                (number, each)
                for each in worksheet.cells[number]
                if area.contains(number, each) and (number, each) != first
            }
    return moved, covered


def _links(worksheet: Worksheet, addresses: dict[str, str]) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for link in worksheet.links:
        area, address = link.range, addresses.get(link.relationship, "")
        size = (area.last_row - area.first_row + 1) * (area.last_column - area.first_column + 1)
        if address and size <= _MAX_LINKED:
            for row in range(area.first_row, area.last_row + 1):
                for column in range(area.first_column, area.last_column + 1):
                    found[row, column] = address
    return found
