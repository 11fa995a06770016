"""Status cache for `mkdocs serve`: re-evaluates only entries whose files changed.

A change is seen by time stamps, which is enough for people who look at their own drafts. A build does not use this
cache: what is published is judged from the bytes each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime

from gongshi.domain.config.loader import Configuration
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.paths import REVIEWS_DIR, parent_dir
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from gongshi.domain.review.status import EntryStatus

_Stamps = tuple[object, ...]


class SnapshotCache:
    """The status of each entry at the last evaluation, with the time stamps of its files."""

    def __init__(self) -> None:
        self._configuration: Configuration | None = None
        self._day = ""
        self._known: dict[str, tuple[_Stamps, EntryStatus]] = {}

    def survey(self, configuration: Configuration, now: datetime) -> Snapshot:
        """Return the whole unit as it stands now.

        Args:
            configuration: the unit's configuration; if it or the day has changed, everything is read again.
            now: the present.
        """
        day = now.astimezone(configuration.policy.zone).date().isoformat()
        if configuration != self._configuration or day != self._day:
            self._known = {}
        self._configuration, self._day = configuration, day
        stamps: dict[str, _Stamps] = {}

        def known(tree: DocsTree, paths: Sequence[str], _now: datetime) -> dict[str, EntryStatus]:
            stamps.update((path, tuple(_file_stamps(path, tree))) for path in paths)
            same = ((path, self._known[path]) for path in paths if path in self._known)
            return {path: status for path, (before, status) in same if before == stamps[path]}

        found = take_snapshot(configuration, now, known=known)
        lasting = (path for path in stamps if _is_time_independent(found.statuses[path]))
        self._known = {path: (stamps[path], found.statuses[path]) for path in lasting}
        return found


def _file_stamps(path: str, tree: DocsTree) -> Iterator[object]:
    """Yield values that change whenever one of an entry's files is written or gets another problem of its name."""
    source = tree.sources.get(path)
    files = [f"{parent_dir(path)}{name}" for name in source.files] if source else []
    for file in (path, *files, f"{REVIEWS_DIR}/{path}.jsonl", f"{REVIEWS_DIR}/{path}.head"):
        try:
            found = os.stat(f"{tree.docs}/{file}", follow_symlinks=False)  # noqa: PTH116 - tens of thousands of times
        except OSError:
            yield None
        else:
            yield (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
    yield tuple(source.problems) if source else None
    yield tuple(files)


def _is_time_independent(status: EntryStatus) -> bool:
    """Tell whether the status of an entry stays the same on this day as long as its files do."""
    versions = (
        status.draft_version,
        status.public.version if status.public else None,
    )
    dates = [(v.meta.publish_at, v.meta.expires_at, v.meta.public_notice) for v in versions if v]
    waits = status.owed or status.scheduled or status.round
    # An entry with problems is read again each time: their cause may lie in other files, such as approved files.
    return not (waits or status.problems or status.rejected or any(map(any, dates)))
