"""Where a source line ends inside a Chinese paragraph, readers see no blank: in pages, descriptions and excerpts."""

from __future__ import annotations

import re
import time

import pytest

from gongshi.site.html.line_ends import join_html_lines, join_text_lines
from support.unit import UnitUnderTest, settings

JOINED = {
    "各村、\n各社区": "各村、各社区",
    "按照通知\n“放假”的\n——安排": "按照通知“放假”的——安排",
    "“甲”\n乙": "“甲”乙",
    "甲\n\t 乙": "甲乙",
    "𠮷\n野家": "𠮷野家",
    "甲\nabc\n乙": "甲\nabc\n乙",
    "one\ntwo": "one\ntwo",
    "“a”\n“b”": "“a”\n“b”",
    "한국\n사람": "한국\n사람",
    "Ａ\n甲": "Ａ\n甲",
    "甲\n\u3000\u3000乙": "甲\n\u3000\u3000乙",
}


@pytest.mark.parametrize(("text", "joined"), JOINED.items())
def test_lines_of_chinese(text: str, joined: str) -> None:
    """Joined where both sides are Chinese; a blank stays beside words of other scripts, and where somebody typed one."""
    assert join_text_lines(text) == joined
    assert join_html_lines(f"<p>{text}</p>\n<p>甲</p>") == f"<p>{joined}</p>\n<p>甲</p>"


@pytest.mark.parametrize(
    ("html", "joined"),
    [
        ("<p>甲\n<strong>乙</strong>\n丙</p>", "<p>甲<strong>乙</strong>丙</p>"),
        ('<p>见\n<a href="x">“通知”</a>\n。</p>', '<p>见<a href="x">“通知”</a>。</p>'),
        ("<p>甲<br>\n乙</p>\n<p>丙</p>\n丁", "<p>甲<br>\n乙</p>\n<p>丙</p>\n丁"),
        ("甲\n乙<pre><code>甲\n乙</code></pre>甲\n乙", "甲乙<pre><code>甲\n乙</code></pre>甲乙"),
        ("<li>甲\n<ul><li>乙</li>\n</ul>\n</li>", "<li>甲\n<ul><li>乙</li>\n</ul>\n</li>"),
    ],
)
def test_tags_at_the_end_of_a_line(html: str, joined: str) -> None:
    """Emphasis and links do not matter; blocks, line breaks and preformatted text stay."""
    assert join_html_lines(html) == joined


@pytest.mark.parametrize("part", ["\n", "甲\n", " \n", "<b>", "</b>", "\n<b>", "<pre", "\n甲</b>", "甲\n<b"])
def test_linear_time(part: str) -> None:
    """Whatever is repeated."""
    start = time.process_time()
    join_html_lines("甲" + part * 100_000)
    assert time.process_time() - start < 5


def test_a_published_page(unit: UnitUnderTest) -> None:
    """Lines stay apart in text and description; joined, if mkdocs.yml says so, no blank stands where one ended."""
    unit.write("announcements/a.md", body="各村、\n各社区按照\n**通知**\n放假。\n\n第二段with\nwords")
    unit.publish("announcements/a.md")
    for lines, shown, described in (
        ("keep", "<p>各村、<br>各社区按照<br><strong>通知</strong><br>放假。</p>", "各村、各社区按照 通知 放假。"),
        ("join", "<p>各村、各社区按照<strong>通知</strong>放假。</p>", "各村、各社区按照通知放假。"),
    ):
        unit.configure({**settings(), "text": {"lines": lines}})
        assert unit.build().exit_code == 0
        page = (unit.site / "announcements/a/index.html").read_text(encoding="utf-8")
        assert shown in re.sub(r"<br ?/?>\n?", "<br>", page)
        found = re.findall(r'<meta name="description" content="([^"]*)"', page, re.IGNORECASE)
        assert found == [described + "第二段with words"]
