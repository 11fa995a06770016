"""Parallel work in copies of this process (fork), which send their results back.

`map_chunks` splits a list into two chunks, for quick work on many items. `map_parallel` starts one process per
processor and distributes small portions, for slow work. If this process cannot be copied, both work in it alone.

With limits, `map_parallel` always works in copies: if the work on one item exceeds a limit, the system ends the copy,
this item gets a substitute result, and the other items are continued in a new copy.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Generic, TypeVar, cast

from gongshi.common.collector import collect, collector_paused, objects_frozen
from gongshi.common.errors import Refused
from gongshi.i18n import gettext as _

# `pickle` is imported where it is used: most commands start no other process.

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

FEW = 48
"""Number of items up to which `map_parallel` uses one process, because starting more would take longer."""
_PORTION = 24
_MAX_SERIAL_FOR_CHUNKS = 400
"""Number of items up to which `map_chunks` uses one process; higher, as its work is quick."""
_SECOND_SHARE = 0.47
"""Share of the items for the second process of `map_chunks`; below half, as it must also send its result."""
_PAGE_BYTES = 4096
_MEMORY_BYTES = 1 << 30
_LENGTH_BYTES = 8
_PARENT_CHECK_SECONDS = 0.5


class Excess(Enum):
    """The limit that the work on one item exceeded."""

    TIME = "time"
    MEMORY = "memory"


_EXCESSES = {
    "SIGPROF": Excess.TIME,
    "SIGABRT": Excess.MEMORY,
    "SIGSEGV": Excess.MEMORY,
    "SIGBUS": Excess.MEMORY,
}
"""Signals that end a process because of its item: timer, lack of memory in a library, stack overflow. Any other
signal has an external cause."""


@dataclass(frozen=True)
class Limits(Generic[_Item, _Result]):
    """Limits on the work for one item.

    The time limit is processor time, so that the content of a page does not depend on the load of the machine.
    """

    seconds: float
    """The maximum processor time."""
    give_up: Callable[[_Item, Excess], _Result]
    """Returns the substitute result for an item that exceeded a limit; called in this process."""
    memory: int = _MEMORY_BYTES
    """The maximum additional address space, in bytes, beyond that of this process."""


def can_copy(with_threads: bool = True) -> bool:
    """Tell whether this process can be copied.

    Args:
        with_threads: False to require that no other thread runs: a lock that it holds stays locked in the copy.
    """
    return sys.platform == "linux" and (with_threads or threading.active_count() == 1)


def processors() -> int:
    """Return the number of processes that can work at once; 1 if this process cannot be copied."""
    return len(os.sched_getaffinity(0)) if can_copy() else 1


def map_chunks(act: Callable[[Sequence[_Item]], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Work on all items in one chunk, or in two at the same time; return the results in the order of the chunks.

    Args:
        act: works on a chunk. It may run in another process, so side effects are lost, and its result must be
            picklable.
        items: the items.
    """
    if len(items) <= _MAX_SERIAL_FOR_CHUNKS or not can_copy(with_threads=False) or processors() < 2:
        return [act(items)]
    cut = len(items) - int(len(items) * _SECOND_SHARE)
    try:
        copy = _Copy(lambda _requests, answers: _send(answers, act(items[cut:])))
    except OSError:
        # Containers may limit the number of processes.
        return [act(items)]
    second: list[_Result] = []
    try:
        first = act(items[:cut])
        # The copy may have failed, or could not send its result.
        with suppress(EOFError, OSError):
            second.append(cast("_Result", copy.receive()))
    finally:
        copy.end()
    # Repeat the chunk of a failed copy here, which also raises its error.
    return [first, *(second or [act(items[cut:])])]


def map_parallel(
    act: Callable[[_Item], _Result],
    items: Sequence[_Item],
    few: int = FEW,
    limits: Limits[_Item, _Result] | None = None,
) -> Iterator[_Result]:
    """Work on each item in several processes; yield the results in the order of the items.

    Args:
        act: works on one item. It may run in another process, so its only side effects may be files that it writes.
        items: the items.
        few: the number of items up to which one process does all the work.
        limits: the limits for each item; they apply if this process can be copied and a process can be started.

    Raises:
        Refused: the system ended a process for another reason than the limits of an item.
    """
    count = processors() if len(items) > few else 1
    if not items or (count < 2 and (limits is None or not can_copy())):
        yield from _serial(act, items)
        return
    with objects_frozen(collect_first=count > 1):
        pool = _Pool(act, items, limits)
        try:
            yield from pool.results(count) if pool.begin(count) else _serial(act, items)
        finally:
            pool.end()


def _serial(act: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
    for start in range(0, len(items), _PORTION):
        yield from _in_fresh_thread(act, items[start : start + _PORTION])
        # A full collection would take longer than the portion.
        collect(recent_only=True)


class _Copy:
    """A copy of this process, with a pipe for requests and a pipe for answers.

    Args:
        work: runs in the copy, with both pipes; the copy ends when it returns or raises.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(self, work: Callable[[BinaryIO, BinaryIO], None]) -> None:
        pipes = [*os.pipe()]
        try:
            pipes += os.pipe()
            self._pid = os.fork()
        except OSError:
            for descriptor in pipes:
                os.close(descriptor)
            raise
        request_reader, request_writer, answer_reader, answer_writer = pipes
        if self._pid == 0:
            # Close the parent's ends, so that the copy notices when the parent closes its pipes.
            os.close(request_writer)
            os.close(answer_reader)
            _work_and_exit(work, request_reader, answer_writer)
        os.close(request_reader)
        os.close(answer_writer)
        self._requests = os.fdopen(request_writer, "wb")
        self.answers = os.fdopen(answer_reader, "rb")
        _open_copies.append(self)

    def send(self, request: object) -> None:
        """Send a request; it is lost if the copy has ended."""
        _send(self._requests, request)

    def receive(self) -> object:
        """Wait for an answer and return it; raises EOFError if the copy ended without one."""
        return _receive(self.answers)

    def close(self) -> None:
        """Close the pipes; the copy ends after its present work."""
        for pipe in (self._requests, self.answers):
            # Closing fails if the copy has ended without reading a request.
            with suppress(OSError):
                pipe.close()

    def end(self) -> int:
        """Close the pipes, wait for the end of the copy and return its exit code, or minus the signal that ended it."""
        self.close()
        _open_copies.remove(self)
        _pid, status = os.waitpid(self._pid, 0)
        return os.waitstatus_to_exitcode(status)


_open_copies: list[_Copy] = []
"""Running copies of this process; each new copy closes the inherited ends of their pipes."""


def _work_and_exit(work: Callable[[BinaryIO, BinaryIO], None], requests: int, answers: int) -> None:
    """Run the work in a copy, and exit without the clean-up of the parent process."""
    code = 1
    try:
        for copy in _open_copies:
            copy.close()
        _open_copies.clear()
        with os.fdopen(requests, "rb") as reader, os.fdopen(answers, "wb") as writer:
            work(reader, writer)
        code = 0
    finally:
        os._exit(code)


def _send(pipe: BinaryIO, content: object) -> None:
    """Write an object to a pipe; it is lost if the other end is closed."""
    import pickle

    pickled = pickle.dumps(content, protocol=5)
    with suppress(BrokenPipeError):
        pipe.write(len(pickled).to_bytes(_LENGTH_BYTES, "little"))
        pipe.write(pickled)
        pipe.flush()


def _receive(pipe: BinaryIO) -> object:
    """Read an object that another process of this program sent; raises EOFError if the pipe ended before."""
    length = pipe.read(_LENGTH_BYTES)
    content = pipe.read(int.from_bytes(length, "little"))
    if len(length) < _LENGTH_BYTES or len(content) < int.from_bytes(length, "little"):
        raise EOFError
    import pickle

    return pickle.loads(content)  # noqa: S301 - from a copy of this process


@dataclass
class _Worker:
    """A copy of this process with the portion of the items that it works on."""

    copy: _Copy
    at: mmap.mmap
    """The number of the item that the copy works on, in shared memory."""
    portion: range = range(0)


class _Pool(Generic[_Item, _Result]):
    """Pool of copies of this process. They inherit the items, so that only item numbers and results are sent.

    Args:
        act: works on an item.
        items: the items.
        limits: the limits for each item.
    """

    def __init__(
        self, act: Callable[[_Item], _Result], items: Sequence[_Item], limits: Limits[_Item, _Result] | None
    ) -> None:
        self._act = act
        self._items = items
        self._limits = limits
        self._workers: list[_Worker] = []

    def begin(self, count: int) -> bool:
        """Start the copies; return False and end all of them if the system allows too few processes."""
        try:
            for _number in range(count):
                self._start()
        except OSError:
            self.end()
            return False
        return True

    def results(self, count: int) -> Iterator[_Result]:
        """Yield the results in the order of the items.

        Args:
            count: the number of copies.

        Raises:
            Refused: the system ended a copy for another reason than the limits of an item.
        """
        size = min(_PORTION, max(1, len(self._items) // (4 * count)))
        starts = range(0, len(self._items), size)
        waiting = deque(range(start, min(start + size, len(self._items))) for start in starts)
        found: dict[int, _Result] = {}
        next_one = 0
        while next_one < len(self._items):
            for worker in self._workers:
                if not worker.portion and waiting:
                    worker.portion = waiting.popleft()
                    worker.copy.send(worker.portion)
            for worker in self._ready():
                made, left = self._take_answer(worker)
                found.update(made)
                waiting.extendleft(reversed(left))
            while next_one in found:
                yield found.pop(next_one)
                next_one += 1

    def end(self) -> None:
        """Wait until each copy has finished its portion, and end all of them."""
        for worker in self._workers:
            worker.copy.close()
        for worker in self._workers:
            worker.copy.end()
        self._workers.clear()

    def _start(self) -> None:
        at = mmap.mmap(-1, _PAGE_BYTES)
        parent = os.getpid()
        self._workers.append(_Worker(_Copy(lambda requests, answers: self._work(requests, answers, at, parent)), at))

    def _ready(self) -> list[_Worker]:
        """Wait until at least one copy has answered or ended, and return all such workers."""
        busy = {worker.copy.answers.fileno(): worker for worker in self._workers if worker.portion}
        poll = select.poll()
        for descriptor in busy:
            poll.register(descriptor, select.POLLIN)
        return [busy[descriptor] for descriptor, _event in poll.poll()]

    def _take_answer(self, worker: _Worker) -> tuple[dict[int, _Result], list[range]]:
        """Return the results of a copy by item number, and the portions to repeat if it was ended.

        Raises:
            BaseException: any error that the work on an item raised.
        """
        try:
            answer = worker.copy.receive()
        except (EOFError, OSError):
            return self._replace(worker)
        portion, worker.portion = worker.portion, range(0)
        if isinstance(answer, MemoryError) and self._limits:
            # Of one item or of all results together: repeat them one by one.
            if len(portion) > 1:
                return {}, [range(number, number + 1) for number in portion]
            return self._substitute(portion, worker, Excess.MEMORY)
        if isinstance(answer, BaseException):
            raise answer
        return dict(zip(portion, answer, strict=True)), []  # type: ignore[call-overload]

    def _replace(self, worker: _Worker) -> tuple[dict[int, _Result], list[range]]:
        """Replace an ended copy: start a new one, and return the substitute result and the portions to repeat."""
        self._workers.remove(worker)
        code = worker.copy.end()
        excess = next((why for name, why in _EXCESSES.items() if code == -getattr(signal, name, 0)), None)
        if excess is None or self._limits is None:
            raise Refused(_("the system ended a part of this build, perhaps for want of memory; build again"))
        try:
            self._start()
        except OSError:
            raise Refused(_("the system ended a part of this build, perhaps for want of memory; build again")) from None
        return self._substitute(worker.portion, worker, excess)

    def _substitute(self, portion: range, worker: _Worker, excess: Excess) -> tuple[dict[int, _Result], list[range]]:
        """Return the substitute result for the item that a copy worked on last, and the other items of its portion."""
        number = int.from_bytes(worker.at[:8], "little")
        made = _in_fresh_thread(lambda item: self._give_up(item, excess), [self._items[number]])
        before, after = range(portion.start, number), range(number + 1, portion.stop)
        return {number: made[0]}, [part for part in (before, after) if part]

    def _give_up(self, item: _Item, excess: Excess) -> _Result:
        assert self._limits is not None
        return self._limits.give_up(item, excess)

    # The methods below run in the copy.

    def _work(self, requests: BinaryIO, answers: BinaryIO, at: mmap.mmap, parent: int) -> None:
        """Answer requests until the parent closes the pipe."""
        _exit_with_parent(parent)
        if self._limits:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            _limit_memory(self._limits.memory)
        # Converters create reference cycles; one collection per portion is cheaper than many automatic ones.
        with collector_paused():
            while True:
                try:
                    portion = _receive(requests)
                except (EOFError, OSError):
                    return
                assert isinstance(portion, range)
                try:
                    _send(answers, _in_fresh_thread(lambda number: self._work_on(number, at), portion))
                except BaseException as error:
                    _send(answers, error)
                collect()

    def _work_on(self, number: int, at: mmap.mmap) -> _Result:
        if self._limits is None:
            return self._act(self._items[number])
        at[:8] = number.to_bytes(8, "little")
        signal.setitimer(signal.ITIMER_PROF, self._limits.seconds)
        try:
            return self._act(self._items[number])
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_memory(size: int) -> None:
    """Limit the address space of this process to its present size plus `size` bytes; above, it gets a MemoryError."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of the unit
        now = int(file.read().split()[0]) * resource.getpagesize()
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = now + size if hard == resource.RLIM_INFINITY else min(now + size, hard)
    # Some systems do not let a process limit itself.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _exit_with_parent(parent: int) -> None:
    """End this process soon after its parent has ended, even during work: it may hold locks."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _in_fresh_thread(act: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Work in a fresh thread, so that the call stack always has the same depth.

    Markdown's nesting limit depends on it, so another depth could change the HTML.
    """
    results: list[_Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            for item in items:
                results.append(act(item))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return results
