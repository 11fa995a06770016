"""Characters that do not show."""

from __future__ import annotations

import re
import unicodedata

_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2060-\u206f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\u2800]"
)
"""Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt as far as no category says it, and the empty
Braille pattern."""


def is_invisible(character: str) -> bool:
    """Tell whether a character shows nothing, or only changes how others show.

    These are control and format characters (zero-width, bidirectional, tags), separators of lines and paragraphs,
    variation selectors and letters without a shape, such as U+3164; spaces, tabs and line ends are not among them.

    Args:
        character: one character.
    """
    if character in "\t\n":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or bool(_IGNORED.match(character))
