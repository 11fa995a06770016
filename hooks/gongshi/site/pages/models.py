"""Page models: the data of each page of the site, ready for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from datetime import date as Date  # noqa: N812 - a field hides the other name
from itertools import groupby
from operator import itemgetter

from gongshi.common import dates as common_dates
from gongshi.domain.config.policy import Column
from gongshi.domain.content.front_matter import Document, Event, FrontMatter
from gongshi.domain.review.status import PublicState
from gongshi.site.pages.listings import PAGE_SIZE, ColumnListing, Group, ListItem

_PAGER_RADIUS = 2
"""Number of list pages before and after the current one that the pager links to."""


@dataclass(frozen=True)
class Link:
    """A link to a page or file of the site; its URL is relative to the site and percent-encoded."""

    title: str
    url: str
    lang: str | None = field(default=None, kw_only=True)
    """The language tag of the title; None for the site's language."""


@dataclass(frozen=True)
class Download(Link):
    """A file for download."""

    kind: str = ""
    """File type such as `PDF`; empty if the name has no short extension."""


@dataclass(frozen=True)
class Banner:
    """The preview's message that a page is not public, with the reasons."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page: its template under `theme/gongshi/` and the data for it."""

    template: str
    title: str
    source: str
    """Path relative to `docs/`: the Markdown file, or a virtual path for a generated page."""
    body: str = ""
    description: str | None = None
    breadcrumbs: tuple[Link, ...] = ()
    modified: datetime | None = None
    """Time of the last change that visitors could see; None leaves the page out of sitemap.xml."""
    banner: Banner | None = None
    lang: str | None = None
    """The language tag of title and text; None for the site's language."""


@dataclass(frozen=True)
class EntryPage(Page):
    """An entry or standing page."""

    date: str | None = None
    """The date as text; None for a standing page without one, and for a draft that nobody can say the day of."""
    day: Date | None = None
    """The day of `date` in the site's time zone."""
    origin: str | None = None
    document: Document | None = None
    event: Event | None = None
    when: str = ""
    """Start and end of the event as text."""
    notice: str | None = None
    """`coming`, `open` or `closed`."""
    notice_days: tuple[str, str] | None = None
    expired: bool = False
    attachments: tuple[Download, ...] = ()
    tags: tuple[Link, ...] = ()
    newer: Link | None = None
    """The next entry of the column by its date."""
    older: Link | None = None
    public: PublicState | None = None
    """The public state of the entry; None for a draft in the preview."""
    meta: FrontMatter | None = None


@dataclass(frozen=True)
class NoticePage(Page):
    """The page at the address of a withdrawn or expired entry."""

    kind: str = "withdrawn"
    """`withdrawn` or `expired`."""
    date: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ListPage(Page):
    """One page of a column's list, or the list of one year."""

    column: Column | None = None
    groups: tuple[Group, ...] = ()
    """The entries in their order; only activities have headings."""
    number: int = 1
    years: tuple[Link, ...] = ()
    year: int | None = None
    pager: tuple[Link | None, ...] = ()
    """Links to the pages around this one, the first and the last; None marks a gap."""
    lead: Page | None = None
    """The column's introduction, or the notice in its place."""

    @property
    def items(self) -> tuple[ListItem, ...]:
        """The entries of all groups."""
        return tuple(item for group in self.groups for item in group.items)


@dataclass(frozen=True)
class Block:
    """A column's section on the home page; never empty."""

    column: Column
    groups: tuple[Group, ...]
    """The first entries of each group."""

    @property
    def items(self) -> tuple[ListItem, ...]:
        """The entries of all groups."""
        return tuple(item for group in self.groups for item in group.items)


@dataclass(frozen=True)
class HomePage(Page):
    """The home page."""

    blocks: tuple[Block, ...] = ()
    lead: Page | None = None
    """The root page, or the notice in its place."""


@dataclass(frozen=True)
class TagPage(Page):
    """The list of published entries with a tag."""

    items: tuple[ListItem, ...] = ()


@dataclass(frozen=True)
class IndexPage(Page):
    """The list of all tags, or the site map: groups of links."""

    groups: tuple[tuple[Link, tuple[Link, ...]], ...] = ()


def has_other_languages(view: Page) -> bool:
    """Tell whether a page shows a text or title whose language its entry names.

    Args:
        view: the page; the HTML of its text may name languages, too.
    """
    shown: list[Page | Link | ListItem | None] = [view]
    if isinstance(view, EntryPage):
        shown += [view.newer, view.older]
    elif isinstance(view, ListPage):
        shown += [view.lead, *view.items]
    elif isinstance(view, HomePage):
        shown += [view.lead, *(item for block in view.blocks for item in block.items)]
    elif isinstance(view, TagPage):
        shown += view.items
    elif isinstance(view, IndexPage):
        shown += [link for _head, links in view.groups for link in links]
    return any(each.lang for each in shown if each)


def lists(listing: ColumnListing, introduction: Page | None, groups: tuple[Group, ...]) -> list[ListPage]:
    """Return the pages of a column: its list, divided into pages, and one page per year.

    Args:
        listing: the published entries of the column.
        introduction: the approved introduction or the notice in its place, or None.
        groups: the entries as `listings.grouped` returns them.
    """
    years = tuple(Link(str(year), f"{listing.column.id}/{year}/") for year in listing.years)
    return [*_list_pages(listing.column, introduction, years, groups), *_year_pages(listing, years)]


def _list_pages(
    column: Column, introduction: Page | None, years: tuple[Link, ...], groups: tuple[Group, ...]
) -> Iterator[ListPage]:
    portions = _portions(groups)
    for number, here in enumerate(portions, 1):
        lead = introduction if number == 1 else None
        items = [item for group in here for item in group.items]
        yield ListPage(
            template="list.html",
            title=column.title,
            source=f"{column.id}/index.md" if number == 1 else f"{column.id}/page/{number}.md",
            body=lead.body if lead else "",
            description=column.description,
            breadcrumbs=() if number == 1 else (Link(column.title, f"{column.id}/"),),
            modified=_newest(items, lead),
            banner=lead.banner if lead else None,
            column=column,
            groups=here,
            number=number,
            years=years,
            pager=tuple(_pager(column, number, len(portions))),
            lead=lead,
        )


def _portions(groups: tuple[Group, ...]) -> list[tuple[Group, ...]]:
    """Divide a list into pages; a group that goes on has its heading on the next page, too."""
    every = [(group.phase, item) for group in groups for item in group.items]
    pages = [every[i : i + PAGE_SIZE] for i in range(0, len(every), PAGE_SIZE)] or [[]]
    return [
        tuple(Group(phase, tuple(item for _phase, item in found)) for phase, found in groupby(page, itemgetter(0)))
        for page in pages
    ]


def _pager(column: Column, here: int, last: int) -> Iterator[Link | None]:
    """Yield links to the first, the last and nearby pages, with None for gaps, so that long lists stay readable."""
    near = range(max(1, here - _PAGER_RADIUS), min(last, here + _PAGER_RADIUS) + 1)
    before = 0
    for number in sorted({1, last, *near}) if last > 1 else ():
        if number > before + 1:
            yield None
        yield Link(str(number), _list_url(column, number))
        before = number


def _year_pages(listing: ColumnListing, years: tuple[Link, ...]) -> Iterator[ListPage]:
    column = listing.column
    for year, items in listing.years.items():
        yield ListPage(
            template="list.html",
            title=f"{column.title} · {year}",
            source=f"{column.id}/{year}.md",
            breadcrumbs=(Link(column.title, f"{column.id}/"),),
            modified=_newest(items, None),
            column=column,
            groups=(Group(None, tuple(items)),),
            years=years,
            year=year,
        )


def _list_url(column: Column, number: int) -> str:
    return f"{column.id}/" if number == 1 else f"{column.id}/page/{number}/"


def _newest(items: list[ListItem], introduction: Page | None) -> datetime | None:
    return latest([*(item.public.changed for item in items), introduction.modified if introduction else None])


def latest(dates: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of some times, or None if there is none.

    Args:
        dates: times; None is skipped.
    """
    return max((moment for moment in dates if moment), default=None)


def format_date(value: date | datetime, zone: tzinfo) -> str:
    """Format a date as pages show it: `YYYY-MM-DD`, with `HH:MM` if a time is given.

    Args:
        value: a day or a time.
        zone: the site's time zone.
    """
    if isinstance(value, datetime):
        return common_dates.starts_at(value, zone).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


def format_event_dates(event: Event, zone: tzinfo) -> str:
    """Format start and end of an event; if both are on one day, that day is given once.

    Args:
        event: the event.
        zone: the site's time zone.
    """
    begin = format_date(event.start, zone)
    if event.end is None or format_date(event.end, zone) == begin:
        return begin
    end = format_date(event.end, zone)
    if begin[:10] == end[:10] and len(begin) == len(end):
        return f"{begin}–{end[11:]}"
    return f"{begin} – {end}"
