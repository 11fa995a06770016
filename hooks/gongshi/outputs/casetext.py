"""What became of a version, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from gongshi.domain.passages import Passage
from gongshi.domain.policy import Policy
from gongshi.domain.publication import Reason
from gongshi.domain.wording import flaw_text, person_name, reason_text, stage_title, turn_text
from gongshi.i18n import gettext as _
from gongshi.outputs.case import Case, State


def status(state: State) -> str:
    """What became of a version, in a word or two."""
    return {
        State.DRAFT: _("not submitted"),
        State.UNRECORDED: _("no record kept"),
        State.SUBMITTED: _("under review"),
        State.URGENT: _("published urgently"),
        State.OVERDUE: _("taken down: chain overdue"),
        State.RETURNED: _("returned"),
        State.GIVEN_UP: _("given up"),
        State.VOID: _("approval void"),
        State.SCHEDULED: _("scheduled"),
        State.APPROVED: _("approved"),
        State.WITHDRAWN: _("withdrawn"),
    }[state]


def mark(case: Case, policy: Policy) -> str:
    """The warning that a form of this version must carry; empty where it was approved.

    Args:
        case: what the form is about.
        policy: the unit.
    """
    passage = case.passage
    due = passage.urgent.due if passage and passage.urgent else None
    gone = passage.withdrawal if passage else None
    words = {
        State.DRAFT: _("A draft that was not submitted; nothing may be published on the strength of this form"),
        State.UNRECORDED: _("This unit keeps no record of decisions; this form counts with signatures on paper only"),
        State.SUBMITTED: _("Under review, not approved yet"),
        State.URGENT: _("Published urgently; the full chain is owed until {when}"),
        State.OVERDUE: _("Published urgently and taken down: the full chain did not follow until {when}"),
        State.RETURNED: _("Returned, not approved"),
        State.GIVEN_UP: _("This round ended without approval"),
        State.VOID: _("The approval does not count; nothing may be published on the strength of this form"),
        State.WITHDRAWN: _("Withdrawn on {day}"),
    }
    text = words.get(case.state, "")
    return text.format(when=time_text(due, policy) if due else "", day=day_text(gone.day) if gone else "")


def remarks(case: Case, policy: Policy, now: datetime) -> Iterator[str]:
    """Returns, what does not count, whose turn it is, and what came after.

    Args:
        case: what the form is about.
        policy: the rules.
        now: the present.
    """
    if case.passage is None:
        yield from _returns(case, len(case.passages), policy)
        return
    own = 0 if stage_of_return(case.passage, policy) else 1
    yield from _returns(case, case.passage.number - 1 + own, policy)
    for void in case.voids:
        sentence = _("Line {line} of the dossier does not count: {why}")
        yield sentence.format(line=void.decision.line, why=flaw_text(void.flaw, void.decision, policy))
    if case.passage.is_open:
        yield _outlook(case, policy, now)
    later = [passage for passage in case.passages[case.passage.number :] if passage.approved]
    if later and later[-1].approved:
        sentence = _("A later version was approved in round {number}, on {day}")
        yield sentence.format(number=later[-1].number, day=day_text(later[-1].approved.decision.day))


def _outlook(case: Case, policy: Policy, now: datetime) -> str:
    """What an open round waits for."""
    standing, day = case.standing, now.date()
    if standing.round is None or standing.reason in (Reason.CHANGED, Reason.CHAIN_CHANGED):
        return reason_text(standing, policy, day)
    waiting = _("waits for {stage}: {persons}")
    return waiting.format(stage=stage_title(standing.round.stage, policy), persons=turn_text(standing, policy, day))


def stage_of_return(passage: Passage, policy: Policy) -> str | None:
    """The stage that returned a version; None where it was none, or where somebody of another stage did."""
    decision, stage = passage.returned, policy.stages.get(passage.round.stage or "")
    if decision is None or stage is None:
        return None
    person = policy.people.get(decision.by)
    return stage.id if person and person.holds(stage.role, decision.day) else None


def _returns(case: Case, last: int, policy: Policy) -> Iterator[str]:
    for passage in case.passages[:last]:
        if decision := passage.returned:
            sentence = _("Round {number}, submitted on {since}, was returned on {day} by {person}: {words}")
            yield sentence.format(
                number=passage.number,
                since=day_text(passage.submission.day),
                day=day_text(decision.day),
                person=person_name(decision.by, policy),
                words=decision.note or "",
            )


def day_text(value: date) -> str:
    """A day as the unit writes it."""
    return _("{day:%Y-%m-%d}").format(day=value)


def time_text(value: datetime, policy: Policy) -> str:
    """A time as the unit writes it, in its time zone."""
    return _("{at:%Y-%m-%d %H:%M}").format(at=value.astimezone(policy.zone))
