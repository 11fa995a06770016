"""Levels of headings, and headings by number (一、 （一） 第一章) in texts whose reader found none.

Source: GB/T 9704-2012, section 7.3.3: the levels are 一、 （一） 1. （1）.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.importing.official.blocks import HEADINGS, Line, set_kind, strip_blanks
from gongshi.importing.official.units import without_gaps
from gongshi.importing.official.written_dates import read_date

_NUMERALS = "[一二三四五六七八九十]{1,3}"
_LEVELS = (
    lazy_pattern(rf"第{_NUMERALS}(?:部分|[章编])"),
    lazy_pattern(rf"{_NUMERALS} ?、|第{_NUMERALS}节"),
    lazy_pattern(rf"[(]{_NUMERALS}[)]"),
)
_LONGEST = 40
_NO_HEADING = "。；;:，,？！?!、…"


def close_heading_gaps(lines: Sequence[Line]) -> None:
    """Raise headings, so that the first is an `h2` and none is more than a level below that above it.

    The title goes into the front matter, and the page shows it as `h1`; what stood below it must follow.

    Args:
        lines: the blocks without the title.
    """
    above: list[int] = []
    for line in lines:
        if line.block.tag not in HEADINGS:
            continue
        rank = HEADINGS.index(line.block.tag)
        while above and above[-1] >= rank:
            above.pop()
        set_kind(line.block, HEADINGS[len(above)])
        above.append(rank)


def mark_numbered_headings(lines: Sequence[Line], labels: Collection[_Element]) -> None:
    """Make headings of short numbered lines with text below them.

    Args:
        lines: the blocks, in which the signature is marked.
        labels: the labels of attachments; headings behind them become `h4`.
    """
    shown = [line for line in lines if not line.is_blank]
    found = _find_headings(shown, labels)
    highest = min((level for _line, level, _is_attached in found), default=0)
    for line, level, is_attached in found:
        strip_blanks(line.block)
        set_kind(line.block, "h4" if is_attached else HEADINGS[level - highest])


def _find_headings(lines: Sequence[Line], labels: Collection[_Element]) -> list[tuple[Line, int, bool]]:
    """Return the headings with their levels, and True for those in an attachment."""
    levels = [_level(line) for line in lines]
    contents = _lines_of_contents(lines)
    found: list[tuple[Line, int, bool]] = []
    is_attached = False
    for number, (line, level) in enumerate(zip(lines, levels, strict=True)):
        is_attached |= line.block in labels
        if level is None or number in contents or not _is_short(line) or not _has_text_below(lines, levels, number):
            continue
        is_in_list = number and number - 1 not in contents and levels[number - 1] == level
        if is_in_list and _is_short(lines[number - 1]):
            continue
        has_higher = any(each < level for _line, each, was_attached in found[-50:] if was_attached == is_attached)
        if level < len(_LEVELS) - 1 or (has_higher and not is_attached):
            found.append((line, level, is_attached))
    return found


def _lines_of_contents(lines: Sequence[Line]) -> set[int]:
    """Return the numbers of lines that stand in a table of contents, and once more as headings below."""
    if not any(without_gaps(line.plain) == "目录" for line in lines):
        return set()
    last = {line.plain: number for number, line in enumerate(lines)}
    return {number for number, line in enumerate(lines) if last[line.plain] != number}


def _level(line: Line) -> int | None:
    if line.block.tag != "p" or line.block.get("class") in ("signoff", "right", "caption"):
        return None
    return next((level for level, pattern in enumerate(_LEVELS) if pattern.match(line.plain)), None)


def _is_short(line: Line) -> bool:
    words = line.plain
    return 4 <= len(words) <= _LONGEST and words[-1] not in _NO_HEADING and ":" not in words and not read_date(words)


def _has_text_below(lines: Sequence[Line], levels: Sequence[int | None], number: int) -> bool:
    """Tell whether a line is followed by text or a lower level, not by the next number or the end."""
    level = levels[number]
    if number + 1 == len(lines) or level is None:
        return False
    following, below = lines[number + 1], levels[number + 1]
    is_end = following.block.get("class") == "signoff" or following.block.tag in (*HEADINGS, "aside")
    return not is_end and not following.plain.startswith("附件") and (below is None or below > level)
