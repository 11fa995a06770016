"""Everything that an extension or the theme says is in the site's language."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import markdown
import pytest

from gongshi.site.html import extension_words
from gongshi.site.html.extension_words import ExtensionWords
from support.unit import UnitUnderTest, settings

KINDS = sorted(extension_words._box_titles(lambda _context, word: word))
HAN = re.compile("[\u4e00-\u9fff]")
TEXT = """正文[^1]，再说一次[^1]，HTML。

!!! note

    不写题目。

!!! 自定

    作者自己的词。

!!! warning "自己的题目"

    写了题目。

    !!! tip inline end
        套在里面。

[甲](nowhere.md) [部](https://ministry.example/) ![视频](film.mp4)

| 甲 | 乙 |
| --- | --- |
| 丙 | 丁 |

1. 一

    !!! danger
        在列表里。

[^1]: 注。

*[HTML]: 超文本标记语言
"""


def _converted(text: str, language: str, *extensions: str, **configs: dict[str, str]) -> str:
    every: list[object] = [*(extensions or ("admonition", "footnotes", "toc")), ExtensionWords(language)]
    return markdown.Markdown(extensions=every, extension_configs=configs).convert(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_box(kind: str) -> None:
    """A box without a title has one in the site's language; one with a title keeps it, and one without words none."""
    for mark, extension, tag in (("!!!", "admonition", "p"), ("???", "pymdownx.details", "summary")):
        [title] = re.findall(f"<{tag}[^>]*>(.*?)</{tag}>", _converted(f"{mark} {kind} wide\n    x", "zh", extension))[
            :1
        ]
        assert HAN.search(title)
        assert not re.search("[A-Za-z]", title)
        own = _converted(f'{mark} {kind} "Own"\n    x', "zh", extension)
        assert ">Own<" in own
        assert not HAN.search(own)
        assert not HAN.search(_converted(f"{mark} {kind}\n    x", "en", extension))
    assert 'admonition-title"' not in _converted(f'!!! {kind} ""\n    x', "zh")


def test_code_and_words_of_the_author_stay() -> None:
    """A line of code that looks like a box, a kind that the author made up, and a title in mkdocs.yml."""
    assert "<code>!!! note\n" in _converted("    !!! note\n        x", "zh")
    assert ">自定<" in _converted("!!! 自定\n    x", "zh")
    assert _converted("!!! note\n    x", "zh", "toc") == _converted("!!! note\n    x", "en", "toc")
    configs = {"footnotes": {"BACKLINK_TITLE": "Up %d"}, "toc": {"permalink": "true", "permalink_title": "Own"}}
    made = _converted("# A\n\nx[^1]\n\n[^1]: y", "zh", "footnotes", "toc", **configs)
    assert 'title="Up 1"' in made
    assert 'title="Own"' in made


def test_titles_of_links() -> None:
    """The way back from a footnote, and the address of a section."""
    made = _converted("# A\n\nx[^1]\n\n[^1]: y", "zh", "footnotes", "toc", toc={"permalink": "true"})
    assert re.findall('title="([^"]*)"', made) == ["本节链接", "回到正文注释 1 处"]
    made = _converted("# A\n\nx[^1]\n\n[^1]: y", "en", "footnotes", "toc", toc={"permalink": "true"})
    assert re.findall('title="([^"]*)"', made) == ["Link to this section", "Back to note 1 in the text"]


def _said(html: str) -> str:
    """What a page says to readers: its text, and what is read out or shown on pointing."""
    body = re.sub("<(script|style)[^>]*>.*?</\\1>", " ", html.partition("<body")[2].partition(">")[2], flags=re.DOTALL)
    spoken = re.findall(' (?:title|aria-label|alt|placeholder|data-(?!gs-)[a-z]+)="([^"]*)"', body)
    return unescape(" ".join([re.sub("<[^>]*>", " ", body), *spoken]))


WORDS = {
    "zh": {"name": "某单位", "place": "广场", "title": "标题", "tag": "甲"},
    "en": {"name": "Some Unit", "place": "Square", "title": "Title", "tag": "one"},
}
FOREIGN = {"zh": re.compile(r"[A-Za-z]{2,}.{0,30}"), "en": re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")}
OWN = re.compile(r"HTML|https?:\S+|www\.unit\.example|film\.mp4|JavaScript|\{number\}")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_mixes_languages(unit: UnitUnderTest, language: str) -> None:
    """Every page says what it says in the site's language; the other one is there only where people wrote it."""
    words, gongshi = WORDS[language], settings()
    name, place, title, tag = words.values()
    gongshi["unit"] = {"name": name, "domain": "www.unit.example", "phone": "1", "hours": place, "address": place}
    for column in gongshi["columns"].values():
        column["title"] = title
    extensions = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables"]
    theme = {"name": "gongshi", "language": language}
    unit.configure(gongshi, site_name=name, theme=theme, markdown_extensions=extensions)
    text = TEXT if language == "zh" else re.sub(HAN, "x", TEXT).replace("，", ", ").replace("。", ".")
    event = {"start": "2026-09-09", "end": "2026-12-30", "place": place, "organizer": name, "contact": name}
    notice = {"from": "2026-11-20", "to": "2026-11-30"}
    document = {"number": "1", "index": "2", "issued": "2026-11-01", "issuer": name, "topic": title, "validity": title}
    entries: dict[str, dict[str, Any]] = {
        "announcements/a.md": {"body": text, "tags": [tag], "expires_at": "2026-11-20", "document": document},
        "announcements/b.md": {"body": "1.", "public_notice": notice, "pinned": True},
        "announcements/c.md": {"body": "1."},
        "activities/d.md": {"body": "1.", "event": event},
    }
    for path, keys in entries.items():
        unit.write(path, title=title, source=name, **keys)
        unit.publish(path, now="2026-11-10T10:00+08:00")
    assert unit.gongshi("withdraw", "docs/announcements/c.md", "--reason", title, "--as", "chief").exit_code == 0
    assert unit.build().exit_code == 0
    pages = sorted(unit.site.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        said = OWN.sub("", _said(page.read_text(encoding="utf-8")))
        assert FOREIGN[language].findall(said) == [], page
