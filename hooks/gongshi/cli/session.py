"""What every command needs: the configuration, the clock, the paths and the person."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from gongshi.common import dates
from gongshi.common.errors import GongshiError, InvalidInput, Problem, UsageError, printable
from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy, comparable
from gongshi.domain.content.docs_tree import Tree
from gongshi.domain.records.dossier import via_text
from gongshi.domain.review.decision_sources import decisions_of
from gongshi.domain.review.snapshot import Survey, survey
from gongshi.i18n import gettext as _
from gongshi.integrations import git

REFUSED, UNUSABLE = 1, 2


@dataclass
class Session:
    """One run of one command."""

    file: Path | None
    """mkdocs.yml as named by the user."""

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration; a wrong one ends the command."""
        file = self.file or loader.find_configuration(Path.cwd())
        if file is None:
            raise UsageError(_("there is no mkdocs.yml in this folder or above it; change into the site's repository"))
        try:
            return loader.load(file)
        except InvalidInput as error:
            raise UsageError(_("the configuration has problems:") + "\n" + str(error)) from None

    @property
    def policy(self) -> Policy:
        """The rules."""
        return self.configuration.policy

    @cached_property
    def now(self) -> datetime:
        """The present, fixed for the whole command."""
        return dates.clock(os.environ, self.policy.zone)

    @cached_property
    def tree(self) -> Tree:
        """The content folder."""
        return Tree(self.configuration.docs, self.policy)

    def survey(self) -> Survey:
        """Read and judge the whole unit."""
        return survey(self.configuration, self.now, tree=self.tree)

    def person(self, named: str | None) -> str:
        """The id of who acts: as named, else whose address git has.

        Raises:
            UsageError: nobody is named and the address belongs to nobody.
        """
        people = self.policy.people
        if named is not None:
            if named not in people:
                raise UsageError(
                    _("{person} is not in people in mkdocs.yml; known are {names}").format(
                        person=printable(named), names=", ".join(people)
                    )
                )
            return named
        email = git.value(self.configuration.root, "user.email")
        if email and (person := self.policy.by_email(email)):
            return person.id
        raise UsageError(
            _(
                "who are you? Name a person with --as, one of {names}; "
                "or set `git config user.email` to the address that mkdocs.yml gives for you"
            ).format(names=", ".join(people))
        )

    def other_user(self, person: str) -> str | None:
        """Return git's user where that is somebody else than who acts; None where git knows nobody.

        Args:
            person: the id of who acts.
        """
        name, email = git.user(self.configuration.root)
        known = self.policy.by_email(email) if email else None
        if known and self.policy.human(known.id) == self.policy.human(person):
            return None
        if not email and name and comparable(name) == comparable(self.policy.people[person].name):
            return None
        return via_text(name, email)

    def select(self, arguments: Sequence[str], also: Iterable[str] = ()) -> tuple[list[str], list[str]]:
        """The entries and pages that arguments mean.

        Args:
            arguments: files or folders, relative to this folder, to the repository or to `docs/`.
            also: entries that may be meant although nothing of them is there.

        Returns:
            Those named themselves, and those found in named folders, relative to `docs/`.

        Raises:
            UsageError: an argument means no entry or page.
        """
        # A file that is there needs no look at all the others.
        present = {argument: path for argument in arguments if (path := self._present(argument))}
        known: list[str] = []
        if len(present) < len(arguments):
            known = sorted({*self.tree.sources, *decisions_of(self.configuration, self.tree).entries(), *also})
        named: dict[str, None] = {}
        found: dict[str, None] = {}
        for argument in arguments:
            owner, inside = (present[argument], []) if argument in present else self._meant(argument, known)
            named.update(dict.fromkeys([owner] if owner else []))
            found.update(dict.fromkeys(inside))
        return list(named), [path for path in found if path not in named]

    def _present(self, argument: str) -> str | None:
        """The Markdown file that an argument names before anything else, where it is there."""
        path = next(self._candidates(argument), None) if argument.strip() else None
        return path if path in self.tree.sources else None

    def _meant(self, argument: str, known: list[str]) -> tuple[str | None, list[str]]:
        """The entry that an argument names, or those in the folder that it names."""
        if not argument.strip():
            raise UsageError(_("an empty path means nothing; name a file or folder"))
        for path in self._candidates(argument):
            if owner := self._owner(path, known):
                return owner, []
            if inside := [entry for entry in known if path == "" or entry.startswith(path + "/")]:
                return None, inside
        message = _("{argument}: there is no such entry or page in {docs}/")
        raise UsageError(message.format(argument=printable(argument), docs=self.configuration.docs.name))

    def names_everything(self, arguments: Sequence[str]) -> bool:
        """Whether an argument means all of `docs/`."""
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
        """How an entry is named to the user."""
        return printable(self.tree.label(path))


@contextmanager
def told() -> Iterator[None]:
    """Turn what goes wrong into one message and an exit code."""
    try:
        yield
    except UsageError as error:
        fail(str(error), UNUSABLE)
    except GongshiError as error:
        fail(str(error), REFUSED)
    except BrokenPipeError:
        # Whoever read the answer has read enough.
        _silence(sys.stdout)
        raise SystemExit(REFUSED) from None
    except OSError as error:
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            _silence(sys.stdout)
        fail(os_error_text(error), REFUSED)


@contextmanager
def reporting(done: Iterable[str]) -> Iterator[None]:
    """Report what was done. A report that fails is a warning, as what was done stays done.

    Args:
        done: what was done, one sentence each, to be said on stderr where stdout fails; where nothing was, a report
            that fails is an error as any other.

    Raises:
        OSError: nothing was done, and the report cannot be written.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        sentences = list(done)
        if not sentences:
            raise
        _silence(sys.stdout)
        for sentence in sentences:
            warn(sentence)
        warn(_("This is done; only the answer could not be written: {reason}").format(reason=error.strerror))


def warn(text: str) -> None:
    """Say something on stderr, if that can be written."""
    try:
        click.echo(text, err=True)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: Any) -> None:
    """Send what a stream still holds to nowhere: the interpreter would try to write it at its end, and fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def os_error_text(error: OSError) -> str:
    """What the system refused, and what that means for the user's data."""
    name = printable(str(error.filename)) if error.filename else ""
    return _("the system refused: {reason} {file}; nothing was left half-written").format(
        reason=error.strerror, file=name
    )


def fail(message: str, code: int) -> None:
    """End the command with a message."""
    warn(_("Error: {message}").format(message=message))
    raise SystemExit(code)


def print_json(value: Any) -> None:
    """The answer for programs."""
    text = "\n".join(map(_safe, json.dumps(value, ensure_ascii=False, indent=2).split("\n")))
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    click.echo(text)


def _safe(line: str) -> str:
    """A line of JSON with what would confuse a terminal written as escapes: such characters stand in texts only."""
    return line if line.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def problem_facts(problem: Problem) -> dict[str, Any]:
    """A problem for programs."""
    return {
        "path": problem.path,
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "advice": problem.advice,
    }
