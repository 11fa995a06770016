"""`submit`, `approve`, `return` and `withdraw`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from gongshi.domain import wording
from gongshi.domain.acts import Desk, Outcome
from gongshi.domain.dossier import Act
from gongshi.domain.problem import InvalidInput, Refused, Unusable
from gongshi.faces.cli.session import REFUSED, Session, os_error_text, print_json, problem_facts
from gongshi.i18n import gettext as _

Do = Callable[[Desk, str], Outcome]


def _paths(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))(command)
    command = click.option(
        "--as", "person", metavar="PERSON", help=_("Who acts; the default is whose address git has.")
    )(command)
    return click.argument("paths", nargs=-1, required=True, metavar="PATH…")(command)


@click.command(
    help=_("Hand entries in for review. PATH is a file or a folder; of a folder all that is ready is taken.")
)
@_paths
@click.option("--note", metavar="TEXT", help=_("A word to the approvers; it goes into the dossier."))
@click.pass_obj
def submit(session: Session, paths: tuple[str, ...], person: str | None, as_json: bool, note: str | None) -> None:
    """Hand in."""
    text = _said(note, "--note")
    _act(session, paths, person, as_json, lambda desk, path: desk.submit(path, text))


@click.command(
    help=_(
        "Approve entries at the stage they wait for. What you approve is the file as it is now, with its attachments."
    )
)
@_paths
@click.option("--stage", metavar="STAGE", help=_("Refuse unless the entry waits for this stage."))
@click.option("--note", metavar="TEXT", help=_("Your opinion; it goes into the dossier."))
@click.pass_obj
def approve(
    session: Session, paths: tuple[str, ...], person: str | None, as_json: bool, stage: str | None, note: str | None
) -> None:
    """One stage forward."""
    if stage is not None and stage not in session.policy.stages:
        known = ", ".join(session.policy.stages)
        raise click.BadParameter(_("there is no stage {stage}; known are {names}").format(stage=stage, names=known))
    text = _said(note, "--note")
    _act(session, paths, person, as_json, lambda desk, path: desk.approve(path, stage, text))


@click.command(
    "return", help=_("Return entries to their authors. The round ends; the next begins with a new submission.")
)
@_paths
@click.option("--note", metavar="TEXT", required=True, help=_("What must be changed; it goes into the dossier."))
@click.pass_obj
def send_back(session: Session, paths: tuple[str, ...], person: str | None, as_json: bool, note: str) -> None:
    """Return."""
    text = _said(note, "--note") or ""
    _act(session, paths, person, as_json, lambda desk, path: desk.send_back(path, text))


@click.command(help=_("Take entries down. A notice with date and reason takes the page's place; its files go."))
@_paths
@click.option("--reason", metavar="TEXT", required=True, help=_("Why. The public reads it on the notice."))
@click.pass_obj
def withdraw(session: Session, paths: tuple[str, ...], person: str | None, as_json: bool, reason: str) -> None:
    """Withdraw."""
    text = _said(reason, "--reason") or ""
    if session.names_everything(paths):
        raise Unusable(_("this would withdraw the whole site; name entries or a folder"))
    _act(session, paths, person, as_json, lambda desk, path: desk.withdraw(path, text))


def _said(text: str | None, option: str) -> str | None:
    """A note on one line, as the dossier keeps it; None where none was given."""
    if text is None:
        return None
    line = " ".join(text.split())
    if not line:
        raise click.BadParameter(_("is empty; write a few words"), param_hint=option)
    if not line.isprintable():
        raise click.BadParameter(_("contains characters that are no text; type it anew"), param_hint=option)
    return line


def _act(session: Session, paths: tuple[str, ...], person: str | None, as_json: bool, do: Do) -> None:
    """Do one act on every path; what is refused in a folder is passed over and counted, what was named is an error."""
    desk = Desk(session.configuration, session.person(person), session.now, session.tree)
    named, found = session.select(paths)
    results = [_try(session, desk, path, do) for path in [*named, *found]]
    refused = [result for result in results if not result["done"]]
    wrong = [result for result in refused if result["path"] in named or result["problems"]]
    wrong = wrong or (refused if len(refused) == len(results) else [])
    if as_json:
        print_json({"results": results})
    else:
        _tell(results, wrong)
    if wrong:
        raise SystemExit(REFUSED)


def _try(session: Session, desk: Desk, path: str, do: Do) -> dict[str, Any]:
    result: dict[str, Any] = {"path": path, "done": False, "message": "", "problems": []}
    try:
        outcome = do(desk, path)
    except InvalidInput as error:
        result["problems"] = [problem_facts(problem) for problem in error.problems]
        result["message"] = str(error)
    except Refused as error:
        result["message"] = f"{session.label(path)}: {error}"
    except OSError as error:
        result["message"] = f"{session.label(path)}: {os_error_text(error)}"
        result["problems"] = [
            {"path": path, "line": None, "key": None, "message": str(error.strerror), "advice": False}
        ]
    else:
        result.update(done=True, act=outcome.act.value, stage=outcome.stage, message=_outcome_text(session, outcome))
    return result


def _outcome_text(session: Session, outcome: Outcome) -> str:
    done = {
        Act.SUBMIT: _("submitted"),
        Act.APPROVE: _("approved at {stage}").format(stage=wording.stage_title(outcome.stage, session.policy)),
        Act.RETURN: _("returned"),
        Act.WITHDRAW: _("withdrawn"),
    }[outcome.act]
    standing = outcome.standing
    if outcome.act is Act.APPROVE and standing.reason is None:
        after = _("the next build publishes it")
    elif outcome.act in (Act.SUBMIT, Act.APPROVE):
        after = wording.reason_text(standing, session.policy, session.now.date())
    elif outcome.act is Act.WITHDRAW:
        after = _("the next build takes it down")
    else:
        after = _("mend it and submit it again")
    version = standing.version
    title = _("“{title}”").format(title=version.meta.title) if version else ""
    if outcome.flag_error:
        after += _(" (recorded, but the flag in the file could not be set: {reason})").format(reason=outcome.flag_error)
    return _("{path} {title}: {done}; {after}").format(
        path=session.label(outcome.path), title=title, done=done, after=after
    )


def _tell(results: list[dict[str, Any]], wrong: list[dict[str, Any]]) -> None:
    for result in results:
        if result["done"]:
            click.echo(result["message"])
    for result in wrong:
        click.echo(_("Not done: {message}").format(message=result["message"]), err=True)
    skipped = sum(not result["done"] for result in results) - len(wrong)
    if skipped:
        click.echo(
            _("{count} others in these folders were left alone: it is not their or your turn.").format(count=skipped)
        )
