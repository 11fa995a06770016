"""Write the texts of a review form: state, warning, remarks, days and times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Act, Decision
from gongshi.domain.review.messages import flaw_text, person_name, reason_text, stage_title, turn_text
from gongshi.domain.review.models import Void
from gongshi.domain.review.round_history import Passage
from gongshi.domain.review.status import Reason
from gongshi.i18n import gettext as _
from gongshi.reports.form.round_outcome import State
from gongshi.reports.form.subject import Case
from gongshi.reports.local_time import here, standing_here

_OPENING = (Act.SUBMIT, Act.CORRECT, Act.URGENT)
"""Acts that open a round. They end the round before even if they do not count."""


def status(state: State) -> str:
    """Return the state of a version in a word or two."""
    return {
        State.DRAFT: _("not submitted"),
        State.UNRECORDED: _("no record kept"),
        State.SUBMITTED: _("under review"),
        State.URGENT: _("published urgently"),
        State.OVERDUE: _("taken down: chain overdue"),
        State.RETURNED: _("returned"),
        State.GIVEN_UP: _("given up"),
        State.VOID: _("approval void"),
        State.ADDRESS_TAKEN: _("address taken"),
        State.SCHEDULED: _("scheduled"),
        State.APPROVED: _("approved"),
        State.WITHDRAWN: _("withdrawn"),
        State.TAKEN_DOWN: _("taken down"),
    }[state]


def mark(case: Case, policy: Policy) -> str:
    """Return the warning that the form of this version must show; empty if the version is approved.

    Args:
        case: the subject of the form.
        policy: the rules.
    """
    passage = case.passage
    due = passage.urgent.due if passage and passage.urgent else None
    ended = (passage.returned or passage.withdrawal) if passage else None
    words = {
        State.DRAFT: _("A draft that was not submitted; this form does not allow publishing it"),
        State.UNRECORDED: _("This unit keeps no record of decisions; this form is valid only with signatures on paper"),
        State.SUBMITTED: _("Under review, not approved yet"),
        State.URGENT: _("Published urgently; the full chain is owed until {when}"),
        State.OVERDUE: _("Published urgently and taken down: the full chain did not follow until {when}"),
        State.RETURNED: _("Returned, not approved"),
        State.GIVEN_UP: _("This round ended without approval"),
        State.VOID: _("The approval does not count; this form does not allow publishing it"),
        State.ADDRESS_TAKEN: _("Not public: another published page has its address; see the remarks"),
        State.WITHDRAWN: _("Withdrawn on {day}"),
        State.TAKEN_DOWN: _("Not public: line {line} of the dossier took it down, although it does not count"),
    }
    text = words.get(case.state, "")
    approved = any(void.decision.act is Act.APPROVE for void in case.voids)
    if case.state is State.VOID and not (passage and approved):
        text = _("The decisions on it do not count; this form does not allow publishing it")
    elif case.state is State.RETURNED and case.returned is None:
        text = _("Not approved: line {line} of the dossier ended this round, although it does not count")
    return text.format(
        when=time_text(due, policy) if due else "",
        day=on_day(ended, policy) if ended else "",
        line=ended.line if ended else "",
    )


def remarks(case: Case, policy: Policy, now: datetime) -> Iterator[str]:
    """Return the remarks of the form, each a sentence.

    They name returns, decisions that do not count, who is next, times when the version was not public, and later
    versions.

    Args:
        case: the subject of the form.
        policy: the rules.
        now: the present.
    """
    yield from _return_remarks(case, policy)
    for void in case.voids:
        sentence = _("Line {line} of the dossier does not count: {why}")
        yield sentence.format(line=void.decision.line, why=_why(void, case, policy))
    if case.standing.reason is Reason.ADDRESS_TAKEN:
        yield from map(str, case.standing.problems)
    if case.passage is None:
        return
    yield from _entered_for_others(case, case.passage, policy)
    if case.passage.is_open:
        yield _waiting_remark(case, policy, now)
    yield from _publication_remarks(case, case.passage, policy)
    later = [passage for passage in case.passages[case.passage.number :] if passage.approved]
    if later and later[-1].approved:
        sentence = _("A later version was approved in round {number}, on {day}")
        yield sentence.format(number=later[-1].number, day=on_day(later[-1].approved.decision, policy))


def _entered_for_others(case: Case, passage: Passage, policy: Policy) -> Iterator[str]:
    """Return a remark on each act of the round that git's user entered for somebody else."""
    acts = [passage.submission, *case.approvals, *(act for act in (case.returned, case.withdrawal) if act)]
    for act in acts:
        if act.via:
            sentence = _("Line {line} of the dossier, by {person}, was entered by {via}")
            yield sentence.format(line=act.line, person=person_name(act.by, policy), via=act.via)


def _why(void: Void, case: Case, policy: Policy) -> str:
    """Return the reason why a line does not count, and the effect that it had nevertheless."""
    why, passage = flaw_text(void.flaw, here(void.decision, policy), policy), case.passage
    if passage and void.decision is passage.withdrawal and case.state is State.TAKEN_DOWN:
        return _("{why}; but the page was taken down, without a notice").format(why=why)
    if passage and (void.decision in (passage.returned, passage.withdrawal) or void is _usurper(passage)):
        return _("{why}; but it ended the round").format(why=why)
    return why


def _usurper(passage: Passage) -> Void | None:
    """Return the submission that does not count, but ended a round without any other end."""
    if passage.is_open or passage.approved or passage.returned or passage.withdrawal:
        return None
    since = passage.submission.line
    return next((void for void in passage.voids if void.decision.act in _OPENING and void.decision.line > since), None)


def _publication_remarks(case: Case, passage: Passage, policy: Policy) -> Iterator[str]:
    """Return remarks on times when the version was public or not, if its round does not show that."""
    urgent, approved = case.urgent, passage.approved
    if urgent and urgent.due and approved and case.released and case.released < urgent.due < approved.decision.at:
        sentence = _("It was not public from {since} to {until}: until then its chain had not followed")
        yield sentence.format(since=time_text(urgent.due, policy), until=time_text(approved.decision.at, policy))
    if urgent and case.state is State.GIVEN_UP:
        sentence = _("It was published urgently at {when}, and later replaced or returned")
        yield sentence.format(when=time_text(urgent.decision.at, policy))
    if case.released is None and case.state in (State.APPROVED, State.WITHDRAWN, State.TAKEN_DOWN):
        yield _("It was never public: it was replaced or withdrawn before its time")


def _waiting_remark(case: Case, policy: Policy, now: datetime) -> str:
    """Return the remark on what an open round waits for."""
    standing, day = case.standing, now.date()
    if standing.round is None or standing.reason in (Reason.CHANGED, Reason.CHAIN_CHANGED):
        return reason_text(standing_here(standing, policy), policy, day)
    waiting = _("waits for {stage}: {persons}")
    return waiting.format(stage=stage_title(standing.round.stage, policy), persons=turn_text(standing, policy, day))


def stage_of_return(passage: Passage, policy: Policy) -> str | None:
    """Return the stage that returned a version; None if nobody did, or a person without that stage's role."""
    decision, stage = passage.returned, policy.stages.get(passage.round.stage or "")
    if decision is None or stage is None or not passage.counts(decision):
        return None
    person = policy.people.get(decision.by)
    return stage.id if person and person.holds(stage.role, decision.day) else None


def told_returns(case: Case, policy: Policy) -> list[Passage]:
    """Return the rounds whose return the remarks name: earlier ones, and this one if no stage shows its return."""
    if case.passage is None:
        return [passage for passage in case.passages if passage.returned]
    own = 0 if stage_of_return(case.passage, policy) or case.returned is None else 1
    return [passage for passage in case.passages[: case.passage.number - 1 + own] if passage.returned]


def _return_remarks(case: Case, policy: Policy) -> Iterator[str]:
    for passage in told_returns(case, policy):
        decision = passage.returned
        assert decision is not None
        flaws = [void.flaw for void in passage.voids if void.decision is decision]
        sentence = _("Round {number}, submitted on {since}, was returned on {day} by {person}: {words}")
        if flaws:
            sentence = _("Round {number}, submitted on {since}, was ended by line {line}, which does not count: {why}")
        yield sentence.format(
            number=passage.number,
            since=on_day(passage.submission, policy),
            day=on_day(decision, policy),
            person=person_name(decision.by, policy),
            words=quoted(decision.note or ""),
            line=decision.line,
            why=_("; ").join(flaw_text(flaw, here(decision, policy), policy) for flaw in flaws),
        )


def quoted(words: str) -> str:
    """Put somebody's words on one line in quotation marks; quotation marks inside are replaced, so none ends early."""
    inner = " ".join(words.split()).translate({ord("“"): "‘", ord("”"): "’"})
    return _("“{words}”").format(words=inner) if inner else ""


def on_day(decision: Decision, policy: Policy) -> str:
    """Return the day of an act in the site's time zone, written in its language."""
    return day_text(here(decision, policy).day)


def day_text(value: date) -> str:
    """Return a day, written in the site's language."""
    return _("{day:%Y-%m-%d}").format(day=value)


def time_text(value: datetime, policy: Policy) -> str:
    """Return a time in the site's time zone, written in its language."""
    return _("{at:%Y-%m-%d %H:%M}").format(at=value.astimezone(policy.zone))
