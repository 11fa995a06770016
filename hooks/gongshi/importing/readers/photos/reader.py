"""Reader for a folder of photos, or for photos that are named together."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from gongshi.domain.content.text_advice import placeholder
from gongshi.i18n import gettext as _
from gongshi.importing.document import (
    BundleFile,
    DocumentFields,
    ReadDocument,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.readers.photos import gallery, messages, workers
from gongshi.importing.readers.photos.folder import FileKind, sort_files, sort_folder
from gongshi.importing.readers.photos.folder_name import FolderName, parse_folder_name

MAX_PHOTOS: Final = 500
"""Maximum number of pictures of one entry."""


def read_photos(path: Path, workspace: Workspace, options: ReadOptions, paths: Sequence[Path] = ()) -> ReadDocument:
    """Read the photos, films and sounds of an activity.

    Args:
        path: a folder; folders inside are not entered, links are not followed.
        workspace: where the pictures are written.
        options: the user's choices; only the language is used.
        paths: photos that the user named one by one; empty to take all of the folder.

    Raises:
        UnreadableFileError: nothing of it can be taken, or it is too much for one entry.
    """
    found = sort_files(paths) if paths else sort_folder(path)
    if len(found[FileKind.PICTURE]) > MAX_PHOTOS:
        message = _("these are more than {count} pictures; choose those that the page should show")
        raise UnreadableFileError(message.format(count=MAX_PHOTOS))
    photos, rejected = workers.prepare_photos(found[FileKind.PICTURE], workspace)
    recordings, refused = workers.clean_recordings(found, workspace)
    rejected += refused
    if not photos and not recordings:
        raise UnreadableFileError(messages.nothing_text(rejected))
    placed, duplicates = gallery.arrange(photos, workspace)
    played = gallery.name_recordings(recordings, workspace, options.language)
    name = FolderName(None) if paths else parse_folder_name(path.resolve().name)
    days = gallery.days_of(placed)
    findings = (
        *messages.fill_in_findings(placed),
        *messages.day_findings(name, days),
        *messages.photo_findings(placed, duplicates),
        *messages.recording_findings(played),
        *messages.left_out_findings(found, rejected),
    )
    files = (*(each.file for each in placed), *(each.file for each in played))
    return ReadDocument(_html(files, options.language), "", _fields(name, days), files, findings)


def _fields(name: FolderName, days: gallery.Days) -> DocumentFields:
    if not gallery.is_confirmed(name, days):
        return DocumentFields(title=name.title)
    return DocumentFields(title=name.title, event_start=name.start, event_end=name.end)


def _html(files: Sequence[BundleFile], language: str) -> str:
    """Return a sentence to be replaced by the text, and a paragraph for each file that the text shows."""
    shown = [escape(file.name) for file in files if file.title is None]
    pictures = "".join(f'<p><img src="{name}" alt="" title=""></p>' for name in shown)
    return f"<p>{escape(placeholder(language))}</p>{pictures}"
