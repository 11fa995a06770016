"""One Markdown converter for all pages: each page has the bytes that MkDocs makes of it alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from gongshi.build.render.markdown_converter import MarkdownConverter
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.html.link_targets import PublicUrls
from support.failing_markdown import fail_at_marked_paragraphs

EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "meta", "sane_lists", "smarty"]
TEXTS = [
    "甲[^1] 乙[^b] 丙[^1]\n\n[^1]: 注一\n[^b]: 注二\n\n    第二段\n",
    "只有引用[^1]，没有注\n",
    "HTML 规范 ABC\n\n*[HTML]: 超文本\n*[ABC]: 缩写\n",
    "HTML 规范 ABC，这里没有解释\n",
    '[甲][a] ![图][a]\n\n[a]: b.md "题"\n',
    "[甲][a] [乙](b.md#x) [丙](withheld.md)\n",
    "[TOC]\n\n# 题\n\n## 节 {: #own .c}\n\n## 节\n",
    "# 题\n\n## 节\n\n## 节\n\n无目录\n",
    '<div markdown="1">\n## 节\n\n*甲*\n\n<a href="withheld/">丙</a>\n</div>\n\n<p id="节">x</p>\n',
    "<div><a href='withheld.md'>未闭合\n\n<section markdown>\n- 甲\n",
    '!!! note "题"\n    甲\n\n    - 乙\n\n        丙\n\n词\n:   释\n\n| a | b |\n|---|---|\n| [x](b.md) | y |\n',
    "    接上\n\n:   释\n\n7. 七\n8. 八\n\n\"引\" -- 'x' <clerk@unit.example>\n",
    "title: 元\nkey: 值\n\n正文\n",
    "```\n[^1]: 码\n```\n\n`<b>` \\* <b title='*x*'>粗</b> &copy;\n",
]
FILES = ("a.md", "announcements/b.md")


def configuration(folder: Path, **settings: Any) -> MkDocsConfig:
    """MkDocs' settings with the extensions of this test and with the filter of links."""
    config = MkDocsConfig()
    config.load_dict(
        {"site_name": "x", "docs_dir": str(folder), "plugins": [], "markdown_extensions": EXTENSIONS, **settings}
    )
    assert config.validate() == ([], [])
    links = PublicLinkFilter(PublicUrls(["a/", "b/"], ["a.md", "b.md"], None, None), "(not public)")
    config.markdown_extensions.append(links)  # type: ignore[arg-type]
    return config


class Both:
    """Converts with one converter for all, and with MkDocs' own code."""

    def __init__(self, config: MkDocsConfig) -> None:
        self.config = config
        self.pages = [File(path, config.docs_dir, config.site_dir, use_directory_urls=True) for path in FILES]
        self.files = Files([*self.pages, File("b.md", config.docs_dir, config.site_dir, use_directory_urls=True)])
        self.converter = MarkdownConverter(config, self.files)
        self.gate: Any = config.markdown_extensions[-1]

    def ours(self, text: str, number: int = 0) -> tuple[str, list[tuple[str, str, int]], Any]:
        self.gate.begin(FILES[number], self.pages[number].url)
        html, toc = self.converter.convert(self.pages[number], text)
        return html, [(a.title, a.id, a.level) for a in toc], (self.gate.closed, self.gate.asked, self.gate.asked_raw)

    def alone(self, text: str, number: int = 0) -> tuple[str, list[tuple[str, str, int]], Any]:
        self.gate.begin(FILES[number], self.pages[number].url)
        page = Page("x", self.pages[number], self.config)
        page.markdown = text
        page.render(self.config, self.files)
        toc = [(a.title, a.id, a.level) for a in page.toc]
        return page.content or "", toc, (self.gate.closed, self.gate.asked, self.gate.asked_raw)


def test_no_page_leaves_anything_to_the_next(tmp_path: Path) -> None:
    """After any page, every page has the same HTML, contents and links as alone."""
    both = Both(configuration(tmp_path))
    alone = [[both.alone(text, number) for text in TEXTS] for number in (0, 1)]
    assert len({html for html, _toc, _links in alone[0]}) == len(TEXTS)
    for first in TEXTS:
        for place, second in enumerate(TEXTS):
            both.ours(first)
            assert both.ours(second, 1) == alone[1][place], (first, second)
    assert both.converter._markdown.ready is not None


def test_a_page_that_fails_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The converter of a text that could not be converted is not used again."""
    both = Both(configuration(tmp_path))
    alone = [both.alone(text) for text in TEXTS]
    fail_at_marked_paragraphs(monkeypatch)
    for text, expected in zip(TEXTS, alone, strict=True):
        with pytest.raises(RecursionError):
            both.ours("- 甲[^1]\n\n    FAIL\n\n- 乙\n\n[^1]: 注\n")
        assert both.ours(text) == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"markdown_extensions": ["footnotes"], "mdx_configs": {"footnotes": {"UNIQUE_IDS": True}}},
        {"markdown_extensions": ["footnotes", "pymdownx.details"]},
    ],
)
def test_other_extensions_get_a_new_converter(tmp_path: Path, settings: dict[str, Any]) -> None:
    """Extensions that count from page to page, or that nobody has looked at, see one page only."""
    configs = settings.pop("mdx_configs", {})
    settings["markdown_extensions"] = [{name: configs.get(name, {})} for name in settings["markdown_extensions"]]
    both = Both(configuration(tmp_path, **settings))
    for _turn in range(2):
        assert both.ours(TEXTS[0]) == both.alone(TEXTS[0])
    assert both.converter._markdown.ready is None
