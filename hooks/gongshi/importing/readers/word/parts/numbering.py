"""The numbers that Word shows before paragraphs (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.list_numbers import format_number, is_known
from gongshi.importing.readers.word.parts.characters import symbol_text
from gongshi.importing.readers.word.parts.elements import is_on, is_true, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.styles import StyleSheet

_PLACEHOLDER: Final = re.compile(r"%([1-9])")
_DOTS: Final = frozenset("−·•●○■◆◇▪▫◦–-—➢➤◼⚫◾❖✦⮚➔→*o§Øüv")
"""Signs that only mark an item. The letters stand for signs of fonts that are named wrongly."""
_CLOSING: Final = frozenset("、）．。：】》；，")
"""Full-width signs, after which no blank is written."""
_MAX_VALUE: Final = 32767
_ORDINAL_WORD: Final = re.compile(r"第.{1,8}[条章节编篇款项]")


@dataclass(frozen=True)
class Label:
    """The number or sign before a paragraph."""

    text: str
    """As Word shows it, such as `（一）`, without what separates it from the text."""
    kind: str
    """`bullet`, `decimal` for a decimal number with a full stop, or `text`."""
    level: int
    value: int
    suffix: str
    """`tab`, `space` or `nothing`."""

    @property
    def typed(self) -> str:
        """The label as it is typed before the text."""
        if not self.text or self.suffix == "nothing" or self.text[-1] in _CLOSING:
            return self.text
        return self.text + ("\u3000" if _ORDINAL_WORD.fullmatch(self.text) else " ")


@dataclass(frozen=True)
class Level:
    """The definition of a level of a numbering."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    """The level, from 1, after which it restarts; 0 for never; None for every higher level."""
    legal: bool = False
    """All numbers of its text are decimal (17.9.4); Word leaves a zero in front of them."""


@dataclass
class _Definition:
    levels: dict[int, Level] = field(default_factory=dict)
    styles: dict[str, int] = field(default_factory=dict)
    """The level that a paragraph style is linked to (17.9.23)."""
    link: str | None = None
    """The numbering style that has the levels instead (17.9.21)."""


@dataclass
class _Instance:
    definition: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """The numbering definitions of a document, with counters that go on from paragraph to paragraph.

    Args:
        package: the document.
        styles: its styles.
    """

    def __init__(self, package: WordPackage, styles: StyleSheet) -> None:
        self._styles = styles
        self._definitions: dict[str, _Definition] = {}
        self._instances: dict[str, _Instance] = {}
        self._counts: dict[str, dict[int, int]] = {}
        """The last numbers by level, by definition: lists of one definition go on counting."""
        self._started: set[tuple[str, int]] = set()
        self.unknown_formats: set[str] = set()
        """Formats whose numbers are written in decimal digits, as this program does not know them."""
        for part in package.related("numbering")[:1]:
            self._read(package.xml(part))

    def labels(self, paragraphs: Iterable[_Element]) -> dict[_Element, Label]:
        """Return the labels of all paragraphs that have one.

        Args:
            paragraphs: all paragraphs, in the order in which Word counts them.
        """
        found: dict[_Element, Label] = {}
        for each in paragraphs:
            place = self._place(each)
            label = None if place is None else self._next(*place)
            if label is not None:
                found[each] = label
        return found

    def _read(self, root: _Element) -> None:
        for each in root.iterchildren(tag("w:abstractNum")):
            definition = self._definitions[each.get(tag("w:abstractNumId"), "")] = _Definition()
            definition.link = value_of(each, "w:numStyleLink")
            for level in each.iterchildren(tag("w:lvl")):
                number = _number(level.get(tag("w:ilvl")), 0)
                definition.levels[number] = _level(level)
                style = value_of(level, "w:pStyle")
                if style:
                    definition.styles.setdefault(style, number)
        for each in root.iterchildren(tag("w:num")):
            instance = _Instance(value_of(each, "w:abstractNumId") or "")
            self._instances[each.get(tag("w:numId"), "")] = instance
            for override in each.iterchildren(tag("w:lvlOverride")):
                number = _number(override.get(tag("w:ilvl")), 0)
                start, own = value_of(override, "w:startOverride"), override.find(tag("w:lvl"))
                if start is not None:
                    instance.starts[number] = _number(start, 1)
                if own is not None:
                    instance.levels[number] = _level(own)

    def _definition(self, name: str) -> str:
        """Return the definition that has the levels, through numbering styles."""
        for _step in range(5):
            link = self._definitions[name].link if name in self._definitions else None
            if not link or self._definitions[name].levels:
                break
            numbers = [value_of(each, "w:pPr/w:numPr/w:numId") for each in self._styles.table.chain("numbering", link)]
            found = next((self._instances[number].definition for number in numbers if number in self._instances), name)
            if found == name:
                break
            name = found
        return name

    def _place(self, paragraph: _Element) -> tuple[str, int] | None:
        """Return the numbering and the level of a paragraph."""
        look = self._styles.paragraph_look(paragraph)
        if look.numbering is None or look.numbering[0] not in self._instances:
            return None
        number, level = look.numbering
        direct = paragraph.find(f"{tag('w:pPr')}/{tag('w:numPr')}/{tag('w:ilvl')}")
        if direct is None:
            level = self._linked_level(number, look.style)
        return number, level or 0

    def _linked_level(self, number: str, style: str | None) -> int | None:
        """Return the level that the nearest style is linked to, or names itself (17.9.23)."""
        linked = self._definitions.get(self._definition(self._instances[number].definition), _Definition()).styles
        for each in self._styles.table.chain("paragraph", style):
            name, own = each.get(tag("w:styleId"), ""), value_of(each, "w:pPr/w:numPr/w:ilvl")
            if name in linked:
                return linked[name]
            if own is not None:
                return _number(own, 0)
        return None

    def _level(self, number: str, level: int) -> Level | None:
        instance = self._instances[number]
        definition = self._definitions.get(self._definition(instance.definition), _Definition())
        return instance.levels.get(level) or definition.levels.get(level)

    def _next(self, number: str, level: int) -> Label | None:
        found = self._level(number, level)
        if found is None:
            return None
        value = self._count(number, level, found)
        if found.format == "bullet" and "%" not in found.text:
            is_dot = all(sign in _DOTS or 0xE000 <= ord(sign) < 0xF900 for sign in found.text)
            return Label("•" if is_dot else found.text, "bullet" if is_dot else "text", level, value, found.suffix)
        text = _PLACEHOLDER.sub(lambda match: self._shown(number, int(match[1]) - 1, level, found), found.text)
        is_decimal = found.format == "decimal" and found.text.strip() == f"%{level + 1}."
        kind = "decimal" if is_decimal and value > 0 else "text"
        return Label(text.strip(), kind, level, value, found.suffix) if text.strip() else None

    def _count(self, number: str, level: int, definition: Level) -> int:
        instance = self._instances[number]
        counts = self._counts.setdefault(self._definition(instance.definition), {})
        if level in instance.starts and (number, level) not in self._started:
            counts[level] = instance.starts[level]
        elif level in counts:
            counts[level] = min(counts[level] + 1, _MAX_VALUE)
        else:
            counts[level] = definition.start
        self._started.add((number, level))
        for higher in range(level):
            above = self._level(number, higher)
            counts.setdefault(higher, above.start if above else 1)
        for deeper in [each for each in counts if each > level]:
            below = self._level(number, deeper)
            restart = below.restart if below else None
            if restart is None or (restart > 0 and level < restart):
                del counts[deeper]
        return counts[level]

    def _shown(self, number: str, level: int, own: int, definition: Level) -> str:
        """Return the number of a level in the label of this or a deeper one."""
        shown = self._level(number, level)
        if shown is None or level > own or shown.format in ("bullet", "none"):
            return ""
        format_name = "decimal" if definition.legal and shown.format != "decimalZero" else shown.format
        if not is_known(format_name):
            self.unknown_formats.add(format_name)
        value = self._counts[self._definition(self._instances[number].definition)].get(level, shown.start)
        return format_number(value, format_name)


def _level(element: _Element) -> Level:
    text = element.find(tag("w:lvlText"))
    fonts = element.find(f"{tag('w:rPr')}/{tag('w:rFonts')}")
    font = "" if fonts is None else fonts.get(tag("w:ascii"), "") or fonts.get(tag("w:hAnsi"), "")
    is_legal = element.find(tag("w:isLgl"))
    restart = value_of(element, "w:lvlRestart")
    shown = "" if text is None or is_true(text.get(tag("w:null")), default=False) else text.get(tag("w:val"), "")
    return Level(
        min(max(_number(value_of(element, "w:start"), 1), 0), _MAX_VALUE),
        _format(element),
        symbol_text(shown, font),
        value_of(element, "w:suff") or "tab",
        None if restart is None else _number(restart, 0),
        is_on(is_legal),
    )


def _format(level: _Element) -> str:
    """Return the number format of a level; a custom one by its sample (17.9.17, MS-DOCX 2.1)."""
    found = level.find(tag("w:numFmt"))
    if found is None:
        return "decimal"
    value = found.get(tag("w:val"), "decimal")
    return str(found.get(tag("w:format"), "decimal") if value == "custom" else value)


def _number(text: str | None, default: int) -> int:
    try:
        return max(min(int(text or ""), _MAX_VALUE), 0)
    except ValueError:
        return default
