"""What editors type is what readers see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from gongshi.site.html.line_ends import join_html_lines
from gongshi.site.markdown.dialect import OfficeText
from gongshi.site.markdown.fidelity import find_differences

EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "fenced_code", "toc"]
CASES = Path(__file__).parents[2] / "cases" / "text" / "dialect.yml"


def converter(joins_lines: bool = False) -> Markdown:
    """Return a converter with the dialect and the extensions of the sample's mkdocs.yml."""
    return Markdown(extensions=[*EXTENSIONS, OfficeText(joins_lines)])


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", _cases())
def test_what_is_typed_is_shown(case: dict[str, str]) -> None:
    html = converter().convert(case["typed"])
    assert html == case["shown"]
    assert find_differences(case["typed"], html) == []


def test_lines_can_be_joined_without_a_blank_between_two_chinese_characters() -> None:
    html = converter(joins_lines=True).convert("各村（社区），\n各站所：\nsee\nbelow")
    assert join_html_lines(html) == "<p>各村（社区），各站所：\nsee\nbelow</p>"


_WORDS = st.sampled_from(
    ["王", "某", "水费", "5", "3.50", "138", "1234", "2026", "a", "Bc", "，", "。", " ", "：", "（一）", "℃", "%", "￥"]
)
_MARKS = st.sampled_from(
    [
        "*",
        "**",
        "***",
        "****",
        "_",
        "__",
        "~~",
        "{",
        "}",
        "<",
        ">",
        "[",
        "]",
        "(",
        ")",
        "（",
        "）",
        "|",
        "\\",
        "`",
        "#",
        "!",
    ]
)
_INLINE = st.lists(st.one_of(_WORDS, _WORDS, _MARKS), min_size=1, max_size=14).map("".join)
_PREFIXES = st.sampled_from(
    [
        "",
        "",
        "",
        "1. ",
        "2. ",
        "3. ",
        "- ",
        "* ",
        "  - ",
        "   1. ",
        "    ",
        "\t",
        "　　",
        "> ",
        "# ",
        "#",
        "## ",
        "1、",
        "2026. ",
        "|",
    ]
)
_LINES = st.one_of(
    st.tuples(_PREFIXES, _INLINE).map("".join),
    st.lists(_INLINE, min_size=2, max_size=4).map(lambda cells: "| " + " | ".join(cells) + " |"),
    st.lists(_INLINE, min_size=2, max_size=4).map("\t".join),
    st.sampled_from(["", "", "", "---", "| --- | --- |", "===", "***", "-"]),
)


@given(st.lists(_LINES, min_size=1, max_size=10).map("\n".join))
@settings(max_examples=1500)
def test_no_letter_or_digit_is_lost_added_or_moved(text: str) -> None:
    html = converter().convert(text)
    assert find_differences(text, html) == [], html
