"""Words that a minor correction must not change: numbers, amounts, dates, negations, names and addresses.

Only words and their order are compared, not their sense; so a correction may be refused that changes none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from enum import Enum

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.common.normalization import normalize


class Fact(Enum):
    """Kinds of words that a minor correction must not change."""

    NUMBER = "number"
    """A number, with its unit: an amount, a date, a time."""
    SYMBOL = "symbol"
    """A sign such as ￥, % or ℃, a mark over another character, an odd blank."""
    WORD = "word"
    """A negation, a limit or a time in words."""
    ADDRESS = "address"
    """An address on the web or an e-mail address."""
    NAME = "name"
    """The name of a person or unit that mkdocs.yml lists."""


FactChange = tuple[Fact, str, str]
"""A kind, and the first word that differs, before and after; empty if there is none."""

_NUMERAL = "0-9〇○零一二三四五六七八九十百千万亿两半廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
_UNIT = "年月日号时点分秒周元角圆块度米里亩斤吨升岁人名户个家次天折倍成届条款项室楼栋层"
_NUMBER = lazy_pattern(rf"[-–负]?第?[{_NUMERAL}](?:[.,:：/\-–—~至到、]*[{_NUMERAL}])*[{_UNIT}]?")
_WORD = lazy_pattern(
    "不|没|无|無|未|非|否|勿|莫|免|禁|别|毋|除外|暂停|停止|取消|上午|下午|中午|凌晨|早上|晚上|傍晚|"
    "今[日天年晨晚]|明[日天年晨晚]|昨[日天年晨晚]|去年|前年|[前后]天|[次当]日|[本上下][月周季]|"
    "以[上下内外前后]|之[前后]|起|止|超过|不足|低于|高于|至[少多]|男|女|"
    r"\b(?:no|not|never|none|nor|without|except|cannot|am|pm|before|after|until|"
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|"
    "(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|today|tomorrow|yesterday)\b|n['’]t\b|(?<=[0-9])[ap]m\b|\b[ap]\.m\.",
    re.IGNORECASE,
)
_ADDRESS = lazy_pattern(r"(?:\w+://|www\.)[^\s<>)\]]+|[\w.+-]+@[\w.-]+", re.IGNORECASE | re.ASCII)


def changed_fact(before: str, after: str, names: Collection[str]) -> FactChange | None:
    """Return the first word that a minor correction must not change, or None if there is none.

    Args:
        before: a line.
        after: the corrected line.
        names: names of persons and units.
    """
    for fact, find in _FINDERS.items():
        old, new = list(find(before)), list(find(after))
        if old != new:
            return fact, *_first_difference(old, new)
    for name in names:
        if before.count(name) != after.count(name):
            return (Fact.NAME, name, "") if name in before else (Fact.NAME, "", name)
    pattern = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    old, new = (re.findall(pattern, line) for line in (before, after))
    return (Fact.NAME, *_first_difference(old, new)) if old != new else None


def _first_difference(before: list[str], after: list[str]) -> tuple[str, str]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    old, new = before[start:], after[start:]
    if old and new and len(old) != len(new):
        # One word was added or removed: name that one, not its neighbour.
        return (old[0], "") if len(old) > len(new) else ("", new[0])
    return (old or [""])[0], (new or [""])[0]


def _numbers(line: str) -> Iterator[str]:
    yield from (match[0] for match in _NUMBER.finditer(normalize("NFKC", line)))
    for character in line:
        # Numbers in a circle, Roman numerals and digits of other scripts; full-width digits are in the pattern above.
        is_digit = normalize("NFKC", character).isdecimal()
        if unicodedata.category(character) in ("Nl", "No") or (is_digit and not normalize("NFKC", character).isascii()):
            yield character


def _symbols(line: str) -> Iterator[str]:
    """Yield signs, marks over other characters, private-use characters and odd blanks."""
    for character in line:
        category = unicodedata.category(character)
        is_sign = category[0] in "SM" or category in ("Co", "Cn", "Zs") or character in "%％‰@＠#＃&＆§"
        if is_sign and character not in " \u3000~～|":
            yield normalize("NFKC", character)


_FINDERS: dict[Fact, Callable[[str], Iterator[str]]] = {
    Fact.ADDRESS: lambda line: (match[0] for match in _ADDRESS.finditer(line)),
    Fact.NUMBER: _numbers,
    Fact.SYMBOL: _symbols,
    Fact.WORD: lambda line: (match[0].casefold() for match in _WORD.finditer(line)),
}
