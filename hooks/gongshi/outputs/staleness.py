"""What has become un-public since a moment: an old copy of a site that was put back shows it still."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gongshi.domain import wording
from gongshi.domain.naming import output_of
from gongshi.domain.publication import Form, Public, Reason, Standing
from gongshi.domain.survey import Survey
from gongshi.i18n import gettext as _
from gongshi.outputs.audit import Finding, What
from gongshi.outputs.manifest import TREE


def since(then: Survey, now: Survey) -> tuple[dict[str, str], int]:
    """What has changed for visitors between two moments.

    Args:
        then: the unit at the earlier moment.
        now: the unit at the later one.

    Returns:
        Why what was shown must not be shown any more, by Markdown file; and how many other entries look otherwise.
    """
    stale = {
        path: why
        for path, public in then.public()
        if public.form is Form.PAGE and (why := _why_stale(public, now.standings.get(path)))
    }
    different = {path for path, _look in _appearances(then) ^ _appearances(now)}
    return stale, len(different - stale.keys())


def _appearances(surveyed: Survey) -> set[tuple[str, tuple[object, ...]]]:
    return {
        (path, (public.form, public.version and public.version.digest, public.expired, public.notice))
        for path, public in surveyed.public()
    }


def shown_still(folder: Path, holds: str, stale: Mapping[str, str]) -> list[Finding]:
    """What a folder shows although it must not any more.

    Args:
        folder: the folder.
        holds: `site` or `tree`.
        stale: why, by Markdown file.
    """
    places = {path if holds == TREE else output_of(path): why for path, why in stale.items()}
    return [Finding(path, What.STALE, why) for path, why in places.items() if os.path.lexists(folder / path)]


def _why_stale(shown: Public, standing: Standing | None) -> str | None:
    public = standing.public if standing else None
    if public and public.form is Form.PAGE and public.version:
        same = shown.version is not None and shown.version.digest == public.version.digest
        return None if same else _("a newer version is public now, the older one is still shown")
    if standing and standing.withdrawal and not (public and public.version):
        return _("withdrawn on {day}, still shown").format(day=standing.withdrawal.day.isoformat())
    if public and public.version and public.version.meta.expires_at:
        return _("expired on {day}, still shown").format(day=public.version.meta.expires_at.isoformat()[:10])
    if standing and standing.reason is Reason.OVERDUE:
        return _("its chain did not follow the urgent publication in time, still shown")
    state = wording.reason_title(standing.reason if standing else Reason.DELETED)
    return _("not public any more ({state}), still shown").format(state=state)
