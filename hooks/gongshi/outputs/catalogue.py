"""The published entries in order: newest first, by column, by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from gongshi.domain import moment
from gongshi.domain.naming import Kind, address_of, kind_of
from gongshi.domain.policy import Column, Policy
from gongshi.domain.publication import Form, Public
from gongshi.domain.version import Version

PAGE_SIZE = 20
NEWEST = 8


@dataclass(frozen=True)
class Item:
    """One published entry as lists show it."""

    path: str
    title: str
    day: date
    """The day of `date` in the site's time zone."""
    instant: datetime
    pinned: bool
    public: Public

    @property
    def in_public(self) -> bool:
        """False for a draft in the preview."""
        return self.public.approved is not None

    @property
    def url(self) -> str:
        """The address relative to the site, quoted."""
        return quote(address_of(self.path))


@dataclass(frozen=True)
class Shelf:
    """The published entries of one column."""

    column: Column
    items: tuple[Item, ...]
    """Newest first, without regard to pins."""

    @property
    def listed(self) -> list[Item]:
        """In the order of the column's list: pinned ones first."""
        return sorted(self.items, key=lambda item: not item.pinned)

    @property
    def pages(self) -> list[list[Item]]:
        """The list in portions; one empty portion where nothing is published."""
        listed = self.listed
        return [listed[i : i + PAGE_SIZE] for i in range(0, len(listed), PAGE_SIZE)] or [[]]

    @property
    def years(self) -> dict[int, list[Item]]:
        """The entries of each year, newest first."""
        grouped: dict[int, list[Item]] = {}
        for item in self.items:
            grouped.setdefault(item.day.year, []).append(item)
        return grouped


def shelves(shown: Iterable[tuple[str, Public]], policy: Policy) -> Mapping[str, Shelf]:
    """The entries by column id; notices are no entries.

    Args:
        shown: what is public, by path.
        policy: the unit's columns.
    """
    items: dict[str, list[Item]] = {id: [] for id in policy.columns}
    for path, public in shown:
        if public.form is Form.PAGE and public.version and kind_of(path, policy.columns) is Kind.ENTRY:
            items[path.split("/")[0]].append(_item(path, public, public.version, policy))
    return {
        id: Shelf(policy.columns[id], tuple(sorted(found, key=lambda item: (item.instant, item.path), reverse=True)))
        for id, found in items.items()
    }


def _item(path: str, public: Public, version: Version, policy: Policy) -> Item:
    assert version.meta.date is not None
    instant = moment.start(version.meta.date, policy.zone)
    return Item(path, version.meta.title, instant.astimezone(policy.zone).date(), instant, version.meta.pinned, public)
