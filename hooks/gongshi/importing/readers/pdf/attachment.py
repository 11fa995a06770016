"""The PDF as attachment of the entry: its pages as they are, without what lies beside them."""

from __future__ import annotations

import io
import logging
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

_PAGE_KEYS: Final = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb", "/B", "/Tabs", "/StructParents")
"""Entries of a page that do not belong to what it shows (ISO 32000-1, table 30)."""
_STREAM_KEYS: Final = ("/Metadata", "/PieceInfo", "/OPI", "/LastModified", "/Alternates")


def pages_only(content: bytes) -> bytes | None:
    """Return a PDF with the pages of another one, without document properties, comments, embedded files and scripts.

    Args:
        content: the bytes of a PDF.

    Returns:
        Its bytes; None if pypdf cannot read the file.
    """
    # pypdf writes what it finds in damaged files to the terminal.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            reader.decrypt("")
        writer = PdfWriter()
        for page in reader.pages:
            for key in _PAGE_KEYS:
                page.pop(NameObject(key), None)
            writer.add_page(page)
        writer.metadata = None
        _clean_objects(writer)
        stream = io.BytesIO()
        writer.write(stream)
    except MemoryError:
        raise
    except Exception:
        # pypdf answers damaged files with errors of many kinds.
        return None
    return stream.getvalue()


def _clean_objects(writer: PdfWriter) -> None:
    """Remove metadata from pictures and other parts, which may name persons and places."""
    for found in writer._objects:
        if isinstance(found, DictionaryObject):
            for key in _STREAM_KEYS:
                found.pop(NameObject(key), None)
