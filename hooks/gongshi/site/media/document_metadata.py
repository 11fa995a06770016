"""Advice on office files and PDFs that name a person or contain photos with a GPS position.

Such files are published unchanged. Checked are the document properties, and photos that are stored uncompressed or as
parts of their own.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from io import BytesIO

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _
from gongshi.site.images import gps

_PROPERTIES = ("docProps/core.xml", "meta.xml", "OFD.xml")
"""Files of document properties in OOXML, OpenDocument and OFD."""
_AUTHOR = re.compile(
    r"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|(?:\w+:)?Author)(?:\s[^>]*)?>\s*(?:<rdf:\w+>\s*)*([^<]+)<"
)
_PDF_AUTHOR = re.compile(rb"/Author\s*(?:\(((?:[^()\\]|\\.){1,400})\)|<([0-9A-Fa-f\s]{1,800})>)", re.DOTALL)
_PDF_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PHOTO = re.compile(
    r"(?:word/media|xl/media|ppt/media|Pictures|Doc_\d+/Res)/.*\.(?:jpe?g|tiff?|png|webp)", re.IGNORECASE
)
_MAX_PHOTOS = 40
_MAX_PART_BYTES = 16 << 20
_PLACEHOLDER_NAMES = frozenset(("", "openpyxl", "python-docx", "un-named", "unknown", "anonymous"))
_MAX_NAME_LENGTH = 60


def advice(content: bytes, allowed_names: Collection[str]) -> Iterator[str]:
    """Yield advice on a document that names a person or contains a photo with a GPS position.

    Args:
        content: bytes of any file.
        allowed_names: names that may be in it, such as those of the unit.
    """
    names, has_position = _check_pdf(content) if content.startswith(b"%PDF") else _check_zip(content)
    ignored = {name.casefold() for name in allowed_names} | _PLACEHOLDER_NAMES
    people = [name for name in dict.fromkeys(name.strip() for name in names) if name.casefold() not in ignored]
    if people:
        message = _(
            "the document names who wrote or saved it ({names}), and visitors can read that; if it is not meant to be "
            "public, take it out (document properties) and save the file again"
        )
        yield message.format(names=_(", ").join(printable(name[:_MAX_NAME_LENGTH]) for name in people[:4]))
    if has_position:
        yield _(
            "a photo in the document holds where it was taken, and visitors can read that; put in a photo without it "
            "and save the file again"
        )


def _check_zip(content: bytes) -> tuple[list[str], bool]:
    """Return the names in an office file, and if it contains a photo with a GPS position."""
    names: list[str] = []
    if not content.startswith(b"PK\x03\x04"):
        return names, False
    has_position = False
    # A damaged document gets no advice; approvers see it as it is.
    with suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError):
        archive = zipfile.ZipFile(BytesIO(content))
        parts = {part.filename: part for part in archive.infolist() if part.file_size <= _MAX_PART_BYTES}
        for name in _PROPERTIES:
            if name in parts:
                names += _AUTHOR.findall(_read_part(archive, parts[name]).decode("utf-8", "replace"))
        photos = [part for name, part in parts.items() if _PHOTO.fullmatch(name)][:_MAX_PHOTOS]
        has_position = any(gps.has_gps_position(_read_part(archive, part)) for part in photos)
    return names, has_position


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as file:
        return file.read(_MAX_PART_BYTES)


def _check_pdf(content: bytes) -> tuple[list[str], bool]:
    """Return the names in a PDF, and if it contains a photo with a GPS position."""
    names = [_decode_pdf_text(match) for match in _PDF_AUTHOR.finditer(content)]
    start = content.find(b"<dc:creator>")
    if start >= 0:
        names += _AUTHOR.findall(content[start : start + 1000].decode("utf-8", "replace"))
    return names, gps.has_gps_position(content)


def _decode_pdf_text(match: re.Match[bytes]) -> str:
    """Decode a text string of a PDF (ISO 32000-1, 7.3.4 and 7.9.2)."""
    if match[2] is not None:
        digits = re.sub(rb"\s", b"", match[2]).decode()
        raw = bytes.fromhex(digits + "0" * (len(digits) % 2))
    else:
        raw = _PDF_ESCAPE.sub(lambda m: bytes((int(m[1], 8) & 255,)) if m[1].isdigit() else m[1], match[1])
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
