"""Why a picture is not published, in words for whoever can mend it."""

from __future__ import annotations

from enum import Enum

from gongshi.i18n import gettext as _


class Fault(Enum):
    """Why a picture, film or sound is not published."""

    DAMAGED = "damaged"
    """It cannot be read to its end, or is no picture whatever its name says."""
    TOO_LARGE = "too-large"
    FORMAT = "format"
    """A picture of a kind that this module does not clean and browsers do not all show."""
    ACTIVE = "active"
    """A drawing that could run something or fetch something from elsewhere."""
    MEDIA = "media"
    """A film or sound that is damaged, or cannot be cleaned of what it says beside what is seen and heard."""


def fault_text(fault: Fault) -> str:
    """Say what is wrong with a picture, film or sound and how to mend it."""
    texts = {
        Fault.DAMAGED: _(
            "the picture cannot be read to its end, or is none; it is not published, and its page shows its "
            "description instead. Save it again as JPEG or PNG"
        ),
        Fault.TOO_LARGE: _(
            "the picture has more than 40 million pixels, or is a long animation; it is not published, and its page "
            "shows its description instead. Make it smaller"
        ),
        Fault.FORMAT: _(
            "a picture of this kind (HEIC, AVIF, TIFF, BMP …) is not published, and its page shows its description "
            "instead. Save it as JPEG or PNG"
        ),
        Fault.ACTIVE: _(
            "the drawing is damaged, holds a script or takes something from elsewhere; it is not published, and its "
            "page shows its description instead. Save it as PNG, or as plain SVG"
        ),
        Fault.MEDIA: _(
            "the film or sound is damaged, or is stored in a way that cannot be cleaned of where, when and with what "
            "it was recorded; it is not published. Convert it to MP4 (H.264, AAC), sound to M4A or MP3"
        ),
    }
    return texts[fault]


def position_text() -> str:
    """The advice on a photo that says where it was taken."""
    return _("the photo holds where it was taken; this is taken off on the site")
