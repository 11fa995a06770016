"""Atom feeds of the newest entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.paths import folder_of
from gongshi.site.metadata.formats import is_absolute, one_line
from gongshi.site.pages.listings import Item

NEWEST = 30
_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""The last change of a feed in which nothing ever stood."""


def feed(title: str, items: Sequence[Item], policy: Policy, site: str, address: str) -> bytes | None:
    """An Atom feed of the entries that came before the public last, newest first (RFC 4287).

    Args:
        title: what the feed is called.
        items: the entries to choose from; drafts in the preview are left out.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
        address: where the feed lies, relative to the site and quoted: `feed.xml`.

    Returns:
        None where the site has no absolute address: an Atom feed names none but such.
    """
    if not is_absolute(site):
        return None
    newest = _newest(items)
    made = FeedGenerator()
    made.id(site + address)
    made.title(one_line(title) or site)
    made.updated(max((changed for _at, changed, _item in newest), default=_NEVER).astimezone(timezone.utc))
    made.link(href=site + address, rel="self", type="application/atom+xml")
    made.link(href=site + folder_of(address), rel="alternate", type="text/html")
    made.author(name=one_line(policy.unit.name) or site, uri=site)
    made.generator("Gongshi")
    made.language(policy.language)
    for at, changed, item in newest:
        made.add_entry(_entry(item, at, changed, policy, site), order="append")
    content: bytes = made.atom_str(pretty=True)
    return content


def _newest(items: Sequence[Item]) -> list[tuple[datetime, datetime, Item]]:
    """The entries with when they came before the public, first and as they are now."""
    public = [(at, changed, item) for item in items if (at := item.public.since) and (changed := item.public.changed)]
    return sorted(public, key=lambda dated: (dated[0], dated[2].path), reverse=True)[:NEWEST]


def _entry(item: Item, at: datetime, changed: datetime, policy: Policy, site: str) -> FeedEntry:
    assert item.public.version is not None
    meta = item.public.version.meta
    url = site + item.url
    entry = FeedEntry()
    entry.id(url)
    entry.title(one_line(item.title) or url)
    entry.link(href=url, rel="alternate", type="text/html")
    entry.published(at.astimezone(timezone.utc))
    entry.updated(changed.astimezone(timezone.utc))
    entry.author(name=one_line(meta.source or policy.unit.name) or site)
    if summary := one_line(meta.summary or ""):
        entry.summary(summary, type="text")
    for term in _terms(item, policy):
        entry.category(term=term)
    return entry


def _terms(item: Item, policy: Policy) -> Iterator[str]:
    """The title of the column and the tags, each once."""
    assert item.public.version is not None
    column = policy.column_of(item.path)
    terms = (*((column.title,) if column else ()), *item.public.version.meta.tags)
    yield from dict.fromkeys(term for term in map(one_line, terms) if term)
