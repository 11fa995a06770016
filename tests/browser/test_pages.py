"""Every page kind in a real browser: nothing from abroad, no error, no sideways scrolling, every link leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

import pytest
from axe_playwright_python import __file__ as _axe
from playwright.sync_api import Browser, Page

from support.http_server import serving
from support.office_documents import workbook
from support.sample_unit import SampleSite
from support.unit import UnitUnderTest, settings

pytestmark = pytest.mark.browser

AXE = (Path(_axe).parent / "axe.min.js").read_text(encoding="utf-8")
SCHEMES: dict[str, Literal["light", "dark"]] = {"light": "light", "dark": "dark", "elder": "light"}
PAGES = {
    "home": "",
    "list": "announcements/",
    "year": "activities/2025/",
    "entry": "announcements/2026/20261112-1/",
    "photos": "activities/2026/20260424-1/",
    "document": "announcements/2025/20250610-1/",
    "public notice": "announcements/2026/20261116-1/",
    "expired": "announcements/2026/20260526-1/",
    "event": "activities/2026/20261110-1/",
    "withdrawn": "announcements/2026/20260818-1/",
    "standing page": "about/",
    "tags": "tags/",
    "tag": "tags/便民服务/",
    "site map": "site-map/",
    "search": "search/",
    "not found": "404.html",
}


@pytest.fixture(scope="module")
def base(sample_site: SampleSite) -> Iterator[str]:
    """Where the sample site is served."""
    with serving(sample_site.folder) as url:
        yield url


@pytest.mark.parametrize("mode", ["light", "dark", "elder"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_pages(browser: Browser, base: str, width: int, mode: str) -> None:
    """Each kind of page under the strict policy: no error, nothing from abroad, nothing sideways, nothing axe misses."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=SCHEMES[mode])
    if mode == "elder":
        context.add_init_script("localStorage.setItem('gongshi.elder', 'true')")
    page = context.new_page()
    abroad: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((base, "data:")) else abroad.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for kind, address in PAGES.items():
        page.goto(base + address)
        assert page.locator("h1").count() == 1, kind
        assert page.locator("h1").inner_text().strip(), kind
        page.evaluate("window.scrollTo(1000, 0)")
        assert page.evaluate("window.scrollX") == 0, f"{kind} scrolls sideways at {width} px"
        broken = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        assert broken == [], kind
        if width != 768:
            assert wanting(page) == [], kind
    context.close()
    assert abroad == []
    assert errors == []


def wanting(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    # Chromium's own protocol runs it, past the page's policy.
    page.evaluate(AXE)
    found: Any = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


@pytest.mark.parametrize("mode", ["light", "dark", "elder"])
def test_a_unit_with_its_own_colour_and_logo(browser: Browser, unit: UnitUnderTest, mode: str) -> None:
    """Bright colour, wide logo: still nothing axe misses; the header takes the colour, the logo is seen; numbers ask."""
    section = settings()
    section["unit"] |= {
        "colour": "#817800",
        "logo": "hooks/logo.svg",
        "icp": "某ICP备00000000号",
        "email": "a@unit.example",
    }
    unit.configure(section, theme={"name": "gongshi", "language": "zh"})
    wide = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 100"><rect width="900" height="100"/></svg>'
    (unit.own_hooks() / "logo.svg").write_text(wide)
    unit.write("announcements/a.md", body="[List](../announcements/index.md) [Ministry](https://ministry.example/x)")
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=SCHEMES[mode])
    if mode == "elder":
        context.add_init_script("localStorage.setItem('gongshi.elder', 'true')")
    page = context.new_page()
    asked: list[str] = []
    with serving(unit.site) as base:
        page.on("request", lambda request: None if request.url.startswith(base) else asked.append(request.url))
        for address in ("", "announcements/", "announcements/a/", "search/?q=title"):
            page.goto(base + address)
            page.evaluate("window.scrollTo(1000, 0)")
            assert page.evaluate("window.scrollX") == 0, address
            assert wanting(page) == [], address
        header = page.evaluate("getComputedStyle(document.querySelector('.gs-header')).backgroundColor")
        assert (header == "rgb(129, 120, 0)") is (mode == "light")
        logo = page.locator(".gs-logo").bounding_box()
        assert logo and logo["height"] >= 40 and 40 <= logo["width"] < 180
        load = "new Promise(done => { const i = new Image(); i.onload = () => done(i.naturalWidth); i.src = '/favicon.ico'; })"
        assert page.evaluate(load) == 48
        page.get_by_role("link", name="某ICP备00000000号").click()
        assert "https://beian.miit.gov.cn/" in page.get_by_role("dialog").inner_text()
        assert asked == []
    context.close()


def test_the_elder_version(browser: Browser, base: str) -> None:
    """One switch, remembered on the next page: text of 18 px or more, targets of 60 px, kept until switched off."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(base)
    page.get_by_role("button", name="长者版").click()
    page.goto(base + "announcements/2026/20261112-1/")
    assert page.get_by_role("button", name="长者版").get_attribute("aria-pressed") == "true"
    sizes = page.evaluate(
        "[...document.querySelectorAll('.gs-text p, .gs-text td, .gs-text th, .gs-nav a, .gs-footer dd, .gs-footer a, .gs-facts')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 18
    targets = page.evaluate(
        "[...document.querySelectorAll('button, .gs-nav a, .gs-trail a, .gs-footer a, .gs-worn a, input')]"
        ".filter(e => e.offsetParent).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
    )
    assert [target for target in targets if target[1] < 60] == []
    page.get_by_role("button", name="长者版").click()
    page.reload()
    assert page.get_by_role("button", name="长者版").get_attribute("aria-pressed") == "false"
    context.close()


def test_dark_and_size_are_remembered(browser: Browser, base: str) -> None:
    """The reader's choice stands above the system's, on every page."""
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(base + "announcements/2026/20261112-1/")
    ground = "getComputedStyle(document.body).backgroundColor"
    text = "parseFloat(getComputedStyle(document.querySelector('.gs-text p')).fontSize)"
    light, plain = page.evaluate(ground), page.evaluate(text)
    page.get_by_role("button", name="深色").click()
    page.get_by_role("button", name="大", exact=True).click()
    page.goto(base + "activities/2026/20261110-1/")
    assert page.evaluate(ground) != light
    assert page.evaluate(text) == pytest.approx(plain * 1.5)
    context.close()


def test_a_link_to_another_site_asks_first(browser: Browser, unit: UnitUnderTest) -> None:
    """A dialog names the address; who stays, stays; the link's mark is there without it, too."""
    unit.write("announcements/a.md", body="[Ministry](https://ministry.example/x)")
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    with serving(unit.site) as base:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: None if request.url.startswith(base) else asked.append(request.url))
        page.goto(base + "announcements/a/")
        assert "(external link)" in page.inner_text("main")
        page.get_by_role("link", name="Ministry").click()
        assert "https://ministry.example/x" in page.get_by_role("dialog").inner_text()
        page.get_by_role("button", name="Stay here").click()
        assert (page.url, asked) == (base + "announcements/a/", [])
        page.get_by_role("link", name="Ministry").click()
        page.get_by_role("button", name="Go there").click()
        page.wait_for_timeout(200)
        assert asked[0] == "https://ministry.example/x"
        page.close()


def test_without_javascript(browser: Browser, base: str) -> None:
    """Pages can be read and walked; buttons that would do nothing are not shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base)
    page.get_by_role("link", name="更多通知公告").click()
    page.get_by_role("link", name="冬季取暖安全提示").click()
    assert page.locator("h1").inner_text() == "冬季取暖安全提示"
    assert not page.get_by_role("button", name="长者版").is_visible()
    assert not page.get_by_role("button", name="朗读").is_visible()
    context.close()


def test_the_keyboard_reaches_everything(browser: Browser, base: str) -> None:
    """Tab goes through every link, button and field in the order of the page, the skip link first, the focus seen."""
    page = browser.new_page()
    page.goto(base + "announcements/2025/20250610-1/")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input, [tabindex=\"0\"]')]"
        ".filter(e => e.offsetParent && getComputedStyle(e).visibility !== 'hidden').length"
    )
    reached: list[str] = []
    for _step in range(wanted + 2):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return ''; "
            "const s = getComputedStyle(e); return e.outerHTML.slice(0, 120) + (s.outlineStyle === 'none' ? ' UNSEEN' : ''); })()"
        )
        if not found:
            break
        reached.append(found)
    assert reached[0].startswith('<a class="gs-skip"')
    assert len(reached) >= wanted
    assert [each for each in reached if each.endswith("UNSEEN")] == []
    page.close()


def test_every_link_leads_somewhere(browser: Browser, base: str) -> None:
    """From the home page every page, picture and attachment of the site is reached, and no link is broken."""
    page = browser.new_page()
    waiting, seen = [base], {base}
    while waiting:
        url = waiting.pop()
        answer = page.request.get(url)
        assert answer.ok, url
        if "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(url)
        links: list[Any] = page.evaluate(
            "[...document.querySelectorAll('a[href], img[src]')].map(e => e.getAttribute('href') || e.getAttribute('src'))"
        )
        for link in links:
            target = urldefrag(urljoin(url, link)).url
            if target.startswith(base) and target not in seen:
                seen.add(target)
                waiting.append(target)
    page.close()
    assert len(seen) > 40
    assert any(url.endswith(".xlsx") for url in seen)
    assert base + "announcements/2026/20261120-2/" not in seen


def test_the_words_of_each_kind(browser: Browser, base: str) -> None:
    """What a visitor reads: marks, notices, record table, event, attachments, reason of a withdrawal."""
    page = browser.new_page()
    for address, words in {
        "announcements/2026/20261116-1/": ["公示中", "2026-11-16", "当前位置"],
        "announcements/2026/20260706-1/": ["公示已结束"],
        "announcements/2026/20260526-1/": ["已失效"],
        "announcements/2025/20250610-1/": ["索引号", "文号", "成文日期", "附件", "PDF, ", " KB"],
        "activities/2026/20261110-1/": ["时间", "地点"],
        "announcements/2026/20260818-1/": ["2026-08-19", "原文关于收取押金的表述有误"],
        "announcements/": ["置顶", "2025"],
    }.items():
        page.goto(base + address)
        # The breadcrumb's label is read out, not shown.
        text = page.inner_text("main") + (page.locator(".gs-trail").first.get_attribute("aria-label") or "")
        assert [word for word in words if word not in text] == [], address
    page.close()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_of_a_comparison(browser: Browser, unit: UnitUnderTest, width: int) -> None:
    """At phone and desktop width: no sideways scrolling, no error, no request, and what changed is marked."""
    path = "announcements/b/index.md"
    unit.write(path, title="<b>甲</b>" * 20, body="字" * 300 + "\n\n每月1日开门。", tags=["办事"])
    unit.write("announcements/b/list.xlsx", workbook([["a" * 80, 1]]))
    unit.publish(path)
    unit.write(path, title="<img src=x onerror=alert(1)>" * 6, body="长" * 300 + "\n\n每月2日开门。\n\n" + "x" * 400)
    unit.write("announcements/b/list.xlsx", workbook([["b" * 80, 1]]))
    assert unit.gongshi("diff", f"docs/{path}", "--html", "diff.html").exit_code == 0
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    address = (unit.root / "diff.html").as_uri()
    page.goto(address)
    assert page.locator("h1").inner_text().startswith("Changes: <img src=x")
    page.evaluate("window.scrollTo(1000, 0)")
    assert page.evaluate("window.scrollX") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # What went out is struck, what came in underlined: colour is not all.
    lines = "e => getComputedStyle(e).textDecorationLine"
    assert page.locator(".row del").first.evaluate(lines) == "line-through"
    assert page.locator(".row ins").first.evaluate(lines) == "underline"
    assert page.locator("ins", has_text="2").first.is_visible()
    page.close()
    assert requests == [address]
    assert errors == []


RIGHT_TO_LEFT_TEXT = """\
سۆز (ئىككى) WPS 2026.

- تۈر.
    - ئىچكى تۈر.

> نەقىل.

| ئىسىم | سان |
| --- | --- |
| ئالىم | 12 |

!!! note "دىققەت"
    ئەسكەرتىش.

`a = (b)` ۋە سۆز[^1].

[^1]: ئىزاھات.

中文一句。
{: lang=zh-Hans dir=ltr }
"""
SIDES = """element => {
  const range = document.createRange(), texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = []; while (texts.nextNode()) if (texts.currentNode.data.trim()) nodes.push(texts.currentNode);
  const last = nodes.at(-1), end = last.data.trimEnd().length;
  const of = (node, from, to) => { range.setStart(node, from); range.setEnd(node, to); return range.getBoundingClientRect(); };
  const stop = of(last, end - 1, end), before = of(last, end - 2, end - 1), box = element.closest('h1, h3, h4, li, p').getBoundingClientRect();
  return {stopIsLeft: last.data[end - 1] === '.' && stop.right <= before.left + 1, left: box.left, right: box.right,
    start: of(nodes[0], 0, 1).right};
}"""
"""Where a text stands: the place of its full stop, its box, and the right edge of its first letter."""


@pytest.mark.parametrize("width", [390, 1280])
def test_an_entry_from_right_to_left(browser: Browser, unit: UnitUnderTest, width: int) -> None:
    """Title and text stand at the right with the full stop at their left, in page, list, cards and search; axe is content."""
    title, extensions = "توك توختىتىش توغرىسىدا.", ["admonition", "attr_list", "footnotes", "tables"]
    unit.configure(settings(), markdown_extensions=extensions)
    unit.write("announcements/a.md", title=title, lang="ug", body=RIGHT_TO_LEFT_TEXT, tags=["ئۇقتۇرۇش"])
    unit.write("announcements/b.md", title="བརྡ་ཐོ།", lang="bo", body="ཡིག")
    unit.write("activities/c.md", title=title, lang="ar", event={"start": "2026-12-05", "place": "مەيدان."})
    for path in ("announcements/a.md", "announcements/b.md", "activities/c.md"):
        unit.publish(path)
    assert unit.build().exit_code == 0
    page = browser.new_page(viewport={"width": width, "height": 900})
    abroad: list[str] = []
    with serving(unit.site) as base:
        page.on(
            "request", lambda request: None if request.url.startswith((base, "data:")) else abroad.append(request.url)
        )
        for address, place in {
            "announcements/a/": "h1",
            "announcements/": ".gs-items [dir=rtl]",
            "": ".gs-card [dir=rtl] a",
            "tags/ئۇقتۇرۇش/": ".gs-items [dir=rtl]",
            "search/?q=توك": ".gs-search__results a",
        }.items():
            page.goto(base + address)
            found: Any = page.locator(place).first.evaluate(SIDES)
            assert found["stopIsLeft"], address
            # Beside the title, a list has the date in the same line on a wide screen.
            room = 160 if "dir=rtl]" in place and width > 600 else 8
            assert found["right"] - found["start"] < room, address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert wanting(page) == [], address
        page.goto(base + "announcements/a/")
        assert_material_is_mirrored(page)
        page.goto(base + "announcements/b/")
        heights = "e => parseFloat(getComputedStyle(e).lineHeight) / parseFloat(getComputedStyle(e).fontSize)"
        assert page.locator(".gs-text p").evaluate(heights) > 2
    page.close()
    assert abroad == []


def assert_material_is_mirrored(page: Page) -> None:
    """Lists, quotations, tables and boxes begin at the right; programs and passages in Chinese stay as they are."""

    def style(selector: str, name: str) -> str:
        return str(page.locator(f".gs-text {selector}").first.evaluate(f"e => getComputedStyle(e).{name}"))

    assert (style("ul", "marginLeft"), style("li", "marginLeft"), style("li li", "marginLeft")) == ("0px", "0px", "0px")
    assert float(style("li", "marginRight")[:-2]) > 10
    assert (style("blockquote", "borderLeftWidth"), style("blockquote", "paddingLeft")) == ("0px", "0px")
    assert float(style("blockquote", "borderRightWidth")[:-2]) > 2
    cells = page.locator(".gs-text tbody td")
    first, second = (cells.nth(number).bounding_box() for number in (0, 1))
    assert first and second
    assert first["x"] > second["x"]
    assert style("td", "textAlign") == "start"
    assert float(style(".admonition-title", "paddingRight")[:-2]) > float(
        style(".admonition-title", "paddingLeft")[:-2]
    )
    assert style("code", "direction") == "ltr"
    assert (style("[lang=zh-Hans]", "direction"), style("[lang=zh-Hans]", "textAlign")) == ("ltr", "start")
    edges = [page.locator(selector).first.bounding_box() for selector in ("h1", ".gs-text")]
    assert edges[0] and edges[1]
    assert abs(edges[0]["x"] + edges[0]["width"] - edges[1]["x"] - edges[1]["width"]) < 2
