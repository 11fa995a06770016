"""Texts of cells, with the marks of their runs (ECMA-376 part 1, 18.4)."""

from __future__ import annotations

import re
from html import escape
from typing import Final, NamedTuple

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers.xml_parts import local_name, stream_elements
from gongshi.importing.readers.spreadsheet.ooxml.package import EXTENSION, Package, is_true

_MAX_CHARACTERS: Final = 48_000_000
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINE_END: Final = re.compile(r"\r\n?")
CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters that neither XML nor a page can hold."""


class Run(NamedTuple):
    """Text with the same marks."""

    text: str
    marks: tuple[str, ...] = ()
    """Names of inline elements, such as `sup`, the outermost first."""


class CellText(NamedTuple):
    """The text of a cell."""

    text: str
    runs: tuple[Run, ...] = ()
    """The same text in runs, if any has marks."""
    phonetic: str = ""
    """Pinyin or kana above the text, which is shown only on request."""


def inline_html(text: str, marks: tuple[str, ...] = ()) -> str:
    """Return a text as inline HTML with `br` for line breaks.

    Args:
        text: the text.
        marks: names of the elements around it, the outermost first.
    """
    content = "<br>".join(escape(line, quote=False) for line in text.split("\n"))
    for mark in reversed(marks):
        content = f"<{mark}>{content}</{mark}>"
    return content


def unescape(text: str) -> str:
    """Return a text with escapes such as `_x000D_` replaced (ST_Xstring, ECMA-376 part 1, 22.9.2.19).

    Args:
        text: the text as the file stores it.
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return CONTROLS.sub("", text)


def shared_texts(package: Package, workbook: str) -> list[CellText]:
    """Return the texts that cells share.

    Args:
        package: the workbook.
        workbook: the name of its main part.

    Raises:
        UnreadableFileError: they are damaged or too long.
    """
    found: list[CellText] = []
    characters = 0
    for name in package.related(workbook, "sharedStrings")[:1]:
        with package.stream(name) as file:
            for element in stream_elements(file, ("si",), EXTENSION):
                found.append(cell_text(element))
                characters += len(found[-1].text) + len(found[-1].phonetic)
                if characters > _MAX_CHARACTERS:
                    raise UnreadableFileError(_("the texts in the workbook are too long; divide it"))
                forget(element)
    return found


def forget(element: _Element) -> None:
    """Free an element that was read from a stream, and what stands before it.

    Args:
        element: an element whose content was read.
    """
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def cell_text(element: _Element) -> CellText:
    """Return the text of a `si` or `is` element.

    Args:
        element: the element.
    """
    if len(element) == 1 and local_name(element[0]) == "t":
        return CellText(unescape(element[0].text or ""))
    runs: list[Run] = []
    phonetic = ""
    for child in element:
        name = local_name(child)
        if name == "t":
            runs.append(Run(unescape(child.text or "")))
        elif name == "r":
            text = "".join(unescape(each.text or "") for each in child.iterchildren("{*}t"))
            runs.append(Run(text, _marks(child)))
        elif name == "rPh":
            phonetic += "".join(unescape(each.text or "") for each in child.iterchildren("{*}t"))
    marked = any(run.marks for run in runs)
    return CellText("".join(run.text for run in runs), tuple(runs) if marked else (), phonetic)


def _marks(run: _Element) -> tuple[str, ...]:
    properties = next(run.iterchildren("{*}rPr"), None)
    return () if properties is None else font_marks(properties)


def font_marks(font: _Element) -> tuple[str, ...]:
    """Return the inline elements for a font: bold, italic, underlined, struck through, raised or lowered text.

    Args:
        font: a `font` or `rPr` element.
    """
    marks: list[str] = []
    for child in font:
        name = local_name(child)
        if name == "b" and is_true(child.get("val"), True):
            marks.append("strong")
        elif name == "i" and is_true(child.get("val"), True):
            marks.append("em")
        elif name == "u" and child.get("val") != "none":
            marks.append("u")
        elif name == "strike" and is_true(child.get("val"), True):
            marks.append("s")
        elif name == "vertAlign" and child.get("val") in ("superscript", "subscript"):
            marks.append("sup" if child.get("val") == "superscript" else "sub")
    order = ("strong", "em", "u", "s", "sup", "sub")
    return tuple(sorted(set(marks), key=order.index))
