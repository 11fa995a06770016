"""Charts (ECMA-376 part 1, 21.2): the values that the file keeps for showing become a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.elements import paragraph, table
from gongshi.importing.readers.word.parts.package import WordPackage, tag

_MAX_ROWS: Final = 1000
"""The maximum number of rows of a table; a chart with more shows a line, not values."""
_MAX_SERIES: Final = 50
_VALUE: Final = "val"
_NUMBER: Final = re.compile(r"[-+]?\d{1,300}(\.\d{1,300})?([eE][-+]?\d{1,3})?")
_DATE_FORMAT: Final = re.compile(r"yy|m+[/\-年.]?d|年|月|日", re.IGNORECASE)
_LITERALS: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_FIRST_DAY: Final = date(1899, 12, 30)
"""Day 0 of Excel's numbers for days (ECMA-376 part 1, 18.17.4.1)."""


@dataclass(frozen=True)
class _Series:
    name: str
    categories: dict[int, str]
    values: dict[int, str]


def chart_blocks(package: WordPackage, part: str) -> list[_Element]:
    """Return the title, the titles of the axes, and tables with the values of a chart. Filtered series are not shown.

    Args:
        package: the document.
        part: the name of the chart's part.
    """
    root = package.xml(part)
    if root.tag == tag("cx:chartSpace"):
        lines = [_rich_text(each) for each in root.iter(tag("cx:title"))]
        series = list(_extended_series(root))
        return [*map(paragraph, filter(None, lines)), *_tables("", series)]
    lines, corner = _titles(root)
    series = [
        _Series(_name(each), _points(each, ("c:cat", "c:xVal")), _points(each, ("c:val", "c:yVal")))
        for each in root.iter(tag("c:ser"))
        if not any(str(above.tag).endswith("}extLst") for above in each.iterancestors())
    ]
    lines += list(_further_texts(package, part, root))
    return [*map(paragraph, filter(None, lines)), *_tables(corner, series[:_MAX_SERIES])]


def _titles(root: _Element) -> tuple[list[str], str]:
    """Return the titles of chart and value axes, and that of the category axis."""
    lines = [_rich_text(each) for each in root.iterfind(f"{tag('c:chart')}/{tag('c:title')}")]
    corner = ""
    for axis in root.iter(tag("c:catAx"), tag("c:dateAx"), tag("c:valAx"), tag("c:serAx")):
        title = axis.find(tag("c:title"))
        text = _rich_text(title) if title is not None else ""
        if axis.tag in (tag("c:catAx"), tag("c:dateAx")) and not corner:
            corner = text
        else:
            lines.append(text)
    return lines, corner


def _further_texts(package: WordPackage, part: str, root: _Element) -> Iterator[str]:
    """Yield the labels that were written by hand, and the text boxes in the chart."""
    for label in root.iter(tag("c:dLbl")):
        yield _rich_text(label)
    for name in package.related("chartUserShapes", part):
        for body in package.xml(name).iter("{*}txBody"):
            yield _rich_text(body)


def _rich_text(element: _Element) -> str:
    """Return the words of a title: written in it, or taken from a cell."""
    paragraphs = list(element.iter(tag("a:p")))
    if paragraphs:
        lines = ("".join(each.text or "" for each in line.iter(tag("a:t"))) for line in paragraphs)
        return "\n".join(filter(None, (line.strip() for line in lines)))
    return " ".join(filter(None, (each.text for each in element.iter(tag("c:v"), tag("cx:v")))))


def _name(series: _Element) -> str:
    found = series.find(tag("c:tx"))
    return " ".join(filter(None, (each.text for each in found.iter(tag("c:v"))))) if found is not None else ""


def _points(series: _Element, names: Iterable[str]) -> dict[int, str]:
    """Return the values of a series by their positions, as they are shown."""
    found: dict[int, str] = {}
    for name in names:
        source = series.find(tag(name))
        if source is None:
            continue
        code = next((each.text or "" for each in source.iter(tag("c:formatCode"))), "")
        # Categories of several levels begin with the innermost one.
        for point in source.iter(tag("c:pt")):
            position, value = point.get("idx", ""), point.find(tag("c:v"))
            if position.isascii() and position.isdigit() and value is not None and value.text:
                number = int(position[:9])
                text = _shown(value.text, point.get("formatCode") or code)
                found[number] = f"{text} {found[number]}" if number in found else text
    return found


def _shown(value: str, code: str) -> str:
    """Return a value as its number format shows it, as far as percent and dates go."""
    code = _LITERALS.sub("", code)
    if not _NUMBER.fullmatch(value.strip()):
        return value
    number = float(value)
    if "%" in code:
        decimals = len(match[1]) if (match := re.search(r"\.(0+)%", code)) else 0
        return f"{number * 100:.{min(decimals, 10)}f}%"
    if _DATE_FORMAT.search(code) and 1 <= number < 2_900_000:
        return (_FIRST_DAY + timedelta(days=int(number))).isoformat()
    return f"{number:.12g}" if abs(number) < 1e12 and "e" not in value.lower() else value


def _extended_series(root: _Element) -> Iterator[_Series]:
    """Yield the series of a chart of the kinds since 2016 (MS-ODRAWXML, 2.24.3)."""
    data = {each.get("id", ""): each for each in root.iter(tag("cx:data"))}
    for series in root.iter(tag("cx:series")):
        link = series.find(tag("cx:dataId"))
        source = data.get(link.get(_VALUE, "") if link is not None else "")
        if source is None or series.get("hidden") in ("1", "true"):
            continue
        categories, values = (_extended_points(source, name) for name in ((tag("cx:strDim"),), (tag("cx:numDim"),)))
        title = series.find(tag("cx:tx"))
        yield _Series(_rich_text(title) if title is not None else "", categories, values)


def _extended_points(source: _Element, names: Iterable[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for point in source.iter(tag("cx:pt")):
        dimension = next(point.iterancestors(*names), None)
        position = point.get("idx", "")
        if dimension is not None and position.isascii() and position.isdigit() and point.text:
            number = int(position[:9])
            found[number] = f"{point.text} {found[number]}" if number in found else point.text
    return found


def _tables(corner: str, series: list[_Series]) -> list[_Element]:
    """Return one table for all series that follow each other with the same categories."""
    groups: list[list[_Series]] = []
    for each in series:
        if groups and (groups[-1][0].categories == each.categories or not each.categories):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [table(_rows(corner, group)) for group in groups]


def _rows(corner: str, group: list[_Series]) -> list[list[str]]:
    positions = sorted({position for each in group for position in (*each.categories, *each.values)})[:_MAX_ROWS]
    categories = group[0].categories
    header = [corner, *(each.name for each in group)]
    return [header, *([categories.get(n, ""), *(each.values.get(n, "") for each in group)] for n in positions)]


def is_complete(package: WordPackage, part: str) -> bool:
    """Tell if a chart is small enough for a table.

    Args:
        package: the document.
        part: the name of the chart's part.
    """
    root = package.xml(part)
    points = sum(1 for _each in root.iter(tag("c:pt"), tag("cx:pt")))
    return points <= _MAX_ROWS and sum(1 for _each in root.iter(tag("c:ser"))) <= _MAX_SERIES
