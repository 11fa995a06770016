"""Takes film and sound over without place, time and device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gongshi.domain.config import attachment_types
from gongshi.domain.config.attachment_types import FILMS, PLAYED_FILMS, PLAYED_SOUNDS
from gongshi.importing.readers.pictures.faults import Fault, Unusable
from gongshi.site.media import process

_LIVE_MARKS: Final = (b"com.apple.quicktime.content.identifier", b"com.apple.quicktime.still-image-time")
"""Names of metadata that tie a film to a Live Photo (Apple, QuickTime metadata keys)."""


@dataclass(frozen=True)
class CleanRecording:
    """Film or sound for the entry."""

    content: bytes
    ending: str
    """Extension for its name, without the dot."""
    is_film: bool
    is_played: bool
    """True if browsers play it in the page; False for an attachment."""
    is_hevc: bool


def clean_recording(name: str, content: bytes, photo_stems: frozenset[str]) -> CleanRecording:
    """Return film or sound without metadata.

    Args:
        name: the name of the file.
        content: its bytes.
        photo_stems: names of the photos beside it, without extension and in one case.

    Raises:
        Unusable: it cannot be cleaned, or is the moving part of a photo.
        MemoryError: the machine has too little memory.
    """
    stem, _dot, ending = name.rpartition(".")
    ending = ending.lower()
    if stem.casefold() in photo_stems and any(mark in content for mark in _LIVE_MARKS):
        raise Unusable(Fault.MOVING_PART)
    cleaned = process.clean_media(name, content)
    if not isinstance(cleaned, bytes) or attachment_types.refusal(f"x.{ending}", cleaned):
        raise Unusable(Fault.UNCLEANED)
    is_hevc = process.is_hevc(name, cleaned)
    is_played = ending in PLAYED_FILMS | PLAYED_SOUNDS and not is_hevc
    return CleanRecording(cleaned, ending, ending in FILMS.split(), is_played, is_hevc)
