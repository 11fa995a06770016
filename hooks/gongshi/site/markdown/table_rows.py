"""Read tables from lines: with pipes, with or without a separator, or with tabs as Excel copies them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

_DASHED: Final = re.compile(r":?-+:?\Z")
_FRAMED: Final = re.compile(r"\s*\|.*\|\s*\Z")
_WIDE_FRAMED: Final = re.compile(r"\s*[｜|].*｜\s*\Z")
_DASHES: Final = str.maketrans("—－–：｜", "---:|")
_WIDE_DASH: Final = re.compile("[—－–]{2}|[：:][—－–]|[—－–][：:]")
_ITEM: Final = re.compile(r"\s*(?:(?:[-*+]|\d+[.)])\t|##|#\s)")
"""A list item with a tab after its mark, or a heading."""
_ROWS: Final = 2


@dataclass(frozen=True)
class TableRows:
    """A table in a text."""

    rows: tuple[str, ...]
    """Its rows with pipes; the second one is the separator."""
    end: int
    """The line after it, counted from 0."""


def read_table(lines: Sequence[str], start: int) -> TableRows | None:
    """Return the table that begins on a line; None if there is none.

    Args:
        lines: the lines of a text.
        start: the line, counted from 0.
    """
    return _with_pipes(lines, start) or _with_tabs(lines, start)


def _with_pipes(lines: Sequence[str], start: int) -> TableRows | None:
    first = _narrow(lines[start]).strip()
    second = _narrow(lines[start + 1]).strip() if start + 1 < len(lines) else ""
    if "|" not in first:
        return None
    is_framed = bool(_FRAMED.match(first))
    if is_separator(first):
        if not is_framed or "|" not in second or is_separator(second):
            return None
        rows, end = _rows(lines, start, _has_pipe)
        return _continued(lines, ("|" + " |" * (first.count("|") - 1), *rows), end)
    if is_separator(second):
        rows, end = _rows(lines, start, _has_pipe)
        return _continued(lines, rows, end)
    if not (is_framed and _FRAMED.match(second)):
        return None
    rows, end = _rows(lines, start, _is_framed)
    return _continued(lines, (rows[0], _separator(rows[0]), *rows[1:]), end, most=1)


def _rows(lines: Sequence[str], start: int, belongs: Callable[[str], bool]) -> tuple[tuple[str, ...], int]:
    """Return the rows from a line on, and the line after them."""
    rows = []
    for line in lines[start:]:
        row = _narrow(line).strip()
        if not belongs(row):
            break
        rows.append(row)
    return tuple(rows), start + len(rows)


def _has_pipe(row: str) -> bool:
    return "|" in row


def _is_framed(row: str) -> bool:
    return bool(_FRAMED.match(row))


def _continued(lines: Sequence[str], rows: tuple[str, ...], end: int, most: int | None = None) -> TableRows:
    """Return a table with the rows of the same width that follow after one empty line.

    Args:
        lines: the lines of the text.
        rows: the rows of the table.
        end: the line after them.
        most: the maximum number of rows that follow; more are a table of their own, as they would be alone.
    """
    pieces = [rows]
    width = rows[0].count("|")
    while end + 1 < len(lines) and not lines[end].strip() and _is_framed(_narrow(lines[end + 1])):
        further, after = _rows(lines, end + 1, _is_framed)
        if (most and len(further) > most) or any(is_separator(row) or row.count("|") != width for row in further):
            break
        pieces.append(further)
        end = after
    return TableRows(tuple(row for piece in pieces for row in piece), end)


def is_separator(row: str) -> bool:
    """Tell whether a row is the line of dashes between the header and the other rows.

    Args:
        row: the row.
    """
    cells = row.strip().removeprefix("|").removesuffix("|").split("|")
    return "-" in row and "|" in row and all(_DASHED.match(cell.strip()) for cell in cells)


def _separator(row: str) -> str:
    return "|" + " --- |" * max(row.count("|") - 1, 1)


def _narrow(line: str) -> str:
    """Return a row that was typed with full-width pipes or dashes with ASCII ones."""
    if "｜" in line and (_WIDE_FRAMED.match(line) or is_separator(line.translate(_DASHES))):
        line = line.replace("｜", "|")
    elif "|" not in line:
        return line
    if not _WIDE_DASH.search(line):
        return line
    dashes = line.translate(_DASHES)
    return dashes if is_separator(dashes) and dashes.count("|") > 1 else line


def _with_tabs(lines: Sequence[str], start: int) -> TableRows | None:
    count = lines[start].count("\t")
    if not count or "\t" not in lines[start].strip(" ").strip("\t") or _ITEM.match(lines[start]):
        return None
    end = start
    while end < len(lines) and lines[end].count("\t") == count and lines[end].strip():
        end += 1
    if end - start < _ROWS:
        return None
    cells = [_row(line) for line in lines[start:end]]
    return TableRows((cells[0], "|" + " --- |" * (count + 1), *cells[1:]), end)


def _row(line: str) -> str:
    return "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in line.split("\t")) + " |"
