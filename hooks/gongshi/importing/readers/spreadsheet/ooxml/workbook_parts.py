"""The main part of a workbook (ECMA-376 part 1, 18.2): its sheets in order, its date system and its names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.containers.zip_limits import damaged
from gongshi.importing.readers.spreadsheet.ooxml.package import EXTENSION, Package, attribute, is_true
from gongshi.importing.readers.spreadsheet.ooxml.references import CellRange, parse_range

_PRINT_AREA, _PRINT_TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"


@dataclass(frozen=True)
class SheetEntry:
    """A sheet in the list of the workbook."""

    name: str
    part: str
    is_hidden: bool
    is_worksheet: bool
    """False for a sheet that is only a chart, or holds macros or dialogs."""
    print_area: CellRange | None = None
    title_rows: int = 0
    """The last row that is printed on each page; 0 for none."""


@dataclass(frozen=True)
class WorkbookParts:
    """The main part of a workbook."""

    part: str
    sheets: tuple[SheetEntry, ...]
    date1904: bool
    name_texts: tuple[tuple[str, str], ...]
    """Names that stand for a text, and the text."""
    external_files: tuple[str, ...]
    """Addresses of other workbooks whose values are used."""


def read_workbook_parts(package: Package) -> WorkbookParts:
    """Return the main part of a workbook.

    Args:
        package: the workbook.

    Raises:
        UnreadableFileError: the file has none, or it is damaged.
    """
    part = next(iter(package.related("", "officeDocument")), "")
    root = package.xml(part) if part else None
    if root is None or local_name(root) != "workbook":
        raise damaged(EXTENSION)
    properties = next(root.iterchildren("{*}workbookPr"), None)
    return WorkbookParts(
        part,
        tuple(_sheets(package, part, root)),
        properties is not None and is_true(properties.get("date1904")),
        tuple(_name_texts(root)),
        tuple(_external_files(package, part)),
    )


def _sheets(package: Package, part: str, root: _Element) -> Iterator[SheetEntry]:
    relationships = package.relationships(part)
    for number, element in enumerate(root.iterfind("{*}sheets/{*}sheet")):
        found = relationships.get(attribute(element, "id"))
        if found is None or found.external or not package.has(found.target):
            continue
        yield SheetEntry(
            element.get("name", ""),
            found.target,
            element.get("state", "visible") != "visible",
            found.type == "worksheet",
            _area(root, number),
            _title_rows(root, number),
        )


def _defined(root: _Element, name: str, sheet: int) -> str:
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        if element.get("name") == name and element.get("localSheetId") == str(sheet):
            return element.text or ""
    return ""


def _area(root: _Element, sheet: int) -> CellRange | None:
    text = _defined(root, _PRINT_AREA, sheet)
    return parse_range(text.rpartition("!")[2]) if text and "," not in text else None


def _title_rows(root: _Element, sheet: int) -> int:
    for part in _defined(root, _PRINT_TITLES, sheet).split(","):
        reference = part.rpartition("!")[2].replace("$", "")
        if reference and reference[0].isdecimal() and (found := parse_range(reference)):
            return found.last_row
    return 0


def _name_texts(root: _Element) -> Iterator[tuple[str, str]]:
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        text = (element.text or "").strip()
        if len(text) > 2 and text.startswith('"') and text.endswith('"'):
            yield element.get("name", ""), text[1:-1].replace('""', '"')


def _external_files(package: Package, part: str) -> Iterator[str]:
    for name in package.related(part, "externalLink"):
        for found in package.relationships(name).values():
            if found.external:
                yield found.target
