"""`gongshi new`: create a draft of an entry."""

from __future__ import annotations

import json

import click
import yaml

from gongshi.cli.session import Session, print_json, reporting, warn
from gongshi.common.errors import UsageError, printable
from gongshi.common.files import write_atomic
from gongshi.domain.content import text_advice
from gongshi.domain.records.free_path import free_path
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.yaml import one_line_text
from gongshi.i18n import current_language
from gongshi.i18n import gettext as _


def _one_title(context: click.Context, _argument: click.Parameter, words: tuple[str, ...]) -> str:
    """Return the title, which the shell has divided if it has blanks and no quotation marks."""
    if len(words) > 1:
        message = _('a title with blanks must stand in quotation marks: gongshi new {column} "{title}"')
        title = printable(" ".join(words))
        raise UsageError(message.format(column=printable(context.params.get("column", "COLUMN")), title=title))
    return words[0]


@click.command(help=_("Create a draft entry and print its path. COLUMN is the id or the title of a column."))
@click.argument("column", metavar="COLUMN")
@click.argument("title", metavar="TITLE", nargs=-1, required=True, callback=_one_title)
@click.option(
    "--as", "person", metavar="PERSON", help=_("The author; the default is the person with git's user.email.")
)
@click.option("--bundle", is_flag=True, help=_("Give the entry a folder of its own, for pictures and attachments."))
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def new(session: Session, column: str, title: str, person: str | None, bundle: bool, as_json: bool) -> None:
    """Create the draft and print its path."""
    section = session.column(column)
    title = _clean_title(title)
    author = session.author(person)
    text = _text(session, title, author, section.kind == "activity", bundle)
    archive = ReviewStore(session.configuration.docs)
    with archive.lock():
        session.tree.remove_leftovers()
        path = free_path(archive, session.configuration.docs, section.id, session.now, bundle)
        write_atomic(session.configuration.docs / path, text.encode())
    with reporting([session.label(path)]):
        if as_json:
            print_json({"path": path})
        else:
            click.echo(session.label(path))


def _clean_title(typed: str) -> str:
    """Return a title with ordinary spaces only; tell the user if that changes it."""
    title = one_line_text.with_plain_spaces(typed)
    if not title:
        raise UsageError(_("the title is empty; write a few words"))
    if fault := one_line_text.refusal(title, one_line_text.TITLE_LENGTH):
        raise UsageError(_("the title {fault}").format(fault=fault))
    if title != typed.strip():
        warn(
            _("Full-width or other odd spaces in the title were written as ordinary spaces: {title}").format(
                title=title
            )
        )
    return title


def _text(session: Session, title: str, author: str, is_activity: bool, bundle: bool) -> str:
    lines = [
        "---",
        f"title: {_scalar(title)}",
        # Elsewhere the record says when the entry became public, and a day written now would be wrong by then.
        *([f"date: {session.now:%Y-%m-%d}"] if session.policy.assurance == "flag" else []),
        "status: draft",
        f"author: {author}",
        _("# summary: one or two sentences, at most 120 characters"),
        _("# tags: [one, two]"),
    ]
    if is_activity:
        event = ("event:", f"  start: {session.now:%Y-%m-%d} 09:00", "  " + _("# place: where"))
        lines += [f"# {line}" for line in event]
    if bundle:
        lines += [_("# attachments:"), _("#   - {{file: form.docx, title: Application form}}").format()]
    return "\n".join([*lines, "---", "", text_advice.placeholder(current_language()), ""])


def _scalar(text: str) -> str:
    """Return the title as a YAML scalar: plain if that is safe, else quoted."""
    plain = yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")
    return plain if "\n" not in plain else json.dumps(text, ensure_ascii=False)
