"""The tags in a page's head, by the kind of page: for inspections, search engines and those who share it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongshi.domain.config.policy import Policy
from gongshi.site.metadata import json_ld as metadata_json_ld
from gongshi.site.metadata.formats import host_of, one_line, stamp
from gongshi.site.metadata.json_ld import absolute, address_of_view
from gongshi.site.pages.models import EntryView, Link, ListView

_Pair = tuple[str, str | None]

_LOCALES = {"zh": "zh_CN", "en": "en_US"}
_UNSAFE = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Head:
    """The tags of one page; every text is as it is meant, to be escaped where it is written into the page."""

    meta: tuple[tuple[str, str], ...]
    """`<meta name content>`, after the guideline for government sites (国办发〔2017〕47号)."""
    properties: tuple[tuple[str, str], ...]
    """`<meta property content>`, after the Open Graph protocol."""
    data: tuple[dict[str, Any], ...]
    """Statements in the words of schema.org, each for `json_ld`."""


def home_head(policy: Policy, site: str, description: str | None = None, logo: str | None = None) -> Head:
    """The tags of the home page.

    Args:
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
        description: what the page is about.
        logo: the address of the unit's logo, relative to the site and quoted.
    """
    return Head(
        _texts([*_site(policy, site), ("Description", description)]),
        _graph("website", policy.unit.name, policy, site, "", description, logo),
        (metadata_json_ld.organization(policy, site, logo),),
    )


def list_head(view: ListView, policy: Policy, site: str) -> Head:
    """The tags of a column's list, one of its pages, or one of its years.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
    """
    address = address_of_view(view)
    # Every page of the list bears the column's name: the way to it ends at the column.
    here = () if view.trail and view.year is None else (Link(view.title, address),)
    return Head(
        _texts([*_site(policy, site), *_column(view.source, policy)]),
        _graph("website", view.title, policy, site, address, view.description),
        _statements(metadata_json_ld.breadcrumb((*view.trail, *here), policy, site)),
    )


def entry_head(
    view: EntryView,
    policy: Policy,
    site: str,
    published: datetime | None,
    modified: datetime | None,
    tags: Sequence[str] = (),
    author: str | None = None,
    image: str | None = None,
) -> Head:
    """The tags of an entry.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
        published: when it first came before the public; None for a draft in the preview, which gets no `PubDate`.
        modified: when it came before the public as it is now.
        tags: its tags.
        author: the name of the person who wrote it, where the unit wants it named.
        image: the address of its picture, relative to the site and quoted.
    """
    address = address_of_view(view)
    column = policy.column_of(view.source)
    tagged = [*(("article:tag", tag) for tag in tags), ("article:section", column.title if column else None)]
    return Head(
        _texts([*_site(policy, site), *_column(view.source, policy), *_article(view, policy, site, published),
                ("Keywords", ",".join(tags)), ("Author", author), ("Image", absolute(site, image))]),
        _graph("article", view.title, policy, site, address, view.description, image)
        + _texts([*_times(published, modified, policy), *tagged]),
        _statements(
            metadata_json_ld.article(view, policy, site, published, modified, tags, author, image),
            metadata_json_ld.event(view, policy, site, image),
            metadata_json_ld.breadcrumb((*view.trail, Link(view.title, address)), policy, site),
        ),
    )  # fmt: skip


def page_head(
    view: EntryView, policy: Policy, site: str, published: datetime | None = None, modified: datetime | None = None
) -> Head:
    """The tags of a standing page.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
        published: when it first came before the public.
        modified: when it came before the public as it is now.
    """
    address = address_of_view(view)
    return Head(
        _texts([*_site(policy, site), *_article(view, policy, site, published)]),
        _graph("article", view.title, policy, site, address, view.description)
        + _texts(_times(published, modified, policy)),
        _statements(
            metadata_json_ld.article(view, policy, site, published, modified),
            metadata_json_ld.event(view, policy, site),
            metadata_json_ld.breadcrumb((*view.trail, Link(view.title, address)), policy, site),
        ),
    )


def plain_head(title: str, policy: Policy, site: str, address: str) -> Head:
    """The tags of a page that belongs to no entry: the search, a tag, the site map, a notice.

    Args:
        title: the page's title.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty where none is configured.
        address: the page's address, relative to the site and quoted.
    """
    return Head(
        _texts(_site(policy, site)),
        _graph("website", title, policy, site, address),
        _statements(metadata_json_ld.breadcrumb((Link(title, address),), policy, site)),
    )


def json_ld(data: dict[str, Any]) -> str:
    r"""A statement as JSON that can stand inside `<script type="application/ld+json">` as it is.

    Args:
        data: the statement; `<`, `>`, `&` and line separators are written as `\uXXXX`, so no text ends the script.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _site(policy: Policy, site: str) -> list[_Pair]:
    unit = policy.unit
    return [("SiteName", unit.name), ("SiteDomain", unit.domain or host_of(site)), ("SiteIDCode", unit.id_code)]


def _column(source: str, policy: Policy) -> list[_Pair]:
    """Sites in use repeat the column's name as its type."""
    column = policy.column_of(source)
    if column is None:
        return []
    return [
        ("ColumnName", column.title),
        ("ColumnDescription", column.description),
        ("ColumnKeywords", column.keywords),
        ("ColumnType", column.title),
    ]


def _article(view: EntryView, policy: Policy, site: str, published: datetime | None) -> list[_Pair]:
    return [
        ("ArticleTitle", view.title),
        ("PubDate", published.astimezone(policy.zone).strftime("%Y-%m-%d %H:%M") if published else None),
        ("ContentSource", view.origin or policy.unit.name),
        ("Description", view.description),
        ("Url", absolute(site, address_of_view(view))),
    ]


def _graph(
    kind: str,
    title: str,
    policy: Policy,
    site: str,
    address: str,
    description: str | None = None,
    image: str | None = None,
) -> tuple[tuple[str, str], ...]:
    return _texts(
        [
            ("og:type", kind),
            ("og:title", title),
            ("og:url", absolute(site, address)),
            ("og:site_name", policy.unit.name),
            ("og:locale", _LOCALES.get(policy.language)),
            ("og:description", description),
            ("og:image", absolute(site, image)),
        ]
    )


def _times(published: datetime | None, modified: datetime | None, policy: Policy) -> list[_Pair]:
    return [
        (name, stamp(at, policy.zone) if at else None)
        for name, at in (("article:published_time", published), ("article:modified_time", modified))
    ]


def _texts(pairs: Iterable[_Pair]) -> tuple[tuple[str, str], ...]:
    """The pairs whose text says something, on one line."""
    return tuple((name, text) for name, value in pairs if value and (text := one_line(value)))


def _statements(*data: dict[str, Any] | None) -> tuple[dict[str, Any], ...]:
    return tuple(statement for statement in data if statement)
