"""The handbook's page on the text shows what the converter makes of each example."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from rich.cells import cell_len

from support.shown_text import PAGES, SHOWN, TYPED, Example, as_text, convert, examples, renewed

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
_MARK = re.compile(r'<span class="gs-away__mark">[^<]*</span>')
_CODE = re.compile(r"(`+)([^`]+)\1")


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _tags_and_words(html: str) -> list[str]:
    """Return tags, addresses and words of HTML in one spelling."""
    html = _MARK.sub("", html).replace("<s>", "<del>").replace("</s>", "</del>")
    html = re.sub(r'<a [^>]*?href="([^"]*)"[^>]*>', r"<a \1>", html)
    return [unescape(piece) for piece in re.split(r"(<[^>]*>)", html.strip()) if piece]


@pages
def test_blocks_show_what_the_converter_makes(page: Path) -> None:
    """`python tests/support/shown_text.py` writes the right column."""
    assert renewed(_read(page)) == _read(page)
    assert sum(example.is_block for example in examples(_read(page))) >= 8


@pages
def test_rows_show_what_the_converter_makes(page: Path) -> None:
    """A cell in code is the text as readers see it, without any mark; another cell is Markdown that looks the same."""
    rows = [example for example in examples(_read(page)) if not example.is_block]
    assert len(rows) >= 12
    for row in rows:
        html = convert(row.typed)
        if code := _CODE.fullmatch(row.shown):
            shown = code[2]
            assert as_text(html, 80) == [shown], row
            assert set(re.findall(r"<(\w+)", html)) <= {"p", "sup"}, row
        else:
            expected = MarkdownIt("commonmark").enable("strikethrough").render(row.shown)
            assert _tags_and_words(html) == _tags_and_words(expected), row


@pages
def test_the_columns_fit_into_a_terminal(page: Path) -> None:
    for example in examples(_read(page)):
        if example.is_block:
            assert max(map(cell_len, example.typed.split("\n"))) <= TYPED
            assert max(map(cell_len, example.shown.split("\n"))) <= SHOWN


def test_both_languages_show_the_same_examples() -> None:
    """In the same order."""
    english, chinese = (list(examples(_read(page))) for page in PAGES)
    assert english == chinese


def test_a_wrong_example_is_found() -> None:
    """A page that says that masks vanish is written anew."""
    block = "```text\ntyped │ shown\n──────┼──────\n138****1234 │ 1381234\n```"
    assert list(examples(block)) == [Example("138****1234", "1381234", is_block=True)]
    assert [example.shown for example in examples(renewed(block))] == ["138****1234"]
