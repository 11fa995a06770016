"""Parts of an OFD beside its pages: properties, files, annotations and seals (GB/T 33190-2016, chapters 15 to 20)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.ofd.document import OfdDocument
from gongshi.importing.readers.ofd.package import child, children, folder_of, text_at
from gongshi.importing.readers.page_layout.places import on_pages

_PROPERTIES: Final = ("Title", "Author", "Subject", "Abstract")


def tell_added_parts(document: OfdDocument) -> tuple[list[Finding], bool]:
    """Return what is told about what lies beside the pages, and whether the file may not be attached for it.

    Args:
        document: the document.
    """
    findings = list(_properties(document))
    embedded = _attachment_names(document)
    if embedded:
        message = _("files embedded in the OFD were left out; attach them one by one if they are meant to be public")
        findings.append(Finding(FindingKind.LEFT_OUT, message, "", ", ".join(embedded)))
    comments = list(_comments(document))
    return [*findings, *comments, *_seals(document)], bool(embedded or comments or document.has_others)


def _properties(document: OfdDocument) -> Iterator[Finding]:
    info = child(document.body, "DocInfo")
    if info is not None:
        values = [f"{key}: {value}" for key in _PROPERTIES if (value := text_at(info, key))]
        for each in children(custom, "CustomData") if (custom := child(info, "CustomDatas")) is not None else ():
            values.append(f"{each.get('Name', '')}: {(each.text or '').strip()}")
        if values:
            message = _("document properties are not part of the text")
            yield Finding(FindingKind.LEFT_OUT, message, "", "; ".join(values))
    if document.has_others:
        message = _("the file has several documents, of which only the first was read; save the others one by one")
        yield Finding(FindingKind.LEFT_OUT, message)


def _attachment_names(document: OfdDocument) -> list[str]:
    listed = _listed_part(document, document.root, "Attachments", document.folder)
    if listed is None:
        return []
    return [each.get("Name") or text_at(each, "FileLoc") for each in children(listed[0], "Attachment")]


def _listed_part(document: OfdDocument, root: _Element, name: str, folder: str) -> tuple[_Element, str] | None:
    """Return the root of a part that a child names, and its folder; None if there is none."""
    location = text_at(root, name)
    part = document.package.find(location, folder) if location else None
    return (document.package.xml(part), folder_of(part)) if part else None


def _comments(document: OfdDocument) -> Iterator[Finding]:
    listed = _listed_part(document, document.root, "Annotations", document.folder)
    for page in children(listed[0], "Page") if listed else ():
        assert listed is not None
        found = _listed_part(document, page, "FileLoc", listed[1])
        shown = [each for each in children(found[0], "Annot") if each.get("Type") != "Link"] if found else []
        if shown:
            message = _("comments, stamps and marks that were added to the page were left out")
            words = filter(None, map(_words, shown))
            yield Finding(
                FindingKind.LEFT_OUT, message, on_pages([document.number(page.get("PageID"))]), "; ".join(words)
            )


def _words(annotation: _Element) -> str:
    drawn = " ".join("".join(each.itertext()).strip() for each in annotation.iter() if local_name(each) == "TextCode")
    return ": ".join(filter(None, (annotation.get("Creator", ""), text_at(annotation, "Remark"), drawn)))


def _seals(document: OfdDocument) -> Iterator[Finding]:
    listed = _listed_part(document, document.body, "Signatures", "")
    pages: list[int] = []
    for each in children(listed[0], "Signature") if listed else ():
        assert listed is not None
        part = document.package.find(each.get("BaseLoc", ""), listed[1])
        info = child(document.package.xml(part), "SignedInfo") if part else None
        stamps = list(children(info, "StampAnnot")) if info is not None else []
        pages += [document.number(stamp.get("PageRef")) for stamp in stamps] or [1]
    if pages:
        message = _("the electronic seal is not in the text; it is seen in the OFD only")
        yield Finding(FindingKind.CHECK, message, on_pages(pages))
