"""The templates: one documented object `site`, and no page without the hook."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import get_type_hints

import pytest

from gongshi.build.render.template_context import TemplateContext
from gongshi.build.render.theme_files import THEME

TEMPLATES = sorted([*THEME.rglob("*.html"), *THEME.rglob("*.xml")])


def _documented() -> set[str]:
    """The public attributes of the object that have a type, and a docstring behind them."""
    source = inspect.getsource(TemplateContext)
    typed = {name for name in get_type_hints(TemplateContext) if re.search(rf'    {name}: \S+\n    """', source)}
    methods = inspect.getmembers(TemplateContext, inspect.isfunction)
    return typed | {name for name, method in methods if method.__doc__ and get_type_hints(method).get("return")}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_templates_use_only_what_is_documented(template: Path) -> None:
    """Each attribute of `site` that a template uses is typed and documented in one place."""
    used = set(re.findall(r"(?<![/\w])site\.(\w+)", re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)))
    assert used <= _documented()


def test_every_whole_page_begins_with_the_check() -> None:
    """What MkDocs can render by itself asks for the hook first, then for the page model."""
    whole = [file for file in TEMPLATES if file.parent == THEME]
    assert [file.name for file in whole] == ["404.html", "main.html", "sitemap.xml"]
    for file in whole:
        text = file.read_text()
        if text.startswith('{% extends "main.html" %}'):
            continue
        first, second = re.findall(r"\{%-? (.*?) -?%\}", text)[:2]
        assert first == 'include "gongshi/require_hook.html"'
        assert second == "set view = site.page_model(page, template_name)"
