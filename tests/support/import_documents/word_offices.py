"""Word documents in raw XML, as Chinese offices write them."""

from __future__ import annotations

from datetime import date

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

TEXT = (
    "为深入贯彻落实上级部署，切实做好今年的有关工作，确保人民群众生命财产安全，现将有关事项通知如下，请认真抓好落实。"
)
FANG = '<w:rFonts w:eastAsia="仿宋_GB2312"/><w:sz w:val="32"/>'
HEI = '<w:rFonts w:eastAsia="黑体"/><w:sz w:val="32"/>'
KAI = '<w:rFonts w:eastAsia="楷体_GB2312"/><w:sz w:val="32"/>'
TITLE = '<w:rFonts w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/>'
LINE = '<w:u w:val="single"/>'


@own_document(
    "notice.docx",
    f"""
    各村（社区），镇直各部门：
    {TEXT}
    ## 一、总体要求
    {TEXT}
    ## 二、工作安排
    ### （一）加强领导。
    1. 明确分工。{TEXT}
    （1）每日巡查两次。
    附件：1. 值班表
    2. 承诺书
    → 青禾镇人民政府
    → 2026年11月26日
    抄送：县政府办公室。
    青禾镇党政办公室 2026年11月26日印发
    """,
    title="青禾镇人民政府关于做好2026年森林防火工作的通知",
    number="青政发〔2026〕12号",
    issued=date(2026, 11, 26),
    issuer="青禾镇人民政府",
    told=("青禾镇人民政府文件",),
)
def notice() -> bytes:
    """A notice with a red head, over numbers typed by hand, with attachments, signature and copies."""
    body = (
        aligned("center", "青禾镇人民政府文件", looks='<w:color w:val="FF0000"/><w:sz w:val="90"/>'),
        aligned("center", "青政发〔2026〕12号", looks=FANG),
        aligned("center", "青禾镇人民政府关于", looks=TITLE),
        aligned("center", "做好2026年森林防火工作的通知", looks=TITLE),
        paragraph("各村（社区），镇直各部门：", looks=FANG),
        paragraph(TEXT, looks=FANG),
        paragraph("一、总体要求", looks=HEI),
        paragraph(TEXT, looks=FANG),
        paragraph("二、工作安排", looks=HEI),
        paragraph("（一）加强领导。", looks=KAI),
        paragraph(run("1. 明确分工。", FANG + "<w:b/>"), run(TEXT, FANG)),
        paragraph("（1）每日巡查两次。", looks=FANG),
        paragraph("附件：1. 值班表", looks=FANG),
        paragraph("　　　2. 承诺书", looks=FANG),
        paragraph("青禾镇人民政府", properties='<w:ind w:firstLine="5120"/>', looks=FANG),
        paragraph("2026年11月26日", properties='<w:ind w:firstLine="5120"/>', looks=FANG),
        table(row("抄送：县政府办公室。"), row("青禾镇党政办公室　　2026年11月26日印发")),
    )
    return word_document(*body)


@own_document(
    "numbered_notice.docx",
    f"""
    ## 一、报名条件
    {TEXT}
    ### （一）年龄条件
    1. 年满十八周岁；
    2. 不满四十五周岁。
    ### （二）学历条件
    {TEXT}
    ## 二、报名方式
    {TEXT}
    """,
    title="numbered_notice",
)
def numbered_notice() -> bytes:
    """A notice whose numbers Word makes, on three levels."""
    levels = [
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%3."),
    ]
    body = (
        numbered(1, 0, run("报名条件", HEI)),
        paragraph(TEXT, looks=FANG),
        numbered(1, 1, run("年龄条件", KAI)),
        numbered(1, 2, run("年满十八周岁；", FANG)),
        numbered(1, 2, run("不满四十五周岁。", FANG)),
        numbered(1, 1, run("学历条件", KAI)),
        paragraph(TEXT, looks=FANG),
        numbered(1, 0, run("报名方式", HEI)),
        paragraph(TEXT, looks=FANG),
    )
    return word_document(*body, numbering=numbering(levels))


@own_document(
    "rules.docx",
    """
    ## 第一章 总则
    第一条 为加强管理，制定本办法。
    第二条 本办法适用于本镇。
    ## 第二章 附则
    第三条 本办法自发布之日起施行。
    """,
    title="rules",
)
def rules() -> bytes:
    """Rules in chapters and articles that Word numbers."""
    levels = [level(0, "chineseCountingThousand", "第%1章"), level(1, "chineseCountingThousand", "第%2条")]
    levels[1] = levels[1].replace("<w:lvlText", '<w:lvlRestart w:val="0"/><w:lvlText')
    body = (
        numbered(1, 0, "总则"),
        numbered(1, 1, "为加强管理，制定本办法。"),
        numbered(1, 1, "本办法适用于本镇。"),
        numbered(1, 0, "附则"),
        numbered(1, 1, "本办法自发布之日起施行。"),
    )
    return word_document(*body, numbering=numbering(levels))


@own_document(
    "wage_list.docx",
    """
    | 序号 | 村名 | 姓名 | 金额（元） |
    | 1 | 东村 | 张三 | 1,200.00 |
    | 2 | 东村 | 李四 | 800.50 |
    | 合计 | 合计 | 合计 | 2,000.50 |
    """,
    title="补贴发放公示表",
)
def wage_list() -> bytes:
    """A list of payments with numbers that Word makes, merged cells and a sum."""
    vertical, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        row("序号", "村名", "姓名", "金额（元）"),
        row(cell(numbered(1, 0)), cell("东村", properties=vertical), "张三", cell(aligned("right", "1,200.00"))),
        row(cell(numbered(1, 0)), cell(properties=on), "李四", cell(aligned("right", "800.50"))),
        row(cell("合计", properties='<w:gridSpan w:val="3"/>'), cell(aligned("right", "2,000.50"))),
    )
    return word_document(
        aligned("center", "补贴发放公示表"), table(*rows), numbering=numbering([level(0, "decimal", "%1")])
    )


@own_document(
    "form.docx",
    """
    姓名：＿＿＿＿ 性别：☐男 ☐女
    | 联系电话 |  | 身份证号 |  |
    | 工作单位 |  |  |  |
    | 本人承诺以上信息属实。/签字： 年 月 日 | 本人承诺以上信息属实。/签字： 年 月 日 | 本人承诺以上信息属实。/签字： 年 月 日 | 本人承诺以上信息属实。/签字： 年 月 日 |
    """,
    title="报名表",
    told=("姓名：＿＿＿＿　性别：☐男　☐女",),
)
def form() -> bytes:
    """An application form with blanks and boxes."""
    box = '<w:r><w:sym w:font="Wingdings 2" w:char="00A3"/></w:r>'
    body = (
        aligned("center", "报名表"),
        paragraph("姓名：", run("　　　　", LINE), "　性别：", box, "男　", box, "女"),
        table(
            row("联系电话", "", "身份证号", ""),
            row("工作单位", cell("", properties='<w:gridSpan w:val="3"/>')),
            row(cell("本人承诺以上信息属实。", "签字：　　　　年　月　日", properties='<w:gridSpan w:val="4"/>')),
        ),
    )
    return word_document(*body)


@own_document(
    "minutes.docx",
    """
    时间：2026年6月1日上午9点
    地点：镇政府三楼会议室
    会议议定事项如下：
    一、同意东村道路硬化方案，由规划办牵头，于7月底前完成。
    二、下拨抗旱资金12.5万元。
    """,
    title="会议纪要",
)
def minutes() -> bytes:
    """Minutes with facts behind bold words."""
    body = (
        aligned("center", "会议纪要"),
        paragraph(run("时间：", "<w:b/>"), "2026年6月1日上午9点"),
        paragraph(run("地点：", "<w:b/>"), "镇政府三楼会议室"),
        paragraph("会议议定事项如下："),
        paragraph("一、同意东村道路硬化方案，由规划办牵头，于7月底前完成。"),
        paragraph("二、下拨抗旱资金12.5万元。"),
    )
    return word_document(*body)


@own_document(
    "recruitment.docx",
    """
    网上报名：www.example.com，基层工作经历[1]两年以上。
    caption: 表1 岗位表
    | 序号 | 岗位 | 人数 |
    | 1 | 文书 | 2 |
    [1] 指在乡镇工作。
    """,
    title="招聘公告",
)
def recruitment() -> bytes:
    """An announcement with footnotes, a link and a table."""
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    link = '<w:hyperlink r:id="a">' + run("www.example.com", LINE) + "</w:hyperlink>"
    body = (
        aligned("center", "招聘公告"),
        paragraph("网上报名：", link, "，基层工作经历", reference, "两年以上。"),
        paragraph("表1 岗位表"),
        table(row("序号", "岗位", "人数"), row("1", "文书", "2")),
    )
    return word_document(*body, links={"a": "http://www.example.com/"}, footnotes=note(2, "指在乡镇工作。"))


@own_document(
    "reply_form.docx",
    """
    请填写回执。
    ↔ 回执
    | 单位 | 人数 |
    |  |  |
    → 盖章
    """,
    title="reply_form",
)
def reply_form() -> bytes:
    """A reply slip below a notice, all within a frame of one cell."""
    inner = table(row("单位", "人数"), row("", ""))
    frame = table(row(cell(aligned("center", "回执"), inner, aligned("right", "盖章"))))
    return word_document(paragraph("请填写回执。"), frame)


@own_document(
    "typed_lines.docx",
    """
    一、请戴口罩
    二、请保持距离
    谢谢配合
    """,
    title="温馨提示",
)
def typed_lines() -> bytes:
    """Text pasted from a chat, with line breaks instead of paragraphs."""
    return word_document(paragraph("温馨提示\n一、请戴口罩\n二、请保持距离\n\n\n谢谢配合"))


@own_document(
    "plan_by_styles.docx",
    f"""
    ## 一、总体思路
    {TEXT}
    ## 二、重点任务
    ### （一）产业发展
    {TEXT}
    """,
    title="年度工作计划",
)
def plan_by_styles() -> bytes:
    """A plan with heading styles in Chinese that are bold and numbered by their style."""
    number = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
    styles = (
        style("正文", default=True, content=f"<w:rPr>{FANG}</w:rPr>")
        + style("标题 1", based_on="正文", content=f"<w:pPr>{number.format(0)}</w:pPr><w:rPr><w:b/></w:rPr>")
        + style("标题 2", based_on="标题1", content=f"<w:pPr>{number.format(1)}</w:pPr>")
    )
    levels = [level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")]
    body = [
        aligned("center", "年度工作计划", looks=TITLE),
        styled("标题1", "总体思路"),
        paragraph(TEXT),
        styled("标题1", "重点任务"),
        styled("标题2", "产业发展"),
        paragraph(TEXT),
    ]
    return word_document(*body, styles=styles, numbering=numbering(levels))


@own_document(
    "circled_items.docx",
    """
    ① 甲；
    ② 乙；
    (1) 丙。
    ③丁。
    """,
    title="circled_items",
)
def circled_items() -> bytes:
    """Items with circled and bracketed numbers, typed and made by Word."""
    levels = [level(0, "decimalEnclosedCircleChinese", "%1"), level(1, "decimal", "(%2)")]
    body = [numbered(1, 0, "甲；"), numbered(1, 0, "乙；"), numbered(1, 1, "丙。"), paragraph("③丁。")]
    return word_document(*body, numbering=numbering(levels))


@own_document(
    "schedule.docx",
    """
    | 日期 | 早班 | 早班 | 晚班 | 晚班 |
    | 1日 | 张三 | 张三 | 李四 | 王五 |
    | 2日 | 赵六 | 钱七 | 孙八 | 孙八 |
    """,
    title="值班表",
)
def schedule() -> bytes:
    """A duty roster on columns that were drawn by hand, with a cell split in two rows."""
    rows = (
        row(
            "日期",
            cell("早班", properties='<w:gridSpan w:val="2"/>'),
            cell("晚班", properties='<w:gridSpan w:val="2"/>'),
        ),
        row("1日", cell("张三", properties='<w:gridSpan w:val="2"/>'), "李四", "王五"),
        row("2日", "赵六", "钱七", cell("孙八", properties='<w:gridSpan w:val="2"/>')),
    )
    return word_document(aligned("center", "值班表"), table(*rows))


@own_document(
    "letter_by_blanks.docx",
    f"""
    广大村民朋友们：
    {TEXT}
    → 青禾镇卫生院
    → 2026年5月8日
    """,
    title="致全镇人民的一封信",
    issued=date(2026, 5, 8),
    issuer="青禾镇卫生院",
)
def letter_by_blanks() -> bytes:
    """A letter whose title and signature are moved by blanks."""
    body = (
        paragraph(" " * 16 + "致全镇人民的一封信", looks=FANG),
        paragraph("广大村民朋友们：", looks=FANG),
        paragraph("　　" + TEXT, looks=FANG),
        paragraph("　" * 18 + "青禾镇卫生院", looks=FANG),
        paragraph("　" * 17 + "2026年5月8日", looks=FANG),
    )
    return word_document(*body)


@own_document(
    "price_list.docx",
    """
    表2 收费标准
    → 单位：元/m2
    | 序号 | 项目 |
    | 1 | 场地费/甲类 1.5/乙类 2.5 |
    """,
    title="收费公示",
    told=("甲类1.5乙类2.5",),
)
def price_list() -> bytes:
    """A list of prices with nested tables, superscripts and a unit above the table."""
    inner = table(row("甲类", "1.5"), row("乙类", "2.5"))
    body = (
        aligned("center", "收费公示"),
        paragraph("表2　收费标准", properties='<w:jc w:val="center"/>'),
        aligned("right", "单位：元/m", run("2", '<w:vertAlign w:val="superscript"/>')),
        table(row("序号", "项目"), row("1", cell("场地费", inner))),
    )
    return word_document(*body)


@own_document(
    "letter_of_undertaking.docx",
    """
    本人自愿遵守旧规定。
    承诺人： ＿＿＿＿＿＿＿＿
    """,
    title="承诺书",
    told=("自愿", "承诺人：\t\t\t＿＿＿＿＿＿＿＿"),
)
def letter_of_undertaking() -> bytes:
    """A letter to sign, with controls, marks of emphasis and struck words."""
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = (
        aligned("center", control.format(run("承诺书"))),
        control.format(
            paragraph("本人", run("自愿", '<w:em w:val="dot"/>'), "遵守", run("旧", "<w:strike/>"), "规定。")
        ),
        paragraph("承诺人：\t\t\t", run("\t\t", LINE)),
    )
    return word_document(*body)
