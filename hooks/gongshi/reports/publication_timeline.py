"""Publications of an entry for ledger and statistics, read from its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review import timeline
from gongshi.domain.review.models import ApprovedVersion


class Change(Enum):
    """Kinds of publications, as the public sees them."""

    NEW = "new"
    """Nothing had stood there, or what had stood there was withdrawn, or taken down before its chain followed."""
    UPDATED = "updated"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Publication:
    """One version that became public."""

    at: datetime
    approved: ApprovedVersion
    change: Change

    @property
    def urgent(self) -> bool:
        """Tell whether it was published before its chain."""
        return self.approved.due is not None


def build_timeline(found: Sequence[timeline.Change]) -> tuple[tuple[Publication, ...], tuple[Decision, ...]]:
    """Return the versions that became public and when, and the withdrawals that took something down.

    Args:
        found: the changes at the address of the entry, in the order of time.
    """
    publications: list[Publication] = []
    for change in found:
        shown = change.shown
        if shown is None or not change.is_visible:
            continue
        # What stood there before an urgent publication, and stands there again after it, is nothing new.
        if change.came or all(shown.digest != known.approved.digest for known in publications):
            publications.append(Publication(change.at, shown, _kind(shown, change.before)))
    taken = (change.takedown for change in found)
    return tuple(publications), tuple(decision for decision in taken if decision and decision.act is Action.WITHDRAW)


def _kind(approved: ApprovedVersion, before: ApprovedVersion | None) -> Change:
    if before is None:
        return Change.NEW
    return Change.CORRECTED if approved.corrects else Change.UPDATED
