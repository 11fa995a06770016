"""`gongshi import`: make drafts from office files, web pages and photos."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from gongshi.cli import content_problems, import_report, options
from gongshi.cli.import_report import ImportReport
from gongshi.cli.session import REFUSED, Session, print_json, reporting
from gongshi.common.errors import Problem, Refused, UsageError, printable
from gongshi.common.progress import progress_bar
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.domain.content.paths import ORIGINALS_DIR
from gongshi.domain.yaml import one_line_text
from gongshi.i18n import gettext as _
from gongshi.importing.document import ReadOptions, RevisionChoice
from gongshi.importing.importer import Importer, ImportResult, ImportState, ImportTarget
from gongshi.importing.sources import ImportSource, find_sources

_SHOWN_PROGRESS = 4
"""The number of files from which a progress bar is shown."""


@click.command(
    help=_(
        "Make a draft from each file: Word, Excel, PDF, OFD, HTML, or what LibreOffice can convert to Word or Excel. "
        "A folder of photos becomes one draft with a gallery; in other folders, each file becomes one. What was not "
        "carried over is listed. The originals are kept under docs/.originals/ and never published."
    )
)
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE…", type=click.Path(exists=True, readable=True, path_type=Path)
)
@click.option("--column", metavar="COLUMN", help=_("The id or the title of the column; it is always needed."))
@click.option(
    "--as", "person", metavar="PERSON", help=_("The author; the default is the person with git's user.email.")
)
@click.option("--title", metavar="TITLE", help=_("The title; the default is the one in the file."))
@click.option(
    "--changes",
    type=click.Choice(["accept", "reject"]),
    help=_("Accept or reject the tracked changes of Word files; without it, such files are not imported."),
)
@click.option("--sheet", metavar="NAME", help=_("The worksheet, by name or number; the default is the first one."))
@click.option("--cells", metavar="RANGE", help=_("The cells of the worksheet, such as A1:F20."))
@click.option("--new", "always_new", is_flag=True, help=_("Make a new draft even of a file that was imported before."))
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("Write what was imported and what was left out into a spreadsheet, .xlsx or .csv."),
)
@options.force_option
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def import_entries(
    session: Session,
    files: tuple[Path, ...],
    column: str | None,
    person: str | None,
    title: str | None,
    changes: str | None,
    sheet: str | None,
    cells: str | None,
    always_new: bool,
    report_file: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Import the files and tell what was left out."""
    if report_file:
        options.check_output_path(session, report_file, (".xlsx", ".csv"))
        options.check_absent(import_report.report_names(report_file), force)
    choice = RevisionChoice(changes) if changes else RevisionChoice.ASK
    if not column:
        raise UsageError(_("name the column with --column; the columns are {names}").format(names=session.column_names))
    section = session.column(column)
    reading = ReadOptions(choice, sheet, cells, session.policy.language, section.kind)
    sources, ignored = find_sources(files)
    if not sources and not ignored:
        names = _(", ").join(printable(str(file)) for file in files)
        raise Refused(_("there is nothing to import in {folder}").format(folder=names))
    target = ImportTarget(
        session.configuration,
        section,
        session.author(person),
        session.now,
        _title(title, sources),
        always_new,
    )
    results = _run(session, target, reading, sources, as_json)
    report = ImportReport(session, results, ignored, _problems(session, results))
    if report_file:
        options.write_outputs(import_report.report_files(report, report_file), force=True)
    with reporting(report.done()):
        if as_json:
            print_json(import_report.json_values(report))
        else:
            import_report.print_report(report)
    if any(result.state is ImportState.FAILED for result in results) or not results:
        raise SystemExit(REFUSED)


def _title(title: str | None, sources: list[ImportSource]) -> str | None:
    if title is None:
        return None
    if len(sources) != 1:
        raise UsageError(_("--title fits one file only, but there are {count}").format(count=len(sources)))
    clean = one_line_text.with_plain_spaces(title)
    if fault := one_line_text.refusal(clean, one_line_text.TITLE_LENGTH):
        raise UsageError(_("the title {fault}").format(fault=fault))
    return clean


def _run(
    session: Session, target: ImportTarget, reading: ReadOptions, sources: list[ImportSource], quiet: bool
) -> list[ImportResult]:
    convert = _PageConverter(session)
    session.tree.remove_leftovers()
    with _scratch(session.configuration.docs / ORIGINALS_DIR) as folder:
        importer = Importer(target, session.tree, reading, folder)
        found = importer.run(sources, convert)
        return list(progress_bar(_("Importing"), found, len(sources), quiet, shown_from=_SHOWN_PROGRESS))


class _PageConverter:
    """The site's converter from Markdown to the HTML of a page. It can be pickled for another process."""

    def __init__(self, session: Session) -> None:
        self._file = session.configuration.file
        # Before the processes are copied, so that none of them loads it again.
        self._session = session
        self("")

    def __call__(self, text: str) -> str:
        """Return the HTML of a text.

        Args:
            text: Markdown.
        """
        convert = self._session.policy.convert
        assert convert is not None
        return convert(text).shown

    def __getstate__(self) -> Path:
        return self._file

    def __setstate__(self, file: Path) -> None:
        self._file, self._session = file, Session(file)


@contextmanager
def _scratch(originals: Path) -> Iterator[Path]:
    """Make a folder beside the originals, where finished entries can be moved from; remove what stays empty."""
    if originals.is_symlink() or (originals.exists() and not originals.is_dir()):
        message = _("{folder} is a link or a file; it must be a folder, as originals are kept in it. Move it away")
        raise Refused(message.format(folder=originals))
    originals.mkdir(exist_ok=True)
    try:
        with ScratchFolder(originals) as folder:
            yield folder
    finally:
        with suppress(OSError):
            originals.rmdir()


def _problems(session: Session, results: list[ImportResult]) -> list[Problem]:
    """Return what `gongshi check` says of the entries that were written."""
    written = {result.path for result in results if result.entry and result.path}
    if not written:
        return []
    fresh = Session(session.file)
    paths = [path for path in fresh.tree.sources if path in written]
    return content_problems.find_problems(fresh.survey(), paths, paths)
