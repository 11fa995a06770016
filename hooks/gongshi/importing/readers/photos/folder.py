"""Sorts the files of a folder: pictures, film and sound, and all that is not taken."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Final

from gongshi.domain.content.paths import is_ignored_file
from gongshi.i18n import gettext as _
from gongshi.importing import photo_endings as endings
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.photos.times import natural_key
from gongshi.importing.readers.pictures import decoding

_MAX_FILES = 5000
_SYSTEM: Final = frozenset(("zbthumbnail.info", "ehthumbs.db", "ehthumbs_vista.db", "@eadir", "icon\r"))
"""Files that systems put into folders of photos, besides hidden ones and those of `is_ignored_file`."""


class FileKind(Enum):
    """The kind of a file beside photos."""

    PICTURE = "picture"
    RECORDING = "recording"
    """Film or sound."""
    RAW = "raw"
    EDITS = "edits"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


def sort_folder(folder: Path) -> dict[FileKind, list[Path]]:
    """Return the files of a folder by kind, in the order of their names; files of the system are left out.

    Args:
        folder: the folder; those inside are not entered, links are not followed.

    Raises:
        UnreadableFileError: it has too many files, or cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            paths = [folder / entry.name for entry, _number in zip(entries, range(_MAX_FILES + 1), strict=False)]
    except OSError as error:
        raise UnreadableFileError(_("cannot be read: {reason}").format(reason=error.strerror)) from None
    if len(paths) > _MAX_FILES:
        message = _("the folder has more than {count} files; put the photos of one activity into a folder of their own")
        raise UnreadableFileError(message.format(count=_MAX_FILES))
    return sort_files(paths)


def sort_files(paths: Iterable[Path]) -> dict[FileKind, list[Path]]:
    """Return files by kind, in the order of their names; files of the system are left out.

    Args:
        paths: the files.
    """
    found: dict[FileKind, list[Path]] = {kind: [] for kind in FileKind}
    for path in sorted(paths, key=lambda path: natural_key(path.name)):
        if not (is_ignored_file(path.name) or path.name.lower() in _SYSTEM):
            found[_kind_of(path)].append(path)
    return found


def stems(found: Mapping[FileKind, Iterable[Path]], kind: FileKind) -> frozenset[str]:
    """Return the names of files of a kind, without extension and in one case.

    Args:
        found: files by kind.
        kind: the kind.
    """
    return frozenset(path.stem.casefold() for path in found[kind])


def _kind_of(path: Path) -> FileKind:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return FileKind.OTHER
    if stat.S_ISLNK(mode):
        return FileKind.LINK
    if stat.S_ISDIR(mode):
        return FileKind.FOLDER
    ending = path.suffix[1:].lower()
    if not stat.S_ISREG(mode) or ending in endings.PREVIEWS:
        return FileKind.OTHER
    if ending in endings.RAW:
        return FileKind.RAW
    if ending in endings.EDITS:
        return FileKind.EDITS
    if endings.is_recording(ending):
        return FileKind.RECORDING
    return FileKind.PICTURE if ending in endings.PICTURES or decoding.format_of(_head(path)) else FileKind.OTHER


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(decoding.HEAD_BYTES)
    except OSError:
        return b""
