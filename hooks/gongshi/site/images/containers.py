"""The blocks that pictures are made of: only those that say what is seen are kept."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Collection, Iterator

FRAMES = 3000
"""How many frames of an animation are read."""

PNG, GIF, WEBP, JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"RIFF", b"\xff\xd8\xff"

_PNG_SEEN = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"))
_WEBP_SEEN = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_WEBP_FLAGS = 0x12
"""Alpha and animation; the others announce blocks that are left out (WebP container specification, VP8X)."""
_LOOPS = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_TEXT_BYTES = 1 << 20
_FOREIGN = (
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"8BPS",
    b"gimp xcf", b"IIRO", b"IIRS", b"IIU\0", b"MMOR", b"FUJIFILMCCD-RAW", b"II\x1a\0\0\0HEAPCCDR", b"\0MRM",
    b"FOVb", b"\xc5\xd0\xd3\xc6", b"\xd7\xcd\xc6\x9a", b"\x8aMNG\r\n", b"\x8bJNG\r\n",
)  # fmt: skip
"""How TIFF, JPEG XL, JPEG 2000, Photoshop, GIMP, the raw formats of cameras, EPS, WMF, MNG and JNG begin."""
_FOREIGN_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
)
"""What pictures in ISO containers call themselves (ISO/IEC 23008-12)."""


class TooMany(Exception):
    """An animation has more frames than are read."""


def is_foreign(content: bytes) -> bool:
    """Whether the bytes are a picture of a kind that is not cleaned.

    Args:
        content: the bytes of a file, whatever its name.
    """
    # Bitmaps: four bytes after the length are reserved, and zero.
    bitmap = content[:2] == b"BM" and content[6:10] == bytes(4)
    # Icons and pointers: after the kind how many there are, and a byte that is zero in each.
    icon = content[:4] in (b"\0\0\1\0", b"\0\0\2\0") and content[4:6] != b"\0\0" and content[9:10] == b"\0"
    metafile = content[:4] == b"\1\0\0\0" and content[40:44] == b" EMF"
    boxed = content[4:8] == b"ftyp" and content[8:12] in _FOREIGN_BRANDS
    return bitmap or icon or metafile or boxed or content.startswith(_FOREIGN)


def is_deep(content: bytes) -> bool:
    """Whether the bytes are a PNG of 16 bits a colour.

    Args:
        content: the bytes of a picture.
    """
    return content.startswith(PNG) and content[24:25] == b"\x10"


def png(content: bytes, also: Collection[bytes] = ()) -> bytes:
    """A PNG with the chunks that say what is seen, every pixel as it was.

    Args:
        content: the bytes of a PNG.
        also: types of further chunks to keep.

    Raises:
        ValueError: it is cut short.
    """
    kept = [content[start:end] for kind, start, end in _png_chunks(content) if kind in _PNG_SEEN or kind in also]
    return PNG + b"".join(kept)


def png_texts(content: bytes) -> Iterator[bytes]:
    """The packed texts of a PNG, unpacked, each up to 1 MiB.

    Args:
        content: the bytes of a PNG.

    Raises:
        ValueError: it is cut short.
    """
    for kind, start, end in _png_chunks(content):
        if kind in (b"zTXt", b"iTXt"):
            # The packed text begins somewhere behind the key, at the mark of a zlib stream.
            for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content[start + 8 : min(end, start + 512)]):
                try:
                    yield zlib.decompressobj().decompress(content[start + 8 + found.start() : end], _TEXT_BYTES)
                except zlib.error:
                    continue


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    place, kind = len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", _exactly(content, place, 8))
        yield kind, place, place + 12 + length
        place += 12 + length
        if place > len(content):
            raise ValueError("cut short")


def webp(content: bytes) -> bytes:
    """A WebP with the chunks that say what is seen, every pixel of every frame as it was.

    Args:
        content: the bytes of a WebP.

    Raises:
        ValueError: it is cut short.
    """
    size = struct.unpack("<I", _exactly(content, 4, 4))[0]
    inside = _exactly(content, 8, size)
    kept = b"WEBP" + b"".join(_webp_chunk(kind, data) for kind, data in _webp_chunks(inside[4:]))
    return WEBP + struct.pack("<I", len(kept)) + kept


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(content):
        kind, length = struct.unpack("<4sI", content[place : place + 8])
        yield kind, _exactly(content, place + 8, length)
        place += 8 + length + length % 2


def _webp_chunk(kind: bytes, data: bytes) -> bytes:
    if kind == b"VP8X":
        data = bytes((data[0] & _WEBP_FLAGS, 0, 0, 0)) + data[4:10]
    elif kind == b"ANIM":
        data = data[:6]
    elif kind == b"ANMF":
        data = data[:16] + b"".join(_webp_chunk(inner, part) for inner, part in _webp_chunks(data[16:]))
    elif kind not in _WEBP_SEEN:
        return b""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def gif(content: bytes) -> bytes:
    """A GIF without comments, texts and applications' own blocks, every pixel of every frame as it was.

    Args:
        content: the bytes of a GIF.

    Raises:
        ValueError: it is cut short or holds what no GIF holds.
        TooMany: it has more than `FRAMES` frames.
    """
    place = 13 + _gif_colours(_exactly(content, 10, 1)[0])
    kept, frames = [_exactly(content, 0, place)], 0
    while (mark := _exactly(content, place, 1)) != b";":
        if mark == b",":
            start = place + 10 + _gif_colours(_exactly(content, place + 9, 1)[0]) + 1
            _parts, end = _gif_parts(content, start)
            kept.append(content[place:end])
            frames += 1
            if frames > FRAMES:
                raise TooMany
        elif mark == b"!":
            label = _exactly(content, place + 1, 1)
            parts, end = _gif_parts(content, place + 2)
            kept.append(_gif_extension(label, parts))
        else:
            raise ValueError("no GIF")
        place = end
    return b"".join(kept) + b";"


def _gif_colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_parts(content: bytes, place: int) -> tuple[list[bytes], int]:
    parts = []
    while length := _exactly(content, place, 1)[0]:
        parts.append(_exactly(content, place + 1, length))
        place += 1 + length
    return parts, place + 1


def _gif_extension(label: bytes, parts: list[bytes]) -> bytes:
    if label == b"\xf9" and parts and len(parts[0]) == 4:
        return b"!\xf9\x04" + parts[0] + b"\0"
    if label == b"\xff" and len(parts) > 1 and parts[0] in _LOOPS and parts[1][:1] == b"\x01" and len(parts[1]) == 3:
        return b"!\xff\x0b" + parts[0] + b"\x03" + parts[1] + b"\0"
    return b""


def jpeg_scans(content: bytes) -> int:
    """How many passes over the picture a JPEG makes; each costs the time of reading it once (ITU-T T.81, B.1.1).

    Args:
        content: the bytes of a JPEG.
    """
    scans, place = 0, 2
    while found := _MARKER.search(content, place):
        marker, place = content[found.start() + 1], found.end()
        if marker == 0xD9:
            break
        scans += marker == 0xDA
        if marker not in (0x01, 0xD8):
            place += int.from_bytes(content[place : place + 2], "big")
    return scans


def _exactly(content: bytes, start: int, length: int) -> bytes:
    part = content[start : start + length]
    if len(part) < length:
        raise ValueError("cut short")
    return part
