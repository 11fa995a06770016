"""Removes metadata from film and sound: place, time, device, owner.

Nothing is encoded again. For each format, a list names the parts that are kept. All other parts are overwritten in
place, so that offsets stay valid (`iso_boxes`, `riff`, `matroska`, `ogg`), or the file is put together from its frames
(`audio_frames`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from gongshi.domain.config.attachment_types import PLAYED_FILMS
from gongshi.i18n import gettext as _
from gongshi.site.images.faults import MediaFault
from gongshi.site.media import audio_frames, iso_boxes, matroska, ogg, riff

Clean = Callable[[bytes], bytes]

_BOX_ENDINGS = frozenset("mp4 m4v m4a m4b m4r mov qt 3gp 3g2".split())  # noqa: SIM905
_FRAME_CLEANERS: dict[str, Clean] = {"mp3": audio_frames.mp3, "aac": audio_frames.aac}
_OTHER_ENDINGS = frozenset("webm mkv weba mka wav avi flac ogg oga ogv opus amr".split())  # noqa: SIM905
_ENDINGS = _BOX_ENDINGS | _OTHER_ENDINGS | _FRAME_CLEANERS.keys()
"""Endings of film and sound: a file with one of them is not published if it cannot be cleaned."""
_OLD_QUICKTIME_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""First boxes of QuickTime films without a file type box."""
_POSITION_NAMES = (
    b"\xa9xyz", b"loci", b"location.ISO6709", b"GPSLatitude", b"GPSCoordinates", b"gpmd", b"camm", b"mebx", b"GEO_",
    b"LOCATION", b"Location", b"location=", b"g\0p\0s\0",
)  # fmt: skip


def clean_media(name: str, content: bytes) -> bytes | MediaFault | None:
    """Return film or sound without metadata, a fault if it cannot be cleaned, or None for any other file.

    Args:
        name: name of the file; its ending is used if the bytes do not tell the format.
        content: the approved bytes.

    Raises:
        MemoryError: the machine has too little memory; the file may be correct.
    """
    ending = PurePosixPath(name.lower()).suffix[1:]
    clean = _find_cleaner(ending, content)
    if clean is None:
        return MediaFault.MEDIA if ending in _ENDINGS else None
    try:
        return clean(content)
    except MemoryError:
        raise
    except Exception:
        # Damaged files cause errors of any kind; they are not published.
        return MediaFault.MEDIA


def had_position(content: bytes, published: bytes) -> bool:
    """Tell if cleaning removed the place of recording from a film or sound, for advice.

    Args:
        content: bytes of the file.
        published: bytes of the cleaned file.
    """
    return content != published and any(word in content and word not in published for word in _POSITION_NAMES)


def position_text() -> str:
    """Return the advice on a film or sound that contains the place of recording."""
    return _("the film or sound holds where it was recorded; this is taken off on the site")


def is_hevc(name: str, content: bytes) -> bool:
    """Tell if a film is encoded in HEVC, as phones record it, under a name whose ending browsers usually play.

    Args:
        name: name of the file.
        content: bytes of a film or sound that `clean_media` can clean.
    """
    ending = PurePosixPath(name.lower()).suffix[1:]
    is_iso = ending in PLAYED_FILMS and _find_cleaner(ending, content) is iso_boxes.clean
    return is_iso and iso_boxes.is_hevc(content)


def hevc_text() -> str:
    """Return the advice on a film in HEVC."""
    return _("the film is encoded in HEVC (H.265), which many browsers do not play; convert it to MP4 with H.264")


def _find_cleaner(ending: str, content: bytes) -> Clean | None:
    head = content[:16]
    if head[4:8] == b"ftyp" or (ending in _BOX_ENDINGS and head[4:8] in _OLD_QUICKTIME_BOXES):
        return iso_boxes.clean
    if head.startswith(b"\x1aE\xdf\xa3"):
        return matroska.clean
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] in (b"WAVE", b"AVI "):
        return riff.clean
    if head.startswith(b"OggS\0"):
        return ogg.clean
    if head.startswith(b"fLaC") or (head.startswith(b"ID3") and ending == "flac"):
        return audio_frames.flac
    if head.startswith(b"#!AMR"):
        return audio_frames.amr
    return _FRAME_CLEANERS.get(ending)
