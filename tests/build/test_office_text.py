"""A text as office staff type it, from the manuscript to the page."""

from __future__ import annotations

import re

from support.unit import UnitUnderTest

ENTRY = "announcements/a.md"
BODY = """\
<p align=right>青禾〔2026〕3号</p>

## 一、办理时限

请张三 138****1234、王**，赵**按[时限](#办理时限)办理，见[第一条](#一、办理时限)[^1]。

1. 取号

说明

2. 交表
  - 身份证

    各村（社区）：

| 项目 | 金额 |
| 水费 | 3元 | 每吨 |

<img data-src="https://mmbiz.example/a" alt="大门">

![](data:image/png;base64,iVBORw0KGgo=)

红字
{: style="color: red" }

附表
{: .gs-center }

　　　　　　　　　　青禾镇人民政府
　　　　　　　　　　2026年11月26日

[^1]: 见《办法》。
"""


def test_a_text_of_an_office_reaches_its_page_as_typed(unit: UnitUnderTest) -> None:
    unit.write(ENTRY, body=BODY)
    advice = unit.gongshi("check", f"docs/{ENTRY}").output
    unit.publish(ENTRY)
    assert unit.build().exit_code == 0
    page = (unit.site / "announcements/a/index.html").read_text(encoding="utf-8")
    text = re.sub(r"<br ?/?>\n?", "<br>", page.split('class="gs-text"')[1])
    for shown in (
        '<p class="gs-right">青禾〔2026〕3号</p>',
        '<h2 id="一办理时限">一、办理时限</h2>',
        "138****1234、王**，赵**按",
        '<a href="#一办理时限">第一条</a>',
        '<ol start="2">',
        "<p>各村（社区）：</p>",
        "<td>每吨</td>",
        '<p class="gs-center">附表</p>',
        "<p>[^1]: 见《办法》。</p>",
        '<p class="signoff">青禾镇人民政府<br>2026年11月26日</p>',
    ):
        assert shown in text, shown
    for told in (
        "the link #办理时限 leads to no heading of this text; write #一办理时限",
        "a picture is missing on the page: https://mmbiz.example/a",
        "a picture is missing on the page: data:image/png;base64,iVBORw0KGgo=",
        "a style was removed: color: red",
    ):
        assert told in advice, advice
