"""`gongshi ledger`: write all entries and all decisions into a spreadsheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from gongshi.cli import options
from gongshi.cli.session import Session, print_json, reporting, warn
from gongshi.common.errors import printable
from gongshi.common.progress import spinner
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports import ledger as ledgers
from gongshi.reports import ledger_sheets, spreadsheet
from gongshi.reports.entry_history import Period
from gongshi.reports.ledger import Ledger

_SUFFIXES = (".xlsx", ".csv")


@click.command(
    help=_(
        "Write the ledger: all entries and pages, and all acts on them, including those that do not count. "
        "With --from and --to it contains the acts of these days, first and last included, and the entries "
        "that they concern."
    )
)
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("The file to write, .xlsx or .csv; the default is ledger-DAY.xlsx in this folder. .csv makes two files."),
)
@options.period_options
@click.option(
    "--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs; a file is then written only with -o.")
)
@options.force_option
@click.pass_obj
def ledger(
    session: Session, file: Path | None, first: date | None, last: date | None, as_json: bool, force: bool
) -> None:
    """Write the ledger."""
    options.check_order(first, last)
    if file is None and not as_json:
        file = Path(f"ledger-{session.now:%Y-%m-%d}.xlsx")
    if file is not None:
        options.check_output_path(session, file, _SUFFIXES)
    with spinner(_("Writing the ledger …")):
        found = ledgers.ledger(session.survey(), Period(first, last))
        files = _files(found, file) if file else {}
    options.write_outputs(files, force)
    with reporting(options.names(files)):
        if as_json:
            print_json(_json_values(found, list(files)))
        else:
            _print_summary(found, list(files))
    for damage in found.damages if not as_json else ():
        warn(_("Damaged record: {problem}").format(problem=damage.why))


def _files(found: Ledger, file: Path) -> dict[Path, bytes]:
    if file.suffix.lower() == ".xlsx":
        unit = found.policy.unit.name
        tables = ledger_sheets.sheets(found)
        return {file: spreadsheet.workbook(tables, ledger_sheets.title(found), unit, found.now)}
    other = file.with_name(f"{file.stem}-acts{file.suffix}")
    return {
        file: spreadsheet.csv_file(ledger_sheets.entries(found)),
        other: spreadsheet.csv_file(ledger_sheets.acts(found)),
    }


def _print_summary(found: Ledger, files: list[Path]) -> None:
    for file in files:
        click.echo(printable(str(file)))
    entries = ngettext("{count} entry or page", "{count} entries and pages", len(found.entries))
    acts = ngettext("{count} act", "{count} acts", len(found.acts))
    message = _("{entries}, {acts} ({period}).")
    click.echo(
        message.format(
            entries=entries.format(count=len(found.entries)),
            acts=acts.format(count=len(found.acts)),
            period=ledger_sheets.period_text(found.period),
        )
    )
    for note in ledger_sheets.notes(found):
        click.echo(note)


def _json_values(found: Ledger, files: list[Path]) -> dict[str, Any]:
    return {
        "unit": found.policy.unit.name,
        "assurance": found.policy.assurance,
        "as_of": options.json_value(found.now),
        "from": options.json_value(found.period.first),
        "to": options.json_value(found.period.last),
        "files": [str(file) for file in files],
        "entries": [_json_row(row) for row in found.entries],
        "acts": [_json_row(row) for row in found.acts],
        "damaged": [{"entry": damage.entry, "line": damage.line, "message": damage.why} for damage in found.damages],
        "dossiers_left_out": found.left_out,
    }


def _json_row(row: object) -> dict[str, Any]:
    values = dict(vars(row))
    values.update(values.pop("listed", {}))
    return {key: options.json_value(value) for key, value in values.items()}
