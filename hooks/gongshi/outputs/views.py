"""What each page of the site shows, ready for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from gongshi.domain import moment
from gongshi.domain.frontmatter import Document, Event
from gongshi.domain.policy import Column, Policy
from gongshi.domain.publication import Public
from gongshi.outputs.catalogue import NEWEST, Item, Shelf


@dataclass(frozen=True)
class Link:
    """A link to a page or file of the site, its URL relative to the site and quoted."""

    title: str
    url: str


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
    when: tuple[str, ...] = ()
    """Start and end of the event in words."""
    notice: str | None = None
    """`coming`, `open` or `closed`."""
    notice_days: tuple[str, str] | None = None
    expired: bool = False
    attachments: tuple[Link, ...] = ()


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
    pager: tuple[Link, ...] = ()
    lead: View | None = None
    """The column's introduction, or the notice in its place."""


@dataclass(frozen=True)
class HomeView(View):
    """The home page."""

    shelves: tuple[tuple[Column, tuple[Item, ...]], ...] = ()
    lead: View | None = None
    """The root page, or the notice in its place."""


def home(lead: View | None, shelves: Mapping[str, Shelf], policy: Policy) -> HomeView:
    """The home page.

    Args:
        lead: the approved root page or the notice in its place, None where there is none.
        shelves: the published entries by column id.
        policy: the unit.
    """
    newest = tuple((shelf.column, tuple(shelf.listed[:NEWEST])) for shelf in shelves.values() if shelf.items)
    dates = [changed(item.public) for _column, items in newest for item in items]
    return HomeView(
        template="home.html",
        title=(lead and lead.title) or policy.unit.name,
        source="index.md",
        body=lead.body if lead else "",
        description=lead.description if lead else None,
        modified=_latest([*dates, lead.modified if lead else None]),
        shelves=newest,
        banner=lead.banner if lead else None,
        lead=lead,
    )


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
    pager = tuple(Link(str(number), _list_url(column, number)) for number in range(1, len(portions) + 1))
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
            pager=pager if len(portions) > 1 else (),
            lead=lead,
        )


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
    return _latest([*(changed(item.public) for item in items), introduction.modified if introduction else None])


def changed(public: Public) -> datetime | None:
    """When the present state of an entry was decided; None for a draft in the preview."""
    if public.approved is not None:
        return public.approved.decision.at
    return public.withdrawal.at if public.withdrawal else None


def _latest(dates: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in dates if moment), default=None)


def shown(value: date | datetime, zone: tzinfo) -> str:
    """A date as the page prints it: `YYYY-MM-DD`, with `HH:MM` where a time was given."""
    if isinstance(value, datetime):
        return moment.start(value, zone).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()
