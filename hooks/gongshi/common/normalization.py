"""Normalize Unicode text in linear time.

Most implementations need quadratic time to sort the combining marks of one letter, so a letter with 100,000 marks
takes minutes. As in the Stream-Safe Text Format (UAX #15, section 13), only 30 marks in a row are sorted together; no
writing system uses more.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from gongshi.common.lazy_pattern import lazy_pattern

_MARKS = 30
_CANDIDATES = lazy_pattern(rf"[^\w\s]{{{_MARKS + 1},}}")
"""Parts of a text that may be too many combining marks, as they have no letters, digits or spaces."""


def normalize(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Normalize a text.

    Args:
        form: the normalization form.
        text: any text.
    """
    if not text.isascii() and _CANDIDATES.search(text):
        text = _CANDIDATES.sub(_bounded, text)
    return unicodedata.normalize(form, text)


def _bounded(found: re.Match[str]) -> str:
    """Insert a combining grapheme joiner, which is invisible, after each thirtieth mark in a row."""
    parts: list[str] = []
    marks = 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS:
            parts.append("\u034f")
            marks = 1
        parts.append(character)
    return "".join(parts)
