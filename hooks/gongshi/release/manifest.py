"""`/.well-known/gongshi.json`: every file of a built site or staged tree with its SHA-256 and what it comes from.

A JSON object with `format`, `holds` (`site` or `tree`), `unit`, `assurance`, `as_of` (RFC 3339: the moment that it
shows), `made_with` (the versions of what could influence its bytes), `files` (by path: `sha256`, `kind`, and where it
has them the `entry` it comes from and the `digest` of the approved version) and `seal`: SHA-256 over all the rest as
`version.canonical_json` writes it. The seal finds careless edits; it proves nothing against who computes it anew.
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
from gongshi.common.files import read_regular, read_start
from gongshi.common.hashing import canonical_json, sha256
from gongshi.domain.content.paths import is_inside
from gongshi.domain.review.takedown import Published
from gongshi.i18n import gettext as _

PATH = ".well-known/gongshi.json"
_UNUSABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a damaged manifest can raise."""
FORMAT = "gongshi-manifest-1"
SITE, TREE = "site", "tree"
_OF_ENTRY = frozenset(("page", "file", "manuscript", "picture", "media"))
_PARTS = frozenset(("file", "picture", "media"))
"""What belongs to a page without being one."""
_KINDS = _OF_ENTRY | {"list", "notice", "theme", "host", "generated"}
_HEAD_BYTES = 4096
"""Before the list of files."""
_HOLDS_TREE = re.compile(rb'"holds":\s*"tree"')
_quoted = json.JSONEncoder(ensure_ascii=False).encode
_BYTES = 32 << 20
"""Enough for some 80,000 files."""
_HEX = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9A-Za-z.+!_-]{1,40}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")


@dataclass(frozen=True)
class Listed:
    """One file of a site or tree."""

    sha256: str
    kind: str
    """`page`, `list`, `notice` (all generated), `picture`, `media` (made of approved bytes), `file`, `manuscript`
    (approved bytes), `theme`, `host` (from `hooks/host/`) or `generated`."""
    entry: str | None = None
    """The Markdown file it comes from, relative to `docs/`."""
    digest: str | None = None
    """The digest of the approved version."""


@dataclass(frozen=True)
class Manifest:
    """What a folder holds."""

    holds: str
    """`site`: built by MkDocs; `tree`: the approved files alone."""
    unit: str
    assurance: str
    as_of: datetime
    made_with: Mapping[str, str]
    """Versions by name."""
    files: Mapping[str, Listed]
    """Every other file of the folder by its path."""

    @cached_property
    def seal(self) -> str:
        """SHA-256 over everything else in the manifest."""
        return sha256(canonical_json(self._document))

    @cached_property
    def content(self) -> bytes:
        """The file as it is written."""
        return self.written(self.seal)

    @property
    def everything(self) -> dict[str, Listed]:
        """Every file of the folder, the manifest itself included."""
        return {**self.files, PATH: Listed(sha256(self.content), "generated")}

    def written(self, seal: str) -> bytes:
        """The file with a seal that may be another's: as JSON with an indent of one space."""
        head = {key: value for key, value in self._document.items() if key != "files"}
        text = json.dumps(head, ensure_ascii=False, indent=1)[: -len("\n}")]
        files = ",\n".join(f"  {_quoted(path)}: {{\n{_lines(values)}\n  }}" for path, values in self._files.items())
        listed = f"{{\n{files}\n }}" if files else "{}"
        return f'{text},\n "files": {listed},\n "seal": {_quoted(seal)}\n}}\n'.encode()

    @cached_property
    def _document(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "holds": self.holds,
            "unit": self.unit,
            "assurance": self.assurance,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "made_with": dict(sorted(self.made_with.items())),
            "files": self._files,
        }

    @cached_property
    def _files(self) -> dict[str, dict[str, str]]:
        return {path: _written(self.files[path]) for path in sorted(self.files)}


def _written(listed: Listed) -> dict[str, str]:
    values = {"sha256": listed.sha256, "kind": listed.kind, "entry": listed.entry, "digest": listed.digest}
    return {key: value for key, value in values.items() if value is not None}


def _lines(values: Mapping[str, str]) -> str:
    return ",\n".join([f"   {_quoted(key)}: {_quoted(value)}" for key, value in values.items()])


def held(folder: Path) -> str | None:
    """What a folder holds by its manifest, `site` or `tree`, however broken the rest is; None where there is none.

    Args:
        folder: a built site, a staged tree, or anything else.
    """
    try:
        # A pipe at this place would make a plain open() wait for ever.
        return TREE if _HOLDS_TREE.search(read_start(folder / PATH, _HEAD_BYTES)) else SITE
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return SITE if (folder / PATH).is_file() else None


def taken_down(folder: Path, after: Mapping[str, Listed]) -> set[str]:
    """List the files of entries that have a page of their own in a folder and will have none any more.

    Args:
        folder: a built site or staged tree, as its manifest says, unchecked.
        after: what will be in its place, by path.

    Returns:
        Paths relative to the folder: pages, attachments, pictures. Nothing where its manifest cannot be read.
    """
    shown = {listed.entry for listed in after.values() if listed.kind in _OF_ENTRY}
    try:
        had = _parsed(folder)["files"].items()
        return {path for path, file in had if file["kind"] in _OF_ENTRY and file.get("entry") not in shown}
    except _UNUSABLE:
        return set()


def listed_in(folder: Path) -> Collection[str]:
    """Return the paths that a folder's manifest names, unchecked; nothing where it cannot be read.

    Args:
        folder: a built site or staged tree; it may be missing.
    """
    try:
        files: dict[str, object] = _parsed(folder)["files"]
        return files.keys()
    except _UNUSABLE:
        return ()


def _parsed(folder: Path) -> Any:
    """The manifest as JSON, whatever it holds; one build asks several times, so the same file is read once."""
    # Another file, or other bytes in it, have another one of these; a link to it elsewhere changes none.
    path = f"{os.path.realpath(folder)}/{PATH}"
    status = Path(path).lstat()
    return _parsed_once(path, status.st_ino, status.st_mtime_ns, status.st_size)


@lru_cache(1)
def _parsed_once(path: str, *_status: int) -> Any:
    return json.loads(read_regular(path))


def published(folder: Path) -> Published | None:
    """Return the pages of a folder as its manifest says, unchecked: as much as can be read of it.

    Args:
        folder: a built site, a staged tree, or anything else.

    Returns:
        None where there is no manifest, or nothing of it can be read.
    """
    try:
        document = _parsed(folder)
        files = [listed for listed in document["files"].values() if isinstance(listed, dict)]
    except _UNUSABLE:
        return None
    digests = {
        str(listed["entry"]): str(listed["digest"])
        for listed in files
        if "digest" in listed and "entry" in listed and listed.get("kind") not in _PARTS
    }
    return Published(_moment(document.get("as_of")), str(document.get("assurance", "")), digests)


def _moment(text: object) -> datetime:
    """The moment that a manifest speaks of; the beginning of time where it names none."""
    with suppress(ValueError):
        found = datetime.fromisoformat(str(text))
        if found.tzinfo:
            return found
    return datetime.fromtimestamp(0, timezone.utc)


def load(folder: Path) -> tuple[Manifest, bool, str]:
    """The manifest of a folder.

    Args:
        folder: a built site or staged tree.

    Returns:
        The manifest, whether its seal agrees, and the SHA-256 of the file.

    Raises:
        FileNotFoundError: there is none.
        InvalidInput: it is not one that Gongshi wrote.
    """
    file = folder / PATH
    try:
        if file.stat().st_size > _BYTES:
            raise _broken(_("is larger than {size} MiB").format(size=_BYTES >> 20))
        content = read_regular(file)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(str(file)) from None
    except OSError as error:
        raise _broken(_("cannot be read: {reason}").format(reason=error.strerror)) from None
    found, sealed = read(content)
    return found, sealed, sha256(content)


def read(content: bytes) -> tuple[Manifest, bool]:
    """Read a manifest strictly: it is as Gongshi writes it, byte for byte, or it is none.

    Args:
        content: the bytes of the file.

    Returns:
        The manifest, and whether its seal agrees with the rest.

    Raises:
        InvalidInput: it is broken, of another format, or lists what Gongshi never writes.
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
    # The years that a build's clock can show.
    if not _TIME.fullmatch(document["as_of"]) or not 0 <= as_of.timestamp() < 1 << 32:
        raise ValueError
    return Manifest(
        holds=document["holds"],
        unit=document["unit"],
        assurance=document["assurance"],
        as_of=as_of,
        made_with=document["made_with"],
        files={path: _listed(path, values) for path, values in document["files"].items()},
    )


def _listed(path: str, values: dict[str, Any]) -> Listed:
    listed = Listed(**values)
    if not all(value is None or isinstance(value, str) for value in values.values()):
        raise ValueError
    if listed.kind not in _KINDS or not _is_plain(path) or not (listed.entry is None or _is_plain(listed.entry)):
        raise ValueError
    if not _HEX.fullmatch(listed.sha256) or not (listed.digest is None or _HEX.fullmatch(listed.digest)):
        raise ValueError
    if listed.kind in _OF_ENTRY and None in (listed.entry, listed.digest):
        raise ValueError
    return listed


def _is_plain(path: str) -> bool:
    """Tell whether a path can be that of a file beside the manifest."""
    return path != PATH and is_inside(path)
