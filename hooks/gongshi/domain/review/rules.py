"""Review rules: decide which decisions count, and their result.

An approval counts only if all its conditions hold. A return or a withdrawal always takes effect, even if it is
rejected: taking a page down must not fail because a person or a date in the policy changed. The public notice with the
reason of a withdrawal is shown only if the withdrawal is not rejected.
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
"""The maximum time by which a decision may be ahead of the clock or behind earlier decisions: office clocks differ."""


def evaluate_decisions(
    path: str, decisions: Iterable[Decision], policy: Policy, now: datetime, author_of: AuthorOf | None = None
) -> Review:
    """Evaluate the decisions on one entry in order.

    Args:
        path: the entry, relative to `docs/`.
        decisions: its decisions, oldest first.
        policy: the people, stages and chains.
        now: the present.
        author_of: returns the author of an approved version; called only if a later decision depends on it. The public
            version itself is checked for own work in `version_checks`.
    """
    result = Review(author_of=author_of) if author_of else Review()
    for decision in decisions:
        apply_decision(result, decision, path, policy, now)
    return result


def apply_decision(result: Review, decision: Decision, path: str, policy: Policy, now: datetime) -> None:
    """Apply one more decision on an entry.

    Args:
        result: the review up to the decision before it; it is changed in place.
        decision: the decision.
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
    # An unsigned line with a late date must not block every later decision.
    if unsigned is None:
        result.latest = max(result.latest or decision.at, decision.at)
    if decision.act in (Action.WITHDRAW, Action.RETURN):
        result.public_events.append(PublicEvent(decision, result.latest or decision.at))
    elif len(result.approved) > known:
        result.public_events.append(PublicEvent(result.approved[-1], result.latest or decision.at))


def signature_rejection(decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the rejection reason for the signature of a decision, or None if it is valid or not required.

    Args:
        decision: the decision.
        policy: the people with their keys.
    """
    if not policy.signed:
        return None
    if decision.signature and decision.unit != policy.identity:
        return RejectionReason.OTHER_UNIT
    return None if is_signed_by_decider(decision, policy) else RejectionReason.NOT_SIGNED


def _open(result: Review, decision: Decision, reason: RejectionReason | None, path: str, policy: Policy) -> None:
    """Open a round; an earlier open round ends."""
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
        chain, corrects = policy.correction_chain_on(decision.day), result.last_full_version(policy)
    else:
        chain, corrects = policy.chain_on(path, decision.day), None
    result.round = OpenRound(path, decision, chain, frozenset(barred | result.publishers), corrects)
    if decision.act is Action.URGENT:
        urgent = ApprovedVersion((decision,), due=urgent_due(result, decision, policy))
        result.approved.append(urgent)
        result.owing.append(urgent)


def urgent_due(result: Review, decision: Decision, policy: Policy) -> datetime:
    """Return the deadline of an urgent publication; it starts at the first publication whose chain is owed.

    Args:
        result: the review up to the decision before it.
        decision: the urgent publication.
        policy: the present rules; they can shorten the deadline set at the decision, but not extend it.
    """
    if result.owed and result.owed.due:
        return result.owed.due
    hours = policy.urgent.review_within_hours if policy.urgent else 0
    due = decision.at + timedelta(hours=hours)
    return min(due, decision.until) if decision.until else due


def opening_rejection(result: Review, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the rejection reason for a submission, correction or urgent publication, or None.

    The time of the decision is not checked here.

    Args:
        result: the review up to the decision before it.
        decision: the decision.
        policy: the people, stages and chains.
    """
    if decision.act is Action.URGENT:
        if policy.urgent is None:
            return RejectionReason.NOT_IN_ROLE
        if result.owed and result.owed.is_overdue(decision.at):
            return RejectionReason.CHAIN_OWED
        return role_rejection(decision.by, policy.urgent.role, decision, policy)
    if decision.act is Action.CORRECT:
        full = result.last_full_version(policy)
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
    """End the round; its urgent publication ends with it."""
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
    """Return the rejection reason for the time of a decision, or None.

    Args:
        decision: the decision.
        latest: the latest time of the decisions before it; None for the first one.
        now: the present.
    """
    if decision.at > now + CLOCK_TOLERANCE:
        return RejectionReason.IN_THE_FUTURE
    return RejectionReason.BACKDATED if latest and decision.at < latest - CLOCK_TOLERANCE else None


def approval_rejection(open_round: OpenRound | None, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the rejection reason for an approval in a round, or None; its time is not checked here.

    The chain of the round must also be in force on the day of the approval, so that nobody can choose a shorter chain
    by dating a submission.

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
    if reason := _role_rejection_on(decision.by, stage.role, days, policy):
        return reason
    human = policy.canonical_person(decision.by)
    if human in open_round.barred:
        return RejectionReason.OWN_WORK
    if any(human == policy.canonical_person(earlier.by) for earlier in open_round.approvals):
        return RejectionReason.SECOND_STAGE
    return None


def chain_of(open_round: OpenRound, policy: Policy, day: date) -> tuple[str, ...]:
    """Return the chain that the version of a round must pass on a day.

    Args:
        open_round: the round.
        policy: the chains.
        day: the day.
    """
    return policy.correction_chain_on(day) if open_round.corrects else policy.chain_on(open_round.path, day)


def office_rejection(by: str, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the rejection reason for a person unknown or not in office at the time of a decision, or None.

    Args:
        by: the person id.
        decision: the decision, for its time.
        policy: the people.
    """
    return _office_rejection_on(by, decision.days(policy.zone), policy)


def role_rejection(by: str, role: str, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return the rejection reason for a person who did not hold a role at the time of a decision, or None.

    Args:
        by: the person id.
        role: the required role.
        decision: the decision, for its time.
        policy: the people.
    """
    return _role_rejection_on(by, role, decision.days(policy.zone), policy)


def _office_rejection_on(by: str, days: tuple[date, ...], policy: Policy) -> RejectionReason | None:
    person = policy.people.get(by)
    if person is None:
        return RejectionReason.UNKNOWN_PERSON
    return None if all(map(person.in_office_on, days)) else RejectionReason.NOT_IN_OFFICE


def _role_rejection_on(by: str, role: str, days: tuple[date, ...], policy: Policy) -> RejectionReason | None:
    if reason := _office_rejection_on(by, days, policy):
        return reason
    return None if role in policy.people[by].roles else RejectionReason.NOT_IN_ROLE
