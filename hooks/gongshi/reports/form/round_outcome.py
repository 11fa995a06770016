"""Outcome of each round of an entry, and the time from which its version was public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.review.models import ApprovedVersion, RejectedDecision
from gongshi.domain.review.round_history import RoundRecord
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.domain.review.timeline import Candidates, is_scheduled, publish_time


class RoundState(Enum):
    """Outcome of a round."""

    DRAFT = "draft"
    """The present version was never submitted."""
    UNRECORDED = "unrecorded"
    """With `assurance: flag` there is no record to fill a form from."""
    SUBMITTED = "submitted"
    URGENT = "urgent"
    """Published urgently; its chain is owed."""
    OVERDUE = "overdue"
    """Published urgently, and its chain was not completed before the deadline."""
    RETURNED = "returned"
    GIVEN_UP = "given-up"
    """Another submission or a withdrawal ended the round."""
    VOID = "void"
    """An approval is rejected, or all decisions on it are."""
    ADDRESS_TAKEN = "address-taken"
    """Approved, but another published page has the address."""
    SCHEDULED = "scheduled"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken-down"
    """Taken down by a rejected withdrawal."""


@dataclass(frozen=True)
class RoundOutcomes:
    """The rounds of an entry with its present status."""

    rounds: Sequence[RoundRecord]
    status: EntryStatus
    policy: Policy
    now: datetime
    candidates: Candidates
    """The approved versions that count, and the withdrawals and returns."""

    def outcome(
        self, round_record: RoundRecord, version: Version, rejected: Sequence[RejectedDecision]
    ) -> tuple[RoundState, datetime | None]:
        """Return the outcome of a round, and the time from which its version was or will be public.

        Args:
            round_record: the round.
            version: the version under review in this round.
            rejected: the rejected decisions of this round.
        """
        state = self._state(round_record, version, rejected)
        public_from = self._public_from(round_record, state)
        # A scheduled version that a newer one replaced before its time is not scheduled any more.
        replaced = state is RoundState.SCHEDULED and public_from is None
        return (RoundState.APPROVED if replaced else state), public_from

    def _state(self, round_record: RoundRecord, version: Version, rejected: Sequence[RejectedDecision]) -> RoundState:
        approved, urgent = (_if_counted(found, rejected) for found in (round_record.approved, round_record.urgent))
        if round_record.withdrawal and (approved or urgent):
            return RoundState.WITHDRAWN if round_record.counts(round_record.withdrawal) else RoundState.TAKEN_DOWN
        if round_record.approved and approved is None:
            return RoundState.VOID
        if round_record.returned:
            return RoundState.RETURNED
        if approved:
            state = self._state_of_approved(approved, version)
        else:
            state = self._state_of_waiting(round_record, urgent, rejected)
        is_address_taken = self.status.reason is WithheldReason.ADDRESS_TAKEN and state in (
            RoundState.APPROVED,
            RoundState.URGENT,
        )
        return RoundState.ADDRESS_TAKEN if is_address_taken else state

    def _state_of_approved(self, approved: ApprovedVersion, version: Version) -> RoundState:
        begins = publish_time(approved, version, self.policy.zone)
        return RoundState.SCHEDULED if is_scheduled(begins, self.now) else RoundState.APPROVED

    def _state_of_waiting(
        self, round_record: RoundRecord, urgent: ApprovedVersion | None, rejected: Sequence[RejectedDecision]
    ) -> RoundState:
        """Return the state of a round that is not approved, returned or withdrawn."""
        if round_record.round.is_stopped(rejected) or (round_record is self.rounds[-1] and self._is_void(round_record)):
            return RoundState.VOID
        if urgent is None or urgent.due is None:
            return RoundState.SUBMITTED if round_record.is_open else RoundState.GIVEN_UP
        if not round_record.is_open and (
            round_record.urgent_revoked or self._is_replaced(round_record, min(urgent.due, self.now))
        ):
            return RoundState.GIVEN_UP
        return RoundState.OVERDUE if urgent.is_overdue(self.now) else RoundState.URGENT

    def _is_void(self, round_record: RoundRecord) -> bool:
        """Tell whether the file in `docs/` is this version and is withheld by a rejected decision."""
        draft = self.status.draft_version
        return self.status.reason is WithheldReason.VOID and draft is not None and draft.digest == round_record.digest

    def _is_replaced(self, round_record: RoundRecord, until: datetime) -> bool:
        """Tell whether a version of a later round was or may be shown by that time."""
        if round_record.number == len(self.rounds):
            return False
        next_line = self.rounds[round_record.number].submission.line
        versions = self.candidates.versions
        return any(each.at <= until for each in versions if each.approved.decision.line >= next_line)

    def _public_from(self, round_record: RoundRecord, state: RoundState) -> datetime | None:
        """Return the time from which the version was or will be public; None if another version replaced it before."""
        if state not in (
            RoundState.APPROVED,
            RoundState.SCHEDULED,
            RoundState.URGENT,
            RoundState.WITHDRAWN,
            RoundState.TAKEN_DOWN,
        ):
            return None
        own = [approved.decision.line for approved in (round_record.urgent, round_record.approved) if approved]
        changes = self.candidates.changes(self._last_scheduled_time)
        return next((each.at for each in changes if each.shown and each.shown.decision.line in own), None)

    @property
    def _last_scheduled_time(self) -> datetime:
        """The time after which no scheduled version becomes public any more."""
        return max([self.now, *(each.at for each in self.candidates.versions)])


def _if_counted(approved: ApprovedVersion | None, rejected: Sequence[RejectedDecision]) -> ApprovedVersion | None:
    """Return an approved version, or None if one of its decisions is rejected."""
    rejected_lines = {rejected_decision.decision.line for rejected_decision in rejected}
    return (
        approved if approved and not any(decision.line in rejected_lines for decision in approved.approvals) else None
    )
