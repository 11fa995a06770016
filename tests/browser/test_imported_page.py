"""The page of an imported Word file on a phone and on a desk: nothing sideways, nothing axe misses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browser.test_pages import SCHEMES, wanting
from support.http_server import serving
from support.unit import UnitUnderTest, settings
from support.word_documents import aligned, cell, note, paragraph, row, table
from support.word_parts import image, inline, part, pic, word_file

pytestmark = pytest.mark.browser

NOW = "2026-11-26T17:00:00+08:00"
EXTENSIONS = ["attr_list", "footnotes", "md_in_html", "tables", "toc"]
WIDE = [f"第{number}季度补助金额（元）" for number in range(1, 9)]


def document() -> bytes:
    """A notice with a picture and its caption, merged cells, a wide table, a footnote and a signature."""
    merged = '<w:vMerge w:val="restart"/>'
    body = (
        aligned("center", "关于启用新服务大厅的通知"),
        paragraph("各村（社区）：", looks="<w:b/>"),
        paragraph("新大厅", '<w:r><w:footnoteReference w:id="2"/></w:r>', "已经启用。"),
        paragraph(inline(pic(), named='descr="服务大厅的正门"', size=(9_000_000, 6_000_000))),
        aligned("center", "图1　服务大厅"),
        paragraph("一、窗口安排"),
        paragraph("各窗口安排见下表。"),
        table(
            row("楼层", "窗口", "电话"),
            row(cell("一楼", properties=merged), "社会保障", "0500-8820118"),
            row(cell(properties="<w:vMerge/>"), "户籍", "0500-8820119"),
            row(cell("咨询电话全天开通", properties='<w:gridSpan w:val="3"/>')),
        ),
        paragraph("二、补助标准"),
        paragraph("各季度的标准见下表。"),
        table(row(*WIDE), row(*(f"{number},200.50" for number in range(1, 9)))),
        aligned("right", "青禾镇便民服务中心"),
        aligned("right", "2026年11月26日"),
    )
    parts: dict[str, str | bytes] = {
        "media/a.png": image("blue", (1200, 800)),
        "footnotes.xml": part("footnotes", note(2, "地址：青禾镇人民路12号。")),
    }
    return word_file("".join(body), parts, {"pic": ("image", "media/a.png")})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served."""
    folder = tmp_path_factory.mktemp("imported")
    unit = UnitUnderTest(folder / "unit")
    unit.configure(settings(), theme={"name": "gongshi", "language": "zh"}, markdown_extensions=EXTENSIONS)
    (folder / "大厅.docx").write_bytes(document())
    result = unit.gongshi(
        "import", str(folder / "大厅.docx"), "--column", "announcements", "--as", "clerk", "--json", now=NOW
    )
    assert result.exit_code == 0, result.all
    [file] = result.json()["files"]
    unit.publish(file["path"], now=NOW)
    assert unit.build(now=NOW).exit_code == 0
    with serving(unit.site) as url:
        yield url + file["path"].removesuffix("index.md")


@pytest.mark.parametrize(("width", "mode"), [(360, "light"), (390, "elder"), (1280, "dark")])
def test_every_screen(browser: Browser, address: str, width: int, mode: str) -> None:
    """With caption, merged cells, footnote and signature; wide tables are pushed sideways in their own box."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=SCHEMES[mode])
    if mode == "elder":
        context.add_init_script("localStorage.setItem('gongshi.elder', 'true')")
    page = context.new_page()
    page.goto(address)
    assert page.locator(".gs-text figcaption").all_inner_texts() == ["图1 服务大厅"]
    assert page.locator(".gs-text td[rowspan='2'], .gs-text td[colspan='3']").count() == 2
    assert page.locator(".footnote li").count() == 1
    assert page.locator(".signoff").inner_text().split() == ["青禾镇便民服务中心", "2026年11月26日"]
    assert page.locator(".signoff").evaluate("e => getComputedStyle(e).textAlign") == "end"
    if width < 1280:
        assert page.locator(".gs-table").nth(1).evaluate("e => e.scrollWidth > e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert wanting(page) == []
    context.close()
