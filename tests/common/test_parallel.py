"""Work in copies of this process: one item that needs too much costs only that item."""

from __future__ import annotations

import sys

import pytest

from gongshi.common.parallel import Limits, map_parallel


class _Unsendable:
    def __reduce__(self) -> tuple[object, ...]:
        raise MemoryError


def _work(item: int) -> object:
    if item == 1:
        raise MemoryError
    return _Unsendable() if item == 5 else item


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
def test_an_item_without_memory_is_given_up_and_the_others_are_done() -> None:
    """Whether its work or the sending of its result fails, as often as it happens."""
    limits = Limits[int, object](60, lambda item, excess: f"{excess.value} {item}")
    expected = [0, "memory 1", 2, 3, 4, "memory 5", 6, 7]
    assert list(map_parallel(_work, range(8), few=8, limits=limits)) == expected
