"""Timeline of an entry: which approved version was public at its address from when to when.

Status, pages, feeds, ledger, statistics and form read from it, so that none of them names another day.
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
    """Return the instant of a version's `publish_at`, or None where it has none.

    Args:
        approved: the approval; None before it. Where the site had another time zone then, the later of the two
            instants counts.
        version: the approved version; None where its text is lost.
        zone: the site's time zone, in which a `publish_at` without offset is.
    """
    at = version.meta.publish_at if version else None
    return max(common_dates.starts_at(at, each) for each in zones(approved, zone)) if at else None


def is_scheduled(publish_at: datetime | None, now: datetime) -> bool:
    """Tell whether a `publish_at` has not come yet.

    Args:
        publish_at: as `publish_time` gives it; None where the version has none.
        now: the moment; at the very moment it has come.
    """
    return publish_at is not None and now < publish_at


def zones(approved: ApprovedVersion | None, zone: tzinfo) -> list[tzinfo]:
    """Return the site's time zone, and the one that it had at the approval where that was another."""
    if approved is None:
        return [zone]
    at = approved.decision.at
    moved = at.tzinfo is not None and at.utcoffset() != at.astimezone(zone).utcoffset()
    return [zone, at.tzinfo] if moved and at.tzinfo else [zone]


def shown_from(approved: ApprovedVersion, version: Version | None, zone: tzinfo) -> datetime:
    """Return when a version may be shown: at its approval, or at its `publish_at` where that comes later.

    Args:
        approved: the approval.
        version: the approved version; None where its text is lost.
        zone: the site's time zone.
    """
    at = publish_time(approved, version, zone)
    return at if at and is_scheduled(at, approved.decision.at) else approved.decision.at


@dataclass(frozen=True)
class Candidate:
    """An approved version that counts, with the moment from which it may be shown."""

    approved: ApprovedVersion
    at: datetime
    """As `shown_from` gives it."""
    order: datetime
    """As `at`, but never before an act before it."""
    publish_at: datetime | None = None
    """As `publish_time` gives it."""

    @property
    def scheduled(self) -> bool:
        """Tell whether it was approved before its `publish_at`."""
        return is_scheduled(self.publish_at, self.approved.decision.at)


Takedown = tuple[datetime, Decision]
"""A withdrawal or return, with the latest time of any act up to it."""


@dataclass(frozen=True)
class Candidates:
    """The acts of an entry that decide what was public from when to when."""

    versions: tuple[Candidate, ...]
    """The approved versions that count, in the order of their acts."""
    takedowns: tuple[Takedown, ...]
    """The withdrawals and returns."""

    def changes(self, until: datetime) -> list[Change]:
        """Return the changes at the address of the entry, in the order of time.

        Args:
            until: the present, or a later moment to see what comes if nobody acts any more.
        """
        return changes(self.versions, self.takedowns, until)


def candidates(
    events: Iterable[PublicEvent], counts: Callable[[ApprovedVersion], bool], text: Peek, zone: tzinfo
) -> Candidates:
    """Select what counts of the acts that can change what is public.

    Args:
        events: the acts, oldest first.
        counts: tells whether an approved version counts.
        text: gives the text of an approved version; None where it is lost.
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
    """Return the acts after the last withdrawal; what is public now depends on no earlier one."""
    for number in range(len(events) - 1, -1, -1):
        subject = events[number].subject
        if isinstance(subject, Decision) and subject.act is Action.WITHDRAW:
            return events[number + 1 :]
    return events


@dataclass(frozen=True)
class Change:
    """A moment from which another version, or none any more, is public at the address."""

    at: datetime
    before: ApprovedVersion | None
    shown: ApprovedVersion | None
    came: bool = False
    """True where the version shown is new at that moment; False where it had been there before and is left over."""
    takedown: Decision | None = None
    """The withdrawal or return behind it."""

    @property
    def is_visible(self) -> bool:
        """Tell whether visitors see other text: the same digest again is the chain that an urgent publication owed."""
        digests = [approved.digest if approved else None for approved in (self.before, self.shown)]
        return digests[0] != digests[1]

    @property
    def is_news(self) -> bool:
        """Tell whether it counts as a change for readers and machines: a minor correction does not."""
        return _root(self.before) != _root(self.shown)


def _root(approved: ApprovedVersion | None) -> str | None:
    """Return the digest of the version that passed the full chain, minor corrections of it aside."""
    while approved and approved.corrects:
        approved = approved.corrects
    return approved.digest if approved else None


def changes(candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime) -> list[Change]:
    """Return the changes at the address of an entry, in the order of time.

    Args:
        candidates: the approved versions that count, in the order of their acts.
        takedowns: the withdrawals and returns.
        now: the present.
    """
    found: list[Change] = []
    versions: list[Candidate] = []
    gone: list[Decision] = []
    for at, kind, _order, subject in sorted(_events(candidates, takedowns, now), key=lambda event: event[:3]):
        before = _newest(versions)
        came, takedown = False, None
        if isinstance(subject, Decision):
            gone.append(takedown := subject)
            versions = [version for version in versions if not _ends(subject, version)]
        elif kind is _EventKind.LAPSES:
            versions = [version for version in versions if version is not subject]
        elif not any(_ends(decision, subject) for decision in gone):
            versions, came = [*versions, subject], True
        shown = _newest(versions)
        if shown is not before:
            came = came and shown is subject
            when = subject.at if isinstance(subject, Candidate) and came else at
            one, other = (each.approved if each else None for each in (before, shown))
            found.append(Change(when, one, other, came, takedown))
    return found


def dates(found: Iterable[Change]) -> tuple[datetime | None, datetime | None]:
    """Return since when an entry is public without a break, and when it changed last; None for never.

    A withdrawal, or an urgent publication that lapsed with nothing behind it, is a break. A minor correction is no
    change; nor is the chain that follows an urgent publication of the same text.

    Args:
        found: as `changes` gives it.
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
    """Kinds of events, in their order at one moment."""

    DECIDED = 0
    COMES = 1
    """The time of a scheduled version."""
    LAPSES = 2
    """The time of an urgent publication is over; a chain passed at that moment has followed."""


_Event = tuple[datetime, _EventKind, int, Candidate | Decision]


def _events(candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime) -> Iterator[_Event]:
    for each in candidates:
        line, due = each.approved.decision.line, each.approved.due
        if is_scheduled(each.publish_at, now) or each.approved.is_overdue(each.at):
            continue
        # Of versions with one time the newest is shown.
        kind, order = (_EventKind.COMES, -line) if each.scheduled else (_EventKind.DECIDED, line)
        yield each.order, kind, order, each
        if due and each.approved.is_overdue(now):
            yield max(due, each.order), _EventKind.LAPSES, line, each
    for order_at, decision in takedowns:
        yield order_at, _EventKind.DECIDED, decision.line, decision


def _newest(versions: Iterable[Candidate]) -> Candidate | None:
    return max(versions, key=lambda version: version.approved.decision.line, default=None)


def _ends(decision: Decision, version: Candidate) -> bool:
    """Tell whether a withdrawal or return takes a version down: a return only what was published urgently."""
    approved = version.approved
    is_meant = decision.act is Action.WITHDRAW or (approved.due is not None and approved.digest == decision.digest)
    return is_meant and decision.line > approved.decision.line
