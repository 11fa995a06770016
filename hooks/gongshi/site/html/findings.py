"""Reports to the editor about HTML that the sanitizer removed from a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _

_LENGTH = 60


class RemovedKind(Enum):
    """Kinds of removed parts."""

    SCRIPT = "script"
    HANDLER = "handler"
    FRAME = "frame"
    FORM = "form"
    STYLE = "style"
    SETTING = "setting"
    """A setting of the whole page: `meta`, `base`, `link`."""
    DRAWING = "drawing"
    ADDRESS = "address"
    PICTURE = "picture"
    MISSING = "missing"
    """A picture whose bytes are in the text, or that only a script of another site would load."""
    MEDIA = "media"
    UNPLAYED = "unplayed"
    """Film or sound of a kind that browsers do not play."""
    NAME = "name"
    LANGUAGE = "language"
    ELEMENT = "element"
    WHOLE = "whole"


@dataclass(frozen=True)
class RemovedPart:
    """One removed part."""

    kind: RemovedKind
    detail: str
    """Its beginning, on one line and printable."""


def finding(kind: RemovedKind, text: str) -> RemovedPart:
    """Return a finding about a removed part.

    Args:
        kind: the kind of the part.
        text: the removed part; only its beginning is kept.
    """
    return RemovedPart(kind, printable(shortened(text)))


def shortened(text: str) -> str:
    """Return the beginning of a text, at most 60 characters on one line.

    Args:
        text: any text.
    """
    line = " ".join(text[: 4 * _LENGTH].split())
    return line if len(line) <= _LENGTH else line[:_LENGTH] + "…"


def finding_text(found: RemovedPart) -> str:
    """Return the message for a finding: what happened, and what to do if something is lost.

    Args:
        found: the finding.
    """
    return _sentences()[found.kind].format(detail=found.detail)


def _sentences() -> dict[RemovedKind, str]:
    return {
        RemovedKind.SCRIPT: _("a script was removed: {detail}"),
        RemovedKind.HANDLER: _("a script in an attribute was removed: {detail}"),
        RemovedKind.FRAME: _("a page within the page became a plain link: {detail}"),
        RemovedKind.FORM: _("parts of a form were removed: {detail}; a form cannot be sent from here"),
        RemovedKind.STYLE: _("a style was removed: {detail}; the theme decides how pages look"),
        RemovedKind.SETTING: _("a setting of the whole page was removed: {detail}"),
        RemovedKind.DRAWING: _("a drawing was removed: {detail}; attach it as a picture"),
        RemovedKind.ADDRESS: _("an address that pages must not use was removed: {detail}"),
        RemovedKind.PICTURE: _(
            "a picture that does not lie beside its text became a plain link: {detail}; put the picture beside the "
            "entry"
        ),
        RemovedKind.MISSING: _(
            "a picture is missing on the page: {detail}; save the picture beside the entry and link it: "
            "![DESCRIPTION](FILE)"
        ),
        RemovedKind.MEDIA: _(
            "sound or video from another site became a plain link: {detail}; put the file beside the entry"
        ),
        RemovedKind.UNPLAYED: _(
            "browsers do not play film or sound of this kind, so the page shows a plain link: {detail}; convert "
            "film to .mp4 (H.264, AAC), sound to .mp3 or .m4a"
        ),
        RemovedKind.NAME: _("a name that belongs to the theme was removed: {detail}; choose another"),
        RemovedKind.LANGUAGE: _(
            'an attribute that names no language or direction was removed: {detail}; write it as in lang="ug" dir="rtl"'
        ),
        RemovedKind.ELEMENT: _("an element that pages must not use was removed, its text stays: {detail}"),
        RemovedKind.WHOLE: _(
            "the HTML is so unusual that only its plain text is shown: {detail}; write it more simply"
        ),
    }
