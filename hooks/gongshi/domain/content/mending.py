"""Mend the mistakes of a Markdown file that have only one possible mend, and change nothing else in it.

The mistakes and their mends are found where files are read. Here they are written into the bytes of the file: comments,
order, line endings and BOM stay. Only the front matter is mended; of the body, only the encoding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gongshi.common.errors import InvalidInput, Problem, Recoding, Replacement
from gongshi.domain.content import front_matter

_MAX_ROUNDS = 20
"""The maximum number of times that a file is read anew, as mends of its syntax uncover further mistakes."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Change:
    """A line that was mended, or a file that was written in another encoding."""

    line: int | None
    """Counted from 1; None for the whole file."""
    key: str | None
    """The key, as a dotted path or as it was written; None if there is none."""
    before: str
    """The line as it was, or the encoding."""
    after: str


Find = Callable[[bytes], Iterable[Problem]]
"""Returns the problems of a file's content."""


def mend(content: bytes, find: Find) -> tuple[bytes, list[Change]]:
    """Make the mends of a file until none is left.

    Args:
        content: the bytes of the file.
        find: returns the problems of such bytes.

    Returns:
        The mended bytes and the changes, one for each line; the same bytes and no change if nothing can be mended.
    """
    recoded: list[Change] = []
    lines: dict[int, Change] = {}
    problems = list(find(content))
    for _round in range(_MAX_ROUNDS):
        mended, changes = _mended(content, problems)
        if mended == content:
            break
        after = list(find(mended))
        if not _are_gone(problems, after):
            break
        for change in changes:
            if change.line is None:
                recoded.append(change)
            else:
                first = lines.get(change.line, change)
                lines[change.line] = Change(change.line, change.key or first.key, first.before, change.after)
        content, problems = mended, after
    return content, recoded + [lines[line] for line in sorted(lines)]


def problems_of(content: bytes, path: str, is_entry: bool) -> tuple[Problem, ...]:
    """Return the problems of a Markdown file that reading it shows.

    Args:
        content: the bytes of the file.
        path: the file to name in problems.
        is_entry: True for an entry, False for a standing page.
    """
    try:
        return front_matter.read(content, path, requires_entry_keys=is_entry).refusals
    except InvalidInput as error:
        return error.problems


def is_mendable(problem: Problem) -> bool:
    """Tell whether a problem has only one possible mend, which can be made."""
    return problem.fix is not None and not problem.advice


def _are_gone(before: Iterable[Problem], after: list[Problem]) -> bool:
    """Tell whether no problem that was to be mended is still there."""
    left = {(problem.line, problem.key, problem.message) for problem in after}
    return not any((each.line, each.key, each.message) in left for each in before if is_mendable(each))


def _mended(content: bytes, problems: Iterable[Problem]) -> tuple[bytes, list[Change]]:
    """Return the content after one round of mends."""
    fixes = [problem.fix for problem in problems if is_mendable(problem)]
    for fix in fixes:
        if isinstance(fix, Recoding):
            return content.decode(fix.encoding).encode(), [Change(None, None, fix.encoding.upper(), "UTF-8")]
    replacements = sorted({fix for fix in fixes if isinstance(fix, Replacement) and "\n" not in fix.text})
    return _replaced(content, replacements) if replacements else (content, [])


def _replaced(content: bytes, replacements: list[Replacement]) -> tuple[bytes, list[Change]]:
    """Return the content after these replacements, the first of those that overlap."""
    text = content.decode()
    bom = _BOM if text.startswith(_BOM) else ""
    lines: list[str] = _LINE.findall(text[len(bom) :])
    starts = [0]
    for line in lines:
        # One character for a line end, as in the text in which the replacements are counted.
        starts.append(starts[-1] + len(line.rstrip("\r\n")) + 1)
    changes: dict[int, Change] = {}
    end, edits = 0, []
    for fix in replacements:
        number = next(index for index, start in enumerate(starts) if start > fix.start) - 1
        if fix.start < end or fix.end >= starts[number + 1]:
            continue
        end = fix.end
        edits.append((number, fix))
    for number, fix in reversed(edits):
        line, start = lines[number], starts[number]
        lines[number] = line[: fix.start - start] + fix.text + line[fix.end - start :]
        before = changes[number].before if number in changes else line.rstrip("\r\n")
        changes[number] = Change(number + 1, fix.key, before, lines[number].rstrip("\r\n"))
    return (bom + "".join(lines)).encode(), list(changes.values())
