"""The files of a shard: which word, and which two words one after the other, stand at which places of which pages.

A page has `stride` places, as many as the longest of the shard: page 3 begins at place 3 * stride. The title begins
there, the text TITLE places behind it or one place behind a longer title. Pairs of neighbouring words are listed with
every place where they stand. Single words are listed with pages only: number of the page times two, plus one where the
title does not hold the word. Filters are words that begin with a sign that no word of a text holds.

A file, or bucket, is `stride` and then the terms whose checksum leads here, each as: length of the term, term in UTF-8,
length of its list, list as steps from one number to the next. Numbers are in the variable-length form of Protocol
Buffers and others (LEB128). `assets/gongshi/search-reader.js` reads this: change both together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise
from operator import sub
from sys import intern
from zlib import crc32

from gongshi.common.collector import collector_paused
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.site.search.tokenizer import HAN

TITLE = 64
"""A title fills so many places, so that the place of a match says whether it lies in the title."""
SIGN = "="
"""Begins the word that stands for a filter."""
_BUCKET = 8 << 10
"""Bytes that a bucket is meant to hold at most."""
_PAIRS, _WORDS = 0.8, 0.16
"""About so many bytes of buckets come from a byte of what was written of the pages (seen in 6,800 entries)."""
_RUN = 512
"""Pages whose terms are gathered at once."""
_CLOSED = lazy_pattern(f"[{HAN}0-9{SIGN}]")

Page = tuple[bytes, Sequence[str]]
"""What was written of a page, and the filters that let it through."""
Term = tuple[str, ...]
"""One word or two."""
Lists = defaultdict[Term, list[int]]
"""Of each term where it stands."""


class _Numbers(dict[int, bytes]):
    """Numbers as they are written; those below 16,384 are remembered, as most of them come again and again."""

    def __missing__(self, number: int) -> bytes:
        if number >= 1 << 14:
            return bytes((number & 0x7F | 0x80, number >> 7 & 0x7F | 0x80)) + self[number >> 14]
        self[number] = written = bytes((number,)) if number < 0x80 else bytes((number & 0x7F | 0x80, number >> 7))
        return written


_number = _Numbers().__getitem__


def written(title: list[str], text: list[str]) -> bytes:
    """What the index needs of one page.

    Args:
        title: its words.
        text: its words.
    """
    return f"{' '.join(title)}\n{' '.join(text)}".encode()


def counts(size: int) -> tuple[int, int]:
    """How many buckets of pairs and of words a shard has, powers of two that grow with it.

    Args:
        size: bytes of what was written of its pages.
    """
    pairs, words = (1 << int(size * share / _BUCKET).bit_length() for share in (_PAIRS, _WORDS))
    return pairs, words


def buckets(pages: Sequence[Page], counts: tuple[int, int]) -> dict[str, bytes]:
    """The buckets of a shard: content by name.

    Args:
        pages: of each page what `written` gave, and the filters that let it through.
        counts: how many buckets of pairs and of words.
    """
    stride = max(_length(data) for data, _signs in pages)
    # No cycles arise here, and looking for them would take a third of the time.
    with collector_paused():
        pairs = _files("p", _listed(pages, partial(_pairs, stride)), stride, counts[0])
        return {**pairs, **_files("w", _listed(pages, _words), stride, counts[1])}


def _listed(pages: Sequence[Page], gather: Callable[[int, Sequence[Page]], Lists]) -> dict[Term, bytes]:
    """The list of each term as it is written; numbers of many pages at once would take a lot of memory."""
    done: dict[Term, tuple[bytes, int]] = {}
    for start in range(0, len(pages), _RUN):
        for term, numbers in gather(start, pages[start : start + _RUN]).items():
            before, last = done.get(term, (b"", 0))
            done[term] = before + _steps(last, numbers), numbers[-1]
    return {term: steps for term, (steps, _last) in done.items()}


def _pairs(stride: int, first: int, pages: Iterable[Page]) -> Lists:
    found: Lists = defaultdict(list)
    for page, (data, _signs) in enumerate(pages, first):
        title, text = _read(data)
        for place, pair in enumerate(pairwise(title), page * stride):
            found[pair].append(place)
        for place, pair in enumerate(pairwise(text), page * stride + max(TITLE, len(title) + 1)):
            found[pair].append(place)
    return found


def _words(first: int, pages: Iterable[Page]) -> Lists:
    found: Lists = defaultdict(list)
    for page, (data, signs) in enumerate(pages, first):
        title, text = _read(data)
        others = dict.fromkeys(chain(text, title[TITLE:], (SIGN + sign for sign in signs)), 2 * page + 1)
        for word, number in (others | dict.fromkeys(title[:TITLE], 2 * page)).items():
            found[(word,)].append(number)
    return found


def _read(data: bytes) -> tuple[list[str], list[str]]:
    title, _, text = data.decode().partition("\n")
    return list(map(intern, title.split())), list(map(intern, text.split()))


def _length(data: bytes) -> int:
    """How many places a page fills at most, with borders behind title and text, as phrases do not cross them."""
    return TITLE + data.count(b" ") + 4


def _files(kind: str, lists: Mapping[Term, bytes], stride: int, count: int) -> dict[str, bytes]:
    made = [bytearray(_number(stride)) for _ in range(count)]
    for term, steps in lists.items():
        name = " ".join(term).encode()
        made[crc32(_home(term) or name) & (count - 1)] += _number(len(name)) + name + _number(len(steps)) + steps
    return {f"{kind}{number}.bin": bytes(data) for number, data in enumerate(made)}


def _home(term: Term) -> bytes:
    """What a term is found by where it may be found by its beginning, too: a foreign word's first letter."""
    return b"" if len(term) > 1 or _CLOSED.match(term[0]) else term[0][0].encode()


def _steps(last: int, numbers: list[int]) -> bytes:
    if len(numbers) == 1:
        return _number(numbers[0] - last)
    return b"".join(map(_number, map(sub, numbers, [last, *numbers])))
