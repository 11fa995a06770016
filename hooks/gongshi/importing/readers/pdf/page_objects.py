"""The objects that a page draws: lines, areas and pictures with their places, also those within forms."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from gongshi.importing.readers.page_layout.model import Box, Ruling

_MAX_DEPTH: Final = 8
_MAX_OBJECTS: Final = 40_000
_MAX_POINTS: Final = 120_000
_THIN = 3.0
"""Areas that are thinner are lines, in points."""
_STRAIGHT = 1.0
"""Lines whose ends differ by less are level or upright, in points."""
_TICK_BOX = (5.0, 17.0)
"""The side of a box to tick, in points."""
_WHITE = 250
_OPAQUE = 250
_NO_COLOUR = (255, 255, 255, 0)
Matrix = tuple[float, float, float, float, float, float]
"""A transformation of places: (a, b, c, d, e, f) of ISO 32000-1, 8.3.3."""


@dataclass(frozen=True)
class PageSpace:
    """The transformation from places in the file to places on the page as it is shown.

    Args:
        box: the shown part of the page: left, bottom, right, top.
        quarters: how often the page is turned clockwise by 90 degrees.
    """

    box: tuple[float, float, float, float]
    quarters: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as it is shown, in points."""
        left, bottom, right, top = self.box
        size = right - left, top - bottom
        return (size[1], size[0]) if self.quarters % 2 else size

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a rectangle is shown.

        Args:
            left: its left side, in the places of the file.
            bottom: its lower side.
            right: its right side.
            top: its upper side.
        """
        box = Box(
            min(left, right) - self.box[0],
            self.box[3] - max(top, bottom),
            max(left, right) - self.box[0],
            self.box[3] - min(top, bottom),
        )
        return box.turned(self.quarters, self.box[2] - self.box[0], self.box[3] - self.box[1])


@dataclass
class PageObjects:
    """The objects of a page, except text."""

    texts: list[Any] = field(default_factory=list)
    """The text objects of the page, for pdfium."""
    order: dict[int, int] = field(default_factory=dict)
    """When each text object is drawn, by its address."""
    covers: list[tuple[int, Box]] = field(default_factory=list)
    """Areas that hide what is drawn before, with when they are drawn."""
    rulings: list[Ruling] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    last_picture: int = 0
    """When the last picture is drawn."""
    drawings: list[Box] = field(default_factory=list)
    """Places of curves and slanting lines."""
    tick_boxes: int = 0
    """The number of small squares."""
    complete: bool = True
    """False if there are so many objects that not all were read."""


def page_space(page: pypdfium2.PdfPage) -> PageSpace:
    """Return the transformation from places in the file to places on a page.

    Args:
        page: the page.
    """
    return PageSpace(page.get_bbox(), page.get_rotation() // 90)


def read_objects(page: pypdfium2.PdfPage, space: PageSpace) -> PageObjects:
    """Return the objects of a page.

    Args:
        page: the page.
        space: where places are shown.
    """
    found = PageObjects()
    points = 0
    for count, (handle, kind, matrix) in enumerate(_objects(page)):
        if count >= _MAX_OBJECTS or points >= _MAX_POINTS:
            found.complete = False
            break
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            found.texts.append(handle)
            found.order[address_of(handle)] = count
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append(_shown_square(_object_matrix(handle, matrix), space))
            found.last_picture = count
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            found.drawings.append(_shown_bounds(handle, matrix, space))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            points += pdfium.FPDFPath_CountSegments(handle)
            _read_path(handle, matrix, space, found, count)
    return found


def address_of(handle: Any) -> int:
    """Return where pdfium keeps an object.

    Args:
        handle: the object.
    """
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, int, Matrix]]:
    """Yield each object with its kind and the matrix of the form that contains it."""
    identity: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    count = pdfium.FPDFPage_CountObjects(page)
    for number in range(count):
        yield from _with_parts(pdfium.FPDFPage_GetObject(page, number), identity, 0)


def _with_parts(handle: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    kind = pdfium.FPDFPageObj_GetType(handle)
    if kind != pdfium.FPDF_PAGEOBJ_FORM:
        yield handle, kind, matrix
    elif depth < _MAX_DEPTH:
        inner = _object_matrix(handle, matrix)
        for number in range(pdfium.FPDFFormObj_CountObjects(handle)):
            yield from _with_parts(pdfium.FPDFFormObj_GetObject(handle, number), inner, depth + 1)


def _object_matrix(handle: Any, outer: Matrix) -> Matrix:
    """Return the matrix of an object, in the places of the page."""
    own = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, own):
        return outer
    a, b, c, d, e, f = outer
    return (
        own.a * a + own.b * c,
        own.a * b + own.b * d,
        own.c * a + own.d * c,
        own.c * b + own.d * d,
        own.e * a + own.f * c + e,
        own.e * b + own.f * d + f,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _shown_square(matrix: Matrix, space: PageSpace) -> Box:
    """Return where the unit square is shown, which pictures fill."""
    corners = [_moved(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    return _around(corners, space)


def _shown_bounds(handle: Any, matrix: Matrix, space: PageSpace) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _side in range(4))
    pdfium.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
    corners = [_moved(matrix, x.value, y.value) for x in (left, right) for y in (bottom, top)]
    return _around(corners, space)


def _around(points: list[tuple[float, float]], space: PageSpace) -> Box:
    across, upward = [point[0] for point in points], [point[1] for point in points]
    return space.shown(min(across), min(upward), max(across), max(upward))


def _read_path(handle: Any, outer: Matrix, space: PageSpace, found: PageObjects, order: int) -> None:
    """Add the lines of a path, or its place if it is a drawing."""
    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, fill_mode, stroke)
    matrix = _object_matrix(handle, outer)
    lines, is_curved = _lines(handle, matrix)
    if not lines or not (fill_mode.value or stroke.value):
        return
    box = _around([point for line in lines for point in line], space)
    is_thin = min(box.width, box.height) < _THIN and not is_curved
    fill = _colour(handle, pdfium.FPDFPageObj_GetFillColor) if fill_mode.value else _NO_COLOUR
    line = _colour(handle, pdfium.FPDFPageObj_GetStrokeColor) if stroke.value else _NO_COLOUR
    if fill[3] > _OPAQUE and not is_thin and not is_curved:
        found.covers.append((order, box))
    is_filled, is_stroked = _is_seen(fill), _is_seen(line)
    level = [each for each in lines if _is_straight(*each)]
    if is_thin and (is_filled or is_stroked):
        found.rulings.append(Ruling(box))
    elif is_stroked and level:
        found.rulings += [Ruling(_around(list(each), space)) for each in level]
    side = (box.width + box.height) / 2
    if is_stroked and not is_curved and _TICK_BOX[0] < side < _TICK_BOX[1] and abs(box.width - box.height) < 2:
        found.tick_boxes += 1
    if (is_filled or is_stroked) and (is_curved or len(level) < len(lines)):
        found.drawings.append(box)


def _colour(handle: Any, colour_of: Any) -> tuple[int, int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint(0) for _channel in range(4))
    alpha.value = 255
    colour_of(handle, red, green, blue, alpha)
    return red.value, green.value, blue.value, alpha.value


def _is_seen(colour: tuple[int, int, int, int]) -> bool:
    """Tell whether a colour is neither white nor transparent."""
    return colour[3] > 8 and min(colour[:3]) < _WHITE


def _is_straight(start: tuple[float, float], end: tuple[float, float]) -> bool:
    return abs(start[0] - end[0]) < _STRAIGHT or abs(start[1] - end[1]) < _STRAIGHT


def _lines(handle: Any, matrix: Matrix) -> tuple[list[tuple[tuple[float, float], tuple[float, float]]], bool]:
    """Return the lines of a path from point to point, and whether it has curves."""
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    is_curved = False
    start = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(pdfium.FPDFPath_CountSegments(handle)):
        segment = pdfium.FPDFPath_GetPathSegment(handle, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if not all(map(math.isfinite, point)):
            continue
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        else:
            is_curved |= kind == pdfium.FPDF_SEGMENT_BEZIERTO
            lines.append((last, point))
            if pdfium.FPDFPathSegment_GetClose(segment) and point != start:
                lines.append((point, start))
        last = point
    return lines, is_curved
