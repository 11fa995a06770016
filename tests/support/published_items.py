"""Published entries without a repository: what feeds, calendars and tags are made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from gongshi.domain.config.policy import Column, Policy, Unit
from gongshi.domain.content import front_matter as content_front_matter
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review import timeline
from gongshi.domain.review.models import ApprovedVersion
from gongshi.domain.review.status import PublicForm, PublicState
from gongshi.site.pages import entry_pages, listings
from gongshi.site.pages.listings import ListItem
from gongshi.site.pages.models import EntryPage
from support.unit import front_matter

SITE = "https://www.unit.example/"
AT = "2026-11-03T10:00:00+08:00"
HOSTILE = "</script><script>alert(1)</script>\" ' & ]]>\r\nBEGIN:VEVENT\x00\x1b[2J\x85\u2028\u2029\ud800\ufffe \\;,"
"""What would end a tag, a script, a line or a document."""
TEXTS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60) | st.just(HOSTILE)
"""Any text, lone surrogates and control characters included."""


def policy(language: str = "en", zone: str = "Asia/Shanghai", **unit: Any) -> Policy:
    """A unit with two columns; `unit` are more facts about it."""
    columns = (
        Column("announcements", "Announcements", "announcement", "What we announce", "notice,call"),
        Column("activities", "Activities", "activity"),
    )
    return Policy(
        unit=Unit("Test Unit", **{"domain": "www.unit.example", **unit}),
        zone=ZoneInfo(zone),
        columns={column.id: column for column in columns},
        people={},
        stages={},
        chain=(),
        withdraw_role="chief",
        identity="Test Unit",
        language=language,
    )


def public(path: str, at: str = AT, since: str | None = None, expired: bool = False, **keys: Any) -> PublicState:
    """An approved entry: decided last at `at`, first at `since`, with these front matter keys."""
    version = Version(
        path,
        content_front_matter.read(front_matter(**{"date": AT[:10], **keys}).encode(), path, requires_entry_keys=True),
        {},
    )
    decision = Decision(Action.APPROVE, "chief", datetime.fromisoformat(at), version.digest)
    approved = ApprovedVersion((decision,))
    changed = timeline.shown_from(approved, version, ZoneInfo("Asia/Shanghai"))
    first = datetime.fromisoformat(since) if since else changed
    return PublicState(PublicForm.PAGE, version, approved, since=first, changed=changed, expired=expired)


def changed(found: PublicState, **fields: Any) -> PublicState:
    """The same entry with fields of its front matter as nobody could have written them."""
    assert found.version is not None
    manuscript = dataclasses.replace(found.version.manuscript, meta=dataclasses.replace(found.version.meta, **fields))
    return dataclasses.replace(found, version=dataclasses.replace(found.version, manuscript=manuscript))


def items(shown: Sequence[tuple[str, PublicState]], unit: Policy | None = None) -> list[ListItem]:
    """The entries as the lists have them."""
    return [
        item
        for shelf in listings.build_listings(shown, unit or policy(), datetime.fromisoformat(AT)).values()
        for item in shelf.items
    ]


def item(path: str = "announcements/a.md", unit: Policy | None = None, **keys: Any) -> ListItem:
    """One entry as the lists have it."""
    return items([(path, public(path, **keys))], unit)[0]


def view(path: str = "announcements/a.md", unit: Policy | None = None, **keys: Any) -> EntryPage:
    """One entry's page."""
    found = entry_pages.public_page(path, public(path, **keys), unit or policy())
    assert isinstance(found, EntryPage)
    return found
