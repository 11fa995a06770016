"""Word documents with parts that are no plain text: notes, lists of all kinds, drawings, fields."""

from __future__ import annotations

from datetime import date

from support import word_parts
from support.import_documents.own_document import own_document
from support.word_documents import (
    aligned,
    cell,
    level,
    note,
    numbered,
    numbering,
    paragraph,
    row,
    run,
    style,
    styled,
    table,
    word_document,
)
from support.word_parts import field, floating, image, inline, p, part, pic, r, text_box, word_file


@own_document(
    "脚注和尾注.docx",
    """
    本地户籍[1]的居民[2]可以申请。
    | 项目 | 金额 |
    | 补助[3] | 500 |
    [1] 指户口在本镇。
    [2] 包括集体户。
    [3] 按月发放。
    """,
    title="关于户籍的通知",
    told=("",),
)
def notes() -> bytes:
    """Footnotes and an endnote, one of them in a table."""
    foot = '<w:r><w:footnoteReference w:id="{}"/></w:r>'.format
    end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    body = (
        aligned("center", "关于户籍的通知"),
        paragraph("本地户籍", foot(2), "的居民", end, "可以申请。"),
        table(row("项目", "金额"), row(cell(paragraph("补助", foot(3))), "500")),
    )
    endnote = note(2, "包括集体户。").replace("footnote", "endnote")
    return word_document(*body, footnotes=note(2, "指户口在本镇。") + note(3, "按月发放。"), endnotes=endnote)


@own_document(
    "多级编号.docx",
    """
    1 总体
    1.1 目的
    1.1.1 安全
    1.1.2 卫生
    1.2 范围
    2 要求
    2.1 人员
    5 附录
    """,
    title="关于操作规程的通知",
)
def decimal_levels() -> bytes:
    """Decimal numbers on three levels, one of which begins anew by an override."""
    levels = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "decimal", "%1.%2.%3")]
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = (
        aligned("center", "关于操作规程的通知"),
        *(numbered(1, 0, "总体"), numbered(1, 1, "目的"), numbered(1, 2, "安全"), numbered(1, 2, "卫生")),
        *(numbered(1, 1, "范围"), numbered(1, 0, "要求"), numbered(1, 1, "人员"), numbered(2, 0, "附录")),
    )
    return word_document(*body, numbering=numbering(levels, instances={1: (0, ""), 2: (0, again)}))


@own_document(
    "天干编号.docx",
    """
    丙、第ideographTraditional类
    丁、第ideographTraditional类
    C、第upperLetter类
    D、第upperLetter类
    iii、第lowerRoman类
    iv、第lowerRoman类
    叁、第chineseLegalSimplified类
    肆、第chineseLegalSimplified类
    """,
    title="关于分类的通知",
)
def ideographic_numbers() -> bytes:
    """Numbers as characters, letters and Roman ones, with a start that is not 1."""
    kinds = ("ideographTraditional", "upperLetter", "lowerRoman", "chineseLegalSimplified")
    body = [aligned("center", "关于分类的通知")]
    body += [numbered(number, 0, f"第{kind}类") for number, kind in enumerate(kinds, 1) for _time in range(2)]
    levels = [[level(0, kind, "%1、", start=3)] for kind in kinds]
    return word_document(*body, numbering=numbering(*levels))


@own_document(
    "项目符号.docx",
    """
    流程如下：
    - 申请材料
      1. 身份证
        - 正面
        - 反面
      2. 户口簿
    - 办理地点
    """,
    title="关于办理流程的通知",
)
def bullets() -> bytes:
    """Bullets on two levels, with a decimal list inside."""
    levels = [level(0, "bullet", "\uf0b7"), level(1, "decimal", "%2."), level(2, "bullet", "○")]
    items = ((0, "申请材料"), (1, "身份证"), (2, "正面"), (2, "反面"), (1, "户口簿"), (0, "办理地点"))
    body = (
        paragraph("关于办理流程的通知"),
        paragraph("流程如下："),
        *(numbered(1, depth, text) for depth, text in items),
    )
    return word_document(*body, numbering=numbering(levels))


@own_document(
    "勾选.docx",
    """
    ☒同意 ☐不同意
    已办☑，方式：窗口
    """,
    title="征求意见表",
)
def boxes() -> bytes:
    """Boxes of content controls and of symbol fonts, and a drop-down list."""
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    ticked = '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
    body = (
        aligned("center", "征求意见表"),
        paragraph(control("<w14:checkbox/>", run("☒")), "同意　", control("<w14:checkbox/>", run("☐")), "不同意"),
        paragraph("已办", ticked, "，方式：", control("<w:dropDownList/>", run("窗口"))),
    )
    return word_document(*body)


@own_document(
    "域.docx",
    """
    见表3，共12页。
    caption: 表3 投资计划
    | 项目 | 万元 |
    | 道路 | 12.5 |
    网址：规划全文
    """,
    title="关于印发规划的通知",
    told=("第一章 总则\t1",),
)
def fields() -> bytes:
    """Fields: a table of contents, a cross-reference, a number, a page number, and a link by its field."""
    body = "".join(
        (
            p("关于印发规划的通知"),
            p(field('TOC \\o "1-2"', "第一章 总则\t1")),
            p("见", field("REF _Ref1 \\h", "表3"), "，共", field("NUMPAGES", "12"), "页。"),
            p("表", field("SEQ 表 \\* ARABIC", "3"), " 投资计划"),
            word_parts.table("项目|万元", "道路|12.5"),
            p("网址：", field('HYPERLINK "https://www.example.com/plan"', "规划全文")),
        )
    )
    return word_file(body)


@own_document(
    "拼音.docx",
    """
    青（qīng）禾镇重点，见①。
    """,
    title="关于地名的公告",
    told=("青（qīng）", "①", "重点"),
)
def ruby() -> bytes:
    """Phonetic guides, emphasis marks, and characters in a ring."""
    guide = f"<w:r><w:ruby><w:rubyPr/><w:rt>{r('qīng')}</w:rt><w:rubyBase>{r('青')}</w:rubyBase></w:ruby></w:r>"
    ring = field("eq \\o\\ac(○,1)", "")
    body = p("关于地名的公告") + p(guide, "禾镇", r("重点", '<w:em w:val="dot"/>'), "，见", ring, "。")
    return word_file(body)


@own_document(
    "文本框.docx",
    """
    热线已经开通。
    咨询电话：
    0500-8820118
    也可以关注公众号。〔〕
    扫码关注
    特此通知。
    """,
    title="关于开通热线的通知",
    told=("咨询电话：\n0500-8820118", "扫码关注"),
)
def text_boxes() -> bytes:
    """A text box and a group of text and picture, both floating."""
    box = floating(text_box(p("咨询电话："), p("0500-8820118")))
    group = floating(f"<wpg:wgp>{text_box(p('扫码关注'))}{pic()}</wpg:wgp>")
    body = p("关于开通热线的通知") + p("热线已经开通。", box) + p("也可以关注公众号。", group) + p("特此通知。")
    return word_file(body, {"media/a.png": image()}, {"pic": ("image", "media/a.png")})


@own_document(
    "图片和图题.docx",
    """
    〔大门的照片〕
    caption: 图1 大门
    本中心已经搬迁。〔公示栏〕
    特此公告。
    """,
    title="关于搬迁的公告",
)
def captions() -> bytes:
    """A picture with a description and a caption, and one that floats between two paragraphs."""
    first = inline(pic(), named='descr="大门的照片"')
    second = floating(pic("other"), named='descr="公示栏"')
    body = p("关于搬迁的公告") + p(first) + p("图1　大门") + p("本中心已经搬迁。", second) + p("特此公告。")
    parts: dict[str, str | bytes] = {"media/a.png": image(), "media/b.png": image("green")}
    return word_file(body, parts, {"pic": ("image", "media/a.png"), "other": ("image", "media/b.png")})


@own_document(
    "续表.docx",
    """
    | 收费项目（2026年） | 收费项目（2026年） | 收费项目（2026年） |
    | 项目 | 标准 | 依据 |
    | 场地费 | 50元/次 | 1. 条例/2. 办法 |
    | 免费 |  | • 学生/• 老人 |
    减免办法：
    | 对象 | 比例 |
    | 低保户 | 100% |
    """,
    title="关于收费项目的公示",
)
def tables_in_a_row() -> bytes:
    """Two tables with a line between them, a row of a title in the first, and lists in cells."""
    levels = numbering([level(0, "decimal", "%1.")], [level(0, "bullet", "\uf0b7")])
    whole = '<w:gridSpan w:val="3"/>'
    body = (
        paragraph("关于收费项目的公示"),
        table(
            row(cell("收费项目（2026年）", properties=whole)),
            row("项目", "标准", "依据"),
            row("场地费", "50元/次", cell(numbered(1, 0, "条例"), numbered(1, 0, "办法"))),
            row("免费", "", cell(numbered(2, 0, "学生"), numbered(2, 0, "老人"))),
        ),
        paragraph("减免办法："),
        table(row("对象", "比例"), row("低保户", "100%")),
    )
    return word_document(*body, numbering=levels)


@own_document(
    "标题样式.docx",
    """
    ## 总则
    ### 目的
    为了安全。
    ### 范围
    #### 镇区
    全镇。
    | 表头 |
    | 内容 |
    ## 附则
    自印发之日起施行。
    """,
    title="青禾镇防汛预案（2026年修订）",
)
def heading_styles() -> bytes:
    """Headings of three levels, a title and a subtitle, and a heading inside a table."""
    names = ("Title", "Subtitle", "heading 1", "heading 2", "heading 3")
    styles = "".join(style(name) for name in names)
    body = (
        styled("Title", "青禾镇防汛预案"),
        styled("Subtitle", "（2026年修订）"),
        styled("heading1", "总则"),
        styled("heading2", "目的"),
        paragraph("为了安全。"),
        styled("heading2", "范围"),
        styled("heading3", "镇区"),
        paragraph("全镇。"),
        table(row(cell(styled("heading1", "表头"))), row("内容")),
        styled("heading1", "附则"),
        paragraph("自印发之日起施行。"),
    )
    return word_document(*body, styles=styles)


@own_document(
    "红头在表格.docx",
    """
    各年级、各处室：
    寒假从2027年1月18日开始。
    附件：寒假安全提示
    → 青禾镇中心小学
    → 2026年12月28日
    抄送：镇教育中心。
    ## 附件
    ### 寒假安全提示
    1. 防火。
    2. 防溺水。
    """,
    title="关于2026年寒假放假安排的通知",
    number="青小〔2026〕3号",
    issued=date(2026, 12, 28),
    issuer="青禾镇中心小学",
    told=("签发人：王强", "青禾镇中心小学文件"),
)
def head_in_table() -> bytes:
    """A red head whose number and date stand in a table without lines, and 主送 and 抄送."""
    red = '<w:color w:val="FF0000"/><w:sz w:val="72"/>'
    body = (
        aligned("center", "青禾镇中心小学文件", looks=red),
        table(row("青小〔2026〕3号", "签发人：王强")),
        aligned("center", "关于2026年寒假放假安排的通知", looks='<w:sz w:val="44"/>'),
        paragraph("各年级、各处室："),
        paragraph("寒假从2027年1月18日开始。"),
        paragraph("附件：寒假安全提示"),
        aligned("right", "青禾镇中心小学"),
        aligned("right", "2026年12月28日"),
        paragraph("抄送：镇教育中心。"),
        paragraph("附件"),
        aligned("center", "寒假安全提示"),
        paragraph("1. 防火。"),
        paragraph("2. 防溺水。"),
    )
    return word_document(*body)


@own_document(
    "隐藏行.docx",
    """
    公开部分。
    | 姓名 | 金额 |
    | 王某 | 100 |
    |  | 200 |
    """,
    title="关于名单的通知",
    told=("内部意见", "李某", "白色字"),
)
def hidden_by_style() -> bytes:
    """Text that a style hides, white text, and a row whose paragraph marks are hidden."""
    hidden = style("secret", kind="paragraph", content="<w:rPr><w:vanish/></w:rPr>")
    body = (
        paragraph("关于名单的通知"),
        styled("secret", "内部意见"),
        paragraph("公开部分", run("白色字", '<w:color w:val="FFFFFF"/>'), "。"),
        table(row("姓名", "金额"), row("王某", "100"), row(cell(paragraph(run("李某", "<w:vanish/>"))), "200")),
    )
    return word_document(*body, styles=hidden)


@own_document(
    "图表.docx",
    """
    申请
    审核
    |  | 户数 |
    | 2025年 | 12 |
    | 2026年 | 15 |
    特此公示。
    """,
    title="关于办理情况的公示",
    told=("申请\n审核", "户数\n2025年\n12\n2026年\n15"),
)
def diagram() -> bytes:
    """A diagram of a process, whose texts stand in a part of their own, and a chart."""
    point = '<dgm:pt modelId="{0}"><dgm:t><a:bodyPr/><a:p><a:r><a:t>{1}</a:t></a:r></a:p></dgm:t></dgm:pt>'.format
    data = (
        f"<dgm:dataModel {word_parts.NAMES}><dgm:ptLst>{point(1, '申请')}{point(2, '审核')}</dgm:ptLst></dgm:dataModel>"
    )
    values = "".join(f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>' for place, value in enumerate((12, 15)))
    names = "".join(f'<c:pt idx="{place}"><c:v>{value}年</c:v></c:pt>' for place, value in enumerate((2025, 2026)))
    chart = (
        f"<c:chartSpace {word_parts.NAMES}><c:chart><c:plotArea><c:barChart><c:ser><c:idx val='0'/>"
        f"<c:tx><c:v>户数</c:v></c:tx><c:cat><c:strRef><c:strCache>{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:numCache>{values}</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>"
        "</c:chartSpace>"
    )
    body = (
        p("关于办理情况的公示")
        + p(inline('<dgm:relIds r:dm="dm"/>', uri="diagram"))
        + p(inline('<c:chart r:id="chart"/>', uri="chart"))
        + p("特此公示。")
    )
    parts: dict[str, str | bytes] = {"diagrams/data1.xml": data, "charts/chart1.xml": chart}
    return word_file(
        body, parts, {"dm": ("diagramData", "diagrams/data1.xml"), "chart": ("chart", "charts/chart1.xml")}
    )


@own_document(
    "批注和页脚.docx",
    """
    检查时间另定。
    """,
    title="关于检查的通知",
    told=("时间定了没有？", "第3稿"),
)
def margins_and_comments() -> bytes:
    """Headers of the first and of even pages, and a comment, in parts of their own."""
    mark = '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    body = p("关于检查的通知") + p(mark.format(r("检查时间另定。"))) + "<w:sectPr/>"
    comment = f'<w:comment w:id="0" w:author="王主任">{p("时间定了没有？")}</w:comment>'
    return word_file(body, {"comments.xml": part("comments", comment), "header1.xml": part("hdr", p("第3稿"))})
