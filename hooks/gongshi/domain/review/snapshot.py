"""Snapshot of the whole unit at one moment: every entry and page with its status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gongshi.common.collector import collector_paused
from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.common.parallel import map_chunks
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Column, Policy
from gongshi.domain.content import output_files
from gongshi.domain.content import paths as content_paths
from gongshi.domain.content.docs_tree import DocsTree, Draft
from gongshi.domain.content.output_files import Claims
from gongshi.domain.content.version import Version
from gongshi.domain.review.decision_sources import DecisionSource, open_decisions
from gongshi.domain.review.models import ApprovedVersion
from gongshi.domain.review.status import EntryStatus, PublicState, WithheldReason, evaluate_status
from gongshi.domain.review.urgent_debts import Debt, Debts
from gongshi.i18n import gettext as _

_MAX_SINGLE_READS = 20
"""Number of entries up to which reading them one by one is faster than reading the whole unit."""


Known = Callable[[DocsTree, Sequence[str], datetime], dict[str, EntryStatus]]
"""Returns cached statuses by path, for the preview. Arguments: content folder, paths, present time."""


@dataclass(frozen=True)
class Snapshot:
    """Snapshot of a unit: its entries and pages with their statuses at one moment."""

    configuration: Configuration
    now: datetime
    tree: DocsTree
    decisions: DecisionSource
    statuses: dict[str, EntryStatus]
    """The statuses by path relative to `docs/`, sorted."""

    def public(self) -> Iterator[tuple[str, PublicState]]:
        """Return every public entry with its public state."""
        return ((path, status.public) for path, status in self.statuses.items() if status.public)


def take_snapshot(
    configuration: Configuration,
    now: datetime,
    until: datetime | None = None,
    known: Known | None = None,
    tree: DocsTree | None = None,
) -> Snapshot:
    """Read the whole unit and decide the status of each entry and page.

    Args:
        configuration: the unit's configuration.
        now: the present.
        until: decisions dated later are left out, to see what was public at a moment in the past; None for all, so
            that a withdrawal counts even if its date lies in the future.
        known: returns cached statuses, only for a preview; builds for publication evaluate every entry from its files.
        tree: the content folder if it has been scanned already; None to scan it.
    """
    with collector_paused(keeps=True):
        tree = tree or DocsTree(configuration.docs, configuration.policy)
        decisions = open_decisions(configuration, tree, until)
        paths = sorted({*tree.sources, *decisions.entries()})

        def evaluate_chunk(chunk: Sequence[str]) -> tuple[dict[str, EntryStatus], object]:
            return _statuses(chunk, tree, decisions, configuration, now), decisions.export_heads()

        entry_statuses = known(tree, paths, now) if known else {}
        for found, seen in map_chunks(evaluate_chunk, [path for path in paths if path not in entry_statuses]):
            entry_statuses.update(found)
            decisions.merge_heads(seen)
        entry_statuses = {path: entry_statuses[path] for path in paths}
        if owed := urgent_debts(entry_statuses.values(), decisions, configuration.policy, now):
            # Publishing urgently at another address must not extend the deadline.
            for path in [path for path, found in entry_statuses.items() if found.public and found.public.urgent]:
                entry_statuses[path] = entry_status(path, tree, decisions, configuration, now, owed)
    return Snapshot(
        configuration,
        now,
        tree,
        decisions,
        _resolve_address_conflicts(entry_statuses, tree.label, configuration.policy.columns),
    )


def _statuses(
    paths: Sequence[str], tree: DocsTree, decisions: DecisionSource, configuration: Configuration, now: datetime
) -> dict[str, EntryStatus]:
    """Return the statuses of these entries and pages. Reading all files of one kind in a row is faster."""
    decisions.prepare(paths)
    drafts = {path: tree.draft(tree.sources[path]) for path in paths if path in tree.sources}
    return {path: _evaluate(path, drafts.get(path), tree, decisions, configuration, now, None) for path in paths}


def urgent_debts(
    entry_statuses: Iterable[EntryStatus], decisions: DecisionSource, policy: Policy, now: datetime
) -> Debts:
    """Return the chains of urgent publications that are owed, overdue or not.

    Args:
        entry_statuses: the entries.
        decisions: the decision source.
        policy: the people.
        now: the present.
    """
    found = (_debt(each, each.owed, policy) for each in entry_statuses if each.owed)
    return Debts(
        [debt for debt in found if debt],
        policy,
        now,
        lambda path, approved: decisions.load(path, approved, None),
        decisions.file,
    )


def _debt(status: EntryStatus, owed: ApprovedVersion, policy: Policy) -> Debt | None:
    if owed.due is None:
        return None
    # A rejected withdrawal, such as an unsigned line, could be by the person who owes the chain.
    withdrawal = status.withdrawal if status.withdrawal_counts else None
    later = withdrawal is not None and withdrawal.line > status.owing[-1].decision.line
    return Debt(
        status.path,
        policy.canonical_person(owed.decision.by),
        status.owing,
        policy.canonical_person(withdrawal.by) if later and withdrawal else None,
    )


def entry_status(
    path: str,
    tree: DocsTree,
    decisions: DecisionSource,
    configuration: Configuration,
    now: datetime,
    owed: Debts | None = None,
) -> EntryStatus:
    """Return the status of one entry or page, without checking for address conflicts.

    Args:
        path: the Markdown file, relative to `docs/`; it may have been deleted.
        tree: the content folder.
        decisions: the decision source.
        configuration: the unit's configuration.
        now: the present.
        owed: the chains that the unit owes; None if they are not known yet.
    """
    source = tree.sources.get(path)
    draft = tree.draft(source) if source else None
    return _evaluate(path, draft, tree, decisions, configuration, now, owed)


def _evaluate(
    path: str,
    draft: Draft | None,
    tree: DocsTree,
    decisions: DecisionSource,
    configuration: Configuration,
    now: datetime,
    owed: Debts | None,
) -> EntryStatus:
    source, policy = tree.sources.get(path), configuration.policy
    if source and draft and source.misplaced:
        return EntryStatus(path, None, WithheldReason.INVALID, draft.problems, draft=draft)
    if source is None and (message := content_paths.place_problem(path, policy.columns)):
        return EntryStatus(
            path, None, WithheldReason.TAMPERED, (Problem(tree.label(f".reviews/{path}.jsonl"), message),)
        )
    try:
        found = decisions.review(path, draft, now)
    except InvalidInput as error:
        return EntryStatus(path, None, WithheldReason.TAMPERED, error.problems, draft=draft)
    if draft and draft.version and found.latest is None and (other := decisions.sharing(path)):
        message = _(
            "the record has decisions on {other} under the same name (case does not count); choose another name"
        )
        problem = Problem(tree.label(path), message.format(other=tree.label(other)))
        draft = replace(draft, version=None, problems=(problem,))

    def load(approved: ApprovedVersion) -> Version:
        return decisions.load(path, approved, draft)

    def peek(approved: ApprovedVersion) -> Version | None:
        return decisions.peek(path, approved, draft)

    return evaluate_status(path, found, load, draft, policy, now, owed, peek)


def status_with_context(
    path: str,
    tree: DocsTree,
    decisions: DecisionSource,
    configuration: Configuration,
    now: datetime,
    whole: bool = False,
) -> tuple[EntryStatus, Debts | None]:
    """Return the status of one entry or page, considering owed chains and addresses of all other entries.

    The other entries are read only if their owed chains or addresses can matter; they can only withhold this entry.

    Args:
        path: the Markdown file, relative to `docs/`.
        tree: the content folder.
        decisions: the decision source.
        configuration: the unit's configuration.
        now: the present.
        whole: True to read the other entries in any case.

    Returns:
        The status, and the chains that the unit owes; None if the other entries were not read.
    """

    def status_of(other: str) -> EntryStatus:
        return entry_status(other, tree, decisions, configuration, now)

    status, columns = status_of(path), configuration.policy.columns
    known = {*tree.sources, *decisions.entries()}
    if not whole and status.owed is None and not _has_rivals(status, known, status_of, columns):
        return status, None
    snapshot = take_snapshot(configuration, now, tree=tree)
    return snapshot.statuses[path], urgent_debts(
        snapshot.statuses.values(), snapshot.decisions, configuration.policy, now
    )


def _has_rivals(
    status: EntryStatus, known: Iterable[str], status_of: Callable[[str], EntryStatus], columns: Mapping[str, Column]
) -> bool:
    """Tell whether another entry or page may claim the address of this one."""
    if status.public is None:
        return False
    folder = _site_folder(status.path)
    candidates = [other for other in known if other != status.path and _overlap(_site_folder(other), folder)]
    if len(candidates) > _MAX_SINGLE_READS:
        return True
    claims = Claims()
    claims.claim(_outputs(status.path, status.public, columns), status.path)
    rivals = [(other, public) for other in candidates if (public := status_of(other).public)]
    return any(claims.rival(_outputs(other, public, columns), other) for other, public in rivals)


def _site_folder(path: str) -> str:
    """Return the folder of the site that contains all files of a published entry."""
    return content_paths.collation_key(content_paths.output_path(path)).rpartition("/")[0]


def _overlap(one: str, other: str) -> bool:
    """Tell whether two folders are the same, or one contains the other."""
    return one == other or not one or not other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _resolve_address_conflicts(
    entry_statuses: dict[str, EntryStatus], label: Callable[[str], str], columns: Mapping[str, Column]
) -> dict[str, EntryStatus]:
    """Return the statuses, with pages withheld whose address an earlier published page has."""
    result = dict(entry_statuses)
    public_entries = _public_entries(entry_statuses)
    outputs_of = {path: _outputs(path, public, columns) for path, public in public_entries}
    if output_files.are_apart([output for outputs in outputs_of.values() for output in outputs]):
        return result
    claims = Claims()
    for path, _public in sorted(public_entries, key=seniority):
        outputs = outputs_of[path]
        if rival := claims.claim(outputs, path):
            problem = Problem(label(path), rival_text(*rival, path, label))
            problems = (*entry_statuses[path].problems, problem)
            result[path] = replace(
                entry_statuses[path], public=None, reason=WithheldReason.ADDRESS_TAKEN, problems=problems
            )
    return result


def rival_text(output: str, rival: str, path: str, label: Callable[[str], str]) -> str:
    """Return the message that an entry conflicts with the address of another entry.

    Args:
        output: the file of the site that conflicts.
        rival: the other entry, which was published first, relative to `docs/`.
        path: the entry, relative to `docs/`.
        label: returns the name of a path in messages.
    """
    if output == content_paths.output_path(path):
        message = _("has the same address as {other}, which was published first; move one of them")
        return message.format(other=printable(label(rival)))
    message = _("its file {file} has the same address as {other}, which was published first; move one of them")
    return message.format(file=printable(output), other=printable(label(rival)))


def collisions(snapshot: Snapshot) -> dict[str, list[Problem]]:
    """Find drafts whose addresses conflict with other public entries.

    Args:
        snapshot: the unit.

    Returns:
        Problems by path, for drafts that differ from their public version.
    """
    columns, label = snapshot.configuration.policy.columns, snapshot.tree.label
    claims = Claims()
    for path, public in snapshot.public():
        claims.claim(_outputs(path, public, columns), path)
    found: dict[str, list[Problem]] = {}
    for path, status in snapshot.statuses.items():
        version = status.draft_version
        if version is None or status.reason in (None, WithheldReason.ADDRESS_TAKEN):
            continue
        if rival := claims.rival(
            output_files.outputs(path, version.files, version.meta.event is not None, columns), path
        ):
            found[path] = [Problem(label(path), rival_text(*rival, path, label))]
    return found


def _public_entries(entry_statuses: dict[str, EntryStatus]) -> list[tuple[str, PublicState]]:
    return [(path, status.public) for path, status in entry_statuses.items() if status.public]


def seniority(item: tuple[str, PublicState]) -> tuple[float, str]:
    """Return the sort key by time of first publication: in an address conflict, the earlier entry stays.

    Args:
        item: the path relative to `docs/`, and the public state.
    """
    path, public = item
    assert public.since is not None
    return (public.since.timestamp(), path)


def _outputs(path: str, public: PublicState, columns: Mapping[str, Column]) -> list[str]:
    """Return the files that a published entry has on the site."""
    version = public.version
    if version is None:
        return [content_paths.output_path(path)]
    return list(output_files.outputs(path, version.files, version.meta.event is not None, columns))
