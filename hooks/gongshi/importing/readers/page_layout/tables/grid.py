"""Tables by their ruling lines: rows, columns and merged cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gongshi.importing.readers.page_layout.model import Box, Ruling

_SNAP = 3.0
"""Lines nearer than this are one line, in points: borders are often drawn cell by cell."""
_THINNEST = 5.0
"""The smallest height or width of a cell, in points: what is smaller is a double border."""
_THINNEST = 5.0
"""The smallest height or width of a cell, in points: what is smaller is a double border."""
_MAX_RULINGS: Final = 3000
_MAX_CELLS: Final = 20_000
_INSIDE = 0.9
_SHORTEST = 4.0
"""Lines shorter than this belong to drawings, in points."""


@dataclass(frozen=True)
class GridCell:
    """A cell of a table."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


@dataclass(frozen=True)
class Grid:
    """The cells of a table on one page, without their text."""

    box: Box
    columns: tuple[float, ...]
    """The borders of the columns, from left to right."""
    rows: tuple[float, ...]
    cells: tuple[GridCell, ...]
    """By rows, each from left to right."""
    irregular: bool
    """Some cells had no rectangle around them and were divided by rows."""


@dataclass
class _Edge:
    """A line at a height (or, if upright, at a distance from the left), from a start to an end."""

    place: float
    start: float
    end: float


def find_grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """Return the tables that ruling lines draw, from top to bottom. A frame around one cell is no table.

    Args:
        rulings: the lines of a page. More than 3,000 are a drawing: none of them is taken for a table.
    """
    across = _merged(
        _Edge((box.top + box.bottom) / 2, box.x0, box.x1)
        for box in (each.box for each in rulings if each.horizontal)
        if box.width >= _SHORTEST
    )
    upright = _merged(
        _Edge(box.middle, box.top, box.bottom)
        for box in (each.box for each in rulings if not each.horizontal)
        if box.height >= _SHORTEST
    )
    if len(across) + len(upright) > _MAX_RULINGS:
        return []
    grids = [grid for group in _connected(across, upright) if (grid := _grid(*group))]
    # A table within a cell of another one is text of that cell.
    outer = [
        one for one in grids if not any(one is not each and one.box.share_in(each.box) > _INSIDE for each in grids)
    ]
    return sorted(outer, key=lambda each: each.box.top)


def _merged(edges: Iterable[_Edge]) -> list[_Edge]:
    """Return edges that continue each other as one."""
    groups: list[list[_Edge]] = []
    for edge in sorted(edges, key=lambda each: each.place):
        if groups and edge.place - groups[-1][0].place <= _SNAP:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    merged: list[_Edge] = []
    for group in groups:
        place = sum(each.place for each in group) / len(group)
        last: _Edge | None = None
        for edge in sorted(group, key=lambda each: each.start):
            if last and edge.start <= last.end + _SNAP:
                last.end = max(last.end, edge.end)
            else:
                last = _Edge(place, edge.start, edge.end)
                merged.append(last)
    return merged


def _connected(across: list[_Edge], upright: list[_Edge]) -> list[tuple[list[_Edge], list[_Edge]]]:
    """Return groups of lines that touch each other."""
    parent = list(range(len(across) + len(upright)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for first, line in enumerate(across):
        for second, column in enumerate(upright, len(across)):
            if (
                column.start <= line.place + _SNAP
                and column.end >= line.place - _SNAP
                and line.start <= column.place + _SNAP
                and line.end >= column.place - _SNAP
            ):
                parent[root(second)] = root(first)
    groups: defaultdict[int, tuple[list[_Edge], list[_Edge]]] = defaultdict(lambda: ([], []))
    for number, edge in enumerate([*across, *upright]):
        groups[root(number)][number >= len(across)].append(edge)
    return list(groups.values())


def _places(edges: Iterable[_Edge], others: Iterable[_Edge]) -> list[float]:
    """Return where lines stand, and where the lines across them end: tables may be open at the sides."""
    found: list[float] = []
    ends = [place for each in others for place in (each.start, each.end)]
    for place in sorted(each.place for each in edges):
        if not found or place - found[-1] > _THINNEST:
            found.append(place)
    for place in (min(ends, default=0.0), max(ends, default=0.0)):
        if found and all(abs(place - each) > _THINNEST for each in found):
            found.append(place)
    return sorted(found)


def _grid(across: list[_Edge], upright: list[_Edge]) -> Grid | None:
    if not upright or len(across) < 2:
        return None
    columns, rows = _places(upright, across), _places(across, upright)
    width, height = len(columns) - 1, len(rows) - 1
    if width < 1 or height < 1 or width * height < 2 or width * height > _MAX_CELLS:
        return None
    below, beside = _walls(across, rows, columns), _walls(upright, columns, rows)
    rows, columns = _with_walls(rows, below), _with_walls(columns, beside)
    width, height = len(columns) - 1, len(rows) - 1
    below, beside = _walls(across, rows, columns), _walls(upright, columns, rows)
    cells, irregular = _cells(_areas(width, height, below, beside), columns, rows)
    if len(cells) < 2:
        return None
    return Grid(Box(columns[0], rows[0], columns[-1], rows[-1]), tuple(columns), tuple(rows), tuple(cells), irregular)


def _with_walls(places: list[float], walls: set[tuple[int, int]]) -> list[float]:
    """Return the places of grid lines of which a piece is drawn, and the outermost."""
    drawn = {number for number, _piece in walls} | {0, len(places) - 1}
    return [place for number, place in enumerate(places) if number in drawn]


def _walls(edges: list[_Edge], places: list[float], steps: list[float]) -> set[tuple[int, int]]:
    """Return which pieces of grid lines are drawn, as (number of the line, number of the piece)."""
    found: set[tuple[int, int]] = set()
    by_place: defaultdict[int, list[_Edge]] = defaultdict(list)
    for edge in edges:
        by_place[min(range(len(places)), key=lambda n: abs(places[n] - edge.place))].append(edge)
    for number, group in by_place.items():
        for piece, (start, end) in enumerate(pairwise(steps)):
            if any(each.start <= (start + end) / 2 <= each.end for each in group):
                found.add((number, piece))
    return found


def _areas(
    width: int, height: int, below: set[tuple[int, int]], beside: set[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """Return the squares of the grid, as (row, column), in groups without a line between them."""
    seen: set[tuple[int, int]] = set()
    areas: list[list[tuple[int, int]]] = []
    for start in ((row, column) for row in range(height) for column in range(width)):
        if start in seen:
            continue
        area, open_squares = [], [start]
        seen.add(start)
        while open_squares:
            row, column = square = open_squares.pop()
            area.append(square)
            neighbours = [
                ((row + 1, column), row + 1 < height and (row + 1, column) not in below),
                ((row - 1, column), row > 0 and (row, column) not in below),
                ((row, column + 1), column + 1 < width and (column + 1, row) not in beside),
                ((row, column - 1), column > 0 and (column, row) not in beside),
            ]
            for other, connected in neighbours:
                if connected and other not in seen:
                    seen.add(other)
                    open_squares.append(other)
        areas.append(area)
    return areas


def _cells(areas: list[list[tuple[int, int]]], columns: list[float], rows: list[float]) -> tuple[list[GridCell], bool]:
    cells: list[GridCell] = []
    irregular = False
    for area in areas:
        for part in _rectangles(area):
            irregular |= len(part) != len(area)
            top, left = min(each[0] for each in part), min(each[1] for each in part)
            row_span, column_span = max(each[0] for each in part) - top + 1, max(each[1] for each in part) - left + 1
            box = Box(columns[left], rows[top], columns[left + column_span], rows[top + row_span])
            cells.append(GridCell(top, left, row_span, column_span, box))
    return sorted(cells, key=lambda each: (each.row, each.column)), irregular


def _rectangles(area: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return an area as it is if it is a rectangle, otherwise its rows piece by piece."""
    rows, columns = {each[0] for each in area}, {each[1] for each in area}
    if len(area) == (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1):
        return [area]
    pieces: list[list[tuple[int, int]]] = []
    for row, column in sorted(area):
        if pieces and pieces[-1][-1] == (row, column - 1):
            pieces[-1].append((row, column))
        else:
            pieces.append([(row, column)])
    return pieces
