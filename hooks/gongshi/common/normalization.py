"""Unicode normalization in linear time.

Putting the combining marks of one letter in order takes quadratic time in most implementations, so a letter with
100,000 marks takes minutes. As in the Stream-Safe Text Format (UAX #15, section 13), marks beyond the thirtieth on one
letter are not put in order with those before; no writing system uses as many.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from gongshi.common.lazy_pattern import lazy_pattern

_MARKS = 30
_CANDIDATES = lazy_pattern(rf"[^\w\s]{{{_MARKS + 1},}}")
"""Stretches that may hold so many combining marks; none of these is a letter, digit or space."""


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Normalize a text.

    Args:
        form: the normalization form.
        text: any text.
    """
    if not text.isascii() and _CANDIDATES.search(text):
        text = _CANDIDATES.sub(_bounded, text)
    return unicodedata.normalize(form, text)


def _bounded(found: re.Match[str]) -> str:
    """The stretch with a combining grapheme joiner, which shows nothing, after every thirtieth mark in a row."""
    parts: list[str] = []
    marks = 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS:
            parts.append("\u034f")
            marks = 1
        parts.append(character)
    return "".join(parts)
