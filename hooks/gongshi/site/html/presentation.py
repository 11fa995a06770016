"""Classes for the theme in a sanitized text: columns of figures and tick boxes.

They only style what is there. They are set last, so that they count neither for corrections nor in `gongshi diff`.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from gongshi.common.lazy_pattern import lazy_pattern

FIGURE, TICK = "gs-num", "gs-tick"
_LONGEST: Final = 10
"""Digits of a whole number; longer ones are telephone numbers and codes."""
_ROW = lazy_pattern(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = lazy_pattern(r"<(td|th)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_FIGURE = lazy_pattern(r"[-+−±]?[￥¥$€]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?[%％‰]?元?")
_NOTHING = lazy_pattern(r"[-—–/]*")
_TICKED = lazy_pattern(r"<li>(?=\s*(?:<p>)?[☐☑] )")


def with_theme_classes(html: str) -> str:
    """Return a text with the class `gs-num` on cells of columns that hold only figures, and `gs-tick` on ticked items.

    A column is aligned by itself if nobody aligned it, if each of its cells below the header is empty, a dash or a
    figure, at least one a figure, and if it does not just count its rows. A table with merged cells stays as it is.

    Args:
        html: a text as the sanitizer returns it: attribute values have no `<`, so that none looks like a cell.
    """
    if "☐" in html or "☑" in html:
        html = _TICKED.sub(f'<li class="{TICK}">', html)
    if "<table" not in html:
        return html
    before, *tables = html.split("<table")
    return "<table".join([before, *map(_aligned_start, tables)])


def _aligned_start(text: str) -> str:
    """Align the columns of the table that a text begins with, unless another table is inside it."""
    table, end, after = text.partition("</table>")
    return _aligned(table) + end + after if end else text


def _aligned(table: str) -> str:
    if "rowspan=" in table or "colspan=" in table:
        return table
    rows = [_CELL.findall(row) for row in _ROW.findall(table)]
    width = max(map(len, rows), default=0)
    columns = {column for column in range(width) if _holds_figures([row[column] for row in rows if column < len(row)])}
    if not columns:
        return table
    return _ROW.sub(lambda match: match[0].replace(match[1], _row(match[1], columns)) if match[1] else match[0], table)


def _row(row: str, columns: set[int]) -> str:
    number = -1

    def cell(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        if number not in columns:
            return match[0]
        attributes = match[2]
        if ' class="' in attributes:
            attributes = attributes.replace(' class="', f' class="{FIGURE} ', 1)
        else:
            attributes += f' class="{FIGURE}"'
        return f"<{match[1]}{attributes}>{match[3]}</{match[1]}>"

    return _CELL.sub(cell, row)


def _holds_figures(cells: list[tuple[str, str, str]]) -> bool:
    if any("gs-" in attributes for _name, attributes, _content in cells):
        return False
    texts = [unescape(content).strip() for name, _attributes, content in cells if name == "td"]
    figures = [text for text in texts if not _NOTHING.fullmatch(text)]
    if not figures or not all(map(_is_figure, figures)):
        return False
    return figures != [str(number) for number in range(1, len(figures) + 1)]


def _is_figure(text: str) -> bool:
    return bool(_FIGURE.fullmatch(text)) and sum(map(str.isdigit, text.split(".")[0])) <= _LONGEST
