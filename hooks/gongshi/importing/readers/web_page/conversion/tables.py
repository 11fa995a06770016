"""Tables of a page: the grid with merged cells, and tables that only lay out the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.web_page.page_source.parsing import own_texts, remove
from gongshi.importing.readers.web_page.page_source.stylesheet import Stylesheet

_PARTS: Final = frozenset("caption col colgroup thead tbody tfoot tr td th".split())  # noqa: SIM905
_GROUPS: Final = ("table", "thead", "tbody", "tfoot")
_ADDED: Final = "data-added"
"""Marks a row that the file does not have."""
_MAX_CELLS: Final = 100_000
_MAX_SPAN: Final = 1000
"""Largest value of `colspan` (HTML, 4.9.11)."""
_MAX_ROW_SPAN: Final = 65534
_MOST_COLUMNS: Final = 100
"""A cell over more columns than this does not make a table wider."""
_NUMBER: Final = re.compile(r"\s*\+?(\d{1,6})")
_LAYOUT_CHARACTERS: Final = 200
"""A cell with several paragraphs of together more than this holds text, not data."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table."""

    element: _Element
    columns: int
    rows: int


def complete_rows(body: _Element) -> None:
    """Put cells that stand in a table without a row into rows, as browsers do.

    Args:
        body: the page's body; changed in place.
    """
    for cell in list(body.iter("td", "th")):
        parent = cell.getparent()
        if parent is None or parent.tag not in _GROUPS:
            continue
        before = cell.getprevious()
        if before is None or before.get(_ADDED) is None:
            before = etree.Element("tr", {_ADDED: ""})
            cell.addprevious(before)
        before.append(cell)


def rows_of(table: _Element) -> list[_Element]:
    """Return the rows of a table without those of tables inside it, those of `thead` first.

    Args:
        table: a `table`.
    """
    rows: list[_Element] = []
    last: list[_Element] = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            target = last if child.tag == "tfoot" else rows
            target += [each for each in child if each.tag == "tr"]
    return rows + last


def cells_of(row: _Element) -> list[_Element]:
    """Return the cells of a row.

    Args:
        row: a `tr`.
    """
    return [each for each in row if each.tag in ("td", "th")]


def is_layout(table: _Element, styles: Stylesheet) -> bool:
    """Tell whether a table only lays out the page, so that its cells are parts of the text.

    Args:
        table: the table without hidden content.
        styles: the page's rules.
    """
    rows = [cells for row in rows_of(table) if (cells := cells_of(row))]
    if table.get("role") in ("presentation", "none"):
        return True
    if max(map(len, rows), default=0) <= 1:
        return not (_has_border(table, styles) and len(rows) > 1)
    cells = [cell for row in rows for cell in row]
    if any(each.tag == "th" for each in cells) or _has_border(table, styles):
        return False
    inner = sum(_length(each) for each in table.iter("table") if each is not table and _outer_table(each) is table)
    if inner and inner > _length(table) / 2:
        return True
    return any(_holds_text(cell) for cell in cells)


def _outer_table(table: _Element) -> _Element | None:
    return next((each for each in table.iterancestors() if each.tag == "table"), None)


def _length(element: _Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _holds_text(cell: _Element) -> bool:
    paragraphs = [each for each in cell.iter("p", "h1", "h2", "h3", "h4", "ul", "ol") if _length(each)]
    return len(paragraphs) > 2 and _length(cell) > _LAYOUT_CHARACTERS


def _has_border(table: _Element, styles: Stylesheet) -> bool:
    if (table.get("border") or "0").strip() not in ("0", "") or table.get("rules"):
        return True
    elements = [table, *(cell for row in rows_of(table)[:3] for cell in cells_of(row)[:5])]
    return any(_is_drawn(styles.declarations(each)) for each in elements)


def _is_drawn(declared: object) -> bool:
    assert isinstance(declared, dict)
    border = f"{declared.get('border', '')} {declared.get('border-top', '')}"
    return any(word in border for word in ("solid", "double", "inset", "dashed", "dotted", "windowtext")) and not (
        border.strip().startswith(("0 ", "0px ", "none"))
    )


def grid_of(table: _Element) -> list[list[Cell]]:
    """Return the rows of cells with spans that stay inside the table.

    Args:
        table: the table.

    Raises:
        UnreadableFileError: it has too many cells.
    """
    rows = [cells_of(row) for row in rows_of(table)]
    if sum(map(len, rows)) > _MAX_CELLS:
        raise UnreadableFileError(_("a table of the page is too large; attach it to an entry made by hand"))
    widest = max((sum(span for cell in row if (span := _columns(cell)) <= _MOST_COLUMNS) for row in rows), default=1)
    found: list[list[Cell]] = []
    for number, row in enumerate(rows):
        rest = len(rows) - number
        found.append([Cell(each, min(_columns(each), max(1, widest)), _rows(each, rest)) for each in row])
    return found


def remove_hidden_columns(table: _Element, styles: Stylesheet) -> list[str]:
    """Remove the cells of columns that `col` hides, as Excel writes them, and return their words.

    Args:
        table: the table; changed in place.
        styles: the page's rules.
    """
    hidden: set[int] = set()
    column = 0
    for col in (each for each in table.iter("col") if each.getparent() in (table, *table.findall("colgroup"))):
        width = _number(col.get("span"), 1)
        declared = styles.declarations(col)
        if declared.get("display") == "none" or declared.get("visibility") in ("collapse", "hidden"):
            hidden.update(range(column, min(column + width, _MAX_SPAN)))
        column += width
    return _remove_columns(table, hidden) if hidden else []


def _remove_columns(table: _Element, hidden: set[int]) -> list[str]:
    words: list[str] = []
    taken: dict[int, int] = {}
    for row in rows_of(table):
        column = 0
        taken = {place: rest - 1 for place, rest in taken.items() if rest > 1}
        for cell in cells_of(row):
            while column in taken:
                column += 1
            places = range(column, column + _columns(cell))
            left = [each for each in places if each not in hidden]
            taken.update(dict.fromkeys(places, _rows(cell, _MAX_ROW_SPAN)))
            column = places.stop
            if not left:
                words.append(" ".join("".join(cell.itertext()).split()))
                remove(cell)
            elif len(left) < len(places):
                cell.set("colspan", str(len(left)))
    return [each for each in words if each]


def _columns(cell: _Element) -> int:
    return max(1, min(_number(cell.get("colspan"), 1), _MAX_SPAN))


def _rows(cell: _Element, rest: int) -> int:
    # A rowspan of 0 means all rows that are left.
    return min(_number(cell.get("rowspan"), 1) or rest, rest)


def _number(text: str | None, otherwise: int) -> int:
    found = _NUMBER.match(text or "")
    return int(found[1]) if found else otherwise


def stray_texts(table: _Element) -> list[str]:
    """Return the texts that stand in a table outside of its cells and its caption; browsers show them above it.

    Args:
        table: the table.
    """
    groups = [each for each in table if each.tag in ("thead", "tbody", "tfoot")]
    found: list[str] = []
    for element in (table, *groups, *rows_of(table)):
        found += [text for each in own_texts(element) if (text := " ".join(each.split()))]
        for child in element:
            if child.tag not in _PARTS and (text := " ".join("".join(child.itertext()).split())):
                found.append(text)
    return found
