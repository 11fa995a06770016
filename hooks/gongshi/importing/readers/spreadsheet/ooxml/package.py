"""The parts of an Excel workbook (ECMA-376 part 2), read within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.containers.relationships import Relationship, read_relationships, relationships_name
from gongshi.importing.readers.containers.xml_parts import local_name, parse_part
from gongshi.importing.readers.containers.zip_limits import damaged, open_archive, read_part, refuse_damaged

EXTENSION: Final = ".xlsx"


def attribute(element: _Element, name: str) -> str:
    """Return an attribute in any namespace, such as `r:id`; empty if it is missing.

    Args:
        element: the element.
        name: the name without its prefix.
    """
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def is_true(value: str | None, default: bool = False) -> bool:
    """Return the value of a Boolean attribute (`xsd:boolean`).

    Args:
        value: its text; None if the attribute is missing.
        default: the value of a missing attribute.
    """
    return default if value is None else value.strip() in ("1", "true", "on")


def text_of(root: _Element, *names: str) -> str:
    """Return the texts of all elements with one of these local names, joined.

    Args:
        root: the element in which they are.
        names: the local names.
    """
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
        return read_part(self._archive, self._archive.getinfo(self._names[name.lower()]), EXTENSION)

    def xml(self, name: str) -> _Element | None:
        """Return the root of a part; None if the part is missing.

        Args:
            name: the name of the part.

        Raises:
            UnreadableFileError: it is damaged or too large.
        """
        return parse_part(self.read(name), EXTENSION) if self.has(name) else None

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
            raise damaged(EXTENSION) from None

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part by their ids.

        Args:
            part: its name; empty for those of the whole file.
        """
        if part not in self._relationships:
            root = self.xml(relationships_name(part))
            self._relationships[part] = {} if root is None else read_relationships(root, part, self._names)
        return self._relationships[part]

    def related(self, part: str, *kinds: str) -> list[str]:
        """Return the names of the parts that a part relates to and that exist.

        Args:
            part: the name of the part; empty for the whole file.
            kinds: the types of the relationships, such as `comments`.
        """
        found = self.relationships(part).values()
        return [each.target for each in found if each.type in kinds and not each.external and self.has(each.target)]
