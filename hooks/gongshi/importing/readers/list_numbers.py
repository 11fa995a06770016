"""Numbers of lists by the names of Word's formats (ECMA-376 part 1, 17.18.59, ST_NumberFormat)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED: Final = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL: Final = "零壹貳參肆伍陸柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_ONES: Final = (
    *("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
    *("Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"),
)
_TENS: Final = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
_ORDINALS: Final = {
    **{"One": "First", "Two": "Second", "Three": "Third", "Five": "Fifth", "Eight": "Eighth", "Nine": "Ninth"},
    "Twelve": "Twelfth",
}
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN: Final = "абвгдежзиклмнопрстуфхцчшщыэюя"
_AIUEO: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA: Final = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_GANADA: Final = "가나다라마바사아자차카타파하"
_CHOSUNG: Final = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_ZEROS: Final = re.compile(r"\s*(0*)1(?=\D|$)")
"""The beginning of a custom format, such as `001, 002, …`."""


def format_number(value: int, format_name: str) -> str:
    """Return a number in one of Word's formats; in decimal digits if the format is unknown.

    Args:
        value: the number, from 0.
        format_name: a value of ST_NumberFormat, or the sample of a custom format, such as `001, 002, 003, ...`.
    """
    zeros = _ZEROS.match(format_name)
    if zeros is not None:
        return str(value).zfill(len(zeros[1]) + 1)
    return _FORMATS.get(format_name, str)(value)


def is_known(format_name: str) -> bool:
    """Return whether numbers of a format are written as Word writes them.

    Args:
        format_name: a value of ST_NumberFormat, or the sample of a custom format.
    """
    return format_name in _FORMATS or _ZEROS.match(format_name) is not None


def _counted(
    value: int, digits: str = _DIGITS, units: str = "十百千", zero: str = "零", *, one_before_ten: bool = False
) -> str:
    """Count as in Chinese: 十二, 一百零一, 一万二千. Without a zero sign (Japanese), no one stands before a unit."""
    if value == 0:
        return zero or digits[0]
    if value >= 10000:
        high, low = divmod(value, 10000)
        gap = zero if low and low < 1000 else ""
        rest = _counted(low, digits, units, zero, one_before_ten=True) if low else ""
        return _counted(high, digits, units, zero, one_before_ten=one_before_ten) + "万" + gap + rest
    written, pending = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            pending = bool(written)
            continue
        if pending:
            written, pending = written + zero, False
        silent = digit == 1 and place > 0 and (not zero or (place == 1 and not written and not one_before_ten))
        written += ("" if silent else digits[digit]) + (units[place - 1] if place else "")
    return written


def _counted_to_99(value: int) -> str:
    return _counted(value) if value < 100 else _digit_by_digit(value, zero="○")


def _digit_by_digit(value: int, digits: str = _DIGITS, zero: str = "〇") -> str:
    return "".join(digits[int(digit)] for digit in str(value)).replace(digits[0], zero)


def _roman(value: int) -> str:
    if not 0 < value < 32768:
        return str(value)
    written = ""
    for worth, sign in _ROMAN:
        times, value = divmod(value, worth)
        written += sign * times
    return written


def _repeated(value: int, letters: str) -> str:
    """Write the letter of the position, doubled after the last one: Y, Z, AA, BB (17.18.59, upperLetter)."""
    if not 0 < value <= 780:
        return str(value)
    rounds, position = divmod(value - 1, len(letters))
    return letters[position] * (rounds + 1)


def _from_series(value: int, series: str) -> str:
    return series[value - 1] if 0 < value <= len(series) else str(value)


def _from_block(value: int, first: int, last: int) -> str:
    """Write one of the enclosed numbers that Unicode has in a row; what is beyond them is in plain digits."""
    return chr(first + value - 1) if 0 < value <= last else str(value)


def _sexagenary(value: int) -> str:
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12]


def _full_width(value: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _cardinal_words(value: int) -> str:
    if value >= 1000:
        return str(value)
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, one = divmod(value, 10)
        return _TENS[tens - 2] + (f"-{_ONES[one]}" if one else "")
    hundreds, rest = divmod(value, 100)
    return f"{_ONES[hundreds]} Hundred" + (f" {_cardinal_words(rest)}" if rest else "")


def _ordinal_words(value: int) -> str:
    words = _cardinal_words(value)
    head, last = words[: max(words.rfind(" "), words.rfind("-")) + 1], re.split(r"[ -]", words)[-1]
    if last.isdigit():
        return _ordinal(value)
    return head + (_ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th"))


def _footnote_signs(value: int) -> str:
    return _repeated(value, "*†‡§")


def _counted_in_full(value: int, digits: str) -> str:
    """Count with the signs for contracts: 壹拾贰, 壹佰零壹."""
    return _counted(value, digits, "拾佰仟", one_before_ten=True)


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    **dict.fromkeys(("decimal", "decimalHalfWidth"), str),
    "decimalZero": lambda value: f"{value:02d}",
    **dict.fromkeys(("none", "bullet"), lambda _value: ""),
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "upperLetter": partial(_repeated, letters=_LATIN.upper()),
    "lowerLetter": partial(_repeated, letters=_LATIN),
    "russianUpper": partial(_repeated, letters=_RUSSIAN.upper()),
    "russianLower": partial(_repeated, letters=_RUSSIAN),
    "ordinal": _ordinal,
    "cardinalText": _cardinal_words,
    "ordinalText": _ordinal_words,
    "hex": lambda value: f"{value:X}",
    "chicago": _footnote_signs,
    "numberInDash": lambda value: f"- {value} -",
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _full_width),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), partial(_from_block, first=0x2460, last=20)
    ),
    "decimalEnclosedParen": partial(_from_block, first=0x2474, last=20),
    "decimalEnclosedFullstop": partial(_from_block, first=0x2488, last=20),
    "ideographEnclosedCircle": partial(_from_block, first=0x3280, last=10),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _digit_by_digit),
    **dict.fromkeys(("chineseCounting", "taiwaneseCounting"), _counted_to_99),
    **dict.fromkeys(("chineseCountingThousand", "taiwaneseCountingThousand"), _counted),
    "japaneseCounting": partial(_counted, zero=""),
    "chineseLegalSimplified": partial(_counted_in_full, digits=_LEGAL_SIMPLIFIED),
    **dict.fromkeys(
        ("ideographLegalTraditional", "japaneseLegal"), partial(_counted_in_full, digits=_LEGAL_TRADITIONAL)
    ),
    "ideographTraditional": partial(_from_series, series=_STEMS),
    "ideographZodiac": partial(_from_series, series=_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    **dict.fromkeys(("aiueo", "aiueoFullWidth"), partial(_repeated, letters=_AIUEO)),
    **dict.fromkeys(("iroha", "irohaFullWidth"), partial(_repeated, letters=_IROHA)),
    "ganada": partial(_repeated, letters=_GANADA),
    "chosung": partial(_repeated, letters=_CHOSUNG),
    "hindiNumbers": partial(_digit_by_digit, digits="०१२३४५६७८९", zero="०"),
    "thaiNumbers": partial(_digit_by_digit, digits="๐๑๒๓๔๕๖๗๘๙", zero="๐"),
}
