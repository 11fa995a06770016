"""Tells of what stands beside the cells of a worksheet and is left out: comments, text boxes, headers and more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.spreadsheet.ooxml.package import Package, text_of
from gongshi.importing.readers.spreadsheet.ooxml.rich_text import unescape
from gongshi.importing.readers.spreadsheet.ooxml.workbook_parts import SheetEntry, WorkbookParts
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import Worksheet
from gongshi.importing.readers.spreadsheet.sheet.cell_notes import MAX_CELLS, cells_place, joined

_HEADER_CODE: Final = re.compile(r'&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|&\d{1,3}|&&|&[A-Za-z]')
"""Codes for the layout of headers and footers (ECMA-376 part 1, 18.3.1.46)."""
_PROPERTIES: Final = ("title", "subject", "description", "keywords", "category")
_THREADED: Final = "[threaded comment]"


def sheet_leftovers(package: Package, sheet: SheetEntry, worksheet: Worksheet) -> Iterator[Finding]:
    """Yield findings about what stands beside the cells of a worksheet.

    Args:
        package: the workbook.
        sheet: the worksheet in the list of the workbook.
        worksheet: the worksheet as the file has it.
    """
    comments = dict(_comments(package, sheet.part))
    if comments:
        names = list(comments)
        message = _("comments were left out: {count}").format(count=len(comments))
        place = cells_place(sheet.name, names[:MAX_CELLS])
        yield Finding(FindingKind.LEFT_OUT, message, place, joined(f"{name}: {comments[name]}" for name in names))
    place = cells_place(sheet.name, [])
    for message, words in _beside(package, sheet, worksheet):
        yield Finding(FindingKind.LEFT_OUT, message, place, joined(words))
    for ranges, styles in worksheet.conditional:
        del styles
        message = _(
            "conditional formats may hide cells here or show other numbers; the values were taken over without them"
        )
        yield Finding(FindingKind.CHECK, message, cells_place(sheet.name, ranges.split()[:MAX_CELLS]))
    if worksheet.formulas_shown:
        message = _("the worksheet shows formulas; the table has their results instead")
        yield Finding(FindingKind.CHANGED, message, place)


def _beside(package: Package, sheet: SheetEntry, worksheet: Worksheet) -> Iterator[tuple[str, list[str]]]:
    boxes, charts = _drawn_texts(package, sheet.part)
    if boxes:
        yield _("text boxes were left out; write their text into the entry if it is needed"), boxes
    if charts:
        yield _("charts and diagrams were left out; add them to the entry as pictures"), charts
    headers = list(filter(None, map(_header_text, worksheet.headers)))
    if headers:
        yield _("headers and footers of the printed pages were left out"), headers
    if worksheet.small_charts:
        yield _("small charts in cells were left out: {count}").format(count=worksheet.small_charts), []
    lists = [rule.list for rule in worksheet.rules if rule.list.startswith('"')]
    prompts = [text for rule in worksheet.rules for text in rule.prompts]
    if words := list(dict.fromkeys([*lists, *prompts])):
        yield _("lists and hints for typing in cells were left out"), words
    controls = package.related(sheet.part, "ctrlProp", "control")
    if controls:
        yield _("form controls were left out: {count}").format(count=len(controls)), []
    if package.related(sheet.part, "oleObject", "package"):
        yield _("embedded files were left out"), []


def workbook_leftovers(package: Package, parts: WorkbookParts) -> Iterator[Finding]:
    """Yield findings about what belongs to the workbook as a whole.

    Args:
        package: the workbook.
        parts: its main part.
    """
    if package.related(parts.part, "vbaProject"):
        yield Finding(FindingKind.LEFT_OUT, _("the file has macros; they were left out and not run"))
    if parts.name_texts:
        words = joined(f"{name} = {text}" for name, text in parts.name_texts)
        yield Finding(FindingKind.LEFT_OUT, _("names that stand for a text were left out"), words=words)
    if parts.external_files:
        message = _("formulas use values of other files; compare the results with those files")
        yield Finding(FindingKind.CHECK, message, words=joined(dict.fromkeys(parts.external_files)))
    if properties := _property_texts(package):
        yield Finding(FindingKind.LEFT_OUT, _("properties of the file were left out"), words=joined(properties))


def coloured_ranges(package: Package, sheet: SheetEntry, worksheet: Worksheet) -> list[str]:
    """Return the ranges whose ground a table style or a conditional format may colour.

    Args:
        package: the workbook.
        sheet: the worksheet in the list of the workbook.
        worksheet: the worksheet as the file has it.
    """
    ranges = [part for text, _styles in worksheet.conditional for part in text.split()]
    for name in package.related(sheet.part, "table"):
        root = package.xml(name)
        if root is not None and next(root.iterchildren("{*}tableStyleInfo"), None) is not None:
            ranges.append(root.get("ref", ""))
    return ranges


def table_ranges(package: Package, sheet: SheetEntry) -> list[str]:
    """Return the ranges of the tables of a worksheet that have a header row.

    Args:
        package: the workbook.
        sheet: the worksheet in the list of the workbook.
    """
    roots = [root for name in package.related(sheet.part, "table") if (root := package.xml(name)) is not None]
    return [root.get("ref", "") for root in roots if root.get("headerRowCount", "1") != "0"]


def _comments(package: Package, part: str) -> Iterator[tuple[str, str]]:
    for name in package.related(part, "comments"):
        for element in _elements(package, name, "comment"):
            text = unescape(text_of(element, "t"))
            if not text.lower().startswith(_THREADED):
                yield element.get("ref", ""), text
    for name in package.related(part, "threadedComment"):
        texts: dict[str, list[str]] = {}
        for element in _elements(package, name, "threadedComment"):
            texts.setdefault(element.get("ref", ""), []).append(unescape(text_of(element, "text")))
        yield from ((ref, " / ".join(words)) for ref, words in texts.items())


def _elements(package: Package, name: str, local: str) -> Iterator[_Element]:
    root = package.xml(name)
    return iter(()) if root is None else root.iter(f"{{*}}{local}")


def _drawn_texts(package: Package, part: str) -> tuple[list[str], list[str]]:
    """Return the texts of text boxes, and those of charts and diagrams; a chart without text is named."""
    boxes: list[str] = []
    charts: list[str] = []
    for drawing in package.related(part, "drawing"):
        for shape in _elements(package, drawing, "sp"):
            boxes += [_paragraphs(shape)]
        related = package.related(drawing, "chart", "chartEx", "diagramData")
        charts += [_part_text(package, name) or _("chart without title") for name in related]
    for drawing in package.related(part, "vmlDrawing", "legacyDrawing"):
        boxes += list(_old_boxes(package, drawing))
    return list(dict.fromkeys(text for text in boxes if text.strip())), charts


def _paragraphs(shape: _Element) -> str:
    return " ".join(filter(None, (text_of(paragraph, "t") for paragraph in shape.iter("{*}p"))))


def _part_text(package: Package, name: str) -> str:
    root = package.xml(name)
    return "" if root is None else " ".join(filter(None, (_paragraphs(each) for each in root.iter("{*}rich", "{*}t"))))


def _old_boxes(package: Package, name: str) -> Iterable[str]:
    """Return the texts of old shapes (VML) that are no comments; the part is often no correct XML."""
    content = package.read(name).decode("utf-8", "replace")
    for shape in content.split("<v:shape ")[1:]:
        if 'ObjectType="Note"' not in shape:
            box = shape.partition("<v:textbox")[2].partition("</v:textbox>")[0].partition(">")[2]
            yield " ".join(re.sub(r"<[^<>]*>", " ", box).split())


def drawn_words(package: Package, sheet: SheetEntry) -> list[str] | None:
    """Return the words of what is drawn on a sheet or noted beside its cells; None if there is nothing of it.

    Args:
        package: the workbook.
        sheet: the sheet in the list of the workbook.
    """
    boxes, charts = _drawn_texts(package, sheet.part)
    words = [*boxes, *charts, *(text for _cell, text in _comments(package, sheet.part))]
    anchors = (
        child
        for name in package.related(sheet.part, "drawing")
        if (root := package.xml(name)) is not None
        for child in root
        if local_name(child).endswith("Anchor")
    )
    return words if words or next(anchors, None) is not None else None


def _header_text(text: str) -> str:
    text = _HEADER_CODE.sub(lambda match: "&" if match[0] == "&&" else " ", text)
    words = " ".join(text.split())
    return words if any(character.isalnum() for character in words) else ""


def _property_texts(package: Package) -> list[str]:
    found: list[str] = []
    for part in package.related("", "core-properties"):
        root = package.xml(part)
        for element in root if root is not None else ():
            if local_name(element) in _PROPERTIES and (element.text or "").strip():
                found.append(element.text or "")
    return found
