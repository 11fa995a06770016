"""Relationships between the parts of an Office file (Open Packaging Conventions, ECMA-376 part 2, 6.5)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml.etree import _Element


@dataclass(frozen=True)
class Relationship:
    """Link from a part to another part, or to an address outside."""

    type: str
    """The last word of its type, such as `image` or `hyperlink`."""
    target: str
    """The name of a part, such as `word/media/image1.png`, or the address."""
    external: bool


def relationships_name(part: str) -> str:
    """Return the name of the part with the relationships of a part.

    Args:
        part: the name of the part; empty for the whole file.
    """
    folder, _slash, base = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{base}.rels")


def read_relationships(root: _Element, part: str, names: Mapping[str, str]) -> dict[str, Relationship]:
    """Return the relationships of a part by their ids.

    Args:
        root: the part with the relationships.
        part: the name of the part that they belong to; empty for the whole file.
        names: the names of all parts by their names in lower case.
    """
    found: dict[str, Relationship] = {}
    for each in root.iterchildren("{*}Relationship"):
        kind, target = each.get("Type", "").rpartition("/")[2], each.get("Target", "")
        external = each.get("TargetMode") == "External" or kind == "hyperlink"
        if not external:
            target = _part_named(part.rpartition("/")[0], target, names)
        found[each.get("Id", "")] = Relationship(kind, target, external)
    return found


def _part_named(folder: str, target: str, names: Mapping[str, str]) -> str:
    """Return the name of a part as the archive spells it: names differ in case or are percent-encoded."""
    path = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
    return names.get(path.lower()) or names.get(unquote(path).lower()) or path
