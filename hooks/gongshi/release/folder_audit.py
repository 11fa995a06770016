"""Folder audit: compare a folder with the list of files that it must hold and report every difference."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gongshi.common.errors import printable
from gongshi.common.files import sha256_of
from gongshi.common.parallel import map_chunks
from gongshi.i18n import gettext as _
from gongshi.release.manifest import ManifestFile


class Difference(Enum):
    """Kinds of differences between a folder and its expected content."""

    ADDED = "added"
    MISSING = "missing"
    CHANGED = "changed"
    LINK = "link"
    """The file is a symbolic link."""
    SPECIAL = "special"
    """The file is a pipe, socket or device."""
    UNREADABLE = "unreadable"
    BROKEN = "broken"
    """The manifest cannot be used."""
    EDITED = "edited"
    """The manifest was not written by the build that it names."""
    FUTURE = "future"
    """The manifest's date is in the future."""
    VERSIONS = "versions"
    """The folder was built with other program versions, so it cannot be compared byte for byte."""
    UNKNOWN = "unknown"
    """This clone did not build the folder, or its record does not contain the version."""
    STALE = "stale"
    """The folder still shows something that is no longer public."""


@dataclass(frozen=True)
class AuditFinding:
    """One file that differs from what is expected."""

    path: str
    """Relative to the folder, with `/`."""
    what: Difference
    why: str | None = None

    def __str__(self) -> str:
        place = _sentences()[self.what].format(path=printable(self.path))
        return _("{what} ({why})").format(what=place, why=self.why) if self.why else place

    def sort_key(self) -> tuple[str, str]:
        """Return the key by which findings are sorted: path, then kind."""
        return (self.path, self.what.value)


def _sentences() -> dict[Difference, str]:
    return {
        Difference.ADDED: _("added: {path}"),
        Difference.MISSING: _("missing: {path}"),
        Difference.CHANGED: _("changed: {path}"),
        Difference.LINK: _("a symbolic link: {path}"),
        Difference.SPECIAL: _("a pipe, socket or device: {path}"),
        Difference.UNREADABLE: _("cannot be read: {path}"),
        Difference.BROKEN: _("cannot be used: {path}"),
        Difference.EDITED: _("edited: {path}"),
        Difference.FUTURE: _("from the future: {path}"),
        Difference.VERSIONS: _("made with other versions: {path}"),
        Difference.UNKNOWN: _("unknown here: {path}"),
        Difference.STALE: _("stale: {path}"),
    }


def audit_folder(
    folder: Path, files: Mapping[str, ManifestFile], aside: Collection[str] = (), read: Mapping[str, int] | None = None
) -> list[AuditFinding]:
    """Return the differences between a folder and its expected files, sorted by path; empty folders are ignored.

    Args:
        folder: the folder.
        files: every file that must be there, by its path relative to the folder.
        aside: names at the top of the folder to skip.
        read: inodes by SHA-256 of files that were just read; hard links to them are not read again.
    """
    known = read or {}
    present: list[tuple[str, Difference | None]] = []
    present_paths: set[str] = set()
    for path, reason, inode in _entries(folder, aside):
        present_paths.add(path)
        listed = files.get(path)
        if reason or listed is None or known.get(listed.sha256) != inode:
            present.append((path, reason))

    def compared(portion: Sequence[tuple[str, Difference | None]]) -> list[AuditFinding]:
        seen = ((path, reason or _compared(folder, path, files.get(path))) for path, reason in portion)
        return [AuditFinding(path, what) for path, what in seen if what]

    wrong = [finding for found in map_chunks(compared, present) for finding in found]
    wrong += [AuditFinding(path, Difference.MISSING) for path in files if path not in present_paths]
    return sorted(wrong, key=AuditFinding.sort_key)


def walk(folder: Path, aside: Collection[str] = ()) -> Iterator[tuple[str, Difference | None]]:
    """Yield every path in a folder that is not a folder, and its fault if it is no regular file.

    Args:
        folder: the folder; links in it are not followed.
        aside: names at the top of the folder to skip.
    """
    return ((path, reason) for path, reason, _inode in _entries(folder, aside))


def _entries(folder: Path, aside: Collection[str]) -> Iterator[tuple[str, Difference | None, int]]:
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(f"{folder}/{prefix}") as entries:
                for entry in entries:
                    path = prefix + entry.name
                    if path in aside:
                        continue
                    if entry.is_symlink():
                        yield path, Difference.LINK, 0
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(path + "/")
                    else:
                        # Devices are not opened: opening one can have side effects.
                        yield path, None if entry.is_file(follow_symlinks=False) else Difference.SPECIAL, entry.inode()
        except OSError:
            yield prefix or ".", Difference.UNREADABLE, 0


def _compared(folder: Path, path: str, listed: ManifestFile | None) -> Difference | None:
    if listed is None:
        return Difference.ADDED
    try:
        return None if sha256_of(f"{folder}/{path}") == listed.sha256 else Difference.CHANGED
    except OSError:
        return Difference.UNREADABLE
