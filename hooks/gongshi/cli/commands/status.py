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
    WithheldReason.TAMPERED,
    WithheldReason.ACTS_MISSING,
    WithheldReason.ADDRESS_TAKEN,
    WithheldReason.VOID,
    WithheldReason.OVERDUE,
    WithheldReason.URGENT,
    WithheldReason.INVALID,
    WithheldReason.RETURNED,
    WithheldReason.CHANGED,
    WithheldReason.CHAIN_CHANGED,
    WithheldReason.SUBMITTED,
    WithheldReason.EDITED,
    WithheldReason.DELETED,
    WithheldReason.DRAFT,
    WithheldReason.SCHEDULED,
    WithheldReason.WITHDRAWN,
    None,
)


@click.command(help=_("Show the state of entries, whose turn it is, and why they are not published."))
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--all", "everything", is_flag=True, help=_("Also list published entries."))
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def status(session: Session, paths: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Print the state of the given or all entries."""
    snapshot = session.survey()
    statuses = list(snapshot.statuses.values())
    if paths:
        wanted = {path for part in session.select(paths) for path in part}
        statuses = [entry_status for entry_status in statuses if entry_status.path in wanted]
    if as_json:
        print_json({"assurance": session.policy.assurance, "entries": [_json_values(s, session) for s in statuses]})
        return
    for reason in _ORDER:
        group = [entry_status for entry_status in statuses if entry_status.reason is reason]
        if group:
            _print_group(reason, group, session, hidden=reason is None and not paths and not everything)
    _print_totals(statuses, snapshot, bool(paths))


def _print_group(reason: WithheldReason | None, group: list[EntryStatus], session: Session, hidden: bool) -> None:
    heading = _("{title} ({count})").format(title=messages.reason_title(reason), count=len(group))
    if hidden:
        click.echo(click.style(heading, bold=True) + " " + _("list them with --all"))
        return
    click.echo(click.style(heading, bold=True))
    for entry_status in group:
        title = entry_status.version.meta.title if entry_status.version else ""
        click.echo(f"  {session.label(entry_status.path)}  {title}".rstrip())
        for line in _details(entry_status, session):
            click.echo(f"      {line}")
    click.echo()


def _details(found: EntryStatus, session: Session) -> Iterable[str]:
    entry_status = status_in_site_time(found, session.policy)
    if entry_status.reason is not None:
        yield messages.reason_text(entry_status, session.policy, session.now.date())
    for problem in entry_status.problems if entry_status.reason in WITH_PROBLEMS else ():
        yield str(problem)
    public = entry_status.public
    owed = messages.owed_text(entry_status, session.policy)
    if owed and entry_status.reason not in (WithheldReason.URGENT, WithheldReason.OVERDUE):
        yield owed
    if public and public.approved and entry_status.reason not in (None, WithheldReason.URGENT):
        text = _("the version approved on {day} is public")
        if public.urgent:
            text = _("the version published urgently on {day} is public")
        yield text.format(day=public.approved.decision.day.isoformat())
    if public and public.form is PublicForm.WITHDRAWN and entry_status.reason is not WithheldReason.WITHDRAWN:
        yield _("a notice that it was withdrawn is public")
    if public and public.expired:
        yield _("expired; the page says so") if public.form is PublicForm.PAGE else _("expired; a notice is public")
    gone = entry_status.withdrawal
    if gone and not (public and public.version) and entry_status.reason not in (WithheldReason.WITHDRAWN, None):
        text = _("withdrawn on {day}")
        if gone.line and any(rejected_decision.decision is gone for rejected_decision in entry_status.rejected):
            text = _("line {line} of the dossier took it down, although it does not count")
        yield text.format(day=gone.day.isoformat(), line=gone.line)
    for rejected_decision in entry_status.rejected:
        problem = messages.rejection_problem(
            rejected_decision, entry_status, session.configuration.docs.name, session.policy
        )
        text = _("line {line} of the dossier does not count: {why}") if rejected_decision.decision.line else "{problem}"
        yield text.format(line=problem.line, why=problem.message, problem=problem)
    yield from _flag_advice(entry_status, session)


def _flag_advice(entry_status: EntryStatus, session: Session) -> Iterable[str]:
    version = entry_status.draft_version
    if by_hand := messages.by_hand_text(entry_status, session.policy, session.now.date()):
        yield by_hand
    if session.policy.assurance == "flag" or version is None:
        return
    if version.meta.status == "withdrawn" and entry_status.public and entry_status.public.version:
        yield _("its flag says withdrawn, but the flag is no decision: withdraw it with `gongshi withdraw`")
    unproven = messages.unproven_flag(entry_status, session.configuration.docs.name, session.policy, session.now.date())
    if unproven:
        yield str(unproven)


def _print_totals(statuses: list[EntryStatus], snapshot: Snapshot, partial: bool) -> None:
    public = sum(entry_status.public is not None for entry_status in statuses)
    withheld = sum(entry_status.public is None for entry_status in statuses)
    click.echo(
        ngettext(
            "{count} entry or page: {public} with a public page, {withheld} without.",
            "{count} entries and pages: {public} with a public page, {withheld} without.",
            len(statuses),
        ).format(count=len(statuses), public=public, withheld=withheld)
    )
    strays = [problem for problem in snapshot.tree.strays if not problem.advice]
    if strays and not partial:
        click.echo(
            ngettext(
                "{count} file belongs to no entry and is never published; `gongshi check` names it.",
                "{count} files belong to no entry and are never published; `gongshi check` names them.",
                len(strays),
            ).format(count=len(strays))
        )


def _json_values(entry_status: EntryStatus, session: Session) -> dict[str, Any]:
    version, public = entry_status.version, entry_status.public
    return {
        "path": entry_status.path,
        "title": version.meta.title if version else None,
        "state": entry_status.reason.value if entry_status.reason else "published",
        "message": messages.reason_text(entry_status, session.policy, session.now.date()),
        "by_hand": messages.by_hand_text(entry_status, session.policy, session.now.date()),
        "stage": entry_status.round.stage if entry_status.round else None,
        "turn": [person.id for person in entry_status.next_approvers(session.policy, session.now.date())],
        "public": public.form.value if public else None,
        "public_digest": public.version.digest if public and public.version else None,
        "draft_digest": entry_status.draft_version.digest if entry_status.draft_version else None,
        "owed_until": entry_status.owed.due.isoformat() if entry_status.owed and entry_status.owed.due else None,
        "expired": bool(public and public.expired),
        "public_notice": public.notice.value if public and public.notice else None,
        "problems": [problem_json(problem) for problem in entry_status.problems],
        "void": [
            {"line": rejected_decision.decision.line, "flaw": rejected_decision.reason.value}
            for rejected_decision in entry_status.rejected
        ],
    }
