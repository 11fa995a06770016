"""Read the lines of a dossier with one regular expression for each kind of act.

The expression matches only JSON as `hashing.canonical_json` writes it, with the keys of that act and values of the
right types. A build reads tens of thousands of lines, and one match is faster than parsing and checking each line.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, lru_cache
from typing import Any

from gongshi.common.characters import is_plain
from gongshi.common.hashing import canonical_json
from gongshi.domain.config.policy import ID

VIA_CHARACTERS = 200
"""The maximum length of `via`."""
START = '{"act":"'
"""The beginning of each line, as `act` is the first key."""


class Form:
    """The form of the lines of one kind of act.

    Args:
        act: the kind of act.
        required: the other keys that each line must have.
        optional: the keys that a line may have.
    """

    def __init__(self, act: str, required: Collection[str], optional: Collection[str]) -> None:
        self._act = act
        self._required = required
        self._keys = ["act", *sorted({*required, *optional})]
        self._readers = [(key, read) for key, read in _READERS.items() if key in self._keys]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        pattern = f'{re.escape(START)}({self._act})"'
        for key in self._keys[1:]:
            value = f',"{key}":{_VALUES[key]}'
            pattern += value if key in self._required else f"(?:{value})?"
        return re.compile(pattern + r"\}")

    def read(self, line: str) -> dict[str, Any]:
        """Return the values of a line by key; None for missing optional keys.

        Args:
            line: the line, without a line ending.

        Raises:
            ValueError: the line does not have this form.
        """
        match = self._pattern.fullmatch(line)
        if match is None:
            raise ValueError(line)
        values: dict[str, Any] = dict(zip(self._keys, match.groups(), strict=True))
        for key, read in self._readers:
            if (raw := values[key]) is not None:
                values[key] = read(raw)
        return values


def _text(raw: str) -> str:
    """Return the text whose JSON form stands between two quotation marks."""
    return raw if "\\" not in raw else str(_canonical(f'"{raw}"'))


@lru_cache(256)
def _stages(raw: str) -> tuple[str, ...]:
    return tuple(json.loads(raw))


@lru_cache(256)
def _files(raw: str) -> Mapping[str, str]:
    """Return the files with their hashes. Cached, as all acts on one version have the same files."""
    if "\\" in raw:
        files: dict[str, str] = _canonical(raw)
    else:
        pairs = _FILE.findall(raw)
        files = dict(pairs)
        if [name for name, _digest in pairs] != sorted(files):
            raise ValueError(raw)
    if "" in files:
        raise ValueError(raw)
    return files


def _canonical(raw: str) -> Any:
    value = json.loads(raw)
    if canonical_json(value) != raw.encode():
        raise ValueError(raw)
    return value


def _printable(raw: str) -> str:
    if not is_plain(raw):
        raise ValueError(raw)
    return raw


_ID = f'"{ID.pattern}"'
_HASH = '"[0-9a-f]{64}"'
_TEXT = r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"'
_FILE = re.compile('"([^"]*)":"([^"]*)"')
_TEXTS = ("entry", "at", "note", "reason", "until", "unit")
_VALUES = {
    "v": "(1)",
    "seq": "(0|-?[1-9][0-9]*)",
    "notice": "(true|false)",
    "signature": '"(?=[^"]{1,4095}")([A-Za-z0-9+/]+={0,2})"',
    "via": rf'"([^"\\\x00-\x1f]{{1,{VIA_CHARACTERS}}})"',
    "chain": rf"(\[(?:{_ID}(?:,{_ID})*)?\])",
    "files": rf"(\{{(?:{_TEXT}:{_HASH}(?:,{_TEXT}:{_HASH})*)?\}})",
    **dict.fromkeys(("by", "stage"), f'"({_ID[1:-1]})"'),
    **dict.fromkeys(("prev", "digest", "base"), f'"({_HASH[1:-1]})"'),
    **dict.fromkeys(_TEXTS, f'"(?!")({_TEXT[1:-1]})"'),
}
"""The pattern of each key's value, with one group for its content."""
_READERS: dict[str, Callable[[str], Any]] = {
    "seq": int,
    "notice": "true".__eq__,
    **dict.fromkeys(("by", "stage"), sys.intern),
    "digest": lru_cache(256)(str),
    "chain": _stages,
    "files": _files,
    "via": _printable,
    **dict.fromkeys(_TEXTS, _text),
}
"""The functions that turn the text of a group into the value. Some are cached, as many lines share their values."""
