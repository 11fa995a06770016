"""Blocks of a read document as lines: their text, how they stand, and changes that lose nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern

HEADINGS = ("h2", "h3", "h4")
TEXT_BLOCKS = ("p", *HEADINGS)
MOVED_WIDTH = 6
"""The width of the blanks, in Latin letters, that move a line to the right; the indent of a paragraph has 4."""
_BLANKS = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_WIDTHS = {"\t": 8, "\u3000": 2, "\u2003": 2}
_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _BLANKS), " "),
    **dict.fromkeys(map(ord, "〜∼"), "~"),
}
"""Half-width forms, one character for one, so that positions stay."""
_GAP = lazy_pattern(rf"[{_BLANKS}]{{2,}}|\t")
_CONTROL = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML cannot hold, such as the form feeds of printouts; the HTML parser lets them through."""
_KEPT = ("img", "a")
"""Elements that stay in the text when the words around them go into the front matter."""


@dataclass(frozen=True)
class Line:
    """A block at the top level, as text."""

    block: _Element
    text: str
    """Its text as it stands."""
    plain: str
    """Its text with half-width letters, digits and marks, without blanks around it."""

    @property
    def is_text(self) -> bool:
        """Tell whether it is a paragraph or heading with text."""
        return bool(self.plain) and self.block.tag in TEXT_BLOCKS

    @property
    def is_blank(self) -> bool:
        """Tell whether it is a paragraph without text; it may have a picture."""
        return not self.plain and self.block.tag in TEXT_BLOCKS

    @property
    def is_centred(self) -> bool:
        """Tell whether it stands in the middle, or is a heading."""
        return self.block.tag in HEADINGS or self.block.get("class") in ("center", "title")

    @property
    def is_moved(self) -> bool:
        """Tell whether it stands at the right, or blanks move it there."""
        blanks = self.text[: len(self.text) - len(self.text.lstrip(_BLANKS))]
        return self.block.get("class") == "right" or sum(_WIDTHS.get(each, 1) for each in blanks) >= MOVED_WIDTH


def plain(text: str) -> str:
    """Return a text with half-width forms; each character keeps its position.

    Args:
        text: any text.
    """
    return text.translate(_PLAIN)


def text_of(element: _Element) -> str:
    """Return the text of an element; each `br` ends a line, and so do paragraphs, items and cells within it.

    Args:
        element: any element.
    """
    parts = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts.append("\n" if node.tag == "br" else node.text or "")
        elif node is not element:
            parts.append("\n" if node.tag in ("p", "li", "td", "th", "ul", "ol", "caption") else "")
            parts.append(node.tail or "")
    return "".join(parts)


def read_lines(root: _Element) -> list[Line]:
    """Return the blocks with their texts.

    Args:
        root: the element that contains the blocks.
    """
    return [line_of(block) for block in root]


def line_of(block: _Element) -> Line:
    """Return a block with its text.

    Args:
        block: a block at the top level.
    """
    text = text_of(block)
    return Line(block, text, plain(text).strip())


def join_lines(lines: Sequence[str]) -> str:
    """Join the lines of a title: without a blank in Chinese, with one between words of other languages.

    Args:
        lines: the texts, without blanks around them.
    """
    joined = ""
    for line in filter(None, lines):
        joined += " " if joined and joined[-1].isascii() and line[0].isascii() else ""
        joined += line
    return joined


def tidy(root: _Element) -> None:
    """Remove comments and control characters, and put text that stands outside of blocks into paragraphs.

    Args:
        root: the element that contains the blocks.
    """
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in root.iter():
        for name in ("text", "tail"):
            words = getattr(element, name)
            if words and _CONTROL.search(words):
                setattr(element, name, _CONTROL.sub(" ", words))
        for name, value in element.attrib.items():
            if _CONTROL.search(value):
                element.set(name, _CONTROL.sub("", value))
    if (root.text or "").strip():
        root.insert(0, _paragraph(root.text))
    root.text = None
    for block in list(root):
        if (block.tail or "").strip():
            words, block.tail = block.tail, None
            block.addnext(_paragraph(words))


def _paragraph(text: str | None) -> _Element:
    paragraph = etree.Element("p")
    paragraph.text = text
    return paragraph


def take_out(block: _Element) -> None:
    """Remove a block whose words stand elsewhere now. Its pictures and the marks of its footnotes stay.

    Args:
        block: a block at the top level.
    """
    kept = [each for each in block.iter(*_KEPT) if each.tag == "img" or each.get("class") == "footnote"]
    if kept:
        paragraph = etree.Element("p")
        for each in kept:
            each.tail = None
            paragraph.append(each)
        block.addprevious(paragraph)
    parent = block.getparent()
    assert parent is not None
    parent.remove(block)


def set_kind(block: _Element, tag: str, kind: str | None = None) -> None:
    """Make a block a paragraph or heading of some kind.

    Args:
        block: a block at the top level.
        tag: the name of its element.
        kind: its class; None for none.
    """
    block.tag = tag
    block.attrib.pop("class", None)
    if kind:
        block.set("class", kind)
    elif tag in HEADINGS:
        _unwrap_bold(block)


def _unwrap_bold(block: _Element) -> None:
    """Remove bold letters from a heading that is bold as a whole; headings are."""
    only = block[0] if len(block) == 1 else None
    if only is not None and only.tag == "strong" and not (block.text or "").strip() and not (only.tail or "").strip():
        etree.strip_tags(block, "strong")


def is_bold(block: _Element) -> bool:
    """Tell whether all words of a block are bold.

    Args:
        block: a block at the top level.
    """
    bold = "".join("".join(each.itertext()) for each in block.iter("strong"))
    return bool(bold.strip()) and "".join(bold.split()) == "".join("".join(block.itertext()).split())


def strip_blanks(block: _Element) -> None:
    """Remove the blanks at the beginning and end of a block.

    Args:
        block: a block at the top level.
    """
    for holder, name in _text_places(block):
        words = getattr(holder, name) or ""
        setattr(holder, name, words.lstrip(_BLANKS + "\r\n"))
        if words.strip(_BLANKS + "\r\n"):
            break
    for holder, name in reversed(list(_text_places(block))):
        words = getattr(holder, name) or ""
        setattr(holder, name, words.rstrip(_BLANKS + "\r\n"))
        if words.strip(_BLANKS + "\r\n"):
            break


def _text_places(block: _Element) -> Iterator[tuple[_Element, str]]:
    """Yield the places of texts within a block in their order: an element and `text` or `tail`."""
    for event, node in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            yield node, "text"
        elif node is not block:
            yield node, "tail"


def _append_line(first: _Element, piece: _Element) -> None:
    """Add a block to another one as its next line."""
    line_end = etree.SubElement(first, "br")
    line_end.tail = piece.text
    for child in list(piece):
        first.append(child)
    parent = piece.getparent()
    if parent is not None:
        parent.remove(piece)


def merge_lines(blocks: Sequence[_Element]) -> None:
    """Put several blocks into the first one, as its lines.

    Args:
        blocks: neighbours at the top level.
    """
    for block in blocks[1:]:
        _append_line(blocks[0], block)


def cell_rows(table: _Element) -> list[list[str]]:
    """Return the texts of a table's cells, row by row.

    Args:
        table: the table.
    """
    return [[text_of(cell) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def cell_paragraphs(table: _Element) -> list[_Element]:
    """Return the content of a table's cells as paragraphs, in their order, without empty ones.

    Args:
        table: the table; it stays as it is.
    """
    found = []
    for cell in copy.deepcopy(table).iter("td", "th", "caption"):
        only_paragraphs = all(each.tag == "p" and not (each.tail or "").strip() for each in cell)
        paragraphs = list(cell) if len(cell) and only_paragraphs and not (cell.text or "").strip() else [cell]
        for each in paragraphs:
            each.tag, each.tail = "p", None
            each.attrib.pop("colspan", None)
            each.attrib.pop("rowspan", None)
            if text_of(each).strip() or next(each.iter(*_KEPT), None) is not None:
                found.append(each)
    return found


def append_words(first: _Element, gap: str, second: _Element) -> None:
    """Put the content of a block behind that of another one, on the same line.

    Args:
        first: the block that gets it.
        gap: the blanks between both.
        second: the other block, which is removed.
    """
    _append(first, gap + (second.text or ""))
    for child in list(second):
        first.append(child)
    parent = second.getparent()
    if parent is not None:
        parent.remove(second)


def _append(element: _Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def put_before(block: _Element, words: str) -> None:
    """Put words at the beginning of a block.

    Args:
        block: a block at the top level.
        words: the words.
    """
    block.text = words + (block.text or "")


def narrow_gaps(block: _Element) -> None:
    """Replace each run of several blanks within a block by one full-width blank.

    Args:
        block: a block at the top level.
    """
    for holder, name in list(_text_places(block)):
        setattr(holder, name, _GAP.sub("\u3000", getattr(holder, name) or ""))
