"""iCalendar files of activities: one for each column, one for each entry."""

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
from gongshi.site.metadata.formats import folder_of, host_of, is_absolute, one_line
from gongshi.site.pages.listings import ListItem

_PRODUCT_ID = "-//Gongshi//Activities of a public unit//EN"
_DAY = timedelta(days=1)
_MAX_UID_BYTES = 255


def calendar(title: str, items: Sequence[ListItem], policy: Policy, site: str) -> bytes:
    """Return the published activities as a calendar to subscribe to (RFC 5545, RFC 7986).

    Args:
        title: name of the calendar.
        items: entries to choose from; used are published ones with an `event` in a column of kind `activity`.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
    """
    result = _empty_calendar()
    name = one_line(title) or one_line(policy.unit.name)
    result.add("name", name)
    result.add("x-wr-calname", name)
    result.add("x-wr-timezone", getattr(policy.zone, "key", "UTC"))
    result.add("refresh-interval", _DAY, parameters={"value": "DURATION"})
    result.add("x-published-ttl", "P1D")
    chosen = [item for item in items if _is_activity(item, policy)]
    for item in sorted(chosen, key=lambda item: (_starts_at(item, policy.zone), item.path)):
        result.add_component(_event(item, policy, site))
    if not result.subcomponents:
        result.add_component(_utc_timezone())
    return _to_bytes(result)


def event(item: ListItem, policy: Policy, site: str) -> bytes:
    """Return one activity as a file that visitors can add to their own calendars.

    Args:
        item: a published entry with an `event`, of any column.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.

    Raises:
        ValueError: the entry has no `event` or is not published.
    """
    if not (item.in_public and item.public.version and item.public.version.meta.event):
        raise ValueError(item.path)
    result = _empty_calendar()
    result.add_component(_event(item, policy, site))
    return _to_bytes(result)


def _empty_calendar() -> icalendar.Calendar:
    result = icalendar.Calendar()
    result.add("prodid", _PRODUCT_ID)
    result.add("version", "2.0")
    return result


def _to_bytes(calendar: icalendar.Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content


def _is_activity(item: ListItem, policy: Policy) -> bool:
    column = policy.column_of(item.path)
    version = item.public.version
    return bool(column and column.kind == "activity" and item.in_public and version and version.meta.event)


def _starts_at(item: ListItem, zone: tzinfo) -> datetime:
    return dates.starts_at(_version_and_event(item)[1].start, zone)


def _version_and_event(item: ListItem) -> tuple[Version, Event]:
    version = item.public.version
    assert version is not None and version.meta.event is not None
    return version, version.meta.event


def _event(item: ListItem, policy: Policy, site: str) -> icalendar.Event:
    version, activity = _version_and_event(item)
    result = icalendar.Event()
    result.add("uid", _uid(item, policy, site))
    # Without METHOD, DTSTAMP is the time of the last revision (RFC 5545, 3.8.7.2), so it does not depend on the clock.
    changed, since = item.public.changed, item.public.since
    assert changed is not None and since is not None
    result.add("dtstamp", changed.astimezone(timezone.utc))
    result.add("last-modified", changed.astimezone(timezone.utc))
    result.add("created", since.astimezone(timezone.utc))
    start, end = span(activity, policy.zone)
    result.add("dtstart", start)
    if end:
        result.add("dtend", end)
    language = {"language": version.meta.lang} if version.meta.lang else {}
    for name, text in (("summary", item.title), ("location", activity.place), ("contact", activity.contact)):
        if text and one_line(text):
            result.add(name, one_line(text), parameters=language)
    if lines := list(_description(item, version, policy)):
        result.add("description", "\n".join(lines))
    if is_absolute(site):
        result.add("url", site + item.url)
    if terms := _terms(item, version, policy):
        result.add("categories", terms)
    result.add("status", "CONFIRMED")
    # Do not mark visitors as busy, such as for an exhibition of two months.
    result.add("transp", "TRANSPARENT")
    return result


def _terms(item: ListItem, version: Version, policy: Policy) -> list[str]:
    column = policy.column_of(item.path)
    terms = map(one_line, (*((column.title,) if column else ()), *version.meta.tags))
    return list(dict.fromkeys(term for term in terms if term))


def _description(item: ListItem, version: Version, policy: Policy) -> Iterator[str]:
    """Yield the lines of the description, with the organizer: the property ORGANIZER allows only an e-mail address."""
    _ = translations(policy.language).gettext
    if item.public.expired:
        yield _("No longer valid")
    if summary := one_line(version.meta.summary or ""):
        yield summary
    if version.meta.event and (organizer := one_line(version.meta.event.organizer or "")):
        yield _("Organizer: {name}").format(name=organizer)


def span(activity: Event, zone: tzinfo) -> tuple[date | datetime, date | datetime | None]:
    """Return start and exclusive end of an event in calendar form: both as dates, or both as times in UTC.

    Args:
        activity: the event; its last day is included, also if only the start has a time.
        zone: the site's time zone.

    Returns:
        None as the end if no end after the start is given.
    """
    if isinstance(activity.start, datetime):
        start = dates.starts_at(activity.start, zone).astimezone(timezone.utc)
        end = dates.ends_at(activity.end, zone).astimezone(timezone.utc) if activity.end else None
        return start, end if end and end > start else None
    last_day = activity.end or activity.start
    if isinstance(last_day, datetime):
        last_day = (dates.starts_at(last_day, zone) - timedelta.resolution).astimezone(zone).date()
    return activity.start, max(last_day, activity.start) + _DAY


def _uid(item: ListItem, policy: Policy, site: str) -> str:
    """Return an identifier that depends on the address only; at most 255 bytes, which every calendar can store.

    The folder of the site on its host is part of it, so that the activities of two units on one host differ.
    """
    domain = one_line(policy.unit.domain or "") or host_of(site) or f"{sha256(policy.identity.encode())[:16]}.invalid"
    uid = f"{folder_of(site)}{item.url.rstrip('/')}@{domain}"
    return uid if len(uid.encode()) <= _MAX_UID_BYTES else sha256(uid.encode())


def _utc_timezone() -> icalendar.Timezone:
    """Return the content of a calendar without activities: RFC 5545 requires at least one component."""
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone = icalendar.Timezone()
    zone.add("tzid", "Etc/UTC")
    zone.add_component(standard)
    return zone
