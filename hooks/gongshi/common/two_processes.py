"""Work on many things on two processors at once, where the system can copy a process; else one after the other."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_FEW = 400
"""So many things are done before a second process has begun and told what it found."""
_SHARE = 0.47
"""What a second process takes: it also has to write down what it found."""


def in_halves(act: Callable[[Sequence[_Item]], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Do something with many things, in one portion or in two at once; the results in the order of the portions.

    Args:
        act: what to do; it may run in another process, so only its result remains, and that can be pickled.
        items: the things.
    """
    if len(items) <= _FEW or not _can_fork():
        return [act(items)]
    cut = len(items) - int(len(items) * _SHARE)
    try:
        reader, writer = os.pipe()
    except OSError:
        return [act(items)]
    try:
        child = os.fork()
    except OSError:
        # Containers allow few processes.
        os.close(reader)
        os.close(writer)
        return [act(items)]
    if child == 0:
        # Else it would not see that nobody reads any more.
        os.close(reader)
        _answer(writer, lambda: act(items[cut:]))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        try:
            first = act(items[:cut])
            written = pipe.read()
        finally:
            # Where this half failed, the other one finds nobody to tell.
            pipe.close()
            _pid, status = os.waitpid(child, 0)
    import pickle

    # Whatever became of the other process: what it did not tell is done here.
    return [first, pickle.loads(written) if written and status == 0 else act(items[cut:])]  # noqa: S301


def _answer(writer: int, act: Callable[[], object]) -> None:
    """In the other process: write down what was found, and leave without a trace."""
    import pickle

    code = 1
    try:
        content = pickle.dumps(act(), protocol=5)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(content)
        code = 0
    finally:
        os._exit(code)


def _can_fork() -> bool:
    # Locks that other threads hold would stay locked in the copy.
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1
