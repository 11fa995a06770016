"""Find the ends of blocks that are copied as they are: code between fences, comments, and elements of HTML."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

_FENCE: Final = re.compile(r"(`{3,}|~{3,})")
_CLOSING: Final = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*\Z")
_HTML_BLOCK: Final = re.compile(
    r"<(address|article|aside|blockquote|center|details|dl|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|"
    r"li|main|nav|ol|p|pre|script|section|style|summary|table|ul|video|audio|iframe|svg)(?=[\s/>])([^>]*)>",
    re.IGNORECASE,
)
_IS_MARKDOWN: Final = re.compile(r"\bmarkdown\b")


class RawBlocks:
    """Finds the ends of the raw blocks of one text; each kind of end is looked for once, so the time is linear.

    Args:
        lines: the lines of the text, without line endings.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._fences: list[tuple[int, str]] | None = None
        self._closing: dict[str, list[int]] = {}
        self._ends: dict[str, dict[int, int]] = {}
        self._comment_ends: list[int] | None = None

    def end(self, at: int, stripped: str) -> int | None:
        """Return the line after the raw block that begins on a line, counted from 0; None if none begins there.

        Args:
            at: the line, counted from 0.
            stripped: the line without blanks around it.
        """
        if stripped[0] != "<":
            return self._end_of_fence(at, stripped)
        if stripped.startswith("<!--"):
            return self._end_of_comment(at)
        match = _HTML_BLOCK.match(stripped)
        if not match:
            return None
        return at + 1 if _IS_MARKDOWN.search(match[2]) else self._end_of_element(at, match[1].lower())

    def _end_of_fence(self, at: int, stripped: str) -> int | None:
        match = _FENCE.match(stripped)
        if not match or (match[1][0] == "`" and "`" in stripped[match.end() :]):
            return None
        lines = self._closing.get(match[1])
        if lines is None:
            lines = [number for number, fence in self._closing_fences() if fence.startswith(match[1])][::-1]
            self._closing[match[1]] = lines
        while lines and lines[-1] <= at:
            lines.pop()
        return lines[-1] + 1 if lines else None

    def _closing_fences(self) -> list[tuple[int, str]]:
        if self._fences is None:
            found = ((number, _CLOSING.match(line)) for number, line in enumerate(self._lines))
            self._fences = [(number, match[1]) for number, match in found if match]
        return self._fences

    def _end_of_comment(self, at: int) -> int:
        if self._comment_ends is None:
            self._comment_ends = [number for number, line in enumerate(self._lines) if "-->" in line]
        place = bisect_left(self._comment_ends, at)
        return self._comment_ends[place] + 1 if place < len(self._comment_ends) else len(self._lines)

    def _end_of_element(self, at: int, name: str) -> int:
        """Return the line after an element, or after its paragraph if it is not closed."""
        if name not in self._ends:
            self._ends[name] = _ends_of_elements(self._lines, name)
        end = self._ends[name].get(at)
        if end is not None:
            return end + 1
        end = at + 1
        while end < len(self._lines) and self._lines[end].strip():
            end += 1
        return end


def _ends_of_elements(lines: Sequence[str], name: str) -> dict[int, int]:
    """Return the line on which the first element of a name ends, by the line on which it begins."""
    tags = re.compile(rf"<(/?){name}(?=[\s/>])", re.IGNORECASE)
    sign = "<" + name
    ends: dict[int, int] = {}
    opened: list[int] = []
    for number, line in enumerate(lines):
        lower = line.lower()
        if sign not in lower and "</" + name not in lower:
            continue
        for match in tags.finditer(line):
            if not match[1]:
                opened.append(number)
            elif opened:
                begin = opened.pop()
                ends[begin] = max(ends.get(begin, begin), number)
    unclosed = set(opened)
    return {begin: end for begin, end in ends.items() if begin not in unclosed}
