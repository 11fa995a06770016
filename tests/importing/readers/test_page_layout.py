"""Characters at their places become paragraphs, headings and tables again, and none is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from gongshi.importing.comparison.fidelity import compare_texts
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.document_layout import LaidOut, lay_out
from gongshi.importing.readers.page_layout.model import Box, PagePicture
from gongshi.importing.readers.page_layout.visible_text import TextPlace, visible_text
from support.laid_pages import LEFT, SIZE, Sheet

LONG = "为做好本年度城乡居民基本医疗保险参保缴费工作，根据上级有关要求，结合本镇实际情况，现将有关事项通知如下，请认真组织实施。"


def laid(*sheets: Sheet) -> LaidOut:
    for number, sheet in enumerate(sheets, 1):
        sheet.number = number
    return lay_out([sheet.page() for sheet in sheets])


def blocks(*sheets: Sheet) -> list[str]:
    """The blocks of the HTML, with their elements."""
    root = html.fragment_fromstring(laid(*sheets).html, create_parent="div")
    return [html.tostring(each, encoding="unicode").strip() for each in root]


def words_told(findings: tuple[Finding, ...], kind: FindingKind = FindingKind.LEFT_OUT) -> list[str]:
    return [each.words for each in findings if each.kind is kind]


# Paragraphs


def test_lines_of_a_paragraph_are_joined_without_blanks_between_chinese_characters() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.paragraph("第二段文字。")
    assert blocks(sheet) == [f"<p>{LONG}</p>", "<p>第二段文字。</p>"]


def test_latin_words_keep_one_blank_at_line_ends() -> None:
    sheet = Sheet()
    sheet.lines(
        "The township government informs all villages of the", "following matters and asks them to reply until May."
    )
    assert blocks(sheet) == [
        "<p>The township government informs all villages of the following matters and asks them to reply until May.</p>"
    ]


def test_a_hyphen_goes_only_if_the_whole_word_stands_elsewhere() -> None:
    sheet = Sheet()
    sheet.lines(
        "All villages send the registration forms. The registra-",
        "tion ends in May; for other questions see the well-",
        "known rules.",
    )
    found = laid(sheet)
    assert "The registration ends in May; for other questions see the well-known rules." in found.html
    assert words_told(found.findings, FindingKind.CHANGED) == ["registration"]
    assert Counter("".join(found.visible_text.split()))["-"] == 1


def test_an_indent_begins_a_paragraph_even_behind_a_full_line() -> None:
    sheet = Sheet()
    full = "一二三四五六七八九十一二三四五六七八九十一二三四"
    sheet.lines("　　" + full, "一二三四五六七八九十一二三四五六七八九十一二三四五六")
    sheet.lines("　　甲乙丙丁。")
    assert len(blocks(sheet)) == 2


def test_a_short_line_ends_a_paragraph_without_indents() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG, indent=0)
    sheet.paragraph(LONG, indent=0)
    assert blocks(sheet) == [f"<p>{LONG}</p>"] * 2


@pytest.mark.parametrize("label", ["一、", "（一）", "1.", "（1）", "①", "第一条　", "1、", "●"])
def test_a_number_begins_a_paragraph(label: str) -> None:
    sheet = Sheet()
    line = "各村要高度重视并且认真组织实施确保按时完成任务不得有误"
    sheet.lines(line[:26], label + line[: 26 - len(label)], label + line[: 20 - len(label)])
    assert len(blocks(sheet)) == 3


def test_a_number_at_the_margin_of_an_indented_text_is_no_new_paragraph() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.lines("　　本办法的解释和修改按照有关规定执行，其中第", "一、二条自发布之日起施行。")
    assert blocks(sheet)[-1] == "<p>本办法的解释和修改按照有关规定执行，其中第一、二条自发布之日起施行。</p>"


def test_a_decimal_at_the_beginning_of_a_line_is_no_number_of_a_list() -> None:
    sheet = Sheet()
    sheet.lines("全镇共有各类合作社和家庭农场三百余家，带动农户近", "1.5万人，户均增收三千元。")
    assert len(blocks(sheet)) == 1


def test_a_wide_gap_between_lines_ends_a_paragraph() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG, indent=0)
    sheet.top += 30
    sheet.lines("下一段")
    assert len(blocks(sheet)) == 2


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    first, second = Sheet(), Sheet()
    first.paragraph(LONG)
    first.lines(
        "　　各村要加强领导，明确责任，落实措施，确保各项工",
        second_line := "作在规定的时间内完成，并于每月底前将进展情况报送镇",
    )
    second.lines("政府办公室汇总。")
    second.paragraph(LONG)
    found = blocks(first, second)
    assert len(second_line) == 25
    assert found[1] == (
        "<p>各村要加强领导，明确责任，落实措施，确保各项工作在规定的时间内完成，并于每月底前将进展情况报送镇政府办公室汇总。</p>"
    )
    assert len(found) == 3


def test_a_list_of_attachments_stays_one_paragraph_with_its_lines() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.lines("　　附件：1. 报名表")
    sheet.at(LEFT + 5 * SIZE, sheet.top, "2. 承诺书")
    assert blocks(sheet)[-1] == "<p>附件：1. 报名表<br>　　　2. 承诺书</p>"


def test_blanks_are_kept_and_gaps_become_blanks() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    end = sheet.at(LEFT, sheet.top, "联系人：张 三")
    sheet.at(end + 3 * SIZE, sheet.top, "电话：12345")
    assert blocks(sheet)[-1] == "<p>联系人：张 三　　　电话：12345</p>"


def test_stretched_lines_get_no_blanks() -> None:
    sheet = Sheet()
    sheet.at(LEFT, 100, "一二三四五六七八九十一二三四五六七八九十", step=5)
    assert blocks(sheet) == ["<p>一二三四五六七八九十一二三四五六七八九十</p>"]


def test_text_that_is_drawn_twice_to_look_bold_stands_once() -> None:
    sheet = Sheet()
    for shift in (0, 0.3, 0.6):
        sheet.at(LEFT + shift, 100 + shift, "加粗的字11")
    found = laid(sheet)
    assert found.html == "<p>加粗的字11</p>"
    assert found.visible_text == "加粗的字11"


def test_raised_and_lowered_characters_are_marked() -> None:
    sheet = Sheet()
    sheet.lines("面积", "水")
    sheet.at(LEFT + 32, 100, "100m")
    sheet.at(LEFT + 64, 98, "2", 8)
    sheet.at(LEFT + 16, 128, "H")
    sheet.at(LEFT + 24, 139, "2", 8)
    assert blocks(sheet) == ["<p>面积100m<sup>2</sup></p>", "<p>水H<sub>2</sub></p>"]


def test_underlined_struck_and_linked_words_are_marked() -> None:
    sheet = Sheet()
    sheet.lines("姓名张三李四王五")
    sheet.rule(LEFT + 32, 116, LEFT + 64, 116)
    sheet.rule(LEFT + 64, 108, LEFT + 96, 108)
    sheet.at(LEFT, sheet.top, "见网站", link="https://www.example.com/a?b&c")
    assert blocks(sheet) == [
        "<p>姓名<u>张三</u><s>李四</s>王五</p>",
        '<p><a href="https://www.example.com/a?b&amp;c">见网站</a></p>',
    ]


def test_footnotes_stand_behind_the_paragraph_that_goes_on_over_the_page_break() -> None:
    first, second = Sheet(), Sheet()
    first.top = 560
    first.paragraph(LONG)
    first.lines(
        "　　各村要加强领导，明确责任，落实措施，确保各项工", "作在规定的时间内完成，并于每月底前将进展情况报送镇府"
    )
    first.rule(LEFT, 735, LEFT + 150, 735)
    first.at(LEFT, 740, "①见有关规定。", 11)
    second.lines("政府办公室汇总。")
    second.paragraph(LONG)
    found = blocks(first, second)
    assert found[1].endswith("政府办公室汇总。</p>")
    assert found[2] == "<p>①见有关规定。</p>"


# Places on the page


def test_a_title_of_several_lines_is_one_line_in_the_middle() -> None:
    sheet = Sheet()
    sheet.centred("青禾镇人民政府", 22)
    sheet.centred("关于做好防汛工作的通知", 22)
    sheet.paragraph(LONG)
    assert blocks(sheet)[0] == '<p class="center">青禾镇人民政府关于做好防汛工作的通知</p>'


def test_signature_lines_stand_at_the_right() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.at(350, sheet.top, "青禾镇人民政府")
    sheet.at(350, sheet.top + 28, "2026年6月1日")
    assert blocks(sheet)[1:] == ['<p class="right">青禾镇人民政府</p>', '<p class="right">2026年6月1日</p>']


def test_headings_are_told_by_size_boldness_font_and_number() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.lines("　　一、总体要求", font="SimHei")
    sheet.paragraph(LONG)
    sheet.lines("　　（一）主要目标", font="KaiTi")
    sheet.paragraph(LONG)
    sheet.lines("　　（二）本段只是用楷体写的一句话，不是标题。", font="KaiTi")
    sheet.lines("　　重要提示", bold=True)
    sheet.paragraph(LONG)
    found = [each for each in blocks(sheet) if LONG not in each]
    assert found == [
        "<h2>一、总体要求</h2>",
        "<h3>（一）主要目标</h3>",
        "<p>（二）本段只是用楷体写的一句话，不是标题。</p>",
        "<h2>重要提示</h2>",
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.centred("工作简报", 26)
    top = sheet.top
    left, right = LONG * 2, LONG.replace("医疗", "养老") * 2
    sheet.paragraph(left, left=60, right=284)
    sheet.top = top
    sheet.paragraph(right, left=310, right=534)
    assert blocks(sheet)[1:] == [f"<p>{left}</p>", f"<p>{right}</p>"]


def test_names_in_columns_are_read_by_lines() -> None:
    sheet = Sheet()
    for row in ("张三李四", "王五赵六", "孙七周八", "吴九郑十", "冯一陈二", "褚三卫四"):
        sheet.at(LEFT, sheet.top, row[:2])
        sheet.at(LEFT + 80, sheet.top, row[2:])
        sheet.top += 28
    found = laid(sheet)
    assert "<p>张三　　　李四</p>" in found.html
    assert any("columns without lines" in each.message for each in found.findings)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_reads_like_an_upright_one(quarters: int) -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.at(350, sheet.top, "青禾镇人民政府")
    assert lay_out([sheet.page().turned(quarters)]).html == laid(sheet).html


def test_turned_text_beside_other_text_is_told() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    other = Sheet()
    other.at(100, 100, "侧面的字")
    turned = other.page().turned(1).glyphs
    sheet.glyphs += turned
    found = laid(sheet)
    assert found.html.endswith("<p>侧面的字</p>")
    assert words_told(found.findings, FindingKind.CHECK) == ["侧面的字"]


def test_vertical_writing_is_read_from_the_right_and_told() -> None:
    sheet = Sheet()
    for column, words in enumerate(("各位村民大家好我们定于六月一日", "在村委会举行换届选举敬请参加")):
        start = len(sheet.glyphs)
        sheet.at(0, 0, words)
        for number in range(start, len(sheet.glyphs)):
            glyph = sheet.glyphs[number]
            top = 100 + (number - start) * 17
            box = Box(400 - column * 30, top, 416 - column * 30, top + 16)
            sheet.glyphs[number] = type(glyph)(glyph.text, box, glyph.style, glyph.run, glyph.number)
    found = laid(sheet)
    assert found.html == "<p>各位村民大家好我们定于六月一日</p>\n<p>在村委会举行换届选举敬请参加</p>"
    assert any("vertically" in each.message for each in found.findings)


# Headers, footers, watermarks


def test_headers_and_page_numbers_are_dropped_and_told() -> None:
    sheets = [Sheet() for _page in range(3)]
    for number, sheet in enumerate(sheets, 1):
        sheet.at(200, 40, "青禾镇内部资料")
        sheet.paragraph(LONG)
        sheet.at(270, 790, f"— {number} —", 14)
    found = laid(*sheets)
    assert found.html == "\n".join([f"<p>{LONG}</p>"] * 3)
    assert words_told(found.findings) == ["青禾镇内部资料", "— 1 — — 2 — — 3 —"]
    assert {each.place for each in found.findings} == {"pages 1-3"}
    assert "内部" not in found.visible_text


@pytest.mark.parametrize(
    "text", ["第1页", "第 1 页 共 5 页", "第1页/共5页", "1 / 5", "- 1 -", "－1－", "Page 1 of 5", "·1·", "第一页"]
)
def test_page_numbers_of_usual_forms_are_known(text: str) -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.at(270, 790, text, 14)
    assert words_told(laid(sheet).findings) == [text]


@pytest.mark.parametrize("text", ["2026", "1949年10月1日", "联系电话12345", "3"])
def test_other_last_lines_are_no_page_numbers(text: str) -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.at(270, 790, text, 14)
    assert text in laid(sheet).html


def test_a_line_that_pages_repeat_in_their_text_stays() -> None:
    sheets = [Sheet(), Sheet(), Sheet()]
    for sheet in sheets:
        sheet.top = 200
        sheet.lines("证明")
        sheet.paragraph(LONG)
    assert laid(*sheets).html.count("证明") == 3


def test_watermarks_are_dropped_and_told() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.at(100, 400, "内部资料", 60, colour=(220, 220, 220))
    sheet.at(100, 500, "禁止外传", 60, colour=(220, 220, 220), angle=315)
    found = laid(sheet)
    assert found.html == f"<p>{LONG}</p>"
    assert words_told(found.findings) == ["内部资料", "禁止外传"]


# Tables


def test_a_table_is_known_by_its_lines() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.table([90, 150, 300, 506], [["序号", "村名", "人数"], ["1", "东村", "1,200"], ["2", "西村", "800"]])
    sheet.lines("以上数据截至五月底。")
    found = blocks(sheet)
    assert found[1].replace("\n", "") == (
        "<table><tr><th>序号</th><th>村名</th><th>人数</th></tr><tr><td>1</td><td>东村</td><td>1,200</td></tr>"
        "<tr><td>2</td><td>西村</td><td>800</td></tr></table>"
    )
    assert found[2] == "<p>以上数据截至五月底。</p>"


def test_merged_cells_are_known_by_missing_lines() -> None:
    sheet = Sheet()
    for place in (100, 124, 148, 172):
        sheet.rule(90 if place != 124 else 200, place, 500, place)
    for place, bottom in ((90, 172), (200, 172), (300, 148), (500, 172)):
        sheet.rule(place, 100, place, bottom)
    for x, top, words in (
        (94, 116, "甲"),
        (204, 104, "乙"),
        (304, 104, "丙"),
        (204, 128, "丁"),
        (304, 128, "戊"),
        (204, 152, "己"),
    ):
        sheet.at(x, top, words, 12)
    assert laid(sheet).html.replace("\n", "") == (
        '<table><tr><td rowspan="2">甲</td><td>乙</td><td>丙</td></tr><tr><td>丁</td><td>戊</td></tr>'
        '<tr><td></td><td colspan="2">己</td></tr></table>'
    )


def test_a_line_end_in_a_cell_stays_only_where_the_next_word_would_have_fitted() -> None:
    sheet = Sheet()
    sheet.table([90, 170, 506], [["项目", "说明"], ["", "甲"], ["1", "乙"]], row_height=60)
    sheet.at(94, 164, "基本医疗保", 12)
    sheet.at(94, 180, "险参保", 12)
    sheet.at(174, 180, "第二行", 12)
    found = laid(sheet).html
    assert "<td>基本医疗保险参保</td>" in found
    assert "<td>甲<br>第二行</td>" in found


def test_a_table_goes_on_over_page_breaks_and_its_repeated_header_is_told() -> None:
    sheets = [Sheet(), Sheet()]
    columns = [90, 200, 506]
    sheets[0].table(columns, [["姓名", "事由"], ["张三", "低保"], ["李四", "特困"]])
    sheets[1].table(columns, [["姓名", "事由"], ["王五", "临时救助"]])
    found = laid(*sheets)
    assert found.html.count("<table>") == 1
    assert found.html.count("姓名") == 1
    assert words_told(found.findings) == ["姓名 事由"]


def test_a_row_that_a_page_break_divides_is_one_row() -> None:
    sheets = [Sheet(), Sheet()]
    columns = [90, 200, 302]
    sheets[0].table(columns, [["姓名", "事由"], ["张三", "因病住院治疗费"]])
    sheets[1].table(columns, [["", "用较高"], ["李四", "特困"]])
    found = laid(*sheets)
    assert "<td>因病住院治疗费用较高</td>" in found.html
    assert words_told(found.findings, FindingKind.CHANGED) == ["张三 因病住院治疗费用较高"]


def test_a_frame_around_text_is_no_table() -> None:
    sheet = Sheet()
    for place in (80, 520):
        sheet.rule(place, 90, place, 700)
    for place in (90, 700):
        sheet.rule(80, place, 520, place)
    sheet.paragraph(LONG)
    assert blocks(sheet) == [f"<p>{LONG}</p>"]


def test_pictures_stand_between_paragraphs_or_in_their_cell() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    sheet.pictures.append(PagePicture(Box(100, sheet.top, 300, sheet.top + 90), "a.png"))
    sheet.top += 100
    sheet.paragraph(LONG)
    sheet.pictures.append(PagePicture(Box(205, sheet.top + 2, 225, sheet.top + 20), "b.png"))
    sheet.table([90, 200, 506], [["照片", ""], ["姓名", "张三"]])
    found = blocks(sheet)
    assert found[1] == '<p><img src="a.png" alt=""></p>'
    assert '<td><img src="b.png" alt=""></td>' in found[3]


# Characters


def test_radicals_ligatures_and_bullets_get_their_usual_form() -> None:
    sheet = Sheet()
    sheet.lines("⼀⻚⽂件，oﬃce", "\uf0b7 条目")
    found = laid(sheet)
    assert found.html == "<p>一页文件，office</p>\n<p>• 条目</p>"
    assert words_told(found.findings, FindingKind.CHANGED) == ["一页文"]


def test_a_character_without_a_name_is_written_as_a_square_and_told() -> None:
    sheet = Sheet()
    sheet.lines("张\ue123三的档案，共十二页，存放于档案室")
    found = laid(sheet)
    assert "张□三" in found.html
    assert words_told(found.findings, FindingKind.CHECK) == ["张□三的档案，"]


# Nothing is lost


@st.composite
def sheets(draw: st.DrawFn) -> list[Sheet]:
    """Pages with words anywhere, some of them over each other, and some lines."""
    found = []
    letters = st.text("一二三甲乙丙abc12,.-（）、— \u3000", min_size=1, max_size=12)
    for _page in range(draw(st.integers(1, 3))):
        sheet = Sheet()
        for _text in range(draw(st.integers(0, 12))):
            sheet.at(
                draw(st.integers(-20, 580)),
                draw(st.integers(-20, 840)),
                draw(letters),
                draw(st.sampled_from([1, 8, 12, 16, 40])),
                angle=draw(st.sampled_from([0, 0, 0, 0, 90, 270, 45])),
                colour=draw(st.sampled_from([(0, 0, 0), (230, 230, 230)])),
            )
        for _line in range(draw(st.integers(0, 8))):
            x, top = draw(st.integers(0, 20)) * 25, draw(st.integers(0, 30)) * 25
            if draw(st.booleans()):
                sheet.rule(x, top, x + draw(st.integers(1, 20)) * 25, top)
            else:
                sheet.rule(x, top, x, top + draw(st.integers(1, 20)) * 25)
        found.append(sheet)
    return found


@pytest.mark.slow
@settings(max_examples=100)
@given(sheets())
def test_every_character_is_in_the_text_or_told(made: list[Sheet]) -> None:
    found = laid(*made)
    shown = "".join(html.fragment_fromstring(found.html, create_parent="div").itertext())
    assert Counter("".join(shown.split())) == Counter("".join(found.visible_text.split()))
    told = "".join(found.visible_text.split()) + "".join(each.words for each in found.findings)
    kept = {each.text for sheet in made for each in sheet.glyphs if not each.text.isspace()}
    assert kept <= set(told)


# The text for the comparison


def differences(found: LaidOut) -> list[str]:
    return [each.words for each in compare_texts(found.visible_text, found.html, [])]


def orders_told(found: LaidOut) -> list[str]:
    return [each.place for each in found.findings if "another order" in each.message]


def test_words_that_the_file_draws_in_another_order_are_told_once() -> None:
    """Columns of a table one after the other, or line by line across its cells."""
    rows = [["办理事项", "办理部门"], ["社会救助申请", "民政办公室"], ["医疗保险参保", "社保服务所"]]
    sheets = [Sheet(), Sheet()]
    for number, sheet in enumerate(sheets):
        sheet.paragraph(LONG)
        top = sheet.top
        sheet.table([90, 250, 500], [["", ""]] * 3, row_height=48)
        column_first = [(row, column) for column in range(2) for row in range(3)]
        line_first = [(row, column) for row in range(3) for column in range(2)]
        if number:
            for row, column in column_first:
                sheet.at(94 + 160 * column, top + 4 + 48 * row, rows[row][column], 12)
        else:
            for line in range(2):
                for row, column in line_first:
                    words = rows[row][column][3 * line : 3 * line + 3]
                    sheet.at(94 + 160 * column, top + 4 + 48 * row + 18 * line, words, 12)
    found = laid(*sheets)
    assert not differences(found)
    assert orders_told(found) == ["pages 1-2"]


def test_words_in_order_are_not_told() -> None:
    sheet = Sheet()
    sheet.paragraph(LONG)
    x = sheet.at(LEFT, sheet.top, "碳酸盐HCO")
    sheet.at(x + 8, sheet.top, "-浓度")
    sheet.at(x, sheet.top + 8, "3", 8)
    sheet.top += 40
    sheet.table([90, 250, 500], [["事项", "部门"], ["救助", "民政"]])
    found = laid(sheet)
    assert not differences(found)
    assert not orders_told(found)


def test_words_that_are_not_level_are_compared_as_lines_of_their_own() -> None:
    sheet = Sheet()
    sheet.at(60, 700, "单位元", angle=270)
    sheet.paragraph(LONG)
    sheet.at(40, 700, "亿吨", angle=270)
    assert not differences(laid(sheet))


def test_characters_that_the_layout_does_not_know_are_visible() -> None:
    sheet = Sheet()
    sheet.lines("甲乙丙", "丁戊")
    sheet.lines("己庚")
    known = [each.number for each in sheet.glyphs if each.text in "甲丙己庚"]
    places = {number: TextPlace(number < known[2], number) for number in known}
    assert visible_text([sheet.page()], (), places).text == "己庚\n甲乙丙\n丁戊"
