"""Read from the HTML of a page the text that a reader finds, without what extensions and the sanitizer add."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

MADE: Final = frozenset(("footnote-ref", "footnote-backref", "gs-away__mark", "headerlink", "linenos", "lineno"))
"""Classes of elements that extensions and the sanitizer add to what was typed."""


class PageText(HTMLParser):
    """Text of a page, in `pieces`, with the numbers of lists.

    Args:
        titles: the titles of boxes in their order; None for one that gets the name of its kind.
        has_contents: True if the text asks for a table of contents, which is left out.
    """

    def __init__(self, titles: Sequence[str | None] = (), has_contents: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden: list[str] = []
        """The element that is left out, and those of the same name inside it."""
        self._numbers: list[int | None] = []
        self._in_notes = False
        self._titles = list(titles)
        self._has_contents = has_contents
        self._last_tag, self._last_classes = "", [""]

    def add_number(self, number: int) -> None:
        """Add the number of a list item.

        Args:
            number: as browsers show it.
        """
        self.pieces.append(f" {number}. ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a start tag.

        Args:
            tag: the element.
            attrs: its attributes.
        """
        values = dict(attrs)
        classes = (values.get("class") or "").split()
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.append(tag)
        elif self._is_made(tag, classes):
            self.hidden.append(tag)
        elif tag in ("ol", "ul"):
            start = values.get("start") or "1"
            self._numbers.append(int(start) if tag == "ol" and start.isdigit() and not self._in_notes else None)
            self._in_notes = False
        elif tag == "div" and "footnote" in classes:
            self._in_notes = True
        elif tag == "li" and self._numbers and self._numbers[-1] is not None:
            value = values.get("value") or ""
            number = int(value) if value.isdigit() else self._numbers[-1]
            self.add_number(number)
            self._numbers[-1] = number + 1
        self._last_tag, self._last_classes = tag, classes

    def _is_made(self, tag: str, classes: list[str]) -> bool:
        """Tell whether an element was added to what was typed."""
        if not MADE.isdisjoint(classes) or (self._has_contents and tag == "div" and "toc" in classes):
            return True
        folded = tag == "summary" and self._last_tag == "details" and self._last_classes
        if self._titles and (folded or "admonition-title" in classes):
            return self._titles.pop(0) is None
        return False

    def handle_endtag(self, tag: str) -> None:
        """Read an end tag.

        Args:
            tag: the element.
        """
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.pop()
        elif tag in ("ol", "ul") and self._numbers:
            self._numbers.pop()

    def handle_data(self, data: str) -> None:
        """Read text.

        Args:
            data: the text.
        """
        if not self.hidden:
            self.pieces.append(data)
