"""Takes over the pictures of a worksheet (ECMA-376 part 1, 20.5), except those that show only a part of their file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import BundleFile, Finding, FindingKind, Workspace
from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.pictures.cleaning import clean_picture
from gongshi.importing.readers.pictures.descriptions import is_written_by_program
from gongshi.importing.readers.pictures.faults import Unusable
from gongshi.importing.readers.spreadsheet.ooxml.package import Package, attribute
from gongshi.importing.readers.spreadsheet.ooxml.references import MAX_COLUMNS, MAX_ROWS, cell_name
from gongshi.importing.readers.spreadsheet.ooxml.workbook_parts import SheetEntry
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import Worksheet
from gongshi.importing.readers.spreadsheet.sheet.cell_notes import cells_place, short

_MAX_PICTURES: Final = 50


@dataclass(frozen=True)
class SheetPictures:
    """The pictures of a worksheet."""

    html: str
    """One paragraph for each picture."""
    files: tuple[BundleFile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Picture:
    place: str
    description: str
    part: str
    """The name of its part; empty if it is not in the workbook."""
    whole: bool
    """True if the whole file is shown, upright."""
    hidden: bool


def take_pictures(package: Package, sheet: SheetEntry, worksheet: Worksheet, workspace: Workspace) -> SheetPictures:
    """Write the visible pictures of a worksheet into the workspace.

    Args:
        package: the workbook.
        sheet: the worksheet in the list of the workbook.
        worksheet: the worksheet as the file has it.
        workspace: where they are written.
    """
    lines: list[str] = []
    files: dict[str, BundleFile | None] = {}
    findings: list[Finding] = []
    for number, picture in enumerate(_pictures(package, sheet, worksheet)):
        content = package.read(picture.part) if picture.part and number < _MAX_PICTURES else b""
        place = cells_place(sheet.name, [picture.place] if picture.place else [])
        key = "" if picture.hidden or not picture.whole else hashlib.sha256(content).hexdigest()
        if key and key not in files:
            files[key] = _written(content, len(files) + 1, workspace)
        file = files.get(key)
        if file is None:
            message = _("a picture was left out; add it by hand if it is needed")
            findings.append(Finding(FindingKind.LEFT_OUT, message, place, short(picture.description)))
            continue
        alt = escape(" ".join(picture.description.split()))
        lines.append(f'<p><img src="{file.name}" alt="{alt}"></p>')
        message = _("a picture of the worksheet stands behind the table; move it, and describe it")
        findings.append(Finding(FindingKind.CHECK, message, place, short(picture.description)))
    return SheetPictures("\n".join(lines), tuple(filter(None, files.values())), tuple(findings))


def _written(content: bytes, number: int, workspace: Workspace) -> BundleFile | None:
    """Write a picture without its metadata; None if it cannot be read."""
    try:
        cleaned = clean_picture(content)
    except Unusable:
        return None
    return workspace.write(f"picture-{number}.{cleaned.ending}", cleaned.content)


def _pictures(package: Package, sheet: SheetEntry, worksheet: Worksheet) -> Iterator[_Picture]:
    for drawing in package.related(sheet.part, "drawing"):
        root = package.xml(drawing)
        relationships = package.relationships(drawing)
        for anchor in root if root is not None else ():
            row, column = _position(anchor)
            beyond = row > MAX_ROWS or column > MAX_COLUMNS
            hidden = beyond or worksheet.is_hidden_row(row) or worksheet.is_hidden_column(column)
            for element in anchor.iter("{*}pic"):
                blip = next(element.iter("{*}blip"), None)
                found = relationships.get(attribute(blip, "embed")) if blip is not None else None
                part = found.target if found and not found.external and package.has(found.target) else ""
                named = next(element.iter("{*}cNvPr"), None)
                texts = [] if named is None else [named.get("descr") or "", named.get("title") or ""]
                description = next((text for text in texts if text.strip() and not is_written_by_program(text)), "")
                unseen = hidden or (named is not None and named.get("hidden") in ("1", "true"))
                place = cell_name(row, column) if row and column and not beyond else ""
                yield _Picture(place, description, part, _is_whole(element), unseen)


def _position(anchor: _Element) -> tuple[int, int]:
    """Return row and column of the cell at the upper left corner, from 1; 0 for a place that is no cell."""
    start = next(anchor.iterchildren("{*}from"), None)
    numbers = {local_name(each): (each.text or "").strip() for each in start} if start is not None else {}
    row, column = numbers.get("row", ""), numbers.get("col", "")
    return (int(row[:9]) + 1 if row.isdecimal() else 0, int(column[:9]) + 1 if column.isdecimal() else 0)


def _is_whole(element: _Element) -> bool:
    """Tell whether a picture is neither cut to a part, which would publish the rest, nor turned."""
    cut = (value for crop in element.iter("{*}srcRect") for value in crop.values())
    turned = (each.get(name, "") for each in element.iter("{*}xfrm") for name in ("rot", "flipH", "flipV"))
    return all(value in ("", "0", "false") for value in (*cut, *turned))
