"""The whole unit at one moment: every entry and page with its standing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from gongshi.domain import naming
from gongshi.domain.archive import Archive
from gongshi.domain.configuration import Configuration
from gongshi.domain.decisions import Decisions, FlaggedDecisions, SealedDecisions
from gongshi.domain.problem import InvalidInput, Problem
from gongshi.domain.publication import Public, Reason, Standing, judge
from gongshi.domain.tree import Draft, Tree
from gongshi.i18n import gettext as _


@dataclass(frozen=True)
class Survey:
    """What there is, what is public, and why the rest is not."""

    configuration: Configuration
    now: datetime
    tree: Tree
    decisions: Decisions
    standings: dict[str, Standing]
    """By path relative to `docs/`, sorted."""

    def public(self) -> Iterator[tuple[str, Public]]:
        """Every address that visitors can see, with what they see there."""
        return ((path, standing.public) for path, standing in self.standings.items() if standing.public)


def survey(configuration: Configuration, now: datetime) -> Survey:
    """Read everything and judge it.

    Args:
        configuration: the unit's configuration.
        now: the present.
    """
    tree = Tree(configuration.docs, configuration.policy)
    decisions = decisions_of(configuration, tree)
    paths = sorted({*tree.sources, *decisions.entries()})
    standings = {path: standing(path, tree, decisions, configuration, now) for path in paths}
    return Survey(configuration, now, tree, decisions, _without_rivals(standings, tree.label))


def decisions_of(configuration: Configuration, tree: Tree) -> Decisions:
    """The place where this unit keeps its decisions."""
    if configuration.policy.assurance == "flag":
        return FlaggedDecisions(tree, configuration.policy)
    return SealedDecisions(Archive(configuration.docs), tree, configuration.policy)


def standing(path: str, tree: Tree, decisions: Decisions, configuration: Configuration, now: datetime) -> Standing:
    """How one entry or page stands, other claims to its address aside.

    Args:
        path: the Markdown file, relative to `docs/`; there may be no such file any more.
        tree: the content folder.
        decisions: where the decisions are kept.
        configuration: the unit's configuration.
        now: the present.
    """
    source = tree.sources.get(path)
    draft: Draft | None = tree.draft(source) if source else None
    policy = configuration.policy
    if source is None and (message := naming.place_problem(path, policy.columns)):
        return Standing(path, None, Reason.TAMPERED, (Problem(tree.label(path), message),))
    try:
        found = decisions.review(path, draft, now)
    except InvalidInput as error:
        return Standing(path, None, Reason.TAMPERED, error.problems, draft=draft)
    if source and source.misplaced:
        found.approved.clear()
    return judge(path, found, lambda approved: decisions.load(path, approved, draft), draft, policy, now)


def _without_rivals(standings: dict[str, Standing], label: Callable[[str], str]) -> dict[str, Standing]:
    """Of two published pages or files with one address only the one that was approved first stays."""
    owners: dict[str, str] = {}
    result = dict(standings)
    for path, public in sorted(_published(standings), key=_seniority):
        outputs = _outputs(path, public)
        rival = next((owners[key] for key in outputs if key in owners), None)
        if rival is None:
            owners.update(dict.fromkeys(outputs, path))
            continue
        message = _("has the same address as {other}, which was published first; move one of them").format(
            other=label(rival)
        )
        problems = (*standings[path].problems, Problem(label(path), message))
        result[path] = replace(standings[path], public=None, reason=Reason.ADDRESS_TAKEN, problems=problems)
    return result


def _published(standings: dict[str, Standing]) -> list[tuple[str, Public]]:
    return [(path, standing.public) for path, standing in standings.items() if standing.public]


def _seniority(item: tuple[str, Public]) -> tuple[datetime, str]:
    path, public = item
    decision = public.approved.decision if public.approved else public.withdrawal
    assert decision is not None
    return (decision.at, path)


def _outputs(path: str, public: Public) -> list[str]:
    folder = naming.folder_of(path)
    files = public.version.files if public.version else ()
    return [
        naming.collation_key(naming.address_of(path).rstrip("/")),
        *(naming.collation_key(folder + f) for f in files),
    ]
