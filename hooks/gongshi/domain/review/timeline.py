"""Timeline of an entry: the approved version that was public at its address in each period.

Status, pages, feeds, ledger, statistics and form all use it, so that they show the same dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import IntEnum

from gongshi.common import dates as common_dates
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review.models import ApprovedVersion, PublicEvent
from gongshi.domain.review.version_checks import Peek


def publish_time(approved: ApprovedVersion | None, version: Version | None, zone: tzinfo) -> datetime | None:
    """Return the moment of a version's `publish_at`, or None if it has none.

    Args:
        approved: the approval; None before it. If the site had another time zone at the approval, the later of the two
            moments is returned.
        version: the approved version; None if its text is lost.
        zone: the site's time zone, used for a `publish_at` without offset.
    """
    at = version.meta.publish_at if version else None
    return max(common_dates.starts_at(at, each) for each in zones(approved, zone)) if at else None


def is_scheduled(publish_at: datetime | None, now: datetime) -> bool:
    """Tell whether a `publish_at` lies in the future.

    Args:
        publish_at: as returned by `publish_time`; None if the version has none.
        now: the present; a version is not scheduled any more if both are equal.
    """
    return publish_at is not None and now < publish_at


def zones(approved: ApprovedVersion | None, zone: tzinfo) -> list[tzinfo]:
    """Return the site's time zone, and also the one at the time of the approval if that was different.

    Args:
        approved: the approval; None before it.
        zone: the site's time zone.
    """
    if approved is None:
        return [zone]
    at = approved.decision.at
    moved = at.tzinfo is not None and at.utcoffset() != at.astimezone(zone).utcoffset()
    return [zone, at.tzinfo] if moved and at.tzinfo else [zone]


def shown_from(approved: ApprovedVersion, version: Version | None, zone: tzinfo) -> datetime:
    """Return the time from which a version may be shown: its approval, or its `publish_at` if that is later.

    Args:
        approved: the approval.
        version: the approved version; None if its text is lost.
        zone: the site's time zone.
    """
    at = publish_time(approved, version, zone)
    return at if at and is_scheduled(at, approved.decision.at) else approved.decision.at


@dataclass(frozen=True)
class Candidate:
    """An approved version that counts, with the time from which it may be shown."""

    approved: ApprovedVersion
    at: datetime
    """The time returned by `shown_from`."""
    order: datetime
    """The same time, but not before any earlier decision; used for sorting."""
    publish_at: datetime | None = None
    """The time returned by `publish_time`."""

    @property
    def scheduled(self) -> bool:
        """True if the version was approved before its `publish_at`."""
        return is_scheduled(self.publish_at, self.approved.decision.at)


Takedown = tuple[datetime, Decision]
"""A withdrawal or return, with the latest time of all decisions up to it."""


@dataclass(frozen=True)
class Candidates:
    """The decisions of an entry that determine what was public in each period."""

    versions: tuple[Candidate, ...]
    """The approved versions that count, in the order of their decisions."""
    takedowns: tuple[Takedown, ...]
    """The withdrawals and returns."""

    def changes(self, until: datetime) -> list[PublicChange]:
        """Return the changes at the address of the entry, in order of time.

        Args:
            until: the present, or a later moment to see the changes to come if no more decisions are made.
        """
        return changes(self.versions, self.takedowns, until)


def candidates(
    events: Iterable[PublicEvent], counts: Callable[[ApprovedVersion], bool], text: Peek, zone: tzinfo
) -> Candidates:
    """Select the approved versions that count, and the withdrawals and returns.

    Args:
        events: the decisions that can change what is public, oldest first.
        counts: tells whether an approved version counts.
        text: returns an approved version; None if its text is lost.
        zone: the site's time zone.
    """
    versions: list[Candidate] = []
    takedowns: list[Takedown] = []
    for event in events:
        subject = event.subject
        if isinstance(subject, Decision):
            takedowns.append((event.latest, subject))
        elif counts(subject):
            version = text(subject)
            at = shown_from(subject, version, zone)
            publish_at = publish_time(subject, version, zone)
            versions.append(Candidate(subject, at, max(at, event.latest), publish_at))
    return Candidates(tuple(versions), tuple(takedowns))


def since_withdrawal(events: Sequence[PublicEvent]) -> Sequence[PublicEvent]:
    """Return the events after the last withdrawal; the public state does not depend on earlier ones.

    Args:
        events: the decisions that can change what is public, oldest first.
    """
    for number in range(len(events) - 1, -1, -1):
        subject = events[number].subject
        if isinstance(subject, Decision) and subject.act is Action.WITHDRAW:
            return events[number + 1 :]
    return events


@dataclass(frozen=True)
class PublicChange:
    """A change at the address of an entry: another version becomes public, or none is public any more."""

    at: datetime
    before: ApprovedVersion | None
    shown: ApprovedVersion | None
    came: bool = False
    """True if the shown version became public at that moment; False if an earlier version is shown again."""
    takedown: Decision | None = None
    """The withdrawal or return that caused the change."""

    @property
    def is_visible(self) -> bool:
        """True if the content changes. It does not if an urgent publication has completed its chain."""
        digests = [approved.digest if approved else None for approved in (self.before, self.shown)]
        return digests[0] != digests[1]

    @property
    def is_news(self) -> bool:
        """True if pages and feeds show it as a change; a minor correction is not one."""
        return _base_digest(self.before) != _base_digest(self.shown)


def _base_digest(approved: ApprovedVersion | None) -> str | None:
    """Return the digest of a version, or for a minor correction that of the version it is based on."""
    while approved and approved.corrects:
        approved = approved.corrects
    return approved.digest if approved else None


def changes(candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime) -> list[PublicChange]:
    """Return the changes at the address of an entry, in order of time.

    Args:
        candidates: the approved versions that count, in the order of their decisions.
        takedowns: the withdrawals and returns.
        now: the present.
    """
    found: list[PublicChange] = []
    versions: list[Candidate] = []
    gone: list[Decision] = []
    for at, kind, _order, subject in sorted(_events(candidates, takedowns, now), key=lambda event: event[:3]):
        before = _newest(versions)
        came, takedown = False, None
        if isinstance(subject, Decision):
            gone.append(takedown := subject)
            versions = [version for version in versions if not _takes_down(subject, version)]
        elif kind is _EventKind.LAPSES:
            versions = [version for version in versions if version is not subject]
        elif not any(_takes_down(decision, subject) for decision in gone):
            versions, came = [*versions, subject], True
        shown = _newest(versions)
        if shown is not before:
            came = came and shown is subject
            when = subject.at if isinstance(subject, Candidate) and came else at
            one, other = (each.approved if each else None for each in (before, shown))
            found.append(PublicChange(when, one, other, came, takedown))
    return found


def dates(found: Iterable[PublicChange]) -> tuple[datetime | None, datetime | None]:
    """Return the time since which an entry is public without a break, and the time of its last change, or None.

    A withdrawal is a break, and so is a missed deadline of an urgent publication if no earlier version is shown
    instead. A minor correction is not a change, nor is the chain that follows an urgent publication of the same text.

    Args:
        found: the changes, as returned by `changes`.
    """
    since = changed = None
    for change in found:
        if change.shown is None:
            since = changed = None
        else:
            since = change.at if since is None else since
            changed = change.at if changed is None or change.is_news else changed
    return since, changed


class _EventKind(IntEnum):
    """Kinds of events, in their order at the same moment."""

    DECIDED = 0
    COMES = 1
    """The `publish_at` of a scheduled version."""
    LAPSES = 2
    """The deadline of an urgent publication. It sorts last: a chain completed at that moment is in time."""


_Event = tuple[datetime, _EventKind, int, Candidate | Decision]


def _events(candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime) -> Iterator[_Event]:
    for each in candidates:
        line, due = each.approved.decision.line, each.approved.due
        if is_scheduled(each.publish_at, now) or each.approved.is_overdue(each.at):
            continue
        # Of versions with the same time, the newest is shown.
        kind, order = (_EventKind.COMES, -line) if each.scheduled else (_EventKind.DECIDED, line)
        yield each.order, kind, order, each
        if due and each.approved.is_overdue(now):
            yield max(due, each.order), _EventKind.LAPSES, line, each
    for order_at, decision in takedowns:
        yield order_at, _EventKind.DECIDED, decision.line, decision


def _newest(versions: Iterable[Candidate]) -> Candidate | None:
    return max(versions, key=lambda version: version.approved.decision.line, default=None)


def _takes_down(decision: Decision, version: Candidate) -> bool:
    """Tell whether a withdrawal or return takes a version down; a return does so only for an urgent publication."""
    approved = version.approved
    is_meant = decision.act is Action.WITHDRAW or (approved.due is not None and approved.digest == decision.digest)
    return is_meant and decision.line > approved.decision.line
