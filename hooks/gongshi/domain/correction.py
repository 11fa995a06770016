"""What is a minor correction: the text of the body only, and no more of it than the policy allows."""

from __future__ import annotations

import re
from enum import Enum

from gongshi.domain.version import Version, canonical

_MARKUP = re.compile(
    r"\]\([^)\n]*\)|^ {0,3}\[[^\]\n]*\]:.*|<[^>]*>|[{!]\S*|\S*://\S*|\S*@\S*|^\s*[#|>~`=*+-]+", re.MULTILINE
)
"""What does more than show text: targets of links, HTML, attributes, pictures, addresses, marks that begin a block."""


class Excess(Enum):
    """Why a change is no minor correction."""

    FRONT_MATTER = "front-matter"
    FILES = "files"
    MARKUP = "markup"
    TOO_LONG = "too-long"
    NOTHING = "nothing"
    """There is no change."""


def excess(base: Version, version: Version, characters: int) -> Excess | None:
    """Why a version is no minor correction of another, or None where it is one.

    Args:
        base: the version that passed the full chain.
        version: the corrected version.
        characters: how many characters may be put in and taken out, both added up.
    """
    if canonical(base.meta) != canonical(version.meta):
        return Excess.FRONT_MATTER
    if dict(base.files) != dict(version.files):
        return Excess.FILES
    before, after = base.manuscript.body, version.manuscript.body
    if before == after:
        return Excess.NOTHING
    if _MARKUP.findall(before) != _MARKUP.findall(after):
        return Excess.MARKUP
    return Excess.TOO_LONG if distance(before, after, characters) is None else None


def distance(before: str, after: str, limit: int) -> int | None:
    """The least number of characters to put in and take out, or None where it is more than the limit.

    The greedy algorithm of E. Myers, An O(ND) Difference Algorithm and Its Variations (1986).

    Args:
        before: a text.
        after: another text.
        limit: where the search ends.
    """
    if abs(len(before) - len(after)) > limit:
        return None
    furthest = {1: 0}
    for steps in range(limit + 1):
        for diagonal in range(-steps, steps + 1, 2):
            down = diagonal == -steps or (
                diagonal != steps and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
            )
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            y = x - diagonal
            while x < len(before) and y < len(after) and before[x] == after[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= len(before) and y >= len(after):
                return steps
    return None
