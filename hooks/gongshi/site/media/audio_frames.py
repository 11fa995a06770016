"""MP3, AAC, AMR and FLAC: the frames that are heard are kept, and the tags before, between and behind them are not."""

from __future__ import annotations

import struct
from collections.abc import Callable

from gongshi.site.media.edits import MOST_PARTS, Unreadable

_RATES = {
    (3, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by version (3: MPEG-1, 2: MPEG-2 and 2.5) and layer (ISO/IEC 11172-3, 2.4.2.3; 13818-3)."""
_SAMPLINGS = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AMR = {b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0),
        b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)}  # fmt: skip
"""Bytes after the first of each frame, by its type (RFC 4867, 5)."""


_SURE = 3
"""So many frames one after another are no coincidence."""


def mp3(content: bytes) -> bytes:
    """Return the frames of an MP3.

    Args:
        content: the bytes of the file.

    Raises:
        Unreadable: there are none.
    """
    return _walked(content, _mp3_length)


def aac(content: bytes) -> bytes:
    """Return the frames of an AAC file (ADTS, ISO/IEC 13818-7).

    Args:
        content: the bytes of the file.

    Raises:
        Unreadable: there are none.
    """
    return _walked(content, _aac_length)


def _walked(content: bytes, length_at: Callable[[bytes, int], int]) -> bytes:
    """The frames of a file, in runs; what lies between them is left out."""
    end = _before_tags(content, 0)
    content = content if end == len(content) else content[:end]
    runs: list[bytes] = []
    place, head = _next_run(content, 0, length_at, b"")
    while place < end:
        start = place
        while (length := length_at(content, place)) and place + length <= end:
            place += length
        runs.append(content[start:place])
        place, head = _next_run(content, place, length_at, head)
    if not runs:
        raise Unreadable
    return b"".join(runs)


def _next_run(content: bytes, place: int, length_at: Callable[[bytes, int], int], head: bytes) -> tuple[int, bytes]:
    """Where the next run of frames begins, and how its frames begin.

    Args:
        content: the bytes of the file.
        place: where to begin.
        length_at: the length of a frame at a place.
        head: how the frames before began; empty where there were none.
    """
    for _count in range(MOST_PARTS):
        place = content.find(b"\xff", _after_tag(content, place))
        if place < 0:
            return len(content), head
        alike = _alike(content, place)
        if (not head or head == alike) and _is_run(content, place, length_at, alike):
            return place, alike
        place += 1
    raise Unreadable


def _is_run(content: bytes, place: int, length_at: Callable[[bytes, int], int], alike: bytes) -> bool:
    for _number in range(_SURE):
        length = length_at(content, place)
        if not length or _alike(content, place) != alike:
            return False
        place += length
        if place >= len(content):
            return place == len(content)
    return True


def _alike(content: bytes, place: int) -> bytes:
    """Of a frame's head, what is the same in all frames of a file: version, layer and sampling."""
    return bytes((content[place + 1] & 0xFE, content[place + 2] & 0x0C)) if place + 2 < len(content) else b""


def _mp3_length(content: bytes, place: int) -> int:
    """The length of the frame that begins here; 0 where none does."""
    if len(content) - place < 4 or content[place] != 0xFF or content[place + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = content[place + 1] >> 3 & 3, 4 - (content[place + 1] >> 1 & 3)
    rate, sampling, padding = content[place + 2] >> 4, content[place + 2] >> 2 & 3, content[place + 2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or sampling == 3:
        return 0
    bits = 1000 * _RATES[3 if version == 3 else 2, layer if version == 3 else min(layer, 2)][rate - 1]
    frequency = _SAMPLINGS[version][sampling]
    if layer == 1:
        return (12 * bits // frequency + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // frequency + padding


def _aac_length(content: bytes, place: int) -> int:
    if len(content) - place < 7 or content[place] != 0xFF or content[place + 1] & 0xF6 != 0xF0:
        return 0
    length = (content[place + 3] & 3) << 11 | content[place + 4] << 3 | content[place + 5] >> 5
    return length if length >= 7 else 0


def _after_tag(content: bytes, place: int) -> int:
    """Where an ID3v2 tag that begins here ends (id3v2.4.0, 3.1); the same place where none does."""
    if content[place : place + 3] != b"ID3" or len(content) - place < 10:
        return place
    size = 0
    for byte in content[place + 6 : place + 10]:
        size = size << 7 | byte & 0x7F
    return min(len(content), place + 10 + size + (10 if content[place + 5] & 0x10 else 0))


def amr(content: bytes) -> bytes:
    """Return the frames of an AMR file.

    Args:
        content: the bytes of the file.

    Raises:
        Unreadable: it is damaged, or has more than one channel.
    """
    head = next((head for head in _AMR if content.startswith(head)), None)
    if head is None:
        raise Unreadable
    place = len(head)
    for _count in range(MOST_PARTS):
        # A frame begins with its type; the bits around it are zero.
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
    """Return a FLAC file with the blocks that are needed to play it (RFC 9639, 8).

    Args:
        content: the bytes of the file.

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
    return b"".join((b"fLaC", *kept, content[place : _before_tags(content, place)]))


def _before_tags(content: bytes, start: int) -> int:
    """Where the tags at the end of a file begin: ID3v1, APE and Lyrics3, in any order."""
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
