"""Compare two versions of an entry: front matter, text and files, that is everything that the digest covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import ComparisonMode as How
from gongshi.domain.content.front_matter_declaration import declaration, dotted_keys, written_name
from gongshi.domain.content.version import Version
from gongshi.reports.diff.attachment_reader import Failure
from gongshi.reports.diff.attachment_text import AttachmentText, TextExtractor
from gongshi.reports.diff.text_diff import Op, Piece, text_diff

PATH = "path"
"""The name of the address among the keys that are compared."""

Read = Callable[[str], bytes]
"""A function that returns the bytes of a bundle's file, given its name."""


class State(Enum):
    """The change of a file between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    """It has another name, but the same bytes."""
    SAME = "same"


@dataclass(frozen=True)
class FieldChange:
    """A key of the front matter whose value differs."""

    key: str
    """The key as a dotted path, such as `document.number`."""
    before: str | None
    """The older value as people write it, one line for each item of a list; None if the key is missing."""
    after: str | None
    """The newer value, in the same form."""
    pieces: tuple[Piece, ...]
    """The text diff of both values; in a list, each item ends with a line break."""

    @property
    def is_list(self) -> bool:
        """Tell whether the value is a list."""
        return _comparison(self.key) is How.LINES


@dataclass(frozen=True)
class FileState:
    """The state of a file in one of the versions."""

    sha256: str
    size: int
    """The size in bytes."""
    pixels: tuple[int, int] | None
    """Width and height of a picture; None for other files."""


@dataclass(frozen=True)
class TextChange:
    """The change of the text inside a file."""

    pieces: tuple[Piece, ...] = ()
    before: Failure | None = None
    """The reason why the old text cannot be read."""
    after: Failure | None = None
    """The reason why the new text cannot be read."""
    cut: bool = False
    """True where only the beginning of the text is compared."""

    @property
    def differs(self) -> bool:
        """Tell whether there is anything to show."""
        return any(piece.op is not Op.SAME for piece in self.pieces)


@dataclass(frozen=True)
class FileChange:
    """A file of the bundle in both versions."""

    name: str
    state: State
    before: FileState | None = None
    after: FileState | None = None
    old_name: str | None = None
    """The former name of a renamed file."""
    inside: TextChange | None = None
    """The change of the text inside; only for changed files of kinds that Gongshi can read."""


@dataclass(frozen=True)
class Comparison:
    """The differences between two versions, or one version that is new as a whole."""

    base: Version | None
    """The older version; None if everything is new."""
    version: Version
    """The newer version."""
    fields: tuple[FieldChange, ...]
    body: tuple[Piece, ...]
    files: tuple[FileChange, ...]

    @property
    def differs(self) -> bool:
        """True if the digests differ."""
        return self.base is None or self.base.digest != self.version.digest

    @property
    def body_differs(self) -> bool:
        """True if the text below the front matter differs."""
        return any(piece.op is not Op.SAME for piece in self.body)

    @property
    def changed_files(self) -> tuple[FileChange, ...]:
        """All files except those with the same name and the same bytes."""
        return tuple(file for file in self.files if file.state is not State.SAME)


def compare(base: Version | None, version: Version, before: Read, after: Read, extractor: TextExtractor) -> Comparison:
    """Compare two versions.

    Args:
        base: the older version; None to show everything as new.
        version: the newer version.
        before: reads the older version's files.
        after: reads the newer version's files.
        extractor: reads the text inside files.
    """
    old_files = base.files if base else {}
    return Comparison(
        base,
        version,
        tuple(_field_changes(base, version)),
        text_diff(base.manuscript.body if base else "", version.manuscript.body),
        tuple(_file_changes(old_files, version.files, before, after, extractor)),
    )


def _field_changes(base: Version | None, version: Version) -> Iterator[FieldChange]:
    old = {PATH: base.path, **written(base.meta)} if base else {}
    new = {PATH: version.path, **written(version.meta)} if base else written(version.meta)
    order = {PATH: 0, **{f.name: number for number, f in enumerate(fields(FrontMatter), 1)}}
    for key in sorted(dict.fromkeys([*new, *old]), key=lambda key: order[key.partition(".")[0]]):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield FieldChange(key, before, after, _field_pieces(key, before or "", after or ""))


def _field_pieces(key: str, before: str, after: str) -> tuple[Piece, ...]:
    how = _comparison(key)
    if how is How.LINES:
        return text_diff(before + "\n" * bool(before), after + "\n" * bool(after))
    if how is How.WHOLE:
        return tuple(piece for piece in (Piece(Op.OUT, before), Piece(Op.IN, after)) if piece.text)
    return text_diff(before, after)


def _comparison(key: str) -> How:
    """Return how two values of a key are compared; the address is compared as a text."""
    return How.WORDS if key == PATH else dotted_keys(FrontMatter)[key].type.comparison


def written(meta: FrontMatter) -> dict[str, str]:
    """Return the front matter as people write it, by dotted key; different texts for all that has different digests.

    Args:
        meta: the front matter; the review flags and default values are left out.
    """
    return dict(_written(meta, ""))


def _written(record: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for f in fields(record):
        value = getattr(record, f.name)
        key = prefix + written_name(f)
        if value == f.default or not declaration(f).in_digest:
            continue
        text = _text(value)
        if text is not None:
            yield key, text
        else:
            # An empty mapping has another digest than no mapping.
            yield from list(_written(value, key + ".")) or [(key, "{}")]


def _text(value: Any) -> str | None:
    """Return a value as people write it, or None for a mapping."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        clock = value.isoformat(" ", "seconds" if value.second else "minutes")
        return clock if value.tzinfo is None else f"{clock[:-6]} {clock[-6:]}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        # The line breaks and colons are unambiguous: list items have no line breaks, file names no colons.
        return "\n".join(item if isinstance(item, str) else f"{item.file}: {item.title}" for item in value)
    return None


def _file_changes(
    old: Mapping[str, str], new: Mapping[str, str], before: Read, after: Read, extractor: TextExtractor
) -> Iterator[FileChange]:
    renamed = _renamed(old, new)
    gone = set(renamed.values())
    for name in sorted({*old, *new} - gone):
        if name in renamed:
            side = _side(new[name], after(name))
            yield FileChange(name, State.RENAMED, side, side, old_name=renamed[name])
        elif name not in old:
            yield FileChange(name, State.ADDED, after=_side(new[name], after(name)))
        elif name not in new:
            yield FileChange(name, State.REMOVED, before=_side(old[name], before(name)))
        elif old[name] == new[name]:
            side = _side(new[name], after(name))
            yield FileChange(name, State.SAME, side, side)
        else:
            yield _changed_file(name, old[name], new[name], before(name), after(name), extractor)


def _renamed(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the old names of files that have a new name and the same bytes, by their new names."""
    gone: dict[str, list[str]] = {}
    for name in sorted(old.keys() - new.keys(), reverse=True):
        gone.setdefault(old[name], []).append(name)
    come = sorted(new.keys() - old.keys())
    return {name: gone[new[name]].pop() for name in come if gone.get(new[name])}


def _side(digest: str, content: bytes) -> FileState:
    # Slow to load, and most changes have no files.
    from gongshi.site.images.process import image_size

    return FileState(digest, len(content), image_size(content))


def _changed_file(
    name: str, old_digest: str, new_digest: str, old: bytes, new: bytes, extractor: TextExtractor
) -> FileChange:
    change = FileChange(name, State.CHANGED, _side(old_digest, old), _side(new_digest, new))
    before, after = extractor.text(name, old), extractor.text(name, new)
    if before is None or after is None:
        return change
    return FileChange(name, State.CHANGED, change.before, change.after, inside=_text_change(before, after))


def _text_change(before: AttachmentText | Failure, after: AttachmentText | Failure) -> TextChange:
    if isinstance(before, AttachmentText) and isinstance(after, AttachmentText):
        return TextChange(text_diff(before.text, after.text), cut=before.cut or after.cut)
    failures = [text if isinstance(text, Failure) else None for text in (before, after)]
    return TextChange(before=failures[0], after=failures[1])
