"""Writes the blanks of office texts so that a page shows them: HTML shows a row of blanks as one, or not at all."""

from __future__ import annotations

import re
from typing import Final

_WIDTHS: Final = {"\t": 4, "\u3000": 2, "\u2003": 2, "\u200a": 0, "\u200b": 0}
"""The width of blanks in Latin letters; others are one wide."""
_RUN: Final = re.compile(r"\s{2,}|[^\S ]")
_INDENTATION: Final = 4
"""The width up to which blanks at the beginning of a paragraph are its indentation."""
_WIDEST: Final = 40
_WIDE: Final = "\u3000"


def spaced(text: str) -> str:
    """Return a text in which gaps between words have wide blanks, which pages show.

    Args:
        text: a piece of a line.
    """
    return _RUN.sub(lambda match: _gap(match, text), text)


def _gap(match: re.Match[str], text: str) -> str:
    run = match[0]
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if not run.strip(" ") and before.isascii() and after.isascii():
        return run if before and after else " "
    size = width(run)
    return " " if size < len("  ") else _wide(size)


def to_fill_in(text: str) -> str:
    """Return blanks that are underlined, for something to be filled in.

    Args:
        text: blanks only.
    """
    return _wide(width(text))


def indentation(blanks: str, is_cell: bool, is_first: bool) -> str:
    """Return what is written for the blanks at the beginning of a line: nothing where they only indent a paragraph.

    Args:
        blanks: the blanks.
        is_cell: True in a table, where they show that a row belongs to the one above.
        is_first: True for the first line of a paragraph.
    """
    size = width(blanks)
    if size <= (0 if is_cell else _INDENTATION):
        return ""
    if not is_first and not is_cell:
        return _wide(size)
    # Markdown takes blanks away at the beginning of a paragraph or cell, but not those written as an entity.
    return "&nbsp;" if size == 1 else "&emsp;" + _wide(size - 2)


def width(blanks: str) -> int:
    """Return the width of blanks in Latin letters.

    Args:
        blanks: blanks only.
    """
    return sum(_WIDTHS.get(each, 1) for each in blanks)


def _wide(size: int) -> str:
    return _WIDE * min((size + 1) // 2, _WIDEST)
