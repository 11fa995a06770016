"""MP4, QuickTime and 3GP (ISO/IEC 14496-12; Apple, QuickTime File Format): keeps the boxes needed for playback.

Every other box becomes a `free` box of the same size, filled with zeros, so no offset changes. Also removed are tracks
other than film, sound and subtitles (Apple `mebx`, GoPro `gpmd`, Google `camm`: the camera's position over time), and
in the media data all bytes to which no kept track points.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

from gongshi.site.media.edits import MAX_PARTS, Edits, Unreadable


def _box_types(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


_TOP_LEVEL = _box_types("ftyp moov moof mdat sidx ssix styp mfra wide")
_KEPT: dict[bytes, frozenset[bytes]] = {
    b"moov": _box_types("mvhd trak mvex iods"),
    b"trak": _box_types("tkhd edts mdia tref load matt clip imap txas tapt"),
    b"mdia": _box_types("mdhd hdlr minf elng"),
    b"minf": _box_types("vmhd smhd hmhd nmhd sthd gmhd hdlr dinf stbl"),
    b"dinf": _box_types("dref"),
    b"stbl": _box_types(
        "stsd stts ctts cslg stss stsz stz2 stsc stco co64 stsh sdtp sbgp sgpd subs saiz saio padb stdp stps"
    ),
    b"edts": _box_types("elst"),
    b"tapt": _box_types("clef prof enof"),
    b"mvex": _box_types("mehd trex leva trep"),
    b"moof": _box_types("mfhd traf"),
    b"traf": _box_types("tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc"),
    b"mfra": _box_types("tfra mfro"),
}
"""Boxes that are kept in each container box."""
_BOXES_WITH_DATES = _box_types("mvhd tkhd mdhd")
_AV_HANDLERS = _box_types("vide soun auxv")
_SUBTITLE_HANDLERS = _box_types("text sbtl subt clcp subp")
"""Handlers of subtitles; drones write their positions there."""
_POSITION = re.compile(
    rb"gps|latitude|longitude|\b(?:lat|lng|lon)\b|home\(|\$g[a-z]{4},|,[ns],[0-9]|[nsew][: ]*[0-9]{1,3}\.[0-9]{3}"
    rb"|[0-9]{1,3}\.[0-9]{3,}[\s,;/]+-?[0-9]{1,3}\.[0-9]{3,}|g: *[0-9]|"
    + "|".join(("纬度", "经度", "坐标", "北纬", "东经")).encode(),
    re.IGNORECASE,
)
"""Texts that cameras and drones write into subtitles to tell their positions."""
_HEVC = re.compile(rb"stsd.{12}(?:hvc1|hev1|dvh1|dvhe)", re.DOTALL)
"""The description of a track with film in HEVC (ISO/IEC 14496-15, 8.4.1), also of Dolby Vision."""
_MAX_DEPTH = 12


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    """Start of its content."""
    end: int


@dataclass
class _Film:
    """State of a file during cleaning."""

    content: bytes
    edits: Edits
    data: list[_Box] = field(default_factory=list)
    """Boxes of media data."""
    kept: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of media data of the kept tracks: start and end, the end -1 if it is unknown."""
    tracks: int = 0
    """Number of kept tracks of film or sound."""

    def free(self, box: _Box) -> None:
        """Turn a box into an empty `free` box."""
        if box.kind != b"free":
            self.edits.overwrite(box.start + 4, b"free")
        self.edits.clear(box.body, box.end)


def clean(content: bytes) -> bytes:
    """Return the film or sound without metadata and without tracks that are not played.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged, has no track, or is fragmented.
    """
    film = _Film(content, Edits(content))
    end = 0
    for box in _top_level_boxes(content):
        if box.kind == b"mdat":
            film.data.append(box)
        elif box.kind not in _TOP_LEVEL:
            film.free(box)
        elif box.kind == b"wide":
            film.edits.clear(box.body, box.end)
        elif box.kind in _KEPT:
            if box.kind == b"moof":
                # Samples of fragments may be anywhere, so unused media data cannot be found.
                raise Unreadable
            _clean_container(film, box, 1)
        end = box.end
    if not film.tracks:
        raise Unreadable
    _clear_unused(film)
    # Bytes after the last box are not part of the film.
    return film.edits.apply(end)


def is_hevc(content: bytes) -> bool:
    """Tell whether a film is encoded in HEVC.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged.
    """
    found = (box for box in _top_level_boxes(content) if box.kind == b"moov")
    return any(_HEVC.search(content, box.body, box.end) for box in found)


def _top_level_boxes(content: bytes) -> Iterator[_Box]:
    """Yield the top-level boxes; cameras append other data to the last one."""
    has_moov = False
    boxes = _boxes(content, 0, len(content))
    while True:
        try:
            box = next(boxes, None)
        except Unreadable:
            if has_moov:
                return
            raise
        if box is None:
            return
        has_moov |= box.kind == b"moov"
        yield box


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    for _number in range(MAX_PARTS):
        if end - start < 8:
            break
        size, kind = struct.unpack_from(">I4s", content, start)
        body = start + 8
        if size == 1:
            if end - start < 16:
                raise Unreadable
            size, body = struct.unpack_from(">Q", content, start + 8)[0], start + 16
        elif size == 0:
            if kind == b"\0\0\0\0":
                break
            size = end - start
        if size < body - start or size > end - start:
            raise Unreadable
        yield _Box(kind, start, body, start + size)
        start += size
    else:
        raise Unreadable
    if any(content[start : min(end, start + 8)]):
        raise Unreadable


def _clean_container(film: _Film, box: _Box, depth: int) -> None:
    """Clean the boxes inside a container box."""
    if depth > _MAX_DEPTH:
        raise Unreadable
    for inner in list(_boxes(film.content, box.body, box.end)):
        if inner.kind not in _KEPT[box.kind]:
            film.free(inner)
        elif inner.kind == b"trak":
            _clean_track(film, inner, depth)
        elif inner.kind in _KEPT:
            _clean_container(film, inner, depth + 1)
        else:
            _clean_box(film, inner)


def _clean_box(film: _Film, box: _Box) -> None:
    if box.kind in _BOXES_WITH_DATES:
        wide = film.content[box.body] == 1 if box.end > box.body else False
        film.edits.clear(box.body + 4, min(box.end, box.body + (20 if wide else 12)))
    elif box.kind == b"hdlr":
        # Contains names of manufacturers and programs.
        film.edits.clear(min(box.end, box.body + 12), box.end)
    elif box.kind == b"dref":
        for entry in list(_boxes(film.content, box.body + 8, box.end)):
            # May contain a path on somebody's disk. The flag says that the data are in this file.
            film.edits.clear(entry.body + 4, entry.end)
            if entry.end >= entry.body + 4:
                film.edits.overwrite(entry.body + 3, b"\1")


def _clean_track(film: _Film, track: _Box, depth: int) -> None:
    handler, table = _handler(film, track), _find_box(film, track, b"mdia", b"minf", b"stbl")
    ranges = list(_chunk_ranges(film, table, handler)) if table and handler in _AV_HANDLERS | _SUBTITLE_HANDLERS else []
    texts = _merge_ranges(ranges, len(film.content)) if handler in _SUBTITLE_HANDLERS else []
    # Without its zero bytes, a text in UTF-16 can be searched like one in ASCII.
    has_position = any(_POSITION.search(film.content[start:end].replace(b"\0", b"")) for start, end in texts)
    if handler not in _AV_HANDLERS | _SUBTITLE_HANDLERS or has_position:
        film.free(track)
        return
    film.tracks += handler in _AV_HANDLERS
    film.kept += ranges
    _clean_container(film, track, depth + 1)
    if table and handler in _AV_HANDLERS and handler != b"soun":
        _clear_encoder(film, table)


def _clear_encoder(film: _Film, table: _Box) -> None:
    """Clear the name of the encoder, which often names the camera (14496-12, 12.1.3)."""
    if described := _find_box(film, table, b"stsd"):
        for entry in list(_boxes(film.content, described.body + 8, described.end)):
            if entry.end - entry.start >= 86:
                film.edits.clear(entry.start + 20, entry.start + 24)
                film.edits.clear(entry.start + 50, entry.start + 82)


def _find_box(film: _Film, box: _Box, *kinds: bytes) -> _Box | None:
    """Return the first box with these nested types, or None."""
    for kind in kinds:
        inner = next((found for found in _boxes(film.content, box.body, box.end) if found.kind == kind), None)
        if inner is None:
            return None
        box = inner
    return box


def _handler(film: _Film, track: _Box) -> bytes:
    found = _find_box(film, track, b"mdia", b"hdlr")
    return film.content[found.body + 8 : found.body + 12] if found else b""


def _chunk_ranges(film: _Film, table: _Box, handler: bytes) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the chunks of a track: start and end, the end -1 if the table does not tell it."""
    chunks = _chunk_offsets(film, table)
    constant, sizes = _sample_sizes(film, table)
    counts = _samples_per_chunk(film, table, len(chunks))
    ends = [0, *accumulate(sizes)]
    sample = 0
    for offset, count in zip(chunks, counts, strict=True):
        if constant:
            # Tables of old sound formats count in frames of unknown length.
            size = -1 if handler == b"soun" else constant * count
        else:
            last = min(sample + count, len(sizes))
            size = ends[last] - ends[min(sample, last)]
        sample += count
        if offset + max(size, 0) > len(film.content):
            raise Unreadable
        yield offset, offset + size if size >= 0 else -1


def _chunk_offsets(film: _Film, table: _Box) -> array[int]:
    if box := _find_box(film, table, b"stco"):
        return _read_table(film, box, 4, "I")
    if box := _find_box(film, table, b"co64"):
        return _read_table(film, box, 4, "Q")
    return array("I")


def _read_table(film: _Film, box: _Box, at: int, code: str) -> array[int]:
    """Read a table of numbers that follows their count."""
    width = 4 if code == "I" else 8
    if box.end - box.body < at + 4:
        raise Unreadable
    count = struct.unpack_from(">I", film.content, box.body + at)[0]
    start = box.body + at + 4
    if start + width * count > box.end:
        raise Unreadable
    found = array("I" if width == 4 else "Q", film.content[start : start + width * count])
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _sample_sizes(film: _Film, table: _Box) -> tuple[int, array[int]]:
    """Return the size of all samples, or 0 and the size of each."""
    if box := _find_box(film, table, b"stsz"):
        if box.end - box.body < 12:
            raise Unreadable
        constant: int = struct.unpack_from(">I", film.content, box.body + 4)[0]
        return (constant, array("I")) if constant else (0, _read_table(film, box, 8, "I"))
    box = _find_box(film, table, b"stz2")
    if box is None or box.end - box.body < 12:
        return 0, array("I")
    bits, count = film.content[box.body + 7], struct.unpack_from(">I", film.content, box.body + 8)[0]
    packed = film.content[box.body + 12 : box.end]
    if bits == 4:
        values = [half for byte in packed for half in (byte >> 4, byte & 15)]
    elif bits == 8:
        values = list(packed)
    else:
        values = [high << 8 | low for high, low in zip(packed[::2], packed[1::2], strict=False)]
    if len(values) < count:
        raise Unreadable
    return 0, array("I", values[:count])


def _samples_per_chunk(film: _Film, table: _Box, chunks: int) -> list[int]:
    """Return the number of samples in each chunk."""
    box = _find_box(film, table, b"stsc")
    if box is None:
        if chunks:
            raise Unreadable
        return []
    if box.end - box.body < 8:
        raise Unreadable
    entries = struct.unpack_from(">I", film.content, box.body + 4)[0]
    if box.body + 8 + 12 * entries > box.end:
        raise Unreadable
    runs = [struct.unpack_from(">II", film.content, box.body + 8 + 12 * number) for number in range(entries)]
    counts: list[int] = []
    for (first, count), (following, _next) in zip(runs, [*runs[1:], (chunks + 1, 0)] if runs else [], strict=True):
        if first != len(counts) + 1 or following < first:
            raise Unreadable
        counts += [count] * (min(following, chunks + 1) - first)
    if len(counts) != chunks:
        raise Unreadable
    return counts


def _clear_unused(film: _Film) -> None:
    """Clear the media data to which no kept track points: removed tracks and hidden data."""
    ranges = _merge_ranges(film.kept, len(film.content))
    ends = [end for _start, end in ranges]
    for box in film.data:
        place = box.body
        for start, end in islice(ranges, bisect_right(ends, place), None):
            if start >= box.end:
                break
            film.edits.clear(place, start)
            place = max(place, min(end, box.end))
        film.edits.clear(place, box.end)


def _merge_ranges(ranges: list[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """Return sorted ranges without overlaps; a range without an end reaches to the start of the next one.

    Args:
        ranges: start and end, the end -1 if it is unknown.
        end: end of the file.
    """
    starts = sorted({start for start, _end in ranges})
    following = dict(zip(starts, [*starts[1:], end], strict=False))
    merged: list[tuple[int, int]] = []
    for start, stop in sorted((start, stop if stop >= 0 else following[start]) for start, stop in ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged
