"""Lines stand where they stand on paper."""

from __future__ import annotations

import pytest

from support.word_documents import aligned, paragraph, style, styled, word_document
from support.word_reading import blocks, elements, lost, read

SIZE = '<w:sz w:val="32"/>'


@pytest.mark.parametrize(
    "line",
    [
        aligned("right", "青禾镇人民政府"),
        aligned("end", "青禾镇人民政府　　"),
        paragraph("\u3000" * 17 + "青禾镇人民政府", looks=SIZE),
        paragraph(" " * 40 + "2026年11月26日", looks=SIZE),
        paragraph("\t" * 6 + "2026年11月26日", looks=SIZE),
        paragraph("青禾镇人民政府", properties='<w:ind w:left="5000"/>', looks=SIZE),
        paragraph("青禾镇人民政府", properties='<w:ind w:firstLineChars="2300" w:firstLine="4830"/>', looks=SIZE),
        paragraph("青禾镇人民政府", properties='<w:jc w:val="center"/><w:ind w:left="4500"/>', looks=SIZE),
        paragraph("\t青禾镇", properties='<w:tabs><w:tab w:val="right" w:pos="8300"/></w:tabs>'),
    ],
)
def test_a_signature_stands_at_the_right_however_it_was_moved_there(line: str) -> None:
    document = read(word_document(line))
    assert elements(document) == ["p.right"]
    assert not lost(document)
    assert blocks(document)[0][len('<p class="right">')] in "青2"


def test_alignment_of_styles_is_kept() -> None:
    styles = style("居中", content='<w:pPr><w:jc w:val="center"/></w:pPr>') + style("子", based_on="居中")
    assert elements(read(word_document(styled("子", "关于防火的通知"), styles=styles))) == ["p.center"]


def test_a_title_in_the_middle_by_blanks() -> None:
    assert elements(read(word_document(paragraph(" " * 19 + "关于防火的通知", looks=SIZE)))) == ["p.center"]


@pytest.mark.parametrize(
    "line",
    [
        paragraph("　　正文首行缩进两字。"),
        paragraph("　　　　2. 承诺书"),
        paragraph("签字：\t\t\t\t日期："),
        paragraph("\u3000" * 12 + "很长的一行文字，超出了这一行剩下的地方，" * 3),
        paragraph("左缩进", properties='<w:ind w:left="840"/>'),
    ],
)
def test_other_lines_stay_where_they_are_with_their_blanks(line: str) -> None:
    document = read(word_document(line))
    assert elements(document) == ["p"]


def test_empty_paragraphs_and_page_breaks_are_gone() -> None:
    breaks = paragraph('<w:r><w:br w:type="page"/></w:r>')
    section = paragraph(properties='<w:sectPr><w:pgSz w:w="11906"/></w:sectPr>')
    assert blocks(
        read(word_document(paragraph("甲"), paragraph(), breaks, section, paragraph(" "), paragraph("乙")))
    ) == [
        "<p>甲</p>",
        "<p>乙</p>",
    ]
