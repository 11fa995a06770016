"""A page as its reader gives it: characters, lines and pictures with their places.

Places are in points (1/72 inch) from the upper left corner of the page as it is shown, so `top` is less than `bottom`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """Its width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return (self.x0 + self.x1) / 2

    def holds(self, other: Box) -> bool:
        """Tell whether the middle of another box is inside this one.

        Args:
            other: the other box.
        """
        return self.x0 <= other.middle <= self.x1 and self.top <= (other.top + other.bottom) / 2 <= self.bottom

    def share_in(self, other: Box) -> float:
        """Return the part of this box that is inside another one, from 0 to 1.

        Args:
            other: the other box.
        """
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        area = self.width * self.height
        return width * height / area if width > 0 and height > 0 and area > 0 else 0.0

    def turned(self, quarters: int, width: float, height: float) -> Box:
        """Return the box after the page is turned clockwise.

        Args:
            quarters: the number of quarter turns.
            width: of the page before it is turned.
            height: of the page before it is turned.
        """
        box = self
        for _quarter in range(quarters % 4):
            box = Box(height - box.bottom, box.x0, height - box.top, box.x1)
            width, height = height, width
        return box


def bounds(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around others.

    Args:
        boxes: at least one.
    """
    found = list(boxes)
    return Box(
        min(each.x0 for each in found),
        min(each.top for each in found),
        max(each.x1 for each in found),
        max(each.bottom for each in found),
    )


@dataclass(frozen=True)
class TextStyle:
    """The look of characters."""

    font: str
    """The name of the font without the prefix of a subset."""
    size: float
    """In points, as shown."""
    bold: bool = False
    italic: bool = False
    colour: tuple[int, int, int] = (0, 0, 0)
    alpha: int = 255


@dataclass(frozen=True)
class Glyph:
    """A character on a page."""

    text: str
    """One character, or the letters of a ligature."""
    box: Box
    """From its size, not from its ink: as high as the font, as wide as the step to the next character."""
    style: TextStyle
    run: int
    """The number of the text object that draws it."""
    number: int
    """Its number in the order of the file; no other character of any page has it."""
    angle: int = 0
    """The direction of the line, in degrees clockwise, from 0 to 359."""
    link: str | None = None
    underlined: bool = False
    struck: bool = False
    furniture: bool = False
    """The file itself says that it is a header, a footer or a watermark (ISO 32000-1, 14.8.2.2)."""

    @property
    def baseline(self) -> float:
        """The height of the line on which it stands."""
        return self.box.bottom - self.style.size * DESCENT


DESCENT = 0.15
"""The part of a character's height that is below the line."""


@dataclass(frozen=True)
class Ruling:
    """A straight line, horizontal or vertical, such as the border of a table cell or an underline."""

    box: Box

    @property
    def horizontal(self) -> bool:
        """True for a horizontal line."""
        return self.box.width >= self.box.height


@dataclass(frozen=True)
class PagePicture:
    """A picture, saved in the workspace."""

    box: Box
    name: str
    """The name of the file."""
    width: int = 0
    """Its width in CSS pixels; 0 if it may be as wide as the text."""
    is_seal: bool = False


@dataclass(frozen=True)
class Page:
    """The visible content of a page."""

    number: int
    """From 1."""
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    """In the order of the file."""
    rulings: tuple[Ruling, ...] = ()
    pictures: tuple[PagePicture, ...] = ()

    def turned(self, quarters: int) -> Page:
        """Return the page turned clockwise.

        Args:
            quarters: the number of quarter turns.
        """
        if not quarters % 4:
            return self
        size = self.width, self.height

        def turn(box: Box) -> Box:
            return box.turned(quarters, *size)

        width, height = reversed(size) if quarters % 2 else size
        return Page(
            self.number,
            width,
            height,
            tuple(replace(each, box=turn(each.box), angle=(each.angle + 90 * quarters) % 360) for each in self.glyphs),
            tuple(Ruling(turn(each.box)) for each in self.rulings),
            tuple(replace(each, box=turn(each.box)) for each in self.pictures),
        )
