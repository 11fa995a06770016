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
MAX_PART: Final = 32 << 20
"""The maximum size of a part that is read as a whole, unpacked: the tree of its XML takes many times as much memory."""
MAX_PARTS: Final = 5000
_ENCRYPTED: Final = 1
"""Bit of the general purpose flags (APPNOTE, 4.4.4)."""
_LISTED_PART: Final = b"PK\x01\x02"
"""Signature of an entry in the central directory (APPNOTE, 4.3.12)."""
DAMAGED_ARCHIVE: Final = (
    *(zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error),
)
"""Errors of `zipfile` about damaged archives, and about compression that it does not know."""


def open_archive(content: bytes, extension: str) -> zipfile.ZipFile:
    """Return the archive of an office file.

    Args:
        content: the bytes of the file.
        extension: the extension under which the user should save a copy, such as `.xlsx`.

    Raises:
        UnreadableFileError: it is no ZIP archive, damaged, encrypted or too large.
    """
    # Python's list of the parts takes much more memory than the archive's.
    if content.count(_LISTED_PART) > 2 * MAX_PARTS:
        raise too_large()
    with refuse_damaged(extension):
        archive = zipfile.ZipFile(io.BytesIO(content))
    listed = archive.infolist()
    if len(listed) > MAX_PARTS or sum(each.file_size for each in listed) > MAX_BYTES:
        raise too_large()
    if any(each.flag_bits & _ENCRYPTED for each in listed):
        raise protected()
    return archive


def read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, extension: str, limit: int = MAX_PART) -> bytes:
    """Return the bytes of a part. No more is unpacked than the archive says, as it may lie.

    Args:
        archive: the archive.
        part: the part, as `infolist` returns it.
        extension: the extension under which the user should save a copy, such as `.xlsx`.
        limit: the maximum size of the part, in bytes.

    Raises:
        UnreadableFileError: the part is damaged, larger than the archive says, or larger than the limit.
    """
    if part.file_size > limit:
        raise too_large()
    with refuse_damaged(extension), archive.open(part) as stream:
        content = stream.read(part.file_size + 1)
        if len(content) != part.file_size:
            raise zipfile.BadZipFile
        return content


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
    except DAMAGED_ARCHIVE:
        raise damaged(extension) from None


def damaged(extension: str) -> UnreadableFileError:
    """Return the error about a file that cannot be read.

    Args:
        extension: the extension under which the user should save a copy, such as `.xlsx`.
    """
    message = _(
        "the file is damaged, or is of another kind than its name says; open it, save it as {extension} and try again"
    )
    return UnreadableFileError(message.format(extension=extension))


def protected() -> UnreadableFileError:
    """Return the error about a file with a password."""
    return UnreadableFileError(
        _("the file is protected by a password; open it, remove the password, save it and try again")
    )


def too_large() -> UnreadableFileError:
    """Return the error about a file that takes too much room when it is unpacked."""
    return UnreadableFileError(_("the file is too large when unpacked; divide it"))
