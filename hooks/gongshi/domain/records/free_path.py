"""Chooses the path of a new entry."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from gongshi.domain.content.paths import ORIGINALS_DIR
from gongshi.domain.records.store import ReviewStore


def free_path(archive: ReviewStore, docs: Path, column: str, now: datetime, bundle: bool) -> str:
    """Return the path with the first free number of the day.

    Numbers of deleted entries stay taken if there is a record of decisions or an original that was imported.

    Args:
        archive: the record; hold its lock until the entry is written.
        docs: the content folder.
        column: the id of the column.
        now: the present.
        bundle: True for an entry with a folder of its own.

    Returns:
        The Markdown file, relative to `docs/`.
    """
    day = now.strftime("%Y%m%d")
    folder = f"{column}/{now:%Y}"
    decided = {entry[len(folder) + 1 :].split("/")[0] for entry in archive.entries() if entry.startswith(f"{folder}/")}
    names = decided | _names(docs / folder) | _names(docs / ORIGINALS_DIR / folder)
    taken = {match[1] for name in names if (match := re.fullmatch(rf"{day}-([0-9]+)(\.md)?", name))}
    number = next(n for n in range(1, 10_000) if str(n) not in taken)
    stem = f"{folder}/{day}-{number}"
    return f"{stem}/index.md" if bundle else f"{stem}.md"


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
