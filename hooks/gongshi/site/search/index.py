"""The search of the site: an index in small files, of which browsers fetch those that a query needs.

The pages, newest first, are cut into shards; each is made by itself, so that a new entry changes the newest shard only.
`shard_files` says what stands in the files of a shard, `assets/gongshi/search-reader.js` reads them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from hashlib import sha256
from itertools import groupby

from gongshi.common.errors import Refused, printable
from gongshi.i18n import gettext as _
from gongshi.site.search import shard_files
from gongshi.site.search.tokenizer import words

FOLDER = "search"
"""The folder of the search page."""
OVERVIEW = f"{FOLDER}/index.json"
BLOCK = 16
"""Pages that a file with titles and addresses holds."""
_FORMAT = 1
_SHARD = 256
"""Pages that a shard holds at least, the newest aside."""
_SHARDS = 12
"""More shards are not made, the newest aside: each is asked for every word of a query."""


@dataclass(frozen=True)
class Record:
    """A public page as the search knows it."""

    url: str
    """Relative to the site and quoted, such as `announcements/2026/20261112-1/`."""
    title: str
    text: str
    """Plain text: the body, and what else the page shows and people look for (document number, place, attachments)."""
    column: str = ""
    """The column's title; empty for a standing page."""
    day: date | None = None
    tags: tuple[str, ...] = ()
    expired: bool = False


@dataclass(frozen=True)
class Leaf:
    """A page in the index: what is shown of it and where its words are to be had.

    Its fields but `load` can be kept beside what `written` gave, so that an unchanged page is not cut into words again.
    """

    url: str
    title: str
    column: str
    day: date | None
    tags: tuple[str, ...]
    expired: bool
    size: int
    """Bytes of what was written of the page."""
    digest: str
    """SHA-256 of what was written of the page, in hex."""
    load: Callable[[], bytes]
    """Gives what was written of the page; to be sent to another process, it must be something that can be pickled."""

    @classmethod
    def of(cls, record: Record) -> Leaf:
        """The leaf of a page whose words stay in memory.

        Args:
            record: the page.
        """
        data = written(record)
        return cls(
            url=record.url, title=record.title, column=record.column, day=record.day, tags=record.tags,
            expired=record.expired, size=len(data), digest=sha256(data).hexdigest(), load=partial(bytes, data),
        )  # fmt: skip

    def facets(self) -> Iterator[tuple[str, str]]:
        """What visitors can choose the page by."""
        if self.column:
            yield "column", self.column
        if self.day:
            yield "year", f"{self.day.year:04}"
        for tag in dict.fromkeys(self.tags):
            yield "tag", tag

    @property
    def shown(self) -> list[str | int]:
        """What a result shows of the page without asking for it."""
        return [self.url, self.title, str(self.day or ""), self.column, int(self.expired)]


@dataclass(frozen=True)
class Shard:
    """Pages whose index is made at once."""

    leaves: tuple[Leaf, ...]

    @cached_property
    def key(self) -> str:
        """SHA-256 in hex over everything that the files hang on."""
        said = [[*leaf.shown, *leaf.tags, leaf.size, leaf.digest] for leaf in self.leaves]
        return sha256(json.dumps([_FORMAT, said]).encode()).hexdigest()

    @property
    def counts(self) -> tuple[int, int]:
        """How many buckets there are of pairs and of words."""
        return shard_files.counts(sum(leaf.size for leaf in self.leaves))

    def files(self) -> dict[str, bytes]:
        """The files of the index by path relative to the site: the same leaves give the same bytes."""
        folder = f"{FOLDER}/{_name(self.key)}"
        made = {}
        for number, start in enumerate(range(0, len(self.leaves), BLOCK)):
            made[f"{folder}/{number}.json"] = _json([leaf.shown for leaf in self.leaves[start : start + BLOCK]])
        loaded = [(leaf.load(), [f"{facet} {value}" for facet, value in leaf.facets()]) for leaf in self.leaves]
        for name, data in shard_files.buckets(loaded, self.counts).items():
            made[f"{folder}/{name}"] = data
        return made


def written(record: Record) -> bytes:
    """Everything that the index needs of one page, to be kept for as long as the page stays the same.

    Args:
        record: the page.
    """
    return shard_files.written(words(record.title), words(record.text))


def shards(leaves: Iterable[Leaf]) -> list[Shard]:
    """All pages, cut into shards; both newest first.

    Shards are cut from the oldest page on, between months. The more pages there are, the larger are shards; what is
    left at the end is cut into smaller ones, so that a new page changes a small one.

    Args:
        leaves: every page that can be found, in whatever order; the same pages give the same shards.

    Raises:
        Refused: two pages have the same address.
    """
    ordered = sorted(leaves, key=lambda leaf: leaf.url)
    if twice := [url for url, times in Counter(leaf.url for leaf in ordered).items() if times > 1]:
        raise Refused(_("{address}: two pages for the search have this address").format(address=printable(twice[0])))
    # Newest first, and those of one day by their address; from the end, as the oldest shard is cut first.
    ordered.sort(key=lambda leaf: leaf.day or date.min, reverse=True)
    ordered.reverse()
    least = _SHARD
    while least * _SHARDS < len(ordered):
        least *= 2
    cut: list[Shard] = []
    held: list[Leaf] = []
    left = len(ordered)
    for piece in _pieces(ordered):
        while left < least > _SHARD and not held:
            least //= 2
        held += piece
        if len(held) >= least:
            cut.append(Shard(tuple(reversed(held))))
            left -= len(held)
            held = []
    if held:
        cut.append(Shard(tuple(reversed(held))))
    return cut[::-1]


def _pieces(ordered: Sequence[Leaf]) -> Iterator[Sequence[Leaf]]:
    """Months, those without a day as one; a month that alone would fill a shard in days, and such a day in parts."""
    for month in _split(ordered, lambda leaf: f"{leaf.day:%Y%m}" if leaf.day else ""):
        if len(month) <= _SHARD:
            yield month
            continue
        for day in _split(month, lambda leaf: str(leaf.day)):
            for start in range(0, len(day), _SHARD):
                yield day[start : start + _SHARD]


def _split(leaves: Sequence[Leaf], key: Callable[[Leaf], str]) -> Iterator[list[Leaf]]:
    for _key, group in groupby(leaves, key):
        yield list(group)


def overview(shards: Sequence[Shard]) -> dict[str, bytes]:
    """What browsers ask for first: where the shards lie, and what visitors can choose from, the most frequent first.

    Args:
        shards: all of them, newest first.
    """
    counted = {facet: Counter[str]() for facet in ("column", "year", "tag")}
    for shard in shards:
        for leaf in shard.leaves:
            for facet, value in leaf.facets():
                counted[facet][value] += 1
    choices = {facet: sorted(times, key=lambda value: (-times[value], value)) for facet, times in counted.items()}
    choices["year"].sort(reverse=True)
    places = [[_name(shard.key), len(shard.leaves), *shard.counts] for shard in shards]
    return {OVERVIEW: _json({"shards": places, "choices": choices})}


def files(leaves: Iterable[Leaf]) -> Iterator[tuple[str, bytes]]:
    """The whole index, file by file: path relative to the site, and content.

    Args:
        leaves: every page that can be found, in whatever order.

    Raises:
        Refused: two pages have the same address.
    """
    cut = shards(leaves)
    yield from overview(cut).items()
    for shard in cut:
        yield from shard.files().items()


def _name(key: str) -> str:
    return key[:16]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
