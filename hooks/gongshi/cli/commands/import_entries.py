"""`gongshi import`: make drafts from office files, web pages and photos."""

from __future__ import annotations

from pathlib import Path

import click

from gongshi.cli.session import REFUSED, Session, warn
from gongshi.common.errors import printable
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.domain.records.free_path import free_path
from gongshi.domain.records.store import ReviewStore
from gongshi.i18n import gettext as _
from gongshi.importing.bundle import EntryPlace, put_in_place
from gongshi.importing.document import ReadOptions, RevisionChoice
from gongshi.importing.import_job import run_jobs
from gongshi.importing.sources import find_sources


@click.command(help=_("Make a draft from each Word, Excel, PDF or HTML file, or from a folder of photos."))
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--column", required=True, metavar="COLUMN", help=_("The id or the title of the column."))
@click.option(
    "--as", "person", metavar="PERSON", help=_("The author; the default is the person with git's user.email.")
)
@click.pass_obj
def import_entries(session: Session, files: tuple[Path, ...], column: str, person: str | None) -> None:
    """Import the files and tell what was left out."""
    section = session.column(column)
    author = session.person(person)
    docs, convert = session.configuration.docs, session.policy.convert
    assert convert is not None
    options = ReadOptions(RevisionChoice.ASK, language=session.policy.language)
    archive = ReviewStore(docs)
    failed = False
    with ScratchFolder() as folder:
        for outcome in run_jobs(find_sources(files), folder, options, lambda text: convert(text).shown):
            if outcome.entry is None:
                failed = True
                warn(f"{printable(outcome.job.source.path.name)}: {outcome.failure}")
                continue
            with archive.lock():
                path = free_path(archive, docs, section.id, session.now, bundle=True)
                place = EntryPlace(docs, path, author)
                put_in_place(outcome.entry, outcome.job.workspace, outcome.job.source.path, place)
            click.echo(session.label(path))
            for finding in outcome.entry.findings:
                click.echo(f"  {finding.kind.value}: {finding.place}: {finding.message}: {printable(finding.words)}")
    if failed:
        raise SystemExit(REFUSED)
