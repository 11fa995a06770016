"""Lay out the statistics as the sheets of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongshi.domain.review.messages import stage_title
from gongshi.i18n import gettext as _
from gongshi.reports.entry_history import local
from gongshi.reports.ledger_sheets import period_text
from gongshi.reports.spreadsheet import Cell, Sheet, SheetColumn
from gongshi.reports.statistics import Group, Statistics, annual_report


def title(found: Statistics) -> str:
    """Return the title of the document."""
    return _("{unit}: publication statistics").format(unit=found.policy.unit.name)


def sheets(found: Statistics) -> list[Sheet]:
    """Return the sheets: by month, by stage, for the annual report, and about the figures."""
    return [months(found), stages(found), annual(found), cover(found)]


def months(found: Statistics) -> Sheet:
    """Return the sheet with one row for each column and month, which is given as its first day."""
    columns = [SheetColumn(_("Column"), 20), SheetColumn(_("Month"), 12, "yyyy-mm")]
    columns += [SheetColumn(name, 12) for name in count_titles().values()]
    rows = [
        [group.title, month, *(getattr(counts, key) for key in count_titles())]
        for group in found.groups
        for month, counts in group.months.items()
    ]
    return Sheet(_("By month"), columns, rows)


def count_titles() -> dict[str, str]:
    """Return the titles of the numbers in `Counts`, in the order of the tables."""
    return {
        "new": _("New"),
        "updated": _("Updated"),
        "corrected": _("Corrected"),
        "urgent": _("Urgent"),
        "withdrawn": _("Withdrawals"),
        "returned": _("Returns"),
    }


def stage_titles() -> list[str]:
    """Return the headings of the table of stages."""
    return [_("Stage"), _("Decisions"), _("Average days"), _("Longest"), _("Waiting"), _("Oldest since")]


def stages(found: Statistics) -> Sheet:
    """Return the sheet with one row for each column and stage."""
    columns = [SheetColumn(_("Column"), 20), *(SheetColumn(name, 16) for name in stage_titles())]
    rows = [row for group in found.groups for row in _stage_rows(group, found)]
    return Sheet(_("By stage"), columns, rows)


def _stage_rows(group: Group, found: Statistics) -> Iterator[Sequence[Cell]]:
    for stage in group.stages:
        since = local(stage.since, found.policy) if stage.since else None
        name = stage_title(stage.stage, found.policy)
        yield [group.title, name, stage.decisions, stage.mean_days, stage.longest_days, stage.waiting, since]


def annual(found: Statistics) -> Sheet:
    """Return the sheet with the counts that the annual site report asks for."""
    columns = [SheetColumn(_("Item"), 36), SheetColumn(_("Count"), 10), SheetColumn(_("What is counted"), 50)]
    return Sheet(_("Annual report"), columns, [[row.title, row.count, row.how] for row in annual_report(found)])


def cover(found: Statistics) -> Sheet:
    """Return the sheet about the figures: unit, period and notes."""
    rows: list[Sequence[Cell]] = [
        [_("Unit"), found.policy.unit.name],
        [_("Period"), period_text(found.period)],
        [_("Made at"), local(found.now, found.policy)],
        [_("Time zone of all times"), str(found.policy.zone)],
        *([_("Note"), note] for note in notes(found)),
        *([_("Damaged record"), problem] for problem in found.damages),
    ]
    return Sheet(_("About"), [SheetColumn(_("Item"), 28), SheetColumn(_("Content"), 90)], rows, filtered=False)


def notes(found: Statistics) -> Iterator[str]:
    """Return notes on how to read the figures."""
    yield _("Urgent publications are also counted as new or updated. A day is 24 hours; weekends are included.")
    yield _("The annual report is counted as this program reads the form; compare it with your superior's guidance.")
    if found.policy.assurance == "flag":
        yield _(
            "With assurance: flag no acts are kept: an entry is counted on its own date; "
            "updates, corrections, returns and the time that stages take are not known."
        )
