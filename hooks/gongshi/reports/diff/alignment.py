"""What two sequences have in common, in order: a bounded search for any input.

Runs that are unique in both are anchors, as in B. Cohen's patience diff; between them the greedy algorithm of
E. Myers, An O(ND) Difference Algorithm and Its Variations (1986), looks for the shortest change. Where that would take
too long, a stretch counts as replaced: more is then shown as changed than was, never less.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

Match = tuple[int, int, int]
"""Start in the first sequence, start in the second, length."""
Range = tuple[int, int, int, int]
"""Start and end in the first sequence, start and end in the second."""

_SMALL = 200
"""Up to this length of both, the shortest change is looked for at once."""
_ROUNDS = 12
"""How often anchors are looked for between anchors."""
_STEPS = 1000
"""The longest change that is looked for, in items put in and taken out."""


class Effort:
    """How much work is left for one comparison; shared by all its parts.

    Args:
        steps: single steps, of which some two million take a second.
    """

    def __init__(self, steps: int = 8_000_000) -> None:
        self._left = steps

    def spend(self, steps: int) -> bool:
        """Take from what is left; False, and nothing is taken, where it is not enough."""
        if steps > self._left:
            return False
        self._left -= steps
        return True


def matches(before: Sequence[int], after: Sequence[int], run: int, effort: Effort) -> list[Match]:
    """The stretches that both sequences share, in order and without overlap.

    Args:
        before: items as numbers, equal numbers for equal items.
        after: the other sequence.
        run: how many items in a row make an anchor.
        effort: the work that may be done.
    """
    found: list[Match] = []
    open_ranges: list[tuple[Range, int]] = [((0, len(before), 0, len(after)), 0)]
    while open_ranges:
        whole, depth = open_ranges.pop()
        inner, ends = _trimmed(before, after, whole)
        found += ends
        start, stop, other, end = inner
        if start == stop or other == end:
            continue
        left, right = before[start:stop], after[other:end]
        large = len(left) + len(right) > _SMALL and depth < _ROUNDS
        anchors = _anchors(left, right, run, effort) if large else []
        shared = anchors or _shortest(left, right, effort)
        found += [(start + i, other + j, 1) for i, j in shared]
        if anchors:
            open_ranges += [(gap, depth + 1) for gap in _gaps(anchors, inner)]
    return _joined(sorted(found))


def _trimmed(before: Sequence[int], after: Sequence[int], whole: Range) -> tuple[Range, list[Match]]:
    """A range without what is equal at its beginning and its end, and these ends."""
    start, stop, other, end = first, _last, second, _end = whole
    while start < stop and other < end and before[start] == after[other]:
        start, other = start + 1, other + 1
    while start < stop and other < end and before[stop - 1] == after[end - 1]:
        stop, end = stop - 1, end - 1
    ends = [(first, second, start - first), (stop, end, whole[1] - stop)]
    return (start, stop, other, end), [match for match in ends if match[2]]


def _gaps(anchors: Iterable[tuple[int, int]], inner: Range) -> list[Range]:
    """The ranges before, between and after anchors."""
    start, stop, other, end = inner
    gaps: list[Range] = []
    i, j = start, other
    for left, right in anchors:
        gaps.append((i, start + left, j, other + right))
        i, j = start + left + 1, other + right + 1
    gaps.append((i, stop, j, end))
    return [gap for gap in gaps if gap[0] < gap[1] and gap[2] < gap[3]]


def _joined(found: Iterable[Match]) -> list[Match]:
    joined: list[Match] = []
    for i, j, length in found:
        if joined and joined[-1][0] + joined[-1][2] == i and joined[-1][1] + joined[-1][2] == j:
            i, j, length = joined[-1][0], joined[-1][1], joined.pop()[2] + length
        joined.append((i, j, length))
    return joined


def _anchors(left: Sequence[int], right: Sequence[int], run: int, effort: Effort) -> list[tuple[int, int]]:
    """Where runs begin that stand once in each sequence, as many as keep their order."""
    if not effort.spend(len(left) + len(right)):
        return []
    there = _unique(right, run)
    pairs = [(i, there[key]) for key, i in _unique(left, run).items() if key in there]
    return _rising(pairs)


def _unique(items: Sequence[int], run: int) -> dict[tuple[int, ...], int]:
    """The places of runs that stand once, in their order."""
    places: dict[tuple[int, ...], int] = {}
    doubled = set()
    for i, key in enumerate(zip(*(items[shift:] for shift in range(run)), strict=False)):
        if key in places:
            doubled.add(key)
        else:
            places[key] = i
    return {key: i for key, i in places.items() if key not in doubled}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, sorted by their first, in which the second rises, too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_i, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [index]
    found = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _shortest(left: Sequence[int], right: Sequence[int], effort: Effort) -> list[tuple[int, int]]:
    """The items that the shortest change leaves alone; none where the search would be too long."""
    size, other = len(left), len(right)
    if not effort.spend(size + other):
        return []
    shared = sum((Counter(left) & Counter(right)).values())
    if not shared or size + other - 2 * shared > _STEPS:
        return []
    limit = min(_STEPS, size + other)
    furthest = [0] * (2 * limit + 3)
    history: list[list[int]] = []
    for steps in range(limit + 1):
        if not effort.spend(2 * steps + 1):
            return []
        history.append(furthest[limit - steps : limit + steps + 3])
        for diagonal in range(-steps, steps + 1, 2):
            place = diagonal + limit + 1
            down = diagonal == -steps or (diagonal != steps and furthest[place - 1] < furthest[place + 1])
            i = furthest[place + 1] if down else furthest[place - 1] + 1
            j = i - diagonal
            while i < size and j < other and left[i] == right[j]:
                i, j = i + 1, j + 1
            furthest[place] = i
            if i >= size and j >= other:
                return _walked_back(history, size, other)
    return []


def _walked_back(history: list[list[int]], i: int, j: int) -> list[tuple[int, int]]:
    """The equal items on the way to the end, from what each step had reached."""
    found: list[tuple[int, int]] = []
    for steps in range(len(history) - 1, 0, -1):
        reached = history[steps]
        diagonal = i - j
        place = diagonal + steps + 1
        down = diagonal == -steps or (diagonal != steps and reached[place - 1] < reached[place + 1])
        start = reached[place + 1] if down else reached[place - 1]
        before = diagonal + 1 if down else diagonal - 1
        begin = start if down else start + 1
        while i > begin:
            i, j = i - 1, j - 1
            found.append((i, j))
        i, j = start, start - before
    found += [(k, k) for k in range(i - 1, -1, -1)]
    return found[::-1]
