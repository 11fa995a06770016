"""Check the dates of a new version against each other and the clock. Errors prevent submitting and approving it.

A value that an earlier approved version has already is not judged again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from gongshi.common import dates
from gongshi.common.errors import Problem
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.version import Version
from gongshi.domain.review.status import EntryStatus, PublicForm
from gongshi.i18n import gettext as _

_Found = tuple[str, str]
"""A dotted key, and the message."""


@dataclass(frozen=True)
class _Dates:
    """The dates of a draft, and the moments with which they are compared."""

    meta: FrontMatter
    policy: Policy
    now: datetime
    since: datetime | None
    """The moment at which the entry became public; None if it is not public."""
    is_under_review: bool
    """True if the version was submitted, so that its `publish_at` may have passed meanwhile."""

    @property
    def waits_until(self) -> datetime | None:
        """The moment of `publish_at`."""
        at = self.meta.publish_at
        return dates.starts_at(at, self.policy.zone) if at else None

    @property
    def publication(self) -> datetime:
        """The moment at which the version becomes public if it is approved now."""
        return max(self.now, self.waits_until or self.now)

    def day(self, moment: datetime) -> date:
        """Return the day of a moment in the site's time zone."""
        return moment.astimezone(self.policy.zone).date()

    def is_after(self, value: date | datetime, moment: datetime) -> bool:
        """Tell whether a day or time lies after a moment; the day of that moment does not."""
        if isinstance(value, datetime):
            return dates.starts_at(value, self.policy.zone) > moment
        return value > self.day(moment)

    def text(self, value: date | datetime) -> str:
        """Return a day or time as it is written in front matter, in the site's time zone."""
        if isinstance(value, datetime):
            return dates.starts_at(value, self.policy.zone).astimezone(self.policy.zone).strftime("%Y-%m-%d %H:%M")
        return value.isoformat()


def problems(status: EntryStatus, policy: Policy, now: datetime, label: str) -> list[Problem]:
    """Return the dates of a draft that contradict each other or the clock.

    Args:
        status: the status of the entry with its draft.
        policy: the unit's policy.
        now: the present.
        label: the name of the file in problems.
    """
    version = status.draft_version
    if version is None:
        return []
    public = status.public
    kept = [each for each in (public.version if public else None, status.scheduled) if each]
    if any(each.digest == version.digest for each in kept):
        return []
    since = public.since if public and public.form is not PublicForm.WITHDRAWN else None
    is_under_review = status.round is not None and status.round.digest == version.digest
    found = _contradictions(_Dates(version.meta, policy, now, since, is_under_review))
    lines = version.manuscript.lines
    return [
        Problem(label, message, lines.get(key), key)
        for key, message in found
        if not any(_same(version, each, key) for each in kept)
    ]


def _same(one: Version, other: Version, key: str) -> bool:
    """Tell whether two versions have the same value of a key, and of the dates that it is compared with."""
    names = {key.split(".")[0], "publish_at", *(["date"] if key == "expires_at" else [])}
    return all(getattr(one.meta, name) == getattr(other.meta, name) for name in names)


def _contradictions(case: _Dates) -> Iterator[_Found]:
    yield from _publish_at(case)
    yield from _date(case)
    yield from _expires_at(case)
    yield from _event(case)
    yield from _document(case)


def _publish_at(case: _Dates) -> Iterator[_Found]:
    at = case.waits_until
    if at and at < case.now and not case.is_under_review:
        message = _(
            "{time} is over; write a time to come, or leave the line out, so that this becomes public when it is "
            "approved"
        )
        yield "publish_at", message.format(time=case.text(at))


def _date(case: _Dates) -> Iterator[_Found]:
    shown = case.meta.date
    if shown is None:
        return
    if case.since and case.is_after(shown, case.since):
        message = _(
            "{date} lies after the day on which this became public, {day}; leave the line out, and the page shows "
            "that day"
        )
        yield "date", message.format(date=case.text(shown), day=case.day(case.since))
    elif case.since is None and case.is_after(shown, case.publication):
        message = _(
            "{date} lies in the future; leave the line out, and the page shows the day on which it becomes public. If "
            "it is to become public then, write publish_at: {time}"
        )
        time = case.text(shown) if isinstance(shown, datetime) else f"{shown} 08:30"
        yield "date", message.format(date=case.text(shown), time=time)


def _expires_at(case: _Dates) -> Iterator[_Found]:
    expires, shown = case.meta.expires_at, case.meta.date
    if expires is None:
        return
    end = dates.ends_at(expires, case.policy.zone)
    if case.waits_until and end <= case.waits_until:
        message = _("{time} lies before publish_at, {other}, so this would never be valid; correct one of them")
        yield "expires_at", message.format(time=case.text(expires), other=case.text(case.waits_until))
    elif shown and end <= dates.starts_at(shown, case.policy.zone):
        message = _("{time} lies before date, {other}; correct one of them")
        yield "expires_at", message.format(time=case.text(expires), other=case.text(shown))
    elif end <= case.now:
        message = _("{time} is over, so the page would be marked as expired at once; write a later day")
        yield "expires_at", message.format(time=case.text(expires))


def _event(case: _Dates) -> Iterator[_Found]:
    """Yield an end before its start where only one of them has an offset; others are found when the file is read."""
    event, zone = case.meta.event, case.policy.zone
    if event and event.end and dates.ends_at(event.end, zone) < dates.starts_at(event.start, zone):
        yield "event.end", _("lies before start")


def _document(case: _Dates) -> Iterator[_Found]:
    issued = case.meta.document.issued if case.meta.document else None
    if issued and case.is_after(issued, case.publication):
        message = _("{date} lies in the future; write the day on which the document was signed")
        yield "document.issued", message.format(date=issued)
