"""What is public now, and why the rest is not: one pure function of entry, decisions, policy and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial

from gongshi.common import dates as common_dates
from gongshi.common.errors import InvalidInput, Problem
from gongshi.domain.config.policy import Person, Policy
from gongshi.domain.content.docs_tree import Draft
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Act, Decision
from gongshi.domain.review import timeline
from gongshi.domain.review.models import Approved, Flaw, Review, Round, Void, own_work
from gongshi.domain.review.rules import chain_of
from gongshi.domain.review.urgent_debts import Debts
from gongshi.domain.review.version_checks import Load, Peek, version_flaw


class Form(Enum):
    """In which form an entry is public."""

    PAGE = "page"
    WITHDRAWN = "withdrawn"
    """A notice that it was withdrawn."""
    EXPIRED = "expired"
    """A notice that it expired."""


class Notice(Enum):
    """Where a public notice (公示) stands today."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class Reason(Enum):
    """Why what stands in `docs/` or in the dossier is not public."""

    TAMPERED = "tampered"
    """A dossier or approved file is not whole."""
    ACTS_MISSING = "acts-missing"
    """Later, unfinished acts are missing that this clone has seen; what is public stays."""
    INVALID = "invalid"
    """The file has problems."""
    ADDRESS_TAKEN = "address-taken"
    """Another published page has the address."""
    VOID = "void"
    """An approval does not count."""
    DRAFT = "draft"
    """Never submitted."""
    SUBMITTED = "submitted"
    """Waits for a stage."""
    CHANGED = "changed"
    """The file was changed after it was submitted."""
    CHAIN_CHANGED = "chain-changed"
    """The chain of the column changed after it was submitted."""
    URGENT = "urgent"
    """Public at once; its chain is owed."""
    OVERDUE = "overdue"
    """Was public at once, and its chain did not follow in time."""
    RETURNED = "returned"
    EDITED = "edited"
    """The file differs from the approved version and was not submitted."""
    SCHEDULED = "scheduled"
    """Approved, but `publish_at` has not come."""
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"
    """The file is gone; deleting does not unpublish."""


WITH_PROBLEMS = frozenset((Reason.TAMPERED, Reason.ACTS_MISSING, Reason.INVALID, Reason.ADDRESS_TAKEN))
"""The reasons that only the problems explain."""


@dataclass(frozen=True)
class Public:
    """What visitors see at an entry's address."""

    form: Form
    version: Version | None
    """The approved version; None for a notice of withdrawal."""
    approved: Approved | None
    withdrawal: Decision | None = None
    since: datetime | None = None
    """When it came before the public and has stayed since; for a notice of withdrawal, when it was withdrawn. None for
    a draft in the preview."""
    changed: datetime | None = None
    """When its present text came before the public, minor corrections aside."""
    expired: bool = False
    notice: Notice | None = None

    @property
    def urgent(self) -> bool:
        """Whether it is public before its chain."""
        return self.approved is not None and self.approved.due is not None


@dataclass(frozen=True)
class Standing:
    """How an entry or page stands now."""

    path: str
    public: Public | None
    reason: Reason | None
    """Why the newest state is not what the public sees; None where it is."""
    problems: tuple[Problem, ...] = ()
    voids: tuple[Void, ...] = ()
    round: Round | None = None
    returned: Decision | None = None
    withdrawal: Decision | None = None
    withdrawal_counts: bool = True
    scheduled: Version | None = None
    """An approved version whose time has not come."""
    owed: Approved | None = None
    """The urgent publication whose chain is owed."""
    owing: tuple[Approved, ...] = ()
    """This and the later ones of which the same chain is owed."""
    latest: datetime | None = None
    """When the last act was."""
    draft: Draft | None = None
    """What stands in `docs/`; None where the file is gone."""

    @property
    def version(self) -> Version | None:
        """The version to describe the entry by: the draft's, else the public one's."""
        if self.draft and self.draft.version:
            return self.draft.version
        return self.public.version if self.public else None

    def turn(self, policy: Policy, day: date) -> tuple[Person, ...]:
        """Who may decide next: the holders of the stage's role who did not write, submit or approve this version."""
        stage = policy.stages.get(self.round.stage or "") if self.round else None
        if self.round is None or stage is None:
            return ()
        barred = {*self.round.barred, *(policy.human(decision.by) for decision in self.round.approvals)}
        if self.draft and self.draft.version and self.draft.version.meta.author:
            barred.add(policy.human(self.draft.version.meta.author))
        return tuple(person for person in policy.holders(stage.role, day) if policy.human(person.id) not in barred)


def judge(
    path: str,
    found: Review,
    load: Load,
    draft: Draft | None,
    policy: Policy,
    now: datetime,
    debts: Debts | None = None,
    peek: Peek | None = None,
) -> Standing:
    """What of an entry is public now, and why the rest is not.

    Args:
        path: the entry or page, relative to `docs/`.
        found: what the acts on it add up to.
        load: gives the approved bytes.
        draft: what stands in `docs/`, None where the file is gone.
        policy: the rules.
        now: the present.
        debts: the chains that are owed; None where they are not known yet.
        peek: gives the texts of the versions before the public one, which say since when the entry is public; None for
            `load`.
    """
    voids = list(found.voids)
    if found.round and draft and draft.version and draft.version.digest == found.round.digest:
        own = own_work(draft.version.meta.author, found.round.approvals, policy)
        voids += [Void(own, Flaw.OWN_WORK)] if own else []
    try:
        public, scheduled = _newest(path, found, load, peek or load, policy, now, voids, debts)
    except InvalidInput as error:
        # What is owed stays owed.
        return Standing(
            path,
            None,
            Reason.TAMPERED,
            error.problems,
            tuple(voids),
            withdrawal=found.withdrawal,
            withdrawal_counts=found.withdrawal_counts,
            owed=found.owed,
            owing=tuple(found.owing),
            draft=draft,
        )
    if public is None and found.withdrawal and found.withdrawal.notice and found.withdrawal_counts:
        at = found.withdrawal.at
        public = Public(Form.WITHDRAWN, None, None, found.withdrawal, since=at, changed=at)
    # What did not count before the public version was approved is history.
    settled = public.approved.decision.line if public and public.approved else -1
    voids = [void for void in voids if void.decision.line > settled]
    return Standing(
        path=path,
        public=public,
        reason=Reason.ACTS_MISSING if found.missing else _reason(found, public, scheduled, draft, voids, policy, now),
        problems=(*(draft.problems if draft else ()), *found.missing),
        voids=tuple(voids),
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


def _newest(
    path: str,
    found: Review,
    load: Load,
    peek: Peek,
    policy: Policy,
    now: datetime,
    voids: list[Void],
    debts: Debts | None,
) -> tuple[Public | None, Version | None]:
    """The newest approved version whose time has come, and the newest that waits for its time."""
    scheduled: Version | None = None
    for approved in reversed(found.approved):
        if approved.due and approved.due <= now:
            continue
        if owed := _owed(path, approved, load, debts):
            voids.append(Void(approved.decision, owed))
            continue
        version = load(approved)
        if flaw := version_flaw(approved, version, load, policy):
            voids.append(flaw)
        elif (at := timeline.publish_time(approved, version, policy.zone)) and at > now:
            scheduled = scheduled or version
        else:
            dates = _dates(path, found, approved, version, peek, policy, now, debts)
            return appearance(version, approved, policy, now, *dates), scheduled
    return None, scheduled


def _owed(path: str, approved: Approved, load: Load, debts: Debts | None) -> Flaw | None:
    """Return why an urgent publication does not count as long as another chain is owed, or None."""
    return debts.flaw(path, approved.decision, partial(load, approved)) if approved.due and debts else None


def _dates(
    path: str,
    found: Review,
    shown: Approved,
    version: Version,
    peek: Peek,
    policy: Policy,
    now: datetime,
    debts: Debts | None,
) -> tuple[datetime, datetime]:
    """Since when an entry is public, and when it changed last."""
    begins = timeline.shown_from(shown, version, policy.zone)
    acts: list[Approved | Decision] = [*found.approved]
    for dropped, sent_back in found.dropped:
        acts += [dropped, sent_back]
    if len(acts) == 1:
        return begins, begins

    def text(approved: Approved) -> Version | None:
        return version if approved is shown else peek(approved)

    candidates, takedowns = [], []
    latest: datetime | None = None
    for act in sorted(acts, key=_line):
        at = act.at if isinstance(act, Decision) else act.decision.at
        latest = max(latest, at) if latest else at
        if isinstance(act, Decision):
            takedowns.append((latest, act))
            continue
        other = text(act)
        if act is shown or _counts(path, act, other, text, policy, debts):
            candidates.append(timeline.candidate(act, other, latest, policy.zone))
    since, changed = timeline.dates(timeline.changes(candidates, takedowns, now))
    return since or begins, changed or begins


def _line(act: Approved | Decision) -> int:
    return act.line if isinstance(act, Decision) else act.decision.line


def _counts(
    path: str, approved: Approved, version: Version | None, peek: Peek, policy: Policy, debts: Debts | None
) -> bool:
    """Whether an earlier version was ever public; one whose text is lost is taken at the word of its approval."""
    if version and _owed(path, approved, lambda _approved: version, debts):
        return False
    base = peek(approved.corrects) if approved.corrects else None
    if version is None or (approved.corrects and base is None):
        return True
    return version_flaw(approved, version, lambda _base: base or version, policy) is None


def appearance(
    version: Version,
    approved: Approved,
    policy: Policy,
    now: datetime,
    since: datetime | None = None,
    changed: datetime | None = None,
) -> Public:
    """Return how an approved version looks at a moment: as a page with its marks, or as a notice.

    Args:
        version: the version.
        approved: its approval.
        policy: the rules.
        now: the moment.
        since: since when the entry is public, where that is asked for.
        changed: when it changed last.
    """
    expires = version.meta.expires_at
    ends = [common_dates.end(expires, zone) for zone in timeline.zones(approved, policy.zone)] if expires else []
    expired = any(end <= now for end in ends)
    form = Form.EXPIRED if expired and policy.on_expiry == "notice" else Form.PAGE
    notice = _notice(version, policy, now)
    return Public(form, version, approved, since=since, changed=changed, expired=expired, notice=notice)


def _notice(version: Version, policy: Policy, now: datetime) -> Notice | None:
    days = version.meta.public_notice
    if days is None:
        return None
    if now < common_dates.start(days.first, policy.zone):
        return Notice.COMING
    return Notice.OPEN if now < common_dates.end(days.last, policy.zone) else Notice.CLOSED


def _stopped(open_round: Round, voids: list[Void]) -> bool:
    """Whether an approval after the last good one of this round does not count."""
    good = max(decision.line for decision in (open_round.submission, *open_round.approvals))
    return any(
        void.decision.act is Act.APPROVE and (void.decision.line > good or void.decision in open_round.approvals)
        for void in voids
    )


def _reason(
    found: Review,
    public: Public | None,
    scheduled: Version | None,
    draft: Draft | None,
    voids: list[Void],
    policy: Policy,
    now: datetime,
) -> Reason | None:
    shown = public.version.digest if public and public.version else None
    if draft is None:
        return Reason.DELETED if shown or scheduled else Reason.WITHDRAWN if found.withdrawal else Reason.DELETED
    if draft.version is None:
        return Reason.INVALID
    digest = draft.version.digest
    urgent = digest == shown and public is not None and public.urgent
    if found.round:
        return _round_reason(found.round, found, digest, voids, urgent, policy, now)
    if scheduled and digest in (shown, scheduled.digest):
        return Reason.SCHEDULED
    if digest == shown:
        return Reason.URGENT if urgent else None
    if found.returned and digest == found.returned.digest:
        return Reason.RETURNED
    if any(void.decision.digest == digest and void.flaw is not Flaw.NOT_SUBMITTED for void in voids):
        return Reason.VOID
    if shown or scheduled:
        return Reason.EDITED
    if found.withdrawal:
        return Reason.WITHDRAWN
    return Reason.RETURNED if found.returned else Reason.DRAFT


def _round_reason(
    open_round: Round, found: Review, digest: str, voids: list[Void], urgent: bool, policy: Policy, now: datetime
) -> Reason:
    if digest != open_round.digest:
        return Reason.CHANGED
    if open_round.chain != chain_of(open_round, policy, now.date()):
        return Reason.CHAIN_CHANGED
    if _stopped(open_round, voids):
        return Reason.VOID
    if urgent:
        return Reason.URGENT
    due = found.owed.due if found.owed else None
    late = open_round.submission.act is Act.URGENT and due is not None and due <= now
    return Reason.OVERDUE if late else Reason.SUBMITTED
