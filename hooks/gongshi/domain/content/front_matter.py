"""The Markdown file of an entry or page: front matter with declared types, and the body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - the field of this name hides the type
from datetime import datetime
from typing import Any

from gongshi.common.conflict_markers import conflict_line, conflict_text
from gongshi.common.errors import InvalidInput, Problem
from gongshi.domain.content.text_file import FILE_BYTES, decode, front_matter_span
from gongshi.domain.yaml import parser
from gongshi.domain.yaml.parser import Mapping, Node, Scalar, Sequence
from gongshi.domain.yaml.schema import (
    Field,
    Parser,
    Report,
    boolean,
    built,
    choice,
    day,
    day_or_time,
    each,
    keyed,
    record,
    text,
    time,
)
from gongshi.i18n import gettext as _

FRONT_MATTER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """The days, both included, on which a matter is laid open to objections."""

    first: Date = field(metadata={"key": "from"})
    last: Date = field(metadata={"key": "to"})


@dataclass(frozen=True)
class Document:
    """The record table of an official document."""

    number: str | None = None
    index: str | None = None
    issued: Date | None = None
    issuer: str | None = None
    topic: str | None = None
    validity: str | None = None


@dataclass(frozen=True)
class Event:
    """When and where an activity takes place."""

    start: Date | datetime
    end: Date | datetime | None = None
    place: str | None = None
    organizer: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file of the bundle that is offered for download."""

    file: str
    title: str


@dataclass(frozen=True)
class FrontMatter:
    """What stands between the `---` lines."""

    title: str
    date: Date | datetime | None = None
    status: str = "draft"
    approved_by: str | tuple[str, ...] | dict[str, str] | None = None
    author: str | None = None
    source: str | None = None
    summary: str | None = None
    tags: tuple[str, ...] = ()
    pinned: bool = False
    publish_at: datetime | None = None
    expires_at: Date | datetime | None = None
    public_notice: PublicNotice | None = None
    document: Document | None = None
    event: Event | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Manuscript:
    """A Markdown file, read."""

    meta: FrontMatter
    body: str
    lines: dict[str, int]
    """The line of each front matter key."""
    advice: tuple[Problem, ...] = ()
    """What is allowed but perhaps not meant."""
    doubts: tuple[Problem, ...] = ()
    """Errors that forbid to submit or approve the file, although it can be read; an approved version stays public."""
    first_line: int = 1
    """The line of the file on which the body begins."""
    conflict: int | None = None
    """The line of the file on which Git left a conflict in the body."""


def read(content: bytes, path: str, is_entry: bool, is_bounded: bool = True) -> Manuscript:
    """Read a Markdown file.

    Args:
        content: the bytes of the file.
        path: the file to name in problems.
        is_entry: entries must have `date` and `author`; standing pages need not.
        is_bounded: whether long files are refused; what Gongshi itself wrote may be a little longer than its source.

    Raises:
        InvalidInput: anything in the front matter is wrong; all problems at once.
    """
    decoded = decode(content, path, FILE_BYTES if is_bounded else None)
    conflict = conflict_line(decoded)
    try:
        start, end, body = front_matter_span(decoded, path)
    except InvalidInput:
        if conflict:
            raise InvalidInput([Problem(path, conflict_text(), conflict)]) from None
        raise
    first_line = decoded.count("\n", 0, body) + 1
    if conflict and conflict < first_line:
        raise InvalidInput([Problem(path, conflict_text(), conflict)])
    if is_bounded and end - start > FRONT_MATTER_BYTES:
        raise InvalidInput([Problem(path, _("the front matter is longer than 64 KiB; move text into the body"), 1)])
    yaml = decoded[start:end]
    root = parser.parse(yaml, path, first_line=2)
    if not isinstance(root, Mapping) or root.flow:
        message = _("front matter must be one key a line, such as `title: Text`")
        if isinstance(root, Scalar) and "：" in root.text:
            message = parser.full_width_colon()
        elif isinstance(root, Scalar) and re.match(r"\w+:\S", root.text):
            message = _("a space is missing after the colon, as in `title: Text`")
        raise InvalidInput([Problem(path, message, root.line if root else 2)])
    report = Report(path)
    values = record(report, "", root, _ENTRY if is_entry else _PAGE)
    lines = {name.text: name.line for name, _value in root.items}
    _cross_check(report, values, lines)
    if report.problems:
        raise InvalidInput(report.problems)
    advice = tuple(_swallowed(root, yaml, path))
    doubts: tuple[Problem, ...] = ()
    if report.doubts:
        advice += tuple(doubt for doubt in report.doubts if doubt.advice)
        doubts = tuple(doubt for doubt in report.doubts if not doubt.advice)
    return Manuscript(FrontMatter(**values), decoded[body:], lines, advice, doubts, first_line, conflict)


def _swallowed(root: Mapping, yaml: str, path: str) -> Iterator[Problem]:
    """Texts that end at ` #`, which YAML takes for the beginning of a comment."""
    for name, value in root.items:
        if name.text in ("title", "summary", "source") and isinstance(value, Scalar):
            rest = yaml[value.span[1] :].split("\n", 1)[0].strip()
            if rest.startswith("#"):
                message = _("“{rest}” is a comment and not shown; put the whole value in quotes if it belongs to it")
                yield Problem(path, message.format(rest=rest), value.line, name.text, advice=True)


class Reader:
    """Reads Markdown files, the same bytes of the same file only once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes], Manuscript] = {}

    def read(self, content: bytes, path: str, is_entry: bool) -> Manuscript:
        """As the function `read`, which see."""
        known = self._known.get((path, content))
        if known is None:
            known = self._known[path, content] = read(content, path, is_entry)
        return known


def _cross_check(report: Report, values: dict[str, Any], lines: dict[str, int]) -> None:
    files = [attachment.file for attachment in values.get("attachments", ())]
    for file in {file for file in files if files.count(file) > 1}:
        report.add(lines["attachments"], "attachments", _("names the file {file} twice; keep one").format(file=file))


def _notice(report: Report, key: str, node: Node) -> PublicNotice | None:
    spec = {"from": Field(day, required=True), "to": Field(day, required=True)}
    values: dict[str, Date] | None = built(spec, dict)(report, key, node)
    if values is None:
        return None
    if values["to"] < values["from"]:
        report.add(node.line, f"{key}.to", _("lies before from"))
        return None
    return PublicNotice(values["from"], values["to"])


def _event(report: Report, key: str, node: Node) -> Event | None:
    event: Event | None = built(_EVENT, Event)(report, key, node)
    if event is None or event.end is None:
        return event
    first, last = event.start, event.end
    if isinstance(first, datetime) and isinstance(last, datetime) and (first.tzinfo is None) == (last.tzinfo is None):
        reversed_order = last < first
    else:
        reversed_order = (last.year, last.month, last.day) < (first.year, first.month, first.day)
    if reversed_order:
        report.add(node.line, f"{key}.end", _("lies before start"))
        return None
    return event


def _approved_by(report: Report, key: str, node: Node) -> str | tuple[str, ...] | dict[str, str] | None:
    parse: Parser = text() if isinstance(node, Scalar) else keyed(text())
    if isinstance(node, Sequence):
        parse = each(text())
    value: str | tuple[str, ...] | dict[str, str] | None = parse(report, key, node)
    return value or None


_EVENT = {
    "start": Field(day_or_time, required=True),
    "end": Field(day_or_time),
    "place": Field(text()),
    "organizer": Field(text()),
    "contact": Field(text()),
}
_DOCUMENT = {
    "number": Field(text()),
    "index": Field(text()),
    "issued": Field(day),
    "issuer": Field(text()),
    "topic": Field(text()),
    "validity": Field(text()),
}
_ATTACHMENT = {"file": Field(text(), required=True), "title": Field(text(), required=True)}
_PAGE = {
    "title": Field(text(200), required=True),
    "date": Field(day_or_time),
    "status": Field(choice("draft", "submitted", "returned", "approved", "withdrawn")),
    "approved_by": Field(_approved_by),
    "author": Field(text()),
    "source": Field(text()),
    "summary": Field(text(120)),
    "tags": Field(each(text(40))),
    "pinned": Field(boolean),
    "publish_at": Field(time),
    "expires_at": Field(day_or_time),
    "public_notice": Field(_notice),
    "document": Field(built(_DOCUMENT, Document)),
    "event": Field(_event),
    "attachments": Field(each(built(_ATTACHMENT, Attachment))),
}
_ENTRY = {**_PAGE, "date": Field(day_or_time, required=True), "author": Field(text(), required=True)}

FIELDS = _ENTRY
"""The keys of an entry's front matter."""
