"""Make temporary folders that a later run removes if the process is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from gongshi.common import leftover_files


class ScratchFolder:
    """A new, empty folder for this process only. As a context manager, it is removed at the end.

    Args:
        parent: the folder in which it is made; None for the system's folder for temporary files.

    Raises:
        OSError: the parent folder cannot be written.
    """

    def __init__(self, parent: Path | None = None) -> None:
        prefix = leftover_files.FOLDER if parent is None else leftover_files.FILE
        leftover_files.sweep(parent or tempfile.gettempdir())
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            try:
                self._handle = _open_folder(self.path)
            except FileNotFoundError:
                # Another process removed it as a leftover before it was locked.
                continue
            if self._handle is None or leftover_files.claim(self._handle, self.path):
                break
            os.close(self._handle)

    @property
    def handles(self) -> tuple[int, ...]:
        """The open files that mark the folder as in use; to be passed on as `pass_fds` to programs that work in it."""
        return () if self._handle is None else (self._handle,)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@contextmanager
def place_for_libraries() -> Iterator[None]:
    """Let libraries make their temporary files in a scratch folder while the block runs."""
    before = tempfile.tempdir
    with ScratchFolder() as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


def _open_folder(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        raise
    except OSError:
        # Windows cannot open folders.
        return None
