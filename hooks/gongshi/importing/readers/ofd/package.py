"""The parts of an OFD file (GB/T 33190-2016, chapter 6): reads them within limits; nothing is unpacked to disk."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

_MAX_BYTES: Final = 200 << 20
"""The maximum size of all parts together, unpacked."""
_MAX_PARTS: Final = 5000
_MAX_XML: Final = 32 << 20
"""The maximum size of one part of XML."""
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
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
            raise _damaged() from None
        listed = self._archive.infolist()
        if len(listed) > _MAX_PARTS or sum(each.file_size for each in listed) > _MAX_BYTES:
            raise UnreadableFileError(_("the file is too large when unpacked; divide it"))
        self._parts = {posixpath.normpath("/" + each.filename.replace("\\", "/")).lstrip("/"): each for each in listed}
        if any(each.flag_bits & 1 for each in listed) or _PROTECTION in self._parts:
            message = _("the file is protected by a password; save it without a password and import that file")
            raise UnreadableFileError(message)

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
        part = self._parts[name]
        try:
            with self._archive.open(part) as file:
                return file.read(part.file_size)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
            raise _damaged() from None

    def xml(self, name: str) -> _Element:
        """Return the root of a part. Document types are refused: their entities could use up the memory.

        Args:
            name: as `find` returns it.

        Raises:
            UnreadableFileError: the part is damaged or too large.
        """
        content = self.read(name)
        if len(content) > _MAX_XML or b"<!DOCTYPE" in content or "<!DOCTYPE".encode("utf-16-le") in content:
            raise _damaged()
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise _damaged() from None
        assert isinstance(root, etree._Element)
        return root


def _damaged() -> UnreadableFileError:
    return UnreadableFileError(
        _("the file is damaged, or is no OFD; open it, save it anew as OFD and import that file")
    )


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace; programs write different ones.

    Args:
        element: the element.
    """
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


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
