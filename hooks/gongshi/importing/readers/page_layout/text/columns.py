"""The order in which the parts of a page are read: columns of text from left to right, each from the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gongshi.importing.readers.page_layout.model import Box, bounds
from gongshi.importing.readers.page_layout.text.text_lines import Line

_FEWEST_LINES: Final = 5
"""Columns of text have at least so many lines."""
_FILLED = 0.6
"""The part of a column's width that the middle one of its lines fills: lists and tables fill less."""
_NARROWEST: Final = 10
"""The middle one of the lines of a column has at least so many characters: names in columns have fewer."""
_NARROWEST_GAP = 0.8
_SHARES = (0.28, 0.72)
"""Possible places of the gap between columns, as parts of the width."""
_STEP = 2.0
_MAX_DEPTH: Final = 2


@dataclass(frozen=True)
class Region:
    """A part of a page that is read from top to bottom."""

    segments: tuple[Line, ...]
    box: Box
    is_column: bool
    """Other columns stand beside it."""


def find_regions(segments: Sequence[Line], whole: Sequence[Box], depth: int = 0) -> list[Region]:
    """Return the regions of a page in reading order.

    Args:
        segments: the parts of its lines.
        whole: the places of tables and pictures, which columns do not cross.
        depth: how often the page is divided already.
    """
    if not segments:
        return []
    gutter = _gutter(segments, whole) if depth < _MAX_DEPTH and len(segments) >= 2 * _FEWEST_LINES else None
    if gutter is None:
        return [Region(tuple(segments), bounds(each.box for each in segments), depth > 0)]
    found: list[Region] = []
    for band, divided in _bands(segments, whole, gutter):
        if not divided:
            found += find_regions(band, whole, _MAX_DEPTH) if depth == 0 else _column(band)
            continue
        for side in (
            [each for each in band if each.box.middle < gutter],
            [each for each in band if each.box.middle >= gutter],
        ):
            found += find_regions(side, whole, depth + 1)
    return found


def _column(band: list[Line]) -> list[Region]:
    return [Region(tuple(band), bounds(each.box for each in band), True)]


def has_columns_of_words(region: Region) -> bool:
    """Tell whether words of three lines or more stand below each other, as in a table without lines.

    Args:
        region: a region of a page.
    """
    rows: list[list[Line]] = []
    for segment in sorted(region.segments, key=lambda each: each.baseline):
        if rows and segment.baseline - rows[-1][0].baseline < 0.3 * segment.style.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    run = 0
    for before, row in pairwise(rows):
        starts = [sorted(each.box.x0 for each in which)[1:] for which in (before, row)]
        alike = len(starts[0]) == len(starts[1]) > 0
        near = row[0].style.size
        run = run + 1 if alike and all(abs(a - b) < near for a, b in zip(*starts, strict=True)) else 0
        if run >= 2:
            return True
    return False


def _gutter(segments: Sequence[Line], whole: Sequence[Box]) -> float | None:
    """Return the middle of the gap between two columns, or None."""
    box = bounds(each.box for each in segments)
    best: tuple[float, float] | None = None
    place = box.x0 + _SHARES[0] * box.width
    while place < box.x0 + _SHARES[1] * box.width:
        score = 0.0
        if min(sum(each.box.x1 <= place for each in segments), sum(each.box.x0 >= place for each in segments)) >= (
            _FEWEST_LINES
        ):
            bands = _bands(segments, whole, place)
            score = sum(_columns_height(band, place) for band, divided in bands if divided)
        if score and (best is None or score > best[0]):
            best = score, place
        place += max(_STEP, box.width / 200)
    return best[1] if best else None


def _bands(segments: Sequence[Line], whole: Sequence[Box], gutter: float) -> list[tuple[list[Line], bool]]:
    """Return groups of segments from top to bottom, and for each whether it is divided into columns there."""
    crossing = sorted(
        [each.box for each in segments if each.box.x0 < gutter < each.box.x1]
        + [each for each in whole if each.x0 < gutter < each.x1],
        key=lambda box: box.top,
    )
    bands: list[tuple[list[Line], bool]] = []
    pending: list[Line] = []
    number = 0
    for segment in sorted(segments, key=lambda each: (each.box.top + each.box.bottom) / 2):
        middle = (segment.box.top + segment.box.bottom) / 2
        is_crossing = segment.box.x0 < gutter < segment.box.x1
        passed = number
        while number < len(crossing) and (crossing[number].top + crossing[number].bottom) / 2 <= middle:
            number += 1
        if pending and (number > passed or is_crossing):
            bands.append((pending, _is_divided(pending, gutter)))
            pending = []
        if is_crossing:
            bands.append(([segment], False))
        else:
            pending.append(segment)
    if pending:
        bands.append((pending, _is_divided(pending, gutter)))
    return _undivided_joined(bands)


def _undivided_joined(bands: list[tuple[list[Line], bool]]) -> list[tuple[list[Line], bool]]:
    joined: list[tuple[list[Line], bool]] = []
    for band, divided in bands:
        if joined and not divided and not joined[-1][1]:
            joined[-1][0].extend(band)
        else:
            joined.append((list(band), divided))
    return joined


def _is_divided(band: list[Line], gutter: float) -> bool:
    left = [each.box for each in band if each.box.middle < gutter]
    right = [each.box for each in band if each.box.middle >= gutter]
    if min(len(left), len(right)) < _FEWEST_LINES:
        return False
    gap = min(each.x0 for each in right) - max(each.x1 for each in left)
    size = band[0].style.size
    return _NARROWEST_GAP * size <= gap <= 6 * size and _is_filled(left, size) and _is_filled(right, size)


def _is_filled(side: list[Box], size: float) -> bool:
    """Tell whether lines fill their column, or each of the columns that stand beside each other there."""
    columns: list[list[Box]] = []
    end = 0.0
    for box in sorted(side, key=lambda each: each.x0):
        if columns and box.x0 - end < _NARROWEST_GAP * size:
            columns[-1].append(box)
        else:
            columns.append([box])
        end = max(end, box.x1)
    return all(_is_column(each, size) for each in columns)


def _is_column(lines: list[Box], size: float) -> bool:
    width = max(each.x1 for each in lines) - min(each.x0 for each in lines)
    return sorted(each.width for each in lines)[len(lines) // 2] >= max(_FILLED * width, _NARROWEST * size)


def _columns_height(band: list[Line], gutter: float) -> float:
    """Return the height of a divided band, a little more where the place is nearer to the middle of the gap."""
    box = bounds(each.box for each in band)
    left = max(each.box.x1 for each in band if each.box.middle < gutter)
    right = min(each.box.x0 for each in band if each.box.middle >= gutter)
    return box.height - abs((left + right) / 2 - gutter) / 1000
