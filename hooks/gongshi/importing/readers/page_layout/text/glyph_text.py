"""Characters as fonts of PDF and OFD name them: ligatures, radicals, signs of symbol fonts, and unreadable codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

HAN: Final = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ranges of Chinese characters, for a regular expression."""
_IS_HAN = re.compile(f"[{HAN}]")
_WIDE = re.compile(f"[{HAN}\u3000-\u30ff\u3100-\u312f\u31a0-\u31bf\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]")
"""Characters as wide as high, between which a line end is no blank."""
_RADICALS: Final = str.maketrans(
    "⺁⺅⺈⺉⺊⺌⺍⺒⺓⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺲⺶⺷⺸⺹⺻⺼⺽⺾⻁⻂⻄⻅⻆⻈⻉⻊⻋⻌⻏⻐⻑⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻯⻰⻲⻳",
    "厂亻刀刂卜小小巳幺忄心扌攵旡日月歺母民氵氺灬爫牛犭王疋目示礻竹糹纟罒羊羊羊耂聿肉臼艹虎衤西见角讠贝足车辶邑钅長长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾齐齿竜龙亀龟",
)
"""Radicals and the characters that look the same (Unicode, EquivalentUnifiedIdeograph.txt). Programs write the radical
where a font draws both with one shape. Kangxi radicals (U+2F00) have compatibility mappings."""
_SIGNS: Final = str.maketrans(
    {
        0xF0B7: "•",
        0xF06C: "●",
        0xF06E: "■",
        0xF06F: "□",
        0xF0A8: "□",
        0xF0A7: "▪",
        0xF075: "◆",
        0xF076: "❖",
        0xF0D8: "➢",
        0xF0E0: "→",
        0xF0FC: "✓",
        0xF0FB: "✗",
        0xF0FE: "☑",
        0xF0FD: "☒",
        0xF052: "☑",
        0xF0A3: "□",
        0xF0AB: "★",
        0x2010: "-",
        0x00A0: " ",
    }
)
"""Codes that Word writes for bullets and boxes of the fonts Symbol, Wingdings and Wingdings 2; blanks and hyphens that
differ from the usual ones only at line ends."""
_UNREADABLE_CATEGORIES = frozenset(("Cc", "Cn", "Co", "Cs"))
_READABLE_CONTROLS = frozenset("\t\n\r\f\v")
_MANY = 0.1
"""The share of unreadable characters above which the text of a page is not used."""
_MANY_ACCENTS = 0.3


def is_han(character: str) -> bool:
    """Tell whether a character is Chinese.

    Args:
        character: one character.
    """
    return _IS_HAN.match(character) is not None


def is_wide(character: str) -> bool:
    """Tell whether a character is Chinese, or punctuation of Chinese texts only.

    Args:
        character: one character.
    """
    return _WIDE.match(character) is not None


def usual_form(text: str) -> str:
    """Return the usual characters for codes of fonts that look the same: letters of ligatures, Chinese characters.

    Args:
        text: the characters of one glyph.
    """
    if text.isascii():
        return text
    text = text.translate(_RADICALS).translate(_SIGNS)
    return "".join(
        unicodedata.normalize("NFKC", each) if "\u2f00" <= each <= "\u2fdf" or "\ufb00" <= each <= "\ufb06" else each
        for each in text
    )


def is_changed(text: str) -> bool:
    """Tell whether `usual_form` gives another Chinese character than the file.

    Args:
        text: the characters of one glyph, as in the file.
    """
    return not text.isascii() and any("\u2e80" <= each <= "\u2fdf" for each in text) and usual_form(text) != text


def is_unreadable(character: str) -> bool:
    """Tell whether a code stands for no known character.

    Args:
        character: one character, after `usual_form`.
    """
    if character == "\N{REPLACEMENT CHARACTER}":
        return True
    return unicodedata.category(character) in _UNREADABLE_CATEGORIES and character not in _READABLE_CONTROLS


def is_garbled(texts: Iterable[str]) -> bool:
    """Tell whether the codes of a page stand for other characters than it shows, as its fonts do not name them.

    Args:
        texts: the text of each glyph.
    """
    letters = [each for text in texts for each in text if not each.isspace()]
    if not letters:
        return False
    unreadable = sum(map(is_unreadable, letters))
    accents = sum("\xa1" <= each <= "\xff" and each not in "·×§°±÷«»" for each in letters)
    han = sum(map(is_han, letters))
    return unreadable > _MANY * len(letters) or (accents > _MANY_ACCENTS * len(letters) and han < accents)
