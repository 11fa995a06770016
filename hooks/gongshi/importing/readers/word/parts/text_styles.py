"""Character properties as they result from styles, table styles and defaults (ECMA-376 part 1, 17.7.2 and 17.7.3)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.elements import enclosing, is_on, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.style_table import StyleTable


@dataclass(frozen=True)
class RunContext:
    """A run with the styles that apply to it."""

    direct: _Element | None
    """Its own `w:rPr`."""
    styles: tuple[tuple[_Element, ...], ...]
    """For the character, paragraph and table style each: the style itself, then those it is based on."""


class TextStyles:
    """The styles of a document.

    Args:
        package: the document.
    """

    def __init__(self, package: WordPackage) -> None:
        self._table = StyleTable(package)
        self._properties: dict[tuple[_Element, str], _Element | None] = {}
        self._contexts: dict[tuple[_Element | None, _Element | None, str | None], tuple[tuple[_Element, ...], ...]] = {}
        self._found: dict[tuple[tuple[_Element, ...], str, str], _Element | None] = {}
        self._document = self._table.document_defaults("w:rPr")

    def context(self, run: _Element) -> RunContext:
        """Return the properties and styles of a run.

        Args:
            run: a `w:r`, or the `w:pPr` of a paragraph whose end is asked for.
        """
        direct = run.find(tag("w:rPr"))
        paragraph = enclosing(run, "w:p")
        key = (paragraph, enclosing(run, "w:tbl") if paragraph is not None else None, value_of(direct, "w:rStyle"))
        if key not in self._contexts:
            self._contexts[key] = self._styles_of(*key)
        return RunContext(direct, self._contexts[key])

    def properties(self, element: _Element, name: str) -> _Element | None:
        """Return the element with the properties of a paragraph, cell, row or table.

        Args:
            element: the paragraph, cell, row or table, which may have very many children.
            name: the name of its properties, such as `w:pPr`.
        """
        key = (element, name)
        if key not in self._properties:
            self._properties[key] = element.find(tag(name))
        return self._properties[key]

    def is_toggled(self, context: RunContext, name: str) -> bool:
        """Tell if a property that styles toggle is on: each style that has it changes it (17.7.3).

        Args:
            context: the run.
            name: the property, such as `w:vanish`.
        """
        own = context.direct.find(tag(name)) if context.direct is not None else None
        if own is not None:
            return is_on(own)
        if self._document is not None and is_on(self._document.find(tag(name))):
            return True
        return sum(is_on(self._first(chain, name)) for chain in context.styles) % 2 == 1

    def find(self, context: RunContext, name: str) -> _Element | None:
        """Return the element of a property that applies to a run.

        Args:
            context: the run.
            name: the property, such as `w:color`.
        """
        own = context.direct.find(tag(name)) if context.direct is not None else None
        if own is not None:
            return own
        for chain in context.styles:
            found = self._first(chain, name)
            if found is not None:
                return found
        return self._document.find(tag(name)) if self._document is not None else None

    def style_name(self, paragraph: _Element) -> str:
        """Return the name of a paragraph's style in lower case, such as `caption`; empty if it has none.

        Args:
            paragraph: a `w:p`.
        """
        chain = self._table.chain("paragraph", value_of(self.properties(paragraph, "w:pPr"), "w:pStyle"))
        return (value_of(chain[0], "w:name") or "").lower() if chain else ""

    def paragraph_property(self, paragraph: _Element, name: str) -> _Element | None:
        """Return the element of a paragraph's property, its own or that of its style.

        Args:
            paragraph: a `w:p`.
            name: the property, such as `w:shd`.
        """
        properties = self.properties(paragraph, "w:pPr")
        own = properties.find(tag(name)) if properties is not None else None
        if own is not None:
            return own
        return self._first(self._table.chain("paragraph", value_of(properties, "w:pStyle")), name, "w:pPr")

    def table_style(self, table: _Element) -> tuple[_Element, ...]:
        """Return the style of a table and those it is based on.

        Args:
            table: a `w:tbl`.
        """
        return self._table.chain("table", value_of(self.properties(table, "w:tblPr"), "w:tblStyle"))

    def _styles_of(
        self, paragraph: _Element | None, table: _Element | None, style: str | None
    ) -> tuple[tuple[_Element, ...], ...]:
        properties = self.properties(paragraph, "w:pPr") if paragraph is not None else None
        found = [
            self._table.chain("character", style),
            self._table.chain("paragraph", value_of(properties, "w:pStyle")),
        ]
        return (*found, self.table_style(table)) if table is not None else tuple(found)

    def _first(self, chain: tuple[_Element, ...], name: str, properties: str = "w:rPr") -> _Element | None:
        """Return the element of a property from the first style that has it."""
        key = (chain, name, properties)
        if key not in self._found:
            path = f"{tag(properties)}/{tag(name)}"
            self._found[key] = next((found for style in chain if (found := style.find(path)) is not None), None)
        return self._found[key]
