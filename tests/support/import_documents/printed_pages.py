"""PDF and OFD files, whose pages have characters at places and nothing else."""

from __future__ import annotations

from datetime import date

from support.import_documents.own_document import own_document
from support.ofd_files import OfdPage, ofd
from support.pdf_files import RED, PdfPage, pdf

LONG = "为做好本年度城乡居民基本医疗保险参保缴费工作，根据上级有关要求，结合本镇实际情况，现将有关事项通知如下，请认真组织实施。"


@own_document(
    "防汛.pdf",
    f"""
    各村：
    {LONG}
    | 村名 | 人数 |
    | 东村 | 1,200 |
    → 青禾镇人民政府
    → 2026年6月1日
    """,
    title="关于做好防汛工作的通知",
    number="青政发〔2026〕3号",
    issued=date(2026, 6, 1),
    issuer="青禾镇人民政府",
    told=("— 1 —", "青禾镇人民政府文件"),
)
def notice() -> bytes:
    """A notice with a red head, a table with lines, a signature, and the number of the page."""
    page = PdfPage()
    page.centred(80, "青禾镇人民政府文件", 36, colour=RED)
    page.centred(150, "青政发〔2026〕3号")
    page.centred(200, "关于做好防汛工作的通知", 22)
    page.text(90, 240, "各村：")
    page.paragraph(268, LONG)
    page.table([90, 200, 506], [400, 424, 448], [["村名", "人数"], ["东村", "1,200"]])
    page.text(350, 500, "青禾镇人民政府")
    page.text(350, 528, "2026年6月1日")
    page.text(280, 790, "— 1 —", 14)
    return pdf(page)


@own_document(
    "两页.pdf",
    f"""
    ## 一、工作要求
    {LONG}
    ## 二、工作要求
    {LONG}
    ## 三、工作要求
    {LONG}
    雨季来临之前，各村要对低洼院落、河道和山坡逐一检查，发现险情立即上报。
    """,
    title="青禾镇防汛预案",
    told=("青禾镇防汛预案", "第1页 第2页"),
)
def two_pages() -> bytes:
    """A paragraph that goes on after the page, with the same header on both."""
    pages = [PdfPage(), PdfPage()]
    for number, page in enumerate(pages, 1):
        page.text(90, 40, "青禾镇防汛预案", 10)
        page.text(290, 800, f"第{number}页", 10)
    pages[0].centred(90, "青禾镇防汛预案", 22)
    top = 150.0
    for part in ("一、", "二、", "三、"):
        pages[0].text(90, top, part + "工作要求")
        top = pages[0].paragraph(top + 28, LONG)
    pages[0].text(90 + 32, 732, "雨季来临之前，各村要对低洼院落、河道和山坡逐"[:24])
    pages[1].text(90, 90, "一检查，发现险情立即上报。")
    return pdf(*pages)


@own_document(
    "版式.ofd",
    f"""
    各村：
    {LONG}
    | 村名 | 人数 |
    | 东村 | 1,200 |
    → 青禾镇人民政府
    → 2026年6月1日
    """,
    title="关于做好防汛工作的通知",
    issued=date(2026, 6, 1),
    issuer="青禾镇人民政府",
)
def layout_file() -> bytes:
    """A notice in the national format, with a table."""
    page = OfdPage()
    page.centred(80, "关于做好防汛工作的通知", 22)
    page.text(90, 130, "各村：")
    page.paragraph(158, LONG)
    for x in (90, 200, 506):
        page.line(x, 300, x, 348)
    for y in (300, 324, 348):
        page.line(90, y, 506, y)
    for x, y, words in ((94, 304, "村名"), (204, 304, "人数"), (94, 328, "东村"), (204, 328, "1,200")):
        page.text(x, y, words, 12)
    page.text(350, 400, "青禾镇人民政府")
    page.text(350, 428, "2026年6月1日")
    return ofd(page)
