"""Pause or slow down Python's garbage collector while many objects are made and nearly all of them kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000
_is_frozen = False
"""True if `gc.freeze` was called. The collector's own count of frozen objects is slow."""


def collect_rarely() -> None:
    """Let the collector run after 50,000 new objects instead of 700, for the rest of this process."""
    gc.set_threshold(_OBJECTS)


@contextmanager
def collector_paused(keeps: bool = False) -> Iterator[None]:
    """Pause the collector while the block runs, as no reference cycles arise there.

    Args:
        keeps: True if nearly all objects of the block stay until the process ends. They are then excluded from later
            runs of the collector, which would search them again and again.
    """
    global _is_frozen
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if keeps and not _is_frozen:
                gc.freeze()
                _is_frozen = True
            gc.enable()
