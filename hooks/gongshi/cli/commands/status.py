"""`gongshi status`: show the state of each entry, whose turn it is, and why it is not published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from gongshi.cli.session import Session, print_json, problem_json
from gongshi.domain.review import messages
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import WITH_PROBLEMS, EntryStatus, PublicForm, WithheldReason
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports.local_time import status_in_site_time

_ORDER = (
    WithheldReason.TAMPERED, WithheldReason.ACTS_MISSING, WithheldReason.ADDRESS_TAKEN, WithheldReason.VOID, WithheldReason.OVERDUE, WithheldReason.URGENT,
    WithheldReason.INVALID, WithheldReason.RETURNED, WithheldReason.CHANGED, WithheldReason.CHAIN_CHANGED, WithheldReason.SUBMITTED, WithheldReason.EDITED,
    WithheldReason.DELETED, WithheldReason.DRAFT, WithheldReason.SCHEDULED, WithheldReason.WITHDRAWN, None,
)  # fmt: skip


@click.command(help=_("Show the state of entries, whose turn it is, and why they are not published."))
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--all", "everything", is_flag=True, help=_("Also list published entries."))
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def status(session: Session, paths: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Print the state of the given or all entries."""
    surveyed = session.survey()
    standings = list(surveyed.statuses.values())
    if paths:
        wanted = {path for part in session.select(paths) for path in part}
        standings = [standing for standing in standings if standing.path in wanted]
    if as_json:
        print_json({"assurance": session.policy.assurance, "entries": [_json_values(s, session) for s in standings]})
        return
    for reason in _ORDER:
        group = [standing for standing in standings if standing.reason is reason]
        if group:
            _print_group(reason, group, session, hidden=reason is None and not paths and not everything)
    _print_totals(standings, surveyed, bool(paths))


def _print_group(reason: WithheldReason | None, group: list[EntryStatus], session: Session, hidden: bool) -> None:
    heading = _("{title} ({count})").format(title=messages.reason_title(reason), count=len(group))
    if hidden:
        click.echo(click.style(heading, bold=True) + " " + _("list them with --all"))
        return
    click.echo(click.style(heading, bold=True))
    for standing in group:
        title = standing.version.meta.title if standing.version else ""
        click.echo(f"  {session.label(standing.path)}  {title}".rstrip())
        for line in _details(standing, session):
            click.echo(f"      {line}")
    click.echo()


def _details(found: EntryStatus, session: Session) -> Iterable[str]:
    standing = status_in_site_time(found, session.policy)
    if standing.reason is not None:
        yield messages.reason_text(standing, session.policy, session.now.date())
    for problem in standing.problems if standing.reason in WITH_PROBLEMS else ():
        yield str(problem)
    public = standing.public
    owed = messages.owed_text(standing, session.policy)
    if owed and standing.reason not in (WithheldReason.URGENT, WithheldReason.OVERDUE):
        yield owed
    if public and public.approved and standing.reason not in (None, WithheldReason.URGENT):
        text = _("the version approved on {day} is public")
        if public.urgent:
            text = _("the version published urgently on {day} is public")
        yield text.format(day=public.approved.decision.day.isoformat())
    if public and public.form is PublicForm.WITHDRAWN and standing.reason is not WithheldReason.WITHDRAWN:
        yield _("a notice that it was withdrawn is public")
    if public and public.expired:
        yield _("expired; the page says so") if public.form is PublicForm.PAGE else _("expired; a notice is public")
    gone = standing.withdrawal
    if gone and not (public and public.version) and standing.reason not in (WithheldReason.WITHDRAWN, None):
        text = _("withdrawn on {day}")
        if gone.line and any(void.decision is gone for void in standing.rejected):
            text = _("line {line} of the dossier took it down, although it does not count")
        yield text.format(day=gone.day.isoformat(), line=gone.line)
    for void in standing.rejected:
        problem = messages.rejection_problem(void, standing, session.configuration.docs.name, session.policy)
        text = _("line {line} of the dossier does not count: {why}") if void.decision.line else "{problem}"
        yield text.format(line=problem.line, why=problem.message, problem=problem)
    yield from _flag_advice(standing, session)


def _flag_advice(standing: EntryStatus, session: Session) -> Iterable[str]:
    version = standing.draft.version if standing.draft else None
    if by_hand := messages.by_hand_text(standing, session.policy, session.now.date()):
        yield by_hand
    if session.policy.assurance == "flag" or version is None:
        return
    if version.meta.status == "withdrawn" and standing.public and standing.public.version:
        yield _("its flag says withdrawn, but the flag is no decision: withdraw it with `gongshi withdraw`")
    unproven = messages.unproven_flag(standing, session.configuration.docs.name, session.policy, session.now.date())
    if unproven:
        yield str(unproven)


def _print_totals(standings: list[EntryStatus], surveyed: Snapshot, partial: bool) -> None:
    public = sum(standing.public is not None for standing in standings)
    withheld = sum(standing.public is None for standing in standings)
    click.echo(
        ngettext(
            "{count} entry or page: {public} with a public page, {withheld} without.",
            "{count} entries and pages: {public} with a public page, {withheld} without.",
            len(standings),
        ).format(count=len(standings), public=public, withheld=withheld)
    )
    strays = [problem for problem in surveyed.tree.strays if not problem.advice]
    if strays and not partial:
        click.echo(
            ngettext(
                "{count} file belongs to no entry and is never published; `gongshi check` names it.",
                "{count} files belong to no entry and are never published; `gongshi check` names them.",
                len(strays),
            ).format(count=len(strays))
        )


def _json_values(standing: EntryStatus, session: Session) -> dict[str, Any]:
    version, public = standing.version, standing.public
    return {
        "path": standing.path,
        "title": version.meta.title if version else None,
        "state": standing.reason.value if standing.reason else "published",
        "message": messages.reason_text(standing, session.policy, session.now.date()),
        "by_hand": messages.by_hand_text(standing, session.policy, session.now.date()),
        "stage": standing.round.stage if standing.round else None,
        "turn": [person.id for person in standing.turn(session.policy, session.now.date())],
        "public": public.form.value if public else None,
        "public_digest": public.version.digest if public and public.version else None,
        "draft_digest": standing.draft.version.digest if standing.draft and standing.draft.version else None,
        "owed_until": standing.owed.due.isoformat() if standing.owed and standing.owed.due else None,
        "expired": bool(public and public.expired),
        "public_notice": public.notice.value if public and public.notice else None,
        "problems": [problem_json(problem) for problem in standing.problems],
        "void": [{"line": void.decision.line, "flaw": void.reason.value} for void in standing.rejected],
    }
