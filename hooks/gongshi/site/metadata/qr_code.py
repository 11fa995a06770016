"""QR codes, to go on reading on the phone."""

from __future__ import annotations

import re
import string
from html import escape
from urllib.parse import quote

import segno

from gongshi.site.metadata.qr_matrix import modules

QUIET_ZONE = 4
"""In modules, on every side (ISO/IEC 18004, 6.3.8)."""
_DARK = re.compile(b"\x01+")
_AS_IT_IS = "".join(set(string.punctuation) - set('"<>\\^`{|}'))


def qr_svg(url: str, label: str) -> str:
    """A QR code as inline SVG, black on white whatever the page's colours; empty where the URL is too long for one.

    Args:
        url: an absolute URL; what is not ASCII in it is quoted.
        label: what readers of the screen say in its place.
    """
    try:
        rows = modules(quote(url, safe=_AS_IT_IS))
    except segno.DataOverflowError:
        return ""
    size = len(rows) + 2 * QUIET_ZONE
    drawn = "".join(_row(row, number + QUIET_ZONE) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path stroke="#000" d="{drawn}"/></svg>'
    )


def _row(row: bytearray, number: int) -> str:
    """A row of modules as lines one module thick."""
    drawn, end = [f"M{QUIET_ZONE} {number}.5"], 0
    for dark in _DARK.finditer(row):
        if dark.start() > end:
            drawn.append(f"m{dark.start() - end} 0")
        end = dark.end()
        drawn.append(f"h{end - dark.start()}")
    return "".join(drawn)
