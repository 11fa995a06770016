"""Stale content: find what a folder still shows although it is no longer public.

A site that was not rebuilt shows such content, and so does an old copy that was restored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from gongshi.common.errors import InvalidInput
from gongshi.domain.content.paths import output_of
from gongshi.domain.records.store import Archive
from gongshi.domain.review import messages
from gongshi.domain.review.snapshot import Survey
from gongshi.domain.review.status import Form, Notice, Public, Reason, Standing, appearance
from gongshi.i18n import gettext as _
from gongshi.release.folder_audit import Finding, What
from gongshi.release.manifest import TREE, Manifest

_BESIDE = ("file", "picture", "media")
"""Kinds of files that come with a page."""


def since(then: Survey, now: Survey) -> tuple[dict[str, str], int]:
    """Compare what was public at two moments.

    Args:
        then: the unit at the earlier moment.
        now: the unit at the later one.

    Returns:
        The reason why each entry must no longer be shown as it was, by Markdown file; and the number of other entries
        that look different.
    """
    stale = {
        path: why
        for path, public in then.public()
        if public.form is Form.PAGE
        and public.version
        and (why := _stale_reason(public.version.digest, now.standings.get(path)))
    }
    different = {path for path, _look in _appearances(then) ^ _appearances(now)}
    return stale, len(different - stale.keys())


def against(made: Manifest, now: Survey) -> tuple[list[Finding], int]:
    """Compare the entries in a manifest with the current record, without building anything.

    Args:
        made: the manifest of a folder.
        now: the unit at present.

    Returns:
        Findings for entries that must no longer be shown or that are not in the record; and the number of other entries
        that look different.
    """
    shown = {
        listed.entry: (path, listed.digest)
        for path, listed in made.files.items()
        if listed.entry and listed.digest and listed.kind not in _BESIDE
    }
    public = dict(now.public())
    pages = {path for path, found in public.items() if found.form is Form.PAGE}
    wrong: list[Finding] = []
    different = len(pages - shown.keys())
    for entry, (path, digest) in shown.items():
        found = public.get(entry)
        if found and found.version and entry in pages and found.version.digest == digest:
            different += _status_labels(found, made.as_of, now) != (found.expired, found.notice)
        elif digest and _is_known(entry, digest, now):
            wrong.append(Finding(path, What.STALE, _stale_reason(digest, now.standings.get(entry))))
        else:
            why = _("the record of this clone has no such version; fetch the newest record, or nobody approved it")
            wrong.append(Finding(path, What.UNKNOWN, why))
    return wrong, different


def _status_labels(public: Public, at: datetime, now: Survey) -> tuple[bool, Notice | None]:
    """Return the status labels that a page had at another moment: expired, and the notice."""
    assert public.version and public.approved
    then = appearance(public.version, public.approved, now.configuration.policy, at)
    return then.expired, then.notice


def _is_known(entry: str, digest: str, now: Survey) -> bool:
    """Tell whether the record has a decision on this version; always true if the flag in the file is the decision."""
    if now.configuration.policy.assurance == "flag":
        return True
    try:
        return any(act.digest == digest for act in Archive(now.configuration.docs).dossier(entry).decisions)
    except (InvalidInput, ValueError):
        return False


def _appearances(surveyed: Survey) -> set[tuple[str, tuple[object, ...]]]:
    return {
        (path, (public.form, public.version and public.version.digest, public.expired, public.notice))
        for path, public in surveyed.public()
    }


def shown_still(folder: Path, holds: str, stale: Mapping[str, str]) -> list[Finding]:
    """Return a finding for each stale entry that is still in a folder.

    Args:
        folder: the folder.
        holds: `site` or `tree`.
        stale: the reason by Markdown file.
    """
    places = {path if holds == TREE else output_of(path): why for path, why in stale.items()}
    return [Finding(path, What.STALE, why) for path, why in places.items() if os.path.lexists(folder / path)]


def _stale_reason(shown: str, standing: Standing | None) -> str | None:
    """Return the reason why the version with this digest must no longer be shown, or None if it may be."""
    public = standing.public if standing else None
    if public and public.form is Form.PAGE and public.version:
        same = shown == public.version.digest
        return None if same else _("a newer version is public now, the older one is still shown")
    if standing and standing.withdrawal and not (public and public.version):
        return _("withdrawn on {day}, still shown").format(day=standing.withdrawal.day.isoformat())
    if public and public.version and public.version.meta.expires_at:
        return _("expired on {day}, still shown").format(day=public.version.meta.expires_at.isoformat()[:10])
    if standing and standing.reason is Reason.OVERDUE:
        return _("its chain did not follow the urgent publication in time, still shown")
    if standing and standing.scheduled and public is None:
        return _("not public yet, already shown")
    state = messages.reason_title(standing.reason if standing else Reason.DELETED)
    return _("not public any more ({state}), still shown").format(state=state)
