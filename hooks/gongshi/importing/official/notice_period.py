"""The period of a public notice (公示期), where the text names its first and last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.importing.official.blocks import Line, plain
from gongshi.importing.official.events.event_times import EventTime, read_event_time
from gongshi.importing.official.recognition import Recognition

_PERIOD = lazy_pattern(
    r"公示(?:期限|时间|日期|期)? ?(?:[:为是从自] ?){0,3}(?P<days>20\d\d ?年[^,;。年]{2,20}"
    r"(?:[-—~]{1,2}|至|到) ?(?:20\d\d ?年)?[^,;。年]{2,12}[日号])"
)
_LONGEST = 1000
"""The characters of a paragraph that is searched."""


def take_notice_period(lines: Sequence[Line], found: Recognition) -> None:
    """Take the days of a public notice, if the text says them once and exactly.

    Args:
        lines: the blocks.
        found: gets the values.
    """
    periods = {
        match["days"] for line in lines if line.is_text for match in _PERIOD.finditer(plain(line.text)[:_LONGEST])
    }
    if len(periods) != 1:
        return
    period = read_event_time(periods.pop(), None)
    if not isinstance(period, EventTime) or period.end is None:
        return
    if not isinstance(period.start, datetime) and not isinstance(period.end, datetime):
        found.take(notice_from=period.start, notice_to=period.end)
