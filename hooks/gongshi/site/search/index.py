"""The search index: small files, of which a browser loads only those that a query needs.

The pages are divided into shards by date, and each shard is built independently, so a new entry changes the newest
shard only. `shard_files` describes the files of a shard; `theme/assets/gongshi/search-reader.js` reads them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timezone
from functools import cached_property, partial
from hashlib import sha256
from itertools import groupby
from urllib.parse import unquote

from gongshi.common.errors import Refused, printable
from gongshi.i18n import gettext as _
from gongshi.site import publication_order
from gongshi.site.publication_order import Published
from gongshi.site.search import shard_files
from gongshi.site.search.tokenizer import tokenize

FOLDER = "search"
"""Folder of the search page, relative to the site."""
OVERVIEW = f"{FOLDER}/index.json"
PAGES_PER_FILE = 16
"""Pages whose titles and addresses one JSON file of a shard holds; search-reader.js has the same number."""
_FORMAT = 1
_MIN_SHARD_PAGES = 256
"""Minimum number of pages in a shard other than the newest."""
_MAX_SHARDS = 12
"""Maximum number of shards besides the newest: a browser loads a file of each for every word of a query."""


@dataclass(frozen=True)
class SearchDocument:
    """The searchable content of a public page."""

    url: str
    """Relative to the site and quoted, such as `announcements/2026/20261112-1/`."""
    title: str
    text: str
    """Plain text: the body, the document number, the place, titles of attachments and the like."""
    column: str = ""
    """Title of the column; empty for a standing page."""
    day: date | None = None
    tags: tuple[str, ...] = ()
    expired: bool = False


@dataclass(frozen=True)
class IndexedPage:
    """A page in the index: the data of its search result, and access to its words.

    All fields but `load` can be cached with the result of `tokenize_document`, so that an unchanged page is not
    tokenized again.
    """

    url: str
    title: str
    column: str
    day: date | None
    tags: tuple[str, ...]
    expired: bool
    size: int
    """Length of the page's words in bytes."""
    digest: str
    """SHA-256 of the page's words, in hex."""
    load: Callable[[], bytes]
    """Returns the words as `tokenize_document` made them. Must be picklable to be used in another process."""
    published: Published | None = None
    """For sorting the pages of one day; None for a page without a date."""

    @classmethod
    def of(cls, document: SearchDocument) -> IndexedPage:
        """Create an indexed page that keeps its words in memory.

        Args:
            document: the page's searchable content.
        """
        data = tokenize_document(document)
        return cls(
            url=document.url, title=document.title, column=document.column, day=document.day, tags=document.tags,
            expired=document.expired, size=len(data), digest=sha256(data).hexdigest(), load=partial(bytes, data),
        )  # fmt: skip

    def facets(self) -> Iterator[tuple[str, str]]:
        """Yield the filters that the page passes: facet and value."""
        if self.column:
            yield "column", self.column
        if self.day:
            yield "year", f"{self.day.year:04}"
        for tag in dict.fromkeys(self.tags):
            yield "tag", tag

    @property
    def result_row(self) -> list[str | int]:
        """The data that a search result shows: address, title, day, column, 1 if expired."""
        return [self.url, self.title, str(self.day or ""), self.column, int(self.expired)]


@dataclass(frozen=True)
class Shard:
    """Pages whose part of the index is built as one."""

    pages: tuple[IndexedPage, ...]
    """Newest first."""

    @cached_property
    def key(self) -> str:
        """SHA-256 in hex of everything that the files of the shard depend on."""
        parts = [[*page.result_row, *page.tags, page.size, page.digest] for page in self.pages]
        return sha256(json.dumps([_FORMAT, parts]).encode()).hexdigest()

    @property
    def bucket_counts(self) -> tuple[int, int]:
        """Number of files for pairs of words and for single words."""
        return shard_files.bucket_counts(sum(page.size for page in self.pages))

    def files(self) -> dict[str, bytes]:
        """Return the shard's files by path relative to the site; the same pages give the same bytes."""
        folder = f"{FOLDER}/{_folder_name(self.key)}"
        contents = {}
        for number, start in enumerate(range(0, len(self.pages), PAGES_PER_FILE)):
            rows = [page.result_row for page in self.pages[start : start + PAGES_PER_FILE]]
            contents[f"{folder}/{number}.json"] = _json(rows)
        loaded = [(page.load(), [f"{facet} {value}" for facet, value in page.facets()]) for page in self.pages]
        for name, data in shard_files.encode_buckets(loaded, self.bucket_counts).items():
            contents[f"{folder}/{name}"] = data
        return contents


def tokenize_document(document: SearchDocument) -> bytes:
    """Return the words of a page in the form that can be cached while the page stays the same.

    Args:
        document: the page's searchable content.
    """
    return shard_files.encode_page(tokenize(document.title), tokenize(document.text))


def shards(pages: Iterable[IndexedPage]) -> list[Shard]:
    """Divide all pages into shards; shards and their pages come newest first.

    Shards are cut between months, from the oldest page on. More pages make larger shards; the newest pages, too few
    for a large shard, are cut into smaller ones, so that a new page changes a small shard.

    Args:
        pages: all pages in any order; the same pages give the same shards.

    Raises:
        Refused: two pages have the same address.
    """
    ordered = _oldest_first(pages)
    minimum = _MIN_SHARD_PAGES
    while minimum * _MAX_SHARDS < len(ordered):
        minimum *= 2
    complete: list[Shard] = []
    pending: list[IndexedPage] = []
    left = len(ordered)
    for group in _months(ordered):
        while left < minimum > _MIN_SHARD_PAGES and not pending:
            minimum //= 2
        pending += group
        if len(pending) >= minimum:
            complete.append(Shard(tuple(reversed(pending))))
            left -= len(pending)
            pending = []
    if pending:
        complete.append(Shard(tuple(reversed(pending))))
    return complete[::-1]


def _oldest_first(pages: Iterable[IndexedPage]) -> list[IndexedPage]:
    """Sort pages by publication; refuse two pages with the same address."""
    every = list(pages)
    if repeated := sorted(url for url, count in Counter(page.url for page in every).items() if count > 1):
        raise Refused(_("{address}: two pages for the search have this address").format(address=printable(repeated[0])))
    newest_first = publication_order.newest_first(
        every,
        lambda page: page.published or publication_order.published(page.day, page.day, None, timezone.utc),
        lambda page: publication_order.number_key(unquote(page.url)),
    )
    return newest_first[::-1]


def _months(ordered: Sequence[IndexedPage]) -> Iterator[Sequence[IndexedPage]]:
    """Group pages by month; cut a month that would fill a shard into days, and such a day into parts."""
    for month in _groups(ordered, lambda page: f"{page.day:%Y%m}" if page.day else ""):
        if len(month) <= _MIN_SHARD_PAGES:
            yield month
            continue
        for day in _groups(month, lambda page: str(page.day)):
            for start in range(0, len(day), _MIN_SHARD_PAGES):
                yield day[start : start + _MIN_SHARD_PAGES]


def _groups(pages: Sequence[IndexedPage], key: Callable[[IndexedPage], str]) -> Iterator[list[IndexedPage]]:
    for _key, group in groupby(pages, key):
        yield list(group)


def overview(shards: Sequence[Shard]) -> dict[str, bytes]:
    """Return the file that browsers load first: the shards, and the filters by facet, the most frequent first.

    Args:
        shards: all shards, newest first.
    """
    counts = {facet: Counter[str]() for facet in ("column", "year", "tag")}
    for shard in shards:
        for page in shard.pages:
            for facet, value in page.facets():
                counts[facet][value] += 1
    choices = {facet: sorted(values, key=lambda value: (-values[value], value)) for facet, values in counts.items()}
    choices["year"].sort(reverse=True)
    listed = [[_folder_name(shard.key), len(shard.pages), *shard.bucket_counts] for shard in shards]
    return {OVERVIEW: _json({"shards": listed, "choices": choices})}


def files(pages: Iterable[IndexedPage]) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the index: path relative to the site, and content.

    Args:
        pages: all pages in any order.

    Raises:
        Refused: two pages have the same address.
    """
    all_shards = shards(pages)
    yield from overview(all_shards).items()
    for shard in all_shards:
        yield from shard.files().items()


def _folder_name(key: str) -> str:
    return key[:16]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
