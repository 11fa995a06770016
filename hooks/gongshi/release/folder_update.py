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
"""Names at the top of a served folder that belong to somebody else: never touched."""
_AT_FDCWD = -100
_SWAP = 2
"""`RENAME_EXCHANGE` of renameat2(2) in Linux, `RENAME_SWAP` of renamex_np(2) in macOS."""


def exchange(first: Path, second: Path) -> None:
    """Give each of two folders the other's name in one step, so that neither name is missing at any moment.

    Args:
        first: a folder.
        second: another one in the same file system.

    Raises:
        OSError: nothing was changed: `ENOSYS` where the system cannot do it at all, `EINVAL` where the file system
            cannot, `EBUSY` where one of them is a mount point.
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
    """Bring a folder that may be served to the state of another one, file by file.

    The folder itself stays the same one (its inode), so bind mounts of it, containers and programs that hold it open
    go on with what is true. Each file is replaced in one step. No byte is written into a file that is there.

    Args:
        source: the new state; its files become the target's, too, by hard links where the system allows it.
        target: the folder to change.
        last: the file that is replaced last, relative to both folders, with `/`.
        files: every file of the source by path relative to it, with its inode, 0 where that is not known; None to
            look at the source itself.

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
        """Everything but folders that only the target has."""
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
                # Most files are told by their inode alone.
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
            # Of another account: then changes in it fail, if there are any.
            with suppress(OSError):
                Path(self.target, path).chmod(stat.S_IMODE(mode) & ~0o777 | self._mode)

    def _is_same(self, path: str) -> bool:
        """Compare two files of which it is not known that they are one; a copy gets the times of an equal target."""
        source, target = f"{self.source}/{path}", f"{self.target}/{path}"
        found, new = os.lstat(target), os.lstat(source)
        if (found.st_dev, found.st_ino) == (new.st_dev, new.st_ino):
            return True
        if not stat.S_ISREG(found.st_mode) or found.st_size != new.st_size or (found.st_mode ^ new.st_mode) & 0o777:
            return False
        # What can be linked is linked, so that the next comparison needs no reading.
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
        """Whether the folders differ."""
        return bool(self.added or self.changed or self.gone or self._gone_folders or self._missing_folders)

    def raise_times(self, now: float) -> None:
        """Let the time of each file that is new at its address be later than that of any file it replaces.

        Browsers and proxies ask with the time, in whole seconds, whether their copy is still good (RFC 9110, 13.1.3).

        Args:
            now: seconds since 1970; a file that is new at its address gets no earlier time.
        """
        for path in self.added | self.changed:
            least = int(now)
            with suppress(FileNotFoundError, NotADirectoryError):
                least = max(least, int(os.lstat(f"{self.target}/{path}").st_mtime) + 1)
            if os.lstat(f"{self.source}/{path}").st_mtime < least:
                os.utime(f"{self.source}/{path}", (least, least))

    def stage(self) -> None:
        """Prepare in the target whatever needs room or permissions; visitors still see everything as it was.

        Raises:
            OSError: it cannot be changed; it is as it was.
        """
        try:
            for folder in {_parent(path) for path in [*self._order(), *self._missing_folders]} & self._common_folders:
                _ask_permission(f"{self.target}/{folder}")
            # Only its owner can look into it.
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
                # Too many links to one file, a file of another account, a file system without links.
                if error.errno not in (errno.EMLINK, errno.EPERM, errno.ENOTSUP):
                    raise
            else:
                return
        shutil.copyfile(source, target)
        shutil.copystat(source, target)

    def discard(self) -> None:
        """Remove what was prepared."""
        for path in reversed(self._made):
            with suppress(OSError):
                Path(self.target, path).rmdir()
        self._made = []
        if self._staged:
            shutil.rmtree(self.target / self._staged, ignore_errors=True)
        self._staged = None

    def apply(self, first: Collection[str] = ()) -> None:
        """Change the target: what `stage` prepared is only renamed.

        First of all go the files named here; then new files come, then files and pages are replaced, then the others
        are removed; `last` comes last.

        Args:
            first: files, relative to the folder, that must not be seen any more.

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
            # What somebody put there meanwhile is seen by the next update.
            with suppress(OSError):
                Path(self.target, path).rmdir()
        self._made = []
        self.discard()

    def _order(self, first: Collection[str] = ()) -> list[str]:
        """Every path that differs, in the order in which the target is changed."""

        def rank(path: str) -> tuple[bool, bool, bool, bool, bool, str]:
            is_late = path not in first
            is_gone = path in self.gone and is_late
            return (path == self._last, is_late, is_gone, path in self.changed, path.endswith(".html"), path)

        return sorted(self.added | self.changed | self.gone, key=rank)

    def remove(self, paths: Collection[str]) -> list[str]:
        """Remove files that differ from the target, as far as possible: this needs no room.

        Args:
            paths: files relative to the folder; those that did not change stay.

        Returns:
            Which of them are still there.
        """
        self.discard()
        wrong = sorted((self.changed | self.gone).intersection(paths))
        for path in wrong:
            with suppress(OSError):
                Path(self.target, path).unlink()
        return [path for path in wrong if os.path.lexists(self.target / path)]


def _files(folder: Path) -> dict[str, int]:
    """Every file of a folder by its path, with its inode."""
    return {path: entry.inode() for path, entry, is_folder in _entries(folder) if not is_folder}


def _entries(folder: Path) -> Iterator[tuple[str, os.DirEntry[str], bool]]:
    """Yield everything in a folder that a build may change and whether it is a folder; folders before their files."""
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
    """Tell whether files of one folder can be linked into another; a file system may be mounted at several places."""
    if first.lstat().st_dev != second.lstat().st_dev:
        return False
    name = secrets.token_hex(16)
    try:
        # There is no such file, but Linux looks at the mounts first.
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
        place: what to remove; no link is followed.

    Raises:
        OSError: some of it is still there.
    """
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()
