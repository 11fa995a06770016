"""Lay out the ledger as the sheets of a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import Field, fields
from datetime import date, datetime
from typing import Any, TypeVar

from gongshi.common import dates
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import Place, front_matter_key, heading, written_name
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports.entry_history import Period, local
from gongshi.reports.ledger import ActionRow, Damage, EntryRow, Ledger
from gongshi.reports.spreadsheet import Cell, Sheet, SheetColumn

Row = TypeVar("Row")
Columns = list[tuple[SheetColumn, Callable[[Row], Cell]]]


def title(ledger: Ledger) -> str:
    """Return the title of the document."""
    return _("{unit}: publication ledger").format(unit=ledger.policy.unit.name)


def sheets(ledger: Ledger) -> list[Sheet]:
    """Return the sheets: cover, entries and acts."""
    return [cover(ledger), entries(ledger), acts(ledger)]


def entries(ledger: Ledger) -> Sheet:
    """Return the sheet with one row for each entry or page."""
    columns = _entry_columns(ledger.policy)
    if ledger.policy.assurance == "flag":
        columns += [
            (SheetColumn(_("Flag"), 10), lambda row: row.flag),
            (SheetColumn(_("Flagged by"), 16), lambda row: _(", ").join(row.flagged_by)),
        ]
    return _sheet(_("Entries"), columns, ledger.entries)


def _entry_columns(policy: Policy) -> Columns[EntryRow]:
    return [
        (SheetColumn(_("Title"), 30), lambda row: row.title),
        (SheetColumn(_("Column"), 9), lambda row: row.column_title),
        (SheetColumn(_("State"), 11), lambda row: row.state_title),
        (SheetColumn(_("Document number"), 14), lambda row: row.number),
        (SheetColumn(_("Drafted by"), 13), lambda row: row.author_name),
        (SheetColumn(_("Source"), 16), lambda row: row.source),
        (SheetColumn(_("Date shown"), 16), lambda row: _shown(row.date, policy)),
        (SheetColumn(_("First published"), 16), lambda row: _time(row.first_published, policy)),
        (SheetColumn(_("Last published"), 16), lambda row: _time(row.last_published, policy)),
        (SheetColumn(_("Times approved"), 9), lambda row: row.approvals),
        (SheetColumn(_("In public"), 10), lambda row: row.public_title),
        (SheetColumn(_("Remarks"), 26), lambda row: row.remarks),
        (SheetColumn(_("Withdrawn at"), 16), lambda row: _time(row.withdrawn_at, policy)),
        (SheetColumn(_("Reason for the withdrawal"), 20), lambda row: row.withdrawn_reason),
        (SheetColumn(_("Expires"), 16), lambda row: _shown(row.expires_at, policy)),
        (SheetColumn(_("File"), 24), lambda row: row.path),
        (SheetColumn(_("Other files"), 16), lambda row: _(", ").join(row.files)),
        (SheetColumn(_("Digest of the public version"), 14, clipped=True), lambda row: row.public_digest),
        *(_listed_column(field) for field in fields(FrontMatter) if front_matter_key(field).in_ledger is Place.LISTED),
    ]


def _listed_column(field: Field[Any]) -> tuple[SheetColumn, Callable[[EntryRow], Cell]]:
    return SheetColumn(heading(front_matter_key(field)), 16), lambda row: row.listed.get(written_name(field))


def acts(ledger: Ledger) -> Sheet:
    """Return the sheet with one row for each act and for each damage."""
    policy = ledger.policy
    columns: Columns[ActionRow | Damage] = [
        (SheetColumn(_("Title"), 30), lambda row: row.title),
        (SheetColumn(_("File"), 24), lambda row: row.entry),
        (SheetColumn(_("Line of the dossier"), 8), lambda row: row.line),
        (SheetColumn(_("Act"), 12), lambda row: row.act_title),
        (SheetColumn(_("Stage"), 9), _act_only(lambda row: row.stage_title)),
        (SheetColumn(_("Person"), 13), _act_only(lambda row: row.name)),
        (SheetColumn(_("Person's id"), 9), _act_only(lambda row: row.by)),
        (SheetColumn(_("Entered by"), 16), _act_only(lambda row: row.via)),
        (SheetColumn(_("Roles"), 13), _act_only(lambda row: _(", ").join(row.roles))),
        (SheetColumn(_("Time"), 16), _act_only(lambda row: _time(row.at, policy))),
        (SheetColumn(_("Note or reason"), 32), _act_only(lambda row: row.words)),
        (SheetColumn(_("Counts"), 6), _act_only(lambda row: _("yes") if row.counts else _("no"))),
        (SheetColumn(_("Why it does not count"), 26), lambda row: row.why),
        (SheetColumn(_("Signed"), 7), _act_only(_signed)),
        (SheetColumn(_("Digest of the version"), 14, clipped=True), _act_only(lambda row: row.digest)),
    ]
    rows: list[ActionRow | Damage] = [*ledger.acts, *ledger.damages]
    return _sheet(_("Acts"), columns, sorted(rows, key=lambda row: (row.entry, row.line or 0)))


def _act_only(value: Callable[[ActionRow], Cell]) -> Callable[[ActionRow | Damage], Cell]:
    """Return a column value that a damaged record does not have."""
    return lambda row: value(row) if isinstance(row, ActionRow) else None


def _signed(row: ActionRow) -> str:
    return {None: _("no"), "valid": _("yes"), "invalid": _("not valid")}[row.signature]


def cover(ledger: Ledger) -> Sheet:
    """Return the sheet about the ledger: unit, period, totals and notes."""
    rows: list[Sequence[Cell]] = [*_about(ledger), *_totals(ledger), *_notes(ledger)]
    return Sheet(_("About"), [SheetColumn(_("Item"), 28), SheetColumn(_("Content"), 90)], rows, filtered=False)


def _about(ledger: Ledger) -> Iterator[tuple[str, Cell]]:
    policy = ledger.policy
    yield _("Unit"), policy.unit.name
    yield _("Period"), period_text(ledger.period)
    yield _("Made at"), local(ledger.now, policy)
    yield _("Time zone of all times"), str(policy.zone)


def _totals(ledger: Ledger) -> Iterator[tuple[str, Cell]]:
    yield _("Entries and pages"), len(ledger.entries)
    for state, count in Counter(row.state_title for row in ledger.entries).most_common():
        yield _("Of these: {name}").format(name=state), count
    yield _("Acts"), len(ledger.acts)
    for act, count in Counter(row.act_title for row in ledger.acts).most_common():
        yield _("Of these: {name}").format(name=act), count
    yield _("Acts that do not count"), sum(not row.counts for row in ledger.acts)
    yield _("Damaged records"), len(ledger.damages)


def _notes(ledger: Ledger) -> Iterator[tuple[str, Cell]]:
    for damage in ledger.damages:
        yield _("Damaged record"), damage.why
    if not ledger.period.is_open:
        yield (
            _("Note"),
            _("The acts are those of the period; the states are those at the time when this ledger was made."),
        )
    for note in notes(ledger):
        yield _("Note"), note


def notes(ledger: Ledger) -> Iterator[str]:
    """Return notes on the records of this unit that readers need."""
    if ledger.policy.assurance == "flag":
        yield _(
            "This unit decides by the front matter (assurance: flag): no acts are kept, and times are the entries' own."
        )
    if ledger.left_out:
        message = ngettext(
            "There is {count} dossier in .reviews/; it has no effect with assurance: flag and is not listed.",
            "There are {count} dossiers in .reviews/; they have no effect with assurance: flag and are not listed.",
            ledger.left_out,
        )
        yield message.format(count=ledger.left_out)


def period_text(period: Period) -> str:
    """Return a period in words."""
    if period.is_open:
        return _("all time")
    first = period.first.isoformat() if period.first else _("the beginning")
    last = period.last.isoformat() if period.last else _("today")
    return _("{first} to {last}").format(first=first, last=last)


def _sheet(name: str, columns: Columns[Row], rows: Sequence[Row]) -> Sheet:
    """Return a table with numbered rows."""
    table = [[number, *(value(row) for _column, value in columns)] for number, row in enumerate(rows, 1)]
    return Sheet(name, [SheetColumn(_("No."), 5), *(column for column, _value in columns)], table, frozen=2)


def _time(at: datetime | None, policy: Policy) -> datetime | None:
    return local(at, policy) if at else None


def _shown(value: date | datetime | None, policy: Policy) -> date | datetime | None:
    return local(dates.starts_at(value, policy.zone), policy) if isinstance(value, datetime) else value
