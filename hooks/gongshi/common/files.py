"""Write files in one step, so that none is ever half-written, and read files without following links."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gongshi.common import leftover_files
from gongshi.common.errors import UsageError
from gongshi.i18n import gettext as _

STATE_DIR = ".gongshi"
"""The folder in the repository for files of this clone, which are not committed."""
_IN_MEMORY = 1 << 29
"""The size above which a file is not read into memory: twice the largest attachment."""
_PART = 1 << 20
"""The number of bytes of a long file that are read at once."""

# O_NONBLOCK: opening a pipe must not wait for ever.
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def require_utf8_file_names() -> None:
    """Refuse to work if file names are not UTF-8: Chinese names would be lost or published with other bytes.

    Raises:
        UsageError: this process takes file names for another encoding.
    """
    encoding = sys.getfilesystemencoding()
    if encoding.lower().replace("-", "") != "utf8":
        message = _("file names are read as {encoding} here, so Chinese names would be lost; set LC_ALL=C.UTF-8")
        raise UsageError(message.format(encoding=encoding))


def parent_folders(paths: Iterable[str]) -> set[str]:
    """Return all folders above these paths, without the topmost.

    Args:
        paths: relative to the topmost folder, with `/`.

    Returns:
        Folders relative to the topmost one, without a slash at the end.
    """
    found = {path.rpartition("/")[0] for path in paths}
    for folder in list(found):
        above = folder.rpartition("/")[0]
        while above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found - {""}


def write_atomic(path: Path, content: bytes, scratch: Path | None = None) -> None:
    """Write a file under a temporary name and move it into place, so that it is always complete, old or new.

    Args:
        path: the file; missing folders are made. An existing file keeps its permissions.
        content: its new bytes.
        scratch: the folder for the temporary file, if it is on the same disk; None for the file's own folder. Leftovers
            of killed processes there are removed.

    Raises:
        OSError: nothing was changed at `path`.
    """
    write_atomic_many({path: content}, scratch)


def write_atomic_many(files: Mapping[Path, bytes], scratch: Path | None = None) -> None:
    """Write several files; none is moved into place before all are written.

    Args:
        files: the new bytes of each file; missing folders are made. Existing files keep their permissions.
        scratch: as for `write_atomic`.

    Raises:
        OSError: a file, which the error names, could not be written. If it failed before moving, nothing was changed.
    """
    waiting: list[tuple[_Temporary, Path]] = []
    path = Path()
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            waiting.append((_Temporary(path, content, scratch), path))
        for temporary, path in waiting:
            temporary.move(path)
    except OSError as error:
        # Name the file that the caller knows, not the temporary one.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        for temporary, _path in waiting:
            temporary.remove()
    for folder in {path.parent for path in files}:
        sync_folder(folder)


class _Temporary:
    """A file under a temporary name. It is locked, so that no other process removes it as a leftover.

    Args:
        path: the path to which it will be moved.
        content: its bytes.
        scratch: the folder for it; None for the folder of `path`.
    """

    def __init__(self, path: Path, content: bytes, scratch: Path | None) -> None:
        folder = path.parent if scratch is None or _device(scratch) != _device(path.parent) else scratch
        leftover_files.sweep(folder)
        handle, name = _new_temporary_file(folder)
        self._handle: int | None = handle
        self._name = Path(name)
        try:
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._name.chmod(_mode(path))
        except BaseException:
            self.remove()
            raise

    def move(self, path: Path) -> None:
        """Move it into place."""
        if os.name != "posix":  # pragma: no cover - Windows moves no open file
            self._close()
        self._name.replace(path)

    def remove(self) -> None:
        """Remove it, if it was not moved."""
        self._name.unlink(missing_ok=True)
        self._close()

    def _close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None


def _new_temporary_file(folder: Path) -> tuple[int, str]:
    while True:
        handle, name = tempfile.mkstemp(prefix=leftover_files.FILE, dir=folder)
        if leftover_files.claim(handle, name):
            return handle, name
        os.close(handle)


def _device(folder: Path) -> int | None:
    try:
        return folder.stat().st_dev
    except OSError:
        return None


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to disk, so that they survive a power failure, if the system can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def read_file(path: Path | str) -> bytes:
    """Return the bytes of a regular file.

    Args:
        path: the file; a symbolic link, device or pipe at this place is not read.

    Raises:
        OSError: there is no regular file at this path, or it cannot be read.
    """
    handle, found = _open_regular(path, _IN_MEMORY)
    size = found.st_size
    try:
        content = os.read(handle, size + 1)
        if len(content) == size:
            return content
        # The file grew meanwhile, or is longer than one call can read.
        parts = [content]
        while parts[-1]:
            parts.append(os.read(handle, _PART))
        return b"".join(parts)
    finally:
        os.close(handle)


def read_start(path: Path | str, size: int) -> bytes:
    """Return the first bytes of a regular file.

    Args:
        path: the file; a symbolic link, device or pipe at this place is not read.
        size: the maximum number of bytes.

    Raises:
        OSError: there is no regular file at this path, or it cannot be read.
    """
    handle, _size = _open_regular(path, 1 << 62)
    try:
        return os.read(handle, size)
    finally:
        os.close(handle)


def sha256_of(path: Path | str) -> str:
    """Return the SHA-256 of a regular file of any size, as 64 hexadecimal digits.

    Args:
        path: the file; a symbolic link, device or pipe at this place is not read.

    Raises:
        OSError: there is no regular file at this path, or it cannot be read.
    """
    return identified(path)[0]


def identified(path: Path | str) -> tuple[str, os.stat_result]:
    """Return the SHA-256 of a regular file of any size and its status.

    Args:
        path: the file; a symbolic link, device or pipe at this place is not read.

    Returns:
        The SHA-256 as 64 hexadecimal digits, and the status of the file before it was read.

    Raises:
        OSError: there is no regular file at this path, or it cannot be read.
    """
    handle, found = _open_regular(path, 1 << 62)
    try:
        part = os.read(handle, min(found.st_size + 1, _PART))
        digest = hashlib.sha256(part)
        # The file grew meanwhile, or is longer than one call can read.
        while len(part) != found.st_size and (part := os.read(handle, _PART)):
            digest.update(part)
    finally:
        os.close(handle)
    return digest.hexdigest(), found


def share_inodes(first: Path, second: Path) -> bool:
    """Tell whether files below these two folders with the same inode number are the same file.

    Args:
        first: a folder.
        second: another folder.
    """
    device = first.lstat().st_dev
    if device != second.lstat().st_dev:
        return False
    if sys.platform != "linux":
        return os.name == "posix"
    # In overlay file systems, as in containers, files of different layers may have the same number.
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:
        return False
    kinds = {line.partition(" - ")[2].partition(" ")[0] for line in mounts if line.split(" ", 3)[2] == wanted}
    return bool(kinds) and "overlay" not in kinds


def _open_regular(path: Path | str, limit: int) -> tuple[int, os.stat_result]:
    """Open a regular file; return its handle and status."""
    handle = os.open(path, _READ)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, _("is not a regular file"))
    if found.st_size > limit:
        os.close(handle)
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return handle, found


def state_dir(root: Path) -> Path:
    """Return `.gongshi/` in the repository, for files of this clone. It is made if it is missing; git ignores it.

    Args:
        root: the repository.

    Raises:
        OSError: the folder cannot be made, or another file has its name.
    """
    folder = root / STATE_DIR
    if folder.is_symlink():
        raise OSError(errno.EINVAL, _("is a symbolic link"), str(folder))
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_atomic(ignore, b"*\n")
    return folder


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o666 & ~umask()


@contextmanager
def public_permissions() -> Iterator[None]:
    """Let everybody read files that the block makes, as web servers run under other accounts.

    The umask is changed for the whole process, so make only published files in the block.
    """
    mask = os.umask(0o022)
    os.umask(mask & ~0o055)
    try:
        yield
    finally:
        os.umask(mask)


def umask() -> int:
    """Return the permissions that this process takes off new files."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
