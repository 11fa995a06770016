"""Build history (`.gongshi/builds.json`): the manifest hashes of the folders that this clone built.

Somebody who can change a deployed site can also write a matching manifest. This file stays on the build machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from gongshi.common.errors import InvalidInput, Problem, unreadable
from gongshi.common.files import STATE_DIR, read_file, state_dir, write_atomic
from gongshi.i18n import gettext as _
from gongshi.release.manifest import Manifest

_NAME = "builds.json"
_FORMAT = "gongshi-builds-1"
KEPT = 200
"""Maximum number of builds in the history."""


@dataclass(frozen=True)
class Build:
    """One folder that this clone built."""

    as_of: str
    """The moment that the folder shows, RFC 3339."""
    holds: str
    """`site` or `tree`."""
    manifest: str
    """SHA-256 of its manifest file."""


def build_record(manifest: Manifest, digest: str) -> Build:
    """Return the history record for a manifest.

    Args:
        manifest: the manifest.
        digest: SHA-256 of the manifest file.
    """
    return Build(manifest.as_of.isoformat(timespec="seconds"), manifest.kind, digest)


def append(root: Path, build: Build) -> None:
    """Append a build to the history and keep the newest 200; a damaged history is replaced.

    Args:
        root: the repository.
        build: the build to add.

    Raises:
        OSError: the file cannot be read or written.
    """
    try:
        before = [other for other in _read(root) if other != build]
    except ValueError:
        before = []
    builds = [*before, build][-KEPT:]
    document = {"format": _FORMAT, "builds": [asdict(build) for build in builds]}
    write_atomic(state_dir(root) / _NAME, (json.dumps(document, indent=1) + "\n").encode())


def load(root: Path) -> list[Build]:
    """Load the builds of this clone, oldest first.

    Args:
        root: the repository.

    Raises:
        InvalidInput: the file is damaged or cannot be read.
    """
    try:
        return _read(root)
    except OSError as error:
        raise InvalidInput([unreadable(f"{STATE_DIR}/{_NAME}", error)]) from None
    except ValueError:
        problem = Problem(f"{STATE_DIR}/{_NAME}", _("is damaged, so it proves nothing; delete it"))
        raise InvalidInput([problem]) from None


def _read(root: Path) -> list[Build]:
    """Read the history, oldest first; raise ValueError if it is damaged, OSError if it cannot be read."""
    try:
        document = json.loads(read_file(root / STATE_DIR / _NAME))
        if document["format"] != _FORMAT:
            raise ValueError
        return [Build(**values) for values in document["builds"]]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError from error
