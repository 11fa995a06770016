"""Names of imported files: as people read them, and as every system can keep them."""

from __future__ import annotations

import re
from typing import Final

from gongshi.common import characters

_REPLACEMENT: Final = "_"
_NOT_IN_WINDOWS: Final = re.compile(r'[<>:"/\\|?*]')
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices, with any extension (Microsoft, Naming Files, Paths, and Namespaces)."""
_MAX_BYTES: Final = 200
"""The maximum length of a name that is kept, as a number may be added; file systems allow 255."""


def readable_name(name: str) -> str:
    """Return a name for the front matter and the report, where other names are refused.

    Args:
        name: as the system returns it. Bytes that are not UTF-8 are read as GB 18030, as old Chinese programs wrote it.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        name = _decoded(name.encode("utf-8", "surrogateescape"))
    found = characters.in_line(name)
    refused = {each for each, fault in found.items() if fault in characters.REFUSED_IN_LINE}
    return "".join(_REPLACEMENT if each in refused else each for each in name).strip() or _REPLACEMENT


def kept_name(name: str) -> str:
    """Return the name under which a file is kept, which every system can write.

    Args:
        name: as the system returns it, without a folder.
    """
    name = _NOT_IN_WINDOWS.sub(_REPLACEMENT, readable_name(name)).rstrip(". ") or _REPLACEMENT
    if _DEVICE.match(name):
        name = _REPLACEMENT + name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _MAX_BYTES // 4:
        stem, dot, ending = name, "", ""
    room = _MAX_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending


def _decoded(name: bytes) -> str:
    try:
        return name.decode("gb18030")
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace")
