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


def collect(recent_only: bool = False) -> None:
    """Remove the garbage now.

    Args:
        recent_only: whether to look through recent objects only, which is quick.
    """
    gc.collect(0 if recent_only else 2)


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


@contextmanager
def objects_frozen(collect_first: bool) -> Iterator[None]:
    """Keep the collector away from all objects that exist now, so that copies of this process share their memory.

    Args:
        collect_first: whether to remove the garbage first; that takes longer than little work.
    """
    if collect_first:
        collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
