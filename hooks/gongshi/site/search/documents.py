"""What the search is given of each page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import quote

from gongshi.common import dates
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.paths import address_of
from gongshi.site.pages.models import EntryView
from gongshi.site.search.index import Leaf, Record


def record_of(view: EntryView, words: str, policy: Policy) -> Record:
    """An entry or standing page as the search knows it.

    Args:
        view: the page.
        words: what its text says, without HTML.
        policy: the unit.
    """
    meta = view.meta
    document, event = (meta.document, meta.event) if meta else (None, None)
    others = [
        *(getattr(document, key) or "" for key in ("number", "index", "issuer", "topic") if document),
        *(getattr(event, key) or "" for key in ("place", "organizer", "contact") if event),
        *(download.title for download in view.attachments),
        view.origin or "",
    ]
    return Record(
        url=quote(address_of(view.source)),
        title=view.title,
        text=" ".join([view.description or "", words, *others]),
        column=_column(view, policy),
        day=_day(view, policy),
        tags=tuple(link.title for link in view.tags),
        expired=view.expired,
    )


def leaf_of(view: EntryView, policy: Policy, size: int, digest: str, load: Callable[[], bytes]) -> Leaf:
    """The same page where the words of its text were kept.

    Args:
        view: the page.
        policy: the unit.
        size: bytes of what was kept.
        digest: its SHA-256.
        load: gives it.
    """
    return Leaf(
        url=quote(address_of(view.source)),
        title=view.title,
        column=_column(view, policy),
        day=_day(view, policy),
        tags=tuple(link.title for link in view.tags),
        expired=view.expired,
        size=size,
        digest=digest,
        load=load,
    )


def _column(view: EntryView, policy: Policy) -> str:
    column = policy.column_of(view.source)
    return column.title if column else ""


def _day(view: EntryView, policy: Policy) -> date | None:
    shown = view.meta.date if view.meta else None
    if isinstance(shown, datetime):
        return dates.start(shown, policy.zone).astimezone(policy.zone).date()
    return shown
