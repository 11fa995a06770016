"""The Markdown extensions of mkdocs.yml are read as MkDocs reads them, and no code of the unit runs."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.config import load_config

from gongshi.build.correction_converter import CorrectionConverter
from gongshi.build.markdown_settings import MarkdownSettings, load_markdown_settings, with_constant_ids
from gongshi.common.errors import UsageError
from support.sample_unit import load_sample
from support.unit import UnitUnderTest, settings

AS_MKDOCS = (
    "",
    "markdown_extensions: []",
    "markdown_extensions:\n",
    "markdown_extensions: [abbr, tables, toc: {permalink: true, toc_depth: 3}, abbr]",
    "markdown_extensions: {toc: {permalink: !ENV [NOT_SET, 'x']}, footnotes: , smarty: {}}",
    "markdown_extensions:\n- pymdownx.tilde: {subscript: no}\n- markdown.extensions.codehilite: {linenums: off}",
    "x: &x {permalink: yes}\nmarkdown_extensions:\n- toc: *x",
    "markdown_extensions:\n- toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}",
    "markdown_extensions:\n- pymdownx.superfences:\n    custom_fences:\n    - {name: a, class: b, "
    "format: !!python/name:pymdownx.superfences.fence_code_format }",
    "INHERIT: parent.yml\nmarkdown_extensions: {toc: {permalink: true}}",
)
RUNS_CODE = (
    "markdown_extensions: [evil]",
    "markdown_extensions: [pymdownx.snippets]",
    "markdown_extensions: [footnotes: {a: !!python/object/apply:os.mkdir [canary]}]",
    "markdown_extensions: [footnotes: {a: !!python/name:evil.run }]",
    "markdown_extensions: [footnotes: {a: !!python/module:evil }]",
    "markdown_extensions: [footnotes: {a: !!python/name:pymdownx.util.os.system }]",
    "markdown_extensions: [footnotes: {a: !!python/name:gongshi.evil }]",
    "markdown_extensions: 5",
    "markdown_extensions: [[abbr]]",
    "markdown_extensions: [abbr: 5]",
    "markdown_extensions: [",
)
"""Settings with which no text is judged. `evil.py` is a file beside mkdocs.yml."""


def _written(folder: Path, text: str) -> Path:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "evil.py").write_text("import os\nos.mkdir('canary')\n", encoding="utf-8")
    (folder / "parent.yml").write_text("markdown_extensions: {abbr: , toc: {toc_depth: 2}}", encoding="utf-8")
    file = folder / "mkdocs.yml"
    file.write_text(f"site_name: a\n{text}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("text", AS_MKDOCS)
def test_mkdocs_reads_the_same(text: str, tmp_path: Path) -> None:
    """So builds and commands judge alike, and know each other's verdicts."""
    file = _written(tmp_path, text)
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    config = load_config(str(file))
    of_build = MarkdownSettings(tuple(config.markdown_extensions), dict(config.mdx_configs or {}))
    of_command = load_markdown_settings(file)
    assert of_command.extensions == of_build.extensions
    assert of_command.key() == of_build.key()
    assert of_command.key() is not None


@pytest.mark.parametrize("text", RUNS_CODE)
def test_no_code_of_the_unit_runs(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are refused with a message."""
    file = _written(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match=r"mkdocs\.yml"):
        load_markdown_settings(file)
    assert not (tmp_path / "canary").exists()


BODY = "请按排人员，详见[通知](https://www.unit.example/a)。" + "\n\n甲" * 2000


@pytest.mark.slow
def test_reading_commands_run_no_hooks(unit: UnitUnderTest) -> None:
    """Somebody may read the clone of another unit, whose hooks and tags in mkdocs.yml are code."""
    section = settings(correction={"chain": ["first"], "characters": 6})
    unit.configure(section)
    unit.write("activities/a.md", title="T", body=BODY)
    unit.publish("activities/a.md")
    unit.write("activities/a.md", title="T", body=BODY.replace("按排", "安排"))
    assert unit.gongshi("correct", "docs/activities/a.md", "--as", "clerk", "--note", "n").exit_code == 0
    assert unit.gongshi("approve", "docs/activities/a.md", "--as", "head").exit_code == 0
    assert unit.build().exit_code == 0
    canary = unit.root / "canary"
    code = f"open({str(canary)!r}, 'a').write('x')\n"
    (unit.root / "evil.py").write_text(code, encoding="utf-8")
    unit.configure(section, hooks=["hooks/gate.py", "evil.py"])
    with (unit.root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(f"run: !!python/object/apply:os.mkdir [{canary}]\n")
    commands = (
        ("status",), ("status", "--json"), ("check", "--all"), ("verify", "site"), ("ledger",), ("stats",), ("doctor",),
        ("diff", "docs/activities/a.md"), ("form", "docs/activities/a.md"),
    )  # fmt: skip
    for command in commands:
        shutil.rmtree(unit.root / ".gongshi" / "cache")
        (unit.root / ".gongshi" / "cache").mkdir()
        result = unit.gongshi(*command)
        assert "Traceback" not in result.all
        assert not canary.exists(), command
    assert "published (1)" in unit.gongshi("status").output
    unit.build()
    assert canary.exists()


TEXTS = (
    "# 按排\n\n# 按排\n\n[TOC]",
    "见注[^1]。\n\n[^1]: 按排",
    "*[WTO]: 世贸\n\nWTO",
    "WTO 另见注[^1] [甲][1]。\n\n# 按排",
    '<div markdown="1">*甲*</div>\n\n[1]: https://www.unit.example/',
    "[甲][1] WTO[^1]",
)


def test_a_converter_forgets_the_text_before() -> None:
    """It is used for many texts, and each becomes what a new converter makes of it."""
    names = ("toc", "tables", "fenced_code", "abbr", "attr_list", "def_list", "footnotes", "md_in_html", "admonition")
    markdown = MarkdownSettings(names, {})
    used = CorrectionConverter(load_sample(), markdown)
    new = with_constant_ids(markdown)
    for text in (*TEXTS, *reversed(TEXTS)):
        fresh = Markdown(extensions=list(new.extensions), extension_configs=dict(new.configs))
        assert used(text).written == fresh.convert(text)
