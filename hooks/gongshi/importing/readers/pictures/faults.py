"""Reasons why a picture, film or sound is not taken, and messages that say how to correct it."""

from __future__ import annotations

from enum import Enum

from gongshi.domain.content.docs_tree import ATTACHMENT_BYTES
from gongshi.i18n import gettext as _
from gongshi.site.images import faults
from gongshi.site.images.faults import MediaFault


class Fault(Enum):
    """The reason why a picture, film or sound is not taken."""

    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    """A picture has too many pixels or bytes."""
    NO_HEIC = "no-heic"
    """The library for HEIC is missing here."""
    NO_AVIF = "no-avif"
    UNREADABLE = "unreadable"
    """The system does not let us read the file."""
    TIME = "time"
    MEMORY = "memory"
    """It takes too much memory, or a library crashed."""
    UNCLEANED = "uncleaned"
    """A film or sound is damaged, or its metadata cannot be removed."""
    TOO_LONG = "too-long"
    """A film or sound is larger than an attachment may be."""
    MOVING_PART = "moving-part"
    """A film is the moving part of a photo in the folder."""


class Unusable(Exception):
    """Error: a picture, film or sound cannot be taken.

    Args:
        fault: the reason.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def fault_text(fault: Fault) -> str:
    """Return the message on a picture, film or sound that is not taken, with the way to correct it.

    Args:
        fault: the reason.
    """
    too_long = _("the film or sound is larger than {size} MiB; shorten it, or save it in a lower quality")
    texts = {
        Fault.DAMAGED: _(
            "the picture is damaged or cut off, or is none; copy it from the phone again, or save it anew as JPEG"
        ),
        Fault.TOO_LARGE: _("the picture is too large; make it smaller, or save it anew as JPEG"),
        Fault.NO_HEIC: _(
            "HEIC photos cannot be read on this computer; export them as JPEG. To take JPEG from now on: on an iPhone "
            "Settings, Camera, Formats, Most Compatible; on other phones switch off HEIF (high efficiency) in the "
            "settings of the camera"
        ),
        Fault.NO_AVIF: _("AVIF pictures cannot be read on this computer; save them anew as JPEG"),
        Fault.UNREADABLE: _("the file cannot be read; copy it again, or ask for the right to read it"),
        Fault.TIME: _("the file takes too long to read; save it anew, a picture as JPEG, a film as MP4"),
        Fault.MEMORY: _(
            "the file is damaged, or takes too much memory to read; make it smaller, or save it anew, a picture as JPEG"
        ),
        Fault.UNCLEANED: faults.fault_text(MediaFault.MEDIA),
        Fault.TOO_LONG: too_long.format(size=ATTACHMENT_BYTES >> 20),
        Fault.MOVING_PART: _("this is the moving part of a live photo; the photo was taken, the film was not"),
    }
    return texts[fault]
