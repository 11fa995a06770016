"""Photos of an import stand two side by side on wide screens; other pictures, such as scanned pages, stay wide."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser

from support.unit import HOOKS

pytestmark = pytest.mark.browser

CSS = (HOOKS / "gongshi" / "theme" / "assets" / "gongshi" / "site.css").read_text(encoding="utf-8")
SIZES = "html { font-size: 20px } body { margin: 0 } img { height: auto; max-width: 100% } figure { margin: 1em 0 }"


def tops(browser: Browser, width: int, names: Sequence[str]) -> list[int]:
    """The distance of each picture from the top of the page.

    Args:
        browser: the browser.
        width: of the window, in pixels.
        names: the pictures; a text stands for an empty name, and a caption for each second picture.
    """
    shown = []
    for number, name in enumerate(names):
        picture = f'<a class="gs-photo" href="{name}"><img alt="" src="data:," width="1600" height="1200"></a>'
        form = f"<figure>{picture}<figcaption>caption</figcaption></figure>" if number % 2 else f"<p>{picture}</p>"
        shown.append(form if name else "<p>text</p>")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(f'<style>{CSS}{SIZES}</style><div class="gs-text">' + "\n".join(shown) + "</div>")
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('img')].map(e => Math.round(e.getBoundingClientRect().top))"
    )
    page.close()
    return found


PHOTOS = ["photo-01.jpg", "photo-02.jpg", "photo-03.png", "photo-04.jpg", "", "photo-05.jpg"]


def test_photos_of_an_import_stand_two_side_by_side(browser: Browser) -> None:
    one, two, three, four, alone = tops(browser, 1280, PHOTOS)
    assert one == two < three == four < alone


def test_on_a_phone_they_stand_below_each_other(browser: Browser) -> None:
    found = tops(browser, 390, PHOTOS)
    assert found == sorted(set(found))


def test_other_pictures_stay_below_each_other(browser: Browser) -> None:
    found = tops(browser, 1280, ["page1.jpg", "page2.jpg", "photo-01.jpg", "page3.jpg", "扫描photo-1.jpg"])
    assert found == sorted(set(found))
