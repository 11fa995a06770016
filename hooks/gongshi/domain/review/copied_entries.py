"""Advise on drafts that were copied from a published entry and kept its date, or its words.

An entry that is imported with its old date is no copy: its file has no day of today in its name, and its text is not
that of another entry of the same date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from gongshi.common import dates
from gongshi.common.errors import Problem, printable
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.paths import PageKind, kind_of
from gongshi.domain.content.version import Version
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import EntryStatus
from gongshi.i18n import gettext as _

_OLD = timedelta(days=30)
"""A `date` that lies this long before the day in the file's name was hardly meant."""
_SHORT = 40
"""Characters; the same shorter text, such as a reference to the attachment, is no sign of a copy."""
_ALIKE = 60
"""Percent of a text that two entries share if one was made from the other."""
_DAY_IN_NAME = re.compile(r"(?:^|/)([0-9]{4})([0-9]{2})([0-9]{2})-[0-9]+(?:\.md|/index\.md)$")
"""The name that `gongshi new` gives a file."""


def advice(snapshot: Snapshot, paths: Iterable[str]) -> list[Problem]:
    """Return advice on drafts that seem to be copies of a published entry.

    Args:
        snapshot: the unit.
        paths: the entries to check, relative to `docs/`; only those that were never published are.
    """
    policy = snapshot.configuration.policy
    drafts = [version for path in paths if (version := _new_draft(snapshot.statuses[path], policy))]
    if not drafts:
        return []
    shown = [
        public.version
        for path, public in snapshot.public()
        if public.version and kind_of(path, policy.columns) is PageKind.ENTRY
    ]
    bodies = {_words(version): version for version in shown}
    return [
        Problem(snapshot.tree.label(draft.path), message, draft.manuscript.lines.get(key or ""), key, advice=True)
        for draft in drafts
        for key, message in _signs(draft, shown, bodies, snapshot)
    ]


def _new_draft(status: EntryStatus, policy: Policy) -> Version | None:
    """Return the draft of an entry that was never published."""
    if status.public or status.withdrawal or kind_of(status.path, policy.columns) is not PageKind.ENTRY:
        return None
    return status.draft_version


def _signs(
    draft: Version, shown: list[Version], bodies: Mapping[str, Version], snapshot: Snapshot
) -> Iterator[tuple[str | None, str]]:
    """Yield the key and the message of each sign that a draft is a copy; the surest alone, if there are several."""
    label, meta = snapshot.tree.label, draft.meta
    words = _words(draft)
    same = bodies.get(words) if len(words) >= _SHORT else None
    if same and same.path != draft.path:
        message = _("has the same text as {other}, which is public; if you copied it, write the new text")
        yield None, message.format(other=printable(label(same.path)))
        return
    if meta.date is None or meta.imported_from:
        # The date of an imported text is the one that its file names, such as a page of an old site.
        return
    for other in shown:
        if other.path == draft.path or other.meta.date != meta.date:
            continue
        if other.meta.title == meta.title or (_is_old(draft, snapshot) and _are_alike(words, _words(other))):
            message = _(
                "has the date of {other}, which is public; if you copied it, leave the line out, and the page shows "
                "the day on which it becomes public"
            )
            yield "date", message.format(other=printable(label(other.path)))
            return
    if (named := _day_in_name(draft.path)) and _day(draft, snapshot) < named - _OLD:
        message = _(
            "lies long before the day in the file's name; if this was copied from an earlier entry, leave the line "
            "out, and the page shows the day on which it becomes public"
        )
        yield "date", message


def _words(version: Version) -> str:
    return "".join(version.manuscript.body.split())


def _are_alike(one: str, other: str) -> bool:
    # Imported here: only few drafts need it.
    from rapidfuzz import fuzz

    return min(len(one), len(other)) >= _SHORT and fuzz.ratio(one, other, score_cutoff=_ALIKE) > 0


def _day(version: Version, snapshot: Snapshot) -> date:
    zone, written = snapshot.configuration.policy.zone, version.meta.date
    assert written is not None
    return dates.starts_at(written, zone).astimezone(zone).date()


def _is_old(version: Version, snapshot: Snapshot) -> bool:
    return _day(version, snapshot) < snapshot.now.date() - _OLD


def _day_in_name(path: str) -> date | None:
    match = _DAY_IN_NAME.search(path)
    return dates.parse_date("-".join(match.groups())) if match else None
