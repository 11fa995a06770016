"""Which approved version stood at an entry's address from when: the one answer to "public since" and "changed on".

Pages, feeds, calendars, the site map and the ledger all ask here, so that none of them names another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import IntEnum

from gongshi.common import dates as common_dates
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Act, Decision
from gongshi.domain.review.models import Approved


def publish_time(approved: Approved, version: Version | None, zone: tzinfo) -> datetime | None:
    """Return the instant of a version's `publish_at`, or None where it has none.

    Args:
        approved: the approval. Where the site had another time zone then, the later of the two instants counts.
        version: the approved version; None where its text is lost.
        zone: the site's time zone, in which a `publish_at` without offset is.
    """
    at = version.meta.publish_at if version else None
    return max(common_dates.start(at, each) for each in zones(approved, zone)) if at else None


def zones(approved: Approved, zone: tzinfo) -> list[tzinfo]:
    """Return the site's time zone, and the one that it had at the approval where that was another."""
    at = approved.decision.at
    moved = at.tzinfo is not None and at.utcoffset() != at.astimezone(zone).utcoffset()
    return [zone, at.tzinfo] if moved and at.tzinfo else [zone]


def shown_from(approved: Approved, version: Version | None, zone: tzinfo) -> datetime:
    """Return when a version may be shown: at its approval, or at its `publish_at` where that comes later.

    Args:
        approved: the approval.
        version: the approved version; None where its text is lost.
        zone: the site's time zone.
    """
    at = publish_time(approved, version, zone)
    return max(approved.decision.at, at) if at else approved.decision.at


@dataclass(frozen=True)
class Candidate:
    """An approved version, and from when it may be shown."""

    approved: Approved
    at: datetime
    order: datetime
    """As `at`, but never before an act before it."""

    @property
    def scheduled(self) -> bool:
        """Whether it has to wait for its `publish_at`."""
        return self.at > self.approved.decision.at


def candidate(approved: Approved, version: Version | None, latest: datetime, zone: tzinfo) -> Candidate:
    """Return an approved version with the moment from which it may be shown.

    Args:
        approved: the approval.
        version: the approved version; None where its text is lost.
        latest: the latest time of any act up to it.
        zone: the site's time zone.
    """
    at = shown_from(approved, version, zone)
    return Candidate(approved, at, max(at, latest))


Takedown = tuple[datetime, Decision]
"""A withdrawal or return, with the latest time of any act up to it."""


@dataclass(frozen=True)
class Change:
    """A moment at which another version, or none any more, came to stand at the address."""

    at: datetime
    before: Approved | None
    shown: Approved | None
    came: bool = False
    """Whether the version shown came just then; False where it had been there before and is left over."""
    takedown: Decision | None = None
    """The withdrawal or return behind it."""

    @property
    def is_visible(self) -> bool:
        """Whether visitors see other text: the same digest again is the chain that an urgent publication owed."""
        digests = [approved.digest if approved else None for approved in (self.before, self.shown)]
        return digests[0] != digests[1]

    @property
    def is_news(self) -> bool:
        """Whether it counts as a change for readers and machines: a minor correction does not."""
        return _root(self.before) != _root(self.shown)


def _root(approved: Approved | None) -> str | None:
    """Return the digest of the version that passed the full chain, minor corrections of it aside."""
    while approved and approved.corrects:
        approved = approved.corrects
    return approved.digest if approved else None


def changes(candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime) -> list[Change]:
    """Return what came to stand at the address of an entry, in the order of time.

    Args:
        candidates: the approved versions that count, in the order of their acts.
        takedowns: the withdrawals and returns.
        now: the present.
    """
    found: list[Change] = []
    versions: list[Candidate] = []
    gone: list[Decision] = []
    for at, what, _order, subject in sorted(_events(candidates, takedowns, now), key=lambda event: event[:3]):
        before = _newest(versions)
        came, takedown = False, None
        if isinstance(subject, Decision):
            gone.append(takedown := subject)
            versions = [version for version in versions if not _ends(subject, version)]
        elif what is _What.LAPSES:
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


class _What(IntEnum):
    """The order of events of one moment."""

    DECIDED = 0
    COMES = 1
    """The time of a scheduled version."""
    LAPSES = 2
    """The time of an urgent publication is over; a chain passed at that moment has followed."""


_Event = tuple[datetime, _What, int, Candidate | Decision]


def _events(candidates: Sequence[Candidate], takedowns: Sequence[Takedown], now: datetime) -> Iterator[_Event]:
    for each in candidates:
        line, due = each.approved.decision.line, each.approved.due
        if (each.scheduled and each.at > now) or (due and due <= each.at):
            continue
        # Of versions with one time the newest is shown.
        what, order = (_What.COMES, -line) if each.scheduled else (_What.DECIDED, line)
        yield each.order, what, order, each
        if due and due <= now:
            yield max(due, each.order), _What.LAPSES, line, each
    for order_at, decision in takedowns:
        yield order_at, _What.DECIDED, decision.line, decision


def _newest(versions: Iterable[Candidate]) -> Candidate | None:
    return max(versions, key=lambda version: version.approved.decision.line, default=None)


def _ends(decision: Decision, version: Candidate) -> bool:
    """Whether a withdrawal or return takes a version down: a return only what was published urgently."""
    approved = version.approved
    is_meant = decision.act is Act.WITHDRAW or (approved.due is not None and approved.digest == decision.digest)
    return is_meant and decision.line > approved.decision.line
