"""History of an entry's decisions: each with the result of the rules, and the rounds that they form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review import rules
from gongshi.domain.review.models import (
    ApprovedVersion,
    AuthorOf,
    OpenRound,
    PublicEvent,
    RejectedDecision,
    RejectionReason,
    Review,
)


@dataclass
class RoundRecord:
    """Record of one round, from its submission to its end. Checks that need the content are not applied."""

    number: int
    """Counted from 1 in the order of submission."""
    round: OpenRound
    urgent: ApprovedVersion | None = None
    """The urgent publication that opened it."""
    approved: ApprovedVersion | None = None
    """The approved version; None if it has not passed its chain."""
    returned: Decision | None = None
    urgent_revoked: bool = False
    """True if a later return took down its urgent publication."""
    withdrawal: Decision | None = None
    """The withdrawal that took this version off the site, also if it is a rejected decision."""
    is_open: bool = True
    rejected: list[RejectedDecision] = field(default_factory=list)
    """Rejected decisions up to the next submission, and a rejected one that ended the round."""

    @property
    def submission(self) -> Decision:
        """The decision that opened the round."""
        return self.round.submission

    @property
    def digest(self) -> str:
        """The digest of the version under review."""
        return self.round.digest

    @property
    def last_line(self) -> int:
        """The line number in the dossier of the last decision of this round."""
        decisions = [
            self.submission,
            *self.round.approvals,
            *(rejected_decision.decision for rejected_decision in self.rejected),
        ]
        return max(each.line for each in (*decisions, self.returned, self.withdrawal) if each)

    def counts(self, decision: Decision) -> bool:
        """Tell whether a decision was not rejected. A rejected return or withdrawal also ends the round.

        Args:
            decision: a decision of this round.
        """
        return not any(rejected_decision.decision is decision for rejected_decision in self.rejected)


@dataclass(frozen=True)
class AppliedDecision:
    """One decision with the result of the rules."""

    decision: Decision
    rejection: RejectionReason | None
    """The rejection reason; None if the decision counts by all rules that do not need the content."""
    stage: str | None
    """The stage that the round waited for at that time; None if nothing was under review."""
    waiting_since: datetime | None
    """The moment since which the round waited for that stage."""
    approved: ApprovedVersion | None
    """The version that this decision finally approved or published urgently."""


@dataclass(frozen=True)
class DecisionHistory:
    """All decisions on one entry in order, with those that were withdrawn or replaced later."""

    decisions: tuple[AppliedDecision, ...]
    rounds: tuple[RoundRecord, ...]
    """The rounds; a rejected submission opens none."""
    before: tuple[RejectedDecision, ...]
    """The rejected decisions before the first round."""
    public_events: tuple[PublicEvent, ...]
    """The decisions that can change what is public, for `timeline.candidates`."""


def apply_decisions(
    path: str, decisions: Iterable[Decision], policy: Policy, now: datetime, author_of: AuthorOf
) -> DecisionHistory:
    """Apply the rules to the decisions on one entry in order, and group the decisions into rounds.

    Args:
        path: the entry, relative to `docs/`.
        decisions: its decisions, oldest first.
        policy: the people, stages and chains.
        now: the present.
        author_of: returns the author of an approved version.
    """
    result = Review(author_of=author_of)
    applied: list[AppliedDecision] = []
    found: list[RoundRecord] = []
    before: list[RejectedDecision] = []
    for decision in decisions:
        known, approved = len(result.rejected), len(result.approved)
        stage = result.round.stage if result.round else None
        since = (result.round.approvals or [result.round.submission])[-1].at if result.round else None
        rules.apply_decision(result, decision, path, policy, now)
        rejected_decisions = result.rejected[known:]
        new = result.approved[-1] if len(result.approved) > approved else None
        applied.append(
            AppliedDecision(decision, rejected_decisions[-1].reason if rejected_decisions else None, stage, since, new)
        )
        ended = _add_to_rounds(found, decision, result, bool(rejected_decisions))
        for round_record in {id(round_record): round_record for round_record in (*ended, *found[-1:])}.values():
            round_record.rejected += rejected_decisions
        if found:
            found[-1].is_open = result.round is found[-1].round
        else:
            before += rejected_decisions
    return DecisionHistory(tuple(applied), tuple(found), tuple(before), tuple(result.public_events))


def _add_to_rounds(
    found: list[RoundRecord], decision: Decision, result: Review, is_rejected: bool
) -> list[RoundRecord]:
    """Add a decision to the rounds, and return the rounds that it withdrew."""
    last = found[-1] if found else None
    if result.round and result.round.submission is decision:
        if last:
            last.is_open = False
        urgent = result.approved[-1] if decision.act is Action.URGENT else None
        found.append(RoundRecord(len(found) + 1, result.round, urgent))
    elif decision.act is Action.WITHDRAW:
        active = [each for each in found if each.is_open or ((each.approved or each.urgent) and not each.returned)]
        withdrawn = [
            each
            for each in active
            if each.withdrawal is None or (each is last and not (is_rejected or each.counts(each.withdrawal)))
        ]
        for round_record in withdrawn:
            round_record.withdrawal = decision
        return withdrawn
    elif decision.act is Action.RETURN:
        for round_record in found:
            round_record.urgent_revoked = round_record.urgent_revoked or round_record.digest == decision.digest
        if last and last.is_open:
            last.returned = decision
    elif last and result.approved and result.approved[-1].decision is decision:
        last.approved = result.approved[-1]
    return []
