"""Work on many things at once: on all processors where processes can be forked, else one after the other."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from gongshi.domain.problem import Refused
from gongshi.i18n import gettext as _

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

FEW = 48
"""So many things are done before two processes have begun."""
_PORTION = 24

_task: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""What forked processes find in their memory, so that only numbers and results are sent."""


def spread(act: Callable[[_Item], _Result], items: Sequence[_Item], few: int = FEW) -> Iterator[_Result]:
    """Do something with each of many things; the results come in their order.

    Args:
        act: what to do; it may run in another process, so only its result and what it writes to files remain.
        items: the things.
        few: how many are not worth other processes.

    Raises:
        Refused: a process was ended by the system.
    """
    global _task
    hands = processors() if len(items) > few else 1
    if hands < 2:
        yield from _alone(act, items)
        return
    _task = (act, items)
    # What is there already stays where it is: a collection would write to all of it, and so copy it.
    gc.collect()
    gc.freeze()
    try:
        pool = _pool(hands)
        yield from _shared(items, hands, pool) if pool else _alone(act, items)
    finally:
        gc.unfreeze()
        _task = None


def _alone(act: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
    for start in range(0, len(items), _PORTION):
        yield from _at_one_depth(act, items[start : start + _PORTION])
        # Only what this portion left: to look through everything takes longer than the portion.
        gc.collect(0)


def _shared(items: Sequence[Any], hands: int, pool: ProcessPoolExecutor) -> Iterator[Any]:
    size = min(_PORTION, max(1, len(items) // (4 * hands)))
    starts = range(0, len(items), size)
    try:
        with pool:
            for portion in pool.map(_portion, starts, [size] * len(starts)):
                yield from portion
    except BrokenProcessPool:
        raise Refused(_("the system ended a part of this build, perhaps for want of memory; build again")) from None


def _pool(hands: int) -> ProcessPoolExecutor | None:
    """Processes that find the task in their memory; None where the system grants none, as containers may."""
    try:
        pool = ProcessPoolExecutor(hands, multiprocessing.get_context("fork"), _end_together)
        # With the first piece of work all processes begin.
        pool.submit(int)
    except OSError:
        for child in multiprocessing.active_children():
            child.kill()
        return None
    return pool


def processors() -> int:
    """How many processes can work at once; 1 where processes cannot be forked safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _end_together() -> None:
    """Let this process end with the one that it came from: it would wait for work for ever, and hold its locks."""
    parent = multiprocessing.parent_process()
    assert parent

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _portion(start: int, size: int) -> list[Any]:
    assert _task is not None
    act, items = _task
    # Converters leave rings of objects behind; one collection for all of them is cheaper than one for every few.
    gc.disable()
    found = _at_one_depth(act, items[start : start + size])
    gc.collect()
    return found


def _at_one_depth(act: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Do it as deep in calls as everywhere: how far Markdown nests hangs on it, and so do the site's bytes."""
    results: list[_Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            for item in items:
                results.append(act(item))
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return results
