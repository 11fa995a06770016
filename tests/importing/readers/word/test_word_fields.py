"""Fields and content controls of Word files: what they show stays, their instructions are nowhere."""

from __future__ import annotations

import pytest

from gongshi.importing.document import FindingKind
from support.word_parts import Cleaned, clean, cleaned, field, inline, p, r, text_box, word_file

_MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
_SECRET = "CANARYCODE"


def _link(read: Cleaned) -> str:
    return read.html.partition('href="')[2].partition('"')[0]


@pytest.mark.parametrize(
    "kind", ["REF", "SEQ 图", "=", "IF", "STYLEREF", "QUOTE", "UNKNOWNFIELD", "FORMTEXT", "MERGEFIELD"]
)
def test_fields_show_their_result_and_never_their_instruction(kind: str) -> None:
    read = cleaned(p("前", field(f" {kind} {_SECRET} ", "结果"), "后"))
    assert read.text == "前结果后"
    assert _SECRET.encode() not in read.everything
    simple = cleaned(p(f'<w:fldSimple w:instr=" {kind} {_SECRET} ">{r("结果")}</w:fldSimple>'))
    assert simple.text == "结果"
    assert _SECRET.encode() not in simple.everything


def test_fields_in_fields_and_over_several_paragraphs() -> None:
    inner = field(f"MERGEFIELD {_SECRET}", "张三")
    outer = f"{_MARK('begin')}<w:r><w:instrText>IF {_SECRET}</w:instrText></w:r>{inner}{_MARK('separate')}{r('一')}"
    read = cleaned(p("前", outer) + p("二", _MARK("end"), "后"))
    assert read.text == "前一\n二后"
    assert _SECRET.encode() not in read.everything


def test_marks_and_words_in_one_run_are_kept_apart() -> None:
    run = (
        f'<w:r><w:t>前</w:t><w:fldChar w:fldCharType="begin"/><w:instrText>REF {_SECRET}</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>果</w:t><w:fldChar w:fldCharType="end"/><w:t>后</w:t></w:r>'
    )
    read = cleaned(p(run))
    assert read.text == "前果后"
    assert _SECRET.encode() not in read.everything


@pytest.mark.parametrize(
    "marks", [("begin",), ("end",), ("separate",), ("begin", "separate"), ("separate", "end"), ("end", "begin")]
)
def test_a_damaged_field_loses_no_words(marks: tuple[str, ...]) -> None:
    read = cleaned(p("前", *map(_MARK, marks), f"<w:r><w:instrText>{_SECRET}</w:instrText></w:r>", "后") + p("尾"))
    assert read.text == "前后\n尾"
    assert _SECRET.encode() not in read.everything


def test_marks_in_a_text_box_do_not_end_the_field_around_it() -> None:
    for marks in ("begin", "end", "separate"):
        box = inline(text_box(p(_MARK(marks), "盒")))
        code = "<w:r><w:instrText>AUTHOR</w:instrText></w:r>"
        read = cleaned(p("前", _MARK("begin"), code, _MARK("separate"), r("王某"), box, r("王某"), _MARK("end"), "后"))
        assert read.text == "前后"
    assert cleaned(p("前", inline(text_box(p(field("PAGE", "5"), "盒"))))).text == "前\n5盒"


def test_a_table_of_contents_is_left_out_with_its_title_and_told() -> None:
    begin = f'{_MARK("begin")}<w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>{_MARK("separate")}'
    entry = field('HYPERLINK \\l "_Toc1"', "一、总则", "<w:r><w:tab/></w:r>", field("PAGEREF _Toc1", "1"))
    body = p("目　录") + p(begin, entry) + p("二、附则", _MARK("end")) + p("正文")
    read = cleaned(body)
    assert read.text == "正文"
    assert read.told() == [("paragraph 2", "目　录\n一、总则\t1\n二、附则")]
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    read = cleaned(f"<w:sdt>{gallery}<w:sdtContent>{body}</w:sdtContent></w:sdt>" + p("正文"))
    assert read.text == "正文"
    assert [each.kind for each in read.findings] == [FindingKind.LEFT_OUT]


def test_links_of_fields_become_links() -> None:
    assert (
        _link(cleaned(p(field('HYPERLINK "https://www.example.com/a?b=1"', "此处")))) == "https://www.example.com/a?b=1"
    )
    assert (
        _link(cleaned(p(field("HYPERLINK https://www.example.com \\o tip", "此", "处")))) == "https://www.example.com"
    )
    simple = '<w:fldSimple w:instr="HYPERLINK &quot;mailto:a@unit.example&quot;"><w:r><w:t>信</w:t></w:r></w:fldSimple>'
    assert _link(cleaned(p(simple))) == "mailto:a@unit.example"
    inside = cleaned(p(field('HYPERLINK \\l "here"', "此处")) + p('<w:bookmarkStart w:id="1" w:name="here"/>', "标题"))
    assert _link(inside) == "#here"
    assert _link(cleaned(p(field("HYPERLINK www.example.com", "此处")))) == "http://www.example.com"


@pytest.mark.parametrize(
    "address",
    ["file:///C:/Users/wang/a.docx", "\\\\server\\share\\a.doc", "a.docx", "javascript:alert(1)", "C:\\a.doc"],
)
def test_links_to_files_on_computers_are_left_out_their_words_stay(address: str) -> None:
    code = address.replace("\\", "\\\\")
    for content in (
        word_file(p(field(f'HYPERLINK "{code}"', "此处"))),
        word_file(p(f'<w:hyperlink r:id="a">{r("此处")}</w:hyperlink>'), None, {"a": ("hyperlink", address, True)}),
    ):
        read = clean(content)
        assert read.text == "此处"
        assert "href" not in read.html
        assert read.told() == [("paragraph 1", f"此处 → {address}")]


def test_words_over_a_link_are_told() -> None:
    link = f'<w:hyperlink r:id="a" w:tooltip="悬停">{r("此处")}</w:hyperlink>'
    read = clean(word_file(p(link), None, {"a": ("hyperlink", "https://a.example", True)}))
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "悬停")]
    assert _link(read) == "https://a.example"


@pytest.mark.parametrize("kind", ["DATE", "TIME", "SAVEDATE", "PRINTDATE"])
def test_a_date_that_word_sets_is_kept_and_to_be_checked(kind: str) -> None:
    read = cleaned(p(field(f'{kind} \\@ "yyyy年M月d日"', "2026年1月5日")))
    assert read.text == "2026年1月5日"
    assert read.told(FindingKind.CHECK) == [("paragraph 1", "2026年1月5日")]


@pytest.mark.parametrize(
    "kind", ["AUTHOR", "LASTSAVEDBY", "FILENAME \\p", "DOCPROPERTY Company", "INCLUDETEXT C:\\a.doc", "USERNAME"]
)
def test_properties_of_the_file_are_left_out_and_told(kind: str) -> None:
    read = cleaned(p("作者：", field(kind, "王某")))
    assert read.text == "作者："
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "王某")]
    assert "王某".encode() not in read.everything


def test_forms_show_what_was_chosen() -> None:
    def form(code: str, data: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r><w:r><w:instrText>{code}</w:instrText></w:r>{_MARK("end")}'

    checked = form(
        "FORMCHECKBOX", '<w:helpText w:val="CANARY"/><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'
    )
    empty = form("FORMCHECKBOX", '<w:checkBox><w:default w:val="0"/></w:checkBox>')
    chosen = form(
        "FORMDROPDOWN",
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="CANARY"/><w:listEntry w:val="女"/></w:ddList>',
    )
    read = cleaned(p(checked, "是", empty, "否 ", chosen))
    assert read.text == "☑是☐否 女"
    assert b"CANARY" not in read.everything


def test_content_controls_show_what_they_show() -> None:
    def control(properties: str, *content: str) -> str:
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{''.join(content)}</w:sdtContent></w:sdt>"

    body = p(
        control('<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>', r("☒")),
        control('<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'),
        control('<w:date w:fullDate="2026-01-05T00:00:00Z"/>', r("1月5日")),
        control('<w:dropDownList w:lastValue="b"/>', r("乙")),
    )
    assert cleaned(body).text == "☒☑1月5日乙"
    nested = control(
        "",
        control("", p("段"))
        + control(
            "", f"<w:tbl>{control('', '<w:tr>' + control('', '<w:tc>' + p('格') + '</w:tc>') + '</w:tr>')}</w:tbl>"
        ),
    )
    assert cleaned(nested).text == "段\n格"


def test_a_prompt_that_nobody_filled_in_is_told() -> None:
    control = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入文字')}</w:sdtContent></w:sdt>"
    )
    assert cleaned(p(control)).told(FindingKind.CHECK) == [("paragraph 1", "单击此处输入文字")]


def test_a_control_with_the_author_is_left_out() -> None:
    binding = '<w:dataBinding w:prefixMappings="xmlns:ns0=\'http://schemas.openxmlformats.org/package/2006/metadata/core-properties\'" w:xpath="/ns0:coreProperties[1]/ns1:creator[1]"/>'
    read = cleaned(p(f"<w:sdt><w:sdtPr>{binding}</w:sdtPr><w:sdtContent>{r('王某')}</w:sdtContent></w:sdt>", "文"))
    assert read.text == "文"
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "王某")]


def test_buttons_symbols_and_numbers_without_a_result() -> None:
    assert cleaned(p(field("MACROBUTTON NoMacro [单击 此处]"))).text == "[单击 此处]"
    assert cleaned(p(field('SYMBOL 254 \\f "Wingdings"'))).text == "🗹"
    assert cleaned(p(field("LISTNUM"), "项")).told(FindingKind.LEFT_OUT) == [("paragraph 1", "项")]


def test_a_picture_from_elsewhere_is_not_fetched() -> None:
    read = cleaned(p(field('INCLUDEPICTURE "http://evil.example/a.png"', "Error!"), "文"))
    assert read.text == "文"
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "http://evil.example/a.png")]


def test_enclosed_characters_and_fractions_of_eq_fields() -> None:
    read = cleaned(p(field("eq \\o\\ac(○,3)"), "项 ", field("EQ \\f(1,2)")))
    assert read.text == "③项 1/2"
    assert read.told(FindingKind.CHANGED) == [("paragraph 1", "③\n1/2")]


def test_broken_references_and_open_places_of_form_letters_are_told() -> None:
    read = cleaned(p(field("REF a", "错误！未找到引用源。")) + p(field("MERGEFIELD 姓名", "«姓名»")))
    assert read.told(FindingKind.CHECK) == [("paragraph 1", "错误！未找到引用源。"), ("paragraph 2", "«姓名»")]
