"""Sorts the files of a folder: pictures, film and sound, and all that is not taken."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Final

from gongshi.domain.config import attachment_types
from gongshi.domain.config.attachment_types import Reason
from gongshi.domain.content.paths import is_ignored_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.photos import decoding
from gongshi.importing.readers.photos.times import natural_key

_MAX_FILES = 5000
_ALSO_PICTURES: Final = frozenset("heic heif hif avif bmp dib tif tiff".split())  # noqa: SIM905
_PICTURES: Final = frozenset(attachment_types.PICTURES.split()) - {"svg"} | _ALSO_PICTURES
_RAW: Final = frozenset(
    """
    3fr arw cr2 cr3 crw dcr dng erf gpr iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f
    """.split()  # noqa: SIM905
)
"""Raw files of cameras; most look like TIFF."""
_EDITS: Final = frozenset(("aae", "xmp"))
"""Files in which phones and programs store changes to the photo of the same name."""
_PREVIEWS: Final = frozenset(("thm", "lrv"))
"""Previews of films."""
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
    if not stat.S_ISREG(mode) or ending in _PREVIEWS:
        return FileKind.OTHER
    if ending in _RAW:
        return FileKind.RAW
    if ending in _EDITS:
        return FileKind.EDITS
    if _is_recording(ending):
        return FileKind.RECORDING
    return FileKind.PICTURE if ending in _PICTURES or decoding.format_of(_head(path)) else FileKind.OTHER


def _is_recording(ending: str) -> bool:
    if ending in f"{attachment_types.FILMS} {attachment_types.SOUNDS}".split():
        return True
    refused = attachment_types.refusal(f"x.{ending}")
    return refused is not None and refused.reason in (Reason.FILM, Reason.SOUND)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(decoding.HEAD_BYTES)
    except OSError:
        return b""
