"""The parts of a Word document (ECMA-376 part 2): reads them within limits, and writes the changed document."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
}
"""Prefixes for `find` and `xpath`."""
_MAX_BYTES: Final = 256 << 20
"""The maximum size of all parts together, unpacked."""
_MAX_PARTS: Final = 5000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of documents that are encrypted, or in the format from before 2007 (MS-CFB, 2.2)."""


def tag(name: str) -> str:
    """Return a name with its namespace, such as `w:p`, as lxml writes it.

    Args:
        name: prefix and name.
    """
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True)
class Relationship:
    """Link from a part to another part, or to an address outside."""

    type: str
    """The last word of its type, such as `image` or `hyperlink`."""
    target: str
    """The name of a part, such as `word/media/image1.png`, or the address."""
    external: bool


class WordPackage:
    """A Word document, changed in memory before it is converted.

    Args:
        content: the bytes of the file.

    Raises:
        UnreadableFileError: it is damaged, encrypted or too large.
    """

    def __init__(self, content: bytes) -> None:
        self.parts = _read_parts(content)
        """The bytes of each part by its name; change a parsed part by `xml`."""
        self._trees: dict[str, _Element] = {}

    @cached_property
    def main(self) -> str:
        """The name of the main part, usually `word/document.xml`."""
        found = next((each.target for each in self.relationships("").values() if each.type == "officeDocument"), "")
        if found not in self.parts:
            raise UnreadableFileError(_("the file is damaged; open it in Word or WPS, save it as .docx and try again"))
        return found

    @property
    def document(self) -> _Element:
        """The root of the main part."""
        return self.xml(self.main)

    def xml(self, name: str) -> _Element:
        """Return the root of a part; changes of it are written by `to_bytes`.

        Args:
            name: the name of the part, which must exist.
        """
        if name not in self._trees:
            self._trees[name] = _parse(self.parts[name])
        return self._trees[name]

    def related(self, kind: str) -> list[str]:
        """Return the names of the parts that the main part relates to, such as `footnotes`, if they exist.

        Args:
            kind: the type of the relationship.
        """
        return [
            each.target
            for each in self.relationships(self.main).values()
            if each.type == kind and not each.external and each.target in self.parts
        ]

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part by their ids.

        Args:
            part: its name; empty for those of the whole file.
        """
        folder, _slash, base = part.rpartition("/")
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self.parts:
            return {}
        found: dict[str, Relationship] = {}
        for each in self.xml(name):
            external, target = each.get("TargetMode") == "External", each.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[each.get("Id", "")] = Relationship(each.get("Type", "").rpartition("/")[2], target, external)
        return found

    def to_bytes(self) -> bytes:
        """Return the document with all changes, as a .docx file."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name, content in self.parts.items():
                archive.writestr(name, etree.tostring(self._trees[name]) if name in self._trees else content)
        return written.getvalue()


def _read_parts(content: bytes) -> dict[str, bytes]:
    if content.startswith(_OLE):
        message = _(
            "the file is protected by a password, or is in the format from before 2007; open it, remove the password, "
            "save it as .docx and try again"
        )
        raise UnreadableFileError(message)
    damaged = _("the file is damaged, or is no Word document; open it in Word or WPS, save it as .docx and try again")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            if len(listed) > _MAX_PARTS or sum(each.file_size for each in listed) > _MAX_BYTES:
                raise UnreadableFileError(_("the file is too large when unpacked; divide it"))
            return {each.filename: archive.read(each) for each in listed if not each.is_dir()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise UnreadableFileError(damaged) from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise UnreadableFileError(damaged) from None
        raise


def _parse(content: bytes) -> _Element:
    """Parse a part. Document types are refused (ECMA-376 part 2, 8.1.4): their entities could use up the memory."""
    damaged = _("the file is damaged; open it in Word or WPS, save it as .docx and try again")
    if b"<!DOCTYPE" in content or "<!DOCTYPE".encode("utf-16-le") in content:
        raise UnreadableFileError(damaged)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise UnreadableFileError(damaged) from None
    assert isinstance(root, etree._Element)
    return root
