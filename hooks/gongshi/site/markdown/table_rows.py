"""Read tables from lines: with pipes, with or without a separator, or with tabs as Excel copies them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_SEPARATOR: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")
_FRAMED: Final = re.compile(r"\s*\|.*\|\s*\Z")
_WIDE_FRAMED: Final = re.compile(r"\s*[｜|].*｜\s*\Z")
_DASHES: Final = str.maketrans("—－–：", "---:")
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
    first = _narrow(lines[start])
    if "|" not in first:
        return None
    rows = []
    for line in lines[start:]:
        row = _narrow(line).strip()
        if "|" not in row or not row:
            break
        rows.append(row)
    if len(rows) < _ROWS:
        return None
    if is_separator(rows[1]):
        return TableRows(tuple(rows), start + len(rows)) if not is_separator(rows[0]) else None
    if is_separator(rows[0]):
        if not _FRAMED.match(rows[0]):
            return None
        header = "|" + " |" * (rows[0].count("|") - 1)
        return TableRows((header, *rows), start + len(rows))
    framed = 0
    while framed < len(rows) and _FRAMED.match(rows[framed]):
        framed += 1
    if framed < _ROWS:
        return None
    return TableRows((rows[0], _separator(rows[0]), *rows[1:framed]), start + framed)


def is_separator(row: str) -> bool:
    """Tell whether a row is the line of dashes between the header and the other rows.

    Args:
        row: the row.
    """
    return "-" in row and "|" in row and bool(_SEPARATOR.match(row))


def _separator(row: str) -> str:
    return "|" + " --- |" * max(row.count("|") - 1, 1)


def _narrow(line: str) -> str:
    """Return a row that was typed with full-width pipes with ASCII ones."""
    if "｜" in line and _WIDE_FRAMED.match(line):
        line = line.replace("｜", "|")
        dashes = line.translate(_DASHES)
        return dashes if is_separator(dashes) else line
    return line


def _with_tabs(lines: Sequence[str], start: int) -> TableRows | None:
    count = lines[start].count("\t")
    if not count or "\t" not in lines[start].strip(" ").strip("\t"):
        return None
    end = start
    while end < len(lines) and lines[end].count("\t") == count and lines[end].strip():
        end += 1
    if end - start < _ROWS:
        return None
    rows = [_row(line) for line in lines[start:end]]
    return TableRows((rows[0], "|" + " --- |" * (count + 1), *rows[1:]), end)


def _row(line: str) -> str:
    return "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in line.split("\t")) + " |"
