"""Calls to git. A failure of git raises an error; it is never treated as an empty answer."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongshi.common.errors import Refused, printable
from gongshi.i18n import gettext as _

_TIMEOUT_SECONDS = 120
_NOT_SET = 1
"""Exit code of `git config` and `git rev-parse --verify` if there is no such value."""


class GitError(Refused):
    """A git command failed or did not end in time."""


def run(
    root: Path, *arguments: str, content: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a repository.

    Args:
        root: the repository.
        arguments: the arguments after `git`.
        content: bytes for its standard input.
        environment: environment variables to set for it.

    Raises:
        OSError: git is not installed or did not end within two minutes.
    """
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(  # noqa: S603
            command,
            input=content,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
            env={**os.environ, **environment},
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from None


def output(root: Path, *arguments: str, content: bytes | None = None, none: int = 0) -> bytes:
    """Run git and return its output.

    Args:
        root: the repository.
        arguments: the arguments after `git`.
        content: bytes for its standard input.
        none: the exit code by which this command reports an empty result; not an error.

    Raises:
        GitError: git is not installed, did not end in time, or reported an error.
    """
    try:
        done = run(root, *arguments, content=content)
    except OSError as error:
        raise _failed(arguments, error.strerror or _("git did not end in time")) from None
    if done.returncode not in (0, none):
        raise _failed(arguments, _error_text(done))
    return done.stdout


def _failed(arguments: Iterable[str], reason: str) -> GitError:
    command = next(word for word in arguments if not word.startswith("-"))
    message = _("git failed: {command}: {reason}")
    return GitError(message.format(command=f"git {command}", reason=reason))


def _error_text(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the first lines of git's error message."""
    lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
    return printable("; ".join(lines[:3])) or str(done.returncode)


def output_lines(root: Path, *arguments: str) -> list[str]:
    """Run git and return the lines of its output, without empty ones.

    Args:
        root: the repository.
        arguments: the arguments after `git`.

    Raises:
        GitError: the git command failed.
    """
    return [line for line in os.fsdecode(output(root, *arguments)).split("\n") if line]


def output_nul(root: Path, *arguments: str, content: Iterable[str] | None = None, none: int = 0) -> list[str]:
    """Run git with `-z` and return the fields of its output, split at NUL bytes, because paths may contain newlines.

    Args:
        root: the repository.
        arguments: the arguments after `git`, with `-z`.
        content: paths for its standard input.
        none: the exit code by which this command reports an empty result; not an error.

    Raises:
        GitError: the git command failed.
    """
    given = None if content is None else b"".join(os.fsencode(path) + b"\0" for path in content)
    return [field for field in os.fsdecode(output(root, *arguments, content=given, none=none)).split("\0") if field]


def commit(root: Path, files: Iterable[Path], message: str) -> str | None:
    """Commit these files and nothing else; git signs the commit if it is configured to do so.

    Args:
        root: the repository.
        files: changed, new and deleted files.
        message: the commit message.

    Returns:
        The error message if it failed, or None.
    """
    names = [str(file.absolute()) for file in files]
    present = [name for name in names if os.path.lexists(name)]
    steps = [["add", "--", *present]] if present else []
    try:
        for step in (*steps, ["commit", "--quiet", "--file=-", "--only", "--", *names]):
            done = run(root, "--literal-pathspecs", *step, content=message.encode())
            if done.returncode:
                return _error_text(done)
    except OSError as error:
        return error.strerror or _("git did not end in time")
    return None


def value(root: Path, key: str) -> str | None:
    """Return a value of git's configuration; None if it is not set or git is not installed.

    Args:
        root: the repository; its own configuration is included.
        key: a configuration key such as `user.email`.

    Raises:
        GitError: the configuration cannot be read.
    """
    if not is_installed():
        return None
    return output(root, "config", key, none=_NOT_SET).decode(errors="replace").strip() or None


def user(root: Path) -> tuple[str | None, str | None]:
    """Return git's `user.name` and `user.email`; None for a value that is not set, or if git is missing or fails.

    Args:
        root: the repository; its own configuration is included.
    """
    try:
        found = output_nul(root, "config", "--null", "--get-regexp", r"^user\.(name|email)$", none=_NOT_SET)
    except GitError:
        return None, None
    # If a key has several values, git uses the last one, and so does this dict.
    values = {key: value.strip() for key, _line, value in (each.partition("\n") for each in found)}
    return values.get("user.name") or None, values.get("user.email") or None


def is_installed() -> bool:
    """Tell whether git is installed."""
    return shutil.which("git") is not None


def is_repository(root: Path) -> bool:
    """Tell whether a folder lies in a git repository.

    Args:
        root: the folder.

    Raises:
        GitError: git refuses to work with the repository, for example because it belongs to another account.
    """
    arguments = ("rev-parse", "--is-inside-work-tree")
    try:
        # Only the message distinguishes "no repository" from other errors, so ask for it in English.
        done = run(root, *arguments, LC_ALL="C")
    except OSError as error:
        raise _failed(arguments, error.strerror or _("git did not end in time")) from None
    if done.returncode == 0:
        return True
    if b"not a git repository" in done.stderr and not os.path.lexists(root / ".git"):
        return False
    raise _failed(arguments, _error_text(done))


def has_commits(root: Path) -> bool:
    """Tell whether a repository has commits.

    Args:
        root: the repository.

    Raises:
        GitError: the git command failed.
    """
    if output(root, "rev-parse", "--quiet", "--verify", "HEAD", none=_NOT_SET):
        return True
    # This fails for a damaged HEAD, but not for a branch without commits.
    output(root, "symbolic-ref", "HEAD")
    return False


def blobs(root: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the content of objects in the repository.

    Args:
        root: the repository.
        names: hashes of the objects.

    Returns:
        Pairs of hash and content.

    Raises:
        GitError: the git command failed, or an object is missing.
    """
    wanted = list(dict.fromkeys(names))
    arguments = ("cat-file", "--batch")
    answer = output(root, *arguments, content="".join(f"{name}\n" for name in wanted).encode()) if wanted else b""
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
