"""Errors that are shown to users as messages.

- `InvalidInput`: files written by people have problems; it lists each `Problem` with file, line and key.
- `Refused`: the rules or the present state do not allow an action, a build or a report; nothing was changed.
- `UsageError`: the arguments of a command or the configuration cannot be used; exit code 2.

Any other exception is a bug of this program, except OSError, which the callers turn into a message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from gongshi.i18n import gettext as _


class Replacement(NamedTuple):
    """The only possible mend of a mistake: other characters in one line of a file."""

    start: int
    """The first character to replace, counted in the file's text with LF line endings and without a BOM."""
    end: int
    text: str
    """The characters to write in place of them; they contain no line break."""
    key: str | None = None
    """The key whose line is mended, as it is written in the file."""
    needs_text: bool = False
    """True if this is a mend only for a key whose value is a text."""


class Recoding(NamedTuple):
    """The only possible mend of a file in another encoding: writing it in UTF-8."""

    encoding: str
    """The encoding that Python reads it with, such as `gb18030`."""


@dataclass(frozen=True)
class Problem:
    """One mistake at one place in a file."""

    path: str
    """The file, relative to the repository, with `/`."""

    message: str
    """The mistake and its remedy, in the reader's language."""

    line: int | None = None
    """The line in the file, counted from 1; None for the whole file."""

    key: str | None = None
    """The key as a dotted path, such as `event.start` or `attachments[2].file`."""

    advice: bool = False
    """True if this is allowed but not recommended; it does not withhold the file."""

    fix: Replacement | Recoding | None = field(default=None, compare=False)
    """The mend that the message names, if there is only one; `gongshi check --fix` makes it."""

    def __str__(self) -> str:
        place = printable(self.path)
        if self.line is not None:
            place += f":{self.line}"
        return f"{place}: {printable(self.key)}: {self.message}" if self.key else f"{place}: {self.message}"

    def sort_key(self) -> tuple[str, int, str]:
        """Return the sort key: file, line, key."""
        return (self.path, self.line or 0, self.key or "")


def unreadable(path: str, error: OSError) -> Problem:
    """Return the problem that this account cannot read a file.

    The message warns against deleting the file, which may be undamaged.

    Args:
        path: the file, relative to the repository.
        error: the error of the operating system.
    """
    message = _("cannot be read: {reason}. It may be whole: do not delete it, let this account read it")
    return Problem(path, message.format(reason=error.strerror or error))


class GongshiError(Exception):
    """Base class of errors that are shown as a message instead of a traceback."""


class Refused(GongshiError):
    """Error: the rules or the present state do not allow this; nothing was changed."""


class UsageError(GongshiError):
    """Error: the arguments of a command or the configuration cannot be used."""


class InvalidInput(GongshiError):
    """Error: files written by people have problems.

    Args:
        problems: all problems; kept sorted by file and line.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=Problem.sort_key))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InvalidInput], tuple[tuple[Problem, ...]]]:
        # Needed for pickling: the error may come from another process.
        return type(self), (self.problems,)


def printable(text: str) -> str:
    """Return the text with unprintable characters replaced by escape sequences.

    Args:
        text: any text, also file names with bytes that are not UTF-8 (surrogate escapes).
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
