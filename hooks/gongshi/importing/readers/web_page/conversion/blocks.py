"""The blocks of a document while it is read, and their HTML as described in `importing.document`."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from gongshi.importing.readers.web_page.conversion.runs import (
    BREAK,
    Format,
    Run,
    collapse,
    indent_width,
    plain_text,
    serialize,
)

_RIGHT_INDENT: Final = 24
"""The width of no-break spaces, in Latin letters, that somebody typed to move a line to the right."""
_INDENT: Final = 2
"""The width of an indent with which a new paragraph begins."""
_MOST_RIGHT: Final = 30
"""The number of characters of the longest line that is moved so, such as a signature."""
_MOST_HEADING: Final = 80
_TOP_HEADING, _LOWEST_HEADING = 2, 4


@dataclass(frozen=True)
class ListItem:
    """The item of a list that a paragraph belongs to."""

    level: int
    """From 1."""
    number: int | None
    """The number of an item; None for one with a bullet."""
    key: int
    """Differs between items."""


@dataclass(frozen=True)
class Place:
    """The properties that a paragraph takes from the elements around it."""

    align: str = ""
    """`center`, `right` or empty."""
    heading: int = 0
    """The level of a heading in the file, from 1; 0 for none."""
    item: ListItem | None = None
    quoted: bool = False
    caption: bool = False
    small: bool = False
    """True if the text is smaller than that of the article."""
    format: Format = field(default_factory=Format)


@dataclass(frozen=True)
class Block:
    """A paragraph, or a table or preformatted text as HTML."""

    runs: tuple[Run, ...] = ()
    place: Place = field(default_factory=Place)
    html: str = ""
    """The HTML of a table or preformatted text; empty for a paragraph."""

    @property
    def text(self) -> str:
        """The text of the paragraph."""
        return plain_text(self.runs)

    @property
    def is_picture(self) -> bool:
        """True for a paragraph of one picture and nothing else."""
        return sum(run.picture is not None for run in self.runs) == 1 and not self.text.strip()


class BlockBuilder:
    """Collects inline content and makes paragraphs of it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[Run] = []

    def add(self, run: Run) -> None:
        """Add inline content to the present paragraph.

        Args:
            run: the content.
        """
        self._runs.append(run)

    def end_paragraph(self, place: Place) -> None:
        """End the present paragraph, if it has any content.

        Args:
            place: the properties of the element in which it ends.
        """
        if not self._runs:
            return
        for runs in _paragraphs(self._runs):
            found = tuple(collapse(runs))
            if found:
                self.blocks.append(Block(found, _moved_right(runs, found, place)))
        self._runs = []

    def add_html(self, written: str, place: Place) -> None:
        """Add a table or preformatted text.

        Args:
            written: its HTML.
            place: the properties of the element in which it stands.
        """
        self.end_paragraph(place)
        self.blocks.append(Block(place=place, html=written))

    def last_words(self) -> str:
        """Return the words before the present place, to tell where something was."""
        text = plain_text(self._runs).strip()
        earlier = reversed(self.blocks[-20:])
        return text or next((each.text.strip() for each in earlier if each.text.strip()), "")


def _paragraphs(runs: Sequence[Run]) -> list[list[Run]]:
    """Divide inline content at empty lines, and at line breaks that an indent follows."""
    found: list[list[Run]] = []
    is_new = True
    for line in _lines(runs):
        if all(run.is_text and not run.format.underline and not run.text.strip() for run in line):
            is_new = True
            continue
        if is_new or indent_width(line) >= _INDENT:
            found.append([])
        else:
            found[-1].append(BREAK)
        found[-1] += line
        is_new = False
    return found


def _lines(runs: Sequence[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run is BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return lines


def _moved_right(runs: Sequence[Run], found: Sequence[Run], place: Place) -> Place:
    if place.align or place.item or len(plain_text(found)) > _MOST_RIGHT or BREAK in found:
        return place
    return replace(place, align="right") if indent_width(runs) >= _RIGHT_INDENT else place


def blocks_to_html(blocks: Iterable[Block]) -> str:
    """Return the HTML of blocks at the top level of a document.

    Args:
        blocks: the blocks in order.
    """
    all_blocks = list(blocks)
    levels = sorted({each.place.heading for each in all_blocks if _is_heading(each)})
    parts: list[str] = []
    start = 0
    while start < len(all_blocks):
        end = start + 1
        first = all_blocks[start]
        kind = _group(first)
        while kind and end < len(all_blocks) and _group(all_blocks[end]) == kind:
            end += 1
        group = all_blocks[start:end]
        if kind == "list":
            parts.append(_list_html(group))
        elif kind == "quote":
            parts.append(f"<blockquote>{''.join(map(_paragraph, group))}</blockquote>")
        elif _is_heading(first):
            level = min(_TOP_HEADING + levels.index(first.place.heading), _LOWEST_HEADING)
            parts.append(f"<h{level}>{_heading_html(first)}</h{level}>")
        else:
            parts.append(first.html or _paragraph(first))
        start = end
    return "\n".join(parts)


def _group(block: Block) -> str:
    if block.html:
        return ""
    if block.place.item:
        return "list"
    return "quote" if block.place.quoted else ""


def _is_heading(block: Block) -> bool:
    return bool(
        block.place.heading
        and not block.place.item
        and not block.place.quoted
        and block.text.strip()
        and len(block.text) <= _MOST_HEADING
        and not any(run.picture for run in block.runs)
    )


def _heading_html(block: Block) -> str:
    """Return the content of a heading, which is bold anyway, on one line."""
    runs = (Run(" ") if run is BREAK else run for run in block.runs)
    return serialize(replace(run, format=replace(run.format, bold=False)) for run in runs)


def _paragraph(block: Block) -> str:
    names = "caption" if block.place.caption else block.place.align
    css = f' class="{names}"' if names else ""
    return f"<p{css}>{serialize(block.runs)}</p>"


def _list_html(blocks: Sequence[Block]) -> str:
    """Return nested lists; further paragraphs of an item go on after a line break."""
    parts: list[str] = []
    open_tags: list[str] = []
    key = None
    for block in blocks:
        item = block.place.item
        assert item is not None
        if item.key == key:
            parts.append(f"<br>{serialize(block.runs)}")
            continue
        tag = "ul" if item.number is None else "ol"
        level = min(item.level, len(open_tags) + 1)
        while len(open_tags) > level or (len(open_tags) == level and open_tags[-1] != tag):
            parts.append(f"</li></{open_tags.pop()}>")
        if len(open_tags) < level:
            parts.append(f"<{tag}>")
            open_tags.append(tag)
        else:
            parts.append("</li>")
        value = f' value="{item.number}"' if item.number is not None else ""
        parts.append(f"<li{value}>{serialize(block.runs)}")
        key = item.key
    parts += [f"</li></{tag}>" for tag in reversed(open_tags)]
    return "".join(parts)


def cell_html(blocks: Sequence[Block]) -> str:
    """Return the content of a table cell: text, or several paragraphs.

    Args:
        blocks: the blocks of the cell.
    """
    contents = [each.html or serialize(each.runs) for each in blocks]
    return contents[0] if len(contents) == 1 else "".join(f"<p>{each}</p>" for each in contents)


def escape(text: str) -> str:
    """Return a text as HTML.

    Args:
        text: plain text.
    """
    return html.escape(text, quote=False)
