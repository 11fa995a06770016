"""Reads HTML as blocks: that of readers, and that of pages, with what the dialect and the sanitizer add to it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lxml.etree import _Element

from gongshi.importing.writer.blocks import (
    CAPTION,
    CENTER,
    RIGHT,
    SIGNOFF,
    Block,
    Break,
    Cell,
    Code,
    Figure,
    Footnote,
    Footnotes,
    Heading,
    Inline,
    Item,
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
)
from gongshi.site.markdown.page_text import MADE

_MARKS: Final = {"b": "strong", "i": "em", "ins": "u", "del": "s", "strike": "s"}
_NO_MARKS: Final = frozenset(("span", "font", "a", "label"))
_HEADINGS: Final = {f"h{rank}": max(rank, 2) for rank in range(1, 7)}
_UNWRAPPED: Final = frozenset(("div", "section", "article", "main", "header", "footer", "center", "address"))
_OTHERS: Final = frozenset(("dl", "dt", "dd", "details", "summary", "figcaption", "hgroup", "menu"))
_BLOCKS: Final = frozenset(
    (
        *_HEADINGS,
        *_UNWRAPPED,
        *_OTHERS,
        "p",
        "ul",
        "ol",
        "table",
        "blockquote",
        "pre",
        "aside",
        "figure",
        "hr",
        "caption",
    )
)
_LOOKS: Final = {
    "center": CENTER,
    "gs-center": CENTER,
    "right": RIGHT,
    "gs-right": RIGHT,
    "signoff": SIGNOFF,
    "caption": CAPTION,
}
_MAXIMUM_SPAN: Final = 1000
"""The limit for merged cells in HTML (HTML Living Standard, 4.9.11)."""
_NUMBERED: Final = re.compile(r"\d{1,9}\Z")
_LINE_ENDS: Final = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def read_blocks(element: _Element) -> tuple[Block, ...]:
    """Return the blocks inside an element; text outside of blocks is a paragraph.

    Args:
        element: the element.
    """
    reader = _Reader()
    reader.add_children(element, frozenset(), None)
    reader.end_paragraph()
    return tuple(reader.blocks)


class _Reader:
    """Collects the blocks of an element."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._content: list[Inline] = []

    def add_children(self, element: _Element, marks: frozenset[str], href: str | None) -> None:
        self._text(element.text, marks, href)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, marks, href)
            self._text(child.tail, marks, href)

    def end_paragraph(self, look: str = "") -> None:
        content = tuple(self._content)
        self._content = []
        if not is_blank(content):
            self.blocks.append(Paragraph(content, look))

    def _text(self, text: str | None, marks: frozenset[str], href: str | None) -> None:
        if text:
            self._content.append(Text(_LINE_ENDS.sub(" ", text), marks, href))

    def _child(self, child: _Element, marks: frozenset[str], href: str | None) -> None:
        name = child.tag
        classes = _classes(child)
        if name in _BLOCKS:
            self.end_paragraph()
            self._block(child, name, classes)
        elif name == "br":
            self._content.append(Break())
        elif name == "img":
            self._content.append(_picture(child))
        elif name == "a" and (note := _note_of(child, classes)):
            self._content.append(note)
        elif name not in ("script", "style") and MADE.isdisjoint(classes):
            found = _MARKS.get(name, name)
            inner = marks if found in _NO_MARKS else marks | {found}
            self.add_children(child, inner, (child.get("href") or href) if name == "a" else href)

    def _block(self, element: _Element, name: str, classes: frozenset[str]) -> None:
        if name == "p" or (name in _UNWRAPPED and classes.isdisjoint(("footnote", "admonition"))):
            inner = _Reader()
            inner.add_children(element, frozenset(), None)
            inner.end_paragraph(_look(element, classes) if name == "p" else "")
            # An empty paragraph is a gap on a page; in a file it is nothing.
            self.blocks.extend(inner.blocks or ([Other("p", ())] if name == "p" else []))
        elif name in _HEADINGS:
            self.blocks.append(Heading(_HEADINGS[name], _content_of(element)))
        elif name in ("ul", "ol"):
            self.blocks.append(_list(element, name == "ol"))
        elif name == "table":
            self.blocks.append(_table(element))
        elif name == "pre":
            self.blocks.append(Code("".join(element.itertext())))
        elif name == "hr":
            self.blocks.append(Rule())
        elif name == "figure" and (figure := _figure(element)):
            self.blocks.append(figure)
        elif "footnote" in classes:
            self.blocks.append(_footnotes(element))
        elif name == "blockquote":
            self.blocks.append(Quote(read_blocks(element)))
        elif name == "aside":
            self.blocks.append(Footnotes((Footnote(element.get("id") or "", read_blocks(element)),)))
        else:
            self.blocks.append(Other(name, read_blocks(element)))


def _classes(element: _Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _look(element: _Element, classes: frozenset[str]) -> str:
    found = [_LOOKS[each] for each in classes if each in _LOOKS]
    if SIGNOFF in found:
        return SIGNOFF
    return found[0] if found else _LOOKS.get(element.get("align") or "", "")


def _side(element: _Element) -> str:
    look = _look(element, _classes(element))
    return look if look in (CENTER, RIGHT) else ""


def _content_of(element: _Element) -> tuple[Inline, ...]:
    """Return the text of an element; paragraphs in it become lines."""
    content: list[Inline] = []
    for block in read_blocks(element):
        if isinstance(block, Paragraph):
            content.extend([*([Break()] if content else []), *block.content])
    return tuple(content)


def _picture(element: _Element) -> Picture:
    width = _number(element.get("width"), 0)
    return Picture(element.get("src") or "", element.get("alt") or "", element.get("title") or "", width)


def _figure(element: _Element) -> Figure | None:
    pictures = list(element.iter("img"))
    captions = list(element.iter("figcaption"))
    if len(pictures) != 1 or len(captions) != 1:
        return None
    picture = _picture(pictures[0])
    return Figure(replace(picture, title="".join(captions[0].itertext())))


def _note_of(element: _Element, classes: frozenset[str]) -> Note | None:
    target = element.get("href") or ""
    if "footnote" in classes and target.startswith("#"):
        return Note(target[1:])
    if target.startswith("#fn:"):
        return Note(target[4:])
    return None


def _footnotes(element: _Element) -> Footnotes:
    items = [item for numbered in element.iterchildren("ol") for item in numbered.iterchildren("li")]
    return Footnotes(tuple(Footnote((item.get("id") or "").removeprefix("fn:"), read_blocks(item)) for item in items))


def _list(element: _Element, ordered: bool) -> Listing:
    number = _number(element.get("start"), 1)
    items: list[Item] = []
    for child in element:
        if child.tag == "li":
            number = _number(child.get("value"), number)
            items.append(Item(read_blocks(child), number if ordered else 0))
            number += 1
        elif child.tag in ("ul", "ol") and items:
            # Some programs write a list inside a list directly below the item that it belongs to.
            last = items[-1]
            items[-1] = Item((*last.blocks, _list(child, child.tag == "ol")), last.number)
    return Listing(ordered, tuple(items))


def _number(value: str | None, default: int) -> int:
    return int(value) if value and _NUMBERED.match(value) else default


def _table(element: _Element) -> Table:
    caption = next((_content_of(each) for each in element.iterchildren("caption")), ())
    rows = [
        row
        for part in element
        for row in ([part] if part.tag == "tr" else part if part.tag in ("thead", "tbody", "tfoot") else [])
        if row.tag == "tr"
    ]
    return Table(tuple(tuple(_cell(cell) for cell in row if cell.tag in ("td", "th")) for row in rows), caption)


def _cell(element: _Element) -> Cell:
    return Cell(
        read_blocks(element),
        element.tag == "th",
        _span(element.get("rowspan")),
        _span(element.get("colspan")),
        _side(element),
    )


def _span(value: str | None) -> int:
    return min(max(_number(value, 1), 1), _MAXIMUM_SPAN)
