"""A text of an office on the page: signature, figures, lists, captions and tables, on every screen and on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from browser.test_pages import SCHEMES, wanting
from support.http_server import serving
from support.photos import gradient, saved
from support.text_sheet import PLACE, build_sheet
from support.unit import UnitUnderTest, settings

pytestmark = pytest.mark.browser

BODY = Path(__file__).parents[1].joinpath("cases", "text", "office.md").read_text(encoding="utf-8")
EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the text is served, in Chinese and as if it were Uyghur, by a unit that indents paragraphs."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("text") / "unit")
    theme = {"name": "gongshi", "language": "zh"}
    unit.configure({**settings(), "text": {"indent": "two"}}, theme=theme, markdown_extensions=EXTENSIONS)
    for name, lang in {"office": None, "uyghur": "ug"}.items():
        unit.write(f"announcements/{name}/index.md", body=BODY, lang=lang)
        unit.write(f"announcements/{name}/a.png", saved(gradient(900, 500), "PNG"))
        unit.publish(f"announcements/{name}/index.md")
    assert unit.build().exit_code == 0
    with serving(unit.site) as url:
        yield url + "announcements/"


@pytest.fixture
def office(browser: Browser, base: str) -> Iterator[Page]:
    """The text in Chinese on a wide screen."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(base + "office/")
    yield page
    page.close()


def _style(page: Page, selector: str, name: str) -> list[str]:
    """Return a computed style of every element that a selector finds."""
    script = "([selector, name]) => [...document.querySelectorAll(selector)].map(e => getComputedStyle(e)[name])"
    found: list[str] = page.evaluate(script, [selector, name])
    assert found, selector
    return found


@pytest.mark.parametrize(("width", "mode"), [(360, "light"), (390, "elder"), (1280, "dark")])
def test_every_screen(browser: Browser, base: str, width: int, mode: str) -> None:
    """Nothing sideways, nothing axe misses; the elder version has no letter below 18 px."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=SCHEMES[mode])
    if mode == "elder":
        context.add_init_script("localStorage.setItem('gongshi.elder', 'true')")
    page = context.new_page()
    for name in ("office/", "uyghur/"):
        page.goto(base + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert wanting(page) == [], name
        if mode == "elder":
            sizes = _style(page, ".gs-text :is(p, li, td, th, dt, dd, figcaption, caption, code)", "fontSize")
            assert min(float(size.removesuffix("px")) for size in sizes) >= 18
    context.close()


@pytest.mark.parametrize(("name", "is_mirrored"), [("office/", False), ("uyghur/", True)])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_signature_stands_at_the_end(browser: Browser, base: str, width: int, name: str, is_mirrored: bool) -> None:
    """Two characters before the end of the line, unit and date on a line each; mirrored from right to left."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(base + name)
    found: Any = page.evaluate(
        """[...document.querySelectorAll('.signoff')].map(e => {
            const range = document.createRange(), box = e.getBoundingClientRect();
            range.selectNodeContents(e);
            const lines = [...range.getClientRects()].filter(line => line.width);
            const size = parseFloat(getComputedStyle(e).fontSize);
            return lines.map(line => [(line.left - box.left) / size, (box.right - line.right) / size]);
        })"""
    )
    assert [len(lines) for lines in found] == [1, 2]
    for before, after in (line for lines in found for line in lines):
        assert (before if is_mirrored else after) == pytest.approx(2, abs=0.1)
        assert (after if is_mirrored else before) > 4
    page.close()


def test_paragraphs_are_indented(browser: Browser, base: str, office: Page) -> None:
    """By two characters, each of their lines, but nothing else, and no text in a language that is written otherwise."""
    assert set(_style(office, ".gs-text > p:not(.signoff, .gs-center)", "textIndent")) == {"32px each-line"}
    others = ".gs-text :is(.signoff, li, li p, td, dd, blockquote p, .admonition p, figcaption, .footnote p)"
    assert set(_style(office, others, "textIndent")) == {"0px"}
    office.emulate_media(media="print")
    assert set(_style(office, ".gs-text > p:not(.signoff, .gs-center)", "textIndent")) == {"25.6px each-line"}
    page = browser.new_page()
    page.goto(base + "uyghur/")
    assert set(_style(page, ".gs-text p", "textIndent")) == {"0px"}
    page.close()


def test_inner_lists_keep_their_numbers(office: Page) -> None:
    """Three levels are counted by digits, as they were typed, never by letters."""
    assert office.locator(".gs-text ol ol ol").count() == 1
    assert set(_style(office, ".gs-text ol", "listStyleType")) == {"decimal"}


def test_a_tick_box_takes_the_place_of_the_bullet(office: Page) -> None:
    assert office.locator(".gs-tick").all_inner_texts() == ["☑ 已办", "☐ 未办"]
    assert set(_style(office, ".gs-tick", "listStyleType")) == {"none"}


def test_figures_stand_at_the_right(office: Page) -> None:
    """With their heading and with digits of one width; what counts the rows stays where it is."""
    table = office.locator(".gs-table").first
    assert table.locator(".gs-num").all_inner_texts() == ["金额（元）", "比例", "1,203.00", "3.5%", "80.60", "12%"]
    assert set(_style(office, ".gs-num", "textAlign")) == {"right"}
    assert set(_style(office, ".gs-num", "fontVariantNumeric")) == {"tabular-nums"}


def test_tables_without_a_header_row_have_lines(office: Page) -> None:
    """And so have tables with merged cells: each cell is seen for what it is."""
    widths = _style(office, ".gs-table:not(:has(thead)) :is(td, th)", "borderInlineEndWidth")
    assert len(widths) == 4 + 7
    assert min(float(width.removesuffix("px")) for width in widths) >= 0.5


def test_captions_stand_below_pictures(office: Page) -> None:
    """Whether the title of a lone picture or an element says them."""
    found: Any = office.evaluate(
        """[...document.querySelectorAll('.gs-text figure')].map(e => [e.querySelector('figcaption').innerText,
            e.querySelector('figcaption').getBoundingClientRect().top - e.querySelector('img').getBoundingClientRect().bottom])"""
    )
    assert [" ".join(text.split()) for text, _distance in found] == ["图1 办事大厅大门", "图2 大门（手写）"]
    assert all(0 <= distance < 20 for _text, distance in found)


def test_everything_is_printed(office: Page) -> None:
    """On white paper with the signature at its place and the marks of a text in no word."""
    text = "".join(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(office.pdf(format="A4"))).pages).split()
    )
    for wanted in ("138****1234", "5*3*2元", "1,203.00", "2.承诺书", "表1", "图1"):
        assert wanted in text
    assert "signoff" not in text


def test_the_examples_of_the_handbook_side_by_side(browser: Browser, tmp_path: Path) -> None:
    """On a telephone and a desk: nothing sideways, nothing axe misses."""
    with serving(build_sheet(tmp_path / "unit").site) as url:
        for width in (390, 1280):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(f"{url}{PLACE}/text/")
            assert page.locator(".gs-text > .gs-table > table > tbody > tr").count() > 20
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert wanting(page) == []
            page.close()
