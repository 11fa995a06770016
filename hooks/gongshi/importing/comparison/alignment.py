"""Finds where two long sequences differ, in bounded memory and nearly linear time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_CELLS: Final = 1 << 28
"""The product of two lengths up to which they are compared exactly; it takes as many bits of memory."""
_WINDOW: Final = 1 << 13
"""Elements that are compared at a time where nothing unique divides long sequences."""
_SURE: Final = 24
"""Equal elements in a row after which the next window begins."""


@dataclass(frozen=True)
class Gap:
    """A place where two sequences differ, as places in both."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


def find_gaps(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Gap]:
    """Yield where two sequences differ, in order. What is equal is in the same order in both.

    Args:
        a: strings, or lists of hashable elements.
        b: the same.
    """
    waiting = [Gap(0, len(a), 0, len(b))]
    while waiting:
        gap = _narrowed(waiting.pop(), a, b)
        size = (gap.a_end - gap.a_start) * (gap.b_end - gap.b_start)
        if not size:
            if gap.a_end > gap.a_start or gap.b_end > gap.b_start:
                yield gap
        elif size <= _CELLS:
            yield from _exact(gap, a, b)
        elif anchors := _anchors(gap, a, b):
            waiting.extend(reversed(list(_between(gap, anchors))))
        else:
            yield from _by_windows(gap, a, b)


def _narrowed(gap: Gap, a: Sequence[Hashable], b: Sequence[Hashable]) -> Gap:
    """Return a gap without what is equal at its ends."""
    a_start, b_start, a_end, b_end = gap.a_start, gap.b_start, gap.a_end, gap.b_end
    while a_start < a_end and b_start < b_end and a[a_start] == b[b_start]:
        a_start, b_start = a_start + 1, b_start + 1
    while a_start < a_end and b_start < b_end and a[a_end - 1] == b[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    return Gap(a_start, a_end, b_start, b_end)


def _exact(gap: Gap, a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Gap]:
    for is_equal, found in _operations(gap, a, b):
        if not is_equal:
            yield found


def _operations(gap: Gap, a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[bool, Gap]]:
    """Return the equal and the different parts of a gap, by the longest common subsequence."""
    # Imported here: slow to load.
    from rapidfuzz.distance import Indel

    found: list[tuple[bool, Gap]] = []
    for each in Indel.opcodes(a[gap.a_start : gap.a_end], b[gap.b_start : gap.b_end]):
        part = Gap(
            gap.a_start + each.src_start,
            gap.a_start + each.src_end,
            gap.b_start + each.dest_start,
            gap.b_start + each.dest_end,
        )
        is_equal = each.tag == "equal"
        if found and not is_equal and not found[-1][0]:
            last = found.pop()[1]
            part = Gap(last.a_start, part.a_end, last.b_start, part.b_end)
        found.append((is_equal, part))
    return found


def _anchors(gap: Gap, a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places of elements that are unique in both sequences, as many as are in the same order in both.

    It is the patience diff of B. Cohen.
    """
    counts = Counter(a[gap.a_start : gap.a_end])
    others = Counter(b[gap.b_start : gap.b_end])
    unique = {each for each, count in counts.items() if count == 1 and others[each] == 1}
    if not unique:
        return []
    places = {b[place]: place for place in range(gap.b_start, gap.b_end) if b[place] in unique}
    pairs = [(place, places[a[place]]) for place in range(gap.a_start, gap.a_end) if a[place] in unique]
    return _increasing(pairs)


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of pairs in which both places increase."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_a, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        if length == len(ends):
            ends.append(b)
            last.append(number)
        else:
            ends[length] = b
            last[length] = number
        before.append(last[length - 1] if length else -1)
    found: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _between(gap: Gap, anchors: list[tuple[int, int]]) -> Iterator[Gap]:
    a_start, b_start = gap.a_start, gap.b_start
    for a_place, b_place in anchors:
        yield Gap(a_start, a_place, b_start, b_place)
        a_start, b_start = a_place + 1, b_place + 1
    yield Gap(a_start, gap.a_end, b_start, gap.b_end)


def _by_windows(gap: Gap, a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Gap]:
    """Yield the differences of long sequences without unique elements; where they do not meet again, all the rest."""
    while True:
        gap = _narrowed(gap, a, b)
        window = Gap(
            gap.a_start, min(gap.a_start + _WINDOW, gap.a_end), gap.b_start, min(gap.b_start + _WINDOW, gap.b_end)
        )
        operations = _operations(window, a, b)
        if window.a_end == gap.a_end and window.b_end == gap.b_end:
            yield from (part for is_equal, part in operations if not is_equal)
            return
        sure = [
            number
            for number, (is_equal, part) in enumerate(operations)
            if is_equal and part.a_end - part.a_start >= _SURE
        ]
        if not sure:
            yield gap
            return
        yield from (part for is_equal, part in operations[: sure[-1]] if not is_equal)
        end = operations[sure[-1]][1]
        gap = Gap(end.a_end, gap.a_end, end.b_end, gap.b_end)
