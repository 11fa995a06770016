"""History of each entry: its decisions with their results, and the publications with their times.

`domain.review` decides what is public now; the history also includes versions that were withdrawn or replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import paths
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review import timeline
from gongshi.domain.review.models import ApprovedVersion, RejectedDecision, RejectionReason, find_own_approval
from gongshi.domain.review.round_history import AppliedDecision, DecisionHistory, apply_decisions
from gongshi.domain.review.snapshot import Snapshot, urgent_debts
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.domain.review.urgent_debts import Debts
from gongshi.domain.review.version_checks import VersionChecks
from gongshi.reports.publication_timeline import Publication, build_timeline


@dataclass(frozen=True)
class Period:
    """Period of days in the site's time zone, first and last included; None for an open end."""

    first: date | None = None
    last: date | None = None

    def includes(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_open(self) -> bool:
        """True if the period has neither a first nor a last day."""
        return self.first is None and self.last is None


@dataclass(frozen=True)
class JudgedDecision:
    """A decision with the final result of all checks."""

    decision: Decision
    rejection: RejectionReason | None
    """The rejection reason; None if the decision counts."""
    stage: str | None = None
    """The stage of the decision; None for a submission, a withdrawal, and a return without an open round."""
    waited: timedelta | None = None
    """The time for which the version had waited at this stage."""


@dataclass(frozen=True)
class EntryHistory:
    """History of one entry or page."""

    path: str
    status: EntryStatus
    steps: tuple[JudgedDecision, ...] = ()
    approved: tuple[ApprovedVersion, ...] = ()
    """The versions that passed a chain, oldest first, with those that were withdrawn later."""
    publications: tuple[Publication, ...] = ()
    withdrawals: tuple[Decision, ...] = ()
    """The withdrawals that took a public version down."""
    versions: Mapping[str, Version] = field(default_factory=dict)
    """The versions whose text can be read, by digest."""
    damage: tuple[Problem, ...] = ()
    """The problems of a damaged dossier or stored file."""

    @property
    def version(self) -> Version | None:
        """The version that describes the entry: the public one, the last approved one, the draft, or any other."""
        public = self.status.public
        found = [public.version if public else None]
        found += [self.versions.get(approved.digest) for approved in reversed(self.approved)]
        found += [self.status.draft_version]
        found += [self.versions.get(step.decision.digest) for step in reversed(self.steps)]
        return next((version for version in found if version), None)


def histories(snapshot: Snapshot) -> list[EntryHistory]:
    """Return the history of every entry and page of a unit, sorted by path.

    Args:
        snapshot: the unit at one moment.
    """
    if snapshot.configuration.policy.assurance == "flag":
        return [_flag_history(entry_status, snapshot) for entry_status in snapshot.statuses.values()]
    archive = ReviewStore(snapshot.configuration.docs)
    owed = urgent_debts(snapshot.statuses.values(), snapshot.decisions, snapshot.configuration.policy, snapshot.now)
    return [
        _HistoryReader(entry_status, snapshot, archive, owed).history() for entry_status in snapshot.statuses.values()
    ]


def local(at: datetime, policy: Policy) -> datetime:
    """Return a moment in the site's time zone, without offset.

    Args:
        at: the moment, with its offset.
        policy: the rules, for the time zone.
    """
    return at.astimezone(policy.zone).replace(tzinfo=None)


def damage_text(entry: str, problem: Problem) -> str:
    """Return a problem as text, with the path of the entry if it is missing: stored files are named by their hash.

    Args:
        entry: the entry, relative to `docs/`.
        problem: the problem.
    """
    return str(problem) if entry in problem.path else f"{printable(entry)}: {problem}"


def _flag_history(entry_status: EntryStatus, snapshot: Snapshot) -> EntryHistory:
    """Return the history with `assurance: flag`: only the present state, with the time of the flag."""
    policy = snapshot.configuration.policy
    result = snapshot.decisions.review(entry_status.path, entry_status.draft, snapshot.now)
    is_approved = bool(entry_status.public or entry_status.scheduled)
    version = entry_status.draft_version
    candidates = timeline.candidates(
        result.public_events, lambda _approved: is_approved, lambda _approved: version, policy.zone
    )
    publications, _withdrawals = build_timeline(candidates.changes(snapshot.now))
    taken = [result.withdrawal] if result.withdrawal and result.withdrawal_counts else []
    versions = {version.digest: version} if version else {}
    return EntryHistory(
        entry_status.path, entry_status, (), tuple(result.approved), publications, tuple(taken), versions
    )


class _HistoryReader:
    """Reads the history of one entry."""

    def __init__(self, entry_status: EntryStatus, snapshot: Snapshot, archive: ReviewStore, owed: Debts) -> None:
        self._path = entry_status.path
        self._status = entry_status
        self._snapshot = snapshot
        self._policy = snapshot.configuration.policy
        self._archive = archive
        self._owed = owed
        self._versions: dict[str, Version | None] = {}

    def history(self) -> EntryHistory:
        """Return the history of the entry; if its dossier cannot be read, only the damage."""
        entry_status = self._status
        try:
            decisions = self._archive.read_dossier(self._path).decisions
        except InvalidInput as error:
            return EntryHistory(self._path, entry_status, damage=error.problems)
        except UnicodeError:
            # The name of this entry is not valid, so no dossier can belong to it.
            return EntryHistory(self._path, entry_status, damage=entry_status.problems)
        self._load_versions(decisions)
        now, policy = self._snapshot.now, self._policy
        found = apply_decisions(self._path, decisions, policy, now, self._author)
        rejected = self._rejected(found)
        candidates = timeline.candidates(
            found.public_events, lambda approved: approved.decision.line not in rejected, self._version, policy.zone
        )
        publications, withdrawals = build_timeline(candidates.changes(now))
        if entry_status.reason is WithheldReason.ADDRESS_TAKEN or paths.place_problem(self._path, policy.columns):
            publications, withdrawals = (), ()
        return EntryHistory(
            path=self._path,
            status=entry_status,
            steps=tuple(self._judge(applied, rejected.get(applied.decision.line)) for applied in found.decisions),
            approved=tuple(each.approved for each in candidates.versions if each.approved.due is None),
            publications=publications,
            withdrawals=withdrawals,
            versions={digest: version for digest, version in self._versions.items() if version},
            damage=self._damage(),
        )

    def _damage(self) -> tuple[Problem, ...]:
        """Return the problems that the record is damaged or that decisions are missing at its end."""
        entry_status = self._status
        if entry_status.reason is WithheldReason.ACTS_MISSING:
            label = self._archive.label(self._path)
            return tuple(problem for problem in entry_status.problems if problem.path == label)
        return entry_status.problems if entry_status.reason is WithheldReason.TAMPERED else ()

    def _load_versions(self, decisions: tuple[Decision, ...]) -> None:
        """Read the text of every version, except those that are in the snapshot already."""
        public = self._status.public
        for version in (self._status.draft_version, public.version if public else None, self._status.scheduled):
            if version:
                self._versions[version.digest] = version
        for decision in decisions:
            if decision.files and decision.digest not in self._versions:
                self._versions[decision.digest] = self._text(decision)

    def _text(self, decision: Decision) -> Version | None:
        """Return the version that a decision concerns, read by its text alone; None if the text is damaged."""
        version = self._snapshot.decisions.peek(self._path, ApprovedVersion((decision,)), self._status.draft)
        return version if version and version.digest == decision.digest else None

    def _version(self, approved: ApprovedVersion) -> Version | None:
        return self._versions.get(approved.digest)

    def _author(self, approved: ApprovedVersion) -> str | None:
        version = self._version(approved)
        return version.meta.author if version else None

    def _rejected(self, found: DecisionHistory) -> dict[int, RejectedDecision]:
        """Return the rejected decisions of approved versions, by the line of the version's last decision."""
        checks = VersionChecks(self._path, self._policy, self._owed)
        approved = [applied.approved for applied in found.decisions if applied.approved]
        rejected_decisions = ((each.decision.line, checks.check_text(each, self._version)) for each in approved)
        return {line: rejected_decision for line, rejected_decision in rejected_decisions if rejected_decision}

    def _judge(self, applied: AppliedDecision, rejected: RejectedDecision | None) -> JudgedDecision:
        decision, reason = applied.decision, applied.rejection
        if reason is None and decision.act in (Action.APPROVE, Action.URGENT):
            is_last = rejected is not None and rejected.decision is decision
            reason = rejected.reason if rejected and is_last else self._own_work(decision)
        if reason or (decision.act is Action.APPROVE and applied.stage is None):
            return JudgedDecision(decision, reason, decision.stage)
        if decision.act not in (Action.APPROVE, Action.RETURN) or applied.waiting_since is None:
            return JudgedDecision(decision, None)
        return JudgedDecision(decision, None, applied.stage, max(decision.at - applied.waiting_since, timedelta()))

    def _own_work(self, decision: Decision) -> RejectionReason | None:
        version = self._versions.get(decision.digest)
        return (
            RejectionReason.OWN_WORK
            if version and find_own_approval(version.meta.author, [decision], self._policy)
            else None
        )
