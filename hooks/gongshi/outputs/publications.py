"""When which approved version came before the public, and which withdrawals took something down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum

from gongshi.domain import moment
from gongshi.domain.dossier import Decision
from gongshi.domain.rounds import Approved
from gongshi.domain.version import Version


class Change(Enum):
    """What a publication was to the public."""

    NEW = "new"
    """Nothing had stood there, or what had stood there was withdrawn."""
    UPDATED = "updated"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Publication:
    """One version that came before the public."""

    at: datetime
    approved: Approved
    change: Change

    @property
    def urgent(self) -> bool:
        """Whether it was published before its chain."""
        return self.approved.due is not None


@dataclass(frozen=True)
class Candidate:
    """An approved version, and from when it may be shown."""

    approved: Approved
    at: datetime
    order: datetime
    """As `at`, but never before an act before it."""
    scheduled: bool


def candidate(approved: Approved, version: Version | None, latest: datetime, zone: tzinfo) -> Candidate:
    """An approved version, and from when it may be shown.

    Args:
        approved: the approval.
        version: what was approved; None where its text is lost.
        latest: the latest time of any act up to it.
        zone: the site's time zone.
    """
    decided = approved.decision.at
    publish_at = version.meta.publish_at if version else None
    due = moment.start(publish_at, zone) if publish_at else decided
    scheduled = due > decided
    at = due if scheduled else decided
    return Candidate(approved, at, max(at, latest), scheduled)


def before_the_public(
    candidates: list[Candidate], takedowns: list[tuple[datetime, Decision]], now: datetime
) -> tuple[tuple[Publication, ...], tuple[Decision, ...]]:
    """Which versions came before the public and when, and which withdrawals took something down.

    Args:
        candidates: the approved versions in the order of their acts.
        takedowns: the withdrawals, each with the latest time of any act up to it.
        now: the present.
    """
    events: list[tuple[datetime, int, Candidate | Decision]] = [
        (candidate.order, candidate.approved.decision.line, candidate)
        for candidate in candidates
        if _appeared(candidate, candidates, takedowns, now)
    ]
    events += [(order, decision.line, decision) for order, decision in takedowns]
    found: list[Publication] = []
    withdrawals: list[Decision] = []
    present: str | None = None
    for _order, _line, event in sorted(events, key=lambda item: item[:2]):
        if isinstance(event, Decision):
            withdrawals += [event] if present is not None else []
            present = None
        elif event.approved.digest != present:
            # The same digest again is the chain that an urgent publication owed.
            found.append(Publication(event.at, event.approved, _change(event.approved, present)))
            present = event.approved.digest
    return tuple(found), tuple(withdrawals)


def _change(approved: Approved, present: str | None) -> Change:
    if present is None:
        return Change.NEW
    return Change.CORRECTED if approved.corrects else Change.UPDATED


def _appeared(
    candidate: Candidate, candidates: list[Candidate], takedowns: list[tuple[datetime, Decision]], now: datetime
) -> bool:
    """Whether a version was ever shown: one with `publish_at` may be replaced or withdrawn before its time comes."""
    if not candidate.scheduled:
        return True
    line, at = candidate.approved.decision.line, candidate.at
    replaced = any(c.approved.decision.line > line and c.at <= at for c in candidates)
    withdrawn = any(decision.line > line and decision.at <= at for _order, decision in takedowns)
    return at <= now and not replaced and not withdrawn
