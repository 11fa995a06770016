"""The root folder of a compound file: the container of Office files from before 2007, and of encrypted ones.

Source: MS-CFB, Compound File Binary File Format, 2.2 (header), 2.3 to 2.5 (sectors), 2.6 (directory).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gongshi.common.lazy_pattern import lazy_pattern

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_FAT_SECTORS: Final = 109
"""The number of addresses of FAT sectors in the header; others stand in DIFAT sectors."""
_SPECIAL: Final = 0xFFFFFFFA
"""Sector and entry numbers from here on have other meanings, such as the end of a chain."""
_ENTRY_BYTES: Final = 128
_MAX_ENTRIES: Final = 4096
"""Entries of the directory that are read; a document has some dozens."""
_NAME_LENGTH: Final = slice(64, 66)
_LINKS: Final = slice(68, 80)
"""Left sibling, right sibling, child."""
_BROKEN: Final = lazy_pattern("[\ud800-\udfff\0]")


@dataclass(frozen=True)
class _Header:
    sector_bytes: int
    directory: int
    """The first sector of the directory."""
    fat: tuple[int, ...]
    """The sectors of the FAT that the header names."""
    difat: int
    """The first sector with more of them."""


def root_names(content: bytes) -> frozenset[str]:
    """Return the names of the streams and folders in the root of a compound file; empty if it is damaged.

    Args:
        content: the bytes of the file.
    """
    try:
        return frozenset(_root_names(content))
    except (struct.error, IndexError, ValueError):
        return frozenset()


def _root_names(content: bytes) -> Iterator[str]:
    header = _read_header(content)
    entries = _directory(content, header)
    waiting = [struct.unpack("<3I", entries[0][_LINKS])[2]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number >= min(len(entries), _SPECIAL) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        length = max(0, min(64, struct.unpack("<H", entry[_NAME_LENGTH])[0]) - 2)
        yield _BROKEN.sub("", entry[:length].decode("utf-16-le", "replace"))
        left, right, _child = struct.unpack("<3I", entry[_LINKS])
        waiting += [left, right]


def _read_header(content: bytes) -> _Header:
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise ValueError
    fat = struct.unpack_from(f"<{_HEADER_FAT_SECTORS}I", content, 76)
    return _Header(1 << shift, struct.unpack_from("<I", content, 48)[0], fat, struct.unpack_from("<I", content, 68)[0])


def _sector(content: bytes, number: int, header: _Header) -> bytes:
    if number >= _SPECIAL:
        raise ValueError
    start = (number + 1) * header.sector_bytes
    return content[start : start + header.sector_bytes]


def _fat_sector(content: bytes, place: int, header: _Header) -> int:
    """Return the number of a sector of the FAT.

    Args:
        content: the bytes of the file.
        place: which of the FAT's sectors, counted from 0.
        header: the header of the file.
    """
    if place < _HEADER_FAT_SECTORS:
        return header.fat[place]
    each = header.sector_bytes // 4 - 1
    hops, index = divmod(place - _HEADER_FAT_SECTORS, each)
    number = header.difat
    for _hop in range(hops):
        number = struct.unpack_from("<I", _sector(content, number, header), 4 * each)[0]
    found: int = struct.unpack_from("<I", _sector(content, number, header), 4 * index)[0]
    return found


def _directory(content: bytes, header: _Header) -> list[bytes]:
    entries: list[bytes] = []
    number = header.directory
    while number < _SPECIAL and len(entries) < _MAX_ENTRIES:
        sector = _sector(content, number, header)
        entries += [sector[at : at + _ENTRY_BYTES] for at in range(0, len(sector) - _ENTRY_BYTES + 1, _ENTRY_BYTES)]
        place, index = divmod(number, header.sector_bytes // 4)
        fat = _sector(content, _fat_sector(content, place, header), header)
        number = struct.unpack_from("<I", fat, 4 * index)[0]
    return entries
