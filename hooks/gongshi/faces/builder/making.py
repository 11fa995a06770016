"""Files that are made from what is published: feeds, calendars, the favicon, robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from gongshi.domain.naming import EVENT, address_of
from gongshi.domain.policy import Policy
from gongshi.i18n import speaking
from gongshi.outputs import calendars, favicon, feeds, overviews, robots
from gongshi.outputs.catalogue import Item, Shelf

Load = Callable[[], bytes]

FEED = "feed.xml"
CALENDAR = "calendar.ics"


def made(shelves: Mapping[str, Shelf], policy: Policy, site: str) -> Iterator[tuple[str, Load]]:
    """Each file by its path relative to the site, in the site's language whoever builds it.

    Args:
        shelves: the published entries by column id.
        policy: the unit.
        site: the site's absolute address ending in `/`; empty where mkdocs.yml gives none: then there are no feeds.
    """
    for path, load in _made(shelves, policy, site):
        yield path, partial(_spoken, policy.language, load)


def _spoken(language: str, load: Load) -> bytes:
    with speaking(language):
        return load()


def _made(shelves: Mapping[str, Shelf], policy: Policy, site: str) -> Iterator[tuple[str, Load]]:
    public = {id: [item for item in shelf.items if item.in_public] for id, shelf in shelves.items()}
    yield "robots.txt", partial(robots.robots, site)
    yield "favicon.svg", partial(favicon.favicon, policy.unit.short_name or policy.unit.name)
    if site:
        every = [item for item in overviews.newest(shelves.values()) if item.in_public]
        yield FEED, partial(_feed, policy.unit.name, every, policy, site, FEED)
    for id, shelf in shelves.items():
        if site:
            title = f"{policy.unit.name} · {shelf.column.title}"
            yield f"{id}/{FEED}", partial(_feed, title, public[id], policy, site, f"{id}/{FEED}")
        if shelf.column.kind == "activity":
            yield f"{id}/{CALENDAR}", partial(calendars.calendar, shelf.column.title, public[id], policy, site)
            yield from (
                (event_file(i.path), partial(calendars.event, i, policy, site)) for i in public[id] if i.meta.event
            )


def event_file(path: str) -> str:
    """The calendar file of one activity, beside its page.

    Args:
        path: the Markdown file, relative to `docs/`.
    """
    return address_of(path) + EVENT


def _feed(title: str, items: list[Item], policy: Policy, site: str, address: str) -> bytes:
    return feeds.feed(title, items, policy, site, address) or b""
