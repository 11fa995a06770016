"""Write the texts of a review form: state, warning, remarks, days and times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review.messages import next_approvers_text, person_name, reason_text, rejection_text, stage_title
from gongshi.domain.review.models import RejectedDecision
from gongshi.domain.review.round_history import RoundRecord
from gongshi.domain.review.status import WithheldReason
from gongshi.i18n import gettext as _
from gongshi.reports.form.round_outcome import RoundState
from gongshi.reports.form.subject import FormSubject
from gongshi.reports.local_time import in_site_time, status_in_site_time

_OPENING = (Action.SUBMIT, Action.CORRECT, Action.URGENT)
"""Acts that open a round. They end the round before even if they do not count."""


def status(state: RoundState) -> str:
    """Return the state of a version in a word or two."""
    return {
        RoundState.DRAFT: _("not submitted"),
        RoundState.UNRECORDED: _("no record kept"),
        RoundState.SUBMITTED: _("under review"),
        RoundState.URGENT: _("published urgently"),
        RoundState.OVERDUE: _("taken down: chain overdue"),
        RoundState.RETURNED: _("returned"),
        RoundState.GIVEN_UP: _("given up"),
        RoundState.VOID: _("approval void"),
        RoundState.ADDRESS_TAKEN: _("address taken"),
        RoundState.SCHEDULED: _("scheduled"),
        RoundState.APPROVED: _("approved"),
        RoundState.WITHDRAWN: _("withdrawn"),
        RoundState.TAKEN_DOWN: _("taken down"),
    }[state]


def mark(case: FormSubject, policy: Policy) -> str:
    """Return the warning that the form of this version must show; empty if the version is approved.

    Args:
        case: the subject of the form.
        policy: the rules.
    """
    round_record = case.round_record
    due = round_record.urgent.due if round_record and round_record.urgent else None
    ended = (round_record.returned or round_record.withdrawal) if round_record else None
    words = {
        RoundState.DRAFT: _("A draft that was not submitted; this form does not allow publishing it"),
        RoundState.UNRECORDED: _(
            "This unit keeps no record of decisions; this form is valid only with signatures on paper"
        ),
        RoundState.SUBMITTED: _("Under review, not approved yet"),
        RoundState.URGENT: _("Published urgently; the full chain is owed until {when}"),
        RoundState.OVERDUE: _("Published urgently and taken down: the full chain did not follow until {when}"),
        RoundState.RETURNED: _("Returned, not approved"),
        RoundState.GIVEN_UP: _("This round ended without approval"),
        RoundState.VOID: _("The approval does not count; this form does not allow publishing it"),
        RoundState.ADDRESS_TAKEN: _("Not public: another published page has its address; see the remarks"),
        RoundState.WITHDRAWN: _("Withdrawn on {day}"),
        RoundState.TAKEN_DOWN: _("Not public: line {line} of the dossier took it down, although it does not count"),
    }
    text = words.get(case.state, "")
    approved = any(rejected_decision.decision.act is Action.APPROVE for rejected_decision in case.rejected)
    if case.state is RoundState.VOID and not (round_record and approved):
        text = _("The decisions on it do not count; this form does not allow publishing it")
    elif case.state is RoundState.RETURNED and case.returned is None:
        text = _("Not approved: line {line} of the dossier ended this round, although it does not count")
    return text.format(
        when=time_text(due, policy) if due else "",
        day=on_day(ended, policy) if ended else "",
        line=ended.line if ended else "",
    )


def remarks(case: FormSubject, policy: Policy, now: datetime) -> Iterator[str]:
    """Return the remarks of the form, each a sentence.

    They name returns, decisions that do not count, who is next, times when the version was not public, and later
    versions.

    Args:
        case: the subject of the form.
        policy: the rules.
        now: the present.
    """
    yield from _return_remarks(case, policy)
    for rejected_decision in case.rejected:
        sentence = _("Line {line} of the dossier does not count: {why}")
        yield sentence.format(line=rejected_decision.decision.line, why=_why(rejected_decision, case, policy))
    if case.status.reason is WithheldReason.ADDRESS_TAKEN:
        yield from map(str, case.status.problems)
    if case.round_record is None:
        return
    yield from _entered_for_others(case, case.round_record, policy)
    if case.round_record.is_open:
        yield _waiting_remark(case, policy, now)
    yield from _publication_remarks(case, case.round_record, policy)
    later = [round_record for round_record in case.rounds[case.round_record.number :] if round_record.approved]
    if later and later[-1].approved:
        sentence = _("A later version was approved in round {number}, on {day}")
        yield sentence.format(number=later[-1].number, day=on_day(later[-1].approved.decision, policy))


def _entered_for_others(case: FormSubject, round_record: RoundRecord, policy: Policy) -> Iterator[str]:
    """Return a remark on each act of the round that git's user entered for somebody else."""
    acts = [round_record.submission, *case.approvals, *(act for act in (case.returned, case.withdrawal) if act)]
    for act in acts:
        if act.via:
            sentence = _("Line {line} of the dossier, by {person}, was entered by {via}")
            yield sentence.format(line=act.line, person=person_name(act.by, policy), via=act.via)


def _why(rejected_decision: RejectedDecision, case: FormSubject, policy: Policy) -> str:
    """Return the reason why a line does not count, and the effect that it had nevertheless."""
    why, round_record = (
        rejection_text(rejected_decision.reason, in_site_time(rejected_decision.decision, policy), policy),
        case.round_record,
    )
    if round_record and rejected_decision.decision is round_record.withdrawal and case.state is RoundState.TAKEN_DOWN:
        return _("{why}; but the page was taken down, without a notice").format(why=why)
    if round_record and (
        rejected_decision.decision in (round_record.returned, round_record.withdrawal)
        or rejected_decision is _superseding_submission(round_record)
    ):
        return _("{why}; but it ended the round").format(why=why)
    return why


def _superseding_submission(round_record: RoundRecord) -> RejectedDecision | None:
    """Return the submission that does not count, but ended a round without any other end."""
    if round_record.is_open or round_record.approved or round_record.returned or round_record.withdrawal:
        return None
    since = round_record.submission.line
    return next(
        (
            rejected_decision
            for rejected_decision in round_record.rejected
            if rejected_decision.decision.act in _OPENING and rejected_decision.decision.line > since
        ),
        None,
    )


def _publication_remarks(case: FormSubject, round_record: RoundRecord, policy: Policy) -> Iterator[str]:
    """Return remarks on times when the version was public or not, if its round does not show that."""
    urgent, approved = case.urgent, round_record.approved
    if urgent and urgent.due and approved and case.released and case.released < urgent.due < approved.decision.at:
        sentence = _("It was not public from {since} to {until}: until then its chain had not followed")
        yield sentence.format(since=time_text(urgent.due, policy), until=time_text(approved.decision.at, policy))
    if urgent and case.state is RoundState.GIVEN_UP:
        sentence = _("It was published urgently at {when}, and later replaced or returned")
        yield sentence.format(when=time_text(urgent.decision.at, policy))
    if case.released is None and case.state in (RoundState.APPROVED, RoundState.WITHDRAWN, RoundState.TAKEN_DOWN):
        yield _("It was never public: it was replaced or withdrawn before its time")


def _waiting_remark(case: FormSubject, policy: Policy, now: datetime) -> str:
    """Return the remark on what an open round waits for."""
    entry_status, day = case.status, now.date()
    if entry_status.round is None or entry_status.reason in (WithheldReason.CHANGED, WithheldReason.CHAIN_CHANGED):
        return reason_text(status_in_site_time(entry_status, policy), policy, day)
    waiting = _("waits for {stage}: {persons}")
    return waiting.format(
        stage=stage_title(entry_status.round.stage, policy), persons=next_approvers_text(entry_status, policy, day)
    )


def stage_of_return(round_record: RoundRecord, policy: Policy) -> str | None:
    """Return the stage that returned a version; None if nobody did, or a person without that stage's role."""
    decision, stage = round_record.returned, policy.stages.get(round_record.round.stage or "")
    if decision is None or stage is None or not round_record.counts(decision):
        return None
    person = policy.people.get(decision.by)
    return stage.id if person and person.has_role_on(stage.role, decision.day) else None


def returns_in_remarks(case: FormSubject, policy: Policy) -> list[RoundRecord]:
    """Return the rounds whose return the remarks name: earlier ones, and this one if no stage shows its return."""
    if case.round_record is None:
        return [round_record for round_record in case.rounds if round_record.returned]
    own = 0 if stage_of_return(case.round_record, policy) or case.returned is None else 1
    return [round_record for round_record in case.rounds[: case.round_record.number - 1 + own] if round_record.returned]


def _return_remarks(case: FormSubject, policy: Policy) -> Iterator[str]:
    for round_record in returns_in_remarks(case, policy):
        decision = round_record.returned
        assert decision is not None
        flaws = [
            rejected_decision.reason
            for rejected_decision in round_record.rejected
            if rejected_decision.decision is decision
        ]
        sentence = _("Round {number}, submitted on {since}, was returned on {day} by {person}: {words}")
        if flaws:
            sentence = _("Round {number}, submitted on {since}, was ended by line {line}, which does not count: {why}")
        yield sentence.format(
            number=round_record.number,
            since=on_day(round_record.submission, policy),
            day=on_day(decision, policy),
            person=person_name(decision.by, policy),
            words=quoted(decision.note or ""),
            line=decision.line,
            why=_("; ").join(rejection_text(reason, in_site_time(decision, policy), policy) for reason in flaws),
        )


def quoted(words: str) -> str:
    """Put somebody's words on one line in quotation marks; quotation marks inside are replaced, so none ends early."""
    inner = " ".join(words.split()).translate({ord("“"): "‘", ord("”"): "’"})
    return _("“{words}”").format(words=inner) if inner else ""


def on_day(decision: Decision, policy: Policy) -> str:
    """Return the day of an act in the site's time zone, written in its language."""
    return day_text(in_site_time(decision, policy).day)


def day_text(value: date) -> str:
    """Return a day, written in the site's language."""
    return _("{day:%Y-%m-%d}").format(day=value)


def time_text(value: datetime, policy: Policy) -> str:
    """Return a time in the site's time zone, written in its language."""
    return _("{at:%Y-%m-%d %H:%M}").format(at=value.astimezone(policy.zone))
