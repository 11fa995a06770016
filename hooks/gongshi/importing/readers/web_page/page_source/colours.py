"""Colours of text and of its ground, which tell whether a text can be seen (CSS Color 4; CSS Backgrounds 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.stylesheet import Declarations

Colour = tuple[int, int, int]
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_SAME: Final = 12
"""Colours that differ by no more than this in red, green and blue look the same."""
_TRANSPARENT: Final = 0.05
"""The opacity below which nobody sees a text."""
_NAMES: Final = {"white": _WHITE, "snow": (255, 250, 250), "ghostwhite": (248, 248, 255), "black": _BLACK}
_HEX: Final = re.compile(r"#?([0-9a-f]{3,8})")
_FUNCTION: Final = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,8})(%?))?\s*\)")
_WORD: Final = re.compile(r"[a-z]+\([^()]{0,200}\)|[^\s()]+")
_NO_COLOURS: Final = frozenset(
    """
    inherit initial unset none transparent repeat fixed scroll local left right top bottom center cover contain
    """.split()  # noqa: SIM905
)
_PICTURE: Final = re.compile(r"url\(|gradient|image")


class Sight(Enum):
    """The visibility of a text by its colours."""

    SEEN = "seen"
    UNSEEN = "unseen"
    UNSURE = "unsure"
    """It has the colour of its ground, if rules that are not known here give it no other one."""


@dataclass(frozen=True)
class Colours:
    """The colours that an element passes on to what is in it."""

    ink: Colour | None = _BLACK
    """None for one that is not known."""
    ground: Colour | None = _WHITE
    opacity: float = 1
    sure: bool = True
    """False if rules that are not known here may change the ground."""

    @property
    def sight(self) -> Sight:
        """The visibility of a text with these colours."""
        if self.opacity < _TRANSPARENT:
            return Sight.UNSEEN
        if (
            self.ink is None
            or self.ground is None
            or any(abs(one - other) > _SAME for one, other in zip(self.ink, self.ground, strict=True))
        ):
            return Sight.SEEN
        return Sight.UNSEEN if self.sure else Sight.UNSURE


def colours_of(element: _Element, declared: Declarations, inherited: Colours, rules_complete: bool) -> Colours:
    """Return the colours of an element.

    Args:
        element: the element.
        declared: its declarations.
        inherited: the colours of its parent.
        rules_complete: True if all rules of the page are known.
    """
    found = inherited
    written = declared.get("color") or _attribute(element, "text" if element.tag == "body" else "color")
    if written and written not in ("inherit", "currentcolor"):
        ink, opacity = read_colour(written.lower())
        found = replace(found, ink=ink, opacity=1 if opacity is None else opacity)
    grounds = list(_grounds(element, declared))
    if grounds:
        return replace(found, ground=grounds[0], sure=True)
    if declared.get("position") in ("absolute", "fixed"):
        # It may stand on a picture.
        return replace(found, ground=None)
    if not rules_complete and element.tag != "body" and (element.get("class") or element.get("id")):
        return replace(found, sure=False)
    return found


def _grounds(element: _Element, declared: Declarations) -> Iterator[Colour | None]:
    """Yield the declared colour of the ground, or None for one that is not known, such as a picture."""
    shorthand = declared.get("background", "").lower()
    if _PICTURE.search(shorthand + declared.get("background-image", "").lower()) or element.get("background"):
        yield None
    for word in (declared.get("background-color", ""), *_WORD.findall(shorthand[:500]), _attribute(element, "bgcolor")):
        colour, opacity = read_colour(word)
        if colour is not None and opacity and opacity >= _TRANSPARENT:
            yield colour if opacity == 1 else None
        elif colour is None and word.isalpha() and word not in _NO_COLOURS:
            # The name of a colour that is not known here.
            yield None


def _attribute(element: _Element, name: str) -> str:
    return (element.get(name) or "").strip().lower() if element.tag != "basefont" else ""


@lru_cache(1024)
def read_colour(written: str) -> tuple[Colour | None, float | None]:
    """Return a colour, None for one that is not known, and its opacity, None for one that is not known.

    Args:
        written: as in CSS or an attribute, in lower case.
    """
    if written == "transparent":
        return None, 0.0
    if written in _NAMES:
        return _NAMES[written], 1.0
    if found := _HEX.fullmatch(written):
        return _read_digits(found[1])
    if found := _FUNCTION.fullmatch(written):
        opacity = float(found[4]) if found[4] and found[4].replace(".", "", 1).isdigit() else 1.0
        red, green, blue = (min(255, int(found[number])) for number in (1, 2, 3))
        return (red, green, blue), opacity / 100 if found[5] else opacity
    return None, None


def _read_digits(digits: str) -> tuple[Colour | None, float | None]:
    if len(digits) in (3, 4):
        digits = "".join(2 * each for each in digits)
    if len(digits) not in (6, 8):
        return None, None
    red, green, blue, *rest = bytes.fromhex(digits)
    return (red, green, blue), rest[0] / 255 if rest else 1.0
