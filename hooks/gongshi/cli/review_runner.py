"""Shared code of the review commands: options, running one action on many paths, and the report."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongshi.cli.session import REFUSED, Session, os_error_text, print_json, problem_json, reporting, warn
from gongshi.common import characters
from gongshi.common.errors import InvalidInput, Problem, Refused
from gongshi.domain.content.docs_tree import Draft
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action
from gongshi.domain.review import messages
from gongshi.domain.review.actions import Outcome, ReviewActions
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.integrations import git_commit, openssh
from gongshi.integrations.git_commit import CommitResult
from gongshi.site.markdown.plain_text import has_marks

if TYPE_CHECKING:
    from gongshi.build.content_check import ContentChecker, DraftText

Do = Callable[[ReviewActions, str], Outcome]


_TOWARDS_PUBLICATION = frozenset((Action.SUBMIT, Action.CORRECT, Action.APPROVE, Action.URGENT))


@dataclass(frozen=True)
class ActionOptions:
    """The options of all review commands."""

    person: str | None
    key: Path | None
    commit: bool
    as_json: bool


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of all review commands; they are passed as `how`.

    Args:
        command: the command's function.
    """

    @wraps(command)
    def gathered(*args: Any, person: str | None, key: Path | None, commit: bool, as_json: bool, **rest: Any) -> None:
        command(*args, how=ActionOptions(person, key, commit, as_json), **rest)

    wrapped: Callable[..., None] = gathered
    for option in (
        click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs.")),
        click.option("--commit", is_flag=True, help=_("Commit the written files, one commit for each entry.")),
        click.option(
            "--key",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help=_(
                "Your private key, if decisions are signed; the default is git's user.signingKey, else a key in "
                "the ssh agent."
            ),
        ),
        click.option(
            "--as",
            "person",
            metavar="PERSON",
            help=_("The person who acts; the default is the person with git's user.email."),
        ),
    ):
        wrapped = option(wrapped)
    return wrapped


def clean_note(text: str | None, option: str) -> str | None:
    """Return a note on one line, as the dossier keeps it; None where none was given.

    Args:
        text: the note as the user wrote it.
        option: the option to name in messages.
    """
    if text is None:
        return None
    line = " ".join(text.split())
    # Combining marks (Mn), such as the variation selector of an emoji, are allowed.
    hidden = any(characters.is_invisible(character) and unicodedata.category(character) != "Mn" for character in line)
    if all(characters.is_invisible(character) or character == " " for character in line):
        raise click.BadParameter(_("is empty; write a few words"), param_hint=option)
    if fault := characters.refused_in_line(line):
        raise click.BadParameter(fault, param_hint=option)
    if hidden:
        raise click.BadParameter(_("contains invisible characters; type it again"), param_hint=option)
    return line


def run_action(session: Session, paths: Sequence[str], how: ActionOptions, do: Do) -> None:
    """Do one act on every path.

    A refusal of an entry that was found in a folder is counted only; one of an entry that was named is an error.

    Args:
        session: the session of the command.
        paths: files or folders as given by the user.
        how: the options.
        do: the action.
    """
    person = session.person(how.person)
    sign = None
    if session.policy.signed or how.key:
        sign = openssh.make_signer(session.policy, person, session.now.date(), session.configuration.root, how.key)
    via = session.other_user(person) if how.person else None
    notice = other_user_text(session, person, via) if via else None
    if notice:
        warn(notice)
    texts = _TextChecks(session)
    actions = ReviewActions(session.configuration, person, session.now, session.tree, sign, via, texts.problems)
    named, found = session.select(paths)
    results = [_try(session, actions, path, do, how, texts) for path in [*named, *found]]
    refused = [result for result in results if not result["done"]]
    wrong = [result for result in refused if result["path"] in named or result["problems"]]
    wrong = wrong or (refused if len(refused) == len(results) else [])
    try:
        with reporting(result["message"] for result in results if result["done"]):
            if how.as_json:
                print_json({"results": results, "via": via, "notice": notice})
            else:
                _print_results(results, wrong)
    finally:
        if not how.as_json:
            _warn_of_failures(results, wrong)
    if wrong or any(result["commit_error"] for result in results):
        raise SystemExit(REFUSED)


def other_user_text(session: Session, person: str, via: str) -> str:
    """Return the message that git's user acts for another person.

    Args:
        session: the session of the command.
        person: the id of the acting person.
        via: git's user.
    """
    text = _("You act as {person} (--as), but git's user is {via}; the record keeps both")
    if session.policy.assurance == "flag":
        text = _("You act as {person} (--as), but git's user is {via}")
    return text.format(person=messages.person_name(person, session.policy), via=via)


class _TextChecks:
    """Checks the texts of one command with the converter of a build.

    Args:
        session: the session of the command.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def problems(self, path: str, draft: Draft) -> list[Problem]:
        """Return the problems of a text that a build could not convert in time.

        Args:
            path: the entry, relative to `docs/`.
            draft: its draft.
        """
        if draft.version is None:
            return list(draft.problems)
        text = self._text(path, draft, draft.version)
        return [problem for problems in self._checker.complex_problems([text]) for problem in problems]

    def advice(self, path: str, draft: Draft) -> list[Problem]:
        """Return advice on the places where the page says something else than the text.

        Args:
            path: the entry, relative to `docs/`.
            draft: its draft.
        """
        if draft.version is None or not has_marks(draft.version.manuscript.body):
            return []
        return self._checker.page_advice(self._text(path, draft, draft.version))

    def _text(self, path: str, draft: Draft, version: Version) -> DraftText:
        # Slow to load, and most commands do not need it.
        from gongshi.build.content_check import DraftText

        return DraftText(path, self._session.label(path), draft.content, version.manuscript.body)

    @cached_property
    def _checker(self) -> ContentChecker:
        from gongshi.build.content_check import ContentChecker

        return ContentChecker(self._session.configuration)


def _try(
    session: Session, actions: ReviewActions, path: str, do: Do, how: ActionOptions, texts: _TextChecks
) -> dict[str, Any]:
    result: dict[str, Any] = {"path": path, "done": False, "message": "", "problems": []}
    result.update(commit_error=None, commit_note=None)
    try:
        outcome = do(actions, path)
    except InvalidInput as error:
        result["problems"] = [problem_json(problem) for problem in error.problems]
        result["message"] = str(error)
    except Refused as error:
        result["message"] = f"{session.label(path)}: {error}"
    except OSError as error:
        result["message"] = f"{session.label(path)}: {os_error_text(error)}"
        result["problems"] = [
            {"path": path, "line": None, "key": None, "message": str(error.strerror), "advice": False}
        ]
    else:
        result.update(
            done=True,
            act=outcome.decision.act.value,
            stage=outcome.decision.stage,
            message=_outcome_text(session, outcome),
        )
        if outcome.judged and outcome.decision.act in _TOWARDS_PUBLICATION:
            result["problems"] = [problem_json(problem) for problem in texts.advice(path, outcome.judged)]
        if how.commit:
            committed = _commit(session, outcome)
            result.update(commit_error=committed.error, commit_note=committed.note)
    return result


def _commit(session: Session, outcome: Outcome) -> CommitResult:
    """Commit a decision; the commit message describes it in words and in trailers."""
    decision = outcome.decision
    subject = f"{_done_text(session, outcome)}: {session.label(outcome.path)}"
    trailers = {"Entry": outcome.path, "Act": decision.act.value, "By": decision.by, "Digest": decision.digest}
    if decision.stage:
        trailers["Stage"] = decision.stage
    if decision.via:
        trailers["Via"] = decision.via
    lines = "".join(f"Gongshi-{name}: {value}\n" for name, value in trailers.items())
    try:
        return git_commit.commit(session.configuration, outcome, f"{subject}\n\n{lines}")
    except Refused as error:
        return CommitResult(error=str(error))
    except OSError as error:
        return CommitResult(error=error.strerror or str(error))


def _outcome_text(session: Session, outcome: Outcome) -> str:
    status = outcome.status
    if outcome.decision.act is Action.APPROVE and status.reason is None:
        after = _("the next build publishes it")
    elif outcome.decision.act is Action.URGENT:
        after = _("the next build publishes it; {owed}").format(owed=messages.owed_text(status, session.policy))
    elif outcome.decision.act in (Action.SUBMIT, Action.CORRECT, Action.APPROVE):
        after = messages.reason_text(status, session.policy, session.now.date())
    elif outcome.decision.act is Action.WITHDRAW:
        after = _("the next build takes it down")
    else:
        after = _("correct it and submit it again")
    version = status.version
    title = _("“{title}”").format(title=version.meta.title) if version else ""
    if outcome.written.flag_error:
        after += _(" (recorded, but the flag in the file could not be set: {reason})").format(
            reason=outcome.written.flag_error
        )
    return _("{path} {title}: {done}; {after}").format(
        path=session.label(outcome.path), title=title, done=_done_text(session, outcome), after=after
    )


def _done_text(session: Session, outcome: Outcome) -> str:
    return {
        Action.SUBMIT: _("submitted"),
        Action.CORRECT: _("correction submitted"),
        Action.APPROVE: _("approved at {stage}").format(
            stage=messages.stage_title(outcome.decision.stage, session.policy)
        ),
        Action.URGENT: _("published urgently"),
        Action.RETURN: _("returned"),
        Action.WITHDRAW: _("withdrawn"),
    }[outcome.decision.act]


def _print_results(results: list[dict[str, Any]], wrong: list[dict[str, Any]]) -> None:
    for result in results:
        if result["done"]:
            click.echo(result["message"])
            for problem in result["problems"]:
                place = f"{problem['path']}:{problem['line']}"
                click.echo(_("  {place}: {message} [advice]").format(place=place, message=problem["message"]))
        if result["commit_note"]:
            click.echo(result["commit_note"])
    skipped = sum(not result["done"] for result in results) - len(wrong)
    if skipped:
        message = ngettext(
            "{count} other in these folders was left unchanged: it is not its or your turn.",
            "{count} others in these folders were left unchanged: it is not their or your turn.",
            skipped,
        )
        click.echo(message.format(count=skipped))


def _warn_of_failures(results: list[dict[str, Any]], wrong: list[dict[str, Any]]) -> None:
    for result in results:
        if result["commit_error"]:
            message = _("{path}: recorded, but git did not commit it: {reason}")
            warn(message.format(path=result["path"], reason=result["commit_error"]))
    for result in wrong:
        warn(_("Not done: {message}").format(message=result["message"]))
