"""Pages saved from sites, from WeChat and from office programs."""

from __future__ import annotations

from datetime import date, datetime

from support.import_documents.own_document import own_document
from support.saved_pages import data_url, picture, plain_page, site_page, wechat_page


@own_document(
    "旧网站.html",
    """
    各单位：
    放假安排如下：〔日历〕
    | 放假 | 10月1日 |
    | 放假 | 10月7日 |
    咨询电话：0500-8820118。
    """,
    title="关于放假的通知",
    source="办公室",
    published=datetime(2025, 9, 28, 10, 0),
    told=("栏目0 栏目1 栏目2 …", "隐藏的话"),
    beside={"旧网站_files/a.png": lambda: picture(kind="PNG")},
)
def old_site() -> bytes:
    """An article of an old site in GB2312, with its picture beside it, a merged cell and hidden text."""
    article = (
        '<div class="TRS_Editor"><p>各单位：</p><p>　　放假安排如下：<img src="旧网站_files/a.png" alt="日历"></p>'
        "<table><tr><td rowspan=2>放假</td><td>10月1日</td></tr><tr><td>10月7日</td></tr></table>"
        '<script>alert(1)</script><p style="display:none">隐藏的话</p><p>咨询电话：0500-8820118。</p></div>'
    )
    head = (
        '<meta name="ArticleTitle" content="关于放假的通知"><meta name="PubDate" content="2025-09-28 10:00">'
        '<meta name="ContentSource" content="办公室">'
    )
    return site_page(article, head, charset="gb2312").encode("gb18030")


@own_document(
    "微信.html",
    """
    11月19日，青禾镇开展消防演练。
    〔演练〕
    演练内容：
    灭火；
    疏散。
    """,
    title="春耕忙",
    source="青禾发布",
    told=("原创青禾发布 阅读原文 微信扫一扫 关注该公众号", "https://mmbiz.qpic.cn/x/640?wx_fmt=png"),
)
def wechat() -> bytes:
    """An article of WeChat, with a picture that is not there and one that the page contains."""
    content = (
        "<section><p><span>11月19日，青禾镇开展<strong>消防演练</strong>。</span></p>"
        '<p><img data-src="https://mmbiz.qpic.cn/x/640?wx_fmt=png"></p>'
        f'<p><img data-src="{data_url(picture())}" alt="演练"></p>'
        "<section>演练内容：<br>灭火；<br>疏散。</section></section>"
    )
    return wechat_page(content).encode()


@own_document(
    "列表.html",
    """
    流程如下：
    3. 申请
      - 身份证
      - 照片
        1. 正面
        2. 反面
    4. 审核
    时限
    5日
    > 依据《条例》
    ## 附则
    面积5m2，重要，旧。
    """,
    title="关于办理流程的通知",
)
def lists() -> bytes:
    """Lists inside lists that do not begin with one, and terms with their explanations."""
    return plain_page(
        "<h1>关于办理流程的通知</h1><p>流程如下：</p><ol start=3><li>申请<ul><li>身份证</li><li>照片<ol><li>正面</li>"
        "<li>反面</li></ol></li></ul></li><li>审核</li></ol><dl><dt>时限</dt><dd>5日</dd></dl><blockquote>依据《条例》</blockquote>"
        "<h2>附则</h2><p>面积5m<sup>2</sup>，<u>重要</u>，<s>旧</s>。</p>"
    ).encode()


@own_document(
    "表格.html",
    """
    caption: 表1 标准
    | 项目 | 2026年 | 2026年 |
    | 项目 | 元 | 次 |
    | 场地 | 1,200.00 | 3 |
    | 合计：3,600.00 | 合计：3,600.00 | 合计：3,600.00 |
    以上。
    """,
    title="关于收费的公示",
)
def tables() -> bytes:
    """Tables with heads, merged cells, a caption, an inner table, and figures."""
    return plain_page(
        "<h1>关于收费的公示</h1><table><caption>表1 标准</caption><thead><tr><th rowspan=2>项目</th><th colspan=2>2026年</th></tr>"
        "<tr><th>元</th><th>次</th></tr></thead><tbody><tr><td>场地</td><td align=right>1,200.00</td><td>3</td></tr>"
        "<tr><td colspan=3>合计：<b>3,600.00</b></td></tr></tbody></table><p>以上。</p>"
    ).encode()


@own_document(
    "另存为网页.htm",
    """
    各村：
    （一）加强值班。
    → 青禾镇人民政府
    → 2026年6月1日
    """,
    title="关于防汛的通知",
    issued=date(2026, 6, 1),
    issuer="青禾镇人民政府",
)
def saved_by_word() -> bytes:
    """A page that Word saved: numbers in spans of its own, blanks that align, comments for old browsers."""
    number = '<span style="mso-list:Ignore">（一）<span style="font:7pt">&nbsp;&nbsp;</span></span>'
    return plain_page(
        "<div class=WordSection1><p class=MsoTitle align=center>关于防汛的通知<o:p></o:p></p>"
        "<p class=MsoNormal>各村：</p>"
        f'<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><![if !supportLists]>{number}<![endif]>加强值班。</p>'
        "<!--[if gte mso 9]><xml><w:WordDocument>CANARY</w:WordDocument></xml><![endif]-->"
        '<p class=MsoNormal align=right style="text-align:right">青禾镇人民政府</p>'
        '<p class=MsoNormal align=right style="text-align:right">2026年6月1日</p></div>',
        '<meta name=Generator content="Microsoft Word 15">',
    ).encode()


@own_document(
    "片段.html",
    """
    第一行
    第二行 & <A级> 元
    第三行
    第四行
    甲 乙
    丙
    见指南和按钮。
    """,
    title="关于网上办理的通知",
)
def fragments() -> bytes:
    """Text without paragraphs, with breaks, entities, lines as they were typed, and links."""
    return plain_page(
        "<h1>关于网上办理的通知</h1>第一行<br>第二行 &amp; &lt;A级&gt; &#20803;<div>第三行<div>第四行</div></div>"
        "<pre>甲  乙\n丙</pre><p>见<a href='https://www.example.com/x'>指南</a>和<a href='javascript:go()'>按钮</a>。</p>"
    ).encode()


@own_document(
    "导出.xls",
    """
    | 姓名 | 金额 |
    | 王某 | 100.50 |
    """,
    title="导出",
)
def exported_table() -> bytes:
    """A table of a web page under the name of a workbook, as systems export it."""
    return plain_page(
        "<table><tr><td>姓名</td><td>金额</td></tr><tr><td>王某</td><td style='mso-number-format:\"0.00\"'>100.50</td></tr></table>"
    ).encode()
