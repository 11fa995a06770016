"""The commands that decide: `submit`, `correct`, `approve`, `return`, `withdraw` and `urgent`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from gongshi.cli.review_runner import Do, How, act, options, said
from gongshi.cli.session import Session, warn
from gongshi.common.errors import InvalidInput, UsageError, printable
from gongshi.common.files import OWN_FOLDER
from gongshi.domain.review.actions import Outcome, ReviewActions
from gongshi.i18n import gettext as _

_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH…")
_path = click.argument("path", metavar="PATH")
_DIGEST = re.compile(r"[0-9A-Fa-f]{12,64}")


def _act(session: Session, paths: Sequence[str], how: How, do: Do) -> None:
    """Do one act on every path; afterwards, this clone remembers the dossiers once.

    Args:
        session: this run of the command.
        paths: files or folders as the user named them.
        how: the options.
        do: the act.
    """
    acted: set[ReviewActions] = set()

    def noted(actions: ReviewActions, path: str) -> Outcome:
        outcome = do(actions, path)
        acted.add(actions)
        return outcome

    try:
        act(session, paths, how, noted)
    finally:
        for actions in acted:
            _remember(actions)


def _remember(actions: ReviewActions) -> None:
    """Remember the dossiers; a failure is only a warning, as the acts are done."""
    try:
        actions.remember()
    except (OSError, InvalidInput) as error:
        message = _(
            "recorded, but this clone cannot remember it in {folder} ({reason}): "
            "decisions put back to an older state will not be noticed here"
        )
        reason = str(error) if isinstance(error, InvalidInput) else error.strerror or str(error)
        warn(message.format(folder=OWN_FOLDER, reason=printable(reason)))


@click.command(
    help=_("Hand entries in for review. PATH is a file or a folder; of a folder all that is ready is taken.")
)
@_paths
@options
@click.option("--note", metavar="TEXT", help=_("A word to the approvers; it goes into the dossier."))
@click.pass_obj
def submit(session: Session, paths: tuple[str, ...], how: How, note: str | None) -> None:
    """Hand in."""
    text = said(note, "--note")
    _act(session, paths, how, lambda actions, path: actions.submit(path, text))


@click.command(
    help=_(
        "Hand in a minor correction: a few words of what is public. Anybody in office may. No front matter, file, "
        "link, picture, heading or HTML may differ, and no more characters, put in and taken out, than "
        "review.correction.characters in mkdocs.yml since the version that passed the full chain last. It takes the "
        "shorter chain of review.correction.chain, by others than who handed it in and the author."
    )
)
@_path
@options
@click.option("--note", metavar="TEXT", required=True, help=_("What was corrected, and why; it goes into the dossier."))
@click.pass_obj
def correct(session: Session, path: str, how: How, note: str) -> None:
    """Correct."""
    text = said(note, "--note") or ""
    _act(session, [path], how, lambda actions, entry: actions.correct(entry, text))


@click.command(
    help=_(
        "Approve entries at the stage they wait for. What you approve is the file as it is now, with its attachments; "
        "--digest makes sure that it is what you looked at."
    )
)
@_paths
@options
@click.option("--stage", metavar="STAGE", help=_("Refuse unless the entry waits for this stage."))
@click.option("--note", metavar="TEXT", help=_("Your opinion; it goes into the dossier."))
@click.option(
    "--digest",
    metavar="HEX",
    help=_("Refuse unless this is the digest of the one entry: all of it, or its first 12 digits or more."),
)
@click.pass_obj
def approve(
    session: Session, paths: tuple[str, ...], how: How, stage: str | None, note: str | None, digest: str | None
) -> None:
    """One stage forward."""
    if stage is not None and stage not in session.policy.stages:
        known = ", ".join(session.policy.stages)
        raise click.BadParameter(_("there is no stage {stage}; known are {names}").format(stage=stage, names=known))
    text = said(note, "--note")
    pin = _pin(session, paths, digest)
    _act(session, paths, how, lambda actions, path: actions.approve(path, stage, text, pin))


def _pin(session: Session, paths: tuple[str, ...], digest: str | None) -> str:
    """Return the beginning of the digest that may be approved; empty for any."""
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
def return_to_author(session: Session, paths: tuple[str, ...], how: How, note: str) -> None:
    """Return."""
    text = said(note, "--note") or ""
    _act(session, paths, how, lambda actions, path: actions.return_to_author(path, text))


@click.command(help=_("Take entries down. A notice with date and reason takes the page's place; its files go."))
@_paths
@options
@click.option("--reason", metavar="TEXT", required=True, help=_("Why. The public reads it on the notice."))
@click.pass_obj
def withdraw(session: Session, paths: tuple[str, ...], how: How, reason: str) -> None:
    """Withdraw."""
    text = said(reason, "--reason") or ""
    if session.names_everything(paths):
        raise UsageError(_("this would withdraw the whole site; name entries or a folder"))
    _act(session, paths, how, lambda actions, path: actions.withdraw(path, text))


@click.command(
    help=_(
        "Publish an entry at once, before its chain. Who holds the role of review.urgent.role in mkdocs.yml may, but "
        "not the author. The full chain (columns.COLUMN.chain, else review.chain) must follow within "
        "review.urgent.review_within, by others, or the page is taken down again. Approvals given before do not count: "
        "the chain begins anew."
    )
)
@_path
@options
@click.option("--reason", metavar="TEXT", required=True, help=_("Why it cannot wait; it goes into the dossier."))
@click.pass_obj
def urgent(session: Session, path: str, how: How, reason: str) -> None:
    """Publish at once."""
    text = said(reason, "--reason") or ""
    _act(session, [path], how, lambda actions, entry: actions.urgent(entry, text))
