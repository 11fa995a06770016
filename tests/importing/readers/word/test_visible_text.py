"""All visible text is in the entry or in the findings, and the entry shows nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.importing.document import FindingKind
from support.word_documents import (
    cell,
    level,
    note,
    numbered,
    numbering,
    paragraph,
    row,
    run,
    style,
    table,
    word_document,
)
from support.word_reading import added, blocks, lost, read, told

LOOKS = ("", "<w:b/>", "<w:i/>", '<w:u w:val="single"/>', "<w:strike/>", "<w:caps/>", '<w:em w:val="dot"/>')
PROPERTIES = (
    "",
    '<w:jc w:val="center"/>',
    '<w:jc w:val="right"/>',
    '<w:pStyle w:val="heading1"/>',
    '<w:ind w:left="5000"/>',
    *(f'<w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="1"/></w:numPr>' for number in range(3)),
)
NUMBERS = numbering([level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2."), level(2, "bullet", "●")])
STYLES = style("heading 1", content='<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
TEXTS = st.one_of(
    st.sampled_from(
        ("一、", "（一）", "1. ", "表1 ", "图2 ", "第一章 ", "抄送：", "　　", "\t\t", "    ", "\n", "ß", "1")
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=12),
)
RUNS = st.builds(run, TEXTS, st.sampled_from(LOOKS))
PARAGRAPHS = st.builds(
    lambda runs, properties: paragraph(*runs, properties=properties),
    st.lists(RUNS, max_size=4),
    st.sampled_from(PROPERTIES),
)
MERGES = ("", '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:hMerge w:val="continue"/>')


def tables(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Tables of any cells, merged in any way."""
    cells = st.builds(
        lambda blocks, properties: cell(*blocks, properties=properties),
        st.lists(inner, min_size=1, max_size=2),
        st.sampled_from(MERGES),
    )
    rows = st.lists(cells, min_size=1, max_size=3).map(lambda found: row(*found))
    return st.lists(rows, min_size=1, max_size=3).map(lambda found: table(*found))


BLOCKS = st.one_of(PARAGRAPHS, PARAGRAPHS, tables(st.one_of(PARAGRAPHS, tables(PARAGRAPHS))))


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(BLOCKS, max_size=6))
def test_nothing_is_lost_and_nothing_added_whatever_stands_where(body: list[str]) -> None:
    document = read(word_document(*body, styles=STYLES, numbering=NUMBERS))
    assert blocks(document) is not None
    assert not lost(document)
    assert not added(document)


def test_there_is_a_line_for_each_paragraph_and_each_cell() -> None:
    body = (paragraph("甲\n乙"), table(row(cell("丙", "丁"), "戊")), numbered(1, 0, "己"))
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    document = read(word_document(*body, paragraph("庚", reference), numbering=NUMBERS, footnotes=note(2, "注")))
    assert document.visible_text.splitlines() == ["甲", "乙", "丙 丁", "戊", "一、己", "庚", " 注"]


def test_text_that_only_older_programs_show_and_instructions_of_fields_are_not_visible() -> None:
    choice = "<mc:AlternateContent><mc:Choice><w:r><w:t>新</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>旧</w:t></w:r>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>指令</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = paragraph(f"{choice}</mc:Fallback></mc:AlternateContent>", field)
    assert read(word_document(body)).visible_text == "新结果\n"


def form_field(kind: str, data: str, result: str = "") -> str:
    """A field of an older form."""
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
        f"<w:r><w:instrText>{kind}</w:instrText></w:r>{shown}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_boxes_and_choices_of_forms_are_visible() -> None:
    box, checked = (form_field("FORMCHECKBOX", f"<w:checkBox>{each}</w:checkBox>") for each in ("", "<w:checked/>"))
    choices = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="男"/><w:listEntry w:val="女"/></w:ddList>'
    chosen, typed = (form_field("FORMDROPDOWN", choices, result) for result in ("", "其他"))
    document = read(word_document(paragraph(box, "否", checked, "是 ", chosen, typed)))
    assert document.visible_text == "☐否☑是 女其他\n"
    assert blocks(document) == ["<p>☐否☑是 女其他</p>"]


def test_signs_that_have_no_character_are_told_and_not_compared() -> None:
    sign = '<w:r><w:sym w:font="Symbol" w:char="F094"/></w:r>'
    document = read(word_document(paragraph("甲", sign)))
    assert document.visible_text == "甲\n"
    assert told(document, FindingKind.LEFT_OUT) == ["F094"]


def test_the_dot_of_an_empty_item_is_no_text() -> None:
    body = (numbered(1, 2, "甲"), numbered(1, 2, ""), numbered(1, 2, "乙"))
    document = read(word_document(*body, numbering=NUMBERS))
    assert blocks(document) == ["<ul><li>甲</li><li>乙</li></ul>"]
