"""Opening hours: read where every word of them is understood, and not at all elsewhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.site.metadata.opening_hours import opening_hours
from support.published_items import TEXTS


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("周一至周五 8:30—12:00，13:30—17:30", ("Mo-Fr 08:30-12:00", "Mo-Fr 13:30-17:30")),
        ("星期一到星期五：上午8:30-12:00，下午2:30-5:30。", ("Mo-Fr 08:30-12:00", "Mo-Fr 14:30-17:30")),
        ("周一至周五 上午８：３０至下午５：００", ("Mo-Fr 08:30-17:00",)),
        ("周一至周五 9:00–17:00；周六 9:00–11:30", ("Mo-Fr 09:00-17:00", "Sa 09:00-11:30")),
        ("周一至周天 0:00～23:59", ("Mo-Su 00:00-23:59",)),
        ("Mon-Fri 8:30-12:00, 13:30-17:30", ("Mo-Fr 08:30-12:00", "Mo-Fr 13:30-17:30")),
        ("Monday to Friday 9:00 to 17:00; Saturday 9:00-12:00", ("Mo-Fr 09:00-17:00", "Sa 09:00-12:00")),
        ("下午12:30-5:00 周一", None),
        ("周一 下午12:30-5:00", ("Mo 12:30-17:00",)),
    ],
)
def test_hours_as_offices_write_them(text: str, hours: tuple[str, ...] | None) -> None:
    """Days, morning and afternoon, wide signs and every kind of dash."""
    assert opening_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "工作日 8:30-12:00",
        "周一至周五 8:30-12:00（法定节假日除外）",
        "周一至周五 8:30-12:00，下午休息",
        "周一至周五 8:30-12:00；节假日另行通知",
        "周一、周三 8:30-12:00",
        "周一至周五 8:30-25:00",
        "周一至周五 8:61-12:00",
        "周一至周五 17:00-8:30",
        "周一至周五",
        "8:30-12:00",
        "Sundae 8:30-12:00",
        "",
    ],
)
def test_what_is_not_wholly_understood_is_not_read(text: str) -> None:
    """Half of the hours would be wrong hours."""
    assert opening_hours(text) is None


@given(TEXTS | st.text("周一至五，,；;：:0123456789-— 上下午", max_size=40))
def test_any_text_is_read_or_not(text: str) -> None:
    """What is read is in the form of schema.org."""
    day = "(Mo|Tu|We|Th|Fr|Sa|Su)"
    for line in opening_hours(text) or ():
        assert re.fullmatch(rf"{day}(-{day})? [0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d", line, re.ASCII)
