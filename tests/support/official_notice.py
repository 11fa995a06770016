"""An official notice as an office writes it in Word: red head, numbers, merged table, seal, attachment, signature."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from PIL import Image, ImageDraw

NUMBER = "青政发〔2026〕12号"
TITLE = "青禾镇人民政府关于做好2026年冬季困难群众取暖救助工作的通知"
_RED = RGBColor(0xE6, 0x00, 0x12)
_ROWS = (
    ("片区", "村（社区）", "户数", "金额（元）"),
    ("东片", "禾苗社区", "12", "6,000.00"),
    ("", "柳塘村", "8", "4,000.00"),
    ("西片", "石桥村", "15", "7,500.00"),
    ("合计", "", "35", "17,500.00"),
)
TEXTS = (
    "各村（社区），镇直有关单位：",
    "　　为确保困难群众温暖过冬，现将2026年冬季取暖救助工作有关事项通知如下。",
)


def official_notice(day: str = "2026年11月26日", header: str = "CANARYheader 内部资料") -> bytes:
    """The notice as a .docx file.

    Args:
        day: on which it was signed and printed.
        header: what stands above its pages.
    """
    document = docx.Document()
    document.styles["Normal"].font.name = "仿宋"
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    document.styles["Normal"].font.size = Pt(16)
    document.core_properties.author = "CANARYauthor"
    document.core_properties.comments = "CANARYproperties"
    document.sections[0].header.paragraphs[0].text = header
    _line(document, "青禾镇人民政府文件", size=36, colour=_RED, centre=True, font="方正小标宋简体")
    _line(document, NUMBER, centre=True)
    for part in ("青禾镇人民政府", "关于做好2026年冬季困难群众取暖救助工作的", "通知"):
        _line(document, part, size=22, centre=True, font="方正小标宋简体")
    for text in TEXTS:
        _line(document, text)
    _line(document, "一、救助对象", font="黑体")
    _line(document, "　　（一）特困供养人员。经村（社区）核实、镇民政办复核的分散供养特困人员。")
    _line(document, "　　（二）低保家庭。享受最低生活保障且无集中供暖的家庭。")
    _line(document, "二、救助标准和名额", font="黑体")
    _line(document, "　　每户500元，各村（社区）名额见下表。")
    _table(document)
    _line(document, "三、工作要求", font="黑体")
    _line(document, "　　1.准确核对。12月5日前完成核实，联系电话：0500-8820118。")
    _line(document, "　　2.公开公示。名单公示不少于7天，公示内容不得含有完整身份证号。")
    _line(document, "　　附件：1.困难群众取暖救助申请表")
    _line(document, "　　　　　2.救助名单汇总表")
    signature = _line(document, "青禾镇人民政府　　", right=True)
    signature._p.append(_floating_seal(document))
    _line(document, f"{day}　　　", right=True)
    _line(document, "（此件公开发布）")
    _line(document, "抄送：县民政局，县财政局。")
    _line(document, f"青禾镇人民政府办公室　　　　　　　　　{day}印发")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _line(
    document: Any, text: str, *, size: int = 16, colour: RGBColor | None = None, centre: bool = False,
    right: bool = False, font: str = "",
) -> Any:  # fmt: skip
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    if font:
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if centre or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph


def _table(document: Any) -> None:
    table = document.add_table(rows=len(_ROWS), cols=4, style="Table Grid")
    for cells, row in zip(table.rows, _ROWS, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(4, 0).merge(table.cell(4, 1))


def seal() -> bytes:
    """A round red seal as a PNG picture."""
    image = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 232, 232), outline=(230, 0, 18, 255), width=8)
    draw.regular_polygon((120, 120, 40), 5, fill=(230, 0, 18, 255))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _floating_seal(document: Any) -> Any:
    """Return a run with the seal, floating behind the signature."""
    part, _image = document.part.get_or_add_image(io.BytesIO(seal()))
    size = Cm(4)
    return parse_xml(
        f'<w:r {nsdecls("w", "wp", "a", "pic", "r")}><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" '
        'simplePos="0" relativeHeight="2" behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>3600000</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>-400000</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{size}" cy="{size}"/><wp:wrapNone/><wp:docPr id="7" name="Seal" descr="公章"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="7" name="seal.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{part}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></w:r>"
    )
