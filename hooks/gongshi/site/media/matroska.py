"""Matroska and WebM (RFC 9559, RFC 8794): keeps the elements needed for playback.

Every other element becomes a `Void` of the same size, filled with zeros, so no offset changes. The names of programs,
which are mandatory, are blanked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongshi.site.media.edits import MAX_PARTS, Edits, Unreadable

_SEGMENT, _SEEK_HEAD, _SEEK, _SEEK_ID = 0x18538067, 0x114D9B74, 0x4DBB, 0x53AB
_INFO, _TRACKS, _TRACK, _TRACK_TYPE = 0x1549A966, 0x1654AE6B, 0xAE, 0x83
_CLUSTER, _CUES, _HEADER = 0x1F43B675, 0x1C53BB6B, 0x1A45DFA3
_MUXING_APP, _WRITING_APP = 0x4D80, 0x5741
_VOID, _CRC = 0xEC, 0xBF
_IN_SEGMENT = frozenset((_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES))
_ENDS_CLUSTER = _IN_SEGMENT | {0x1254C367, 0x1941A469, 0x1043A770}
"""Elements that end a cluster of unknown size: also tags, attachments and chapters."""
_IN_INFO = frozenset((0x2AD7B1, 0x4489, _MUXING_APP, _WRITING_APP))
"""Scale of timestamps, duration, names of programs."""
_IN_TRACK = frozenset(
    (
        0xD7, 0x73C5, _TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x55AB, 0x55AC, 0x55AD, 0x55AF, 0x9C, 0x6DE7, 0x6DF8,
        0x23E383, 0x234E7A, 0x23314F, 0x55EE, 0x22B59C, 0x22B59D, 0x86, 0x63A2, 0xAA, 0x6FAB, 0x56AA, 0x56BB,
        0xE0, 0xE1, 0xE2, 0x6D80, 0x41E4,
    )
)  # fmt: skip
"""Numbers, type, flags, times, language, codec, settings of film and sound, encodings; no names."""
_IN_CLUSTER = frozenset((0xE7, 0xA7, 0xAB, 0xA3, 0xA0))
_TRACK_TYPES = frozenset((b"\x01", b"\x02"))
"""Types of allowed tracks: film and sound. Cameras write their positions into subtitles."""
_UNKNOWN = -1


@dataclass(frozen=True)
class _Element:
    id: int
    start: int
    body: int
    end: int


def clean(content: bytes) -> bytes:
    """Return the film or sound without tags, attachments, chapters, titles, names and dates.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged or has a track that is neither film nor sound.
    """
    edits = Edits(content)
    tracks, end = 0, 0
    for element in _elements(content, 0, len(content)):
        if element.id == _SEGMENT:
            tracks += _clean_segment(edits, element)
        elif element.id != _HEADER:
            _void(edits, element)
        end = element.end
    if not tracks:
        raise Unreadable
    return edits.apply(end)


def _clean_segment(edits: Edits, segment: _Element) -> int:
    """Clean a segment; return the number of its tracks."""
    tracks = 0
    for element in _elements(edits.content, segment.body, segment.end):
        if element.id not in _IN_SEGMENT:
            _void(edits, element)
        elif element.id == _SEEK_HEAD:
            _clean_seek_head(edits, element)
        elif element.id == _INFO:
            _clean_children(edits, element, _IN_INFO)
        elif element.id == _TRACKS:
            tracks += _clean_tracks(edits, element)
        elif element.id == _CLUSTER:
            _clean_children(edits, element, _IN_CLUSTER)
    return tracks


def _clean_seek_head(edits: Edits, head: _Element) -> None:
    """Remove the entries that point to removed elements."""
    for seek in _elements(edits.content, head.body, head.end):
        ids = [e for e in _elements(edits.content, seek.body, seek.end) if e.id == _SEEK_ID] if seek.id == _SEEK else []
        if not ids or int.from_bytes(edits.content[ids[0].body : ids[0].end], "big") not in _IN_SEGMENT:
            _void(edits, seek)


def _clean_tracks(edits: Edits, tracks: _Element) -> int:
    count = 0
    for track in _elements(edits.content, tracks.body, tracks.end):
        if track.id != _TRACK:
            _void(edits, track)
            continue
        kinds = [e for e in _elements(edits.content, track.body, track.end) if e.id == _TRACK_TYPE]
        if not kinds or edits.content[kinds[0].body : kinds[0].end].lstrip(b"\0") not in _TRACK_TYPES:
            raise Unreadable
        _clean_children(edits, track, _IN_TRACK)
        count += 1
    return count


def _clean_children(edits: Edits, parent: _Element, kept: frozenset[int]) -> None:
    for element in _elements(edits.content, parent.body, parent.end):
        if element.id in (_MUXING_APP, _WRITING_APP):
            edits.clear(element.body, element.end)
        elif element.id not in kept:
            _void(edits, element)


def _void(edits: Edits, element: _Element) -> None:
    """Turn an element into an empty `Void`."""
    length = element.end - element.start
    if element.id == _VOID:
        edits.clear(element.body, element.end)
    elif length >= 9:
        edits.overwrite(element.start, b"\xec" + (length - 9 | 1 << 56).to_bytes(8, "big"))
        edits.clear(element.start + 9, element.end)
    else:
        edits.overwrite(element.start, bytes((0xEC, 0x80 | length - 2)))
        edits.clear(element.start + 2, element.end)


def _elements(content: bytes, place: int, end: int) -> Iterator[_Element]:
    for _count in range(MAX_PARTS):
        if place >= end:
            return
        id, after = _read_number(content, place, end, 4, keep=True)
        size, body = _read_number(content, after, end, 8)
        if size == _UNKNOWN:
            if id == _SEGMENT:
                stop = end
            elif id == _CLUSTER:
                stop = _end_of_cluster(content, body, end)
            else:
                raise Unreadable
        else:
            stop = body + size
        if stop > end:
            raise Unreadable
        yield _Element(id, place, body, stop)
        place = stop
    raise Unreadable


def _end_of_cluster(content: bytes, place: int, end: int) -> int:
    """Return the end of a cluster of unknown size: the start of the next element of the segment."""
    for _count in range(MAX_PARTS):
        if place >= end:
            return end
        id, after = _read_number(content, place, end, 4, keep=True)
        if id in _ENDS_CLUSTER:
            return place
        size, body = _read_number(content, after, end, 8)
        if size == _UNKNOWN or body + size > end:
            raise Unreadable
        place = body + size
    raise Unreadable


def _read_number(content: bytes, place: int, end: int, longest: int, *, keep: bool = False) -> tuple[int, int]:
    """Read a number of variable length; return it and its end, `_UNKNOWN` for an unknown size.

    Args:
        content: bytes of the file.
        place: start of the number.
        end: end of the element that contains it.
        longest: maximum length in bytes.
        keep: keep the length marker as part of the number, as in an ID.
    """
    first = content[place] if place < end else 0
    length = 9 - first.bit_length()
    if first == 0 or length > longest or place + length > end:
        raise Unreadable
    value = int.from_bytes(content[place : place + length], "big")
    if keep:
        return value, place + length
    value &= (1 << 7 * length) - 1
    return (_UNKNOWN if value == (1 << 7 * length) - 1 else value), place + length
