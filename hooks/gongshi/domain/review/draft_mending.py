"""Mend the drafts of a unit, as `gongshi check --fix` does: which files may be changed, and how they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial

from gongshi.common.errors import Problem
from gongshi.common.files import read_file, write_atomic
from gongshi.common.hashing import sha256
from gongshi.domain.content import mending
from gongshi.domain.content.docs_tree import Source
from gongshi.domain.content.mending import Change
from gongshi.domain.content.paths import PageKind
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.i18n import gettext as _

_OWN_WORK = frozenset(
    (
        WithheldReason.INVALID,
        WithheldReason.ADDRESS_TAKEN,
        WithheldReason.VOID,
        WithheldReason.DRAFT,
        WithheldReason.CHANGED,
        WithheldReason.RETURNED,
        WithheldReason.EDITED,
        WithheldReason.WITHDRAWN,
    )
)
"""States in which nobody has to decide on the file as it is, and nothing of it is public."""


@dataclass(frozen=True)
class Mended:
    """A file that was mended."""

    path: str
    """The Markdown file, relative to `docs/`."""
    changes: list[Change]


def mend_drafts(snapshot: Snapshot, paths: Iterable[str], named: Collection[str]) -> tuple[list[Mended], list[Problem]]:
    """Mend Markdown files in `docs/`; a file that is public, approved or under review only if it was named.

    With `assurance: flag` a file that can be read may be public at once, so there each file must be named.

    Args:
        snapshot: the unit.
        paths: the entries and pages, relative to `docs/`.
        named: those that the user named one by one.

    Returns:
        The mended files, and the problems of files that changed meanwhile and were left alone.

    Raises:
        OSError: a file cannot be written.
        Refused: another command keeps the unit locked.
    """
    done: list[Mended] = []
    refused: list[Problem] = []
    by_flag = snapshot.configuration.policy.assurance == "flag"
    with ReviewStore(snapshot.configuration.docs).lock():
        for path in paths:
            status, source = snapshot.statuses.get(path), snapshot.tree.sources.get(path)
            if not (status and source and status.draft and status.draft.content) or source.is_nested:
                continue
            if path not in named and (by_flag or not _is_own_work(status)):
                continue
            found = _mend_file(snapshot, source, status.draft.content)
            if isinstance(found, Problem):
                refused.append(found)
            elif found:
                done.append(Mended(path, found))
    return done, refused


def _is_own_work(status: EntryStatus) -> bool:
    """Tell whether nobody has approved the bytes of a file, and nobody has to decide on them."""
    if status.reason not in _OWN_WORK or status.draft is None:
        return False
    # A file that is public with these bytes can have an error under a rule that came later.
    approved = status.public.approved if status.public else None
    recorded = (approved.decision.files or {}).values() if approved else ()
    return sha256(status.draft.content) not in recorded


def _mend_file(snapshot: Snapshot, source: Source, content: bytes) -> list[Change] | Problem:
    label = snapshot.tree.label(source.path)
    find = partial(mending.problems_of, path=label, is_entry=source.kind is PageKind.ENTRY)
    mended, changes = mending.mend(content, find)
    if mended == content:
        return []
    path = snapshot.configuration.docs / source.path
    # An editor may have saved the file since it was read, or another run may have mended it.
    present = read_file(path)
    if present == mended:
        return []
    if present != content:
        return Problem(label, _("was changed while it was to be mended; nothing was written, try again"))
    write_atomic(path, mended)
    return changes
