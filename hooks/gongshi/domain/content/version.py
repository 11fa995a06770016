"""The version of an entry: everything that a reader could see, and its digest.

The digest is SHA-256 over one JSON document in UTF-8 with sorted keys and no spaces:

    {"body": HEX, "files": {NAME: HEX}, "format": "gongshi-1", "front_matter": {KEY: VALUE}, "path": PATH}

`HEX` is the SHA-256 of the body's UTF-8 bytes (LF line endings) or of a file's bytes. `NAME` is relative to the
bundle's folder. `front_matter` has each key whose value is not the default, except `status` and `approved_by`; dates
are written `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, with an offset if one was given; the days of `public_notice` are
named `first` and `last`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from functools import cache, cached_property
from typing import Any

from gongshi.common.hashing import canonical_json, sha256
from gongshi.domain.content.front_matter import FrontMatter, MarkdownFile
from gongshi.domain.content.front_matter_declaration import declaration

FORMAT = "gongshi-1"


@dataclass(frozen=True)
class Version:
    """One state of an entry or page, as bytes that can be approved."""

    path: str
    """The Markdown file, relative to `docs/`."""
    manuscript: MarkdownFile
    files: Mapping[str, str]
    """The SHA-256 of each other file of the bundle, by its name relative to the bundle's folder."""
    refused: tuple[str, ...] = field(default=(), compare=False)
    """The names of approved files that are not published any more; see `attachment_types.Refusal.dangerous`."""

    @property
    def published_files(self) -> list[str]:
        """The names of the files that may be published."""
        return [name for name in self.files if name not in self.refused]

    @property
    def meta(self) -> FrontMatter:
        """The front matter."""
        return self.manuscript.meta

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over everything that a reader could see or be affected by, 64 hexadecimal digits."""
        document = {
            "format": FORMAT,
            "path": self.path,
            "front_matter": to_canonical(self.meta),
            "body": sha256(self.manuscript.body.encode()),
            "files": dict(self.files),
        }
        return sha256(canonical_json(document))


def to_canonical(value: Any) -> Any:
    """Return front matter as JSON values, without the review flags and default values.

    Args:
        value: a front matter object or a value in it.
    """
    if isinstance(value, str | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_canonical(item) for item in value]
    return {
        name: to_canonical(item)
        for name, default in covered(value.__class__)
        if (item := getattr(value, name)) != default or default is MISSING
    }


@cache
def covered(record: type) -> list[tuple[str, Any]]:
    """Return the attributes that the digest covers, with their defaults, in the order of the class.

    Args:
        record: `FrontMatter`, or the type of a value in it.
    """
    return [(f.name, f.default) for f in fields(record) if declaration(f).in_digest]
