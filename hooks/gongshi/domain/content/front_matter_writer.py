"""Write front matter in canonical form, from approved values only.

A digest does not cover all parts of a Markdown file: comments, the order of keys, the notation of values, the review
flags. So Markdown files for use outside the repository are written anew, without anything that is not approved.
"""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from gongshi.common.characters import SUSPECT
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.content.front_matter import FrontMatter, MarkdownFile
from gongshi.domain.content.front_matter_declaration import written_name
from gongshi.domain.content.version import covered

_UNQUOTED = lazy_pattern(
    r"[A-Za-z\u3400-\u4dbf\u4e00-\u9fff]"
    r"(?:[A-Za-z0-9_./\u3400-\u4dbf\u4e00-\u9fff\u2014\u2018\u2019\u201c\u201d\u2026\u3001\u3002\u3008-\u3011\u3014\u3015"
    r"\uff01\uff08\uff09\uff0c\uff1b\uff1f-]| (?=\S))*"
)
"""Texts that need no quotation marks. The characters are listed, so that every Python version writes the same bytes."""
_RESERVED_WORD = lazy_pattern("y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
"""Words that YAML 1.1 or 1.2 does not read as text."""
_ESCAPED = lazy_pattern(rf'[\x00-\x1f"\\{SUSPECT}]')


def format_front_matter(manuscript: MarkdownFile) -> bytes:
    """Return a Markdown file with the front matter covered by its digest, and the approved body.

    The review flags are left out, as the digest does not cover them.

    Args:
        manuscript: the approved text.

    Returns:
        The file in UTF-8, with LF line endings and without a BOM. Reading it again gives the same digest.
    """
    return f"---\n{front_matter(manuscript.meta)}---\n{manuscript.body}".encode()


def front_matter(meta: FrontMatter) -> str:
    """Return the front matter alone, as YAML without the `---` lines.

    Args:
        meta: the approved values.
    """
    return "".join(f"{line}\n" for line in _mapping(meta))


def _mapping(record: Any) -> list[str]:
    lines: list[str] = []
    for name, default, key in _keys(record.__class__):
        value = getattr(record, name)
        if value == default:
            continue
        if isinstance(value, str | bool | date):
            lines.append(f"{key}: {_scalar(value)}")
        else:
            below = _sequence(value) if isinstance(value, tuple) else _mapping(value)
            lines.append(f"{key}:" if below else f"{key}: {{}}")
            lines += [f"  {line}" for line in below]
    return lines


@cache
def _keys(record: type) -> list[tuple[str, Any, str]]:
    """Return field name, default and key of each value that the digest covers."""
    keys = {field.name: written_name(field) for field in fields(record)}
    return [(name, default, keys[name]) for name, default in covered(record)]


def _sequence(values: tuple[Any, ...]) -> list[str]:
    lines: list[str] = []
    for value in values:
        first, *others = [_scalar(value)] if isinstance(value, str) else _mapping(value)
        lines += [f"- {first}", *(f"  {line}" for line in others)]
    return lines


def _scalar(value: str | bool | date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if _UNQUOTED.fullmatch(value) and not _RESERVED_WORD.fullmatch(value):
        return value
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in '"\\':
        return f"\\{character}"
    number = ord(character)
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
