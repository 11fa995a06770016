"""Structured data of pages in the vocabulary of schema.org, to be written as JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from urllib.parse import quote

from gongshi.common import dates
from gongshi.domain.config import unit_kinds
from gongshi.domain.config.policy import Policy, Unit
from gongshi.domain.content.paths import url_path
from gongshi.i18n import translations
from gongshi.site.metadata.formats import is_absolute, one_line, rfc3339
from gongshi.site.metadata.opening_hours import opening_hours
from gongshi.site.pages.models import EntryPage, Link, Page

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
"""The unified social credit code (GB 32100)."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def absolute(site: str, address: str | None) -> str | None:
    """Return an absolute address, or None if the site or the address is missing.

    Args:
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        address: relative to the site and quoted.
    """
    return site + address if address is not None and is_absolute(site) else None


def address_of_view(view: Page) -> str:
    """Return a page's address, relative to the site and quoted."""
    return quote(url_path(view.source))


def organization(policy: Policy, site: str, logo: str | None) -> dict[str, Any]:
    """Describe the unit.

    Args:
        policy: the unit.
        site: the site's absolute base address.
        logo: address of its logo, relative to the site.
    """
    unit = policy.unit
    hours = opening_hours(unit.hours) if unit.hours and unit_kinds.of(unit.kind).has_hours else None
    return _with_context(
        {
            **_publisher(policy, site),
            "alternateName": unit.short_name,
            "address": {"@type": "PostalAddress", "streetAddress": unit.address} if unit.address else None,
            "telephone": unit.phone,
            "email": unit.email,
            "openingHours": hours,
            "description": unit.hours if hours is None else None,
            "identifier": _identifiers(unit),
            "logo": absolute(site, logo),
        }
    )


def _identifiers(unit: Unit) -> list[dict[str, str]]:
    code = unit.catalogue_code
    name = "unified-social-credit-code" if code and _CREDIT_CODE.fullmatch(code) else "catalogue-code"
    return [
        {"@type": "PropertyValue", "propertyID": key, "value": value}
        for key, value in ((name, code), ("site-id-code", unit.id_code))
        if value
    ]


def _publisher(policy: Policy, site: str) -> dict[str, Any]:
    kind = policy.unit.kind
    return {
        "@type": kind if unit_kinds.of(kind).is_organization else [kind, "Organization"],
        "@id": absolute(site, "#unit"),
        "name": policy.unit.name,
        "url": absolute(site, ""),
    }


def article(
    view: EntryPage,
    policy: Policy,
    site: str,
    published: datetime | None,
    modified: datetime | None,
    tags: Sequence[str] = (),
    image: str | None = None,
) -> dict[str, Any]:
    """Describe the text of a page: `NewsArticle` in activity columns, `Article` in others, else `WebPage`.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address.
        published: time of its first publication.
        modified: time when its present version was published.
        tags: its tags.
        image: address of its picture, relative to the site.
    """
    column = policy.column_of(view.source)
    kind = "WebPage" if column is None else "NewsArticle" if column.kind == "activity" else "Article"
    url = absolute(site, address_of_view(view))
    expired = translations(policy.language).gettext("No longer valid")
    return _with_context(
        {
            "@type": kind,
            "@id": url and url + "#text",
            "headline": view.title,
            "description": view.description,
            "url": url,
            "inLanguage": view.lang or policy.language,
            "datePublished": rfc3339(published, policy.zone) if published else None,
            "dateModified": rfc3339(modified, policy.zone) if modified else None,
            "author": {"@type": "Organization", "name": view.origin},
            "publisher": _publisher(policy, site),
            "articleSection": column.title if column else None,
            "keywords": list(tags),
            "image": absolute(site, image),
            "identifier": view.document.number if view.document else None,
            "creativeWorkStatus": expired if view.expired else None,
        }
    )


def event(view: EntryPage, policy: Policy, site: str, image: str | None = None) -> dict[str, Any] | None:
    """Describe the activity that an entry announces or reports; None if there is none.

    Args:
        view: the page.
        policy: the unit.
        site: the site's absolute base address.
        image: address of its picture, relative to the site.
    """
    activity, zone = view.event, policy.zone
    if activity is None:
        return None
    starts_at, end = dates.starts_at(activity.start, zone), activity.end
    url = absolute(site, address_of_view(view))
    return _with_context(
        {
            "@type": "Event",
            "@id": url and url + "#event",
            "name": view.title,
            "description": view.description,
            "startDate": _iso(activity.start, zone),
            "endDate": _iso(end, zone) if end and dates.ends_at(end, zone) > starts_at else None,
            "eventStatus": "https://schema.org/EventScheduled",
            "location": {"@type": "Place", "name": activity.place} if activity.place else None,
            "organizer": {"@type": "Organization", "name": activity.organizer} if activity.organizer else None,
            "url": url,
            "image": absolute(site, image),
            "inLanguage": view.lang or policy.language,
        }
    )


def _iso(value: date | datetime, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return rfc3339(dates.starts_at(value, zone), zone)
    return value.isoformat()


def breadcrumb(trail: Sequence[Link], policy: Policy, site: str) -> dict[str, Any] | None:
    """Describe the path from the home page to a page; None if the site has no absolute address.

    Args:
        trail: the pages below the home page; the described one is last.
        policy: the unit.
        site: the site's absolute base address.
    """
    if not is_absolute(site):
        return None
    home = Link(translations(policy.language).gettext("Home"), "")
    steps = [
        {"@type": "ListItem", "position": position, "name": link.title, "item": site + link.url}
        for position, link in enumerate((home, *trail), 1)
    ]
    return _with_context({"@type": "BreadcrumbList", "itemListElement": steps})


def _with_context(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"@context": "https://schema.org", **_without_empty(values)}


def _without_empty(value: Any) -> Any:
    """Return the value with its texts on one line, without empty parts and without objects that only have a type."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        kept = {name: found for name, item in value.items() if (found := _without_empty(item)) not in _EMPTY}
        return kept if kept.keys() - {"@type"} else {}
    if isinstance(value, list | tuple):
        return [item for item in map(_without_empty, value) if item not in _EMPTY]
    return value
