"""The log of a build: numbers and places, never words of a withheld file."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from mkdocs.exceptions import BuildError
from mkdocs.plugins import get_plugin_logger
from mkdocs.utils import CountHandler

from gongshi.common.errors import Problem, printable
from gongshi.common.progress import progress_bar
from gongshi.domain.content import host_files, paths, text_advice
from gongshi.domain.review import messages
from gongshi.domain.review.models import RejectionReason
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import EntryStatus, PublicForm, WithheldReason
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.release import manifest, takedown_guard

_NAMED = 5
"""So many files a message names."""
_Item = TypeVar("_Item")

log = get_plugin_logger("gongshi")


def log_problems(snapshot: Snapshot, is_preview: bool) -> None:
    """Warn of invalid files, damaged records and decisions that do not count.

    Args:
        snapshot: the unit.
        is_preview: whether only people of the unit read this; then withheld files are named, too.
    """
    for path, status in snapshot.statuses.items():
        _log_withheld(path, status, snapshot, is_preview)
        _log_void_decisions(status, snapshot)
        if status.reason is WithheldReason.OVERDUE:
            message = _("%s: published urgently, and its chain did not follow in time; taken down")
            # No warning: with --strict it would keep up the very page that must go.
            log.info(message, printable(snapshot.tree.label(path)))
    _log_refused_files(snapshot)
    _log_contradictions(snapshot)
    strays = [problem for problem in snapshot.tree.strays if not problem.advice]
    if strays:
        message = ngettext(
            "%s file belongs to no entry and is not published; `gongshi check` names it",
            "%s files belong to no entry and are not published; `gongshi check` names them",
            len(strays),
        )
        log.info(message, len(strays))


def _log_withheld(path: str, status: EntryStatus, snapshot: Snapshot, is_preview: bool) -> None:
    """Warn of each place in the files of an entry that keeps it from being published."""
    problems = status.problems
    if status.reason is WithheldReason.ACTS_MISSING:
        problems = _log_missing_acts(status, snapshot)
    if problems:
        what = messages.reason_title(WithheldReason.INVALID if len(problems) < len(status.problems) else status.reason)
        for where in sorted({_place(problem, path, snapshot, is_preview) for problem in problems}):
            log.warning(_("%s: %s; withheld. `gongshi check` says how to mend it"), where, what)


def _log_void_decisions(status: EntryStatus, snapshot: Snapshot) -> None:
    for rejected_decision in status.rejected:
        problem = messages.rejection_problem(
            rejected_decision, status, snapshot.tree.docs.name, snapshot.configuration.policy
        )
        place, text = f"{printable(problem.path)}:{problem.line or 1}", problem.message
        named = rejected_decision.reason is RejectionReason.NO_STAGE or (
            rejected_decision.reason is RejectionReason.UNKNOWN_PERSON and rejected_decision.decision.by
        )
        if named and not rejected_decision.decision.line:
            # The name stands in a withheld file.
            text = _("approved_by names a person or stage that mkdocs.yml does not have; see `gongshi check`")
        log.warning(_("%s: does not count: %s"), place, text)


def _log_refused_files(snapshot: Snapshot) -> None:
    """Name attachments that were approved under earlier rules and are not published any more."""
    for path, public in snapshot.public():
        for name in public.version.refused if public.version else ():
            message = _(
                "%s: approved under earlier rules, but it may run or take the place of a page; it is not published, "
                "its page is. Submit the entry without it"
            )
            # No warning: with --strict it would keep up the site that still has the file.
            log.info(message, printable(snapshot.tree.label(paths.parent_dir(path) + name)))


def _log_missing_acts(status: EntryStatus, snapshot: Snapshot) -> tuple[Problem, ...]:
    """Warn that acts are missing, with person and time, which are not secret; return the other problems."""
    record = snapshot.tree.label(".reviews/")
    for problem in status.problems:
        if problem.path.startswith(record):
            log.warning("%s", problem)
    return tuple(problem for problem in status.problems if not problem.path.startswith(record))


def _place(problem: Problem, path: str, snapshot: Snapshot, is_preview: bool) -> str:
    """Return the place of a problem: the entry or the record, since the name of an attachment may be secret itself."""
    if is_preview:
        return str(problem)
    label = snapshot.tree.label(path)
    if problem.path == label or problem.path.startswith(snapshot.tree.label(".reviews/")):
        return f"{printable(problem.path)}:{problem.line or 1}"
    return f"{printable(label)}:1"


def _log_contradictions(snapshot: Snapshot) -> None:
    """Warn if flags in files name decisions that the record does not have: it may be lost, or an old copy."""
    if snapshot.configuration.policy.assurance == "flag":
        _log_unchecked_texts(snapshot)
        return
    for path, status in snapshot.statuses.items():
        if _status(status) == "withdrawn" and status.public and status.public.form is PublicForm.PAGE:
            message = _("%s: its flag says withdrawn, but by the record it is published; withdraw it, or mend the flag")
            log.warning(message, printable(snapshot.tree.label(path)))
    docs, policy, day = snapshot.tree.docs.name, snapshot.configuration.policy, snapshot.now.date()
    unproven = sum(messages.unproven_flag(s, docs, policy, day) is not None for s in snapshot.statuses.values())
    if unproven and not snapshot.decisions.entries():
        message = _(
            "%s is missing or empty, but %s files say approved in their front matter, which publishes nothing; restore "
            "it from the repository's history, or submit and approve the files with the commands"
        )
        log.warning(message, snapshot.tree.label(".reviews"), unproven)
    elif unproven:
        message = _(
            "%s files say approved in their front matter, but no record does, so that publishes nothing; "
            "`gongshi status` names them and says what to do"
        )
        log.info(message, unproven)


def _log_unchecked_texts(snapshot: Snapshot) -> None:
    """Warn of public texts that the commands would refuse, in a unit where people set the flags by hand."""
    for path, status in snapshot.statuses.items():
        version = status.public.version if status.public else None
        if version and text_advice.errors(version.manuscript, path):
            message = _("%s: is public, but `gongshi check` finds errors in its text")
            log.warning(message, printable(snapshot.tree.label(path)))


def _status(status: EntryStatus) -> str | None:
    version = status.draft_version
    return version.meta.status if version else None


def check_takedowns(snapshot: Snapshot, site: Path, strict: bool) -> None:
    """Stop if much of the public site would be gone without a decision, or warn of it.

    Args:
        snapshot: the unit.
        site: the public site.
        strict: whether a warning would fail the build, too.

    Raises:
        Refused: it says why, and how to go on.
    """
    before = manifest.published_pages(site)
    if before is None and manifest.folder_kind(site):
        message = _("%s cannot be read, so this build cannot tell which pages it takes down")
        # No warning: with --strict it would keep up what must go.
        log.info(message, printable(os.path.relpath(site / manifest.PATH)))
    if warning := takedown_guard.guard(snapshot, site, before, strict):
        log.warning("%s", warning)


def log_summary(snapshot: Snapshot, removed_links: Mapping[str, int], unshown: Mapping[str, int]) -> None:
    """Log how many entries are published, and how many are withheld for each reason.

    Args:
        snapshot: the unit.
        removed_links: how many links of a page lost their address, by Markdown file; only pages with such links.
        unshown: how many pictures, films and sounds of a page are not shown, in the same way.
    """
    statuses = snapshot.statuses.values()
    forms = Counter(status.public.form for status in statuses if status.public)
    notices = forms[PublicForm.WITHDRAWN] + forms[PublicForm.EXPIRED]
    pages = ngettext("%s entry or page", "%s entries and pages", forms[PublicForm.PAGE]) % forms[PublicForm.PAGE]
    log.info(_("Published: %s, %s"), pages, ngettext("%s notice", "%s notices", notices) % notices)
    owed = sum(status.reason is WithheldReason.URGENT for status in statuses)
    if owed:
        message = ngettext(
            "Of these, %s is public before its chain; `gongshi status` says until when it is owed",
            "Of these, %s are public before their chain; `gongshi status` says until when it is owed",
            owed,
        )
        log.info(message, owed)
    shown = (None, WithheldReason.DELETED, WithheldReason.URGENT)
    withheld = Counter(messages.reason_title(s.reason) for s in statuses if s.reason not in shown)
    if withheld:
        reasons = _(", ").join(f"{reason} {count}" for reason, count in sorted(withheld.items()))
        log.info(_("Withheld: %s (%s)"), withheld.total(), reasons)
    for path, count in sorted(removed_links.items()):
        message = ngettext(
            "%s: %s link leads to what is not public; it lost its address",
            "%s: %s links lead to what is not public; they lost their address",
            count,
        )
        log.info(message, printable(path), count)
    for path, count in sorted(unshown.items()):
        message = ngettext(
            "%s: %s picture, film or sound is not published, so the page does not show it; `gongshi check %s` says why",
            "%s: %s pictures, films or sounds are not published, so the page does not show them; `gongshi check %s` "
            "says why",
            count,
        )
        log.info(message, printable(path), count, printable(snapshot.tree.label(path)))
    if snapshot.configuration.policy.assurance == "flag":
        log.info(_("assurance: flag – nothing is sealed; the site shows the files as they are flagged now"))


def log_foreign_files(site: Path, foreign: Sequence[str]) -> None:
    """Name the files of the public site that no build put there; they are gone when the site is replaced.

    The checkout of a published branch (`.git`) stays.

    Args:
        site: the folder that is replaced next.
        foreign: these files, relative to it.
    """
    names = [printable(path) for path in foreign[:_NAMED]] + (["…"] if len(foreign) > _NAMED else [])
    message = _(
        "%s files in %s are not from a build and go when it is replaced (%s); what your host asks for belongs in %s/"
    )
    # No warning: with --strict it would keep up the very page that must go.
    log.info(message, len(foreign), printable(os.path.relpath(site)), _(", ").join(names), host_files.FOLDER)


def warnings() -> int:
    """Return how many warnings MkDocs counted in this build."""
    counters = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return sum(count for counter in counters for _level, count in counter.get_counts())


def with_progress(label: str, items: Iterable[_Item], total: int) -> Iterator[_Item]:
    """Yield items, with a progress bar at a terminal unless the build runs with `--quiet`.

    Args:
        label: the work, such as "Making pages".
        items: its results.
        total: how many results there will be.
    """
    return progress_bar(label, items, total, quiet=not log.isEnabledFor(logging.INFO))


def unapproved_file_error(path: str) -> BuildError:
    """Error: a page or file came into the build that it did not create.

    Args:
        path: of the page or file.
    """
    message = _("{path} came in behind the gate; the build is stopped")
    return BuildError(message.format(path=printable(path)))
