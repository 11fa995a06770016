"""Puts a composed entry into `docs/` in one step, and its original under `docs/.originals/`."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from gongshi.common.files import sha256_of, write_atomic
from gongshi.domain.content import front_matter_writer
from gongshi.domain.content.front_matter import Attachment, Document, Event, FrontMatter, Original
from gongshi.domain.content.paths import ORIGINALS_DIR
from gongshi.importing.composer import ComposedEntry
from gongshi.importing.document import DocumentFields, Workspace


@dataclass(frozen=True)
class EntryPlace:
    """The place of a new entry."""

    docs: Path
    path: str
    """Its Markdown file, relative to `docs/`, ending in `/index.md`."""
    author: str


def put_in_place(entry: ComposedEntry, workspace: Workspace, original: Path, place: EntryPlace) -> None:
    """Write a new entry with its files, and keep the original.

    Args:
        entry: the content.
        workspace: the folder with its pictures and attachments.
        original: the file that was imported.
        place: where the entry goes; nothing is there yet.
    """
    kept = place.docs / ORIGINALS_DIR / place.path.removesuffix("/index.md") / original.name
    write_atomic(kept, original.read_bytes())
    meta = _front_matter(entry, place.author, Original(original.name, sha256_of(original)))
    text = f"---\n{front_matter_writer.front_matter(meta)}---\n\n{entry.body}"
    bundle = (place.docs / place.path).parent
    bundle.parent.mkdir(parents=True, exist_ok=True)
    whole = bundle.with_name(f".{bundle.name}.importing")
    whole.mkdir()
    for file in entry.files:
        shutil.copyfile(workspace.folder / file.name, whole / file.name)
    (whole / "index.md").write_text(text, encoding="utf-8", newline="\n")
    os.rename(whole, bundle)  # noqa: PTH104


def _front_matter(entry: ComposedEntry, author: str, original: Original) -> FrontMatter:
    fields = entry.fields
    return FrontMatter(
        title=fields.title or "",
        date=fields.published,
        author=author,
        source=fields.source,
        document=_document(fields),
        event=Event(fields.event_start, fields.event_end, fields.event_place) if fields.event_start else None,
        attachments=tuple(Attachment(file.name, file.title) for file in entry.files if file.title),
        imported_from=original,
    )


def _document(fields: DocumentFields) -> Document | None:
    document = Document(number=fields.number, index=fields.index, issued=fields.issued, issuer=fields.issuer)
    return document if document != Document() else None
