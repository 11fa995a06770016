"""What editors type is what readers see."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from gongshi.site.html.line_ends import join_html_lines
from gongshi.site.markdown.dialect import OfficeText
from gongshi.site.markdown.emphasis import find_emphasis
from gongshi.site.markdown.fidelity import find_differences
from gongshi.site.markdown.lines import normalize_lines

EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "fenced_code", "toc"]
CASES = Path(__file__).parents[2] / "cases" / "text" / "dialect.yml"


def converter(joins_lines: bool = False) -> Markdown:
    """Return a converter with the dialect and the extensions of the sample's mkdocs.yml."""
    return Markdown(extensions=[*EXTENSIONS, OfficeText(joins_lines)])


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", _cases())
def test_what_is_typed_is_shown(case: dict[str, Any]) -> None:
    html = converter().convert(case["typed"])
    assert html == case["shown"]
    if case.get("compared", True):
        assert find_differences(case["typed"], html) == []


def test_one_converter_reads_all_texts_alike() -> None:
    one = converter()
    for case in _cases():
        assert one.reset().convert(case.values[0]["typed"]) == case.values[0]["shown"]


def test_windows_line_ends_make_no_difference() -> None:
    for case in _cases():
        typed = case.values[0]["typed"].replace("\n", "\r\n")
        assert converter().convert(typed) == case.values[0]["shown"]


def test_lines_can_be_joined_without_a_blank_between_two_chinese_characters() -> None:
    html = converter(joins_lines=True).convert("各村（社区），\n各站所：\nsee\nbelow")
    assert join_html_lines(html) == "<p>各村（社区），各站所：\nsee\nbelow</p>"


@pytest.mark.parametrize(
    "text",
    [
        "*" * 50_000,
        "甲 *乙 " * 2_400 + "丙_ " * 2_400,
        "**甲** " * 2_400,
        "[" * 5_000,
        "【甲】（" * 9_000,
        "！［" * 9_000,
        "| 1 | 2 |\n" * 10_000,
        "a|b\n" * 20_000,
        "a\tb\na\tb\tc\n" * 9_000,
        "|" + " " * 50_000 + "a",
        "> " * 5_000 + "a",
        ">" * 50_000,
        "> 甲\n" * 10_000,
        "```a\n" * 20_000,
        "\n".join("`" * (number % 60) + "a" for number in range(5_000)),
        "<div>甲\n\n" * 5_000,
        "<!--\n" * 10_000,
        "    a = b\n\n" * 5_000,
        "甲" + " " * 100_000 + "乙",
        "甲\n" * 50_000,
        "\n".join(" " * 2 * number + "- 甲" for number in range(900)),
        "现将有关事项通知如下：请于11月26日前办理。\n" * 9_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_lines_are_read_in_linear_time(text: str) -> None:
    """Texts of up to 200 KB; those that Markdown itself cannot read fast are refused by `text_limits`."""
    start = time.process_time()
    normalize_lines(text.split("\n"))
    find_emphasis(text)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "text",
    [
        "**甲** " * 2_400,
        "甲\n" * 20_000,
        "第一条　现将有关事项通知如下。\n\n" * 5_000,
        "https://a.example/" + ")" * 100_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_long_texts_are_converted_in_linear_time(text: str) -> None:
    start = time.process_time()
    converter().convert(text)
    assert time.process_time() - start < 5


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


@pytest.mark.slow
@given(st.lists(_LINES, min_size=1, max_size=10).map("\n".join))
@settings(max_examples=1500)
def test_no_letter_or_digit_is_lost_added_or_moved(text: str) -> None:
    html = converter().convert(text)
    assert find_differences(text, html) == [], html
