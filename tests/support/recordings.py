"""Film and sound with everything in them that must not be published; tiny, but built as the formats say."""

from __future__ import annotations

import struct
from collections.abc import Callable

PLACE = b"CANARY+31.2304+121.4737/"
SEEN = b"SEEN"
"""Begins everything that must stay."""
DAY = 0xCAFED00D
"""When it was recorded, in seconds since 1904."""


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of an ISO file."""
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, *parts: bytes, version: int = 0) -> bytes:
    return box(kind, bytes((version, 0, 0, 0)), *parts)


def _handler(kind: bytes) -> bytes:
    return _full(b"hdlr", b"mhlr", kind, b"CANARY-maker", b"CANARY-handler\0")


def _table(kind: bytes, chunks: list[tuple[int, int]]) -> bytes:
    """Where samples lie: each chunk is one sample, with its offset and size."""
    visual = (
        bytes(6) + b"\0\1" + bytes(16) + struct.pack(">HH", 16, 16) + bytes(14) + b"\x0eCANARY encoder".ljust(32, b"\0")
    )
    described = _full(
        b"stsd",
        struct.pack(">I", 1),
        box(b"avc1", visual, b"\0\x18\xff\xff") if kind == b"vide" else box(b"mp4a", bytes(28)),
    )
    sizes = b"".join(struct.pack(">I", size) for _offset, size in chunks)
    offsets = b"".join(struct.pack(">I", offset) for offset, _size in chunks)
    return box(
        b"stbl",
        described,
        _full(b"stts", struct.pack(">III", 1, len(chunks), 1)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        _full(b"stsz", struct.pack(">II", 0, len(chunks)), sizes),
        _full(b"stco", struct.pack(">I", len(chunks)), offsets),
        box(b"udta", b"CANARY-stbl"),
    )


def _track(number: int, kind: bytes, chunks: list[tuple[int, int]], version: int) -> bytes:
    times = struct.pack(">II" if version == 0 else ">QQ", DAY, DAY)
    disk = _full(b"dref", struct.pack(">I", 1), _full(b"alis", b"CANARY-disk:Users:li"))
    return box(
        b"trak",
        _full(b"tkhd", times, struct.pack(">I", number), bytes(72), version=version),
        box(b"edts", _full(b"elst", bytes(4))),
        box(b"udta", _full(b"name", b"CANARY-name")),
        box(b"meta", b"CANARY-trackmeta"),
        box(b"uuid", b"CANARY-trackuuid"),
        box(
            b"mdia",
            _full(b"mdhd", times, bytes(12), version=version),
            _handler(kind),
            box(b"minf", _full(b"vmhd", bytes(8)), box(b"dinf", disk), _table(kind, chunks)),
        ),
    )


def _notes() -> bytes:
    """What phones and cameras write into `moov`."""
    quick = box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE) + box(b"\xa9mod", b"CANARY-model")
    loci = _full(b"loci", b"\x15\xc7CANARY-loci\0\0", struct.pack(">III", 121, 31, 0), b"earth\0\0")
    keys = _full(b"keys", struct.pack(">I", 1), box(b"mdta", b"com.apple.quicktime.location.ISO6709"))
    items = box(b"ilst", struct.pack(">I", 24 + len(PLACE)), bytes(4), box(b"data", bytes(8), PLACE))
    user = box(b"udta", quick, loci, _full(b"auth", b"CANARY-author"), box(b"XMP_", b"CANARY-xmp"), bytes(4))
    return user + box(b"meta", _handler(b"mdta"), keys, items) + box(b"uuid", b"\xbe\x7a\xcf\xcbCANARY-moovuuid")


def film(*, old: bool = False, wide: int = 0, front: bool = True) -> bytes:
    """A film with a track to see, one to hear, subtitles, and three that say where the camera was.

    Args:
        old: whether it begins as QuickTime films do that name no type.
        wide: 1 for times of 64 bits.
        front: whether `moov` comes before the media data.
    """
    texts = {
        b"vide": [SEEN + b"-video-1", SEEN + b"-video-2"], b"soun": [SEEN + b"-sound-1"], b"sbtl": [SEEN + b"-subtitle"],
        b"meta": [b"CANARY-mebx-place"], b"camm": [b"CANARY-camm"], b"text": [b"CANARY GPS (121.4,31.2,17)"],
    }  # fmt: skip
    start = b"" if old else box(b"ftyp", b"isom", bytes(4), b"isommp42")
    free = box(b"free", b"CANARY-free") + box(b"uuid", b"CANARY-topuuid") + box(b"meta", b"CANARY-topmeta")
    hidden = b"CANARY-hidden"

    def made(at: int) -> tuple[bytes, bytes]:
        place, tracks, data = at + 8 + len(hidden), b"", hidden
        for number, (kind, samples) in enumerate(texts.items(), 1):
            chunks = []
            for sample in samples:
                chunks.append((place, len(sample)))
                place += len(sample) + len(hidden)
                data += sample + hidden
            tracks += _track(number, kind, chunks, wide)
        times = struct.pack(">II" if not wide else ">QQ", DAY, DAY)
        return box(b"moov", _full(b"mvhd", times, bytes(88), version=wide), tracks, _notes()), box(b"mdat", data)

    before = start + free
    if not front:
        moov, data = made(len(before))
        return before + data + moov + box(b"skip", b"CANARY-skip") + b"CANARY-trailer"
    size = len(made(0)[0])
    first = box(b"wide") if old else b""
    moov, data = made(len(first) + len(before) + size)
    return first + before + moov + data + box(b"skip", b"CANARY-skip") + b"CANARY-trailer"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def wav() -> bytes:
    """A WAV with every kind of note."""
    inside = (
        _chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
        + _chunk(b"bext", b"CANARY-owner".ljust(602, b"\0"))
        + _chunk(b"LIST", b"INFO" + _chunk(b"IART", b"CANARY-artist") + _chunk(b"ILOC", PLACE))
        + _chunk(b"data", SEEN + b"-samples")
        + _chunk(b"iXML", b"<BWFXML>CANARY</BWFXML>")
        + _chunk(b"_PMX", b"CANARY-xmp")
        + _chunk(b"id3 ", b"ID3CANARY")
    )
    return b"RIFF" + struct.pack("<I", 4 + len(inside)) + b"WAVE" + inside + b"CANARY-tail"


def avi() -> bytes:
    """An AVI with notes at each depth."""
    line = _chunk(b"strh", b"vids".ljust(56, b"\0")) + _chunk(b"strf", bytes(40))
    line += _chunk(b"strn", b"CANARY-name") + _chunk(b"strd", b"CANARY-maker")
    head = _chunk(b"avih", bytes(56)) + _chunk(b"LIST", b"strl" + line) + _chunk(b"IDIT", b"CANARY-day")
    inside = (
        _chunk(b"LIST", b"hdrl" + head)
        + _chunk(b"LIST", b"INFO" + _chunk(b"ISFT", b"CANARY-camera"))
        + _chunk(b"JUNK", b"CANARY-junk")
        + _chunk(b"LIST", b"movi" + _chunk(b"00dc", SEEN + b"-frame"))
        + _chunk(b"idx1", b"00dc" + bytes(12))
        + _chunk(b"LIST", b"ncdt" + _chunk(b"ncvr", b"CANARY-nikon"))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(inside)) + b"AVI " + inside


def _element(id: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content) | 1 << 56 if len(content) > 126 else None
    width = (id.bit_length() + 7) // 8
    return id.to_bytes(width, "big") + (size.to_bytes(8, "big") if size else bytes((0x80 | len(content),))) + content


def matroska(*, live: bool = False) -> bytes:
    """A WebM with tags, an attachment, chapters, titles and dates.

    Args:
        live: whether it was recorded without knowing its length.
    """
    seek = _element(0x114D9B74, _element(0x4DBB, _element(0x53AB, b"\x12\x54\xc3\x67"), _element(0x53AC, b"\x40")))
    info = _element(
        0x1549A966, _element(0xBF, b"CRC-"), _element(0x2AD7B1, b"\x0f\x42\x40"), _element(0x7BA9, b"CANARY-title"),
        _element(0x4461, b"CANARYda"), _element(0x4D80, b"CANARY-muxer"), _element(0x5741, b"CANARY-writer"),
        _element(0x7384, b"CANARY-file.webm"),
    )  # fmt: skip
    track = _element(
        0xAE, _element(0xD7, b"\1"), _element(0x83, b"\1"), _element(0x86, b"V_VP8"), _element(0x536E, b"CANARY-name"),
        _element(0x63A2, SEEN + b"-private"),
    )  # fmt: skip
    cluster = (
        _element(0xE7, b"\0") + _element(0xA3, b"\x81\0\0\x80" + SEEN + b"-block") + _element(0xEC, b"CANARY-void")
    )
    tags = _element(
        0x1254C367, _element(0x7373, _element(0x67C8, _element(0x45A3, b"LOCATION"), _element(0x4487, PLACE)))
    )
    cover = _element(0x1941A469, _element(0x61A7, _element(0x466E, b"CANARY.jpg"), _element(0x465C, b"CANARY" * 40)))
    chapters = _element(0x1043A770, b"CANARY")
    head = _element(0x1A45DFA3, _element(0x4282, b"webm"))
    inside = seek + info + _element(0x1654AE6B, track)
    if live:
        unknown = b"\x01" + b"\xff" * 7
        return head + b"\x18\x53\x80\x67" + unknown + inside + b"\x1f\x43\xb6\x75" + unknown + cluster + tags
    return head + _element(0x18538067, inside, _element(0x1F43B675, cluster), tags, cover, chapters)


def _page(serial: int, flags: int, number: int, packets: list[bytes]) -> bytes:
    from gongshi.site.media.ogg import _checksum

    lengths, body = b"", b""
    for packet in packets:
        lengths += b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,))
        body += packet
    head = b"OggS\0" + bytes((flags,)) + bytes(8) + struct.pack("<II", serial, number)
    page = head + bytes(4) + bytes((len(lengths),)) + lengths + body
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _comments(begin: bytes, end: bytes) -> bytes:
    vendor, notes = (
        b"CANARY-vendor",
        [b"LOCATION=" + PLACE, b"ARTIST=CANARY-artist", b"METADATA_BLOCK_PICTURE=CANARY" * 30],
    )
    listed = b"".join(struct.pack("<I", len(note)) + note for note in notes)
    return begin + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(notes)) + listed + end


def ogg(kind: str = "vorbis") -> bytes:
    """An Ogg file whose comments share a page with the next header.

    Args:
        kind: `vorbis`, `opus` or `flac`.
    """
    if kind == "flac":
        first = b"\x7fFLAC\1\0" + struct.pack(">H", 2) + b"fLaC" + bytes(4) + bytes(34)
        comments = _comments(b"", b"")
        headers = [
            b"\x04" + len(comments).to_bytes(3, "big") + comments,
            b"\x86" + (14).to_bytes(3, "big") + b"CANARY-picture",
        ]
    elif kind == "opus":
        first, headers = b"OpusHead\1\1" + bytes(9), [_comments(b"OpusTags", b"") + b"CANARY-padding"]
    else:
        first, headers = b"\x01vorbis" + bytes(23), [_comments(b"\x03vorbis", b"\1"), b"\x05vorbis" + SEEN + b"-setup"]
    pages = [_page(7, 2, 0, [first]), _page(7, 0, 1, headers), _page(7, 4, 2, [SEEN + b"-packet", SEEN])]
    return b"".join(pages) + b"TAGCANARY-tail"


_FRAME = b"\xff\xfb\x90\x64"
"""Of an MP3: MPEG-1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes."""


def mp3() -> bytes:
    """An MP3 with tags before, between and behind its frames."""
    frame = _FRAME + (SEEN + b"-frame").ljust(413, b"\0")
    id3 = b"ID3\x04\0\0" + bytes((0, 0, 1, 0)) + (b"GEOB" + PLACE + _FRAME + b"CANARY").ljust(128, b"\0")
    ape = b"CANARY-ape".ljust(32, b"\0") + b"APETAGEX" + struct.pack("<III", 2000, 64, 1) + bytes(12)
    return id3 + id3 + frame * 4 + id3 + b"CANARY-between" + frame * 3 + ape + b"TAG" + b"CANARY-old".ljust(125, b"\0")


def aac() -> bytes:
    """An AAC file with a tag before and one behind."""
    body = SEEN + b"-frame"
    length = 7 + len(body)
    head = bytes((0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 255, (length & 7) << 5 | 0x1F, 0xFC))
    return (
        b"ID3\x04\0\0\0\0\0\x14" + b"CANARY".ljust(20, b"\0") + (head + body) * 5 + b"TAG" + b"CANARY".ljust(125, b"\0")
    )


def flac() -> bytes:
    """A FLAC with comments, a cover, an application's block and a tag of another format behind."""

    def block(kind: int, content: bytes) -> bytes:
        return bytes((kind,)) + len(content).to_bytes(3, "big") + content

    blocks = block(0, bytes(34)) + block(4, _comments(b"", b"")) + block(6, b"CANARY-cover") + block(2, b"CANARY-app")
    blocks += block(3, bytes(18)) + block(0x81, b"CANARY-padding")
    return b"fLaC" + blocks + b"\xff\xf8" + SEEN + b"-frames" + b"TAG" + b"CANARY".ljust(125, b"\0")


def amr() -> bytes:
    """An AMR with something behind its frames."""
    return b"#!AMR\n" + (b"\x3c" + (SEEN + b"-frame").ljust(31, b"\0")) * 3 + b"CANARY-tail"


MADE: dict[str, Callable[[], bytes]] = {
    "film.mp4": film,
    "clip.mov": lambda: film(old=True, wide=1),
    "late.mov": lambda: film(front=False),
    "sound.m4a": film,
    "phone.3gp": lambda: film(wide=1),
    "s.wav": wav,
    "old.avi": avi,
    "f.webm": matroska,
    "live.webm": lambda: matroska(live=True),
    "f.mkv": matroska,
    "s.ogg": ogg,
    "s.opus": lambda: ogg("opus"),
    "s.oga": lambda: ogg("flac"),
    "s.mp3": mp3,
    "s.aac": aac,
    "s.flac": flac,
    "s.amr": amr,
}
"""A file of each kind, by name."""
