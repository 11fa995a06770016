"""Alignment of two sequences: their longest common subsequence, with a limit on the work."""

from __future__ import annotations

from collections.abc import Sequence

Match = tuple[int, int, int]
"""A common block: start in the first sequence, start in the second sequence, length."""

_LONG_PARTS = 2000
"""Total length from which two differing parts with little in common are treated as replaced."""
_MIN_SHARE = 0.4
"""Minimum common share of long parts; any two texts have about a quarter of their characters in common."""


class Effort:
    """Work budget of one comparison, shared by all its parts.

    Args:
        pairs: the maximum number of compared pairs of items; 1,000,000,000 take about half a second and 120 MB.
    """

    def __init__(self, pairs: int = 1_000_000_000) -> None:
        self._left = pairs

    def spend(self, pairs: int) -> bool:
        """Subtract from the budget and return True; return False without subtracting if too little is left.

        Args:
            pairs: the number of pairs to compare.
        """
        if pairs > self._left:
            return False
        self._left -= pairs
        return True


def matches(before: Sequence[int], after: Sequence[int], effort: Effort) -> list[Match]:
    """Return the common blocks of both sequences, in order and without overlap.

    If the budget is too small, fewer blocks are found: unchanged parts may be shown as changed, never the reverse.

    Args:
        before: items as numbers, equal numbers for equal items.
        after: the other sequence.
        effort: the work budget.
    """
    # Imported here: slow to load, and most commands compare nothing.
    from rapidfuzz.distance import LCSseq

    start, end = 0, 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    found = [(0, 0, start), (len(before) - end, len(after) - end, end)]
    if left and right and effort.spend(len(left) * len(right)):
        blocks = LCSseq.opcodes(left, right).as_matching_blocks()
        shared, both = sum(block.size for block in blocks), len(left) + len(right)
        if both < _LONG_PARTS or 2 * shared >= _MIN_SHARE * both:
            found[1:1] = [(start + block.a, start + block.b, block.size) for block in blocks]
    return [match for match in found if match[2]]
