"""Finds which of many boxes are at a place, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from gongshi.importing.readers.page_layout.model import Box

_BAND: Final = 16.0
"""The height of the bands by which boxes are found, in points."""
_HIGHEST: Final = 20_000.0
_Item = TypeVar("_Item")


class BoxIndex(Generic[_Item]):
    """Boxes with items, found by their height on the page.

    Args:
        entries: boxes with their items; found in this order.
    """

    def __init__(self, entries: Iterable[tuple[Box, _Item]]) -> None:
        self._bands: defaultdict[int, list[tuple[Box, _Item]]] = defaultdict(list)
        for box, item in entries:
            for band in range(_band(box.top), _band(box.bottom) + 1):
                self._bands[band].append((box, item))

    def at(self, box: Box) -> Iterator[tuple[Box, _Item]]:
        """Yield the boxes, with their items, that reach the height of the middle of another box.

        Args:
            box: the other box.
        """
        return iter(self._bands.get(_band((box.top + box.bottom) / 2), ()))


def _band(height: float) -> int:
    return int(max(-_HIGHEST, min(_HIGHEST, height)) // _BAND)
