"""The command group `gongshi`: the list of commands and the global options."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from gongshi import __version__
from gongshi.cli.help_format import CellContext
from gongshi.cli.session import Session, errors_as_exit_codes
from gongshi.common.errors import printable
from gongshi.common.text import closest
from gongshi.i18n import gettext as _

_COMMANDS = {
    "new": "new:new",
    "import": "import_entries:import_entries",
    "status": "status:status",
    "submit": "review:submit",
    "correct": "review:correct",
    "approve": "review:approve",
    "return": "review:return_to_author",
    "withdraw": "review:withdraw",
    "urgent": "review:urgent",
    "diff": "diff:diff",
    "check": "check:check",
    "doctor": "doctor:doctor",
    "stage": "stage:stage",
    "verify": "verify:verify",
    "ledger": "ledger:ledger",
    "form": "form:form",
    "stats": "stats:stats",
    "help": "help:show_help",
}
"""Module in `cli.commands` and command object in it, by command name."""
_FIRST_SENTENCE = re.compile(r".*?(?:。|\.(?=\s)|\.?\Z)", re.DOTALL)


class LazyGroup(click.Group):
    """Command group that imports a command on use, because some commands import large libraries."""

    context_class = CellContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands in the order of the help text."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command; None for an unknown name."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name].split(":")
        found: click.Command = getattr(import_module(f"gongshi.cli.commands.{module}"), attribute)
        found.context_class = CellContext
        # click would cut the line in the list of commands at a space, and Chinese has none.
        found.short_help = _FIRST_SENTENCE.match(found.help or "")[0]  # type: ignore[index]
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the named command; for an unknown name, an error that suggests one."""
        name = args[0]
        if name in _COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        message = _("No such command: {name}").format(name=printable(name))
        if near := closest(name, _COMMANDS):
            message = _("{message}. Did you mean {name}?").format(message=message, name=near)
        raise click.UsageError(message, ctx)

    def invoke(self, context: click.Context) -> Any:
        """Run a command; errors become one message and an exit code."""
        with errors_as_exit_codes():
            return super().invoke(context)


@click.group(
    cls=LazyGroup,
    help=_("Write, review and publish the entries of a public unit's site: only what was approved is published."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s", help=_("Show the version and exit."))
@click.option(
    "-f",
    "--config-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The site's mkdocs.yml; the default is the one in this folder or above it."),
)
@click.pass_context
def gongshi(context: click.Context, config_file: Path | None) -> None:
    """Create the session for the command."""
    context.obj = Session(config_file)
