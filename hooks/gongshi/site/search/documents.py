"""The search documents of entries and standing pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter_declaration import listed
from gongshi.domain.content.paths import url_path
from gongshi.site import publication_order
from gongshi.site.pages.models import EntryPage
from gongshi.site.search.index import IndexedPage, SearchDocument


def search_document(view: EntryPage, text: str, policy: Policy) -> SearchDocument:
    """Return the search document of an entry or standing page.

    Args:
        view: the page.
        text: its body as plain text.
        policy: the unit.
    """
    meta = view.meta
    document, event = (meta.document, meta.event) if meta else (None, None)
    other_texts = [
        *(getattr(document, key) or "" for key in ("number", "index", "issuer", "topic") if document),
        *(getattr(event, key) or "" for key in ("place", "organizer", "contact") if event),
        *(download.title for download in view.attachments),
        view.origin or "",
        *(text for _name, _key, text in (listed(meta, lambda key: key.in_search) if meta else ())),
    ]
    return SearchDocument(
        url=quote(url_path(view.source)),
        title=view.title,
        text=" ".join([view.description or "", text, *other_texts]),
        column=_column_title(view, policy),
        day=view.day,
        tags=tuple(link.title for link in view.tags),
        expired=view.expired,
    )


def indexed_page(view: EntryPage, policy: Policy, size: int, digest: str, load: Callable[[], bytes]) -> IndexedPage:
    """Return the index entry of a page whose words are in the build cache.

    Args:
        view: the page.
        policy: the unit.
        size: length of the cached words in bytes.
        digest: their SHA-256 in hex.
        load: returns the cached words, as `tokenize_document` made them.
    """
    written = view.meta.date if view.meta else None
    since = view.public.since if view.public else None
    return IndexedPage(
        url=quote(url_path(view.source)),
        title=view.title,
        column=_column_title(view, policy),
        day=view.day,
        tags=tuple(link.title for link in view.tags),
        expired=view.expired,
        size=size,
        digest=digest,
        load=load,
        published=publication_order.published(view.day, written, since, policy.zone),
    )


def _column_title(view: EntryPage, policy: Policy) -> str:
    column = policy.column_of(view.source)
    return column.title if column else ""
