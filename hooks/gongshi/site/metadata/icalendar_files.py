"""Activities as iCalendar files: one for a column, one for each entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo

import icalendar

from gongshi.common import dates
from gongshi.common.hashing import sha256
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import Event
from gongshi.domain.content.version import Version
from gongshi.i18n import translations
from gongshi.site.metadata.formats import host_of, is_absolute, one_line
from gongshi.site.pages.listings import Item

_MAKER = "-//Gongshi//Activities of a public unit//EN"
_DAY = timedelta(days=1)
_UID_BYTES = 255


def calendar(title: str, items: Sequence[Item], policy: Policy, site: str) -> bytes:
    """The activities that are public, as a calendar to subscribe to (RFC 5545, RFC 7986).

    Args:
        title: what the calendar is called.
        items: the entries to choose from: those with an `event`, in a column of kind activity; no drafts.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
    """
    made = _calendar()
    name = one_line(title) or one_line(policy.unit.name)
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", getattr(policy.zone, "key", "UTC"))
    made.add("refresh-interval", _DAY, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "P1D")
    chosen = [item for item in items if _is_activity(item, policy)]
    for item in sorted(chosen, key=lambda item: (_begins(item, policy.zone), item.path)):
        made.add_component(_event(item, policy, site))
    if not made.subcomponents:
        made.add_component(_utc())
    return _written(made)


def event(item: Item, policy: Policy, site: str) -> bytes:
    """One activity, to take over into one's own calendar.

    Args:
        item: a published entry with an `event`, of any column.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.

    Raises:
        ValueError: the entry has no `event` or is a draft.
    """
    if not (item.in_public and item.public.version and item.public.version.meta.event):
        raise ValueError(item.path)
    made = _calendar()
    made.add_component(_event(item, policy, site))
    return _written(made)


def _calendar() -> icalendar.Calendar:
    made = icalendar.Calendar()
    made.add("prodid", _MAKER)
    made.add("version", "2.0")
    return made


def _written(made: icalendar.Calendar) -> bytes:
    content: bytes = made.to_ical()
    return content


def _is_activity(item: Item, policy: Policy) -> bool:
    column = policy.column_of(item.path)
    version = item.public.version
    return bool(column and column.kind == "activity" and item.in_public and version and version.meta.event)


def _begins(item: Item, zone: tzinfo) -> datetime:
    return dates.start(_parts(item)[1].start, zone)


def _parts(item: Item) -> tuple[Version, Event]:
    version = item.public.version
    assert version is not None and version.meta.event is not None
    return version, version.meta.event


def _event(item: Item, policy: Policy, site: str) -> icalendar.Event:
    version, activity = _parts(item)
    made = icalendar.Event()
    made.add("uid", _uid(item, policy, site))
    # Without METHOD, DTSTAMP says when the information was last revised (RFC 5545, 3.8.7.2): the clock has no say.
    changed, at = item.public.changed, item.public.since
    assert changed is not None and at is not None
    made.add("dtstamp", changed.astimezone(timezone.utc))
    made.add("last-modified", changed.astimezone(timezone.utc))
    made.add("created", at.astimezone(timezone.utc))
    first, last = span(activity, policy.zone)
    made.add("dtstart", first)
    if last:
        made.add("dtend", last)
    for name, text in (("summary", item.title), ("location", activity.place), ("contact", activity.contact)):
        if text and one_line(text):
            made.add(name, one_line(text))
    if lines := list(_description(item, version, policy)):
        made.add("description", "\n".join(lines))
    if is_absolute(site):
        made.add("url", site + item.url)
    if terms := _terms(item, version, policy):
        made.add("categories", terms)
    made.add("status", "CONFIRMED")
    # An exhibition of two months does not make the visitors busy for two months.
    made.add("transp", "TRANSPARENT")
    return made


def _terms(item: Item, version: Version, policy: Policy) -> list[str]:
    column = policy.column_of(item.path)
    terms = map(one_line, (*((column.title,) if column else ()), *version.meta.tags))
    return list(dict.fromkeys(term for term in terms if term))


def _description(item: Item, version: Version, policy: Policy) -> Iterator[str]:
    """The organizer stands here as text: the property ORGANIZER takes a mail address only."""
    _ = translations(policy.language).gettext
    if item.public.expired:
        yield _("No longer valid")
    if summary := one_line(version.meta.summary or ""):
        yield summary
    if version.meta.event and (organizer := one_line(version.meta.event.organizer or "")):
        yield _("Organizer: {name}").format(name=organizer)


def span(activity: Event, zone: tzinfo) -> tuple[date | datetime, date | datetime | None]:
    """Beginning and end as calendars take them: both days, or both moments in UTC; the end is the first that is not in.

    Args:
        activity: when it takes place; its last day is part of it, also where only the start has a time.
        zone: the site's time zone.

    Returns:
        None for the end where there is none after the beginning.
    """
    if isinstance(activity.start, datetime):
        first = dates.start(activity.start, zone).astimezone(timezone.utc)
        last = dates.end(activity.end, zone).astimezone(timezone.utc) if activity.end else None
        return first, last if last and last > first else None
    final = activity.end or activity.start
    if isinstance(final, datetime):
        final = (dates.start(final, zone) - timedelta.resolution).astimezone(zone).date()
    return activity.start, max(final, activity.start) + _DAY


def _uid(item: Item, policy: Policy, site: str) -> str:
    """Stays the same as long as the entry has its address; at most 255 bytes, which every calendar can store."""
    domain = one_line(policy.unit.domain or "") or host_of(site) or f"{sha256(policy.identity.encode())[:16]}.invalid"
    uid = f"{item.url.rstrip('/')}@{domain}"
    return uid if len(uid.encode()) <= _UID_BYTES else sha256(uid.encode())


def _utc() -> icalendar.Timezone:
    """What stands in a calendar without activities: RFC 5545 wants one component at least."""
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone = icalendar.Timezone()
    zone.add("tzid", "Etc/UTC")
    zone.add_component(standard)
    return zone
