"""The Markdown of an imported text: its page shows what the file shows, and a clerk can read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from gongshi.importing.writer.markdown_writer import parse_blocks, write_markdown
from gongshi.site.markdown.fidelity import find_differences
from support.html_texts import HtmlText, joined_signatures, letters, seen, texts
from support.page_converters import site_converter

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases/import/markdown.yml").read_text(encoding="utf-8"))
Convert = Callable[[str], str]


@pytest.fixture(scope="module")
def convert() -> Convert:
    """The converter of a site with the sample's extensions."""
    return site_converter()


def _markdown(text: str, convert: Convert) -> str:
    return write_markdown(parse_blocks(text), convert)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_markdown_is_readable(case: dict[str, str], convert: Convert) -> None:
    assert _markdown(case["html"], convert) == case["markdown"] + "\n"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_check_tells_no_difference_between_imported_texts_and_their_pages(
    case: dict[str, str], convert: Convert
) -> None:
    assert find_differences(case["markdown"], convert(case["markdown"])) == []


@pytest.mark.slow
@settings(max_examples=100)
@given(text=texts(most=2))
def test_pages_show_the_same_letters_in_the_same_places(text: HtmlText, convert: Convert) -> None:
    markdown = _markdown(text.html, convert)
    assert joined_signatures(seen(convert(markdown))) == joined_signatures(text.shown), markdown


def test_a_sign_that_means_something_only_beside_another_block_is_protected(convert: Convert) -> None:
    markdown = _markdown('<table><tr><td>&lt;A</td></tr></table><p class="center">甲</p>', convert)
    assert markdown == '|  |\n| --- |\n| &lt;A |\n\n<p align="center">甲</p>\n'


def test_comments_that_end_further_down_are_text(convert: Convert) -> None:
    picture = '<p><img src="a.emf" alt="图"></p>'
    markdown = _markdown(f"{picture}<p>&lt;!--</p><p>甲</p><p>--&gt;</p><p>乙&lt;!</p>", convert)
    assert markdown == "![图](a.emf)\n\n&lt;!--\n\n甲\n\n-->\n\n乙&lt;!\n"


def test_a_difference_behind_what_no_page_can_show_is_mended(convert: Convert) -> None:
    table = '<table><tr><td>&lt;A</td></tr></table><p class="center">甲</p>'
    markdown = _markdown(f'<p><img src="a.emf" alt="图" title="乙"></p>{table}<p>丙</p>', convert)
    assert "&lt;A" in markdown


def test_sites_without_footnotes_and_marks_for_signatures_show_both_in_another_way() -> None:
    convert = site_converter(("toc", "tables", "fenced_code"))
    text = '<p>甲<a class="footnote" href="#1"></a></p><p class="signoff">乙</p><aside id="1">1. 丙</aside>'
    markdown = _markdown(text, convert)
    assert markdown == '甲<sup>[1]</sup>\n\n<p class="signoff">乙</p>\n\n[1] 1. 丙\n'
    assert seen(convert(markdown))[1] == ("p", "signoff", (letters("乙"),))


def test_what_no_page_can_show_leaves_the_rest_readable(convert: Convert) -> None:
    markdown = _markdown('<p>甲 **</p><p><img src="a.emf" alt="图"></p><p># 乙</p>', convert)
    assert markdown == "甲 **\n\n![图](a.emf)\n\n\\# 乙\n"


def test_an_extension_that_fails_on_a_text_gets_it_in_another_way() -> None:
    def convert(text: str) -> str:
        if "**甲" in text:
            raise IndexError(text)
        return re.sub(
            r"(?<!\n)\Z|^(?!<)(.*)$", lambda match: f"<p>{match[1]}</p>" if match[1] else "", text, flags=re.M
        )

    assert write_markdown(parse_blocks("<p><strong>甲</strong></p>"), convert) == "<strong>甲</strong>\n"


@pytest.mark.parametrize("text", ["", " ", "<p></p>", "<p>\x00</p>", "<table></table>", "<ul></ul>", "<!-- 甲 -->"])
def test_nothing_is_written_for_nothing(text: str, convert: Convert) -> None:
    assert _markdown(text, convert) == "\n"


def test_invisible_characters_that_pages_may_not_contain_are_left_out(convert: Convert) -> None:
    assert _markdown("<p>甲\x02\ufffe\ud800乙</p>", convert) == "甲乙\n"


@pytest.mark.slow
def test_long_texts_are_converted_a_few_times_only(convert: Convert) -> None:
    converted = 0

    def counted(text: str) -> str:
        nonlocal converted
        converted += len(text)
        return convert(text)

    paragraph = "<p>各村（社区）要**高度**重视，见[2026]号{number}，138****{number}，联系&lt;{number}&gt;。</p>"
    row = "<tr><td>{number}. 甲|乙</td><td>*{number}*</td><td>　丙</td></tr>"
    text = "".join(
        paragraph.format(number=number) + f"<table>{row.format(number=number) * 5}</table>" for number in range(40)
    )
    markdown = _markdown(text, counted)
    assert converted < 40 * len(markdown)
