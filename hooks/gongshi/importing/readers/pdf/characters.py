"""The characters of a page with their places and looks, read through pdfium."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.page_layout.model import DESCENT, Box, Glyph, TextStyle
from gongshi.importing.readers.page_layout.text.box_index import BoxIndex
from gongshi.importing.readers.pdf.page_objects import PageSpace, address_of

_MAX_CHARACTERS: Final = 100_000
"""The maximum number of characters of a page."""
_FORCE_BOLD: Final = 1 << 18
_ITALIC: Final = 1 << 6
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_NO_INK = 0.05
"""Characters without a name whose drawing is smaller are blanks, in points."""
_HYPHENATION: Final = frozenset((2, 0xAD, 0xFFFE))
"""Codes that pdfium returns for a hyphen at the end of a line."""
_REPLACEMENT_TEXT: Final = b"ActualText"
_MAX_MARKS: Final = 64
_PAGE_PARTS: Final = frozenset(("Header", "Footer", "Watermark", "PageNum", "Pagination", "Background"))
"""Kinds of what is not part of the text (ISO 32000-1, table 330)."""
INVISIBLE: Final = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_BOLD_MODES: Final = (pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP)


@dataclass(frozen=True)
class TextObject:
    """The properties that all characters of a text object share."""

    style: TextStyle
    angle: int
    mode: int
    """Its text rendering mode (ISO 32000-1, table 106)."""
    embedded: bool
    """Its font is part of the file, so it looks the same everywhere."""
    furniture: bool
    address: int
    """Its address in pdfium, by which `PageObjects` names it."""


@dataclass(frozen=True)
class PdfCharacter:
    """A character with what tells whether it is seen."""

    glyph: Glyph
    ink: Box
    """Its box on the page."""
    source: TextObject


def read_characters(page: pypdfium2.PdfPage, space: PageSpace, first_number: int) -> list[PdfCharacter]:
    """Return the characters of a page in the order of the file.

    Args:
        page: the page.
        space: where places are shown.
        first_number: the number of its first character.

    Raises:
        UnreadableFileError: it has more than 100,000 characters.
    """
    with _text_page(page) as text:
        count = pdfium.FPDFText_CountChars(text)
        if count > _MAX_CHARACTERS:
            message = _(
                "a page has more than {count} characters; divide the file, or attach it to an entry made by hand"
            )
            raise UnreadableFileError(message.format(count=_MAX_CHARACTERS))
        reader = _CharacterReader(text, space)
        return [each for index in range(count) if (each := reader.read(index, first_number + index))]


def ignore_replacement_texts(texts: Sequence[Any]) -> None:
    """Let pdfium read what text objects draw: a file may name another text for them (ISO 32000-1, 14.9.4).

    Args:
        texts: the text objects of a page, for pdfium; changed in memory.
    """
    length = ctypes.c_ulong()
    for text in texts:
        for number in reversed(range(min(pdfium.FPDFPageObj_CountMarks(text), _MAX_MARKS))):
            mark = pdfium.FPDFPageObj_GetMark(text, number)
            if pdfium.FPDFPageObjMark_GetParamStringValue(mark, _REPLACEMENT_TEXT, None, 0, length):
                pdfium.FPDFPageObj_RemoveMark(text, mark)


@contextmanager
def _text_page(page: pypdfium2.PdfPage) -> Iterator[Any]:
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        raise pypdfium2.PdfiumError("no text")
    try:
        yield text
    finally:
        pdfium.FPDFText_ClosePage(text)


class _CharacterReader:
    """Reads characters of a page.

    Args:
        text: the text of the page, for pdfium.
        space: where places are shown.
    """

    def __init__(self, text: Any, space: PageSpace) -> None:
        self._text = text
        self._space = space
        self._objects: dict[int, tuple[int, TextObject]] = {}
        self._box = pdfium.FS_RECTF()
        self._sides = tuple(ctypes.c_double() for _side in range(4))
        self._origin = ctypes.c_double(), ctypes.c_double()

    def read(self, index: int, number: int) -> PdfCharacter | None:
        """Return a character; None for blanks and line ends that pdfium adds.

        Args:
            index: its number for pdfium.
            number: its number in the file.
        """
        text, box = self._text, self._box
        code = pdfium.FPDFText_GetUnicode(text, index)
        handle = pdfium.FPDFText_GetTextObject(text, index)
        if not handle or pdfium.FPDFText_IsGenerated(text, index) == 1 or code in (10, 13):
            return None
        letter = "-" if code in _HYPHENATION else chr(code)
        if code == 0 or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1:
            letter = "\N{REPLACEMENT CHARACTER}"
        run, source = self._object(handle, index)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        loose = self._space.shown(box.left, box.bottom, box.right, box.top)
        left, right, bottom, top = self._sides
        pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        ink = self._space.shown(left.value, bottom.value, right.value, top.value)
        x, y = self._origin
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        origin = self._space.shown(x.value, y.value, x.value, y.value)
        if not all(map(math.isfinite, (*loose, *origin))):
            return None
        if letter == "\N{REPLACEMENT CHARACTER}" and min(ink.width, ink.height) < _NO_INK:
            letter = " "
        place = _box(loose, origin, source)
        glyph = Glyph(letter, place, source.style, run, number, source.angle, furniture=source.furniture)
        return PdfCharacter(glyph, ink if all(map(math.isfinite, ink)) else loose, source)

    def _object(self, handle: Any, index: int) -> tuple[int, TextObject]:
        address = address_of(handle)
        if address not in self._objects:
            self._objects[address] = len(self._objects), self._read_object(handle, index)
        return self._objects[address]

    def _read_object(self, handle: Any, index: int) -> TextObject:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text, index, matrix)
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        turn = round(-math.degrees(math.atan2(matrix.b, matrix.a))) if matrix.a or matrix.b else 0
        size = round(abs(pdfium.FPDFText_GetFontSize(self._text, index)) * scale, 1)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
        name, flags = self._font(index)
        red, green, blue, alpha = (ctypes.c_uint(0) for _channel in range(4))
        alpha.value = 255
        colour = pdfium.FPDFText_GetFillColor
        if mode in (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP):
            colour = pdfium.FPDFText_GetStrokeColor
        colour(self._text, index, red, green, blue, alpha)
        bold = any(word in name.lower() for word in _BOLD_NAMES) or bool(flags & _FORCE_BOLD) or mode in _BOLD_MODES
        style = TextStyle(
            name, size or 0.1, bold, bool(flags & _ITALIC), (red.value, green.value, blue.value), alpha.value
        )
        embedded = pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(handle)) == 1
        return TextObject(
            style, (turn + 90 * self._space.quarters) % 360, mode, embedded, _is_furniture(handle), address_of(handle)
        )

    def _font(self, index: int) -> tuple[str, int]:
        flags = ctypes.c_int()
        length = pdfium.FPDFText_GetFontInfo(self._text, index, None, 0, flags)
        buffer = ctypes.create_string_buffer(max(1, min(length, 500)))
        pdfium.FPDFText_GetFontInfo(self._text, index, buffer, len(buffer), flags)
        name = buffer.value.decode("utf-8", "replace")
        prefix, plus, rest = name.partition("+")
        return (rest if plus and len(prefix) == 6 else name), flags.value


def _box(loose: Box, origin: Box, source: TextObject) -> Box:
    """Return the place of a character: from step to step along the line, across it by its size."""
    above, below = source.style.size * (1 - DESCENT), source.style.size * DESCENT
    if source.angle == 90:
        return loose._replace(x0=origin.x0 - below, x1=origin.x0 + above)
    if source.angle == 180:
        return loose._replace(top=origin.top - below, bottom=origin.top + above)
    if source.angle == 270:
        return loose._replace(x0=origin.x0 - above, x1=origin.x0 + below)
    if source.angle:
        return loose
    return loose._replace(top=origin.top - above, bottom=origin.top + below)


def _is_furniture(handle: Any) -> bool:
    """Tell whether the file marks a text object as header, footer or watermark."""
    for number in range(min(pdfium.FPDFPageObj_CountMarks(handle), 16)):
        mark = pdfium.FPDFPageObj_GetMark(handle, number)
        if _mark_text(pdfium.FPDFPageObjMark_GetName, mark) != "Artifact":
            continue
        kinds = {_mark_text(pdfium.FPDFPageObjMark_GetParamStringValue, mark, key) for key in (b"Type", b"Subtype")}
        if kinds & _PAGE_PARTS:
            return True
    return False


def _mark_text(function: Any, mark: Any, *arguments: bytes) -> str:
    buffer = (pdfium.FPDF_WCHAR * 100)()
    length = ctypes.c_ulong()
    if not function(mark, *arguments, buffer, ctypes.sizeof(buffer), length):
        return ""
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0]


def without_hidden(found: list[PdfCharacter], hidden: Container[int]) -> list[Glyph]:
    """Return the characters that are seen.

    Args:
        found: all characters.
        hidden: the numbers of those that are not.
    """
    return [each.glyph for each in found if each.glyph.number not in hidden]


def with_links(glyphs: list[Glyph], links: list[tuple[Box, str]]) -> list[Glyph]:
    """Return the characters with the addresses to which they lead.

    Args:
        glyphs: characters of a page.
        links: places and addresses of its links.
    """
    if not links:
        return glyphs
    index = BoxIndex(links)
    found = [(each, next((to for box, to in index.at(each.box) if box.holds(each.box)), None)) for each in glyphs]
    return [replace(glyph, link=address) if address else glyph for glyph, address in found]
