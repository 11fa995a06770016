"""The group of commands and the options they share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gongshi import __version__
from gongshi.faces.cli.check import check
from gongshi.faces.cli.decide import approve, correct, send_back, submit, urgent, withdraw
from gongshi.faces.cli.diff import diff
from gongshi.faces.cli.doctor import doctor
from gongshi.faces.cli.ledger import ledger
from gongshi.faces.cli.new import new
from gongshi.faces.cli.session import Session, told
from gongshi.faces.cli.stage import stage
from gongshi.faces.cli.stats import stats
from gongshi.faces.cli.status import status
from gongshi.faces.cli.verify import verify
from gongshi.i18n import gettext as _


class _Commands(click.Group):
    def invoke(self, context: click.Context) -> Any:
        with told():
            return super().invoke(context)


@click.group(
    cls=_Commands,
    help=_("Write, review and publish the entries of a public unit's site: only what was approved is published."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s", help=_("Show the version and exit."))
@click.option(
    "-f",
    "--config-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The site's mkdocs.yml; the default is the one in this folder or above it."),
)
@click.pass_context
def gongshi(context: click.Context, config_file: Path | None) -> None:
    """Keep the session for the command that follows."""
    context.obj = Session(config_file)


for _command in (
    new, status, submit, correct, approve, send_back, withdraw, urgent,
    diff, check, doctor, stage, verify, ledger, stats,
):  # fmt: skip
    gongshi.add_command(_command)
