"""Atom feeds of the newest entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from functools import partial
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension
from feedgen.feed import FeedGenerator

from gongshi.common.languages import is_right_to_left
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.paths import parent_dir
from gongshi.site import publication_order
from gongshi.site.metadata.formats import is_absolute, one_line
from gongshi.site.pages.listings import ListItem

MAX_ENTRIES = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""Time of the last change of a feed without entries."""


def feed(title: str, items: Sequence[ListItem], policy: Policy, site: str, address: str) -> bytes | None:
    """Return an Atom feed of the entries published last, newest first (RFC 4287).

    Args:
        title: title of the feed.
        items: entries to choose from; drafts of a preview are left out.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        address: address of the feed, relative to the site and quoted, such as `feed.xml`.

    Returns:
        None if the site has no absolute address: Atom requires absolute addresses.
    """
    if not is_absolute(site):
        return None
    newest = _newest(items)
    generator = FeedGenerator()
    generator.id(site + address)
    generator.title(one_line(title) or site)
    generator.updated(
        max((changed for _published_at, changed, _item in newest), default=_EPOCH).astimezone(timezone.utc)
    )
    generator.link(href=site + address, rel="self", type="application/atom+xml")
    generator.link(href=site + parent_dir(address), rel="alternate", type="text/html")
    generator.author(name=one_line(policy.unit.name) or site, uri=site)
    generator.generator("Gongshi")
    generator.language(policy.language)
    for published_at, changed, item in newest:
        generator.add_entry(_entry(item, published_at, changed, policy, site), order="append")
    content: bytes = generator.atom_str(pretty=True)
    return content


def _newest(items: Sequence[ListItem]) -> list[tuple[datetime, datetime, ListItem]]:
    """Return the published entries, newest first, with the times of their first and their last publication."""
    dated = [
        (since, changed, item) for item in items if (since := item.public.since) and (changed := item.public.changed)
    ]
    ordered = publication_order.newest_first(dated, lambda each: (0, each[0].timestamp()), lambda each: each[2].number)
    return ordered[:MAX_ENTRIES]


def _entry(item: ListItem, published_at: datetime, changed: datetime, policy: Policy, site: str) -> FeedEntry:
    assert item.public.version is not None
    meta = item.public.version.meta
    url = site + item.url
    entry = FeedEntry()
    if meta.lang:
        entry.register_extension("language", partial(_EntryLanguage, meta.lang), rss=False)
    entry.id(url)
    entry.title(_directed(one_line(item.title), meta.lang) or url)
    entry.link(href=url, rel="alternate", type="text/html")
    entry.published(published_at.astimezone(timezone.utc))
    entry.updated(changed.astimezone(timezone.utc))
    entry.author(name=one_line(meta.source or policy.unit.name) or site)
    if summary := one_line(meta.summary or ""):
        entry.summary(_directed(summary, meta.lang), type="text")
    for term in _terms(item, policy):
        entry.category(term=term)
    return entry


class _EntryLanguage(BaseEntryExtension):  # type: ignore[misc]
    """Extension of feedgen that writes the language of an entry."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def extend_atom(self, entry: Any) -> Any:
        """Write `xml:lang` (RFC 4287, 2) on the element of the entry."""
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", self._lang)
        return entry


def _directed(text: str, lang: str | None) -> str:
    """Return a text with its direction: Atom has no attribute for it, so isolates (U+2067, U+2069) enclose the text.

    Feed readers show isolates right in plain text (Unicode Standard Annex 9); of HTML in titles, many show the tags.
    """
    return f"\u2067{text}\u2069" if text and is_right_to_left(lang) else text


def _terms(item: ListItem, policy: Policy) -> Iterator[str]:
    """Yield the title of the column and the tags, each once."""
    assert item.public.version is not None
    column = policy.column_of(item.path)
    terms = (*((column.title,) if column else ()), *item.public.version.meta.tags)
    yield from dict.fromkeys(term for term in map(one_line, terms) if term)
