"""The rules of review: which acts count, and what they add up to.

An approval counts only if everything about it is right. A return and a withdrawal always count, even where they are
void as decisions: what takes a page down must not fail because a person or a date in the policy changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from gongshi.domain.dossier import Act, Decision
from gongshi.domain.policy import Policy

CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far a decision may lie ahead of the clock: the clocks of two offices differ."""


class Flaw(Enum):
    """Why a decision does not count."""

    UNKNOWN_PERSON = "unknown-person"
    NOT_IN_OFFICE = "not-in-office"
    NOT_IN_ROLE = "not-in-role"
    OWN_WORK = "own-work"
    SECOND_STAGE = "second-stage"
    WRONG_STAGE = "wrong-stage"
    NOT_SUBMITTED = "not-submitted"
    OTHER_VERSION = "other-version"
    OTHER_CHAIN = "other-chain"
    IN_THE_FUTURE = "in-the-future"
    BACKDATED = "backdated"


@dataclass(frozen=True)
class Void:
    """A decision that does not count."""

    decision: Decision
    flaw: Flaw


@dataclass
class Round:
    """One passage of one version through its chain, still open."""

    path: str
    submission: Decision
    chain: tuple[str, ...]
    barred: frozenset[str]
    """Who submitted this version, now or before: they may not approve it."""
    approvals: list[Decision] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The version under review."""
        return self.submission.digest

    @property
    def stage(self) -> str | None:
        """The stage that is waited for."""
        return self.chain[len(self.approvals)] if len(self.approvals) < len(self.chain) else None


@dataclass(frozen=True)
class Approved:
    """A version that passed its whole chain."""

    round: Round

    @property
    def digest(self) -> str:
        """The version that was approved."""
        return self.round.digest

    @property
    def decision(self) -> Decision:
        """The last approval: it names the approved files."""
        return self.round.approvals[-1]

    @property
    def approvers(self) -> frozenset[str]:
        """Everybody who approved."""
        return frozenset(decision.by for decision in self.round.approvals)


@dataclass
class Review:
    """What the acts on one entry add up to."""

    approved: list[Approved] = field(default_factory=list)
    """Versions approved since the last withdrawal, oldest first."""
    round: Round | None = None
    returned: Decision | None = None
    """The last return, where nothing was submitted after it."""
    withdrawal: Decision | None = None
    withdrawal_counts: bool = True
    """False where who withdrew had no right to: the page stays down, but without a notice."""
    voids: list[Void] = field(default_factory=list)
    latest: datetime | None = None
    """The latest time of any act: no submission or approval after it may be dated before it."""


def review(path: str, decisions: Iterable[Decision], policy: Policy, now: datetime) -> Review:
    """Judge the acts on one entry in their order.

    Authorship is not judged here, for it stands in the version: see `publication.judge`.

    Args:
        path: the entry, relative to `docs/`.
        decisions: its acts, oldest first.
        policy: the people, stages and chains.
        now: the present.
    """
    result = Review()
    submitters: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.act is Act.SUBMIT:
            _submit(result, decision, path, policy, submitters, now)
        elif decision.act is Act.APPROVE:
            _approve(result, decision, policy, now)
        elif decision.act is Act.RETURN:
            result.round, result.returned = None, decision
        else:
            _withdraw(result, decision, policy)
        result.latest = max(result.latest or decision.at, decision.at)
    return result


def _submit(
    result: Review, decision: Decision, path: str, policy: Policy, submitters: dict[str, set[str]], now: datetime
) -> None:
    flaw = time_flaw(decision, result.latest, now) or office_flaw(decision.by, decision, policy)
    if flaw:
        result.voids.append(Void(decision, flaw))
        result.round = None
        return
    barred = submitters.setdefault(decision.digest, set())
    barred.add(decision.by)
    chain = policy.chain_on(path, decision.day)
    result.round, result.returned = Round(path, decision, chain, frozenset(barred)), None


def _approve(result: Review, decision: Decision, policy: Policy, now: datetime) -> None:
    open_round = result.round
    flaw = time_flaw(decision, result.latest, now) or approval_flaw(open_round, decision, policy)
    if flaw or open_round is None:
        result.voids.append(Void(decision, flaw or Flaw.NOT_SUBMITTED))
        return
    open_round.approvals.append(decision)
    if open_round.stage is None:
        result.approved.append(Approved(open_round))
        result.round = None


def _withdraw(result: Review, decision: Decision, policy: Policy) -> None:
    result.approved.clear()
    result.round = result.returned = None
    result.withdrawal = decision
    flaw = role_flaw(decision.by, policy.withdraw_role, decision, policy)
    result.withdrawal_counts = flaw is None
    if flaw:
        result.voids.append(Void(decision, flaw))


def time_flaw(decision: Decision, latest: datetime | None, now: datetime) -> Flaw | None:
    """Why the time of a submission or approval cannot be true, or None.

    Args:
        decision: the act.
        latest: the latest time of the acts before it.
        now: the present.
    """
    if decision.at > now + CLOCK_TOLERANCE:
        return Flaw.IN_THE_FUTURE
    return Flaw.BACKDATED if latest and decision.at < latest - CLOCK_TOLERANCE else None


def approval_flaw(open_round: Round | None, decision: Decision, policy: Policy) -> Flaw | None:
    """Why an approval does not count in a round, its time aside, or None.

    The chain must be the one in force on the day of the approval, too, so that nobody can choose a shorter one by
    dating a submission.

    Args:
        open_round: the round at that moment.
        decision: the approval.
        policy: the people, stages and chains.
    """
    if open_round is None:
        return Flaw.NOT_SUBMITTED
    if decision.digest != open_round.digest:
        return Flaw.OTHER_VERSION
    if not decision.chain == open_round.chain == policy.chain_on(open_round.path, decision.day):
        return Flaw.OTHER_CHAIN
    stage = policy.stages.get(open_round.stage or "")
    if stage is None or decision.stage != stage.id:
        return Flaw.WRONG_STAGE
    if flaw := role_flaw(decision.by, stage.role, decision, policy):
        return flaw
    if decision.by in open_round.barred:
        return Flaw.OWN_WORK
    if any(decision.by == earlier.by for earlier in open_round.approvals):
        return Flaw.SECOND_STAGE
    return None


def office_flaw(by: str, decision: Decision, policy: Policy) -> Flaw | None:
    """Why a person could not act at all at the time of a decision, or None."""
    if by not in policy.people:
        return Flaw.UNKNOWN_PERSON
    return None if policy.people[by].serves(decision.day) else Flaw.NOT_IN_OFFICE


def role_flaw(by: str, role: str, decision: Decision, policy: Policy) -> Flaw | None:
    """Why a person could not act in a role at the time of a decision, or None."""
    if flaw := office_flaw(by, decision, policy):
        return flaw
    return None if policy.people[by].holds(role, decision.day) else Flaw.NOT_IN_ROLE
