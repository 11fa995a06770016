"""The rules of review: which acts count, and their result.

An approval counts only if everything about it is right. A return and a withdrawal always count, even where they are
void as decisions: what takes a page down must not fail because a person or a date in the policy changed. But the public
reads the words of a withdrawal only where it counts as a decision, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.signatures import is_signed_by_decider
from gongshi.domain.review.models import (
    ApprovedVersion,
    AuthorOf,
    OpenRound,
    PublicEvent,
    RejectedDecision,
    RejectionReason,
    Review,
)

CLOCK_TOLERANCE = timedelta(minutes=10)
"""The time by which a decision may lie ahead of the clock: the clocks of two offices differ."""


def evaluate_decisions(
    path: str, decisions: Iterable[Decision], policy: Policy, now: datetime, author_of: AuthorOf | None = None
) -> Review:
    """Judge the acts on one entry in their order.

    Args:
        path: the entry, relative to `docs/`.
        decisions: its acts, oldest first.
        policy: the people, stages and chains.
        now: the present.
        author_of: gives the author of an approved version. It is asked only where another act depends on the answer;
            whether what is public is its approvers' own work, `status.judge` asks.
    """
    result = Review(author_of=author_of) if author_of else Review()
    for decision in decisions:
        apply_decision(result, decision, path, policy, now)
    return result


def apply_decision(result: Review, decision: Decision, path: str, policy: Policy, now: datetime) -> None:
    """Judge one more act on an entry.

    Args:
        result: the result of the acts before it; it is changed.
        decision: the act.
        path: the entry, relative to `docs/`.
        policy: the people, stages and chains.
        now: the present.
    """
    known = len(result.approved)
    unsigned = signature_rejection(decision, policy)
    reason = unsigned or time_rejection(decision, result.latest, now)
    if decision.act is Action.APPROVE:
        _approve(result, decision, reason, policy)
    elif decision.act is Action.RETURN:
        _return(result, decision, unsigned)
    elif decision.act is Action.WITHDRAW:
        _withdraw(result, decision, unsigned, policy, now)
    else:
        _open(result, decision, reason, path, policy)
    # Else a line that nobody signed would hold up every act to come.
    if unsigned is None:
        result.latest = max(result.latest or decision.at, decision.at)
    if decision.act in (Action.WITHDRAW, Action.RETURN):
        result.public_events.append(PublicEvent(decision, result.latest or decision.at))
    elif len(result.approved) > known:
        result.public_events.append(PublicEvent(result.approved[-1], result.latest or decision.at))


def signature_rejection(decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the reason for which the signature of an act does not count, or None."""
    if not policy.signed:
        return None
    if decision.signature and decision.unit != policy.identity:
        return RejectionReason.OTHER_UNIT
    return None if is_signed_by_decider(decision, policy) else RejectionReason.NOT_SIGNED


def _open(result: Review, decision: Decision, reason: RejectionReason | None, path: str, policy: Policy) -> None:
    """Open a round: what was submitted before is given up."""
    result.round = None
    if reason := reason or opening_rejection(result, decision, policy):
        result.rejected.append(RejectedDecision(decision, reason))
        return
    result.returned = None
    human = policy.canonical_person(decision.by)
    barred = result.barred.setdefault(decision.digest, set())
    barred.add(human)
    if decision.act is Action.URGENT:
        result.publishers.add(human)
    if decision.act is Action.CORRECT:
        chain, corrects = policy.correction_chain_on(decision.day), result.full(policy)
    else:
        chain, corrects = policy.chain_on(path, decision.day), None
    result.round = OpenRound(path, decision, chain, frozenset(barred | result.publishers), corrects)
    if decision.act is Action.URGENT:
        urgent = ApprovedVersion((decision,), due=urgent_due(result, decision, policy))
        result.approved.append(urgent)
        result.owing.append(urgent)


def urgent_due(result: Review, decision: Decision, policy: Policy) -> datetime:
    """Return the time at which an urgent publication ends: it runs from the first one whose chain is owed.

    Args:
        result: what the acts before it add up to.
        decision: the urgent publication.
        policy: the rules of today; they can make the time shorter than it was at the decision, but not longer.
    """
    if result.owed and result.owed.due:
        return result.owed.due
    hours = policy.urgent.review_within_hours if policy.urgent else 0
    due = decision.at + timedelta(hours=hours)
    return min(due, decision.until) if decision.until else due


def opening_rejection(result: Review, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the reason for which a submission, correction or urgent publication does not count, or None.

    The time of the act is not checked here.

    Args:
        result: what the acts before it add up to.
        decision: the act.
        policy: the people, stages and chains.
    """
    if decision.act is Action.URGENT:
        if policy.urgent is None:
            return RejectionReason.NOT_IN_ROLE
        if result.owed and result.owed.is_overdue(decision.at):
            return RejectionReason.CHAIN_OWED
        return role_rejection(decision.by, policy.urgent.role, decision, policy)
    if decision.act is Action.CORRECT:
        full = result.full(policy)
        if full is None or full.digest != decision.base:
            return RejectionReason.NO_BASE
    return office_rejection(decision.by, decision, policy)


def _approve(result: Review, decision: Decision, reason: RejectionReason | None, policy: Policy) -> None:
    open_round = result.round
    reason = reason or approval_rejection(open_round, decision, policy)
    if reason or open_round is None:
        result.rejected.append(RejectedDecision(decision, reason or RejectionReason.NOT_SUBMITTED))
        return
    open_round.approvals.append(decision)
    if open_round.stage is None:
        approved = ApprovedVersion(tuple(open_round.approvals), open_round.corrects)
        result.approved.append(approved)
        result.round = None
        if approved.full and not (result.owed and result.is_own_work(approved, policy)):
            result.owing.clear()
            result.publishers.clear()


def _return(result: Review, decision: Decision, reason: RejectionReason | None) -> None:
    """End the round; what was published urgently does not stay without it."""
    if reason:
        result.rejected.append(RejectedDecision(decision, reason))
    result.round, result.returned = None, decision
    result.approved = [a for a in result.approved if a.due is None or a.digest != decision.digest]


def _withdraw(
    result: Review, decision: Decision, reason: RejectionReason | None, policy: Policy, now: datetime
) -> None:
    shown = max((approved.decision.at for approved in result.approved), default=None)
    reason = (
        reason
        or time_rejection(decision, shown, now)
        or role_rejection(decision.by, policy.withdraw_role, decision, policy)
    )
    result.withdrawal_counts = reason is None and any(a.digest == decision.digest for a in result.approved)
    result.approved.clear()
    result.round = result.returned = None
    result.withdrawal = decision
    if reason:
        result.rejected.append(RejectedDecision(decision, reason))


def time_rejection(decision: Decision, latest: datetime | None, now: datetime) -> RejectionReason | None:
    """Return the reason for which the time of an act that leads to publication cannot be true, or None.

    Args:
        decision: the act.
        latest: the latest time of the acts before it.
        now: the present.
    """
    if decision.at > now + CLOCK_TOLERANCE:
        return RejectionReason.IN_THE_FUTURE
    return RejectionReason.BACKDATED if latest and decision.at < latest - CLOCK_TOLERANCE else None


def approval_rejection(open_round: OpenRound | None, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the reason for which an approval does not count in a round, or None; its time is not checked here.

    The chain must be the one in force on the day of the approval, too, so that nobody can choose a shorter one by
    dating a submission.

    Args:
        open_round: the round at that moment.
        decision: the approval.
        policy: the people, stages and chains.
    """
    if open_round is None:
        return RejectionReason.NOT_SUBMITTED
    if decision.digest != open_round.digest:
        return RejectionReason.OTHER_VERSION
    days = decision.days(policy.zone)
    chains = {chain_of(open_round, policy, day) for day in days}
    if {decision.chain, open_round.chain} != chains:
        return RejectionReason.OTHER_CHAIN
    stage = policy.stages.get(open_round.stage or "")
    if stage is None or decision.stage != stage.id:
        return RejectionReason.WRONG_STAGE
    if reason := _role_flaw(decision.by, stage.role, days, policy):
        return reason
    human = policy.canonical_person(decision.by)
    if human in open_round.barred:
        return RejectionReason.OWN_WORK
    if any(human == policy.canonical_person(earlier.by) for earlier in open_round.approvals):
        return RejectionReason.SECOND_STAGE
    return None


def chain_of(open_round: OpenRound, policy: Policy, day: date) -> tuple[str, ...]:
    """Return the chain that a version of this kind must pass on that day."""
    return policy.correction_chain_on(day) if open_round.corrects else policy.chain_on(open_round.path, day)


def office_rejection(by: str, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the reason for which a person could not act at all at the time of a decision, or None."""
    return _office_flaw(by, decision.days(policy.zone), policy)


def role_rejection(by: str, role: str, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the reason for which a person could not act in a role at the time of a decision, or None."""
    return _role_flaw(by, role, decision.days(policy.zone), policy)


def _office_flaw(by: str, days: tuple[date, ...], policy: Policy) -> RejectionReason | None:
    person = policy.people.get(by)
    if person is None:
        return RejectionReason.UNKNOWN_PERSON
    return None if all(map(person.in_office_on, days)) else RejectionReason.NOT_IN_OFFICE


def _role_flaw(by: str, role: str, days: tuple[date, ...], policy: Policy) -> RejectionReason | None:
    if reason := _office_flaw(by, days, policy):
        return reason
    return None if role in policy.people[by].roles else RejectionReason.NOT_IN_ROLE
