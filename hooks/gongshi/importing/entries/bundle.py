"""Writes an imported entry into `docs/`, and keeps its original under `docs/.originals/`."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gongshi.common.files import read_file, sha256_of, write_atomic_many
from gongshi.domain.content import front_matter, front_matter_writer
from gongshi.domain.content.front_matter import (
    Attachment,
    Document,
    Event,
    FrontMatter,
    MarkdownFile,
    Original,
    PublicNotice,
)
from gongshi.domain.content.version import Version
from gongshi.importing.composer import ComposedEntry
from gongshi.importing.document import DocumentFields
from gongshi.importing.entries.earlier_imports import RECORD, import_numbers, originals_folder

_MARKDOWN: Final = "index.md"


@dataclass(frozen=True)
class PreparedEntry:
    """An entry that lies complete in a folder, ready to be moved into place."""

    files: Path
    """The folder with its Markdown file, pictures and attachments."""
    original: Path
    """The folder with the file from which it was made."""
    manuscript: MarkdownFile
    digests: Mapping[str, str]
    """The SHA-256 of each picture and attachment by its name."""

    def version(self, path: str) -> Version:
        """Return the version of the entry at a place.

        Args:
            path: the Markdown file, relative to `docs/`.
        """
        return Version(path, self.manuscript, self.digests)


def prepare_entry(entry: ComposedEntry, files: Path, original: Path, meta: FrontMatter, now: datetime) -> PreparedEntry:
    """Write the Markdown file beside the pictures, and the record of the import beside the original.

    Args:
        entry: the content.
        files: the folder with its pictures and attachments; other files in it are removed.
        original: the folder with the file from which it was made.
        meta: the front matter.
        now: the time of the import.

    Raises:
        InvalidInput: the front matter cannot be read again, so the entry would be withheld.
    """
    names = {file.name for file in entry.files}
    for path in files.iterdir():
        if path.name not in names:
            path.unlink()
    text = f"---\n{front_matter_writer.front_matter(meta)}---\n\n{entry.body}"
    manuscript = front_matter.read(text.encode(), _MARKDOWN, True)
    (files / _MARKDOWN).write_text(text, encoding="utf-8", newline="\n")
    digests = {name: sha256_of(files / name) for name in sorted(names)}
    prepared = PreparedEntry(files, original, manuscript, digests)
    record = _record(entry, prepared, now)
    content = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (original / RECORD).write_text(content, encoding="utf-8", errors="backslashreplace", newline="\n")
    return prepared


def make_front_matter(fields: DocumentFields, entry: ComposedEntry, author: str, original: Original) -> FrontMatter:
    """Return the front matter of an imported entry.

    Args:
        fields: the values that the file names, with its title.
        entry: the entry.
        author: the id of the author.
        original: the file that was imported.
    """
    document = Document(number=fields.number, index=fields.index, issued=fields.issued, issuer=fields.issuer)
    return FrontMatter(
        title=fields.title or "",
        date=fields.published,
        author=author,
        source=fields.source,
        document=document if document != Document() else None,
        public_notice=_public_notice(fields),
        event=_event(fields),
        attachments=tuple(Attachment(file.name, file.title) for file in entry.files if file.title),
        imported_from=original,
    )


def _public_notice(fields: DocumentFields) -> PublicNotice | None:
    if fields.notice_from is None or fields.notice_to is None:
        return None
    return PublicNotice(fields.notice_from, fields.notice_to)


def _event(fields: DocumentFields) -> Event | None:
    if fields.event_start is None:
        return None
    return Event(fields.event_start, fields.event_end, fields.event_place, fields.event_organizer, fields.event_contact)


def place_new(prepared: PreparedEntry, docs: Path, path: str) -> None:
    """Move a new entry into place in one step, after its original.

    Args:
        prepared: the entry.
        docs: the content folder.
        path: its Markdown file, relative to `docs/`, ending in `/index.md`; neither its folder nor that of its
            originals exists.
    """
    bundle = (docs / path).parent
    with _original_kept(prepared, docs, path):
        bundle.parent.mkdir(parents=True, exist_ok=True)
        _rename(prepared.files, bundle)


def replace_draft(prepared: PreparedEntry, docs: Path, path: str, before: Iterable[str]) -> None:
    """Write a new draft of an entry over the one that an earlier import wrote.

    Args:
        prepared: the new draft.
        docs: the content folder.
        path: the Markdown file of the entry, relative to `docs/`.
        before: the files of the earlier draft; those that the new one does not have are removed.
    """
    bundle = (docs / path).parent
    with _original_kept(prepared, docs, path):
        names = [*prepared.digests, _MARKDOWN]
        write_atomic_many({bundle / name: read_file(prepared.files / name) for name in names})
    for name in set(before) - set(prepared.digests):
        (bundle / name).unlink(missing_ok=True)


def _record(entry: ComposedEntry, prepared: PreparedEntry, now: datetime) -> dict[str, Any]:
    source = prepared.manuscript.meta.imported_from
    return {
        "file": source.file if source else "",
        "sha256": source.sha256 if source else "",
        "imported": now.isoformat(timespec="seconds"),
        "content": content_digest(prepared.version("")),
        "findings": [each.json_values() for each in entry.findings],
    }


def content_digest(version: Version) -> str:
    """Return the digest of a version without its path, by which an edit since the import is recognized.

    Args:
        version: the version.
    """
    return Version("", version.manuscript, version.files).digest


@contextmanager
def _original_kept(prepared: PreparedEntry, docs: Path, path: str) -> Iterator[None]:
    """Move the folder of the original into place before the block runs; remove it if the block fails."""
    folder = originals_folder(docs, path)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / str(max(import_numbers(docs, path), default=0) + 1)
    _rename(prepared.original, kept)
    try:
        yield
    except BaseException:
        shutil.rmtree(kept, ignore_errors=True)
        raise


def _rename(source: Path, target: Path) -> None:
    os.rename(source, target)  # noqa: PTH104 - a folder that exists already is an error on every system
