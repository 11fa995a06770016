"""Build cache in `.gongshi/cache/`: results of earlier builds, reused if their inputs are unchanged.

    index.json       the index's seal on the first line; then each result by name, with the key of its inputs
    objects/AB/HEX   files by SHA-256; the site's files are hard links to them, or copies if links are impossible
    spare/           a second copy of the site, also of links, which becomes the next site with few changes

The cache does not decide what is public: each build judges that anew, and only then reads from here. But cached pages
are published without another check. So the index is sealed (HMAC-SHA-256) with a secret kept elsewhere; an index that
is damaged or was written by another account or machine is deleted. An object is valid if its bytes have the hash that
its name says.
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

from gongshi.common.files import STATE_DIR, identified, read_file, share_inodes, state_dir, umask, write_atomic
from gongshi.common.hashing import sha256
from gongshi.common.parallel import map_chunks
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.i18n import gettext as _

FOLDER = "cache"
_INDEX = "index.json"
_FORMAT = "gongshi-cache-2"
"""The format of the index; another one makes the cache start anew, as in the first format `spare/` was an old site."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_MODE = 0o666

Values = dict[str, Any]


class CacheDamaged(Exception):
    """Error: an object of the cache is missing, or its bytes were changed."""


class ObjectCache:
    """The cache of one unit's builds.

    Args:
        folder: the folder of its objects and its index.
        lock: the lock, held while the cache is in use; None for a temporary cache of one build.
        secret: the secret that seals the index.
        scratch: the folder of a temporary cache, removed at the end.
    """

    def __init__(
        self, folder: Path, lock: FileLock | None = None, secret: bytes = b"", scratch: ScratchFolder | None = None
    ) -> None:
        self.folder = folder
        self._scratch = scratch
        self._lock = lock
        self._secret = secret
        self.unused_because: str | None = None
        """The reason why a temporary cache is used instead of the unit's own; None if there is no such reason."""
        self._before: dict[str, tuple[str, Values]] = _read(folder / _INDEX, secret) if lock else {}
        self._now: dict[str, tuple[str, Values]] = {}
        self._objects = f"{folder}/objects"
        _make_folder(self._objects)
        for number in range(256):
            _make_folder(f"{self._objects}/{number:02x}")
        if not self._before:
            # Without an index, all other files here are useless.
            self.forget()

    @property
    def spare(self) -> Path | None:
        """The folder of the second copy of the site; None for a temporary cache."""
        return self.folder / "spare" if self._lock else None

    @property
    def persistent(self) -> bool:
        """True if the cache is kept for the next build."""
        return self._lock is not None

    def get(self, name: str, key: str) -> Values | None:
        """Return a cached result; None if there is none, or if it was made of other inputs.

        Args:
            name: the name of the result.
            key: the SHA-256 over all its inputs.
        """
        found = self._now.get(name) or self._before.get(name)
        if found is None or found[0] != key:
            return None
        self._now[name] = found
        return found[1]

    def set(self, name: str, key: str, values: Values) -> None:
        """Add a result; `save` writes it.

        Args:
            name: the name of the result.
            key: the SHA-256 over all its inputs.
            values: the result as JSON values; `objects` is a list with the SHA-256 of each object that it needs.
        """
        self._now[name] = (key, values)

    def put(self, content: bytes) -> str:
        """Store bytes as an object and return their SHA-256."""
        digest = sha256(content)
        path = self._path(digest)
        try:
            handle = os.open(path, _NEW, _MODE)
        except FileExistsError:
            with suppress(OSError):
                if read_file(path) == content:
                    return digest
            # Replace the damaged object by a new file: a site may link to it, and other processes may write it, too.
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

    def read(self, digest: str) -> bytes:
        """Return the bytes of an object after checking their hash.

        Args:
            digest: their SHA-256.

        Raises:
            CacheDamaged: the object is missing or was changed.
        """
        try:
            content = read_file(self._path(digest))
        except OSError:
            raise CacheDamaged from None
        if sha256(content) != digest:
            raise CacheDamaged
        return content

    def inodes(self, digests: Collection[str], folder: Path) -> dict[str, int]:
        """Check objects that will be linked into a folder, give them the usual permissions and return their inodes.

        Args:
            digests: the SHA-256 of each object.
            folder: the folder into which they will be linked.

        Returns:
            The inode of each object by SHA-256. Empty, without any check, if inodes do not identify files there.

        Raises:
            CacheDamaged: an object is missing or was changed.
            OSError: the permissions cannot be changed, as a file belongs to another account.
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
            raise CacheDamaged
        for digest, (_inode, actual) in zip(wanted, read, strict=True):
            if actual != mode:
                Path(self._path(digest)).chmod(mode)
        return {digest: inode for digest, (inode, _mode) in zip(wanted, read, strict=True)}

    def link_to(self, digest: str, target: str) -> None:
        """Put an object into a site, as a hard link without a check, or as a copy after checking its hash.

        Args:
            digest: its SHA-256.
            target: the new file; its folder must exist.

        Raises:
            CacheDamaged: the object is missing, or was changed and would be copied.
            FileExistsError: there is a file or folder at `target` already.
        """
        path = self._path(digest)
        try:
            os.link(path, target)
        except FileExistsError:
            raise
        except FileNotFoundError:
            raise CacheDamaged from None
        except OSError:
            # Links are impossible: another disk, a file system without links, or too many links.
            content = self.read(digest)
            with os.fdopen(os.open(target, _NEW, _MODE), "wb") as file:
                file.write(content)
        else:
            restore_mode(target, _MODE)

    def save(self) -> None:
        """Write the results that this build made or used into the index, and delete everything else.

        Raises:
            OSError: the index cannot be written.
        """
        if not self.persistent:
            return
        if self._now != self._before:
            document = {"format": _FORMAT, "umask": umask(), "made": self._now}
            content = json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")
            write_atomic(self.folder / _INDEX, _seal(content, self._secret) + b"\n" + content)
        needed = {digest for _key, values in self._now.values() for digest in values["objects"]}
        self._prune(needed)

    def forget(self) -> None:
        """Delete all results and objects."""
        self._before, self._now = {}, {}
        _remove(self.folder / _INDEX)
        self._prune(frozenset())
        if self.spare:
            shutil.rmtree(self.spare, ignore_errors=True)

    def close(self) -> None:
        """Release the lock; a temporary cache is removed."""
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
        # Remove index files of builds that were killed while writing them.
        for file in self.folder.glob(".tmp-*"):
            _remove(file)

    def _path(self, digest: str) -> str:
        return f"{self._objects}/{digest[:2]}/{digest}"


def restore_mode(path: str, mode: int) -> None:
    """Give a file or folder of a site its usual permissions back. Links share them, so a change in one site is in all.

    Args:
        path: the file or folder; no symbolic link.
        mode: the permissions, from which the umask is taken off.
    """
    wanted = mode & ~umask()
    if stat.S_IMODE(os.lstat(path).st_mode) & 0o777 != wanted:
        Path(path).chmod(wanted)


def open_cache(root: Path, secret: bytes | None) -> ObjectCache:
    """Open the cache of a unit; return an empty temporary one if it cannot be used or another build uses it.

    Args:
        root: the repository.
        secret: this account's secret that seals the index; None if there is none.
    """
    if secret is None:
        return temporary_cache(
            _("this account has no folder for program state; set HOME or XDG_STATE_HOME to a folder that it can write")
        )
    try:
        folder = state_dir(root) / FOLDER
        if folder.is_symlink():
            return temporary_cache(_("{path} is a symbolic link; remove it").format(path=f"{STATE_DIR}/{FOLDER}"))
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        return temporary_cache(_("another build is using it at the moment"))
    except OSError as error:
        return temporary_cache(_cannot_use_message(error))
    try:
        return ObjectCache(folder, lock, secret)
    except OSError as error:
        lock.release()
        return temporary_cache(_cannot_use_message(error))


def _cannot_use_message(error: OSError) -> str:
    reason = {"folder": f"{STATE_DIR}/{FOLDER}", "reason": error.strerror or str(error)}
    return _("{folder} cannot be used: {reason}; let this account write there").format(**reason)


def temporary_cache(unused_because: str | None = None) -> ObjectCache:
    """Make an empty temporary cache for one build.

    Args:
        unused_because: the reason why the unit's own cache is not used; None if it is not meant to be used.
    """
    scratch = ScratchFolder()
    cache = ObjectCache(scratch.path, scratch=scratch)
    cache.unused_because = unused_because
    return cache


def _make_folder(place: str) -> None:
    """Make a folder; a link or file in its place is removed."""
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
    """Return the results in an index; empty if it is missing, damaged, sealed with another secret, or no index."""
    try:
        seal, _, content = read_file(index).partition(b"\n")
        if not hmac.compare_digest(seal, _seal(content, secret)):
            return {}
        document = json.loads(content)
        # The permissions of the objects, which the site's files share, depend on the umask.
        if (document["format"], document["umask"]) != (_FORMAT, umask()):
            return {}
        return {name: (key, values) for name, (key, values) in document["made"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
