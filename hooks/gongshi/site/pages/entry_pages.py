"""Pages of entries and standing pages, from the approved version or from a draft in the preview."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from gongshi.common.characters import without_noncharacters
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import Attachment
from gongshi.domain.content.paths import PageKind, kind_of, parent_dir
from gongshi.domain.content.version import Version
from gongshi.domain.review.status import NoticePhase, PublicForm, PublicState
from gongshi.site import publication_order
from gongshi.site.pages.models import (
    Banner,
    Download,
    EntryPage,
    Link,
    NoticePage,
    Page,
    format_date,
    format_event_dates,
)

_MAX_TYPE_LENGTH = 5
"""Longest file name extension that is shown as a file type."""


def public_page(path: str, public: PublicState, policy: Policy) -> Page:
    """Return the page at an entry's address: the entry itself, or a notice that it expired or was withdrawn.

    Args:
        path: the Markdown file, relative to `docs/`.
        public: the public state of the entry.
        policy: the unit's policy.
    """
    if public.form is PublicForm.PAGE and public.version:
        return version_page(
            public.version,
            policy,
            expired=public.expired,
            notice=public.notice,
            modified=public.changed,
            public=public,
        )
    if public.form is PublicForm.EXPIRED and public.version:
        expires = public.version.meta.expires_at
        return NoticePage(
            template="notice.html",
            kind="expired",
            title=public.version.meta.title,
            source=path,
            lang=public.version.meta.lang,
            breadcrumbs=_trail(path, policy),
            date=format_date(expires, policy.zone) if expires else None,
        )
    decision = public.withdrawal
    has_record = decision is not None and decision.reason is not None
    return NoticePage(
        template="notice.html",
        kind="withdrawn",
        title="",
        source=path,
        breadcrumbs=_trail(path, policy),
        date=decision.at.astimezone(policy.zone).date().isoformat() if decision and has_record else None,
        reason=decision.reason if decision else None,
    )


def version_page(
    version: Version,
    policy: Policy,
    expired: bool = False,
    notice: NoticePhase | None = None,
    public: PublicState | None = None,
    **rest: Any,
) -> EntryPage:
    """Return the page of a version.

    Args:
        version: an approved version, or a draft in the preview.
        policy: the unit's policy.
        expired: True to label the page as expired.
        notice: the state of its public notice (公示), if it is one.
        public: the public state of the entry; None for a draft in the preview.
        rest: other fields of the page.
    """
    meta, zone = version.meta, policy.zone
    is_entry = kind_of(version.path, policy.columns) is PageKind.ENTRY
    days = meta.public_notice
    event = meta.event
    # A standing page has no date of its own accord.
    shown = publication_order.shown_date(meta, public.since if public else None, zone) if is_entry else meta.date
    return EntryPage(
        template="entry.html" if is_entry else "page.html",
        title=without_noncharacters(meta.title),
        source=version.path,
        body=version.manuscript.body,
        description=without_noncharacters(meta.summary) if meta.summary else None,
        breadcrumbs=_trail(version.path, policy),
        date=format_date(shown, zone) if shown else None,
        day=publication_order.day_of(shown, zone) if shown else None,
        origin=meta.source or (policy.unit.name if is_entry else None),
        document=meta.document,
        event=event,
        when=format_event_dates(event, zone) if event else "",
        notice=notice.value if notice else None,
        notice_days=(days.first.isoformat(), days.last.isoformat()) if days else None,
        expired=expired,
        attachments=tuple(_download(attachment, version.path) for attachment in meta.attachments),
        public=public,
        meta=meta,
        lang=meta.lang,
        **rest,
    )


def _download(attachment: Attachment, path: str) -> Download:
    kind = attachment.file.rpartition(".")[2].upper() if "." in attachment.file else ""
    return Download(
        attachment.title, quote(parent_dir(path) + attachment.file), kind if len(kind) <= _MAX_TYPE_LENGTH else ""
    )


def broken_view(path: str, banner: Banner, policy: Policy) -> Page:
    """Return the preview page that stands in for a file that cannot be read.

    Args:
        path: the Markdown file, relative to `docs/`.
        banner: the reason, shown on the page.
        policy: the unit's policy.
    """
    return Page(template="broken.html", title=path, source=path, breadcrumbs=_trail(path, policy), banner=banner)


def _trail(path: str, policy: Policy) -> tuple[Link, ...]:
    column = policy.column_of(path)
    if column is None or kind_of(path, policy.columns) is not PageKind.ENTRY:
        return ()
    return (Link(column.title, f"{column.id}/"),)
