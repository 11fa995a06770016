"""Tell texts without any mark of Markdown, whose pages need not be compared with them."""

from __future__ import annotations

import re
from typing import Final

_INERT: Final = re.compile(
    r"(?:(?:#{1,6} )?(?![ \t:+=-]|\d+\.)[^*＊_~`\[\]【】<>&\\|｜{}!#＃\t\x00-\x08\n]*(?:\n|\Z))*\Z"
)


def has_marks(body: str) -> bool:
    """Tell whether a text has signs or blanks that Markdown may take for marks; without any, its page says the same.

    Args:
        body: the Markdown text.
    """
    return not _INERT.match(body)
