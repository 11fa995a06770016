"""Editors and approvers are told, with line and both versions, where the page says something else than the text."""

from __future__ import annotations

import pytest

from support.unit import UnitUnderTest, settings

ENTRY = "announcements/a.md"
LOST = "第一段。\n\n<![CDATA[限额 500 元]]>\n\n第二段。"
"""A text of which Markdown drops a part in silence."""
FRAGMENT = "typed: “<![CDATA[限额 500 元]]>”; on the page: “第一段。 第二段。"
KEPT = "\n\n".join(
    [
        "# 标题", "[TOC]", "1. 第一条 5元\n   - 甲 138****1234\n2. 第二条", "见注[^1]，WTO。", "[^1]: 注 6",
        "*[WTO]: 世界贸易组织", '!!! note\n    正文 7\n\n!!! warning "注意 3"\n    乙', "- [x] 完成\n- [ ] 未完成",
        '<div markdown="1">\n**甲** 8\n</div>', "名词\n:   说明", "| 水费 | 3元 |\n| 电费 | 5元 | 多 |",
        '<table class="x"><tr><td colspan="2">9&nbsp;元</td></tr></table>', "<details><summary>题</summary>文</details>",
        "甲<!-- 注 -->乙<br>丙 &lt;5&gt; &yen;3", "<ruby>青<rp>(</rp><rt>qing</rt><rp>)</rp></ruby>禾",
        "## 二 {#er}", '见 <https://www.qinghe.example/5> 和 [甲](https://other.example/x "题")。', "若a<b则c>d {500元}",
        '<ol start="3">\n<li>甲</li>\n</ol>',
    ]
)  # fmt: skip


def told(unit: UnitUnderTest, *arguments: str) -> list[str]:
    """The advice of `check` on the texts."""
    lines = unit.gongshi("check", *arguments).output.splitlines()
    return [line for line in lines if line.endswith("[advice]") and ("the page" in line or "is shown" in line)]


def test_check_tells_what_the_page_would_not_say(unit: UnitUnderTest) -> None:
    """With the line of the file; as advice, so that an unusual text can still be published."""
    unit.write(ENTRY, body=LOST)
    [line] = told(unit)
    number = (unit.docs / ENTRY).read_text(encoding="utf-8").split("\n").index("<![CDATA[限额 500 元]]>") + 1
    assert line.startswith(f"docs/{ENTRY}:{number}: the page does not say what was typed here; {FRAGMENT}")
    assert unit.gongshi("check").exit_code == 0


def test_what_is_public_already_is_compared_on_request_only(unit: UnitUnderTest) -> None:
    unit.write(ENTRY, body=LOST)
    unit.publish(ENTRY)
    assert told(unit) == []
    assert len(told(unit, "--all")) == len(told(unit, f"docs/{ENTRY}")) == 1


@pytest.mark.parametrize("act", ["submit", "approve"])
def test_submit_and_approve_tell_it_too(unit: UnitUnderTest, act: str) -> None:
    unit.write(ENTRY, body=LOST + "\n\n- 5℃以下")
    if act == "approve":
        unit.submit(ENTRY)
    person = {"submit": "clerk", "approve": "head"}[act]
    result = unit.gongshi(act, f"docs/{ENTRY}", "--as", person)
    assert result.exit_code == 0
    assert FRAGMENT in result.output
    assert "“- 5℃以下” is shown as an item of a list, without its sign" in result.output
    unit.write("announcements/b.md", body=LOST)
    problems = unit.gongshi("submit", "docs/announcements/b.md", "--as", "clerk", "--json").json()["results"][0][
        "problems"
    ]
    assert [problem["advice"] for problem in problems] == [True]
    assert FRAGMENT in problems[0]["message"]


def test_ordinary_constructs_raise_no_alarm(unit: UnitUnderTest) -> None:
    extensions = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"]
    unit.configure(settings(), markdown_extensions=extensions)
    unit.write(ENTRY, body=KEPT)
    assert told(unit) == []
    result = unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert result.exit_code == 0
    assert "[advice]" not in result.output


def test_what_was_removed_is_told_once(unit: UnitUnderTest) -> None:
    """Scripts, drawings and links to what is not public are told as such only."""
    unit.write("announcements/draft.md", body="Draft.")
    body = (
        '甲<svg><text>5</text></svg>\n\n<script>alert(5)</script>\n\n[docs 5](draft.md) <a href="draft.md">draft.md</a>'
    )
    unit.write(ENTRY, body=body)
    lines = unit.gongshi("check", f"docs/{ENTRY}").output.splitlines()
    assert not [line for line in lines if "typed:" in line]
    assert sum("a drawing was removed" in line for line in lines) == 1
    assert sum("leads to what is not public" in line for line in lines) == 1
