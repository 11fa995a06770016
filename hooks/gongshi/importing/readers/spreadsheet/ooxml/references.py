"""References to cells: `B3`, `A1:F20`, `A:F`, `3:20`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_ROWS: Final = 1 << 20
MAX_COLUMNS: Final = 1 << 14
"""The size of a worksheet of Excel."""
_RANGE: Final = re.compile(r"([A-Z]{1,3})?([1-9]\d{0,6})?(?::([A-Z]{1,3})?([1-9]\d{0,6})?)?", re.ASCII)


@dataclass(frozen=True)
class CellRange:
    """A range of cells; rows and columns count from 1, and the last ones belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def contains(self, row: int, column: int) -> bool:
        """Tell whether a cell is in the range.

        Args:
            row: from 1.
            column: from 1.
        """
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def __str__(self) -> str:
        return f"{cell_name(self.first_row, self.first_column)}:{cell_name(self.last_row, self.last_column)}"


def column_number(letters: str) -> int:
    """Return the number of a column, from 1.

    Args:
        letters: such as `A` or `XFD`.
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column.

    Args:
        number: from 1.
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, such as `B3`.

    Args:
        row: from 1.
        column: from 1.
    """
    return f"{column_letters(column)}{row}"


def parse_range(text: str) -> CellRange | None:
    """Return the range that a text names; None if it names none.

    Args:
        text: such as `A1:F20`, `$A$1:$F$20`, `A:F`, `3:20` or `B3`; also in small letters and in full width.
    """
    text = text.strip().replace("：", ":").replace("$", "").replace(" ", "").upper()
    match = _RANGE.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    left, top, right, bottom = match.groups()
    if ":" not in text:
        if left is None or top is None:
            return None
        right, bottom = left, top
    if (left is None) != (right is None) or (top is None) != (bottom is None):
        return None
    columns = sorted((column_number(left or "A"), column_number(right or "XFD")))
    rows = sorted((int(top or 1), int(bottom or MAX_ROWS)))
    if columns[1] > MAX_COLUMNS or rows[1] > MAX_ROWS:
        return None
    return CellRange(rows[0], columns[0], rows[1], columns[1])
