"""Forms of blocks that are equal if, and only if, a reader of a page sees the same.

Blanks between words count as one, those at the ends of lines not at all. The alignment of cells does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from gongshi.importing.writer.blocks import (
    Block,
    Cell,
    Code,
    Content,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Note,
    Other,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Table,
    Text,
    is_blank,
    lines_of,
    lines_of_cell,
)

_PARTS: Final = re.compile(r"(\s+)")
_TO_FILL_IN: Final = ("blank", "u")
_ITSELF: Final = "itself"
"""Stands for the address of a link whose text is its address."""
_TAB: Final = 4
_JOINED: Final = frozenset(("ul", "ol", "quote"))


@dataclass(frozen=True)
class FormReader:
    """Makes forms of blocks.

    Args:
        addresses: the texts of the links whose text is their address. Pages make links of other addresses, too, which
            are text in the file; there, these links do not count.
    """

    addresses: frozenset[str] = frozenset()

    def forms(self, blocks: Iterable[Block]) -> list[Any]:
        """Return the form of each block; lists of one kind that follow each other are one list.

        Args:
            blocks: the blocks.
        """
        return [form for form, _place in self.forms_with_places(blocks)]

    def forms_with_places(self, blocks: Iterable[Block]) -> list[tuple[Any, int]]:
        """Return the form of each block, with the place of the first block that it stands for.

        Args:
            blocks: the blocks.
        """
        found: list[tuple[Any, int]] = []
        for place, block in enumerate(blocks):
            form = self._form(block)
            if form is None:
                continue
            if found and form[0] in _JOINED and found[-1][0][0] == form[0]:
                last, first = found.pop()
                found.append(((form[0], (*last[1], *form[1])), first))
            else:
                found.append((form, place))
        return found

    def _form(self, block: Block) -> tuple[Any, ...] | None:
        match block:
            case Paragraph():
                lines = self._lines(block.content)
                return ("p", block.look, lines) if lines else None
            case Heading():
                return ("h", block.rank, self._lines(block.content))
            case Listing():
                items = [(item.number, tuple(self.forms(item.blocks))) for item in block.items]
                return ("ol" if block.ordered else "ul", tuple(items)) if items else None
            case Table():
                return ("table", self._lines(block.caption), self._rows(block.rows))
            case Quote():
                return ("quote", tuple(self.forms(block.blocks)))
            case Code():
                return ("pre", _code_lines(block.text))
            case Figure():
                title = " ".join(block.picture.title.split())
                return ("figure", *_picture(block.picture), title)
            case Footnotes():
                return ("notes", tuple((each.id, tuple(self.forms(each.blocks))) for each in block.notes))
            case Rule():
                return ("hr",)
            case Other():
                return ("other", block.name, tuple(self.forms(block.blocks)))

    def _rows(self, rows: Sequence[Sequence[Cell]]) -> tuple[Any, ...]:
        found = []
        for row in rows:
            cells = [self._cell(cell) for cell in row]
            while cells and cells[-1] == (cells[-1][0], 1, 1, ()):
                cells.pop()
            found.append(tuple(cells))
        return tuple(found)

    def _cell(self, cell: Cell) -> tuple[Any, ...]:
        lines = lines_of_cell(cell)
        inner: tuple[Any, ...]
        if lines is None:
            inner = ("blocks", *self.forms(cell.blocks))
        else:
            inner = tuple(filter(None, (self._line(line) for line in lines)))
        return (cell.is_header, cell.rowspan, cell.colspan, inner)

    def _lines(self, content: Content) -> tuple[Any, ...]:
        return tuple(filter(None, (self._line(line) for line in lines_of(content) if not is_blank(line))))

    def _line(self, line: Content) -> tuple[Any, ...]:
        """Return words with their marks; a blank belongs to the word before it."""
        found: list[list[Any]] = []
        for each in line:
            if isinstance(each, Text):
                self._add(found, each)
            elif isinstance(each, Picture):
                found.append(["img", *_picture(each)])
            elif isinstance(each, Note):
                found.append(["note", each.id, ""])
        if found and isinstance(found[-1][1], frozenset):
            found[-1][0] = found[-1][0].rstrip(" ")
            if not found[-1][0]:
                found.pop()
        return tuple(map(tuple, found))

    def _add(self, found: list[list[Any]], text: Text) -> None:
        if "u" in text.marks and not text.text.strip():
            if not found or found[-1][:2] != list(_TO_FILL_IN):
                found.append([*_TO_FILL_IN, ""])
            return
        href = self._address(text)
        for number, part in enumerate(_PARTS.split(text.text)):
            is_words = bool(found) and isinstance(found[-1][1], frozenset)
            if number % 2:
                if is_words and not found[-1][0].endswith(" "):
                    found[-1][0] += " "
                elif found and not is_words:
                    found.append([" ", frozenset(), None])
            elif part and is_words and found[-1][1:] == [text.marks, href]:
                found[-1][0] += part
            elif part and is_words and found[-1][0] == " ":
                found[-1] = [" " + part, text.marks, href]
            elif part:
                found.append([part, text.marks, href])

    def _address(self, text: Text) -> str | None:
        if text.href is None:
            return None
        if unquote(text.href.removeprefix("mailto:")) == unquote(text.text):
            return _ITSELF if text.text in self.addresses else None
        return unquote(text.href)


def _picture(picture: Picture) -> tuple[str, str, int]:
    return unquote(picture.src), _words(picture.alt), picture.width


def _words(text: str) -> str:
    return " ".join(text.split())


def _code_lines(text: str) -> tuple[str, ...]:
    lines = [line.expandtabs(_TAB).rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        del lines[0]
    return tuple(lines)
