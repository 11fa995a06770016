"""The look of a picture of a Word document on its page: as wide as the text, narrower, or as a seal of an office."""

from __future__ import annotations

from typing import Final

from gongshi.importing.readers.word.drawings.drawing_frame import Frame
from gongshi.importing.readers.word.pictures.pictures import CleanPicture, Shown

_SEAL: Final = range(25, 61)
"""The width and height of seals of offices, in millimetres: 38 to 58 for most, with some room for the edge."""
_CSS_PIXELS: Final = 96 / 2.54
"""CSS pixels in a centimetre."""
_NARROW: Final = 0.5
"""The part of the page's width below which a picture keeps its width; others become as wide as the text."""


def is_seal(picture: CleanPicture, frame: Frame) -> bool:
    """Tell if a picture is as large, square and red as a seal, or is called one.

    Args:
        picture: the picture.
        frame: its frame.
    """
    if "公章" in frame.description + frame.name or "印章" in frame.description + frame.name:
        return True
    sides = (round(10 * frame.width), round(10 * frame.height))
    return picture.is_red and all(each in _SEAL for each in sides) and max(sides) <= 1.25 * min(sides)


def shown_width(picture: CleanPicture, shown: Shown, frame: Frame, page: float) -> int:
    """Return the width of a picture in CSS pixels; 0 if it may be as wide as the text.

    Args:
        picture: the picture.
        shown: how it is turned in its frame.
        frame: its frame.
        page: the width of the page, in centimetres.
    """
    is_upright = round(shown.rotation / 90) % 2 == 0
    width = frame.width if is_upright else frame.height
    pixels = round(width * _CSS_PIXELS)
    return pixels if 0 < pixels < picture.width and width < _NARROW * page else 0
