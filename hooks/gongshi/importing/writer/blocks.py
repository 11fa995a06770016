"""A text as a tree of blocks: what the HTML of a reader means, and what a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CENTER: Final = "center"
RIGHT: Final = "right"
SIGNOFF: Final = "signoff"
CAPTION: Final = "caption"


@dataclass(frozen=True)
class Text:
    """Letters with the same marks."""

    text: str
    marks: frozenset[str] = frozenset()
    """Names of HTML elements: `strong`, `em`, `u`, `s`, `sup`, `sub`; on pages also others, such as `code`."""
    href: str | None = None
    """The address of a link."""


@dataclass(frozen=True)
class Break:
    """The end of a line inside a paragraph."""


@dataclass(frozen=True)
class Picture:
    """A picture."""

    src: str
    alt: str = ""
    title: str = ""
    """Its caption."""
    width: int = 0
    """Its width in CSS pixels; 0 for that of its file, as far as the page is wide enough."""


@dataclass(frozen=True)
class Note:
    """The mark of a footnote."""

    id: str


Inline = Text | Break | Picture | Note
Content = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """Lines of text."""

    content: Content
    look: str = ""
    """`center`, `right`, `signoff`, `caption`, or empty."""


@dataclass(frozen=True)
class Heading:
    """A heading."""

    rank: int
    """2 to 6."""
    content: Content


@dataclass(frozen=True)
class Item:
    """An item of a list."""

    blocks: tuple[Block, ...]
    number: int = 0
    """The number of an item of a numbered list."""


@dataclass(frozen=True)
class Listing:
    """A list."""

    ordered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table."""

    blocks: tuple[Block, ...]
    is_header: bool = False
    rowspan: int = 1
    colspan: int = 1
    side: str = ""
    """`center`, `right`, or empty."""


@dataclass(frozen=True)
class Table:
    """A table."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: Content = ()


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Code:
    """Text whose blanks and line ends are shown."""

    text: str


@dataclass(frozen=True)
class Figure:
    """A picture in a paragraph of its own, with a caption."""

    picture: Picture


@dataclass(frozen=True)
class Footnote:
    """The text of a footnote."""

    id: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Footnotes:
    """The footnotes at the end of a text."""

    notes: tuple[Footnote, ...]


@dataclass(frozen=True)
class Rule:
    """A horizontal line."""


@dataclass(frozen=True)
class Other:
    """An element that only a page has, such as a definition list."""

    name: str
    blocks: tuple[Block, ...]


Block = Paragraph | Heading | Listing | Table | Quote | Code | Figure | Footnotes | Rule | Other


def lines_of(content: Content) -> list[Content]:
    """Return the lines of a content.

    Args:
        content: with line breaks.
    """
    lines: list[list[Inline]] = [[]]
    for each in content:
        if isinstance(each, Break):
            lines.append([])
        else:
            lines[-1].append(each)
    return [tuple(line) for line in lines]


def joined_lines(lines: list[Content]) -> Content:
    """Return lines as one content.

    Args:
        lines: without line breaks.
    """
    content: list[Inline] = []
    for number, line in enumerate(lines):
        if number:
            content.append(Break())
        content.extend(line)
    return tuple(content)


def is_blank(content: Content) -> bool:
    """Tell whether nothing of a content can be seen; blanks that are underlined can.

    Args:
        content: text, pictures, notes.
    """
    return all(
        isinstance(each, Break) or (isinstance(each, Text) and not each.text.strip() and not _is_to_fill_in(each))
        for each in content
    )


def lone_picture(block: Block | None) -> Picture | None:
    """Return the picture of a paragraph that holds nothing else.

    Args:
        block: any block.
    """
    if not isinstance(block, Paragraph) or is_blank(block.content):
        return None
    shown = [each for each in block.content if not (isinstance(each, Text) and is_blank((each,)))]
    return shown[0] if len(shown) == 1 and isinstance(shown[0], Picture) else None


def _is_to_fill_in(text: Text) -> bool:
    return "u" in text.marks and bool(text.text)


def plain_words(content: Content) -> str:
    """Return the words of a content.

    Args:
        content: text, pictures, notes.
    """
    return "".join(" " if isinstance(each, Break) else each.text for each in content if isinstance(each, Break | Text))


def lines_of_cell(cell: Cell) -> list[Content] | None:
    """Return the lines of a cell; None if it holds more than lines.

    Args:
        cell: the cell.
    """
    lines: list[Content] = []
    for block in cell.blocks:
        if not isinstance(block, Paragraph):
            return None
        lines.extend(lines_of(block.content))
    return [line for line in lines if not is_blank(line)]
