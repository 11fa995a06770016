"""Goes through parsed HTML tag by tag and writes it anew; what each element becomes is said elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gongshi.site.html import allowlist
from gongshi.site.html.allowlist import ATTRIBUTES, EVERYWHERE, PLAIN, SWALLOWED, VOID, tag, unescaped
from gongshi.site.html.findings import Finding, Kind, finding
from gongshi.site.html.urls import Own, Place

_THEME_CLASS = re.compile(r"gs-|md-|mermaid$")
"""The theme's classes; `mermaid` makes it load a library from another host."""
_THEME_ID = re.compile(r"gs-|__(?!tabbed_\d|codelineno-|span-|\w+-caption_)")
"""The theme's ids. Those that Markdown makes for tabs, lines of code and captions begin like them."""
_ROLE = re.compile(r"(?:doc-[a-z]+|note)$")
_ADDRESSES = frozenset("action background cite data formaction href longdesc ping poster src srcset".split())  # noqa: SIM905
_STYLED = frozenset(("highlight", "codehilite", "progress"))
"""Classes of what Markdown gives styles to."""
_KINDS: Final = {
    **dict.fromkeys(("applet", "embed", "frame", "frameset", "iframe", "object"), Kind.FRAME),
    **dict.fromkeys(("button", "fieldset", "form", "input", "option", "select", "textarea"), Kind.FORM),
    **dict.fromkeys(("base", "link", "meta", "title"), Kind.SETTING),
    **dict.fromkeys(("svg", "math"), Kind.DRAWING),
    "script": Kind.SCRIPT,
    "style": Kind.STYLE,
}
ALIGNMENT: Final = re.compile(r"\s*text-align\s*:\s*(left|center|right)\s*;?\s*$", re.IGNORECASE)
"""The style that Markdown gives to cells."""
CELLS: Final = frozenset(("td", "th"))
_SILENT = frozenset(("label", "main", "nav", "picture", "param"))
"""Elements that go without a loss."""


_ASKED = frozenset(("a", "audio", "figure", "table", "thead", "video"))
"""Elements in which others become something else."""


@dataclass(frozen=True)
class Picture:
    """One of the site's own pictures."""

    url: str
    width: int
    height: int
    """In pixels, like the width."""
    large: str | None
    """The address of the same picture in full size."""
    smaller: tuple[tuple[str, int], ...]
    """Addresses and widths in pixels."""


class OpenElements:
    """The elements that are open, innermost last; questions about them take the same time at any depth."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, str, str]] = []
        self._places: dict[str, list[int]] = {name: [] for name in _ASKED}
        self._classes: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._stack)

    def push(self, name: str, classes: str, closing: str) -> None:
        """Open an element.

        Args:
            name: of the element.
            classes: its classes, separated by spaces.
            closing: how it will be closed; empty for one that was left out.
        """
        self._stack.append((name, classes, closing))
        if closing and name in _ASKED:
            self._places[name].append(len(self._stack))
        if classes:
            self._classes.update(set(classes.split()))

    def pop(self) -> str:
        """Close the innermost element; how it is closed."""
        name, classes, closing = self._stack.pop()
        if closing and name in _ASKED:
            self._places[name].pop()
        if classes:
            self._classes.subtract(set(classes.split()))
        return closing

    def close(self, name: str) -> list[str]:
        """Close the innermost element of a name and what is open in it; how each is closed, nothing where none is."""
        stack = self._stack
        if stack and stack[-1][0] == name:
            return [self.pop()]
        place = next((place for place in range(len(stack) - 1, -1, -1) if stack[place][0] == name), len(stack))
        return [self.pop() for _element in stack[place:]]

    def depth(self, name: str) -> int:
        """The number of the innermost open element of a name, counted from 1; 0 where none is, or it was left out.

        Args:
            name: one of `_ASKED`.
        """
        places = self._places[name]
        return places[-1] if places else 0

    def has_class(self, name: str) -> bool:
        """Whether an element of a class is open."""
        return self._classes[name] > 0


class Writer:
    """One passage through a text.

    Args:
        text: as `allowlist.parsed` gives it.
        own: the site's own hosts and words.
        pictures: the site's own pictures by their address in the HTML.
    """

    def __init__(self, text: str, own: Own, pictures: Mapping[str, Picture]) -> None:
        self.pieces = allowlist.pieces(text)
        self.place = 1
        """The piece after the last one dealt with."""
        self.out = [self.pieces[0]]
        self.open = OpenElements()
        self.own = own
        self.pictures = pictures
        self.findings: list[Finding] = []
        self.shown = 0
        """How many pictures there are so far."""
        self.tables = 0

    def run(self, handlers: Mapping[str, Callable[[Writer, str, str], None]]) -> None:
        """Write the text.

        Args:
            handlers: what to do at the start of an element, by its name.
        """
        pieces, out = self.pieces, self.out
        while self.place < len(pieces):
            place = self.place
            slash, name, attributes = pieces[place], pieces[place + 1], pieces[place + 2]
            self.place = place + 4
            if slash:
                self.close(name)
            elif name in handlers:
                handlers[name](self, name, attributes)
            elif name in PLAIN:
                self.keep(name, attributes)
            elif name in SWALLOWED:
                self.swallow(name, attributes)
            else:
                self.leave(name, attributes)
            out.append(pieces[self.place - 1])
        while self.open:
            out.append(self.open.pop())

    def keep(self, name: str, attributes: str) -> None:
        """Open an element as it is, apart from attributes."""
        if attributes:
            self.start(name, self.kept(name, attributes))
            return
        self.out.append(f"<{name}>")
        if name not in VOID:
            self.open.push(name, "", f"</{name}>")

    def start(self, name: str, values: dict[str, str], written: str | None = None, closing: str | None = None) -> None:
        """Open an element.

        Args:
            name: as it is in the text.
            values: its attributes, escaped.
            written: its name in the page, where that is another.
            closing: what closes it, where that is more than its end tag.
        """
        written = written or name
        self.out.append(tag(written, values))
        if name not in VOID:
            self.open.push(name, values.get("class", ""), f"</{written}>" if closing is None else closing)

    def unwrap(self, name: str) -> None:
        """Leave out an element's tags."""
        if name not in VOID:
            self.open.push(name, "", "")

    def leave(self, name: str, attributes: str) -> None:
        """Leave out an element's tags, and tell of it."""
        if name not in _SILENT:
            self.told(_KINDS.get(name, Kind.ELEMENT), f"<{name}{attributes}>")
        self.unwrap(name)

    def swallow(self, name: str, attributes: str) -> None:
        """Leave out an element and all that is in it, and tell of it."""
        before = self.place - 1
        self.skip(name)
        # Markdown writes formulas like this, too; their text stands before it.
        if not (name == "script" and 'type="math/tex' in attributes):
            content = self.pieces[before] if self.place - 1 > before else ""
            self.told(_KINDS.get(name, Kind.ELEMENT), f"<{name}{attributes}>{content}")

    def skip(self, name: str) -> list[str]:
        """Go behind the end of an element that has just begun; the pieces of what is in it."""
        start, depth = self.place, 0 if name in VOID else 1
        while depth and self.place < len(self.pieces):
            if self.pieces[self.place + 1] == name:
                depth += -1 if self.pieces[self.place] else 1
            self.place += 4
        return self.pieces[start : self.place]

    def close(self, name: str) -> None:
        """Close the innermost open element of this name, and what is open in it."""
        self.out += self.open.close(name)

    def within(self, *names: str) -> bool:
        """Whether this place is in one of these elements; one that was left out does not count."""
        return any(map(self.open.depth, names))

    def within_class(self, name: str) -> bool:
        """Whether this place is in an element of this class."""
        return self.open.has_class(name)

    def told(self, kind: Kind, text: str) -> None:
        """Tell of something that was taken off; the text may be escaped."""
        self.findings.append(finding(kind, unescaped(text)))

    def at(self, value: str) -> Place:
        """Where an escaped address leads."""
        return self.own.place(unescaped(value))

    def kept(self, name: str, attributes: str) -> dict[str, str]:
        """The attributes that an element keeps, escaped."""
        allowed = ATTRIBUTES.get(name, EVERYWHERE)
        values: dict[str, str] = {}
        for key, value in allowlist.attributes(attributes):
            if key == "class":
                if left := _own_classes(value):
                    values[key] = left
            elif key == "id" and _THEME_ID.match(value):
                self.told(Kind.NAME, value)
            elif key not in allowed or (key == "role" and not _ROLE.match(value)):
                self._lost(name, key, value, values)
            else:
                values[key] = value
        return values

    def _lost(self, name: str, key: str, value: str, values: dict[str, str]) -> None:
        if key.startswith("on"):
            self.told(Kind.HANDLER, f"{key}={value}")
        elif key == "style":
            if not (name in CELLS and ALIGNMENT.match(value)) and not any(
                styled in values.get("class", "").split() or self.within_class(styled) for styled in _STYLED
            ):
                self.told(Kind.STYLE, value)
        elif key in _ADDRESSES and self.at(value) is not Place.OWN:
            self.told(Kind.ADDRESS, value)


def _own_classes(value: str) -> str:
    if "gs-" not in value and "md-" not in value and "mermaid" not in value:
        return value
    return " ".join(part for part in value.split() if not _THEME_CLASS.match(part))
