"""Put a finished site or tree into the place of the one before, and never a half one."""

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
from gongshi.release.manifest import SITE, TREE, Listed

_STALE_SECONDS = 24 * 3600
_PATIENCE_SECONDS = 60


class Release:
    """A site or tree under construction beside the folder that it will replace.

    A folder that is served stays the same one for ever, so that bind mounts of it and containers see each new site;
    visitors who come by its name see the old site until one moment and the new one from then on:

    1. The new folder and the served one exchange their names, in one step.
    2. The served folder, which nobody reaches by name now, is brought to the same state file by file.
    3. They exchange their names again. The new folder becomes the spare for the next build.

    Between 1 and 3 the served folder has the name `.site-swap-INODE`; a build that is killed there is completed by
    the next one. Where names cannot be exchanged, the served folder is changed file by file.

    Args:
        site: the folder; it may not exist yet.
        holds: `site` for a built site that hosts serve, `tree` for the approved files alone.
        spare: where the folder of this build waits to become the next one, so that not each of its thousands of
            files and folders is made and removed each time; None to begin with an empty folder, and to remove it.

    Raises:
        Refused: the folder holds something else, or another build is replacing it all the time.
    """

    def __init__(self, site: Path, holds: str = SITE, spare: Path | None = None) -> None:
        self.site = Path(os.path.realpath(site))
        if message := _hindrance(self.site, holds):
            raise Refused(message.format(folder=printable(str(site))))
        self.warnings: list[str] = []
        """Messages about a served folder that could not be brought up to date."""
        self._begun = time.time()
        self._prefix = f".{self.site.name}-"
        self.site.parent.mkdir(parents=True, exist_ok=True)
        self._spare = spare
        with _turn(self.site) as is_alone:
            self._recover(is_alone)
            self.folder = self._workplace()
            self._handle = _taken(self.folder)
            with suppress(OSError):
                if spare and spare.is_dir() and not spare.is_symlink():
                    # Its time and its handle tell other builds that it is no scrap.
                    os.utime(spare)
                    empty, self._handle = self._handle, _taken(spare)
                    if empty is not None:
                        os.close(empty)
                    spare.replace(self.folder)
        # mkdtemp makes folders that only the owner may read; a web server must read this one.
        self.folder.chmod(0o777 & ~umask())

    def _workplace(self) -> Path:
        prefix = self._prefix + "new-"
        try:
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self.site.parent))
        except OSError:
            # Who may change the site need not be allowed to change what lies beside it.
            if not os.access(self.site, os.W_OK | os.X_OK):
                raise
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self._spare.parent if self._spare else None))

    def publish(
        self,
        listed: Mapping[str, Listed],
        inodes: Mapping[str, int] | None = None,
        tell_foreign: Callable[[list[str]], None] | None = None,
    ) -> None:
        """Put the new site into the place of the one before.

        Args:
            listed: every file of the new site by its path, but for the manifest.
            inodes: those that are known, by SHA-256, where the new site was found to hold just these files.
            tell_foreign: called before the site is replaced, with the files in it that no build put there and that
                will be gone, sorted; not called where there are none.

        Raises:
            OSError: the site of before is as it was.
            Refused: it is as it was, but without what was taken down; or only a part of its files could be replaced
                one by one; or another build is replacing it all the time.
        """
        with _turn(self.site):
            if self.site.exists():
                self._replace(listed, inodes or {}, tell_foreign)
                with suppress(OSError):
                    if self._spare:
                        self.folder.replace(self._spare)
            else:
                self.folder.rename(self.site)

    def empty(self) -> None:
        """Begin again with an empty folder."""
        for path in self.folder.iterdir():
            remove(path)

    def discard(self) -> None:
        """Remove the new site; the one before stays as it is."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None

    def _replace(
        self,
        listed: Mapping[str, Listed],
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
            update.raise_times(self._begun)
        except OSError as error:
            # The served folder cannot be read or is in parts.
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
            # The next build completes it.
            update.remove(first)
            self._warn_of(served, error)
        else:
            self.folder = served

    def _exchanged(self) -> Path | None:
        """Give the new folder the site's name and the served one another; its name, None where that cannot be."""
        if any(os.path.lexists(self.site / name) for name in FOREIGN):
            # Somebody else's files would be away for a moment.
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
        """Replace file by file what is public, where the folders cannot exchange their names.

        Raises:
            OSError: all is as it was.
            Refused: all is as it was, but without what was taken down; or only a part was replaced.
        """
        try:
            update.stage()
        except OSError as error:
            # To remove something needs no room.
            if not first or update.remove(first):
                raise
            message = _(
                "{folder} could not be replaced: {reason}. What was taken down is gone from it, but lists and the "
                "search may still name it; all else is as it was. See to the cause and build again"
            )
            raise Refused(message.format(folder=self.site, reason=error.strerror)) from None
        try:
            update.apply(first)
        except OSError as error:
            message = _("{folder} is only half replaced: {reason}; see to the cause and build again")
            raise Refused(message.format(folder=self.site, reason=error.strerror)) from None

    def _warn_of(self, served: Path, error: Exception) -> None:
        message = _(
            "the new site is in place, but the folder of before could not be brought up to date ({reason}). A server "
            "that has it mounted or open still shows it: restart that server; then mend or remove {folder}"
        )
        self.warnings.append(message.format(reason=getattr(error, "strerror", error), folder=printable(str(served))))

    def _recover(self, is_alone: bool) -> None:
        """Complete what a killed build left half done, and remove its scraps.

        Args:
            is_alone: no other build can be replacing the site at this moment.
        """
        for old in self._own(self.site.parent, "old-[a-z0-9_]{8}"):
            # Builds of earlier versions moved the site away for a moment.
            if (old / "site").exists() and not self.site.exists():
                (old / "site").rename(self.site)
            shutil.rmtree(old, ignore_errors=True)
        for place in self._own(self.site.parent, r"swap-[0-9]+"):
            # The build that exchanged it may remove it at this moment.
            with suppress(FileNotFoundError):
                if is_alone or _is_old(place):
                    self._complete(place)
        places = {self.site.parent, self._spare.parent if self._spare else self.site.parent}
        for scrap in [scrap for place in places for scrap in self._own(place, "new-[a-z0-9_]{8}")]:
            handle = _taken(scrap)
            if handle is not None or _is_old(scrap):
                shutil.rmtree(scrap, ignore_errors=True)
            if handle is not None:
                os.close(handle)

    def _own(self, place: Path, form: str) -> list[Path]:
        """The folders in a place that have a name as only builds of this site give it.

        They are of this account, or a served folder of another one that was moved there and bears its inode.
        """
        name = re.compile(re.escape(self._prefix) + form)
        found = []
        for path in place.iterdir():
            if not name.fullmatch(path.name):
                continue
            # Another build may take its folder away at this moment.
            with suppress(FileNotFoundError):
                status = path.lstat()
                is_ours = status.st_uid == _account() or path.name == f"{self._prefix}swap-{status.st_ino}"
                if stat.S_ISDIR(status.st_mode) and is_ours:
                    found.append(path)
        return sorted(found)

    def _complete(self, place: Path) -> None:
        """Bring a served folder that lies beside the site up to date and back to its name.

        The folder that stood in for it has been served for long, so it is not used again.
        """
        if not manifest.held(place) and any(place.iterdir()):
            # No build made it.
            return
        if place.name == f"{self._prefix}swap-{place.lstat().st_ino}" and self.site.is_dir():
            try:
                listed = manifest.load(self.site)[0].files
                _remove_first(place, listed)
                update = FolderUpdate(self.site, place, manifest.PATH)
                first = _taken_down(update, listed)
                update.raise_times(self._begun)
                update.stage()
                update.apply(first)
                exchange(self.site, place)
            except (OSError, InvalidInput) as error:
                self._warn_of(place, error)
                return
        shutil.rmtree(place, ignore_errors=True)


def _remove_first(served: Path, listed: Mapping[str, Listed]) -> None:
    """Remove what was withdrawn from a folder that may be served still, as far as possible."""
    for path in manifest.taken_down(served, listed):
        with suppress(OSError):
            (served / path).unlink()


def _account() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


@contextmanager
def _turn(site: Path) -> Iterator[bool]:
    """Wait until no other build replaces this site or mends it; tell whether that is certain.

    Raises:
        Refused: that takes too long.
    """
    handle = _open_folder(site.parent)
    try:
        yield handle is not None and _waited(handle, site)
    finally:
        if handle is not None:
            os.close(handle)


def _waited(handle: int, site: Path) -> bool:
    """Wait for a lock that ends with its process; False where the system has none."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                message = _("another build has been replacing {folder} for {seconds} seconds; build again later")
                raise Refused(message.format(folder=printable(str(site)), seconds=_PATIENCE_SECONDS)) from None
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


def _taken_down(update: FolderUpdate, listed: Mapping[str, Listed]) -> set[str]:
    """The files of entries that are public no more: something is gone with them, or a notice is in their place."""
    notices = (path for path in update.changed if path in listed and listed[path].kind == "notice")
    return manifest.taken_down(update.target, listed) if update.gone or any(notices) else set()


def _foreign(update: FolderUpdate) -> list[str]:
    """Files of the present site that no build put there; none where it has no manifest to tell."""
    known = manifest.listed_in(update.target) if update.gone else ()
    return sorted(path for path in update.gone if path not in known) if known else []


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > _STALE_SECONDS
    except FileNotFoundError:
        # Its build has ended.
        return False


def _taken(folder: Path) -> int | None:
    """A handle that marks a folder as used while it is open; None where another process has one, or none can be."""
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


def _hindrance(folder: Path, holds: str) -> str | None:
    """Why a folder may not be replaced, so that nothing else is lost with it: it must be missing, empty or our own."""
    name = printable(str(folder))
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    if holds == SITE:
        message = _("{folder} holds files that are no built site; empty it or name another site_dir")
        return None if manifest.held(folder) == SITE else message.format(folder=name)
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
    """What a folder holds by its manifest, and the files of a tree; an old or broken manifest is taken for a site's."""
    try:
        found = manifest.load(folder)[0]
    except FileNotFoundError:
        return None, ()
    except InvalidInput:
        return (SITE if (folder / manifest.PATH).is_file() else None), ()
    return found.holds, {manifest.PATH, *found.files}
