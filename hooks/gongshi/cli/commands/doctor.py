"""`gongshi doctor`: check that this clone is complete and working."""

from __future__ import annotations

import os

import click

from gongshi.cli.session import REFUSED, Session, print_json
from gongshi.domain.records import stopped_takedown
from gongshi.domain.records.rollback_guard import RollbackGuard
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports.doctor import git_record, settings, unit, user
from gongshi.reports.doctor.unit import HealthFinding, Level

_MARKS = {Level.FINE: ("✓", "green"), Level.ADVICE: ("!", "yellow"), Level.ERROR: ("✗", "red")}


@click.command(help=_("Check that this clone is complete and working: people, keys, dossiers, approved files, git."))
@click.option(
    "--forget",
    metavar="PATH",
    multiple=True,
    help=_(
        "First forget which acts on PATH this clone has seen, if some were removed on purpose, for example in a merge."
    ),
)
@click.option(
    "--accept-takedown",
    is_flag=True,
    help=_("First allow the next build to take down the pages for which the last build was stopped."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def doctor(session: Session, forget: tuple[str, ...], accept_takedown: bool, as_json: bool) -> None:
    """Run all checks and print their results."""
    if forget:
        guard = RollbackGuard(session.configuration.root)
        named, inside = session.select(forget, guard.entries)
        guard.forget([*named, *inside])
    if accept_takedown:
        stopped_takedown.accept(session.configuration.root)
    today = session.now.date()
    findings = [
        *unit.check_people(session.configuration, today),
        *(HealthFinding("settings", Level.ADVICE, str(p)) for p in settings.find_address_advice(session.configuration)),
        *user.check_user(session.configuration, today),
        *unit.check_record(session.configuration, session.now),
        *unit.stopped(session.configuration),
        *git_record.check_repository(session.configuration),
        *_clock(session),
    ]
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if as_json:
        print_json(
            {"findings": [{"area": f.area, "level": f.level.value, "message": f.message} for f in findings]},
        )
    else:
        _print_findings(findings, errors)
    if errors:
        raise SystemExit(REFUSED)


def _clock(session: Session) -> list[HealthFinding]:
    if "SOURCE_DATE_EPOCH" not in os.environ:
        return []
    message = _("SOURCE_DATE_EPOCH sets the clock to {when}").format(when=session.now.isoformat(" ", "minutes"))
    return [HealthFinding("you", Level.ADVICE, message)]


def _print_findings(findings: list[HealthFinding], errors: int) -> None:
    titles = {
        "people": _("People and chains"),
        "settings": _("Settings in mkdocs.yml"),
        "you": _("You"),
        "record": _("Record"),
        "repository": _("Repository"),
    }
    for area, title in titles.items():
        if not any(finding.area == area for finding in findings):
            continue
        click.echo(click.style(title, bold=True))
        for finding in findings:
            if finding.area == area:
                mark, colour = _MARKS[finding.level]
                click.echo(f"  {click.style(mark, fg=colour)} {finding.message}")
    click.echo()
    count = sum(finding.level is Level.ADVICE for finding in findings)
    advice = ngettext("{count} piece of advice (!)", "{count} pieces of advice (!)", count).format(count=count)
    if errors:
        problems = ngettext("{count} problem must be solved (✗)", "{count} problems must be solved (✗)", errors)
        click.echo(_("{problems}; {advice}.").format(problems=problems.format(count=errors), advice=advice))
    else:
        click.echo(_("Everything needed is there; {advice}.").format(advice=advice))
