"""Numbers and texts appear as Excel shows them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from gongshi.importing.readers.spreadsheet.formats.builtin_formats import builtin_formats
from gongshi.importing.readers.spreadsheet.formats.number_format import decimal_value, show_number, show_text

CASES = yaml.safe_load((Path(__file__).parents[3] / "cases/import/number_formats.yml").read_text("utf-8"))
PIECES = ["0", "#", "?", ",", ".", "%", "/", "E+", "e", ";", "[h]", "[>1]", "[DBNum1]", "[$-804]", "_", "*", "@", "\\"]
PIECES += ['"元', '"', "yyyy", "m", "d", "ss", ".000", "AM/PM", "General", "aaaa", "g", "b", "[", "]", " "]


def shown(case: dict[str, Any]) -> str:
    value, code = case["value"], case["format"]
    if isinstance(value, str):
        return show_text(value, code).text
    number = decimal_value(repr(value))
    assert number is not None
    return show_number(number, code, case.get("date1904", False), case.get("language", "zh")).text


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['format']} {case['value']}")
def test_value_appears_as_excel_shows_it(case: dict[str, Any]) -> None:
    assert shown(case) == case["shown"]


@pytest.mark.parametrize(
    ("number", "value", "text"),
    [
        (14, 46352, "2026/11/26"),
        (22, 46352.5, "2026/11/26 12:00"),
        (31, 46352, "2026年11月26日"),
        (57, 46352, "2026年11月"),
        (58, 46352, "11月26日"),
        (34, 0.75, "下午6时00分"),
        (20, 0.75, "18:00"),
        (46, 1.5, "36:00:00"),
        (47, 0.00070602, "01:01.0"),
        (44, -5, "¥-5.00"),
        (41, 0, "-"),
        (38, -1234, "(1,234)"),
        (48, 12345, "12.3E+3"),
        (49, 12, "12"),
    ],
)
def test_formats_named_by_number_mean_what_they_mean_on_a_chinese_computer(
    number: int, value: float, text: str
) -> None:
    assert shown({"format": builtin_formats("zh")[number], "value": value}) == text


def test_dates_follow_the_language_of_the_site() -> None:
    assert shown({"format": builtin_formats("en")[14], "value": 46352}) == "11/26/2026"


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_amounts_are_rounded_half_away_from_zero(cents: int, places: int) -> None:
    value = Decimal(cents) / 1000
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    code = "#,##0" + ("." + "0" * places if places else "")
    expected = f"{abs(rounded):,f}"
    assert show_number(value, code).text == ("-" if value < 0 else "") + expected


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.floats(allow_nan=False, allow_infinity=False))
@example("0" * 900, 1e308)
@example("# ?/" + "?" * 300, 0.1234567)
@example("##0.0E+0", 5e-324)
def test_any_code_shows_something_for_any_number(code: str, value: float) -> None:
    number = decimal_value(repr(value))
    assert number is not None
    assert isinstance(show_number(number, code).text, str)
    assert isinstance(show_text("文", code).text, str)


@given(st.integers(-(10**10), 10**10))
def test_whole_numbers_keep_all_digits_in_the_general_format(value: int) -> None:
    assert show_number(Decimal(value), "General").text == str(value)
