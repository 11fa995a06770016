"""The parts of an Excel workbook (ECMA-376 part 2), read within limits."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers.zip_limits import damaged_message, open_archive, refuse_damaged

EXTENSION: Final = ".xlsx"
_MAX_PART: Final = 32 << 20
"""The maximum size of a part that is read as a whole; worksheets and texts are read in a stream."""
_DOCUMENT_TYPES: Final = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


@dataclass(frozen=True)
class Relationship:
    """Link from a part to another part, or to an address outside."""

    type: str
    """The last word of its type, such as `worksheet` or `hyperlink`."""
    target: str
    """The name of a part, such as `xl/drawings/drawing1.xml`, or the address."""
    external: bool


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace, which differs between the two kinds of the format."""
    return _local(element.tag)


@lru_cache(1024)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str) -> str:
    """Return an attribute in any namespace, such as `r:id`; empty if it is missing.

    Args:
        element: the element.
        name: the name without its prefix.
    """
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def is_true(value: str | None, default: bool = False) -> bool:
    """Return the value of a Boolean attribute (`xsd:boolean`)."""
    return default if value is None else value.strip() in ("1", "true", "on")


def text_of(root: _Element, *names: str) -> str:
    """Return the texts of all elements with one of these local names, joined."""
    return "".join(each.text or "" for each in root.iter() if local_name(each) in names)


class Package:
    """An Excel workbook as an archive of parts.

    Args:
        content: the bytes of the file.

    Raises:
        UnreadableFileError: it is damaged, encrypted or too large.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = open_archive(content, EXTENSION)
        # Names of parts do not distinguish capital letters (ECMA-376 part 2, 6.2.2.3).
        self._names = {name.lower().lstrip("/"): name for name in self._archive.namelist()}
        self._relationships: dict[str, dict[str, Relationship]] = {}

    def has(self, name: str) -> bool:
        """Tell whether there is a part.

        Args:
            name: its name.
        """
        return name.lower() in self._names

    def names(self, folder: str) -> list[str]:
        """Return the names of all parts in a folder, in lower case.

        Args:
            folder: the folder, such as `xl/embeddings/`.
        """
        return sorted(name for name in self._names if name.startswith(folder))

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Args:
            name: its name; the part must exist.

        Raises:
            UnreadableFileError: it is damaged or too large.
        """
        info = self._archive.getinfo(self._names[name.lower()])
        if info.file_size > _MAX_PART:
            raise UnreadableFileError(_("the file is too large when unpacked; divide it"))
        with refuse_damaged(EXTENSION):
            return self._archive.read(info)

    def xml(self, name: str) -> _Element | None:
        """Return the root of a part; None if the part is missing.

        Args:
            name: the name of the part.

        Raises:
            UnreadableFileError: it is damaged or too large.
        """
        if not self.has(name):
            return None
        content = self.read(name)
        # Document types are refused (ECMA-376 part 2, 6.2.5): their entities could use up the memory.
        if any(mark in content for mark in _DOCUMENT_TYPES):
            raise UnreadableFileError(damaged_message(EXTENSION))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise UnreadableFileError(damaged_message(EXTENSION)) from None
        assert isinstance(root, etree._Element)
        return root

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part for reading.

        Args:
            name: its name; the part must exist.

        Raises:
            UnreadableFileError: it turned out to be damaged.
        """
        try:
            with refuse_damaged(EXTENSION), self._archive.open(self._names[name.lower()]) as file:
                yield file
        except etree.XMLSyntaxError:
            raise UnreadableFileError(damaged_message(EXTENSION)) from None

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part by their ids.

        Args:
            part: its name; empty for those of the whole file.
        """
        if part not in self._relationships:
            folder, _slash, base = part.rpartition("/")
            root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
            self._relationships[part] = {} if root is None else dict(_relationships(root, folder))
        return self._relationships[part]

    def related(self, part: str, *kinds: str) -> list[str]:
        """Return the names of the parts that a part relates to and that exist.

        Args:
            part: the name of the part; empty for the whole file.
            kinds: the types of the relationships, such as `comments`.
        """
        found = self.relationships(part).values()
        return [each.target for each in found if each.type in kinds and not each.external and self.has(each.target)]


def _relationships(root: _Element, folder: str) -> Iterator[tuple[str, Relationship]]:
    for each in root.iterchildren("{*}Relationship"):
        external, target = each.get("TargetMode") == "External", each.get("Target", "")
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        yield each.get("Id", ""), Relationship(each.get("Type", "").rpartition("/")[2], target, external)


def stream_elements(file: IO[bytes], *names: str) -> Iterator[_Element]:
    """Yield elements when they end, in the order of the file. The caller clears what it does not need any more.

    Args:
        file: the XML.
        names: their local names.

    Raises:
        etree.XMLSyntaxError: the XML is damaged, or has a document type.
    """
    tags = [f"{{*}}{name}" for name in names]
    events = etree.iterparse(
        file, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    checked = False
    for _event, element in events:
        if not checked and element.getroottree().docinfo.doctype:
            raise UnreadableFileError(damaged_message(EXTENSION))
        checked = True
        yield element
