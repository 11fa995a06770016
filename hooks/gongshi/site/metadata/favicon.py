"""The site's icons: the first character of the unit's name on its colour; as .ico a drawing without letters."""

from __future__ import annotations

import re
import struct
import unicodedata
from html import escape
from io import BytesIO
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from gongshi.common.colours import WHITE, luminance

if TYPE_CHECKING:
    from PIL import Image

COLOUR = "#1d4f91"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MAX_MARKS = 8
_DARK_LUMINANCE = 0.179
"""Up to this luminance white text has the higher contrast, above it black text (WCAG 2.1, contrast ratio)."""
_ICO_SIZES = (16, 32, 48)
"""In pixels; tabs, bookmarks and desktops ask for these."""
_OVERSAMPLING = 8
"""So many times larger the drawing is made before it is reduced, which smooths its edges."""


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
    images = [_scaled(picture, size) if picture else _sheet(colour, size) for size in _ICO_SIZES]
    parts = [_bitmap(image) for image in images]
    head, place = struct.pack("<3H", 0, 1, len(parts)), 6 + 16 * len(parts)
    for size, part in zip(_ICO_SIZES, parts, strict=True):
        head += struct.pack("<4B2H2I", size, size, 0, 0, 1, 32, len(part), place)
        place += len(part)
    return head + b"".join(parts)


def _sheet(colour: str, size: int) -> Image.Image:
    """Draw a sheet with three lines of text in the middle of a square with round corners."""
    from PIL import Image, ImageDraw

    unit = size * _OVERSAMPLING / 16
    image = Image.new("RGBA", (size * _OVERSAMPLING,) * 2, (*Image.new("RGB", (1, 1), colour).tobytes(), 0))
    draw = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
        return round(left * unit), round(top * unit), round(right * unit) - 1, round(bottom * unit) - 1

    draw.rounded_rectangle(box(0, 0, 16, 16), round(3 * unit), fill=colour)
    draw.rectangle(box(4, 3, 12, 13), fill=WHITE)
    for top, right in ((5, 11), (7, 11), (9, 9)):
        draw.rectangle(box(5, top, right, top + 1), fill=colour)
    return image.reduce(_OVERSAMPLING)


def _scaled(picture: bytes, size: int) -> Image.Image:
    """Return a picture in the middle of a transparent square."""
    from PIL import Image

    with Image.open(BytesIO(picture), formats=("PNG",)) as read:
        image = read.convert("RGBA")
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    square = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    square.paste(image.resize((width, height), Image.Resampling.LANCZOS), ((size - width) // 2, (size - height) // 2))
    return square


def _bitmap(image: Image.Image) -> bytes:
    """Return a picture as icons hold it: a header, rows of pixels from below, an empty mask, as the alpha counts."""
    width, height = image.size
    head = struct.pack("<I2i2H2I2i2I", 40, width, 2 * height, 1, 32, 0, 0, 0, 0, 0, 0)
    mask = bytes((width + 31) // 32 * 4 * height)
    return head + image.tobytes("raw", "BGRA", 0, -1) + mask
