"""Work on many things at once: on all processors where processes can be forked, else one after the other.

With limits, every item is worked on in a forked process, however few there are: a process that spends too much on one
item is ended by the system, this item is given up, and the others go on.
"""

from __future__ import annotations

import gc
import mmap
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from gongshi.common.errors import Refused
from gongshi.i18n import gettext as _

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, ForkProcess

# `multiprocessing` is imported where it is used: it is slow to load, and much work needs no other process.

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

FEW = 48
"""So many things are done before two processes have begun."""
_PORTION = 24
_PAGE_BYTES = 4096
_MEMORY = 1 << 30


class Excess(Enum):
    """The limit that the work on one item went past."""

    TIME = "time"
    MEMORY = "memory"


_EXCESSES = {
    "SIGPROF": Excess.TIME,
    "SIGABRT": Excess.MEMORY,
    "SIGSEGV": Excess.MEMORY,
    "SIGBUS": Excess.MEMORY,
}
"""Signals that end a process because of the item in its hands: its timer, a library without memory, a full stack.
Any other signal comes from outside."""


@dataclass(frozen=True)
class Limits(Generic[_Item, _Result]):
    """The limits on the work for one item.

    Processor time is measured, not the clock: how busy the machine is must not decide what a page shows.
    """

    seconds: float
    """Of processor time."""
    give_up: Callable[[_Item, Excess], _Result]
    """Gives the result for an item that went past a limit. Runs in this process."""
    memory: int = _MEMORY
    """Bytes of address space beyond what this process has already."""


def spread(
    act: Callable[[_Item], _Result],
    items: Sequence[_Item],
    few: int = FEW,
    limits: Limits[_Item, _Result] | None = None,
) -> Iterator[_Result]:
    """Do something with each of many things; the results come in their order.

    Args:
        act: what to do; it may run in another process, so only its result and what it writes to files remain.
        items: the things.
        few: how many are not worth several processes.
        limits: for each item. They hold where processes can be forked (Linux) and the system grants one.

    Raises:
        Refused: a process was ended by the system, not because of an item's limits.
    """
    count = processors() if len(items) > few else 1
    if not items or (count < 2 and (limits is None or sys.platform != "linux")):
        yield from _alone(act, items)
        return
    if count > 1:
        # What is there already stays where it is: a collection would write to all of it, and so copy it.
        gc.collect()
    gc.freeze()
    try:
        pool = _Pool(act, items, limits)
        try:
            yield from pool.results(count) if pool.begin(count) else _alone(act, items)
        finally:
            pool.end()
    finally:
        gc.unfreeze()


def _alone(act: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
    for start in range(0, len(items), _PORTION):
        yield from _at_one_depth(act, items[start : start + _PORTION])
        # Only what this portion left: to look through everything takes longer than the portion.
        gc.collect(0)


@dataclass
class _Worker:
    """A forked process, and the portion of the items that it has in hand."""

    process: ForkProcess
    pipe: Connection
    at: mmap.mmap
    """The number of the item that the process works on, in memory that both see."""
    portion: range = range(0)


class _Pool(Generic[_Item, _Result]):
    """Processes that find the items in their memory, so that only numbers and results are sent.

    Args:
        act: what to do with an item.
        items: the items.
        limits: for each item.
    """

    def __init__(
        self, act: Callable[[_Item], _Result], items: Sequence[_Item], limits: Limits[_Item, _Result] | None
    ) -> None:
        self._act = act
        self._items = items
        self._limits = limits
        self._workers: list[_Worker] = []
        import multiprocessing

        self._context: ForkContext = multiprocessing.get_context("fork")

    def begin(self, count: int) -> bool:
        """Start the processes; False, and none is left, where the system does not grant them, as containers may."""
        try:
            for _number in range(count):
                self._start()
        except OSError:
            self.end()
            return False
        return True

    def results(self, count: int) -> Iterator[_Result]:
        """The results in the order of the items.

        Args:
            count: how many processes there are.

        Raises:
            Refused: the system ended a process, and no item was the cause.
        """
        size = min(_PORTION, max(1, len(self._items) // (4 * count)))
        starts = range(0, len(self._items), size)
        waiting = deque(range(start, min(start + size, len(self._items))) for start in starts)
        found: dict[int, _Result] = {}
        next_one = 0
        while next_one < len(self._items):
            for worker in self._workers:
                if not worker.portion and waiting:
                    self._give(worker, waiting.popleft())
            for worker in self._ready():
                made, left = self._taken(worker)
                found.update(made)
                waiting.extendleft(reversed(left))
            while next_one in found:
                yield found.pop(next_one)
                next_one += 1

    def end(self) -> None:
        """Leave no process: each ends when it has done what it has in hand and finds that nobody asks any more."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        at = mmap.mmap(-1, _PAGE_BYTES)
        process = self._context.Process(target=self._work, args=(ours, theirs, at), daemon=True)
        try:
            process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._workers.append(_Worker(process, ours, at))

    def _give(self, worker: _Worker, portion: range) -> None:
        worker.portion = portion
        # One that has just died is noticed when its answer is waited for.
        with suppress(OSError):
            worker.pipe.send(portion)

    def _ready(self) -> list[_Worker]:
        from multiprocessing.connection import wait

        busy = [worker for worker in self._workers if worker.portion]
        heard = wait([worker.pipe for worker in busy])
        return [worker for worker in busy if worker.pipe in heard]

    def _taken(self, worker: _Worker) -> tuple[dict[int, _Result], list[range]]:
        """The results that a process gives, by number, and what is to be done anew because it was ended.

        Raises:
            BaseException: whatever the work on an item raised.
        """
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            return self._lost(worker)
        portion, worker.portion = worker.portion, range(0)
        if isinstance(answer, BaseException):
            raise answer
        return dict(zip(portion, answer, strict=True)), []

    def _lost(self, worker: _Worker) -> tuple[dict[int, _Result], list[range]]:
        """Give up the item that a process was ended for, and start another process."""
        worker.process.join()
        self._workers.remove(worker)
        worker.pipe.close()
        code = worker.process.exitcode or 0
        excess = next((why for name, why in _EXCESSES.items() if code == -getattr(signal, name, 0)), None)
        if excess is None or self._limits is None:
            raise Refused(_("the system ended a part of this build, perhaps for want of memory; build again"))
        number = int.from_bytes(worker.at[:8], "little")
        try:
            self._start()
        except OSError:
            raise Refused(_("the system ended a part of this build, perhaps for want of memory; build again")) from None
        made = _at_one_depth(lambda item: self._given_up(item, excess), [self._items[number]])
        before, after = range(worker.portion.start, number), range(number + 1, worker.portion.stop)
        return {number: made[0]}, [part for part in (before, after) if part]

    def _given_up(self, item: _Item, excess: Excess) -> _Result:
        assert self._limits is not None
        return self._limits.give_up(item, excess)

    # In the forked process.

    def _work(self, other_end: Connection, pipe: Connection, at: mmap.mmap) -> None:
        """Answer portions until nobody asks any more."""
        # The ends of the process that asks: as long as one is open here, nobody would see that it has closed them.
        for end in (other_end, *(worker.pipe for worker in self._workers)):
            end.close()
        _end_together()
        if self._limits:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            _limit_memory(self._limits.memory)
        # Converters leave rings of objects behind; one collection for all of them is cheaper than one for every few.
        gc.disable()
        while True:
            try:
                portion: range = pipe.recv()
            except (EOFError, OSError):
                return
            try:
                _send(pipe, _at_one_depth(lambda number: self._one(number, at), portion))
            except BaseException as error:
                _send(pipe, error)
            gc.collect()

    def _one(self, number: int, at: mmap.mmap) -> _Result:
        if self._limits is None:
            return self._act(self._items[number])
        at[:8] = number.to_bytes(8, "little")
        signal.setitimer(signal.ITIMER_PROF, self._limits.seconds)
        try:
            return self._act(self._items[number])
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _send(pipe: Connection, answer: object) -> None:
    # Nobody asks any more where the process that asks has failed.
    with suppress(BrokenPipeError):
        pipe.send(answer)


def _limit_memory(size: int) -> None:
    """Let this process take so many bytes of address space more than it has now; beyond, it gets a MemoryError."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of the unit
        now = int(file.read().split()[0]) * resource.getpagesize()
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = now + size if hard == resource.RLIM_INFINITY else min(now + size, hard)
    # Not every system lets a process limit itself.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def processors() -> int:
    """How many processes can work at once; 1 where processes cannot be forked safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _end_together() -> None:
    """Let this process end with the one that it came from: it would wait for work for ever, and hold its locks."""
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    assert parent

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _at_one_depth(act: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Do it in a fresh thread, so that the call stack always has the same depth: how far Markdown nests hangs on it."""
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
