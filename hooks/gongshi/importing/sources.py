"""Finds what is to be imported: files, folders of photos, and the files in other folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.file_names import readable_name
from gongshi.importing.photo_endings import belongs_to_photos

PHOTOS: Final = "/"
"""In place of an extension: a folder of photos, or photos that were named together."""
_MAX_DEPTH: Final = 12
"""Folders inside each other that are searched."""
_PAGES: Final = frozenset(("html", "htm"))
_COMPANIONS: Final = re.compile(r"(?P<page>.+)(?:_files|\.files|_file|\.file|-Dateien|_fichiers)", re.IGNORECASE)
"""Names of folders in which browsers and Word save the pictures of a page."""
_SYSTEM_FILE: Final = re.compile(r"\..*|~\$.*|.*~|.*\.tmp|thumbs\.db|desktop\.ini|__MACOSX", re.IGNORECASE)
"""Names of files that a system or an open program makes; they are nothing that somebody wrote."""

_OPEN_FILE: Final = re.compile(r"~\$.*|.*\.tmp", re.IGNORECASE)
"""Names of files beside a document that is open."""


@dataclass(frozen=True)
class ImportSource:
    """One file, or several photos, from which one entry is made."""

    path: Path
    """The file, or the folder of the photos."""
    ending: str
    """The extension in lower case without the dot; `PHOTOS` for photos."""
    name: str
    """Its name for people and records: for what lies in a folder, the path inside it, with `/`."""
    photos: tuple[Path, ...] = ()
    """The photos, films and sounds if they were named one by one; empty for a whole folder."""


@dataclass(frozen=True)
class IgnoredFile:
    """A file from which no entry is made."""

    name: str
    reason: str
    """The reason and what the user can do, in the reader's language."""


def find_sources(paths: Iterable[Path]) -> tuple[list[ImportSource], list[IgnoredFile]]:
    """Return what is to be imported, and what is left aside.

    A folder whose files are all photos, films or sounds is one source. In another folder, each file is one, and each
    folder in it is treated alike. Symbolic links in folders are not followed.

    Args:
        paths: files and folders as the user named them; they exist.
    """
    sources: list[ImportSource] = []
    ignored: list[IgnoredFile] = []
    photos: list[Path] = []
    for path in paths:
        if path.is_dir():
            for each in _in_folder(path, path, 0):
                (sources if isinstance(each, ImportSource) else ignored).append(each)  # type: ignore[arg-type]
        elif _OPEN_FILE.fullmatch(path.name):
            reason = _("is a file that Word, Excel or WPS makes while a document is open; name the document itself")
            ignored.append(IgnoredFile(path.name, reason))
        elif belongs_to_photos(_ending(path)):
            photos.append(path)
        else:
            sources.append(ImportSource(path, _ending(path), readable_name(path.name)))
    if photos:
        name = photos[0].name if len(photos) == 1 else photos[0].absolute().parent.name
        sources.append(ImportSource(photos[0].parent, PHOTOS, readable_name(name), tuple(photos)))
    return sources, ignored


def _in_folder(folder: Path, top: Path, depth: int) -> Iterator[ImportSource | IgnoredFile]:
    found = sorted(path for path in folder.iterdir() if not _SYSTEM_FILE.fullmatch(path.name))
    links = [path for path in found if path.is_symlink()]
    files = [path for path in found if path.is_file() and path not in links]
    name = _name(folder, top)
    if files and all(belongs_to_photos(_ending(path)) for path in files):
        yield ImportSource(folder, PHOTOS, name)
    else:
        yield from (_file(path, top, files) for path in files)
    yield from (IgnoredFile(_name(path, top), _("is a symbolic link; name the file itself")) for path in links)
    others = (path for path in found if path not in links and not path.is_file() and not path.is_dir())
    yield from (IgnoredFile(_name(path, top), _("is no file but a pipe or device")) for path in others)
    pages = {path.stem.casefold() for path in files if _ending(path) in _PAGES}
    for path in found:
        if not path.is_dir() or path in links or _belongs_to_page(path.name, pages):
            continue
        if depth >= _MAX_DEPTH:
            yield IgnoredFile(_name(path, top), _("lies too deep in folders; name it itself"))
        else:
            yield from _in_folder(path, top, depth + 1)


def _file(path: Path, top: Path, beside: list[Path]) -> ImportSource | IgnoredFile:
    """Return a file of a folder as a source; pictures beside a web page may be shown in it."""
    if not belongs_to_photos(_ending(path)):
        return ImportSource(path, _ending(path), _name(path, top))
    reason = _("is a picture, film or sound beside documents; put such files into a folder of their own")
    if any(_ending(each) in _PAGES for each in beside):
        reason = _("is taken only as far as a web page beside it shows it")
    return IgnoredFile(_name(path, top), reason)


def _belongs_to_page(folder: str, pages: set[str]) -> bool:
    match = _COMPANIONS.fullmatch(folder)
    return bool(match and match["page"].casefold() in pages)


def _ending(path: Path) -> str:
    return path.suffix[1:].lower()


def _name(path: Path, top: Path) -> str:
    inside = path.relative_to(top).as_posix()
    return readable_name(top.absolute().name if inside == "." else inside)
