"""Generated files: feeds, calendars, icons, the logo and robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.output_files import calendar_file
from gongshi.i18n import use_language
from gongshi.site.logo import Logo
from gongshi.site.metadata import favicon, robots_txt
from gongshi.site.pages import index_pages
from gongshi.site.pages.listings import ColumnListing, ListItem

Load = Callable[[], bytes]


@dataclass(frozen=True)
class GeneratedFile:
    """A file whose bytes are generated on demand."""

    load: Load
    depends_on: object
    """The data that the file depends on, apart from the configuration; used as a cache key."""


FEED = "feed.xml"
CALENDAR = "calendar.ics"
ICON = "favicon.ico"


def generated_files(
    listings: Mapping[str, ColumnListing], policy: Policy, site: str, additions: bytes = b"", logo: Logo | None = None
) -> Iterator[tuple[str, GeneratedFile]]:
    """Yield each generated file with its path relative to the site, in the site's language.

    Args:
        listings: the published entries by column id.
        policy: the unit's policy.
        site: the site's absolute URL ending in `/`; empty if mkdocs.yml has no `site_url`: then there are no feeds.
        additions: the unit's own lines for robots.txt.
        logo: the unit's logo.
    """
    files = chain(_pictures(policy, logo), _files(listings, policy, site, additions))
    for path, load, of in files:
        yield path, GeneratedFile(partial(_load_in_language, policy.language, load), of)


def _load_in_language(language: str, load: Load) -> bytes:
    with use_language(language):
        return load()


def _pictures(policy: Policy, logo: Logo | None) -> Iterator[tuple[str, Load, object]]:
    unit = policy.unit
    colour = unit.colour or favicon.COLOUR
    yield "favicon.svg", partial(favicon.favicon, unit.short_name or unit.name, colour), None
    # A drawing has no pixels yet, so the icon of pixels can only show a PNG.
    picture = logo.content if logo and logo.is_square and logo.kind == "png" else None
    yield ICON, partial(favicon.favicon_ico, colour, picture), picture
    if logo:
        yield logo.path, partial(_content, logo), logo.content


def _content(logo: Logo) -> bytes:
    return logo.content


def _files(
    listings: Mapping[str, ColumnListing], policy: Policy, site: str, additions: bytes
) -> Iterator[tuple[str, Load, object]]:
    public = {id: [item for item in listing.items if item.in_public] for id, listing in listings.items()}
    yield robots_txt.PATH, partial(robots_txt.robots, site, additions), additions or None
    if site:
        every = [item for item in index_pages.newest(listings.values()) if item.in_public]
        yield FEED, partial(_feed, policy.unit.name, every, policy, site, FEED), every
    for id, listing in listings.items():
        items = public[id]
        if site:
            title = f"{policy.unit.name} · {listing.column.title}"
            yield f"{id}/{FEED}", partial(_feed, title, items, policy, site, f"{id}/{FEED}"), items
        if listing.column.kind == "activity":
            yield f"{id}/{CALENDAR}", partial(_calendar, listing.column.title, items, policy, site), items
        for item in items:
            if item.meta.event and (file := calendar_file(item.path, policy.columns)):
                yield file, partial(_event, item, policy, site), item


# Import calendar and feed modules only when needed: their libraries load slowly, and most builds reuse cached files.


def _calendar(title: str, items: list[ListItem], policy: Policy, site: str) -> bytes:
    from gongshi.site.metadata import icalendar_files

    return icalendar_files.calendar(title, items, policy, site)


def _event(item: ListItem, policy: Policy, site: str) -> bytes:
    from gongshi.site.metadata import icalendar_files

    return icalendar_files.event(item, policy, site)


def _feed(title: str, items: list[ListItem], policy: Policy, site: str, address: str) -> bytes:
    from gongshi.site.metadata import atom_feed

    return atom_feed.feed(title, items, policy, site, address) or b""
