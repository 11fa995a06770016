"""The styles of a document and the order in which they build on each other (ECMA-376 part 1, 17.7.4)."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.elements import is_true, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag

_MAX_CHAIN: Final = 50
"""The maximum number of styles that are based on each other."""


class StyleTable:
    """The styles of a document by type and id.

    Args:
        package: the document.
    """

    def __init__(self, package: WordPackage) -> None:
        roots = [package.xml(name) for name in package.related("styles")][:1]
        self._styles: dict[tuple[str, str], _Element] = {}
        self._default_ids: dict[str, str] = {}
        """The id of the default style by type."""
        self._chains: dict[tuple[str, str], tuple[_Element, ...]] = {}
        for style in (each for root in roots for each in root.iterchildren(tag("w:style"))):
            kind, id = style.get(tag("w:type"), "paragraph"), style.get(tag("w:styleId"), "")
            self._styles.setdefault((kind, id), style)
            if is_true(style.get(tag("w:default")), default=False):
                self._default_ids.setdefault(kind, id)
        self._defaults = next((each for root in roots for each in root.iterchildren(tag("w:docDefaults"))), None)

    def has(self, kind: str, id: str) -> bool:
        """Tell if a style exists.

        Args:
            kind: its type: `paragraph`, `character`, `table` or `numbering`.
            id: its id.
        """
        return (kind, id) in self._styles

    def chain(self, kind: str, id: str | None) -> tuple[_Element, ...]:
        """Return a style and those it is based on, the nearest first; a circle, as in damaged files, ends.

        Args:
            kind: its type: `paragraph`, `character`, `table` or `numbering`.
            id: its id; the default style stands in for one that does not exist.
        """
        if id is None or (kind, id) not in self._styles:
            id = self._default_ids.get(kind, "")
        if (kind, id) not in self._chains:
            found: list[_Element] = []
            current: str | None = id
            while current is not None and len(found) < _MAX_CHAIN:
                style = self._styles.get((kind, current))
                if style is None or style in found:
                    break
                found.append(style)
                current = value_of(style, "w:basedOn")
            self._chains[kind, id] = tuple(found)
        return self._chains[kind, id]

    def document_defaults(self, kind: str) -> _Element | None:
        """Return the properties that apply where no style says otherwise (17.7.5).

        Args:
            kind: `w:pPr` for those of paragraphs, `w:rPr` for those of runs.
        """
        return None if self._defaults is None else self._defaults.find(f"{tag(kind + 'Default')}/{tag(kind)}")
