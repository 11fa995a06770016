"""Show the progress of long work on a terminal; nothing is shown if the standard error is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_Item = TypeVar("_Item")

_LONG = 200
"""The number of items below which nothing is shown, as the work is short."""

# Rich is imported only when something is shown, as most commands do not need it.


def _is_terminal() -> bool:
    return bool(sys.stderr and sys.stderr.isatty())


def progress_bar(
    label: str, items: Iterable[_Item], total: int, quiet: bool = False, shown_from: int = _LONG
) -> Iterator[_Item]:
    """Yield the items, with a progress bar on the standard error that disappears at the end.

    Args:
        label: the text before the bar.
        items: the items, or the results of work on them.
        total: the number of items.
        quiet: True to show nothing in any case.
        shown_from: the number of items below which nothing is shown.
    """
    if quiet or total < shown_from or not _is_terminal():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, label, total, console=Console(stderr=True), transient=True)


@contextmanager
def announced(label: str, total: int) -> Iterator[None]:
    """Show one line on the standard error while the block runs, without a thread, as the block may fork.

    Args:
        label: the text of the line.
        total: the number of items in the block; for few items nothing is shown.
    """
    if total < _LONG or not _is_terminal():
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
def spinner(label: str) -> Iterator[None]:
    """Show a moving sign on the standard error while the block runs.

    Args:
        label: the text beside the sign.
    """
    if not _is_terminal():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(label):
        yield
