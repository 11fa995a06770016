"""What a page is on paper: every column, everything that was closed, the unit, the addresses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from support.http_server import serving
from support.unit import UnitUnderTest, settings

pytestmark = pytest.mark.browser

BOX = '\n\n<details markdown="1"><summary>Terms</summary>\n\nUnfolded words.\n\n</details>\n\n'
LINK = "See the [ministry](https://ministry.example/path)."


def _table(columns: int) -> str:
    heads = [f"Head{column}" for column in range(columns)]
    cells = [f"Cell{column} with several words of text" for column in range(columns)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, ["---"] * columns, cells))


@pytest.fixture
def base(unit: UnitUnderTest) -> Iterator[str]:
    """Where a site with wide tables and a closed box is served."""
    gongshi = settings()
    gongshi["unit"]["phone"] = "0500-8820118"
    unit.configure(gongshi, markdown_extensions=["md_in_html", "tables"])
    for name, body in {
        "nine": f"{LINK}{BOX}{_table(9)}",
        "fourteen": f"{_table(2)}\n\nBetween.\n\n{_table(14)}\n\nAfter.",
        "twenty": _table(20),
    }.items():
        unit.write(f"announcements/{name}.md", body=body)
        unit.publish(f"announcements/{name}.md")
    assert unit.build().exit_code == 0
    with serving(unit.site) as url:
        yield url


def _printed(browser: Browser, url: str, javascript: bool = True, **stored: str) -> PdfReader:
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    for key, value in stored.items():
        page.add_init_script(f"localStorage.setItem('gongshi.{key}', '{value}')")
    page.goto(url)
    made = page.pdf(format="A4")
    context.close()
    return PdfReader(io.BytesIO(made))


def _text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("name", "columns"), [("nine", 9), ("fourteen", 14), ("twenty", 20)])
def test_every_column_is_printed(browser: Browser, base: str, name: str, columns: int, javascript: bool) -> None:
    """With and without scripts, whole words in nine columns; the elder version prints all of them, too."""
    for stored in ({}, {"elder": "true"}):
        pdf = _printed(browser, f"{base}announcements/{name}/", javascript, **stored)
        text = _text(pdf)
        packed = text.replace(" ", "")
        assert [column for column in range(columns) if f"Head{column}" not in packed] == []
        assert packed.count("several") >= columns
        if columns == 9:
            assert text.count("several") == columns


def test_very_wide_tables_are_turned(browser: Browser, base: str) -> None:
    """Only the page with the wide table lies on its side."""
    pdf = _printed(browser, base + "announcements/fourteen/")
    shapes = [page.mediabox.width > page.mediabox.height for page in pdf.pages]
    assert shapes == [False, True, False]
    assert not any(p.mediabox.width > p.mediabox.height for p in _printed(browser, base + "announcements/nine/").pages)


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_closed_is_open_on_paper(browser: Browser, base: str, javascript: bool) -> None:
    """With and without scripts; on the screen it stays closed."""
    assert "Unfolded words." in _text(_printed(browser, base + "announcements/nine/", javascript))


def test_older_browsers_open_what_is_closed(browser: Browser, base: str) -> None:
    """Before printing the script opens it, and closes it again afterwards."""
    page = browser.new_page()
    page.goto(base + "announcements/nine/")
    is_open = "document.querySelector('details').open"
    assert page.evaluate(is_open) is False
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(is_open) is True
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(is_open) is False
    page.close()


def test_the_sheet_says_where_it_comes_from(browser: Browser, base: str) -> None:
    """The unit above and below, the page's address, addresses of links to other sites; no buttons, no navigation."""
    text = _text(_printed(browser, base + "announcements/nine/"))
    for wanted in ("Test Unit", "0500-8820118", "https://ministry.example/path", "announcements/nine/"):
        assert wanted in text
    for screen_only in ("Site map", "Large print", "Copy the link", "Skip to", "Home", "Activities"):
        assert screen_only not in text


def test_paper_is_white(browser: Browser, base: str) -> None:
    """Who reads light on dark prints dark on white."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.add_init_script("localStorage.setItem('gongshi.dark', 'true')")
    page.goto(base + "announcements/nine/")
    page.emulate_media(media="print")
    page.evaluate("document.getAnimations().forEach(each => each.finish())")
    colours: Any = page.evaluate(
        "['.gs-text p', 'h1', '.gs-brand', '.gs-footer dd', '.gs-text td', '.gs-text a'].map(s =>"
        " getComputedStyle(document.querySelector(s)).color.match(/[0-9.]+/g).slice(0, 3).map(Number))"
    )
    assert [colour for colour in colours if max(colour) > 80] == []
    grounds = page.evaluate(
        "[document.body, document.querySelector('header')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert set(grounds) <= {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    context.close()


def test_the_search_is_one_sheet(browser: Browser, base: str) -> None:
    """On screens its results have a height of their own from the start; on paper they need none."""
    assert len(_printed(browser, f"{base}search/?q=none").pages) == 1
