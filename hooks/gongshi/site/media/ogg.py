"""Ogg (RFC 3533) with Vorbis, Opus, Speex, Theora or FLAC: blanks the comments.

A comment header keeps its length: its vendor string becomes spaces that fill the packet. So the structure of pages
stays, and only their checksums change.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongshi.site.media.edits import MAX_PARTS, Edits, Unreadable

_FIRST_PAGE = 2
_COMMENTS = {
    b"\x01vorbis": (b"\x03vorbis", b"\x01"),
    b"OpusHead": (b"OpusTags", b""),
    b"Speex   ": (b"", b""),
    b"\x80theora": (b"\x81theora", b""),
}
"""First bytes of a stream; first and last bytes of its comment header."""
_FLAC = b"\x7fFLAC"
_MAX_HEADER_BYTES = 64 << 20
"""Maximum size of a comment header, which contains cover pictures."""


@dataclass(frozen=True)
class _Page:
    start: int
    flags: int
    serial: int
    lengths: bytes
    """Lengths of the segments."""
    body: int
    end: int


@dataclass
class _Stream:
    """State of a stream while its headers are read."""

    kind: bytes = b""
    packets: int = 0
    """Number of complete packets."""
    headers: int = 0
    """Number of header packets that still follow."""
    spans: list[tuple[bytearray, int, int]] = field(default_factory=list)
    """Parts of the current packet: page, with start and end in it."""


def clean(content: bytes) -> bytes:
    """Return the sound or film without comments and cover pictures.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged, or holds a stream of an unknown kind.
    """
    edits, end = Edits(content), 0
    streams: dict[int, _Stream] = {}
    changed: dict[int, bytearray] = {}
    for page in _pages(content):
        if page.flags & _FIRST_PAGE:
            streams[page.serial] = _start_stream(content[page.body : page.end])
        stream = streams.get(page.serial)
        if stream is None:
            raise Unreadable
        if stream.headers:
            changed[page.start] = bytearray(content[page.start : page.end])
            _read_packets(changed[page.start], stream, page)
        end = page.end
    if any(stream.headers for stream in streams.values()):
        raise Unreadable
    for start, part in changed.items():
        if part != content[start : start + len(part)]:
            part[22:26] = bytes(4)
            part[22:26] = struct.pack("<I", _checksum(part))
            edits.overwrite(start, bytes(part))
    return edits.apply(end)


def _pages(content: bytes) -> Iterator[_Page]:
    place = 0
    for _count in range(MAX_PARTS):
        if place >= len(content):
            return
        if content[place : place + 5] != b"OggS\0" or place + 27 > len(content):
            if place:
                # Bytes after the last page, such as a tag of another format, are not part of it.
                return
            raise Unreadable
        count = content[place + 26]
        lengths = content[place + 27 : place + 27 + count]
        body = place + 27 + count
        end = body + sum(lengths)
        if end > len(content):
            raise Unreadable
        yield _Page(place, content[place + 5], struct.unpack_from("<I", content, place + 14)[0], lengths, body, end)
        place = end
    raise Unreadable


def _start_stream(packet: bytes) -> _Stream:
    if packet.startswith(_FLAC) and len(packet) >= 9:
        # Number of headers that follow; 0 if unknown.
        count = struct.unpack_from(">H", packet, 7)[0]
        if not count:
            raise Unreadable
        return _Stream(_FLAC, headers=count)
    kind = next((kind for kind in _COMMENTS if packet.startswith(kind)), None)
    if kind is None:
        raise Unreadable
    return _Stream(kind, headers=1)


def _read_packets(part: bytearray, stream: _Stream, page: _Page) -> None:
    """Read the packets of a page and blank those that hold comments.

    Args:
        part: bytes of the page, changed in place.
        stream: the stream of the page.
        page: position and structure of the page.
    """
    start = place = page.body - page.start
    for length in page.lengths:
        place += length
        if length < 255:
            stream.spans.append((part, start, place))
            if stream.packets and stream.headers:
                _blank_packet(stream)
                stream.headers -= 1
            stream.packets += 1
            stream.spans = []
            start = place
    if place > start:
        stream.spans.append((part, start, place))
    if sum(end - begin for _part, begin, end in stream.spans) > _MAX_HEADER_BYTES:
        raise Unreadable


def _blank_packet(stream: _Stream) -> None:
    packet = b"".join(bytes(part[start:end]) for part, start, end in stream.spans)
    blank = _blank_flac(packet) if stream.kind == _FLAC else _blank_comments(packet, *_COMMENTS[stream.kind])
    place = 0
    for part, start, end in stream.spans:
        part[start:end] = blank[place : place + end - start]
        place += end - start


def _blank_comments(packet: bytes, begin: bytes, end: bytes) -> bytes:
    """Return an empty comment header of the same length (Xiph, Vorbis I specification, 5)."""
    room = len(packet) - len(begin) - 8 - len(end)
    if not packet.startswith(begin) or room < 0:
        raise Unreadable
    return begin + struct.pack("<I", room) + b" " * room + bytes(4) + end


def _blank_flac(packet: bytes) -> bytes:
    """Return a metadata block of FLAC in Ogg; pictures and data of applications become padding."""
    if len(packet) < 4:
        raise Unreadable
    kind = packet[0] & 0x7F
    if kind == 4:
        return _blank_comments(packet, packet[:4], b"")
    if kind in (0, 3):
        return packet
    return bytes((packet[0] & 0x80 | 1,)) + packet[1:4] + bytes(len(packet) - 4)


def _checksum_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _bit in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


_CHECKSUM_TABLE = _checksum_table()


def _checksum(page: bytes | bytearray) -> int:
    """Return the checksum of a page whose checksum field is zero (RFC 3533, 6)."""
    value = 0
    for byte in page:
        value = value << 8 & 0xFFFFFFFF ^ _CHECKSUM_TABLE[value >> 24 ^ byte]
    return value
