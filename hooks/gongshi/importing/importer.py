"""Imports sources one after the other: what was imported before is known, a changed file becomes a new draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from gongshi.common.errors import GongshiError
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Column
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.front_matter import FrontMatter, Original
from gongshi.domain.records.free_path import free_path
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.decision_sources import open_decisions
from gongshi.domain.review.snapshot import entry_status
from gongshi.i18n import gettext as _
from gongshi.importing.composer import ComposedEntry
from gongshi.importing.document import ReadOptions, UnreadableFileError
from gongshi.importing.entries import bundle, originals
from gongshi.importing.entries.bundle import PreparedEntry
from gongshi.importing.entries.earlier_imports import EarlierImport, EarlierImports, last_record
from gongshi.importing.import_job import ImportJob, run_jobs
from gongshi.importing.sources import ImportSource


class ImportState(Enum):
    """The result for one source."""

    NEW = "new"
    UPDATED = "updated"
    """A new draft of an entry that was imported from an earlier version of the file."""
    KNOWN = "known"
    """Nothing was written: the same file was imported before."""
    FAILED = "failed"
    """Nothing was written: the file cannot be read, or its entry must not be changed now."""


@dataclass(frozen=True)
class ImportResult:
    """The result for one source."""

    source: ImportSource
    state: ImportState
    path: str | None = None
    """The Markdown file of the entry, relative to `docs/`; None if there is none."""
    entry: ComposedEntry | None = None
    message: str = ""
    """For `FAILED`, the reason and what the user can do; for others what the user should know, or empty."""


@dataclass(frozen=True)
class ImportTarget:
    """The place and the values of new entries."""

    configuration: Configuration
    column: Column
    author: str
    now: datetime
    title: str | None = None
    """The title that the user gave; None to take it from the file."""
    always_new: bool = False
    """True to make a new entry of a file that was imported before."""


@dataclass(frozen=True)
class _Copy:
    """A source with the same bytes as one before it in the same run."""

    source: ImportSource
    sha256: str
    message: str


class Importer:
    """Imports sources into one column.

    Args:
        target: the place and the values of new entries.
        tree: the content folder.
        options: the choices of the user for reading.
        scratch: an empty folder on the same file system as the content folder.
    """

    def __init__(self, target: ImportTarget, tree: DocsTree, options: ReadOptions, scratch: Path) -> None:
        self._target = target
        self._tree = tree
        self._options = options
        self._scratch = scratch
        self._earlier = EarlierImports(tree)
        self._archive = ReviewStore(target.configuration.docs)
        self._new: set[str] = set()
        """The entries that this run has written; they are no earlier versions of its other files."""

    def run(self, sources: Sequence[ImportSource], convert: Callable[[str], str]) -> Iterator[ImportResult]:
        """Import each source and yield its result, in order.

        Args:
            sources: the files and folders.
            convert: the site's converter from Markdown to the HTML of a page.
        """
        plan = self._plan(sources)
        jobs = [each for each in plan if isinstance(each, ImportJob)]
        outcomes = run_jobs(jobs, self._options, convert)
        for each in plan:
            if isinstance(each, ImportResult):
                yield each
                continue
            if isinstance(each, _Copy):
                known = self._earlier.same(each.sha256)
                yield ImportResult(each.source, ImportState.KNOWN, known.path if known else None, message=each.message)
                continue
            job, outcome = next(outcomes)
            if outcome.entry is None:
                yield ImportResult(job.source, ImportState.FAILED, message=outcome.failure)
                continue
            try:
                yield self._write(job, outcome.entry)
            except GongshiError as error:
                yield ImportResult(job.source, ImportState.FAILED, message=str(error))
            except OSError as error:
                message = _("the system refused: {reason}").format(reason=error.strerror or str(error))
                yield ImportResult(job.source, ImportState.FAILED, message=message)
        # Lets the last process end.
        next(outcomes, None)

    def _plan(self, sources: Sequence[ImportSource]) -> list[ImportJob | ImportResult | _Copy]:
        """Return a job for each source, or a result where there is nothing to read."""
        plan: list[ImportJob | ImportResult | _Copy] = []
        seen: dict[str, ImportSource] = {}
        for number, source in enumerate(sources, 1):
            try:
                sha256 = originals.fingerprint(source)
            except UnreadableFileError as error:
                plan.append(ImportResult(source, ImportState.FAILED, message=str(error)))
                continue
            except OSError as error:
                message = _("cannot be read: {reason}").format(reason=error.strerror)
                if source.path.is_symlink():
                    message = _("is a symbolic link; name the file itself")
                plan.append(ImportResult(source, ImportState.FAILED, message=message))
                continue
            known = None if self._target.always_new else self._earlier.same(sha256)
            if known:
                plan.append(ImportResult(source, ImportState.KNOWN, known.path))
            elif sha256 in seen:
                message = _("has the same bytes as {file}").format(file=seen[sha256].name)
                plan.append(_Copy(source, sha256, message))
            else:
                seen[sha256] = source
                plan.append(ImportJob(source, sha256, self._scratch / str(number)))
        return plan

    def _write(self, job: ImportJob, entry: ComposedEntry) -> ImportResult:
        docs = self._target.configuration.docs
        meta = self._front_matter(job, entry)
        prepared = bundle.prepare_entry(entry, job.files, job.original, meta, self._target.now)
        with self._archive.lock():
            if known := self._written_meanwhile(job):
                return ImportResult(job.source, ImportState.KNOWN, known.path)
            if not self._target.always_new and (earlier := self._earlier_version(job, entry)):
                if self._earlier.has_now(earlier, job.sha256):
                    return ImportResult(job.source, ImportState.KNOWN, earlier.path)
                if reason := self._hindrance(earlier):
                    return ImportResult(job.source, ImportState.FAILED, earlier.path, message=reason)
                bundle.replace_draft(prepared, docs, earlier.path, self._tree.sources[earlier.path].files)
                return self._written(job, entry, prepared, earlier.path, ImportState.UPDATED)
            path = free_path(self._archive, docs, self._target.column.id, self._target.now, bundle=True)
            bundle.place_new(prepared, docs, path)
        return self._written(job, entry, prepared, path, ImportState.NEW)

    def _written_meanwhile(self, job: ImportJob) -> EarlierImport | None:
        """Return the entry that another process has made of the same file since this run began."""
        if self._target.always_new:
            return None
        year = f"{self._target.now:%Y}"
        self._earlier.add_written_meanwhile(f"{column}/{year}" for column in self._target.configuration.policy.columns)
        return self._earlier.same(job.sha256)

    def _written(
        self, job: ImportJob, entry: ComposedEntry, prepared: PreparedEntry, path: str, state: ImportState
    ) -> ImportResult:
        self._earlier.add(EarlierImport(path, prepared.manuscript))
        self._new.add(path)
        return ImportResult(job.source, state, path, entry)

    def _front_matter(self, job: ImportJob, entry: ComposedEntry) -> FrontMatter:
        target = self._target
        fields = entry.fields
        if target.title:
            fields = replace(fields, title=target.title)
        meta = bundle.make_front_matter(fields, entry, target.author, Original(job.source.name, job.sha256))
        if meta.date is None and target.configuration.policy.assurance == "flag":
            # Elsewhere the record says when the entry became public.
            meta = replace(meta, date=date(target.now.year, target.now.month, target.now.day))
        return meta

    def _earlier_version(self, job: ImportJob, entry: ComposedEntry) -> EarlierImport | None:
        found = self._earlier.earlier_version(job.source.name, self._target.column.id, entry)
        return None if found is None or found.path in self._new else found

    def _hindrance(self, earlier: EarlierImport) -> str | None:
        """Return the reason why an entry must not get a new draft now; None if there is none."""
        name = self._tree.label(earlier.path)
        # Judged anew: the entry may have changed since the run began.
        configuration, tree = self._target.configuration, self._tree
        decisions = open_decisions(configuration, tree)
        status = entry_status(earlier.path, tree, decisions, configuration, self._target.now)
        version = status.draft_version
        if version is None:
            message = _("an earlier version was imported as {entry}, which cannot be read; mend it, or add --new")
        elif not (record := last_record(configuration.docs, earlier.path)):
            message = _(
                "an earlier version was imported as {entry}, but its record under docs/.originals/ is missing here, so "
                "nobody can tell whether the entry was edited since; make the changes there by hand, or add --new"
            )
        elif record.get("content") != bundle.content_digest(version):
            message = _(
                "an earlier version was imported as {entry}, which was edited since, so it was left as it is; make "
                "the changes there by hand, or add --new for a new entry"
            )
        elif status.withdrawal:
            message = _("an earlier version was imported as {entry}, which was withdrawn; add --new for a new entry")
        elif status.round:
            message = _(
                "an earlier version was imported as {entry}, which is under review, so it was left as it is; have it "
                "returned first, then import the file again"
            )
        elif configuration.policy.assurance == "flag" and version.manuscript.meta.status != "draft":
            message = _(
                "an earlier version was imported as {entry}, whose flags have been decided on; here the file itself is "
                "what is public, so it was left as it is; make the changes there by hand, or add --new"
            )
        else:
            return None
        return message.format(entry=name)
