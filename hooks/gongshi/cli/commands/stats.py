"""`gongshi stats`: statistics of publications per column and month."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from gongshi.cli import options
from gongshi.cli.session import Session, print_json, reporting, warn
from gongshi.common.errors import printable
from gongshi.domain.review.messages import stage_title
from gongshi.i18n import gettext as _
from gongshi.reports import spreadsheet, statistics_sheets
from gongshi.reports.entry_history import local
from gongshi.reports.ledger_sheets import period_text
from gongshi.reports.statistics import Group, Statistics, annual_report, statistics

_BAR = 14
"""Length of the longest bar, in terminal cells."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


@click.command(
    help=_(
        "Count what was published, per column and month, how long each stage took, and what the annual "
        "report of a government site asks for. The default is this year up to today; days are in the "
        "site's time zone."
    )
)
@options.period_options
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.option(
    "--xlsx", "file", metavar="FILE", type=click.Path(path_type=Path), help=_("Also write the figures into this file.")
)
@options.force_option
@click.pass_obj
def stats(
    session: Session, first: date | None, last: date | None, as_json: bool, file: Path | None, force: bool
) -> None:
    """Compute the statistics and print or write them."""
    last = last or max(session.now.date(), first or date.min)
    first = first or last.replace(month=1, day=1)
    options.check_order(first, last)
    if file is not None:
        options.check_output_path(session, file, (".xlsx",))
    found = statistics(session.survey(), first, last)
    if file is not None:
        tables, unit = statistics_sheets.sheets(found), found.policy.unit.name
        options.write_outputs(
            {file: spreadsheet.workbook(tables, statistics_sheets.title(found), unit, found.now)}, force
        )
    with reporting(options.names([file] if file else [])):
        if as_json:
            print_json(_json_values(found, file))
        else:
            _Printer(found).tell(file)


class _Printer:
    """Prints statistics on the terminal: aligned for wide characters, in 80 columns, and without styles in a pipe."""

    def __init__(self, found: Statistics) -> None:
        self._found = found
        self._console = Console(highlight=False, markup=False, emoji=False)
        published = [counts.published for group in found.groups for counts in group.months.values()]
        self._most = max([1, *published])

    def tell(self, file: Path | None) -> None:
        """Print everything.

        Args:
            file: the spreadsheet that was written, or None.
        """
        unit, period = self._found.policy.unit.name, period_text(self._found.period)
        self._line(_("{unit}, {period}").format(unit=unit, period=period))
        for group in self._found.groups:
            self._show(group.title, self._months(group) if any(vars(group.total).values()) else None)
        self._show(_("Stages"), self._stages() if any(group.stages for group in self._found.groups) else None)
        self._show(_("For the annual report of the site"), self._annual())
        click.echo()
        for note in statistics_sheets.notes(self._found):
            self._line(note)
        for problem in self._found.damages:
            warn(_("Damaged record: {problem}").format(problem=problem))
        if file is not None:
            self._line(printable(str(file)))

    def _line(self, text: str) -> None:
        click.echo(printable(text))

    def _show(self, heading: str, table: Table | None) -> None:
        click.echo()
        click.echo(click.style(printable(heading), bold=True))
        if table is None:
            click.echo(_("nothing in this period"))
            return
        with self._console.capture() as captured:
            self._console.print(table)
        for line in captured.get().splitlines():
            click.echo(line.rstrip())

    def _months(self, group: Group) -> Table:
        titles = statistics_sheets.count_titles()
        table = _table([_("Month"), *titles.values(), ""], left=(0, len(titles) + 1))
        for month, counts in group.months.items():
            figures = [str(getattr(counts, key)) for key in titles]
            table.add_row(f"{month:%Y-%m}", *figures, self._bar(counts.published))
        table.add_row(_("Total"), *(str(getattr(group.total, key)) for key in titles), "")
        return table

    def _bar(self, count: int) -> str:
        eighths = round(count / self._most * _BAR * 8)
        if self._console.options.ascii_only:
            return "#" * (-(-eighths // 8))
        return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()

    def _stages(self) -> Table:
        policy = self._found.policy
        table = _table([_("Column"), *statistics_sheets.stage_titles()], left=(0, 1, 6))
        for group in self._found.groups:
            for stage in group.stages:
                table.add_row(
                    printable(group.title),
                    printable(stage_title(stage.stage, policy)),
                    str(stage.decisions),
                    "" if stage.mean_days is None else f"{stage.mean_days:.1f}",
                    "" if stage.longest_days is None else f"{stage.longest_days:.1f}",
                    str(stage.waiting),
                    f"{local(stage.since, policy):%Y-%m-%d}" if stage.since else "",
                )
        return table

    def _annual(self) -> Table:
        table = _table([_("Item"), _("Count"), _("What is counted")], left=(0, 2))
        for row in annual_report(self._found):
            table.add_row(row.title, str(row.count), row.how)
        return table


def _table(titles: list[str], left: tuple[int, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, title in enumerate(titles):
        table.add_column(title, justify="left" if number in left else "right", overflow="fold")
    return table


def _json_values(found: Statistics, file: Path | None) -> dict[str, Any]:
    return {
        "unit": found.policy.unit.name,
        "assurance": found.policy.assurance,
        "as_of": options.json_value(found.now),
        "from": options.json_value(found.period.first),
        "to": options.json_value(found.period.last),
        "file": str(file) if file else None,
        "columns": [_json_group(group) for group in found.groups],
        "annual_report": [asdict(row) for row in annual_report(found)],
        "notes": list(statistics_sheets.notes(found)),
        "damaged": list(found.damages),
    }


def _json_group(group: Group) -> dict[str, Any]:
    return {
        "column": group.column,
        "title": group.title,
        "kind": group.kind,
        "months": [{"month": f"{month:%Y-%m}", **asdict(counts)} for month, counts in group.months.items()],
        "total": asdict(group.total),
        "stages": [{key: options.json_value(value) for key, value in asdict(stage).items()} for stage in group.stages],
    }
