"""`.gongshi/cache/`: what builds made, so that what is made of the same is not made again.

    index.json       its seal on the first line; then, by name, of what something was made and what it became
    objects/AB/HEX   the bytes by SHA-256; the site's files are links to them, or copies where there can be no links
    spare/           a second copy of the site, made of the same links, to become the next: most files will be the same

Nothing here says what is public: the gate judges anew in each build, and asks only then. But pages that are kept go
out as they are. So the index is sealed (HMAC-SHA-256) with a secret that lies elsewhere: one that is damaged, or that
another account or machine wrote, is thrown away whole. An object counts as long as its bytes have the hash of its name.
"""

from __future__ import annotations

import hmac
import json
import os
import shutil
import stat
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from gongshi.common.files import OWN_FOLDER, identified, own_folder, read_regular, share_inodes, umask, write_whole
from gongshi.common.hashing import sha256
from gongshi.common.parallel import map_chunks
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.i18n import gettext as _

FOLDER = "cache"
_INDEX = "index.json"
_FORMAT = "gongshi-cache-2"
"""Earlier versions kept a spare that had been served."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_MODE = 0o666

Values = dict[str, Any]


class Damaged(Exception):
    """An object of the cache is missing, or its bytes are others."""


class Cache:
    """What builds of one unit made.

    Args:
        folder: where it is kept; its objects and its index.
        lock: held as long as it is used; None for a folder that is only this build's and goes with it.
        secret: what the index is sealed with.
        scratch: the folder, where it is only this build's.
    """

    def __init__(
        self, folder: Path, lock: FileLock | None = None, secret: bytes = b"", scratch: ScratchFolder | None = None
    ) -> None:
        self.folder = folder
        self._scratch = scratch
        self._lock = lock
        self._secret = secret
        self.unused_because: str | None = None
        """The reason why nothing is kept for the next build although it should be, or None."""
        self._before: dict[str, tuple[str, Values]] = _read(folder / _INDEX, secret) if lock else {}
        self._now: dict[str, tuple[str, Values]] = {}
        self._objects = f"{folder}/objects"
        _claim(self._objects)
        for number in range(256):
            _claim(f"{self._objects}/{number:02x}")
        if not self._before:
            # Nothing says what else is here.
            self.forget()

    @property
    def spare(self) -> Path | None:
        """Where a site that was replaced waits to become the next one; None for a cache of one build."""
        return self.folder / "spare" if self._lock else None

    @property
    def lasts(self) -> bool:
        """Whether it is kept for the next build."""
        return self._lock is not None

    def kept(self, name: str, key: str) -> Values | None:
        """What became of something; None where it was made of something else, or never.

        Args:
            name: what it is.
            key: SHA-256 over everything that has influence on it.
        """
        found = self._now.get(name) or self._before.get(name)
        if found is None or found[0] != key:
            return None
        self._now[name] = found
        return found[1]

    def note(self, name: str, key: str, values: Values) -> None:
        """Keep in mind what became of something.

        Args:
            name: what it is.
            key: SHA-256 over everything that has influence on it.
            values: JSON values; under `objects` a list with the SHA-256 of each object that it needs.
        """
        self._now[name] = (key, values)

    def keep(self, content: bytes) -> str:
        """Keep bytes; their SHA-256."""
        digest = sha256(content)
        path = self._path(digest)
        try:
            handle = os.open(path, _NEW, _MODE)
        except FileExistsError:
            with suppress(OSError):
                if read_regular(path) == content:
                    return digest
            # It may be linked into a site: no byte of it is changed in place. And another process may keep the same.
            waiting = f"{path}.{os.getpid()}"
            _remove(waiting)
            with os.fdopen(os.open(waiting, _NEW, _MODE), "wb") as file:
                file.write(content)
            if stat.S_ISDIR(os.lstat(path).st_mode):
                _remove(path)
            Path(waiting).replace(path)
            return digest
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return digest

    def object(self, digest: str) -> bytes:
        """The bytes of an object, checked.

        Args:
            digest: their SHA-256.

        Raises:
            Damaged: it is missing or has other bytes.
        """
        try:
            content = read_regular(self._path(digest))
        except OSError:
            raise Damaged from None
        if sha256(content) != digest:
            raise Damaged
        return content

    def inodes(self, digests: Collection[str], folder: Path) -> dict[str, int]:
        """Read and check every object that is to be laid into a folder, and give each its usual permissions.

        Args:
            digests: their SHA-256.
            folder: where they will be linked to.

        Returns:
            Their inodes; nothing, and nothing is read, where inodes in the folder do not tell which file one is.

        Raises:
            Damaged: one of them is missing or has other bytes.
            OSError: the permissions are another account's.
        """
        if not share_inodes(self.folder, folder):
            return {}
        mode = _MODE & ~umask()

        def found(portion: Sequence[str]) -> list[tuple[int, int]] | None:
            inodes = []
            for digest in portion:
                try:
                    actual, status = identified(self._path(digest))
                except OSError:
                    return None
                if actual != digest:
                    return None
                inodes.append((status.st_ino, status.st_mode & 0o777))
            return inodes

        wanted = list(digests)
        portions = map_chunks(found, wanted)
        read = [each for portion in portions if portion is not None for each in portion]
        if len(read) < len(wanted):
            raise Damaged
        for digest, (_inode, actual) in zip(wanted, read, strict=True):
            if actual != mode:
                Path(self._path(digest)).chmod(mode)
        return {digest: inode for digest, (inode, _mode) in zip(wanted, read, strict=True)}

    def lay(self, digest: str, target: str) -> None:
        """Put an object into a site: a link to it, unchecked, or a copy of it, checked.

        Args:
            digest: its SHA-256.
            target: the file; there is none yet, and its folder is there.

        Raises:
            Damaged: it is missing, or no file, or is copied and has other bytes.
            FileExistsError: something has the target's place.
        """
        path = self._path(digest)
        try:
            os.link(path, target)
        except FileExistsError:
            raise
        except FileNotFoundError:
            raise Damaged from None
        except OSError:
            # Another disk, a file system without links, or too many of them.
            content = self.object(digest)
            with os.fdopen(os.open(target, _NEW, _MODE), "wb") as file:
                file.write(content)
        else:
            restore_mode(target, _MODE)

    def save(self) -> None:
        """Let the next build know what this one made or used, and forget everything else.

        Raises:
            OSError: it cannot be written.
        """
        if not self.lasts:
            return
        if self._now != self._before:
            document = {"format": _FORMAT, "umask": umask(), "made": self._now}
            content = json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")
            write_whole(self.folder / _INDEX, _seal(content, self._secret) + b"\n" + content)
        needed = {digest for _key, values in self._now.values() for digest in values["objects"]}
        self._prune(needed)

    def forget(self) -> None:
        """Throw everything away."""
        self._before, self._now = {}, {}
        _remove(self.folder / _INDEX)
        self._prune(frozenset())
        if self.spare:
            shutil.rmtree(self.spare, ignore_errors=True)

    def close(self) -> None:
        """Let others use it; one that is only this build's is removed."""
        if self._scratch:
            self._scratch.close()
        if self._lock:
            self._lock.release()

    def _prune(self, needed: Collection[str]) -> None:
        for number in range(256):
            folder = f"{self._objects}/{number:02x}"
            for name in os.listdir(folder):  # noqa: PTH208 - tens of thousands of times
                if name not in needed:
                    _remove(f"{folder}/{name}")
        # What a build left that was killed as it wrote the index.
        for file in self.folder.glob(".tmp-*"):
            _remove(file)

    def _path(self, digest: str) -> str:
        return f"{self._objects}/{digest[:2]}/{digest}"


def restore_mode(path: str, mode: int) -> None:
    """Give a file or folder of a site its usual permissions back: who changes them there changes them for all builds.

    Args:
        path: the file or folder, no link.
        mode: the permissions before the umask.
    """
    wanted = mode & ~umask()
    if stat.S_IMODE(os.lstat(path).st_mode) & 0o777 != wanted:
        Path(path).chmod(wanted)


def opened(root: Path, secret: bytes | None) -> Cache:
    """The cache of a unit; an empty one of this build alone where it cannot be used, or another build uses it.

    Args:
        root: the repository.
        secret: what its index is sealed with, of this account alone; None where there is none.
    """
    if secret is None:
        return passing(
            _("this account has no folder for its state; set HOME or XDG_STATE_HOME to one that it can write")
        )
    try:
        folder = own_folder(root) / FOLDER
        if folder.is_symlink():
            return passing(_("{path} is a symbolic link").format(path=f"{OWN_FOLDER}/{FOLDER}"))
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        return passing(_("another build is using it at the moment"))
    except OSError as error:
        return passing(_cannot_use(error))
    try:
        return Cache(folder, lock, secret)
    except OSError as error:
        lock.release()
        return passing(_cannot_use(error))


def _cannot_use(error: OSError) -> str:
    reason = {"folder": f"{OWN_FOLDER}/{FOLDER}", "reason": error.strerror or str(error)}
    return _("{folder} cannot be used: {reason}; let this account write there").format(**reason)


def passing(unused_because: str | None = None) -> Cache:
    """Make an empty cache of this build alone.

    Args:
        unused_because: why no other is used, where one should be.
    """
    scratch = ScratchFolder()
    cache = Cache(scratch.path, scratch=scratch)
    cache.unused_because = unused_because
    return cache


def _claim(place: str) -> None:
    """Make a folder, also where a link or file has its name."""
    try:
        Path(place).mkdir()
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(place).st_mode):
            _remove(place)
            Path(place).mkdir()


def _remove(place: Path | str) -> None:
    try:
        Path(place).unlink(missing_ok=True)
    except OSError:
        shutil.rmtree(place, ignore_errors=True)


def _seal(content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, content, "sha256").hexdigest().encode()


def _read(index: Path, secret: bytes) -> dict[str, tuple[str, Values]]:
    """What an index says; nothing where it is missing, damaged, another's, or no index."""
    try:
        seal, _, content = read_regular(index).partition(b"\n")
        if not hmac.compare_digest(seal, _seal(content, secret)):
            return {}
        document = json.loads(content)
        # The site's files have the permissions of the objects, which follow the umask.
        if (document["format"], document["umask"]) != (_FORMAT, umask()):
            return {}
        return {name: (key, values) for name, (key, values) in document["made"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
