"""The search of the site: found is what contains the words, and nothing else; every run makes the same index."""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from gongshi.common.errors import Refused
from gongshi.site.search import index, shard_files, tokenizer
from gongshi.site.search.index import IndexedPage, SearchDocument, Shard, shards
from gongshi.site.search.tokenizer import HAN, html_to_text, ruby_readings, tokenize
from support.http_server import serving
from support.sample_unit import SampleSite
from support.search_folding import HTML
from support.search_reader import Found, files_of, overview, rows, terms
from support.search_site import MATTERS, PLACES, chance_records, guarded, records, write
from support.unit import HOOKS, REPOSITORY

NUMBER = 300
HOSTILE = SearchDocument(
    "x/", "<img src=x onerror=alert(1)>", "</script><b>猛虎</b> ___PAGEFIND_WEIGHT___0 snake_case 尾_巴", "<i>栏</i>"
)
CHANCE = chance_records(80)
WORDS = [
    *PLACES,
    *MATTERS,
    *("便民", "民服", "窗口", "惠农一卡通", "大学", "民大", "长江", "江大桥", "市长", "生命", "研究生", "发展中", "中国", "的"),
    *("青便民〔2026〕3号", "青便民〔2025〕", "便民 2024", "2026", "0632-5500007", "〔2024〕"),
    *("Community", "community centre", "weekdays", "Room", "Ｒｏｏｍ", "青山社区 防汛 通知", "王主任，联系电话", "没有的词", "xyzzy"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with its index, in several shards of many buckets."""
    site = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_MIN_SHARD_PAGES", 64)
        patch.setattr(shard_files, "_PAGES_PER_RUN", 20)
        patch.setattr(shard_files, "_BUCKET_BYTES", 512)
        write(site, [*records(NUMBER), *CHANCE, HOSTILE])
    made = overview(files_of(site))["shards"]
    assert len(made) > 3 and min(words for _name, _pages, _pairs, words in made) > 3
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


def _found(sheet: Page, queries: list[str]) -> dict[str, list[str]]:
    """The addresses that the page's script finds for each query."""
    _search(sheet)
    found: dict[str, list[str]] = sheet.evaluate(
        """async (queries) => {
            const { SearchIndex, parseQuery } = await import(new URL("../assets/gongshi/search-reader.js", location.href));
            const index = new SearchIndex();
            const answers = {};
            for (const query of queries) {
                const results = await index.find({ phrases: await parseQuery(query) });
                answers[query] = (await Promise.all(results.map((result) => index.describe(result)))).map(({ url }) => url);
            }
            return answers;
        }""",
        queries,
    )
    assert all(len(urls) == len(set(urls)) for urls in found.values())
    return found


def _expected(query: str) -> set[str]:
    """A scan by eye: every record whose title or text contains each word."""
    terms = query.translate({c: c - 0xFEE0 for c in range(0xFF21, 0xFF5B)}).lower().split()
    return {r.url for r in records(NUMBER) if all(t in r.title.lower() or t in r.text.lower() for t in terms)}


@pytest.mark.browser
def test_everything_that_contains_the_words_is_found(sheet: Page) -> None:
    """Words of titles and bodies, across the borders of dictionary words, numbers, document numbers, places, English."""
    found = _found(sheet, WORDS)
    assert {query: {url for url in urls if url.startswith("news/")} for query, urls in found.items()} == {
        query: _expected(query) for query in WORDS
    }
    assert sum(not urls for urls in found.values()) == 2


@pytest.mark.browser
def test_what_a_scan_finds(sheet: Page) -> None:
    """Any piece of any text, and pieces that nearly stand there: found is what a scan of all words finds, no more."""
    chance = random.Random(3)
    queries = [r.title[-n:] + r.text[:m] for r in CHANCE[:8] for n in (0, 1, 2, 3, 9) for m in (0, 1, 2, 3)]
    for _ in range(150):
        text = chance.choice([chance.choice((r.title, r.text)) for r in chance.sample(CHANCE, 5)])
        start = chance.randrange(max(1, len(text)))
        piece = text[start : start + chance.randrange(1, 30)]
        other = chance.choice(CHANCE).text[: chance.randrange(1, 4)]
        queries.append(chance.choice([piece, piece, f"{piece} {other}", piece[:-1] + other, piece[::-1]])[:100])
    queries = [query for query in queries if tokenize(query)]
    found = _found(sheet, queries)
    scanned = {query: _scan(query, [*records(NUMBER), *CHANCE, HOSTILE]) for query in queries}
    assert found == scanned
    assert sum(bool(urls) for urls in found.values()) > 60
    assert sum(not urls for urls in found.values()) > 10


def _numbers(record: SearchDocument) -> list[str | int]:
    """The address with its numbers as numbers: of one day, the entry with the highest is the newest."""
    return [int(part) if part.isdecimal() else part for part in re.split("([0-9]+)", unquote(record.url))]


def _scan(query: str, every: list[SearchDocument]) -> list[str]:
    """The addresses of the pages that hold every phrase, titles first, then the newest."""
    asked = [cut for part in re.split(r"\s+", query) if (cut := tokenize(part))]
    found = []
    for record in sorted(every, key=_numbers, reverse=True):
        title, text = tokenize(record.title), tokenize(record.text)
        if all(_stands(phrase, title) or _stands(phrase, text) for phrase in asked):
            rank = sum(_stands(phrase, title[: 63 + len(phrase)]) for phrase in asked)
            found.append((rank, record.day or date.min, record.url))
    return [url for _rank, _day, url in sorted(found, key=lambda each: each[:2], reverse=True)]


def _stands(phrase: list[str], text: list[str]) -> bool:
    if len(phrase) == 1 and re.match(f"[^0-9{HAN}]", phrase[0]):
        return any(word.startswith(phrase[0]) for word in text)
    return any(text[place : place + len(phrase)] == phrase for place in range(len(text) - len(phrase) + 1))


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
    """Tags in titles, bodies, columns and queries show as they stand, and private words of other engines mean nothing."""
    _search(sheet, "猛虎 <svg/onload=alert(2)>")
    assert sheet.locator(".gs-search__results li").count() == 0
    for query in ("猛虎", "pagefind", "snake", "case", "尾巴", "巴", '"猛虎"'):
        _search(sheet, query)
        assert sheet.locator(".gs-search__results a").inner_text() == HOSTILE.title, query
        assert "<i>栏</i>" in sheet.locator(".gs-search__results").inner_text()
        assert "</script><b>猛虎</b>" in sheet.locator(".gs-search__results").inner_text()


@pytest.mark.browser
def test_what_results_show_of_html(browser: Browser, tmp_path: Path) -> None:
    """The text as it is read: ruby text and inline elements do not split words, nor line ends between characters."""
    pages = [
        SearchDocument(f"p/{n}/", f"页{n}", f"{html_to_text(html)}\n{ruby_readings(html)}")
        for n, (html, _query, _shown) in enumerate(HTML)
    ]
    write(tmp_path, pages)
    for record, (html, _query, _shown) in zip(pages, HTML, strict=True):
        file = tmp_path / record.url / "index.html"
        file.write_text(f'<!doctype html><meta charset="utf-8"><div class="gs-text">{html}</div>', encoding="utf-8")
    with guarded(tmp_path) as base:
        opened = browser.new_page(base_url=base)
        for record, (_html, query, shown) in zip(pages, HTML, strict=True):
            _search(opened, f"{record.title} {query}")
            texts = opened.locator(".gs-search__excerpt").evaluate_all("all => all.map(each => each.textContent)")
            assert texts == ([shown] if shown else []), query
            # Wherever words stand side by side, one mark is around them.
            assert (
                opened.locator(".gs-search__excerpt mark").count() == (len(query.split()) if shown else 0)
                or " " in query
            )
        opened.close()


@pytest.mark.browser
def test_results_show_texts_as_they_are_written(browser: Browser, tmp_path: Path) -> None:
    """Title and excerpt keep traditional characters, radicals and ligatures, and the right part of them is marked."""
    pages = [
        SearchDocument("a/", "關於臺灣同胞的⼯作", "ﬁnd Café，第Ⅲ级响应，二○二六年，100㎡ 住房"),
        SearchDocument("b/", "ئۇيغۇرچە ئۇقتۇرۇش", "مەزمۇنى"),
    ]
    write(tmp_path, pages)
    with guarded(tmp_path) as base:
        opened = browser.new_page(base_url=base)
        for query, marked in {
            "关于台湾 工作": ["關於臺灣", "⼯作"], "find cafe": ["ﬁnd Café"], "III级": ["Ⅲ级"], "二〇二六年": ["二○二六年"],
            "m": ["㎡"], "2": ["㎡"], "m2": ["㎡"], "住房 m2住": ["㎡ 住房"],
        }.items():  # fmt: skip
            _search(opened, query)
            assert opened.locator("mark").all_inner_texts() == marked, query
            assert opened.locator(".gs-search__results a").text_content() == pages[0].title
            assert opened.locator(".gs-search__excerpt").text_content() == pages[0].text
        _search(opened, "ئۇيغۇرچە")
        for part in (".gs-search__results a", ".gs-search__excerpt"):
            assert opened.locator(part).evaluate("each => getComputedStyle(each).direction") == "rtl"
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("query", ["%", "🎉", "。，、？！", "()", "   ", "\u3000", "——", "\u200b"])
def test_a_query_of_marks_alone(browser: Browser, folder: Path, query: str) -> None:
    """The page says why nothing is found, also where a filter is chosen; an empty query needs no answer."""
    with guarded(folder) as base:
        opened = browser.new_page(base_url=base)
        _search(opened, query)
        status = opened.locator(".gs-search__status")
        assert "只有标点或符号" in status.inner_text()
        assert status.get_attribute("role") == "status"
        if query.strip():
            _search(opened, query, year="2025")
            assert "只有标点或符号" in status.inner_text()
            assert opened.locator(".gs-search__results li").count() == 0
        opened.locator("[name=year]").select_option("2025")
        opened.locator("[name=q]").fill("")
        opened.locator("[name=q]").press("Enter")
        opened.locator(".gs-search__results li").first.wait_for()
        opened.locator("[name=year]").select_option("")
        opened.locator(".gs-search__status:empty").wait_for(state="attached")
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("pattern", ["**/index.json", "**/p*.bin", "**/search/*/*.json"])
def test_a_search_that_takes_long(browser: Browser, folder: Path, pattern: str) -> None:
    """The page says that it is searching, whichever file keeps it waiting, and not before a moment has passed."""
    with guarded(folder) as base:
        opened = browser.new_page(base_url=base)
        opened.clock.install(time=0)
        opened.clock.pause_at(1000)
        opened.route(pattern, lambda _route: None)
        with opened.expect_request(pattern):
            opened.goto("search/?q=便民服务")
        status = opened.locator(".gs-search__status")
        opened.clock.run_for(200)
        assert status.inner_text() == ""
        opened.clock.run_for(200)
        assert status.inner_text() == opened.locator(".gs-search").get_attribute("data-busy") == "正在搜索……"
        opened.unroute(pattern)
        _wait(opened)
        assert _count(opened) == len(_expected("便民服务"))
        opened.close()


@pytest.mark.browser
def test_a_search_after_a_failure(browser: Browser, folder: Path) -> None:
    """The results of the search before go, and once the files are there again, the same page finds and filters."""
    with guarded(folder) as base:
        opened = browser.new_page(base_url=base)
        opened.route("**/index.json", lambda route: route.abort())
        opened.goto("search/?q=便民&year=2025")
        failed = str(opened.locator(".gs-search").get_attribute("data-failed"))
        opened.locator(".gs-search__status", has_text=failed).wait_for()
        opened.unroute("**/index.json")
        opened.locator("[name=q]").press("Enter")
        opened.locator(".gs-search__results li").first.wait_for()
        assert opened.locator("[name=year]").input_value() == "2025"
        opened.route("**/*.bin", lambda route: route.abort())
        opened.locator("[name=q]").fill("残疾人补贴")
        opened.locator("[name=q]").press("Enter")
        opened.locator(".gs-search__status", has_text=failed).wait_for()
        assert opened.locator(".gs-search__results li").count() == 0
        assert not opened.locator(".gs-search__more").is_visible()
        opened.close()


@pytest.mark.browser
def test_a_table_of_variants_that_cannot_be_loaded(browser: Browser, folder: Path) -> None:
    """The page says so, as it might not find all, and searches again once the table is there."""
    with guarded(folder) as base:
        opened = browser.new_page(base_url=base)
        opened.route("**/search-variants.js", lambda route: route.abort())
        opened.goto("search/?q=便民")
        failed = str(opened.locator(".gs-search").get_attribute("data-failed"))
        opened.locator(".gs-search__status", has_text=failed).wait_for()
        opened.unroute("**/search-variants.js")
        opened.locator("[name=q]").press("Enter")
        opened.locator(".gs-search__results li").first.wait_for()
        opened.close()


@pytest.mark.browser
def test_results_stand_at_the_margin(browser: Browser, sample_site: SampleSite) -> None:
    """They are as wide as the form above them."""
    with serving(sample_site.folder) as base:
        opened = browser.new_page(base_url=base)
        _search(opened, "便民服务")
        left = "each => each.getBoundingClientRect().left"
        form = opened.locator(".gs-search__form").evaluate(left)
        assert opened.locator(".gs-search__results a").first.evaluate(left) == form
        opened.close()


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
    for pattern in ("p*.bin", "index.json"):
        for file in (tmp_path / "site" / "search").rglob(pattern):
            file.unlink()
        with guarded(tmp_path / "site") as base:
            opened = browser.new_page(base_url=base)
            opened.goto("search/?q=便民")
            failed = opened.locator(".gs-search").get_attribute("data-failed")
            opened.locator(".gs-search__status", has_text=failed).wait_for()
            opened.close()


@pytest.mark.browser
def test_a_search_in_a_damaged_index(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """Where a file of the index is truncated the page says so, and the browser does not hang."""
    shutil.copytree(folder, tmp_path / "site")
    for file in (tmp_path / "site" / "search").rglob("p*.bin"):
        file.write_bytes(file.read_bytes()[:-1])
    with guarded(tmp_path / "site") as base:
        opened = browser.new_page(base_url=base)
        _search(opened, "便民")
        assert opened.locator(".gs-search__status").inner_text() == opened.locator(".gs-search").get_attribute(
            "data-failed"
        )
        opened.close()


@pytest.mark.browser
def test_more_results_that_cannot_be_loaded(browser: Browser, folder: Path) -> None:
    """The page says so and keeps the results that it shows."""
    with guarded(folder) as base:
        opened = browser.new_page(base_url=base)
        _search(opened, year="2025")
        opened.route("**/search/*/*.json", lambda route: route.abort())
        for _ in range(10):
            opened.locator(".gs-search__more").click()
        failed = opened.locator(".gs-search").get_attribute("data-failed")
        opened.locator(".gs-search__status", has_text=failed).wait_for()
        assert opened.locator(".gs-search__results li").count() >= 10
        opened.close()


@pytest.mark.browser
def test_a_site_that_is_published_anew(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """A page that was opened before finds what is there now."""
    site = tmp_path / "site"
    write(site, records(20))
    with guarded(site) as base:
        opened = browser.new_page(base_url=base)
        _search(opened, "便民")
        for file in (site / "search").glob("*/*"):
            file.unlink()
        write(site, records(30))
        # The server tells browsers the time of a file in whole seconds.
        later = time.time() + 5
        os.utime(site / "search" / "index.json", (later, later))
        opened.locator("[name=q]").fill("青便民〔2026〕 文化广场")
        opened.locator("[name=q]").press("Enter")
        expected = sum("青便民〔2026〕" in record.text for record in records(30))
        opened.locator(".gs-search__status", has_text=re.compile(rf"\D{expected}\D")).wait_for()
        opened.close()


@pytest.mark.browser
def test_the_part_of_a_page_that_results_show(browser: Browser, sample_site: SampleSite) -> None:
    """It comes from the text, the record table or the attachments, not from what stands on every page."""
    with serving(sample_site.folder) as base:
        opened = browser.new_page(base_url=base)
        for query in ("青便〔2025〕3号", "采购明细表", "便民服务"):
            _search(opened, query)
            shown = opened.locator(".gs-search__excerpt").all_inner_texts()
            assert any(query in part for part in shown), query
            marks = opened.locator(".gs-search__results mark").all_inner_texts()
            assert set(marks) == {query}
            assert not [part for part in shown for word in ("打印", "长者版", "上一篇", "手机", "首页") if word in part]
        opened.close()


@pytest.mark.browser
def test_a_page_that_cannot_be_loaded(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """Its result stands without a part of its text."""
    shutil.copytree(folder, tmp_path / "site")
    for file in (tmp_path / "site" / "news").rglob("index.html"):
        file.unlink()
    with guarded(tmp_path / "site") as base:
        opened = browser.new_page(base_url=base)
        _search(opened, "东湖村")
        assert opened.locator(".gs-search__results li").count() == 10
        assert _count(opened) == len(_expected("东湖村"))
        assert set(opened.locator(".gs-search__excerpt").all_inner_texts()) == {""}
        opened.close()


def test_the_same_records_give_the_same_bytes() -> None:
    """Whatever the order in which they come."""
    made = dict(index.files(map(IndexedPage.of, [*records(120), *CHANCE])))
    assert dict(index.files(map(IndexedPage.of, [*CHANCE, *reversed(records(120))]))) == made
    assert hashlib.sha256(b"".join(made[name] for name in sorted(made))).hexdigest() == _in_another_process()


def _in_another_process() -> str:
    code = (
        "import hashlib; from gongshi.site.search import index as search; from support.search_site import *;"
        "made = dict(search.files(map(search.IndexedPage.of, [*records(120), *chance_records(80)])));"
        "print(hashlib.sha256(b''.join(made[name] for name in sorted(made))).hexdigest())"
    )
    path = os.pathsep.join((str(HOOKS), str(REPOSITORY / "tests")))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "7", "TZ": "Pacific/Apia"}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip


def test_what_stands_in_the_index(folder: Path) -> None:
    """Each pair of words of each page at each of its places, each word once, each filter; nothing else."""
    every = [*records(NUMBER), *CHANCE, HOSTILE]
    expected = set()
    for record in every:
        title, text = tokenize(record.title), tokenize(record.text)
        start = max(64, len(title) + 1)
        for first, part in ((0, title), (start, text)):
            expected |= {Found(" ".join(pair), record.url, first + n) for n, pair in enumerate(pairwise(part))}
        expected |= {Found(word, record.url, int(word not in title[:64])) for word in {*title, *text}}
        expected |= {Found(f"={name} {value}", record.url, 1) for name, value in IndexedPage.of(record).facets()}
    listed = list(terms(files_of(folder)))
    assert set(listed) == expected
    assert len(listed) == len(expected)


def test_what_results_show(folder: Path) -> None:
    """Address, title, day, column and whether a page is still valid, in the order of the pages, newest first."""
    files = files_of(folder)
    found = [row for shard, *_ in overview(files)["shards"] for row in rows(files, shard)]
    every = sorted([*records(NUMBER), *CHANCE, HOSTILE], key=_numbers, reverse=True)
    every.sort(key=lambda r: r.day or date.min, reverse=True)
    assert found == [[r.url, r.title, str(r.day or ""), r.column, int(r.expired)] for r in every]


def test_what_can_be_chosen() -> None:
    """Columns and tags by how often they occur, years from the newest; a page without them belongs to none."""
    pages = [SearchDocument("about/", "机构职能", "地址"), SearchDocument("n/", "通知", "文", "栏", date(2026, 1, 2), ("乙", "乙")),
             SearchDocument("o/", "通知", "文", "目", date(2025, 1, 2), ("甲",)), SearchDocument("p/", "通知", "文", "目", date(2024, 1, 2), ("甲",))]  # fmt: skip
    made = overview(dict(index.files(map(IndexedPage.of, pages))))
    assert made["choices"] == {"column": ["目", "栏"], "year": ["2026", "2025", "2024"], "tag": ["甲", "乙"]}


def test_no_records() -> None:
    """A site without entries has a search page that finds nothing."""
    assert dict(index.files([])) == {"search/index.json": b'{"shards":[],"choices":{"column":[],"year":[],"tag":[]}}\n'}


def test_two_pages_at_one_address() -> None:
    """They are refused: nobody could tell which is meant."""
    record = records(1)[0]
    with pytest.raises(Refused, match="news/"):
        list(index.files(map(IndexedPage.of, [record, replace(record, title="another")])))


def _page(number: int, day: date | None) -> IndexedPage:
    return IndexedPage(f"n/{number:06}/", "", "", day, (), False, 4000, str(number), bytes)


def _pages(number: int, each: int = 4) -> list[IndexedPage]:
    """So many pages, some on each day."""
    return [_page(n, date(2010, 1, 1) + timedelta(days=n // each)) for n in range(number)]


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 511, 512, 513, 1023, 1024, 6143, 6144, 6145, 6800, 12500, 20_000, 50_000])
def test_shards(number: int) -> None:
    """They hold every page once, newest first; they are few, however many pages there are; months are kept whole."""
    cut = shards(_pages(number))
    assert [page for shard in cut for page in shard.pages] == _pages(number)[::-1]
    assert len(cut) <= 16
    months = [{f"{page.day:%Y%m}" for page in shard.pages} for shard in cut]
    assert sum(map(len, months)) == len(set().union(*months))
    assert max([len(shard.pages) for shard in cut[1:]], default=0) < 2 * max(512, number / 6)


@pytest.mark.slow
@pytest.mark.parametrize("number", [100, 3000, 7000, 22_500])
def test_a_new_page_changes_the_newest_shard(number: int) -> None:
    """The others stay; now and then the newest has grown so large that it is put together with the one before."""
    pages = _pages(number + 200)
    before = {shard.key for shard in shards(pages[:number])}
    times = []
    for more in range(10, 200, 10):
        after = shards(pages[: number + more])
        changed = [len(shard.pages) for shard in after if shard.key not in before]
        assert changed[0] < 1024
        times.append(len(changed))
        before = {shard.key for shard in after}
    assert sorted(times)[-2:][0] == 1


def test_a_change_of_an_old_page_changes_its_shard() -> None:
    """Correcting, withdrawing or adding one touches no other page's shard."""
    pages = _pages(3000)
    before = {shard.key for shard in shards(pages)}
    changes = [
        [*pages[:700], replace(pages[700], digest="x"), *pages[701:]],
        [*pages[:700], replace(pages[700], expired=True), *pages[701:]],
        [*pages[:700], *pages[701:]],
        [*pages, _page(9999, pages[700].day)],
    ]
    for changed in changes:
        assert len({shard.key for shard in shards(changed)} - before) == 1
        assert len(before - {shard.key for shard in shards(changed)}) == 1


def test_many_pages_on_one_day() -> None:
    """A month, or a day, on which an old site was brought in is cut, too, and later pages change the end only."""
    day = date(2024, 5, 6)
    pages = [*_pages(300), *(_page(1000 + n, day) for n in range(6000)), _page(9000, date(2024, 5, 1))]
    cut = shards(pages)
    assert sorted(page.url for shard in cut for page in shard.pages) == sorted(page.url for page in pages)
    assert 5 < len(cut) <= 16
    assert max(len(shard.pages) for shard in cut) < 2048
    later = shards([*pages, _page(9001, date(2024, 5, 7))])
    assert len({shard.key for shard in later} - {shard.key for shard in cut}) == 1


def test_pages_without_a_day() -> None:
    """Standing pages lie with the oldest, whose shard seldom changes."""
    cut = shards([*_pages(3000), _page(9000, None)])
    assert cut[-1].pages[-1].url == "n/009000/"


def test_what_the_key_hangs_on() -> None:
    """Everything that the files of a shard hang on: whatever is shown, found or chosen by."""
    page = IndexedPage.of(records(1)[0])
    changes: list[dict[str, Any]] = [
        {"url": "x/"}, {"title": "x"}, {"column": "x"}, {"day": date(2020, 1, 1)}, {"day": None}, {"tags": ("x",)},
        {"expired": not page.expired}, {"digest": "x"}, {"size": 10**6},
    ]  # fmt: skip
    keys = {Shard((replace(page, **change),)).key for change in [{}, *changes]}
    assert len(keys) == len(changes) + 1
    changed = IndexedPage.of(replace(records(1)[0], text="x"))
    assert (changed.digest, changed.size) != (page.digest, page.size)


def test_shards_can_be_made_in_other_processes() -> None:
    """A shard can be sent to a worker, and what it makes there is the same."""
    shard = shards(map(IndexedPage.of, records(20)))[0]
    copy = pickle.loads(pickle.dumps(shard))
    assert (copy.key, copy.files()) == (shard.key, shard.files())


@pytest.mark.parametrize("number", [0, 1, 127, 128, 16383, 16384, 2**21 - 1, 2**21, 2**28, 2**40])
def test_numbers(number: int, tmp_path: Path) -> None:
    """Numbers are written in LEB128."""
    data = bytearray()
    while number_left := number >> 7 * len(data):
        data.append(number_left & 127 | (128 if number_left > 127 else 0))
    assert shard_files._encode_number(number) == bytes(data or b"\0")


def test_buckets_are_of_a_size(folder: Path) -> None:
    """A bucket holds some kilobytes, however many pages a shard has, so that a search fetches little."""
    for number in (30, 120, 500):
        shard = Shard(tuple(map(IndexedPage.of, records(number))))
        sizes = [len(data) for name, data in shard.files().items() if name.rpartition("/")[2].startswith("p")]
        assert sum(sizes) / len(sizes) < 12 << 10
        assert number < 100 or sum(sizes) / len(sizes) > 2 << 10


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("青便民〔2026〕3号", ["青", "便", "民", "2026", "3", "号"]),
        ("“十四五”规划", ["十", "四", "五", "规", "划"]),
        ("A4纸 COVID-19", ["a", "4", "纸", "covid", "19"]),
        ("２０２６年，Ｑ＆Ａ", ["2026", "年", "q", "a"]),
        ("snake_case é e\u0301 བོད་ཡིག", ["snake", "case", "e", "e", "བོད", "ཡིག"]),
        ("ΟΔΟΣ İ", ["οδοσ", "i"]),
        ("一\u200b二\u2060三\u00b6", ["一", "二", "三"]),
        ("", []),
        ("……", []),
    ],
)
def test_words(text: str, cut: list[str]) -> None:
    """Each Chinese character, each number, each foreign word, in small letters without diacritics."""
    assert tokenize(text) == cut


def test_plain() -> None:
    """The text that HTML shows: a word is not torn by emphasis, scripts are not shown."""
    assert (
        html_to_text("<h2>标题</h2><p>便<b>民</b> &lt;b&gt;</p><script>x()</script><ul><li>一<li>二</ul>")
        == "标题\n便民 <b>\n一\n二"
    )
    assert html_to_text("<p>一</p><![x[ 二").startswith("一")


@pytest.mark.slow
def test_no_mark_is_missed() -> None:
    """The ranges that are passed over hold no combining mark, with whatever Unicode this Python knows."""
    passed_over = (chr(code) for each in tokenizer._WITHOUT_MARKS for code in each)
    assert not [character for character in passed_over if unicodedata.category(character).startswith("M")]
