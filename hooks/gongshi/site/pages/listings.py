"""Listings: published entries in order, by column, year and tag, and activities by date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import Enum
from functools import cached_property, lru_cache
from operator import attrgetter
from urllib.parse import quote

from gongshi.common import dates
from gongshi.common.characters import without_noncharacters
from gongshi.domain.config.policy import Column, Policy
from gongshi.domain.content.front_matter import Event, FrontMatter
from gongshi.domain.content.paths import PageKind, collation_key, kind_of, parent_dir, url_path
from gongshi.domain.content.version import Version
from gongshi.domain.review.status import PublicForm, PublicState
from gongshi.site import publication_order
from gongshi.site.publication_order import Number, Published

PAGE_SIZE = 20
NEWEST = 8
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
_UNSAFE_CHARACTERS = re.compile(r"[\\/:*?\"<>|#%\s]+")
_SLUG_BYTES = 120
_RESERVED_SLUGS = re.compile(r"index(\.html?)?|(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Slugs that are in use by other pages, or that some systems cannot store as file names."""


@dataclass(frozen=True)
class ListItem:
    """One published entry in a list."""

    path: str
    title: str
    day: date
    """The day that its page shows, in the site's time zone."""
    published: Published
    """For sorting by `newest_first`."""
    pinned: bool
    public: PublicState

    @property
    def in_public(self) -> bool:
        """False for a draft in the preview."""
        return self.public.approved is not None

    @cached_property
    def url(self) -> str:
        """The address relative to the site, percent-encoded."""
        return quote(url_path(self.path))

    @cached_property
    def number(self) -> Number:
        """For sorting entries of one moment by `newest_first`."""
        return publication_order.number_key(self.path)

    @property
    def meta(self) -> FrontMatter:
        """The front matter of the version shown."""
        assert self.public.version is not None
        return self.public.version.meta

    @property
    def lang(self) -> str | None:
        """The language tag of the version shown; None for the site's language."""
        return self.meta.lang

    @property
    def picture(self) -> str | None:
        """The URL of the first picture in its text, relative to the site and percent-encoded, or None."""
        return picture_of(self.public.version) if self.public.version else None


def picture_of(version: Version) -> str | None:
    """Return the URL of the first picture in a text, relative to the site and percent-encoded, or None.

    Args:
        version: the version with the text and its files.
    """
    body = version.manuscript.body
    shown = [(body.find(name), name) for name in version.files if name.lower().endswith(PICTURES) and name in body]
    return quote(parent_dir(version.path) + min(shown)[1]) if shown else None


@dataclass(frozen=True)
class ColumnListing:
    """The published entries of one column."""

    column: Column
    items: tuple[ListItem, ...]
    """Newest first, ignoring pins."""

    @property
    def listed(self) -> list[ListItem]:
        """The entries in the order of the column's list: pinned ones first."""
        return sorted(self.items, key=lambda item: not item.pinned)

    @property
    def years(self) -> dict[int, list[ListItem]]:
        """The entries of each year, newest first."""
        grouped: dict[int, list[ListItem]] = {}
        for item in self.items:
            grouped.setdefault(item.day.year, []).append(item)
        return grouped


def build_listings(
    shown: Iterable[tuple[str, PublicState]], policy: Policy, now: datetime
) -> Mapping[str, ColumnListing]:
    """Return the published entries by column id; notices of withdrawal or expiry are left out.

    Args:
        shown: all public entries, by path.
        policy: the unit's columns.
        now: the moment of the build.
    """
    items: dict[str, list[ListItem]] = {id: [] for id in policy.columns}
    for path, public in shown:
        if public.form is PublicForm.PAGE and public.version and kind_of(path, policy.columns) is PageKind.ENTRY:
            items[path.split("/")[0]].append(_item(path, public, public.version, policy, now))
    return {id: ColumnListing(policy.columns[id], tuple(newest_first(found))) for id, found in items.items()}


def _item(path: str, public: PublicState, version: Version, policy: Policy, now: datetime) -> ListItem:
    # A draft in the preview that has no date would get the day of the build, were it published now.
    shown = publication_order.shown_date(version.meta, public.since, policy.zone) or now
    title = without_noncharacters(version.meta.title)
    day = publication_order.day_of(shown, policy.zone)
    at = publication_order.published(day, version.meta.date, public.since, policy.zone)
    return ListItem(path, title, day, at, version.meta.pinned, public)


def newest_first(items: Iterable[ListItem]) -> list[ListItem]:
    """Return entries in the order of publication, the newest first.

    Args:
        items: entries of one or more columns.
    """
    return publication_order.newest_first(items, attrgetter("published"), attrgetter("number"))


@dataclass(frozen=True)
class Tag:
    """A tag and the published entries that have it."""

    title: str
    slug: str
    """The last segment of its address, not percent-encoded."""
    items: tuple[ListItem, ...]
    """Newest first."""

    @property
    def source(self) -> str:
        """The virtual path of its page, relative to `docs/`."""
        return f"tags/{self.slug}.md"

    @cached_property
    def url(self) -> str:
        """The address of its page relative to the site, percent-encoded."""
        return quote(f"tags/{self.slug}/")


def tags(listings: Iterable[ColumnListing]) -> dict[str, Tag]:
    """Return the tags of published entries by `tag_key`, those with most entries first.

    Spellings that result in the same address are one tag; its title is the spelling in its newest entry.

    Args:
        listings: the published entries of each column.
    """
    found: dict[str, dict[str, ListItem]] = {}
    titles: dict[str, tuple[str, str]] = {}
    for item in newest_first(item for listing in listings for item in listing.items):
        for title in item.meta.tags:
            if slug := slug_of(title):
                titles.setdefault(tag_key(title), (title, slug))
                found.setdefault(tag_key(title), {})[item.path] = item
    made = {key: Tag(*titles[key], tuple(entries.values())) for key, entries in found.items()}
    return dict(sorted(made.items(), key=lambda each: (-len(each[1].items), each[1].slug)))


@lru_cache(4096)
def tag_key(title: str) -> str:
    """Return a key that is equal for all spellings of one tag; empty if the tag cannot have an address.

    Args:
        title: the tag as written in front matter.
    """
    return collation_key(slug_of(title))


@lru_cache(4096)
def slug_of(tag: str) -> str:
    """Return the last address segment for a tag; empty if no character of the tag can be used.

    Args:
        tag: the tag as written in front matter.
    """
    text = _UNSAFE_CHARACTERS.sub("-", unicodedata.normalize("NFC", tag)).strip("-.~_ ")
    text = "".join(character for character in text if character.isprintable())
    text = text.encode()[:_SLUG_BYTES].decode(errors="ignore").rstrip("-.")
    return f"{text}-" if _RESERVED_SLUGS.fullmatch(text) else text


class Phase(Enum):
    """The phase of an activity at a moment; its values are stored in cached pages."""

    COMING = "coming"
    RUNNING = "running"
    PAST = "past"


@dataclass(frozen=True)
class Group:
    """Entries of a list under one heading."""

    phase: Phase | None
    """The phase of these activities; None for entries without a heading."""
    items: tuple[ListItem, ...]


def phase(event: Event | None, zone: tzinfo, now: datetime) -> Phase:
    """Return whether an event is still to come, takes place, or is over; an entry without an event counts as past.

    An event without an end lasts until the end of the day on which it starts.

    Args:
        event: when it takes place.
        zone: the site's time zone.
        now: the moment of the build.
    """
    if event is None or _ends_at(event, zone) <= now:
        return Phase.PAST
    return Phase.COMING if now < _starts_at(event, zone) else Phase.RUNNING


def _ends_at(event: Event, zone: tzinfo) -> datetime:
    if event.end is not None:
        return dates.ends_at(event.end, zone)
    return dates.ends_at(_starts_at(event, zone).astimezone(zone).date(), zone)


def grouped(listing: ColumnListing, zone: tzinfo, now: datetime) -> tuple[Group, ...]:
    """Group the entries of a column as lists show them; in each group pinned ones come first.

    Activities to come are sorted by their start, those that take place by their end; everything else is newest first.

    Args:
        listing: the published entries of the column.
        zone: the site's time zone.
        now: the moment of the build.

    Returns:
        The groups that have entries: one without a heading for a column without activities to come or taking place.
    """
    if listing.column.kind != "activity":
        return (Group(None, tuple(listing.listed)),) if listing.items else ()
    found: dict[Phase, list[ListItem]] = {each: [] for each in Phase}
    for item in listing.listed:
        found[phase(item.meta.event, zone, now)].append(item)
    found[Phase.COMING].sort(key=lambda item: (not item.pinned, _starts_at(_event(item), zone)))
    found[Phase.RUNNING].sort(key=lambda item: (not item.pinned, _ends_at(_event(item), zone)))
    groups = [Group(each, tuple(items)) for each, items in found.items() if items]
    return tuple(groups) if [each.phase for each in groups] != [Phase.PAST] else (Group(None, groups[0].items),)


def _event(item: ListItem) -> Event:
    assert item.meta.event is not None
    return item.meta.event


def _starts_at(event: Event, zone: tzinfo) -> datetime:
    return dates.starts_at(event.start, zone)
