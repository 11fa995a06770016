"""The objects of an OFD page (GB/T 33190-2016, chapters 8 to 13): characters, lines, areas and pictures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.ofd.document import OfdPage, Resources
from gongshi.importing.readers.ofd.numbers import (
    IDENTITY,
    POINTS,
    Matrix,
    combined,
    moved,
    read_colour,
    read_matrix,
    read_number,
    read_numbers,
    read_steps,
)
from gongshi.importing.readers.ofd.package import child, children
from gongshi.importing.readers.page_layout.hidden_text import SMALLEST, Hiding, is_on_page
from gongshi.importing.readers.page_layout.model import DESCENT, Box, Glyph, Ruling, TextStyle, bounds
from gongshi.importing.readers.page_layout.text.box_index import BoxIndex
from gongshi.importing.readers.page_layout.text.glyph_text import is_wide

_MAX_DEPTH: Final = 8
_MAX_OBJECTS: Final = 60_000
_MAX_CHARACTERS: Final = 100_000
_THIN = 3.0
_WHITE = 250
_DARK = 90
_COVERED = 0.6
_EDGE = 2.0
"""A picture may reach over the edge of the page by so much, in points."""
_BOLD_WEIGHT = 600
_LATIN_WIDTH = 0.55
"""The width of Latin letters whose step is unknown, as a part of their size."""
_PATH = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_OPERANDS: Final = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""Numbers behind each letter of a path (chapter 9)."""


@dataclass(frozen=True)
class OfdPicture:
    """A picture on a page."""

    box: Box
    resource: str
    order: int
    is_cut: bool
    """Only a part of it is seen."""


@dataclass
class OfdObjects:
    """The objects that a page draws."""

    glyphs: list[Glyph] = field(default_factory=list)
    hidden: dict[int, Hiding] = field(default_factory=dict)
    rulings: list[Ruling] = field(default_factory=list)
    pictures: list[OfdPicture] = field(default_factory=list)
    drawings: list[Box] = field(default_factory=list)
    areas: list[tuple[int, Box, tuple[int, int, int]]] = field(default_factory=list)
    """Areas with their colours, and when they are drawn."""
    orders: dict[int, int] = field(default_factory=dict)
    """When the text objects are drawn, by their numbers."""
    has_unseen_pictures: bool = False
    """There are pictures on layers that are not shown, or transparent ones."""
    complete: bool = True


class PageReader:
    """Reads the objects of a page.

    Args:
        page: the page.
        resources: fonts, pictures and colours.
        first_number: the number of its first character.
    """

    def __init__(self, page: OfdPage, resources: Resources, first_number: int) -> None:
        self._page = page
        self._resources = resources
        self._number = first_number
        self._order = 0
        self.found = OfdObjects()

    def read(self) -> OfdObjects:
        """Return the objects of the page, with the characters that are not seen."""
        origin = combined(IDENTITY, (POINTS, 0.0, 0.0, POINTS, -self._page.box.x0, -self._page.box.top))
        for layer in self._page.layers:
            self._read_group(layer, origin, layer.get("DrawParam", ""), layer.get("Visible") == "false", 0)
        self._find_hidden()
        return self.found

    def _read_group(self, group: _Element, matrix: Matrix, parameters: str, hidden: bool, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for each in group:
            self._order += 1
            if self._order > _MAX_OBJECTS or len(self.found.glyphs) > _MAX_CHARACTERS:
                self.found.complete = False
                return
            kind = local_name(each)
            is_hidden = hidden or each.get("Visible") == "false"
            given = each.get("DrawParam", parameters)
            if kind == "TextObject":
                self._read_text(each, matrix, given, is_hidden)
            elif kind == "PathObject" and not is_hidden:
                self._read_path(each, matrix, given)
            elif kind == "ImageObject":
                self._read_picture(each, matrix, is_hidden)
            elif kind == "CompositeObject":
                content = self._resources.drawings.get(each.get("ResourceID", ""))
                if content is not None:
                    self._read_group(content, _placed(each, matrix), given, is_hidden, depth + 1)
            elif kind == "PageBlock":
                self._read_group(each, matrix, given, is_hidden, depth + 1)

    def _read_text(self, element: _Element, outer: Matrix, parameters: str, hidden: bool) -> None:
        matrix = _placed(element, outer)
        scale = math.hypot(matrix[2], matrix[3])
        size = round(read_number(element.get("Size"), 3.5) * scale, 1) or 0.1
        name, bold = self._resources.fonts.get(element.get("Font", ""), ("", False))
        fill = self._colour(element, "FillColor", parameters)
        style = TextStyle(
            name,
            size,
            bold or read_number(element.get("Weight"), 400) >= _BOLD_WEIGHT,
            element.get("Italic") == "true",
            fill or (0, 0, 0),
            int(read_number(element.get("Alpha"), 255)),
        )
        unpainted = element.get("Fill") == "false" and element.get("Stroke") != "true"
        turn = math.degrees(math.atan2(matrix[1], matrix[0])) + read_number(element.get("CharDirection"), 0)
        step_scale = math.hypot(matrix[0], matrix[1])
        for code in children(element, "TextCode"):
            for letter, x, y, step in _letters(code):
                place = moved(matrix, x, y)
                box = _letter_box(letter, place, step * step_scale if step is not None else None, style.size)
                glyph = Glyph(letter, box, style, self._order, self._number, round(turn) % 360)
                self._number += 1
                self.found.glyphs.append(glyph)
                if hidden or unpainted or style.alpha < 8:
                    self.found.hidden[glyph.number] = Hiding.INVISIBLE
        self.found.orders[self._order] = self._order

    def _colour(self, element: _Element, name: str, parameters: str) -> tuple[int, int, int] | None:
        own = child(element, name)
        if own is not None:
            return read_colour(own)
        for _depth in range(_MAX_DEPTH):
            given = self._resources.parameters.get(parameters)
            if given is None:
                return None
            found = given.fill if name == "FillColor" else given.stroke
            if found is not None:
                return read_colour(found)
            parameters = given.parent
        return None

    def _read_path(self, element: _Element, outer: Matrix, parameters: str) -> None:
        matrix = _placed(element, outer)
        data = child(element, "AbbreviatedData")
        lines, is_curved = _path_lines(data.text if data is not None else "", matrix)
        is_filled, is_stroked = element.get("Fill") == "true", element.get("Stroke") != "false"
        if not lines or read_number(element.get("Alpha"), 255) < 8:
            return
        box = bounds(_around(*each) for each in lines)
        is_thin = min(box.width, box.height) < _THIN and not is_curved
        fill = self._colour(element, "FillColor", parameters) or (0, 0, 0)
        stroke = self._colour(element, "StrokeColor", parameters) or (0, 0, 0)
        level = [each for each in lines if _is_level(*each)]
        is_seen = (is_filled and min(fill) < _WHITE) or (is_stroked and min(stroke) < _WHITE)
        if is_filled and not is_thin and not is_curved and read_number(element.get("Alpha"), 255) > _WHITE:
            self.found.areas.append((self._order, box, fill))
        if is_thin and is_seen:
            self.found.rulings.append(Ruling(box))
        elif is_stroked and min(stroke) < _WHITE:
            self.found.rulings += [Ruling(_around(*each)) for each in level]
        if is_seen and (is_curved or len(level) < len(lines)):
            self.found.drawings.append(box)

    def _read_picture(self, element: _Element, outer: Matrix, hidden: bool) -> None:
        if hidden or read_number(element.get("Alpha"), 255) < 8:
            self.found.has_unseen_pictures = True
            return
        matrix = _placed(element, outer)
        corners = [moved(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        box = _around(*corners)
        resource = self._resources.pictures.get(element.get("ResourceID", ""), "")
        sheet = self._page.box
        is_beyond = min(box.x0, box.top) < -_EDGE or box.x1 > sheet.width + _EDGE or box.bottom > sheet.height + _EDGE
        is_cut = is_beyond or child(element, "Clips") is not None
        self.found.pictures.append(OfdPicture(box, resource, self._order, is_cut))

    def _find_hidden(self) -> None:
        """Find characters that are outside of the page, too small, covered, or in the colour of their ground."""
        size = self._page.box.width, self._page.box.height
        areas = BoxIndex((box, (order, colour)) for order, box, colour in self.found.areas)
        for glyph in self.found.glyphs:
            if glyph.number in self.found.hidden or glyph.text.isspace():
                continue
            way = self._way_of_hiding(glyph, size, areas)
            if way:
                self.found.hidden[glyph.number] = way

    def _way_of_hiding(
        self, glyph: Glyph, page_size: tuple[float, float], areas: BoxIndex[tuple[int, tuple[int, int, int]]]
    ) -> Hiding | None:
        if not is_on_page(glyph.box, page_size):
            return Hiding.OUTSIDE
        if glyph.style.size < SMALLEST:
            return Hiding.TINY
        ground = (255, 255, 255)
        for box, (order, colour) in areas.at(glyph.box):
            if glyph.box.share_in(box) > _COVERED:
                if order > glyph.run:
                    return Hiding.BLACKENED if max(colour) < _DARK else Hiding.NOT_SEEN
                ground = colour
        pictures = [each for each in self.found.pictures if glyph.box.share_in(each.box) > _COVERED]
        alike = all(abs(one - other) < 12 for one, other in zip(ground, glyph.style.colour, strict=True))
        return Hiding.NOT_SEEN if alike and not any(each.order < glyph.run for each in pictures) else None


def _placed(element: _Element, outer: Matrix) -> Matrix:
    """Return the transformation from the measures of an object to the page (8.5)."""
    x, y, *_size = read_numbers(element.get("Boundary")) or [0.0, 0.0]
    own = combined(read_matrix(element.get("CTM")), (1.0, 0.0, 0.0, 1.0, x, y))
    return combined(own, outer)


def _letters(code: _Element) -> Iterator[tuple[str, float, float, float | None]]:
    """Yield the characters of a text with their places and the step to the next one."""
    text = "".join(code.itertext())
    across, down = read_steps(code.get("DeltaX")), read_steps(code.get("DeltaY"))
    x, y = read_number(code.get("X"), 0.0), read_number(code.get("Y"), 0.0)
    for number, letter in enumerate(text):
        right = across[number] if number < len(across) else None
        below = down[number] if number < len(down) else None
        step = math.hypot(right or 0.0, below or 0.0) if right is not None or below is not None else None
        yield letter, x, y, step
        x, y = x + (right or 0.0), y + (below or 0.0)


def _letter_box(letter: str, place: tuple[float, float], step: float | None, size: float) -> Box:
    x, y = place
    usual = size if is_wide(letter) else _LATIN_WIDTH * size
    width = usual if step is None or step <= 0 else min(step, size if is_wide(letter) else max(step, usual))
    if not is_wide(letter) and step is not None and step > size:
        width = usual
    return Box(x, y - size * (1 - DESCENT), x + width, y + size * DESCENT)


def _around(*points: tuple[float, float]) -> Box:
    across, down = [point[0] for point in points], [point[1] for point in points]
    return Box(min(across), min(down), max(across), max(down))


def _is_level(start: tuple[float, float], end: tuple[float, float]) -> bool:
    return abs(start[0] - end[0]) < 1 or abs(start[1] - end[1]) < 1


def _path_lines(data: str | None, matrix: Matrix) -> tuple[list[tuple[tuple[float, float], tuple[float, float]]], bool]:
    """Return the lines of a path from point to point, and whether it has curves."""
    words = _PATH.findall(data or "")
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    is_curved = False
    start = last = (0.0, 0.0)
    position = 0
    while position < len(words):
        letter = words[position]
        count = _OPERANDS.get(letter)
        numbers = read_numbers(" ".join(words[position + 1 : position + 1 + (count or 0)])) if count else []
        position += 1 + (count or 0)
        if count is None or len(numbers) != count:
            continue
        point = moved(matrix, *numbers[-2:]) if count else start
        if letter in "SM":
            start = point
        else:
            is_curved |= letter in "QBA"
            lines.append((last, point))
        last = point
    return lines, is_curved
