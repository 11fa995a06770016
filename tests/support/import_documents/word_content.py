"""Word documents made with python-docx: tables, pictures, links and signs in their text."""

from __future__ import annotations

import io
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

from support.import_documents.own_document import own_document
from support.import_documents.word_notices import typed
from support.word_parts import image


@own_document(
    "值班安排.docx",
    """
    现将值班安排公示如下：
    | 日期 | 带班 | 值班 |
    | 10|*甲* | 11|*甲* | 12|*甲* |
    | 20|*甲* | 21|*甲* | 22|*甲* |
    """,
    title="值班安排公示",
)
def duty_table() -> bytes:
    """A table whose cells have signs that mean something in Markdown."""

    def add_table(document: Any) -> None:
        table = document.add_table(rows=3, cols=3, style="Table Grid")
        for row in range(3):
            for column in range(3):
                table.cell(row, column).text = f"{row}{column}|*甲*" if row else ("日期", "带班", "值班")[column]

    return typed("值班安排公示", "现将值班安排公示如下：", change=add_table)


@own_document(
    "管理办法.docx",
    """
    各单位：
    1. 第一项
    2. 第二项
    - 甲
    - 乙
    ## 附则
    自发布之日起施行。
    """,
    title="关于印发管理办法的通知",
)
def rules_with_lists() -> bytes:
    """Lists of Word's own styles, a heading, and text behind it."""

    def add_lists(document: Any) -> None:
        for text in ("第一项", "第二项"):
            document.add_paragraph(text, style="List Number")
        for text in ("甲", "乙"):
            document.add_paragraph(text, style="List Bullet")
        document.add_heading("附则", 1)
        document.add_paragraph("自发布之日起施行。")

    return typed("关于印发管理办法的通知", "各单位：", change=add_lists)


@own_document(
    "链接.docx",
    """
    详见 官网
    或者 https://www.example.com/x_y_z 下载。
    """,
    title="关于网上办理的通知",
)
def linked() -> bytes:
    """A link with its text, and an address that is typed."""

    def link(document: Any) -> None:
        paragraph = document.add_paragraph("详见 ")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        address = document.part.relate_to("https://www.example.com/a?b=1&c=2", kind, is_external=True)
        paragraph._p.append(
            parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{address}"><w:r><w:t>官网</w:t></w:r></w:hyperlink>')
        )
        document.add_paragraph("或者 https://www.example.com/x_y_z 下载。")

    return typed("关于网上办理的通知", change=link)


@own_document(
    "办事大厅.docx",
    """
    大厅已经启用：
    〔〕
    caption: 图1 办事大厅
    扫描二维码〔〕关注我们。
    """,
    title="办事大厅启用公告",
)
def picture_with_caption() -> bytes:
    """A picture with its caption below, and another in the line."""

    def add_pictures(document: Any) -> None:
        document.add_picture(io.BytesIO(image("blue", (900, 600))), width=Cm(14))
        document.add_paragraph("图1 办事大厅").alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph = document.add_paragraph("扫描二维码")
        paragraph.add_run().add_picture(io.BytesIO(image("black", (200, 200))), width=Cm(2))
        paragraph.add_run("关注我们。")

    return typed("办事大厅启用公告", "大厅已经启用：", change=add_pictures)


@own_document(
    "公式.docx",
    """
    补贴＝(a+b)/2
    """,
    title="关于补贴计算方法的通知",
    told=("(a+b)/2",),
)
def equation() -> bytes:
    """An equation."""

    def add_equation(document: Any) -> None:
        space = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
        run = "<m:r><m:t>{}</m:t></m:r>".format
        fraction = f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('2')}</m:den></m:f>"
        document.add_paragraph("补贴＝")._p.append(parse_xml(f"<m:oMath {space}>{fraction}</m:oMath>"))

    return typed("关于补贴计算方法的通知", change=add_equation)


@own_document(
    "符号.docx",
    """
    1. 不是列表
    - 5℃以下
    **注**：138****1234
    <A级>
    [方括号](圆括号)
    | 竖线 |
    {.signoff}
    > 大于号
    ***
    缩进 制表
    # 1号楼
    &lt; &amp;
    1986. 年的事
    """,
    title="关于*号和#号的通知",
)
def signs() -> bytes:
    """Lines that would be something else in Markdown."""
    return typed(
        *("关于*号和#号的通知", "1. 不是列表", "- 5℃以下", "**注**：138****1234", "<A级>", "[方括号](圆括号)"),
        *("| 竖线 |", "{.signoff}", "> 大于号", "***", "缩进\t制表", "# 1号楼", "&lt; &amp;", "1986. 年的事"),
    )


@own_document(
    "合并单元格.docx",
    """
    名额如下：
    | 甲 | 甲 | 乙 | 乙 | 乙 |
    | 甲 | 甲 | 12 | 13 | 14 |
    | 丙 | 21 | 22 | 23 | 24 |
    | 丙 | 31 | 32 | 丁 | 丁 |
    | 丙 | 41 | 42 | 丁 | 丁 |
    """,
    title="关于名额分配的通知",
)
def merged_cells() -> bytes:
    """A table with cells merged in both directions, and a figure in each other cell."""

    def add_table(document: Any) -> None:
        table = document.add_table(rows=5, cols=5, style="Table Grid")
        for row in range(5):
            for column in range(5):
                table.cell(row, column).text = f"{row}{column}"
        for first, last, text in (
            ((0, 0), (1, 1), "甲"),
            ((0, 2), (0, 4), "乙"),
            ((2, 0), (4, 0), "丙"),
            ((3, 3), (4, 4), "丁"),
        ):
            table.cell(*first).merge(table.cell(*last)).text = text

    return typed("关于名额分配的通知", "名额如下：", change=add_table)


@own_document(
    "字符格式.docx",
    """
    粗斜划线旧大写ABC面积5m2，H2O
    """,
    title="关于格式的通知",
)
def character_formats() -> bytes:
    """Marks of the text: bold, italic, underlined, struck, raised and lowered."""

    def add_runs(document: Any) -> None:
        paragraph = document.add_paragraph()
        for text, mark in (
            ("粗", "bold"),
            ("斜", "italic"),
            ("划线", "underline"),
            ("旧", "strike"),
            ("大写Abc", "all_caps"),
        ):
            setattr(paragraph.add_run(text).font, mark, True)
        paragraph.add_run("面积5m")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("，H")
        paragraph.add_run("2").font.subscript = True
        paragraph.add_run("O")

    return typed("关于格式的通知", change=add_runs)


@own_document(
    "分页.docx",
    """
    第一页的话。
    第二页的话。
    第三页的话。
    """,
    title="关于分页的通知",
)
def page_breaks() -> bytes:
    """Page breaks, empty paragraphs and blanks at the ends of lines."""

    def add_pages(document: Any) -> None:
        document.add_page_break()
        document.add_paragraph("　　第二页的话。   ")
        document.add_paragraph("")
        document.add_paragraph().add_run("第三页的话。").add_break()

    return typed("关于分页的通知", "第一页的话。", "", "   ", change=add_pages)


@own_document(
    "宽表.docx",
    """
    | 序号 | 村名 | 2025年 | 2025年 | 2026年 | 2026年 |
    | 序号 | 村名 | 户 | 元 | 户 | 元 |
    | 1 | 禾苗社区 | 12 | 6,000.00 |  | — |
    | 2 | 柳塘村 | 8 | 4,000.50 | 9 | 4,500.00 |
    """,
    title="关于名额的公示",
)
def wide_table() -> bytes:
    """A table with a head of two rows, empty cells and small type."""
    rows = (
        *(("序号", "村名", "2025年", "2025年", "2026年", "2026年"), ("序号", "村名", "户", "元", "户", "元")),
        *(("1", "禾苗社区", "12", "6,000.00", "", "—"), ("2", "柳塘村", "8", "4,000.50", "9", "4,500.00")),
    )

    def add_table(document: Any) -> None:
        table = document.add_table(rows=len(rows), cols=6, style="Table Grid")
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.paragraphs[0].add_run(text).font.size = Pt(9)
        for first, last in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (0, 5))):
            text = table.cell(*first).text
            table.cell(*first).merge(table.cell(*last)).text = text

    return typed("关于名额的公示", change=add_table)
