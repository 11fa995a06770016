"""The report of `gongshi import`: on the terminal, as JSON, and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from gongshi.cli.session import Session, problem_json
from gongshi.common.errors import Problem, printable
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import dotted_keys
from gongshi.i18n import gettext as _
from gongshi.importing.composer import ComposedEntry
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.importer import ImportResult, ImportState
from gongshi.importing.sources import IgnoredFile
from gongshi.reports import spreadsheet
from gongshi.reports.spreadsheet import Sheet, SheetColumn

_SHOWN: Final = 12
"""Findings of one kind that the terminal shows for a file; the spreadsheet and JSON have all."""
_WORDS: Final = 60
"""Characters of the place and of the words of a finding that the terminal shows."""


@dataclass(frozen=True)
class ImportReport:
    """Everything to tell about one run."""

    session: Session
    results: list[ImportResult]
    ignored: list[IgnoredFile]
    problems: list[Problem]
    """Problems that `gongshi check` finds in the written entries."""

    def done(self) -> Iterator[str]:
        """Yield the files that were written, if the report itself cannot be printed."""
        yield from (self.session.label(result.path) for result in self.results if result.entry and result.path)

    def problems_of(self, result: ImportResult) -> list[Problem]:
        """Return the problems of one entry.

        Args:
            result: its result.
        """
        if not result.path or not result.entry:
            return []
        folder = self.session.tree.label(result.path.removesuffix("index.md"))
        return [problem for problem in self.problems if problem.path.startswith(folder)]


def print_report(report: ImportReport) -> None:
    """Print the report on the terminal.

    Args:
        report: the report.
    """
    for result in report.results:
        _print_result(report, result)
    for reason in dict.fromkeys(each.reason for each in report.ignored):
        names = _(", ").join(printable(each.name) for each in report.ignored if each.reason == reason)
        click.echo(_("Left aside: {files}: {reason}").format(files=names, reason=reason))
    if len(report.results) > 1:
        click.echo(_summary(report))
    _print_next_step(report)


def _print_next_step(report: ImportReport) -> None:
    """Say what to do with the new entries; those with errors cannot be submitted."""
    first = next(report.done(), None)
    if first is None:
        return
    if any(not problem.advice for result in report.results for problem in report.problems_of(result)):
        click.echo(_("First correct the lines marked [error] in the file named there."))
    click.echo(_("Look at the page: make serve. Then hand it in: gongshi submit {path}").format(path=first))


def _print_result(report: ImportReport, result: ImportResult) -> None:
    name = printable(result.source.name)
    place = report.session.label(result.path) if result.path else ""
    if result.state is ImportState.FAILED:
        click.echo(_("{file}: not imported: {reason}").format(file=name, reason=result.message))
        return
    if result.state is ImportState.KNOWN:
        message = _("{file}: imported before as {entry}; nothing to do")
        if result.message:
            message = _("{file}: {reason}; nothing to do")
        click.echo(message.format(file=name, entry=place, reason=result.message))
        return
    message = _("{file} → {entry}") if result.state is ImportState.NEW else _("{file} → new draft of {entry}")
    click.echo(message.format(file=name, entry=place))
    if result.entry:
        _print_entry(result.entry)
    for problem in report.problems_of(result):
        kind = _("advice") if problem.advice else _("error")
        click.echo(f"  {problem} [{kind}]")


def _print_entry(entry: ComposedEntry) -> None:
    values = _("; ").join(_("{title}: {value}").format(title=title, value=value) for title, value in _values(entry))
    click.echo("  " + _("Taken from the file – {values}").format(values=printable(values)))
    for kind in FindingKind:
        found = [finding for finding in entry.findings if finding.kind is kind]
        if found:
            click.echo(f"  {_kind_title(kind)}")
        for finding in found[:_SHOWN]:
            click.echo(f"    {printable(_finding_text(finding))}")
        if len(found) > _SHOWN:
            message = _("… and {count} more; --report FILE.xlsx lists all")
            click.echo("    " + message.format(count=len(found) - _SHOWN))
    if entry.missing:
        click.echo("  " + _("Left to you: {keys}").format(keys=_missing(entry)))


def _missing(entry: ComposedEntry) -> str:
    """Return the titles of the keys that are left to the editor, with the keys."""
    declared = dotted_keys(FrontMatter)
    titles = ((key, declared[key].title()) for key in entry.missing)
    return _(", ").join(key if title == key else f"{title} ({key})" for key, title in titles)


def _values(entry: ComposedEntry) -> Iterator[tuple[str, str]]:
    fields = entry.fields
    titles = {
        "title": _("title"),
        "source": _("source"),
        "number": _("document number"),
        "index": _("index number"),
        "issued": _("document issued on"),
        "issuer": _("document issued by"),
        "notice_from": _("public notice from"),
        "notice_to": _("public notice to"),
        "event_start": _("event starts"),
        "event_end": _("event ends"),
        "event_place": _("event place"),
        "event_organizer": _("event organizer"),
        "event_contact": _("event contact"),
        "published": _("date of first publication"),
    }
    for key, title in titles.items():
        value = getattr(fields, key)
        if isinstance(value, datetime):
            yield title, value.strftime("%Y-%m-%d %H:%M")
        elif value:
            yield title, value.isoformat() if isinstance(value, date) else value


def _kind_title(kind: FindingKind) -> str:
    return {
        FindingKind.LEFT_OUT: _("Not in the entry:"),
        FindingKind.CHANGED: _("In the entry, but otherwise than in the file:"),
        FindingKind.CHECK: _("Please look at:"),
    }[kind]


def _finding_text(finding: Finding) -> str:
    text = finding.message
    if finding.place:
        text = _("{place}: {message}").format(place=_shortened(finding.place), message=text)
    if finding.words:
        text = _("{text}: “{words}”").format(text=text, words=_shortened(" ".join(finding.words.split())))
    return text


def _shortened(words: str) -> str:
    return words if len(words) <= _WORDS else words[:_WORDS] + "…"


def _summary(report: ImportReport) -> str:
    counts = {state: sum(result.state is state for result in report.results) for state in ImportState}
    message = _("Files: {all}. New entries: {new}, new drafts: {updated}, imported before: {known}, failed: {failed}.")
    return message.format(all=len(report.results), **{state.value: count for state, count in counts.items()})


def json_values(report: ImportReport) -> dict[str, Any]:
    """Return the report as JSON values.

    Args:
        report: the report.
    """
    return {
        "files": [_json_result(report, result) for result in report.results],
        "ignored": [{"file": each.name, "reason": each.reason} for each in report.ignored],
    }


def _json_result(report: ImportReport, result: ImportResult) -> dict[str, Any]:
    values: dict[str, Any] = {
        "file": result.source.name,
        "result": result.state.value,
        "path": result.path,
        "message": result.message or None,
    }
    if result.entry:
        values["values"] = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in vars(result.entry.fields).items()
            if value is not None
        }
        values["missing"] = list(result.entry.missing)
        values["findings"] = [each.json_values() for each in result.entry.findings]
        values["problems"] = [problem_json(problem) for problem in report.problems_of(result)]
    return values


def report_files(report: ImportReport, file: Path) -> dict[Path, bytes]:
    """Return the report as a spreadsheet: the files, and what to know of each.

    Args:
        report: the report.
        file: a name that ends in .xlsx, or in .csv for two files.
    """
    sheets = [_files_sheet(report), _findings_sheet(report)]
    names = report_names(file)
    if len(names) == 1:
        session = report.session
        title = _("Imported files")
        return {file: spreadsheet.workbook(sheets, title, session.policy.unit.name, session.now)}
    return dict(zip(names, map(spreadsheet.csv_file, sheets), strict=True))


def report_names(file: Path) -> list[Path]:
    """Return the files that the report is written into.

    Args:
        file: a name that ends in .xlsx, or in .csv for two files.
    """
    if file.suffix.lower() == ".xlsx":
        return [file]
    return [file, file.with_name(f"{file.stem}-findings{file.suffix}")]


def _files_sheet(report: ImportReport) -> Sheet:
    states = {
        ImportState.NEW: _("new entry"),
        ImportState.UPDATED: _("new draft"),
        ImportState.KNOWN: _("imported before"),
        ImportState.FAILED: _("failed"),
    }
    columns = [
        SheetColumn(_("file"), 40),
        SheetColumn(_("result"), 16),
        SheetColumn(_("entry"), 44),
        SheetColumn(_("title"), 44),
        *(SheetColumn(_kind_title(kind).rstrip(":："), 14, "0") for kind in FindingKind),
        SheetColumn(_("problems"), 12, "0"),
        SheetColumn(_("left to you"), 30),
        SheetColumn(_("reason"), 50),
    ]
    rows: list[list[spreadsheet.Cell]] = []
    for result in report.results:
        entry = result.entry
        findings = entry.findings if entry else ()
        rows.append(
            [
                result.source.name,
                states[result.state],
                report.session.tree.label(result.path) if result.path else "",
                (entry.fields.title or "") if entry else "",
                *(sum(each.kind is kind for each in findings) for kind in FindingKind),
                len(report.problems_of(result)),
                _missing(entry) if entry else "",
                " ".join(result.message.split()),
            ]
        )
    empty: list[spreadsheet.Cell] = [""] * (len(columns) - 3)
    rows += [[each.name, _("left aside"), *empty, each.reason] for each in report.ignored]
    return Sheet(_("Files"), columns, rows, frozen=1)


def _findings_sheet(report: ImportReport) -> Sheet:
    columns = [
        SheetColumn(_("file"), 40),
        SheetColumn(_("entry"), 40),
        SheetColumn(_("kind"), 24),
        SheetColumn(_("place"), 24),
        SheetColumn(_("finding"), 60),
        SheetColumn(_("words"), 60),
    ]
    rows: list[list[spreadsheet.Cell]] = []
    for result in report.results:
        if not result.entry or not result.path:
            continue
        label = report.session.tree.label(result.path)
        for each in result.entry.findings:
            kind = _kind_title(each.kind).rstrip(":：")
            rows.append([result.source.name, label, kind, each.place, each.message, each.words])
        for problem in report.problems_of(result):
            rows.append([result.source.name, label, _("Please look at:").rstrip(":："), "", str(problem), ""])
    return Sheet(_("Findings"), columns, rows, frozen=1)
