"""Help texts in the width of the terminal: Chinese characters are two cells wide and have no spaces between them."""

from __future__ import annotations

import gettext
import re
import shutil
from collections.abc import Iterable

import click
from rich.cells import cell_len, chop_cells

from gongshi.common.lazy_pattern import lazy_pattern

_NARROWEST = 20
"""Cells; a terminal that says less is not believed."""
_OPENING = "（《〈“‘「『【〔［｛"
_CLOSING = "，。、；：！？）》〉”’」』】〕］｝…—％"
_WIDE = "\u1100-\u11ff\u2e80-\u303f\u3040-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_PIECE = lazy_pattern(rf"(\s*)([{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*)")
"""Blanks, and text that stays on one line: a Chinese character or a word, with the punctuation that belongs to it."""


def wrap(text: str, width: int) -> list[str]:
    """Break a paragraph into lines, between words and between Chinese characters, and cut nothing off.

    No line begins with a closing sign such as 。 or ends with an opening one such as （.

    Args:
        text: the paragraph; line breaks in it count as spaces.
        width: the maximum width in terminal cells; longer words are divided.
    """
    lines, line = [], ""
    for blank, piece in _PIECE.findall(text):
        longer = f"{line}{' ' if blank and line else ''}{piece}"
        if cell_len(longer) > width:
            lines += [line] if line else []
            *full, longer = _divided(piece, width)
            lines += full
        line = longer
    return [*lines, line] if line else lines


def _divided(piece: str, width: int) -> list[str]:
    """Return a word, in parts if it is wider than a line."""
    if cell_len(piece) <= width:
        return [piece]
    word = piece.rstrip(_CLOSING)
    signs = piece[len(word) :]
    *parts, last = chop_cells(word, max(width - cell_len(signs), 2)) or [""]
    return [*parts, last + signs]


class CellFormatter(click.HelpFormatter):
    """Formats help in terminal cells; click counts characters, and writes at least 50 of them.

    Args:
        indent_increment: the spaces of each level.
        width: the width in cells; None for that of the terminal.
        max_width: the maximum width in cells.
    """

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        if width is None:
            width = max(min(shutil.get_terminal_size().columns, max_width or 80), _NARROWEST)
        super().__init__(indent_increment, width, max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line.

        Args:
            prog: the program and the command.
            args: the arguments.
            prefix: the word for usage; None for click's own.
        """
        # click translates its own words with the process-wide catalogue.
        head = f"{prefix or gettext.gettext('Usage:') + ' '}{prog}"
        line = f"{head} {args}".rstrip()
        lines = [line] if cell_len(line) <= self.width else wrap(head, self.width)
        if line not in lines:
            indent = " " * (2 * self.indent_increment)
            lines += [indent + part for part in wrap(args, self.width - len(indent))]
        self.write("".join(f"{part}\n" for part in lines))

    def write_text(self, text: str) -> None:
        """Write paragraphs.

        Args:
            text: the paragraphs, with empty lines between them.
        """
        indent = " " * self.current_indent
        for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
            if number:
                self.write("\n")
            self.write("".join(f"{indent}{line}\n" for line in wrap(paragraph, self.width - self.current_indent)))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of terms with their texts, the texts in a column of their own.

        Args:
            rows: terms and texts.
            col_max: the maximum width of the terms; a longer one has a line of its own.
            col_spacing: the spaces between both columns.
        """
        table = list(rows)
        widest = min(col_max, self.width // 2 - 3)
        fitting = [cells for term, _text in table if (cells := cell_len(term)) <= widest]
        column = max(fitting, default=self.indent_increment) + col_spacing
        indent = " " * self.current_indent
        for term, text in table:
            lines = wrap(text, self.width - self.current_indent - column)
            if lines and cell_len(term) <= column - col_spacing:
                self.write(f"{indent}{term}{' ' * (column - cell_len(term))}{lines.pop(0)}\n")
            else:
                self.write("".join(f"{indent}{line}\n" for line in wrap(term, self.width - self.current_indent)))
            self.write("".join(f"{indent}{' ' * column}{line}\n" for line in lines))


class CellContext(click.Context):
    """The context of a command, whose help is written by `CellFormatter`."""

    formatter_class = CellFormatter
