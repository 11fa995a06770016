"""Publications of an entry for ledger and statistics, derived from its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review import timeline
from gongshi.domain.review.models import ApprovedVersion


class ChangeKind(Enum):
    """Kind of a publication, as visitors see it."""

    NEW = "new"
    """Nothing was public at the address before: it was new, withdrawn, or takedowns down for a missed deadline."""
    UPDATED = "updated"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Publication:
    """A version that became public."""

    at: datetime
    approved: ApprovedVersion
    change: ChangeKind

    @property
    def urgent(self) -> bool:
        """True if the version was published urgently, before its chain."""
        return self.approved.due is not None


def build_timeline(found: Sequence[timeline.PublicChange]) -> tuple[tuple[Publication, ...], tuple[Decision, ...]]:
    """Return the publications with their times, and the withdrawals that took a version down.

    Args:
        found: the changes at the address of the entry, in order of time.
    """
    publications: list[Publication] = []
    for change in found:
        shown = change.shown
        if shown is None or not change.is_visible:
            continue
        # An earlier version that is shown again after an urgent publication ended is not a new publication.
        if change.came or all(shown.digest != known.approved.digest for known in publications):
            publications.append(Publication(change.at, shown, _change_kind(shown, change.before)))
    takedowns = (change.takedown for change in found)
    return tuple(publications), tuple(
        decision for decision in takedowns if decision and decision.act is Action.WITHDRAW
    )


def _change_kind(approved: ApprovedVersion, before: ApprovedVersion | None) -> ChangeKind:
    if before is None:
        return ChangeKind.NEW
    return ChangeKind.CORRECTED if approved.corrects else ChangeKind.UPDATED
