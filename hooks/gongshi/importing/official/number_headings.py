"""Headings by number (一、 （一） 第一章) in texts whose reader found no headings.

Source: GB/T 9704-2012, section 7.3.3: the levels are 一、 （一） 1. （1）.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.importing.official.blocks import Line, set_kind, strip_blanks
from gongshi.importing.official.written_dates import read_date

_NUMERALS = "[一二三四五六七八九十]{1,3}"
_LEVELS = (
    lazy_pattern(rf"{_NUMERALS} ?、|第{_NUMERALS}[章编部]"),
    lazy_pattern(rf"[(]{_NUMERALS}[)]|第{_NUMERALS}节"),
)
_LONGEST = 40
_NO_HEADING = "。；;:，,？！?!、…"


def mark_numbered_headings(lines: Sequence[Line], labels: Collection[_Element]) -> None:
    """Make headings of short numbered lines with text below them.

    Args:
        lines: the blocks, in which the signature is marked.
        labels: the labels of attachments; headings behind them become `h4`.
    """
    shown = [line for line in lines if not line.is_blank]
    levels = [_level(line) for line in shown]
    is_attached, has_first_level = False, False
    for number, (line, level) in enumerate(zip(shown, levels, strict=True)):
        if line.block in labels:
            is_attached, has_first_level = True, False
        if level is None or not _is_short(line) or not _has_text_below(shown, levels, number):
            continue
        if number and levels[number - 1] == level and _is_short(shown[number - 1]):
            continue
        if level == 0:
            has_first_level = True
        elif not has_first_level or is_attached:
            continue
        strip_blanks(line.block)
        set_kind(line.block, "h4" if is_attached else ("h2", "h3")[level])


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
    is_end = following.block.get("class") == "signoff" or following.block.tag in ("h2", "h3", "h4", "aside")
    return not is_end and not following.plain.startswith("附件") and (below is None or below > level)
