"""Prepares photos, film and sound one by one in processes of their own, so that one bad file spoils no other.

These processes write into the workspace under names that begin with a dot, and return everything but the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from gongshi.common.hashing import sha256
from gongshi.common.parallel import Excess, Limits, map_parallel
from gongshi.domain.content.docs_tree import ATTACHMENT_BYTES
from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError, Workspace
from gongshi.importing.readers.photos.folder import FileKind, stems
from gongshi.importing.readers.photos.picture import PhotoNote, prepare_photo
from gongshi.importing.readers.photos.recordings import clean_recording
from gongshi.importing.readers.photos.times import TakenTime
from gongshi.importing.readers.pictures.faults import Fault, Unusable

_PHOTO_BYTES: Final = 160 << 20
"""Maximum size of the file of a photo: 50 million pixels without compression."""
_PHOTO_SECONDS: Final = 15
"""Maximum processor time for a photo; the largest ones of phones take three."""
_RECORDING_SECONDS: Final = 60
_MAX_EXCESSES: Final = 5
"""So many files that exceed their limits are no accident."""
_FEW: Final = 2

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class PhotoFile:
    """A prepared photo in the workspace."""

    name: str
    """The name of the original."""
    part: Path
    """The place of its picture."""
    ending: str
    """Extension for the picture, without the dot."""
    file_digest: str
    pixel_digest: str
    size: tuple[int, int]
    """Width and height of the original, in pixels."""
    taken: TakenTime | None
    notes: frozenset[PhotoNote]


@dataclass(frozen=True)
class RecordingFile:
    """A cleaned film or sound in the workspace."""

    name: str
    """The name of the original."""
    part: Path
    """The place of the cleaned file."""
    ending: str
    """Extension, without the dot."""
    is_film: bool
    is_played: bool
    """True if browsers play it in the page; False for an attachment."""
    is_hevc: bool


@dataclass(frozen=True)
class Rejected:
    """A file that is not taken."""

    name: str
    fault: Fault


def prepare_photos(paths: Sequence[Path], workspace: Workspace) -> tuple[list[PhotoFile], list[Rejected]]:
    """Prepare photos in the workspace; return them, and those that are not taken.

    Args:
        paths: the files.
        workspace: where the pictures are written.

    Raises:
        UnreadableFileError: several take too long.
    """

    def prepare(number: int, path: Path) -> PhotoFile:
        content = _read(path, _PHOTO_BYTES, Fault.TOO_LARGE)
        photo = prepare_photo(path.name, content)
        part = workspace.folder / f".photo-{number}"
        part.write_bytes(photo.content)
        digests = sha256(content), photo.pixel_digest
        return PhotoFile(path.name, part, photo.ending, *digests, photo.size, photo.taken, photo.notes)

    return _work_on_each(prepare, paths, _PHOTO_SECONDS)


def clean_recordings(
    found: Mapping[FileKind, Sequence[Path]], workspace: Workspace
) -> tuple[list[RecordingFile], list[Rejected]]:
    """Clean film and sound in the workspace; return them, and those that are not taken.

    Args:
        found: all files by kind.
        workspace: where they are written.

    Raises:
        UnreadableFileError: several take too long.
    """
    beside = stems(found, FileKind.PICTURE)

    def clean(number: int, path: Path) -> RecordingFile:
        made = clean_recording(path.name, _read(path, ATTACHMENT_BYTES, Fault.TOO_LONG), beside)
        part = workspace.folder / f".recording-{number}"
        part.write_bytes(made.content)
        return RecordingFile(path.name, part, made.ending, made.is_film, made.is_played, made.is_hevc)

    return _work_on_each(clean, found[FileKind.RECORDING], _RECORDING_SECONDS)


def _read(path: Path, limit: int, fault: Fault) -> bytes:
    with path.open("rb") as file:
        content = file.read(limit + 1) if path.stat().st_size <= limit else b""
    if (not content and path.stat().st_size) or len(content) > limit:
        raise Unusable(fault)
    return content


def _work_on_each(
    act: Callable[[int, Path], _Made], paths: Sequence[Path], seconds: float
) -> tuple[list[_Made], list[Rejected]]:
    """Work on each file in other processes; return the results, and the files that are not taken.

    Args:
        act: works on a file, of which it also gets the number.
        paths: the files.
        seconds: the maximum processor time for a file.
    """

    def work(job: tuple[int, Path]) -> _Made | Rejected:
        try:
            return act(*job)
        except Unusable as error:
            return Rejected(job[1].name, error.fault)
        except OSError:
            return Rejected(job[1].name, Fault.UNREADABLE)
        except MemoryError:
            return Rejected(job[1].name, Fault.MEMORY)

    def give_up(job: tuple[int, Path], excess: Excess) -> _Made | Rejected:
        return Rejected(job[1].name, Fault.TIME if excess is Excess.TIME else Fault.MEMORY)

    made: list[_Made] = []
    rejected: list[Rejected] = []
    for result in map_parallel(work, list(enumerate(paths)), _FEW, Limits(seconds, give_up)):
        if not isinstance(result, Rejected):
            made.append(result)
            continue
        rejected.append(result)
        if sum(each.fault in (Fault.TIME, Fault.MEMORY) for each in rejected) > _MAX_EXCESSES:
            raise UnreadableFileError(_("many of the files take too long to read; save the photos anew as JPEG"))
    return made, rejected
