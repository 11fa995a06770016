"""Workbooks and tables in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment

from gongshi.importing.document import ReadOptions
from support.import_documents.own_document import own_document
from support.workbooks import book, saved


def _formatted(rows: Sequence[list[Any]], formats: dict[str, str]) -> Any:
    """Return a workbook with the number formats of columns below its head."""
    made = book(*rows)
    for column, code in formats.items():
        for cell in made.worksheets[0][column][1:]:
            cell.number_format = code
    return made


@own_document(
    "津贴.xlsx",
    """
    | 序号 | 姓名 | 年龄 | 金额 |
    | 1 | 王** | 82 | 1,100.00 |
    | 2 | 李** | 90 | 200.50 |
    | 合计 | 合计 | 合计 | 1,300.50 |
    """,
    title="2026年高龄津贴发放名单",
)
def allowances() -> bytes:
    """A title over all columns, amounts, and a sum over merged cells."""
    rows: list[list[Any]] = [
        ["2026年高龄津贴发放名单"],
        ["序号", "姓名", "年龄", "金额"],
        [1, "王**", 82, 1100],
        [2, "李**", 90, 200.5],
    ]
    made = _formatted([*rows, ["合计", None, None, 1300.5]], {"D": "#,##0.00"})
    made.worksheets[0].merge_cells("A1:D1")
    made.worksheets[0].merge_cells("A5:C5")
    return saved(made)


@own_document(
    "数字格式.xlsx",
    """
    | 日期 | 时间 | 比例 | 金额 | 编号 | 增减 |
    | 2026年11月26日 | 9:05 | 25.6% | ¥1,234,567.50 | 00012 | -3.25 |
    | 2026年1月5日 | 17:30 | 100.0% | ¥0.00 | 00345 | +12.00 |
    """,
    title="数字格式",
)
def number_formats() -> bytes:
    """Dates, times, percent, amounts, leading zeros, fractions and negative numbers as Excel shows them."""
    rows: list[list[Any]] = [
        ["日期", "时间", "比例", "金额", "编号", "增减"],
        [date(2026, 11, 26), datetime(2026, 11, 26, 9, 5), 0.256, 1234567.5, 12, -3.25],
        [date(2026, 1, 5), datetime(2026, 1, 5, 17, 30), 1, 0, 345, 12],
    ]
    formats = {"A": 'yyyy"年"m"月"d"日"', "B": "h:mm", "C": "0.0%", "D": "¥#,##0.00", "E": "00000", "F": "+0.00;-0.00"}
    return saved(_formatted(rows, formats))


@own_document(
    "隐藏内容.xlsx",
    """
    | 姓名 | 金额 |
    | 王某 | 100 |
    | 张某 | 300 |
    """,
    title="隐藏内容",
    told=("身份证号 | 620102 | 620104", "李某 | 620103 | 200", "C4: 领导说先不发", "填表说明", "机密"),
)
def hidden_cells() -> bytes:
    """A hidden row, a hidden column, a hidden sheet, another sheet, and a comment."""
    made = book(["姓名", "身份证号", "金额"], ["王某", "620102", 100], ["李某", "620103", 200], ["张某", "620104", 300])
    sheet = made.worksheets[0]
    sheet.title = "名单"
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet["C4"].comment = Comment("领导说先不发", "出纳")
    made.create_sheet("说明")["A1"] = "填表说明"
    draft = made.create_sheet("底稿")
    draft["A1"] = "机密"
    draft.sheet_state = "hidden"
    return saved(made)


@own_document(
    "长文字.xlsx",
    """
    | 事项 | 说明 |
    | 办证 | 1. 带身份证/2. 交照片 |
    | 热线 | 0500-8820118 |
    | =1+1 | <b>5*3*2</b> |
    | 注：粗体字 | 网址 |
    """,
    title="长文字",
)
def texts_in_cells() -> bytes:
    """Cells of several lines, with marks of the text, a link, and texts that look like something else."""
    made = book(
        ["事项", "说明"], ["办证", "1. 带身份证\n2. 交照片"], ["热线", "0500-8820118"], ["=1+1", "<b>5*3*2</b>"]
    )
    sheet = made.worksheets[0]
    sheet["B2"].alignment = Alignment(wrap_text=True)
    sheet["A5"] = CellRichText("注：", TextBlock(InlineFont(b=True), "粗体"), "字")
    sheet["B5"] = "网址"
    sheet["B5"].hyperlink = "https://www.example.com/a?b=1"
    sheet["A4"].data_type = "s"
    return saved(made)


@own_document(
    "选表.xlsx",
    """
    | 村名 | 户数 | 备注 |
    | 东村 | 12 | 已核 |
    | 西村 | 8 | — |
    """,
    options=ReadOptions(sheet="二月"),
    title="选表",
    told=("不要",),
)
def chosen_sheet() -> bytes:
    """A chosen sheet that is not the first."""
    made = book(["不要"])
    made.worksheets[0].title = "一月"
    sheet = made.create_sheet("二月")
    for row in (["村名", "户数", "备注"], ["东村", 12, "已核"], ["西村", 8, "—"]):
        sheet.append(row)
    return saved(made)


@own_document(
    "交叉合并.xlsx",
    """
    | 片区 | 村名 | 2026年 | 2026年 |
    | 片区 | 村名 | 户数 | 人数 |
    | 东片 | 东村 | 12 | 30 |
    | 东片 | 南村 | 8 | 21 |
    | 西片 | 西村 | 15 | 44 |
    """,
    title="交叉合并",
)
def merged_in_both_directions() -> bytes:
    """A head of two rows with cells merged downwards and to the right, and groups of rows."""
    rows: list[list[Any]] = [
        ["片区", "村名", "2026年", None],
        [None, None, "户数", "人数"],
        ["东片", "东村", 12, 30],
        [None, "南村", 8, 21],
        ["西片", "西村", 15, 44],
    ]
    made = book(*rows)
    for cells in ("A1:A2", "B1:B2", "C1:D1", "A3:A4"):
        made.worksheets[0].merge_cells(cells)
    return saved(made)


@own_document(
    "名单.csv",
    """
    | 序号 | 姓名 | 电话 |
    | 1 | 王** | 138****1234 |
    | 2 | 李**,代 | 139****0000 |
    """,
    title="名单",
)
def old_encoding() -> bytes:
    """A table in GB18030, with commas inside quotation marks."""
    return '序号,姓名,电话\r\n1,王**,138****1234\r\n2,"李**,代",139****0000\r\n'.encode("gb18030")


@own_document(
    "编号.csv",
    """
    | 编号 | 数量 | 比例 |
    | 0012 | 1,5 | 3% |
    | 0013 |  |  |
    """,
    title="编号",
)
def semicolons() -> bytes:
    """A table with semicolons and leading zeros, with the mark of UTF-8."""
    return "﻿编号;数量;比例\n0012;1,5;3%\n0013;;\n".encode()


@own_document(
    "制表.tsv",
    """
    | 村名 | 说明 |
    | 东村 | 第一行/第二行 |
    | 西村 | 他说"好" |
    """,
    title="制表",
)
def tabs() -> bytes:
    """A table with tabs and lines within a cell."""
    return '村名\t说明\n东村\t"第一行\n第二行"\n西村\t"他说""好"""\n'.encode()
