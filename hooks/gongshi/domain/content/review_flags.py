"""Set the review flags in the front matter of a file without changing anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from gongshi.common.errors import InvalidInput, Problem
from gongshi.domain.content import approved_by as content_approved_by
from gongshi.domain.content import front_matter, text_file
from gongshi.domain.yaml import parser
from gongshi.domain.yaml.parser import Mapping as MappingNode
from gongshi.domain.yaml.parser import Node, Scalar
from gongshi.i18n import gettext as _

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def set_review_flags(content: bytes, path: str, status: str, approved_by: Mapping[str, str] | None = None) -> bytes:
    """Return the file with other review flags; comments, key order, line endings and BOM stay.

    Args:
        content: the bytes of a Markdown file whose front matter is valid.
        path: the file to name in problems.
        status: the new `status`.
        approved_by: the new `approved_by`, person ids by stage; empty removes it, None leaves it as it is.

    Raises:
        InvalidInput: the front matter has problems, or is written in a way that cannot be edited safely.
    """
    decoded = text_file.decode_markdown(content, path)
    start, end, _body = text_file.front_matter_span(decoded, path)
    root = parser.parse(decoded[start:end], path, first_line=2)
    assert isinstance(root, MappingNode)
    lines: list[str] = _LINE.findall(content.decode("utf-8-sig"))
    ending = lines[0][len(lines[0].rstrip("\r\n")) :]
    first_key = lines[root.items[0][0].line - 1]
    indent = first_key[: len(first_key) - len(first_key.lstrip())]
    closing = decoded.count("\n", 0, end) + 1
    places = [(*_line_range(root, key, closing, lines), key, new) for key, new in _new_lines(status, approved_by)]
    # Edit from the bottom up, so that line numbers above stay valid. If both keys are new, `status` comes first.
    for first, last, key, new in sorted(places, key=lambda place: -place[0]):
        if last > first and any("#" in line for line in lines[first - 1 : last]):
            message = _("the comment within this key would be lost; move it to a line of its own above the key")
            raise InvalidInput([Problem(path, message, first, key)])
        if new and last == first:
            new[-1] += _comment(decoded[start:], root.get(key))
        lines[first - 1 : last] = [indent + line + ending for line in new]
    edited = (_BOM if content.startswith(_BOM) else b"") + "".join(lines).encode()
    _check(content, edited, path, status, approved_by)
    return edited


def _new_lines(status: str, approved_by: Mapping[str, str] | None) -> list[tuple[str, list[str]]]:
    """Return the new lines of each key; an empty list removes the key."""
    wanted = [("status", [f"status: {status}"])]
    if approved_by is None:
        return wanted
    return [("approved_by", [content_approved_by.line_of(approved_by)] if approved_by else []), *wanted]


def _line_range(root: MappingNode, key: str, closing: int, lines: list[str]) -> tuple[int, int]:
    """Return first and last line of a key with its value, or an empty range where a missing key is to be inserted.

    A missing `approved_by` is inserted below `status`, where people who edit by hand will see it. Any other missing key
    is inserted before the closing `---` line.
    """
    keys = [name.line for name, _value in root.items]
    for name, _value in root.items:
        if name.text == key:
            last = min([line for line in keys if line > name.line] or [closing]) - 1
            while last > name.line and (not (text := lines[last - 1].strip()) or text.startswith("#")):
                last -= 1
            return name.line, last
    if key == "approved_by" and root.get("status"):
        closing = _line_range(root, "status", closing, lines)[1] + 1
    return closing, closing - 1


def _comment(yaml: str, value: Node | None) -> str:
    """Return the comment after a one-line value, with the space before it."""
    if not isinstance(value, Scalar):
        return ""
    rest = yaml[value.span[1] :].split("\n", 1)[0]
    return rest if rest.lstrip().startswith("#") else ""


def _check(before: bytes, after: bytes, path: str, status: str, approved_by: Mapping[str, str] | None) -> None:
    """Raise InvalidInput if the edited flags are wrong, or if anything else changed."""
    old = front_matter.read(before, path, requires_entry_keys=False)
    problems: tuple[Problem, ...] = ()
    try:
        new = front_matter.read(after, path, requires_entry_keys=False)
    except InvalidInput as error:
        problems = error.problems
    else:
        wanted = old.meta.approved_by if approved_by is None else (dict(approved_by) or None)
        expected = replace(old.meta, status=status, approved_by=wanted)
        if (new.meta, new.body) == (expected, old.body):
            return
    message = _("the flags cannot be set: write status and approved_by as plain lines, such as `status: draft`")
    raise InvalidInput([Problem(path, message), *problems])
