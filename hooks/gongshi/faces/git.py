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
            done = run(root, *step, content=message.encode())
            if done.returncode:
                said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
                return printable("; ".join(said[:3])) or f"git {step[0]}"
    except OSError as error:
        return error.strerror or _("git did not end in time")
    return None
