"""Signs that vanish from a page though they look like text, and marks that stay there, are told with their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown import Markdown

from gongshi.i18n import use_language
from gongshi.site.markdown.dialect import OfficeText
from gongshi.site.markdown.doubtful_marks import DoubtfulKind, DoubtfulMark, find_doubtful_marks, mark_text

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases" / "text" / "doubtful_marks.yml"
EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "fenced_code", "toc"]


def _found(text: str) -> list[str]:
    html = Markdown(extensions=[*EXTENSIONS, OfficeText()]).convert(text)
    return [f"{mark.line + 1} {mark.kind.value}" for mark in find_doubtful_marks(text, html)]


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", _cases())
def test_doubtful_marks_are_told_with_their_line(case: dict[str, Any]) -> None:
    assert _found(case["typed"]) == case["told"]


@pytest.mark.parametrize("kind", DoubtfulKind)
def test_each_message_says_how_to_write_it(kind: DoubtfulKind) -> None:
    with use_language("en"):
        message = mark_text(DoubtfulMark(0, kind, "{text}"))
    assert "“{text}”" in message
    assert re.search(r"\b(?:write|put|take|begin)\b", message)


@pytest.mark.parametrize("file", sorted((ROOT / "docs").rglob("*.md")), ids=lambda file: file.name)
def test_the_sample_has_none(file: Path) -> None:
    assert _found(re.sub(r"\A---\n.*?\n---\n", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)) == []
