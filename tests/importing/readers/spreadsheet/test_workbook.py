"""An Excel file becomes the table that its reader sees; what is hidden is told and never in the entry."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

import pytest
import yaml
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from PIL import Image as PillowImage

from gongshi.importing.document import FindingKind, UnreadableFileError
from gongshi.importing.readers.containers import zip_limits
from support.office_documents import repacked
from support.photos import exif
from support.workbooks import book, read, saved

LEFT_OUT, CHECK = FindingKind.LEFT_OUT, FindingKind.CHECK


FORMATS = yaml.safe_load((Path(__file__).parents[3] / "cases/import/number_formats.yml").read_text("utf-8"))


def people() -> Workbook:
    return book(["姓名", "金额"], ["甲", 1.5], ["乙", 20], ["丙", 300])


def changed(content: bytes, part: str, old: str, new: str) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return repacked(content, change)


def with_shared(content: bytes, xml: str) -> bytes:
    """Let cell A2 name the first shared text, which is this XML."""
    link = '<Relationship Id="s" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    content = changed(content, "xl/_rels/workbook.xml.rels", "</Relationships>", link)
    part = f"<sst><si>{xml}</si></sst>".encode()
    content = repacked(content, lambda _name, part: part, **{"xl/sharedStrings.xml": part})

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        return re.sub(rb'<c r="A2".*?</c>', b'<c r="A2" t="s"><v>0</v></c>', part)

    return repacked(content, change)


class TestValues:
    """Cells show what Excel shows."""

    def test_a_cell_has_the_text_that_excel_shows(self, tmp_path: Path) -> None:
        made = book(["日期", "金额", "比例", "编号"], [date(2026, 11, 26), 1234.5, 0.256, "0012"])
        sheet = made.worksheets[0]
        sheet["A2"].number_format = 'yyyy"年"m"月"d"日"'
        sheet["B2"].number_format = "#,##0.00"
        sheet["C2"].number_format = "0.0%"
        found = read(made, tmp_path)
        assert found.table[1] == ["2026年11月26日", "1,234.50", "25.6%", "0012"]
        assert found.document.visible_text.splitlines()[4:] == found.table[1]

    def test_dates_of_1904_are_the_same_days(self, tmp_path: Path) -> None:
        made = saved(book(["日期", "x"], [44890, "y"]))
        made = changed(made, "xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>')
        made = changed(made, "xl/styles.xml", '<xf numFmtId="0"', '<xf numFmtId="14"')
        assert read(made, tmp_path).table[1][0] == "2026/11/26"

    def test_long_numbers_are_told(self, tmp_path: Path) -> None:
        made = book(["证号", "卡号"], [110101199003078888, 621700123456])
        made.worksheets[0]["A2"].number_format = "0"
        found = read(made, tmp_path)
        assert found.finding("15 digits", CHECK).place == "worksheet “Sheet”, A2"
        assert found.table[1] == ["110101199003079000", "6.217E+11"]
        assert found.finding("in short", CHECK).words == "621700123456"

    def test_errors_stay_and_are_told(self, tmp_path: Path) -> None:
        found = read(book(["a", "b"], ["x", "#N/A"]), tmp_path)
        assert "#N/A" in found.cells
        assert found.finding("error", CHECK).place.endswith("B2")

    def test_a_formula_without_result_is_told(self, tmp_path: Path) -> None:
        found = read(book(["合计", "数"], ["x", "=SUM(A1:A3)"]), tmp_path)
        assert found.finding("no result", LEFT_OUT).words == "=SUM(A1:A3)"
        assert "SUM" not in found.everything

    def test_a_formula_shows_its_result(self, tmp_path: Path) -> None:
        made = changed(saved(book(["a", "b"], ["x", "=1+1"])), "xl/worksheets/sheet1.xml", "<v></v>", "<v>2</v>")
        assert read(made, tmp_path).table[1] == ["x", "2"]

    def test_marks_links_and_line_breaks_stay(self, tmp_path: Path) -> None:
        made = book(
            ["面积", "说明", "网址"],
            [CellRichText("85m", TextBlock(InlineFont(vertAlign="superscript"), "2")), "一\n二", "见此"],
        )
        made.worksheets[0]["C2"].hyperlink = "https://example.com/?a=1&b=2"
        made.worksheets[0]["B2"].alignment = Alignment(indent=2)
        html = read(made, tmp_path).document.html
        assert "<td>85m<sup>2</sup></td>" in html
        assert "<td>　　一<br>二</td>" in html
        assert '<a href="https://example.com/?a=1&amp;b=2">见此</a>' in html

    def test_addresses_on_the_computer_of_the_author_are_left_out(self, tmp_path: Path) -> None:
        made = book(["a", "b"], ["x", "见文件"])
        made.worksheets[0]["B2"].hyperlink = "file:///C:/Users/zhang/x.doc"
        found = read(made, tmp_path)
        assert "zhang" not in found.everything
        assert "zhang" in found.finding("addresses of links").words

    def test_shared_texts_are_read_without_what_stands_above_them(self, tmp_path: Path) -> None:
        text = (
            "<r><t xml:space='preserve'>甲 </t></r><r><rPr><b/></rPr><t>乙_x000D_\n丙</t></r>"
            "<rPh sb='0' eb='1'><t>jia</t></rPh>"
        )
        found = read(with_shared(saved(people()), text), tmp_path)
        assert "<td>甲 <strong>乙<br>丙</strong></td>" in found.document.html
        assert found.finding("pinyin", LEFT_OUT).words == "jia"

    def test_text_that_looks_like_html_stays_text(self, tmp_path: Path) -> None:
        found = read(book(["条件", "b"], ["a<b & <script>x</script>", 1]), tmp_path)
        assert found.table[1][0] == "a<b & <script>x</script>"

    def test_pictures_that_wps_puts_into_cells_are_told(self, tmp_path: Path) -> None:
        found = read(book(["a", "b"], ["x", '=DISPIMG("ID_1",1)']), tmp_path)
        assert found.finding("pictures in cells", LEFT_OUT).place.endswith("B2")
        assert "DISPIMG" not in found.everything


class TestHidden:
    """What is hidden stays out and is told."""

    def test_hidden_rows_and_columns_are_told_and_not_in_the_entry(self, tmp_path: Path) -> None:
        made = people()
        sheet = made.worksheets[0]
        sheet["C1"], sheet["C2"] = "密", "密码一"
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[3].hidden = True
        found = read(made, tmp_path)
        assert found.table == [["姓名", "金额"], ["甲", "1.5"], ["丙", "300"]]
        assert "密" not in found.everything and "乙" not in found.everything
        assert found.finding("hidden rows", LEFT_OUT).words == "乙 | 20"
        assert found.finding("hidden columns", LEFT_OUT).words == "密 | 密码一"

    @pytest.mark.parametrize(
        "attribute",
        ['hidden="1"', 'ht="0" customHeight="1"', 'ht="0.75" customHeight="1"', 'hidden="1" outlineLevel="1"'],
    )
    def test_rows_without_height_are_hidden(self, tmp_path: Path, attribute: str) -> None:
        made = changed(saved(people()), "xl/worksheets/sheet1.xml", '<row r="3"', f'<row r="3" {attribute}')
        assert "乙" not in read(made, tmp_path).everything

    def test_rows_that_a_filter_hides_are_told_as_such(self, tmp_path: Path) -> None:
        made = people()
        made.worksheets[0].auto_filter.ref = "A1:B4"
        made.worksheets[0].auto_filter.add_filter_column(0, ["甲"])
        made.worksheets[0].row_dimensions[3].hidden = True
        assert read(made, tmp_path).finding("filter hides", LEFT_OUT).words == "乙 | 20"

    @pytest.mark.parametrize("state", ["hidden", "veryHidden"])
    def test_hidden_sheets_are_told_and_not_in_the_entry(
        self, tmp_path: Path, state: Literal["hidden", "veryHidden"]
    ) -> None:
        made = people()
        made.create_sheet("底稿")["B2"] = "内部数据"
        made.worksheets[1].sheet_state = state
        found = read(made, tmp_path)
        assert "内部数据" not in found.everything
        told = found.finding("hidden worksheet", LEFT_OUT)
        assert (told.place, told.words) == ("worksheet “底稿”", "内部数据")

    @pytest.mark.parametrize("code", [";;;", '"";"";"";""'])
    def test_values_that_their_format_hides_are_told(self, tmp_path: Path, code: str) -> None:
        made = people()
        for name in ("A3", "B3"):
            made.worksheets[0][name].number_format = code
        found = read(made, tmp_path)
        assert found.finding("number format", LEFT_OUT).words == "乙 | 20"
        assert "乙" not in found.everything

    def test_white_text_on_white_is_told(self, tmp_path: Path) -> None:
        made = people()
        made.worksheets[0]["A3"].font = Font(color="FFFFFF")
        made.worksheets[0]["A4"].font = Font(color="FF0000")
        made.worksheets[0]["A4"].fill = PatternFill("solid", fgColor="FF0000")
        found = read(made, tmp_path)
        assert found.finding("colour of its cell", CHECK).words == "乙 | 丙"
        assert "乙" not in found.everything

    def test_white_text_on_a_dark_ground_is_shown(self, tmp_path: Path) -> None:
        made = people()
        for cell in made.worksheets[0][1]:
            cell.font, cell.fill = Font(color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
        assert read(made, tmp_path).table[0] == ["姓名", "金额"]

    def test_white_text_in_a_styled_table_is_shown(self, tmp_path: Path) -> None:
        made = people()
        made.worksheets[0]["A1"].font = Font(color="FFFFFF")
        table = Table(displayName="T", ref="A1:B4")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2")
        made.worksheets[0].add_table(table)
        assert read(made, tmp_path).table[0] == ["姓名", "金额"]

    def test_zeros_that_the_sheet_does_not_show_are_left_out(self, tmp_path: Path) -> None:
        made = book(["a", "b"], ["x", 0], ["y", 5])
        made.worksheets[0].sheet_view.showZeros = False
        found = read(made, tmp_path)
        assert found.table[1] == ["x", ""]
        assert found.finding("zeros").place.endswith("B2")

    def test_values_under_merged_cells_are_told(self, tmp_path: Path) -> None:
        made = saved(book(["a", "b"], ["甲", "盖住"], ["c", "d"]))
        made = changed(
            made,
            "xl/worksheets/sheet1.xml",
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>',
        )
        found = read(made, tmp_path)
        assert "盖住" not in found.everything
        assert found.finding("under merged cells").words == "盖住"

    def test_many_hidden_cells_are_counted(self, tmp_path: Path) -> None:
        made = book(["a", "b"], *[[f"行{n}", n] for n in range(40)])
        for row in range(3, 42):
            made.worksheets[0].row_dimensions[row].hidden = True
        told = read(made, tmp_path).finding("hidden rows")
        assert "78 cells" in told.message
        assert told.words.count("|") == 9


class TestBesideTheCells:
    """Comments, headers, pictures and the like."""

    def test_nothing_beside_the_cells_is_in_the_entry(self, tmp_path: Path) -> None:
        made = people()
        sheet = made.worksheets[0]
        sheet["A2"].comment = Comment("批注内容", "作者名")
        assert sheet.oddHeader is not None
        sheet.oddHeader.center.text = "内部&P"
        rule = DataValidation(type="list", formula1='"备选甲,备选乙"', prompt="请选")
        rule.add("B2")
        sheet.add_data_validation(rule)
        made.defined_names["N"] = DefinedName("N", attr_text='"名中文字"')
        made.properties.title, made.properties.creator = "属性题", "作者名"
        found = read(made, tmp_path)
        for words in ("批注内容", "内部", "备选甲", "名中文字", "属性题", "作者名"):
            assert words not in found.everything
        assert found.finding("comments").words == "A2: 批注内容"
        assert found.finding("headers").words == "内部"
        assert "备选甲" in found.finding("lists and hints").words
        assert found.finding("names that stand").words == "N = 名中文字"
        assert found.finding("properties").words == "属性题"

    def test_pictures_follow_the_table(self, tmp_path: Path) -> None:
        made = people()
        buffer = io.BytesIO()
        PillowImage.new("RGB", (9, 9), "red").save(buffer, "PNG", exif=exif())
        made.worksheets[0].add_image(Image(io.BytesIO(buffer.getvalue())), "D9")
        made.worksheets[0].add_image(Image(io.BytesIO(buffer.getvalue())), "F1")
        made.worksheets[0].column_dimensions["F"].hidden = True
        found = read(made, tmp_path)
        assert found.document.html.count("<img") == 1
        assert [file.name for file in found.document.files] == ["picture-1.png"]
        with PillowImage.open(found.folder / "picture-1.png") as picture:
            assert (picture.size, picture.getpixel((4, 4)), picture.info) == ((9, 9), (255, 0, 0), {})
        assert found.finding("behind the table", CHECK).place.endswith("D9")
        assert found.finding("picture was left out", LEFT_OUT).place.endswith("F1")

    def test_pictures_lose_their_metadata(self, tmp_path: Path) -> None:
        made, buffer, exif = people(), io.BytesIO(), PillowImage.Exif()
        exif[0x010F] = "SecretPhone"
        PillowImage.new("RGB", (90, 60), "red").save(buffer, "JPEG", exif=exif)
        made.worksheets[0].add_image(Image(io.BytesIO(buffer.getvalue())), "D9")
        found = read(made, tmp_path)
        assert [file.name for file in found.document.files] == ["picture-1.jpg"]
        assert b"SecretPhone" in buffer.getvalue()
        assert b"SecretPhone" not in (found.folder / "picture-1.jpg").read_bytes()

    def test_text_boxes_charts_and_threads_of_comments_are_told(self, tmp_path: Path) -> None:
        box = (
            "<w><s><from><col>1</col><row>1</row></from><sp><txBody><p><r><t>框中文字</t></r></p></txBody></sp></s></w>"
        )
        thread = '<c><threadedComment ref="B2"><text>请核对</text></threadedComment><threadedComment ref="B2"><text>已核对</text></threadedComment></c>'
        chart = "<c><title><rich><p><r><t>收入图</t></r></p></rich></title></c>"
        kinds = {"drawing": "d", "threadedComment": "t"}
        links = "".join(
            f'<Relationship Id="{k}" Type="http://x/{k}" Target="../{name}.xml"/>' for k, name in kinds.items()
        )
        added = {
            "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships>{links}</Relationships>",
            "xl/_rels/d.xml.rels": '<Relationships><Relationship Id="c" Type="http://x/chart" Target="c.xml"/></Relationships>',
            "xl/d.xml": box,
            "xl/t.xml": thread,
            "xl/c.xml": chart,
        }
        namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
        parts = {
            name: text.replace("<Relationships>", f'<Relationships xmlns="{namespace}">').encode()
            for name, text in added.items()
        }
        found = read(repacked(saved(people()), lambda _name, part: part, **parts), tmp_path)
        assert found.finding("text boxes", LEFT_OUT).words == "框中文字"
        assert found.finding("charts", LEFT_OUT).words == "收入图"
        assert found.finding("comments", LEFT_OUT).words == "B2: 请核对 / 已核对"
        assert not {"框", "核对", "收入"} & set(found.everything)

    def test_sheets_without_cells_are_told_if_they_show_something(self, tmp_path: Path) -> None:
        made = people()
        made.create_sheet("空")
        made.create_sheet("批注")["A1"].comment = Comment("批注内容", "作者名")
        chart = BarChart()
        chart.title = "收入图"
        made.create_sheet("图").add_chart(chart)
        made.worksheets[-1].sheet_state = "hidden"
        found = read(made, tmp_path)
        told = [(each.place, each.words) for each in found.findings("it has only", LEFT_OUT)]
        assert told == [("worksheet “批注”", "批注内容"), ("worksheet “图”", "收入图")]

    def test_a_workbook_that_shows_only_a_chart_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        made = book()
        made.worksheets[0].add_chart(BarChart())
        with pytest.raises(UnreadableFileError, match="only pictures, charts or text boxes"):
            read(made, tmp_path)

    def test_macros_are_told(self, tmp_path: Path) -> None:
        link = '<Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'
        made = changed(saved(people()), "xl/_rels/workbook.xml.rels", "</Relationships>", link)
        made = repacked(made, lambda _name, part: part, **{"xl/vbaProject.bin": b"Attribute VB_Name"})
        assert read(made, tmp_path, "file.xlsm").finding("macros", LEFT_OUT)


class TestChoice:
    """The worksheet and the range that the user means."""

    def test_the_first_visible_sheet_with_text_is_read(self, tmp_path: Path) -> None:
        made = book()
        made.create_sheet("藏")["A1"] = "藏"
        made.worksheets[1].sheet_state = "hidden"
        made.create_sheet("名单").append(["甲", "乙"])
        made.create_sheet("明细").append(["丙", 5])
        found = read(made, tmp_path)
        assert found.cells == ["甲", "乙"]
        told = found.finding("the worksheet was left out", LEFT_OUT)
        assert (told.place, told.words) == ("worksheet “明细”", "丙 | 5")
        assert "2, in A1:B1" in told.message

    @pytest.mark.parametrize("wanted", ["明细", " 明细", "2"])
    def test_a_sheet_is_chosen_by_name_or_number(self, tmp_path: Path, wanted: str) -> None:
        made = people()
        made.create_sheet("明细").append(["丙", 5])
        assert read(made, tmp_path, sheet=wanted).cells == ["丙", "5"]

    @pytest.mark.parametrize("wanted", ["没有", "3", "0"])
    def test_a_wrong_sheet_is_answered_by_the_list(self, tmp_path: Path, wanted: str) -> None:
        made = people()
        made.create_sheet("明细").append(["丙", 5])
        with pytest.raises(UnreadableFileError, match="1 Sheet, 2 明细"):
            read(made, tmp_path, sheet=wanted)

    def test_a_hidden_sheet_cannot_be_chosen(self, tmp_path: Path) -> None:
        made = people()
        made.create_sheet("藏")["A1"] = "藏"
        made.worksheets[1].sheet_state = "hidden"
        with pytest.raises(UnreadableFileError, match="hidden"):
            read(made, tmp_path, sheet="藏")

    @pytest.mark.parametrize("cells", ["A1:A2", "$A$1:$A$2", "a1：a2", "Sheet!A1:A2"])
    def test_a_range_is_cut_out_and_the_rest_told(self, tmp_path: Path, cells: str) -> None:
        found = read(people(), tmp_path, cells=cells)
        assert found.cells == ["姓名", "甲"]
        assert found.finding("outside the range", LEFT_OUT).message.endswith(": 6")

    @pytest.mark.parametrize("cells", ["XX", "A1:ZZZZ9", "9:A", "", "Z50:Z60"])
    def test_a_wrong_range_is_answered_by_the_list(self, tmp_path: Path, cells: str) -> None:
        with pytest.raises(UnreadableFileError, match="range"):
            read(people(), tmp_path, cells=cells)

    def test_cells_outside_the_print_area_are_told(self, tmp_path: Path) -> None:
        made = people()
        made.worksheets[0].print_area = "A1:A4"
        found = read(made, tmp_path)
        assert found.finding("print area", CHECK).words == "金额 | 1.5 | 20 | 300"

    def test_a_workbook_without_visible_text_is_refused(self, tmp_path: Path) -> None:
        made = people()
        for row in range(1, 5):
            made.worksheets[0].row_dimensions[row].hidden = True
        with pytest.raises(UnreadableFileError, match="no visible cell"):
            read(made, tmp_path)


class TestLayout:
    """Title, header, notes and merged cells."""

    def sheet(self) -> Workbook:
        made = book(
            ["附件1"],
            ["青禾镇2026年度\n低保公示表"],
            ["填报单位：青禾镇", None, None, "单位：元"],
            ["序号", "姓名", "金额"],
            [None, None, "标准", "实发"],
            [1, "甲", 650, 600],
            [2, "乙", 650, 580],
            ["合计", None, 1300, 1180],
            ["备注：1. 公示期五天。"],
            ["2. 联系电话见上。"],
        )
        sheet = made.worksheets[0]
        for area in ("A2:D2", "A4:A5", "B4:B5", "C4:D4", "A8:B8", "A9:D9"):
            sheet.merge_cells(area)
        sheet["A2"].font = Font(size=20)
        return made

    def test_title_lines_and_notes_leave_the_table(self, tmp_path: Path) -> None:
        found = read(self.sheet(), tmp_path)
        assert found.document.fields.title == "青禾镇2026年度低保公示表"
        before, table, after = found.document.html.replace("</table>", "<table>").split("<table>")
        assert before.splitlines() == ["<p>附件1</p>", "<p>填报单位：青禾镇　　单位：元</p>"]
        assert after.split("\n")[1:] == ["<p>备注：1. 公示期五天。</p>", "<p>2. 联系电话见上。</p>"]
        assert table.count("<tr>") == 5

    @pytest.mark.parametrize("value", [date(2026, 1, 5), True, "=1/0"])
    def test_dates_errors_and_truth_values_are_no_title(self, tmp_path: Path, value: Any) -> None:
        made = saved(book([value], ["姓名", "金额"], ["甲", 650]))
        made = changed(made, "xl/worksheets/sheet1.xml", "<v></v>", "<v>#DIV/0!</v>") if value == "=1/0" else made
        made = changed(made, "xl/worksheets/sheet1.xml", 'r="A1"', 'r="A1" t="e"') if value == "=1/0" else made
        found = read(made, tmp_path)
        assert found.document.fields.title is None
        assert found.cells == ["姓名", "金额", "甲", "650"]

    def test_a_unit_alone_stands_on_the_right(self, tmp_path: Path) -> None:
        made = book(["2026年收支表"], [None, None, "单位：万元"], ["项目", "收入", "支出"], ["甲", 1, 2])
        found = read(made, tmp_path)
        assert found.document.html.startswith('<p class="right">单位：万元</p>\n<table>')
        assert found.document.fields.title == "2026年收支表"

    def test_merged_cells_span_rows_and_columns(self, tmp_path: Path) -> None:
        html = read(self.sheet(), tmp_path).document.html
        assert '<tr><th rowspan="2">序号</th><th rowspan="2">姓名</th><th colspan="2">金额</th></tr>' in html
        assert '<tr><td colspan="2">合计</td><td class="right">1300</td><td class="right">1180</td></tr>' in html

    def test_headers_in_the_middle_stay_there(self, tmp_path: Path) -> None:
        made = self.sheet()
        for row in made.worksheets[0].iter_rows():
            for cell in row:
                if cell.value == "金额":
                    cell.alignment = Alignment(horizontal="center")
        assert '<th colspan="2" class="center">金额</th>' in read(made, tmp_path).document.html

    def test_figures_are_on_the_right_and_numbers_of_rows_are_not(self, tmp_path: Path) -> None:
        assert (
            '<tr><td>1</td><td>甲</td><td class="right">650</td><td class="right">600</td></tr>'
            in read(self.sheet(), tmp_path).document.html
        )

    def test_hidden_columns_make_merged_cells_narrower(self, tmp_path: Path) -> None:
        made = self.sheet()
        made.worksheets[0].column_dimensions["C"].hidden = True
        found = read(made, tmp_path)
        assert "<th>金额</th>" in found.document.html
        assert "标准" not in found.everything

    def test_a_merged_cell_shows_its_text_where_its_first_row_is_hidden(self, tmp_path: Path) -> None:
        made = book(["组", "姓名"], ["一组", "甲"], [None, "乙"], [None, "丙"])
        made.worksheets[0].merge_cells("A2:A4")
        made.worksheets[0].row_dimensions[2].hidden = True
        assert read(made, tmp_path).table == [["组", "姓名"], ["一组", "乙"], ["丙"]]

    def test_empty_rows_divide_tables_and_empty_columns_go(self, tmp_path: Path) -> None:
        made = book([None, "a", None, "b"], [None, 1, None, 2], [], [None, "c", None, "d"], [None, 3, None, 4])
        found = read(made, tmp_path)
        assert found.document.html.count("<table>") == 2
        assert found.table == [["a", "b"], ["1", "2"], ["c", "d"], ["3", "4"]]

    def test_empty_rows_with_borders_stay_to_be_filled_in(self, tmp_path: Path) -> None:
        made = book(["姓名", "电话"], ["甲", "1"], [], ["乙", "2"])
        for column in (1, 2):
            made.worksheets[0].cell(3, column).border = Border(bottom=Side("thin"))
        assert read(made, tmp_path).table == [["姓名", "电话"], ["甲", "1"], ["", ""], ["乙", "2"]]

    @pytest.mark.parametrize("mark", ["bold", "frozen", "filter", "printed"])
    def test_the_header_is_what_the_file_marks(self, tmp_path: Path, mark: str) -> None:
        made = book(["甲", "乙"], ["一", "二"], ["三", "四"])
        sheet = made.worksheets[0]
        if mark == "bold":
            for cell in sheet[1]:
                cell.font = Font(bold=True)
        elif mark == "frozen":
            sheet.freeze_panes = "A2"
        elif mark == "filter":
            sheet.auto_filter.ref = "A1:B3"
        else:
            sheet.print_title_rows = "1:1"
        html = read(made, tmp_path).document.html
        assert html.startswith("<table>\n<tr><th>甲</th><th>乙</th></tr>\n<tr><td>一</td>")

    def test_a_table_without_header_has_none(self, tmp_path: Path) -> None:
        assert "<th" not in read(book(["甲", "一"], ["乙", "二"]), tmp_path).document.html


class TestLongTables:
    """A long table becomes an attachment."""

    def long(self, rows: int = 40) -> Workbook:
        made = book(
            ["姓名", "出生", "金额", "密"], *[[f"人{n:03}", 32874 + n, n + 0.123456, "密" * 3] for n in range(rows)]
        )
        sheet = made.worksheets[0]
        sheet.column_dimensions["D"].hidden = True
        for row in range(2, rows + 2):
            sheet.cell(row, 2).number_format = 'yyyy"年"m"月"'
            sheet.cell(row, 3).number_format = "0.00"
        made.properties.creator = "作者名"
        return made

    def test_the_text_has_the_first_rows_and_the_number_of_all(self, tmp_path: Path) -> None:
        found = read(self.long(), tmp_path, language="en")
        assert found.document.html.count("<tr>") == 11
        assert "本表共40行" not in found.document.html
        assert [file.title for file in found.document.files] == ["Sheet"] or found.document.files[
            0
        ].title == "Whole table"
        assert "40" in found.document.html.rpartition("</table>")[2]
        assert "人010" not in found.document.visible_text
        assert found.finding("became the attachment", FindingKind.CHANGED)

    def test_the_attachment_shows_the_same_and_hides_nothing(self, tmp_path: Path) -> None:
        found = read(self.long(), tmp_path)
        content = (found.folder / found.document.files[0].name).read_bytes()
        (tmp_path / "again").mkdir()
        again = read(content, tmp_path / "again", cells="A1:Z20")
        assert again.table == [["姓名", "出生", "金额"]] + [
            [f"人{n:03}", shown, f"{n}.12"] for n, shown in enumerate(self.months(19))
        ]
        assert not [f for f in again.document.findings if "outside the range" not in f.message]
        parts = self.unpacked(content)
        for hidden in ("密", "作者名", "openpyxl", ".1234", "32875"):
            assert hidden not in parts

    def months(self, count: int) -> list[str]:
        return ["1990年1月"] * 31 if count > 31 else ["1990年1月"] * count

    def unpacked(self, content: bytes) -> str:
        with ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())

    @pytest.mark.slow
    def test_each_format_looks_the_same_in_the_attachment(self, tmp_path: Path) -> None:
        cases = [case for case in FORMATS if not case.get("date1904") and case.get("language") != "en"]
        made = book(*[["行", case["value"]] for case in cases])
        for row, case in enumerate(cases, 1):
            made.worksheets[0].cell(row, 2).number_format = case["format"]
        found = read(made, tmp_path)
        content = (found.folder / found.document.files[0].name).read_bytes()
        (tmp_path / "again").mkdir()
        again = [
            row[1]
            for first in range(1, len(cases) + 1, 20)
            for row in read(content, tmp_path / "again", cells=f"A{first}:B{first + 19}", sheet="1").table
        ]
        assert again == [case["shown"] for case in cases]

    def test_the_attachment_has_no_time_of_day_that_is_not_shown(self, tmp_path: Path) -> None:
        made = book(["a", "b"], *[["x", 46352.6054321] for _row in range(35)])
        for row in range(2, 37):
            made.worksheets[0].cell(row, 2).number_format = "yyyy/m/d"
        found = read(made, tmp_path)
        parts = self.unpacked((found.folder / found.document.files[0].name).read_bytes())
        assert "<v>46352</v>" in parts and "46352.6" not in parts

    def test_the_attachment_has_the_same_bytes_each_time(self, tmp_path: Path) -> None:
        contents = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            found = read(self.long(), tmp_path / name)
            contents.append((found.folder / found.document.files[0].name).read_bytes())
        assert contents[0] == contents[1]

    def test_texts_that_look_like_formulas_stay_texts(self, tmp_path: Path) -> None:
        content = saved(book(["a", "b"], *[["x", n] for n in range(35)]))
        content = with_shared(content, "<t>=cmd|' /C calc'!A0</t>")
        found = read(content, tmp_path)
        parts = self.unpacked((found.folder / found.document.files[0].name).read_bytes())
        assert "<f>" not in parts and "=cmd" in parts

    def test_a_wide_table_shows_its_first_columns(self, tmp_path: Path) -> None:
        made = book([f"列{n}" for n in range(14)], list(range(14)))
        found = read(made, tmp_path, language="en")
        assert found.table[0] == [f"列{n}" for n in range(8)]
        assert "列13" not in found.document.visible_text
        assert "14 columns" in found.document.html

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("2026年 低保/公示表", "2026年-低保-公示表.xlsx"),
            ("../../etc/passwd", "etc-passwd.xlsx"),
            ("CON", "table.xlsx"),
        ],
    )
    def test_the_name_of_the_attachment_is_safe(self, tmp_path: Path, title: str, name: str) -> None:
        made = book([title], *[["a", n] for n in range(35)])
        made.worksheets[0].merge_cells("A1:B1")
        assert [file.name for file in read(made, tmp_path).document.files] == [name]


class TestHostile:
    """Damaged and hostile files."""

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, b"<html><table></table></html>"]
    )
    def test_files_that_are_no_workbook_are_refused(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(UnreadableFileError):
            read(content, tmp_path)

    def test_every_truncation_is_refused_or_read(self, tmp_path: Path) -> None:
        whole = saved(people())
        for end in range(0, len(whole), 211):
            with pytest.raises(UnreadableFileError):
                read(whole[:end], tmp_path)

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"])
    def test_faulty_xml_is_refused(self, tmp_path: Path, part: str) -> None:
        made = repacked(saved(people()), lambda name, content: content[:-9] if name == part else content)
        with pytest.raises(UnreadableFileError):
            read(made, tmp_path)

    def test_document_types_are_refused(self, tmp_path: Path) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet '
        made = changed(saved(people()), "xl/worksheets/sheet1.xml", "<worksheet ", bomb)
        with pytest.raises(UnreadableFileError):
            read(made, tmp_path)

    def test_a_long_text_in_many_cells_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The cells share the text, so the file is small."""
        monkeypatch.setattr("gongshi.importing.readers.spreadsheet.sheet.sheet_content._MAX_CHARACTERS", 1000)
        with pytest.raises(UnreadableFileError, match="too long"):
            read(book(*[["文" * 100] * 9] * 2), tmp_path)

    def test_a_bomb_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zip_limits, "MAX_BYTES", 1 << 20)
        made = repacked(saved(people()), lambda _name, part: part, **{"xl/media/a.bin": bytes(1 << 20)})
        with pytest.raises(UnreadableFileError, match="too large"):
            read(made, tmp_path)

    def test_a_cell_in_the_last_corner_makes_no_huge_table(self, tmp_path: Path) -> None:
        made = saved(people())
        corner = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData><mergeCells><mergeCell ref="A5:XFD1048570"/></mergeCells>'
        made = changed(made, "xl/worksheets/sheet1.xml", "</sheetData>", corner)
        found = read(made, tmp_path)
        assert "7" in found.cells
        assert len(found.document.html) < 2000

    @pytest.mark.parametrize(
        "damage",
        [
            ('t="inlineStr"', 't="nonsense"'),
            ('t="inlineStr"', 't="s"'),
            ('<row r="2"', '<row r="99999999"'),
            ('r="A2"', 'r="AAAA2"'),
            ("<v>1.5</v>", "<v>NaN</v>"),
            ("<v>1.5</v>", "<v>1e999</v>"),
            ("<sheetData>", '<mergeCells><mergeCell ref="A1:B9"/><mergeCell ref="B1:C3"/></mergeCells><sheetData>'),
        ],
    )
    def test_damaged_cells_do_not_stop_the_others(self, tmp_path: Path, damage: tuple[str, str]) -> None:
        made = changed(saved(people()), "xl/worksheets/sheet1.xml", *damage)
        found = read(made, tmp_path)
        assert "300" in found.everything or "300" in str(found.document.findings)


def test_all_visible_words_are_in_the_entry(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [f"词{row}-{column}" if (row * column) % 3 else None for column in range(6)] for row in range(1, 20)
    ]
    found = read(book(*rows), tmp_path)
    words = {text for row in rows for text in row if text}
    assert {word for word in words if word not in found.document.html} == set()
    assert set(found.document.visible_text.split()) == words


def test_a_very_long_text_is_cut_and_attached(tmp_path: Path) -> None:
    found = read(book(*[[f"第{n}段" + "文" * 30_000] for n in range(4)]), tmp_path, language="en")
    assert len(found.document.html) < 70_000
    assert "4 rows" in found.document.html
