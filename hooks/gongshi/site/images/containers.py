"""Container formats of pictures: removal of all blocks that do not affect the pixels shown."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Collection, Iterator

MAX_FRAMES = 3000
"""Maximum number of frames of an animation."""

PNG, GIF, WEBP, JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"RIFF", b"\xff\xd8\xff"

_PNG_PIXEL_CHUNKS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"))
_WEBP_PIXEL_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_WEBP_FLAGS = 0x12
"""Flags for alpha and animation; the others announce chunks that are removed (WebP container specification, VP8X)."""
_LOOP_EXTENSIONS = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MAX_TEXT_BYTES = 1 << 20
_UNSUPPORTED_SIGNATURES = (
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"8BPS",
    b"gimp xcf", b"IIRO", b"IIRS", b"IIU\0", b"MMOR", b"FUJIFILMCCD-RAW", b"II\x1a\0\0\0HEAPCCDR", b"\0MRM",
    b"FOVb", b"\xc5\xd0\xd3\xc6", b"\xd7\xcd\xc6\x9a", b"\x8aMNG\r\n", b"\x8bJNG\r\n",
)  # fmt: skip
"""First bytes of TIFF, JPEG XL, JPEG 2000, Photoshop, GIMP, raw formats of cameras, EPS, WMF, MNG and JNG."""
_UNSUPPORTED_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
)
"""Brands of pictures in ISO containers (ISO/IEC 23008-12)."""


class TooManyFrames(Exception):
    """Error: an animation has more than MAX_FRAMES frames."""


def is_unsupported(content: bytes) -> bool:
    """Tell if the bytes are a picture of a format that cannot be cleaned.

    Args:
        content: bytes of a file of any name.
    """
    # BMP: the four bytes after the length are reserved, and zero.
    bitmap = content[:2] == b"BM" and content[6:10] == bytes(4)
    # ICO and CUR: the type, then the number of images, and a byte of each that is zero.
    icon = content[:4] in (b"\0\0\1\0", b"\0\0\2\0") and content[4:6] != b"\0\0" and content[9:10] == b"\0"
    metafile = content[:4] == b"\1\0\0\0" and content[40:44] == b" EMF"
    boxed = content[4:8] == b"ftyp" and content[8:12] in _UNSUPPORTED_BRANDS
    return bitmap or icon or metafile or boxed or content.startswith(_UNSUPPORTED_SIGNATURES)


def is_16_bit(content: bytes) -> bool:
    """Tell if the bytes are a PNG of 16 bits a channel.

    Args:
        content: bytes of a picture.
    """
    return content.startswith(PNG) and content[24:25] == b"\x10"


def strip_png(content: bytes, also: Collection[bytes] = ()) -> bytes:
    """Return a PNG without the chunks that do not affect its pixels; no pixel changes.

    Args:
        content: bytes of a PNG.
        also: further types of chunks to keep.

    Raises:
        ValueError: the file is truncated.
    """
    kept = [
        content[start:end] for kind, start, end in _png_chunks(content) if kind in _PNG_PIXEL_CHUNKS or kind in also
    ]
    return PNG + b"".join(kept)


def png_texts(content: bytes) -> Iterator[bytes]:
    """Yield the compressed texts of a PNG, decompressed, up to 1 MiB of each.

    Args:
        content: bytes of a PNG.

    Raises:
        ValueError: the file is truncated.
    """
    for kind, start, end in _png_chunks(content):
        if kind in (b"zTXt", b"iTXt"):
            # The compressed text follows the keyword and begins with the signature of a zlib stream.
            for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content[start + 8 : min(end, start + 512)]):
                try:
                    yield zlib.decompressobj().decompress(content[start + 8 + match.start() : end], _MAX_TEXT_BYTES)
                except zlib.error:
                    continue


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    place, kind = len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", _read_exactly(content, place, 8))
        yield kind, place, place + 12 + length
        place += 12 + length
        if place > len(content):
            raise ValueError("truncated")


def strip_webp(content: bytes) -> bytes:
    """Return a WebP without the chunks that do not affect its pixels; no pixel changes.

    Args:
        content: bytes of a WebP.

    Raises:
        ValueError: the file is truncated.
    """
    size = struct.unpack("<I", _read_exactly(content, 4, 4))[0]
    inside = _read_exactly(content, 8, size)
    kept = b"WEBP" + b"".join(_webp_chunk(kind, data) for kind, data in _webp_chunks(inside[4:]))
    return WEBP + struct.pack("<I", len(kept)) + kept


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(content):
        kind, length = struct.unpack("<4sI", content[place : place + 8])
        yield kind, _read_exactly(content, place + 8, length)
        place += 8 + length + length % 2


def _webp_chunk(kind: bytes, data: bytes) -> bytes:
    if kind == b"VP8X":
        data = bytes((data[0] & _WEBP_FLAGS, 0, 0, 0)) + data[4:10]
    elif kind == b"ANIM":
        data = data[:6]
    elif kind == b"ANMF":
        data = data[:16] + b"".join(_webp_chunk(inner, part) for inner, part in _webp_chunks(data[16:]))
    elif kind not in _WEBP_PIXEL_CHUNKS:
        return b""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def strip_gif(content: bytes) -> bytes:
    """Return a GIF without comments, texts and data of applications; no pixel changes.

    Args:
        content: bytes of a GIF.

    Raises:
        ValueError: the file is truncated or is not a GIF.
        TooManyFrames: it has more than `MAX_FRAMES` frames.
    """
    place = 13 + _gif_palette_length(_read_exactly(content, 10, 1)[0])
    kept, frames = [_read_exactly(content, 0, place)], 0
    while (block_type := _read_exactly(content, place, 1)) != b";":
        if block_type == b",":
            start = place + 10 + _gif_palette_length(_read_exactly(content, place + 9, 1)[0]) + 1
            _blocks, end = _gif_sub_blocks(content, start)
            kept.append(content[place:end])
            frames += 1
            if frames > MAX_FRAMES:
                raise TooManyFrames
        elif block_type == b"!":
            label = _read_exactly(content, place + 1, 1)
            blocks, end = _gif_sub_blocks(content, place + 2)
            kept.append(_gif_extension(label, blocks))
        else:
            raise ValueError("not a GIF")
        place = end
    return b"".join(kept) + b";"


def _gif_palette_length(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_sub_blocks(content: bytes, place: int) -> tuple[list[bytes], int]:
    parts = []
    while length := _read_exactly(content, place, 1)[0]:
        parts.append(_read_exactly(content, place + 1, length))
        place += 1 + length
    return parts, place + 1


def _gif_extension(label: bytes, parts: list[bytes]) -> bytes:
    if label == b"\xf9" and parts and len(parts[0]) == 4:
        return b"!\xf9\x04" + parts[0] + b"\0"
    if (
        label == b"\xff"
        and len(parts) > 1
        and parts[0] in _LOOP_EXTENSIONS
        and parts[1][:1] == b"\x01"
        and len(parts[1]) == 3
    ):
        return b"!\xff\x0b" + parts[0] + b"\x03" + parts[1] + b"\0"
    return b""


def jpeg_scans(content: bytes) -> int:
    """Return the number of scans in a JPEG; each takes the time to decode the picture once (ITU-T T.81, B.1.1).

    Args:
        content: bytes of a JPEG.
    """
    scans, place = 0, 2
    while found := _JPEG_MARKER.search(content, place):
        marker, place = content[found.start() + 1], found.end()
        if marker == 0xD9:
            break
        scans += marker == 0xDA
        if marker not in (0x01, 0xD8):
            place += int.from_bytes(content[place : place + 2], "big")
    return scans


def _read_exactly(content: bytes, start: int, length: int) -> bytes:
    part = content[start : start + length]
    if len(part) < length:
        raise ValueError("truncated")
    return part
