"""The OFD as attachment of the entry: only the parts that its pages draw (GB/T 33190-2016, chapters 6 and 7)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.ofd.document import OfdDocument
from gongshi.importing.readers.ofd.package import OfdPackage, child, children, folder_of, text_at
from gongshi.importing.readers.pictures.metadata import without_metadata

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The time in the file, always the same, so that the same content gives the same bytes."""
_NAMELESS: Final = frozenset(("DocID", "Creator", "CreatorVersion", "CreationDate", "ModDate", "DocUsage"))
"""Properties that name neither persons nor content (7.4)."""
_DROPPED: Final = ("Actions", "Outlines", "Bookmarks", "Extensions", "CustomTags", "Attachments", "Annotations")
_DROPPED_ATTRIBUTES: Final = ("Name", "Substitution")
"""Names that people gave, and pictures for slow programs."""
_DOCUMENT_PARTS: Final = ("CommonData", "Pages")
_SETTINGS: Final = frozenset(("Permissions", "VPreferences"))
"""Parts of the description of the document without words of people."""
_USES: Final = ("ResourceID", "ImageMask")
_PICTURES: Final = frozenset(("Image",))


@dataclass
class _Parts:
    """The parts of the attachment."""

    package: OfdPackage
    xml: dict[str, _Element] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    has_dropped: bool = False
    """Something was left out that belongs to no page."""

    def add(self, location: str, base: str) -> str | None:
        """Add a part of XML, without comments and what belongs to no page, and return its name."""
        name = self.package.find(location, base) if location else None
        if name is not None and name not in self.xml:
            root = self.package.xml(name)
            for each in list(root.iter()):
                is_dropped = not isinstance(each.tag, str) or local_name(each) in _DROPPED
                if is_dropped and (parent := each.getparent()) is not None:
                    parent.remove(each)
                    self.has_dropped = True
                elif not is_dropped:
                    for key in _DROPPED_ATTRIBUTES:
                        each.attrib.pop(key, None)
            self.xml[name] = root
        return name


def shown_parts_only(document: OfdDocument) -> bytes | None:
    """Return an OFD with what the pages of another one draw; the same bytes if it is sealed and has nothing else.

    Args:
        document: the document; the parts of it that its pages show must be seen as a whole.

    Returns:
        Its bytes; None if it is sealed and has more, or has a picture that cannot be cleaned.
    """
    parts = _Parts(document.package)
    try:
        _collect(document, parts)
        cleaned = all(_add_files(parts, name) for name in list(parts.xml))
    except UnreadableFileError:
        return None
    if not cleaned:
        return None
    if child(document.body, "Signatures") is None:
        return _written(document, parts)
    return document.package.content if _has_nothing_else(document, parts) else None


def _collect(document: OfdDocument, parts: _Parts) -> None:
    """Add the parts of XML that pages need."""
    root_name = parts.add(text_at(document.body, "DocRoot"), "")
    assert root_name is not None
    root = parts.xml[root_name]
    for each in list(root):
        if local_name(each) not in _DOCUMENT_PARTS:
            root.remove(each)
            parts.has_dropped |= local_name(each) not in _SETTINGS
    common, pages = child(root, "CommonData"), child(root, "Pages")
    located = [
        *(each.text or "" for name in ("PublicRes", "DocumentRes") for each in _children(common, name)),
        *(each.get("BaseLoc", "") for each in _children(common, "TemplatePage")),
        *(each.get("BaseLoc", "") for each in _children(pages, "Page")),
    ]
    for location in located:
        name = parts.add(location.strip(), document.folder)
        for resource in children(parts.xml[name], "PageRes") if name else ():
            parts.add((resource.text or "").strip(), folder_of(name or ""))


def _children(element: _Element | None, name: str) -> Iterator[_Element]:
    return children(element, name) if element is not None else iter(())


def _add_files(parts: _Parts, name: str) -> bool:
    """Add the fonts and used pictures of a part with resources; return False if a picture cannot be cleaned."""
    root = parts.xml[name]
    used = {value for part in parts.xml.values() for each in part.iter() for key in _USES if (value := each.get(key))}
    base, folder = folder_of(name), f"{folder_of(name)}/{root.get('BaseLoc', '').strip('/')}".strip("/")
    for each in list(root.iter()):
        kind = local_name(each)
        if kind == "MultiMedia" and (each.get("ID") not in used or each.get("Type", "Image") not in _PICTURES):
            parent = each.getparent()
            if parent is not None:
                parent.remove(each)
        elif kind in ("MultiMedia", "Font"):
            location = text_at(each, "MediaFile" if kind == "MultiMedia" else "FontFile")
            file = (parts.package.find(location, folder) or parts.package.find(location, base)) if location else None
            if file is None:
                continue
            content = parts.package.read(file)
            kept = without_metadata(content) if kind == "MultiMedia" else content
            if kept is None:
                return False
            parts.files[file] = kept
    return True


def _written(document: OfdDocument, parts: _Parts) -> bytes:
    space = etree.QName(document.body).namespace or "http://www.ofdspec.org/2016"
    root = etree.Element(f"{{{space}}}OFD", {"DocType": "OFD", "Version": "1.0"}, nsmap={"ofd": space})
    body = etree.SubElement(root, f"{{{space}}}DocBody")
    info = etree.SubElement(body, f"{{{space}}}DocInfo")
    etree.SubElement(info, f"{{{space}}}DocID").text = text_at(document.body, "DocInfo", "DocID")
    etree.SubElement(body, f"{{{space}}}DocRoot").text = text_at(document.body, "DocRoot")
    contents = {"OFD.xml": root, **parts.xml}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in contents.items():
            content = etree.tostring(part, encoding="UTF-8", xml_declaration=True)
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
        for name, file in parts.files.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), file, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _has_nothing_else(document: OfdDocument, parts: _Parts) -> bool:
    """Tell whether a file has no names, no further parts and no metadata: it is sealed, so nothing can be removed."""
    info = child(document.body, "DocInfo")
    named = [each for each in info if local_name(each) not in _NAMELESS] if info is not None else []
    package = document.package
    seals = package.find(text_at(document.body, "Signatures"), "")
    folder = f"{folder_of(seals)}/" if seals else "/"
    known = {"OFD.xml", *parts.xml, *parts.files}
    others = [name for name in package.names() if name not in known and not name.startswith(folder)]
    has_more = named or others or parts.has_dropped
    return not has_more and all(package.read(name) == kept for name, kept in parts.files.items())
