"""Prepares the text of a Word document, so that mammoth converts all of it to the HTML of `document`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, UnreadableFileError
from gongshi.importing.readers.word.parts.numbering import Label
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of
from gongshi.importing.readers.word.parts.styles import RunLook, StyleSheet
from gongshi.importing.readers.word.text import captions, conversion, tables
from gongshi.importing.readers.word.text.headings import heading_levels, title_lines
from gongshi.importing.readers.word.text.inline_text import Told, checked_links, tidy_pieces, without_leading_blanks
from gongshi.importing.readers.word.text.layout import PageLayout
from gongshi.importing.readers.word.text.lines import Line, LineReader, Piece, map_looks, write_line
from gongshi.importing.readers.word.text.notes import note_paragraphs, settle_notes
from gongshi.importing.readers.word.text.stories import NOTE_KINDS, note_roots, unwrap_containers

_BY_ALIGNMENT: Final = {"": "GsP", "center": "GsCenter", "right": "GsRight"}
_MOSTLY: Final = 0.6


class TextPreparation:
    """Prepares a document.

    Args:
        package: the document; changed in place.
        styles: its styles.
        labels: the numbers before its paragraphs.
    """

    def __init__(self, package: WordPackage, styles: StyleSheet, labels: Mapping[_Element, Label]) -> None:
        self._package = package
        self._labels = labels
        self._reader = LineReader(styles, labels)
        self._told = Told(place_of)
        self._links = package.relationships(package.main)
        self._layout = PageLayout.of(package)
        self._drops_bold = False

    def prepare(self) -> tuple[Finding, ...]:
        """Prepare the text and the notes, and return what changes in them.

        Raises:
            UnreadableFileError: the main part has no text.
        """
        body = self._package.document.find(tag("w:body"))
        if body is None:
            raise UnreadableFileError(_("the file is damaged; open it in Word or WPS, save it as .docx and try again"))
        for root in (
            self._package.document,
            *(root for kind in NOTE_KINDS for root in note_roots(self._package, kind)),
        ):
            unwrap_containers(root)
            tables.empty_covered_cells(root, self._told)
        settle_notes(self._package, self._told)
        tables.free_frames(body)
        tables.flatten_inner_tables(body, self._labels, self._told)
        captions.join_drop_caps(body)
        self._prepare_body(body)
        for part, note in note_paragraphs(self._package):
            self._prepare_note(part, note)
        for part in (*self._package.related("styles"), *self._package.related("numbering")):
            del self._package.xml(part)[:]  # All of it is in the paragraphs now; mammoth refuses some of it.
        return tuple(self._told.findings)

    def _prepare_body(self, body: _Element) -> None:
        blocks = self._blocks(body)
        self._drops_bold = _bold_share(blocks) > _MOSTLY
        titles = title_lines(blocks)
        levels = heading_levels([None if index in titles else block for index, block in enumerate(blocks)])
        roles = captions.caption_styles(blocks)
        open_levels: list[int] = []
        for index, block in enumerate(blocks):
            if block is None or index in levels or index in titles or index in roles or not _is_item(block):
                open_levels.clear()
            if block is None:
                continue
            if index in levels:
                self._write_heading(block, levels[index])
            elif index in titles or index in roles:
                self._write(block, roles.get(index, "GsCenter"), is_placed=True)
            elif _is_item(block):
                self._write_item(block, open_levels)
            else:
                side = self._layout.alignment(block)
                self._write(block, _BY_ALIGNMENT[side], is_placed=bool(side))

    def _blocks(self, body: _Element) -> list[Line | None]:
        """Return the lines at the top level; tables are prepared at once."""
        blocks: list[Line | None] = []
        for child in list(body):
            if child.tag == tag("w:p"):
                line = self._reader.read(child)
                if line.is_empty or line.is_lone_bullet:
                    body.remove(child)
                else:
                    blocks.append(line)
            elif child.tag == tag("w:tbl") and tables.has_cells(child):
                self._prepare_table(child)
                blocks.append(None)
            else:
                body.remove(child)
        return blocks

    def _prepare_table(self, table: _Element) -> None:
        style = _table_style(table)
        rows, grid = tables.regular_grid(table)
        lines = [
            [
                [self._reader.read(each, style) for each in cell.element.iterchildren(tag("w:p"))]
                if cell.element is not None and not cell.goes_on
                else []
                for cell in row
            ]
            for row in grid
        ]
        headers = tables.header_rows(rows) or self._implied_headers(style, grid, lines)
        for number, row in enumerate(lines):
            for cell in row:
                for line in cell:
                    self._write(line, _BY_ALIGNMENT[line.look.alignment], is_header=number < headers)
        tables.write_table(table, rows, grid, headers)

    def _implied_headers(self, style: str, grid: list[list[tables.Cell]], lines: list[list[list[Line]]]) -> int:
        """Return 1 if the first row looks like a header: bold or shaded, unlike the second, or with 序号 in front."""
        if len(lines) < 2 or len(lines[0]) < 2:
            return 0
        first, second = ([line for cell in row for line in cell if not line.is_empty] for row in lines[:2])
        if not first:
            return 0
        stands_out = all(line.is_bold for line in first) and not all(line.is_bold for line in second)
        shaded = [
            all(cell.element is not None and tables.is_shaded(cell.element) for cell in row if not cell.goes_on)
            for row in grid[:2]
        ]
        is_numbered = first[0].full_text.replace(" ", "").replace("\u3000", "") in ("序号", "编号")
        in_style = bool(style) and self._reader.styles.first_row_is_bold(style)
        return int(stands_out or shaded == [True, False] or is_numbered or in_style)

    def _prepare_note(self, part: str, note: _Element) -> None:
        self._links = self._package.relationships(part)
        for table in reversed(list(note.iter(tag("w:tbl")))):
            tables.flatten_table(table, self._labels)
        for paragraph in list(note):
            if paragraph.tag == tag("w:p"):
                self._write(self._reader.read(paragraph), "GsP")
            else:
                note.remove(paragraph)

    def _write_heading(self, line: Line, level: int) -> None:
        pieces = map_looks(self._pieces(line), _heading_look)
        between = " " if line.text.isascii() else ""
        joined = [replace(piece, text=piece.text.replace("\n", between)) for piece in without_leading_blanks(pieces)]
        label = None if line.label is None or line.label.kind == "bullet" else line.label
        write_line(line.element, f"GsH{level}", _with_label(joined, label))

    def _write_item(self, line: Line, open_levels: list[int]) -> None:
        """Write an item of a list, one level deeper than the last open one that stands above it."""
        label = line.label
        assert label is not None
        while open_levels and open_levels[-1] > label.level:
            open_levels.pop()
        if not open_levels or open_levels[-1] < label.level:
            open_levels.append(label.level)
        name = conversion.UNORDERED if label.kind == "bullet" else conversion.ORDERED
        mark = f"{conversion.VALUE_MARK}{label.value}" if label.kind == "decimal" else ""
        depth = min(len(open_levels), conversion.LIST_DEPTH)
        write_line(line.element, f"{name}{depth}", without_leading_blanks(self._pieces(line)), mark)

    def _write(self, line: Line, style: str, *, is_placed: bool = False, is_header: bool = False) -> None:
        pieces = self._pieces(line)
        if is_placed:
            pieces = without_leading_blanks(pieces)
        if is_header:
            pieces = map_looks(pieces, lambda look: replace(look, bold=False))
        write_line(line.element, style, _with_label(pieces, line.label))

    def _pieces(self, line: Line) -> list[Piece]:
        self._told.at = line.element
        pieces = list(line.pieces)
        if self._drops_bold:
            pieces = map_looks(pieces, lambda look: replace(look, bold=False))
        return checked_links(tidy_pieces(pieces, self._told), self._links, self._told)


def _is_item(line: Line) -> bool:
    """Return whether a line is an item of a list that is written as one."""
    return line.label is not None and line.label.kind != "text" and bool(line.text.strip() or line.has_picture)


def _with_label(pieces: list[Piece], label: Label | None) -> list[Piece]:
    if label is None:
        return pieces
    text = without_leading_blanks(pieces)
    return [Piece(label.typed if text else label.text), *text]


def _heading_look(look: RunLook) -> RunLook:
    return replace(look, bold=False, italic=False, underline=False)


def _bold_share(blocks: list[Line | None]) -> float:
    pieces = [piece for line in blocks if line is not None for piece in line.pieces]
    total = sum(len(piece.text) for piece in pieces)
    return sum(len(piece.text) for piece in pieces if piece.look.bold) / total if total > 200 else 0.0


def _table_style(table: _Element) -> str:
    found = table.find(f"{tag('w:tblPr')}/{tag('w:tblStyle')}")
    return "" if found is None else found.get(tag("w:val"), "")
