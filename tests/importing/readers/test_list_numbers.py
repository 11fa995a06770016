"""Numbers are written as Word writes them, whatever their format."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongshi.importing.readers.list_numbers import format_number, is_known

CASES = yaml.safe_load(Path("tests/cases/import/list_numbers.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("format_name", "value", "written"),
    [(name, value, written) for name, values in CASES.items() for value, written in values.items()],
)
def test_each_format_writes_numbers_as_word_does(format_name: str, value: int, written: str) -> None:
    assert is_known(format_name)
    assert format_number(value, format_name) == written


def test_unknown_formats_are_written_in_digits_and_known_as_such() -> None:
    assert format_number(7, "bahtText") == "7"
    assert not is_known("bahtText")


@given(st.integers(0, 32767), st.sampled_from(sorted(CASES)))
def test_no_number_is_too_large_for_any_format(value: int, format_name: str) -> None:
    written = format_number(value, format_name)
    assert len(written) <= 200
    assert written or format_name == "none"


@given(st.integers(1, 32766))
def test_chinese_numbers_differ_from_their_neighbours(value: int) -> None:
    for name in ("chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting"):
        assert format_number(value, name) != format_number(value + 1, name)
