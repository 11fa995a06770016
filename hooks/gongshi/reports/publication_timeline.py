"""When which approved version came before the public, and which withdrawals took something down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gongshi.domain.records.dossier import Act, Decision
from gongshi.domain.review import timeline
from gongshi.domain.review.models import Approved
from gongshi.domain.review.timeline import Candidate, Takedown


class Change(Enum):
    """What a publication was to the public."""

    NEW = "new"
    """Nothing had stood there, or what had stood there was withdrawn, or taken down before its chain followed."""
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


def before_the_public(
    candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime
) -> tuple[tuple[Publication, ...], tuple[Decision, ...]]:
    """Which versions came before the public and when, and which withdrawals took something down.

    Args:
        candidates: the approved versions in the order of their acts.
        takedowns: the withdrawals and returns.
        now: the present.
    """
    found = timeline.changes(candidates, takedowns, now)
    publications: list[Publication] = []
    for change in found:
        shown = change.shown
        if shown is None or not change.is_visible:
            continue
        # What stood there before an urgent publication, and stands there again after it, is nothing new.
        if change.came or all(shown.digest != known.approved.digest for known in publications):
            publications.append(Publication(change.at, shown, _kind(shown, change.before)))
    taken = (change.takedown for change in found)
    return tuple(publications), tuple(decision for decision in taken if decision and decision.act is Act.WITHDRAW)


def _kind(approved: Approved, before: Approved | None) -> Change:
    if before is None:
        return Change.NEW
    return Change.CORRECTED if approved.corrects else Change.UPDATED
