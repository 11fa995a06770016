"""Windows metafiles (MS-EMF, MS-WMF): finds the one picture in them, or the words that they draw."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import Image

_EMF_MARK: Final = b" EMF"
"""At byte 40 of an EMF file (MS-EMF, 2.2.9)."""
_WMF_MARKS: Final = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")
_MAX_UNPACKED: Final = 64 << 20
_MAX_RECORDS: Final = 200_000
_BITMAP_RECORDS: Final = {76: 84, 77: 92, 80: 48, 81: 48, 114: 92}
"""EMF records that draw a bitmap, and the position of the offset of its header (2.3.1)."""
_TEXT_RECORDS: Final = {83: 1, 84: 2}
"""EMR_EXTTEXTOUTA and EMR_EXTTEXTOUTW, and the bytes of a character (2.3.5.7, 2.3.5.8)."""
_DRAWING_RECORDS: Final = frozenset(
    (2, 3, 4, 5, 6, 7, 8, 41, 42, 43, 44, 45, 46, 47, 54, 55, 56, 85, 86, 87, 88, 89, 90, 108)
)
"""EMF records that draw lines, shapes or small texts."""
_COMMENT: Final = 70
_PLUS_IMAGES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_WMF_BITMAPS: Final = {0x0B41: 20, 0x0940: 16, 0x0F43: 22}
"""WMF records that draw a bitmap, and the position of its header without the record's own (MS-WMF, 2.3.1)."""
_WMF_TEXTS: Final = frozenset((0x0521, 0x0A32))
_WMF_DRAWINGS: Final = frozenset((0x0213, 0x0324, 0x0325, 0x0418, 0x041B, 0x0538, 0x061C, 0x0817, 0x081A, 0x0830))


def is_metafile(content: bytes) -> bool:
    """Tell if a picture is an EMF or WMF file, also a packed one (EMZ, WMZ).

    Args:
        content: its bytes.
    """
    content = unpacked(content[:4096]) if content[:2] == b"\x1f\x8b" else content
    return content[40:44] == _EMF_MARK or content.startswith(_WMF_MARKS)


def unpacked(content: bytes) -> bytes:
    """Return a metafile that is packed with gzip as it was before; any other as it is.

    Args:
        content: its bytes; they may be cut off.
    """
    if content[:2] != b"\x1f\x8b":
        return content
    found = b""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while len(found) < _MAX_UNPACKED and (read := stream.read1(1 << 20)):
                found += read
    except (OSError, EOFError, zlib.error):
        pass
    return found


def picture_inside(content: bytes) -> bytes | None:
    """Return the picture of which a metafile consists, as a file that Pillow reads; None if it draws anything else.

    Args:
        content: the bytes of the metafile.
    """
    content = unpacked(content)
    found: list[bytes] = []
    for kind, record in _records(content):
        if content[40:44] == _EMF_MARK:
            if kind in _TEXT_RECORDS or kind in _DRAWING_RECORDS:
                return None
            if kind in _BITMAP_RECORDS:
                found.append(_emf_bitmap(record, _BITMAP_RECORDS[kind]))
            elif kind == _COMMENT and record[12:16] == b"EMF+":
                found += _plus_images(record)
        else:
            if kind in _WMF_TEXTS or kind in _WMF_DRAWINGS:
                return None
            if kind in _WMF_BITMAPS:
                found.append(_bitmap_file(record[6 + _WMF_BITMAPS[kind] :]))
    pictures = [each for each in found if each]
    # EMF+ repeats the picture as plain EMF for older programs: the first one is the better one.
    is_one = len(pictures) == 1 or (bool(pictures) and pictures[0].startswith(_PLUS_IMAGES))
    return pictures[0] if is_one and _can_open(pictures[0]) else None


def drawn_words(content: bytes) -> str:
    """Return the words that a metafile draws, in their order.

    Args:
        content: the bytes of the metafile.
    """
    content = unpacked(content)
    words = []
    for kind, record in _records(content):
        if content[40:44] == _EMF_MARK and kind in _TEXT_RECORDS and len(record) >= 52:
            count, offset = struct.unpack_from("<II", record, 44)
            text = record[offset : offset + min(count, 10_000) * _TEXT_RECORDS[kind]]
            words.append(text.decode("utf-16-le" if kind == 84 else "gb18030", "replace"))
        elif content[40:44] != _EMF_MARK and kind in _WMF_TEXTS and len(record) >= 14:
            words.append(_wmf_text(kind, record))
    return " ".join(filter(None, (each.replace("\0", "").strip() for each in words)))


def _wmf_text(kind: int, record: bytes) -> str:
    if kind == 0x0521:
        (count,) = struct.unpack_from("<H", record, 6)
        return record[8 : 8 + count].decode("gb18030", "replace")
    count, options = struct.unpack_from("<HH", record, 10)
    start = 22 if options & 0x6 else 14
    return record[start : start + count].decode("gb18030", "replace")


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each record and its bytes, with its own header."""
    is_emf = content[40:44] == _EMF_MARK
    position = 0 if is_emf else (40 if content.startswith(_WMF_MARKS[0]) else 18)
    for _number in range(_MAX_RECORDS):
        if position + 8 > len(content) + (0 if is_emf else 2):
            return
        if is_emf:
            kind, size = struct.unpack_from("<II", content, position)
        else:
            if position + 6 > len(content):
                return
            words, kind = struct.unpack_from("<IH", content, position)
            size = 2 * words
        if size < 6 or position + size > len(content):
            return
        yield kind, content[position : position + size]
        position += size


def _emf_bitmap(record: bytes, position: int) -> bytes:
    if len(record) < position + 16:
        return b""
    header, header_size, bits, bits_size = struct.unpack_from("<IIII", record, position)
    if not header_size or header + header_size > len(record) or bits + bits_size > len(record):
        return b""
    return _bitmap_file(record[header : header + header_size], record[bits : bits + bits_size])


def _bitmap_file(header: bytes, bits: bytes | None = None) -> bytes:
    """Return a bitmap without file header (MS-WMF, 2.2.2.9) as a file; one that contains a JPEG or PNG as such."""
    if len(header) < 40:
        return b""
    size, _width, _height, _planes, depth, compression = struct.unpack_from("<IiiHHI", header)
    (colours,) = struct.unpack_from("<I", header, 32)
    if not 40 <= size <= len(header):
        return b""
    palette = 4 * (min(colours or 1 << depth, 256) if depth <= 8 else 0) + (
        12 if compression == 3 and size == 40 else 0
    )
    if bits is None:
        header, bits = header[: size + palette], header[size + palette :]
    if compression in (4, 5):
        return bits
    start = 14 + len(header)
    return b"BM" + struct.pack("<IHHI", start + len(bits), 0, 0, start) + header + bits


def _plus_images(record: bytes) -> Iterator[bytes]:
    """Yield the PNG or JPEG in a comment record of EMF+ (MS-EMFPLUS, 2.2.2.2)."""
    for mark in _PLUS_IMAGES:
        position = record.find(mark, 16)
        if position >= 0:
            yield record[position:]
            return


def _can_open(content: bytes) -> bool:
    """Tell if Pillow recognizes a picture."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "BMP")):
            return True
    except Exception:
        # Damaged pictures cause errors of any kind.
        return False
