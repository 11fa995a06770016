"""Check the record in git: files are kept byte for byte, and no act of the history is missing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator

from gongshi.common.errors import printable
from gongshi.common.files import read_file
from gongshi.domain.config.loader import Configuration
from gongshi.domain.records.store import ReviewStore
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.integrations import git
from gongshi.reports.doctor.unit import HealthFinding, Level

_UNION = ("union", "ours")
"""Ways of merging that can put the lines of two dossiers together, or drop some, without asking."""
_OFF = ("unset", "unspecified")
_CHANGING = ("filter", "ident", "working-tree-encoding")
"""Attributes that make git change the bytes of a file."""


def check_repository(configuration: Configuration) -> Iterator[HealthFinding]:
    """Check that git keeps the record byte for byte, and that each act in its history is still in the dossiers.

    Args:
        configuration: the unit's configuration.
    """
    if not git.is_installed():
        message = _("git is not installed, so no history says who changed what; install it")
        yield HealthFinding("repository", Level.ADVICE, message)
        return
    try:
        inside = git.is_repository(configuration.root)
    except git.GitError as error:
        yield HealthFinding("repository", Level.ERROR, str(error))
        return
    if not inside:
        yield HealthFinding(
            "repository", Level.ADVICE, _("this is not a git repository; make backups of docs/ in another way")
        )
        return
    record = _GitRecord(configuration)
    errors = list(dict.fromkeys(message for ask in record.errors for message in _messages_of(ask)))
    failed: list[str] = []
    advice = [message for ask in record.advice for message in _messages_of(ask, failed)]
    errors += [message for message in failed if message not in errors]
    yield from (HealthFinding("repository", Level.ERROR, message) for message in errors)
    if not errors:
        message = _("git keeps the record byte for byte, and no act of its history is missing")
        yield HealthFinding("repository", Level.FINE, message)
    yield from (HealthFinding("repository", Level.ADVICE, message) for message in advice)


def _messages_of(ask: Callable[[], Iterable[str]], failed: list[str] | None = None) -> list[str]:
    """Return the messages of one check, or the error if git fails. With `failed`, errors go into that list."""
    found: list[str] = []
    try:
        found.extend(ask())
    except git.GitError as error:
        (found if failed is None else failed).append(str(error))
    return found


class _GitRecord:
    """The checks of one unit's record: `errors` and `advice` are the methods to call."""

    def __init__(self, configuration: Configuration) -> None:
        self._root = configuration.root
        self._archive = ReviewStore(configuration.docs)
        self._columns = configuration.policy.columns
        self._folder = os.path.relpath(self._archive.folder, self._root).replace(os.sep, "/")
        self.errors = (self._ignored, self._attributes, self._conflicts, self._missing_acts)
        self.advice = (self._uncommitted, self._shallow)

    def _files(self) -> dict[str, str]:
        """Return the paths that git must keep, with a text for messages: existing files and samples of future ones."""
        real: list[str] = []
        for folder, _names, files in os.walk(self._archive.folder):
            place = os.path.relpath(folder, self._root).replace(os.sep, "/")
            kept = place.startswith(f"{self._folder}/objects/")
            real += [
                f"{place}/{name}"
                for name in files
                if name.endswith((".md.jsonl", ".md.head")) or (kept and not name.startswith(".tmp-"))
            ]
        coming = {f"{self._folder}/objects/00/{'0' * 64}": f"{self._folder}/objects/…"}
        for column in ("", *(f"{column}/" for column in self._columns)):
            for suffix in (".md.jsonl", ".md.head"):
                coming[f"{self._folder}/{column}x{suffix}"] = f"{self._folder}/{column}…{suffix}"
        return {**{path: path for path in sorted(real)}, **coming}

    def _ignored(self) -> Iterator[str]:
        names = self._files()
        # --no-index: committed files count, too, as new files beside them would be ignored.
        ignored = git.output_nul(self._root, "check-ignore", "--no-index", "--stdin", "-z", content=names, none=1)
        if ignored:
            message = _("git ignores {files}; remove the line from .gitignore, or the record is never committed")
            yield message.format(files=_name_files(ignored, names))

    def _attributes(self) -> Iterator[str]:
        names = self._files()
        asked = ("text", "merge", *_CHANGING)
        answer = git.output_nul(self._root, "check-attr", "--stdin", "-z", *asked, content=names)
        found = list(zip(answer[::3], answer[1::3], answer[2::3], strict=True))
        if changed := [path for path, name, value in found if name == "text" and value != "unset"]:
            message = _(
                "git may change line endings of {files}; make `{folder}/** -text` the last line of .gitattributes"
            )
            yield message.format(files=_name_files(changed, names), folder=printable(self._folder))
        if merged := [path for path, name, value in found if name == "merge" and value in _UNION]:
            message = _("git is set to merge {files} by itself; remove `merge=…` for them from .gitattributes")
            yield message.format(files=_name_files(merged, names))
        for attribute in _CHANGING:
            if changed := [path for path, name, value in found if name == attribute and value not in _OFF]:
                message = _("git may change {files}; remove `{attribute}` for them from .gitattributes")
                yield message.format(files=_name_files(changed, names), attribute=attribute)

    def _conflicts(self) -> Iterator[str]:
        arguments = (
            "--literal-pathspecs",
            "diff",
            "--relative",
            "--name-only",
            "--diff-filter=U",
            "-z",
            "--",
            self._folder,
        )
        for path in git.output_nul(self._root, *arguments):
            message = _(
                "{file}: two clones recorded acts on the same entry; keep dossier and head of one side "
                "(`git checkout --ours` or `--theirs`), then repeat the acts of the other side"
            )
            yield message.format(file=printable(path))

    def _missing_acts(self) -> Iterator[str]:
        """Find acts that are in a commit in the history of HEAD, but not in the dossiers any more."""
        told: set[tuple[str, bytes]] = set()
        for path, old in self._dossier_contents():
            try:
                present = read_file(self._root / path)
            except OSError:
                present = b""
            if present.startswith(old):
                continue
            kept = set(present.split(b"\n"))
            for line in old.split(b"\n"):
                if line and line not in kept and (path, line) not in told:
                    told.add((path, line))
                    message = _("{file}: an act of the history is missing: {act}; restore the file, or repeat the act")
                    yield message.format(file=printable(path), act=_describe_act(line))

    def _dossier_contents(self) -> Iterator[tuple[str, bytes]]:
        """Return each content that a dossier had in a commit, with its path relative to the folder of mkdocs.yml."""
        if not git.has_commits(self._root):
            return
        # List all commits: asked for a path only, git leaves out the side of a merge whose changes were dropped.
        commits = git.output(self._root, "rev-list", "HEAD")
        options = ("-r", "-m", "--root", "--raw", "--no-abbrev", "--no-renames", "--no-commit-id", "--relative", "-z")
        command = ("--literal-pathspecs", "diff-tree", "--stdin", *options, "--", self._folder)
        words = [word for word in os.fsdecode(git.output(self._root, *command, content=commits)).split("\0") if word]
        changes = ((path, what.split()[3]) for what, path in zip(words[::2], words[1::2], strict=True))
        wanted = dict.fromkeys(
            (path, blob) for path, blob in changes if path.endswith(".md.jsonl") and set(blob) != {"0"}
        )
        contents = dict(git.blobs(self._root, [blob for _path, blob in wanted]))
        yield from ((path, contents[blob]) for path, blob in wanted)

    def _uncommitted(self) -> Iterator[str]:
        arguments = ("--literal-pathspecs", "status", "--porcelain", "-uall", "-z", "--", self._folder)
        if pending := git.output_nul(self._root, *arguments):
            message = ngettext(
                "{count} file of the record is not committed yet",
                "{count} files of the record are not committed yet",
                len(pending),
            )
            yield message.format(count=len(pending))

    def _shallow(self) -> Iterator[str]:
        if git.output_lines(self._root, "rev-parse", "--is-shallow-repository") == ["true"]:
            yield _("this clone has only a part of the history (shallow), so only that part was checked")


def _name_files(paths: Iterable[str], names: dict[str, str]) -> str:
    """Return the first file, and the number of the others."""
    hit = list(dict.fromkeys(paths))
    real = [path for path in hit if names.get(path) == path]
    first, others = (real or hit)[0], len(real or hit) - 1
    text = printable(names.get(first, first))
    message = ngettext("{file} and {count} other file", "{file} and {count} other files", others)
    return message.format(file=text, count=others) if others else text


def _describe_act(line: bytes) -> str:
    try:
        act = json.loads(line)
        return printable(" ".join(str(act[key]) for key in ("seq", "act", "by", "at")))
    except (ValueError, KeyError, TypeError):
        return printable(line[:60].decode(errors="replace"))
