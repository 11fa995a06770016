"""Data of a review: rounds, approved versions, rejected decisions."""

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
    """A flag names something that is not a stage of the chain."""
    NOT_SUBMITTED = "not-submitted"
    OTHER_VERSION = "other-version"
    OTHER_CHAIN = "other-chain"
    IN_THE_FUTURE = "in-the-future"
    BACKDATED = "backdated"
    NOT_SIGNED = "not-signed"
    """There is no signature by a key that the policy lists for this person on that day."""
    OTHER_UNIT = "other-unit"
    """The signature is for another unit."""
    NO_BASE = "no-base"
    """The corrected version is not the one that last passed the full chain."""
    TOO_MUCH = "too-much"
    """The correction is larger than the policy allows."""
    UNJUDGED = "unjudged"
    """Converting the text of the correction takes too much time or memory here."""
    CHAIN_OWED = "chain-owed"
    """Another urgent publication while an earlier chain is overdue."""
    COPY_OWED = "copy-owed"
    """Urgent publication of content that owes its chain at another address, or of nearly the same content."""


@dataclass(frozen=True, slots=True)
class RejectedDecision:
    """A decision that does not count, with the reason."""

    decision: Decision
    reason: RejectionReason


@dataclass(slots=True)
class OpenRound:
    """A round of review: one version that passes the stages of its chain."""

    path: str
    submission: Decision
    chain: tuple[str, ...]
    barred: frozenset[str]
    """Canonical ids of the people who may not approve: they submitted this version or published urgently."""
    corrects: ApprovedVersion | None = None
    """The version that this round corrects, for a minor correction."""
    approvals: list[Decision] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The digest of the version under review."""
        return self.submission.digest

    @property
    def stage(self) -> str | None:
        """The stage that the round waits for; None if all have approved."""
        return self.chain[len(self.approvals)] if len(self.approvals) < len(self.chain) else None

    def is_stopped(self, rejected_decisions: Iterable[RejectedDecision]) -> bool:
        """Tell whether a rejected approval follows the last decision that counts.

        Args:
            rejected_decisions: the rejected decisions of this entry.
        """
        last = max(decision.line for decision in (self.submission, *self.approvals))
        return any(
            rejected_decision.decision.act is Action.APPROVE
            and (rejected_decision.decision.line > last or rejected_decision.decision in self.approvals)
            for rejected_decision in rejected_decisions
        )


@dataclass(frozen=True)
class ApprovedVersion:
    """A version that passed its chain, or was published urgently before its chain."""

    approvals: tuple[Decision, ...]
    """The approvals of its chain in order, or the urgent publication."""
    corrects: ApprovedVersion | None = None
    due: datetime | None = None
    """Deadline of an urgent publication, at which it ends unless its chain is complete; None if approved normally."""

    @property
    def decision(self) -> Decision:
        """The last decision, which names the approved files."""
        return self.approvals[-1]

    @property
    def digest(self) -> str:
        """The digest of the approved version."""
        return self.decision.digest

    @property
    def full(self) -> bool:
        """True if the version passed the full chain of its column."""
        return self.due is None and self.corrects is None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether it was published urgently and its deadline has passed.

        Args:
            at: the moment; the version is overdue from `due` on, inclusive.
        """
        return self.due is not None and self.due <= at

    @property
    def approvers(self) -> frozenset[str]:
        """The ids of the people who approved."""
        return frozenset(decision.by for decision in self.approvals)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A decision that can change what is public: a complete approval, an urgent publication, a return, a withdrawal."""

    subject: ApprovedVersion | Decision
    latest: datetime
    """The latest time of all decisions up to this one: it takes effect no earlier."""


AuthorOf = Callable[[ApprovedVersion], str | None]
"""Returns the author of an approved version."""


@dataclass(slots=True)
class Review:
    """Result of the decisions on one entry."""

    approved: list[ApprovedVersion] = field(default_factory=list)
    """Versions approved since the last withdrawal, oldest first."""
    public_events: list[PublicEvent] = field(default_factory=list)
    """All decisions that can change what is public, oldest first."""
    round: OpenRound | None = None
    returned: Decision | None = None
    """The last return, unless a submission followed it."""
    withdrawal: Decision | None = None
    withdrawal_counts: bool = True
    """False if the withdrawal is rejected, or its version was not approved: the page is taken down without a notice."""
    rejected: list[RejectedDecision] = field(default_factory=list)
    latest: datetime | None = None
    """The latest time of all decisions that are signed, if the unit signs; a later one must not be dated earlier."""
    owing: list[ApprovedVersion] = field(default_factory=list)
    """The urgent publications since a version last passed the full chain, with returned and withdrawn ones."""
    barred: dict[str, set[str]] = field(default_factory=dict)
    """By digest, the canonical ids of the people who submitted it: they may not approve it."""
    publishers: set[str] = field(default_factory=set)
    """Canonical ids of the people who published urgently since then: others must complete the owed chain."""
    missing: tuple[Problem, ...] = ()
    """The problem that later decisions seen by this clone are missing; none of them changes what is public."""
    author_of: AuthorOf = lambda _approved: None
    """Returns the author of an approved version; called only if a later decision depends on it."""

    @property
    def owed(self) -> ApprovedVersion | None:
        """The first urgent publication since a version last passed the full chain."""
        return self.owing[0] if self.owing else None

    def last_full_version(self, policy: Policy) -> ApprovedVersion | None:
        """Return the version that last passed the full chain without an approval by its author, or None."""
        return next((a for a in reversed(self.approved) if a.full and not self.is_own_work(a, policy)), None)

    def is_own_work(self, approved: ApprovedVersion, policy: Policy) -> bool:
        """Tell whether the author of a version is one of its approvers.

        Args:
            approved: the version.
            policy: the people.
        """
        return find_own_approval(self.author_of(approved), approved.approvals, policy) is not None


def find_own_approval(author: str | None, decisions: Iterable[Decision], policy: Policy) -> Decision | None:
    """Return the decision that the author of the version made, under any of their ids, or None.

    Args:
        author: the person id in the front matter; None if a page names nobody.
        decisions: approvals or an urgent publication.
        policy: the people.
    """
    author_id = policy.canonical_person(author) if author else None
    return next((decision for decision in decisions if policy.canonical_person(decision.by) == author_id), None)
