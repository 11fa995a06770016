"""The reader of the search index: it finds what the index holds, loads no more than it needs, and names broken files."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route

from gongshi.site.search import index, shard_files
from gongshi.site.search.index import SearchDocument
from gongshi.site.search.tokenizer import tokenize
from support.search_folding import ALIKE, APART
from support.search_reader import files_of, overview
from support.search_site import guarded, write

pytestmark = pytest.mark.browser

PAGES = [
    SearchDocument("body/new/", "关于假期的通知", "防汛值班安排见附件", "通知公告", date(2026, 6, 1), ("防汛",)),
    SearchDocument("title/old/", "防汛值班表", "各村轮流", "通知公告", date(2024, 6, 1)),
    SearchDocument(
        "title/new/", "防汛值班和物资", "Flood defence, room 12", "公示公开", date(2026, 5, 1), ("防汛", "民生")
    ),
    SearchDocument("both/", "防汛值班", "物资清点，2026年", "公示公开", date(2025, 1, 1)),
    SearchDocument("apart/", "防汛", "值班另行通知", "活动报道", date(2023, 1, 1), expired=True),
    SearchDocument("about/", "机构职能", "地址：青禾镇Ａ座3号，电话 0632-5500007", "", None),
    *(
        SearchDocument(f"other/{n}/", f"第{n}期简报", "甲乙丙丁" * 3, "活动报道", date(2022, 1, 1 + n))
        for n in range(20)
    ),
]
TEXTS = [
    "青便民〔2026〕3号", "“十四五”规划", "A4纸 COVID-19", "２０２６年，Ｑ＆Ａ", "snake_case é e\u0301 བོད་ཡིག", "ΟΔΟΣ İ ς",
    "一\u200b二\u2060三\u00b6", "葛\U000e0100城 ☎\ufe0f", "𠮷野家 㐂 々〆〇", "ｱｲｳ カナ ひらがな 한국어", "①②③ ½ ४२ ٣", "3.14％ 1,000元 -5℃",
    "http://例子.中国/a?b=c#d", "don't l’État naïve ﬁ", "مَرحَبًا ไทย हिन्दी", "\t\r\n \u3000", "……", "",
]  # fmt: skip
PIECES = [
    *"民便二〇々가の，。（）〔〕 \u3000-_.'/", "2026", "３", "７８", "A", "ｂＣ", "abc", "É", "e\u0301", "ß", "ΟΣ", "𠮷", "①", "བོད་",
    "İ", "\ufe0f", "\u200b", "\U0001f600", "臺", "灣", "⼯", "⻅", "ﬁ", "Ⅲ", "①", "²", "㎡", "○零O0", "二九", "ǖ", "Đ", "ς", "ｶ", "ﾞ", "ㅎㅏ",
    "\u1112\u1161\u11ab", "가", "\xad", "\u0301", "مَ", "ﻻ", "\u3099", "か", "K", "™", "ŀ", "㍿", "DŽ", "ﬃ",
]  # fmt: skip


@dataclass
class Reader:
    """The reader's module in a page of the site, and the index files that it asked for."""

    page: Page
    loaded: list[str] = field(default_factory=list)

    def call(self, code: str, argument: object = None) -> Any:
        """Run JavaScript with the module as `reader` and a search index, which stays the same, as `index`."""
        return self.page.evaluate(
            """async ([code, argument]) => {
                const reader = await import(new URL("../assets/gongshi/search-reader.js", location.href));
                await reader.parseQuery("汉");
                const index = globalThis.index ??= new reader.SearchIndex();
                return await (globalThis.run[code])(reader, index, argument);
            }""",
            [code, argument],
        )

    def find(self, query: str, **filters: str) -> list[str]:
        """The addresses that are found, in their order."""
        found: list[str] = self.call("find", {"query": query, **filters})
        return found

    def failure(self, query: str) -> str:
        """The message of the error that a search ends with."""
        return str(self.call("failure", query))


RUN = """globalThis.run = {
    tokenize: (reader, index, texts) => texts.map(reader.tokenize),
    phrases: (reader, index, queries) => Promise.all(queries.map(reader.parseQuery)),
    find: async (reader, index, { query, ...filters }) => {
        const found = await index.find({ phrases: await reader.parseQuery(query), ...filters });
        return Promise.all(found.map(async (result) => (await index.describe(result)).url));
    },
    search: async (reader, index, query) => (await index.find({ phrases: await reader.parseQuery(query) })).length,
    describe: async (reader, index, query) => {
        const found = await index.find({ phrases: await reader.parseQuery(query) });
        return Promise.all(found.map((result) => index.describe(result)));
    },
    choices: (reader, index) => index.choices(),
    locate: (reader, index, texts) =>
        texts.map((text) => reader.locateWords(text, []).map(({ word, start, end }) => [word, start, end])),
    marked: (reader, index, pairs) => Promise.all(pairs.map(async ([query, text]) => {
        const hits = reader.locateWords(text, await reader.parseQuery(query)).filter((word) => word.isHit);
        return hits.length ? text.slice(hits[0].start, hits.at(-1).end) : "";
    })),
    hits: async (reader, index, [text, query]) =>
        reader.locateWords(text, await reader.parseQuery(query)).filter((word) => word.isHit).map(({ start, end }) => text.slice(start, end)),
    "failure of a new index": (reader, index, query) => globalThis.run.failure(reader, new reader.SearchIndex(), query),
    failure: async (reader, index, query) => {
        try {
            const found = await index.find({ phrases: await reader.parseQuery(query) });
            await Promise.all(found.map((result) => index.describe(result)));
        } catch (error) {
            return `${error.name}: ${error.message}`;
        }
        return "";
    },
};"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with its index, in two shards of several buckets."""
    site = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_MIN_SHARD_PAGES", 16)
        patch.setattr(shard_files, "_BUCKET_BYTES", 128)
        write(site, PAGES)
    # The page of the search must not search by itself here.
    (site / "search" / "index.html").write_text("<!doctype html><meta charset=utf-8>")
    return site


@pytest.fixture(scope="module")
def context(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """The site below a path of its host, under the security policy that hosts are told to set."""
    with guarded(folder) as base, browser.new_context(base_url=base) as context:
        context.add_init_script(RUN)
        yield context


@pytest.fixture
def reader(context: BrowserContext) -> Iterator[Reader]:
    """The reader in a new page, which must stay free of errors."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("search/")
    reader = Reader(page)
    page.on("request", lambda request: reader.loaded.append(request.url.removeprefix(page.url)))
    reader.call("tokenize", [])
    reader.loaded.clear()
    yield reader
    page.close()
    assert wrong == []


def _shards(folder: Path) -> list[str]:
    return [name for name, *_counts in overview(files_of(folder))["shards"]]


def test_queries_are_cut_as_the_index_is(reader: Reader) -> None:
    """Chinese, digits, mixed width, punctuation, other scripts, and any mixture of them."""
    chance = random.Random(7)
    every = [text for pair in [*ALIKE, *APART] for text in pair]
    texts = [*TEXTS, *every, *("".join(chance.choices(PIECES, k=chance.randrange(1, 40))) for _ in range(500))]
    assert reader.call("tokenize", texts) == [tokenize(text) for text in texts]


def test_words_are_found_where_they_stand(reader: Reader) -> None:
    """Each word of a text as it is shown, in order, however many characters it was folded from."""
    chance = random.Random(8)
    texts = [
        *TEXTS,
        *(text for pair in ALIKE for text in pair),
        *("".join(chance.choices(PIECES, k=30)) for _ in range(500)),
    ]
    for text, located in zip(texts, reader.call("locate", texts), strict=True):
        assert [word for word, _start, _end in located] == tokenize(text), text
        places = [place for _word, *places in located for place in places]
        assert all(0 <= start < end <= len(text.encode("utf-16-le")) // 2 for _word, start, end in located), text
        assert list(places[::2]) == sorted(places[::2]), text


def test_spellings_that_are_alike(reader: Reader) -> None:
    """The part of a text that is marked, as it is written."""
    marked = reader.call("marked", ALIKE)
    assert dict(zip(ALIKE, marked, strict=True)) == {each: each[2] for each in ALIKE}
    assert reader.call("marked", APART) == [""] * len(APART)


def test_spaces_part_the_phrases_of_a_query(reader: Reader) -> None:
    """Of any kind; what holds no word is no phrase; a very long query is cut."""
    queries = ["防汛 值班", "\u3000防汛\t12号\u3000", "， 。", "", "字" * 101]
    assert reader.call("phrases", queries) == [
        [["防", "汛"], ["值", "班"]], [["防", "汛"], ["12", "号"]], [], [], [["字"] * 100],
    ]  # fmt: skip


def test_every_page_that_contains_the_words_is_found(reader: Reader) -> None:
    """In title or text, in all shards; a phrase only where its words follow one another, in title or text alone."""
    assert set(reader.find("防汛值班")) == {"body/new/", "title/old/", "title/new/", "both/"}
    assert set(reader.find("防汛 值班")) == {"body/new/", "title/old/", "title/new/", "both/", "apart/"}
    assert reader.find("汛值班安排见附") == ["body/new/"]
    assert reader.find("汛值班安排见习") == []
    assert set(reader.find("2026年")) == {"both/"}
    assert reader.find("a座3号 5500007") == ["about/"]
    assert len(reader.find("乙丙丁甲")) == 20
    assert reader.find("没有的词") == []
    assert reader.find("") == []


def test_the_beginning_of_a_foreign_word_finds_it(reader: Reader) -> None:
    """So that results come while it is typed; a number and a Chinese character are found whole."""
    assert reader.find("flo") == ["title/new/"]
    assert reader.find("lood") == []
    assert reader.find("55000") == []


def test_titles_rank_before_texts_and_new_before_old(reader: Reader) -> None:
    """More phrases in the title come first; visitors can ask for the newest first."""
    assert reader.find("防汛值班") == ["title/new/", "both/", "title/old/", "body/new/"]
    assert reader.find("防汛值班 物资") == ["title/new/", "both/"]
    assert reader.find("防汛值班", order="date") == ["body/new/", "title/new/", "both/", "title/old/"]


def test_filters_narrow_what_is_found(reader: Reader) -> None:
    """By column, year and tag together with the words, or alone."""
    assert reader.find("防汛值班", column="公示公开") == ["title/new/", "both/"]
    assert reader.find("防汛值班", column="公示公开", year="2025") == ["both/"]
    assert reader.find("", tag="防汛") == ["body/new/", "title/new/"]
    assert reader.find("", tag="防") == []


def test_what_visitors_can_choose(reader: Reader, folder: Path) -> None:
    """The columns, years and tags of the index, also when it could not be loaded at first."""
    for body in (b"gone", b"null"):
        _break(reader.page, "**/index.json", body, 404 if body == b"gone" else 200)
        with pytest.raises(Error, match=r"search index: index\.json"):
            reader.call("choices")
        reader.page.unroute("**/index.json")
    assert reader.call("choices") == overview(files_of(folder))["choices"]


def test_what_is_known_of_a_result(reader: Reader) -> None:
    """Address, title, column, day, and if it has expired; a standing page has neither column nor day."""
    (known,) = reader.call("describe", "值班另行")
    assert known == {"url": "apart/", "title": "防汛", "day": "2023-01-01", "column": "活动报道", "isExpired": True}
    (known,) = reader.call("describe", "机构职能")
    assert known == {"url": "about/", "title": "机构职能", "day": "", "column": "", "isExpired": False}


def test_hits_are_the_searched_words(reader: Reader) -> None:
    """A phrase only where all of it stands, a foreign word by its beginning."""
    assert reader.call("hits", ["防汛、值班和防汛值班 Flooding", "防汛值班 flood"]) == [
        "防",
        "汛",
        "值",
        "班",
        "防",
        "汛",
        "值",
        "班",
        "Flooding",
    ]
    assert reader.call("hits", ["防灾值班 defloods", "防汛值班 flood"]) == []


def test_only_the_files_of_the_query_are_loaded(reader: Reader, folder: Path) -> None:
    """Of each shard the bucket of each pair or word; titles only of what is shown; nothing twice."""
    shards = _shards(folder)
    assert len(shards) == 2
    assert reader.call("search", "防汛") == 5
    assert reader.loaded.pop(0) == "index.json"
    assert sorted(path.partition("/")[0] for path in reader.loaded) == sorted(shards)
    assert all("/p" in path for path in reader.loaded)
    reader.loaded.clear()
    assert reader.call("search", "flood") == 1
    assert sorted(path.partition("/")[0] for path in reader.loaded) == sorted(shards)
    assert all("/w" in path for path in reader.loaded)
    reader.loaded.clear()
    assert reader.find("flood") == ["title/new/"]
    assert reader.loaded == [f"{shards[0]}/0.json"]
    reader.loaded.clear()
    assert reader.find("flood") == ["title/new/"]
    assert reader.call("search", "") == 0
    assert reader.loaded == []


def test_the_table_of_variants_is_loaded_for_chinese_only(context: BrowserContext) -> None:
    """A query of letters and digits does without it; one of Chinese loads it once."""
    page = context.new_page()
    page.goto("search/")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    parse = """async (query) => (await import(new URL("../assets/gongshi/search-reader.js", location.href))).parseQuery(query)"""
    assert page.evaluate(parse, "Café [2026]3") == [["cafe"], ["2026", "3"]]
    assert "search-variants.js" not in loaded
    assert page.evaluate(parse, "臺灣") == [["台", "湾"]]
    assert loaded.count("search-variants.js") == 1
    page.close()


def test_a_long_phrase_that_is_nowhere_stops_early(reader: Reader, folder: Path) -> None:
    """Two pairs of words that never meet are enough; the other pairs are not looked up."""
    assert min(pairs for _name, _pages, pairs, _words in overview(files_of(folder))["shards"]) > 2
    assert reader.call("search", "".join(chr(0x5000 + n) for n in range(100))) == 0
    assert len([path for path in reader.loaded if path.endswith(".bin")]) <= 2 * len(_shards(folder))


def _break(page: Page, pattern: str, body: bytes | None, status: int = 200) -> None:
    """Answer requests that match with these bytes, or not at all."""
    page.route(pattern, lambda route: route.abort() if body is None else route.fulfill(status=status, body=body))


@pytest.mark.parametrize(
    ("pattern", "query", "name"),
    [
        ("**/index.json", "防汛", r"index\.json"),
        ("**/p*.bin", "防汛", r"\w{16}/p\d+\.bin"),
        ("**/w*.bin", "flood", r"\w{16}/w\d+\.bin"),
        ("**/0.json", "flood", r"\w{16}/0\.json"),
    ],
)
def test_a_missing_or_broken_file_is_named(reader: Reader, pattern: str, query: str, name: str) -> None:
    """In the error that the search ends with; once the file is there again, the same page finds."""
    for body, status, problem in (
        (b"gone", 404, "cannot be loaded (HTTP 404)"),
        (None, 0, "cannot be loaded"),
        (b"", 200, "is damaged"),
        (b"\xff\xff\xff", 200, "is damaged"),
    ):
        _break(reader.page, pattern, body, status)
        assert re.fullmatch(rf"SearchIndexError: search index: {name} {re.escape(problem)}", reader.failure(query))
        reader.page.unroute(pattern)
    assert "title/new/" in reader.find(query)


def test_a_truncated_bucket_is_named(reader: Reader, folder: Path) -> None:
    """Wherever it was cut, and the browser does not hang; a cut between two terms cannot be seen."""
    reader.call("search", "防汛")
    name = next(path for path in reader.loaded if path.endswith(".bin"))
    data = (folder / "search" / name).read_bytes()
    lengths = range(150)
    assert len(data) > len(lengths)
    reader.page.route(f"**/{name}", lambda route: route.fulfill(status=200, body=data[:length]))
    whole = []
    length: int
    for length in lengths:
        message = reader.call("failure of a new index", "防汛")
        assert message in ("", f"SearchIndexError: search index: {name} is damaged")
        if not message:
            whole.append(length)
    assert whole == [length for length in _term_ends(data) if length in lengths]
    assert len(whole) > 2


def _term_ends(data: bytes) -> list[int]:
    """The lengths at which a bucket ends behind its stride or behind a term."""
    place = 0

    def number() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    number()
    ends = [place]
    while place < len(data):
        for _part in ("term", "list"):
            length = number()
            place += length
        ends.append(place)
    return ends


def test_json_that_is_no_index_is_damaged(reader: Reader) -> None:
    """An overview or a file of titles that another program wrote."""
    for content in ("null", "[]", '{"shards":[]}', '{"shards":{},"choices":{}}'):
        _break(reader.page, "**/index.json", json.dumps(json.loads(content)).encode())
        assert reader.failure("防汛") == "SearchIndexError: search index: index.json is damaged", content
        reader.page.unroute("**/index.json")
    for content in ("null", "[]", "{}"):
        _break(reader.page, "**/0.json", content.encode())
        assert reader.failure("防汛").endswith("/0.json is damaged"), content
        reader.page.unroute("**/0.json")
    assert len(reader.find("防汛")) == 5


def test_a_number_that_runs_out_of_its_list_is_damage(reader: Reader) -> None:
    """Also where the bytes behind it read as further terms."""
    _break(reader.page, "**/w*.bin", b"\x50" + b"\x05flood\x01\x80" + b"\x01x\x01\0")
    assert re.fullmatch(r".*/w\d+\.bin is damaged", reader.failure("flood"))


def test_the_overview_is_asked_for_anew_after_a_failure(reader: Reader, folder: Path) -> None:
    """The site may have been published again since the page was opened: then the shards have other names."""
    content = json.loads((folder / "search" / "index.json").read_text())
    content["shards"][0][0] = "0" * 16
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=200, body=json.dumps(content))
        else:
            route.continue_()

    reader.page.route("**/index.json", answer)
    assert set(reader.find("防汛值班")) == {"body/new/", "title/old/", "title/new/", "both/"}
    assert len(asked) == 2
