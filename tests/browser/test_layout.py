"""What a page looks like on a phone and on a wide screen: nothing wasted, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from support.http_server import serving
from support.sample_unit import SampleSite
from support.unit import UnitUnderTest

pytestmark = pytest.mark.browser

LIST, ENTRY, ACTIVITY = "announcements/", "announcements/2026/20261112-1/", "activities/2026/20261110-1/"


@pytest.fixture(scope="module")
def base(sample_site: SampleSite) -> Iterator[str]:
    """Where the sample site is served."""
    with serving(sample_site.folder) as url:
        yield url


def _table(columns: int) -> str:
    heads = [f"H{column} column" for column in range(columns)]
    cells = [f"C{column} some words 0500-8820118" for column in range(columns)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, ["---"] * columns, cells))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (640, 640)])
def test_the_header_leaves_the_phone_to_the_page(
    browser: Browser, base: str, width: int, height: int, javascript: bool
) -> None:
    """It takes a sixth of the first screen at most; every column, the search and the switches are within reach."""
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=javascript)
    page = context.new_page()
    for address in ("", LIST, ENTRY, ACTIVITY):
        page.goto(base + address)
        box = page.locator(".gs-header").bounding_box()
        assert box is not None
        assert box["height"] <= height / 6, address
        assert page.get_by_role("button", name="长者版").is_visible() is javascript
        for link in page.locator(".gs-nav a").all():
            link.focus()
            seen = link.bounding_box()
            assert seen is not None
            assert 0 <= seen["x"] <= seen["x"] + seen["width"] <= width, address
    page.locator("header").get_by_role("link", name="搜索").click()
    assert page.url == base + "search/"
    context.close()


def test_the_current_column_is_in_view(browser: Browser, base: str) -> None:
    """On a narrow phone the row of columns is pushed to the one that the page belongs to."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(base + "guide/")
    current = page.locator(".gs-nav [aria-current]").bounding_box()
    assert current is not None
    assert current["x"] + current["width"] <= 320
    page.close()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_a_card_is_as_tall_as_its_words(browser: Browser, base: str, width: int) -> None:
    """Whether a card beside it has a picture or not."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(base)
    empty: list[float] = page.evaluate(
        """[...document.querySelectorAll('.gs-card')].filter(card => !card.querySelector('img')).map(card =>
            card.getBoundingClientRect().bottom
            - Math.max(...[...card.querySelectorAll('a, p')].map(e => e.getBoundingClientRect().bottom)))"""
    )
    assert len(empty) >= 3
    assert max(empty) < 40
    assert page.locator(".gs-card img").count() >= 1
    page.close()


def test_the_years_stand_on_one_line(browser: Browser, base: str) -> None:
    """The words before them and the years share a line of writing."""
    page = browser.new_page()
    page.goto(base + LIST)
    middles: list[float] = page.evaluate(
        """[...document.querySelectorAll('.gs-years')].flatMap(nav => {
            const walker = document.createTreeWalker(nav, NodeFilter.SHOW_TEXT), found = [];
            while (walker.nextNode()) if (walker.currentNode.data.trim()) {
                const range = document.createRange();
                range.selectNodeContents(walker.currentNode);
                const box = range.getClientRects()[0];
                found.push(box.bottom);
            }
            return found;
        })"""
    )
    assert len(middles) >= 3
    assert max(middles) - min(middles) <= 1
    page.close()


def test_the_code_for_phones_is_not_on_phones(browser: Browser, base: str) -> None:
    """It is there on a wide screen and on paper, also in the elder version, where the screen leaves it out."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(base + ENTRY)
    code = page.locator(".gs-qr")
    assert not code.is_visible()
    page.emulate_media(media="print")
    assert code.is_visible()
    page.evaluate("document.documentElement.dataset.gsElder = ''")
    assert code.is_visible()
    page.emulate_media(media="screen")
    page.evaluate("delete document.documentElement.dataset.gsElder")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert code.is_visible()
    page.close()


def _overflow(page: Page) -> list[Any]:
    return list(
        page.evaluate(
            "[...document.querySelectorAll('.gs-table')].map(e => [e.scrollWidth - e.clientWidth, e.tabIndex])"
        )
    )


def test_tables_on_a_phone(browser: Browser, unit: UnitUnderTest) -> None:
    """Four columns fit; more are pushed sideways within their own box, by keyboard, too; no word is torn."""
    unit.write("announcements/a.md", body=f"{_table(4)}\n\nText\n\n{_table(9)}")
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    with serving(unit.site) as base:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(base + "announcements/a/")
        (four, _focus), (nine, focus) = _overflow(page)
        assert four <= 0
        assert nine > 0
        assert focus == 0
        box = page.locator(".gs-table").nth(1)
        box.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        assert box.evaluate("e => e.scrollLeft") > 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.close()


def test_no_blank_after_a_colon(browser: Browser, base: str) -> None:
    """The reason of a withdrawal follows the full-width colon."""
    page = browser.new_page()
    page.goto(base + "announcements/2026/20260818-1/")
    assert "原因：原文" in page.inner_text("main")
    page.close()


@pytest.mark.parametrize(("width", "links"), [(390, 1), (767, 1), (768, 0), (1280, 0)])
@pytest.mark.parametrize("elder", [False, True])
def test_one_way_to_the_search(browser: Browser, base: str, width: int, links: int, elder: bool) -> None:
    """The box on wide screens, the link on narrow ones, in the version for the elderly, too."""
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(base + ENTRY)
    if elder:
        page.evaluate("document.documentElement.dataset.gsElder = ''")
    assert page.locator(".gs-nav__search").is_visible() is bool(links)
    assert page.locator(".gs-header .gs-find").is_visible() is not bool(links)
    page.close()
