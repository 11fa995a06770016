"""Film and sound as they are published: what is seen and heard, without place, time, device or owner.

Nothing is encoded anew. Each format keeps the parts on a list and loses every other part: either the part is
overwritten in place, so that all offsets stay right (`media_boxes`, `media_riff`, `media_matroska`, `media_ogg`), or
the file is put together from its frames (`media_frames`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from gongshi.i18n import gettext as _
from gongshi.site.images.faults import Fault
from gongshi.site.media import audio_frames, iso_boxes, matroska, ogg, riff

Clean = Callable[[bytes], bytes]

_BOXED = frozenset("mp4 m4v m4a m4b m4r mov qt 3gp 3g2".split())  # noqa: SIM905
_FRAMED: dict[str, Clean] = {"mp3": audio_frames.mp3, "aac": audio_frames.aac}
_NAMES = _BOXED | {*_FRAMED, "webm", "mkv", "weba", "mka", "wav", "avi", "flac", "ogg", "oga", "ogv", "opus", "amr"}
"""Endings under which nothing is published that cannot be cleaned."""
_OLD_STARTS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""How QuickTime films begin that name no type."""
_PLACES = (
    b"\xa9xyz", b"loci", b"location.ISO6709", b"GPSLatitude", b"GPSCoordinates", b"gpmd", b"camm", b"mebx", b"GEO_",
    b"LOCATION", b"Location", b"location=", b"g\0p\0s\0",
)  # fmt: skip


def cleaned(name: str, content: bytes) -> bytes | Fault | None:
    """Return what is published of film or sound, a fault where it cannot be cleaned, or None for any other file.

    Args:
        name: of the file; its end matters where the bytes do not say what it is.
        content: the approved bytes.

    Raises:
        MemoryError: the machine is short of memory; this says nothing about the file.
    """
    ending = PurePosixPath(name.lower()).suffix[1:]
    clean = _cleaner(ending, content)
    if clean is None:
        return Fault.MEDIA if ending in _NAMES else None
    try:
        return clean(content)
    except MemoryError:
        raise
    except Exception:
        # Damaged files fail in any way; nothing of them is published.
        return Fault.MEDIA


def has_place(content: bytes, published: bytes) -> bool:
    """Tell whether cleaning took off where a film or sound was recorded, for advice.

    Args:
        content: the bytes of the file.
        published: what is left of it.
    """
    return content != published and any(word in content and word not in published for word in _PLACES)


def place_text() -> str:
    """Return the advice on a film or sound that says where it was recorded."""
    return _("the film or sound holds where it was recorded; this is taken off on the site")


def _cleaner(ending: str, content: bytes) -> Clean | None:
    head = content[:16]
    if head[4:8] == b"ftyp" or (ending in _BOXED and head[4:8] in _OLD_STARTS):
        return iso_boxes.cleaned
    if head.startswith(b"\x1aE\xdf\xa3"):
        return matroska.cleaned
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] in (b"WAVE", b"AVI "):
        return riff.cleaned
    if head.startswith(b"OggS\0"):
        return ogg.cleaned
    if head.startswith(b"fLaC") or (head.startswith(b"ID3") and ending == "flac"):
        return audio_frames.flac
    if head.startswith(b"#!AMR"):
        return audio_frames.amr
    return _FRAMED.get(ending)
