"""Pages that list other pages: home, tags, site map; and links between neighbouring entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from gongshi.domain.config.policy import Column, Policy
from gongshi.domain.content.paths import PageKind, kind_of, url_path
from gongshi.site.pages.listings import NEWEST, ColumnListing, Group, ListItem, Phase, Tag, newest_first, tag_key
from gongshi.site.pages.models import Block, EntryPage, HomePage, IndexPage, Link, Page, TagPage, latest

_MAX_UPCOMING = 3
_MAX_PAST = 4


def home(lead: Page | None, columns: Mapping[str, tuple[Group, ...]], policy: Policy) -> HomePage:
    """Return the home page.

    Args:
        lead: the approved root page or the notice in its place, or None.
        columns: the entries by column id, as `listings.grouped` returns them.
        policy: the unit's policy.
    """
    blocks = tuple(_block(policy.columns[id], groups) for id, groups in columns.items() if groups)
    dates = [item.public.changed for block in blocks for item in block.items]
    return HomePage(
        template="home.html",
        title=(lead and lead.title) or policy.unit.name,
        source="index.md",
        body=lead.body if lead else "",
        description=lead.description if lead else None,
        modified=latest([*dates, lead.modified if lead else None]),
        blocks=blocks,
        banner=lead.banner if lead else None,
        lang=lead.lang if lead else None,
        lead=lead,
    )


def _block(column: Column, groups: tuple[Group, ...]) -> Block:
    if column.kind != "activity":
        return Block(column, tuple(replace(group, items=group.items[:NEWEST]) for group in groups))
    counts = [_MAX_UPCOMING if each.phase in (Phase.COMING, Phase.RUNNING) else _MAX_PAST for each in groups]
    return Block(
        column, tuple(replace(each, items=each.items[:count]) for each, count in zip(groups, counts, strict=True))
    )


def neighbours(listing: ColumnListing) -> Iterator[tuple[str, Link | None, Link | None]]:
    """Yield the path of each entry of a column, with links to the next newer and the next older entry.

    Args:
        listing: the published entries of the column.
    """
    links = [Link(item.title, item.url, lang=item.lang) for item in listing.items]
    for place, item in enumerate(listing.items):
        newer = links[place - 1] if place else None
        yield item.path, newer, links[place + 1] if place + 1 < len(links) else None


def with_neighbour_links(view: Page, newer: Link | None, older: Link | None, tags: Mapping[str, Tag]) -> Page:
    """Add links to neighbours and tags to an entry's page.

    Args:
        view: the page.
        newer: the next newer entry of the column.
        older: the next older entry of the column.
        tags: every tag of published entries, by its `tag_key`.
    """
    if not isinstance(view, EntryPage) or view.meta is None:
        return view
    named = [(title, tags.get(tag_key(title))) for title in view.meta.tags]
    worn = {tag.slug: Link(title, tag.url) for title, tag in named if tag}
    # Called for each entry; `dataclasses.replace` would take five times as long.
    return EntryPage(**{**vars(view), "newer": newer, "older": older, "tags": tuple(worn.values())})


def tag_pages(tags: Iterable[Tag], title: str) -> Iterator[Page]:
    """Yield a page for each tag, then the page that lists all tags; nothing if there are no tags.

    Args:
        tags: the tags, those with most entries first.
        title: title of the list, in the site's language.
    """
    every = tuple(tags)
    if not every:
        return
    for tag in every:
        dates = latest(item.public.changed for item in tag.items)
        trail = (Link(title, "tags/"),)
        yield TagPage("tag.html", tag.title, tag.source, breadcrumbs=trail, modified=dates, items=tag.items)
    links = tuple(Link(f"{tag.title} ({len(tag.items)})", tag.url) for tag in every)
    yield IndexPage("tags.html", title, "tags/index.md", groups=((Link("", ""), links),))


def site_map(
    title: str,
    columns: Mapping[str, ColumnListing],
    views: Mapping[str, Page],
    tags: Iterable[Tag],
    tags_title: str,
    policy: Policy,
) -> IndexPage:
    """Return the site map page: columns with their years, standing pages, tags.

    Args:
        title: title of the page, in the site's language.
        columns: the published entries by column id.
        views: all pages of the site.
        tags: the tags.
        tags_title: the heading of the tags, in the site's language.
        policy: the unit's policy.
    """
    groups = [
        (Link(listing.column.title, f"{id}/"), tuple(Link(str(year), f"{id}/{year}/") for year in listing.years))
        for id, listing in columns.items()
    ]
    pages = [
        Link(view.title, quote(url_path(path)), lang=view.lang)
        for path, view in sorted(views.items())
        if kind_of(path, policy.columns) is PageKind.PAGE and path != "index.md" and isinstance(view, EntryPage)
    ]
    if pages:
        groups.append((Link("", ""), tuple(pages)))
    if links := tuple(Link(tag.title, tag.url) for tag in tags):
        groups.append((Link(tags_title, "tags/"), links))
    return IndexPage("sitemap.html", title, "site-map.md", groups=tuple(groups))


def newest(listings: Iterable[ColumnListing]) -> list[ListItem]:
    """Return the entries of all columns, newest first.

    Args:
        listings: the published entries of each column.
    """
    return newest_first(item for listing in listings for item in listing.items)
