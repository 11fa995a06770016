"""Numbers of OFD: places in millimetres, steps between characters, transformations and colours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.page_layout.model import Box

POINTS: Final = 72 / 25.4
"""Points for a millimetre."""
_MAX_STEPS: Final = 100_000
Matrix = tuple[float, float, float, float, float, float]
"""A transformation (a, b, c, d, e, f): x' = ax + cy + e, y' = bx + dy + f (8.5)."""
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_numbers(text: str | None) -> list[float]:
    """Return the numbers in an attribute; nothing where one of them cannot be read.

    Args:
        text: numbers with blanks between them.
    """
    try:
        found = [float(each) for each in (text or "").split()]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def read_number(text: str | None, usual: float) -> float:
    """Return the number in an attribute.

    Args:
        text: the attribute, or None.
        usual: returned if there is none.
    """
    found = read_numbers(text)
    return found[0] if found else usual


def read_box(text: str | None) -> Box | None:
    """Return a rectangle in points, or None.

    Args:
        text: left, top, width and height in millimetres (7.3, ST_Box).
    """
    found = read_numbers(text)
    if len(found) != 4:
        return None
    x, y, width, height = (each * POINTS for each in found)
    return Box(x, y, x + width, y + height)


def read_matrix(text: str | None) -> Matrix:
    """Return a transformation; the one that changes nothing if there is none.

    Args:
        text: six numbers.
    """
    found = read_numbers(text)
    if len(found) != 6:
        return IDENTITY
    a, b, c, d, e, f = found
    return a, b, c, d, e, f


def combined(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the transformation that does one after the other.

    Args:
        inner: the first.
        outer: the second.
    """
    a, b, c, d, e, f = outer
    return (
        inner[0] * a + inner[1] * c,
        inner[0] * b + inner[1] * d,
        inner[2] * a + inner[3] * c,
        inner[2] * b + inner[3] * d,
        inner[4] * a + inner[5] * c + e,
        inner[4] * b + inner[5] * d + f,
    )


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a place is after a transformation.

    Args:
        matrix: the transformation.
        x: the place, to the right.
        y: the place, downwards.
    """
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def read_steps(text: str | None) -> list[float]:
    """Return the steps between characters. `g 3 1.5` stands for 1.5 three times (11.3).

    Args:
        text: the attribute DeltaX or DeltaY.
    """
    words = iter((text or "").split())
    found: list[float] = []
    try:
        for word in words:
            count = 1
            if word == "g":
                count, word = int(next(words)), next(words)
            found += [float(word)] * max(0, min(count, _MAX_STEPS - len(found)))
    except (ValueError, StopIteration):
        return []
    return found if all(map(math.isfinite, found)) else []


def read_colour(element: _Element | None) -> tuple[int, int, int] | None:
    """Return a colour as red, green and blue; None if it is a pattern or cannot be read.

    Args:
        element: FillColor or StrokeColor (8.3); its values are those of the colour space RGB, grey or CMYK.
    """
    if element is None or any(local_name(each) for each in element):
        return None
    values = list(_channels(element.get("Value")))
    if len(values) == 1:
        values = values * 3
    if len(values) == 4:
        black = values[3]
        values = [255 - min(255, each + black) for each in values[:3]]
    if len(values) != 3:
        return None
    red, green, blue = (max(0, min(255, each)) for each in values)
    return red, green, blue


def _channels(text: str | None) -> Iterator[int]:
    for each in (text or "").split()[:4]:
        try:
            yield int(each[1:], 16) if each.startswith("#") else int(float(each))
        except (ValueError, OverflowError):
            return
