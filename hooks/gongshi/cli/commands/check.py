"""`gongshi check`: list problems in the content."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import click

from gongshi.cli import content_problems
from gongshi.cli.session import REFUSED, Session, print_json, problem_json
from gongshi.common.errors import Problem, printable
from gongshi.domain.content import host_files
from gongshi.domain.content.mending import Change, is_mendable
from gongshi.domain.review import draft_mending
from gongshi.domain.review.draft_mending import Mended
from gongshi.domain.review.snapshot import Snapshot
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports.doctor import settings
from gongshi.site import logo


@click.command(
    help=_(
        "Check the content for problems: front matter, names, addresses, files that belong to no entry, "
        "damaged records."
    )
)
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option(
    "--all",
    "show_all",
    is_flag=True,
    help=_("Show advice on what is public already, too; it is shown for an entry that you name."),
)
@click.option(
    "--fix",
    is_flag=True,
    help=_(
        "Mend mistakes of the front matter that have only one possible mend, and show each change. A file that is "
        "public or under review is mended only if you name it."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def check(session: Session, paths: tuple[str, ...], show_all: bool, fix: bool, as_json: bool) -> None:
    """List the problems of the given or all entries, after mending what can be mended."""
    snapshot = session.survey()
    named, found = session.select(paths) if paths else ([], [])
    wanted = {*named, *found} if paths else None
    mended: list[Mended] = []
    refused: list[Problem] = []
    if fix:
        mended, refused = draft_mending.mend_drafts(snapshot, sorted(wanted or snapshot.statuses), named)
        snapshot = session.survey() if mended or refused else snapshot
    paths_wanted = [path for path in snapshot.statuses if wanted is None or path in wanted]
    compared = [path for path in paths_wanted if show_all or path in named or not _is_public(path, snapshot)]
    of_entries = content_problems.find_problems(snapshot, paths_wanted, compared)
    of_unit = _unit_problems(snapshot) if wanted is None else []
    problems = sorted({*of_entries, *of_unit, *refused}, key=Problem.sort_key)
    old = set() if show_all else {problem for problem in problems if _is_old(problem, snapshot, named)}
    problems = [problem for problem in problems if problem not in old]
    errors = [problem for problem in problems if not problem.advice]
    if as_json:
        print_json(
            {
                "problems": [problem_json(problem) for problem in problems],
                "hidden": len(old),
                **(
                    {"fixed": [_change_json(session, each, change) for each in mended for change in each.changes]}
                    if fix
                    else {}
                ),
            }
        )
    else:
        _print_changes(session, mended)
        for problem in problems:
            kind = _("advice") if problem.advice else _("error")
            click.echo(f"{problem} [{kind}]")
        checked = len(snapshot.statuses if wanted is None else wanted)
        click.echo(
            _("Entries and pages checked: {count}. Errors: {errors}, advice: {advice}.").format(
                count=checked, errors=len(errors), advice=len(problems) - len(errors)
            )
            + _hidden_text(len(old))
        )
        if (mendable := sum(map(is_mendable, errors))) and not fix:
            message = ngettext(
                "{count} error has only one possible mend; to let it be made: gongshi check --fix",
                "{count} errors have only one possible mend; to let it be made: gongshi check --fix",
                mendable,
            )
            click.echo(message.format(count=mendable))
    if errors:
        raise SystemExit(REFUSED)


def _print_changes(session: Session, mended: Iterable[Mended]) -> None:
    """Print each mended line as it was and as it is."""
    for each in mended:
        for change in each.changes:
            place = session.label(each.path) + (f":{change.line}" if change.line else "")
            place += f": {printable(change.key)}" if change.key else ""
            message = _("{place}: {before} → {after} [mended]")
            click.echo(message.format(place=place, before=printable(change.before), after=printable(change.after)))


def _change_json(session: Session, mended: Mended, change: Change) -> dict[str, Any]:
    return {
        "path": session.label(mended.path),
        "line": change.line,
        "key": change.key,
        "before": change.before,
        "after": change.after,
    }


def _is_old(problem: Problem, snapshot: Snapshot, named: Collection[str]) -> bool:
    """Tell whether a problem is advice on content that is public already, of an entry that was not named."""
    # Flags are compared with the record, which may have changed since.
    if not problem.advice or problem.key in ("status", "approved_by"):
        return False
    file = problem.path.removeprefix(snapshot.tree.label(""))
    owner = file
    while owner not in snapshot.statuses and "/" in owner:
        folder = owner.removesuffix("/index.md").rpartition("/")[0]
        owner = f"{folder}/index.md" if folder else ""
    status = snapshot.statuses.get(owner)
    return status is not None and owner not in named and status.is_public_already(file)


def _is_public(path: str, snapshot: Snapshot) -> bool:
    return snapshot.statuses[path].is_public_already(path)


def _hidden_text(count: int) -> str:
    if not count:
        return ""
    message = _(" Not shown: {count} advice on what is public already; to see it: gongshi check --all")
    return message.format(count=count)


def _unit_problems(snapshot: Snapshot) -> list[Problem]:
    """Return the problems that belong to no entry: other files, and mkdocs.yml."""
    configuration, today = snapshot.configuration, snapshot.now.date()
    return [
        *snapshot.tree.strays,
        *host_files.problems(configuration.root),
        *logo.problems(configuration),
        *settings.find_advice(configuration, today),
    ]
