"""Strict YAML parser that keeps the line and the span of every value.

PyYAML's loaders accept duplicate keys, follow aliases and turn tags into objects. Front matter decides what is
published, so this module reads PyYAML's parser events and rejects aliases, tags, duplicate keys and deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from gongshi.common.conflict_markers import conflict_line, conflict_text
from gongshi.common.errors import InvalidInput, Problem, Replacement
from gongshi.domain.yaml import syntax_errors
from gongshi.i18n import gettext as _

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.resolver.Resolver()
_MAX_DEPTH = 24
_LINE_SEPARATOR = re.compile("[\x85\u2028\u2029]")
"""Characters that YAML treats as line ends and editors do not."""


class Scalar(NamedTuple):
    """A single value as it was written."""

    text: str
    kind: str
    """`str`, `bool`, `int`, `float`, `null` or `timestamp`; `alias` and `tag` only occur with `lenient`."""
    line: int
    span: tuple[int, int]
    """Start and end in the YAML text, in characters."""

    @property
    def is_plain(self) -> bool:
        """True for a value without quotes, on one line."""
        return self.span[1] - self.span[0] == len(self.text)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    line: int
    flow: bool = False
    """True if it was written in flow style, `[like, this]`."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    items: tuple[tuple[Scalar, Node], ...]
    line: int
    flow: bool = False
    """True if it was written in flow style, `{like: this}`."""

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        return next((value for name, value in self.items if name.text == key), None)


Node = Scalar | Sequence | Mapping


def parse(text: str, path: str, first_line: int = 1, lenient: bool = False, offset: int = 0) -> Node | None:
    """Read one YAML document.

    Args:
        text: the YAML alone, without `---` lines.
        path: the file to name in problems.
        first_line: the line of the file on which `text` begins, counted from 1.
        lenient: keep aliases and tags as values of kind `alias` and `tag` instead of refusing them.
        offset: the place in the file at which `text` begins, in characters, for mends.

    Returns:
        The root, or None for an empty document.

    Raises:
        InvalidInput: the text is not valid YAML, or uses YAML features that are not accepted.
    """
    if not lenient and (match := _LINE_SEPARATOR.search(text)):
        message = _("an invisible line separator; delete it")
        raise InvalidInput([Problem(path, message, first_line + text.count("\n", 0, match.start()))])
    try:
        builder = _Builder(text, path, first_line, lenient)
        root = builder.document()
    except yaml.MarkedYAMLError as error:
        if conflict := conflict_line(text):
            raise InvalidInput([Problem(path, conflict_text(), first_line + conflict - 1)]) from None
        raise InvalidInput(_syntax_problems(text, path, first_line, offset, error)) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line = first_line + text.count("\n", 0, position)
        raise InvalidInput([Problem(path, _("a character that YAML does not allow; delete it"), line)]) from None
    if builder.problems:
        raise InvalidInput(builder.problems)
    return root


def _syntax_problems(text: str, path: str, first_line: int, offset: int, error: yaml.MarkedYAMLError) -> list[Problem]:
    """Return the mistakes behind a syntax error, each with its remedy; the parser's own words if none is known."""
    position = _error_position(text, error)
    if mistakes := syntax_errors.find_mistakes(text, position, _find_error):
        fixes = replacements(text, mistakes, offset)
        return [
            Problem(path, mistake.message, first_line + mistake.line, fix=fix)
            for mistake, fix in zip(mistakes, fixes, strict=True)
        ]
    message = _("this is no valid YAML ({detail}); compare the line with the example in `gongshi help editor`")
    return [Problem(path, message.format(detail=error.problem or error.context), first_line + position[0])]


def replacements(text: str, mistakes: list[syntax_errors.Mistake], offset: int) -> list[Replacement | None]:
    """Return the sure mend of each mistake; of several on one line, only that of the first.

    Args:
        text: the YAML.
        mistakes: its mistakes in the order in which they were found.
        offset: the place in the file at which the YAML begins, in characters.
    """
    lines = text.split("\n")
    found: list[Replacement | None] = []
    seen: set[int] = set()
    for mistake in mistakes:
        line, start = lines[mistake.changed], sum(len(each) + 1 for each in lines[: mistake.changed])
        # The mend of a later mistake on this line was tried on the line that the first one had mended.
        is_sure = mistake.is_sure and mistake.changed not in seen
        seen.add(mistake.changed)
        span = (offset + start, offset + start + len(line))
        found.append(Replacement(*span, mistake.repaired, mistake.key, mistake.needs_text) if is_sure else None)
    return found


def _error_position(text: str, error: yaml.MarkedYAMLError) -> syntax_errors.Position:
    mark, last = error.problem_mark, text.rstrip("\n").count("\n")
    return (min(mark.line, last), mark.column) if mark else (0, 0)


def _find_error(text: str) -> syntax_errors.Position | None:
    """Return the position of the first syntax error; None if there is none."""
    next_event = _LOADER(text).get_event
    try:
        while next_event() is not None:
            pass
    except yaml.MarkedYAMLError as error:
        return _error_position(text, error)
    except yaml.YAMLError:
        return (0, 0)
    return None


class _Builder:
    """Builds the nodes of a document from the events of PyYAML's parser (the C parser if available)."""

    def __init__(self, text: str, path: str, first_line: int, lenient: bool) -> None:
        self._next: Callable[[], Any] = _LOADER(text).get_event
        self.path = path
        self.first_line = first_line
        self.lenient = lenient
        self.problems: list[Problem] = []

    def document(self) -> Node | None:
        root: Node | None = None
        while (event := self._next()) is not None:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._problem(event, _("a second YAML document; keep one"))
                break
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 0)
        return None if isinstance(root, Scalar) and root.kind == "null" and root.text == "" else root

    def _node(self, event: Any, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            self._problem(event, _("nested too deeply; write it flat"))
            raise InvalidInput(self.problems)
        kind, start = type(event), event.start_mark
        line = self.first_line + start.line
        if kind is yaml.AliasEvent:
            message = _("`*{name}` refers to another value; write the value itself")
            return self._unsupported(event, message.format(name=event.anchor))
        is_tagged = event.tag is not None and event.tag != "!"
        if (is_tagged or event.anchor) and not self.lenient:
            self._refuse_properties(event, is_tagged)
        if kind is yaml.ScalarEvent:
            text = event.value
            found = "tag" if is_tagged else implicit_type(text) if event.implicit[0] else "str"
            return Scalar(text, found, line, (start.index, event.end_mark.index))
        if kind is yaml.SequenceStartEvent:
            return Sequence(tuple(self._children(yaml.SequenceEndEvent, depth)), line, bool(event.flow_style))
        return self._mapping(bool(event.flow_style), depth, line)

    def _mapping(self, flow: bool, depth: int, line: int) -> Mapping:
        children = self._children(yaml.MappingEndEvent, depth)
        items: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(Problem(self.path, _("a key must be a single word"), key.line))
            elif key.text in seen and not (self.lenient and key.text == "<<"):
                message = _("this key stands twice (first on line {line}); keep one").format(line=seen[key.text])
                self.problems.append(Problem(self.path, message, key.line, key.text))
            else:
                seen[key.text] = key.line
                items.append((key, value))
        return Mapping(tuple(items), line, flow)

    def _children(self, end: type, depth: int) -> list[Node]:
        children: list[Node] = []
        while type(event := self._next()) is not end:
            children.append(self._node(event, depth + 1))
        return children

    def _unsupported(self, event: Any, message: str) -> Scalar:
        if not self.lenient:
            self._problem(event, message)
        return Scalar("", "alias", self._line(event), (event.start_mark.index, event.end_mark.index))

    def _refuse_properties(self, event: Any, is_tagged: bool) -> None:
        if event.anchor:
            self._problem(event, _("`&{name}` names a value for reuse; leave it out").format(name=event.anchor))
        if is_tagged:
            message = _("a tag such as `{tag}` is not accepted; write the plain value")
            self._problem(event, message.format(tag=event.tag))

    def _line(self, event: Any) -> int:
        return self.first_line + int(event.start_mark.line)

    def _problem(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.path, message, self._line(event)))


@lru_cache(4096)
def implicit_type(text: str) -> str:
    """Return the type that YAML 1.1 gives to a value without quotes, such as `int` or `str`."""
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False))).rsplit(":", 1)[-1]
