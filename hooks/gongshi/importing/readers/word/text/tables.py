"""Tables: a regular grid of cells, without tables in tables and those that are only a frame.

Merged cells: ECMA-376 part 1, 17.4.17 (gridSpan), 17.4.84 (vMerge), 17.4.22 (hMerge), 17.4.15 (gridBefore).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import FindingKind
from gongshi.importing.readers.word.parts.elements import is_on
from gongshi.importing.readers.word.parts.numbering import Label
from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.text.inline_text import Told
from gongshi.importing.readers.word.text.stories import unwrapped_children

_MAX_SPAN: Final = 1000
_COPIES: Final = re.compile(r"(?:抄送|抄报|主送|分送|主题词)\s*[：:]")
_PRINTED: Final = re.compile(r"印发\s*$")
_SHADES: Final = frozenset({"", "auto", "FFFFFF", "ffffff"})


@dataclass
class Cell:
    """A cell of the regular grid."""

    element: _Element | None
    """The `w:tc`; None for a place that the row leaves free."""
    start: int
    span: int
    goes_on: bool = False
    """It belongs to the cell above it."""


def has_cells(table: _Element) -> bool:
    """Return whether a table has any cell.

    Args:
        table: a `w:tbl`.
    """
    return bool(_rows(table))


def empty_covered_cells(root: _Element, told: Told) -> None:
    """Remove the text of cells that merged cells cover, as Word does not show it.

    Args:
        root: the root of a part; changed in place.
        told: where the text is told.
    """
    for cell in [cell for table in root.iter(tag("w:tbl")) for cell in covered_cells(table)]:
        told.at = cell
        if words := _words(cell).strip():
            message = _("a table cell that a merged cell covers has text, which Word does not show")
            told.each(FindingKind.LEFT_OUT, message, words)
        for child in list(cell):
            if child.tag != tag("w:tcPr"):
                cell.remove(child)


def free_frames(body: _Element) -> None:
    """Replace tables that only frame or arrange the text by what is in them.

    These are tables of a single cell, and the lines for copies and printing (版记) at the end of official documents.

    Args:
        body: the `w:body`; changed in place.
    """
    waiting = list(body.iterchildren(tag("w:tbl")))
    while waiting:
        table = waiting.pop()
        cells = list(_cells(table))
        if len(cells) != 1 and not _is_imprint(cells):
            continue
        content = [each for cell in cells for each in cell if each.tag in (tag("w:p"), tag("w:tbl"))]
        position = body.index(table)
        body[position : position + 1] = content
        waiting.extend(each for each in content if each.tag == tag("w:tbl"))


def flatten_inner_tables(body: _Element, labels: Mapping[_Element, Label], told: Told) -> None:
    """Write tables in cells as lines of the cell, with their cells separated by tabs.

    Args:
        body: the `w:body`; changed in place.
        labels: the numbers before paragraphs, which are written into the lines.
        told: where this is told.
    """
    cell = tag("w:tc")
    inner = [table for table in body.iter(tag("w:tbl")) if next(table.iterancestors(cell), None) is not None]
    for table in reversed(inner):
        told.at = table
        told.once(FindingKind.CHANGED, _("a table in a table cell is written as lines of the cell"), _words(table))
        flatten_table(table, labels)


def flatten_table(table: _Element, labels: Mapping[_Element, Label]) -> None:
    """Replace a table by a paragraph for each row.

    Args:
        table: a `w:tbl` without tables in it.
        labels: the numbers before paragraphs.
    """
    lines = [_row_line(row, labels) for row in _rows(table)]
    parent = table.getparent()
    assert parent is not None
    position = parent.index(table)
    parent[position : position + 1] = lines


def regular_grid(table: _Element) -> tuple[list[_Element], list[list[Cell]]]:
    """Return the rows of a table with cells that fill the whole width.

    Args:
        table: a `w:tbl`.
    """
    rows = _rows(table)
    grid = [_row_cells(row) for row in rows]
    _check_vertical_merges(grid)
    width = max((row[-1].start + row[-1].span for row in grid), default=0)
    for cells in grid:
        end = cells[-1].start + cells[-1].span
        if end < width:
            cells.append(Cell(None, end, width - end))
    _drop_unused_columns(grid)
    return rows, grid


def covered_cells(table: _Element) -> list[_Element]:
    """Return the cells that merged cells above or beside them cover: Word does not show their text.

    Args:
        table: a `w:tbl`.
    """
    rows = _rows(table)
    grid = [_row_cells(row) for row in rows]
    _check_vertical_merges(grid)
    shown = {cell.element for cells in grid for cell in cells if not cell.goes_on}
    return [cell for row in rows for cell in unwrapped_children(row, tag("w:tc")) if cell not in shown]


def header_rows(rows: list[_Element]) -> int:
    """Return how many rows are marked as repeated header rows (17.4.50, tblHeader).

    Args:
        rows: its rows.
    """
    for number, row in enumerate(rows):
        marked = row.find(f"{tag('w:trPr')}/{tag('w:tblHeader')}")
        if not is_on(marked):
            return number
    return len(rows)


def is_shaded(cell: _Element) -> bool:
    """Return whether a cell has a background colour.

    Args:
        cell: a `w:tc`.
    """
    shade = cell.find(f"{tag('w:tcPr')}/{tag('w:shd')}")
    return shade is not None and shade.get(tag("w:fill"), "") not in _SHADES


def write_table(table: _Element, rows: list[_Element], grid: list[list[Cell]], headers: int) -> None:
    """Write a table in the form that mammoth converts.

    Args:
        table: the `w:tbl`; its rows are replaced.
        rows: its rows.
        grid: their cells.
        headers: the number of header rows.
    """
    for child in list(table):
        table.remove(child)
    for number, (row, cells) in enumerate(zip(rows, grid, strict=True)):
        for child in list(row):
            row.remove(child)
        if number < headers:
            etree.SubElement(etree.SubElement(row, tag("w:trPr")), tag("w:tblHeader"))
        for cell in cells:
            row.append(_written_cell(cell, grid, number))
        table.append(row)


def _written_cell(cell: Cell, grid: list[list[Cell]], number: int) -> _Element:
    element = etree.Element(tag("w:tc")) if cell.element is None else cell.element
    for old in element.findall(tag("w:tcPr")):
        element.remove(old)
    properties = etree.Element(tag("w:tcPr"))
    if cell.span > 1:
        etree.SubElement(properties, tag("w:gridSpan")).set(tag("w:val"), str(cell.span))
    below = grid[number + 1] if number + 1 < len(grid) else []
    if cell.goes_on or any(each.start == cell.start and each.goes_on for each in below):
        value = "continue" if cell.goes_on else "restart"
        etree.SubElement(properties, tag("w:vMerge")).set(tag("w:val"), value)
    element.insert(0, properties)
    return element


def _rows(table: _Element) -> list[_Element]:
    """Return the rows that have cells."""
    rows = unwrapped_children(table, tag("w:tr"))
    return [row for row in rows if next(unwrapped_children(row, tag("w:tc")), None) is not None]


def _cells(table: _Element) -> list[_Element]:
    return [cell for row in _rows(table) for cell in unwrapped_children(row, tag("w:tc"))]


def _is_imprint(cells: list[_Element]) -> bool:
    texts = [_words(cell).strip() for cell in cells]
    marked = any(_COPIES.match(text) for text in texts) or (len(cells) <= 3 and any(map(_PRINTED.search, texts)))
    return marked and len(cells) <= 8


def _words(element: _Element) -> str:
    return "".join(each.text or "" for each in element.iter(tag("w:t")))


def _row_line(row: _Element, labels: Mapping[_Element, Label]) -> _Element:
    line = etree.Element(tag("w:p"))
    for number, cell in enumerate(row.iterchildren(tag("w:tc"))):
        if number:
            _append_text(line, "\t")
        for position, paragraph in enumerate(cell.iterchildren(tag("w:p"))):
            if position:
                _append_text(line, " ")
            if paragraph in labels:
                _append_text(line, labels[paragraph].typed)
            for child in list(paragraph):
                if child.tag != tag("w:pPr"):
                    line.append(child)
    return line


def _append_text(paragraph: _Element, text: str) -> None:
    run = etree.SubElement(paragraph, tag("w:r"))
    if text == "\t":
        etree.SubElement(run, tag("w:tab"))
    else:
        etree.SubElement(run, tag("w:t")).text = text


def _row_cells(row: _Element) -> list[Cell]:
    before, after = (_count(row, f"w:trPr/w:{name}", 0) for name in ("gridBefore", "gridAfter"))
    cells = [Cell(None, 0, before)] if before else []
    position = before
    for element in unwrapped_children(row, tag("w:tc")):
        span = max(_count(element, "w:tcPr/w:gridSpan", 1), 1)
        if _merge(element, "hMerge") == "continue" and cells and cells[-1].element is not None:
            cells[-1].span += span
        else:
            cells.append(Cell(element, position, span, _merge(element, "vMerge") == "continue"))
        position += span
    if after:
        cells.append(Cell(None, position, after))
    return cells


def _merge(cell: _Element, name: str) -> str:
    found = cell.find(f"{tag('w:tcPr')}/{tag(f'w:{name}')}")
    return "" if found is None else found.get(tag("w:val"), "continue")


def _count(element: _Element, path: str, default: int) -> int:
    names = "/".join(tag(name) for name in path.split("/"))
    found = element.find(names)
    try:
        return default if found is None else min(max(int(found.get(tag("w:val"), "")), 0), _MAX_SPAN)
    except ValueError:
        return default


def _check_vertical_merges(grid: list[list[Cell]]) -> None:
    """Let a cell go on only below one that begins and ends in the same columns."""
    above: dict[int, Cell] = {}
    for cells in grid:
        for cell in cells:
            upper = above.get(cell.start)
            cell.goes_on = cell.goes_on and upper is not None and upper.element is not None and upper.span == cell.span
        above = {cell.start: cell for cell in cells}


def _drop_unused_columns(grid: list[list[Cell]]) -> None:
    """Number only the columns in which a cell begins: cells drawn by hand span many that nothing uses."""
    starts = sorted(
        {cell.start for cells in grid for cell in cells} | {cells[-1].start + cells[-1].span for cells in grid}
    )
    columns = {start: number for number, start in enumerate(starts)}
    for cells in grid:
        for cell in cells:
            end = columns[cell.start + cell.span]
            cell.start = columns[cell.start]
            cell.span = end - cell.start
