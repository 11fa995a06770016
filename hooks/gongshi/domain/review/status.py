"""Status of an entry: the public version, and the reason for which the newest version is withheld.

`evaluate_status` is a pure function of entry, decisions, policy and clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from gongshi.common import dates as common_dates
from gongshi.common.errors import InvalidInput, Problem
from gongshi.domain.config.policy import Person, Policy
from gongshi.domain.content.docs_tree import Draft
from gongshi.domain.content.paths import parent_dir
from gongshi.domain.content.version import Version, to_canonical
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review import timeline
from gongshi.domain.review.models import ApprovedVersion, OpenRound, RejectedDecision, RejectionReason, Review
from gongshi.domain.review.rules import chain_of
from gongshi.domain.review.urgent_debts import Debts
from gongshi.domain.review.version_checks import Load, Peek, VersionChecks, open_round_rejection


class PublicForm(Enum):
    """The form in which an entry is public."""

    PAGE = "page"
    WITHDRAWN = "withdrawn"
    """A notice that the entry was withdrawn."""
    EXPIRED = "expired"
    """A notice that the entry has expired."""


class NoticePhase(Enum):
    """The state of a public notice (公示) today."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class WithheldReason(Enum):
    """The reason for which the file in `docs/` or the version in the dossier is not public."""

    TAMPERED = "tampered"
    """A dossier or an approved file is damaged."""
    ACTS_MISSING = "acts-missing"
    """Later decisions that this clone has seen are missing; none of them changes what is public."""
    INVALID = "invalid"
    """The file has problems."""
    ADDRESS_TAKEN = "address-taken"
    """Another published page has the address."""
    VOID = "void"
    """An approval is rejected."""
    DRAFT = "draft"
    """Never submitted."""
    SUBMITTED = "submitted"
    """Waits for a stage."""
    CHANGED = "changed"
    """The file was changed after it was submitted."""
    CHAIN_CHANGED = "chain-changed"
    """The chain of the column changed after it was submitted."""
    URGENT = "urgent"
    """Published urgently; its chain is owed."""
    OVERDUE = "overdue"
    """Published urgently, and its chain was not completed before the deadline."""
    RETURNED = "returned"
    EDITED = "edited"
    """The file differs from the approved version and was not submitted."""
    SCHEDULED = "scheduled"
    """Approved, but `publish_at` lies in the future."""
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"
    """The file is gone; deleting does not unpublish."""


WITH_PROBLEMS = frozenset(
    (WithheldReason.TAMPERED, WithheldReason.ACTS_MISSING, WithheldReason.INVALID, WithheldReason.ADDRESS_TAKEN)
)
"""Reasons that need the list of problems as explanation."""


@dataclass(frozen=True)
class PublicState:
    """The content that visitors see at an entry's address."""

    form: PublicForm
    version: Version | None
    """The approved version; None for a notice of withdrawal."""
    approved: ApprovedVersion | None
    withdrawal: Decision | None = None
    since: datetime | None = None
    """The time since which the entry is public without a break; for a withdrawal notice, the time of the withdrawal.
    None for a draft in the preview."""
    changed: datetime | None = None
    """The time since which its present text is public, ignoring minor corrections."""
    expired: bool = False
    notice: NoticePhase | None = None

    @property
    def urgent(self) -> bool:
        """True if it is an urgent publication whose chain is owed."""
        return self.approved is not None and self.approved.due is not None


@dataclass(frozen=True)
class EntryStatus:
    """The status of an entry or page now."""

    path: str
    public: PublicState | None
    reason: WithheldReason | None
    """The reason for which the newest version is not public; None if it is public."""
    problems: tuple[Problem, ...] = ()
    rejected: tuple[RejectedDecision, ...] = ()
    round: OpenRound | None = None
    returned: Decision | None = None
    withdrawal: Decision | None = None
    withdrawal_counts: bool = True
    scheduled: Version | None = None
    """An approved version whose `publish_at` lies in the future."""
    owed: ApprovedVersion | None = None
    """The urgent publication whose chain is owed."""
    owing: tuple[ApprovedVersion, ...] = ()
    """All urgent publications since a version last passed the full chain, oldest first."""
    latest: datetime | None = None
    """The latest time of all decisions; with signatures, of those that are validly signed."""
    draft: Draft | None = None
    """The file in `docs/`; None if it is gone."""

    @property
    def draft_version(self) -> Version | None:
        """The version of the file in `docs/`; None if it is gone or cannot be read."""
        return self.draft.version if self.draft else None

    @property
    def version(self) -> Version | None:
        """The version that describes the entry: the draft's, else the public one."""
        return self.draft_version or (self.public.version if self.public else None)

    def is_public_already(self, file: str) -> bool:
        """Tell whether a file of the draft is public with the same content; the review flags do not count.

        Args:
            file: the Markdown file or a file of its bundle, relative to `docs/`.
        """
        draft = self.draft_version
        shown = self.public.version if self.public and self.public.form is PublicForm.PAGE else None
        if draft is None or shown is None:
            return False
        if file != self.path:
            name = file.removeprefix(parent_dir(self.path))
            return name in shown.files and draft.files.get(name) == shown.files[name]
        if draft.digest == shown.digest:
            return True
        one, other = draft.manuscript, shown.manuscript
        return one.body == other.body and to_canonical(one.meta) == to_canonical(other.meta)

    def next_approvers(self, policy: Policy, day: date) -> tuple[Person, ...]:
        """Return the people who may decide next: holders of the role who did not write, submit or approve it.

        Args:
            policy: the people and stages.
            day: today; the people must hold the role on this day.
        """
        stage = policy.stages.get(self.round.stage or "") if self.round else None
        if self.round is None or stage is None:
            return ()
        barred = {*self.round.barred, *(policy.canonical_person(decision.by) for decision in self.round.approvals)}
        if self.draft and self.draft.version and self.draft.version.meta.author:
            barred.add(policy.canonical_person(self.draft.version.meta.author))
        return tuple(
            person for person in policy.holders(stage.role, day) if policy.canonical_person(person.id) not in barred
        )


def evaluate_status(
    path: str,
    found: Review,
    load: Load,
    draft: Draft | None,
    policy: Policy,
    now: datetime,
    debts: Debts | None = None,
    peek: Peek | None = None,
) -> EntryStatus:
    """Return the status of an entry: what is public now, and the reason for which the newest version is not.

    Args:
        path: the entry or page, relative to `docs/`.
        found: the review of the entry.
        load: returns an approved version.
        draft: the file in `docs/`; None if it is gone.
        policy: the rules.
        now: the present.
        debts: the chains that the unit owes; None if they are not known yet.
        peek: returns earlier versions by their text alone, to find out since when the entry is public; None to use
            `load`.
    """
    rejected = [*found.rejected, *_own_work_in_round(found, draft, policy)]
    checks = VersionChecks(path, policy, debts)
    try:
        public, scheduled = _public_and_scheduled(found, load, peek or load, checks, now, rejected)
    except InvalidInput as error:
        return _damaged_status(path, found, draft, rejected, error)
    public = public or _withdrawal_notice(found)
    # Decisions that were rejected before the public version was approved do not matter any more.
    approved_line = public.approved.decision.line if public and public.approved else -1
    rejected = [each for each in rejected if each.decision.line > approved_line]
    reason = _reason(found, public, scheduled, draft, rejected, policy, now)
    return EntryStatus(
        path=path,
        public=public,
        reason=WithheldReason.ACTS_MISSING if found.missing else reason,
        problems=(*(draft.problems if draft else ()), *found.missing),
        rejected=tuple(rejected),
        round=found.round,
        returned=found.returned,
        withdrawal=found.withdrawal,
        withdrawal_counts=found.withdrawal_counts,
        scheduled=scheduled,
        owed=found.owed,
        owing=tuple(found.owing),
        latest=found.latest,
        draft=draft,
    )


def _own_work_in_round(found: Review, draft: Draft | None, policy: Policy) -> list[RejectedDecision]:
    """Return the rejected approval of the open round by the author of the draft, if the draft is under review."""
    if found.round is None or draft is None or draft.version is None or draft.version.digest != found.round.digest:
        return []
    own = open_round_rejection(found.round, draft.version.meta.author, policy)
    return [own] if own else []


def _damaged_status(
    path: str, found: Review, draft: Draft | None, rejected_decisions: list[RejectedDecision], error: InvalidInput
) -> EntryStatus:
    """Return the status of an entry with damaged approved files; the chain that it owes stays owed."""
    return EntryStatus(
        path=path,
        public=None,
        reason=WithheldReason.TAMPERED,
        problems=error.problems,
        rejected=tuple(rejected_decisions),
        withdrawal=found.withdrawal,
        withdrawal_counts=found.withdrawal_counts,
        owed=found.owed,
        owing=tuple(found.owing),
        draft=draft,
    )


def _withdrawal_notice(found: Review) -> PublicState | None:
    """Return the notice of a withdrawal, if the withdrawal counts and the entry had been public."""
    withdrawal = found.withdrawal
    if withdrawal is None or not (withdrawal.notice and found.withdrawal_counts):
        return None
    return PublicState(PublicForm.WITHDRAWN, None, None, withdrawal, since=withdrawal.at, changed=withdrawal.at)


def _public_and_scheduled(
    found: Review,
    load: Load,
    peek: Peek,
    checks: VersionChecks,
    now: datetime,
    rejected_decisions: list[RejectedDecision],
) -> tuple[PublicState | None, Version | None]:
    """Return the newest approved version that may be public now, and the newest scheduled one."""
    scheduled: Version | None = None
    policy = checks.policy
    for approved in reversed(found.approved):
        if approved.is_overdue(now):
            continue
        version = checks.check(approved, load)
        if isinstance(version, RejectedDecision):
            rejected_decisions.append(version)
        elif timeline.is_scheduled(timeline.publish_time(approved, version, policy.zone), now):
            scheduled = scheduled or version
        else:
            since, changed = _public_dates(found, approved, version, peek, checks, now)
            return public_state(version, approved, policy, now, since, changed), scheduled
    return None, scheduled


def _public_dates(
    found: Review, shown: ApprovedVersion, version: Version, peek: Peek, checks: VersionChecks, now: datetime
) -> tuple[datetime, datetime]:
    """Return the time since which an entry is public, and the time of its last change."""
    zone = checks.policy.zone
    begins = timeline.shown_from(shown, version, zone)
    events = timeline.since_withdrawal(found.public_events)
    if sum(isinstance(event.subject, ApprovedVersion) for event in events) == 1:
        return begins, begins

    def text(approved: ApprovedVersion) -> Version | None:
        return version if approved is shown else peek(approved)

    def counts(approved: ApprovedVersion) -> bool:
        return approved is shown or checks.check_text(approved, text) is None

    since, changed = timeline.dates(timeline.candidates(events, counts, text, zone).changes(now))
    return since or begins, changed or begins


def public_state(
    version: Version,
    approved: ApprovedVersion,
    policy: Policy,
    now: datetime,
    since: datetime | None = None,
    changed: datetime | None = None,
) -> PublicState:
    """Return the public state of an approved version at a moment: a page or an expiry notice.

    Args:
        version: the version.
        approved: its approval.
        policy: the rules.
        now: the moment.
        since: the time since which the entry is public; None if not needed.
        changed: the time of its last change; None if not needed.
    """
    expires = version.meta.expires_at
    ends = [common_dates.ends_at(expires, zone) for zone in timeline.zones(approved, policy.zone)] if expires else []
    expired = any(end <= now for end in ends)
    form = PublicForm.EXPIRED if expired and policy.on_expiry == "notice" else PublicForm.PAGE
    notice = _notice_phase(version, policy, now)
    return PublicState(form, version, approved, since=since, changed=changed, expired=expired, notice=notice)


def _notice_phase(version: Version, policy: Policy, now: datetime) -> NoticePhase | None:
    days = version.meta.public_notice
    if days is None:
        return None
    if now < common_dates.starts_at(days.first, policy.zone):
        return NoticePhase.COMING
    return NoticePhase.OPEN if now < common_dates.ends_at(days.last, policy.zone) else NoticePhase.CLOSED


def _reason(
    found: Review,
    public: PublicState | None,
    scheduled: Version | None,
    draft: Draft | None,
    rejected_decisions: list[RejectedDecision],
    policy: Policy,
    now: datetime,
) -> WithheldReason | None:
    shown = public.version.digest if public and public.version else None
    if draft is None:
        return (
            WithheldReason.DELETED
            if shown or scheduled
            else WithheldReason.WITHDRAWN
            if found.withdrawal
            else WithheldReason.DELETED
        )
    if draft.version is None:
        return WithheldReason.INVALID
    digest = draft.version.digest
    urgent = digest == shown and public is not None and public.urgent
    if found.round:
        return _round_reason(found.round, found, digest, rejected_decisions, urgent, policy, now)
    if scheduled and digest in (shown, scheduled.digest):
        return WithheldReason.SCHEDULED
    if digest == shown:
        return WithheldReason.URGENT if urgent else None
    if found.returned and digest == found.returned.digest:
        return WithheldReason.RETURNED
    if any(
        rejected_decision.decision.digest == digest and rejected_decision.reason is not RejectionReason.NOT_SUBMITTED
        for rejected_decision in rejected_decisions
    ):
        return WithheldReason.VOID
    if shown or scheduled:
        return WithheldReason.EDITED
    if found.withdrawal:
        return WithheldReason.WITHDRAWN
    return WithheldReason.RETURNED if found.returned else WithheldReason.DRAFT


def _round_reason(
    open_round: OpenRound,
    found: Review,
    digest: str,
    rejected_decisions: list[RejectedDecision],
    urgent: bool,
    policy: Policy,
    now: datetime,
) -> WithheldReason:
    if digest != open_round.digest:
        return WithheldReason.CHANGED
    if open_round.chain != chain_of(open_round, policy, now.date()):
        return WithheldReason.CHAIN_CHANGED
    if open_round.is_stopped(rejected_decisions):
        return WithheldReason.VOID
    if urgent:
        return WithheldReason.URGENT
    is_late = open_round.submission.act is Action.URGENT and found.owed is not None and found.owed.is_overdue(now)
    return WithheldReason.OVERDUE if is_late else WithheldReason.SUBMITTED
