"""`gongshi check`: list problems in the content."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import click

from gongshi.cli.session import REFUSED, Session, print_json, problem_json
from gongshi.common.errors import Problem
from gongshi.common.progress import announced
from gongshi.domain.content import host_files
from gongshi.domain.review import draft_checks, messages
from gongshi.domain.review.snapshot import Snapshot, collisions
from gongshi.domain.review.status import EntryStatus
from gongshi.i18n import gettext as _
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
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def check(session: Session, paths: tuple[str, ...], show_all: bool, as_json: bool) -> None:
    """List the problems of the given or all entries."""
    snapshot = session.survey()
    named, found = session.select(paths) if paths else ([], [])
    wanted = {*named, *found} if paths else None
    # Slow to load, and no other command needs it.
    from gongshi.build.content_check import ContentChecker

    checker = ContentChecker(session.configuration, snapshot)
    paths_wanted = [path for path in snapshot.statuses if wanted is None or path in wanted]
    with announced(_("Reading texts"), len(paths_wanted)):
        shown = checker.problems(snapshot, paths_wanted)
    rivals = (problem for path, found in collisions(snapshot).items() if path in paths_wanted for problem in found)
    problems = sorted({*_problems(snapshot, wanted), *shown, *rivals}, key=Problem.sort_key)
    old = set() if show_all else {problem for problem in problems if _is_old(problem, snapshot, named)}
    problems = [problem for problem in problems if problem not in old]
    errors = [problem for problem in problems if not problem.advice]
    if as_json:
        print_json({"problems": [problem_json(problem) for problem in problems], "hidden": len(old)})
    else:
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
    if errors:
        raise SystemExit(REFUSED)


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


def _hidden_text(count: int) -> str:
    if not count:
        return ""
    message = _(" Not shown: {count} advice on what is public already; to see it: gongshi check --all")
    return message.format(count=count)


def _of_draft(status: EntryStatus, snapshot: Snapshot) -> tuple[Problem, ...]:
    if status.draft is None:
        return ()
    policy, label = snapshot.configuration.policy, snapshot.tree.label(status.path)
    return (*status.draft.problems, *draft_checks.findings(status, policy, snapshot.now, label))


def _of_flag(status: EntryStatus, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield problems of review flags: void decisions, or flags that look like decisions but are none."""
    configuration, docs = snapshot.configuration, snapshot.configuration.docs.name
    if configuration.policy.assurance == "flag":
        for rejected_decision in status.rejected:
            yield messages.rejection_problem(rejected_decision, status, docs, configuration.policy)
    elif unproven := messages.unproven_flag(status, docs, configuration.policy, snapshot.now.date()):
        yield unproven


def _problems(snapshot: Snapshot, wanted: set[str] | None) -> list[Problem]:
    found = [
        problem
        for path, status in snapshot.statuses.items()
        if wanted is None or path in wanted
        for problem in (
            *status.problems,
            *_of_draft(status, snapshot),
            *_of_flag(status, snapshot),
        )
    ]
    others: list[Problem] = []
    if wanted is None:
        configuration, today = snapshot.configuration, snapshot.now.date()
        others = [*snapshot.tree.strays, *host_files.problems(configuration.root), *logo.problems(configuration)]
        others += settings.find_advice(configuration, today)
    return sorted(dict.fromkeys([*found, *others]), key=Problem.sort_key)
