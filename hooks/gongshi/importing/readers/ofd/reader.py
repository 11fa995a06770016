"""Reads OFD files: their text as paragraphs and tables, their pictures, and the file itself as attachment."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Final

from PIL import Image

from gongshi.i18n import gettext as _
from gongshi.importing.document import (
    Finding,
    ReadDocument,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.file_names import readable_name
from gongshi.importing.readers.ofd.added_parts import tell_added_parts
from gongshi.importing.readers.ofd.attachment import shown_parts_only
from gongshi.importing.readers.ofd.document import OfdDocument, OfdPage
from gongshi.importing.readers.ofd.objects import OfdObjects, OfdPicture, PageReader
from gongshi.importing.readers.ofd.package import OfdPackage
from gongshi.importing.readers.page_layout.attached_file import (
    AttachedFile,
    attach,
    not_attached,
    read_limited,
    text_in_attachment,
)
from gongshi.importing.readers.page_layout.document_layout import lay_out
from gongshi.importing.readers.page_layout.hidden_text import tell_hidden
from gongshi.importing.readers.page_layout.model import Box, Page
from gongshi.importing.readers.page_layout.page_notes import PageNotes
from gongshi.importing.readers.page_layout.picture_files import LONGER_SIDE, PictureTaker, covers_page, repeated_places
from gongshi.importing.readers.pictures.cleaning import load_picture
from gongshi.importing.readers.pictures.decoding import open_picture
from gongshi.importing.readers.pictures.faults import Unusable

ATTACHMENT_NAME: Final = "document.ofd"


@dataclass
class _Reading:
    """The pages that were read so far."""

    pages: list[tuple[OfdPage, OfdObjects]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: PageNotes = field(default_factory=PageNotes)
    hides_something: bool = False
    """The file has words that it does not show, so it may not be attached."""


def read_ofd(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read an OFD file.

    Args:
        path: the file.
        workspace: where pictures and the attachment are written.
        options: the user's choices.

    Raises:
        UnreadableFileError: the file is damaged, protected by a password or too large.
    """
    content = read_limited(path)
    document = OfdDocument(OfdPackage(content))
    reading = _read_pages(document)
    findings, has_more = tell_added_parts(document)
    taker = PictureTaker(workspace, _repeated_pictures(reading))
    laid_out = lay_out([_page(document, page, objects, taker) for page, objects in reading.pages])
    files = [*taker.files]
    attached = _attach(document, readable_name(path.stem), workspace, reading.hides_something or has_more)
    files += attached.files
    html, text = laid_out.html, laid_out.visible_text
    if not html:
        if not attached.files:
            raise UnreadableFileError(_("the file shows neither text nor pictures that can be taken over"))
        text = text_in_attachment(options.language)
        html = f"<p>{escape(text)}</p>"
    told = (*reading.notes.tell(), *reading.findings, *laid_out.findings, *findings, *taker.tell(), *attached.findings)
    return ReadDocument(html, text, files=tuple(files), findings=told)


def _read_pages(document: OfdDocument) -> _Reading:
    reading = _Reading()
    number = 0
    for page in document.pages():
        objects = PageReader(page, document.resources, number).read()
        number += len(objects.glyphs)
        reading.pages.append((page, objects))
        reading.findings += tell_hidden(objects.glyphs, objects.hidden, page.number)
        hides_picture = any(_is_partly_seen(each, objects) for each in objects.pictures)
        reading.hides_something |= bool(objects.hidden) or objects.has_unseen_pictures or hides_picture
        reading.notes.add_drawings(page.number, objects.drawings)
        if not objects.complete:
            reading.notes.incomplete.append(page.number)
        if not objects.glyphs and any(covers_page(each.box, _sheet(page)) for each in objects.pictures):
            reading.notes.scanned.append(page.number)
    return reading


def _sheet(page: OfdPage) -> Box:
    return Box(0, 0, page.box.width, page.box.height)


def _repeated_pictures(reading: _Reading) -> frozenset[tuple[int, int, int, int]]:
    return repeated_places(
        (page.box.height, [each.box for each in objects.pictures]) for page, objects in reading.pages
    )


def _page(document: OfdDocument, page: OfdPage, objects: OfdObjects, taker: PictureTaker) -> Page:
    """Return the visible content of a page, with its pictures saved."""
    glyphs = [each for each in objects.glyphs if each.number not in objects.hidden]
    by_place = {each.box: each for each in objects.pictures}
    places = [box for box in by_place if glyphs or not covers_page(box, _sheet(page))]
    pictures = taker.take(page.number, _sheet(page), places, lambda box: _picture(document, by_place[box], objects))
    return Page(page.number, page.box.width, page.box.height, tuple(glyphs), tuple(objects.rulings), tuple(pictures))


def _picture(document: OfdDocument, picture: OfdPicture, objects: OfdObjects) -> Image.Image | None:
    """Return a picture; None if it cannot be read, or only a part of it is seen."""
    if not picture.resource or _is_partly_seen(picture, objects):
        return None
    content = document.package.read(picture.resource)
    try:
        with open_picture(content) as image:
            load_picture(image, (LONGER_SIDE, LONGER_SIDE))
            turned = image.convert("RGBA")
    except Unusable:
        return None
    ground = Image.new("RGB", turned.size, "white")
    ground.paste(turned, mask=turned.getchannel("A"))
    return ground


def _is_partly_seen(picture: OfdPicture, objects: OfdObjects) -> bool:
    above = [box for order, box, _colour in objects.areas if order > picture.order]
    above += [each.box for each in objects.pictures if each.order > picture.order]
    return picture.is_cut or any(box.share_in(picture.box) > 0 for box in above)


def _attach(document: OfdDocument, title: str, workspace: Workspace, hides_something: bool) -> AttachedFile:
    """Write the OFD as attachment with what its pages show, unless it has words that it does not show."""
    if hides_something:
        message = _(
            "the OFD was not attached, as it has words that it does not show, comments or embedded files; export it "
            "anew without them and attach that file"
        )
        return not_attached(message)
    content = shown_parts_only(document)
    if content is None:
        message = _(
            "the OFD was not attached, as it has names or parts that it does not show, and they cannot be taken out "
            "of a sealed file; attach it by hand if it may be public"
        )
        return not_attached(message)
    message = _("the OFD is an attachment of the entry; its document properties were taken out")
    return attach(workspace, (ATTACHMENT_NAME, title), content, message)
