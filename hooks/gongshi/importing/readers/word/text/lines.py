"""Paragraphs as pieces of text that look the same: read from the XML, and written so that mammoth converts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.word.parts.characters import element_text
from gongshi.importing.readers.word.parts.numbering import Label
from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.parts.styles import ParagraphLook, RunLook, StyleSheet

_KEPT: Final = frozenset(
    tag(name)
    for name in (
        *("w:drawing", "w:pict", "w:object", "mc:AlternateContent"),
        *("w:footnoteReference", "w:endnoteReference"),
    )
)
"""Children of runs that are no text and are converted as they are."""
PICTURES: Final = frozenset(tag(name) for name in ("w:drawing", "w:pict", "w:object", "mc:AlternateContent"))
_EQUATIONS: Final = frozenset({tag("m:oMath"), tag("m:oMathPara")})
_LINK_STYLES: Final = frozenset({"hyperlink", "followedhyperlink", "超链接", "internetlink"})
PLAIN: Final = RunLook(False, False, False, False, "", False, False, "", "", 21)


@dataclass(frozen=True)
class Piece:
    """Characters that look the same, or something that is no text, such as a drawing."""

    text: str
    look: RunLook = PLAIN
    element: _Element | None = None
    link: _Element | None = None
    """The `w:hyperlink` around it."""

    @property
    def is_blank(self) -> bool:
        """Tell if it shows nothing."""
        return self.element is None and not self.text.strip()


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    element: _Element
    label: Label | None
    look: ParagraphLook
    pieces: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        """Its text, without the label."""
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def full_text(self) -> str:
        """Its text with the label, without blanks around it."""
        return ((self.label.typed if self.label else "") + self.text).strip()

    @property
    def is_empty(self) -> bool:
        """Tell if it shows nothing."""
        return not self.full_text and all(piece.element is None for piece in self.pieces)

    @property
    def is_lone_bullet(self) -> bool:
        """Tell if it shows nothing but the dot of an item of a list."""
        is_bullet = self.label is not None and self.label.kind == "bullet"
        return is_bullet and all(piece.is_blank for piece in self.pieces)

    @property
    def has_picture(self) -> bool:
        """Tell if it contains a picture or a drawing."""
        return any(piece.element is not None and piece.element.tag in PICTURES for piece in self.pieces)

    @cached_property
    def is_bold(self) -> bool:
        """Tell if all of its characters are bold."""
        shown = [piece for piece in self.pieces if piece.text.strip()]
        return bool(shown) and all(piece.look.bold for piece in shown)

    @cached_property
    def font(self) -> str:
        """The font of all of its Chinese characters; nothing if there are several."""
        fonts = {piece.look.font for piece in self.pieces if any(sign > "\u2e80" for sign in piece.text.strip())}
        return fonts.pop() if len(fonts) == 1 else ""

    @cached_property
    def size(self) -> int:
        """The size of its first character in half points."""
        return next((piece.look.size for piece in self.pieces if piece.text), 21)


class LineReader:
    """Reads paragraphs.

    Args:
        styles: the styles of the document.
        labels: the numbers before paragraphs.
    """

    def __init__(self, styles: StyleSheet, labels: Mapping[_Element, Label]) -> None:
        self.styles = styles
        self._labels = labels

    def read(self, paragraph: _Element, table_style: str = "") -> Line:
        """Read a paragraph.

        Args:
            paragraph: a `w:p`.
            table_style: the id of the style of the table around it.
        """
        look = self.styles.paragraph_look(paragraph)
        pieces: list[Piece] = []
        for run, link in _runs(paragraph):
            pieces.extend(self._pieces(run, link, look.style, table_style))
        return Line(paragraph, self._labels.get(paragraph), look, tuple(pieces))

    def _pieces(self, run: _Element, link: _Element | None, style: str | None, table_style: str) -> Iterator[Piece]:
        if run.tag != tag("w:r"):
            yield Piece("", PLAIN, run, link)
            return
        properties = run.find(tag("w:rPr"))
        look = self.styles.run_look(style, properties, table_style)
        if look.underline and (link is not None or self._is_link(properties)):
            look = replace(look, underline=False)
        text = ""
        for child in run:
            if child.tag in _KEPT:
                yield from _text_pieces(text, look, link)
                yield Piece("", PLAIN, child, link)
                text = ""
            else:
                text += element_text(child, look.latin_font) or ""
        yield from _text_pieces(text, look, link)

    def _is_link(self, properties: _Element | None) -> bool:
        style = None if properties is None else properties.find(tag("w:rStyle"))
        if style is None:
            return False
        chain = self.styles.table.chain("character", style.get(tag("w:val")))
        names = [each.find(tag("w:name")) for each in chain]
        return any(name is not None and name.get(tag("w:val"), "").lower() in _LINK_STYLES for name in names)


def _text_pieces(text: str, look: RunLook, link: _Element | None) -> Iterator[Piece]:
    if text:
        yield Piece(text.upper() if look.capitals else text, look, None, link)


def _runs(paragraph: _Element) -> Iterator[tuple[_Element, _Element | None]]:
    """Return the runs of a paragraph, and equations, each with the link around it."""
    for child in paragraph:
        if child.tag == tag("w:hyperlink"):
            for inner in child.iter(tag("w:r"), tag("m:oMath")):
                yield inner, child
        elif child.tag == tag("w:r") or child.tag in _EQUATIONS:
            yield child, None


def write_line(paragraph: _Element, style: str, pieces: list[Piece], mark: str = "") -> None:
    """Write a paragraph in the form that mammoth converts.

    Args:
        paragraph: a `w:p`; all that it contains is replaced.
        style: the id of a style of `conversion`.
        pieces: its text, with its label.
        mark: the name of a bookmark at its beginning.
    """
    for child in list(paragraph):
        paragraph.remove(child)
    properties = etree.SubElement(paragraph, tag("w:pPr"))
    etree.SubElement(properties, tag("w:pStyle")).set(tag("w:val"), style)
    if mark:
        etree.SubElement(paragraph, tag("w:bookmarkStart")).set(tag("w:name"), mark)
    parent, link = paragraph, None
    for piece in pieces:
        if piece.link is not link:
            link = piece.link
            parent = paragraph if link is None else etree.SubElement(paragraph, tag("w:hyperlink"), dict(link.attrib))
        _write_piece(parent, piece)


def _write_piece(parent: _Element, piece: Piece) -> None:
    if piece.element is not None and piece.element.tag in _EQUATIONS:
        parent.append(piece.element)
        return
    run = etree.SubElement(parent, tag("w:r"))
    if piece.element is not None:
        run.append(piece.element)
        return
    if not piece.is_blank:
        _write_look(run, piece.look)
    for number, line in enumerate(piece.text.split("\n")):
        if number:
            etree.SubElement(run, tag("w:br"))
        if line:
            etree.SubElement(run, tag("w:t")).text = line


def _write_look(run: _Element, look: RunLook) -> None:
    properties = etree.SubElement(run, tag("w:rPr"))
    for is_set, name in ((look.bold, "b"), (look.italic, "i"), (look.strike, "strike")):
        if is_set:
            etree.SubElement(properties, tag(f"w:{name}"))
    if look.underline:
        etree.SubElement(properties, tag("w:u")).set(tag("w:val"), "single")
    if look.vertical in ("superscript", "subscript"):
        etree.SubElement(properties, tag("w:vertAlign")).set(tag("w:val"), look.vertical)


def map_looks(pieces: list[Piece], change: Callable[[RunLook], RunLook]) -> list[Piece]:
    """Return pieces with changed looks.

    Args:
        pieces: the pieces.
        change: returns another look for a look.
    """
    return [replace(piece, look=change(piece.look)) for piece in pieces]
