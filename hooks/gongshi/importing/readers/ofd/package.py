"""The parts of an OFD file (GB/T 33190-2016, chapter 6): reads them within limits; nothing is unpacked to disk."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.containers.xml_parts import local_name, parse_part
from gongshi.importing.readers.containers.zip_limits import MAX_BYTES, open_archive, protected, read_part

_EXTENSION: Final = ".ofd"
_PROTECTION: Final = "Encryptions.xml"
"""The list of encrypted parts (GM/T 0099-2020)."""


class OfdPackage:
    """An OFD file.

    Args:
        content: its bytes.

    Raises:
        UnreadableFileError: it is damaged, protected or too large when unpacked.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        """The bytes of the file."""
        self._archive = open_archive(content, _EXTENSION)
        listed = self._archive.infolist()
        self._parts = {posixpath.normpath("/" + each.filename.replace("\\", "/")).lstrip("/"): each for each in listed}
        if _PROTECTION in self._parts:
            raise protected()

    def names(self) -> list[str]:
        """Return the names of all parts that are no folders."""
        return [name for name, part in self._parts.items() if not part.is_dir()]

    def find(self, location: str, base: str) -> str | None:
        """Return the name of a part, or None if there is none.

        Args:
            location: as it stands in a part: absolute from the root, or relative (7.3, ST_Loc).
            base: the folder of that part.
        """
        location = location.strip().replace("\\", "/")
        for folder in ("/", "/" + base) if location.startswith("/") else ("/" + base, "/"):
            name = posixpath.normpath(posixpath.join(folder, location.lstrip("/"))).lstrip("/")
            if name in self._parts:
                return name
        return None

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Args:
            name: as `find` returns it.

        Raises:
            UnreadableFileError: the part is damaged.
        """
        return read_part(self._archive, self._parts[name], _EXTENSION, MAX_BYTES)

    def xml(self, name: str) -> _Element:
        """Return the root of a part.

        Args:
            name: as `find` returns it.

        Raises:
            UnreadableFileError: the part is damaged or too large.
        """
        return parse_part(read_part(self._archive, self._parts[name], _EXTENSION), _EXTENSION)


def children(element: _Element, name: str) -> Iterator[_Element]:
    """Yield the children of a name.

    Args:
        element: their parent.
        name: without namespace.
    """
    return (each for each in element if local_name(each) == name)


def child(element: _Element, *names: str) -> _Element | None:
    """Return the first descendant on a path of names, or None.

    Args:
        element: where the path begins.
        names: without namespaces.
    """
    found: _Element | None = element
    for name in names:
        found = next(children(found, name), None) if found is not None else None
    return found


def text_at(element: _Element, *names: str) -> str:
    """Return the text of the first descendant on a path of names; empty if there is none.

    Args:
        element: where the path begins.
        names: without namespaces.
    """
    found = child(element, *names)
    return (found.text or "").strip() if found is not None else ""


def folder_of(name: str) -> str:
    """Return the folder of a part.

    Args:
        name: the name of the part.
    """
    return posixpath.dirname(name)
