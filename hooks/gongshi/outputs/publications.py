"""When which approved version came before the public, and which withdrawals took something down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum, IntEnum

from gongshi.domain import moment
from gongshi.domain.dossier import Act, Decision
from gongshi.domain.rounds import Approved
from gongshi.domain.version import Version


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


Takedown = tuple[datetime, Decision]
"""A withdrawal or return, with the latest time of any act up to it."""


def before_the_public(
    candidates: list[Candidate], takedowns: list[Takedown], now: datetime
) -> tuple[tuple[Publication, ...], tuple[Decision, ...]]:
    """Which versions came before the public and when, and which withdrawals took something down.

    Args:
        candidates: the approved versions in the order of their acts.
        takedowns: the withdrawals and returns.
        now: the present.
    """
    address = _Address()
    for event in sorted(_events(candidates, takedowns, now), key=lambda event: event[:3]):
        at, what, _order, subject = event
        if isinstance(subject, Decision):
            address.take_down(subject, at)
        elif what is _What.LAPSES:
            address.lapse(subject, at)
        else:
            address.come(subject)
    return tuple(address.publications), tuple(address.withdrawals)


class _What(IntEnum):
    """What happens at one moment happens in this order."""

    DECIDED = 0
    COMES = 1
    """The time of a scheduled version."""
    LAPSES = 2
    """The time of an urgent publication is over; a chain passed at that moment has followed."""


_Event = tuple[datetime, _What, int, Candidate | Decision]


def _events(candidates: list[Candidate], takedowns: list[Takedown], now: datetime) -> Iterator[_Event]:
    for candidate in candidates:
        line, due = candidate.approved.decision.line, candidate.approved.due
        if (candidate.scheduled and candidate.at > now) or (due and due <= candidate.at):
            continue
        # Of versions with one time the newest is shown.
        yield (candidate.order, _What.COMES, -line, candidate) if candidate.scheduled else (
            candidate.order, _What.DECIDED, line, candidate,
        )  # fmt: skip
        if due and due <= now:
            yield max(due, candidate.order), _What.LAPSES, line, candidate
    for order, decision in takedowns:
        yield order, _What.DECIDED, decision.line, decision


class _Address:
    """What stands at the address of an entry, one event after another."""

    def __init__(self) -> None:
        self.publications: list[Publication] = []
        self.withdrawals: list[Decision] = []
        self._versions: list[Candidate] = []
        """What is approved and may be shown; the newest of it is."""
        self._gone: list[Decision] = []

    @property
    def _shown(self) -> Candidate | None:
        return max(self._versions, key=lambda version: version.approved.decision.line, default=None)

    def come(self, candidate: Candidate) -> None:
        """A version may be shown from now on, unless it was taken down before its time."""
        if not any(_ends(decision, candidate) for decision in self._gone):
            self._change([*self._versions, candidate], candidate.at, candidate)

    def lapse(self, candidate: Candidate, at: datetime) -> None:
        """The time of an urgent publication is over."""
        self._change([version for version in self._versions if version is not candidate], at)

    def take_down(self, decision: Decision, at: datetime) -> None:
        """A withdrawal or return."""
        if decision.act is Act.WITHDRAW and self._versions:
            self.withdrawals.append(decision)
        self._gone.append(decision)
        self._change([version for version in self._versions if not _ends(decision, version)], at)

    def _change(self, versions: list[Candidate], at: datetime, came: Candidate | None = None) -> None:
        before, self._versions = self._shown, versions
        shown = self._shown
        # The same digest again is the chain that an urgent publication owed.
        if shown is None or (before and before.approved.digest == shown.approved.digest):
            return
        # What stood there before an urgent publication, and stands there again after it, is nothing new.
        if shown is came or all(shown.approved.digest != known.approved.digest for known in self.publications):
            self.publications.append(Publication(at, shown.approved, _kind(shown.approved, before)))


def _ends(decision: Decision, version: Candidate) -> bool:
    """Whether a withdrawal or return takes a version down: a return only what was published urgently."""
    approved = version.approved
    is_meant = decision.act is Act.WITHDRAW or (approved.due is not None and approved.digest == decision.digest)
    return is_meant and decision.line > approved.decision.line


def _kind(approved: Approved, before: Candidate | None) -> Change:
    if before is None:
        return Change.NEW
    return Change.CORRECTED if approved.corrects else Change.UPDATED
