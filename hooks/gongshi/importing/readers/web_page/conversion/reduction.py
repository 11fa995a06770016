"""Reduces the article of a page to paragraphs, headings, lists, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.readers.web_page.cleaning import list_labels
from gongshi.importing.readers.web_page.conversion import tables
from gongshi.importing.readers.web_page.conversion.blocks import Block, BlockBuilder, ListItem, Place, cell_html, escape
from gongshi.importing.readers.web_page.conversion.links import Links
from gongshi.importing.readers.web_page.conversion.pictures import Pictures
from gongshi.importing.readers.web_page.conversion.runs import BREAK, Format, Run
from gongshi.importing.readers.web_page.page_source.parsing import is_block
from gongshi.importing.readers.web_page.page_source.stylesheet import Declarations, Stylesheet

_HEADING: Final = re.compile("h([1-6])")
_FORMATS: Final[dict[str, dict[str, object]]] = {
    "b": {"bold": True},
    "strong": {"bold": True},
    "i": {"italic": True},
    "em": {"italic": True},
    "cite": {"italic": True},
    "u": {"underline": True},
    "ins": {"underline": True},
    "s": {"strike": True},
    "strike": {"strike": True},
    "del": {"strike": True},
    "sup": {"raised": "sup"},
    "sub": {"raised": "sub"},
    "pre": {"preserved": True},
    "xmp": {"preserved": True},
    "listing": {"preserved": True},
}
"""Elements with the format of their text."""
_BOLD: Final = re.compile("bold(?:er)?|[6-9]00")
_NOT_BOLD: Final = re.compile("normal|lighter|[1-4]00")
_SIZE: Final = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(px|pt)")
_SMALL_PIXELS: Final = 14.5
_PIXELS_IN_POINT: Final = 4 / 3
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_ALIGNS: Final = {"center": "center", "-webkit-center": "center", "right": "right", "end": "right"}
_PLACE_CHARACTERS: Final = 20
"""The number of characters that name the place of a finding."""
_BLOCK_DISPLAYS: Final = frozenset(("block", "flex", "grid", "table", "list-item", "-webkit-box"))


@dataclass
class _State:
    """The state that all parts of the reduction share."""

    styles: Stylesheet
    pictures: Pictures
    links: Links
    notes: dict[str, str]
    """Ids of footnotes by the addresses that lead to them."""
    keys: count[int] = field(default_factory=lambda: count(1))


def reduce_article(
    main: Iterable[_Element], styles: Stylesheet, pictures: Pictures, links: Links, notes: dict[str, str]
) -> list[Block]:
    """Return the blocks of an article.

    Args:
        main: its elements without invisible content.
        styles: the page's rules.
        pictures: takes over its pictures.
        links: decides about its links.
        notes: the ids of footnotes by the addresses that lead to them.
    """
    state = _State(styles, pictures, links, notes)
    walker = _Walker(state, BlockBuilder())
    for element in main:
        walker.read(element, Place())
        walker.builder.end_paragraph(Place())
    return walker.builder.blocks


class _Walker:
    """Reads elements into one builder; a table cell has a walker and a builder of its own.

    Args:
        state: what all parts use.
        builder: collects the blocks.
        in_cell: True for the content of a table cell.
    """

    def __init__(self, state: _State, builder: BlockBuilder, in_cell: bool = False) -> None:
        self.builder = builder
        self._state, self._in_cell = state, in_cell

    def read(self, element: _Element, around: Place) -> None:
        """Read an element with its content.

        Args:
            element: the element; what follows it is not read.
            around: the properties of the element around it.
        """
        if element.tag == "br":
            self.builder.add(BREAK)
        elif element.tag == "img":
            if picture := self._state.pictures.take(element, self._where):
                self.builder.add(Run("", around.format, picture))
        elif element.tag == "table":
            self._read_table(element, around)
        elif element.tag == "pre" and not self._in_cell and not _CHINESE.search("".join(element.itertext())):
            self.builder.end_paragraph(around)
            text = "".join(element.itertext()).strip("\n")
            if text.strip():
                self.builder.add_html(f"<pre>{escape(text)}</pre>", around)
        else:
            self._read_content(element, around)

    def _read_content(self, element: _Element, around: Place) -> None:
        declared = self._state.styles.declarations(element)
        starts_line = is_block(element) or declared.get("display") in _BLOCK_DISPLAYS
        inner = self._inner(element, declared, around)
        if element.tag == "a":
            inner = self._linked(element, inner)
        if starts_line:
            self.builder.end_paragraph(around)
        self._text(element.text, inner)
        for child in element:
            self.read(child, inner)
            self._text(child.tail, inner)
        if starts_line:
            self.builder.end_paragraph(inner)

    def _text(self, text: str | None, place: Place) -> None:
        if not text:
            return
        if not place.format.preserved:
            self.builder.add(Run(text, place.format))
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self.builder.add(BREAK)
            if line:
                self.builder.add(Run(line, place.format))

    def _inner(self, element: _Element, declared: Declarations, around: Place) -> Place:
        """Return the properties of the content of an element."""
        changes: dict[str, object] = {"format": _format(element, declared, around.format)}
        align = declared.get("text-align") or (element.get("align") or "").lower()
        if element.tag == "center":
            align = align or "center"
        if align and (is_block(element) or declared.get("display") in _BLOCK_DISPLAYS):
            changes["align"] = _ALIGNS.get(align, "")
        if found := _HEADING.fullmatch(element.tag):
            changes["heading"] = int(found[1])
        if element.tag in ("blockquote", "q") and element.tag != "q":
            changes["quoted"] = True
        if element.tag == "figcaption":
            changes["caption"] = True
        if size := _SIZE.fullmatch(declared.get("font-size", "")):
            pixels = float(size[1]) * (_PIXELS_IN_POINT if size[2] == "pt" else 1)
            changes["small"] = 0 < pixels < _SMALL_PIXELS
        if element.tag == "li" or element.get(list_labels.ITEM):
            changes["item"] = self._item(element, around)
        return replace(around, **changes)  # type: ignore[arg-type]

    def _item(self, element: _Element, around: Place) -> ListItem | None:
        mark = element.get(list_labels.ITEM)
        if self._in_cell or not mark:
            return around.item
        inside = around.item.level + 1 if around.item else 1
        level = int(element.get(list_labels.LEVEL) or inside)
        return ListItem(level, None if mark == list_labels.BULLET else int(mark), next(self._state.keys))

    def _linked(self, element: _Element, place: Place) -> Place:
        note = self._state.notes.get(element.get("href") or "")
        if note:
            self.builder.add(Run("", html=f'<a class="footnote" href="#{escape(note)}"></a>'))
            return place
        href = self._state.links.target(element, self._where)
        return replace(
            place, format=replace(place.format, href=href, underline=False if href else place.format.underline)
        )

    def _where(self) -> str:
        words = self.builder.last_words()
        return _("after “{words}”").format(words=words[-_PLACE_CHARACTERS:]) if words else ""

    def _read_table(self, table: _Element, around: Place) -> None:
        self.builder.end_paragraph(around)
        inner = replace(around, item=None, heading=0, align="")
        for text in tables.stray_texts(table):
            self.builder.add(Run(text))
            self.builder.end_paragraph(inner)
        if self._in_cell or tables.is_layout(table, self._state.styles):
            self._read_cells_as_text(table, inner)
        elif written := self._table_html(table):
            self.builder.add_html(written, inner)

    def _read_cells_as_text(self, table: _Element, place: Place) -> None:
        for caption in table.findall("caption"):
            self._read_content(caption, place)
        for row in tables.rows_of(table):
            for cell in tables.cells_of(row):
                self._read_content(cell, place)

    def _table_html(self, table: _Element) -> str:
        grid = tables.grid_of(table)
        captions = [self._cell_content(each) for each in table.findall("caption")]
        parts = [f"<caption>{content}</caption>" for content, _align in captions[:1] if content]
        has_content = bool(parts)
        for row in grid:
            parts.append("<tr>")
            for cell in row:
                content, align = self._cell_content(cell.element)
                has_content = has_content or bool(content)
                tag = cell.element.tag
                spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
                spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
                css = f' class="{align}"' if align and not (tag == "th" and align == "center") else ""
                parts.append(f"<{tag}{spans}{css}>{content}</{tag}>")
            parts.append("</tr>")
        return f"<table>{''.join(parts)}</table>" if has_content else ""

    def _cell_content(self, cell: _Element) -> tuple[str, str]:
        """Return the HTML of a cell and how it is aligned."""
        walker = _Walker(self._state, BlockBuilder(), in_cell=True)
        declared = self._state.styles.declarations(cell)
        row = cell.getparent()
        align = declared.get("text-align") or cell.get("align") or (row.get("align") if row is not None else "") or ""
        place = Place(align=_ALIGNS.get(align.lower(), ""))
        walker._read_content(cell, place)
        walker.builder.end_paragraph(place)
        blocks = walker.builder.blocks
        aligns = {each.place.align for each in blocks}
        return cell_html(blocks) if blocks else "", aligns.pop() if len(aligns) == 1 else ""


def _format(element: _Element, declared: Declarations, around: Format) -> Format:
    changes: dict[str, object] = dict(_FORMATS.get(element.tag, {}))
    weight = declared.get("font-weight", "")
    if _BOLD.fullmatch(weight):
        changes["bold"] = True
    elif _NOT_BOLD.fullmatch(weight):
        changes["bold"] = False
    if style := declared.get("font-style"):
        changes["italic"] = style in ("italic", "oblique")
    decoration = f"{declared.get('text-decoration', '')} {declared.get('text-decoration-line', '')}"
    if "underline" in decoration:
        changes["underline"] = True
    if "line-through" in decoration:
        changes["strike"] = True
    raised = {"super": "sup", "sub": "sub"}.get(declared.get("vertical-align", ""))
    if raised and not is_block(element):
        changes["raised"] = raised
    if space := declared.get("white-space"):
        changes["preserved"] = space in ("pre", "pre-wrap", "pre-line", "break-spaces") and element.tag not in (
            "span",
            "section",
        )
    return replace(around, **changes) if changes else around  # type: ignore[arg-type]
