"""Recognizes files that were imported before, by their bytes, and changed files, by their name and content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gongshi.common.errors import InvalidInput
from gongshi.common.files import read_file
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.front_matter import MarkdownFile
from gongshi.domain.content.paths import ORIGINALS_DIR, PageKind
from gongshi.importing.composer import ComposedEntry

RECORD: Final = "import.json"
"""The name of the file that describes an import, beside the folder with its original."""
_KEY: Final = b"imported_from:"
_ALIKE: Final = 80
"""Percentage of equal text from which two texts are versions of the same one."""
_COMPARED: Final = 20_000
"""Characters of each text that are compared."""


@dataclass(frozen=True)
class EarlierImport:
    """An entry that was imported."""

    path: str
    """Its Markdown file, relative to `docs/`."""
    manuscript: MarkdownFile

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file from which it was imported last."""
        return self.manuscript.meta.imported_from.sha256 if self.manuscript.meta.imported_from else ""

    @property
    def file(self) -> str:
        """The name of that file."""
        return self.manuscript.meta.imported_from.file if self.manuscript.meta.imported_from else ""


class EarlierImports:
    """All entries that name the file from which they were imported.

    Args:
        tree: the content folder.
    """

    def __init__(self, tree: DocsTree) -> None:
        self._tree = tree
        self._looked_at = set(tree.sources)
        self._by_sha256: dict[str, EarlierImport] = {}
        self._by_file: dict[tuple[str, str], list[EarlierImport]] = {}
        for each in _read_entries(tree):
            self.add(each)

    def add(self, imported: EarlierImport) -> None:
        """Remember one more import.

        Args:
            imported: the entry as it was written.
        """
        self._looked_at.add(imported.path)
        self._by_sha256.setdefault(imported.sha256, imported)
        self._by_file.setdefault((_column(imported.path), imported.file), []).append(imported)

    def add_written_meanwhile(self, folders: Iterable[str]) -> None:
        """Look for imports that other processes have written since; hold the lock of the record.

        Args:
            folders: the folders in which new entries are made, relative to `docs/`.
        """
        for folder in folders:
            place = self._tree.docs / folder
            names = [each.name for each in place.iterdir()] if place.is_dir() else []
            for path in {f"{folder}/{name}/index.md" for name in names if name[0] != "."} - self._looked_at:
                if imported := _read_entry(self._tree, path):
                    self.add(imported)

    def has_now(self, imported: EarlierImport, sha256: str) -> bool:
        """Tell if another process has imported a file into this entry since.

        Args:
            imported: the entry as it is known.
            sha256: the SHA-256 of the file.
        """
        now = _read_entry(self._tree, imported.path)
        return now is not None and now.sha256 == sha256

    def same(self, sha256: str) -> EarlierImport | None:
        """Return the entry that was imported from the same bytes.

        Args:
            sha256: the SHA-256 of the file.
        """
        return self._by_sha256.get(sha256)

    def earlier_version(self, file: str, column: str, entry: ComposedEntry) -> EarlierImport | None:
        """Return the entry that was imported from an earlier version of a file.

        A name alone proves nothing, as offices use names such as `notice.docx` again and again. So the document number
        or the title must be the same, or the text nearly so.

        Args:
            file: the name of the file.
            column: the id of the column.
            entry: what the file says now.
        """
        # From the newest on: a folder may have had several files of a name.
        return next((each for each in reversed(self._by_file.get((column, file), [])) if _is_same(each, entry)), None)


def originals_folder(docs: Path, path: str) -> Path:
    """Return the folder with the originals of an entry; it has a numbered folder for each import.

    Args:
        docs: the content folder.
        path: the Markdown file of the entry, relative to `docs/`.
    """
    return docs / ORIGINALS_DIR / path.removesuffix("/index.md").removesuffix(".md")


def import_numbers(docs: Path, path: str) -> list[int]:
    """Return the numbers of the imports of an entry that are kept, in their order.

    Args:
        docs: the content folder.
        path: the Markdown file of the entry, relative to `docs/`.
    """
    folder = originals_folder(docs, path)
    names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def last_record(docs: Path, path: str) -> Mapping[str, Any]:
    """Return the record of the last import of an entry; empty if it is missing or damaged.

    Args:
        docs: the content folder.
        path: the Markdown file of the entry, relative to `docs/`.
    """
    numbers = import_numbers(docs, path)
    if not numbers:
        return {}
    try:
        record = json.loads(read_file(originals_folder(docs, path) / str(numbers[-1]) / RECORD))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _read_entries(tree: DocsTree) -> Iterator[EarlierImport]:
    for path, source in tree.sources.items():
        if source.kind is not PageKind.ENTRY or source.misplaced:
            continue
        if imported := _read_entry(tree, path):
            yield imported


def _read_entry(tree: DocsTree, path: str) -> EarlierImport | None:
    try:
        content = read_file(tree.docs / path)
        if _KEY not in content:
            return None
        manuscript = tree.reader.read(content, tree.label(path), True)
    except (OSError, InvalidInput):
        # `gongshi check` says so; the file is imported as a new entry.
        return None
    return EarlierImport(path, manuscript) if manuscript.meta.imported_from else None


def _column(path: str) -> str:
    return path.partition("/")[0]


def _is_same(earlier: EarlierImport, entry: ComposedEntry) -> bool:
    from rapidfuzz import fuzz

    meta, fields = earlier.manuscript.meta, entry.fields
    number = meta.document.number if meta.document else None
    issued = meta.document.issued if meta.document else None
    if number and fields.number:
        return number == fields.number
    if issued and fields.issued and issued != fields.issued:
        return False
    if meta.title == fields.title:
        return True
    return fuzz.ratio(earlier.manuscript.body[:_COMPARED], entry.body[:_COMPARED]) >= _ALIKE
