"""Replace a built site or staged tree atomically, so that visitors never see half of an update."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gongshi.common.errors import InvalidInput, Refused, printable
from gongshi.common.files import umask
from gongshi.i18n import gettext as _
from gongshi.release import folder_audit, manifest
from gongshi.release.folder_update import FOREIGN, FolderUpdate, exchange, remove
from gongshi.release.manifest import SITE, TREE, ManifestFile

_STALE_SECONDS = 24 * 3600
_LOCK_TIMEOUT_SECONDS = 60


class AtomicFolder:
    """A site or tree under construction beside the folder that it will replace.

    The served folder keeps its inode, so that bind mounts and containers see each new site. Visitors who reach it by
    name see the complete old site and then the complete new one:

    1. Swap the names of the new folder and the served one, atomically.
    2. Update the served folder, which nobody reaches by name now, to the same state, file by file.
    3. Swap the names again. The new folder becomes the spare folder for the next build.

    Between 1 and 3 the served folder is called `.site-swap-INODE`; if a build is killed there, the next build completes
    it. Where names cannot be swapped, the served folder is updated file by file.

    Args:
        site: the folder; it may not exist yet.
        holds: `site` for a built site that hosts serve, `tree` for the approved files alone.
        spare: where to keep the folder of this build for the next one, so that its thousands of files need not be
            created and removed each time; None to begin with an empty folder and remove it afterwards.

    Raises:
        Refused: the folder holds something else, or another build kept it locked too long.
    """

    def __init__(self, site: Path, holds: str = SITE, spare: Path | None = None) -> None:
        self.site = Path(os.path.realpath(site))
        if message := _refusal(self.site, holds):
            raise Refused(message.format(folder=printable(str(site))))
        self.warnings: list[str] = []
        """Messages about a served folder that could not be brought up to date."""
        self._started = time.time()
        self._prefix = f".{self.site.name}-"
        self.site.parent.mkdir(parents=True, exist_ok=True)
        self._spare = spare
        self._owns_folder = True
        """False once the new folder is the site or the spare: then nothing of it may be removed."""
        with _replacement_lock(self.site) as is_alone:
            self._recover(is_alone)
            self.folder = self._create_folder()
            self._handle = _try_lock(self.folder)
            with suppress(OSError):
                if spare and spare.is_dir() and not spare.is_symlink():
                    # A fresh time and the lock show other builds that this folder is in use.
                    os.utime(spare)
                    empty, self._handle = self._handle, _try_lock(spare)
                    if empty is not None:
                        os.close(empty)
                    spare.replace(self.folder)
        # mkdtemp creates folders that only the owner may read; a web server must read this one.
        self.folder.chmod(0o777 & ~umask())

    def _create_folder(self) -> Path:
        prefix = self._prefix + "new-"
        try:
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self.site.parent))
        except OSError:
            # An account that may change the site may lack permission for its parent folder.
            if not os.access(self.site, os.W_OK | os.X_OK):
                raise
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self._spare.parent if self._spare else None))

    def publish(
        self,
        listed: Mapping[str, ManifestFile],
        inodes: Mapping[str, int] | None = None,
        tell_foreign: Callable[[list[str]], None] | None = None,
    ) -> None:
        """Replace the previous site with the new one.

        Args:
            listed: every file of the new site by its path, except the manifest.
            inodes: known inodes by SHA-256, if an audit found that the new site holds exactly these files.
            tell_foreign: called before the site is replaced, with the sorted list of files in it that no build wrote
                and that will be removed; not called if there are none.

        Raises:
            OSError: the previous site is unchanged.
            Refused: the previous site is unchanged except that taken-down files were removed; or only a part of its
                files could be replaced; or another build kept it locked too long.
        """
        with _replacement_lock(self.site):
            if self.site.exists():
                self._replace(listed, inodes or {}, tell_foreign)
                self._leave_swap_name()
            else:
                self.folder.rename(self.site)
                self._owns_folder = False

    def _leave_swap_name(self) -> None:
        """Keep the new folder as the spare, or give it a temporary name, while the lock is held.

        The next build uses the same swap name for the served folder, so nothing may be removed under it later.
        """
        with suppress(OSError):
            if self._spare:
                self.folder.replace(self._spare)
                self._owns_folder = False
                return
        if self.folder.name.startswith(f"{self._prefix}swap-"):
            self.folder = self._with_temporary_name(self.folder)

    def _with_temporary_name(self, folder: Path) -> Path:
        """Rename a folder that is to be removed, so that the next build removes it if this process is killed."""
        name = Path(tempfile.mkdtemp(prefix=f"{self._prefix}new-", dir=folder.parent))
        return folder.replace(name)

    def empty(self) -> None:
        """Remove everything in the new folder."""
        for path in self.folder.iterdir():
            remove(path)

    def discard(self) -> None:
        """Remove the new folder, unless it became the site or the spare; the site stays unchanged."""
        if self._owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._release_handle()

    def _release_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None

    def _replace(
        self,
        listed: Mapping[str, ManifestFile],
        inodes: Mapping[str, int],
        tell_foreign: Callable[[list[str]], None] | None,
    ) -> None:
        known = {path: inodes.get(file.sha256, 0) for path, file in listed.items()} if inodes else None
        try:
            update = FolderUpdate(self.folder, self.site, manifest.PATH, {**known, manifest.PATH: 0} if known else None)
            if not update.is_needed:
                return
            if tell_foreign and (foreign := _foreign(update)):
                tell_foreign(foreign)
            update.raise_times(self._started)
        except OSError as error:
            # The served folder cannot be read, or other file systems are mounted in it.
            if (served := self._exchanged()) is None:
                raise
            _remove_first(served, listed)
            self._warn_of(served, error)
            return
        first = _taken_down(update, listed)
        if (served := self._exchanged()) is None:
            self._replace_files(update, first)
            return
        update.source, update.target = self.site, served
        try:
            update.stage()
            update.apply(first)
            exchange(self.site, served)
        except OSError as error:
            # Visitors see the new site already; the next build completes the update.
            update.remove(first)
            self._warn_of(served, error)
        else:
            self.folder = served

    def _exchanged(self) -> Path | None:
        """Swap the new folder and the served one; return the served folder's new path, None if that is impossible."""
        if any(os.path.lexists(self.site / name) for name in FOREIGN):
            # Files of other programs would be missing for a moment.
            return None
        name = self.site.with_name(f"{self._prefix}swap-{self.site.stat().st_ino}")
        try:
            self.folder.rename(name)
        except OSError:
            return None
        try:
            exchange(self.site, name)
        except OSError:
            name.rename(self.folder)
            return None
        return name

    def _replace_files(self, update: FolderUpdate, first: set[str]) -> None:
        """Update the served folder file by file, where names cannot be swapped.

        Raises:
            OSError: nothing was changed.
            Refused: only taken-down files were removed; or only a part of the files was replaced.
        """
        try:
            update.stage()
        except OSError as error:
            # Removing needs no disk space, so taken-down files go even if nothing can be written.
            if not first or update.remove(first):
                raise
            message = _(
                "{folder} could not be replaced: {reason}. What was taken down is removed from it, but lists and "
                "the search may still name it; everything else is unchanged. Correct the cause and build again"
            )
            raise Refused(message.format(folder=self.site, reason=error.strerror)) from None
        try:
            update.apply(first)
        except OSError as error:
            message = _("{folder} is only half replaced: {reason}; correct the cause and build again")
            raise Refused(message.format(folder=self.site, reason=error.strerror)) from None

    def _warn_of(self, served: Path, error: Exception) -> None:
        message = _(
            "the new site is in place, but the previous folder could not be updated ({reason}). A server that "
            "has it mounted or open still shows it: restart that server, then repair or remove {folder}"
        )
        self.warnings.append(message.format(reason=getattr(error, "strerror", error), folder=printable(str(served))))

    def _recover(self, is_alone: bool) -> None:
        """Complete an update that a killed build left unfinished, and remove its temporary folders.

        Args:
            is_alone: True if the lock guarantees that no other build replaces the site at this moment.
        """
        for old in self._own_folders(self.site.parent, "old-[a-z0-9_]{8}"):
            # Earlier versions of Gongshi moved the site away for a moment.
            if (old / "site").exists() and not self.site.exists():
                (old / "site").rename(self.site)
            shutil.rmtree(old, ignore_errors=True)
        for place in self._own_folders(self.site.parent, r"swap-[0-9]+"):
            # The build that swapped it may remove it at this moment.
            with suppress(FileNotFoundError):
                if is_alone or _is_abandoned(place):
                    self._complete(place)
        places = {self.site.parent, self._spare.parent if self._spare else self.site.parent}
        for scrap in [scrap for place in places for scrap in self._own_folders(place, "new-[a-z0-9_]{8}")]:
            handle = _try_lock(scrap)
            if handle is not None or _is_abandoned(scrap):
                shutil.rmtree(scrap, ignore_errors=True)
            if handle is not None:
                os.close(handle)

    def _own_folders(self, place: Path, form: str) -> list[Path]:
        """Return the folders in a place that builds of this site created: their name has our prefix and this form.

        They belong to this account, or they are the served folder itself, whose name contains its inode.
        """
        name = re.compile(re.escape(self._prefix) + form)
        found = []
        for path in place.iterdir():
            if not name.fullmatch(path.name):
                continue
            # Another build may remove its folder at this moment.
            with suppress(FileNotFoundError):
                status = path.lstat()
                is_ours = status.st_uid == _account() or path.name == f"{self._prefix}swap-{status.st_ino}"
                if stat.S_ISDIR(status.st_mode) and is_ours:
                    found.append(path)
        return sorted(found)

    def _complete(self, place: Path) -> None:
        """Update a served folder that an interrupted swap left beside the site, and give it back its name.

        The folder that had the name meanwhile is removed: it was served, so it is not reused as a spare.
        """
        inode = int(place.name.rpartition("-")[2])
        is_served = inode == place.lstat().st_ino
        # Under this name the next build would move the served folder aside.
        is_in_the_way = self.site.is_dir() and inode == self.site.stat().st_ino
        if not (is_served or is_in_the_way or manifest.folder_kind(place)) and any(place.iterdir()):
            # It holds files but no manifest, so no build wrote it.
            return
        if is_served and self.site.is_dir():
            try:
                listed = manifest.load(self.site)[0].files
                _remove_first(place, listed)
                update = FolderUpdate(self.site, place, manifest.PATH)
                first = _taken_down(update, listed)
                update.raise_times(self._started)
                update.stage()
                update.apply(first)
                exchange(self.site, place)
            except (OSError, InvalidInput) as error:
                self._warn_of(place, error)
                return
        shutil.rmtree(self._with_temporary_name(place), ignore_errors=True)


def _remove_first(served: Path, listed: Mapping[str, ManifestFile]) -> None:
    """Remove taken-down files from a folder that may still be served, as far as possible."""
    for path in manifest.removed_entry_files(served, listed):
        with suppress(OSError):
            (served / path).unlink()


def _account() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


@contextmanager
def _replacement_lock(site: Path) -> Iterator[bool]:
    """Wait until no other build replaces or repairs this site; yield True if a lock guarantees it.

    Raises:
        Refused: another build holds the lock for more than a minute.
    """
    handle = _open_folder(site.parent)
    try:
        yield handle is not None and _wait_for_lock(handle, site)
    finally:
        if handle is not None:
            os.close(handle)


def _wait_for_lock(handle: int, site: Path) -> bool:
    """Wait for a file lock, which ends with its process; return False if the system has no such locks."""
    end = time.monotonic() + _LOCK_TIMEOUT_SECONDS
    while True:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                message = _("another build has been replacing {folder} for {seconds} seconds; build again later")
                raise Refused(message.format(folder=printable(str(site)), seconds=_LOCK_TIMEOUT_SECONDS)) from None
            time.sleep(0.05)
        except (ImportError, OSError):
            return False
        else:
            return True


def _open_folder(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _taken_down(update: FolderUpdate, listed: Mapping[str, ManifestFile]) -> set[str]:
    """Return the files of entries that are no longer public, if the update removes files or adds a notice."""
    notices = (path for path in update.changed if path in listed and listed[path].kind == "notice")
    return manifest.removed_entry_files(update.target, listed) if update.gone or any(notices) else set()


def _foreign(update: FolderUpdate) -> list[str]:
    """Return the files that the update would remove and that no build wrote; none if there is no manifest to tell."""
    known = manifest.listed_paths(update.target) if update.gone else ()
    return sorted(path for path in update.gone if path not in known) if known else []


def _is_abandoned(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > _STALE_SECONDS
    except FileNotFoundError:
        # Its build has ended and removed it.
        return False


def _try_lock(folder: Path) -> int | None:
    """Lock a folder; return the open handle, or None if another process has locked it or locks are not supported."""
    handle = _open_folder(folder)
    if handle is None:
        return None
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        os.close(handle)
        return None
    return handle


def _refusal(folder: Path, holds: str) -> str | None:
    """Return why a folder may not be replaced; None if it is missing, empty or written by Gongshi."""
    name = printable(str(folder))
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    if holds == SITE:
        message = _("{folder} holds files that are not a built site; empty it or name another site_dir")
        return None if manifest.folder_kind(folder) == SITE else message.format(folder=name)
    held, listed = _held(folder)
    if held != TREE:
        message = _("{folder} holds files that `gongshi stage` did not write; name a new or empty folder")
        return message.format(folder=name)
    foreign = next((path for path, _flaw in folder_audit.walk(folder) if path not in listed), None)
    if foreign is None:
        return None
    message = _("{folder} holds {file}, which `gongshi stage` did not write; it would be lost. Move it elsewhere")
    return message.format(folder=name, file=printable(foreign))


def _held(folder: Path) -> tuple[str | None, Collection[str]]:
    """Return `site` or `tree` and the listed files by a folder's manifest; a broken manifest counts as a site's."""
    try:
        found = manifest.load(folder)[0]
    except FileNotFoundError:
        return None, ()
    except InvalidInput:
        return (SITE if (folder / manifest.PATH).is_file() else None), ()
    return found.kind, {manifest.PATH, *found.files}
