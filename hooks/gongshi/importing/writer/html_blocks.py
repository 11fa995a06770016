"""Writes blocks as HTML, for what Markdown cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from gongshi.importing.writer.blocks import (
    SIGNOFF,
    Block,
    Cell,
    Code,
    Figure,
    Footnotes,
    Heading,
    Item,
    Listing,
    Other,
    Paragraph,
    Quote,
    Rule,
    Table,
    lines_of_cell,
)
from gongshi.importing.writer.inline import InlineStyle, html_of, picture_tag

_LINE: Final = InlineStyle("<br>")
_CELL: Final = InlineStyle("<br>", is_cell=True)


def html_block(block: Block) -> str:
    """Return a block as HTML, without empty lines.

    Args:
        block: the block.
    """
    match block:
        case Paragraph():
            style = InlineStyle("<br>\n", is_paragraph=not block.look)
            return f"<p{_look(block.look)}>{html_of(block.content, style)}</p>"
        case Heading():
            return f"<h{block.rank}>{html_of(block.content, _LINE)}</h{block.rank}>"
        case Listing():
            return _list(block)
        case Table():
            return _table(block)
        case Quote():
            return f"<blockquote>\n{_blocks(block.blocks)}\n</blockquote>"
        case Code():
            return f"<pre>{escape(block.text, quote=False)}</pre>"
        case Figure():
            picture = block.picture
            return (
                f"<figure>{picture_tag(picture)}<figcaption>{escape(picture.title, quote=False)}</figcaption></figure>"
            )
        case Footnotes():
            return "\n".join(_blocks(note.blocks) for note in block.notes)
        case Rule():
            return "<hr>"
        case Other():
            return _blocks(block.blocks)


def _blocks(blocks: Iterable[Block]) -> str:
    return "\n".join(map(html_block, blocks))


def _look(look: str) -> str:
    if look == SIGNOFF:
        return f' class="{look}"'
    return f' align="{look}"' if look else ""


def _list(block: Listing) -> str:
    name = "ol" if block.ordered else "ul"
    lines = []
    expected = 1
    for item in block.items:
        value = f' value="{item.number}"' if block.ordered and item.number != expected else ""
        expected = item.number + 1
        lines.append(f"<li{value}>{_item(item)}</li>")
    return "\n".join((f"<{name}>", *lines, f"</{name}>"))


def _item(item: Item) -> str:
    first, *others = item.blocks or (Paragraph(()),)
    text = html_of(first.content, _LINE) if isinstance(first, Paragraph) else html_block(first)
    return "\n".join((text, *map(html_block, others)))


def _table(block: Table) -> str:
    caption = [f"<caption>{html_of(block.caption, _LINE)}</caption>"] if block.caption else []
    rows = ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in block.rows]
    return "\n".join(("<table>", *caption, *rows, "</table>"))


def _cell(cell: Cell) -> str:
    name = "th" if cell.is_header else "td"
    spans = "".join(
        f' {key}="{value}"' for key, value in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if value > 1
    )
    lines = lines_of_cell(cell)
    if lines is None:
        text = "".join(html_block(each) if isinstance(each, Code) else _one_line(each) for each in cell.blocks)
    else:
        text = "<br>".join(html_of(line, _CELL) for line in lines)
    return f"<{name}{spans}{_look(cell.side)}>{text}</{name}>"


def _one_line(block: Block) -> str:
    return html_block(block).replace("<br>\n", "<br>").replace(">\n<", "><")
