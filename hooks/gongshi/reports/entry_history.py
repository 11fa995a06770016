"""History of each entry: its acts with their results, and when which version was public.

`domain.review` says what is public today; the history also has what was withdrawn or replaced since.
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
from gongshi.domain.review.round_history import ActHistory, WeighedAct, apply_decisions
from gongshi.domain.review.snapshot import Snapshot, urgent_debts
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.domain.review.urgent_debts import Debts
from gongshi.domain.review.version_checks import VersionChecks
from gongshi.reports.publication_timeline import Publication, build_timeline


@dataclass(frozen=True)
class Period:
    """Days in the site's time zone, both included; None where it is open."""

    first: date | None = None
    last: date | None = None

    def includes(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_open(self) -> bool:
        """Tell whether it is all time."""
        return self.first is None and self.last is None


@dataclass(frozen=True)
class JudgedDecision:
    """One act with its result."""

    decision: Decision
    flaw: RejectionReason | None
    """The reason for which it does not count; None where it does."""
    stage: str | None = None
    """The stage that it decided at; None for a submission, a withdrawal and a return of nothing."""
    waited: timedelta | None = None
    """The time that the version had waited at this stage."""


@dataclass(frozen=True)
class EntryHistory:
    """The history of one entry or page."""

    path: str
    standing: EntryStatus
    steps: tuple[JudgedDecision, ...] = ()
    approved: tuple[ApprovedVersion, ...] = ()
    """The versions that passed a chain, oldest first, those withdrawn since included."""
    publications: tuple[Publication, ...] = ()
    withdrawals: tuple[Decision, ...] = ()
    """Those that took something down."""
    versions: Mapping[str, Version] = field(default_factory=dict)
    """By digest, the versions whose text can be read."""
    damage: tuple[Problem, ...] = ()
    """The problems of a dossier or kept file that is not whole."""

    @property
    def version(self) -> Version | None:
        """Return the version that describes the entry: the public, else the last approved, else the draft, else any."""
        public, draft = self.standing.public, self.standing.draft
        found = [public.version if public else None]
        found += [self.versions.get(approved.digest) for approved in reversed(self.approved)]
        found += [draft.version if draft else None]
        found += [self.versions.get(step.decision.digest) for step in reversed(self.steps)]
        return next((version for version in found if version), None)


def histories(surveyed: Snapshot) -> list[EntryHistory]:
    """Return the history of every entry and page of a unit, sorted by path.

    Args:
        surveyed: the unit at one moment.
    """
    if surveyed.configuration.policy.assurance == "flag":
        return [_flagged(standing, surveyed) for standing in surveyed.statuses.values()]
    archive = ReviewStore(surveyed.configuration.docs)
    owed = urgent_debts(surveyed.statuses.values(), surveyed.decisions, surveyed.configuration.policy, surveyed.now)
    return [_Reader(standing, surveyed, archive, owed).history() for standing in surveyed.statuses.values()]


def local(at: datetime, policy: Policy) -> datetime:
    """Return a moment in the site's time zone, without offset."""
    return at.astimezone(policy.zone).replace(tzinfo=None)


def damage_text(entry: str, problem: Problem) -> str:
    """Return a problem as text, with the entry where it does not name it: kept files are named by their digest."""
    return str(problem) if entry in problem.path else f"{printable(entry)}: {problem}"


def _flagged(standing: EntryStatus, surveyed: Snapshot) -> EntryHistory:
    """Return today's state, dated by the entry's own date: where the flag is the decision, there is nothing else."""
    policy = surveyed.configuration.policy
    result = surveyed.decisions.review(standing.path, standing.draft, surveyed.now)
    is_approved = bool(standing.public or standing.scheduled)
    version = standing.draft.version if standing.draft else None
    candidates = timeline.candidates(
        result.public_events, lambda _approved: is_approved, lambda _approved: version, policy.zone
    )
    publications, _withdrawals = build_timeline(candidates.changes(surveyed.now))
    taken = [result.withdrawal] if result.withdrawal and result.withdrawal_counts else []
    versions = {version.digest: version} if version else {}
    return EntryHistory(standing.path, standing, (), tuple(result.approved), publications, tuple(taken), versions)


class _Reader:
    """Reads the history of one entry."""

    def __init__(self, standing: EntryStatus, surveyed: Snapshot, archive: ReviewStore, owed: Debts) -> None:
        self._path = standing.path
        self._standing = standing
        self._surveyed = surveyed
        self._policy = surveyed.configuration.policy
        self._archive = archive
        self._owed = owed
        self._versions: dict[str, Version | None] = {}

    def history(self) -> EntryHistory:
        """Return the history of the entry; only the damage where its dossier cannot be read."""
        standing = self._standing
        try:
            decisions = self._archive.read_dossier(self._path).decisions
        except InvalidInput as error:
            return EntryHistory(self._path, standing, damage=error.problems)
        except UnicodeError:
            # No act can name this entry, so what lies there is no dossier.
            return EntryHistory(self._path, standing, damage=standing.problems)
        self._load_versions(decisions)
        now, policy = self._surveyed.now, self._policy
        found = apply_decisions(self._path, decisions, policy, now, self._author)
        rejected = self._rejected(found)
        candidates = timeline.candidates(
            found.public_events, lambda approved: approved.decision.line not in rejected, self._version, policy.zone
        )
        publications, withdrawals = build_timeline(candidates.changes(now))
        if standing.reason is WithheldReason.ADDRESS_TAKEN or paths.place_problem(self._path, policy.columns):
            publications, withdrawals = (), ()
        return EntryHistory(
            path=self._path,
            standing=standing,
            steps=tuple(self._step(act, rejected.get(act.decision.line)) for act in found.acts),
            approved=tuple(each.approved for each in candidates.versions if each.approved.due is None),
            publications=publications,
            withdrawals=withdrawals,
            versions={digest: version for digest, version in self._versions.items() if version},
            damage=self._damage(),
        )

    def _damage(self) -> tuple[Problem, ...]:
        """Return that the record is damaged, or that acts are missing at its end."""
        standing = self._standing
        if standing.reason is WithheldReason.ACTS_MISSING:
            label = self._archive.label(self._path)
            return tuple(problem for problem in standing.problems if problem.path == label)
        return standing.problems if standing.reason is WithheldReason.TAMPERED else ()

    def _load_versions(self, decisions: tuple[Decision, ...]) -> None:
        """Read the text of every version, the ones that the survey has read aside."""
        public, draft = self._standing.public, self._standing.draft
        for version in (draft.version if draft else None, public.version if public else None, self._standing.scheduled):
            if version:
                self._versions[version.digest] = version
        for decision in decisions:
            if decision.files and decision.digest not in self._versions:
                self._versions[decision.digest] = self._text(decision)

    def _text(self, decision: Decision) -> Version | None:
        """Return the version that was decided on, by its text alone; None where that is not whole."""
        version = self._surveyed.decisions.peek(self._path, ApprovedVersion((decision,)), self._standing.draft)
        return version if version and version.digest == decision.digest else None

    def _version(self, approved: ApprovedVersion) -> Version | None:
        return self._versions.get(approved.digest)

    def _author(self, approved: ApprovedVersion) -> str | None:
        version = self._version(approved)
        return version.meta.author if version else None

    def _rejected(self, found: ActHistory) -> dict[int, RejectedDecision]:
        """Return the approved versions that do not count, by the line of their last decision."""
        checks = VersionChecks(self._path, self._policy, self._owed)
        approved = [act.approved for act in found.acts if act.approved]
        voids = ((each.decision.line, checks.check_text(each, self._version)) for each in approved)
        return {line: void for line, void in voids if void}

    def _step(self, act: WeighedAct, rejected: RejectedDecision | None) -> JudgedDecision:
        decision, flaw = act.decision, act.flaw
        if flaw is None and decision.act in (Action.APPROVE, Action.URGENT):
            is_last = rejected is not None and rejected.decision is decision
            flaw = rejected.reason if rejected and is_last else self._own_work(decision)
        if flaw or (decision.act is Action.APPROVE and act.stage is None):
            return JudgedDecision(decision, flaw, decision.stage)
        if decision.act not in (Action.APPROVE, Action.RETURN) or act.waiting_since is None:
            return JudgedDecision(decision, None)
        return JudgedDecision(decision, None, act.stage, max(decision.at - act.waiting_since, timedelta()))

    def _own_work(self, decision: Decision) -> RejectionReason | None:
        version = self._versions.get(decision.digest)
        return (
            RejectionReason.OWN_WORK
            if version and find_own_approval(version.meta.author, [decision], self._policy)
            else None
        )
