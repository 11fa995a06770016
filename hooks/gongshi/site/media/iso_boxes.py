"""MP4, QuickTime and 3GP (ISO/IEC 14496-12; Apple, QuickTime File Format): boxes that say what is seen and heard stay.

Every other box becomes a `free` box of the same size, filled with zeros, so no offset changes. Tracks that are neither
film, sound nor subtitles (Apple `mebx`, GoPro `gpmd`, Google `camm`: where the camera was, second by second) go too,
and in the media data every byte to which no kept track points.
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

from gongshi.site.media.edits import MOST_PARTS, Edits, Unreadable


def _kinds(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


_TOP = _kinds("ftyp moov moof mdat sidx ssix styp mfra wide")
_KEPT: dict[bytes, frozenset[bytes]] = {
    b"moov": _kinds("mvhd trak mvex iods"),
    b"trak": _kinds("tkhd edts mdia tref load matt clip imap txas tapt"),
    b"mdia": _kinds("mdhd hdlr minf elng"),
    b"minf": _kinds("vmhd smhd hmhd nmhd sthd gmhd hdlr dinf stbl"),
    b"dinf": _kinds("dref"),
    b"stbl": _kinds(
        "stsd stts ctts cslg stss stsz stz2 stsc stco co64 stsh sdtp sbgp sgpd subs saiz saio padb stdp stps"
    ),
    b"edts": _kinds("elst"),
    b"tapt": _kinds("clef prof enof"),
    b"mvex": _kinds("mehd trex leva trep"),
    b"moof": _kinds("mfhd traf"),
    b"traf": _kinds("tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc"),
    b"mfra": _kinds("tfra mfro"),
}
"""What stays in each box that holds boxes."""
_DATED = _kinds("mvhd tkhd mdhd")
_SEEN = _kinds("vide soun auxv")
_READ = _kinds("text sbtl subt clcp subp")
"""Handlers of subtitles; drones write their position there."""
_PLACE = re.compile(
    rb"gps|latitude|longitude|\b(?:lat|lng|lon)\b|home\(|\$g[a-z]{4},|,[ns],[0-9]|[nsew][: ]*[0-9]{1,3}\.[0-9]{3}"
    rb"|[0-9]{1,3}\.[0-9]{3,}[\s,;/]+-?[0-9]{1,3}\.[0-9]{3,}|g: *[0-9]|"
    + "|".join(("纬度", "经度", "坐标", "北纬", "东经")).encode(),
    re.IGNORECASE,
)
"""What cameras and drones write into subtitles about where they are."""
_DEPTH = 12


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    """Where its content begins."""
    end: int


@dataclass
class _Film:
    """One file while it is cleaned."""

    content: bytes
    edits: Edits
    data: list[_Box] = field(default_factory=list)
    """Its media data."""
    kept: list[tuple[int, int]] = field(default_factory=list)
    """Where the media data of the kept tracks lies: start and end, the end -1 where it is not told."""
    tracks: int = 0
    """How many tracks of film or sound are kept."""

    def free(self, box: _Box) -> None:
        """Make a box one that says nothing."""
        if box.kind != b"free":
            self.edits.put(box.start + 4, b"free")
        self.edits.clear(box.body, box.end)


def cleaned(content: bytes) -> bytes:
    """Return the film or sound without what is not seen or heard.

    Args:
        content: the bytes of the file.

    Raises:
        Unreadable: it is damaged, has no track, or is in fragments.
    """
    film = _Film(content, Edits(content))
    end = 0
    for box in _top(content):
        if box.kind == b"mdat":
            film.data.append(box)
        elif box.kind not in _TOP:
            film.free(box)
        elif box.kind == b"wide":
            film.edits.clear(box.body, box.end)
        elif box.kind in _KEPT:
            if box.kind == b"moof":
                # Its samples lie anywhere, so that nobody can tell what else lies there.
                raise Unreadable
            _clean(film, box, 1)
        end = box.end
    if not film.tracks:
        raise Unreadable
    _clear_unused(film)
    # What hangs behind the last box is no part of the film.
    return film.edits.applied(end)


def _top(content: bytes) -> Iterator[_Box]:
    """The outermost boxes; cameras hang other things behind the last one."""
    seen = False
    boxes = _boxes(content, 0, len(content))
    while True:
        try:
            box = next(boxes, None)
        except Unreadable:
            if seen:
                return
            raise
        if box is None:
            return
        seen |= box.kind == b"moov"
        yield box


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    for _number in range(MOST_PARTS):
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


def _clean(film: _Film, box: _Box, depth: int) -> None:
    """Clean the boxes in a box."""
    if depth > _DEPTH:
        raise Unreadable
    for inner in list(_boxes(film.content, box.body, box.end)):
        if inner.kind not in _KEPT[box.kind]:
            film.free(inner)
        elif inner.kind == b"trak":
            _clean_track(film, inner, depth)
        elif inner.kind in _KEPT:
            _clean(film, inner, depth + 1)
        else:
            _clean_leaf(film, inner)


def _clean_leaf(film: _Film, box: _Box) -> None:
    if box.kind in _DATED:
        wide = film.content[box.body] == 1 if box.end > box.body else False
        film.edits.clear(box.body + 4, min(box.end, box.body + (20 if wide else 12)))
    elif box.kind == b"hdlr":
        # The names of makers and programs.
        film.edits.clear(min(box.end, box.body + 12), box.end)
    elif box.kind == b"dref":
        for entry in list(_boxes(film.content, box.body + 8, box.end)):
            # Where the data lay on somebody's disk; they lie in this file.
            film.edits.clear(entry.body + 4, entry.end)
            if entry.end >= entry.body + 4:
                film.edits.put(entry.body + 3, b"\1")


def _clean_track(film: _Film, track: _Box, depth: int) -> None:
    handler, table = _handler(film, track), _found(film, track, b"mdia", b"minf", b"stbl")
    ranges = list(_ranges(film, table, handler)) if table and handler in _SEEN | _READ else []
    told = _merged(ranges, len(film.content)) if handler in _READ else []
    # Without zero bytes a text in UTF-16 reads as one in ASCII.
    telling = any(_PLACE.search(film.content[start:end].replace(b"\0", b"")) for start, end in told)
    if handler not in _SEEN | _READ or telling:
        film.free(track)
        return
    film.tracks += handler in _SEEN
    film.kept += ranges
    _clean(film, track, depth + 1)
    if table and handler in _SEEN and handler != b"soun":
        _clear_encoder(film, table)


def _clear_encoder(film: _Film, table: _Box) -> None:
    """Take off who made the encoder, which is often who made the camera (14496-12, 12.1.3)."""
    if described := _found(film, table, b"stsd"):
        for entry in list(_boxes(film.content, described.body + 8, described.end)):
            if entry.end - entry.start >= 86:
                film.edits.clear(entry.start + 20, entry.start + 24)
                film.edits.clear(entry.start + 50, entry.start + 82)


def _found(film: _Film, box: _Box, *kinds: bytes) -> _Box | None:
    """The first box of these kinds, one in the other."""
    for kind in kinds:
        inner = next((found for found in _boxes(film.content, box.body, box.end) if found.kind == kind), None)
        if inner is None:
            return None
        box = inner
    return box


def _handler(film: _Film, track: _Box) -> bytes:
    found = _found(film, track, b"mdia", b"hdlr")
    return film.content[found.body + 8 : found.body + 12] if found else b""


def _ranges(film: _Film, table: _Box, handler: bytes) -> Iterator[tuple[int, int]]:
    """Where the chunks of a track lie: start and end, the end -1 where the table does not tell it."""
    chunks = _chunks(film, table)
    constant, sizes = _sizes(film, table)
    counts = _counts(film, table, len(chunks))
    ends = [0, *accumulate(sizes)]
    sample = 0
    for offset, count in zip(chunks, counts, strict=True):
        if constant:
            # Old sound counts in frames of which it does not say how long they are.
            size = -1 if handler == b"soun" else constant * count
        else:
            last = min(sample + count, len(sizes))
            size = ends[last] - ends[min(sample, last)]
        sample += count
        if offset + max(size, 0) > len(film.content):
            raise Unreadable
        yield offset, offset + size if size >= 0 else -1


def _chunks(film: _Film, table: _Box) -> array[int]:
    if box := _found(film, table, b"stco"):
        return _numbers(film, box, 4, "I")
    if box := _found(film, table, b"co64"):
        return _numbers(film, box, 4, "Q")
    return array("I")


def _numbers(film: _Film, box: _Box, at: int, code: str) -> array[int]:
    """A table of numbers that follows their count."""
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


def _sizes(film: _Film, table: _Box) -> tuple[int, array[int]]:
    """The size that all samples have, or 0 and the size of each."""
    if box := _found(film, table, b"stsz"):
        if box.end - box.body < 12:
            raise Unreadable
        constant: int = struct.unpack_from(">I", film.content, box.body + 4)[0]
        return (constant, array("I")) if constant else (0, _numbers(film, box, 8, "I"))
    box = _found(film, table, b"stz2")
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


def _counts(film: _Film, table: _Box, chunks: int) -> list[int]:
    """How many samples each chunk holds."""
    box = _found(film, table, b"stsc")
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
    """Clear the media data to which no kept track points: the other tracks, and what was hidden there."""
    ranges = _merged(film.kept, len(film.content))
    ends = [end for _start, end in ranges]
    for box in film.data:
        place = box.body
        for start, end in islice(ranges, bisect_right(ends, place), None):
            if start >= box.end:
                break
            film.edits.clear(place, start)
            place = max(place, min(end, box.end))
        film.edits.clear(place, box.end)


def _merged(ranges: list[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """Ranges that do not overlap, in their order; one without an end reaches to where the next begins.

    Args:
        ranges: start and end, the end -1 where it is not told.
        end: of the file.
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
