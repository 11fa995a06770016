"""The text that a reader of a Word document sees, straight from the XML and without the conversion.

The fidelity report compares the entry with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.word.fields.form_fields import checkbox_text, choice_text
from gongshi.importing.readers.word.parts.characters import element_text
from gongshi.importing.readers.word.parts.numbering import Label
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.styles import StyleSheet
from gongshi.importing.readers.word.text.stories import NOTE_KINDS, is_fallback, notes
from gongshi.importing.readers.word.text.tables import covered_cells

_SKIPPED: Final = frozenset(
    tag(name) for name in ("w:pPr", "w:rPr", "w:tblPr", "w:trPr", "w:sectPr", "w:sdtPr", "w:del", "w:moveFrom")
)
_WHOLE: Final = frozenset({tag("w:ruby")})
"""Elements whose text is read at once, not from what is in them."""


def visible_text(package: WordPackage, labels: Mapping[_Element, Label], styles: StyleSheet) -> str:
    """Return the visible text, with one line for each paragraph and table cell, and the notes behind it.

    Args:
        package: the document.
        labels: the numbers that Word shows before paragraphs.
        styles: the styles of the document.
    """
    reader = _TextReader(labels, styles)
    lines = reader.lines(package.document)
    for kind in NOTE_KINDS:
        found = notes(package, kind)
        cited = dict.fromkeys(each.get(tag("w:id"), "") for each in package.document.iter(tag(f"w:{kind}Reference")))
        for number in cited:
            lines += reader.lines(found[number]) if number in found else []
    return "".join(f"{line.rstrip()}\n" for line in lines if line.strip())


@dataclass
class _Open:
    """A paragraph, table cell or story that is being read."""

    element: _Element
    text: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """The lines of what is in it: paragraphs in a cell, or in a text box."""
    is_hidden: bool = False
    style: str | None = None
    """The style of a paragraph."""


@dataclass
class _OpenField:
    """A field that is being read."""

    choice: str
    """The entry that a list shows without a result."""
    shows_result: bool = False
    """True while its result is read, and not its instruction."""
    has_text: bool = False


class _TextReader:
    def __init__(self, labels: Mapping[_Element, Label], styles: StyleSheet) -> None:
        self._labels = labels
        self._styles = styles
        self._fields: list[_OpenField] = []
        self._covered: set[_Element] = set()
        """Cells that merged cells cover."""

    def lines(self, story: _Element) -> list[str]:
        """Return the lines of a story.

        Args:
            story: the blocks of the story.
        """
        self._fields.clear()
        opened = [_Open(story)]
        walker = etree.iterwalk(story, events=("start", "end"))
        for event, element in walker:
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                if element.tag in _SKIPPED or is_fallback(element):
                    walker.skip_subtree()
                    continue
                self._start(element, opened)
                if element.tag in _WHOLE:
                    walker.skip_subtree()
            elif len(opened) > 1 and opened[-1].element is element:
                _close(opened)
        return opened[0].lines

    def _start(self, element: _Element, opened: list[_Open]) -> None:
        if element.tag == tag("w:p"):
            label = self._labels.get(element)
            shown = label.typed if label is not None and self._shows(label, opened) else ""
            opened.append(_Open(element, [shown], style=_style(element)))
        elif element.tag == tag("w:tc"):
            opened.append(_Open(element, is_hidden=element in self._covered))
        elif element.tag == tag("w:tbl"):
            self._covered.update(covered_cells(element))
        elif element.tag == tag("w:fldChar"):
            opened[-1].text.append(self._follow_field(element))
        elif element.tag == tag("m:t"):
            opened[-1].text.append(element.text or "")
        elif self._sees() and element.getparent() is not None and element.getparent().tag == tag("w:r"):
            text = self._text(element, opened[-1].style)
            opened[-1].text.append(text)
            for each in self._fields:
                each.has_text = each.has_text or bool(text.strip())

    def _shows(self, label: Label, opened: list[_Open]) -> bool:
        """Return whether a label is text; the dots of a list outside tables are marks of the list."""
        return label.kind != "bullet" or any(each.element.tag == tag("w:tc") for each in opened)

    def _follow_field(self, mark: _Element) -> str:
        """Go on in the structure of fields, and return what a field shows that has no text of its own."""
        kind = mark.get(tag("w:fldCharType"), "")
        is_seen = self._sees()
        if kind == "begin":
            self._fields.append(_OpenField(choice_text(mark)))
            return checkbox_text(mark) if is_seen else ""
        if kind == "separate" and self._fields:
            self._fields[-1].shows_result = True
        elif kind == "end" and self._fields:
            closed = self._fields.pop()
            return "" if closed.has_text or not self._sees() else closed.choice
        return ""

    def _sees(self) -> bool:
        return all(each.shows_result for each in self._fields)

    def _text(self, element: _Element, style: str | None) -> str:
        run = element.getparent()
        properties = None if run is None else run.find(tag("w:rPr"))
        look = self._styles.run_look(style, properties)
        text = element_text(element, look.latin_font) or ""
        return text.upper() if look.capitals else text


def _close(opened: list[_Open]) -> None:
    closed = opened.pop()
    own = "".join(closed.text)
    if closed.element.tag == tag("w:p"):
        lines = [*own.split("\n"), *closed.lines]
    else:
        lines = [] if closed.is_hidden else [" ".join(line for line in closed.lines if line.strip())]
    opened[-1].lines.extend(lines)


def _style(paragraph: _Element) -> str | None:
    properties = paragraph.find(tag("w:pPr"))
    found = None if properties is None else properties.find(tag("w:pStyle"))
    return None if found is None else found.get(tag("w:val"))
