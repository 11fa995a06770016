"""Opens ZIP archives of office files within limits: encrypted, damaged and huge ones are refused with a message."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

MAX_BYTES: Final = 256 << 20
"""The maximum size of all parts together, unpacked."""
_MAX_PARTS: Final = 5000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of documents that are encrypted, or in the format from before 2007 (MS-CFB, 2.2)."""
_ENCRYPTED: Final = 1


def open_archive(content: bytes, extension: str) -> zipfile.ZipFile:
    """Return the archive of an office file. A part that is larger than it claims fails when it is read.

    Args:
        content: the bytes of the file.
        extension: the extension under which the user should save a copy, such as `.xlsx`.

    Raises:
        UnreadableFileError: it is no ZIP archive, damaged, encrypted or too large.
    """
    if content.startswith(_OLE):
        message = _(
            "the file is protected by a password, or is in the format from before 2007; open it, remove the password, "
            "save it as {extension} and try again"
        )
        raise UnreadableFileError(message.format(extension=extension))
    with refuse_damaged(extension):
        archive = zipfile.ZipFile(io.BytesIO(content))
    listed = archive.infolist()
    if len(listed) > _MAX_PARTS or sum(each.file_size for each in listed) > MAX_BYTES:
        raise UnreadableFileError(_("the file is too large when unpacked; divide it"))
    if any(each.flag_bits & _ENCRYPTED for each in listed):
        raise UnreadableFileError(_("the file is protected by a password; remove the password and try again"))
    return archive


@contextmanager
def refuse_damaged(extension: str) -> Iterator[None]:
    """Turn the errors of damaged archives into a message.

    Args:
        extension: the extension under which the user should save a copy, such as `.xlsx`.

    Raises:
        UnreadableFileError: the block met a damaged archive.
    """
    try:
        yield
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error):
        raise UnreadableFileError(damaged_message(extension)) from None


def damaged_message(extension: str) -> str:
    """Return the message about a file that cannot be read.

    Args:
        extension: the extension under which the user should save a copy, such as `.xlsx`.
    """
    message = _(
        "the file is damaged, or is of another kind than its name says; open it, save it as {extension} and try again"
    )
    return message.format(extension=extension)
