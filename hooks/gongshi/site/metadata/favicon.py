"""The site's icon: the first character of the unit's name."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from itertools import islice, takewhile

COLOUR = "#1d4f91"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MARKS = 8
_DARK = 0.179
"""The luminance above which black stands out more than white (WCAG 2.1, contrast ratio)."""


def favicon(text: str, colour: str = COLOUR) -> bytes:
    """An SVG icon with the first character of a name on a coloured ground.

    Args:
        text: the unit's short name.
        colour: of the ground, as `#rrggbb`.

    Raises:
        ValueError: the colour is written in another way.
    """
    if not _COLOUR.fullmatch(colour):
        raise ValueError(colour)
    ink = "#000" if _luminance(colour) > _DARK else "#fff"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{colour}"/>'
        '<text x="32" y="33" font-family="Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, '
        f'sans-serif" font-size="42" font-weight="700" text-anchor="middle" dominant-baseline="central" fill="{ink}">'
        f"{escape(_first(text))}</text></svg>\n"
    ).encode()


def _first(text: str) -> str:
    """The first character that can be seen, with the marks upon it."""
    seen = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] not in "CZ"]
    marks = takewhile(unicodedata.combining, seen[1:])
    return "".join((*seen[:1], *islice(marks, _MARKS))).upper()


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.1)."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
