"""The article of a page: found among the furniture of its site, with title, date, source and record table."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import html

from gongshi.importing.document import UnreadableFileError
from support.saved_pages import PARAGRAPHS, TITLE, findings_of, letters, plain_page, read_page, site_page, wechat_page

CONTENT = f"{PARAGRAPHS}<p style='text-align:right'>青禾镇人民政府</p>"
FURNITURE = ("栏目3", "通知公告第5号", "主办单位", "当前位置")


@pytest.mark.parametrize(
    "article",
    [
        f'<h1>{TITLE}</h1><div class="TRS_Editor"><div class="TRS_Editor">{CONTENT}</div></div>',
        f'<h1>{TITLE}</h1><div id="UCAP-CONTENT">{CONTENT}</div>',
        f'<h1>{TITLE}</h1><div id="zoom"><div class="x">{CONTENT}</div></div>',
        f'<h1>{TITLE}</h1><div id="vsb_content_501"><div class="v_news_content">{CONTENT}</div></div>',
        f'<h1>{TITLE}</h1><div class="article-content">{CONTENT}</div>',
        f'<h1>{TITLE}</h1><div class="wp_articlecontent">{CONTENT}</div>',
        f"<article><h1>{TITLE}</h1>{CONTENT}</article>",
        f"<main><h1>{TITLE}</h1>{CONTENT}</main>",
        f'<div itemscope><h1 itemprop="headline">{TITLE}</h1><div itemprop="articleBody">{CONTENT}</div></div>',
        f'<div class="a1"><h2>{TITLE}</h2><div class="b2">{CONTENT}</div></div>',
        f"<table><tr><td align=center>{TITLE}</td></tr><tr><td>{CONTENT}</td></tr></table>",
        f"<table><tr><td align=center>{TITLE}</td></tr><tr><td>"
        f"{CONTENT.replace('<p>', '').replace('</p>', '<br>')}</td></tr></table>",
    ],
    ids=["trs", "ucap", "zoom", "vsb", "class", "sudy", "article", "main", "microdata", "dense", "table", "breaks"],
)
def test_the_article_is_found(article: str, tmp_path: Path) -> None:
    """Its text is the entry's, its heading is the title, and what is around it is told."""
    document = read_page(tmp_path, site_page(article))
    assert document.html.count("各村要高度重视") == 3
    assert "青禾镇人民政府" in document.html
    assert document.fields.title == TITLE
    assert TITLE not in document.html
    assert [word for word in FURNITURE if word in document.html] == []
    assert [word for word in FURNITURE if word not in findings_of(document)] == []


def test_the_container_of_a_known_system_is_trusted(tmp_path: Path) -> None:
    """Texts beside it that are no links, such as summaries of other articles, are not the article's."""
    summary = "<p>另一篇文章的摘要，讲的是去年的秋收工作，各村都取得了很好的成绩。</p>"
    document = read_page(
        tmp_path, site_page(f'<div><div class="v_news_content">{CONTENT}</div><div>{summary * 2}</div></div>')
    )
    assert "秋收" not in document.html
    assert findings_of(document).count("秋收") == 2


def test_nothing_is_left_out_of_a_page_without_furniture(tmp_path: Path) -> None:
    """Text, lists and tables side by side are all taken."""
    document = read_page(
        tmp_path, plain_page(f"<p>短。</p>{CONTENT}<ul><li>甲</ul><table border=1><tr><td>乙<td>丙</table><p>末</p>")
    )
    assert [word for word in ("短。", "甲", "乙", "末") if word not in document.html] == []
    assert document.findings == ()


def test_a_short_article(tmp_path: Path) -> None:
    """One sentence among menus and lists is found."""
    document = read_page(tmp_path, site_page(f"<h1>{TITLE}</h1><div class=c><p>明天放假。</p></div>"))
    assert letters(document.visible_text) == f"{TITLE}明天放假。"


def test_an_article_of_wechat(tmp_path: Path) -> None:
    """Hidden by WeChat's own style, it is taken with its title, account and time; the buttons below it are not."""
    content = """<section style="font-size:0px"><section><p style="text-align:center"><span style="font-size:16px">春风</span>
<strong><span style="font-size: 16px">吹绿</span></strong></p></section></section><section><span leaf="">今天，\u200b大家</span><span
leaf="">都在田里。</span></section><section><br></section><section><svg viewBox="0 0 1 1"></svg></section>"""
    document = read_page(tmp_path, wechat_page(content, 'var ct = "1683340800"; var x = 1;'))
    assert document.html.strip() == '<p class="center">春风<strong>吹绿</strong></p>\n<p>今天，大家都在田里。</p>'
    assert (document.fields.title, document.fields.source) == ("春耕忙", "青禾发布")
    assert document.fields.published == datetime(2023, 5, 6, 10, 40)
    assert "阅读原文" in findings_of(document)


def test_an_older_article_of_wechat(tmp_path: Path) -> None:
    """The account and the date had other ids."""
    page = wechat_page(PARAGRAPHS).replace('id="js_name"', 'id="post-user"')
    page = page.replace('id="publish_time"></em>', 'id="post-date">2018年7月11日 23:46</em>')
    fields = read_page(tmp_path, page).fields
    assert (fields.source, fields.published) == ("青禾发布", datetime(2018, 7, 11, 23, 46))


def test_players_and_drawings_of_wechat_are_told(tmp_path: Path) -> None:
    """A film, and words in a drawing that is run by touch."""
    content = f"""{PARAGRAPHS}<iframe class="video_iframe" data-src="https://v.qq.com/x.html?vid=1"></iframe>
<svg><text>点击</text><foreignObject><p>展开的字</p></foreignObject></svg>
<section style="background-image:url('https://mmbiz.qpic.cn/b/640');">花</section>"""
    told = findings_of(read_page(tmp_path, wechat_page(content)))
    assert "https://v.qq.com/x.html?vid=1" in told
    assert "点击展开的字" in letters(told)
    assert "https://mmbiz.qpic.cn/b/640" in told


def test_the_metas_of_government_sites(tmp_path: Path) -> None:
    """`ArticleTitle`, `PubDate` and `ContentSource`."""
    head = (
        '<meta name="ArticleTitle" content="关于春耕的通知"><meta name="PubDate" content="2023-05-06 10:20">'
        '<meta name="ContentSource" content="县农业农村局">'
    )
    fields = read_page(tmp_path, site_page(f'<div class="TRS_Editor">{CONTENT}</div>', head)).fields
    assert (fields.title, fields.source, fields.published) == (
        "关于春耕的通知",
        "县农业农村局",
        datetime(2023, 5, 6, 10, 20),
    )


@pytest.mark.parametrize(
    ("line", "published", "source"),
    [
        (
            "发布时间：2023-05-06 10:20　来源：县农业局　浏览次数：12次 字体：[大 中 小]",
            datetime(2023, 5, 6, 10, 20),
            "县农业局",
        ),
        ("日期：2023/5/6  作者：张三  阅读：56", date(2023, 5, 6), None),
        ("【发布日期：2023年5月6日】【来源：县农业局】【打印】【关闭】", date(2023, 5, 6), "县农业局"),
        (
            "日期： 2023-05-06 &nbsp; &nbsp;信息来源： 县农业局\n   &nbsp;点击数:\n   <script>x()</script><span>2528</span>",
            date(2023, 5, 6),
            "县农业局",
        ),
        ("来源：本站 | 更新时间：2023.05.06 | 点击数：3", date(2023, 5, 6), None),
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_the_line_of_date_and_source(
    line: str, published: date, source: str | None, inside: bool, tmp_path: Path
) -> None:
    """It becomes values of the entry and is told, whether it stands in the container of the article or above it."""
    spans = f'<div class="info"><span>{line}</span></div>'
    article = f"<h1>{TITLE}</h1>" + (
        f'<div id="zoom">{spans}{CONTENT}</div>' if inside else f'{spans}<div id="zoom">{CONTENT}</div>'
    )
    document = read_page(tmp_path, site_page(article))
    assert (document.fields.published, document.fields.source) == (published, source)
    assert line[:4] not in document.html
    assert letters(html.fromstring(f"<p>{line.replace('<script>x()</script>', '')}").text_content()) in letters(
        findings_of(document)
    )


RECORDS = {
    "table": "<table><tr><td>索 引 号：</td><td>A/2023-12</td><td>发布机构：</td><td>青禾镇人民政府</td></tr><tr><td>发文字号</td>"
    "<td>青政发〔2023〕5号</td><td>成文日期：</td><td>2023年5月5日</td></tr><tr><td>有效性</td><td colspan=3>有效</td></tr></table>",
    "list": "<ul><li><b>索引号：</b>A/2023-12</li><li><b>发文机关：</b>青禾镇人民政府</li><li><b>文　　号：</b>青政发〔2023〕5号</li>"
    "<li><b>生成日期：</b>2023-05-05</li><li><b>主题分类：</b></li></ul>",
    "boxes": "<div><div><span>索引号:</span><span>A/2023-12</span></div><div>发布机构:青禾镇人民政府</div>"
    "<div>文号:青政发〔2023〕5号</div><div>发文日期:2023/5/5</div></div>",
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize("inside", [True, False])
def test_the_record_table(record: str, inside: bool, tmp_path: Path) -> None:
    """It becomes values of the entry, is not in the text, and is told with all its words."""
    content = f'<div id="zoom">{record if inside else ""}{CONTENT}</div>'
    document = read_page(tmp_path, site_page(f"{'' if inside else record}<h1>{TITLE}</h1>{content}"))
    fields = document.fields
    assert (fields.index, fields.number) == ("A/2023-12", "青政发〔2023〕5号")
    assert (fields.issuer, fields.issued) == ("青禾镇人民政府", date(2023, 5, 5))
    assert "A/2023-12" not in document.html
    assert "A/2023-12" in findings_of(document)


def test_a_table_of_the_text_is_no_record_table(tmp_path: Path) -> None:
    """A few of the words in a table with other data leave it where it is."""
    table = (
        "<table border=1><tr><th>文号<th>名称<th>日期</tr>" + "<tr><td>一号<td>办法<td>2023-1-1</tr>" * 5 + "</table>"
    )
    document = read_page(tmp_path, plain_page(CONTENT + table))
    assert document.html.count("办法") == 5
    assert document.fields.number is None


def test_what_looks_like_a_date_of_the_site_in_a_text_stays(tmp_path: Path) -> None:
    """Time and place of an event at the beginning."""
    document = read_page(tmp_path, plain_page(f"<p>时间：2023年5月6日</p><p>地点：文化站</p>{CONTENT}"))
    assert "<p>时间：2023年5月6日</p>" in document.html


def test_the_name_of_a_window_is_no_title_unless_the_page_shows_it(tmp_path: Path) -> None:
    """Old sites write the column or the unit there."""
    page = plain_page(f"<p align=center><b>我镇召开会议</b></p>{CONTENT}", "<title>工作动态</title>")
    assert read_page(tmp_path, page).fields.title is None


def test_a_page_without_text(tmp_path: Path) -> None:
    """A page whose text a script loads, one of frames without their files, and nothing at all."""
    for number, page in enumerate(
        ('<div id="app"></div><script>load()</script>', '<frameset><frame src="gone.htm"></frameset>', "<!-- x")
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(UnreadableFileError, match=r"no text|frames"):
            read_page(folder, plain_page(page) if number == 0 else f"<html>{page}")


def test_a_site_of_wordpress_is_no_page_of_word(tmp_path: Path) -> None:
    """Nor does a text that was pasted from Word make its page one."""
    head = '<meta name="generator" content="WordPress 6.0">'
    content = f'<div class="entry-content"><meta name=Generator content="Microsoft Word 11">{CONTENT}</div>'
    document = read_page(tmp_path, site_page(content, head))
    assert "栏目3" not in document.html


def test_a_list_of_links_is_told(tmp_path: Path) -> None:
    """A page that is a list is taken as it is, with a hint."""
    assert "perhaps this page is a list" in findings_of(read_page(tmp_path, site_page("")))
