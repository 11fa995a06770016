"""Extensions of the files that lie in folders of photos, in lower case, without the dot."""

from __future__ import annotations

from typing import Final

from gongshi.domain.config import attachment_types
from gongshi.domain.config.attachment_types import FILMS, SOUNDS, Reason

_ALSO_READ: Final = frozenset("heic heif hif avif bmp dib tif tiff".split())  # noqa: SIM905
PICTURES: Final = frozenset(attachment_types.PICTURES.split()) - {"svg"} | _ALSO_READ
RAW: Final = frozenset(
    """
    3fr arw cr2 cr3 crw dcr dng erf gpr iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f
    """.split()  # noqa: SIM905
)
"""Raw files of cameras; most look like TIFF."""
EDITS: Final = frozenset(("aae", "xmp"))
"""Files in which phones and programs store changes to the photo of the same name."""
PREVIEWS: Final = frozenset(("thm", "lrv"))
"""Previews of films."""


def is_recording(ending: str) -> bool:
    """Tell if a file is film or sound of any kind, by its extension.

    Args:
        ending: the extension.
    """
    if ending in f"{FILMS} {SOUNDS}".split():
        return True
    refused = attachment_types.refusal(f"x.{ending}")
    return refused is not None and refused.reason in (Reason.FILM, Reason.SOUND)


def belongs_to_photos(ending: str) -> bool:
    """Tell if a file is one of those that a phone or camera writes, by its extension.

    Args:
        ending: the extension.
    """
    return ending in PICTURES | RAW | EDITS | PREVIEWS or is_recording(ending)
