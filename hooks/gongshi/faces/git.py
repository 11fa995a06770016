"""The little that is asked of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from gongshi.domain.problem import printable
from gongshi.i18n import gettext as _

_SECONDS = 120


def run(root: Path, *arguments: str, content: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run git in a repository.

    Args:
        root: the repository.
        arguments: what follows `git`.
        content: its standard input.

    Raises:
        OSError: git is not installed or does not end.
    """
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from None


def commit(root: Path, files: Iterable[Path], message: str) -> str | None:
    """Commit some files and nothing else; git signs where it is so configured.

    Args:
        root: the repository.
        files: the files, new ones too.
        message: the commit message.

    Returns:
        Why it failed, or None.
    """
    names = [str(file.absolute()) for file in files]
    try:
        for step in (["add", "--", *names], ["commit", "--quiet", "--file=-", "--only", "--", *names]):
            done = run(root, "--literal-pathspecs", *step, content=message.encode())
            if done.returncode:
                said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
                return printable("; ".join(said[:3])) or f"git {step[0]}"
    except OSError as error:
        return error.strerror or _("git did not end in time")
    return None


def value(root: Path, key: str) -> str | None:
    """A value of git's configuration; None where it is not set or git is not there.

    Args:
        root: the repository, whose own configuration counts.
        key: such as `user.email`.
    """
    try:
        done = run(root, "config", key)
    except OSError:
        return None
    return done.stdout.decode(errors="replace").strip() or None


def lines(root: Path, *arguments: str) -> list[str]:
    """What git answers, cut at line ends and NUL bytes; nothing where it fails.

    Args:
        root: the repository.
        arguments: what follows `git`.
    """
    try:
        done = run(root, *arguments)
    except OSError:
        return []
    answer = done.stdout if done.returncode == 0 else b""
    return [part for part in answer.decode("utf-8", "surrogateescape").replace("\0", "\n").split("\n") if part]


def blobs(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The content of objects in the repository.

    Args:
        root: the repository.
        names: their hashes; what is no blob is left out.
    """
    wanted = list(dict.fromkeys(names))
    try:
        answer = run(root, "cat-file", "--batch", content="\n".join(wanted).encode() + b"\n").stdout
    except OSError:
        return {}
    found: dict[str, bytes] = {}
    place = 0
    for name in wanted:
        end = answer.index(b"\n", place)
        header = answer[place:end].split()
        place = end + 1
        if len(header) == 3:
            size = int(header[2])
            found[name] = answer[place : place + size]
            place += size + 1
    return found
