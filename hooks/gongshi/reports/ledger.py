"""Ledger (台账): every entry and page with its status, every act with its result.

Inspections ask for continuous, complete and exact records of each matter (一事一档).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - the field of this name hides the type
from datetime import datetime

from gongshi.common.errors import Problem
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.approved_by import ApprovedBy
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import listed
from gongshi.domain.content.paths import PageKind, kind_of
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.signatures import is_signed_by_decider
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review import messages
from gongshi.domain.review.decision_sources import flag_time
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import WITH_PROBLEMS, EntryStatus, PublicForm, PublicState, WithheldReason
from gongshi.i18n import gettext as _
from gongshi.reports.entry_history import EntryHistory, JudgedDecision, Period, damage_text, histories, local
from gongshi.reports.local_time import in_site_time, status_in_site_time
from gongshi.site import publication_order


@dataclass(frozen=True)
class EntryRow:
    """One entry or page."""

    path: str
    """The Markdown file, relative to `docs/`."""
    title: str | None
    column: str | None
    """The column's id; None for a standing page."""
    column_title: str
    number: str | None
    author: str | None
    author_name: str | None
    source: str | None
    date: Date | datetime | None
    state: str
    state_title: str
    remarks: str
    public: str | None
    public_title: str
    first_published: datetime | None
    last_published: datetime | None
    approvals: int
    """The number of versions that passed a chain."""
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    expires_at: Date | datetime | None
    public_digest: str | None
    files: tuple[str, ...]
    flag: str | None
    flagged_by: tuple[str, ...]
    listed: Mapping[str, str]
    """The values of the listed front matter keys, by key."""


@dataclass(frozen=True)
class ActionRow:
    """One act, which is one line of a dossier."""

    entry: str
    title: str | None
    line: int
    act: str
    act_title: str
    stage: str | None
    stage_title: str | None
    by: str
    name: str
    roles: tuple[str, ...]
    via: str | None
    """Git's user, if that was another person."""
    at: datetime
    digest: str
    words: str | None
    """The note or the reason."""
    counts: bool
    flaw: str | None
    why: str | None
    """The reason why it does not count."""
    signature: str | None
    """`valid`, or `invalid` if the person had no such key on that day; None without a signature."""
    base: str | None
    """The digest of the version that a correction corrects."""
    until: datetime | None
    """The time until which an urgent publication stays public without its chain."""


@dataclass(frozen=True)
class Damage:
    """A damaged dossier or approved file."""

    entry: str
    title: str | None
    problem: Problem

    @property
    def line(self) -> int | None:
        """The first damaged line of the dossier; None if a file is damaged."""
        return self.problem.line

    @property
    def act_title(self) -> str:
        """The text in the column for acts."""
        return messages.reason_title(WithheldReason.TAMPERED)

    @property
    def why(self) -> str:
        """The description of the damage."""
        return damage_text(self.entry, self.problem)


@dataclass(frozen=True)
class Ledger:
    """The rows of the ledger's tables, with the unit, the period and the time."""

    policy: Policy
    now: datetime
    period: Period
    entries: tuple[EntryRow, ...]
    acts: tuple[ActionRow, ...]
    """Sorted by entry, then in the order of the dossier."""
    damages: tuple[Damage, ...]
    """All damages, whatever the period."""
    left_out: int = 0
    """The number of dossiers that have no effect, with `assurance: flag`."""


def ledger(snapshot: Snapshot, period: Period) -> Ledger:
    """Compute the ledger of a unit.

    Args:
        snapshot: the unit at one moment.
        period: the acts of this period are listed, and the entries that have one; damages are always listed.
    """
    policy, now = snapshot.configuration.policy, snapshot.now
    entries, acts, damages = [], [], []
    for history in histories(snapshot):
        steps = [step for step in history.steps if period.includes(local(step.decision.at, policy).date())]
        if steps or history.damage or _is_in_period(history, period, policy, now):
            entries.append(_entry(history, policy, now))
        acts += [_act(step, history, policy) for step in steps]
        title = history.version.meta.title if history.version else None
        damages += [Damage(history.path, title, problem) for problem in history.damage]
    left_out = len(ReviewStore(snapshot.configuration.docs).entries()) if policy.assurance == "flag" else 0
    return Ledger(policy, now, period, tuple(entries), tuple(acts), tuple(damages), left_out)


def _is_in_period(history: EntryHistory, period: Period, policy: Policy, now: datetime) -> bool:
    """Tell whether an entry without acts belongs to a period: a flag counts from the entry's date."""
    if period.is_open:
        return True
    draft = history.status.draft
    if policy.assurance != "flag" or draft is None or draft.version is None:
        return False
    return period.includes(local(flag_time(draft.version.meta, policy, now), policy).date())


def _entry(history: EntryHistory, policy: Policy, now: datetime) -> EntryRow:
    status, version = history.status, history.version
    meta = version.meta if version else None
    public = status.public
    is_entry = kind_of(history.path, policy.columns) is PageKind.ENTRY
    column = policy.column_of(history.path) if is_entry else None
    withdrawal, counts = _withdrawal(history)
    flag = status.draft_version.meta if status.draft_version else None
    return EntryRow(
        path=history.path,
        title=meta.title if meta else None,
        column=column.id if column else None,
        column_title=column.title if column else _("standing page"),
        number=meta.document.number if meta and meta.document else None,
        author=meta.author if meta else None,
        author_name=messages.person_name(meta.author, policy) if meta and meta.author else None,
        source=(meta.source or (policy.unit.name if is_entry else None)) if meta else None,
        date=_shown_date(meta, public if is_entry else None, policy) if meta else None,
        state=status.reason.value if status.reason else "published",
        state_title=messages.reason_title(status.reason),
        remarks=_remarks(history, policy, now),
        public=public.form.value if public else None,
        public_title=_public_title(status),
        first_published=history.publications[0].at if history.publications else None,
        last_published=history.publications[-1].at if history.publications else None,
        approvals=len(history.approved),
        withdrawn_at=withdrawal.at if withdrawal else None,
        withdrawn_reason=withdrawal.reason if withdrawal and counts else None,
        expires_at=meta.expires_at if meta else None,
        public_digest=public.version.digest if public and public.version else None,
        files=tuple(sorted(version.files)) if version else (),
        flag=flag.status if flag else None,
        flagged_by=_flagged_by(flag.approved_by if flag else None),
        listed={name: text for name, _key, text in listed(meta, lambda key: key.in_ledger)} if meta else {},
    )


def _withdrawal(history: EntryHistory) -> tuple[Decision | None, bool]:
    """Return the last withdrawal, and whether it counts; one without any effect only if there is no other."""
    found = [step for step in history.steps if step.decision.act is Action.WITHDRAW]
    told = [step for step in found if step.rejection is None or step.decision in history.withdrawals] or found
    if told:
        return told[-1].decision, told[-1].rejection is None
    return history.status.withdrawal, history.status.withdrawal_counts


def _flagged_by(named: ApprovedBy | None) -> tuple[str, ...]:
    if isinstance(named, str):
        return (named,)
    return tuple(named.values()) if isinstance(named, dict) else named or ()


def _shown_date(meta: FrontMatter, public: PublicState | None, policy: Policy) -> Date | datetime | None:
    """Return the date that the page shows; None for an entry without `date` that has no page."""
    since = public.since if public and public.form is not PublicForm.WITHDRAWN else None
    return publication_order.shown_date(meta, since, policy.zone) if since else meta.date


def _remarks(history: EntryHistory, policy: Policy, now: datetime) -> str:
    status = status_in_site_time(history.status, policy)
    parts = [messages.reason_text(status, policy, now.date())]
    if status.reason in WITH_PROBLEMS or history.damage:
        parts += [str(problem) for problem in dict.fromkeys((*status.problems, *history.damage))]
    owed = messages.owed_text(status, policy)
    if owed and status.reason not in (WithheldReason.URGENT, WithheldReason.OVERDUE):
        parts.append(owed)
    return _("; ").join(part for part in parts if part)


def _public_title(status: EntryStatus) -> str:
    if status.public is None:
        return _("Not public")
    if status.public.form is PublicForm.PAGE:
        return _("page, marked as expired") if status.public.expired else _("page")
    return _("notice of withdrawal") if status.public.form is PublicForm.WITHDRAWN else _("notice of expiry")


def action_title(act: Action) -> str:
    """Return the name of an act as a noun, for tables."""
    return {
        Action.SUBMIT: _("submission"),
        Action.CORRECT: _("submission of a correction"),
        Action.APPROVE: _("approval"),
        Action.URGENT: _("urgent publication"),
        Action.RETURN: _("return"),
        Action.WITHDRAW: _("withdrawal"),
    }[act]


def _act(step: JudgedDecision, history: EntryHistory, policy: Policy) -> ActionRow:
    decision, draft = step.decision, history.status.draft
    version = history.versions.get(decision.digest) or (draft and draft.version) or history.version
    person = policy.people.get(decision.by)
    return ActionRow(
        entry=history.path,
        title=version.meta.title if version else None,
        line=decision.line,
        act=decision.act.value,
        act_title=action_title(decision.act),
        stage=step.stage,
        stage_title=messages.stage_title(step.stage, policy) if step.stage else None,
        by=decision.by,
        name=messages.person_name(decision.by, policy),
        roles=person.roles if person else (),
        via=decision.via,
        at=decision.at.astimezone(policy.zone),
        digest=decision.digest,
        words=decision.note or decision.reason,
        counts=step.rejection is None,
        flaw=step.rejection.value if step.rejection else None,
        why=_why(step, history, policy),
        signature=_signature(decision, policy),
        base=decision.base,
        until=decision.until.astimezone(policy.zone) if decision.until else None,
    )


def _why(step: JudgedDecision, history: EntryHistory, policy: Policy) -> str | None:
    if step.rejection is None:
        return None
    why = messages.rejection_text(step.rejection, in_site_time(step.decision, policy), policy)
    if step.decision in history.withdrawals:
        return _("{why}; but the page was taken down, without a notice").format(why=why)
    return why


def _signature(decision: Decision, policy: Policy) -> str | None:
    if decision.signature is None:
        return None
    return "valid" if is_signed_by_decider(decision, policy) else "invalid"
