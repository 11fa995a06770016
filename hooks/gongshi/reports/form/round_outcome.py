"""What became of each round of an entry, and from when its version was public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Act
from gongshi.domain.review.models import Approved, Void
from gongshi.domain.review.round_history import Passage
from gongshi.domain.review.status import Reason, Standing
from gongshi.domain.review.timeline import publish_time, shown_from
from gongshi.domain.review.version_checks import Load, version_flaw


class State(Enum):
    """What became of a version."""

    DRAFT = "draft"
    """Never submitted as it is now."""
    UNRECORDED = "unrecorded"
    """With `assurance: flag` no record is kept that a form could be filled from."""
    SUBMITTED = "submitted"
    URGENT = "urgent"
    """Public at once; its chain is owed."""
    OVERDUE = "overdue"
    """Was public at once, and its chain did not follow in time."""
    RETURNED = "returned"
    GIVEN_UP = "given-up"
    """Another submission or a withdrawal ended its round."""
    VOID = "void"
    """An approval does not count, or nothing that was decided on it does."""
    ADDRESS_TAKEN = "address-taken"
    """Approved, but another published page has the address."""
    SCHEDULED = "scheduled"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken-down"
    """By a withdrawal that does not count as a decision."""


@dataclass(frozen=True)
class Course:
    """The rounds of an entry, and how it stands now."""

    passages: Sequence[Passage]
    standing: Standing
    policy: Policy
    now: datetime
    load: Load

    def outcome(self, passage: Passage, version: Version, voids: Sequence[Void]) -> tuple[State, datetime | None]:
        """What became of a round, and from when its version was public or is to be.

        Args:
            passage: the round.
            version: what was decided on.
            voids: what does not count in it.
        """
        state = self._state(passage, version, voids)
        released = self._released(passage, version, state, voids)
        # What something newer replaced before its time waits for nothing.
        replaced = state is State.SCHEDULED and released is None
        return (State.APPROVED if replaced else state), released

    def _state(self, passage: Passage, version: Version, voids: Sequence[Void]) -> State:
        approved, urgent = (_good(found, voids) for found in (passage.approved, passage.urgent))
        if passage.withdrawal and (approved or urgent):
            return State.WITHDRAWN if passage.counts(passage.withdrawal) else State.TAKEN_DOWN
        if passage.approved and approved is None:
            return State.VOID
        if passage.returned:
            return State.RETURNED
        if approved:
            state = self._state_of_approved(approved, version)
        else:
            state = self._state_of_waiting(passage, urgent, voids)
        rivalled = self.standing.reason is Reason.ADDRESS_TAKEN and state in (State.APPROVED, State.URGENT)
        return State.ADDRESS_TAKEN if rivalled else state

    def _state_of_approved(self, approved: Approved, version: Version) -> State:
        begins = publish_time(approved, version, self.policy.zone)
        return State.SCHEDULED if begins and begins > self.now else State.APPROVED

    def _state_of_waiting(self, passage: Passage, urgent: Approved | None, voids: Sequence[Void]) -> State:
        """Of a round without approval that nobody returned or withdrew."""
        if _stopped(passage, voids) or (passage is self.passages[-1] and self._is_void(passage)):
            return State.VOID
        if urgent is None or urgent.due is None:
            return State.SUBMITTED if passage.is_open else State.GIVEN_UP
        if not passage.is_open and (passage.dropped or self._replaced(passage, min(urgent.due, self.now))):
            return State.GIVEN_UP
        return State.OVERDUE if urgent.due <= self.now else State.URGENT

    def _is_void(self, passage: Passage) -> bool:
        """Whether what stands in `docs/` is that version, and held up by what does not count."""
        draft = self.standing.draft.version if self.standing.draft else None
        return self.standing.reason is Reason.VOID and draft is not None and draft.digest == passage.digest

    def _replaced(self, passage: Passage, until: datetime) -> bool:
        """Whether a later version had taken its place by then."""
        return any(begins <= until for begins, _due in self._later(passage))

    def _later(self, passage: Passage) -> Iterator[tuple[datetime, datetime | None]]:
        """From when each later version that counts may be shown, and until when where its chain is owed."""
        for later in self.passages[passage.number :]:
            for approved in (later.urgent, later.approved):
                if approved is None:
                    continue
                version = self.load(approved)
                if _good(approved, later.voids) and version_flaw(approved, version, self.load, self.policy) is None:
                    yield shown_from(approved, version, self.policy.zone), approved.due

    def _released(self, passage: Passage, version: Version, state: State, voids: Sequence[Void]) -> datetime | None:
        """From when a version was public or is to be, unless something else came before that."""
        if state not in (State.APPROVED, State.SCHEDULED, State.URGENT, State.WITHDRAWN, State.TAKEN_DOWN):
            return None
        good = [found for approved in (passage.urgent, passage.approved) if (found := _good(approved, voids))]
        times = [(shown_from(found, version, self.policy.zone), found) for found in good]
        at, first = next(((at, found) for at, found in times if found.due is None or at < found.due), (None, None))
        if at is None or first is None or at == first.decision.at:
            return at
        # Until its time came it could still be withdrawn or replaced.
        gone = passage.withdrawal is not None and passage.withdrawal.at <= at
        replaced = any(begins <= at and (due is None or due > at) for begins, due in self._later(passage))
        return None if gone or replaced else at


def _good(approved: Approved | None, voids: Sequence[Void]) -> Approved | None:
    """An approval, unless one of its decisions does not count."""
    void = {void.decision.line for void in voids}
    return approved if approved and not any(decision.line in void for decision in approved.approvals) else None


def _stopped(passage: Passage, voids: Sequence[Void]) -> bool:
    """Whether an approval after the last good one of a round does not count."""
    acts = (passage.submission, *passage.round.approvals)
    good = max(decision.line for decision in acts)
    return any(
        void.decision.act is Act.APPROVE and (void.decision.line > good or void.decision in acts) for void in voids
    )
