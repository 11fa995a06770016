"""Styles and scripts of the theme: browsers load no comments, and get every rule and statement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mkdocs.structure.files import File
from playwright.sync_api import Browser

from gongshi.build.render import theme_files
from gongshi.build.render.theme_files import THEME

FILES = sorted(path.relative_to(THEME).as_posix() for path in (THEME / "assets" / "gongshi").iterdir())


def _published(name: str, theme: Path = THEME) -> str:
    file = File(name, str(theme), "site", use_directory_urls=True)
    theme_files.shorten(file)
    return file.content_string


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_scripts_keep_every_statement(name: str) -> None:
    """Only blanks before a line and comments on lines of their own are gone."""
    source = re.sub(r"^ */\*\*.*?\*/$", "", (THEME / name).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    lines = [line.strip() for line in source.splitlines()]
    assert _published(name).splitlines() == [line for line in lines if line and not line.startswith("//")]


@pytest.mark.browser
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".css")])
def test_styles_keep_every_rule(browser: Browser, name: str) -> None:
    """A browser reads the same rules in what is published as in the source."""
    page = browser.new_page()
    parse = """text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
        return [...sheet.cssRules].map(rule => rule.cssText.replace(/,\\s+/g, ",")) }"""
    published = _published(name)
    rules = page.evaluate(parse, published)
    assert rules == page.evaluate(parse, (THEME / name).read_text(encoding="utf-8"))
    assert len(rules) > 10
    assert "/*" not in published
    page.close()


def test_other_files_are_published_as_they_are(tmp_path: Path) -> None:
    """Those of Material, and those that a unit adds to the theme."""
    (tmp_path / "own.css").write_text("/* ours */ a { color: red; }\n", encoding="utf-8")
    assert _published("own.css", tmp_path) == "/* ours */ a { color: red; }\n"
