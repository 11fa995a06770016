"""Reads the parts of a Word document within limits (ECMA-376 part 2, 7)."""

from __future__ import annotations

import zipfile
from typing import Final

from gongshi.importing.readers.containers import zip_limits

EXTENSION: Final = ".docx"
_XML_PARTS: Final = (".xml", ".rels")


def read_parts(content: bytes) -> dict[str, bytes]:
    """Return the bytes of each part by its name.

    Args:
        content: the bytes of the file.

    Raises:
        UnreadableFileError: it is damaged, encrypted, too large, or no ZIP archive.
    """
    with zip_limits.open_archive(content, EXTENSION) as archive:
        return _read_archive(archive)


def _read_archive(archive: zipfile.ZipFile) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    folded: dict[str, bytes] = {}
    for each in archive.infolist():
        name = _part_name(each.filename)
        if name is None or each.is_dir():
            continue
        limit = zip_limits.MAX_PART if name.lower().endswith(_XML_PARTS) else zip_limits.MAX_BYTES
        part = zip_limits.read_part(archive, each, EXTENSION, limit)
        # Programs do not agree which of two parts counts, so what the office saw is not known.
        if folded.setdefault(name.lower(), part) != part:
            raise zip_limits.damaged(EXTENSION)
        parts.setdefault(name, part)
    return parts


def _part_name(name: str) -> str | None:
    """Return the name of a part, or None if no relationship can lead to it, as with `..` in it."""
    name = name.replace("\\", "/").lstrip("/")
    return None if any(each in ("", ".", "..") for each in name.split("/")) else name
