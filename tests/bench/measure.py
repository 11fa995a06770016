"""What a command costs: wall time, processor time and peak memory of its whole process tree."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.05
"""Seconds between two looks at the memory."""
SAMPLED = Path("/proc/self/smaps_rollup").exists()
"""Whether memory is the sum over all processes; else it is that of the largest one."""


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    wall: float
    """Seconds from start to end."""
    cpu: float
    """Seconds of processor time, user and system, of the process and of those it waited for."""
    memory: int
    """Bytes at the peak: the proportional set sizes (PSS) of all its processes together."""


def measure(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run a command to its end.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: its environment.

    Raises:
        SystemExit: it failed; what it printed is shown.
    """
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        with _Sampler(process.pid) as sampler:
            _pid, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")[-4000:]
            raise SystemExit(f"{' '.join(command)} failed with {process.returncode} in {folder}:\n{text}")
    return Cost(wall, used.ru_utime + used.ru_stime, sampler.peak if SAMPLED else _bytes(used))


def _bytes(used: resource.struct_rusage) -> int:
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Sampler:
    """Looks at the memory of a process tree until it is told to stop.

    Args:
        root: the process id at the top of the tree.
    """

    def __init__(self, root: int) -> None:
        self.peak = 0
        self._highest = 0
        self._looked = 0.0
        self._known = {root: True}
        """Whether a process belongs to the tree, by its id; found out once, as orphans change their parent."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> _Sampler:
        if SAMPLED:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        if SAMPLED:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_EVERY):
            running = _running()
            for process in sorted(running - self._known.keys()):
                self._known[process] = self._known.get(_parent(process), False)
            tree = [process for process in running if self._known[process]]
            self._look(tree)

    def _look(self, tree: list[int]) -> None:
        """Add up what processes hold, where it can be more than ever before.

        Proportional sizes take the kernel some milliseconds. They are never more than the plain ones, and while these stand
        still, they seldom grow.
        """
        resident, now = sum(map(_resident, tree)), time.monotonic()
        if resident > self.peak and (resident > 1.005 * self._highest or now > self._looked + 4 * _EVERY):
            self._highest, self._looked = max(self._highest, resident), now
            self.peak = max(self.peak, sum(map(_proportional, tree)))


def _running() -> set[int]:
    return {int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal()}


def _parent(process: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        # The name of the program stands in parentheses and may hold any character.
        return int(Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    return 0


def _resident(process: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    return 0


def _proportional(process: int) -> int:
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
