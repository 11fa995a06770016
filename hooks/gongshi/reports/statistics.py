"""Count what was published: per column and month, with the time that stages took, and for the annual site report.

Only versions that became public are counted: an approval that does not count is left out, a scheduled version counts
when its time comes, an urgent publication counts at once and not again when its chain follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.paths import PageKind, kind_of
from gongshi.domain.records.dossier import Action
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import WithheldReason
from gongshi.i18n import gettext as _
from gongshi.reports.entry_history import EntryHistory, Period, damage_text, histories, local

_WAITING_REASONS = (WithheldReason.SUBMITTED, WithheldReason.URGENT, WithheldReason.OVERDUE)
"""The states in which an entry waits for a stage."""


@dataclass(frozen=True)
class Counts:
    """The numbers of a month or a period."""

    new: int = 0
    updated: int = 0
    corrected: int = 0
    urgent: int = 0
    """The number of new and updated ones that were published before their chain."""
    withdrawn: int = 0
    returned: int = 0

    @property
    def published(self) -> int:
        """The number of new, updated and corrected ones."""
        return self.new + self.updated + self.corrected


@dataclass(frozen=True)
class StageFigures:
    """The time that a stage took, and the entries that wait for it now."""

    stage: str
    decisions: int
    """The number of its approvals and returns in the period that count."""
    mean_days: float | None
    """The average number of days from the submission or the stage before to the decision, weekends included."""
    longest_days: float | None
    waiting: int
    """The number of entries that wait for it now."""
    since: datetime | None
    """The time since which the oldest of them has waited."""


@dataclass(frozen=True)
class Group:
    """A column, or all standing pages."""

    column: str | None
    """The column's id; None for the standing pages."""
    title: str
    kind: str
    """`announcement`, `activity` or `page`."""
    months: dict[date, Counts]
    """The numbers of each month, by its first day."""
    total: Counts
    stages: tuple[StageFigures, ...]


@dataclass(frozen=True)
class Statistics:
    """The figures, with the unit, the period and the time."""

    policy: Policy
    now: datetime
    period: Period
    groups: tuple[Group, ...]
    damages: tuple[str, ...]
    """Descriptions of damaged records; unreadable acts are not counted."""


@dataclass(frozen=True)
class AnnualCount:
    """One row of the annual site report."""

    key: str
    title: str
    count: int
    how: str
    """The way of counting, in words."""


Event = tuple[str | None, date, str]
"""The column, the day, and the name of the number in `Counts` that it adds to."""
Tally = Counter[tuple[str | None, date | None, str]]
"""The numbers by column, month (None for the whole period) and name."""


def statistics(snapshot: Snapshot, first: date, last: date) -> Statistics:
    """Compute the figures of a period.

    Args:
        snapshot: the unit at one moment.
        first: the first day, in the site's time zone.
        last: the last day, in the site's time zone.
    """
    policy, now, period = snapshot.configuration.policy, snapshot.now, Period(first, last)
    found = histories(snapshot)
    events = [event for history in found for event in _events(history, policy)]
    months = _months(period, events, local(now, policy).date())
    tally = _tally(event for event in events if period.includes(event[1]))
    groups = tuple(
        Group(
            column=id,
            title=title,
            kind=kind,
            months={month: _counts(tally, id, month) for month in months},
            total=_counts(tally, id),
            stages=tuple(_stages([history for history in found if _column(history, policy) == id], period, policy)),
        )
        for id, title, kind in _groups(policy)
    )
    damages = tuple(damage_text(history.path, problem) for history in found for problem in history.damage)
    return Statistics(policy, now, period, groups, damages)


def _groups(policy: Policy) -> Iterator[tuple[str | None, str, str]]:
    for id, column in policy.columns.items():
        yield id, column.title, column.kind
    yield None, _("Standing pages"), "page"


def _column(history: EntryHistory, policy: Policy) -> str | None:
    return history.path.split("/")[0] if kind_of(history.path, policy.columns) is PageKind.ENTRY else None


def _events(history: EntryHistory, policy: Policy) -> Iterator[Event]:
    column = _column(history, policy)
    for publication in history.publications:
        day = local(publication.at, policy).date()
        yield column, day, publication.change.value
        if publication.urgent:
            yield column, day, "urgent"
    for withdrawal in history.withdrawals:
        yield column, local(withdrawal.at, policy).date(), "withdrawn"
    for step in history.steps:
        if step.decision.act is Action.RETURN and step.rejection is None:
            yield column, local(step.decision.at, policy).date(), "returned"


def _tally(events: Iterable[Event]) -> Tally:
    """Count the events of each column and name, for each month and for the whole period."""
    return Counter((column, month, what) for column, day, what in events for month in (day.replace(day=1), None))


def _counts(tally: Tally, column: str | None, month: date | None = None) -> Counts:
    return Counts(**{field.name: tally[column, month, field.name] for field in fields(Counts)})


def _months(period: Period, events: Sequence[Event], today: date) -> list[date]:
    """Return the first days of the months of a period, without those before the first event and after today."""
    assert period.first is not None
    assert period.last is not None
    days = [day for _column, day, _what in events] or [today]
    month = max(period.first, min(*days, today.replace(month=1, day=1))).replace(day=1)
    last = min(period.last, max(*days, today))
    months = []
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return months


def _stages(found: Sequence[EntryHistory], period: Period, policy: Policy) -> Iterator[StageFigures]:
    """Return the stages of a column in the order of mkdocs.yml, then stages that are not there any more."""
    took: dict[str, list[float]] = {stage: [] for stage in policy.stages}
    waiting: dict[str, list[datetime]] = {}
    for history in found:
        for step in history.steps:
            if step.stage and step.waited is not None and period.includes(local(step.decision.at, policy).date()):
                took.setdefault(step.stage, []).append(step.waited / timedelta(days=1))
        open_round = history.status.round
        if open_round and open_round.stage and history.status.reason in _WAITING_REASONS:
            since = (open_round.approvals or [open_round.submission])[-1].at
            waiting.setdefault(open_round.stage, []).append(since)
    for stage in dict.fromkeys((*took, *waiting)):
        days, since_all = took.get(stage, []), waiting.get(stage, [])
        if days or since_all:
            mean = round(sum(days) / len(days), 1) if days else None
            longest = round(max(days), 1) if days else None
            yield StageFigures(stage, len(days), mean, longest, len(since_all), min(since_all, default=None))


def annual_report(found: Statistics) -> list[AnnualCount]:
    """Return the rows under 信息发布 of the 政府网站工作年度报表, as far as a site's own records can fill them.

    Source: 国办函〔2018〕12号, after 国办发〔2017〕47号. Read there: each site publishes the form by 31 January; it
    begins with 信息发布. Second-hand: the names of the three kinds of 更新量, from the software of a government site.
    Unverified: that they add up to 总数, and what exactly each of them counts. Here an entry counts once, when it
    becomes public; a standing page counts once for each version that does; minor corrections do not count.

    Args:
        found: the figures of a period, usually of a year.
    """
    once, each = _("entries newly published"), _("standing pages newly published or updated")
    pages = sum(group.total.new + group.total.updated for group in found.groups if group.kind == "page")
    activities = sum(group.total.new for group in found.groups if group.kind == "activity")
    announcements = sum(group.total.new for group in found.groups if group.kind == "announcement")
    withdrawn = sum(group.total.withdrawn for group in found.groups)
    total = pages + activities + announcements
    return [
        AnnualCount("total", _("Information published, total"), total, _("the three below")),
        AnnualCount("overview", _("Overview information updated"), pages, each),
        AnnualCount("news", _("Government news updated"), activities, once),
        AnnualCount("catalogue", _("Disclosure catalogue updated"), announcements, once),
        AnnualCount("withdrawn", _("Information withdrawn"), withdrawn, _("not a row of the form")),
    ]
