"""Data of a review: rounds, approved versions, decisions that do not count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from gongshi.common.errors import Problem
from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Action, Decision


class RejectionReason(Enum):
    """Reasons for which a decision does not count."""

    UNKNOWN_PERSON = "unknown-person"
    NOT_IN_OFFICE = "not-in-office"
    NOT_IN_ROLE = "not-in-role"
    OWN_WORK = "own-work"
    SECOND_STAGE = "second-stage"
    WRONG_STAGE = "wrong-stage"
    NO_STAGE = "no-stage"
    """By the flag, at something that is no stage of the chain."""
    NOT_SUBMITTED = "not-submitted"
    OTHER_VERSION = "other-version"
    OTHER_CHAIN = "other-chain"
    IN_THE_FUTURE = "in-the-future"
    BACKDATED = "backdated"
    NOT_SIGNED = "not-signed"
    """Without a signature by a key that the policy gives for this person on that day."""
    OTHER_UNIT = "other-unit"
    """Signed for another unit."""
    NO_BASE = "no-base"
    """A correction of something else than the version that passed the full chain last."""
    TOO_MUCH = "too-much"
    """A correction of more than the policy lets the shorter chain pass."""
    CHAIN_OWED = "chain-owed"
    """Urgent again although the chain of the last time did not follow."""
    COPY_OWED = "copy-owed"
    """Urgent although the chain of the same or nearly the same content, published urgently elsewhere, is owed."""


@dataclass(frozen=True, slots=True)
class RejectedDecision:
    """A decision that does not count."""

    decision: Decision
    reason: RejectionReason


@dataclass(slots=True)
class OpenRound:
    """One version on its way through its chain."""

    path: str
    submission: Decision
    chain: tuple[str, ...]
    barred: frozenset[str]
    """The humans who submitted or urgently published this version, now or before: they may not approve it."""
    corrects: ApprovedVersion | None = None
    """The version of which this is a minor correction."""
    approvals: list[Decision] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Return the digest of the version under review."""
        return self.submission.digest

    @property
    def stage(self) -> str | None:
        """Return the stage that is waited for; None where all have approved."""
        return self.chain[len(self.approvals)] if len(self.approvals) < len(self.chain) else None

    def is_stopped(self, rejected_decisions: Iterable[RejectedDecision]) -> bool:
        """Tell whether an approval after the last one that counts does not count.

        Args:
            rejected_decisions: the acts on this entry that do not count.
        """
        last = max(decision.line for decision in (self.submission, *self.approvals))
        return any(
            rejected_decision.decision.act is Action.APPROVE
            and (rejected_decision.decision.line > last or rejected_decision.decision in self.approvals)
            for rejected_decision in rejected_decisions
        )


@dataclass(frozen=True)
class ApprovedVersion:
    """A version that passed its chain, or was published urgently before it."""

    approvals: tuple[Decision, ...]
    """The approvals of its chain in order, or the urgent publication."""
    corrects: ApprovedVersion | None = None
    due: datetime | None = None
    """The time at which an urgent publication ends unless its chain has followed; None where a chain was passed."""

    @property
    def decision(self) -> Decision:
        """Return the last decision, which names the approved files."""
        return self.approvals[-1]

    @property
    def digest(self) -> str:
        """Return the digest of the approved version."""
        return self.decision.digest

    @property
    def full(self) -> bool:
        """Tell whether it passed the full chain of its column."""
        return self.due is None and self.corrects is None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether it was published urgently and its time was over at a moment.

        Args:
            at: the moment; the time is over from `due` on.
        """
        return self.due is not None and self.due <= at

    @property
    def approvers(self) -> frozenset[str]:
        """Return the person ids of all who approved."""
        return frozenset(decision.by for decision in self.approvals)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """An act that can change what is public: a version was approved, or a withdrawal or return was made."""

    subject: ApprovedVersion | Decision
    latest: datetime
    """The latest time of any act up to it: it takes effect no earlier."""


AuthorOf = Callable[[ApprovedVersion], str | None]


@dataclass(slots=True)
class Review:
    """Result of the acts on one entry."""

    approved: list[ApprovedVersion] = field(default_factory=list)
    """Versions approved since the last withdrawal, oldest first."""
    public_events: list[PublicEvent] = field(default_factory=list)
    """The acts since the first one that can change what is public, oldest first."""
    round: OpenRound | None = None
    returned: Decision | None = None
    """The last return, where nothing was submitted after it."""
    withdrawal: Decision | None = None
    withdrawal_counts: bool = True
    """False where who withdrew had no right to, or nothing was approved: the page stays down, but without a notice."""
    rejected: list[RejectedDecision] = field(default_factory=list)
    latest: datetime | None = None
    """The latest time of any act, of signed ones where decisions are signed: nothing after it may be dated earlier."""
    owing: list[ApprovedVersion] = field(default_factory=list)
    """The urgent publications since a version last passed the full chain, returned and withdrawn ones, too."""
    barred: dict[str, set[str]] = field(default_factory=dict)
    """By digest, the humans who submitted it: they may not approve it."""
    publishers: set[str] = field(default_factory=set)
    """The humans who published urgently since: the chain that is owed must be passed by others."""
    missing: tuple[Problem, ...] = ()
    """The problem that later, unfinished acts are missing which this clone has seen."""
    author_of: AuthorOf = lambda _approved: None
    """Gives the author of an approved version, where what follows depends on whether an approval was of own work."""

    @property
    def owed(self) -> ApprovedVersion | None:
        """The first urgent publication since a version last passed the full chain."""
        return self.owing[0] if self.owing else None

    def full(self, policy: Policy) -> ApprovedVersion | None:
        """The version that passed the full chain last, by others than its author."""
        return next((a for a in reversed(self.approved) if a.full and not self.is_own_work(a, policy)), None)

    def is_own_work(self, approved: ApprovedVersion, policy: Policy) -> bool:
        """Tell whether the author of a version is among those who approved it."""
        return find_own_approval(self.author_of(approved), approved.approvals, policy) is not None


def find_own_approval(author: str | None, decisions: Iterable[Decision], policy: Policy) -> Decision | None:
    """Return the decision that is by the author of the version, under whichever id, or None.

    Args:
        author: the person id in the front matter; None where a page names nobody.
        decisions: approvals or an urgent publication.
        policy: the people.
    """
    human = policy.canonical_person(author) if author else None
    return next((decision for decision in decisions if policy.canonical_person(decision.by) == human), None)
