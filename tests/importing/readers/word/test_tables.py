"""Tables keep every cell in its place."""

from __future__ import annotations

from gongshi.importing.document import FindingKind
from support.word_documents import aligned, cell, paragraph, row, style, table, word_document
from support.word_reading import added, blocks, elements, lost, read, told

START = '<w:vMerge w:val="restart"/>'
ON = "<w:vMerge/>"


def span(number: int) -> str:
    """The property of a cell that is merged over columns."""
    return f'<w:gridSpan w:val="{number}"/>'


def shown(*body: str, **parts: str) -> list[str]:
    """The blocks of a document; nothing may be lost or added."""
    document = read(word_document(*body, links=None, **parts))
    assert not lost(document)
    assert not added(document)
    return blocks(document)


def test_cells_merged_over_rows_and_columns() -> None:
    rows = (
        row(cell("甲", properties=START), cell("乙", properties=span(2))),
        row(cell("", properties=ON), "丙", "丁"),
        row(cell("", properties=ON), cell("戊", properties=span(2))),
        row(cell("己", properties=span(3))),
    )
    assert shown(table(*rows)) == [
        '<table><tr><td rowspan="3">甲</td><td colspan="2">乙</td></tr><tr><td>丙</td><td>丁</td></tr>'
        '<tr><td colspan="2">戊</td></tr><tr><td colspan="3">己</td></tr></table>'
    ]


def test_a_cell_goes_on_only_below_one_of_the_same_columns() -> None:
    rows = (row("甲", "乙"), row(cell("丙", properties=span(2))), row("丁", cell("戊", properties=ON)))
    assert shown(table(*rows)) == [
        '<table><tr><td>甲</td><td>乙</td></tr><tr><td colspan="2">丙</td></tr><tr><td>丁</td><td>戊</td></tr></table>'
    ]


def test_rows_that_begin_later_or_end_sooner_are_filled() -> None:
    rows = (
        row("一", "二", properties='<w:gridBefore w:val="1"/>'),
        row("甲", "乙", "丙"),
        row("丁", properties='<w:gridAfter w:val="2"/>'),
    )
    assert shown(table(*rows)) == [
        "<table><tr><td></td><td>一</td><td>二</td></tr><tr><td>甲</td><td>乙</td><td>丙</td></tr>"
        '<tr><td>丁</td><td colspan="2"></td></tr></table>'
    ]


def test_cells_merged_in_the_old_way() -> None:
    first = (cell("甲", properties='<w:hMerge w:val="restart"/>'), cell("", properties="<w:hMerge/>"), "乙")
    assert shown(table(row(*first), row("1", "2", "3"))) == [
        '<table><tr><td colspan="2">甲</td><td>乙</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>'
    ]


def test_columns_that_no_cell_begins_in_are_not_counted() -> None:
    rows = (
        row(cell("甲", properties=span(3)), cell("乙", properties=span(5))),
        row(cell("丙", properties=span(3)), cell("丁", properties=span(5))),
    )
    assert shown(table(*rows)) == ["<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"]


def test_text_that_a_merged_cell_covers_is_told() -> None:
    document = read(word_document(table(row(cell("甲", properties=START), "乙"), row(cell("藏", properties=ON), "丁"))))
    assert told(document, FindingKind.LEFT_OUT) == ["藏"]
    assert "藏" not in document.html


def test_header_rows_are_those_that_repeat() -> None:
    repeated = "<w:tblHeader/>"
    rows = (row("项目", "金额", properties=repeated), row("收", "支", properties=repeated), row("水费", "3"))
    assert shown(table(*rows)) == [
        "<table><tr><th>项目</th><th>金额</th></tr><tr><th>收</th><th>支</th></tr>"
        "<tr><td>水费</td><td>3</td></tr></table>"
    ]


def test_a_first_row_that_stands_out_is_the_header() -> None:
    bold = row(*(cell(paragraph(text, looks="<w:b/>")) for text in ("项目", "金额")))
    shaded = row(*(cell(text, properties='<w:shd w:fill="D9D9D9"/>') for text in ("项目", "金额")))
    header = "<tr><th>项目</th><th>金额</th></tr>"
    first_bold = style(
        "网格", kind="table", content='<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>'
    )
    assert header in shown(table(bold, row("水费", "3")))[0]
    assert header in shown(table(shaded, row("水费", "3")))[0]
    assert (
        header
        in shown(
            table(row("项目", "金额"), row("水费", "3"), properties='<w:tblStyle w:val="网格"/>'), styles=first_bold
        )[0]
    )
    assert "<th>序 号</th>" in shown(table(row("序 号", "姓名"), row("1", "张三")))[0]
    assert "<th>" not in shown(table(row("水费", "3"), row("电费", "4")))[0]
    assert "<th>" not in shown(table(bold, bold))[0]


def test_cells_have_alignment_and_lines() -> None:
    found = cell(aligned("right", "3.50"), aligned("right", "元"))
    mixed = cell(aligned("center", "甲"), "乙")
    assert shown(table(row(found, mixed), row("1", "2"))) == [
        '<table><tr><td class="right">3.50<br>元</td><td><p class="center">甲</p><p>乙</p></td></tr>'
        "<tr><td>1</td><td>2</td></tr></table>"
    ]


def test_a_table_in_a_cell_becomes_lines_and_is_told() -> None:
    inner = table(row("一", cell("二", table(row("深", "处")))), row("三", "四"))
    document = read(word_document(table(row(cell("前", inner, paragraph("后")), "旁"), row("1", "2"))))
    assert "<td>前<br>一\t二 深\t处<br>三\t四<br>后</td><td>旁</td>" in blocks(document)[0]
    assert not lost(document)
    assert [finding.kind for finding in document.findings] == [FindingKind.CHANGED]


def test_a_frame_of_one_cell_is_no_table() -> None:
    inner = table(row("甲", "乙"), row("丙", "丁"))
    document = read(word_document(table(row(cell("框内", inner, aligned("right", "落款"))))))
    assert elements(document) == ["p", "table", "p.right"]
    assert not lost(document)


def test_the_lines_of_copies_at_the_end_are_no_table() -> None:
    imprint = table(row("抄送：县政府办公室，县民政局。"), row("青禾镇党政办公室\t2026年11月26日印发"))
    assert elements(read(word_document(paragraph("正文"), imprint))) == ["p", "p", "p"]


def test_a_line_above_a_table_with_its_number_is_the_caption() -> None:
    body = table(row("项目", "金额"), row("水费", "3"))
    assert shown(paragraph("表1  收费标准"), body)[0].startswith("<table><caption>表1  收费标准</caption><tr>")
    assert elements(read(word_document(paragraph("表1 收费标准"), aligned("right", "单位：元"), body))) == [
        "p.caption",
        "p.right",
        "table",
    ]
    assert elements(read(word_document(paragraph("收费标准如下表："), body))) == ["p", "table"]


def test_cells_and_rows_in_content_controls_are_kept() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    rows = (row(control.format(cell("甲")), "乙"), control.format(row("丙", "丁")))
    assert shown(table(*rows)) == ["<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"]
