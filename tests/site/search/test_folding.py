"""The search finds a text however it is spelled: traditional, radicals, ligatures, diacritics, width, zeros."""

from __future__ import annotations

import time
import unicodedata

import pytest

from gongshi.site.search.folding import fold, variants
from gongshi.site.search.tokenizer import html_to_text, ruby_readings, tokenize
from support.search_folding import ALIKE, APART, HTML


def _stands(query: list[str], text: list[str]) -> bool:
    return any(
        [*text[at : at + len(query) - 1], text[at + len(query) - 1][: len(query[-1])]] == query
        for at in range(len(text) - len(query) + 1)
    )


@pytest.mark.parametrize(("query", "text", "_marked"), ALIKE)
def test_spellings_that_are_alike(query: str, text: str, _marked: str) -> None:
    """The words of the query stand in the text, one after another."""
    assert tokenize(query)
    assert _stands(tokenize(query), tokenize(text))


@pytest.mark.parametrize(("query", "text"), APART)
def test_words_that_only_look_alike(query: str, text: str) -> None:
    """They stay different words."""
    assert tokenize(query) != tokenize(text)


def test_every_radical_is_its_character() -> None:
    """Each code point of the Kangxi radicals, and of the supplement those that have a character of the first plane."""
    kangxi = [fold(chr(code)) for code in range(0x2F00, 0x2FD6)]
    assert all("\u4e00" <= each <= "\u9fff" for each in kangxi)
    supplement = [chr(code) for code in range(0x2E80, 0x2EF4) if unicodedata.category(chr(code)) != "Cn"]
    assert sum("\u3400" <= fold(each) <= "\u9fff" for each in supplement) > 95


def test_the_table_of_variants() -> None:
    """Folding once is enough, and frequent simplified characters stay themselves."""
    table = variants()
    assert 3000 < len(table) < 4000
    assert {each: fold(each) for each in table.values()} == {each: each for each in table.values()}
    cells = [bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    frequent = [character for cell in cells if (character := cell.decode("gb2312", "ignore"))]
    assert len(frequent) == 3755
    assert "".join(each for each in frequent if fold(each) != each) == "覆藉零乾著"


@pytest.mark.parametrize(("html", "query", "shown"), HTML)
def test_words_of_html(html: str, query: str, shown: str | None) -> None:
    """Ruby text, inline elements and line ends between Chinese characters do not split words; blocks do."""
    words = tokenize(" ".join((html_to_text(html), ruby_readings(html))))
    assert all(_stands([word], words) for word in tokenize(query)) == bool(shown)
    if shown:
        assert " ".join((html_to_text(html), ruby_readings(html))).split() == shown.split()


@pytest.mark.parametrize("part", ["甲\n", "甲 \n ", "甲" + " " * 9, "\n", " ", "e\u0301\u200b", "<rt>"])
def test_long_runs_take_linear_time(part: str) -> None:
    """Line ends, blanks and marks, however many follow one another."""
    text = "甲" + part * 100_000 + "a"
    start = time.process_time()
    tokenize(html_to_text(text))
    assert time.process_time() - start < 5
