"""Formatting, blanks, links and special characters within a paragraph."""

from __future__ import annotations

import pytest

from gongshi.importing.document import FindingKind
from support.word_documents import cell, note, paragraph, row, run, style, styled, table, word_document
from support.word_reading import added, blocks, lost, read, told

LINE = '<w:u w:val="single"/>'


def shown(*content: str, links: dict[str, str] | None = None, **parts: str) -> str:
    """The HTML of one paragraph; nothing may be lost or added."""
    document = read(word_document(paragraph(*content), links=links, **parts))
    assert not lost(document)
    assert not added(document)
    return "".join(blocks(document)).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("properties", "html"),
    [
        ("<w:b/>", "<strong>字</strong>"),
        ('<w:b w:val="0"/>', "字"),
        ("<w:i/>", "<em>字</em>"),
        (LINE, "<u>字</u>"),
        ('<w:u w:val="none"/>', "字"),
        ("<w:strike/>", "<s>字</s>"),
        ("<w:dstrike/>", "<s>字</s>"),
        ('<w:vertAlign w:val="superscript"/>', "<sup>字</sup>"),
        ('<w:vertAlign w:val="subscript"/>', "<sub>字</sub>"),
        ('<w:color w:val="FF0000"/><w:highlight w:val="yellow"/>', "字"),
    ],
)
def test_formatting_that_means_something_is_kept(properties: str, html: str) -> None:
    assert shown("前", run("字", properties), "后") == f"前{html}后"


def test_capitals_are_written_as_they_are_shown() -> None:
    assert shown(run("abc", "<w:caps/>"), run("d", "<w:smallCaps/>")) == "ABCD"


def test_blanks_around_marked_words_stay_outside() -> None:
    assert shown("前", run(" 字 ", "<w:b/>"), run("句 ", "<w:b/>"), "后") == "前 <strong>字 句</strong> 后"


def test_bold_of_styles_switches_off_again() -> None:
    styles = style("粗段", content="<w:rPr><w:b/></w:rPr>") + style(
        "粗字", kind="character", content="<w:rPr><w:b/></w:rPr>"
    )
    line = styled("粗段", run("粗"), run("不粗", '<w:rStyle w:val="粗字"/>'))
    assert blocks(read(word_document(line, styles=styles))) == ["<p><strong>粗</strong>不粗</p>"]


def test_a_text_that_is_bold_throughout_is_not_bold_in_the_entry() -> None:
    styles = style("Normal", default=True, content="<w:rPr><w:b/></w:rPr>")
    document = read(word_document(*[paragraph("全文都是粗体字的通知内容。" * 5)] * 5, styles=styles))
    assert "<strong>" not in document.html


@pytest.mark.parametrize(
    ("blank", "written"), [("\u3000\u3000\u3000", "＿＿＿"), ("      ", "＿＿＿"), ("\t", "＿＿＿＿"), (" ", " ")]
)
def test_blanks_to_be_filled_in_are_underscores_of_the_same_width(blank: str, written: str) -> None:
    document = read(word_document(paragraph("姓名：", run(blank[:1], LINE), run(blank[1:], LINE), "。")))
    assert blocks(document) == [f"<p>姓名：{written}。</p>"]
    assert told(document, FindingKind.CHANGED) == ([f"姓名：{written}。"] if written.strip() else [])


def test_changes_of_one_kind_are_told_once() -> None:
    body = [paragraph("姓名：", run("\u3000\u3000", LINE)) for _number in range(9)]
    assert len(read(word_document(*body)).findings) == 1


def test_emphasis_marks_are_bold_and_told() -> None:
    document = read(word_document(paragraph("请", run("务必", '<w:em w:val="dot"/>'), "到场")))
    assert blocks(document) == ["<p>请<strong>务必</strong>到场</p>"]
    assert told(document, FindingKind.CHANGED) == ["务必"]


def test_symbols_of_symbol_fonts_are_characters() -> None:
    sign = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
    signs = [sign.format("Wingdings", "F0FE"), sign.format("Wingdings", "00A8"), sign.format("Wingdings 2", "F052")]
    assert shown(*signs, sign.format("Symbol", "F0B3")) == "☑☐☑≥"
    assert shown(run("\uf0fe", '<w:rFonts w:ascii="Wingdings"/>'), run("þ", '<w:rFonts w:ascii="Wingdings"/>')) == "☑☑"
    assert shown(run("þ", '<w:rFonts w:ascii="Calibri"/>')) == "þ"


def test_hyphens_breaks_and_readings() -> None:
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>hànzì</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>汉字</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    assert shown(ruby) == "汉字（hànzì）"
    assert shown("<w:r><w:t>010</w:t><w:noBreakHyphen/><w:t>12</w:t><w:softHyphen/><w:t>3</w:t></w:r>") == "010-123"
    assert shown("<w:r><w:br/><w:t>甲</w:t><w:cr/><w:br/><w:t>乙</w:t><w:br w:type='page'/></w:r>") == "甲<br>乙"


def test_text_in_containers_is_kept() -> None:
    containers = (
        "<w:smartTag><w:smartTagPr/>{}</w:smartTag>",
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:customXml>{}</w:customXml>",
        '<w:dir w:val="ltr">{}</w:dir>',
        '<w:bdo w:val="ltr">{}</w:bdo>',
    )
    assert shown(*(each.format(run("甲")) for each in containers)) == "甲" * 5


def test_links_to_addresses_are_kept_and_others_are_told() -> None:
    links = {
        "web": "https://www.example.com/a?b=1&c=2#d",
        "disk": "file:///C:/Users/zhang/a.doc",
        "bad": "javascript:x",
    }
    link = '<w:hyperlink r:id="{}" w:tgtFrame="_blank">' + run("见此") + "</w:hyperlink>"
    inner = '<w:hyperlink w:anchor="x">' + run("上文") + "</w:hyperlink>"
    document = read(word_document(paragraph(*(link.format(each) for each in (*links, "none")), inner), links=links))
    assert blocks(document) == ['<p><a href="https://www.example.com/a?b=1&amp;c=2#d">见此</a>见此见此见此上文</p>']
    left_out = "".join(told(document, FindingKind.LEFT_OUT))
    assert left_out.count("见此") == 2
    assert told(document, FindingKind.CHANGED) == ["上文"]
    assert "zhang" not in document.html


def test_bookmarks_leave_no_trace() -> None:
    assert shown('<w:bookmarkStart w:id="1" w:name="value-7"/>', "甲", '<w:bookmarkEnd w:id="1"/>') == "甲"


def test_notes_stand_behind_the_text() -> None:
    reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{}"/></w:r>'
    body = (
        paragraph("按规定", reference.format(2), "办理", reference.format(9), "。"),
        table(row("甲", cell(paragraph("乙", reference.format(4)))), row("1", "2")),
    )
    separator = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    footnotes = separator + note(2, "见《办法》。") + note(4, "一段", "二段") + note(5, "没有引用")
    document = read(word_document(*body, footnotes=footnotes))
    assert blocks(document) == [
        '<p>按规定<a href="#footnote-2" class="footnote"></a>办理。</p>',
        '<table><tr><td>甲</td><td>乙<a href="#footnote-4" class="footnote"></a></td></tr>'
        "<tr><td>1</td><td>2</td></tr></table>",
        '<aside id="footnote-2">见《办法》。</aside>',
        '<aside id="footnote-4"><p>一段</p><p>二段</p></aside>',
    ]
    assert document.visible_text.split()[-3:] == ["见《办法》。", "一段", "二段"]
    assert FindingKind.CHECK in [finding.kind for finding in document.findings]


def test_words_of_links_are_not_underlined_besides() -> None:
    styles = style("Hyperlink", kind="character", content=f"<w:rPr>{LINE}</w:rPr>")
    link = f'<w:hyperlink r:id="a">{run("甲", LINE)}</w:hyperlink>'
    found = shown(
        link, run("乙", '<w:rStyle w:val="Hyperlink"/>'), links={"a": "http://www.example.com"}, styles=styles
    )
    assert found == '<a href="http://www.example.com">甲</a>乙'


def test_a_note_mark_that_the_author_typed_is_told() -> None:
    reference = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    document = read(word_document(paragraph("甲", reference), footnotes=note(2, "* 星号注")))
    assert told(document, FindingKind.CHANGED) == ["*"]
    assert blocks(document)[1] == '<aside id="footnote-2">星号注</aside>'


def test_an_initial_belongs_to_its_paragraph() -> None:
    initial = paragraph("春", properties='<w:framePr w:dropCap="drop" w:lines="2"/>')
    assert blocks(read(word_document(initial, paragraph("天来了。")))) == ["<p>春天来了。</p>"]
