"""Runs imports in processes of their own, with limits on time and memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gongshi.common.errors import GongshiError
from gongshi.common.parallel import Excess, Limits, can_copy, map_parallel
from gongshi.domain.config.policy import ConversionLimitError
from gongshi.i18n import current_language, use_language
from gongshi.i18n import gettext as _
from gongshi.importing.composer import ComposedEntry, compose_entry
from gongshi.importing.document import ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.entries import originals
from gongshi.importing.sources import ImportSource

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS: Final = 120
"""The maximum processor time for one source."""
_MEMORY: Final = 2 << 30


@dataclass(frozen=True)
class ImportJob:
    """One source and the folder in which its entry is put together."""

    source: ImportSource
    sha256: str
    folder: Path

    @property
    def files(self) -> Path:
        """The folder for the pictures and attachments of the entry."""
        return self.folder / "files"

    @property
    def original(self) -> Path:
        """The folder that holds the folder with the copy of the source."""
        return self.folder / "kept"


@dataclass(frozen=True)
class ImportOutcome:
    """The result of a job: an entry, or the reason why there is none."""

    entry: ComposedEntry | None
    failure: str = ""
    """The reason and what the user can do, in the reader's language."""


def run_jobs(
    jobs: Sequence[ImportJob], options: ReadOptions, convert: Callable[[str], str]
) -> Iterator[tuple[ImportJob, ImportOutcome]]:
    """Yield the outcome for each job in order. The caller takes over what it needs of its folder before the next.

    Args:
        jobs: the sources with their folders, which do not exist yet.
        options: the user's choices.
        convert: the site's converter from Markdown to the HTML of a page. Where processes cannot be copied (macOS,
            Windows), it must be picklable.
    """
    work = partial(_work, options=options, convert=convert)
    if can_copy():
        outcomes = map_parallel(work, jobs, few=1, limits=Limits(SECONDS, _give_up, _MEMORY))
    else:
        outcomes = map(partial(_in_new_process, work), jobs)
    for job, outcome in zip(jobs, outcomes, strict=True):
        try:
            yield job, outcome
        finally:
            shutil.rmtree(job.folder, ignore_errors=True)


def _work(job: ImportJob, options: ReadOptions, convert: Callable[[str], str]) -> ImportOutcome:
    try:
        # A job is done again where another one of the same process exceeded a limit.
        shutil.rmtree(job.folder, ignore_errors=True)
        job.files.mkdir(parents=True)
        originals.copy_original(job.source, job.original / originals.FOLDER)
        entry = compose_entry(job.source, Workspace(job.files), options, convert)
        if originals.fingerprint(job.source) != job.sha256:
            return ImportOutcome(None, _("the file was changed while it was read; import it again"))
        return ImportOutcome(entry)
    except (UnreadableFileError, GongshiError) as error:
        return ImportOutcome(None, str(error))
    except OSError as error:
        message = _("the system refused: {reason}")
        return ImportOutcome(None, message.format(reason=error.strerror or str(error)))
    except MemoryError:
        # Nothing more is done here: the error holds all that was read until the block ends.
        pass
    except ConversionLimitError:
        message = _("the text is too long or too complicated for a page; divide it, or attach it to an entry")
        return ImportOutcome(None, message)
    except Exception:
        # Libraries answer damaged files with errors of any kind.
        return ImportOutcome(None, _("the file is damaged; open it, save it anew and import that file"))
    return _give_up(job, Excess.MEMORY)


def _in_new_process(work: Callable[[ImportJob], ImportOutcome], job: ImportJob) -> ImportOutcome:
    """Do a job in a new Python process. It has a limit on time only, as not all systems can limit memory."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_outcome, args=(sender, work, job, current_language()), daemon=True)
    process.start()
    sender.close()
    try:
        outcome = receiver.recv() if receiver.poll(SECONDS) else _give_up(job, Excess.TIME)
    except EOFError:
        outcome = _give_up(job, Excess.MEMORY)
    finally:
        receiver.close()
        process.kill()
        process.join()
    assert isinstance(outcome, ImportOutcome)
    return outcome


def _send_outcome(
    sender: Connection, work: Callable[[ImportJob], ImportOutcome], job: ImportJob, language: str
) -> None:
    with use_language(language):
        sender.send(work(job))


def _give_up(_job: ImportJob, excess: Excess) -> ImportOutcome:
    message = _("the file takes more than {count} seconds to read; divide it, or attach it to an entry made by hand")
    if excess is Excess.MEMORY:
        message = _("the file takes too much memory; divide it, or attach it to an entry made by hand")
    return ImportOutcome(None, message.format(count=SECONDS))
