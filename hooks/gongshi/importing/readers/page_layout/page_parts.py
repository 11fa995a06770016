"""Prepares a page: characters in their usual form and upright, tables taken apart from the other text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.model import Box, Glyph, Page, PagePicture
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.page_layout.tables.cells import PageTable, table_on_page
from gongshi.importing.readers.page_layout.tables.grid import Grid, find_grids
from gongshi.importing.readers.page_layout.text.glyph_text import is_changed, is_unreadable, usual_form
from gongshi.importing.readers.page_layout.text.rulings import with_marked_words
from gongshi.importing.readers.page_layout.text.text_lines import Line, find_lines, without_copies

_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\x00\r\n")
_MISSING: Final = "□"
"""Stands for a character that cannot be read, as in editions of old texts."""
_MOST = 0.6
"""The share of a page's characters that decides how it is turned."""


@dataclass(frozen=True)
class PageParts:
    """The parts of a page, turned so that most of its text is upright."""

    page: Page
    """With the characters in their usual form, each once."""
    text: tuple[Glyph, ...]
    """The upright characters outside of tables."""
    tables: tuple[PageTable, ...]
    pictures: tuple[PagePicture, ...]
    """The pictures outside of tables."""
    turned: tuple[Line, ...]
    """Lines that stand upright, on their head or askew beside the other text."""
    findings: tuple[Finding, ...]


def prepare_page(page: Page) -> PageParts:
    """Return the parts of a page.

    Args:
        page: its visible content.
    """
    place = on_pages([page.number])
    glyphs, findings = _readable(page.glyphs, place)
    page, turned_findings = _upright(replace(page, glyphs=tuple(without_copies(glyphs))), place)
    level = [each for each in page.glyphs if each.angle == 0]
    turned = _turned_lines(page)
    if any(each.glyphs[0].angle % 90 == 0 for each in turned):
        words = " ".join(each.text for each in turned if each.glyphs[0].angle % 90 == 0)
        message = _("text that is turned stands behind the other text of its page; move it to its place")
        turned_findings.append(Finding(FindingKind.CHECK, message, place, words))
    grids = find_grids(page.rulings)
    level = with_marked_words(level, page.rulings, [each.box for each in grids])
    tables, text, pictures = _with_tables(page, level, grids)
    if any(table.grid.irregular for table in tables):
        message = _("some lines of the table are missing; compare its cells with the file")
        turned_findings.append(Finding(FindingKind.CHECK, message, place))
    return PageParts(page, text, tables, pictures, turned, (*findings, *turned_findings))


def _readable(glyphs: Iterable[Glyph], place: str) -> tuple[list[Glyph], list[Finding]]:
    """Return characters in their usual form, and what is to be told about those that cannot be read."""
    kept: list[Glyph] = []
    unreadable = 0
    changed: dict[str, None] = {}
    for glyph in glyphs:
        text = usual_form(glyph.text).translate(_INVISIBLE)
        if not text:
            continue
        if is_changed(glyph.text):
            changed[text] = None
        if any(map(is_unreadable, text)):
            unreadable += 1
            text = "".join(_MISSING if is_unreadable(each) else each for each in text)
        kept.append(glyph if text == glyph.text else replace(glyph, text=text))
    findings = []
    if unreadable:
        message = _("characters that the file does not name are written as □; type them")
        findings.append(Finding(FindingKind.CHECK, message, place, _words_around(kept)))
    if changed:
        message = _("radicals that look like these characters were replaced by them")
        findings.append(Finding(FindingKind.CHANGED, message, place, "".join(changed)))
    return kept, findings


def _words_around(glyphs: Sequence[Glyph]) -> str:
    """Return the characters around those that cannot be read."""
    parts: list[str] = []
    for number, glyph in enumerate(glyphs):
        if glyph.text == _MISSING and len(parts) < 10:
            parts.append("".join(each.text for each in glyphs[max(0, number - 5) : number + 6]))
    return " … ".join(parts)


def _upright(page: Page, place: str) -> tuple[Page, list[Finding]]:
    """Return a page turned so that most of its text is level, and what is to be told."""
    angles = Counter(each.angle for each in page.glyphs if not each.text.isspace())
    findings: list[Finding] = []
    if not angles:
        return page, findings
    angle, count = angles.most_common(1)[0]
    if angle in (90, 180, 270) and count > _MOST * angles.total():
        page = page.turned(4 - angle // 90)
    elif _is_vertical(page.glyphs):
        page = page.turned(3)
        page = replace(page, glyphs=tuple(replace(each, angle=(each.angle + 90) % 360) for each in page.glyphs))
        findings.append(Finding(FindingKind.CHECK, _("the page is written vertically; compare its order"), place))
    return page, findings


def _is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether most characters stand below the one before."""
    below = beside = 0
    for before, glyph in pairwise(glyphs):
        if before.run != glyph.run or before.angle or glyph.angle:
            continue
        size = glyph.style.size
        if abs(before.box.middle - glyph.box.middle) < 0.2 * size and 0.7 < (glyph.box.top - before.box.top) / size < 2:
            below += 1
        elif abs(before.box.bottom - glyph.box.bottom) < 0.2 * size:
            beside += 1
    return below > 10 and below > 2 * beside


def _turned_lines(page: Page) -> tuple[Line, ...]:
    """Return the lines of text that is not level, each in reading order."""
    lines: list[Line] = []
    for quarters in (1, 2, 3):
        angle = 90 * quarters
        glyphs = tuple(each for each in page.glyphs if each.angle == angle)
        if glyphs:
            upright = replace(page, glyphs=glyphs, rulings=(), pictures=()).turned(4 - quarters)
            lines += [_turned_again(line, angle) for line in find_lines(upright.glyphs)]
    askew: list[Glyph] = []
    for glyph in page.glyphs:
        if glyph.angle % 90 == 0:
            continue
        if askew and (glyph.run != askew[-1].run or glyph.angle != askew[-1].angle):
            lines.append(Line(tuple(askew)))
            askew = []
        askew.append(glyph)
    if askew:
        lines.append(Line(tuple(askew)))
    return tuple(each for each in lines if each.text)


def _turned_again(line: Line, angle: int) -> Line:
    return Line(tuple(replace(each, angle=angle) for each in line.glyphs))


def _with_tables(
    page: Page, glyphs: Sequence[Glyph], grids: Sequence[Grid]
) -> tuple[tuple[PageTable, ...], tuple[Glyph, ...], tuple[PagePicture, ...]]:
    """Return the tables of a page, and the characters and pictures outside of them."""
    tables: list[PageTable] = []
    text, pictures = list(glyphs), list(page.pictures)
    for grid in grids:
        inside = [each for each in text if grid.box.holds(each.box)]
        shown = [each for each in pictures if _fits(each.box, grid.box)]
        table = table_on_page(grid, inside, shown, page.number)
        if table:
            tables.append(table)
            numbers = {each.number for each in inside}
            text = [each for each in text if each.number not in numbers]
            pictures = [each for each in pictures if each not in shown]
    return tuple(tables), tuple(text), tuple(pictures)


def _fits(picture: Box, table: Box) -> bool:
    return picture.share_in(table) > 0.7
