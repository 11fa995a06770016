"""Chinese numerals as `[DBNum1]` to `[DBNum3]` of Excel show them."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_UNITS: Final = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟"), 3: ("", "十", "百", "千")}
_GROUPS: Final = ("", "万", "亿", "兆")
_TABLES: Final = {style: str.maketrans("0123456789", digits) for style, digits in _DIGITS.items()}
_GROUP: Final = 4
"""Digits between two of 万, 亿 and 兆."""


def in_numerals(text: str, style: int) -> str:
    """Return a text with each digit replaced by a numeral, such as 二〇二六 for 2026.

    Args:
        text: any text.
        style: 1 for 一二三, 2 for 壹贰叁, 3 for digits in full width; others change nothing.
    """
    return text.translate(_TABLES.get(style, {}))


def in_words(text: str, style: int) -> str:
    """Return a number as it is spoken, such as 一百二十三 for 123.

    Args:
        text: decimal digits, perhaps with a full stop and digits behind it; other texts get numerals only.
        style: as for `in_numerals`.
    """
    whole, point, fraction = text.partition(".")
    if style not in _DIGITS or not whole.isdecimal() or len(whole) > _GROUP * len(_GROUPS):
        return in_numerals(text, style)
    return _whole(whole.lstrip("0"), style) + point + in_numerals(fraction, style)


def in_calendar(number: int, style: int) -> str:
    """Return a month, day, hour, minute or second, such as 十一 for 11: without 一 before 十, unlike `in_words`.

    Args:
        number: 0 to 99.
        style: as for `in_numerals`.
    """
    words = in_words(str(number), style)
    return words[1:] if style in (1, 3) and 10 <= number < 20 else words


def _whole(digits: str, style: int) -> str:
    zero = _DIGITS[style][0]
    if not digits:
        return zero
    parts: list[str] = []
    skipped = False
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        group, unit = divmod(place, _GROUP)
        if digit == "0":
            skipped = True
        else:
            parts += [zero] if skipped else []
            parts += [_DIGITS[style][int(digit)], _UNITS[style][unit]]
            skipped = False
        if unit == 0 and digits[max(0, len(digits) - place - _GROUP) : len(digits) - place].strip("0"):
            parts.append(_GROUPS[group])
    return "".join(parts)
