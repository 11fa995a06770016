"""Tell indented code of programs from paragraphs that were pasted with their indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_INDENTED: Final = re.compile(r"(?: {4}| {0,3}\t)")
_CODE: Final = re.compile(
    r"[{}][ \t]*$|\w\([^)\n]*\)[ \t]*[;{]|^[ \t]*</?[A-Za-z][^>\n]*>|^[ \t]*[$>] [a-z]|[ \t]=[ \t].*;[ \t]*$|=>|[=!]==?"
    r"|&&|->|\w::\w|^[ \t]*(?://|#include|import[ ]|def[ ]|return[ ]|sudo[ ])",
    re.MULTILINE,
)
"""Signs of a program, which do not stand in the texts of offices."""
_HAN: Final = re.compile("[\u3400-\u9fff]")
_MOST_HAN: Final = 0.3


def end_of_code(lines: Sequence[str], start: int) -> tuple[int, bool]:
    """Return the line after the indented lines that begin on a line, counted from 0, and True if they are code.

    Args:
        lines: the lines of a text.
        start: a line after an empty line, counted from 0.
    """
    end = at = start
    while at < len(lines) and (not lines[at].strip() or _INDENTED.match(lines[at])):
        at += 1
        if lines[at - 1].strip():
            end = at
    code = "\n".join(lines[start:end])
    return end, bool(_CODE.search(code)) and len(_HAN.findall(code)) <= _MOST_HAN * len("".join(code.split()))


def as_fence(lines: Sequence[str]) -> list[str]:
    """Return indented code as code between fences.

    Args:
        lines: the lines of the code.
    """
    text = "\n".join(_INDENTED.sub("", line, count=1) for line in lines)
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return [fence, *text.split("\n"), fence]
