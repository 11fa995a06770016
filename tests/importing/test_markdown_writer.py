"""The Markdown of an imported text: its page shows what the file shows, and a clerk can read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from gongshi.importing.markdown_writer import parse_blocks, write_markdown
from gongshi.site.markdown.fidelity import find_differences
from support.html_texts import HtmlText, joined_signatures, seen, texts
from support.site_converter import site_converter

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/import/markdown.yml").read_text(encoding="utf-8"))
Convert = Callable[[str], str]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """The converter of a site with the sample's extensions."""
    return site_converter(tmp_path_factory.mktemp("site"))


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
@settings(max_examples=200)
@given(text=texts())
def test_pages_show_the_same_letters_in_the_same_places(text: HtmlText, convert: Convert) -> None:
    markdown = _markdown(text.html, convert)
    assert joined_signatures(seen(convert(markdown))) == joined_signatures(text.shown), markdown
