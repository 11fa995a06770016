"""Commit a decision (`--commit`): choose the files that belong to it, without anybody's unfinished edits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongshi.common.errors import printable
from gongshi.common.files import read_file, sha256_of
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import paths
from gongshi.domain.content.docs_tree import Draft
from gongshi.domain.records.dossier import Action
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.actions import Outcome
from gongshi.i18n import gettext as _
from gongshi.integrations import git


@dataclass(frozen=True)
class CommitResult:
    """The result of committing a decision."""

    error: str | None = None
    """The reason why nothing was committed."""
    note: str | None = None
    """The files that were left out of the commit, and why."""


def commit(configuration: Configuration, outcome: Outcome, message: str) -> CommitResult:
    """Commit a decision: its record, and the files that it covers.

    A submission and an approval cover the entry with its bundle. A return and a withdrawal do not, because the file may
    contain edits that nobody submitted: only their flag is committed, and only if it is the only change of the file.

    Args:
        configuration: the unit's configuration.
        outcome: the decision.
        message: the commit message.
    """
    with ReviewStore(configuration.docs).lock():
        try:
            files, note = _covered_files(configuration, outcome)
        except git.GitError as error:
            return CommitResult(error=str(error))
        # git would commit a missing file as deleted.
        files = [*(file for file in outcome.written.record if file.is_file()), *files]
        if not files:
            return CommitResult(error=note)
        return CommitResult(git.commit(configuration.root, files, message), note)


def _covered_files(configuration: Configuration, outcome: Outcome) -> tuple[list[Path], str | None]:
    """Return the files in `docs/` to commit, and a note if files are left out."""
    draft, file = outcome.judged, configuration.docs / outcome.path
    if draft is None or draft.version is None:
        return [], None
    label = printable(f"{configuration.docs.name}/{outcome.path}")
    if outcome.decision.act in (Action.RETURN, Action.WITHDRAW):
        if outcome.written.flagged is None:
            return [], None
        if _is_committed(configuration.root, file, draft.content) and _has_content(file, outcome.written.flagged):
            return [file], None
        message = _(
            "{file} had uncommitted changes, so neither it nor its new flag is in the commit; commit it when "
            "the changes are ready"
        )
        return [], message.format(file=label)
    if not _is_as_decided(file, outcome.written.flagged or draft.content, draft):
        message = _("{file} or its attachments have just been changed, so only the decision is in the commit")
        return [], message.format(file=label)
    folder = configuration.docs / paths.parent_dir(outcome.path)
    return [file, *(folder / name for name in draft.version.files), *_deleted_files(configuration, outcome.path)], None


def _is_committed(root: Path, file: Path, content: bytes) -> bool:
    """Tell whether both HEAD and the index have this content of a file."""
    if not git.has_commits(root):
        return False
    name = _git_path(root, file)
    committed = git.output_nul(root, "--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", name)
    prepared = git.output_nul(root, "--literal-pathspecs", "ls-files", "--stage", "-z", "--", name)
    # Apply git's own filters, so that different line endings do not count as a change.
    blob = git.output(root, "hash-object", "--stdin", f"--path={name}", content=content).decode().strip()
    return [line.split()[2] for line in committed] == [line.split()[1] for line in prepared] == [blob]


def _has_content(file: Path, content: bytes) -> bool:
    try:
        return read_file(file) == content
    except OSError:
        return False


def _is_as_decided(file: Path, content: bytes, draft: Draft) -> bool:
    """Tell whether the entry and its bundle still have the content that was decided on."""
    files = draft.version.files if draft.version else {}
    try:
        return _has_content(file, content) and all(
            sha256_of(file.parent / name) == digest for name, digest in files.items()
        )
    except OSError:
        return False


def _deleted_files(configuration: Configuration, path: str) -> Iterator[Path]:
    """Yield the files of a bundle that were deleted but are still in HEAD."""
    root, folder = configuration.root, (configuration.docs / path).parent
    if not paths.is_bundle(path, configuration.policy.columns) or not git.has_commits(root):
        return
    names = git.output_nul(
        root, "--literal-pathspecs", "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", f"{_git_path(root, folder)}/"
    )
    known = [Path(os.path.relpath(root / name, folder)) for name in names]
    pages = {each.parent for each in known if each.name == "index.md"}
    for each in known:
        # Files below another page belong to that page.
        of_others = each.suffix == ".md" or any(place in pages for place in each.parents if place != Path())
        is_litter = any(paths.is_ignored_file(part) for part in each.parts)
        if not (of_others or is_litter or os.path.lexists(folder / each)):
            yield folder / each


def _git_path(root: Path, file: Path) -> str:
    """Return a file's path relative to the root, with `/`, as git expects it."""
    return os.path.relpath(file, root).replace(os.sep, "/")
