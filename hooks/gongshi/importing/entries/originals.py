"""Identifies sources by their bytes, and copies them to be kept."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from gongshi.common.files import sha256_of
from gongshi.common.hashing import sha256
from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.file_names import kept_name
from gongshi.importing.sources import PHOTOS, ImportSource

FOLDER: Final = "original"
"""The folder of the copies, so that a file of any name can lie beside the record of the import."""
_MAX_BYTES: Final = 256 << 20
"""The maximum size of a file that is not a photo, film or sound."""


def fingerprint(source: ImportSource) -> str:
    """Return the SHA-256 of a source: of its bytes, or of the sorted SHA-256 of its photos, 64 hexadecimal digits.

    Args:
        source: the file or the photos.

    Raises:
        OSError: it cannot be read.
        UnreadableFileError: it is too large, or there is nothing in it.
    """
    if source.ending != PHOTOS:
        if source.path.stat().st_size > _MAX_BYTES:
            message = _("the file is larger than {size} MiB; divide it, or attach it to an entry made by hand")
            raise UnreadableFileError(message.format(size=_MAX_BYTES >> 20))
        return sha256_of(source.path)
    return sha256("\n".join(sorted(map(sha256_of, photo_files(source)))).encode())


def photo_files(source: ImportSource) -> list[Path]:
    """Return the files of a folder of photos; hidden files and symbolic links are left out.

    Args:
        source: the photos.
    """
    if source.photos:
        return list(source.photos)
    found = (path for path in source.path.iterdir() if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if not path.name.startswith("."))


def copy_original(source: ImportSource, folder: Path) -> None:
    """Copy the file, or all photos, into a new folder.

    Args:
        source: the file or the photos.
        folder: the folder, which does not exist yet.

    Raises:
        OSError: something cannot be read or written.
    """
    folder.mkdir(parents=True)
    for path in photo_files(source) if source.ending == PHOTOS else [source.path]:
        shutil.copyfile(path, _free_name(folder, kept_name(path.name)))


def _free_name(folder: Path, name: str) -> Path:
    """Return a path for a copy; photos that were named one by one, and changed names, may be the same."""
    path, number = folder / name, 2
    while path.exists():
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return path
