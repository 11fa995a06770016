"""The parts of a Word document (ECMA-376 part 2) and their relationships, changed in memory before the conversion."""

from __future__ import annotations

import io
import zipfile
from functools import cached_property
from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.containers.relationships import Relationship, read_relationships, relationships_name
from gongshi.importing.readers.containers.zip_limits import damaged
from gongshi.importing.readers.word.parts.package_archive import EXTENSION, read_parts
from gongshi.importing.readers.word.parts.package_xml import parse_word_part, tag
from gongshi.importing.readers.word.parts.places import mark_places

__all__ = ["WordPackage", "tag"]

_TEXT_PARTS: Final = ("footnotes", "endnotes")
_CONVERTED: Final = frozenset((*_TEXT_PARTS, "styles", "numbering", "image", "hyperlink"))
"""Types of relationships that the conversion needs; `to_bytes` leaves out all others."""
_TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PART_TYPES: Final = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
}


class WordPackage:
    """A Word document, changed in memory before it is converted.

    Args:
        content: the bytes of the file.

    Raises:
        UnreadableFileError: it is damaged, encrypted or too large.
    """

    def __init__(self, content: bytes) -> None:
        self.parts = read_parts(content)
        """The bytes of each part by its name; change a parsed part by `xml`."""
        self._names = {name.lower(): name for name in self.parts}
        self._trees: dict[str, _Element] = {}
        self._relationships: dict[str, dict[str, Relationship]] = {}

    @cached_property
    def main(self) -> str:
        """The name of the main part, usually `word/document.xml`."""
        found = next((each.target for each in self.relationships("").values() if each.type == "officeDocument"), "")
        if found not in self.parts or self.xml(found).tag != tag("w:document"):
            raise damaged(EXTENSION)
        return found

    @property
    def document(self) -> _Element:
        """The root of the main part."""
        return self.xml(self.main)

    @property
    def text_parts(self) -> list[str]:
        """The names of the parts whose text becomes text of the entry: the main part and the notes."""
        return [self.main, *(name for kind in _TEXT_PARTS for name in self.related(kind))]

    def xml(self, name: str) -> _Element:
        """Return the root of a part; changes of it are written by `to_bytes`.

        Args:
            name: the name of the part, which must exist.
        """
        if name not in self._trees:
            self._trees[name] = parse_word_part(self.parts[name])
            mark_places(self._trees[name])
        return self._trees[name]

    def related(self, kind: str, part: str | None = None) -> list[str]:
        """Return the names of the parts to which a part relates by one type, such as `footnotes`, if they exist.

        Args:
            kind: the type of the relationship.
            part: the part; None for the main part.
        """
        return [
            each.target
            for each in self.relationships(self.main if part is None else part).values()
            if each.type == kind and not each.external and each.target in self.parts
        ]

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part by their ids; changes of them are written by `to_bytes`.

        Args:
            part: its name; empty for those of the whole file.
        """
        if part not in self._relationships:
            self._relationships[part] = self._read_relationships(part)
        return self._relationships[part]

    def add_relationship(self, part: str, relationship: Relationship) -> str:
        """Add a relationship to a part and return its id.

        Args:
            part: the name of the part.
            relationship: what is added.
        """
        known = self.relationships(part)
        number = len(known) + 1
        while f"gongshi{number}" in known:
            number += 1
        known[f"gongshi{number}"] = relationship
        return f"gongshi{number}"

    def to_bytes(self) -> bytes:
        """Return the document with all changes, as a .docx file that contains the parts which are converted only."""
        written = io.BytesIO()
        kept = self._converted_parts()
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr("[Content_Types].xml", self._content_types(kept))
            archive.writestr("_rels/.rels", _relationships_xml({"main": self._main_relationship()}))
            for name, content in kept.items():
                archive.writestr(name, etree.tostring(self._trees[name]) if name in self._trees else content)
                links = {id: each for id, each in self.relationships(name).items() if self._is_converted(each)}
                if links:
                    archive.writestr(relationships_name(name), _relationships_xml(links))
        return written.getvalue()

    def _read_relationships(self, part: str) -> dict[str, Relationship]:
        name = self._names.get(relationships_name(part).lower())
        return {} if name is None else read_relationships(self.xml(name), part, self._names)

    def _is_converted(self, link: Relationship) -> bool:
        return link.type in _CONVERTED and (
            link.target in self.parts if not link.external else link.type == "hyperlink"
        )

    def _converted_parts(self) -> dict[str, bytes]:
        kept = {self.main: self.parts[self.main]}
        for part in self.text_parts:
            kept[part] = self.parts[part]
            for link in self.relationships(part).values():
                if self._is_converted(link) and not link.external:
                    kept[link.target] = self.parts[link.target]
        for name in kept:
            if name.endswith(".xml"):
                # Parsed here, so that no part that could do harm is handed on as it is.
                self.xml(name)
        return kept

    def _main_relationship(self) -> Relationship:
        return Relationship("officeDocument", self.main, external=False)

    def _content_types(self, kept: dict[str, bytes]) -> bytes:
        endings = {name.rpartition(".")[2].lower() for name in kept} | {"rels"}
        defaults = "".join(
            f"<Default Extension={quoteattr(each)} ContentType={quoteattr(kind)}/>"
            for each, kind in ((each, _PART_TYPES.get(each, "application/xml")) for each in sorted(endings))
        )
        kinds = {link.target: link.type for link in self.relationships(self.main).values() if link.type != "image"}
        kinds[self.main] = "document.main"
        overrides = "".join(
            f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(_MAIN_TYPE + kinds[name] + '+xml')}/>"
            for name in kept
            if name in kinds
        )
        return f'<Types xmlns="{_CONTENT_TYPES}">{defaults}{overrides}</Types>'.encode()


def _relationships_xml(links: dict[str, Relationship]) -> bytes:
    root = etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS})
    for id, link in links.items():
        each = etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", Id=id, Type=_TYPES + link.type)
        each.set("Target", link.target if link.external else "/" + link.target)
        if link.external:
            each.set("TargetMode", "External")
    return bytes(etree.tostring(root))
