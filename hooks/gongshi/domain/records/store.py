"""Read and write `docs/.reviews/`: dossiers with their heads, and the approved files by SHA-256.

    ENTRY.jsonl   the dossier of docs/ENTRY
    ENTRY.head    the number of its lines and the SHA-256 of the last, so that lines missing at the end are noticed
    objects/AB/HEX   approved files; HEX begins with AB and is the SHA-256 of the bytes
    .tmp-gongshi-…   a file that is being written; one that a killed command left is removed by the next

An act is written in this order: objects, dossier, head. So a crash leaves unused objects, or a head that is one line
behind, but never an act without its files.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gongshi.common import leftover_files
from gongshi.common.errors import InvalidInput, Problem, Refused, printable
from gongshi.common.files import read_file, write_atomic
from gongshi.common.hashing import sha256
from gongshi.domain.content.paths import RECORD_FILES, REVIEWS_DIR, collation_key
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records.dossier import Decision, Dossier
from gongshi.i18n import gettext as _

_LOCK_SECONDS = 20
_HEAD = re.compile(rb"([1-9]\d{0,8}) ([0-9a-f]{64})\n")


class ReviewStore:
    """The decisions and approved files of one repository."""

    def __init__(self, docs: Path) -> None:
        self.folder = docs / REVIEWS_DIR
        self._label = f"{docs.name}/{REVIEWS_DIR}"
        self._prefix = f"{self.folder}/"
        self._objects = f"{self.folder}/objects"
        self._names: dict[str, dict[str, list[str]]] = {}

    def entries(self) -> list[str]:
        """Return all entries that have a dossier, relative to `docs/`, sorted."""
        found: set[str] = set()
        if not os.path.lexists(self.folder):
            return []
        for folder, names, files in os.walk(self.folder, onerror=self._unreadable):
            prefix = f"{folder}/".replace(os.sep, "/")[len(self._prefix) :]
            if not prefix and "objects" in names:
                names.remove("objects")
            found.update(
                [prefix + name.rpartition(".")[0] for name in files if name.endswith((".md.jsonl", ".md.head"))]
            )
        return sorted(found)

    def sharing(self, entry: str) -> str | None:
        """Return another entry whose dossier has the same place as this entry's would have; None if there is none.

        Case and Unicode form are ignored: on some systems, such names are the same.

        Args:
            entry: the Markdown file, relative to `docs/`; it has no decisions yet.
        """
        *folders, name = entry.split("/")
        places = [""]
        for folder in folders:
            key = collation_key(folder)
            places = [f"{place}{found}/" for place in places for found in self._names_by_key(place).get(key, ())]
        for place in places:
            for ending in RECORD_FILES:
                for found in self._names_by_key(place).get(collation_key(name + ending), ()):
                    other = place + found[: -len(ending)]
                    if other != entry:
                        return other
        return None

    def _names_by_key(self, place: str) -> dict[str, list[str]]:
        """Return the names in a folder of the record by their collation key; each folder is read once."""
        if place not in self._names:
            names: dict[str, list[str]] = {}
            with suppress(OSError):
                for name in os.listdir(f"{self._prefix}{place}"):  # noqa: PTH208 - thousands of names
                    names.setdefault(collation_key(name), []).append(name)
            self._names[place] = names
        return self._names[place]

    def _unreadable(self, error: OSError) -> None:
        if error.errno == errno.ENAMETOOLONG:
            # No entry can have such a path, so no dossier is there.
            return
        message = _("cannot be read: {reason}").format(reason=error.strerror)
        raise InvalidInput([Problem(self._label, message)]) from None

    def label(self, entry: str) -> str:
        """Return the name of an entry's dossier in messages."""
        return f"{self._label}/{entry}.jsonl"

    def read_dossier(self, entry: str) -> Dossier:
        """Return the dossier of an entry; an empty one if there is none.

        Args:
            entry: the Markdown file, relative to `docs/`.

        Raises:
            InvalidInput: the dossier is damaged.
        """
        try:
            return self._read(entry)
        except InvalidInput:
            # Try again: another command may have written the dossier and its head between the two reads.
            return self._read(entry)

    def _read(self, entry: str) -> Dossier:
        label = self.label(entry)
        try:
            content = read_file(self._dossier_path(entry))
        except FileNotFoundError:
            self._refuse_folder(entry, self._head_path(entry))
            if Path(self._head_path(entry)).exists():
                raise InvalidInput(
                    [Problem(label, _("is missing, but its head is there; restore it from the repository's history"))]
                ) from None
            return Dossier(entry)
        except OSError as error:
            self._refuse_folder(entry, self._dossier_path(entry))
            raise InvalidInput([Problem(label, _("cannot be read: {reason}").format(reason=error.strerror))]) from None
        found = dossiers.parse_dossier(content, entry, label)
        self._check_head(found, label)
        return found

    def _refuse_folder(self, entry: str, file: str) -> None:
        """Raise InvalidInput if a folder has the place of a file of the record."""
        if Path(file).is_dir():
            message = _(
                "a folder of the record is in the place of {file}, so no decision on {entry} is possible; give the "
                "file in {docs} another name"
            )
            names = {"file": printable(Path(file).name), "entry": printable(entry), "docs": self.folder.parent.name}
            raise InvalidInput([Problem(self.label(entry), message.format(**names))]) from None

    def append(self, dossier: Dossier, decision: Decision) -> Dossier:
        """Add an act and return the new dossier. The caller must hold the lock.

        Args:
            dossier: the dossier as it is on disk.
            decision: the new act.
        """
        path = self._dossier_path(dossier.entry)
        line = dossiers.format_line(dossier, decision)
        before = read_file(path) if dossier.decisions else b""
        content = before + line + b"\n"
        grown = dossiers.parse_dossier(content, dossier.entry, self.label(dossier.entry))
        if dossier.decisions:
            # Repair a head that a killed command left one line behind: two lines behind would count as damage.
            self._write_head(dossier)
        write_atomic(Path(path), content, self.folder)
        with suppress(OSError):
            # The act is recorded already; the next act repairs the head.
            self._write_head(grown)
        return grown

    def files_of(self, dossier: Dossier) -> list[Path]:
        """Return the files of the record of an entry: dossier, head and approved files.

        Args:
            dossier: the dossier of the entry.
        """
        digests = dict.fromkeys(digest for act in dossier.decisions for digest in (act.files or {}).values())
        objects = map(self._object_path, digests)
        return [Path(path) for path in (self._dossier_path(dossier.entry), self._head_path(dossier.entry), *objects)]

    def _write_head(self, dossier: Dossier) -> None:
        path, head = Path(self._head_path(dossier.entry)), _head(dossier)
        if not path.is_file() or path.read_bytes() != head:
            write_atomic(path, head, self.folder)

    def put_object(self, content: bytes) -> str:
        """Store an approved file.

        Args:
            content: its bytes.

        Returns:
            Its SHA-256.
        """
        digest = sha256(content)
        path = self._object_path(digest)
        try:
            if read_file(path) == content:
                return digest
        except OSError:
            pass
        write_atomic(Path(path), content, self.folder)
        return digest

    def read_object(self, digest: str) -> bytes:
        """Return the bytes of an approved file after checking their hash.

        Args:
            digest: the SHA-256 of the file, 64 hexadecimal digits.

        Raises:
            InvalidInput: the file is missing, unreadable or changed.
        """
        label = f"{self._label}/objects/{digest[:2]}/{digest}"
        try:
            content = read_file(self._object_path(digest))
        except OSError:
            raise InvalidInput(
                [
                    Problem(
                        label, _("the approved file is missing or unreadable; restore it from the repository's history")
                    )
                ]
            ) from None
        if sha256(content) != digest:
            raise InvalidInput(
                [Problem(label, _("the approved file was changed; restore it from the repository's history"))]
            )
        return content

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other commands from writing here. The lock of a killed command does not count.

        Raises:
            Refused: another command has held the lock for too long.
        """
        # Imported here, as commands that only read do not need it.
        from filelock import FileLock, Timeout

        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", timeout=_LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise Refused(
                _("another command is writing decisions or waiting for a passphrase; try again later")
            ) from None
        try:
            leftover_files.sweep(self.folder)
            yield
        finally:
            lock.release()

    def _check_head(self, dossier: Dossier, label: str) -> None:
        """Raise InvalidInput unless the head matches its dossier. It may be one line behind, after a killed command."""
        count = len(dossier.decisions)
        try:
            head = read_file(self._head_path(dossier.entry))
            if head == _head(dossier):
                return
            match = _HEAD.fullmatch(head)
            lines, tip = (int(match[1]), match[2].decode()) if match else (-1, "")
        except OSError:
            lines, tip = 0, dossiers.first_hash(dossier.entry)
        known = (dossiers.first_hash(dossier.entry), *dossier.line_hashes)
        if lines not in (count, count - 1) or known[lines] != tip:
            message = _(
                "does not agree with its head: lines are missing at its end; restore both from the repository's history"
            )
            raise InvalidInput([Problem(label, message, max(count, 1))])

    def _dossier_path(self, entry: str) -> str:
        return f"{self._prefix}{entry}.jsonl"

    def _head_path(self, entry: str) -> str:
        return f"{self._prefix}{entry}.head"

    def _object_path(self, digest: str) -> str:
        return f"{self._objects}/{digest[:2]}/{digest}"


def _head(dossier: Dossier) -> bytes:
    return f"{len(dossier.decisions)} {dossier.head}\n".encode()
