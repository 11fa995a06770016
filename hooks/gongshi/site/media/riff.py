"""WAV and AVI (Microsoft, Multimedia Programming Interface; EBU Tech 3306): keeps the chunks needed for playback.

Every other chunk becomes a `JUNK` chunk of the same size, filled with zeros, so no offset changes.
"""

from __future__ import annotations

import re
import struct

from gongshi.site.media.edits import MAX_PARTS, Edits, Unreadable

_KEPT: dict[bytes, frozenset[bytes]] = {
    b"WAVE": frozenset((b"fmt ", b"data", b"fact", b"ds64", b"cue ")),
    b"AVI ": frozenset((b"hdrl", b"movi", b"idx1")),
    b"AVIX": frozenset((b"movi", b"idx1")),
    b"hdrl": frozenset((b"avih", b"strl", b"odml")),
    b"strl": frozenset((b"strh", b"strf", b"indx", b"vprp")),
    b"odml": frozenset((b"dmlh",)),
}
"""Chunks that are kept in each form and list; a list is named by its own type."""
_STREAM_LISTS = frozenset((b"movi", b"rec "))
_STREAM_CHUNK = re.compile(rb"[0-9]{2}(?:dc|db|wb|pc)|ix[0-9]{2}|rec ")
"""Chunks of film and sound and their index; cameras write texts and positions between them."""
_SIZE_IN_DS64 = 0xFFFFFFFF


def clean(content: bytes) -> bytes:
    """Return the sound or film without metadata on place, time, device and owner.

    Args:
        content: bytes of the file.

    Raises:
        Unreadable: it is damaged.
    """
    edits = Edits(content)
    place = 0
    while place + 12 <= len(content) and content[place : place + 4] in (b"RIFF", b"RF64", b"BW64"):
        size, form = struct.unpack_from("<I4s", content, place + 4)
        if size == _SIZE_IN_DS64 and content[place : place + 4] != b"RIFF":
            size = _read_ds64_size(content, place + 12, 0)
        if form not in _KEPT or place + 8 + size > len(content):
            raise Unreadable
        _clean_chunks(edits, form, place + 12, place + 8 + size, 0)
        place += 8 + size + size % 2
    # Bytes after the last form are not part of the file.
    return edits.apply(min(place, len(content)))


def _read_ds64_size(content: bytes, place: int, number: int) -> int:
    """Read a size of more than 32 bits: of the form (0) or of the sound (1)."""
    if content[place : place + 4] != b"ds64" or len(content) < place + 24:
        raise Unreadable
    size: int = struct.unpack_from("<Q", content, place + 8 + 8 * number)[0]
    return size


def _clean_chunks(edits: Edits, form: bytes, start: int, end: int, depth: int) -> None:
    content, place = edits.content, start
    for _count in range(MAX_PARTS):
        if end - place < 8:
            break
        kind, size = struct.unpack_from("<4sI", content, place)
        body = place + 8
        if kind == b"data" and size == _SIZE_IN_DS64:
            size = _read_ds64_size(content, start, 1)
        if body + size > end:
            raise Unreadable
        name = content[body : body + 4] if kind == b"LIST" else kind
        if not (_STREAM_CHUNK.fullmatch(name) if form in _STREAM_LISTS else name in _KEPT[form]):
            edits.overwrite(place, b"JUNK")
            edits.clear(body, body + size)
        elif kind == b"LIST" and (name in _KEPT or name in _STREAM_LISTS) and depth < 4:
            _clean_chunks(edits, name, body + 4, body + size, depth + 1)
        place = body + size
        if size % 2 and place < end:
            edits.clear(place, place + 1)
            place += 1
    else:
        raise Unreadable
    edits.clear(place, end)
