"""Manifest (`/.well-known/gongshi.json`): every file of a built site or staged tree with its SHA-256 and source entry.

A JSON object with `format`, `kind` (`site` or `tree`), `unit`, `assurance`, `as_of` (RFC 3339: the moment that it
shows), `made_with` (versions of the programs that could influence its bytes), `files` (by path: `sha256`, `kind`, and
if it comes from an entry the `entry` and the `digest` of the approved version) and `seal`: SHA-256 over all the rest as
`hashing.canonical_json` writes it. The seal detects careless edits; it is no proof, because anybody can recompute it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.common.files import read_file, read_start
from gongshi.common.hashing import canonical_json, sha256
from gongshi.domain.content.paths import is_inside
from gongshi.domain.review.takedown import PublishedPages
from gongshi.i18n import gettext as _

PATH = ".well-known/gongshi.json"
_UNUSABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""Exceptions that reading a damaged manifest can raise."""
FORMAT = "gongshi-manifest-1"
SITE, TREE = "site", "tree"
_ENTRY_KINDS = frozenset(("page", "file", "manuscript", "picture", "media"))
_PART_KINDS = frozenset(("file", "picture", "media"))
"""Kinds of files that belong to a page but are not pages."""
_KINDS = _ENTRY_KINDS | {"list", "notice", "theme", "host", "generated"}
_HEAD_BYTES = 4096
"""Number of bytes that surely contain everything before the list of files."""
_HOLDS_TREE = re.compile(rb'"holds":\s*"tree"')
_quote = json.JSONEncoder(ensure_ascii=False).encode
_MAX_BYTES = 32 << 20
"""Enough for some 80,000 files."""
_HEX = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9A-Za-z.+!_-]{1,40}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")


@dataclass(frozen=True)
class ManifestFile:
    """One file of a site or tree."""

    sha256: str
    kind: str
    """`page`, `list`, `notice` (all generated), `picture`, `media` (made from approved bytes), `file`, `manuscript`
    (approved bytes), `theme`, `host` (from `hooks/host/`) or `generated`."""
    entry: str | None = None
    """The Markdown file it comes from, relative to `docs/`."""
    digest: str | None = None
    """The digest of the approved version."""


@dataclass(frozen=True)
class Manifest:
    """The content of a folder."""

    kind: str
    """`site`: built by MkDocs; `tree`: the approved files alone."""
    unit: str
    assurance: str
    as_of: datetime
    made_with: Mapping[str, str]
    """Versions by name."""
    files: Mapping[str, ManifestFile]
    """Every other file of the folder by its path."""

    @cached_property
    def seal(self) -> str:
        """SHA-256 over everything else in the manifest."""
        return sha256(canonical_json(self._document))

    @cached_property
    def content(self) -> bytes:
        """The bytes of the manifest file."""
        return self.written(self.seal)

    @property
    def all_files(self) -> dict[str, ManifestFile]:
        """Every file of the folder, the manifest itself included."""
        return {**self.files, PATH: ManifestFile(sha256(self.content), "generated")}

    def written(self, seal: str) -> bytes:
        """Return the bytes of the file with any seal: JSON with an indent of one space.

        Args:
            seal: the seal to write, right or wrong.
        """
        head = {key: value for key, value in self._document.items() if key != "files"}
        text = json.dumps(head, ensure_ascii=False, indent=1)[: -len("\n}")]
        files = ",\n".join(f"  {_quote(path)}: {{\n{_lines(values)}\n  }}" for path, values in self._files.items())
        listed = f"{{\n{files}\n }}" if files else "{}"
        return f'{text},\n "files": {listed},\n "seal": {_quote(seal)}\n}}\n'.encode()

    @cached_property
    def _document(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "holds": self.kind,
            "unit": self.unit,
            "assurance": self.assurance,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "made_with": dict(sorted(self.made_with.items())),
            "files": self._files,
        }

    @cached_property
    def _files(self) -> dict[str, dict[str, str]]:
        return {path: _written(self.files[path]) for path in sorted(self.files)}


def _written(listed: ManifestFile) -> dict[str, str]:
    values = {"sha256": listed.sha256, "kind": listed.kind, "entry": listed.entry, "digest": listed.digest}
    return {key: value for key, value in values.items() if value is not None}


def _lines(values: Mapping[str, str]) -> str:
    return ",\n".join([f"   {_quote(key)}: {_quote(value)}" for key, value in values.items()])


def folder_kind(folder: Path) -> str | None:
    """Return `site` or `tree` by a folder's manifest even if the rest is broken, or None if there is no manifest.

    Args:
        folder: a built site, a staged tree, or anything else.
    """
    try:
        # If the path were a pipe, open() would block.
        return TREE if _HOLDS_TREE.search(read_start(folder / PATH, _HEAD_BYTES)) else SITE
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return SITE if (folder / PATH).is_file() else None


def removed_entry_files(folder: Path, after: Mapping[str, ManifestFile]) -> set[str]:
    """Return the files of entries that have a page in a folder now and will have none afterwards.

    Args:
        folder: a built site or staged tree; its manifest is not checked against the files.
        after: the files that will replace it, by path.

    Returns:
        Paths relative to the folder: pages, attachments, pictures. Empty if its manifest cannot be read.
    """
    shown = {listed.entry for listed in after.values() if listed.kind in _ENTRY_KINDS}
    try:
        had = _parsed(folder)["files"].items()
        return {path for path, file in had if file["kind"] in _ENTRY_KINDS and file.get("entry") not in shown}
    except _UNUSABLE:
        return set()


def listed_paths(folder: Path) -> Collection[str]:
    """Return the paths that a folder's manifest lists, unchecked; empty if it cannot be read.

    Args:
        folder: a built site or staged tree; it may be missing.
    """
    try:
        files: dict[str, object] = _parsed(folder)["files"]
        return files.keys()
    except _UNUSABLE:
        return ()


def _parsed(folder: Path) -> Any:
    """Return the parsed JSON of a folder's manifest; cached, because one build needs it several times."""
    # A changed or replaced file differs in one of these; a new hard link to the file does not change them.
    path = f"{os.path.realpath(folder)}/{PATH}"
    status = Path(path).lstat()
    return _parsed_once(path, status.st_ino, status.st_mtime_ns, status.st_size)


@lru_cache(1)
def _parsed_once(path: str, *_status: int) -> Any:
    return json.loads(read_file(path))


def published_pages(folder: Path) -> PublishedPages | None:
    """Return the pages that a folder's manifest lists, unchecked; unreadable parts are skipped.

    Args:
        folder: a built site, a staged tree, or anything else.

    Returns:
        None if there is no manifest, or nothing in it can be read.
    """
    try:
        document = _parsed(folder)
        files = [listed for listed in document["files"].values() if isinstance(listed, dict)]
    except _UNUSABLE:
        return None
    digests = {
        str(listed["entry"]): str(listed["digest"])
        for listed in files
        if "digest" in listed and "entry" in listed and listed.get("kind") not in _PART_KINDS
    }
    return PublishedPages(_moment(document.get("as_of")), str(document.get("assurance", "")), digests)


def _moment(text: object) -> datetime:
    """Parse the date of a manifest; return 1970-01-01 if there is none."""
    with suppress(ValueError):
        found = datetime.fromisoformat(str(text))
        if found.tzinfo:
            return found
    return datetime.fromtimestamp(0, timezone.utc)


def load(folder: Path) -> tuple[Manifest, bool, str]:
    """Load and check the manifest of a folder.

    Args:
        folder: a built site or staged tree.

    Returns:
        The manifest, True if its seal matches, and the SHA-256 of the file.

    Raises:
        FileNotFoundError: there is no manifest.
        InvalidInput: the manifest was not written by Gongshi.
    """
    file = folder / PATH
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise _broken(_("is larger than {size} MiB").format(size=_MAX_BYTES >> 20))
        content = read_file(file)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(str(file)) from None
    except OSError as error:
        raise _broken(_("cannot be read: {reason}").format(reason=error.strerror)) from None
    found, sealed = read(content)
    return found, sealed, sha256(content)


def read(content: bytes) -> tuple[Manifest, bool]:
    """Parse a manifest strictly: it must be exactly as Gongshi writes it, byte for byte.

    Args:
        content: the bytes of the file.

    Returns:
        The manifest, and True if its seal matches the rest.

    Raises:
        InvalidInput: it is broken, in another format, or lists something that Gongshi never writes.
    """
    try:
        document = json.loads(content)
        format = document["format"] if isinstance(document, dict) else None
    except (ValueError, KeyError, RecursionError):
        format = None
    if not isinstance(format, str) or not format.startswith("gongshi-manifest-"):
        raise _broken(_("is no manifest of Gongshi"))
    if format != FORMAT:
        message = _("has the format {format}, this Gongshi knows {known}; verify with the version that made it")
        raise _broken(message.format(format=printable(format), known=FORMAT))
    try:
        found = _manifest(document)
        if found.written(document["seal"]) == content:
            return found, document["seal"] == found.seal
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise _broken(_("is not as Gongshi writes it: it was edited or damaged"))


def _broken(what: str) -> InvalidInput:
    return InvalidInput([Problem(PATH, what)])


def _manifest(document: dict[str, Any]) -> Manifest:
    texts = [document[key] for key in ("unit", "assurance", "seal")]
    if document["holds"] not in (SITE, TREE) or not all(isinstance(text, str) for text in texts):
        raise ValueError
    if not all(map(_VERSION.fullmatch, [*document["made_with"], *document["made_with"].values()])):
        raise ValueError
    as_of = datetime.fromisoformat(document["as_of"])
    # A build's clock shows a time between 1970 and 2106 (32 bits).
    if not _TIME.fullmatch(document["as_of"]) or not 0 <= as_of.timestamp() < 1 << 32:
        raise ValueError
    return Manifest(
        kind=document["holds"],
        unit=document["unit"],
        assurance=document["assurance"],
        as_of=as_of,
        made_with=document["made_with"],
        files={path: _listed(path, values) for path, values in document["files"].items()},
    )


def _listed(path: str, values: dict[str, Any]) -> ManifestFile:
    listed = ManifestFile(**values)
    if not all(value is None or isinstance(value, str) for value in values.values()):
        raise ValueError
    if listed.kind not in _KINDS or not _is_plain(path) or not (listed.entry is None or _is_plain(listed.entry)):
        raise ValueError
    if not _HEX.fullmatch(listed.sha256) or not (listed.digest is None or _HEX.fullmatch(listed.digest)):
        raise ValueError
    if listed.kind in _ENTRY_KINDS and None in (listed.entry, listed.digest):
        raise ValueError
    return listed


def _is_plain(path: str) -> bool:
    """Tell whether a path is a relative path inside the folder and not the manifest itself."""
    return path != PATH and is_inside(path)
