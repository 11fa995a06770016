"""Reads PDF files: text that is seen, put together as paragraphs and tables, and pictures; scans become attachments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import Final

import pypdfium2

from gongshi.i18n import gettext as _
from gongshi.importing.document import (
    Finding,
    FindingKind,
    ReadDocument,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.file_names import readable_name
from gongshi.importing.readers.page_layout.attached_file import (
    AttachedFile,
    attach,
    not_attached,
    read_limited,
    text_in_attachment,
)
from gongshi.importing.readers.page_layout.document_layout import lay_out
from gongshi.importing.readers.page_layout.hidden_text import Hiding, tell_hidden
from gongshi.importing.readers.page_layout.model import Box, Page
from gongshi.importing.readers.page_layout.page_notes import PageNotes
from gongshi.importing.readers.page_layout.picture_files import PictureTaker, covers_page, repeated_places
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.page_layout.text.glyph_text import is_garbled
from gongshi.importing.readers.pdf.attachment import pages_only
from gongshi.importing.readers.pdf.characters import (
    INVISIBLE,
    PdfCharacter,
    ignore_replacement_texts,
    read_characters,
    with_links,
    without_hidden,
)
from gongshi.importing.readers.pdf.hidden_parts import PageLinks, read_links, take_annotations, tell_document_parts
from gongshi.importing.readers.pdf.opening import opened_pdf
from gongshi.importing.readers.pdf.page_objects import PageObjects, page_space, read_objects
from gongshi.importing.readers.pdf.pictures import picture_places, rendered
from gongshi.importing.readers.pdf.visibility import find_hidden, render_without_text

ATTACHMENT_NAME: Final = "document.pdf"


@dataclass
class _Reading:
    """The pages that were read so far."""

    pages: list[Page] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: PageNotes = field(default_factory=PageNotes)
    hides_something: bool = False
    """The file has words that it does not show, so it may not be attached."""
    characters: int = 0


def read_pdf(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read a PDF.

    Args:
        path: the file.
        workspace: where pictures and the attachment are written.
        options: the user's choices.

    Raises:
        UnreadableFileError: the file is damaged, protected by a password or too large, or shows nothing.
    """
    content = read_limited(path)
    reading = _Reading()
    with opened_pdf(content) as document:
        reading.findings += tell_document_parts(document)
        taker = PictureTaker(workspace, _repeated_pictures(document))
        for number in range(1, len(document) + 1):
            _read_page(document, number, reading, taker)
    laid_out = lay_out(reading.pages)
    html, text, files = laid_out.html, laid_out.visible_text, list(taker.files)
    findings = [*reading.notes.tell(), *laid_out.findings, *reading.findings, *taker.tell()]
    if reading.notes.scanned or reading.notes.garbled:
        attached = _attach(content, readable_name(path.stem), workspace, reading)
        findings += attached.findings
        files += attached.files
        if attached.files and not html:
            text = text_in_attachment(options.language)
            html = f"<p>{escape(text)}</p>"
    if not html:
        raise UnreadableFileError(_("the file shows neither text nor pictures that can be taken over"))
    return ReadDocument(html, text, files=tuple(files), findings=tuple(findings))


def _repeated_pictures(document: pypdfium2.PdfDocument) -> frozenset[tuple[int, int, int, int]]:
    def places(number: int) -> tuple[float, Sequence[Box]]:
        try:
            with _opened(document, number) as page:
                return page.get_height(), read_objects(page, page_space(page)).pictures
        except pypdfium2.PdfiumError:
            return 0.0, ()

    return repeated_places(map(places, range(1, len(document) + 1))) if len(document) > 1 else frozenset()


@contextmanager
def _opened(document: pypdfium2.PdfDocument, number: int) -> Iterator[pypdfium2.PdfPage]:
    page = document[number - 1]
    try:
        yield page
    finally:
        page.close()


def _read_page(document: pypdfium2.PdfDocument, number: int, reading: _Reading, taker: PictureTaker) -> None:
    """Read a page and add what was read."""
    try:
        with _opened(document, number) as page:
            links = read_links(document, page, page_space(page), number)
            annotations = take_annotations(page, number)
            reading.findings += (*links.findings, *annotations.findings)
            if annotations.has_fields:
                page.flatten()
        # Values of form fields are content of the page once it is opened again.
        with _opened(document, number) as page:
            _read_content(page, number, links, reading, taker)
    except pypdfium2.PdfiumError:
        reading.notes.damaged.append(number)


def _read_content(
    page: pypdfium2.PdfPage, number: int, links: PageLinks, reading: _Reading, taker: PictureTaker
) -> None:
    """Read what a page shows and add it."""
    space = page_space(page)
    objects = read_objects(page, space)
    ignore_replacement_texts(objects.texts)
    characters = read_characters(page, space, reading.characters)
    reading.characters = max(reading.characters, *(each.glyph.number + 1 for each in characters[-1:]), 0)
    hidden = _hidden(page, characters, objects, number, reading)
    glyphs = with_links(without_hidden(characters, hidden), links.kept)
    sheet = Box(0, 0, *space.size)
    has_text = any(not each.text.isspace() for each in glyphs)
    if has_text and is_garbled([each.text for each in glyphs]):
        reading.notes.garbled.append(number)
        return
    if not has_text and any(covers_page(box, sheet) for box in objects.pictures):
        reading.notes.scanned.append(number)
        reading.hides_something |= any(order > objects.last_picture for order, _box in objects.covers)
        return
    pictures = taker.take(number, sheet, picture_places(objects.pictures, sheet), partial(rendered, page))
    reading.pages.append(Page(number, *space.size, tuple(glyphs), tuple(objects.rulings), tuple(pictures)))
    reading.notes.add_drawings(number, objects.drawings)
    if objects.tick_boxes:
        reading.notes.tick_boxes.append(number)
    if not objects.complete:
        reading.notes.incomplete.append(number)


def _hidden(
    page: pypdfium2.PdfPage, characters: list[PdfCharacter], objects: PageObjects, number: int, reading: _Reading
) -> dict[int, Hiding]:
    """Return which characters are not seen, and tell them. The text of the page is switched off."""
    if not characters:
        return {}
    hidden = find_hidden(characters, render_without_text(page, objects.texts), objects, page.get_size())
    is_recognized = all(each.source.mode == INVISIBLE for each in characters) and any(
        covers_page(box, Box(0, 0, *page.get_size())) for box in objects.pictures
    )
    reading.hides_something |= bool(hidden) and not is_recognized
    if is_recognized:
        message = _("the recognized text (OCR) behind the scanned page may have mistakes and was left out")
        reading.findings.append(Finding(FindingKind.LEFT_OUT, message, on_pages([number])))
    else:
        reading.findings += tell_hidden([each.glyph for each in characters], hidden, number)
    return hidden


def _attach(content: bytes, title: str, workspace: Workspace, reading: _Reading) -> AttachedFile:
    """Write the PDF as attachment, unless it has words that it does not show."""
    cleaned = None if reading.hides_something else pages_only(content)
    if cleaned is None:
        message = _(
            "the PDF was not attached, as it has words that it does not show, or is damaged; print it to a new PDF as "
            "picture or scan the paper, and attach that file"
        )
        return not_attached(message)
    message = _("the PDF is an attachment of the entry; its document properties and comments were taken out")
    return attach(workspace, (ATTACHMENT_NAME, title), cleaned, message)
