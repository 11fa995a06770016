"""Finds what is to be imported: files, folders of photos, and what lies in other folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ImportSource:
    """One file or folder from which one entry is made."""

    path: Path
    ending: str
    """The extension in lower case without the dot; `/` for a folder of photos."""
    paths: tuple[Path, ...] = ()
    """Photos that the user named one by one, for one entry; `path` is then the folder of the first."""


def find_sources(paths: Iterable[Path]) -> list[ImportSource]:
    """Return the sources that the user named.

    Args:
        paths: files and folders.
    """
    return [ImportSource(path, path.suffix[1:].lower()) for path in paths]
