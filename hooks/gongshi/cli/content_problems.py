"""Problems in the content of entries, for the commands that list them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gongshi.common.errors import Problem
from gongshi.common.progress import announced
from gongshi.domain.review import copied_entries, draft_checks, messages
from gongshi.domain.review.snapshot import Snapshot, collisions
from gongshi.domain.review.status import EntryStatus
from gongshi.i18n import gettext as _


def find_problems(snapshot: Snapshot, paths: Collection[str], compared: Collection[str]) -> list[Problem]:
    """Return the problems of entries and pages, in the order of files and lines.

    Args:
        snapshot: the unit.
        paths: the entries and pages, relative to `docs/`.
        compared: those of them whose text is compared with its page.

    Raises:
        UsageError: the settings of Markdown in mkdocs.yml cannot be used.
    """
    # Slow to load.
    from gongshi.build.content_check import ContentChecker
    from gongshi.build.markdown_settings import check_settings

    check_settings(snapshot.configuration.file)
    with announced(_("Reading texts"), len(paths)):
        shown = ContentChecker(snapshot.configuration, snapshot).problems(snapshot, paths, compared)
    rivals = (problem for path, found in collisions(snapshot).items() if path in paths for problem in found)
    copied = copied_entries.advice(snapshot, paths)
    own = (problem for path in paths for problem in _of_entry(snapshot.statuses[path], snapshot))
    return sorted({*own, *shown, *rivals, *copied}, key=Problem.sort_key)


def _of_entry(status: EntryStatus, snapshot: Snapshot) -> Iterator[Problem]:
    yield from status.problems
    yield from _of_draft(status, snapshot)
    yield from _of_flag(status, snapshot)


def _of_draft(status: EntryStatus, snapshot: Snapshot) -> tuple[Problem, ...]:
    if status.draft is None:
        return ()
    policy, label = snapshot.configuration.policy, snapshot.tree.label(status.path)
    return (*status.draft.problems, *draft_checks.findings(status, policy, snapshot.now, label))


def _of_flag(status: EntryStatus, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield problems of review flags: void decisions, or flags that look like decisions but are none."""
    configuration, docs = snapshot.configuration, snapshot.configuration.docs.name
    if configuration.policy.assurance == "flag":
        for rejected_decision in status.rejected:
            yield messages.rejection_problem(rejected_decision, status, docs, configuration.policy)
    elif unproven := messages.unproven_flag(status, docs, configuration.policy, snapshot.now.date()):
        yield unproven
