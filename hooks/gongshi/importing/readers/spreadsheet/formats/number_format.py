"""Shows numbers and texts as Excel does, by the number format of their cell (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

from gongshi.importing.readers.spreadsheet.formats.chinese_numerals import in_numerals, in_words
from gongshi.importing.readers.spreadsheet.formats.date_format import show_date
from gongshi.importing.readers.spreadsheet.formats.format_code import (
    Section,
    SimpleNumber,
    Token,
    TokenKind,
    parse_code,
)

SIGNIFICANT_DIGITS: Final = 15
"""The decimal digits of a number that Excel shows; it rounds to them first."""
_EXACT: Final = Context(prec=700)
_MAX_PLACES: Final = 120
_GENERAL_WIDTH: Final = 11
"""The characters that the format General uses at most, with the decimal point."""
_SMALLEST: Final = -4
"""The power of ten below which General may use an exponent."""
_GENERAL_SIGNIFICANT: Final = 6


class Shown(NamedTuple):
    """A value as Excel shows it."""

    text: str
    section: Section | None = None
    """The section of the format that was used; None for General."""


def decimal_value(text: str) -> Decimal | None:
    """Return the number that Excel works with; None for a text that is no finite number.

    Args:
        text: a number as XML has it, such as `0.1` or `1.1000000000000001E+17`.
    """
    try:
        number = float(text)
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return Decimal(f"{number:.{SIGNIFICANT_DIGITS}g}")


@lru_cache(1 << 16)
def show_number(value: Decimal, code: str, date1904: bool = False, language: str = "zh") -> Shown:
    """Return a number as Excel shows it in a cell that is wide enough, without blanks that only align it.

    Args:
        value: the number, as `decimal_value` returns it.
        code: the format code, such as `#,##0.00`.
        date1904: True if the workbook counts days from 1904.
        language: the language of the computer, which some formats follow.
    """
    sections = parse_code(code)
    if len(sections) == 1 and not sections[0].tokens and not sections[0].condition:
        return Shown(general(value))
    section, unsigned = _section_for(value, sections)
    if section is None or section.has(TokenKind.TEXT):
        return Shown(general(value))
    if section.is_date:
        text = show_date(section, value, date1904, language)
        return Shown(general(value)) if text is None else Shown(text, section)
    text = (_show_simple(section.simple, abs(value)) if section.simple else _show(section, abs(value))).strip(" ")
    return Shown(f"-{text}" if value < 0 and not unsigned else text, section)


def show_text(text: str, code: str) -> Shown:
    """Return a text as Excel shows it.

    Args:
        text: the text of a cell.
        code: the format code of the cell.
    """
    sections = parse_code(code)
    section = sections[3] if len(sections) > 3 else next((s for s in sections if s.has(TokenKind.TEXT)), None)
    if section is None or section.has(TokenKind.GENERAL):
        return Shown(text)
    inner = [number for number, token in enumerate(section.tokens) if token.kind is not TokenKind.PAD]
    tokens = section.tokens[inner[0] : inner[-1] + 1] if inner else ()
    return Shown("".join(text if token.kind is TokenKind.TEXT else _literal(token) for token in tokens), section)


def general(value: Decimal) -> str:
    """Return a number as the format General shows it in a cell that is wide enough.

    Args:
        value: the number.
    """
    sign, value = "-" if value < 0 else "", abs(value)
    if not value:
        return "0"
    power = value.adjusted()
    if _SMALLEST <= power < _GENERAL_WIDTH or (power < _SMALLEST and value == _rounded(value, _GENERAL_WIDTH - 2)):
        text = _plain(_rounded(value, max(0, min(_GENERAL_WIDTH - 2 - max(power, 0), _GENERAL_WIDTH - 2))))
        if len(text.partition(".")[0]) <= _GENERAL_WIDTH:
            return sign + text
    mantissa = _rounded(value.scaleb(-power, _EXACT), _GENERAL_SIGNIFICANT - 1)
    if mantissa >= 10:
        mantissa, power = mantissa / 10, power + 1
    return f"{sign}{_plain(mantissa)}E{'-' if power < 0 else '+'}{abs(power):02}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal, places: int) -> Decimal:
    """Round half away from zero."""
    return value.quantize(Decimal((0, (1,), -places)), ROUND_HALF_UP, _EXACT)


def _section_for(value: Decimal, sections: Sequence[Section]) -> tuple[Section | None, bool]:
    """Return the section for a number, and whether its text has no minus sign of its own."""
    numeric = [s for s in sections[:3] if not s.has(TokenKind.TEXT)] or list(sections[:1])
    if not any(section.condition for section in numeric):
        if len(numeric) > 1 and value < 0:
            return numeric[1], True
        return numeric[2 if len(numeric) > 2 and value == 0 else 0], False
    for number, section in enumerate(numeric):
        condition = section.condition
        if condition is None:
            last = number == len(numeric) - 1
            if last or (number == 0 and value > 0):
                return section, len(numeric) > 1 and _rest_is_negative(numeric)
            if number == 1 and value < 0:
                return section, True
        elif condition.holds(value):
            return section, len(numeric) > 1 and condition.is_negative_only
    return None, False


def _rest_is_negative(numeric: Sequence[Section]) -> bool:
    """Tell whether only negative numbers are left for the last of two sections, as after `[>=0]`."""
    first = numeric[0].condition
    return len(numeric) == 2 and first is not None and first.operator in (">", ">=") and first.limit == 0


def _show(section: Section, value: Decimal) -> str:
    tokens = section.tokens
    value = value.scaleb(2 * sum(token.kind is TokenKind.PERCENT for token in tokens), _EXACT)
    if section.has(TokenKind.GENERAL):
        shown = in_words(general(value), section.numerals)
        return "".join(shown if token.kind is TokenKind.GENERAL else _literal(token) for token in tokens)
    if section.has(TokenKind.EXPONENT):
        return _scientific(tokens, value)
    slash = next((n for n, token in enumerate(tokens) if token.kind is TokenKind.SLASH), -1)
    if slash > 0 and tokens[slash - 1].kind is TokenKind.DIGIT and slash + 1 < len(tokens):
        return _fraction(tokens, slash, value)
    return _fixed(tokens, value, section.numerals)


def _show_simple(section: SimpleNumber, value: Decimal) -> str:
    whole, _point, fraction = f"{_rounded(value, section.places):f}".partition(".")
    whole = whole.zfill(section.whole_digits)
    if section.grouped and len(whole) > 3:
        whole = f"{int(whole):,}"
    return f"{section.before}{whole}{'.' if fraction else ''}{fraction}{section.after}"


def _literal(token: Token) -> str:
    return " " if token.kind is TokenKind.PAD else token.text


def _fixed(tokens: Sequence[Token], value: Decimal, numerals: int = 0) -> str:
    """Put the digits of a number into the places of a format."""
    places = [n for n, token in enumerate(tokens) if token.kind is TokenKind.DIGIT]
    if not places:
        return "".join(_literal(token) for token in tokens)
    point = next((n for n, token in enumerate(tokens) if token.kind is TokenKind.POINT), len(tokens))
    before, after = [n for n in places if n < point], [n for n in places if n > point]
    commas = [n for n, token in enumerate(tokens) if token.kind is TokenKind.COMMA and n > places[0]]
    grouping = [n for n in commas if before and n < before[-1]]
    scaling = [n for n in commas if n not in grouping and (n < point or n > places[-1])]
    value = _rounded(value.scaleb(-3 * len(scaling), _EXACT), min(len(after), _MAX_PLACES))
    whole, _point, fraction = f"{value:f}".partition(".")
    shown = dict.fromkeys(commas, "")
    shown |= _whole_places(tokens, before, whole.lstrip("0"), bool(grouping))
    shown |= _fraction_places(tokens, after, fraction)
    if not before and point < len(tokens):
        shown[point] = whole.lstrip("0") + "."
    return "".join(in_numerals(shown[n], numerals) if n in shown else _literal(t) for n, t in enumerate(tokens))


def _whole_places(tokens: Sequence[Token], places: Sequence[int], digits: str, grouped: bool) -> dict[int, str]:
    shown: dict[int, str] = {}
    written = 0
    for place in reversed(places):
        take = digits if place == places[0] else digits[-1:]
        digits = digits[: len(digits) - len(take)]
        if not take:
            take = {"0": "0", "?": " "}.get(tokens[place].text, "")
        text = ""
        for digit in reversed(take):
            text = digit + ("," if grouped and written and written % 3 == 0 and digit != " " else "") + text
            written += 1
        shown[place] = text
    return shown


def _fraction_places(tokens: Sequence[Token], places: Sequence[int], digits: str) -> dict[int, str]:
    shown: dict[int, str] = {}
    digits = digits.ljust(len(places), "0")
    ending = True
    for place, digit in zip(reversed(places), reversed(digits[: len(places)]), strict=True):
        ending = ending and digit == "0"
        shown[place] = {"#": "", "?": " "}.get(tokens[place].text, digit) if ending else digit
    return shown


def _scientific(tokens: Sequence[Token], value: Decimal) -> str:
    at = next(n for n, token in enumerate(tokens) if token.kind is TokenKind.EXPONENT)
    mantissa, rest = tokens[:at], tokens[at + 1 :]
    point = next((n for n, token in enumerate(mantissa) if token.kind is TokenKind.POINT), at)
    width = sum(token.kind is TokenKind.DIGIT for token in mantissa[:point])
    places = sum(token.kind is TokenKind.DIGIT for token in mantissa[point:])

    def exponent_of(number: Decimal) -> int:
        power = number.adjusted() if number else 0
        return power - power % width if width > 1 else power + (0 if width else 1)

    power = exponent_of(value)
    scaled = _rounded(value.scaleb(-power, _EXACT), places)
    if exponent_of(scaled) > 0:
        power += exponent_of(scaled)
        scaled = _rounded(value.scaleb(-power, _EXACT), places)
    sign = "-" if power < 0 else "+" if tokens[at].text.endswith("+") else ""
    digits = list(takewhile(lambda token: token.kind is TokenKind.DIGIT, rest))
    exponent = str(abs(power)).zfill(sum(token.text == "0" for token in digits))
    return f"{_fixed(mantissa, scaled)}E{sign}{exponent}" + "".join(_literal(t) for t in rest[len(digits) :])


def _fraction(tokens: Sequence[Token], slash: int, value: Decimal) -> str:
    first = slash
    while first and tokens[first - 1].kind is TokenKind.DIGIT:
        first -= 1
    end = slash + 1
    while end < len(tokens) and (tokens[end].kind is TokenKind.DIGIT or tokens[end].text.isdecimal()):
        end += 1
    wholes = [n for n in range(first) if tokens[n].kind is TokenKind.DIGIT]
    start = wholes[0] if wholes else first
    written = "".join(token.text for token in tokens[slash + 1 : end])
    whole = int(value) if wholes else 0
    rest = Fraction(value) - whole
    if written.strip("0#?") and written.isdecimal():
        top, bottom = int(rest * int(written) + Fraction(1, 2)), int(written)
    else:
        found = rest.limit_denominator(10 ** min(len(written) or 1, 9) - 1)
        top, bottom = found.numerator, found.denominator
    if wholes and top == bottom:
        whole, top = whole + 1, 0
    fraction = f"{top}/{bottom}" if top or not wholes else ""
    number = " ".join(part for part in (str(whole) if wholes and (whole or not top) else "", fraction) if part)
    return "".join(map(_literal, tokens[:start])) + number + "".join(map(_literal, tokens[end:]))
