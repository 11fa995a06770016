"""How far long work has come, for a person at a terminal; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_Item = TypeVar("_Item")

_LONG = 200
"""Fewer things are done before anybody wonders."""

# Rich is imported where something is shown: most work is short, and most commands need nothing of it.


def _is_watched() -> bool:
    return bool(sys.stderr and sys.stderr.isatty())


def watched(label: str, items: Iterable[_Item], total: int, quiet: bool = False) -> Iterator[_Item]:
    """The items one by one, with a bar on the standard error that goes when they are done.

    Args:
        label: what is being done.
        items: the things, or the results of work on them.
        total: how many there will be.
        quiet: whether nothing is shown in any case.
    """
    if quiet or total < _LONG or not _is_watched():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, label, total, console=Console(stderr=True), transient=True)


@contextmanager
def announced(label: str, total: int) -> Iterator[None]:
    """Show one line on the standard error for as long as the block runs, without a thread: the block may fork.

    Args:
        label: what is being done.
        total: with how many things; for a few nothing is shown.
    """
    if total < _LONG or not _is_watched():
        yield
        return
    sys.stderr.write(f"{label} …")
    sys.stderr.flush()
    try:
        yield
    finally:
        # Return to the beginning of the line and erase it (ECMA-48, EL).
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """A sign on the standard error that something goes on, for as long as the block runs.

    Args:
        label: what is being done.
    """
    if not _is_watched():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(label):
        yield
