"""Sources of decisions: dossiers or flags. The review rules work the same for both."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any, Protocol

from gongshi.common import dates
from gongshi.common.errors import InvalidInput, Problem
from gongshi.common.hashing import sha256
from gongshi.domain.config import attachment_types
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import paths as content_paths
from gongshi.domain.content.approved_by import Named, named
from gongshi.domain.content.docs_tree import DocsTree, Draft
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.paths import PageKind, kind_of
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.records.rollback_guard import RollbackGuard, Seen
from gongshi.domain.records.signatures import verify_in_parallel
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.records.unfinished_actions import changes_public, unfinished
from gongshi.domain.review import rules
from gongshi.domain.review.messages import missing_text
from gongshi.domain.review.models import (
    ApprovedVersion,
    OpenRound,
    PublicEvent,
    RejectedDecision,
    RejectionReason,
    Review,
)
from gongshi.i18n import gettext as _


class DecisionSource(Protocol):
    """Interface of a source of decisions.

    In all methods, `path` is the Markdown file relative to `docs/`, `approved` is the approval of a version, `draft` is
    the file in `docs/` (None if it is gone) and `now` is the present.
    """

    def entries(self) -> Iterable[str]:
        """Return every entry and page with decisions, relative to `docs/`."""

    def prepare(self, paths: Iterable[str]) -> None:
        """Read ahead for many entries at once, which is faster than one by one."""

    def review(self, path: str, draft: Draft | None, now: datetime) -> Review:
        """Return the review of an entry; raises InvalidInput if its record is damaged."""

    def takes_down(self, path: str, digest: str, draft: Draft | None, now: datetime) -> bool:
        """Tell whether a decision took the entry down, or the deadline of its urgent publication passed."""

    def remember(self) -> None:
        """Update the rollback guard of this clone, so that a restored older record is detected later.

        Raises:
            OSError: its file cannot be written.
            InvalidInput: its file is damaged.
        """

    def give_up(self, path: str) -> None:
        """Accept that decisions are missing, after an action that does not need them was recorded."""

    def export_heads(self) -> object:
        """Return the dossier heads seen so far, for `merge_heads` in another process."""

    def merge_heads(self, seen: Any) -> None:
        """Add the dossier heads that another process has seen."""

    def sharing(self, path: str) -> str | None:
        """Return another entry whose record uses the file name that the record of this entry would get, or None."""

    def load(self, path: str, approved: ApprovedVersion, draft: Draft | None) -> Version:
        """Return the approved version; raises InvalidInput if its files are missing or damaged."""

    def peek(self, path: str, approved: ApprovedVersion, draft: Draft | None) -> Version | None:
        """Return the approved version without reading the files of its bundle; None if its text is lost."""

    def file(self, version: Version, name: str) -> bytes:
        """Return the approved bytes of a bundle's file; raises InvalidInput if they are missing or damaged."""


class DossierDecisions:
    """Decisions in dossiers, each with the digest of the version that it concerns (`assurance: seal`).

    Args:
        archive: the dossiers and approved files.
        tree: the content folder.
        policy: the rules.
        guard: the rollback guard of this clone.
        until: decisions dated later are left out; None for all.
    """

    def __init__(
        self,
        archive: ReviewStore,
        tree: DocsTree,
        policy: Policy,
        guard: RollbackGuard,
        until: datetime | None = None,
    ) -> None:
        self._archive = archive
        self._tree = tree
        self._policy = policy
        self._guard = guard
        self._until = until
        self._seen = Seen()
        self._incomplete: set[str] = set()
        self._read: dict[str, Dossier] = {}

    def entries(self) -> Iterable[str]:
        """Return every entry that has a dossier, or had one when this clone last saw it."""
        return sorted({*self._archive.entries(), *self._guard.decided})

    def prepare(self, paths: Iterable[str]) -> None:
        """Read the dossiers, and check their signatures if decisions are signed."""
        for path in paths:
            # `review` reports a damaged dossier.
            with suppress(InvalidInput):
                self._read[path] = self._archive.read_dossier(path)
        if self._policy.signed:
            verify_in_parallel(
                (decision for dossier in self._read.values() for decision in dossier.decisions), self._policy
            )

    def review(self, path: str, draft: Draft | None, now: datetime) -> Review:
        """Evaluate the dossier of an entry."""
        dossier = self._read.pop(path, None) or self._archive.read_dossier(path)
        label = self._archive.label(path)
        missing = self._guard.check(dossier, label)
        if not missing:
            self._seen.add(dossier)
        decisions = dossier.decisions
        if self._until is not None:
            decisions = tuple(decision for decision in decisions if decision.at <= self._until)
        found = rules.evaluate_decisions(
            path, decisions, self._policy, now, lambda a: self.load(path, a, draft).meta.author
        )
        if missing:
            self._incomplete.add(path)
            line = max(len(dossier.line_hashes), 1)
            found.missing = (Problem(label, missing_text(missing, path, self._policy), line),)
        return found

    def takes_down(self, path: str, digest: str, draft: Draft | None, now: datetime) -> bool:  # noqa: ARG002
        """Tell whether a withdrawal, a return or a passed deadline of an urgent publication took the entry down.

        Args:
            path: the Markdown file, relative to `docs/`.
            digest: the digest of the published version; a withdrawal after its last approval always takes it down.
            draft: not used.
            now: the present.
        """
        try:
            decisions = self._archive.read_dossier(path).decisions
        except InvalidInput:
            return False
        approvals = [
            n
            for n, decision in enumerate(decisions)
            if decision.digest == digest and decision.act in (Action.APPROVE, Action.URGENT)
        ]
        after = decisions[approvals[-1] + 1 :] if approvals else ()
        if any(decision.act is Action.WITHDRAW for decision in after):
            # An approval after that is for another version.
            return True
        effective = decisions[: len(decisions) - len(unfinished(decisions))]
        if not effective or effective[-1].act in (Action.WITHDRAW, Action.RETURN):
            return bool(effective)
        urgent = list(
            takewhile(
                lambda decision: decision.act is not Action.APPROVE or not changes_public(decision, decisions),
                effective[::-1],
            )
        )
        return any(
            decision.act is Action.URGENT and decision.until is not None and decision.until <= now
            for decision in urgent
        )

    def remember(self) -> None:
        """Store the heads of the dossiers that were read in the rollback guard."""
        self._guard.remember(self._seen)

    def give_up(self, path: str) -> None:
        """Make the rollback guard accept the present dossier if decisions were missing from it."""
        if path in self._incomplete:
            self._incomplete.remove(path)
            self._guard.give_up(path)

    def export_heads(self) -> Seen:
        """Return the heads of the dossiers that were read."""
        return self._seen

    def merge_heads(self, seen: Seen) -> None:
        """Add the heads of dossiers that another process read."""
        self._seen.update(seen)

    def sharing(self, path: str) -> str | None:
        """Return another entry whose record has the same file name, ignoring case and Unicode form, or None."""
        return self._archive.sharing(path)

    def load(self, path: str, approved: ApprovedVersion, draft: Draft | None) -> Version:
        """Read the approved files and verify that they have the approved digest."""
        label = f"{self._tree.label(path)} ({approved.digest[:12]})"
        files = dict(approved.decision.files or {})
        folder = content_paths.parent_dir(path)
        text = files.pop(path.removeprefix(folder), None)
        owns = content_paths.is_bundle(path, self._policy.columns)
        if text is None or (files and not owns) or any(_is_forbidden(folder + other) for other in files):
            raise InvalidInput([Problem(label, _("the approval names files that cannot be part of this entry"))])
        is_entry = kind_of(path, self._policy.columns) is PageKind.ENTRY
        manuscript = self._tree.reader.read(self._archive.read_object(text), self._tree.label(path), is_entry)
        shown = draft.version if draft else None
        is_shown = shown is not None and shown.manuscript is manuscript and shown.files == files
        version = shown if shown and is_shown else Version(path, manuscript, files)
        if version.digest != approved.digest:
            raise InvalidInput([Problem(label, _("the kept files are not the ones that were approved"))])
        # Read every file, so that a damaged one withholds its entry. The files of a draft were checked already.
        kept = {name: self._archive.read_object(digest) for name, digest in files.items()}
        refused = [] if is_shown else [name for name in kept if _is_dangerous(folder + name, kept[name])]
        return replace(version, refused=tuple(refused)) if refused else version

    def peek(self, path: str, approved: ApprovedVersion, draft: Draft | None) -> Version | None:  # noqa: ARG002
        """Read the stored text. Its own hash is verified, the digest of the version is not."""
        files = dict(approved.decision.files or {})
        text = files.pop(path.removeprefix(content_paths.parent_dir(path)), "")
        is_entry = kind_of(path, self._policy.columns) is PageKind.ENTRY
        try:
            manuscript = self._tree.reader.read(self._archive.read_object(text), self._tree.label(path), is_entry)
        except InvalidInput:
            return None
        return Version(path, manuscript, files)

    def file(self, version: Version, name: str) -> bytes:
        """Read a stored file and verify its approved hash."""
        return self._archive.read_object(version.files[name])


class FlagDecisions:
    """Decisions in the front matter: `status` and `approved_by`, without a record (`assurance: flag`)."""

    def __init__(self, tree: DocsTree, policy: Policy) -> None:
        self._tree = tree
        self._policy = policy

    def entries(self) -> Iterable[str]:
        """Return nothing: only files in `docs/` can have a flag."""
        return ()

    def prepare(self, paths: Iterable[str]) -> None:
        """Do nothing: there is no record."""

    def takes_down(self, path: str, digest: str, draft: Draft | None, now: datetime) -> bool:  # noqa: ARG002
        """Tell whether the file has a `status` other than `approved`."""
        manuscript = draft.version.manuscript if draft and draft.version else None
        return manuscript is not None and "status" in manuscript.lines and manuscript.meta.status != "approved"

    def remember(self) -> None:
        """Do nothing: there is no record."""

    def give_up(self, path: str) -> None:
        """Do nothing: there is no record."""

    def export_heads(self) -> object:
        """Return nothing: there is no record."""

    def merge_heads(self, seen: object) -> None:
        """Do nothing: there is no record."""

    def review(self, path: str, draft: Draft | None, now: datetime) -> Review:
        """Evaluate the flag of a file as if every stage had decided at its `date`, but not later than now."""
        result = Review()
        if draft is None or draft.version is None:
            return result
        meta, digest = draft.version.meta, draft.version.digest
        at = flag_time(meta, self._policy, now)
        chain = self._policy.chain_on(path, at.date())
        if meta.status == "withdrawn":
            by = next((found.person for found in named(meta.approved_by, (), self._policy)), "")
            result.withdrawal = Decision(Action.WITHDRAW, by, at, digest, notice=True)
            if reason := rules.role_rejection(by, self._policy.withdraw_role, result.withdrawal, self._policy):
                result.withdrawal_counts = False
                result.rejected.append(RejectedDecision(result.withdrawal, reason))
        elif meta.status in ("submitted", "approved"):
            author = meta.author or ""
            open_round = OpenRound(
                path,
                Decision(Action.SUBMIT, author, at, digest),
                chain,
                frozenset((self._policy.canonical_person(author),)),
            )
            result.round = open_round
            self._approve(result, open_round, named(meta.approved_by, chain, self._policy), at)
            if meta.status == "approved" and chain and open_round.stage is None:
                approved = ApprovedVersion(tuple(open_round.approvals))
                result.approved.append(approved)
                result.public_events.append(PublicEvent(approved, at))
                result.round = None
        elif meta.status == "returned":
            result.returned = Decision(Action.RETURN, "", at, digest)
        return result

    def _approve(self, result: Review, open_round: OpenRound, found: list[Named], at: datetime) -> None:
        chain, digest = open_round.chain, open_round.digest
        by_stage = {each.stage: each.person for each in reversed(found)}
        for each in found:
            if each.stage not in chain:
                decision = Decision(Action.APPROVE, each.person, at, digest, each.stage, chain)
                result.rejected.append(RejectedDecision(decision, RejectionReason.NO_STAGE))
        for stage in chain:
            if stage not in by_stage:
                return
            decision = Decision(Action.APPROVE, by_stage[stage], at, digest, stage, chain)
            if reason := rules.approval_rejection(open_round, decision, self._policy):
                result.rejected.append(RejectedDecision(decision, reason))
                return
            open_round.approvals.append(decision)

    def sharing(self, path: str) -> None:
        """Return None: there is no record."""

    def load(self, path: str, approved: ApprovedVersion, draft: Draft | None) -> Version:
        """Return the version in `docs/`."""
        if draft is None or draft.version is None or draft.version.digest != approved.digest:
            raise InvalidInput([Problem(self._tree.label(path), _("changed while it was read; try again"))])
        return draft.version

    def peek(self, path: str, approved: ApprovedVersion, draft: Draft | None) -> Version | None:
        """Return the version in `docs/`."""
        return self.load(path, approved, draft)

    def file(self, version: Version, name: str) -> bytes:
        """Read a bundle's file; raises InvalidInput if it changed since the version was read."""
        source = self._tree.sources[version.path]
        label = self._tree.label(source.folder + name)
        try:
            content = self._tree.read(source, name)
        except OSError as error:
            raise InvalidInput([Problem(label, _("cannot be read: {reason}").format(reason=error.strerror))]) from None
        if sha256(content) != version.files[name]:
            raise InvalidInput([Problem(label, _("changed while it was read; try again"))])
        return content


def open_decisions(configuration: Configuration, tree: DocsTree, until: datetime | None = None) -> DecisionSource:
    """Return the decision source of a unit.

    Args:
        configuration: the unit's configuration.
        tree: the content folder.
        until: recorded decisions dated later are left out; None for all.
    """
    if configuration.policy.assurance == "flag":
        return FlagDecisions(tree, configuration.policy)
    guard = RollbackGuard(configuration.root)
    return DossierDecisions(ReviewStore(configuration.docs), tree, configuration.policy, guard, until)


def flag_time(meta: FrontMatter, policy: Policy, now: datetime) -> datetime:
    """Return the time of a flag: the entry's `date`, but not later than now.

    Without a `date`, the earliest last day in office of the people in `approved_by` is a limit, too.

    Args:
        meta: the front matter.
        policy: the people and the time zone.
        now: the present.
    """
    if meta.date is not None:
        return min(now, dates.starts_at(meta.date, policy.zone))
    persons = [found.person for found in named(meta.approved_by, (), policy)]
    last_days = [policy.people[by].until for by in persons if by in policy.people]
    ends = [dates.starts_at(day, policy.zone) for day in last_days if day]
    return min([now, *ends])


def _is_dangerous(path: str, content: bytes) -> bool:
    """Tell whether a file is never published, even if it was approved under earlier rules."""
    found = attachment_types.refusal(path, content)
    return found is not None and found.dangerous


def _is_forbidden(path: str) -> bool:
    parts = path.split("/")
    if (
        not content_paths.is_inside(path)
        or content_paths.recorded_name_problem(path)
        or content_paths.is_markdown(path)
    ):
        return True
    return any(content_paths.is_ignored_file(part) or attachment_types.is_executable_type(part) for part in parts)
