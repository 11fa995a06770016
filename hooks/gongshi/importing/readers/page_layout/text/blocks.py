"""Blocks of a document and their HTML, in the small subset that `importing.document` describes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from gongshi.importing.readers.page_layout.model import Glyph, PagePicture, TextStyle
from gongshi.importing.readers.page_layout.text.text_lines import Line, with_gaps

LINE_BREAK: Final = "\n"
"""The text of a piece that is a line break."""
WITHOUT_HYPHEN: Final = "\xad"
"""The joint of lines of which the first ends in a hyphen that only divides a word."""
_RAISED_SIZE = 0.8
_RAISED_BY = 0.15
_LOWERED_BY = 0.08


@dataclass(frozen=True)
class Piece:
    """Text of one look, or a line break."""

    text: str
    bold: bool = False
    position: str = ""
    """`sup` for raised, `sub` for lowered."""
    underlined: bool = False
    struck: bool = False
    link: str | None = None


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or heading."""

    element: str
    """`p`, or `h2` to `h4`."""
    alignment: str
    """`center`, `right`, or empty."""
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class PictureBlock:
    """A picture in a paragraph of its own."""

    picture: PagePicture


@dataclass(frozen=True)
class TableCell:
    """A cell of a table."""

    row: int
    column: int
    row_span: int
    column_span: int
    content: tuple[Piece, ...]
    alignment: str = ""
    pictures: tuple[PagePicture, ...] = ()
    numbers: tuple[int, ...] = ()
    """The numbers of its characters in reading order."""
    is_full: bool = False
    """Its last line is as long as the cell is wide, so it may go on behind a page break."""

    @property
    def text(self) -> str:
        """Its text without line breaks and blanks."""
        return "".join("".join(each.text.split()) for each in self.content)


@dataclass(frozen=True)
class TableBlock:
    """A table."""

    rows: int
    cells: tuple[TableCell, ...]
    header_rows: int = 0

    def row_texts(self, row: int) -> list[str]:
        """Return the texts of the cells that begin in a row.

        Args:
            row: its number, from 0.
        """
        return [each.text for each in self.cells if each.row == row]


Block = TextBlock | PictureBlock | TableBlock


def line_pieces(line: Line) -> list[Piece]:
    """Return the text of a line by looks.

    Args:
        line: the line.
    """
    main = max(line.glyphs, key=lambda each: each.style.size).style
    looks: list[tuple[tuple[bool, str, bool, bool, str | None], list[str]]] = []
    for before, glyph in with_gaps(line.glyphs):
        look = (
            glyph.style.bold,
            "" if line.vertical else _position(glyph, main, line.baseline),
            glyph.underlined and not glyph.link,
            glyph.struck,
            glyph.link,
        )
        text = glyph.text if line.vertical else before + glyph.text
        if looks and looks[-1][0] == look:
            looks[-1][1].append(text)
        else:
            looks.append((look, [text]))
    return merge_pieces(Piece("".join(texts), *look) for look, texts in looks)


def _position(glyph: Glyph, main: TextStyle, baseline: float) -> str:
    if glyph.style.size > _RAISED_SIZE * main.size or not glyph.text.strip():
        return ""
    raised = baseline - glyph.baseline
    if raised > _RAISED_BY * main.size:
        return "sup"
    return "sub" if raised < -_LOWERED_BY * main.size else ""


def join_line_pieces(lines: Sequence[Line], joints: Sequence[str]) -> tuple[Piece, ...]:
    """Return the text of lines that belong together.

    Args:
        lines: the lines, from the top.
        joints: what stands between them: blanks, a line break with the blanks behind it, or `WITHOUT_HYPHEN`.
    """
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        joint = joints[number - 1] if number else ""
        if joint == WITHOUT_HYPHEN:
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text[:-1])
        elif joint.startswith(LINE_BREAK):
            pieces.append(Piece(LINE_BREAK))
            joint = joint[1:]
        if joint not in ("", WITHOUT_HYPHEN):
            pieces.append(Piece(joint))
        pieces += line_pieces(line)
    return tuple(merge_pieces(pieces))


def merge_pieces(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces in which neighbours of the same look are one.

    Args:
        pieces: in reading order.
    """
    merged: list[Piece] = []
    for piece in pieces:
        if merged and LINE_BREAK not in (merged[-1].text, piece.text):
            last = merged[-1]
            # Blanks have no look of their own.
            if not piece.text.strip() and last.text.strip():
                piece = replace(last, text=piece.text)
            if replace(last, text="") == replace(piece, text=""):
                merged[-1] = replace(last, text=last.text + piece.text)
                continue
        merged.append(piece)
    return merged


def to_html(blocks: Iterable[Block]) -> str:
    """Return the HTML of blocks.

    Args:
        blocks: in reading order.
    """
    return "\n".join(map(_block_html, blocks))


def _block_html(block: Block) -> str:
    if isinstance(block, PictureBlock):
        return f"<p>{_picture_html(block.picture)}</p>"
    if isinstance(block, TableBlock):
        return _table_html(block)
    alignment = f' class="{block.alignment}"' if block.alignment else ""
    bold = block.element == "p"
    return f"<{block.element}{alignment}>{_pieces_html(block.pieces, bold)}</{block.element}>"


def _picture_html(picture: PagePicture) -> str:
    width = f' width="{picture.width}"' if picture.width else ""
    seal = ' class="seal"' if picture.is_seal else ""
    return f'<img src="{escape(picture.name)}" alt=""{width}{seal}>'


def _pieces_html(pieces: Iterable[Piece], with_bold: bool) -> str:
    return "".join(_piece_html(each, with_bold) for each in pieces)


def _piece_html(piece: Piece, with_bold: bool) -> str:
    if piece.text == LINE_BREAK:
        return "<br>"
    html = escape(piece.text)
    if not piece.text.strip():
        return f"<u>{html}</u>" if piece.underlined else html
    marks = (
        ("strong", piece.bold and with_bold),
        ("u", piece.underlined),
        ("s", piece.struck),
        (piece.position, bool(piece.position)),
    )
    for name, is_set in marks:
        if is_set:
            html = f"<{name}>{html}</{name}>"
    return f'<a href="{escape(piece.link)}">{html}</a>' if piece.link else html


def _table_html(table: TableBlock) -> str:
    rows: list[list[str]] = [[] for _row in range(table.rows)]
    for cell in table.cells:
        element = "th" if cell.row < table.header_rows else "td"
        attributes = "".join(
            f' {name}="{value}"'
            for name, value, usual in (
                ("rowspan", cell.row_span, 1),
                ("colspan", cell.column_span, 1),
                ("class", cell.alignment, ""),
            )
            if value != usual
        )
        content = _pieces_html(cell.content, element == "td") + "".join(map(_picture_html, cell.pictures))
        rows[cell.row].append(f"<{element}{attributes}>{content}</{element}>")
    return "<table>\n" + "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows) + "</table>"
