"""`/.well-known/gongshi.json`: every file of the site with its SHA-256 and what it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from gongshi import __version__

PATH = ".well-known/gongshi.json"


@dataclass(frozen=True)
class Listed:
    """One file of the site."""

    sha256: str
    kind: str
    """`page`, `list`, `notice` (all generated), `file` (approved bytes), `theme` or `generated`."""
    entry: str | None = None
    """The Markdown file it comes from, relative to `docs/`."""
    digest: str | None = None
    """The digest of the approved version."""


def manifest(files: Mapping[str, Listed], unit: str, assurance: str, now: datetime) -> bytes:
    """The manifest as JSON.

    Args:
        files: every other file of the site by its path.
        unit: the unit's name.
        assurance: where the decisions stand.
        now: the moment that the site shows.
    """
    document = {
        "format": "gongshi-manifest-1",
        "generator": f"gongshi {__version__}",
        "unit": unit,
        "assurance": assurance,
        "as_of": now.isoformat(timespec="seconds"),
        "files": {
            path: {key: value for key, value in asdict(files[path]).items() if value is not None}
            for path in sorted(files)
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
