"""Errors for people: each names the file and says what to do.

- `InvalidInput`: a file that people write is wrong; it lists each `Problem` with file, line and key.
- `Refused`: the rules or the present state do not allow an act, a build or a report; nothing was changed.
- `UsageError`: the arguments of a command or the configuration cannot be used; exit code 2.

Any other exception is a fault of this program, except OSError, which the callers turn into a message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongshi.i18n import gettext as _


@dataclass(frozen=True)
class Problem:
    """One mistake in one place."""

    path: str
    """The file, as the user knows it: relative to the repository, with `/`."""

    message: str
    """What is wrong and how to mend it, in the language of the reader."""

    line: int | None = None
    """Line in the file, counted from 1; None where the whole file is meant."""

    key: str | None = None
    """The key as a dotted path, such as `event.start` or `attachments[2].file`."""

    advice: bool = False
    """True for what is allowed but unwise: it withholds nothing."""

    def __str__(self) -> str:
        place = printable(self.path)
        if self.line is not None:
            place += f":{self.line}"
        return f"{place}: {printable(self.key)}: {self.message}" if self.key else f"{place}: {self.message}"

    def sort_key(self) -> tuple[str, int, str]:
        """Return the key to sort problems by: file, then line."""
        return (self.path, self.line or 0, self.key or "")


def unreadable(path: str, error: OSError) -> Problem:
    """Describe a file that the system does not let this account read; it may be whole, so nobody should delete it.

    Args:
        path: the file, as the user knows it.
        error: what the system said.
    """
    message = _("cannot be read: {reason}. It may be whole: do not delete it, let this account read it")
    return Problem(path, message.format(reason=error.strerror or error))


class GongshiError(Exception):
    """Base of the errors that are shown as a message instead of a traceback."""


class Refused(GongshiError):
    """The rules or the present state do not allow this; nothing was changed."""


class UsageError(GongshiError):
    """The arguments of a command or the configuration cannot be used."""


class InvalidInput(GongshiError):
    """Files that people write have problems; `problems` lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=Problem.sort_key))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InvalidInput], tuple[tuple[Problem, ...]]]:
        # It may come from another process.
        return type(self), (self.problems,)


def printable(text: str) -> str:
    """Return the text with characters that would confuse a terminal or an encoder written as escapes.

    Args:
        text: any text, also file names with bytes that are no UTF-8 (surrogate escapes).
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
