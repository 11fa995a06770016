"""History of the acts on an entry: each act weighed by the rules, and the rounds with their ends."""

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
    """One round from its submission to its end, as far as the review itself can judge it."""

    number: int
    """Counted from 1 in the order of submission."""
    round: OpenRound
    urgent: ApprovedVersion | None = None
    """The urgent publication that opened it."""
    approved: ApprovedVersion | None = None
    """The version, if it passed its chain."""
    returned: Decision | None = None
    urgent_revoked: bool = False
    """True where a return after it took its urgent publication down."""
    withdrawal: Decision | None = None
    """The withdrawal that took this version off the site, even one that does not count as a decision."""
    is_open: bool = True
    rejected: list[RejectedDecision] = field(default_factory=list)
    """Acts up to the next submission, and what ended it, that do not count."""

    @property
    def submission(self) -> Decision:
        """The act that opened it."""
        return self.round.submission

    @property
    def digest(self) -> str:
        """The version under review."""
        return self.round.digest

    @property
    def last_line(self) -> int:
        """The line in the dossier of the last act that belongs to it."""
        acts = [
            self.submission,
            *self.round.approvals,
            *(rejected_decision.decision for rejected_decision in self.rejected),
        ]
        return max(act.line for act in (*acts, self.returned, self.withdrawal) if act)

    def counts(self, act: Decision) -> bool:
        """Tell whether an act counts as a decision: a return or withdrawal ends the round even where it does not."""
        return not any(rejected_decision.decision is act for rejected_decision in self.rejected)


@dataclass(frozen=True)
class WeighedDecision:
    """One act with the result of the rules."""

    decision: Decision
    rejection: RejectionReason | None
    """The reason for which it does not count; None where it does, as far as the rules tell without the content."""
    stage: str | None
    """The stage that was waited for when it was made; None where nothing was under review."""
    waiting_since: datetime | None
    """The moment since which that stage was waited for."""
    approved: ApprovedVersion | None
    """The version that it approved, or published urgently."""


@dataclass(frozen=True)
class ActHistory:
    """All acts on one entry, weighed one after another; nothing is forgotten that was withdrawn or replaced since."""

    acts: tuple[WeighedDecision, ...]
    rounds: tuple[RoundRecord, ...]
    """The rounds; a submission that does not count opens none."""
    before: tuple[RejectedDecision, ...]
    """The acts that do not count before the first round opened."""
    public_events: tuple[PublicEvent, ...]
    """The acts that can change what is public, as `timeline.candidates` reads them."""


def apply_decisions(
    path: str, decisions: Iterable[Decision], policy: Policy, now: datetime, author_of: AuthorOf
) -> ActHistory:
    """Weigh the acts on one entry in their order, and sort them into rounds.

    Args:
        path: the entry, relative to `docs/`.
        decisions: its acts, oldest first.
        policy: the people, stages and chains.
        now: the present.
        author_of: gives the author of an approved version.
    """
    result = Review(author_of=author_of)
    acts: list[WeighedDecision] = []
    found: list[RoundRecord] = []
    before: list[RejectedDecision] = []
    for decision in decisions:
        known, approved = len(result.rejected), len(result.approved)
        stage = result.round.stage if result.round else None
        since = (result.round.approvals or [result.round.submission])[-1].at if result.round else None
        rules.apply_decision(result, decision, path, policy, now)
        rejected_decisions = result.rejected[known:]
        new = result.approved[-1] if len(result.approved) > approved else None
        acts.append(
            WeighedDecision(decision, rejected_decisions[-1].reason if rejected_decisions else None, stage, since, new)
        )
        ended = _take(found, decision, result, bool(rejected_decisions))
        for round_record in {id(round_record): round_record for round_record in (*ended, *found[-1:])}.values():
            round_record.rejected += rejected_decisions
        if found:
            found[-1].is_open = result.round is found[-1].round
        else:
            before += rejected_decisions
    return ActHistory(tuple(acts), tuple(found), tuple(before), tuple(result.public_events))


def _take(found: list[RoundRecord], decision: Decision, result: Review, is_void: bool) -> list[RoundRecord]:
    """Add an act to the rounds, and return the rounds that it withdrew."""
    last = found[-1] if found else None
    if result.round and result.round.submission is decision:
        if last:
            last.is_open = False
        urgent = result.approved[-1] if decision.act is Action.URGENT else None
        found.append(RoundRecord(len(found) + 1, result.round, urgent))
    elif decision.act is Action.WITHDRAW:
        down = [p for p in found if p.is_open or ((p.approved or p.urgent) and not p.returned)]
        taken = [p for p in down if p.withdrawal is None or (p is last and not (is_void or p.counts(p.withdrawal)))]
        for round_record in taken:
            round_record.withdrawal = decision
        return taken
    elif decision.act is Action.RETURN:
        for round_record in found:
            round_record.urgent_revoked = round_record.urgent_revoked or round_record.digest == decision.digest
        if last and last.is_open:
            last.returned = decision
    elif last and result.approved and result.approved[-1].decision is decision:
        last.approved = result.approved[-1]
    return []
