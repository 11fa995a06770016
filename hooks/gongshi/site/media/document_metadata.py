"""Advice on office files and PDFs that name a person or hold photos with a place. Such files are published unchanged.

Only what is found cheaply is told: document properties, and photos that lie in the file as they are.
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
"""Of OOXML, OpenDocument and OFD."""
_NAMED = re.compile(
    r"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|(?:\w+:)?Author)(?:\s[^>]*)?>\s*(?:<rdf:\w+>\s*)*([^<]+)<"
)
_PDF_AUTHOR = re.compile(rb"/Author\s*(?:\(((?:[^()\\]|\\.){1,400})\)|<([0-9A-Fa-f\s]{1,800})>)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PHOTO = re.compile(
    r"(?:word/media|xl/media|ppt/media|Pictures|Doc_\d+/Res)/.*\.(?:jpe?g|tiff?|png|webp)", re.IGNORECASE
)
_PHOTOS = 40
_PART_BYTES = 16 << 20
_NOBODY = frozenset(("", "openpyxl", "python-docx", "un-named", "unknown", "anonymous"))
_SHOWN = 60


def advice(content: bytes, own: Collection[str]) -> Iterator[str]:
    """Yield advice on a document.

    Args:
        content: the bytes of any file.
        own: names that may be in it, such as those of the unit.
    """
    names, placed = _in_pdf(content) if content.startswith(b"%PDF") else _in_zip(content)
    known = {name.casefold() for name in own} | _NOBODY
    told = [name for name in dict.fromkeys(name.strip() for name in names) if name.casefold() not in known]
    if told:
        message = _(
            "the document names who wrote or saved it ({names}), and visitors can read that; if it is not meant to be "
            "public, take it out (document properties) and save the file again"
        )
        yield message.format(names=_(", ").join(printable(name[:_SHOWN]) for name in told[:4]))
    if placed:
        yield _(
            "a photo in the document holds where it was taken, and visitors can read that; put in a photo without it "
            "and save the file again"
        )


def _in_zip(content: bytes) -> tuple[list[str], bool]:
    names: list[str] = []
    if not content.startswith(b"PK\x03\x04"):
        return names, False
    placed = False
    # A damaged document is no reason to stop; it is approved as it is.
    with suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError):
        archive = zipfile.ZipFile(BytesIO(content))
        parts = {part.filename: part for part in archive.infolist() if part.file_size <= _PART_BYTES}
        for name in _PROPERTIES:
            if name in parts:
                names += _NAMED.findall(_part(archive, parts[name]).decode("utf-8", "replace"))
        photos = [part for name, part in parts.items() if _PHOTO.fullmatch(name)][:_PHOTOS]
        placed = any(gps.holds(_part(archive, part)) for part in photos)
    return names, placed


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as file:
        return file.read(_PART_BYTES)


def _in_pdf(content: bytes) -> tuple[list[str], bool]:
    names = [_decoded(found) for found in _PDF_AUTHOR.finditer(content)]
    start = content.find(b"<dc:creator>")
    if start >= 0:
        names += _NAMED.findall(content[start : start + 1000].decode("utf-8", "replace"))
    return names, gps.holds(content)


def _decoded(found: re.Match[bytes]) -> str:
    """A text of a PDF (ISO 32000-1, 7.3.4 and 7.9.2)."""
    if found[2] is not None:
        digits = re.sub(rb"\s", b"", found[2]).decode()
        raw = bytes.fromhex(digits + "0" * (len(digits) % 2))
    else:
        raw = _ESCAPED.sub(lambda m: bytes((int(m[1], 8) & 255,)) if m[1].isdigit() else m[1], found[1])
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
