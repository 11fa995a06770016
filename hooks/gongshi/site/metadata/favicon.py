"""The site's icon: the first character of the unit's name on its colour."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from itertools import islice, takewhile

COLOUR = "#1d4f91"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MAX_MARKS = 8
_DARK_LUMINANCE = 0.179
"""Up to this luminance white text has the higher contrast, above it black text (WCAG 2.1, contrast ratio)."""


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
    ink = "#000" if _luminance(colour) > _DARK_LUMINANCE else "#fff"
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


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.1)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
