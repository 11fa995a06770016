"""Reads the ZIP archive of a Word document within limits (ECMA-376 part 2, 7)."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

_MAX_FILE: Final = 128 << 20
"""The maximum size of the file."""
_MAX_BYTES: Final = 256 << 20
"""The maximum size of all parts together, unpacked."""
_MAX_PARTS: Final = 5000
_MAX_XML: Final = 32 << 20
"""The maximum size of one part in XML, unpacked: its tree takes many times as much memory."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of compound files (MS-CFB, 2.2): documents from before 2007, and encrypted ones."""
_ENCRYPTED_FLAG: Final = 0x1
"""Bit of the general purpose flags (APPNOTE, 4.4.4)."""
_LISTED_PARTS: Final = b"PK\x01\x02"
"""Signature of an entry in the central directory (APPNOTE, 4.3.12)."""


def read_parts(content: bytes) -> dict[str, bytes]:
    """Return the bytes of each part by its name.

    Args:
        content: the bytes of the file.

    Raises:
        UnreadableFileError: it is damaged, encrypted, too large, or no ZIP archive.
    """
    if content.startswith(_OLE):
        raise UnreadableFileError(_compound_file_text(content))
    if len(content) > _MAX_FILE or content.count(_LISTED_PARTS) > 2 * _MAX_PARTS:
        raise UnreadableFileError(_too_large())
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_archive(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error):
        message = _(
            "the file is damaged, or is no Word document; open it in Word or WPS, save it as .docx and try again"
        )
        raise UnreadableFileError(message) from None


def _read_archive(archive: zipfile.ZipFile) -> dict[str, bytes]:
    listed = [each for each in archive.infolist() if not each.is_dir()]
    if any(each.flag_bits & _ENCRYPTED_FLAG for each in listed):
        raise UnreadableFileError(_protected())
    if len(listed) > _MAX_PARTS or sum(each.file_size for each in listed) > _MAX_BYTES:
        raise UnreadableFileError(_too_large())
    parts: dict[str, bytes] = {}
    folded: dict[str, bytes] = {}
    for each in listed:
        name = _part_name(each.filename)
        if name is None:
            continue
        if name.endswith((".xml", ".rels")) and each.file_size > _MAX_XML:
            raise UnreadableFileError(_too_large())
        part = _read_part(archive, each)
        # Programs do not agree which of two parts counts, so what the office saw is not known.
        if folded.setdefault(name.lower(), part) != part:
            raise zipfile.BadZipFile
        parts.setdefault(name, part)
    return parts


def _read_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack a part up to the size that the directory names: an archive may lie about it."""
    with archive.open(info) as stream:
        part = stream.read(info.file_size + 1)
    if len(part) != info.file_size:
        raise zipfile.BadZipFile
    return part


def _part_name(name: str) -> str | None:
    """Return the name of a part, or None if no relationship can lead to it, as with `..` in it."""
    name = name.replace("\\", "/").lstrip("/")
    return None if any(each in ("", ".", "..") for each in name.split("/")) else name


def _compound_file_text(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _protected()
    return _(
        "the file is in the format from before 2007, whatever its name says; open it in Word or WPS, save it as .docx "
        "and try again"
    )


def _protected() -> str:
    return _("the file is protected by a password; open it, remove the password, save it and try again")


def _too_large() -> str:
    return _("the file is too large when unpacked; divide it")
