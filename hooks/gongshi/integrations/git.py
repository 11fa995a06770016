"""The little that is asked of git. Where git fails it is said so, and never taken for the answer "nothing"."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongshi.common.errors import Refused, printable
from gongshi.i18n import gettext as _

_SECONDS = 120
_UNSET = 1
"""How `git config` and `git rev-parse --verify` end where there is no such value."""


class Failed(Refused):
    """Git was asked and gave no answer."""


def run(
    root: Path, *arguments: str, content: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a repository.

    Args:
        root: the repository.
        arguments: what follows `git`.
        content: its standard input.
        environment: variables that are set for it.

    Raises:
        OSError: git is not installed or does not end.
    """
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(  # noqa: S603
            command,
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, **environment},
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from None


def ask(root: Path, *arguments: str, content: bytes | None = None, none: int = 0) -> bytes:
    """What git answers.

    Args:
        root: the repository.
        arguments: what follows `git`.
        content: its standard input.
        none: the exit code by which this command says that there is nothing.

    Raises:
        Failed: git is not installed, does not end, or reports an error.
    """
    try:
        done = run(root, *arguments, content=content)
    except OSError as error:
        raise _failed(arguments, error.strerror or _("git did not end in time")) from None
    if done.returncode not in (0, none):
        raise _failed(arguments, _said(done))
    return done.stdout


def _failed(arguments: Iterable[str], reason: str) -> Failed:
    command = next(word for word in arguments if not word.startswith("-"))
    message = _("git could not be asked: {command}: {reason}")
    return Failed(message.format(command=f"git {command}", reason=reason))


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """The first lines of what git reported."""
    lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
    return printable("; ".join(lines[:3])) or str(done.returncode)


def lines(root: Path, *arguments: str) -> list[str]:
    """What git answers, cut at line ends.

    Args:
        root: the repository.
        arguments: what follows `git`.

    Raises:
        Failed: git gave no answer.
    """
    return [line for line in os.fsdecode(ask(root, *arguments)).split("\n") if line]


def fields(root: Path, *arguments: str, content: Iterable[str] | None = None, none: int = 0) -> list[str]:
    """What git answers to a question with -z, cut at NUL bytes: paths may hold line ends.

    Args:
        root: the repository.
        arguments: what follows `git`, -z among it.
        content: the paths on its standard input.
        none: the exit code by which this command says that there is nothing.

    Raises:
        Failed: git gave no answer.
    """
    given = None if content is None else b"".join(os.fsencode(path) + b"\0" for path in content)
    return [field for field in os.fsdecode(ask(root, *arguments, content=given, none=none)).split("\0") if field]


def commit(root: Path, files: Iterable[Path], message: str) -> str | None:
    """Commit some files and nothing else; git signs where it is so configured.

    Args:
        root: the repository.
        files: the files, new ones too, and those that are gone.
        message: the commit message.

    Returns:
        Why it failed, or None.
    """
    names = [str(file.absolute()) for file in files]
    present = [name for name in names if os.path.lexists(name)]
    steps = [["add", "--", *present]] if present else []
    try:
        for step in (*steps, ["commit", "--quiet", "--file=-", "--only", "--", *names]):
            done = run(root, "--literal-pathspecs", *step, content=message.encode())
            if done.returncode:
                return _said(done)
    except OSError as error:
        return error.strerror or _("git did not end in time")
    return None


def value(root: Path, key: str) -> str | None:
    """A value of git's configuration; None where it is not set or git is not installed.

    Args:
        root: the repository, whose own configuration counts.
        key: such as `user.email`.

    Raises:
        Failed: the configuration cannot be read.
    """
    if not is_installed():
        return None
    return ask(root, "config", key, none=_UNSET).decode(errors="replace").strip() or None


def user(root: Path) -> tuple[str | None, str | None]:
    """Return git's `user.name` and `user.email`; None for what is not set, or where git is not there or fails.

    Args:
        root: the repository, whose own configuration counts.
    """
    try:
        found = fields(root, "config", "--null", "--get-regexp", r"^user\.(name|email)$", none=_UNSET)
    except Failed:
        return None, None
    # The last value of a key counts.
    values = {key: value.strip() for key, _line, value in (each.partition("\n") for each in found)}
    return values.get("user.name") or None, values.get("user.email") or None


def is_installed() -> bool:
    """Whether there is a git at all."""
    return shutil.which("git") is not None


def is_repository(root: Path) -> bool:
    """Whether a folder lies in a repository.

    Args:
        root: the folder.

    Raises:
        Failed: it seems to, and git will not work with it, such as one that belongs to somebody else.
    """
    arguments = ("rev-parse", "--is-inside-work-tree")
    try:
        # Only the words tell "there is none" from other errors, and git translates them.
        done = run(root, *arguments, LC_ALL="C")
    except OSError as error:
        raise _failed(arguments, error.strerror or _("git did not end in time")) from None
    if done.returncode == 0:
        return True
    if b"not a git repository" in done.stderr and not os.path.lexists(root / ".git"):
        return False
    raise _failed(arguments, _said(done))


def has_commits(root: Path) -> bool:
    """Whether a repository has a history.

    Args:
        root: the repository.

    Raises:
        Failed: git gave no answer.
    """
    if ask(root, "rev-parse", "--quiet", "--verify", "HEAD", none=_UNSET):
        return True
    # A branch that is damaged has no name to git; one without commits has.
    ask(root, "symbolic-ref", "HEAD")
    return False


def blobs(root: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The content of objects in the repository.

    Args:
        root: the repository.
        names: their hashes.

    Returns:
        Each hash with the content.

    Raises:
        Failed: git gave no answer, or one of the objects is missing.
    """
    wanted = list(dict.fromkeys(names))
    arguments = ("cat-file", "--batch")
    answer = ask(root, *arguments, content="".join(f"{name}\n" for name in wanted).encode()) if wanted else b""
    place = 0
    for name in wanted:
        end = answer.find(b"\n", place)
        header = answer[place:end].split()
        if end < 0 or len(header) != 3 or header[1] != b"blob":
            raise _failed(arguments, _("the repository does not have the object {name}").format(name=name))
        place = end + 1
        size = int(header[2])
        yield name, answer[place : place + size]
        place += size + 1
