"""Parts of a PDF beside its pages: comments, form fields, embedded files, scripts, signatures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.model import Box
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.pdf.page_objects import PageSpace

_MAX_ANNOTATIONS: Final = 2000
"""Annotations of a page that are looked at."""
_MAX_LINKS: Final = 2000
_MAX_TEXT: Final = 4000
_SAFE_ADDRESSES: Final = ("http://", "https://", "mailto:")
_HIDDEN: Final = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_WITHOUT_WORDS: Final = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)


@dataclass(frozen=True)
class Annotations:
    """The annotations of a page: links, notes, form fields, files."""

    findings: tuple[Finding, ...]
    has_fields: bool
    """The page shows values of form fields."""


def tell_document_parts(document: pypdfium2.PdfDocument) -> list[Finding]:
    """Return what is told about the parts of a file that belong to no page.

    Document properties are not told: nearly every file has some, a reader of the paper sees none, and none is kept.

    Args:
        document: the file.
    """
    findings: list[Finding] = []
    names = [document.get_attachment(number).get_name() for number in range(min(document.count_attachments(), 100))]
    if names:
        message = _("files embedded in the PDF were left out; attach them one by one if they are meant to be public")
        findings.append(Finding(FindingKind.LEFT_OUT, message, "", ", ".join(names)))
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        findings.append(Finding(FindingKind.LEFT_OUT, _("scripts of the PDF were left out; nothing of them was run")))
    if pdfium.FPDF_GetSecurityHandlerRevision(document) >= 0:
        message = _("the PDF is protected against copying or changes; look whether its text may be published")
        findings.append(Finding(FindingKind.CHECK, message))
    if pdfium.FPDF_GetSignatureCount(document) > 0:
        message = _("the PDF has a digital signature, which the entry cannot show; attach the PDF if it matters")
        findings.append(Finding(FindingKind.CHECK, message))
    return findings


def take_annotations(page: pypdfium2.PdfPage, number: int) -> Annotations:
    """Remove what is attached to a page, except form fields that are seen, and return what is told about it.

    Args:
        page: the page; changed in memory.
        number: its number.
    """
    comments: list[str] = []
    values: list[str] = []
    unseen: list[str] = []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS) - 1, -1, -1):
        with _annotation(page, index) as annotation:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            words = _words(annotation, kind)
            is_field = kind == pdfium.FPDF_ANNOT_WIDGET
            is_seen = not pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN and pdfium.FPDFAnnot_HasKey(annotation, b"AP")
        if is_field and is_seen:
            values.insert(0, words)
            continue
        if kind not in _WITHOUT_WORDS:
            (unseen if is_field else comments).insert(0, words)
        pdfium.FPDFPage_RemoveAnnot(page, index)
    return Annotations(tuple(_annotation_findings(number, comments, values, unseen)), bool(values))


def _annotation_findings(number: int, comments: list[str], values: list[str], unseen: list[str]) -> Iterator[Finding]:
    place = on_pages([number])
    if comments:
        message = _("comments, stamps and marks that were added to the page were left out")
        yield Finding(FindingKind.LEFT_OUT, message, place, "; ".join(filter(None, comments)))
    if any(unseen):
        message = _("values of form fields that are not seen were left out")
        yield Finding(FindingKind.LEFT_OUT, message, place, "; ".join(filter(None, unseen)))
    if any(values):
        message = _("values of form fields are in the text; look whether they are meant to be public")
        yield Finding(FindingKind.CHECK, message, place, "; ".join(filter(None, values)))


@contextmanager
def _annotation(page: pypdfium2.PdfPage, index: int) -> Iterator[Any]:
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield annotation
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _words(annotation: Any, kind: int) -> str:
    keys = (b"V",) if kind == pdfium.FPDF_ANNOT_WIDGET else (b"T", b"Contents")
    return ": ".join(filter(None, (_string(annotation, key) for key in keys)))


def _string(annotation: Any, key: bytes) -> str:
    length = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (pdfium.FPDF_WCHAR * max(1, min(length, 2 * _MAX_TEXT) // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, ctypes.sizeof(buffer))
    text = bytes(buffer).decode("utf-16-le", "replace").split("\0")[0]
    return " ".join(text.split())


@dataclass(frozen=True)
class PageLinks:
    """The links of a page."""

    kept: list[tuple[Box, str]]
    """Places and addresses of those that lead to the web or to a mailbox."""
    findings: tuple[Finding, ...]


def read_links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, space: PageSpace, number: int) -> PageLinks:
    """Return the links of a page, and what is told about those that lead elsewhere, such as to a file of a computer.

    Args:
        document: the file.
        page: the page.
        space: where places are shown.
        number: the number of the page.
    """
    kept: list[tuple[Box, str]] = []
    others: list[str] = []
    for link, address in _addresses(document, page):
        box = pdfium.FS_RECTF()
        if not address.lower().startswith(_SAFE_ADDRESSES):
            others.append(address)
        elif pdfium.FPDFLink_GetAnnotRect(link, box):
            kept.append((space.shown(box.left, box.bottom, box.right, box.top), address))
    message = _("links that lead neither to the web nor to a mailbox were left out")
    told = [Finding(FindingKind.LEFT_OUT, message, on_pages([number]), "; ".join(others))] if any(others) else []
    return PageLinks(kept, tuple(told))


def _addresses(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[tuple[Any, str]]:
    """Yield the links of a page that have an address."""
    position = ctypes.c_int(0)
    for _number in range(_MAX_LINKS):
        link = pdfium.FPDF_LINK()
        if not pdfium.FPDFLink_Enumerate(page, position, link):
            return
        action = pdfium.FPDFLink_GetAction(link)
        if action and pdfium.FPDFAction_GetType(action) == pdfium.PDFACTION_URI:
            length = pdfium.FPDFAction_GetURIPath(document, action, None, 0)
            buffer = ctypes.create_string_buffer(max(1, min(length, _MAX_TEXT)))
            pdfium.FPDFAction_GetURIPath(document, action, buffer, len(buffer))
            yield link, buffer.value.decode("utf-8", "replace").strip()
