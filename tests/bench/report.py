"""The figures of the benchmarks as plain text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import linear_regression, median

from bench.measure import Cost

Costs = dict[str, list[Cost]]
"""Of each case, run by run."""
ORDINARY = 6_800
"""The size of an ordinary unit."""
_GROWING = ("B", "D", "status", "approve")
_TITLES = {
    "A": "A bare MkDocs", "B": "B ours, cold", "C": "C ours, again", "D": "D ours, after one approval", "H": "H Hugo",
}  # fmt: skip


def table(size: int, costs: Costs) -> str:
    """The medians of one size and their ratios.

    Args:
        size: how many approved entries.
        costs: what was measured.
    """
    runs = max(map(len, costs.values()))
    head = ("case", "wall s", "from", "to", "cpu s", "peak MB", "/ A", "/ B", "/ H")
    rows = [head, *(_row(case, costs) for case in costs)]
    return f"{size} approved entries, medians of {runs}, ratios of wall time\n{aligned(rows)}"


def _row(case: str, costs: Costs) -> tuple[str, ...]:
    walls = [cost.wall for cost in costs[case]]
    return (
        _TITLES.get(case, f"gongshi {case}"),
        *(f"{seconds:.2f}" for seconds in (median(walls), min(walls), max(walls))),
        f"{median(cost.cpu for cost in costs[case]):.2f}",
        f"{peak(costs[case]):.0f}",
        *(_shown(ratio(costs, case, other)) for other in "ABH"),
    )


def ratio(costs: Mapping[str, Sequence[Cost]], one: str, other: str) -> float | None:
    """The median of the ratios of wall time within each turn; None where one of the two was not measured."""
    if one not in costs or other not in costs:
        return None
    return median(mine.wall / theirs.wall for mine, theirs in zip(costs[one], costs[other], strict=True))


def peak(costs: Iterable[Cost]) -> float:
    """The median of the peaks of memory in MB of 1,000,000 bytes."""
    return median(cost.memory for cost in costs) / 1e6


def growth(results: Mapping[int, Costs]) -> str:
    """How wall time grows with the number of entries: 1 is linear.

    Args:
        results: what was measured, by size.
    """
    rows = [
        ("growth", "exponent"),
        *((case, f"{found:.2f}") for case in _GROWING if (found := exponent(results, case))),
    ]
    return "" if len(rows) == 1 else f"Exponent of wall time over the number of entries, least squares\n{aligned(rows)}"


def exponent(results: Mapping[int, Costs], case: str) -> float | None:
    """The slope of the logarithms; None where fewer than two sizes were measured."""
    points = [(size, _wall(costs[case])) for size, costs in results.items() if case in costs]
    if len(points) < 2:
        return None
    return linear_regression([math.log(size) for size, _w in points], [math.log(wall) for _s, wall in points]).slope


def targets(results: Mapping[int, Costs]) -> str:
    """What must be reached, and whether it is.

    Args:
        results: what was measured, by size.
    """
    rows = [("target", "at most", "measured", "")]
    for name, bound, found in _targets(results):
        # The next build must be faster than the one after an approval, not as fast.
        is_reached = found is not None and (found < bound if bound == 1 else found <= bound)
        rows.append(
            (
                name,
                f"{bound:g}",
                _shown(found),
                "not measured" if found is None else "reached" if is_reached else "NOT REACHED",
            )
        )
    return aligned(rows)


def _targets(results: Mapping[int, Costs]) -> Iterator[tuple[str, float, float | None]]:
    ordinary = results.get(ORDINARY, {})
    for one, other, bound in (("B", "A", 2.0), ("D", "B", 0.15), ("D", "H", 1.5), ("C", "D", 1.0)):
        yield f"{one}/{other} at {ORDINARY}", bound, ratio(ordinary, one, other)
    yield f"peak memory of B at {ORDINARY}, MB", 400, peak(ordinary["B"]) if "B" in ordinary else None
    many, few = (results.get(size, {}).get("B") for size in (20_000, 2_000))
    yield "B(20000)/B(2000)", 11, _wall(many) / _wall(few) if many and few else None
    yield f"status at {ORDINARY}, s", 1.5, _wall(ordinary["status"]) if "status" in ordinary else None
    slowest = [_wall(costs["approve"]) for costs in results.values() if "approve" in costs]
    yield "approve at any size measured, s", 0.5, max(slowest, default=None)


def _wall(costs: Iterable[Cost]) -> float:
    return median(cost.wall for cost in costs)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    return "\n".join(["  " + line.rstrip() for line in lines]) + "\n"
