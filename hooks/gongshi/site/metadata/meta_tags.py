"""Tags in the head of a page, by the kind of page: for inspections, search engines and link previews."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongshi.domain.config.policy import Policy
from gongshi.site.metadata import json_ld as schema_org
from gongshi.site.metadata.formats import host_of, one_line, rfc3339
from gongshi.site.metadata.json_ld import absolute, address_of_view
from gongshi.site.pages.models import EntryPage, Link, ListPage

_Pair = tuple[str, str | None]

_TERRITORIES = dict(
    pair.split("_")
    for pair in """
    ar_AR bo_CN de_DE en_US es_ES fa_IR fr_FR he_IL hi_IN id_ID ii_CN it_IT ja_JP kk_KZ kk-Arab_CN ko_KR ky_KG
    ky-Arab_CN mn_MN mn-Mong_CN my_MM ne_NP pt_BR ru_RU tg_TJ th_TH tr_TR ug_CN ur_PK uz_UZ vi_VN za_CN zh_CN
    zh-Hans_CN zh-Hant_TW
    """.split()  # noqa: SIM905
)
"""The territory that Open Graph names with a language, where the language tag names none."""
_UNSAFE = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class HeadTags:
    """The tags of one page. Texts are not escaped; templates escape them."""

    meta: tuple[tuple[str, str], ...]
    """`<meta name content>` after the guideline for government sites (国办发〔2017〕47号)."""
    properties: tuple[tuple[str, str], ...]
    """`<meta property content>` after the Open Graph protocol."""
    data: tuple[dict[str, Any], ...]
    """Structured data of schema.org; each is passed to `json_ld`."""


def home_head(policy: Policy, site: str, description: str | None = None, logo: str | None = None) -> HeadTags:
    """Return the tags of the home page.

    Args:
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        description: summary of the page.
        logo: address of the unit's logo, relative to the site and quoted.
    """
    return HeadTags(
        _non_empty([*_site_tags(policy, site), ("Description", description)]),
        _open_graph("website", policy.unit.name, policy, site, "", description, logo),
        (schema_org.organization(policy, site, logo),),
    )


def list_head(view: ListPage, policy: Policy, site: str) -> HeadTags:
    """Return the tags of the list of a column or of one year of it.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
    """
    address = address_of_view(view)
    # All pages of a list have the column's title: the path ends at the column.
    last = () if view.breadcrumbs and view.year is None else (Link(view.title, address),)
    return HeadTags(
        _non_empty([*_site_tags(policy, site), *_column_tags(view.source, policy)]),
        _open_graph("website", view.title, policy, site, address, view.description),
        _present(schema_org.breadcrumb((*view.breadcrumbs, *last), policy, site)),
    )


def entry_head(
    view: EntryPage,
    policy: Policy,
    site: str,
    published: datetime | None,
    modified: datetime | None,
    tags: Sequence[str] = (),
    image: str | None = None,
) -> HeadTags:
    """Return the tags of an entry.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        published: time of its first publication; None for a draft in a preview, which gets no `PubDate`.
        modified: time when its present version was published.
        tags: its tags.
        image: address of its picture, relative to the site and quoted.
    """
    address = address_of_view(view)
    column = policy.column_of(view.source)
    article_tags = [*(("article:tag", tag) for tag in tags), ("article:section", column.title if column else None)]
    return HeadTags(
        _non_empty(
            [
                *_site_tags(policy, site),
                *_column_tags(view.source, policy),
                *_article_tags(view, policy, site, published),
                ("Keywords", ",".join(tags)),
                ("Image", absolute(site, image)),
            ]
        ),
        _open_graph("article", view.title, policy, site, address, view.description, image, view.lang)
        + _non_empty([*_time_tags(published, modified, policy), *article_tags]),
        _present(
            schema_org.article(view, policy, site, published, modified, tags, image),
            schema_org.event(view, policy, site, image),
            schema_org.breadcrumb((*view.breadcrumbs, Link(view.title, address)), policy, site),
        ),
    )


def page_head(
    view: EntryPage, policy: Policy, site: str, published: datetime | None = None, modified: datetime | None = None
) -> HeadTags:
    """Return the tags of a standing page.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        published: time of its first publication.
        modified: time when its present version was published.
    """
    address = address_of_view(view)
    return HeadTags(
        _non_empty([*_site_tags(policy, site), *_article_tags(view, policy, site, published)]),
        _open_graph("article", view.title, policy, site, address, view.description, lang=view.lang)
        + _non_empty(_time_tags(published, modified, policy)),
        _present(
            schema_org.article(view, policy, site, published, modified),
            schema_org.event(view, policy, site),
            schema_org.breadcrumb((*view.breadcrumbs, Link(view.title, address)), policy, site),
        ),
    )


def plain_head(title: str, policy: Policy, site: str, address: str) -> HeadTags:
    """Return the tags of a page without an entry: the search, a tag, the site map, a notice.

    Args:
        title: the page's title.
        policy: the unit.
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        address: the page's address, relative to the site and quoted.
    """
    return HeadTags(
        _non_empty(_site_tags(policy, site)),
        _open_graph("website", title, policy, site, address),
        _present(schema_org.breadcrumb((Link(title, address),), policy, site)),
    )


def json_ld(data: dict[str, Any]) -> str:
    r"""Return structured data as JSON for `<script type="application/ld+json">`.

    Args:
        data: structured data; `<`, `>`, `&` and line separators are written as `\uXXXX`, so no text ends the script.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _site_tags(policy: Policy, site: str) -> list[_Pair]:
    unit = policy.unit
    return [("SiteName", unit.name), ("SiteDomain", unit.domain or host_of(site)), ("SiteIDCode", unit.id_code)]


def _column_tags(source: str, policy: Policy) -> list[_Pair]:
    """Return the tags of the page's column; its title is also its type, as on other government sites."""
    column = policy.column_of(source)
    if column is None:
        return []
    return [
        ("ColumnName", column.title),
        ("ColumnDescription", column.description),
        ("ColumnKeywords", column.keywords),
        ("ColumnType", column.title),
    ]


def _article_tags(view: EntryPage, policy: Policy, site: str, published: datetime | None) -> list[_Pair]:
    return [
        ("ArticleTitle", view.title),
        ("PubDate", published.astimezone(policy.zone).strftime("%Y-%m-%d %H:%M") if published else None),
        ("ContentSource", view.origin or policy.unit.name),
        ("Description", view.description),
        ("Url", absolute(site, address_of_view(view))),
    ]


def _open_graph(
    kind: str,
    title: str,
    policy: Policy,
    site: str,
    address: str,
    description: str | None = None,
    image: str | None = None,
    lang: str | None = None,
) -> tuple[tuple[str, str], ...]:
    return _non_empty(
        [
            ("og:type", kind),
            ("og:title", title),
            ("og:url", absolute(site, address)),
            ("og:site_name", policy.unit.name),
            ("og:locale", _locale(lang or policy.language)),
            ("og:description", description),
            ("og:image", absolute(site, image)),
        ]
    )


def _locale(lang: str) -> str | None:
    """Return a language as Open Graph writes it, such as `ug_CN`; None if no territory is known for it."""
    language, *others = lang.split("-")
    script = [part for part in others if len(part) == 4 and part.isalpha()]
    territory = next((part for part in others if len(part) == 2), None)
    territory = territory or _TERRITORIES.get("-".join([language, *script])) or _TERRITORIES.get(language)
    return f"{language}_{territory}" if territory else None


def _time_tags(published: datetime | None, modified: datetime | None, policy: Policy) -> list[_Pair]:
    return [
        (name, rfc3339(at, policy.zone) if at else None)
        for name, at in (("article:published_time", published), ("article:modified_time", modified))
    ]


def _non_empty(pairs: Iterable[_Pair]) -> tuple[tuple[str, str], ...]:
    """Return the pairs that have a text, on one line."""
    return tuple((name, text) for name, value in pairs if value and (text := one_line(value)))


def _present(*data: dict[str, Any] | None) -> tuple[dict[str, Any], ...]:
    return tuple(each for each in data if each)
