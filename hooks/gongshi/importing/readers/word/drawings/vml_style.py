"""Style attributes and fractions of VML (ECMA-376 part 4, 19)."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.package import tag

_UNITS: Final = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "pc": 12.0, "": 1.0}
_LENGTH: Final = re.compile(r"\s*(-?\d{0,9}(?:\.\d{0,9})?)\s*(pt|in|cm|mm|px|pc)?\s*")
_FRACTION: Final = 65536
"""The unit of a number with `f` behind it."""


class VmlStyle:
    """The style attribute of a shape.

    Args:
        text: such as `position:absolute;width:10pt`.
    """

    def __init__(self, text: str) -> None:
        pairs = (each.partition(":") for each in text.split(";"))
        self._values = {name.strip().lower(): value.strip() for name, _colon, value in pairs}

    def get(self, name: str) -> str:
        """Return a value in lower case; empty if there is none.

        Args:
            name: such as `visibility`.
        """
        return self._values.get(name, "").lower()

    def points(self, name: str) -> float | None:
        """Return a length in points, or None if there is none that can be read.

        Args:
            name: such as `width`.
        """
        found = _LENGTH.fullmatch(self.get(name))
        if not found or not found[1].strip("-."):
            return None
        return float(found[1]) * _UNITS[found[2] or ""]

    def is_hidden(self, is_growing: bool) -> bool:
        """Tell if a shape is not shown, or has no room to be seen.

        Args:
            is_growing: True for a text box that grows with its text, whatever height it is said to have.
        """
        sizes = [self.points(name) for name in (("width",) if is_growing else ("width", "height"))]
        return (
            self.get("visibility") == "hidden"
            or self.get("mso-hide") == "all"
            or any(each is not None and each < 3 for each in sizes)
        )


def fraction(text: str | None) -> float:
    """Return a fraction such as `0.25`, `25%` or `16384f`; 0 if there is none.

    Args:
        text: the attribute.
    """
    found = re.fullmatch(r"\s*(-?\d{0,9}(?:\.\d{0,9})?)(f|%)?\s*", text or "")
    if not found or not found[1].strip("-."):
        return 0.0
    return float(found[1]) / {"f": _FRACTION, "%": 100}.get(found[2] or "", 1)


def is_growing(shape: _Element | None) -> bool:
    """Tell if a shape is a text box that grows with its text.

    Args:
        shape: the shape, or None.
    """
    boxes = shape.iter(tag("v:textbox")) if shape is not None else ()
    return any(VmlStyle(each.get("style", "")).get("mso-fit-shape-to-text") in ("t", "true") for each in boxes)
