"""Putting a finished site or tree in the place of the one before, and never a half one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from gongshi.domain.problem import InvalidInput, Refused, printable
from gongshi.domain.storage import umask, write_whole
from gongshi.i18n import gettext as _
from gongshi.outputs import audit, manifest
from gongshi.outputs.manifest import SITE, TREE

_STALE_SECONDS = 24 * 3600


class Release:
    """A site or tree under construction beside the folder that it will replace.

    Args:
        site: the folder; it may not exist yet.
        holds: `site` for a built site that hosts serve, `tree` for the approved files alone.
        spare: where the folder that was replaced waits to become the next one, so that not each of its thousands of
            files and folders is made and removed each time; None to begin with an empty folder, and to remove the old.

    Raises:
        Refused: the folder holds something else.
    """

    def __init__(self, site: Path, holds: str = SITE, spare: Path | None = None) -> None:
        self.site = Path(os.path.realpath(site))
        if message := _hindrance(self.site, holds):
            raise Refused(message.format(folder=printable(str(site))))
        self._prefix = f".{self.site.name}-"
        self.site.parent.mkdir(parents=True, exist_ok=True)
        self._recover()
        self._spare = spare
        self.folder = Path(tempfile.mkdtemp(prefix=self._prefix + "new-", dir=self.site.parent))
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

    def publish(self) -> None:
        """Move the new site into place and remove the one before.

        Raises:
            OSError: the site of before is still in place.
        """
        try:
            self._swap()
        except OSError:
            if not self.site.is_dir():
                raise
            # A mount point cannot be renamed: its files are replaced one by one.
            self._replace_files()

    def empty(self) -> None:
        """Begin again with an empty folder."""
        shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o777)
        self._let_go()
        self._handle = _taken(self.folder)

    def discard(self) -> None:
        """Remove the new site; the one before stays as it is."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None

    def _swap(self) -> None:
        old = Path(tempfile.mkdtemp(prefix=self._prefix + "old-", dir=self.site.parent))
        replaced = old / "site"
        try:
            if self.site.exists():
                self.site.rename(replaced)
            self.folder.rename(self.site)
        except OSError:
            if replaced.exists() and not self.site.exists():
                replaced.rename(self.site)
            raise
        finally:
            if self.site.exists():
                with suppress(OSError):
                    if self._spare:
                        replaced.replace(self._spare)
                shutil.rmtree(old, ignore_errors=True)

    def _replace_files(self) -> None:
        """Remove what the new site does not have, links and files in the place of folders included, then write."""
        wanted = {path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()}
        folders = {parent for path in wanted for parent in path.parents}
        try:
            for top, names, files in os.walk(self.site):
                for name in [*names, *files]:
                    path = Path(top) / name
                    kept = folders if path.is_dir() and not path.is_symlink() else wanted
                    if path.relative_to(self.site) not in kept:
                        _remove(path)
                names[:] = [name for name in names if (Path(top) / name).is_dir()]
            for path in sorted(wanted):
                write_whole(self.site / path, (self.folder / path).read_bytes())
        except OSError as error:
            message = _("{folder} is only half replaced: {reason}; see to the cause and build again")
            raise Refused(message.format(folder=self.site, reason=error.strerror)) from None
        self.discard()

    def _recover(self) -> None:
        """Undo what a killed build left: put the site back that it had moved away, remove old scraps."""
        for old in sorted(self.site.parent.glob(self._prefix + "old-*")):
            if (old / "site").exists() and not self.site.exists():
                (old / "site").rename(self.site)
            shutil.rmtree(old, ignore_errors=True)
        for scrap in self.site.parent.glob(self._prefix + "new-*"):
            handle = _taken(scrap)
            if handle is not None or time.time() - scrap.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(scrap, ignore_errors=True)
            if handle is not None:
                os.close(handle)


def _taken(folder: Path) -> int | None:
    """A handle that marks a folder as used while it is open; None where another process has one, or none can be."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
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
    foreign = next((path for path, _flaw in audit.walk(folder) if path not in listed), None)
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


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
