"""The stretches that two sequences have in common, in order: their longest common subsequence, within bounds."""

from __future__ import annotations

from collections.abc import Sequence

Match = tuple[int, int, int]
"""Start in the first sequence, start in the second, length."""

_LONG = 2000
"""From this length on, of both together, a stretch with little in common counts as replaced."""
_SHARE = 0.4
"""The least share of a long stretch that is in common: any two texts have a quarter of their characters in common."""


class Effort:
    """How much work is left for one comparison; shared by all its parts.

    Args:
        pairs: how many pairs of items may be compared; a thousand million take about half a second and 120 MB.
    """

    def __init__(self, pairs: int = 1_000_000_000) -> None:
        self._left = pairs

    def spend(self, pairs: int) -> bool:
        """Take from what is left; False, and nothing is taken, where it is not enough."""
        if pairs > self._left:
            return False
        self._left -= pairs
        return True


def matches(before: Sequence[int], after: Sequence[int], effort: Effort) -> list[Match]:
    """Return the stretches that both sequences share, in order and without overlap.

    Where the work would be too much, fewer are found: more is then shown as changed than was, never less.

    Args:
        before: items as numbers, equal numbers for equal items.
        after: the other sequence.
        effort: the work that may be done.
    """
    # Slow to load, and most commands compare nothing.
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
        if both < _LONG or 2 * shared >= _SHARE * both:
            found[1:1] = [(start + block.a, start + block.b, block.size) for block in blocks]
    return [match for match in found if match[2]]
