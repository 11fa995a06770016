"""Puts the text of pages together again: paragraphs, headings, tables and pictures in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.flow import Item, join_pages, read_page
from gongshi.importing.readers.page_layout.model import Page, TextStyle
from gongshi.importing.readers.page_layout.page_furniture import (
    Furniture,
    PageRows,
    find_furniture,
    is_askew_watermark,
)
from gongshi.importing.readers.page_layout.page_parts import PageParts, prepare_page
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.page_layout.tables.cells import PageTable
from gongshi.importing.readers.page_layout.text.blocks import (
    WITHOUT_HYPHEN,
    Block,
    PictureBlock,
    TextBlock,
    join_line_pieces,
    line_pieces,
    to_html,
)
from gongshi.importing.readers.page_layout.text.columns import Region, find_regions, has_columns_of_words
from gongshi.importing.readers.page_layout.text.frames import TextFrame, document_frame, usual_style
from gongshi.importing.readers.page_layout.text.headings import HeadingRules, find_heading_rules
from gongshi.importing.readers.page_layout.text.paragraphs import Paragraph
from gongshi.importing.readers.page_layout.text.text_lines import (
    Line,
    find_lines,
    find_segments,
    is_right_to_left,
    join_lines,
    join_segments,
)
from gongshi.importing.readers.page_layout.visible_text import TextPlace, visible_text

_WORD = re.compile(r"[A-Za-z]{2,}")
_DIVIDED = re.compile(r"([A-Za-z]+)-$")
_SOFT_HYPHEN: Final = "\xad"


@dataclass(frozen=True)
class LaidOut:
    """The text of pages, put together."""

    html: str
    visible_text: str
    findings: tuple[Finding, ...]


def lay_out(pages: Sequence[Page]) -> LaidOut:
    """Return the text of pages as HTML.

    Args:
        pages: the visible content of each page.
    """
    parts = [prepare_page(each) for each in pages]
    rows = [PageRows(each.page, find_lines(each.text)) for each in parts]
    usual = usual_style(line for each in rows for line in each.lines) or usual_style(
        Line(each.page.glyphs) for each in parts if each.page.glyphs
    )
    if usual is None:
        pictures = [PictureBlock(picture) for each in parts for picture in each.page.pictures]
        return LaidOut(to_html(pictures), "", ())
    furniture = find_furniture(rows, usual)
    watermarks, kept_turned = _askew(parts, usual)
    told = furniture.glyph_numbers() | watermarks.glyph_numbers()
    regions = [
        find_regions(
            find_segments([glyph for glyph in each.text if glyph.number not in told]),
            [*(table.grid.box for table in each.tables), *(picture.box for picture in each.pictures)],
        )
        for each in parts
    ]
    frame = _frame(parts, regions, usual)
    in_columns = [
        each.page.number for each, found in zip(parts, regions, strict=True) if any(map(has_columns_of_words, found))
    ]
    flow = join_pages(
        read_page(each.page, found, each.tables, each.pictures, frame)
        for each, found in zip(parts, regions, strict=True)
    )
    joints = _Joints(flow.items)
    blocks = [*_blocks(flow.items, usual, joints)]
    blocks += [TextBlock("p", "", tuple(line_pieces(line))) for each in kept_turned for line in each]
    text = visible_text(
        [each.page for each in parts], told | joints.hyphens | flow.left_out, _places(flow.items, kept_turned)
    )
    order = [*(finding for each in parts for finding in each.findings), *furniture.findings, *watermarks.findings]
    order += _order_findings(in_columns, text.reordered)
    return LaidOut(to_html(blocks), text.text, (*order, *flow.findings, *joints.findings(), *_right_to_left(parts)))


def _order_findings(in_columns: Sequence[int], reordered: Sequence[int]) -> Iterable[Finding]:
    """Yield what is to be told about the order of words, by the numbers of pages."""
    if in_columns:
        message = _("words stand in columns without lines between them; look whether this is to be a table")
        yield Finding(FindingKind.CHECK, message, on_pages(in_columns))
    if reordered:
        message = _(
            "inside the file the words are in another order than on the page; they were taken over as they are placed "
            "on the page: compare their order and the cells of tables"
        )
        yield Finding(FindingKind.CHECK, message, on_pages(reordered))


def _places(items: Sequence[Item], turned: Iterable[Sequence[Line]]) -> dict[int, TextPlace]:
    """Return the place of each character in the paragraphs and cells, by its number."""
    groups: list[Iterable[int]] = []
    for item in items:
        if isinstance(item, Paragraph):
            groups.append([glyph.number for line in item.lines for glyph in line.glyphs])
        elif isinstance(item, PageTable):
            groups += [cell.numbers for cell in item.block.cells]
    groups += [[glyph.number for glyph in line.glyphs] for lines in turned for line in lines]
    return {
        number: TextPlace(block, position)
        for block, numbers in enumerate(groups)
        for position, number in enumerate(numbers)
    }


def _frame(parts: Sequence[PageParts], regions: Sequence[Sequence[Region]], usual: TextStyle) -> TextFrame:
    whole = [join_segments(region.segments) for page in regions for region in page if not region.is_column]
    widths = Counter(round(each.page.width) for each in parts)
    return document_frame(whole, usual.size, widths.most_common(1)[0][0])


def _askew(parts: Sequence[PageParts], usual: TextStyle) -> tuple[Furniture, list[list[Line]]]:
    """Return watermarks among the text that is not level, and by pages the lines that are none."""
    counts = Counter(line.text for each in parts for line in each.turned)
    dropped: dict[int, list[Line]] = {}
    kept: list[list[Line]] = []
    findings: list[Finding] = []
    for each in parts:
        marks = [
            line
            for line in each.turned
            if line.glyphs[0].angle % 90 and is_askew_watermark(line.glyphs, usual, counts[line.text] > 1)
        ]
        dropped[each.page.number] = marks
        kept.append([line for line in each.turned if line not in marks])
    texts: dict[str, list[int]] = {}
    for number, lines in dropped.items():
        for line in lines:
            texts.setdefault(line.text, []).append(number)
    message = _("a watermark is not part of the text")
    findings += [Finding(FindingKind.LEFT_OUT, message, on_pages(pages), text) for text, pages in texts.items()]
    return Furniture(dropped, tuple(findings)), kept


def _right_to_left(parts: Iterable[PageParts]) -> Iterable[Finding]:
    pages = [each.page.number for each in parts if each.text and is_right_to_left(each.text)]
    if pages:
        message = _("the text runs from right to left; compare its order with the file")
        yield Finding(FindingKind.CHECK, message, on_pages(pages))


def _blocks(items: Sequence[Item], usual: TextStyle, joints: _Joints) -> Iterable[Block]:
    rules = find_heading_rules([each for each in items if isinstance(each, Paragraph)], usual)
    for item in items:
        if isinstance(item, PageTable):
            yield item.block
        elif isinstance(item, Paragraph):
            yield _text_block(item, rules, joints)
        else:
            yield PictureBlock(item)


def _text_block(paragraph: Paragraph, rules: HeadingRules, joints: _Joints) -> TextBlock:
    pieces = join_line_pieces(paragraph.lines, joints.between(paragraph))
    return TextBlock(rules.element(paragraph), paragraph.alignment, pieces)


class _Joints:
    """Chooses what stands for line ends; a hyphen goes only if the whole word also stands elsewhere.

    Args:
        items: the items of the document.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        lines = [line for each in items if isinstance(each, Paragraph) for line in each.lines]
        divided = any(_DIVIDED.search(line.text) for line in lines)
        self._words = {word.lower() for line in lines for word in _WORD.findall(line.text)} if divided else set()
        self.hyphens: set[int] = set()
        """The numbers of the hyphens that were removed."""
        self._changed: list[str] = []

    def between(self, paragraph: Paragraph) -> list[str]:
        """Return what stands between the lines of a paragraph.

        Args:
            paragraph: the paragraph.
        """
        return [
            known or self._joint(before, after)
            for before, after, known in zip(paragraph.lines, paragraph.lines[1:], paragraph.breaks, strict=False)
        ]

    def _joint(self, before: Line, after: Line) -> str:
        divided, rest = _DIVIDED.search(before.text), _WORD.match(after.text)
        is_soft = before.text.endswith(_SOFT_HYPHEN)
        if is_soft or (divided and rest and (divided[1] + rest[0]).lower() in self._words):
            self.hyphens.add(before.glyphs[-1].number)
            if divided and rest:
                self._changed.append(divided[1] + rest[0])
            return WITHOUT_HYPHEN
        return join_lines(before.text, after.text)

    def findings(self) -> Iterable[Finding]:
        """Yield what is to be told about the words that were joined."""
        if self._changed:
            message = _("words that a hyphen divided at the end of a line were joined")
            yield Finding(FindingKind.CHANGED, message, "", ", ".join(self._changed))
