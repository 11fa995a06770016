"""A text that cannot be converted changes nothing for the texts that are checked after it."""

from __future__ import annotations

import pytest

from gongshi.build.content_check import _converter
from gongshi.domain.config.loader import load_configuration
from support.failing_markdown import fail_at_marked_paragraphs
from support.unit import UnitUnderTest

TEXT = "甲\n\n- 乙\n    - 丙\n\n    丁\n\n正文\n{.b}\n"


def test_the_next_text_is_converted_as_if_it_were_the_first(
    unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = load_configuration(unit.root / "mkdocs.yml")
    expected = _converter(configuration, None)(TEXT)
    fail_at_marked_paragraphs(monkeypatch)
    convert = _converter(configuration, None)
    with pytest.raises(RecursionError):
        convert("- 甲\n\n    FAIL\n\n- 乙\n")
    assert convert(TEXT) == expected
