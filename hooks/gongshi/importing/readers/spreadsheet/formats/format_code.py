"""Parses number format codes of Excel into sections and tokens (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cached_property, lru_cache
from typing import Final

_MAX_LENGTH: Final = 1000
"""Excel allows 255 characters."""
_TOKEN: Final = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?
    | [\\!](?P<escaped>.)
    | _(?P<pad>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\[\]]*)\]
    | (?P<general>general|g/通用格式|standard)
    | (?P<half>am/pm|a/p|上午/下午)
    | (?P<exponent>e[+-])
    | (?P<date>y+|m+|d+|h+|s+|a{3,4}|e+|b+|g+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*([-+]?[\d.]+(?:E[-+]?\d{1,3})?)", re.IGNORECASE)
_CURRENCY: Final = re.compile(r"\$([^-]*)(?:-(.*))?", re.DOTALL)
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)
_NUMERALS: Final = re.compile(r"dbnum([1-4])", re.IGNORECASE)
_WHITE: Final = frozenset(("white", "白色", "color2", "颜色2"))
_LANGUAGE_BITS: Final = 0x3FF
"""The bits of a Windows language identifier that name the language without the region (MS-LCID)."""
_CHINESE: Final = 0x04


class TokenKind(Enum):
    """The kind of a token."""

    LITERAL = "literal"
    PAD = "pad"
    """A blank as wide as a character."""
    DIGIT = "digit"
    """A place for a digit: `0`, `#` or `?`."""
    POINT = "point"
    COMMA = "comma"
    PERCENT = "percent"
    SLASH = "slash"
    EXPONENT = "exponent"
    GENERAL = "general"
    TEXT = "text"
    """The place for the text of the cell: `@`."""
    DATE = "date"
    """Letters such as `yyyy`, in lower case."""
    ELAPSED = "elapsed"
    """All hours, minutes or seconds, such as `[h]`, in lower case without brackets."""
    HALF_DAY = "half-day"
    """`AM/PM`, `A/P` or `上午/下午`."""


@dataclass(frozen=True)
class Token:
    """A token of a section."""

    kind: TokenKind
    text: str


@dataclass(frozen=True)
class Condition:
    """The numbers for which a section is used."""

    operator: str
    """`<`, `<=`, `=`, `<>`, `>=` or `>`."""
    limit: Decimal

    def holds(self, value: Decimal) -> bool:
        """Tell whether a number meets the condition.

        Args:
            value: the number that is shown.
        """
        less, equal = value < self.limit, value == self.limit
        return {
            "<": less,
            "<=": less or equal,
            "=": equal,
            "<>": not equal,
            ">=": not less,
            ">": not less and not equal,
        }[self.operator]

    @property
    def is_negative_only(self) -> bool:
        """Tell whether only negative numbers can meet the condition."""
        return (self.operator == "<" and self.limit <= 0) or (self.operator in ("<=", "=") and self.limit < 0)


class SystemFormat(Enum):
    """A format that follows the settings of the computer."""

    LONG_DATE = "f800"
    TIME = "f400"


@dataclass(frozen=True, eq=False)
class Section:
    """One part of a format code. The same code always has the same objects."""

    tokens: tuple[Token, ...]
    condition: Condition | None = None
    numerals: int = 0
    """The Chinese numerals of `[DBNum1]` to `[DBNum4]`; 0 for none."""
    chinese: bool = False
    """True if the section names the Chinese language."""
    white: bool = False
    """True if its text is white."""
    system: SystemFormat | None = None

    @cached_property
    def kinds(self) -> frozenset[TokenKind]:
        """The kinds of its tokens."""
        return frozenset(token.kind for token in self.tokens)

    def has(self, kind: TokenKind) -> bool:
        """Tell whether a token of a kind is in the section.

        Args:
            kind: the kind of the part.
        """
        return kind in self.kinds

    @cached_property
    def is_date(self) -> bool:
        """Tell whether the section shows a date, a time or a duration."""
        return not self.kinds.isdisjoint((TokenKind.DATE, TokenKind.ELAPSED, TokenKind.HALF_DAY))

    @cached_property
    def simple(self) -> SimpleNumber | None:
        """The section as a plain decimal number; None if it is not so simple."""
        if self.numerals or self.kinds & _NOT_SIMPLE:
            return None
        codes = "".join(token.text if token.kind in _OF_NUMBERS else "\0" for token in self.tokens)
        match = _SIMPLE.fullmatch(codes)
        if match is None:
            return None
        whole, fraction = match["whole"], match["fraction"] or ""
        words = [token.text if token.kind is TokenKind.LITERAL else " " for token in self.tokens]
        return SimpleNumber(
            "".join(words[: match.start("whole")]),
            "".join(words[match.end() - len(match["after"]) :]),
            whole.count("0"),
            "," in whole,
            len(fraction),
        )


@dataclass(frozen=True)
class SimpleNumber:
    """A section such as `#,##0.00"元"`: literal text, digits that must be shown, literal text."""

    before: str
    after: str
    whole_digits: int
    """The least number of digits before the decimal point."""
    grouped: bool
    places: int


_OF_NUMBERS: Final = frozenset((TokenKind.DIGIT, TokenKind.POINT, TokenKind.COMMA))
_NOT_SIMPLE: Final = frozenset(TokenKind) - _OF_NUMBERS - {TokenKind.LITERAL, TokenKind.PAD}
_SIMPLE: Final = re.compile(r"\0*(?P<whole>#,##0|#*0+)(?:\.(?P<fraction>0+))?(?P<after>\0*)")


_SIGNS: Final = {
    "0": TokenKind.DIGIT,
    "#": TokenKind.DIGIT,
    "?": TokenKind.DIGIT,
    ".": TokenKind.POINT,
    ",": TokenKind.COMMA,
    "%": TokenKind.PERCENT,
    "/": TokenKind.SLASH,
    "@": TokenKind.TEXT,
}


@lru_cache(4096)
def parse_code(code: str) -> tuple[Section, ...]:
    """Return the sections of a format code, at least one.

    Args:
        code: as the file has it, such as `#,##0.00;[Red]-#,##0.00`.
    """
    parts: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code[:_MAX_LENGTH]):
        if match["other"] == ";":
            parts.append([])
        else:
            parts[-1].append(match)
    return tuple(_section(part) for part in parts)


def _section(matches: list[re.Match[str]]) -> Section:
    tokens: list[Token] = []
    condition, numerals, chinese, white, system = None, 0, False, False, None
    for match in matches:
        if match.lastgroup != "bracket":
            tokens += _token(match)
            continue
        word = match["bracket"]
        if _ELAPSED.fullmatch(word):
            tokens.append(Token(TokenKind.ELAPSED, word.lower()))
        elif found := _CURRENCY.fullmatch(word):
            tokens += [Token(TokenKind.LITERAL, found[1])] if found[1] else []
            chinese = chinese or _is_chinese(found[2] or "")
            system = system or _system(found[2] or "")
        elif found := _CONDITION.fullmatch(word.strip()):
            condition = _condition(found[1], found[2]) or condition
        elif found := _NUMERALS.fullmatch(word):
            numerals = int(found[1])
        else:
            white = white or word.strip().lower().replace(" ", "") in _WHITE
    return Section(tuple(tokens), condition, numerals, chinese, white, system)


def _token(match: re.Match[str]) -> list[Token]:
    group, text = match.lastgroup, match[match.lastgroup or 0]
    if group == "fill":
        return []
    if group in ("quoted", "escaped"):
        return [Token(TokenKind.LITERAL, text)] if text else []
    if group == "other":
        return [Token(_SIGNS.get(text, TokenKind.LITERAL), text)]
    kinds = {
        "pad": TokenKind.PAD,
        "general": TokenKind.GENERAL,
        "half": TokenKind.HALF_DAY,
        "exponent": TokenKind.EXPONENT,
        "date": TokenKind.DATE,
    }
    return [Token(kinds[group or ""], text.lower())]


def _condition(operator: str, limit: str) -> Condition | None:
    try:
        return Condition(operator, Decimal(limit))
    except InvalidOperation:
        return None


def _is_chinese(language: str) -> bool:
    language = language.partition(",")[0].lower()
    if language.startswith("zh"):
        return True
    try:
        return int(language, 16) & _LANGUAGE_BITS == _CHINESE
    except ValueError:
        return False


def _system(language: str) -> SystemFormat | None:
    language = language.partition(",")[0].lower()
    if language in ("f800", "x-sysdate"):
        return SystemFormat.LONG_DATE
    return SystemFormat.TIME if language in ("f400", "x-systime") else None
