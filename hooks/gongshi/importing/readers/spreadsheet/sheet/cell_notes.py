"""Collects cells that the editor must know of, and makes one finding of each kind, with a bounded number of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.spreadsheet.ooxml.references import cell_name
from gongshi.importing.readers.spreadsheet.sheet.cell_values import CellNote

MAX_CELLS: Final = 10
"""The number of cells of one kind whose place and words are told; of the others, only the number."""
_MAX_WORDS: Final = 200
"""The number of characters of one cell that are told."""


class Omission(Enum):
    """A reason why a cell of the sheet is not in the table."""

    HIDDEN_ROW = "hidden-row"
    FILTERED_ROW = "filtered-row"
    COLLAPSED_ROW = "collapsed-row"
    HIDDEN_COLUMN = "hidden-column"
    MERGED = "merged"
    """Under a merged cell."""
    LINK = "link"
    """Not the cell, but the address of its link."""


@dataclass
class _CellList:
    names: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    count: int = 0


class CellNotes:
    """The notes about the cells of one sheet.

    Args:
        sheet: its name.
    """

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._lists: dict[CellNote | Omission, _CellList] = {}

    def add(self, kind: CellNote | Omission, row: int, column: int, words: str) -> None:
        """Note a cell.

        Args:
            kind: what there is to know.
            row: from 1.
            column: from 1.
            words: its words.
        """
        found = self._lists.setdefault(kind, _CellList())
        found.count += 1
        if found.count <= MAX_CELLS:
            found.names.append(cell_name(row, column))
            found.words.append(short(words))

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each kind of note."""
        messages = _messages()
        for kind, found in self._lists.items():
            meaning, message = messages[kind]
            if found.count > MAX_CELLS:
                message += _(" ({count} cells; the first {shown} are named)").format(count=found.count, shown=MAX_CELLS)
            yield Finding(
                meaning, message, cells_place(self._sheet, found.names), " | ".join(filter(None, found.words))
            )


def short(words: str) -> str:
    """Return the beginning of a text on one line.

    Args:
        words: the text.
    """
    words = " ".join(words[: _MAX_WORDS + 1].split())
    return words if len(words) <= _MAX_WORDS else words[: _MAX_WORDS - 1] + "…"


def joined(words: Iterable[str]) -> str:
    """Return the first texts on one line, and the number of all if there are more.

    Args:
        words: the texts.
    """
    texts = [short(text) for text in words if text.strip()]
    shown = " | ".join(texts[:MAX_CELLS])
    return shown if len(texts) <= MAX_CELLS else shown + _(" … ({count} in all)").format(count=len(texts))


def cells_place(sheet: str, names: list[str]) -> str:
    """Return the place of cells in words.

    Args:
        sheet: the name of the sheet.
        names: the names of the cells; empty for the whole sheet.
    """
    if not names:
        return _("worksheet “{sheet}”").format(sheet=sheet)
    return _("worksheet “{sheet}”, {cells}").format(sheet=sheet, cells=", ".join(names))


def _messages() -> dict[CellNote | Omission, tuple[FindingKind, str]]:
    left_out, check = FindingKind.LEFT_OUT, FindingKind.CHECK
    return {
        Omission.HIDDEN_ROW: (left_out, _("hidden rows were left out")),
        Omission.FILTERED_ROW: (left_out, _("rows that a filter hides were left out")),
        Omission.COLLAPSED_ROW: (left_out, _("rows of closed groups were left out")),
        Omission.HIDDEN_COLUMN: (left_out, _("hidden columns were left out")),
        Omission.MERGED: (left_out, _("values under merged cells were left out; Excel does not show them")),
        Omission.LINK: (left_out, _("addresses of links that lead to a file or a place in the workbook were left out")),
        CellNote.ERROR: (check, _("the cell shows an error; correct the formula, or the text of the entry")),
        CellNote.LOST_DIGITS: (
            check,
            _("Excel keeps only 15 digits of a number, so the last digits may be wrong; compare with the paper"),
        ),
        CellNote.EXPONENT: (check, _("Excel shows this long number in short; write all digits if they are needed")),
        CellNote.NOT_A_DATE: (check, _("this number cannot be shown as a date or time; write what was meant")),
        CellNote.NO_RESULT: (
            left_out,
            _("the file has no result of this formula; open it in Excel or WPS, save it and import it again"),
        ),
        CellNote.HIDDEN_BY_FORMAT: (left_out, _("values that the number format of the cell hides were left out")),
        CellNote.ZERO: (left_out, _("zeros were left out, as the worksheet does not show them")),
        CellNote.SAME_COLOUR: (
            check,
            _("text in the colour of its cell was left out, as nobody sees it; write it in if it is meant to be read"),
        ),
        CellNote.PICTURE: (left_out, _("pictures in cells were left out; add them to the entry by hand")),
        CellNote.PHONETIC: (left_out, _("pinyin or kana above texts were left out")),
    }
