"""Writes blocks as Markdown: each part plainly first, and with protected marks where its page would differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final, TypeVar

from gongshi.importing.writer.blocks import (
    SIGNOFF,
    Block,
    Cell,
    Code,
    Content,
    Figure,
    Footnote,
    Footnotes,
    Heading,
    Item,
    Listing,
    Note,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Table,
    Text,
    is_blank,
    joined_lines,
    lines_of_cell,
)
from gongshi.importing.writer.escapes import Strength
from gongshi.importing.writer.html_blocks import html_block
from gongshi.importing.writer.inline import InlineStyle, address_of, groups_of, html_of, pieces_of, width_of, written
from gongshi.importing.writer.page_check import PageCheck, fewest_protected
from gongshi.site.markdown.plain_text import has_marks

_LINES: Final = InlineStyle("\n")
_PARAGRAPH: Final = InlineStyle("\n", is_paragraph=True)
_ONE_LINE: Final = InlineStyle("<br>")
_CELL: Final = InlineStyle("<br>", is_cell=True)
_NOTE_INDENT: Final = "    "
_FENCE: Final = "```"
_WORD: Final = (Text("甲"),)
_MOST_CONVERTED: Final = 1_000_000
"""The characters of a text that are converted to find the fewest marks; then all of them are protected."""
_Parts = TypeVar("_Parts", Listing, Table)


class Level(IntEnum):
    """The way in which a block is written."""

    READABLE = 0
    """With the fewest protected marks."""
    PROTECTED = 1
    """With all marks protected, as it stands between others."""
    HTML = 2


class BlockWriter:
    """Writes blocks.

    Args:
        check: compares pages with what they should show.
    """

    def __init__(self, check: PageCheck) -> None:
        self._check = check
        self._leaves: dict[tuple[object, ...], str | None] = {}
        self._level = Level.READABLE
        self._is_plain = False
        """True while a block is written without any protected signs, to see whether its page is right."""

    def write(self, block: Block, level: Level) -> str:
        """Return a block as Markdown, without empty lines around it.

        Args:
            block: the block.
            level: how it is written.
        """
        self._level = level
        if level is Level.HTML and not isinstance(block, Footnotes):
            return html_block(block)
        return self._markdown(block)

    def _markdown(self, block: Block) -> str:
        match block:
            case Paragraph():
                return self._paragraph(block)
            case Heading():
                return self._heading(block)
            case Listing():
                return self._plain(block, self._list) or self._checked(block, self._list(block))
            case Table():
                return self._plain(block, self._table) or self._checked(block, self._table(block))
            case Quote():
                inner = "\n\n".join(map(self._markdown, block.blocks))
                return self._checked(block, _with_prefix(inner, "> ", "> ").replace("\n> \n", "\n>\n"))
            case Code():
                return self._checked(block, _fenced(block.text))
            case Figure():
                return self._figure(block)
            case Footnotes():
                return "\n\n".join(map(self._note, block.notes))
            case Rule():
                return "---"
            case _:
                return html_block(block)

    def _plain(self, block: _Parts, write: Callable[[_Parts], str | None]) -> str | None:
        """Return a block of many parts without any protected signs if its page is right, as that of most is."""
        if self._level is not Level.READABLE or self._is_plain:
            return None
        self._is_plain = True
        text = write(block)
        self._is_plain = False
        return text if text is not None and self._check.shows(text, [block]) else None

    def _checked(self, block: Block, text: str | None) -> str:
        """Return a text if the page shows the block, else the block in HTML."""
        return text if text is not None and self._check.shows(text, [block]) else html_block(block)

    # Contents

    def _leaf(
        self, content: Content, style: InlineStyle, wrap: Callable[[str], str], blocks: Sequence[Block]
    ) -> str | None:
        """Return a content as Markdown; None if it cannot be said in Markdown.

        Args:
            content: the content.
            style: where it stands.
            wrap: returns a Markdown text in which the content stands there.
            blocks: the blocks that the page shows for this text.
        """
        if self._is_plain:
            return written(pieces_of(content, style, Strength.MARKS), ())
        key = (wrap(""), style, content, self._level)
        if key not in self._leaves:
            self._leaves[key] = self._new_leaf(content, style, wrap, blocks)
        return self._leaves[key]

    def _new_leaf(
        self, content: Content, style: InlineStyle, wrap: Callable[[str], str], blocks: Sequence[Block]
    ) -> str | None:
        pieces = pieces_of(content, style, Strength.MARKS)
        plain = written(pieces, ())
        if not groups_of(pieces) and not has_marks(plain):
            return plain
        if self._check.converted > _MOST_CONVERTED:
            return written(pieces, groups_of(pieces))
        for strength in Strength:
            if strength > Strength.MARKS:
                pieces = pieces_of(content, style, strength)
            found = fewest_protected(
                pieces, lambda text: self._check.shows(wrap(text), blocks), self._level is Level.PROTECTED
            )
            if found is not None:
                return written(pieces, found)
        return None

    def _paragraph(self, block: Paragraph) -> str:
        end = ""
        if block.look == SIGNOFF:
            end = "\n{.signoff}"
        elif block.look and _has_only_pictures(block.content):
            end = f"\n{{align={block.look}}}"
        elif block.look:
            return html_block(block)
        text = self._leaf(block.content, _LINES if block.look else _PARAGRAPH, lambda text: text + end, [block])
        return html_block(block) if text is None else text + end

    def _heading(self, block: Heading) -> str:
        mark = "#" * block.rank + " "
        text = self._leaf(block.content, _ONE_LINE, lambda text: mark + text, [block])
        return html_block(block) if text is None else mark + text

    def _figure(self, block: Figure) -> str:
        picture = block.picture
        target = address_of(picture.src)
        alt = _alt(picture.alt)
        quoted = picture.title.replace('"', '\\"')
        for title in (quoted, _alt(picture.title).replace('"', '\\"'), _references(picture.title)):
            text = f'![{alt}]({target} "{title}"){width_of(picture)}'
            if self._check.shows(text, [block]):
                return text
        return html_block(block)

    # Lists

    def _list(self, block: Listing) -> str | None:
        items = [self._item(item, block.ordered) for item in block.items]
        if any(item is None for item in items):
            return None
        return "\n".join(item for item in items if item is not None)

    def _item(self, item: Item, ordered: bool) -> str | None:
        mark = f"{item.number}. " if ordered else "- "
        indent = " " * len(mark)
        parts: list[str] = []
        for number, block in enumerate(item.blocks):
            if isinstance(block, Paragraph):
                alone = Listing(ordered, (Item((block,), item.number),))
                text = self._leaf(block.content, InlineStyle("\n" + indent), lambda text: mark + text, [alone])
                text = text.replace("\n" + indent, "\n") if text is not None else None
            elif isinstance(block, Listing):
                text = self._list(block)
            else:
                text = self._markdown(block)
            if text is None:
                return None
            is_below = number and isinstance(block, Listing)
            parts.append(("\n" if is_below else "\n\n" if number else "") + text)
        return _with_prefix("".join(parts), mark, indent)

    # Tables

    def _table(self, block: Table) -> str | None:
        """Return a table with pipes; None if they cannot say it."""
        if block.caption or any(cell.rowspan > 1 or cell.colspan > 1 for row in block.rows for cell in row):
            return None
        rows = [row for row in block.rows if row]
        has_header = bool(rows) and all(cell.is_header for cell in rows[0])
        if not rows or any(cell.is_header for row in rows[has_header:] for cell in row):
            return None
        width = max(map(len, rows))
        cells: list[list[str]] = []
        for row in rows:
            texts = [self._cell(cell) for cell in row]
            if any(text is None for text in texts):
                return None
            cells.append([*(text or "" for text in texts), *[""] * (width - len(row))])
        if not has_header:
            cells.insert(0, [""] * width)
        separator = [_dashes(rows[has_header:], column) for column in range(width)]
        return "\n".join(map(_row, (cells[0], separator, *cells[1:])))

    def _cell(self, cell: Cell) -> str | None:
        lines = lines_of_cell(cell)
        if lines is None:
            return None
        if not lines:
            return ""
        content = cell.blocks[0].content if len(cell.blocks) == 1 and isinstance(cell.blocks[0], Paragraph) else None
        if content is None or len(lines) > 1:
            content = joined_lines(lines)
        other = Cell((Paragraph(_WORD),))
        head = (Cell((Paragraph(_WORD),), is_header=True),) * 2
        table = Table((head, (Cell((Paragraph(content),)), other)))
        return self._leaf(content, _CELL, lambda text: f"| 甲 | 甲 |\n| --- | --- |\n| {text} | 甲 |", [table])

    # Footnotes

    def _note(self, note: Footnote) -> str:
        parts = []
        for block in note.blocks or (Paragraph(()),):
            if isinstance(block, Paragraph):
                parts.append(self._note_text(block.content))
            else:
                parts.append(self._markdown(block))
        return _with_prefix("\n\n".join(parts), f"[^{note.id}]: ", _NOTE_INDENT)

    def _note_text(self, content: Content) -> str:
        blocks: list[Block] = [Paragraph((*_WORD, Note("0"))), Footnotes((Footnote("0", (Paragraph(content),)),))]
        text = self._leaf(content, InlineStyle("\n" + _NOTE_INDENT), lambda text: f"甲[^0]\n\n[^0]: {text}", blocks)
        return html_of(content, _ONE_LINE) if text is None else text.replace("\n" + _NOTE_INDENT, "\n")


def _has_only_pictures(content: Content) -> bool:
    return all(isinstance(each, Picture) or is_blank((each,)) for each in content)


def _with_prefix(text: str, first: str, others: str) -> str:
    """Return a text with something before its first line and the same or less before its other ones."""
    lines = text.split("\n")
    return "\n".join(
        [first + lines[0], *(others + line if line or others.strip() else "" for line in lines[1:])]
    ).rstrip(" ")


def _fenced(text: str) -> str:
    fence = _FENCE
    while fence in text:
        fence += "`"
    return "\n".join((fence, text.strip("\n"), fence))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _dashes(rows: Sequence[Sequence[Cell]], column: int) -> str:
    """Return the part of the separator for a column: its cells are aligned alike, or not at all."""
    sides = {row[column].side for row in rows if column < len(row) and row[column].blocks}
    side = sides.pop() if len(sides) == 1 else ""
    return {"center": ":---:", "right": "---:"}.get(side, "---")


def _alt(text: str) -> str:
    return "".join("\\" + each if each in "\\[]`*_<&" else each for each in " ".join(text.split()))


def _references(text: str) -> str:
    return "".join(
        f"&#{ord(each)};" if each.isascii() and not each.isalnum() and each != " " else each for each in text
    )
