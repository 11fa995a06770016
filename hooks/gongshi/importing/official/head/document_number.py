"""Document numbers (发文字号): 青政发〔2026〕12号, and those of announcements and orders: 2026年第3号.

Source: GB/T 9704-2012, section 7.2.5. Brackets are kept as they were typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml.one_line_text import with_plain_spaces
from gongshi.importing.official.blocks import Line, plain

_COUNT = r"(?:\d{1,5}(?:-\d{1,3})?|[一二三四五六七八九十百〇零]{1,6})"
_YEAR = "(?:(?:19|20)[0-9]{2}|[一二三四五六七八九〇○零O]{4})"
_NUMBER = (
    rf"(?:[\u3400-\u9fffA-Za-z]{{0,16}} ?[〔\[【(﹝〖] ?{_YEAR} ?年? ?[〕\]】)﹞〗] ?(?:第 ?)?{_COUNT} ?号"
    rf"|[\u3400-\u9fff]{{1,12}} ?(?:19|20)[0-9]{{2}} ?年? ?第 ?{_COUNT} ?号"
    rf"|(?:(?:19|20)[0-9]{{2}} ?年 ?)?第 ?{_COUNT} ?号)"
)
_LABEL = r"(?:(?:发文字号|发文号|文 *号|文件编号) *: *)"
_SIGNERS = r"签 *发 *人 *: *(?P<signers>\S.{0,60})"
_LINE = lazy_pattern(
    rf"(?P<label>{_LABEL}?)(?P<open>[(]?)(?P<numbers>{_NUMBER}(?:[ 、,;]+{_NUMBER}){{0,6}})(?P<close>[)]?)"
    rf"(?: +{_SIGNERS})?"
)
_SIGNER_LINE = lazy_pattern(_SIGNERS)
_EACH = lazy_pattern(_NUMBER)


@dataclass(frozen=True)
class NumberLine:
    """A line with a document number, the names of those who signed, or both."""

    number: str | None
    """As typed; several numbers are divided by 、; None if the line has only names."""
    has_label: bool = False
    """True if a word such as 文号 stands before the number."""
    signers: str | None = None
    """The words of the line about those who signed."""


def read_number_line(line: Line) -> NumberLine | None:
    """Return the document number and the names that a line is; None if it has other words.

    Args:
        line: a line near the title.
    """
    if not line.is_text or len(line.plain) > 160:
        return None
    start = len(line.text) - len(line.text.lstrip())
    words = plain(line.text)
    if match := _SIGNER_LINE.fullmatch(line.plain):
        return NumberLine(None, signers=line.text.strip())
    match = _LINE.fullmatch(words.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    begin, end = match.span("numbers")
    typed = line.text[start + begin : start + end]
    numbers = [with_plain_spaces(typed[each.start() : each.end()]) for each in _EACH.finditer(plain(typed))]
    signers = line.text[start + end :].strip("）) \t\u3000") if match["signers"] else None
    return NumberLine("、".join(numbers), bool(match["label"]), signers)


def first_number(lines: Sequence[Line]) -> tuple[Line, NumberLine] | None:
    """Return the first line that is a document number, with what it says.

    Args:
        lines: the lines in question.
    """
    for line in lines:
        if (read := read_number_line(line)) and read.number:
            return line, read
    return None
