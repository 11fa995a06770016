"""Replace a folder that is being served: in one step where the system has it, else file by file in a safe order."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from gongshi.common.files import parent_folders, sha256_of, share_inodes

_STAGED = ".gongshi-new-"
FOREIGN = frozenset((".git",))
"""Names at the top of a served folder that belong to other programs, so they are never changed."""
_AT_FDCWD = -100
_SWAP = 2
"""`RENAME_EXCHANGE` of renameat2(2) in Linux, `RENAME_SWAP` of renamex_np(2) in macOS."""


def exchange(first: Path, second: Path) -> None:
    """Swap the names of two folders atomically, so that neither name is missing at any moment.

    Args:
        first: a folder.
        second: another folder in the same file system.

    Raises:
        OSError: the swap failed and nothing was changed: `ENOSYS` if the operating system does not support it,
            `EINVAL` if the file system does not, `EBUSY` if one of the folders is a mount point.
    """
    names = [os.fsencode(first), os.fsencode(second)]
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            failed = system.renamex_np(*names, ctypes.c_uint(_SWAP))
        else:
            failed = system.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], ctypes.c_uint(_SWAP))
    except (AttributeError, TypeError, OSError):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(first)) from None
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(first))


class FolderUpdate:
    """Update a folder, which a web server may be serving, to the state of another folder, file by file.

    The folder keeps its inode, so bind mounts, containers and programs that hold it open see the new state. Each file
    is replaced by a rename. Existing files are never written into.

    Args:
        source: the folder with the new state; its files are hard-linked into the target where possible, else copied.
        target: the folder to change.
        last: the file to replace last, relative to both folders, with `/`.
        files: every file of the source: path relative to it and inode (0 if unknown); None to scan the source.

    Raises:
        OSError: one of the folders cannot be read.
    """

    def __init__(self, source: Path, target: Path, last: str, files: Mapping[str, int] | None = None) -> None:
        self.source = source
        self.target = target
        self._last = last
        self._staged: str | None = None
        self._made: list[str] = []
        self._mode = source.lstat().st_mode & 0o777
        self._restore_mode("", target.lstat().st_mode)
        self._links = _in_one_mount(source, target)
        self._files = _files(source) if files is None else files
        self._folders = parent_folders(self._files)
        self.added: set[str] = set(self._files)
        """Files that only the source has, by path relative to the folders."""
        self.changed: set[str] = set()
        """Files of the source in whose place the target has another file."""
        self.gone: set[str] = set()
        """Files, links and other non-folders that only the target has."""
        self._gone_folders: set[str] = set()
        self._common_folders = {""}
        self._compare()
        self._missing_folders = sorted(self._folders - self._common_folders)
        self._in_the_way = (self.gone & self._folders) | (self._gone_folders & set(self._files))

    def _compare(self) -> None:
        device = self.target.lstat().st_dev
        by_inode = self._links and share_inodes(self.source, self.target)
        files = self._files
        for path, entry, is_folder in _entries(self.target):
            if is_folder:
                self._note_folder(path, entry.stat(follow_symlinks=False), device)
            elif by_inode and files.get(path) == entry.inode():
                # The same inode means the same file, so most files need no reading.
                self.added.remove(path)
            elif path not in files:
                self.gone.add(path)
            else:
                self.added.remove(path)
                if not self._is_same(path):
                    self.changed.add(path)

    def _note_folder(self, path: str, found: os.stat_result, device: int) -> None:
        if found.st_dev != device:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), f"{self.target}/{path}")
        if path in self._folders:
            self._common_folders.add(path)
            self._restore_mode(path, found.st_mode)
        else:
            self._gone_folders.add(path)

    def _restore_mode(self, path: str, mode: int) -> None:
        if mode & 0o777 != self._mode:
            # chmod fails on a folder of another account. If files in it must change, that change reports the error.
            with suppress(OSError):
                Path(self.target, path).chmod(stat.S_IMODE(mode) & ~0o777 | self._mode)

    def _is_same(self, path: str) -> bool:
        """Tell whether the file at this path is equal in both folders; a copied source gets the times of its target."""
        source, target = f"{self.source}/{path}", f"{self.target}/{path}"
        found, new = os.lstat(target), os.lstat(source)
        if (found.st_dev, found.st_ino) == (new.st_dev, new.st_ino):
            return True
        if not stat.S_ISREG(found.st_mode) or found.st_size != new.st_size or (found.st_mode ^ new.st_mode) & 0o777:
            return False
        # Call it changed, so that the target gets a link to the source: then the next comparison reads no bytes.
        if self._links and new.st_nlink > 1:
            return False
        try:
            same = sha256_of(source) == sha256_of(target)
        except OSError:
            return False
        if same and new.st_nlink == 1:
            os.utime(source, ns=(found.st_atime_ns, found.st_mtime_ns))
        return same

    @property
    def is_needed(self) -> bool:
        """True if the folders differ."""
        return bool(self.added or self.changed or self.gone or self._gone_folders or self._missing_folders)

    def raise_times(self, now: float) -> None:
        """Set the modification time of each added or changed source file later than that of the file it replaces.

        Browsers and proxies revalidate their copies by this time in whole seconds (RFC 9110, 13.1.3).

        Args:
            now: the earliest time to set, in seconds since 1970.
        """
        for path in self.added | self.changed:
            least = int(now)
            with suppress(FileNotFoundError, NotADirectoryError):
                least = max(least, int(os.lstat(f"{self.target}/{path}").st_mtime) + 1)
            if os.lstat(f"{self.source}/{path}").st_mtime < least:
                os.utime(f"{self.source}/{path}", (least, least))

    def stage(self) -> None:
        """Do in the target every step that needs disk space or permissions; visitors see no change yet.

        Raises:
            OSError: the target cannot be changed; it is in its previous state.
        """
        try:
            for folder in {_parent(path) for path in [*self._order(), *self._missing_folders]} & self._common_folders:
                _ask_permission(f"{self.target}/{folder}")
            # mkdtemp creates folders that only their owner can read, so a web server cannot show this one.
            self._staged = Path(tempfile.mkdtemp(prefix=_STAGED, dir=self.target)).name
            for number, path in enumerate(self._order()):
                if path not in self.gone:
                    self._copy(f"{self.source}/{path}", f"{self.target}/{self._staged}/{number}")
            made = set(self._common_folders)
            for path in self._missing_folders:
                if _parent(path) in made and path not in self._in_the_way:
                    Path(self.target, path).mkdir()
                    made.add(path)
                    self._made.append(path)
        except OSError:
            self.discard()
            raise

    def _copy(self, source: str, target: str) -> None:
        if self._links:
            try:
                os.link(source, target)
            except OSError as error:
                # Too many links to one file, a file of another account, or a file system without hard links: copy.
                if error.errno not in (errno.EMLINK, errno.EPERM, errno.ENOTSUP):
                    raise
            else:
                return
        shutil.copyfile(source, target)
        shutil.copystat(source, target)

    def discard(self) -> None:
        """Remove everything that `stage` prepared."""
        for path in reversed(self._made):
            with suppress(OSError):
                Path(self.target, path).rmdir()
        self._made = []
        if self._staged:
            shutil.rmtree(self.target / self._staged, ignore_errors=True)
        self._staged = None

    def apply(self, first: Collection[str] = ()) -> None:
        """Change the target by renaming the files that `stage` prepared.

        The order: remove or replace the files in `first`, add new files, replace changed files (in both steps pages
        come after other files), remove the other files, replace `last`.

        Args:
            first: files, relative to the folder, that must no longer be visible.

        Raises:
            OSError: the target has some of the new files and not others.
        """
        numbers = {path: number for number, path in enumerate(self._order())}
        for path in self._in_the_way:
            remove(self.target / path)
        for path in self._missing_folders:
            Path(self.target, path).mkdir(exist_ok=True)
        for path in self._order(first):
            if path in self._in_the_way and path in self.gone:
                continue
            if path in self.gone:
                with suppress(FileNotFoundError, NotADirectoryError):
                    Path(self.target, path).unlink()
            else:
                Path(self.target, self._staged or "", str(numbers[path])).replace(self.target / path)
        for path in sorted(self._gone_folders - self._in_the_way, reverse=True):
            # A folder that got a new file meanwhile is not empty; the next update handles it.
            with suppress(OSError):
                Path(self.target, path).rmdir()
        self._made = []
        self.discard()

    def _order(self, first: Collection[str] = ()) -> list[str]:
        """Return every path that differs, in the order in which the target is changed."""

        def rank(path: str) -> tuple[bool, bool, bool, bool, bool, str]:
            is_late = path not in first
            is_gone = path in self.gone and is_late
            return (path == self._last, is_late, is_gone, path in self.changed, path.endswith(".html"), path)

        return sorted(self.added | self.changed | self.gone, key=rank)

    def remove(self, paths: Collection[str]) -> list[str]:
        """Remove those of these files that are changed or gone, as far as possible; this needs no disk space.

        Args:
            paths: files relative to the folder; unchanged ones stay.

        Returns:
            The files that should have been removed but are still there.
        """
        self.discard()
        wrong = sorted((self.changed | self.gone).intersection(paths))
        for path in wrong:
            with suppress(OSError):
                Path(self.target, path).unlink()
        return [path for path in wrong if os.path.lexists(self.target / path)]


def _files(folder: Path) -> dict[str, int]:
    """Return the inode of every file of a folder by its path."""
    return {path: entry.inode() for path, entry, is_folder in _entries(folder) if not is_folder}


def _entries(folder: Path) -> Iterator[tuple[str, os.DirEntry[str], bool]]:
    """Yield path, entry and is-it-a-folder for everything in a folder that a build may change, folders first."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(f"{folder}/{prefix}") as entries:
            for entry in entries:
                path = prefix + entry.name
                if path in FOREIGN:
                    continue
                is_folder = entry.is_dir(follow_symlinks=False)
                yield path, entry, is_folder
                if is_folder:
                    waiting.append(f"{path}/")


def _in_one_mount(first: Path, second: Path) -> bool:
    """Tell whether files of one folder can be hard-linked into another; one file system may be mounted twice."""
    if first.lstat().st_dev != second.lstat().st_dev:
        return False
    name = secrets.token_hex(16)
    try:
        # The file does not exist, but Linux compares the mounts first: EXDEV means two mounts.
        (first / name).rename(second / name)
    except OSError as error:
        return error.errno != errno.EXDEV
    return True


def _ask_permission(folder: str) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def remove(place: Path) -> None:
    """Remove a file, a link or a whole folder.

    Args:
        place: the path to remove; links are not followed.

    Raises:
        OSError: it could not be removed completely.
    """
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()
