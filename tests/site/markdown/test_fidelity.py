"""The comparison of text and page finds what is lost, and raises no alarm for marks that are not shown."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from markdown import Markdown

from gongshi.site.html import urls
from gongshi.site.html.sanitizer import sanitize
from gongshi.site.markdown.dialect import OfficeText
from gongshi.site.markdown.fidelity import find_differences
from gongshi.site.markdown.page_comparison import compare_with_page
from gongshi.site.markdown.plain_text import has_marks

CASES = Path(__file__).parents[2] / "cases" / "text" / "no_alarm.yml"
EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "fenced_code", "toc"]
OWN = urls.site_origin("https://www.unit.example/", "www.unit.example", "zh")


def _convert(text: str) -> str:
    return Markdown(extensions=[*EXTENSIONS, OfficeText()]).convert(text)


@pytest.mark.parametrize("text", yaml.safe_load(CASES.read_text(encoding="utf-8")))
def test_what_is_shown_otherwise_than_typed_but_says_the_same_is_no_difference(text: str) -> None:
    assert find_differences(text, sanitize(_convert(text), OWN, {}).html) == []


@pytest.mark.parametrize(
    ("text", "page", "line", "typed", "shown"),
    [
        ("甲\n\n王*明*5", "<p>甲</p><p>王<em>明</em></p>", 2, "王*明*5", "甲王明"),
        ("单价5*3*2元", "<p>单价532</p>", 0, "单价5*3*2元", "单价532"),
        ("1. 甲\n2. 乙", "<ol><li>甲</li></ol><ol><li>乙</li></ol>", 1, "2. 乙", "1. 甲 1. 乙"),
        ("甲乙", "<p>乙甲</p>", 0, "甲乙", "乙甲"),
        ("青便民[2026](3)号", '<p>青便民<a href="3">2026</a>号</p>', 0, "青便民[2026](3)号", "青便民2026号"),
        ("```\n甲\n```\n\n乙\n\n5元", "<pre>甲</pre><p>乙</p><p>元</p>", 6, "5元", "甲乙元"),
        ("甲\n\n*[附件]: 名单", "<p>甲</p>", 2, "*[附件]: 名单", "甲"),
        ("限额5元", "<p>限额55元</p>", 0, "限额5元", "限额55元"),
    ],
)
def test_what_is_lost_moved_or_doubled_is_found(text: str, page: str, line: int, typed: str, shown: str) -> None:
    """With its line and both versions."""
    [found] = find_differences(text, page)
    assert (found.line, found.typed, found.shown) == (line, typed, shown)


def test_a_note_that_is_defined_twice_is_found() -> None:
    """The page shows the last definition only."""
    text = "办理[^1]。\n\n[^1]: 限额 5 元\n\n另[^1]。\n\n[^1]: 限额 6 元"
    [found] = find_differences(text, _convert(text))
    assert (found.line, found.typed) == (2, "[^1]: 限额 5 元")


@pytest.mark.parametrize(
    "text", ["# 标题\n\n正文，2026年11月5日（星期四）。\n\n　　联系电话：0000-1234567，a@b.cn", "", "\n\n"]
)
def test_texts_without_marks_are_not_converted(text: str) -> None:
    assert not has_marks(text)
    assert find_differences(text, _convert(text)) == []


@pytest.mark.parametrize(
    "text",
    ["1. 甲", "- 甲", "+5", "  甲", "\t甲", "：\n: 甲", "---", "甲*乙*", "a_b", "<b>", "&lt;", "甲\\", "#甲", "=="],
)
def test_any_sign_that_may_be_a_mark_is_looked_at(text: str) -> None:
    assert has_marks(text)


def test_what_the_sanitizer_removed_can_be_left_out() -> None:
    """`check` tells it in other words."""
    text = "<script>alert(5)</script>\n\n甲*5*"
    converted = _convert(text)
    page = sanitize(converted, OWN, {}).html
    assert compare_with_page(text, page).differences
    assert not compare_with_page(text, page, converted).differences


@pytest.mark.parametrize(
    "part", ["`", "```\n", "[", "[x]", "[x](", "<!--", "<a ", "![", "【", "~~~\n", "!!! a\n", "（", "|a\n"]
)
def test_a_short_text_of_marks_takes_no_time(part: str) -> None:
    """Longer texts are compared in a process with a limit on its time."""
    text = part * (4000 // len(part))
    start = time.process_time()
    compare_with_page(text, "<p>5</p>")
    assert time.process_time() - start < 5
