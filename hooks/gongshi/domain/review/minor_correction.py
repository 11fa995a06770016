"""Rules for a minor correction: only words of the body change, and no more of them than the policy allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import zip_longest

from gongshi.common.characters import is_invisible
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.content.version import Version, to_canonical

_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】—…·「」『』～％ ,.;:?!'\"()%+-/|*_")
"""Characters that a changed line may contain besides letters and digits."""
_TABLE_MARKS = lazy_pattern(r"[|*_]")
"""Marks of tables and emphasis among them, which a correction must not change."""
_LINE_PREFIX = lazy_pattern(r"[ \t]*(?:(?:[-*+>]|#{1,6}|\d{1,9}[.)])[ \t]+)*")
"""Indentation and the marks of list items, quotations and headings."""
_ACTIVE_MARKUP = lazy_pattern(r"[\[\]<>{}`\\]|^[ \t]*(?:///|!!!|\?\?\?|===|~~~)", re.MULTILINE)
"""Links, HTML, attributes, code and blocks, in which a few characters can change more than the words."""
_HTML = lazy_pattern(r"<[A-Za-z/!?]")
_WEB_ADDRESS = lazy_pattern(r"://|www\.", re.IGNORECASE)


class Violation(Enum):
    """Reasons for which a change is not a minor correction."""

    FRONT_MATTER = "front-matter"
    FILES = "files"
    INVISIBLE = "invisible"
    """A changed line has an invisible character, before or after the change."""
    MARKUP = "markup"
    TOO_LONG = "too-long"
    NOTHING = "nothing"
    """Nothing has changed."""


def correction_violation(base: Version, version: Version, characters: int) -> Violation | None:
    """Return the reason for which a version is not a minor correction of another, or None if it is one.

    Args:
        base: the version that passed the full chain.
        version: the corrected version.
        characters: the maximum sum of inserted and deleted characters.
    """
    if to_canonical(base.meta) != to_canonical(version.meta):
        return Violation.FRONT_MATTER
    if dict(base.files) != dict(version.files):
        return Violation.FILES
    before, after = base.manuscript.body, version.manuscript.body
    if before == after:
        return Violation.NOTHING
    lines = (before.split("\n"), after.split("\n"))
    if any(is_invisible(character) for line in _changed_lines(*lines) for character in line):
        return Violation.INVISIBLE
    if not _is_plain(*lines):
        return Violation.MARKUP
    return Violation.TOO_LONG if _edit_count(*lines, characters) > characters else None


def _changed_lines(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the lines that differ, before and after."""
    for old, new in zip_longest(before, after, fillvalue=""):
        if old != new:
            yield from (old, new)


def _is_plain(before: list[str], after: list[str]) -> bool:
    """Tell whether only words differ, in paragraphs without markup, and the body has no HTML."""
    if len(before) != len(after) or any(_HTML.search(line) for line in before):
        return False
    changed = {number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
    affected: set[int] = set()
    for number in sorted(changed):
        # Go through a paragraph with many changed lines only once.
        if number not in affected or not before[number].strip():
            affected.update(_paragraph(before, number))
    return all(map(_is_word_line, (before[n] for n in changed), (after[n] for n in changed))) and not any(
        _ACTIVE_MARKUP.search(before[number]) or _ACTIVE_MARKUP.search(after[number]) for number in affected
    )


def _paragraph(lines: list[str], number: int) -> range:
    """Return the line numbers of the paragraph that a line belongs to."""
    first = last = number
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return range(first, last + 1)


def _is_word_line(before: str, after: str) -> bool:
    """Tell whether a line keeps its prefix and table marks, and holds only words and punctuation before and after."""
    prefixes = [_LINE_PREFIX.match(line) for line in (before, after)]
    ends = [prefix.end() if prefix else 0 for prefix in prefixes]
    if before[: ends[0]] != after[: ends[1]] or _TABLE_MARKS.findall(before) != _TABLE_MARKS.findall(after):
        return False
    rests = (before[ends[0] :], after[ends[1] :])
    return all(rest[:1].isalnum() or rest[:1] in tuple("（《“【「") for rest in rests) and all(
        all(c.isalnum() or c in _PUNCTUATION for c in rest) and not _WEB_ADDRESS.search(rest) for rest in rests
    )


def _edit_count(before: list[str], after: list[str], limit: int) -> int:
    """Return the number of inserted and deleted characters, counted line by line; counting stops above the limit."""
    # Imported here: slow to load, and few units use corrections.
    from rapidfuzz.distance import Indel

    total = 0
    for old, new in zip(before, after, strict=True):
        if old != new:
            total += Indel.distance(old, new, score_cutoff=limit - total)
            if total > limit:
                break
    return total
