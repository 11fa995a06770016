"""Headers, footers, page numbers and watermarks: what pages repeat beside their text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.model import Glyph, Page, TextStyle
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.page_layout.text.text_lines import Line

_EDGE = 0.1
"""The part of a page's height at its top and at its foot where headers and footers stand."""
_NUMBER_EDGE = 0.14
"""The same for page numbers. In official documents they stand 7 mm below the text (GB/T 9704-2012, 7.5)."""
_SAME_HEIGHT = 4.0
_TITLE = 1.3
"""Repeated text that is larger than the usual one by this factor is the title of a form."""
_PAGE_NUMBER = re.compile(
    r"[-—–－─·~\s]*(?:第?\s*\d{1,4}\s*页?|第[一二三四五六七八九十百]{1,4}页|[Pp](?:age|\.)\s*\d{1,4})"
    r"(?:\s*[,，/／|]?\s*(?:共|of|总)?\s*\d{1,4}\s*页?|\s*[,，]?\s*共[一二三四五六七八九十百]{1,4}页)?[-—–－─·~\s]*"
)
_BARE_NUMBER = re.compile(r"\d{1,4}|[ivxIVX]{1,6}")
_DIGITS = re.compile(r"\d+")
_WATERMARK_SIZE = 1.8
"""A watermark is larger than the usual text by this factor, or lies askew."""
_LIGHT = 150
_OPAQUE = 200
_MOST_ROWS: Final = 4
"""Rows at the top and foot of a page that are looked at."""


@dataclass(frozen=True)
class PageRows:
    """The lines of a page outside of tables."""

    page: Page
    lines: list[Line]


@dataclass(frozen=True)
class Furniture:
    """Headers, footers, page numbers and watermarks that are taken off the pages."""

    lines: dict[int, list[Line]]
    """The lines by the number of the page."""
    findings: tuple[Finding, ...]

    def glyph_numbers(self) -> set[int]:
        """Return the numbers of the characters that are taken off."""
        return {glyph.number for lines in self.lines.values() for line in lines for glyph in line.glyphs}


def find_furniture(pages: Sequence[PageRows], usual: TextStyle) -> Furniture:
    """Return headers, footers, page numbers and watermarks.

    Args:
        pages: all pages.
        usual: the style of the usual text.
    """
    headers, numbers = _repeated_lines(pages, usual), _page_numbers(pages, usual)
    marks = _watermarks(pages, usual)
    for page, lines in numbers.items():
        headers[page] = [each for each in headers[page] if each not in lines]
    for page, lines in headers.items():
        marks[page] = [each for each in marks[page] if each not in lines and each not in numbers[page]]
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for kind in (headers, numbers, marks):
        for page, lines in kind.items():
            found[page] += lines
    findings = [
        *_findings(_("headers and footers are not part of the text"), headers),
        *_findings(_("page numbers are not part of the text"), numbers, together=True),
        *_findings(_("a watermark is not part of the text"), marks),
    ]
    return Furniture(dict(found), tuple(findings))


def _findings(message: str, lines: dict[int, list[Line]], together: bool = False) -> Iterable[Finding]:
    """Yield a finding for all lines together, or for all that differ by a number only, such as that of the page."""
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    pages: defaultdict[str, list[int]] = defaultdict(list)
    for number in sorted(lines):
        for line in lines[number]:
            kind = "" if together else _DIGITS.sub("#", line.text)
            texts[kind][line.text] = None
            pages[kind].append(number)
    for kind, found in texts.items():
        yield Finding(FindingKind.LEFT_OUT, message, on_pages(pages[kind]), " ".join(found))


def _repeated_lines(pages: Sequence[PageRows], usual: TextStyle) -> defaultdict[int, list[Line]]:
    places: defaultdict[tuple[bool, str], list[tuple[int, float, Line]]] = defaultdict(list)
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for rows in pages:
        for line, at_top in _at_edges(rows, _EDGE):
            if all(each.furniture for each in line.glyphs):
                found[rows.page.number].append(line)
            elif line.style.size < _TITLE * usual.size:
                text = _DIGITS.sub("#", "".join(line.text.split()))
                places[at_top, text].append((rows.page.number, line.box.top, line))
    needed = 2 if len(pages) <= 4 else 3
    for copies in places.values():
        for group in _at_same_height(copies):
            if len({page for page, _top, _line in group}) >= needed:
                for page, _top, line in group:
                    found[page].append(line)
    return found


def _at_same_height(copies: list[tuple[int, float, Line]]) -> list[list[tuple[int, float, Line]]]:
    groups: list[list[tuple[int, float, Line]]] = []
    for copy in sorted(copies, key=lambda each: each[1]):
        if groups and copy[1] - groups[-1][0][1] < _SAME_HEIGHT:
            groups[-1].append(copy)
        else:
            groups.append([copy])
    return groups


def _at_edges(rows: PageRows, share: float) -> Iterable[tuple[Line, bool]]:
    """Yield the lines at the top and foot of a page, each with whether it is at the top."""
    height = rows.page.height
    lines = sorted(rows.lines, key=lambda each: each.box.top)
    for line in lines[:_MOST_ROWS]:
        if line.box.bottom < share * height:
            yield line, True
    for line in lines[-_MOST_ROWS:]:
        if line.box.top > (1 - share) * height:
            yield line, False


def _page_numbers(pages: Sequence[PageRows], usual: TextStyle) -> defaultdict[int, list[Line]]:
    found: defaultdict[int, list[Line]] = defaultdict(list)
    bare: defaultdict[int, list[tuple[int, Line]]] = defaultdict(list)
    for rows in pages:
        at_edges = list(_at_edges(rows, _NUMBER_EDGE))
        outermost = {at_edges[0][0].text, at_edges[-1][0].text} if at_edges else set()
        for line, _at_top in at_edges:
            text = line.text.strip()
            if text not in outermost or line.style.size > _TITLE * usual.size:
                continue
            if _BARE_NUMBER.fullmatch(text):
                if text.isdigit():
                    bare[int(text) - rows.page.number].append((rows.page.number, line))
            elif _PAGE_NUMBER.fullmatch(text):
                found[rows.page.number].append(line)
    for offset, numbered in bare.items():
        if len({page for page, _line in numbered}) > 1 or (offset == 0 and len(pages) == 1):
            for page, line in numbered:
                found[page].append(line)
    return found


def _watermarks(pages: Sequence[PageRows], usual: TextStyle) -> defaultdict[int, list[Line]]:
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for rows in pages:
        for line in rows.lines:
            is_large_and_pale = is_pale(line.style) and line.style.size > _WATERMARK_SIZE * usual.size
            if is_large_and_pale or _is_marked(line):
                found[rows.page.number].append(line)
    return found


def _is_marked(line: Line) -> bool:
    return all(each.furniture for each in line.glyphs)


def is_pale(style: TextStyle) -> bool:
    """Tell whether text is light grey, or transparent.

    Args:
        style: its style.
    """
    return min(style.colour) >= _LIGHT or style.alpha < _OPAQUE


def is_askew_watermark(glyphs: Sequence[Glyph], usual: TextStyle, repeated: bool) -> bool:
    """Tell whether text that is neither level nor upright is a watermark.

    Args:
        glyphs: its characters.
        usual: the style of the usual text.
        repeated: it stands on the page, or on others, more than once.
    """
    style = glyphs[0].style
    return repeated or is_pale(style) or style.size > _WATERMARK_SIZE * usual.size or glyphs[0].furniture
