"""Opens PDF files within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

_MAX_PAGES: Final = 300
_MAX_SIDE: Final = 15_000
"""The longest side of a page, in points: about 5 m."""


@contextmanager
def opened_pdf(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF and close it at the end of the block.

    Args:
        content: its bytes.

    Raises:
        UnreadableFileError: it is damaged, protected by a password, or has too many or too large pages.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            message = _("the file is protected by a password; save it without a password and import that file")
            raise UnreadableFileError(message) from None
        message = _("the file is damaged, or is no PDF; open it, save it anew as PDF and import that file")
        raise UnreadableFileError(message) from None
    try:
        _check_pages(document)
        # Needed before pages are read, to draw the values of form fields.
        document.init_forms()
        yield document
    finally:
        document.close()


def _check_pages(document: pypdfium2.PdfDocument) -> None:
    count = len(document)
    if not count:
        raise UnreadableFileError(_("the file has no pages; open it, save it anew as PDF and import that file"))
    if count > _MAX_PAGES:
        message = _("the file has {count} pages, more than {limit}; divide it, or attach it to an entry made by hand")
        raise UnreadableFileError(message.format(count=count, limit=_MAX_PAGES))
    for number in range(count):
        try:
            width, height = document.get_page_size(number)
        except pypdfium2.PdfiumError:
            # Told when the page is read.
            continue
        if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            message = _("page {number} has no usual size; save the file anew on paper of a usual size")
            raise UnreadableFileError(message.format(number=number + 1))
