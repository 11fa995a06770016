"""What the search is given of each page."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from gongshi.domain import moment
from gongshi.domain.naming import address_of
from gongshi.domain.policy import Policy
from gongshi.outputs.search import Record
from gongshi.outputs.searchtext import plain
from gongshi.outputs.views import EntryView


def record_of(view: EntryView, html: str, policy: Policy) -> Record:
    """An entry or standing page as the search knows it.

    Args:
        view: the page.
        html: its text as HTML.
        policy: the unit.
    """
    meta = view.meta
    column = policy.column_of(view.source)
    document, event = (meta.document, meta.event) if meta else (None, None)
    others = [
        *(getattr(document, key) or "" for key in ("number", "index", "issuer", "topic") if document),
        *(getattr(event, key) or "" for key in ("place", "organizer", "contact") if event),
        *(download.title for download in view.attachments),
        view.origin or "",
    ]
    date = meta.date if meta else None
    if isinstance(date, datetime):
        date = moment.start(date, policy.zone).astimezone(policy.zone).date()
    return Record(
        url=quote(address_of(view.source)),
        title=view.title,
        text=" ".join([view.description or "", plain(html), *others]),
        column=column.title if column else "",
        day=date,
        tags=tuple(link.title for link in view.tags),
        expired=view.expired,
    )
