"""What of an act goes into its commit: the decision and what was decided upon, and nobody's unfinished work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongshi.common.errors import printable
from gongshi.common.files import read_regular, sha256_of
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import paths
from gongshi.domain.content.docs_tree import Draft
from gongshi.domain.records.dossier import Act
from gongshi.domain.records.store import Archive
from gongshi.domain.review.actions import Outcome
from gongshi.i18n import gettext as _
from gongshi.integrations import git


@dataclass(frozen=True)
class Committed:
    """How the commit of an act went."""

    error: str | None = None
    """Why there is none."""
    note: str | None = None
    """What was left out of it, and why."""


def commit(configuration: Configuration, outcome: Outcome, message: str) -> Committed:
    """Commit an act: its record, and the files that it was about as far as the act answers for them.

    A submission and an approval answer for the entry with its bundle. A return and a withdrawal do not: the file may
    hold edits that nobody handed in, so only their flag is committed, and only where it is the file's only change.

    Args:
        configuration: the unit's configuration.
        outcome: the act.
        message: the commit message.
    """
    with Archive(configuration.docs).lock():
        try:
            files, note = _content(configuration, outcome)
        except git.Failed as error:
            return Committed(error=str(error))
        # A file that is missing would be committed as deleted.
        files = [*(file for file in outcome.written.record if file.is_file()), *files]
        if not files:
            return Committed(error=note)
        return Committed(git.commit(configuration.root, files, message), note)


def _content(configuration: Configuration, outcome: Outcome) -> tuple[list[Path], str | None]:
    """The files in `docs/` to commit, and why others are left out."""
    draft, file = outcome.judged, configuration.docs / outcome.path
    if draft is None or draft.version is None:
        return [], None
    label = printable(f"{configuration.docs.name}/{outcome.path}")
    if outcome.decision.act in (Act.RETURN, Act.WITHDRAW):
        if outcome.written.flagged is None:
            return [], None
        if _is_committed(configuration.root, file, draft.content) and _has(file, outcome.written.flagged):
            return [file], None
        message = _(
            "{file} has changes that were not committed before, so it is not in the commit, nor is its new flag; "
            "commit it when the changes are ready"
        )
        return [], message.format(file=label)
    if not _is_as_judged(file, outcome.written.flagged or draft.content, draft):
        message = _("{file} or its attachments were changed at this moment, so only the decision is in the commit")
        return [], message.format(file=label)
    folder = configuration.docs / paths.folder_of(outcome.path)
    return [file, *(folder / name for name in draft.version.files), *_gone(configuration, outcome.path)], None


def _is_committed(root: Path, file: Path, content: bytes) -> bool:
    """Whether git has this content of a file, in its newest commit and prepared for the next one."""
    if not git.has_commits(root):
        return False
    name = _name(root, file)
    committed = git.fields(root, "--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", name)
    prepared = git.fields(root, "--literal-pathspecs", "ls-files", "--stage", "-z", "--", name)
    # Through git's own filters, so that other line endings are no change.
    blob = git.ask(root, "hash-object", "--stdin", f"--path={name}", content=content).decode().strip()
    return [line.split()[2] for line in committed] == [line.split()[1] for line in prepared] == [blob]


def _has(file: Path, content: bytes) -> bool:
    try:
        return read_regular(file) == content
    except OSError:
        return False


def _is_as_judged(file: Path, content: bytes, draft: Draft) -> bool:
    """Whether the entry and its bundle are still what the decision names."""
    files = draft.version.files if draft.version else {}
    try:
        return _has(file, content) and all(sha256_of(file.parent / name) == digest for name, digest in files.items())
    except OSError:
        return False


def _gone(configuration: Configuration, path: str) -> Iterator[Path]:
    """The files of a bundle that git still has and that were removed from it."""
    root, folder = configuration.root, (configuration.docs / path).parent
    if not paths.is_bundle(path, configuration.policy.columns) or not git.has_commits(root):
        return
    names = git.fields(
        root, "--literal-pathspecs", "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", f"{_name(root, folder)}/"
    )
    known = [Path(os.path.relpath(root / name, folder)) for name in names]
    pages = {each.parent for each in known if each.name == "index.md"}
    for each in known:
        # A page in a folder below had files of its own.
        of_others = each.suffix == ".md" or any(place in pages for place in each.parents if place != Path())
        is_litter = any(paths.is_litter(part) for part in each.parts)
        if not (of_others or is_litter or os.path.lexists(folder / each)):
            yield folder / each


def _name(root: Path, file: Path) -> str:
    """A file as git is asked about it."""
    return os.path.relpath(file, root).replace(os.sep, "/")
