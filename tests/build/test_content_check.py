"""A text that cannot be converted changes nothing for the texts that are checked after it."""

from __future__ import annotations

from typing import Any

import markdown
import pytest

from gongshi.build.content_check import _converter
from gongshi.domain.config.loader import load_configuration
from support.unit import UnitUnderTest

TEXT = "甲\n\n- 乙\n    - 丙\n\n    丁\n\n正文\n{.b}\n"


def test_the_next_text_is_converted_as_if_it_were_the_first(
    unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = load_configuration(unit.root / "mkdocs.yml")
    expected = _converter(configuration, None)(TEXT)
    run = markdown.blockprocessors.ParagraphProcessor.run

    def failing(self: Any, parent: Any, blocks: list[str]) -> None:
        if "FAIL" in blocks[0]:
            raise RecursionError
        run(self, parent, blocks)

    monkeypatch.setattr(markdown.blockprocessors.ParagraphProcessor, "run", failing)
    convert = _converter(configuration, None)
    with pytest.raises(RecursionError):
        convert("- 甲\n\n    FAIL\n\n- 乙\n")
    assert convert(TEXT) == expected
