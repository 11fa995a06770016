"""`.gongshi/builds.json`: what this clone built, remembered outside of the folders that it built.

Who can change a deployed site can write a manifest that fits it; this file stays where the site was made.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from gongshi.common.errors import InvalidInput, Problem, unreadable
from gongshi.common.files import OWN_FOLDER, own_folder, read_regular, write_whole
from gongshi.i18n import gettext as _
from gongshi.release.manifest import Manifest

_NAME = "builds.json"
_FORMAT = "gongshi-builds-1"
KEPT = 200
"""How many builds are remembered."""


@dataclass(frozen=True)
class Build:
    """One folder that this clone made."""

    as_of: str
    """The moment that it shows, RFC 3339."""
    holds: str
    """`site` or `tree`."""
    manifest: str
    """SHA-256 of its manifest."""


def of(manifest: Manifest, digest: str) -> Build:
    """The build that a manifest speaks of.

    Args:
        manifest: the manifest.
        digest: the SHA-256 of its file.
    """
    return Build(manifest.as_of.isoformat(timespec="seconds"), manifest.holds, digest)


def remember(root: Path, build: Build) -> None:
    """Add a build, and forget the oldest beyond 200; a damaged memory begins anew.

    Args:
        root: the repository.
        build: what was made.

    Raises:
        OSError: it cannot be read or written.
    """
    try:
        before = [other for other in _read(root) if other != build]
    except ValueError:
        before = []
    builds = [*before, build][-KEPT:]
    document = {"format": _FORMAT, "builds": [asdict(build) for build in builds]}
    write_whole(own_folder(root) / _NAME, (json.dumps(document, indent=1) + "\n").encode())


def recall(root: Path) -> list[Build]:
    """What this clone built, oldest first.

    Args:
        root: the repository.

    Raises:
        InvalidInput: the memory is damaged or cannot be read.
    """
    try:
        return _read(root)
    except OSError as error:
        raise InvalidInput([unreadable(f"{OWN_FOLDER}/{_NAME}", error)]) from None
    except ValueError:
        problem = Problem(f"{OWN_FOLDER}/{_NAME}", _("is damaged, so it proves nothing; delete it"))
        raise InvalidInput([problem]) from None


def _read(root: Path) -> list[Build]:
    """Read the remembered builds, oldest first; raise ValueError where they are damaged, OSError where unreadable."""
    try:
        document = json.loads(read_regular(root / OWN_FOLDER / _NAME))
        if document["format"] != _FORMAT:
            raise ValueError
        return [Build(**values) for values in document["builds"]]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError from error
