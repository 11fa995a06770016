"""Runs imports in processes of their own, with limits on time and memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongshi.common.parallel import Excess, Limits, map_parallel
from gongshi.i18n import gettext as _
from gongshi.importing.composer import ComposedEntry, compose_entry
from gongshi.importing.document import ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.sources import ImportSource

_SECONDS = 60
"""The maximum processor time for one source."""
_MEMORY = 1 << 30


@dataclass(frozen=True)
class ImportJob:
    """One source and the folder in which its entry is put together."""

    source: ImportSource
    workspace: Workspace


@dataclass(frozen=True)
class ImportOutcome:
    """The result of a job: an entry, or the reason why there is none."""

    job: ImportJob
    entry: ComposedEntry | None
    failure: str = ""
    """The reason and what the user can do, in the reader's language."""


def run_jobs(
    sources: Sequence[ImportSource], folder: Path, options: ReadOptions, convert: Callable[[str], str]
) -> Iterator[ImportOutcome]:
    """Yield the outcome for each source in order. The caller takes the files out of its workspace before the next.

    Args:
        sources: the files and folders.
        folder: where the workspaces are made.
        options: the user's choices.
        convert: the site's converter from Markdown to the HTML of a page.
    """

    def work(job: ImportJob) -> ImportOutcome:
        job.workspace.folder.mkdir()
        try:
            return ImportOutcome(job, compose_entry(job.source, job.workspace, options, convert))
        except UnreadableFileError as error:
            return ImportOutcome(job, None, str(error))
        except MemoryError:
            return _give_up(job, Excess.MEMORY)
        except Exception:
            # Libraries answer damaged files with errors of any kind.
            return ImportOutcome(job, None, _("the file is damaged; open it, save it anew and import that file"))

    jobs = [ImportJob(source, Workspace(folder / str(number))) for number, source in enumerate(sources, 1)]
    for outcome in map_parallel(work, jobs, few=1, limits=Limits(_SECONDS, _give_up, _MEMORY)):
        yield outcome
        shutil.rmtree(outcome.job.workspace.folder, ignore_errors=True)


def _give_up(job: ImportJob, excess: Excess) -> ImportOutcome:
    message = _("the file takes more than {count} seconds to read; divide it, or attach it to an entry made by hand")
    if excess is Excess.MEMORY:
        message = _("the file takes too much memory; divide it, or attach it to an entry made by hand")
    return ImportOutcome(job, None, message.format(count=_SECONDS))
