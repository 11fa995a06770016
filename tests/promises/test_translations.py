"""The Chinese catalogue is complete, current and keeps every placeholder."""

from __future__ import annotations

import re

import pytest

from gongshi.locale import update_catalogues

_PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)s|%s")


@pytest.mark.slow
def test_every_message_is_translated() -> None:
    """No message of the sources is missing, none that is gone remains; `make locale` renews."""
    assert update_catalogues.missing(update_catalogues.renewed()) == []
    assert (update_catalogues.MESSAGES / "gongshi.po").read_text(encoding="utf-8") == update_catalogues.po(
        update_catalogues.renewed()
    )


@pytest.mark.parametrize("name", ["gongshi", "click"])
def test_compiled_catalogues_are_current(name: str) -> None:
    """What is compiled is what is written."""
    assert (update_catalogues.MESSAGES / f"{name}.mo").read_bytes() == update_catalogues.mo(name)


@pytest.mark.parametrize("name", ["gongshi", "click"])
def test_placeholders_are_kept(name: str) -> None:
    """Names in braces and percent signs are the same in both languages."""
    for message in update_catalogues.read(name):
        ids, strings = (
            each if isinstance(each, tuple | list) else (str(each),) for each in (message.id, message.string)
        )
        if message.id:
            wanted = sorted(_PLACEHOLDER.findall(ids[-1]))
            assert all(sorted(_PLACEHOLDER.findall(str(string))) == wanted for string in strings)


def test_the_tool_is_not_part_of_the_program() -> None:
    """No module imports the tool, which needs Babel; an installed Gongshi has neither."""
    package = update_catalogues.PACKAGE
    named = [path for path in package.rglob("*.py") if "update_catalogues" in path.read_text(encoding="utf-8")]
    assert named == [package / "locale" / "update_catalogues.py"]
