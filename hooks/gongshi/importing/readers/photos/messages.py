"""Findings of an import of photos: what was left out, changed, and what to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.photos.folder import FileKind
from gongshi.importing.readers.photos.folder_name import FolderName
from gongshi.importing.readers.photos.gallery import Days, Duplicate, PlacedPhoto, PlacedRecording, is_confirmed
from gongshi.importing.readers.photos.picture import PhotoNote
from gongshi.importing.readers.photos.times import TimeSource
from gongshi.importing.readers.photos.workers import Rejected
from gongshi.importing.readers.pictures.faults import Fault, fault_text
from gongshi.site.images.faults import shape_text
from gongshi.site.images.pixels import LONGER_SIDE
from gongshi.site.media import process

_MANY: Final = 30
"""Photos of one page."""
_NO_WORDS: Final = re.compile(
    r"[\W_0-9]*(?:(?:img|image|dsc[a-z]?|dscn|pxl|photo|pic|picture|mmexport|wx_camera|wechatimg|screenshot|p|e|hdr|burst|cover|"
    r"wa|whatsapp|at|am|pm|jpe?g|微信图片|微信截图|照片|图片|相片|截图|截屏|屏幕截图|副本|复件|copy)[\W_0-9]*)*",
    re.IGNORECASE,
)
"""Names that phones and programs give."""


def nothing_text(rejected: Sequence[Rejected]) -> str:
    """Return why nothing can be imported.

    Args:
        rejected: the files that are not taken.
    """
    if not rejected:
        return _("there are no photos in it; name a folder with photos, or the files themselves")
    reasons = dict.fromkeys(fault_text(each.fault) for each in rejected)
    return _("none of its files can be used: {reasons}").format(reasons=_("; ").join(reasons))


def fill_in_findings(photos: Sequence[PlacedPhoto]) -> Iterator[Finding]:
    """Yield what is left to the editor.

    Args:
        photos: the photos of the entry.
    """
    yield Finding(
        FindingKind.CHECK,
        _(
            "if a picture needs a caption, write it between quotation marks behind the name of the file: "
            '![DESCRIPTION](photo-01.jpg "CAPTION")'
        ),
    )
    if len(photos) > _MANY:
        message = _("{count} pictures make a long page that loads slowly on phones; delete those that show the same")
        yield Finding(FindingKind.CHECK, message.format(count=len(photos)))
    named = [(each.file.name, Path(each.photo.name).stem) for each in photos]
    telling = [f"{file}: {stem}" for file, stem in named if not _NO_WORDS.fullmatch(stem)]
    if telling:
        message = _("the pictures got neutral names; if their own names say what they show, write that as the caption")
        yield Finding(FindingKind.CHANGED, message, words=_listed(telling))


def day_findings(name: FolderName, days: Days) -> Iterator[Finding]:
    """Yield what the name of the folder and the photos tell about the day.

    Args:
        name: the parts of the folder's name.
        days: the number of photos by the day in their Exif data.
    """
    if name.start is None:
        return
    told = f"{name.start}" if name.end is None else _("{start} to {end}").format(start=name.start, end=name.end)
    if is_confirmed(name, days):
        message = _("the folder's name and the photos tell the day; it was entered as the day of the activity")
    elif days:
        counted = [_("{day} ({count})").format(day=day, count=count) for day, count in days.items()]
        message = _(
            "the folder's name tells another day than the photos ({days}); no day of the activity was entered, enter "
            "the right one"
        ).format(days=_(", ").join(counted))
    else:
        message = _("the folder's name tells a day, the photos do not; if it is that of the activity, enter it")
    yield Finding(FindingKind.CHECK, message, _("name of the folder"), told)


def photo_findings(photos: Sequence[PlacedPhoto], duplicates: Sequence[Duplicate]) -> Iterator[Finding]:
    """Yield what happened to the photos, and which should be looked at.

    Args:
        photos: the photos of the entry.
        duplicates: those that are not taken, as they show the same as another.
    """
    if photos:
        message = _(
            "the pictures were written anew, at most {size} pixels long, without place, time and device; the "
            "originals were not changed"
        )
        yield Finding(FindingKind.CHANGED, message.format(size=LONGER_SIDE))
    if duplicates:
        listed = _listed(_("{name} (as {first})").format(name=each.name, first=each.first) for each in duplicates)
        yield Finding(FindingKind.LEFT_OUT, _("the same picture is there twice; it was taken once"), listed)
    yield from _order_findings(photos)
    for note, (kind, message) in _note_texts().items():
        if found := [each for each in photos if note in each.photo.notes]:
            yield Finding(kind, message, _originals(found))
    for each in photos:
        if PhotoNote.LONG in each.photo.notes:
            yield Finding(FindingKind.CHECK, shape_text(*each.photo.size), _originals([each]))
    yield from _edited_findings(photos)


def _note_texts() -> Mapping[PhotoNote, tuple[FindingKind, str]]:
    return {
        PhotoNote.SCREENSHOT: (
            FindingKind.CHECK,
            _("this seems to be a screenshot; see that it shows no names, phone numbers or messages"),
        ),
        PhotoNote.SMALL: (
            FindingKind.CHECK,
            _("the picture is very small, perhaps a preview; take the original photo if there is one"),
        ),
        PhotoNote.MOVING: (
            FindingKind.LEFT_OUT,
            _("the photo holds a short film (live photo); the picture was taken, the film was not"),
        ),
        PhotoNote.STILL: (
            FindingKind.LEFT_OUT,
            _("the file holds several pictures; only the first was taken"),
        ),
    }


def _order_findings(photos: Sequence[PlacedPhoto]) -> Iterator[Finding]:
    by_name = [each for each in photos if each.photo.taken and each.photo.taken.source is TimeSource.NAME]
    timeless = [each for each in photos if each.photo.taken is None]
    if by_name:
        message = _("these photos do not say when they were taken; their order follows the time in their names")
        yield Finding(FindingKind.CHECK, message, _originals(by_name))
    if timeless and len(photos) > 1:
        message = _("these photos do not say when they were taken; they are in the order of their names")
        if len(timeless) < len(photos):
            message = _(
                "these photos do not say when they were taken; they stand at the end, in the order of their names"
            )
        yield Finding(FindingKind.CHECK, message, _originals(timeless))


def _edited_findings(photos: Sequence[PlacedPhoto]) -> Iterator[Finding]:
    """Yield photos beside which there is one that was edited on an iPhone: `IMG_E0001` of `IMG_0001`."""
    by_stem = {Path(each.photo.name).stem.upper(): each for each in photos}
    edited = [each for stem, each in by_stem.items() if stem.startswith("IMG_E") and f"IMG_{stem[5:]}" in by_stem]
    if edited:
        message = _("the photo is there as taken and as edited on the phone; delete one of both")
        yield Finding(FindingKind.CHECK, message, _originals(edited))


def recording_findings(recordings: Sequence[PlacedRecording]) -> Iterator[Finding]:
    """Yield what happened to films and sounds.

    Args:
        recordings: the films and sounds of the entry.
    """
    attached = [each for each in recordings if each.file.title is not None]
    if attached:
        message = _("browsers do not play this film or sound; it was attached, give it a title that says what it is")
        yield Finding(FindingKind.CHECK, message, _pairs(attached))
    shown = [each for each in recordings if each.file.title is None]
    if shown:
        message = _("the film or sound stands at the end; see and hear all of it before you submit the entry")
        yield Finding(FindingKind.CHECK, message, _pairs(shown))
    if hevc := [each for each in recordings if each.recording.is_hevc]:
        yield Finding(FindingKind.CHECK, process.hevc_text(), _pairs(hevc))


def left_out_findings(found: Mapping[FileKind, Sequence[Path]], rejected: Sequence[Rejected]) -> Iterator[Finding]:
    """Yield the files that are not taken.

    Args:
        found: all files by kind.
        rejected: those that cannot be taken.
    """
    for fault in Fault:
        if names := [each.name for each in rejected if each.fault is fault]:
            yield Finding(FindingKind.LEFT_OUT, fault_text(fault), _listed(names))
    for kind, message in _kind_texts().items():
        if paths := found[kind]:
            yield Finding(FindingKind.LEFT_OUT, message, _listed(path.name for path in paths))


def _kind_texts() -> Mapping[FileKind, str]:
    return {
        FileKind.RAW: _("raw files of a camera are not taken; export the photo as JPEG"),
        FileKind.EDITS: _(
            "changes to the photo of the same name that a phone or program stores apart were not applied; export the "
            "changed photo if it is meant"
        ),
        FileKind.FOLDER: _("folders in the folder are not entered; import them on their own"),
        FileKind.LINK: _("links to other places are not followed; copy the file itself into the folder"),
        FileKind.OTHER: _("the file is no photo, film or sound and was not taken; import it on its own, or attach it"),
    }


def _originals(photos: Iterable[PlacedPhoto]) -> str:
    return _listed(_("{file} ({original})").format(file=each.file.name, original=each.photo.name) for each in photos)


def _pairs(recordings: Iterable[PlacedRecording]) -> str:
    return _listed(
        _("{file} ({original})").format(file=each.file.name, original=each.recording.name) for each in recordings
    )


def _listed(names: Iterable[str]) -> str:
    return _(", ").join(printable(name) for name in names)
