"""The site's icons: the first character of the unit's name on its colour; as .ico a drawing without letters."""

from __future__ import annotations

import re
import struct
import unicodedata
from html import escape
from io import BytesIO
from itertools import islice, product, takewhile

from gongshi.common.colours import luminance

COLOUR = "#1d4f91"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MAX_MARKS = 8
_DARK_LUMINANCE = 0.179
"""Up to this luminance white text has the higher contrast, above it black text (WCAG 2.1, contrast ratio)."""
_ICO_SIZES = (16, 32, 48)
"""In pixels; tabs, bookmarks and desktops ask for these."""
_CELLS, _CORNER = 16, 3
"""The drawing is made on so many cells in width and height; the radius of its corners in cells."""
_LINE_ENDS = {5: 11, 7: 11, 9: 9}
"""The lines of text, by row: the cell after the last."""
_POINTS = (0.125, 0.375, 0.625, 0.875)
_WHITE = b"\xff\xff\xff\xff"


def favicon(text: str, colour: str = COLOUR) -> bytes:
    """Return an SVG icon that shows the first character of a name.

    Args:
        text: the unit's short name.
        colour: background, as `#rrggbb`.

    Raises:
        ValueError: the colour has another form.
    """
    if not _COLOUR.fullmatch(colour):
        raise ValueError(colour)
    ink = "#000" if luminance(colour) > _DARK_LUMINANCE else "#fff"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{colour}"/>'
        '<text x="32" y="33" font-family="Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, '
        f'sans-serif" font-size="42" font-weight="700" text-anchor="middle" dominant-baseline="central" fill="{ink}">'
        f"{escape(_first_character(text))}</text></svg>\n"
    ).encode()


def _first_character(text: str) -> str:
    """Return the first visible character with its combining marks."""
    visible = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] not in "CZ"]
    marks = takewhile(unicodedata.combining, visible[1:])
    return "".join((*visible[:1], *islice(marks, _MAX_MARKS))).upper()


def favicon_ico(colour: str = COLOUR, picture: bytes | None = None) -> bytes:
    """Return the icon that browsers and feed readers ask for at `/favicon.ico` whatever a page says.

    It shows the unit's picture, else a sheet of paper on its colour: letters would need a font, which differs from
    machine to machine. It is written without compression, so that it has the same bytes with every version of zlib.

    Args:
        colour: background, as `#rrggbb`.
        picture: a PNG that is about as wide as high; None if the unit has none.
    """
    parts = [_bitmap(size, _scaled(picture, size) if picture else _sheet(colour, size)) for size in _ICO_SIZES]
    head, place = struct.pack("<3H", 0, 1, len(parts)), 6 + 16 * len(parts)
    for size, part in zip(_ICO_SIZES, parts, strict=True):
        head += struct.pack("<4B2H2I", size, size, 0, 0, 1, 32, len(part), place)
        place += len(part)
    return head + b"".join(parts)


def _sheet(colour: str, size: int) -> bytes:
    """Draw a sheet with three lines of text in the middle of a square with round corners.

    It is drawn without Pillow: to load that for drawing takes more time than a build of a small site has to spare.

    Returns:
        The pixels as blue, green, red and alpha, row by row from below.
    """
    unit, ground = size // _CELLS, bytes.fromhex(colour[1:])[::-1] + b"\xff"
    rows = [
        b"".join((_WHITE if _is_paper(column, row) else ground) * unit for column in range(_CELLS))
        for row in reversed(range(_CELLS))
    ]
    pixels, last = bytearray(b"".join(row * unit for row in rows)), size - 1
    for x, y in product(range(_CORNER * unit), repeat=2):
        alpha = _coverage(x, y, _CORNER * unit)
        for across, down in product((x, last - x), (y, last - y)):
            pixels[4 * (down * size + across) + 3] = alpha
    return bytes(pixels)


def _is_paper(column: int, row: int) -> bool:
    """Tell whether a cell of the drawing is white."""
    return 4 <= column < 12 and 3 <= row < 13 and not 5 <= column < _LINE_ENDS.get(row, 0)


def _coverage(x: int, y: int, radius: int) -> int:
    """Return the alpha of a pixel, 0 to 255: less where a round corner cuts it, measured at 16 points."""
    points = product((radius - x - each for each in _POINTS), (radius - y - each for each in _POINTS))
    inside = sum(across**2 + down**2 <= radius**2 for across, down in points)
    return round(255 * inside / len(_POINTS) ** 2)


def _scaled(picture: bytes, size: int) -> bytes:
    """Return a picture in the middle of a transparent square, as `_sheet` does."""
    from PIL import Image

    with Image.open(BytesIO(picture), formats=("PNG",)) as read:
        image = read.convert("RGBA")
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    square = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    square.paste(image.resize((width, height), Image.Resampling.LANCZOS), ((size - width) // 2, (size - height) // 2))
    return square.tobytes("raw", "BGRA", 0, -1)


def _bitmap(size: int, pixels: bytes) -> bytes:
    """Return a picture as icons hold it: a header, rows of pixels from below, an empty mask, as the alpha counts."""
    head = struct.pack("<I2i2H2I2i2I", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    return head + pixels + bytes((size + 31) // 32 * 4 * size)
