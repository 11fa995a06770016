"""The lines of a dossier: which keys an act has and which values each key takes.

A line is canonical JSON, as `hashing.canonical_json` writes it: to write its values again must give the same bytes, or
one act could have several hashes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from gongshi.common.characters import is_plain
from gongshi.common.hashing import canonical_json
from gongshi.domain.config.policy import ID

VIA_CHARACTERS = 200
_decode = json.JSONDecoder().raw_decode


class LineSchema:
    """The keys of one kind of act.

    Args:
        act: the kind of act.
        required: the other keys that each line must have.
        optional: the keys that a line may have.
    """

    def __init__(self, act: str, required: Collection[str], optional: Collection[str]) -> None:
        self._act = act
        self._required = frozenset({"act", *required})
        self._known = self._required.union(optional)

    def values(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a line by key, each checked. Equal values of many lines are one object.

        Args:
            found: the values as JSON has them.

        Raises:
            ValueError, TypeError: a key is missing or unknown, or a value is not of its type.
        """
        if not self._required <= found.keys() <= self._known or found["act"] != self._act:
            raise ValueError(found)
        values = dict(found)
        for key, value in found.items():
            if key not in _TEXTS:
                values[key] = _READERS[key](value)
            elif type(value) is not str or not value:
                raise ValueError(value)
        return values


def read_canonical(line: bytes) -> dict[str, Any]:
    """Return the values of a line of canonical JSON, not yet checked.

    Args:
        line: without its line ending.

    Raises:
        ValueError: the line is no JSON object, or is written in another way.
    """
    try:
        # What may stand around the value differs from the canonical form, too.
        values, _end = _decode(line.decode())
        if isinstance(values, dict) and canonical_json(values) == line:
            return values
    except RecursionError:
        pass
    raise ValueError(line)


def _text(value: Any) -> str:
    if type(value) is not str or not value:
        raise ValueError(value)
    return value


def _pattern(pattern: str) -> Callable[[Any], str]:
    """Return a reader of texts that a pattern matches as a whole."""
    matches = re.compile(pattern).fullmatch

    def read(value: Any) -> str:
        # Anything but a text is a TypeError of `matches`.
        if matches(value) is None:
            raise ValueError(value)
        return str(value)

    return read


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return value


def _version(value: Any) -> int:
    if type(value) is not int or value != 1:
        raise ValueError(value)
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(value)
    return value


def _via(value: Any) -> str:
    if len(_text(value)) > VIA_CHARACTERS or not is_plain(value) or '"' in value or "\\" in value:
        raise ValueError(value)
    return str(value)


_hash = _pattern("[0-9a-f]{64}")
_id = lru_cache(256)(_pattern(ID.pattern))


@lru_cache(256)
def _stages(values: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(map(_id, values))


@lru_cache(256)
def _files(items: tuple[tuple[str, Any], ...]) -> Mapping[str, str]:
    """Files with their hashes; the acts on one version have them in common."""
    return {_text(name): _hash(digest) for name, digest in items}


def _list(value: Any) -> tuple[str, ...]:
    if type(value) is not list:
        raise ValueError(value)
    return _stages(tuple(value))


def _mapping(value: Any) -> Mapping[str, str]:
    if type(value) is not dict:
        raise ValueError(value)
    return _files(tuple(value.items()))


_TEXTS = frozenset(("act", "entry", "at", "note", "reason", "until", "unit"))
"""Keys whose values are any text but an empty one."""
_READERS: dict[str, Callable[[Any], Any]] = {
    "v": _version,
    "seq": _number,
    "notice": _boolean,
    "signature": _pattern(r"(?=.{1,4095}\Z)[A-Za-z0-9+/]+={0,2}"),
    "via": _via,
    "chain": _list,
    "files": _mapping,
    "digest": lru_cache(256)(_hash),
    **dict.fromkeys(("by", "stage"), _id),
    **dict.fromkeys(("prev", "base"), _hash),
}
"""By other key, the function that checks a value and returns it; it raises ValueError or TypeError."""
