"""Tell bold and italic text from asterisks and underscores that mask names, numbers and blanks.

The rules of CommonMark for emphasis need spaces or punctuation beside the marks, which Chinese text does not have, and
they read `138****1234` and `王**` as marks. The rules here read a run of marks by the characters beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

RUNS: Final = re.compile(r"\*+|＊+|_+")
"""Runs of one mark."""
SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤"
)
"""Frequent surnames. A mask after one of them, such as 王**, is no mark where its partner is a mask, too."""
_OPENING: Final = frozenset("“‘（《〈「『【〔［｛([{<")
"""Characters after which no emphasis ends."""
_CLOSING: Final = frozenset("，。、；：！？…）》〉」』】〕］｝”’,.;:!?)]}>%％")
"""Characters before which no emphasis begins."""
_MASK_LENGTH: Final = 4
"""Runs of this length and more are masks or blanks to fill in."""


@dataclass(frozen=True)
class Emphasis:
    """A piece of emphasised text, with the places of its marks in the text."""

    start: int
    """The place of the first mark."""
    inner_start: int
    inner_end: int
    end: int
    """The place after the last mark."""

    @property
    def tag(self) -> str:
        """The HTML element."""
        return "strong" if self.inner_start - self.start == 2 else "em"


@dataclass
class _Run:
    mark: str
    start: int
    end: int
    length: int
    """The number of marks that are not paired yet."""
    full_length: int
    opens: bool
    closes: bool
    before: str
    """The character before the run; a space at the edge of the text."""


def find_emphasis(text: str) -> list[Emphasis]:
    """Return the emphasised pieces of a text, by their places; pieces are nested or apart, never crossing.

    Args:
        text: inline text, without escapes and code.
    """
    found: list[Emphasis] = []
    openers: list[_Run] = []
    vain: dict[object, int] = {}
    for match in RUNS.finditer(text):
        run = _run(text, match)
        if run.closes:
            _close(run, openers, found, vain)
        if run.opens and run.length:
            openers.append(run)
    return sorted(found, key=lambda each: (each.start, -each.end))


def _close(run: _Run, openers: list[_Run], found: list[Emphasis], vain: dict[object, int]) -> None:
    """Pair the marks of a run with openers before it; what is left of the run stays open.

    Args:
        run: the run.
        openers: the runs before it that can begin emphasis.
        found: gets the pairs.
        vain: the number of openers that runs of a kind were compared with in vain, so that no run does that again.
    """
    kind = (run.mark, run.opens, run.full_length % 3, run.before in SURNAMES)
    for index in range(len(openers) - 1, min(vain.get(kind, 0), len(openers)) - 1, -1):
        opener = openers[index]
        if opener.mark != run.mark or _are_masks(opener, run) or _cannot_pair(opener, run):
            continue
        while opener.length and run.length:
            size = 2 if min(opener.length, run.length) >= 2 else 1
            if size == 1 and run.mark == "＊":
                break
            start = opener.end - size
            found.append(Emphasis(start, opener.end, run.start, run.start + size))
            opener.end, opener.length = start, opener.length - size
            run.start, run.length = run.start + size, run.length - size
        del openers[index if not opener.length else index + 1 :]
        vain.update({each: min(number, len(openers)) for each, number in vain.items()})
        if not run.length:
            return
    vain[kind] = len(openers)


def _cannot_pair(opener: _Run, closer: _Run) -> bool:
    """Tell whether CommonMark's rule of three keeps two runs apart, so that `*a**b**c*` is read as people mean it."""
    if not (opener.closes or closer.opens):
        return False
    lengths = opener.full_length, closer.full_length
    return sum(lengths) % 3 == 0 and any(length % 3 for length in lengths)


def _are_masks(opener: _Run, closer: _Run) -> bool:
    """Tell whether two runs stand after surnames, as in 赵**与钱**."""
    return opener.before in SURNAMES and closer.before in SURNAMES


def _run(text: str, match: re.Match[str]) -> _Run:
    start, end = match.span()
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    length = end - start
    mark = match[0][0]
    is_before_name = after == "." and text[end + 1 : end + 2].isalnum()
    starts_words = length == 2 and (not start or before == "\n" or is_before_name)
    opens = not after.isspace() and (after not in _CLOSING or starts_words)
    closes = not before.isspace() and before not in _OPENING
    if _is_literal(length, mark, before, after):
        opens = closes = False
    elif length == 1 or mark == "_":
        inside = _is_word(before) and _is_word(after)
        latin = mark == "*" and _is_latin(before) and _is_latin(after)
        opens = opens and (latin or not _is_word(before)) and not (inside and not latin)
        closes = closes and (latin or not _is_word(after)) and not (inside and not latin)
    return _Run(mark, start, end, length, length, opens, closes, before)


def _is_literal(length: int, mark: str, before: str, after: str) -> bool:
    """Tell whether a run can only be a mask or a blank to fill in."""
    if length >= _MASK_LENGTH:
        return True
    digits = before.isdigit(), after.isdigit()
    if length == 3:
        return any(digits) or mark == "_" or mark == "＊"
    if length == 2:
        return all(digits)
    return mark == "＊" or (any(digits) and not (before.isspace() or after.isspace()))


def _is_word(character: str) -> bool:
    return character.isalnum()


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"
