"""The PDF as attachment of the entry: its pages as they are, without what lies beside them."""

from __future__ import annotations

import io
import logging
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

_PAGE_KEYS: Final = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb", "/B", "/Tabs", "/StructParents")
"""Entries of a page that do not belong to what it shows (ISO 32000-1, table 30)."""
_METADATA: Final = (b"\xe1", *(bytes([code]) for code in range(0xE3, 0xEE)), b"\xef", b"\xfe")
"""Segments of a JPEG that do not affect its pixels: of programs, except JFIF, colour profile and Adobe; comments."""
_START_OF_SCAN: Final = b"\xda"
_END_OF_PICTURE: Final = b"\xff\xd9"
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
            if isinstance(found, StreamObject) and found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
                found._data = _without_metadata(found._data)


def _without_metadata(content: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, other data of programs and comments (ITU-T T.81, B.1.1); no pixel changes."""
    kept, place = [content[:2]], 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != _START_OF_SCAN:
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        segment = content[place : place + length]
        if segment[1:2] not in _METADATA:
            kept.append(segment)
        place += length
    end = content.find(_END_OF_PICTURE, place)
    return b"".join([*kept, content[place : end + len(_END_OF_PICTURE)] if end >= 0 else content[place:]])
