"""What each page of the site shows, ready for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from gongshi.common import dates as common_dates
from gongshi.domain.config.policy import Column
from gongshi.domain.content.front_matter import Document, Event, FrontMatter
from gongshi.domain.review.status import Public
from gongshi.site.pages.listings import Item, Shelf

_NEAR = 2
"""How far from a page of a list others are offered."""


@dataclass(frozen=True)
class Link:
    """A link to a page or file of the site, its URL relative to the site and quoted."""

    title: str
    url: str


@dataclass(frozen=True)
class Download(Link):
    """A file that is offered for download."""

    kind: str = ""
    """Such as `PDF`; empty where the name does not tell."""


@dataclass(frozen=True)
class Banner:
    """In the preview: that a page is not public, and why."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A page: which template under `theme/gongshi/` shows it, and what it shows."""

    template: str
    title: str
    source: str
    """The Markdown file or the made-up path that MkDocs knows the page by, relative to `docs/`."""
    body: str = ""
    description: str | None = None
    trail: tuple[Link, ...] = ()
    modified: datetime | None = None
    """When the page last changed for visitors; None leaves it out of the site map."""
    banner: Banner | None = None


@dataclass(frozen=True)
class EntryView(View):
    """An entry or standing page."""

    date: str | None = None
    origin: str | None = None
    document: Document | None = None
    event: Event | None = None
    when: str = ""
    """Start and end of the event in words."""
    notice: str | None = None
    """`coming`, `open` or `closed`."""
    notice_days: tuple[str, str] | None = None
    expired: bool = False
    attachments: tuple[Download, ...] = ()
    tags: tuple[Link, ...] = ()
    newer: Link | None = None
    """The next entry of the column by its date."""
    older: Link | None = None
    public: Public | None = None
    """What is public; None for a draft in the preview."""
    meta: FrontMatter | None = None


@dataclass(frozen=True)
class NoticeView(View):
    """What stands at the address of a withdrawn or expired entry."""

    kind: str = "withdrawn"
    """`withdrawn` or `expired`."""
    date: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ListView(View):
    """A column's list, one of its pages, or one of its years."""

    column: Column | None = None
    items: tuple[Item, ...] = ()
    number: int = 1
    years: tuple[Link, ...] = ()
    year: int | None = None
    pager: tuple[Link | None, ...] = ()
    """The list's pages around this one, and the first and last; None where some are left out."""
    lead: View | None = None
    """The column's introduction, or the notice in its place."""


@dataclass(frozen=True)
class Block:
    """What the home page shows of a column; never empty."""

    column: Column
    items: tuple[Item, ...]
    coming: tuple[Item, ...] = ()
    """Of a column of activities, those to come, soonest first; they are not among the items."""


@dataclass(frozen=True)
class HomeView(View):
    """The home page."""

    blocks: tuple[Block, ...] = ()
    lead: View | None = None
    """The root page, or the notice in its place."""


@dataclass(frozen=True)
class TagView(View):
    """The published entries that wear a tag."""

    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class IndexView(View):
    """All tags, or everything that the site has: links in groups."""

    groups: tuple[tuple[Link, tuple[Link, ...]], ...] = ()


def lists(shelf: Shelf, introduction: View | None) -> list[ListView]:
    """The pages of a column: its list in portions, and one page a year.

    Args:
        shelf: the published entries of the column.
        introduction: the approved introduction or the notice in its place, None where there is none.
    """
    years = tuple(Link(str(year), f"{shelf.column.id}/{year}/") for year in shelf.years)
    return [*_portions(shelf, introduction, years), *_years(shelf, years)]


def _portions(shelf: Shelf, introduction: View | None, years: tuple[Link, ...]) -> Iterator[ListView]:
    column, portions = shelf.column, shelf.pages
    for number, items in enumerate(portions, 1):
        lead = introduction if number == 1 else None
        yield ListView(
            template="list.html",
            title=column.title,
            source=f"{column.id}/index.md" if number == 1 else f"{column.id}/page/{number}.md",
            body=lead.body if lead else "",
            description=column.description,
            trail=() if number == 1 else (Link(column.title, f"{column.id}/"),),
            modified=_newest(items, lead),
            banner=lead.banner if lead else None,
            column=column,
            items=tuple(items),
            number=number,
            years=years,
            pager=tuple(_pager(column, number, len(portions))),
            lead=lead,
        )


def _pager(column: Column, here: int, last: int) -> Iterator[Link | None]:
    """Links to few of many pages, else the pages of long lists would consist of links."""
    near = range(max(1, here - _NEAR), min(last, here + _NEAR) + 1)
    before = 0
    for number in sorted({1, last, *near}) if last > 1 else ():
        if number > before + 1:
            yield None
        yield Link(str(number), _list_url(column, number))
        before = number


def _years(shelf: Shelf, years: tuple[Link, ...]) -> Iterator[ListView]:
    column = shelf.column
    for year, items in shelf.years.items():
        yield ListView(
            template="list.html",
            title=f"{column.title} · {year}",
            source=f"{column.id}/{year}.md",
            trail=(Link(column.title, f"{column.id}/"),),
            modified=_newest(items, None),
            column=column,
            items=tuple(items),
            years=years,
            year=year,
        )


def _list_url(column: Column, number: int) -> str:
    return f"{column.id}/" if number == 1 else f"{column.id}/page/{number}/"


def _newest(items: list[Item], introduction: View | None) -> datetime | None:
    return latest([*(item.public.changed for item in items), introduction.modified if introduction else None])


def latest(dates: Iterable[datetime | None]) -> datetime | None:
    """The latest of some moments, or None."""
    return max((moment for moment in dates if moment), default=None)


def shown(value: date | datetime, zone: tzinfo) -> str:
    """A date as the page prints it: `YYYY-MM-DD`, with `HH:MM` where a time was given."""
    if isinstance(value, datetime):
        return common_dates.start(value, zone).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


def span(event: Event, zone: tzinfo) -> str:
    """When an event takes place, the day only once where it ends on the day on which it begins."""
    begin = shown(event.start, zone)
    if event.end is None or shown(event.end, zone) == begin:
        return begin
    end = shown(event.end, zone)
    if begin[:10] == end[:10] and len(begin) == len(end):
        return f"{begin}–{end[11:]}"
    return f"{begin} – {end}"
