"""What is a minor correction: the text of the body only, and no more of it than the policy allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import zip_longest

from gongshi.common.characters import is_invisible
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.content.version import Version, to_canonical

_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】—…·「」『』～％ ,.;:?!'\"()%+-/|*_")
"""What may stand in a touched line beside letters and digits."""
_SHAPING = lazy_pattern(r"[|*_]")
"""Of these, what shapes tables and emphasis: a correction leaves it as it is."""
_LEAD = lazy_pattern(r"[ \t]*(?:(?:[-*+>]|#{1,6}|\d{1,9}[.)])[ \t]+)*")
"""Indentation and what makes a line an item, a quotation or a heading."""
_LIVE = lazy_pattern(r"[\[\]<>{}`\\]|^[ \t]*(?:///|!!!|\?\?\?|===|~~~)", re.MULTILINE)
"""Links, HTML, attributes, code and blocks: where one stands, a few characters can do more than show other words."""
_HTML = lazy_pattern(r"<[A-Za-z/!?]")
_ADDRESS = lazy_pattern(r"://|www\.", re.IGNORECASE)


class Violation(Enum):
    """Why a change is no minor correction."""

    FRONT_MATTER = "front-matter"
    FILES = "files"
    INVISIBLE = "invisible"
    """A character that does not show stands in a changed line, or stood there."""
    MARKUP = "markup"
    TOO_LONG = "too-long"
    NOTHING = "nothing"
    """There is no change."""


def correction_violation(base: Version, version: Version, characters: int) -> Violation | None:
    """Why a version is no minor correction of another, or None where it is one.

    Args:
        base: the version that passed the full chain.
        version: the corrected version.
        characters: how many characters may be put in and taken out, both added up.
    """
    if to_canonical(base.meta) != to_canonical(version.meta):
        return Violation.FRONT_MATTER
    if dict(base.files) != dict(version.files):
        return Violation.FILES
    before, after = base.manuscript.body, version.manuscript.body
    if before == after:
        return Violation.NOTHING
    lines = (before.split("\n"), after.split("\n"))
    if any(is_invisible(character) for line in _touched(*lines) for character in line):
        return Violation.INVISIBLE
    if not _is_plain(*lines):
        return Violation.MARKUP
    return Violation.TOO_LONG if _sum(*lines, characters) > characters else None


def _touched(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the lines that differ, before and after."""
    for old, new in zip_longest(before, after, fillvalue=""):
        if old != new:
            yield from (old, new)


def _is_plain(before: list[str], after: list[str]) -> bool:
    """Whether only words differ, in paragraphs that hold nothing but words, of a body without HTML."""
    if len(before) != len(after) or any(_HTML.search(line) for line in before):
        return False
    touched = {number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
    around: set[int] = set()
    for number in sorted(touched):
        # A paragraph with many changed lines is gone through once.
        if number not in around or not before[number].strip():
            around.update(_paragraph(before, number))
    return all(map(_is_word_line, (before[n] for n in touched), (after[n] for n in touched))) and not any(
        _LIVE.search(before[number]) or _LIVE.search(after[number]) for number in around
    )


def _paragraph(lines: list[str], number: int) -> range:
    """The numbers of the lines between the empty lines around a line."""
    first = last = number
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return range(first, last + 1)


def _is_word_line(before: str, after: str) -> bool:
    """Whether a line stays the same kind of line, and both states are words and punctuation."""
    leads = [_LEAD.match(line) for line in (before, after)]
    ends = [lead.end() if lead else 0 for lead in leads]
    if before[: ends[0]] != after[: ends[1]] or _SHAPING.findall(before) != _SHAPING.findall(after):
        return False
    rests = (before[ends[0] :], after[ends[1] :])
    return all(rest[:1].isalnum() or rest[:1] in tuple("（《“【「") for rest in rests) and all(
        all(c.isalnum() or c in _PUNCTUATION for c in rest) and not _ADDRESS.search(rest) for rest in rests
    )


def _sum(before: list[str], after: list[str], limit: int) -> int:
    """Return how many characters were put in and taken out, line by line; more than the limit where it is exceeded."""
    # Slow to load, and few units correct anything.
    from rapidfuzz.distance import Indel

    total = 0
    for old, new in zip(before, after, strict=True):
        if old != new:
            total += Indel.distance(old, new, score_cutoff=limit - total)
            if total > limit:
                break
    return total
