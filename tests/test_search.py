"""The search of the site: found is what contains the words, and nothing else; every run makes the same index."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from gongshi.domain.problem import Refused
from gongshi.outputs.search import Record, index
from gongshi.outputs.searchtext import content, plain, words
from support.searchsite import MATTERS, PLACES, THEME, guarded, page, records

NUMBER = 300
HOSTILE = Record(
    "x/", "<img src=x onerror=alert(1)>", "</script><b>猛虎</b> ___PAGEFIND_WEIGHT___0 snake_case 尾_巴", "<i>栏</i>"
)
WORDS = [
    *PLACES,
    *MATTERS,
    *("便民", "民服", "窗口", "惠农一卡通", "大学", "民大", "长江", "江大桥", "市长", "生命", "研究生", "发展中", "中国", "的"),
    *("青便民〔2026〕3号", "青便民〔2025〕", "便民 2024", "2026", "0632-5500007", "〔2024〕"),
    *("Community", "community centre", "weekdays", "Room", "Ｒｏｏｍ", "青山社区 防汛 通知", "王主任，联系电话", "没有的词", "xyzzy"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with its index."""
    site = tmp_path_factory.mktemp("site")
    index(site, [*records(NUMBER), HOSTILE])
    shutil.copytree(THEME / "assets", site / "assets")
    (site / "search").mkdir()
    (site / "search" / "index.html").write_text(page(), encoding="utf-8")
    return site


@pytest.fixture
def sheet(browser: Browser, folder: Path) -> Iterator[Page]:
    """A browser's page that must stay free of errors and of requests to other hosts."""
    with guarded(folder) as base:
        opened = browser.new_page(base_url=base, viewport={"width": 360, "height": 800})
        wrong: list[str] = []
        opened.on("console", lambda message: wrong.append(message.text))
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on(
            "response", lambda r: None if r.status in (200, 304) and r.url.startswith(base) else wrong.append(r.url)
        )
        opened.on("dialog", lambda dialog: wrong.append(dialog.message))
        yield opened
        opened.close()
    assert wrong == []


def _search(sheet: Page, query: str = "", **rest: str) -> None:
    asked = "&".join(f"{name}={quote(value)}" for name, value in {"q": query, **rest}.items())
    sheet.goto(f"search/?{asked}")
    _wait(sheet)


def _wait(sheet: Page) -> None:
    sheet.locator(".gs-search[aria-busy=false]").wait_for()


def _count(sheet: Page) -> int:
    return int(re.sub(r"\D", "", sheet.locator(".gs-search__status").inner_text()))


def _expected(query: str) -> set[str]:
    """A scan by eye: every record whose title or text contains each word."""
    terms = query.translate({c: c - 0xFEE0 for c in range(0xFF21, 0xFF5B)}).lower().split()
    return {r.url for r in records(NUMBER) if all(t in r.title.lower() or t in r.text.lower() for t in terms)}


@pytest.mark.browser
def test_everything_that_contains_the_words_is_found(sheet: Page) -> None:
    """Words of titles and bodies, across the borders of dictionary words, numbers, document numbers, places, English."""
    _search(sheet)
    found: dict[str, list[str]] = sheet.evaluate(
        """async (queries) => {
            const { find, phrases } = await import(new URL("../assets/gongshi/search.js", location.href));
            const answers = {};
            for (const query of queries) {
                const results = await find({ phrases: phrases(query) });
                answers[query] = (await Promise.all(results.map((r) => r.data()))).map((d) => d.raw_url);
            }
            return answers;
        }""",
        WORDS,
    )
    assert {query: set(urls) for query, urls in found.items()} == {query: _expected(query) for query in WORDS}
    assert all(len(urls) == len(set(urls)) for urls in found.values())
    assert sum(not urls for urls in found.values()) == 2


@pytest.mark.browser
def test_titles_come_first_and_then_the_newest(sheet: Page) -> None:
    """The order of results; visitors can ask for the newest first."""
    known = {r.url: r for r in records(NUMBER)}
    for order in ("", "date"):
        _search(sheet, "东湖村", order=order)
        while sheet.locator(".gs-search__more").is_visible():
            shown = sheet.locator(".gs-search__results li").count()
            sheet.locator(".gs-search__more").click()
            sheet.locator(".gs-search__results li").nth(shown).wait_for()
        links: list[str] = sheet.evaluate("[...document.querySelectorAll('.gs-search__results a')].map(a => a.href)")
        found = [known[urlsplit(link).path.removeprefix("/town/")] for link in links]
        assert len(found) == len(_expected("东湖村")) > 20
        ranks = [(("东湖村" in r.title) and not order, r.day) for r in found]
        assert ranks == sorted(ranks, reverse=True)
        assert len(set(ranks)) > 10


@pytest.mark.browser
def test_a_link_to_a_search(sheet: Page) -> None:
    """The address asks, filters by column, year and tag narrow, and what is asked stands in the address."""
    _search(sheet, "便民", column="公示公开", year="2025", tag="民生")
    expected = [
        r for r in records(NUMBER) if (r.column, r.day and r.day.year) == ("公示公开", 2025) and "民生" in r.tags
    ]
    assert _count(sheet) == len(expected)
    assert expected
    sheet.locator("[name=tag]").select_option("")
    _wait(sheet)
    sheet.locator("[name=q]").fill("垃圾分类")
    sheet.locator("[name=q]").press("Enter")
    _wait(sheet)
    assert parse_qs(urlsplit(sheet.url).query) == {"q": ["垃圾分类"], "column": ["公示公开"], "year": ["2025"]}
    expected = [
        r for r in records(NUMBER) if (r.column, r.day and r.day.year) == ("公示公开", 2025) and "垃圾分类" in r.title
    ]
    assert _count(sheet) == len(expected)
    sheet.locator("[name=q]").fill("")
    sheet.locator("[name=q]").press("Enter")
    _wait(sheet)
    expected = [r for r in records(NUMBER) if (r.column, r.day and r.day.year) == ("公示公开", 2025)]
    assert _count(sheet) == len(expected)


@pytest.mark.browser
def test_typing_searches(sheet: Page) -> None:
    """Without a key press at the end, and the link of a result leads to the page below the site's path."""
    _search(sheet)
    sheet.locator("[name=q]").press_sequentially("2026〕7号")
    sheet.locator(".gs-search__results li").wait_for()
    _wait(sheet)
    record = next(r for r in records(NUMBER) if "2026〕7号" in r.text)
    link = sheet.locator(".gs-search__results a")
    assert link.inner_text() == record.title
    assert urlsplit(str(link.evaluate("a => a.href"))).path == "/town/" + record.url
    assert sheet.locator(".gs-search__results mark").all_inner_texts() == ["2026〕7号"]
    assert sheet.locator(".gs-search__results time").inner_text() == str(record.day)
    assert record.text.replace("\n", " ").startswith(
        sheet.locator(".gs-search__results p").nth(1).inner_text().strip("…")
    )
    sheet.evaluate("window.scrollTo(1000, 0)")
    assert sheet.evaluate("window.scrollX") == 0


@pytest.mark.browser
def test_hostile_texts_are_texts(sheet: Page) -> None:
    """Tags in titles, bodies, columns and queries show as they stand, and private words of Pagefind mean nothing."""
    _search(sheet, "猛虎 <svg/onload=alert(2)>")
    assert sheet.locator(".gs-search__results li").count() == 0
    for query in ("猛虎", "pagefind", "snake", "case", "尾巴", "巴", '"猛虎"'):
        _search(sheet, query)
        assert sheet.locator(".gs-search__results a").inner_text() == HOSTILE.title, query
        assert "<i>栏</i>" in sheet.locator(".gs-search__results").inner_text()
        assert "</script><b>猛虎</b>" in sheet.locator(".gs-search__results").inner_text()


@pytest.mark.browser
def test_the_page_without_scripts(browser: Browser, folder: Path) -> None:
    """It says what it needs, and leads to the site map."""
    with guarded(folder) as base:
        opened = browser.new_page(java_script_enabled=False)
        opened.goto(f"{base}search/")
        assert opened.locator("noscript a").get_attribute("href") == "../site-map/"
        assert "JavaScript" in opened.inner_text("main")
        assert not opened.locator("form").is_visible()
        opened.close()


@pytest.mark.browser
def test_a_search_without_an_index(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """Where the index cannot be loaded the page says so."""
    shutil.copytree(folder, tmp_path / "site")
    shutil.rmtree(tmp_path / "site" / "pagefind" / "index")
    (tmp_path / "site" / "pagefind" / "pagefind.js").unlink()
    with guarded(tmp_path / "site") as base:
        opened = browser.new_page(base_url=base)
        _search(opened, "便民")
        assert opened.locator(".gs-search__status").inner_text() == opened.locator(".gs-search").get_attribute(
            "data-failed"
        )
        opened.close()


def _bytes(site: Path) -> dict[str, bytes]:
    return {str(f.relative_to(site)): f.read_bytes() for f in site.rglob("*") if f.is_file()}


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    """On every run and in whatever order they come; what stood there before is gone."""
    (tmp_path / "a/pagefind").mkdir(parents=True)
    (tmp_path / "a/pagefind/old.js").write_text("old")
    names = index(tmp_path / "a", records(120))
    index(tmp_path / "b", reversed(records(120)))
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert sorted(_bytes(tmp_path / "a")) == names


def test_nothing_is_made_that_is_not_loaded(tmp_path: Path) -> None:
    """No other search page, no worker, no filter, one file a page, one index."""
    names = [name.removeprefix("pagefind/") for name in index(tmp_path, records(20))]
    kinds = {name.partition("/")[0] if "/" in name else name.rpartition(".")[2] for name in names}
    assert kinds == {"js", "json", "pagefind", "pf_meta", "index", "fragment"}
    assert sum(name.startswith("fragment/") for name in names) == 20
    assert [name for name in names if name.endswith("js")] == ["pagefind.js"]


def test_no_records(tmp_path: Path) -> None:
    """A site without entries has a search page that finds nothing."""
    assert index(tmp_path, []) == ["pagefind/choices.json"]


def test_two_pages_at_one_address(tmp_path: Path) -> None:
    """They are refused: Pagefind would never end with two equal pages."""
    record = records(1)[0]
    with pytest.raises(Refused, match="news/"):
        index(tmp_path, [record, replace(record, title="another")])
    assert not (tmp_path / "pagefind").exists()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\necho broken >&2\nexit 3\n", "broken"),
        ("#!/bin/sh\nhead -c 9 >/dev/null\n", "ended early"),
        ("#!/bin/sh\nexec sleep 60\n", "ended early"),
        ("#!/bin/sh\nprintf 'bm9uc2Vuc2U=,'\nexec cat >/dev/null\n", "Pagefind could not"),
        (None, "No such file"),
    ],
)
def test_a_pagefind_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, words: str) -> None:
    """One clear message, and what stood there before stays."""
    program = tmp_path / "pagefind"
    monkeypatch.setattr("gongshi.outputs.search.PATIENCE", 1)
    if script:
        program.write_text(script)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(program))
    (tmp_path / "site/pagefind").mkdir(parents=True)
    (tmp_path / "site/pagefind/before").touch()
    with pytest.raises(Refused, match=words):
        index(tmp_path / "site", records(3))
    assert (tmp_path / "site/pagefind/before").exists()


def test_pagefind_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    with pytest.raises(Refused, match="not installed"):
        index(tmp_path, records(3))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("青便民〔2026〕3号", ["青", "便", "民〔", "2026〕", "3", "号"]),
        ("“十四五”规划", ["“十", "四", "五”", "规", "划"]),
        ("A4纸 COVID-19", ["A", "4", "纸\u2060", "COVID-", "19"]),
        ("２０２６年，Ｑ＆Ａ", ["2026", "年，", "Q＆", "A"]),
        ("snake_case é e\u0301 བོད་ཡིག", ["snake", "case\u2060", "é\u2060", "é\u2060", "བོད་", "ཡིག"]),
        ("一\u200b二\u2060三\u00b6", ["一", "二", "三"]),
        ("", []),
        ("……", []),
    ],
)
def test_words(text: str, cut: list[str]) -> None:
    """Each Chinese character, each number, each foreign word, with the punctuation behind it."""
    assert words(text) == cut


def test_the_place_of_a_match_tells_the_title() -> None:
    """The text begins behind the places of the title, however short that is."""
    assert content("甲", "乙", ["f0"]).split(" ") == ["甲", *"·" * 63, "¶", "乙", "f0"]
    assert content("甲" * 70, "乙", []).split(" ").index("¶") == 70


def test_plain() -> None:
    """The text that HTML shows: a word is not torn by emphasis, scripts are not shown."""
    assert (
        plain("<h2>标题</h2><p>便<b>民</b> &lt;b&gt;</p><script>x()</script><ul><li>一<li>二</ul>")
        == "标题\n便民 <b>\n一\n二"
    )
    assert plain("<p>一</p><![x[ 二").startswith("一")


def test_a_record_may_have_no_date(tmp_path: Path) -> None:
    """A standing page is found, too, and belongs to no year."""
    index(tmp_path, [Record("about/", "机构职能", "地址"), Record("n/", "通知", "文", day=date(2026, 1, 2))])
    choices: Any = (tmp_path / "pagefind/choices.json").read_text(encoding="utf-8")
    assert choices.startswith('{"column":[],"year":[["2026","f0')
