"""Remove temporary files and folders that a killed process left behind.

A process locks its temporary files (`flock`) while it uses them, and the system releases the lock when the process
ends for any reason. So a file with such a name that belongs to this account and can be locked is a leftover. Where
files cannot be locked (some network file systems, Windows), nothing is removed.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

FILE = ".tmp-gongshi-"
"""The beginning of the names of temporary files."""
FOLDER = "gongshi-run_"
"""The beginning of the names of Gongshi's folders in the system's folder for temporary files."""
_NAME = re.compile(rf"(?:{re.escape(FILE)}|{FOLDER})[a-z0-9_]{{8}}")

_swept: set[str] = set()
"""The folders that this process has searched already."""


def is_name(name: str) -> bool:
    """Tell whether a file or folder has a name that Gongshi gives to temporary ones."""
    return bool(_NAME.fullmatch(name))


def claim(handle: int, path: str | Path) -> bool:
    """Lock a temporary file or folder until its handle is closed.

    Args:
        handle: the open file or folder.
        path: its path.

    Returns:
        False if another process removed it as a leftover before it was locked; the caller then makes a new one. True
        if it is locked, or cannot be locked, as then no process removes it.
    """
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return _is_at(handle, path)


def sweep(folder: str | Path) -> None:
    """Remove the leftovers directly in a folder, once for each folder and process.

    Args:
        folder: the folder; it may be missing.
    """
    place = os.path.realpath(folder)
    if place in _swept:
        return
    _swept.add(place)
    with suppress(OSError), os.scandir(place) as found:
        names = [entry.name for entry in found if is_name(entry.name)]
        for name in names:
            remove(f"{place}/{name}")


def remove(path: str | Path) -> None:
    """Remove a leftover, unless it belongs to another account or a process uses it; failures are ignored.

    Args:
        path: a file or folder for which `is_name` is true.
    """
    if fcntl is None:
        return
    with suppress(OSError):
        found = os.lstat(path)
        if found.st_uid != os.geteuid() or not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            return
        is_folder = stat.S_ISDIR(found.st_mode)
        # Network file systems lock only files that are open for writing.
        handle = os.open(path, (os.O_RDONLY if is_folder else os.O_RDWR) | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_at(handle, path):
                return
            if is_folder:
                shutil.rmtree(path, ignore_errors=True)
            else:
                Path(path).unlink()
        finally:
            os.close(handle)


def _is_at(handle: int, path: str | Path) -> bool:
    """Tell whether a path still leads to the open file."""
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(path))
    except OSError:
        return False
