"""Text that a file has but does not show: how it is hidden, and what is told about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.model import Box, Glyph
from gongshi.importing.readers.page_layout.places import on_pages

SMALLEST: Final = 2.0
"""Text that is smaller cannot be read, in points."""
_LONGEST: Final = 2000
"""The number of characters of hidden text that the report repeats."""


class Hiding(Enum):
    """A way to hide text."""

    INVISIBLE = "invisible"
    OUTSIDE = "outside"
    TINY = "tiny"
    BLACKENED = "blackened"
    NOT_SEEN = "not seen"


def is_on_page(box: Box, page_size: tuple[float, float]) -> bool:
    """Tell whether a part of a box is on the page.

    Args:
        box: the box.
        page_size: width and height of the page.
    """
    return box.x1 > 0 and box.x0 < page_size[0] and box.bottom > 0 and box.top < page_size[1]


def tell_hidden(glyphs: Sequence[Glyph], hidden: Mapping[int, Hiding], page: int) -> list[Finding]:
    """Return what is told about text that is not seen.

    Args:
        glyphs: the characters of a page.
        hidden: how those are hidden that are not seen, by their numbers.
        page: the number of the page.
    """
    words: dict[Hiding, list[str]] = {}
    last: Glyph | None = None
    for glyph in glyphs:
        way = hidden.get(glyph.number)
        if way is None:
            last = None
            continue
        if last is None or last.run != glyph.run:
            words.setdefault(way, []).append(" ")
        words.setdefault(way, []).append(glyph.text)
        last = glyph
    return [
        Finding(FindingKind.LEFT_OUT, _message(way), on_pages([page]), _shortened("".join(parts)))
        for way, parts in words.items()
        if "".join(parts).strip()
    ]


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _message(way: Hiding) -> str:
    if way is Hiding.BLACKENED:
        return _(
            "WARNING: text is only covered by a black area and can be read in the file by anyone; it was left out. Do "
            "not publish or send the file itself; remove the words in the source and save it anew"
        )
    return {
        Hiding.INVISIBLE: _("text that is drawn invisibly was left out"),
        Hiding.OUTSIDE: _("text outside of the page was left out"),
        Hiding.TINY: _("text that is too small to be read was left out"),
        Hiding.NOT_SEEN: _(
            "text that is not seen on the page (in the colour of its ground, covered, on a hidden layer) was left out"
        ),
    }[way]
