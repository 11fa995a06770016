"""The session of a command: configuration, clock, path arguments and person; error messages and JSON output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from gongshi.build.lazy_corrections import with_corrections
from gongshi.common import dates
from gongshi.common.errors import GongshiError, InvalidInput, Problem, UsageError, printable
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.common.text import closest
from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Column, Policy, comparable
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.paths import PageKind
from gongshi.domain.records.dossier import via_text
from gongshi.domain.review.decision_sources import open_decisions
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from gongshi.i18n import gettext as _
from gongshi.integrations import git

REFUSED, UNUSABLE = 1, 2
_INDENTED = lazy_pattern(r'(?:(?<=[^\\]")|(?<=[^\\]\\n))\u3000{2}(?=[^\s"\\])')
"""The beginning of a string or of a line in it, in JSON, with the usual indentation of a paragraph."""
_Item = TypeVar("_Item")


@dataclass
class Session:
    """The state of one command run; its properties are loaded on first use."""

    file: Path | None
    """The mkdocs.yml given by the user, or None."""

    @cached_property
    def configuration(self) -> Configuration:
        """The loaded configuration; raises UsageError if it is missing or invalid."""
        file = self.file or loader.find_configuration(Path.cwd())
        if file is None:
            raise UsageError(_("there is no mkdocs.yml in this folder or above it; change into the site's repository"))
        try:
            found = loader.load_configuration(file)
        except InvalidInput as error:
            raise UsageError(_("the configuration has problems:") + "\n" + str(error)) from None
        return with_corrections(found)

    @property
    def policy(self) -> Policy:
        """The unit's policy."""
        return self.configuration.policy

    @cached_property
    def now(self) -> datetime:
        """The current time, fixed for the whole command."""
        return dates.current_time(os.environ, self.policy.zone)

    @cached_property
    def tree(self) -> DocsTree:
        """The content folder."""
        return DocsTree(self.configuration.docs, self.policy)

    def survey(self) -> Snapshot:
        """Read all entries and records and return the snapshot of the unit."""
        return take_snapshot(self.configuration, self.now, tree=self.tree)

    def person(self, named: str | None) -> str:
        """Return the id of the acting person: the given one, else the one with git's `user.email`.

        Args:
            named: the id, name or address given with `--as`, or None.

        Raises:
            UsageError: the named person is unknown, or nobody is named and the address belongs to nobody.
        """
        people = self.policy.people
        if named is not None:
            names = {person.id: person.name for person in people.values()}
            unknown = _("{name} is not in people in mkdocs.yml; known are {names}")
            return _only_one(named, self.policy.persons_named(named), names, unknown).id
        email = git.value(self.configuration.root, "user.email")
        if email and (person := self.policy.by_email(email)):
            return person.id
        raise UsageError(
            _(
                "who are you? Name a person with --as, one of {names}; "
                "or set `git config user.email` to the address that mkdocs.yml gives for you"
            ).format(names=_listed({person.id: person.name for person in people.values()}))
        )

    def author(self, named: str | None) -> str:
        """Return the id of the author of a new entry; warn if the person of `--as` is not git's user.

        Args:
            named: the id, name or address given with `--as`, or None.

        Raises:
            UsageError: as for `person`.
        """
        author = self.person(named)
        if named and (via := self.other_user(author)):
            text = _("The author is {person} (--as), but git's user is {via}")
            warn(text.format(person=self.policy.people[author].name, via=via))
        return author

    def column(self, written: str) -> Column:
        """Return the column that a user names.

        Args:
            written: its id, its title or its folder.

        Raises:
            UsageError: there is no such column.
        """
        docs = self.configuration.docs.name
        name = written.strip().replace(os.sep, "/").rstrip("/").removeprefix(f"{docs}/")
        found = self.policy.columns_named(name)
        page = next((path for path in (f"{name}/index.md", f"{name}.md", name) if path in self.tree.sources), None)
        if not found and (page := page or self._page_titled(name)):
            message = _("{file} is no column; edit that file itself, then submit it with `gongshi submit {file}`")
            raise UsageError(message.format(file=self.label(page)))
        titles = {column.id: column.title for column in self.policy.columns.values()}
        hint = _("A page outside the columns, such as {docs}/about/index.md, is written by hand and then submitted.")
        return _only_one(
            name, found, titles, _("there is no column {name}; known are {names}"), "\n" + hint.format(docs=docs)
        )

    @property
    def column_names(self) -> str:
        """The ids of all columns with their titles, for messages."""
        return printable(_listed({column.id: column.title for column in self.policy.columns.values()}))

    def _page_titled(self, title: str) -> str | None:
        """Return the standing page of a title; None if there is none."""
        for path, source in self.tree.sources.items():
            version = self.tree.draft(source).version if source.kind is PageKind.PAGE else None
            if version and version.meta.title == title:
                return path
        return None

    def stage(self, written: str) -> str:
        """Return the id of the stage that a user names by its id or title.

        Raises:
            UsageError: there is no such stage.
        """
        titles = {stage.id: stage.title for stage in self.policy.stages.values()}
        unknown = _("there is no stage {name}; known are {names}")
        return _only_one(written, self.policy.stages_named(written), titles, unknown).id

    def other_user(self, person: str) -> str | None:
        """Return git's user if that is not the acting person; None if they agree or git has no user.

        Args:
            person: the id of the acting person.
        """
        name, email = git.user(self.configuration.root)
        known = self.policy.by_email(email) if email else None
        if known and self.policy.canonical_person(known.id) == self.policy.canonical_person(person):
            return None
        if not email and name and comparable(name) == comparable(self.policy.people[person].name):
            return None
        return via_text(name, email)

    def select(self, arguments: Sequence[str], also: Iterable[str] = ()) -> tuple[list[str], list[str]]:
        """Return the entries and pages that path arguments mean.

        Args:
            arguments: files or folders, relative to the current folder, to the repository or to `docs/`; a file may be
                named without `.md`, a column by its title.
            also: entries that may be named although they have neither file nor record.

        Returns:
            Entries named directly, and entries found in named folders, relative to `docs/`.

        Raises:
            UsageError: an argument means no entry or page.
        """
        # Arguments that are existing files need no list of all entries.
        present = {argument: path for argument in arguments if (path := self._existing_file(argument))}
        known: list[str] = []
        if len(present) < len(arguments):
            known = sorted({*self.tree.sources, *open_decisions(self.configuration, self.tree).entries(), *also})
        named: dict[str, None] = {}
        found: dict[str, None] = {}
        for argument in arguments:
            owner, inside = (present[argument], []) if argument in present else self._resolve(argument, known)
            named.update(dict.fromkeys([owner] if owner else []))
            found.update(dict.fromkeys(inside))
        return list(named), [path for path in found if path not in named]

    def _existing_file(self, argument: str) -> str | None:
        """Return the Markdown file that an argument means first, if it exists."""
        path = next(self._candidates(argument), None) if argument.strip() else None
        return path if path in self.tree.sources else None

    def _resolve(self, argument: str, known: list[str]) -> tuple[str | None, list[str]]:
        """Return the entry that an argument means, or the entries in the folder that it means."""
        if not argument.strip():
            raise UsageError(_("an empty path means nothing; name a file or folder"))
        for path in self._candidates(argument):
            if owner := self._owner(path, known):
                return owner, []
            if inside := [entry for entry in known if path == "" or entry.startswith(path + "/")]:
                return None, inside
        # Only now, so that a folder or bundle comes before a file of the same name.
        for path in self._candidates(argument):
            if f"{path}.md" in known:
                return f"{path}.md", []
        titled = self.policy.columns_named(argument)
        if len(titled) == 1 and (inside := [entry for entry in known if entry.startswith(titled[0].id + "/")]):
            return None, inside
        docs = self.configuration.docs.name
        message = _("{argument}: there is no such entry or page in {docs}/")
        if near := self._similar_path(argument, known):
            message = _("{argument}: there is no such entry or page in {docs}/; did you mean {path}?")
        raise UsageError(message.format(argument=printable(argument), docs=docs, path=near))

    def _similar_path(self, argument: str, known: list[str]) -> str | None:
        """Return what an unknown argument probably means: a column, or an entry or page."""
        columns = {name: column.id for column in self.policy.columns.values() for name in (column.id, column.title)}
        if "/" not in argument.strip("/") and (name := closest(argument.strip("/"), columns)):
            return columns[name]
        near = closest(argument.removeprefix(f"{self.configuration.docs.name}/"), known)
        return self.label(near) if near else None

    def names_everything(self, arguments: Sequence[str]) -> bool:
        """Tell whether an argument means the whole of `docs/`.

        Args:
            arguments: files or folders as given by the user.
        """
        return any(argument.strip() and next(self._candidates(argument), None) == "" for argument in arguments)

    def _candidates(self, argument: str) -> Iterator[str]:
        docs = self.configuration.docs.absolute()
        for base in (Path.cwd(), self.configuration.root.absolute(), docs):
            relative = os.path.relpath(os.path.normpath(base / argument), docs).replace(os.sep, "/")
            if not relative.startswith(".."):
                yield "" if relative == "." else relative

    def _owner(self, path: str, known: list[str]) -> str | None:
        if path in known:
            return path
        bundle = f"{path}/index.md"
        if bundle in known and not any(entry.startswith(path + "/") for entry in known if entry != bundle):
            return bundle
        return next((s.path for s in self.tree.sources.values() if path in {s.folder + name for name in s.files}), None)

    def label(self, path: str) -> str:
        """Return the name of an entry in messages.

        Args:
            path: the Markdown file, relative to `docs/`.
        """
        return printable(self.tree.label(path))


def _listed(titles: Mapping[str, str]) -> str:
    """Return ids with their titles, as in `announcements (通知公告), …`."""
    named = _("{id} ({title})")
    return _(", ").join(named.format(id=id, title=title) if title != id else id for id, title in titles.items())


def _only_one(written: str, found: Sequence[_Item], titles: Mapping[str, str], unknown: str, hint: str = "") -> _Item:
    """Return the one item that was found by a name.

    Args:
        written: the name as the user wrote it.
        found: the items that it may mean.
        titles: the ids of all items with their titles.
        unknown: the message if there is none, with `{name}` and `{names}`.
        hint: the end of that message.

    Raises:
        UsageError: the name means no item, or several.
    """
    if len(found) == 1:
        return found[0]
    if found:
        ids = _(" or ").join(id for id, title in titles.items() if comparable(title) == comparable(written))
        raise UsageError(_("{person} can be {ids}; write the id").format(person=printable(written), ids=ids))
    message = unknown.format(name=printable(written), names=printable(_listed(titles)))
    if near := closest(written, [*titles, *titles.values()]):
        id = near if near in titles else next(id for id, title in titles.items() if title == near)
        message = _("{message}. Did you mean {name}?").format(message=message, name=id)
    raise UsageError(message + hint)


@contextmanager
def errors_as_exit_codes() -> Iterator[None]:
    """Turn an exception into one error message and an exit code."""
    try:
        yield
    except UsageError as error:
        fail(str(error), UNUSABLE)
    except GongshiError as error:
        fail(str(error), REFUSED)
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has closed it.
        _redirect_to_null(sys.stdout)
        raise SystemExit(REFUSED) from None
    except OSError as error:
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            _redirect_to_null(sys.stdout)
        fail(os_error_text(error), REFUSED)


@contextmanager
def reporting(done: Iterable[str]) -> Iterator[None]:
    """Run a block that prints a report; if printing fails after something was done, only warn.

    Args:
        done: one sentence for each thing that was done, printed on stderr if stdout fails.

    Raises:
        OSError: the report cannot be written, and nothing was done.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        sentences = list(done)
        if not sentences:
            raise
        _redirect_to_null(sys.stdout)
        for sentence in sentences:
            warn(sentence)
        warn(_("This is done; only the answer could not be written: {reason}").format(reason=error.strerror))


def warn(text: str) -> None:
    """Print a message on stderr, if that can be written.

    Args:
        text: the message.
    """
    try:
        click.echo(text, err=True)
    except OSError:
        _redirect_to_null(sys.stderr)


def _redirect_to_null(stream: Any) -> None:
    """Redirect a broken stream to the null device, because Python would fail to flush it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def os_error_text(error: OSError) -> str:
    """Return the message for an error of the operating system.

    Args:
        error: the error.
    """
    name = printable(str(error.filename)) if error.filename else ""
    return _("the system refused: {reason} {file}; nothing was left half-written").format(
        reason=error.strerror, file=name
    )


def fail(message: str, code: int) -> None:
    """Print an error message and exit.

    Args:
        message: the message.
        code: the exit code.
    """
    warn(_("Error: {message}").format(message=message))
    raise SystemExit(code)


def print_json(value: Any) -> None:
    """Print a value as JSON, with escapes for characters that the terminal cannot show.

    Args:
        value: anything that `json` can write.
    """
    text = "\n".join(map(_escape_unprintable, json.dumps(value, ensure_ascii=False, indent=2).split("\n")))
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    click.echo(text)


def _escape_unprintable(line: str) -> str:
    """Escape unprintable characters in a line of JSON; they only occur within strings.

    The two full-width spaces at the beginning of a paragraph stay as they are: Chinese texts are indented so.
    """
    if line.isprintable():
        return line
    kept = {match.start() + place for match in _INDENTED.finditer(line) for place in (0, 1)}
    return "".join(c if c.isprintable() or n in kept else json.dumps(c)[1:-1] for n, c in enumerate(line))


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON values.

    Args:
        problem: the problem.
    """
    return {
        "path": problem.path,
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "advice": problem.advice,
    }
