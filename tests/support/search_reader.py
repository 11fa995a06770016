"""Reads the index of the search as searchindex.py describes it, to see what stands in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Found:
    """A term of the index in one of its pages."""

    term: str
    url: str
    place: int
    """Place of a pair in its page; of a word 0 where the title holds it, else 1."""


def files_of(site: Path) -> dict[str, bytes]:
    """The files of the index of a built site by path."""
    found = [*(site / "search").rglob("*.json"), *(site / "search").rglob("*.bin")]
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in found}


def overview(files: Mapping[str, bytes]) -> Any:
    """What browsers ask for first."""
    return json.loads(files["search/index.json"])


def terms(files: Mapping[str, bytes]) -> Iterator[Found]:
    """Every term of every file, in each of its pages and places."""
    for shard, pages, pairs, words in overview(files)["shards"]:
        urls = [row[0] for row in rows(files, shard)]
        assert len(urls) == pages
        for kind, count in (("p", pairs), ("w", words)):
            for number in range(count):
                data = files[f"search/{shard}/{kind}{number}.bin"]
                stride, at = _number(data, 0)
                while at < len(data):
                    length, at = _number(data, at)
                    term = data[at : at + length].decode()
                    length, at = _number(data, at + length)
                    end, place = at + length, 0
                    while at < end:
                        step, at = _number(data, at)
                        place += step
                        page, within = divmod(place, stride if kind == "p" else 2)
                        yield Found(term, urls[page], within)
                    assert at == end


def rows(files: Mapping[str, bytes], shard: str) -> list[list[Any]]:
    """What results show of the pages of a shard."""
    found: list[list[Any]] = []
    while (name := f"search/{shard}/{len(found) // 16}.json") in files:
        found += json.loads(files[name])
        if len(found) % 16:
            break
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at
