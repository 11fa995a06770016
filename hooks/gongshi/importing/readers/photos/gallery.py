"""Puts photos into order, gives them neutral names, and finds the days on which they were taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gongshi.i18n import translations
from gongshi.importing.document import BundleFile, Workspace
from gongshi.importing.readers.photos.folder_name import FolderName
from gongshi.importing.readers.photos.times import TimeSource, comparable, natural_key, usual_offset
from gongshi.importing.readers.photos.workers import PhotoFile, RecordingFile

Days = dict[date, int]
"""Number of photos by the day in their Exif data."""


@dataclass(frozen=True)
class PlacedPhoto:
    """A photo of the entry."""

    photo: PhotoFile
    file: BundleFile


@dataclass(frozen=True)
class PlacedRecording:
    """A film or sound of the entry."""

    recording: RecordingFile
    file: BundleFile


@dataclass(frozen=True)
class Duplicate:
    """A photo that shows the same as one before it and is not taken."""

    name: str
    first: str
    """The name of the original that was taken."""


def arrange(photos: Iterable[PhotoFile], workspace: Workspace) -> tuple[list[PlacedPhoto], list[Duplicate]]:
    """Name the pictures in the order in which they were taken; return them, and those that are there twice.

    Args:
        photos: the photos.
        workspace: where their pictures lie; those of duplicates are deleted.
    """
    chosen: list[PhotoFile] = []
    duplicates: list[Duplicate] = []
    seen: dict[str, str] = {}
    for photo in _in_order(photos):
        first = seen.get(photo.file_digest) or seen.get(photo.pixel_digest)
        if first is not None:
            duplicates.append(Duplicate(photo.name, first))
            photo.part.unlink()
            continue
        seen[photo.file_digest] = seen[photo.pixel_digest] = photo.name
        chosen.append(photo)
    width = max(2, len(str(len(chosen))))
    placed = []
    for number, photo in enumerate(chosen, 1):
        name = f"photo-{number:0{width}}.{photo.ending}"
        photo.part.rename(workspace.folder / name)
        placed.append(PlacedPhoto(photo, BundleFile(name)))
    return placed, duplicates


def _in_order(photos: Iterable[PhotoFile]) -> list[PhotoFile]:
    """Return photos in the order in which they were taken, then those without a time in the order of their names."""
    listed = sorted(photos, key=lambda photo: natural_key(photo.name))
    offset = usual_offset(photo.taken for photo in listed)

    def moment(photo: PhotoFile) -> tuple[bool, datetime]:
        taken = photo.taken.moment if photo.taken else datetime.min
        return photo.taken is None, comparable(taken, offset)

    return sorted(listed, key=moment)


def name_recordings(recordings: Sequence[RecordingFile], workspace: Workspace, language: str) -> list[PlacedRecording]:
    """Name films and sounds, and give those that browsers do not play a title in the list of attachments.

    Args:
        recordings: the films and sounds.
        workspace: where they lie.
        language: the site's language.
    """
    catalogue = translations(language)
    placed = []
    counts: Counter[bool] = Counter()
    for recording in recordings:
        counts[recording.is_film] += 1
        number = counts[recording.is_film]
        name = f"{'film' if recording.is_film else 'sound'}-{number:02}.{recording.ending}"
        title = catalogue.gettext("Film {number}") if recording.is_film else catalogue.gettext("Sound {number}")
        recording.part.rename(workspace.folder / name)
        file = BundleFile(name, None if recording.is_played else title.format(number=number))
        placed.append(PlacedRecording(recording, file))
    return placed


def days_of(photos: Iterable[PlacedPhoto]) -> Days:
    """Return how many photos were taken on each day, by the clock of the phone.

    Args:
        photos: the photos; those without a time in their Exif data are left out.
    """
    times = [each.photo.taken for each in photos]
    return dict(sorted(Counter(time.day for time in times if time and time.source is TimeSource.EXIF).items()))


def is_confirmed(name: FolderName, days: Days) -> bool:
    """Tell if the photos were taken on the days that the name of the folder tells.

    Args:
        name: the parts of the folder's name.
        days: the number of photos by day.
    """
    return name.start is not None and bool(days) and all(name.start <= day <= (name.end or name.start) for day in days)
