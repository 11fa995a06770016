"""QR codes, to go on reading on the phone."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from html import escape
from urllib.parse import quote

import segno

MASK = 2
"""The pattern laid over the modules: every third column. To try all eight takes several times as long, readers take
any of them (ISO/IEC 18004, 7.8), and over addresses like ours this one is most often the best."""
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
        rows = segno.make_qr(quote(url, safe=_AS_IT_IS), error="m", mask=MASK).matrix
    except segno.DataOverflowError:
        return ""
    size = len(rows) + 2 * QUIET_ZONE
    drawn = "".join(f"M{QUIET_ZONE} {number}.5{_row(bytes(row))}" for number, row in enumerate(rows, QUIET_ZONE))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path stroke="#000" d="{drawn}"/></svg>'
    )


@lru_cache(8192)
def _row(row: bytes) -> str:
    """Return a row of modules as lines one module thick; the codes of a site have most rows in common."""
    drawn, end = [], 0
    for dark in _DARK.finditer(row):
        if dark.start() > end:
            drawn.append(f"m{dark.start() - end} 0")
        end = dark.end()
        drawn.append(f"h{end - dark.start()}")
    return "".join(drawn)
