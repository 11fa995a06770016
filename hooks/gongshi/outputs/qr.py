"""QR codes, to go on reading on the phone."""

from __future__ import annotations

import string
from html import escape
from itertools import groupby
from urllib.parse import quote

import segno

QUIET_ZONE = 4
"""In modules, on every side (ISO/IEC 18004, 6.3.8)."""
_AS_IT_IS = "".join(set(string.punctuation) - set('"<>\\^`{|}'))


def qr_svg(url: str, label: str) -> str:
    """A QR code as inline SVG, black on white whatever the page's colours; empty where the URL is too long for one.

    Args:
        url: an absolute URL; what is not ASCII in it is quoted.
        label: what readers of the screen say in its place.
    """
    try:
        code = segno.make_qr(quote(url, safe=_AS_IT_IS), error="m")
    except segno.DataOverflowError:
        return ""
    size = len(code.matrix) + 2 * QUIET_ZONE
    runs = "".join(_runs(row, number + QUIET_ZONE) for number, row in enumerate(code.matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{runs}"/></svg>'
    )


def _runs(row: bytearray, number: int) -> str:
    drawn, place = "", QUIET_ZONE
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            drawn += f"M{place} {number}h{length}v1h-{length}z"
        place += length
    return drawn
