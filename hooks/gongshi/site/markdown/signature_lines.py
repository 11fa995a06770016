"""Find the lines of a text that are a signature: the unit and the day at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

MARK: Final = "{.signoff}"
"""The line below a signature; it puts the paragraph to the right."""
_MARK: Final = re.compile(r"[{｛]:?[ ]*[.．]signoff[ ]*[}｝]\Z")
_ITEM: Final = re.compile(r"(?:[-*+]|\d+\.)[ \t\u00a0\u3000]")
_WIDTHS: Final = {" ": 1, "\u00a0": 1, "\u3000": 2, "\t": 4}
_RIGHT: Final = 16
"""The width of the blanks, in Latin letters, that move a line to the right."""
_MOST_MOVED: Final = 4
_MOST_CHARACTERS: Final = 30


def is_mark(content: str) -> bool:
    """Tell whether a line is the mark below a signature, also with marks of a Chinese input method.

    Args:
        content: the line without blanks around it.
    """
    return content[:1] in ("{", "｛") and bool(_MARK.match(content))


def leads_to_mark(lines: Iterable[str]) -> bool:
    """Tell whether the mark below a signature follows, before an empty line or a list.

    Args:
        lines: the lines from some line of a paragraph on.
    """
    for line in lines:
        content = line.strip()
        if is_mark(content):
            return True
        if not content or _ITEM.match(content):
            return False
    return False


def is_moved_right(lines: Sequence[str]) -> bool:
    """Tell whether many blanks stand before each line of a paragraph, so that somebody moved it to the right.

    Args:
        lines: the lines of the paragraph.
    """
    return len(lines) <= _MOST_MOVED and all(map(_is_moved, lines))


def _is_moved(line: str) -> bool:
    words = line.strip()
    blanks = line[: len(line) - len(line.lstrip())]
    width = sum(_WIDTHS.get(each, 0) for each in blanks)
    return width >= _RIGHT and len(words) <= _MOST_CHARACTERS and words[-1] not in "。；;{}:："
