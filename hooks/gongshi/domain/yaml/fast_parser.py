"""Front matter as nearly all of it is written, read without a YAML parser.

PyYAML makes an object with two marks of every token, which takes longer than all rules of review together. Here lines
`key: value`, lists and one level of keys below a key are read; whatever else there is, or could be, is left to PyYAML.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

from gongshi.domain.yaml.parser import Mapping, Node, Scalar, Sequence, plain_kind

_STRANGE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_KEY = re.compile(r"[a-z_]{1,40}")
_INDICATORS = frozenset(" -?:,[]{}#&*!|>'\"%@`")
_IN_BRACKETS = re.compile(r"[^][{},:#&*!|>'\"%@`? -][^][{},:#?]*(?<! )")
"""A value of characters that mean nothing within brackets."""


def parse(text: str, first_line: int) -> Mapping | None:
    """Read a document, or decline.

    Args:
        text: YAML alone, without `---` lines.
        first_line: the line of the file on which `text` begins.

    Returns:
        Exactly what `parser.parse` makes of it, or None for anything that is not plain.
    """
    lines = text.split("\n")
    if lines.pop() or _STRANGE.search(text):
        return None
    try:
        root, last = _Plain(lines, first_line).mapping(0, 0, has_blocks=True)
    except _NotPlainError:
        return None
    return root if last == len(lines) else None


class _NotPlainError(Exception):
    """Something that PyYAML must read."""


class _Plain:
    """The nodes of a document, each from the index of its first line on, with the index of the line after it."""

    def __init__(self, lines: list[str], first_line: int) -> None:
        self._lines = lines
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        self._first_line = first_line

    def mapping(self, start: int, indent: int, has_blocks: bool = False) -> tuple[Mapping, int]:
        """Keys in one column; in the first line there may be a dash before it."""
        items: dict[str, tuple[Scalar, Node]] = {}
        index, prefix = start, " " * indent
        while index < len(self._lines) and (index == start or self._lines[index].startswith(prefix)):
            key, colon, value = self._lines[index][indent:].partition(": ")
            name = key if colon else key.removesuffix(":")
            if not _is_key(name) or name in items:
                break
            line, at = self._first_line + index, self._starts[index] + indent
            named = Scalar(name, plain_kind(name), line, (at, at + len(name)))
            index += 1
            if colon:
                items[name] = named, (_list if value[:1] == "[" else _scalar)(value, line, at + len(name) + 2)
            elif has_blocks and name != key:
                items[name] = named, (block := self._block(index))[0]
                index = block[1]
            else:
                raise _NotPlainError
        if not items:
            raise _NotPlainError
        return Mapping(tuple(items.values()), self._first_line + start), index

    def _block(self, start: int) -> tuple[Node, int]:
        """What stands below a key: a list, or keys that are indented."""
        first = self._lines[start] if start < len(self._lines) else ""
        indent = len(first) - len(first.lstrip(" "))
        if not first.startswith("- ", indent):
            if not indent:
                raise _NotPlainError
            return self.mapping(start, indent)
        items: list[Node] = []
        index, prefix, indent = start, first[: indent + 2], indent + 2
        while index < len(self._lines) and (line := self._lines[index]).startswith(prefix):
            if ": " in line or line[-1] == ":":
                node, index = self.mapping(index, indent)
                items.append(node)
            else:
                items.append(_scalar(line[indent:], self._first_line + index, self._starts[index] + indent))
                index += 1
        return Sequence(tuple(items), self._first_line + start), index


@lru_cache(256)
def _is_key(name: str) -> bool:
    return _KEY.fullmatch(name) is not None


def _scalar(value: str, line: int, start: int) -> Scalar:
    span = (start, start + len(value))
    first = value[:1]
    if first in ("'", '"'):
        if len(value) < 2 or value.find(first, 1) != len(value) - 1 or "\\" in value:
            raise _NotPlainError
        return Scalar(value[1:-1], "str", line, span)
    if not value or first in _INDICATORS or value[-1] in ": " or ": " in value or " #" in value:
        raise _NotPlainError
    return Scalar(value, plain_kind(value), line, span)


def _list(value: str, line: int, start: int) -> Sequence:
    """A list in brackets."""
    items: list[Scalar] = []
    at = start + 1
    for item in value[1:-1].split(", "):
        if not _IN_BRACKETS.fullmatch(item):
            raise _NotPlainError
        items.append(Scalar(item, plain_kind(item), line, (at, at + len(item))))
        at += len(item) + 2
    if value[-1] != "]":
        raise _NotPlainError
    return Sequence(tuple(items), line)
