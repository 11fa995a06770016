"""The review commands: `submit`, `correct`, `approve`, `return`, `withdraw` and `urgent`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from gongshi.cli.review_runner import ActionOptions, Do, clean_note, options, run_action
from gongshi.cli.session import Session, warn
from gongshi.common.errors import InvalidInput, UsageError, printable
from gongshi.common.files import STATE_DIR
from gongshi.domain.review.actions import Outcome, ReviewActions
from gongshi.i18n import gettext as _

_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH…")
_path = click.argument("path", metavar="PATH")
_DIGEST = re.compile(r"[0-9A-Fa-f]{12,64}")


def _run(session: Session, paths: Sequence[str], how: ActionOptions, do: Do) -> None:
    """Run one action on every path, then store the state of the records once for the rollback guard.

    Args:
        session: the session of the command.
        paths: files or folders as given by the user.
        how: the options.
        do: the action.
    """
    acted: set[ReviewActions] = set()

    def do_and_note(actions: ReviewActions, path: str) -> Outcome:
        outcome = do(actions, path)
        acted.add(actions)
        return outcome

    try:
        run_action(session, paths, how, do_and_note)
    finally:
        for actions in acted:
            _remember(actions)


def _remember(actions: ReviewActions) -> None:
    """Store the state of the records; a failure is only a warning, because the decisions are already recorded."""
    try:
        actions.remember()
    except (OSError, InvalidInput) as error:
        message = _(
            "recorded, but this clone cannot note it in {folder} ({reason}): if older decisions are put back, "
            "this clone will not notice"
        )
        reason = str(error) if isinstance(error, InvalidInput) else error.strerror or str(error)
        warn(message.format(folder=STATE_DIR, reason=printable(reason)))


@click.command(
    help=_(
        "Submit entries for review. PATH is a file or a folder; in a folder, all entries that are ready are submitted."
    )
)
@_paths
@options
@click.option("--note", metavar="TEXT", help=_("A note to the approvers; it goes into the dossier."))
@click.pass_obj
def submit(session: Session, paths: tuple[str, ...], how: ActionOptions, note: str | None) -> None:
    """Submit entries for review."""
    text = clean_note(note, "--note")
    _run(session, paths, how, lambda actions, path: actions.submit(path, text))


@click.command(
    help=_(
        "Submit a minor correction: a few words of a public text. Anybody in office may do this. Front "
        "matter, files, links, pictures, levels of headings and HTML tags must stay the same, and no more characters "
        "may be inserted and deleted than review.correction.characters in mkdocs.yml since the last version "
        "that passed the full chain. It takes the shorter chain of review.correction.chain, by people "
        "other than the submitter and the author."
    )
)
@_path
@options
@click.option("--note", metavar="TEXT", required=True, help=_("What was corrected, and why; it goes into the dossier."))
@click.pass_obj
def correct(session: Session, path: str, how: ActionOptions, note: str) -> None:
    """Submit a minor correction."""
    text = clean_note(note, "--note") or ""
    _run(session, [path], how, lambda actions, entry: actions.correct(entry, text))


@click.command(
    help=_(
        "Approve entries at the stage they wait for. You approve the file as it is now, with its "
        "attachments; --digest makes sure that it is the version that you looked at."
    )
)
@_paths
@options
@click.option("--stage", metavar="STAGE", help=_("Refuse unless the entry waits for this stage."))
@click.option("--note", metavar="TEXT", help=_("Your opinion; it goes into the dossier."))
@click.option(
    "--digest",
    metavar="HEX",
    help=_("Refuse unless the entry has this digest: all of it, or its first 12 digits or more."),
)
@click.pass_obj
def approve(
    session: Session,
    paths: tuple[str, ...],
    how: ActionOptions,
    stage: str | None,
    note: str | None,
    digest: str | None,
) -> None:
    """Approve entries at their current stage."""
    wanted = None if stage is None else session.stage(stage)
    text = clean_note(note, "--note")
    pin = _checked_digest(session, paths, digest)
    _run(session, paths, how, lambda actions, path: actions.approve(path, wanted, text, pin))


def _checked_digest(session: Session, paths: tuple[str, ...], digest: str | None) -> str:
    """Check `--digest` and return it in lower case; empty if not given."""
    if digest is None:
        return ""
    if not _DIGEST.fullmatch(digest):
        message = _("must be 12 to 64 hexadecimal digits, as `gongshi status --json` shows them")
        raise click.BadParameter(message, param_hint="--digest")
    if len(paths) > 1 or sum(map(len, session.select(paths))) > 1:
        raise click.BadParameter(_("belongs to one entry; name that one only"), param_hint="--digest")
    return digest.lower()


@click.command(
    "return", help=_("Return entries to their authors. The round ends; the next begins with a new submission.")
)
@_paths
@options
@click.option("--note", metavar="TEXT", required=True, help=_("What must be changed; it goes into the dossier."))
@click.pass_obj
def return_to_author(session: Session, paths: tuple[str, ...], how: ActionOptions, note: str) -> None:
    """Return entries to their authors."""
    text = clean_note(note, "--note") or ""
    _run(session, paths, how, lambda actions, path: actions.return_to_author(path, text))


@click.command(help=_("Withdraw entries. A notice with date and reason replaces the page; its files are removed."))
@_paths
@options
@click.option("--reason", metavar="TEXT", required=True, help=_("The reason; visitors read it on the notice."))
@click.pass_obj
def withdraw(session: Session, paths: tuple[str, ...], how: ActionOptions, reason: str) -> None:
    """Withdraw entries."""
    text = clean_note(reason, "--reason") or ""
    if session.names_everything(paths):
        raise UsageError(_("this would withdraw the whole site; name entries or a folder"))
    _run(session, paths, how, lambda actions, path: actions.withdraw(path, text))


@click.command(
    help=_(
        "Publish an entry at once, before its chain. A person with the role review.urgent.role in "
        "mkdocs.yml may do this, but not the author. The full chain (columns.COLUMN.chain, else "
        "review.chain) must follow within review.urgent.review_within, by others, or the page is taken "
        "down again. Approvals given before do not count: the chain starts again."
    )
)
@_path
@options
@click.option("--reason", metavar="TEXT", required=True, help=_("Why it cannot wait; it goes into the dossier."))
@click.pass_obj
def urgent(session: Session, path: str, how: ActionOptions, reason: str) -> None:
    """Publish an entry urgently, before its approval chain."""
    text = clean_note(reason, "--reason") or ""
    _run(session, [path], how, lambda actions, entry: actions.urgent(entry, text))
