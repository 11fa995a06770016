"""Remember in `.gongshi/takedown.json` that a build was stopped because it would take down too many pages.

The file lists the pages and whether somebody accepted that. The next build or staging that is not stopped removes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gongshi.common.errors import Refused
from gongshi.common.files import STATE_DIR, read_file, state_dir, write_atomic
from gongshi.i18n import gettext as _

_NAME = "takedown.json"
_FORMAT = "gongshi-takedown-1"


@dataclass(frozen=True)
class Stop:
    """A build or staging that was stopped."""

    entries: frozenset[str]
    """The Markdown files whose pages it would have taken down, relative to `docs/`."""
    folder: str
    """The folder that it would have replaced, relative to the repository."""
    accepted: bool = False


def recall(root: Path) -> Stop | None:
    """Return the last stopped build; None if there is none, or the file cannot be read.

    Args:
        root: the repository.
    """
    try:
        document = json.loads(read_file(root / STATE_DIR / _NAME))
        if document["format"] != _FORMAT or not isinstance(document["accepted"], bool):
            return None
        return Stop(frozenset(map(str, document["entries"])), str(document["folder"]), document["accepted"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def accept(root: Path) -> Stop:
    """Let the next build take down the pages for which the last one was stopped, and no others.

    Args:
        root: the repository.

    Raises:
        Refused: nothing was stopped.
        OSError: the file cannot be written.
    """
    stopped = recall(root)
    if stopped is None:
        raise Refused(_("no build was stopped because it would take down pages, so there is nothing to accept"))
    accepted = replace(stopped, accepted=True)
    _write(root, accepted)
    return accepted


def forget(root: Path, folder: Path) -> None:
    """Forget the stopped build of a folder, after the folder was replaced.

    Args:
        root: the repository.
        folder: the site or tree.
    """
    stopped = recall(root)
    if stopped is None or stopped.folder == place(root, folder):
        with suppress(OSError):
            (root / STATE_DIR / _NAME).unlink(missing_ok=True)


def place(root: Path, folder: Path) -> str:
    """Return a folder relative to the repository, links resolved.

    Args:
        root: the repository.
        folder: the site or tree.
    """
    return os.path.relpath(os.path.realpath(folder), os.path.realpath(root))


def is_accepted(root: Path, folder: Path, entries: Iterable[str]) -> bool:
    """Tell whether somebody accepted that these pages are taken down from a folder.

    Args:
        root: the repository.
        folder: the site or tree.
        entries: Markdown files relative to `docs/`.
    """
    stopped = recall(root)
    if stopped is None or not stopped.accepted or stopped.folder != place(root, folder):
        return False
    return stopped.entries.issuperset(entries)


def keep(root: Path, stopped: Stop) -> bool:
    """Remember a stopped build, so that somebody can accept it; return False if the file cannot be written.

    Args:
        root: the repository.
        stopped: the pages and the folder.
    """
    try:
        _write(root, stopped)
    except OSError:
        return False
    return True


def _write(root: Path, stopped: Stop) -> None:
    document = {
        "format": _FORMAT,
        "folder": stopped.folder,
        "accepted": stopped.accepted,
        "entries": sorted(stopped.entries),
    }
    write_atomic(state_dir(root) / _NAME, (json.dumps(document, indent=1) + "\n").encode())
