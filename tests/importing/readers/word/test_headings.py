"""Headings are recognized by their style, or by their number and look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from support.word_documents import paragraph, style, word_document
from support.word_reading import blocks, elements, lost, read

CASES = yaml.safe_load(Path("tests/cases/import/word_headings.yml").read_text(encoding="utf-8"))
TEXT = "为深入贯彻落实上级部署，切实做好今年的森林防火工作，确保人民群众生命财产安全，现将有关事项通知如下，请认真抓好落实。"
STYLES = "".join(
    (
        style("Normal", default=True, content='<w:rPr><w:rFonts w:eastAsia="仿宋"/></w:rPr>'),
        style("Title", based_on="Normal"),
        style("heading 1", based_on="Normal", content='<w:pPr><w:outlineLvl w:val="0"/></w:pPr>').replace(
            '"heading1"', '"Heading1"'
        ),
        style("heading 2", based_on="Heading1").replace('"heading2"', '"Heading2"'),
        style("标题 3", based_on="Heading1").replace('"标题3"', '"Heading3"'),
    )
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_headings_are_lines_of_their_own_that_stand_out(case: dict[str, Any]) -> None:
    document = read(word_document(*map(_paragraph, case["lines"]), styles=STYLES))
    assert elements(document) == case["shown"]
    assert not lost(document)


def test_a_heading_is_not_bold_besides() -> None:
    bold = style("heading 1", content='<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr>')
    lines = (paragraph("甲\n乙", properties='<w:pStyle w:val="heading1"/>'), paragraph(TEXT))
    assert blocks(read(word_document(*lines, styles=bold)))[0] == "<h2>甲乙</h2>"


def _paragraph(line: str | dict[str, Any]) -> str:
    found = {"line": line} if isinstance(line, str) else line
    properties = f'<w:pStyle w:val="{found["style"]}"/>' if "style" in found else ""
    properties += f'<w:jc w:val="{found["align"]}"/>' if "align" in found else ""
    looks = f'<w:rFonts w:eastAsia="{found["font"]}"/>' if "font" in found else ""
    looks += "<w:b/>" if found.get("bold") else ""
    return paragraph(TEXT if found["line"] == "text" else found["line"], properties=properties, looks=looks)
