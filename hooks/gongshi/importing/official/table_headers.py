"""The first rows of tables that name the columns, where the file does not mark them."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.importing.official.blocks import is_bold, plain, text_of

_LONGEST = 20
_MOST_HEADER_ROWS = 3
_NAME = lazy_pattern(
    r".{0,6}(?:序号|编号|姓名|名称|项目|类别|类型|内容|单位|金额|数量|单价|日期|时间|地址|地点|电话|备注|性别|年龄"
    r"|民族|学历|文号|标准|联系人|负责人|责任人|村|社区)(?:[(].{1,8}[)])?"
)
"""Usual names of columns."""
_NUMBERS = ("序号", "编号")
_FIGURE = lazy_pattern(r"[(]?[-+−]?[￥¥$€]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,10})?[%‰]?[元户人万亿个]{0,2}[)]?")


def mark_table_headers(root: _Element) -> None:
    """Make header cells of the first row of a table that names its columns.

    Args:
        root: the element that contains the blocks; changed in place.
    """
    for table in root.iter("table"):
        rows = [[each for each in row if each.tag in ("td", "th")] for row in table.iter("tr")]
        count = _header_rows([row for row in rows if row]) if table.find(".//th") is None else 0
        for cell in (cell for row in [row for row in rows if row][:count] for cell in row):
            cell.tag = "th"


def _header_rows(rows: Sequence[Sequence[_Element]]) -> int:
    """Return how many rows name the columns; 0 if that is not sure."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    count = max(_span(cell, "rowspan") for cell in rows[0])
    if count > _MOST_HEADER_ROWS or count >= len(rows) or not _is_whole(rows):
        return 0
    head, body = (
        [[plain(text_of(cell)).strip() for cell in row] for row in part] for part in (rows[:count], rows[count:])
    )
    if not all(_can_be_name(words) for row in head for words in row) or _is_form(body):
        return 0
    is_marked = _are_bold(rows[:count]) and not _are_bold(rows[count:])
    return count if is_marked or _names_columns(head[0], body) else 0


def _is_whole(rows: Sequence[Sequence[_Element]]) -> bool:
    """Tell whether the first row has as many columns as any other."""
    width = sum(_span(cell, "colspan") for cell in rows[0])
    return all(sum(_span(cell, "colspan") for cell in row) <= width for row in rows)


def _can_be_name(words: str) -> bool:
    return 0 < len(words) <= _LONGEST and not _FIGURE.fullmatch(words) and words[-1] not in "。;:；：，,"


def _is_form(body: Sequence[Sequence[str]]) -> bool:
    """Tell whether a table has names beside the cells for their values, or many empty cells to be filled in."""
    cells = [words for row in body for words in row]
    names = sum(_NAME.fullmatch(words) is not None and not words.endswith(("村", "社区")) for words in cells)
    return names > 1 or 3 * sum(not words for words in cells) > len(cells)


def _names_columns(head: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    if head[0].replace(" ", "") in _NUMBERS or sum(_NAME.fullmatch(words) is not None for words in head) > 1:
        return True
    columns = [[row[place] for row in body if len(row) == len(head)] for place in range(1, len(head))]
    return any(column and 2 * sum(map(_is_figure, column)) > len(column) for column in columns)


def _is_figure(words: str) -> bool:
    return _FIGURE.fullmatch(words) is not None


def _are_bold(rows: Sequence[Sequence[_Element]]) -> bool:
    cells = [cell for row in rows for cell in row if text_of(cell).strip()]
    return bool(cells) and all(map(is_bold, cells))


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
