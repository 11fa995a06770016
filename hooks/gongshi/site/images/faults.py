"""Reasons why pictures, film and sound are not published, and messages that say how to correct it."""

from __future__ import annotations

from enum import Enum

from gongshi.i18n import gettext as _


class MediaFault(Enum):
    """Reason why a picture, film or sound is not published."""

    DAMAGED = "damaged"
    """The picture cannot be decoded completely, or the file is not a picture although its name says so."""
    TOO_LARGE = "too-large"
    """The picture has too many pixels or frames."""
    FORMAT = "format"
    """The picture is of a format that cannot be cleaned or that not all browsers show."""
    ACTIVE = "active"
    """The drawing could run a script or load something from another address."""
    MEDIA = "media"
    """The film or sound is damaged, or its metadata cannot be removed."""


def fault_text(fault: MediaFault) -> str:
    """Return the message on a picture, film or sound that is not published, with the way to correct it."""
    texts = {
        MediaFault.DAMAGED: _(
            "the picture cannot be read to its end, or is none; it is not published, and its page shows its "
            "description instead. Save it again as JPEG or PNG"
        ),
        MediaFault.TOO_LARGE: _(
            "the picture has more than 40 million pixels, or is a long animation; it is not published, and its page "
            "shows its description instead. Make it smaller"
        ),
        MediaFault.FORMAT: _(
            "a picture of this kind (HEIC, AVIF, TIFF, BMP …), whatever its name says, is not published, as not all "
            "browsers show it; its page shows its description, or nothing if it has none. Convert it to JPEG or PNG"
        ),
        MediaFault.ACTIVE: _(
            "the drawing is damaged, holds a script or takes something from elsewhere; it is not published, and its "
            "page shows its description instead. Save it as PNG, or as plain SVG"
        ),
        MediaFault.MEDIA: _(
            "the film or sound is damaged, or is stored in a way that cannot be cleaned of where, when and with what "
            "it was recorded; it is not published. Convert it to MP4 (H.264, AAC), sound to M4A or MP3"
        ),
    }
    return texts[fault]


def position_text() -> str:
    """Return the advice on a photo with a GPS position."""
    return _("the photo holds where it was taken; this is taken off on the site")


def shape_text(width: int, height: int) -> str:
    """Return the advice on a very long picture.

    Args:
        width: in pixels, as the picture is shown.
        height: in pixels.
    """
    if height > width:
        message = _(
            "the picture is {times} times as tall as wide ({width} × {height}): few read so far down, and neither the "
            "search nor a screen reader finds its words. Divide it into several pictures, or write what it says into "
            "the text"
        )
    else:
        message = _(
            "the picture is {times} times as wide as tall ({width} × {height}): on a phone it is a strip in which "
            "nothing can be made out. Divide it into several pictures, or write what it says into the text"
        )
    times = max(width, height) // max(1, min(width, height))
    return message.format(times=times, width=width, height=height)
