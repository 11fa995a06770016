"""Folds texts for the search: spellings that readers take for the same become the same.

Index and query are folded alike, so 臺灣 finds 台湾, III finds Ⅲ, and a radical that a PDF gave finds its character.
`theme/assets/gongshi/search-folding.js` folds queries and results in the same way: change both together.
`theme/assets/gongshi/search-variants.js` holds the table of variants for both.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import cache
from itertools import accumulate
from pathlib import Path

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.common.normalization import normalize

_TABLE = Path(__file__).resolve().parents[2] / "theme" / "assets" / "gongshi" / "search-variants.js"
_DIGITS = {
    digit: value for value, digit in enumerate(f"{string.digits}{string.ascii_uppercase}{string.ascii_lowercase}-_")
}
_SPECIAL = lazy_pattern("[^\\x00-\x7f\u2010-\u2027\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff20]")
"""Characters that can change in more ways than by the table of variants. Few texts have any, which saves time."""
_SET_APART = lazy_pattern("[²³¹¼-¾⁰-\u209f⅐-⅟↉①-⓿㈀-㋿™]")
"""Characters whose normal form has digits or letters that do not belong to the word before, as in 2026① and 10²."""
_IGNORED = lazy_pattern(
    "[\xad\u034f\u0640\u061c\u064b-\u0652\u0670\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
"""Soft hyphen, zero-width characters, signs of direction and variation; Arabic vowel signs and tatweel."""
_LATIN = lazy_pattern("[\xc0-\u024f\u1e00-\u1eff]")
_MARKED = lazy_pattern("([a-z])[\u0300-\u036f]+")
_MARKS = lazy_pattern("[\u0300-\u036f]")
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i",
    "ς": "σ", "ĸ": "k", "ŋ": "n",
}  # fmt: skip
"""Letters without a decomposition."""
_ZEROS = lazy_pattern("([一二三四五六七八九])([o0〇]{1,3})(?=[一二三四五六七八九年])")
"""A letter O or a digit that stands for 〇 in a number, as in 二O二六."""


def _numbers(text: str) -> list[int]:
    """Decode numbers in base 64 VLQ."""
    numbers, value, shift = [], 0, 0
    for digit in map(_DIGITS.__getitem__, text):
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(value)
            value = shift = 0
    return numbers


@cache
def variants() -> dict[str, str]:
    """Return the table of character variants: the character that each of them stands for."""
    encoded = dict(re.findall(r'^export const (\w+) = "([^"]*)";$', _TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    steps = (number >> 1 ^ -(number & 1) for number in _numbers(encoded["STANDARD"]))
    return dict(zip(map(chr, accumulate(_numbers(encoded["VARIANTS"]))), map(chr, accumulate(steps)), strict=True))


@cache
def _replacements() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {**_LETTERS, **variants()}
    return re.compile(f"[{''.join(table)}]"), table


@cache
def _without_marks(letter: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", letter))


def _fold_special(text: str) -> str:
    text = normalize("NFKC", _SET_APART.sub(r" \g<0> ", text)).lower()
    text = _LATIN.sub(lambda found: _without_marks(found[0]), _IGNORED.sub("", text))
    return _MARKED.sub(r"\1", text)


def fold(text: str) -> str:
    """Return a text in the form in which the search compares texts.

    Small letters in NFKC, Latin ones without diacritics; simplified characters for traditional ones and for radicals;
    〇 for the other forms of zero in Chinese numbers; nothing for characters that cannot be seen.

    Args:
        text: plain text.
    """
    if _SPECIAL.search(text):
        text = _fold_special(text)
    text = text.lower()
    pattern, table = _replacements()
    text = pattern.sub(lambda found: table[found[0]], text)
    return _ZEROS.sub(lambda found: found[1] + "〇" * len(found[2]), text)
