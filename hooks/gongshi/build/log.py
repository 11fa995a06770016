"""What a build says of the unit: numbers and places, never what stands in a withheld file."""

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
from gongshi.common.progress import watched
from gongshi.domain.content import host_files, paths, text_advice
from gongshi.domain.review import messages
from gongshi.domain.review.models import Flaw
from gongshi.domain.review.snapshot import Survey
from gongshi.domain.review.status import Form, Reason, Standing
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.release import manifest, takedown_guard

_NAMED = 5
"""The number of files that a message names."""
_Item = TypeVar("_Item")

log = get_plugin_logger("gongshi")


def tell_problems(surveyed: Survey, preview: bool) -> None:
    """Warn of invalid files, damaged records and void decisions.

    Args:
        surveyed: the unit.
        preview: whether only people of the unit read this.
    """
    for path, standing in surveyed.standings.items():
        problems = standing.problems
        if standing.reason is Reason.ACTS_MISSING:
            problems = _tell_missing(standing, surveyed)
        if problems:
            what = messages.reason_title(Reason.INVALID if len(problems) < len(standing.problems) else standing.reason)
            for where in sorted({_place(problem, path, surveyed, preview) for problem in problems}):
                log.warning(_("%s: %s; withheld. `gongshi check` says how to mend it"), where, what)
        for void in standing.voids:
            problem = messages.void_problem(void, standing, surveyed.tree.docs.name, surveyed.configuration.policy)
            place, text = f"{printable(problem.path)}:{problem.line or 1}", problem.message
            named = void.flaw is Flaw.NO_STAGE or (void.flaw is Flaw.UNKNOWN_PERSON and void.decision.by)
            if named and not void.decision.line:
                # The words stand in a withheld file.
                text = _("approved_by names a person or stage that mkdocs.yml does not have; see `gongshi check`")
            log.warning(_("%s: does not count: %s"), place, text)
        if standing.reason is Reason.OVERDUE:
            message = _("%s: published urgently, and its chain did not follow in time; taken down")
            # No warning: with --strict it would keep up the very page that must go.
            log.info(message, printable(surveyed.tree.label(path)))
    _tell_refused(surveyed)
    _tell_contradictions(surveyed)
    strays = [problem for problem in surveyed.tree.strays if not problem.advice]
    if strays:
        log.info(_("%s files belong to no entry and are not published; `gongshi check` names them"), len(strays))


def _tell_refused(surveyed: Survey) -> None:
    """Name the files that earlier rules let be approved and that stay off the site now."""
    for path, public in surveyed.public():
        for name in public.version.refused if public.version else ():
            message = _(
                "%s: approved under earlier rules, but it may run or take the place of a page; it is not published, "
                "its page is. Submit the entry without it"
            )
            # No warning: with --strict it would keep up the site that still has the file.
            log.info(message, printable(surveyed.tree.label(paths.folder_of(path) + name)))


def _tell_missing(standing: Standing, surveyed: Survey) -> tuple[Problem, ...]:
    """Warn in full that acts are missing, as who decided and when is no secret; return the other problems."""
    record = surveyed.tree.label(".reviews/")
    for problem in standing.problems:
        if problem.path.startswith(record):
            log.warning("%s", problem)
    return tuple(problem for problem in standing.problems if not problem.path.startswith(record))


def _place(problem: Problem, path: str, surveyed: Survey, preview: bool) -> str:
    """Where a problem is: the entry or the record, for the name of an attachment may be secret itself."""
    if preview:
        return str(problem)
    label = surveyed.tree.label(path)
    if problem.path == label or problem.path.startswith(surveyed.tree.label(".reviews/")):
        return f"{printable(problem.path)}:{problem.line or 1}"
    return f"{printable(label)}:1"


def _tell_contradictions(surveyed: Survey) -> None:
    """Warn where files remember decisions that the record does not: it may be lost, or restored from an old copy."""
    if surveyed.configuration.policy.assurance == "flag":
        _tell_unchecked(surveyed)
        return
    for path, standing in surveyed.standings.items():
        if _status(standing) == "withdrawn" and standing.public and standing.public.form is Form.PAGE:
            message = _("%s: its flag says withdrawn, but by the record it is published; withdraw it, or mend the flag")
            log.warning(message, printable(surveyed.tree.label(path)))
    docs, policy, day = surveyed.tree.docs.name, surveyed.configuration.policy, surveyed.now.date()
    unproven = sum(messages.unproven_flag(s, docs, policy, day) is not None for s in surveyed.standings.values())
    if unproven and not surveyed.decisions.entries():
        message = _(
            "%s is missing or empty, but %s files say approved in their front matter, which publishes nothing; restore "
            "it from the repository's history, or submit and approve the files with the commands"
        )
        log.warning(message, surveyed.tree.label(".reviews"), unproven)
    elif unproven:
        message = _(
            "%s files say approved in their front matter, but no record does, so that publishes nothing; "
            "`gongshi status` names them and says what to do"
        )
        log.info(message, unproven)


def _tell_unchecked(surveyed: Survey) -> None:
    """Warn of texts that no command would let pass, where people flip the flags by hand."""
    for path, standing in surveyed.standings.items():
        version = standing.public.version if standing.public else None
        if version and text_advice.errors(version.manuscript, path):
            message = _("%s: is public, but `gongshi check` finds errors in its text")
            log.warning(message, printable(surveyed.tree.label(path)))


def _status(standing: Standing) -> str | None:
    version = standing.draft.version if standing.draft else None
    return version.meta.status if version else None


def guard_pages(surveyed: Survey, site: Path, strict: bool) -> None:
    """Stop where much of the present site would be gone without a decision, or warn of it.

    Args:
        surveyed: the unit.
        site: the present site.
        strict: whether a warning would stop the build, too.

    Raises:
        Refused: why, and how to go on.
    """
    before = manifest.published(site)
    if before is None and manifest.held(site):
        message = _("%s cannot be read, so this build cannot tell which pages it takes down")
        # No warning: with --strict it would keep up what must go.
        log.info(message, printable(os.path.relpath(site / manifest.PATH)))
    if warning := takedown_guard.guard(surveyed, site, before, strict):
        log.warning("%s", warning)


def tell_numbers(surveyed: Survey, closed_links: Mapping[str, int]) -> None:
    """Say what was published and what was withheld, by reason.

    Args:
        surveyed: the unit.
        closed_links: how many links of a page lost their address, by Markdown file.
    """
    standings = surveyed.standings.values()
    forms = Counter(standing.public.form for standing in standings if standing.public)
    notices = forms[Form.WITHDRAWN] + forms[Form.EXPIRED]
    log.info(_("Published: %s entries and pages, %s notices"), forms[Form.PAGE], notices)
    owed = sum(standing.reason is Reason.URGENT for standing in standings)
    if owed:
        log.info(_("Of these, %s are public before their chain; `gongshi status` says until when it is owed"), owed)
    shown = (None, Reason.DELETED, Reason.URGENT)
    withheld = Counter(messages.reason_title(s.reason) for s in standings if s.reason not in shown)
    if withheld:
        reasons = _(", ").join(f"{reason} {count}" for reason, count in sorted(withheld.items()))
        log.info(_("Withheld: %s (%s)"), withheld.total(), reasons)
    for path, count in sorted(closed_links.items()):
        message = ngettext(
            "%s: %s link leads to what is not public; it lost its address",
            "%s: %s links lead to what is not public; they lost their address",
            count,
        )
        log.info(message, printable(path), count)
    if surveyed.configuration.policy.assurance == "flag":
        log.info(_("assurance: flag – nothing is sealed; the site shows the files as they are flagged now"))


def tell_foreign(site: Path, foreign: Sequence[str]) -> None:
    """Name the files of the present site that no build put there: the next one has none of them.

    The checkout of a published branch (`.git`) stays.

    Args:
        site: the folder that is going to be replaced.
        foreign: these files, relative to it.
    """
    names = [printable(path) for path in foreign[:_NAMED]] + (["…"] if len(foreign) > _NAMED else [])
    message = _(
        "%s files in %s are not from a build and go when it is replaced (%s); what your host asks for belongs in %s/"
    )
    # No warning: with --strict it would keep up the very page that must go.
    log.info(message, len(foreign), printable(os.path.relpath(site)), _(", ").join(names), host_files.FOLDER)


def warnings() -> int:
    """How many warnings this build has given."""
    counters = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return sum(count for counter in counters for _level, count in counter.get_counts())


def counted(label: str, items: Iterable[_Item], total: int) -> Iterator[_Item]:
    """The items one by one, with a bar at a terminal, unless the build is to be quiet.

    Args:
        label: what is being done.
        items: the results of work on things.
        total: how many there will be.
    """
    return watched(label, items, total, quiet=not log.isEnabledFor(logging.INFO))


def behind_the_gate(path: str) -> BuildError:
    """That something is there which the gate did not give.

    Args:
        path: of a page or file.
    """
    message = _("{path} came in behind the gate; the build is stopped")
    return BuildError(message.format(path=printable(path)))
