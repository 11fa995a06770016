"""Stale content: find what a folder still shows although it is no longer public.

A site that was not rebuilt shows such content, and so does an old copy that was restored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from gongshi.common.errors import InvalidInput
from gongshi.domain.content.paths import output_path
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review import messages
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import EntryStatus, NoticePhase, PublicForm, PublicState, WithheldReason, public_state
from gongshi.i18n import gettext as _
from gongshi.release.folder_audit import AuditFinding, Difference
from gongshi.release.manifest import TREE, Manifest

_BESIDE = ("file", "picture", "media")
"""Kinds of files that come with a page."""


def since(then: Snapshot, now: Snapshot) -> tuple[dict[str, str], int]:
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
        if public.form is PublicForm.PAGE
        and public.version
        and (why := _stale_reason(public.version.digest, now.statuses.get(path)))
    }
    different = {path for path, _look in _appearances(then) ^ _appearances(now)}
    return stale, len(different - stale.keys())


def against(made: Manifest, now: Snapshot) -> tuple[list[AuditFinding], int]:
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
    pages = {path for path, found in public.items() if found.form is PublicForm.PAGE}
    wrong: list[AuditFinding] = []
    different = len(pages - shown.keys())
    for entry, (path, digest) in shown.items():
        found = public.get(entry)
        if found and found.version and entry in pages and found.version.digest == digest:
            different += _status_labels(found, made.as_of, now) != (found.expired, found.notice)
        elif digest and _is_known(entry, digest, now):
            wrong.append(AuditFinding(path, Difference.STALE, _stale_reason(digest, now.statuses.get(entry))))
        else:
            why = _("the record of this clone has no such version; fetch the newest record, or nobody approved it")
            wrong.append(AuditFinding(path, Difference.UNKNOWN, why))
    return wrong, different


def _status_labels(public: PublicState, at: datetime, now: Snapshot) -> tuple[bool, NoticePhase | None]:
    """Return the status labels that a page had at another moment: expired, and the notice."""
    assert public.version and public.approved
    then = public_state(public.version, public.approved, now.configuration.policy, at)
    return then.expired, then.notice


def _is_known(entry: str, digest: str, now: Snapshot) -> bool:
    """Tell whether the record has a decision on this version; always true if the flag in the file is the decision."""
    if now.configuration.policy.assurance == "flag":
        return True
    try:
        return any(act.digest == digest for act in ReviewStore(now.configuration.docs).read_dossier(entry).decisions)
    except (InvalidInput, ValueError):
        return False


def _appearances(snapshot: Snapshot) -> set[tuple[str, tuple[object, ...]]]:
    return {
        (path, (public.form, public.version and public.version.digest, public.expired, public.notice))
        for path, public in snapshot.public()
    }


def still_shown(folder: Path, holds: str, stale: Mapping[str, str]) -> list[AuditFinding]:
    """Return a finding for each stale entry that is still in a folder.

    Args:
        folder: the folder.
        holds: `site` or `tree`.
        stale: the reason by Markdown file.
    """
    places = {path if holds == TREE else output_path(path): why for path, why in stale.items()}
    return [AuditFinding(path, Difference.STALE, why) for path, why in places.items() if os.path.lexists(folder / path)]


def _stale_reason(shown: str, status: EntryStatus | None) -> str | None:
    """Return the reason why the version with this digest must no longer be shown, or None if it may be."""
    public = status.public if status else None
    if public and public.form is PublicForm.PAGE and public.version:
        same = shown == public.version.digest
        return None if same else _("a newer version is public now, the older one is still shown")
    if status and status.withdrawal and not (public and public.version):
        return _("withdrawn on {day}, still shown").format(day=status.withdrawal.day.isoformat())
    if public and public.version and public.version.meta.expires_at:
        return _("expired on {day}, still shown").format(day=public.version.meta.expires_at.isoformat()[:10])
    if status and status.reason is WithheldReason.OVERDUE:
        return _("its chain did not follow the urgent publication in time, still shown")
    if status and status.scheduled and public is None:
        return _("not public yet, already shown")
    state = messages.reason_title(status.reason if status else WithheldReason.DELETED)
    return _("not public any more ({state}), still shown").format(state=state)
