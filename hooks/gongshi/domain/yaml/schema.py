"""Declared types for YAML written by people: each mistake becomes a problem with its line and the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from gongshi.common import characters, dates
from gongshi.common.errors import Problem
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml.parser import Mapping as MappingNode
from gongshi.domain.yaml.parser import Node, Scalar, Sequence
from gongshi.i18n import gettext as _

T = TypeVar("T")
_CONTROL = lazy_pattern("[\x00-\x1f\x7f-\x9f]")


@dataclass
class ProblemCollector:
    """Collects the problems of one file."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    """Errors and advice about unwanted characters in a text. The value is read nevertheless, because texts approved
    before such a rule existed must stay readable."""
    right_to_left: bool = False
    """True if the texts are written from right to left, so that they may have direction marks."""

    def add(self, line: int | None, key: str | None, message: str) -> None:
        """Add one problem.

        Args:
            line: the line in the file; None for the whole file.
            key: the key as a dotted path; None for the whole file.
            message: the mistake and its remedy.
        """
        self.problems.append(Problem(self.path, message, line, key))

    def add_doubts(self, line: int | None, key: str | None, text: str) -> None:
        """Add errors and advice about unwanted characters in a one-line text.

        Args:
            line: the line in the file.
            key: the key as a dotted path.
            text: the text.
        """
        for character, fault in characters.in_line(text, self.right_to_left).items():
            message, advice = characters.fault_text(character, fault), fault not in characters.REFUSED_IN_LINE
            self.doubts.append(Problem(self.path, message, line, key, advice))


Parser = Callable[[ProblemCollector, str, Node], Any]
"""Reads a node; returns None after reporting a problem. Arguments: problem collector, dotted path of the key, node."""


@dataclass(frozen=True)
class Field:
    """Declaration of one key of a mapping."""

    parse: Parser
    required: bool = False


def parse_mapping(report: ProblemCollector, key: str, node: Node, spec: Mapping[str, Field]) -> dict[str, Any]:
    """Return the values of a mapping with known keys, without those that have problems.

    Args:
        report: collects the problems.
        key: the dotted path of the mapping; empty for the root.
        node: the node in the file.
        spec: the known keys.
    """
    if not isinstance(node, MappingNode):
        keys = [name for name, field in spec.items() if field.required] or list(spec)[:1]
        example = ", ".join(f"{name}: …" for name in keys)
        report.add(node.line, key or None, _("must be keys with values, as in `{{{example}}}`").format(example=example))
        return {}
    values: dict[str, Any] = {}
    for name, value in node.items:
        path = f"{key}.{name.text}" if key else name.text
        if name.text not in spec:
            report.add(name.line, path, _unknown_key_text(name.text, spec))
        elif (parsed := spec[name.text].parse(report, path, value)) is not None:
            values[name.text] = parsed
    for name_, declared in spec.items():
        if declared.required and node.get(name_) is None:
            path = f"{key}.{name_}" if key else name_
            report.add(node.line, path, _("is missing; add it"))
    return values


def _unknown_key_text(name: str, spec: Mapping[str, Field]) -> str:
    if name != name.strip("\u3000\u00a0"):
        return _("a full-width space before the key; delete it")
    # Imported here: only needed for a mistake.
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), list(spec), n=1)
    if close:
        return _("unknown key; did you mean `{name}`?").format(name=close[0])
    return _("unknown key; known here are {names}").format(names=", ".join(spec))


def text(limit: int | None = None) -> Parser:
    """Return a parser for a non-empty text on one line.

    Args:
        limit: the maximum number of characters; None for no limit.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> str | None:
        stripped = node.text.strip() if isinstance(node, Scalar) else ""
        if not isinstance(node, Scalar):
            report.add(node.line, key, _("must be a text"))
        elif node.kind == "null" or not stripped:
            report.add(node.line, key, _("is empty; write a text or leave the key out"))
        elif node.kind != "str":
            report.add(node.line, key, _('must be a text; put it in quotes: "{value}"').format(value=node.text))
        elif (is_suspect := characters.is_suspect(stripped)) and _CONTROL.search(stripped):
            report.add(node.line, key, _("contains a line break or a control character; write it on one line"))
        elif limit is not None and len(node.text) > limit:
            message = _("has {count} characters; at most {limit} are allowed")
            report.add(node.line, key, message.format(count=len(node.text), limit=limit))
        else:
            if is_suspect:
                report.add_doubts(node.line, key, stripped)
            return stripped
        return None

    return parse


def boolean(report: ProblemCollector, key: str, node: Node) -> bool | None:
    """Read `true` or `false`."""
    if isinstance(node, Scalar) and node.kind == "bool":
        return node.text.lower() in ("true", "yes", "on")
    report.add(node.line, key, _("must be true or false, without quotes"))
    return None


def count(report: ProblemCollector, key: str, node: Node) -> int | None:
    """Read a whole number from 1 to 100,000."""
    if isinstance(node, Scalar) and re.fullmatch(r"[1-9][0-9]{0,4}|100000", node.text):
        return int(node.text)
    report.add(node.line, key, _("must be a whole number from 1 to 100000"))
    return None


def day(report: ProblemCollector, key: str, node: Node) -> date | None:
    """Read a date `YYYY-MM-DD`."""
    if isinstance(node, Scalar) and (value := dates.parse_date(node.text)):
        return value
    report.add(node.line, key, _("must be a date such as 2026-11-21"))
    return None


def time(report: ProblemCollector, key: str, node: Node) -> datetime | None:
    """Read a date and time `YYYY-MM-DD HH:MM`, with or without an offset."""
    if isinstance(node, Scalar) and (value := dates.parse_datetime(node.text)):
        return value
    report.add(node.line, key, _("must be a date with a time, such as 2026-11-21 08:30"))
    return None


def day_or_time(report: ProblemCollector, key: str, node: Node) -> date | datetime | None:
    """Read a date, or a date with a time."""
    if isinstance(node, Scalar) and (value := dates.parse_date(node.text) or dates.parse_datetime(node.text)):
        return value
    report.add(node.line, key, _("must be a date such as 2026-11-21, or with a time, such as 2026-11-21 08:30"))
    return None


def choice(*values: str) -> Parser:
    """Return a parser for one of the given words."""

    def parse(report: ProblemCollector, key: str, node: Node) -> str | None:
        if isinstance(node, Scalar) and node.kind == "str" and node.text in values:
            return node.text
        report.add(node.line, key, _("must be one of {values}").format(values=", ".join(values)))
        return None

    return parse


def list_of(parse_item: Parser) -> Parser:
    """Return a parser for a list; items with problems are left out.

    Args:
        parse_item: the parser for each item.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence):
            report.add(node.line, key, _("must be a list, as in `[one, two]`"))
            return None
        items = [parse_item(report, f"{key}[{i}]", item) for i, item in enumerate(node.items, 1)]
        return tuple(item for item in items if item is not None)

    return parse


def mapping_of(parse_value: Parser) -> Parser:
    """Return a parser for a mapping with arbitrary keys; values with problems are left out.

    Args:
        parse_value: the parser for each value.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            report.add(node.line, key, _("must be keys with values"))
            return None
        pairs = ((name.text, parse_value(report, f"{key}.{name.text}", value)) for name, value in node.items)
        return {name: value for name, value in pairs if value is not None}

    return parse


def object_of(spec: Mapping[str, Field], build: Callable[..., T]) -> Parser:
    """Return a parser for a mapping with known keys that becomes an object; None if it has any problem.

    Args:
        spec: the known keys.
        build: makes the object from the values, given as keyword arguments.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> T | None:
        before = len(report.problems)
        values = parse_mapping(report, key, node, spec)
        return build(**values) if len(report.problems) == before else None

    return parse
