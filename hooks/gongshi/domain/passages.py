"""The rounds of an entry one after another, each with how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from gongshi.domain import review
from gongshi.domain.dossier import Act, Decision
from gongshi.domain.policy import Policy
from gongshi.domain.rounds import Approved, AuthorOf, Review, Round, Void


@dataclass
class Passage:
    """One round from its submission to its end, as far as the review itself can judge it."""

    number: int
    """Counted from 1 in the order of submission."""
    round: Round
    urgent: Approved | None = None
    """The urgent publication that opened it."""
    approved: Approved | None = None
    """What passed its chain."""
    returned: Decision | None = None
    withdrawal: Decision | None = None
    """What took this version, or the whole entry with it, off the site."""
    is_open: bool = True
    voids: list[Void] = field(default_factory=list)
    """Acts since its submission that do not count."""

    @property
    def submission(self) -> Decision:
        """What opened it."""
        return self.round.submission

    @property
    def digest(self) -> str:
        """The version under review."""
        return self.round.digest

    @property
    def last_line(self) -> int:
        """The line in the dossier of the last act that belongs to it."""
        acts = [self.submission, *self.round.approvals, *(void.decision for void in self.voids)]
        return max(act.line for act in (*acts, self.returned, self.withdrawal) if act)


def passages(
    path: str, decisions: Iterable[Decision], policy: Policy, now: datetime, author_of: AuthorOf
) -> list[Passage]:
    """Sort the acts on one entry into its rounds; a submission that does not count opens none.

    Args:
        path: the entry, relative to `docs/`.
        decisions: its acts, oldest first.
        policy: the people, stages and chains.
        now: the present.
        author_of: gives the author of an approved version.
    """
    result = Review(author_of=author_of)
    found: list[Passage] = []
    for decision in decisions:
        known = len(result.voids)
        review.weigh(result, decision, path, policy, now)
        _take(found, decision, result)
        if found:
            found[-1].voids += result.voids[known:]
            found[-1].is_open = result.round is found[-1].round
    return found


def _take(found: list[Passage], decision: Decision, result: Review) -> None:
    last = found[-1] if found else None
    if result.round and result.round.submission is decision:
        if last:
            last.is_open = False
        urgent = result.approved[-1] if decision.act is Act.URGENT else None
        found.append(Passage(len(found) + 1, result.round, urgent))
    elif decision.act is Act.WITHDRAW:
        for passage in found:
            if passage.is_open or ((passage.approved or passage.urgent) and not passage.returned):
                passage.withdrawal = passage.withdrawal or decision
    elif last and last.is_open and decision.act is Act.RETURN:
        last.returned = decision
    elif last and result.approved and result.approved[-1].decision is decision:
        last.approved = result.approved[-1]
