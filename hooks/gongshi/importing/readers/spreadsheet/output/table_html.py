"""Writes tables and lines of a sheet as HTML (see `importing.document`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gongshi.importing.readers.spreadsheet.sheet.grid import Grid, GridCell
from gongshi.importing.readers.spreadsheet.sheet.layout import FIGURE, Line, Table

_CENTERED: Final = ("center", "centerContinuous", "distributed")
_PLACEHOLDERS: Final = frozenset(("-", "—", "——", "–", "/", "…"))
"""Texts that stand for a missing figure."""


@dataclass(frozen=True)
class Excerpt:
    """The part of a table that the text shows."""

    rows: int
    """The number of its first rows, with the header."""
    columns: int


def line_html(line: Line) -> str:
    """Return a paragraph; the cells of one row stand on one line.

    Args:
        line: the line.
    """
    content = "　　".join(
        f"<strong>{c.html}</strong>" if c.bold and line.place != "center" else c.html for c in line.cells
    )
    return f'<p class="{line.place}">{content}</p>' if line.place else f"<p>{content}</p>"


def table_html(grid: Grid, table: Table, excerpt: Excerpt) -> str:
    """Return a table.

    Args:
        grid: the visible cells.
        table: its rows.
        excerpt: the part that is written.
    """
    end = min(table.last, table.first + excerpt.rows)
    columns = range(_first_column(grid, table), min(grid.width, excerpt.columns))
    places = {column: _place(grid, table, column) for column in columns}
    bold = all(cell.bold for row in grid.rows[table.first + table.header : table.last] for cell in row.cells.values())
    lines = ["<table>"]
    for row in range(table.first, end):
        tag = "th" if row < table.first + table.header else "td"
        cells = (
            _cell_html(grid, (row, column), tag, places[column], (end, columns.stop), bold)
            for column in columns
            if (row, column) not in grid.covered
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _first_column(grid: Grid, table: Table) -> int:
    """Return the first column with text: tables of one sheet may begin at different columns."""
    return min((min(row.cells) for row in grid.rows[table.first : table.last] if row.cells), default=0)


def _cell_html(
    grid: Grid, place: tuple[int, int], tag: str, column_place: str, end: tuple[int, int], all_bold: bool
) -> str:
    cell = grid.rows[place[0]].cells.get(place[1])
    height, width = grid.spans.get(place, (1, 1))
    height, width = min(height, end[0] - place[0]), min(width, end[1] - place[1])
    attributes = f' rowspan="{height}"' if height > 1 else ""
    attributes += f' colspan="{width}"' if width > 1 else ""
    if tag == "th" and cell and cell.align in _CENTERED:
        attributes += ' class="center"'
    elif tag == "td" and cell and width == 1 and column_place:
        attributes += f' class="{column_place}"'
    content = cell.html if cell else ""
    if cell and cell.bold and tag == "td" and not all_bold:
        content = f"<strong>{content}</strong>"
    return f"<{tag}{attributes}>{content}</{tag}>"


def _place(grid: Grid, table: Table, column: int) -> str:
    """Return the class for the cells of a column: figures to the right; in the middle where all cells are so."""
    cells = list(_body_cells(grid, table, column))
    figures = [cell for cell in cells if cell.text.strip() not in _PLACEHOLDERS]
    if figures and all(_is_figure(cell) for cell in figures) and not _counts_rows(figures):
        return "right"
    return "center" if cells and all(cell.align in _CENTERED for cell in cells) else ""


def _body_cells(grid: Grid, table: Table, column: int) -> Iterator[GridCell]:
    for row in range(table.first + table.header, table.last):
        cell = grid.rows[row].cells.get(column)
        if cell and grid.spans.get((row, column), (1, 1))[1] == 1:
            yield cell


def _is_figure(cell: GridCell) -> bool:
    if cell.figure:
        return True
    if cell.value is not None and cell.value.number is not None:
        return False
    text = cell.text.strip()
    digits = sum(character.isdecimal() for character in text.partition(".")[0])
    # Numbers with a zero in front, and long ones without a decimal point, are codes and telephone numbers.
    code = text.isdecimal() and (digits > 10 or (digits > 1 and text.startswith("0")))
    return FIGURE.fullmatch(text) is not None and not code


def _counts_rows(cells: list[GridCell]) -> bool:
    """Tell whether a column only counts the rows, of which some may be hidden."""
    texts = [cell.text.strip() for cell in cells]
    if len(texts) < 2 or texts[0] != "1" or not all(text.isdecimal() and len(text) < 8 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return all(before < after for before, after in pairwise(numbers))
