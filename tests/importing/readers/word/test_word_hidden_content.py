"""What a reader of the paper does not see is not in the entry, and is told with its place and words."""

from __future__ import annotations

import pytest

from gongshi.importing.document import FindingKind
from support.office_documents import repacked
from support.word_parts import clean, cleaned, field, inline, p, part, r, row, table, text_box, word_file

_CANARY = "隐藏的话"
_WHITE = p(r("白", '<w:color w:val="FFFFFF"/>'))
_STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr>{defaults}</w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Child"><w:name w:val="Child"/><w:basedOn w:val="Secret"/></w:style>
<w:style w:type="paragraph" w:styleId="Shown"><w:name w:val="Shown"/><w:basedOn w:val="Secret"/>
  <w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop2"/></w:style>
<w:style w:type="paragraph" w:styleId="Loop2"><w:name w:val="Loop2"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:type="character" w:styleId="Invisible"><w:name w:val="Invisible"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Veiled"><w:name w:val="Veiled"/><w:rPr><w:vanish/></w:rPr></w:style>
"""


def _styled(style: str, *content: str) -> str:
    return p(*content, properties=f'<w:pStyle w:val="{style}"/>')


def _hidden(body: str) -> bool:
    """True if the canary is removed completely and told, and the rest is there."""
    read = cleaned(p("前") + body + p("后"), styles=_STYLES.format(defaults=""))
    assert read.text.startswith("前") and read.text.endswith("后")
    if _CANARY in read.text:
        assert not [each for each in read.findings if each.kind is FindingKind.LEFT_OUT]
        return False
    assert _CANARY.encode() not in read.everything
    assert [each.words for each in read.findings] == [_CANARY]
    assert all(each.place for each in read.findings)
    return True


def test_hidden_text_is_left_out_however_it_is_hidden() -> None:
    assert _hidden(p(r(_CANARY, "<w:vanish/>")))
    assert _hidden(p(r(_CANARY, "<w:webHidden/>")))
    assert _hidden(p(r(_CANARY, '<w:rStyle w:val="Invisible"/>')))
    assert _hidden(_styled("Secret", _CANARY))
    assert _hidden(_styled("Child", _CANARY))
    assert _hidden(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Veiled"/></w:tblPr><w:tr><w:tc>{p(_CANARY)}</w:tc></w:tr></w:tbl>'
    )
    assert _hidden(
        f"<m:oMath><m:r><w:rPr><w:vanish/></w:rPr><m:t>{_CANARY}</m:t></m:r></m:oMath>".join(("<w:p>", "</w:p>"))
    )


def test_styles_toggle_the_property_as_the_standard_says() -> None:
    assert not _hidden(_styled("Secret", r(_CANARY, '<w:rStyle w:val="Invisible"/>')))
    assert not _hidden(_styled("Secret", r(_CANARY, '<w:vanish w:val="false"/>')))
    assert not _hidden(p(r(_CANARY, '<w:vanish w:val="0"/>')))
    assert not _hidden(_styled("Shown", _CANARY))
    assert not _hidden(_styled("Loop", _CANARY))


def test_defaults_of_the_document_hide_all_text() -> None:
    read = cleaned(p(_CANARY) + p(r("看", '<w:vanish w:val="0"/>')), styles=_STYLES.format(defaults="<w:vanish/>"))
    assert read.text == "看"
    assert read.told() == [("paragraph 1", _CANARY)]


def test_a_paragraph_that_is_hidden_as_a_whole_leaves_no_empty_one() -> None:
    hidden = p(r(_CANARY, "<w:vanish/>"), properties="<w:rPr><w:vanish/></w:rPr>")
    assert b"<w:p><" not in cleaned(p("前") + hidden).everything.partition("前".encode())[2]


def test_hidden_text_that_follows_each_other_is_told_once_with_its_place() -> None:
    body = p("前") + table("甲|乙", row(p("丙", r("机", "<w:vanish/>"), r("密", "<w:vanish/>")), "丁"))
    assert cleaned(body).told() == [("table 1, row 2", "机密")]


def test_a_hidden_row_is_left_out() -> None:
    body = table("甲|乙", row(p(r("机", "<w:vanish/>")), p(r("密", "<w:vanish/>")), properties="<w:hidden/>"))
    read = cleaned(body)
    assert read.html.count("<tr>") == 1


def test_comments_are_left_out_with_the_place_that_they_are_about() -> None:
    comments = f'<w:comment w:id="3" w:author="Canary Wang" w:initials="CW">{p(_CANARY)}</w:comment>'
    mark = '<w:commentRangeStart w:id="3"/>{}<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
    read = cleaned(p("前") + p(mark.format(r("金额"))), comments=comments)
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 2", _CANARY)]
    assert read.text == "前\n金额"
    assert _CANARY.encode() not in read.everything
    assert b"Canary" not in read.everything and "Canary" not in read.words


def test_headers_and_footers_of_all_sections_are_told_page_numbers_are_not() -> None:
    read = cleaned(
        p("文"),
        header1=p("内部资料"),
        footer1=p("第", field("PAGE", "3"), "页 共", field("NUMPAGES", "9"), "页"),
    )
    assert [(each.message, each.words) for each in read.findings] == [("the header is left out", "内部资料")]
    assert "内部资料".encode() not in read.everything
    assert not cleaned(
        p("文"), header1=p("- ", '<w:fldSimple w:instr="PAGE"><w:r><w:t>7</w:t></w:r></w:fldSimple>', " -")
    ).findings
    mixed = cleaned(p("文"), footer1=p("青禾镇 ", field("PAGE", "3")))
    assert [(each.message, each.words) for each in mixed.findings] == [("the footer is left out", "青禾镇")]


def test_page_numbers_in_text_boxes_as_wps_writes_them_are_not_told() -> None:
    number = p("— ", field("PAGE  \\* MERGEFORMAT", "1"), " —")
    box = f"<v:shape><v:textbox><w:txbxContent>{number}</w:txbxContent></v:textbox></v:shape>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{inline(text_box(number))}</mc:Choice>'
        f"<mc:Fallback><w:r><w:pict>{box}</w:pict></w:r></mc:Fallback></mc:AlternateContent>"
    )
    assert not cleaned(p("文"), footer1=p(both)).findings


def test_a_picture_in_the_background_of_the_pages_is_told() -> None:
    fill = b'<w:background><v:background><v:fill r:id="a"/></v:background></w:background><w:body>'
    content = repacked(word_file(p("文")), lambda _name, old: old.replace(b"<w:body>", fill))
    assert "background of the pages" in clean(content).words


def test_watermarks_are_told() -> None:
    shape = '<v:shape id="PowerPlusWaterMarkObject1"><v:textpath string="机密"/></v:shape>'
    read = cleaned(p("文"), header1=p(f"<w:r><w:pict>{shape}</w:pict></w:r>"))
    assert [(each.message, each.words) for each in read.findings] == [("a watermark is left out", "机密")]


_UNSEEN = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ('<w:color w:val="FFFFFF"/>', "colour of its background"),
        ('<w:color w:val="FEFEFE"/>', "colour of its background"),
        ('<w:color w:val="auto" w:themeColor="background1"/>', "colour of its background"),
        ('<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FF0000"/>', "colour of its background"),
        ('<w:sz w:val="2"/>', "two points"),
        ('<w:w w:val="1"/>', "narrow"),
    ],
)
def test_text_that_nobody_can_read_is_left_out_and_told(properties: str, reason: str) -> None:
    read = cleaned(p("前", r("看不", properties), r("见", properties), "后"))
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "看不见")]
    assert reason in read.findings[0].message
    assert read.text == "前后"
    assert "看不".encode() not in read.everything


@pytest.mark.parametrize(
    "body",
    [
        p(r("看不见", "<w14:textFill><w14:noFill/></w14:textFill>")),
        p(r("看不见", _UNSEEN)) + p('<w:r><w:drawing><wp:anchor behindDoc="1"/></w:drawing></w:r>'),
        p(r("看不见", _UNSEEN)) + p("<w:r><w:pict/></w:r>"),
    ],
)
def test_text_that_may_be_seen_on_a_picture_stays_and_is_told(body: str) -> None:
    read = cleaned(body)
    assert read.told(FindingKind.CHECK) == [("paragraph 1", "看不见")]
    assert "看不见" in read.text


@pytest.mark.parametrize(
    "body",
    [
        p(r("白", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/>')),
        p(r("白", '<w:color w:val="FFFFFF"/>'), properties='<w:shd w:val="clear" w:fill="C00000"/>'),
        p(r("白", '<w:color w:val="FFFFFF"/><w:highlight w:val="red"/>')),
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F4E79"/></w:tcPr>{_WHITE}</w:tc></w:tr></w:tbl>',
        p(r("小", '<w:sz w:val="10"/>')),
        p(r("  ", '<w:color w:val="FFFFFF"/>')),
    ],
)
def test_white_text_on_dark_ground_is_not_told(body: str) -> None:
    assert not cleaned(body).findings


def test_text_in_the_colour_of_a_coloured_page_is_told() -> None:
    settings = part("settings", "<w:displayBackgroundShape/>")
    body = p(r("红", '<w:color w:val="C00000"/>'))
    document = word_file(body, {"settings.xml": settings})
    assert not clean(document).findings
    coloured = _with_background(document, "C00000")
    assert clean(coloured).told(FindingKind.LEFT_OUT) == [("paragraph 1", "红")]


def _with_background(content: bytes, colour: str) -> bytes:
    mark = f'<w:background w:color="{colour}"/><w:body>'.encode()
    return repacked(content, lambda name, old: old.replace(b"<w:body>", mark) if name == "word/document.xml" else old)


def test_text_cut_off_by_an_exact_height_is_told() -> None:
    low = p("看不见", properties='<w:spacing w:line="20" w:lineRule="exact"/>')
    assert cleaned(low).told(FindingKind.CHECK) == [("paragraph 1", "看不见")]
    flat = table(row("看不见", properties='<w:trHeight w:val="10" w:hRule="exact"/>'))
    assert cleaned(flat).told(FindingKind.CHECK) == [("table 1, row 1", "看不见")]


def test_descriptions_of_tables_are_told() -> None:
    properties = '<w:tblPr><w:tblCaption w:val="说明"/><w:tblDescription w:val="内部"/></w:tblPr>'
    body = f"<w:tbl>{properties}<w:tr><w:tc>{p('格')}</w:tc></w:tr></w:tbl>"
    assert cleaned(body).told() == [("table 1, row 1", "说明\n内部")]


def test_a_note_whose_place_is_hidden_goes_with_it() -> None:
    notes = f'<w:footnote w:id="2">{p(_CANARY)}</w:footnote>'
    read = cleaned(p("文", '<w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id="2"/></w:r>'), footnotes=notes)
    assert read.told(FindingKind.LEFT_OUT) == [("footnote 1", _CANARY)]
    assert _CANARY.encode() not in read.everything


def test_properties_and_further_parts_of_the_file_are_nowhere_in_the_result() -> None:
    hidden = {
        "glossary/document.xml": part("glossaryDocument", p(_CANARY)),
        "settings.xml": part("settings", f'<w:docVars><w:docVar w:name="a" w:val="{_CANARY}"/></w:docVars>'),
        "customXml.xml": f"<a>{_CANARY}</a>",
        "people.xml": part("people", f'<w:person w:author="{_CANARY}"/>'),
    }
    content = word_file(p("文"), hidden, {"extra": ("glossaryDocument", "glossary/document.xml")})
    properties = f"<a>{_CANARY}</a>".encode()
    content = repacked(
        content, lambda _n, old: old, **{"docProps/core.xml": properties, "docProps/thumbnail.jpeg": properties}
    )
    read = clean(content)
    assert _CANARY.encode() not in read.everything


def test_names_of_styles_bookmarks_and_controls_are_nowhere_in_the_page() -> None:
    control = f'<w:sdt><w:sdtPr><w:alias w:val="{_CANARY}"/><w:tag w:val="{_CANARY}"/><w:dropDownList><w:listItem w:displayText="{_CANARY}"/></w:dropDownList></w:sdtPr><w:sdtContent>{r("选项")}</w:sdtContent></w:sdt>'
    read = cleaned(p(f'<w:bookmarkStart w:id="1" w:name="{_CANARY}"/>', "文", control))
    assert read.text == "文选项"
    assert _CANARY.encode() not in read.everything
