"""What a preview knows from its last look, so that only what was touched since is read again.

Time stamps are good enough for people who look at their own drafts. No build trusts them: what is published is judged
from the bytes each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime

from gongshi.domain.config.loader import Configuration
from gongshi.domain.content.docs_tree import Tree
from gongshi.domain.content.paths import REVIEWS_DIR, folder_of
from gongshi.domain.review.snapshot import Survey, survey
from gongshi.domain.review.status import Standing

_Marks = tuple[object, ...]


class Familiar:
    """The standings of the last look, with the time stamps of the files that they came from."""

    def __init__(self) -> None:
        self._configuration: Configuration | None = None
        self._day = ""
        self._known: dict[str, tuple[_Marks, Standing]] = {}

    def survey(self, configuration: Configuration, now: datetime) -> Survey:
        """Everything as it stands now.

        Args:
            configuration: the unit's configuration; where it is another, or another day, everything is read again.
            now: the present.
        """
        day = now.astimezone(configuration.policy.zone).date().isoformat()
        if configuration != self._configuration or day != self._day:
            self._known = {}
        self._configuration, self._day = configuration, day
        marks: dict[str, _Marks] = {}

        def known(tree: Tree, paths: Sequence[str], _now: datetime) -> dict[str, Standing]:
            marks.update((path, tuple(_marks(path, tree))) for path in paths)
            same = ((path, self._known[path]) for path in paths if path in self._known)
            return {path: standing for path, (before, standing) in same if before == marks[path]}

        found = survey(configuration, now, known=known)
        self._known = {path: (marks[path], found.standings[path]) for path in marks if _lasts(found.standings[path])}
        return found


def _marks(path: str, tree: Tree) -> Iterator[object]:
    """What changes whenever somebody writes one of an entry's files, and what is wrong with their places."""
    source = tree.sources.get(path)
    files = [f"{folder_of(path)}{name}" for name in source.files] if source else []
    for file in (path, *files, f"{REVIEWS_DIR}/{path}.jsonl", f"{REVIEWS_DIR}/{path}.head"):
        try:
            found = os.stat(f"{tree.docs}/{file}", follow_symlinks=False)  # noqa: PTH116 - tens of thousands of times
        except OSError:
            yield None
        else:
            yield (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
    yield tuple(source.problems) if source else None
    yield tuple(files)


def _lasts(standing: Standing) -> bool:
    """Whether a standing does not hang on the clock."""
    versions = (
        standing.draft.version if standing.draft else None,
        standing.public.version if standing.public else None,
    )
    dates = [(v.meta.publish_at, v.meta.expires_at, v.meta.public_notice) for v in versions if v]
    waits = standing.owed or standing.scheduled or standing.round
    # What has problems is read again each time: they may come from elsewhere, such as the record's objects.
    return not (waits or standing.problems or standing.voids or any(map(any, dates)))
