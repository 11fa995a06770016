"""The file format of a shard: lists of the pages and places where a word, or a pair of neighbouring words, occurs.

Every page has `stride` places, enough for the longest page of the shard: page 3 begins at place 3 * stride. The title
begins there; the text begins TITLE_PLACES later, or one place after the end of a longer title. A pair of words is
listed with every place where it occurs. A single word is listed with pages only: twice the number of the page, plus
one if the title does not contain the word. Filters are listed as words that begin with FILTER_SIGN.

A file, called bucket, holds `stride` and then its terms. A term belongs to the bucket that its CRC-32 selects. It is
written as: length of the term, term in UTF-8, length of its list, list as differences between successive numbers.
Numbers are written in LEB128, as in Protocol Buffers. `theme/assets/gongshi/search-reader.js` reads this format:
change both together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise
from operator import sub
from sys import intern
from zlib import crc32

from gongshi.common.collector import collector_paused
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.site.search.tokenizer import HAN

TITLE_PLACES = 64
"""Places reserved for a title, so that the place of a match tells if it is in the title."""
FILTER_SIGN = "="
"""First character of a term that stands for a filter; no word contains it."""
_BUCKET_BYTES = 8 << 10
"""Intended maximum size of a bucket."""
_PAIR_SHARE, _WORD_SHARE = 0.8, 0.16
"""Bytes in all buckets of pairs and of words per byte of the pages' words (measured with 6,800 entries)."""
_PAGES_PER_RUN = 512
"""Pages whose terms are collected at a time, to save memory."""
_WHOLE_TERM = lazy_pattern(f"[{HAN}0-9{FILTER_SIGN}]")
"""First character of a word that is only found whole: a Chinese character, a number or a filter."""

Page = tuple[bytes, Sequence[str]]
"""The words of a page, as `encode_page` returns them, and the filters that it passes."""
Term = tuple[str, ...]
"""One word or two."""
Lists = defaultdict[Term, list[int]]
"""The numbers of each term."""


class _EncodedNumbers(dict[int, bytes]):
    """LEB128 forms of numbers; those below 16,384 are kept, as most numbers are small and frequent."""

    def __missing__(self, number: int) -> bytes:
        if number >= 1 << 14:
            return bytes((number & 0x7F | 0x80, number >> 7 & 0x7F | 0x80)) + self[number >> 14]
        self[number] = encoded = bytes((number,)) if number < 0x80 else bytes((number & 0x7F | 0x80, number >> 7))
        return encoded


_encode_number = _EncodedNumbers().__getitem__


def encode_page(title: list[str], text: list[str]) -> bytes:
    """Return the words of a page as bytes to be cached.

    Args:
        title: words of the title.
        text: words of the text.
    """
    return f"{' '.join(title)}\n{' '.join(text)}".encode()


def bucket_counts(size: int) -> tuple[int, int]:
    """Return the number of buckets for pairs and for words: powers of two that grow with the shard.

    Args:
        size: bytes of the words of all its pages.
    """
    pairs, words = (1 << int(size * share / _BUCKET_BYTES).bit_length() for share in (_PAIR_SHARE, _WORD_SHARE))
    return pairs, words


def encode_buckets(pages: Sequence[Page], counts: tuple[int, int]) -> dict[str, bytes]:
    """Return the buckets of a shard: content by file name.

    Args:
        pages: words and filters of each page.
        counts: the number of buckets for pairs and for words.
    """
    stride = max(_place_count(data) for data, _filters in pages)
    # No reference cycles arise here, and looking for them would take a third of the time.
    with collector_paused():
        pairs = _bucket_files("p", _encode_lists(pages, partial(_places_of_pairs, stride)), stride, counts[0])
        return {**pairs, **_bucket_files("w", _encode_lists(pages, _pages_of_words), stride, counts[1])}


def _encode_lists(pages: Sequence[Page], collect: Callable[[int, Sequence[Page]], Lists]) -> dict[Term, bytes]:
    """Return the encoded list of each term, built run by run: the numbers of all pages at once need much memory."""
    encoded: dict[Term, tuple[bytes, int]] = {}
    for start in range(0, len(pages), _PAGES_PER_RUN):
        for term, numbers in collect(start, pages[start : start + _PAGES_PER_RUN]).items():
            before, last = encoded.get(term, (b"", 0))
            encoded[term] = before + _encode_differences(last, numbers), numbers[-1]
    return {term: differences for term, (differences, _last) in encoded.items()}


def _places_of_pairs(stride: int, first: int, pages: Iterable[Page]) -> Lists:
    found: Lists = defaultdict(list)
    for page, (data, _filters) in enumerate(pages, first):
        title, text = _decode_page(data)
        for place, pair in enumerate(pairwise(title), page * stride):
            found[pair].append(place)
        for place, pair in enumerate(pairwise(text), page * stride + max(TITLE_PLACES, len(title) + 1)):
            found[pair].append(place)
    return found


def _pages_of_words(first: int, pages: Iterable[Page]) -> Lists:
    found: Lists = defaultdict(list)
    for page, (data, filters) in enumerate(pages, first):
        title, text = _decode_page(data)
        filter_terms = (FILTER_SIGN + each for each in filters)
        others = dict.fromkeys(chain(text, title[TITLE_PLACES:], filter_terms), 2 * page + 1)
        for word, number in (others | dict.fromkeys(title[:TITLE_PLACES], 2 * page)).items():
            found[(word,)].append(number)
    return found


def _decode_page(data: bytes) -> tuple[list[str], list[str]]:
    title, _, text = data.decode().partition("\n")
    return list(map(intern, title.split())), list(map(intern, text.split()))


def _place_count(data: bytes) -> int:
    """Return the most places that a page needs, with a gap after title and text: phrases do not span them."""
    return TITLE_PLACES + data.count(b" ") + 4


def _bucket_files(kind: str, lists: Mapping[Term, bytes], stride: int, count: int) -> dict[str, bytes]:
    contents = [bytearray(_encode_number(stride)) for _ in range(count)]
    for term, numbers in lists.items():
        name = " ".join(term).encode()
        bucket = contents[crc32(_bucket_key(term) or name) & (count - 1)]
        bucket += _encode_number(len(name)) + name + _encode_number(len(numbers)) + numbers
    return {f"{kind}{number}.bin": bytes(data) for number, data in enumerate(contents)}


def _bucket_key(term: Term) -> bytes:
    """Return the first letter of a word that is also found by its beginning; empty for all other terms."""
    return b"" if len(term) > 1 or _WHOLE_TERM.match(term[0]) else term[0][0].encode()


def _encode_differences(last: int, numbers: list[int]) -> bytes:
    if len(numbers) == 1:
        return _encode_number(numbers[0] - last)
    return b"".join(map(_encode_number, map(sub, numbers, [last, *numbers])))
