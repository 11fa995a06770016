"""MP3, AAC, AMR and FLAC: keeps the audio frames; removes the tags before, between and after them."""

from __future__ import annotations

import struct
from collections.abc import Callable

from gongshi.site.media.edits import MAX_PARTS, Unreadable

_RATES = {
    (3, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Bit rates in kbit/s by version (3: MPEG-1, 2: MPEG-2 and 2.5) and layer (ISO/IEC 11172-3, 2.4.2.3; 13818-3)."""
_SAMPLING_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AMR = {b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0),
        b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)}  # fmt: skip
"""Length of a frame without its first byte, by its type (RFC 4867, 5)."""
_FRAMES_OF_RUN = 3
"""Number of consecutive frames that prove that a run of frames begins."""


def mp3(content: bytes) -> bytes:
    """Return the frames of an MP3.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it has no frames.
    """
    return _collect_frames(content, _mp3_frame_length)


def aac(content: bytes) -> bytes:
    """Return the frames of an AAC file (ADTS, ISO/IEC 13818-7).

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it has no frames.
    """
    return _collect_frames(content, _aac_frame_length)


def _collect_frames(content: bytes, frame_length: Callable[[bytes, int], int]) -> bytes:
    """Return all runs of frames without the bytes between them."""
    end = _start_of_end_tags(content, 0)
    content = content if end == len(content) else content[:end]
    runs: list[bytes] = []
    place, head = _next_run(content, 0, frame_length, b"")
    while place < end:
        start = place
        while (length := frame_length(content, place)) and place + length <= end:
            place += length
        runs.append(content[start:place])
        place, head = _next_run(content, place, frame_length, head)
    if not runs:
        raise Unreadable
    return b"".join(runs)


def _next_run(content: bytes, place: int, frame_length: Callable[[bytes, int], int], head: bytes) -> tuple[int, bytes]:
    """Find the next run of frames; return its position and the constant part of its frame headers.

    Args:
        content: bytes of the file.
        place: position to begin at.
        frame_length: returns the length of a frame at a position, or 0.
        head: constant part of the headers of the frames before; empty if there were none.
    """
    for _count in range(MAX_PARTS):
        place = content.find(b"\xff", _after_tag(content, place))
        if place < 0:
            return len(content), head
        header = _constant_header(content, place)
        if (not head or head == header) and _is_run(content, place, frame_length, header):
            return place, header
        place += 1
    raise Unreadable


def _is_run(content: bytes, place: int, frame_length: Callable[[bytes, int], int], header: bytes) -> bool:
    for _number in range(_FRAMES_OF_RUN):
        length = frame_length(content, place)
        if not length or _constant_header(content, place) != header:
            return False
        place += length
        if place >= len(content):
            return place == len(content)
    return True


def _constant_header(content: bytes, place: int) -> bytes:
    """Return the part of a frame header that is the same in all frames of a file: version, layer, sampling rate."""
    return bytes((content[place + 1] & 0xFE, content[place + 2] & 0x0C)) if place + 2 < len(content) else b""


def _mp3_frame_length(content: bytes, place: int) -> int:
    """Return the length of the frame that begins here, or 0 if none does."""
    if len(content) - place < 4 or content[place] != 0xFF or content[place + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = content[place + 1] >> 3 & 3, 4 - (content[place + 1] >> 1 & 3)
    rate, sampling, padding = content[place + 2] >> 4, content[place + 2] >> 2 & 3, content[place + 2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or sampling == 3:
        return 0
    bits = 1000 * _RATES[3 if version == 3 else 2, layer if version == 3 else min(layer, 2)][rate - 1]
    frequency = _SAMPLING_RATES[version][sampling]
    if layer == 1:
        return (12 * bits // frequency + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // frequency + padding


def _aac_frame_length(content: bytes, place: int) -> int:
    if len(content) - place < 7 or content[place] != 0xFF or content[place + 1] & 0xF6 != 0xF0:
        return 0
    length = (content[place + 3] & 3) << 11 | content[place + 4] << 3 | content[place + 5] >> 5
    return length if length >= 7 else 0


def _after_tag(content: bytes, place: int) -> int:
    """Return the end of the ID3v2 tag that begins here (id3v2.4.0, 3.1); the same position if none does."""
    if content[place : place + 3] != b"ID3" or len(content) - place < 10:
        return place
    size = 0
    for byte in content[place + 6 : place + 10]:
        size = size << 7 | byte & 0x7F
    return min(len(content), place + 10 + size + (10 if content[place + 5] & 0x10 else 0))


def amr(content: bytes) -> bytes:
    """Return the frames of an AMR file.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged, or has more than one channel.
    """
    head = next((head for head in _AMR if content.startswith(head)), None)
    if head is None:
        raise Unreadable
    place = len(head)
    for _count in range(MAX_PARTS):
        # The first byte of a frame contains its type; the bits around it are zero.
        if (
            place == len(content)
            or content[place] & 0x83
            or place + 1 + _AMR[head][content[place] >> 3 & 15] > len(content)
        ):
            break
        place += 1 + _AMR[head][content[place] >> 3 & 15]
    else:
        raise Unreadable
    if place == len(head):
        raise Unreadable
    return content[:place]


def flac(content: bytes) -> bytes:
    """Return a FLAC file with only the metadata blocks that are needed to play it (RFC 9639, 8).

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged.
    """
    place = _after_tag(content, 0)
    if content[place : place + 4] != b"fLaC":
        raise Unreadable
    place += 4
    kept: list[bytes] = []
    last = False
    while not last:
        if place + 4 > len(content):
            raise Unreadable
        last, kind = bool(content[place] & 0x80), content[place] & 0x7F
        end = place + 4 + int.from_bytes(content[place + 1 : place + 4], "big")
        if end > len(content) or (not kept and kind):
            raise Unreadable
        if kind in (0, 3):
            kept.append(bytes((kind,)) + content[place + 1 : end])
        place = end
    if content[place : place + 1] != b"\xff":
        raise Unreadable
    kept[-1] = bytes((kept[-1][0] | 0x80,)) + kept[-1][1:]
    return b"".join((b"fLaC", *kept, content[place : _start_of_end_tags(content, place)]))


def _start_of_end_tags(content: bytes, start: int) -> int:
    """Return the position of the first tag at the end of a file: ID3v1, APE and Lyrics3, in any order."""
    end = len(content)
    while True:
        before = end
        if content[max(start, end - 128) : end][:3] == b"TAG" and end - 128 >= start:
            end -= 128
        elif content[end - 32 : end].startswith(b"APETAGEX") and end - 32 >= start:
            size, _items, flags = struct.unpack_from("<III", content, end - 20)
            end -= min(end - start, size + (32 if flags & 1 << 31 else 0))
        elif content[end - 9 : end] == b"LYRICS200" and content[end - 15 : end - 9].isdigit():
            end -= min(end - start, int(content[end - 15 : end - 9]) + 15)
        if end == before:
            return end
