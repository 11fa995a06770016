"""The reading order of a document: what stands on its pages, joined over page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.model import Box, Page, PagePicture
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.page_layout.tables.cells import PageTable, is_same_table, joined_table
from gongshi.importing.readers.page_layout.text.columns import Region
from gongshi.importing.readers.page_layout.text.frames import TextFrame, region_frame
from gongshi.importing.readers.page_layout.text.paragraphs import Paragraph, continues, find_paragraphs, joined
from gongshi.importing.readers.page_layout.text.text_lines import join_segments

Item = Paragraph | PageTable | PagePicture
_NOTE = re.compile(r"[①-⑳*＊※†]|\[\d{1,3}\]|〔\d{1,3}〕|\d{1,3}(?![\d.、])|注")
_SMALLER = 0.92
_NOTE_LINE = (0.08, 0.55)
"""The length of the line above footnotes, as a part of the page's width."""
_FOOT: Final = 0.5
"""Footnotes begin below this part of the page's height."""


@dataclass(frozen=True)
class PageItems:
    """The parts of a page, in reading order."""

    items: tuple[Item, ...]
    notes: tuple[Paragraph, ...] = ()
    """The footnotes at its foot."""


def read_page(
    page: Page,
    regions: Sequence[Region],
    tables: Sequence[PageTable],
    pictures: Sequence[PagePicture],
    frame: TextFrame,
) -> PageItems:
    """Return what stands on a page, in reading order.

    Args:
        page: the page.
        regions: its text in reading order.
        tables: its tables.
        pictures: its pictures outside of tables.
        frame: the margins of the document.
    """
    flow: list[Item] = []
    objects: list[PageTable | PagePicture] = [*tables, *pictures]
    before = False
    for number, region in enumerate(regions):
        lines = join_segments(region.segments)
        paragraphs = find_paragraphs(lines, region_frame(lines, frame, region.is_column))
        here = [each for each in objects if _is_in(_box(each), region, regions[number + 1 :])]
        objects = [each for each in objects if each not in here]
        items = sorted([*paragraphs, *here], key=_height)
        if flow and items and before and region.is_column:
            items = _join_first(flow, items)
        flow += items
        before = region.is_column
    flow += sorted(objects, key=_height)
    return _without_notes(page, flow, frame)


@dataclass(frozen=True)
class Flow:
    """The parts of a document, in reading order."""

    items: list[Item]
    findings: list[Finding]
    left_out: set[int]
    """The numbers of the characters that are told as left out."""


def join_pages(pages: Iterable[PageItems]) -> Flow:
    """Return the items of all pages, with paragraphs and tables joined that go on over page breaks.

    Args:
        pages: the pages in order.
    """
    flow: list[Item] = []
    held: tuple[Paragraph, ...] = ()
    repeated: dict[str, list[int]] = {}
    divided: dict[str, list[int]] = {}
    left_out: set[int] = set()
    for page in pages:
        items = list(page.items)
        if flow and items:
            last, first = flow[-1], items[0]
            if isinstance(last, PageTable) and isinstance(first, PageTable) and is_same_table(last, first):
                whole = joined_table(last, first)
                flow[-1] = whole.table
                left_out |= whole.left_out
                if whole.repeated:
                    repeated.setdefault(whole.repeated, []).append(first.page)
                if whole.divided:
                    divided.setdefault(whole.divided, []).append(first.page)
                items = items[1:]
            else:
                items = _join_first(flow, items)
        flow += held
        flow += items
        held = page.notes
    flow += held
    told = (
        (repeated, FindingKind.LEFT_OUT, _("the header of the table is repeated on the next page")),
        (divided, FindingKind.CHANGED, _("a row of the table that a page break divided was joined")),
    )
    findings = [
        Finding(kind, message, on_pages(numbers), words)
        for found, kind, message in told
        for words, numbers in found.items()
    ]
    return Flow(flow, findings, left_out)


def _join_first(flow: list[Item], items: list[Item]) -> list[Item]:
    """Join the first paragraph with the last one before it, if it goes on, and return the other items."""
    last, first = flow[-1], items[0]
    if isinstance(last, Paragraph) and isinstance(first, Paragraph) and continues(last, first):
        flow[-1] = joined(last, first)
        return items[1:]
    return items


def _box(item: PageTable | PagePicture) -> Box:
    return item.grid.box if isinstance(item, PageTable) else item.box


def _height(item: Item) -> float:
    """Return the height by which items are sorted: text may stand beside a picture, which follows where it begins."""
    if isinstance(item, Paragraph):
        return item.lines[0].box.top
    box = _box(item)
    return box.top if isinstance(item, PageTable) else (box.top + box.bottom) / 2


def _is_in(box: Box, region: Region, later: Sequence[Region]) -> bool:
    """Tell whether a table or picture stands in a region, or before the next one."""
    if region.is_column and not region.box.x0 - 10 <= box.middle <= region.box.x1 + 10:
        return False
    following = [each.box.top for each in later if each.box.top >= region.box.bottom - 1]
    return box.top < min(following, default=float("inf"))


def _without_notes(page: Page, items: list[Item], frame: TextFrame) -> PageItems:
    """Return the items of a page, with the footnotes apart."""
    start = len(items)
    while start and (item := items[start - 1]) and isinstance(item, Paragraph):
        first = item.lines[0]
        if first.style.size > _SMALLER * frame.size or first.box.top < _FOOT * page.height or item.alignment:
            break
        start -= 1
    notes = [each for each in items[start:] if isinstance(each, Paragraph)]
    if not notes or not _NOTE.match(notes[0].text):
        return PageItems(tuple(items))
    top = notes[0].lines[0].box.top
    has_line = any(
        each.horizontal
        and _NOTE_LINE[0] * page.width < each.box.width < _NOTE_LINE[1] * page.width
        and top - 3 * frame.size < each.box.top < top + 0.5 * frame.size
        for each in page.rulings
    )
    return PageItems(tuple(items[:start]), tuple(notes)) if has_line else PageItems(tuple(items))
