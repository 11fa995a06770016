"""Formatting of paragraphs and runs, through styles and defaults (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.elements import is_on, is_true, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.style_table import StyleTable

_TOGGLES: Final = ("b", "i", "caps", "smallCaps", "strike", "dstrike")
"""Properties that styles switch on and off in turn (17.7.3)."""
_TEXTS: Final = ("u", "vertAlign", "em", "sz")
_HEADING_NAME: Final = re.compile(r"(?:heading|标题|標題|überschrift|titre|título|заголовок)\s*([1-9])", re.IGNORECASE)
"""The names of Word's heading styles, also as other programs and languages write them."""
_TITLE_NAMES: Final = frozenset({"title", "subtitle", "标题", "副标题", "標題"})
_CAPTION_NAMES: Final = frozenset({"caption", "题注", "標號"})
_EM: Final = 210
"""The width of a character in twips for indents by characters: 10.5 points, Word's default in Chinese."""
_MEASURE: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{0,9})?)(pt|cm|mm|in|pc|pi)?")
_UNITS: Final = {"": 1.0, "pt": 20.0, "cm": 567.0, "mm": 56.7, "in": 1440.0, "pc": 240.0, "pi": 240.0}
"""Units in twips."""

Properties = dict[str, str]
"""Properties by their names in the XML; those that are on or off have the value `1` or nothing."""


@dataclass(frozen=True)
class ParagraphLook:
    """The alignment, indents and outline level of a paragraph."""

    style: str | None
    name: str
    """The name of its style, in lower case."""
    alignment: str
    """`center`, `right`, or nothing."""
    outline: int | None
    """Its outline level, from 0; None for body text."""
    indent: int
    """The distance of its first line from the left margin, in twips."""
    numbering: tuple[str, int | None] | None
    """The id of its numbering and the level if it is named."""
    tabs: tuple[int, ...]
    """The places of its tab stops, from the left margin, in twips."""

    @property
    def is_title(self) -> bool:
        """Tell if its style is that of a document's title."""
        return self.name in _TITLE_NAMES

    @property
    def is_caption(self) -> bool:
        """Tell if its style is that of captions."""
        return self.name in _CAPTION_NAMES


@dataclass(frozen=True)
class RunLook:
    """The format of the characters of a run."""

    bold: bool
    italic: bool
    underline: bool
    strike: bool
    vertical: str
    """`superscript`, `subscript`, or nothing."""
    emphasis: bool
    """Marks below or above the characters (着重号)."""
    capitals: bool
    font: str
    """The name of the font for Chinese characters."""
    latin_font: str
    size: int
    """In half points."""

    @property
    def marks(self) -> tuple[bool | str, ...]:
        """The part of the format that the entry shows."""
        return self.bold, self.italic, self.underline, self.strike, self.vertical


class StyleSheet:
    """The styles of a document.

    Args:
        package: the document.
    """

    def __init__(self, package: WordPackage) -> None:
        self.table = StyleTable(package)
        self._paragraphs: dict[str, Properties] = {}
        self._runs: dict[tuple[str, str, str], Properties] = {}
        self._default_paragraph = _paragraph_properties(self.table.document_defaults("w:pPr"))
        self._default_run = _run_properties(self.table.document_defaults("w:rPr"))

    def paragraph_look(self, paragraph: _Element) -> ParagraphLook:
        """Return how a paragraph stands on the page.

        Args:
            paragraph: a `w:p`.
        """
        direct = paragraph.find(tag("w:pPr"))
        style = value_of(direct, "w:pStyle")
        found = {**self._paragraph_style(style or ""), **_paragraph_properties(direct)}
        level = twips(found.get("outlineLvl", "9"))
        numbering = None
        if twips(found.get("numId")) > 0:
            numbering = (found["numId"], twips(found["ilvl"]) if "ilvl" in found else None)
        return ParagraphLook(
            style,
            found.get("name", ""),
            _alignment(found),
            level if 0 <= level < 9 else None,
            _indent(found),
            numbering,
            tuple(sorted(twips(each) for each in found.get("tabs", "").split())),
        )

    def run_look(self, style: str | None, properties: _Element | None, table_style: str = "") -> RunLook:
        """Return how a run looks.

        Args:
            style: the id of the paragraph's style.
            properties: the run's `w:rPr`.
            table_style: the id of the table's style, if the run is in a table.
        """
        own = value_of(properties, "w:rStyle") or ""
        found = {**self._run_styles(style or "", own, table_style), **_run_properties(properties)}
        return RunLook(
            bold=bool(found.get("b")),
            italic=bool(found.get("i")),
            underline=found.get("u", "none") != "none",
            strike=bool(found.get("strike") or found.get("dstrike")),
            vertical=found.get("vertAlign", "").replace("baseline", ""),
            emphasis=found.get("em", "none") != "none",
            capitals=bool(found.get("caps") or found.get("smallCaps")),
            font=found.get("eastAsia", ""),
            latin_font=found.get("ascii", ""),
            size=twips(found.get("sz")) or 21,
        )

    def first_row_is_bold(self, style: str | None) -> bool:
        """Return whether a table style makes the first row stand out by bold characters.

        Args:
            style: its id.
        """
        for each in self.table.chain("table", style):
            for part in each.iterchildren(tag("w:tblStylePr")):
                bold = part.find(f"{tag('w:rPr')}/{tag('w:b')}")
                if part.get(tag("w:type")) == "firstRow" and bold is not None:
                    return is_on(bold)
        return False

    def _paragraph_style(self, style: str) -> Properties:
        if style not in self._paragraphs:
            chain = self.table.chain("paragraph", style)
            found = dict(self._default_paragraph)
            for each in reversed(chain):
                own = _paragraph_properties(each.find(tag("w:pPr")))
                named = _HEADING_NAME.fullmatch(value_of(each, "w:name") or "")
                if named and "outlineLvl" not in own:
                    own["outlineLvl"] = str(int(named[1]) - 1)
                found.update(own)
            found["name"] = next((value_of(each, "w:name") or "" for each in chain), "").lower()
            self._paragraphs[style] = found
        return self._paragraphs[style]

    def _run_styles(self, paragraph: str, own: str, table: str) -> Properties:
        """Return the properties that styles give; a toggle that several of them have switches off again (17.7.3)."""
        key = (paragraph, own, table)
        if key not in self._runs:
            levels = [self._run_chain(paragraph, "paragraph")]
            levels += [self._run_chain(own, "character")] if self.table.has("character", own) else []
            levels = ([self._run_chain(table, "table")] if self.table.has("table", table) else []) + levels
            found = dict(self._default_run)
            for each in levels:
                found.update({name: value for name, value in each.items() if name not in _TOGGLES})
            for name in _TOGGLES:
                switched = sum(bool(each.get(name)) for each in levels) % 2
                found[name] = "1" if self._default_run.get(name) or switched else ""
            self._runs[key] = found
        return self._runs[key]

    def _run_chain(self, style: str, kind: str) -> Properties:
        found: Properties = {}
        for each in reversed(self.table.chain(kind, style)):
            found.update(_run_properties(each.find(tag("w:rPr"))))
        return found


def _run_properties(properties: _Element | None) -> Properties:
    found: Properties = {}
    if properties is None:
        return found
    for each in properties:
        name = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
        value = each.get(tag("w:val"))
        if name in _TOGGLES:
            found[name] = "1" if is_on(each) else ""
        elif name in _TEXTS:
            found[name] = value or ("single" if name == "u" else "")
        elif name == "rFonts":
            for script, other in (("eastAsia", "eastAsia"), ("ascii", "hAnsi")):
                font = each.get(tag(f"w:{script}Theme")) or each.get(tag(f"w:{script}")) or each.get(tag(f"w:{other}"))
                found.update({script: font} if font else {})
    return found


def _paragraph_properties(properties: _Element | None) -> Properties:
    found: Properties = {}
    if properties is None:
        return found
    for name in ("jc", "outlineLvl", "bidi"):
        each = properties.find(tag(f"w:{name}"))
        if each is not None:
            found[name] = each.get(tag("w:val")) or "1"
    indent = properties.find(tag("w:ind"))
    if indent is not None:
        found.update({_local(name): value for name, value in indent.attrib.items()})
    tabs = properties.find(tag("w:tabs"))
    if tabs is not None:
        stops = [each for each in tabs if each.get(tag("w:val")) not in ("clear", "bar", "num")]
        found["tabs"] = " ".join(each.get(tag("w:pos"), "0") for each in stops)
    numbering = properties.find(tag("w:numPr"))
    for name in ("numId", "ilvl") if numbering is not None else ():
        value = value_of(numbering, f"w:{name}")
        found.update({name: value} if value else {})
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2].replace("start", "left").replace("end", "right")


def _alignment(found: Mapping[str, str]) -> str:
    if is_true(found.get("bidi"), default=False):
        return "center" if found.get("jc") == "center" else ""
    return {"center": "center", "right": "right", "end": "right"}.get(found.get("jc", ""), "")


def _indent(found: Mapping[str, str]) -> int:
    def width(name: str) -> int:
        characters = twips(found.get(f"{name}Chars"))
        return characters * _EM // 100 if characters else twips(found.get(name))

    first = width("firstLine") or -width("hanging")
    return width("left") + first


def twips(text: str | None) -> int:
    """Return a measure in twips, twentieths of a point; 0 if it is none (22.9.2.14, ST_TwipsMeasure).

    Args:
        text: a number, or in strict documents a number with a unit, such as `36pt`.
    """
    found = _MEASURE.fullmatch(text or "")
    if found is None:
        return 0
    return int(float(found[1]) * _UNITS[found[2] or ""])
