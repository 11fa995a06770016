"""Rewrite parsed HTML tag by tag; `text_elements` and `media_elements` decide what each element becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gongshi.common.languages import is_well_formed
from gongshi.site.html import allowlist
from gongshi.site.html.allowlist import ATTRIBUTES, DROPPED, EVERYWHERE, PLAIN, VOID, tag, unescaped
from gongshi.site.html.findings import RemovedKind, RemovedPart, finding
from gongshi.site.html.urls import SiteOrigin, UrlKind

_THEME_CLASS = re.compile(r"gs-|md-|mermaid$")
"""Classes of the theme; `mermaid` would make it load a library from another host."""
_THEME_ID = re.compile(r"gs-|__(?!tabbed_\d|codelineno-|span-|\w+-caption_)")
"""Ids of the theme, except those that Markdown extensions generate for tabs, lines of code and captions."""
_ROLE = re.compile(r"(?:doc-[a-z]+|note)$")
_ADDRESSES = frozenset("action background cite data formaction href longdesc ping poster src srcset".split())  # noqa: SIM905
_DIRECTIONS = frozenset(("auto", "ltr", "rtl"))
_STYLED = frozenset(("highlight", "codehilite", "progress"))
"""Classes of elements whose styles come from Markdown extensions, so their removal is not reported."""
_KINDS: Final = {
    **dict.fromkeys(("applet", "embed", "frame", "frameset", "iframe", "object"), RemovedKind.FRAME),
    **dict.fromkeys(("button", "fieldset", "form", "input", "option", "select", "textarea"), RemovedKind.FORM),
    **dict.fromkeys(("base", "link", "meta", "title"), RemovedKind.SETTING),
    **dict.fromkeys(("svg", "math"), RemovedKind.DRAWING),
    "script": RemovedKind.SCRIPT,
    "style": RemovedKind.STYLE,
}
_ALIGNED: Final = frozenset(
    """
    address article aside blockquote caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header li ol p
    section summary tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
"""Elements whose alignment becomes a class of the theme."""
_TABLES: Final = frozenset("col colgroup hr table tbody td tfoot th thead tr".split())  # noqa: SIM905
"""Elements to which word processors give measures and colours by the dozen, so their removal is not reported."""
_SHAPES: Final = frozenset(("align", "bgcolor", "color", "height", "width"))
_SIDES: Final = {"left": "left", "center": "center", "middle": "center", "right": "right", "end": "right"}
_OWN_SIDES: Final = {f"gs-{side}": side for side in ("left", "center", "right")}
"""Classes of the theme that authors may write."""
_NO_SIDES: Final = frozenset(("justify", "start", "inherit", "initial"))
_SILENT = frozenset(("label", "main", "nav", "picture", "param"))
"""Elements whose tags are removed without a report, because nothing visible is lost."""


_TRACKED = frozenset(("a", "audio", "figure", "table", "thead", "video"))
"""Elements whose descendants are handled differently, so `OpenElements.depth` can be asked for them."""


@dataclass(frozen=True)
class Picture:
    """One of the site's own pictures."""

    url: str
    width: int
    height: int
    """In pixels, like the width."""
    large: str | None
    """The address of the same picture in full size, or None."""
    smaller: tuple[tuple[str, int], ...]
    """Smaller copies: addresses and widths in pixels."""


class OpenElements:
    """Stack of open elements, innermost last; look-ups take constant time at any nesting depth."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, str, str]] = []
        self._places: dict[str, list[int]] = {name: [] for name in _TRACKED}
        self._classes: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._stack)

    def push(self, name: str, classes: str, closing: str) -> None:
        """Push an element.

        Args:
            name: its name.
            classes: its classes, separated by spaces.
            closing: the HTML that closes it; empty if its tags were removed.
        """
        self._stack.append((name, classes, closing))
        if closing and name in _TRACKED:
            self._places[name].append(len(self._stack))
        if classes:
            self._classes.update(set(classes.split()))

    def pop(self) -> str:
        """Pop the innermost element and return the HTML that closes it."""
        name, classes, closing = self._stack.pop()
        if closing and name in _TRACKED:
            self._places[name].pop()
        if classes:
            self._classes.subtract(set(classes.split()))
        return closing

    def close(self, name: str) -> list[str]:
        """Pop the innermost element with this name and everything in it; return the closing HTML of each, or nothing.

        Args:
            name: the name of the element.
        """
        stack = self._stack
        if stack and stack[-1][0] == name:
            return [self.pop()]
        place = next((place for place in range(len(stack) - 1, -1, -1) if stack[place][0] == name), len(stack))
        return [self.pop() for _element in stack[place:]]

    def depth(self, name: str) -> int:
        """Return the stack depth, from 1, of the innermost open element with this name; 0 if there is none.

        Args:
            name: one of `_TRACKED`.
        """
        places = self._places[name]
        return places[-1] if places else 0

    def has_class(self, name: str) -> bool:
        """Tell whether an element with this class is open.

        Args:
            name: the class.
        """
        return self._classes[name] > 0


class HtmlRewriter:
    """Rewrites one text; handlers call its methods.

    Args:
        text: HTML as `allowlist.parsed` returns it.
        own: the site's own hosts and words.
        pictures: the site's own pictures by their address in the HTML.
    """

    def __init__(self, text: str, own: SiteOrigin, pictures: Mapping[str, Picture]) -> None:
        self.pieces = allowlist.tokenize(text)
        self.place = 1
        """Index of the next piece to handle."""
        self.out = [self.pieces[0]]
        self.open = OpenElements()
        self.own = own
        self.pictures = pictures
        self.findings: list[RemovedPart] = []
        self.shown = 0
        """Number of pictures written so far."""
        self.tables = 0

    def run(self, handlers: Mapping[str, Callable[[HtmlRewriter, str, str], None]]) -> None:
        """Rewrite the whole text.

        Args:
            handlers: functions to call for start tags, by element name; they get this object, name and attributes.
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
            elif name in DROPPED:
                self.drop_element(name, attributes)
            else:
                self.drop_tag(name, attributes)
            out.append(pieces[self.place - 1])
        while self.open:
            out.append(self.open.pop())

    def keep(self, name: str, attributes: str) -> None:
        """Write a start tag, with the allowed attributes only.

        Args:
            name: the element.
            attributes: its attributes as HTML.
        """
        if attributes:
            self.start(name, self.kept(name, attributes))
            return
        self.out.append(f"<{name}>")
        if name not in VOID:
            self.open.push(name, "", f"</{name}>")

    def start(self, name: str, values: dict[str, str], written: str | None = None, closing: str | None = None) -> None:
        """Write a start tag and remember how to close the element.

        Args:
            name: its name in the text.
            values: its attributes, escaped.
            written: its name in the page, if different.
            closing: the HTML that closes it, if that is more than its end tag.
        """
        written = written or name
        self.out.append(tag(written, values))
        if name not in VOID:
            self.open.push(name, values.get("class", ""), f"</{written}>" if closing is None else closing)

    def unwrap(self, name: str) -> None:
        """Drop an element's tags and keep its content.

        Args:
            name: the element.
        """
        if name not in VOID:
            self.open.push(name, "", "")

    def drop_tag(self, name: str, attributes: str) -> None:
        """Drop an element's tags, keep its content and report it.

        Args:
            name: the element.
            attributes: its attributes as HTML.
        """
        if name not in _SILENT:
            self.report(_KINDS.get(name, RemovedKind.ELEMENT), f"<{name}{attributes}>")
        self.unwrap(name)

    def drop_element(self, name: str, attributes: str) -> None:
        """Drop an element with its content and report it.

        Args:
            name: the element.
            attributes: its attributes as HTML.
        """
        before = self.place - 1
        self.skip(name)
        # Markdown extensions write formulas as such scripts, too; the formula is also there as text before it.
        if not (name == "script" and 'type="math/tex' in attributes):
            content = self.pieces[before] if self.place - 1 > before else ""
            self.report(_KINDS.get(name, RemovedKind.ELEMENT), f"<{name}{attributes}>{content}")

    def skip(self, name: str) -> list[str]:
        """Skip to the end of the element that was just started; return the pieces of its content.

        Args:
            name: the element.
        """
        start, depth = self.place, 0 if name in VOID else 1
        while depth and self.place < len(self.pieces):
            if self.pieces[self.place + 1] == name:
                depth += -1 if self.pieces[self.place] else 1
            self.place += 4
        return self.pieces[start : self.place]

    def close(self, name: str) -> None:
        """Write the end tags of the innermost open element with this name and of everything open in it.

        Args:
            name: the element.
        """
        self.out += self.open.close(name)

    def within(self, *names: str) -> bool:
        """Tell whether the current position is inside one of these elements.

        Elements whose tags were dropped do not count.

        Args:
            names: elements in `_TRACKED`.
        """
        return any(map(self.open.depth, names))

    def within_class(self, name: str) -> bool:
        """Tell whether the current position is inside an element with this class.

        Args:
            name: the class.
        """
        return self.open.has_class(name)

    def report(self, kind: RemovedKind, text: str) -> None:
        """Report something that was removed.

        Args:
            kind: the kind of the removed part.
            text: the removed part; it may be escaped.
        """
        self.findings.append(finding(kind, unescaped(text)))

    def at(self, value: str) -> UrlKind:
        """Return the kind of place that an address leads to.

        Args:
            value: the address, escaped.
        """
        return self.own.place(unescaped(value))

    def kept(self, name: str, attributes: str) -> dict[str, str]:
        """Return the allowed attributes of an element, escaped, and report removed ones.

        Args:
            name: the element.
            attributes: its attributes as HTML.
        """
        allowed = ATTRIBUTES.get(name, EVERYWHERE)
        values: dict[str, str] = {}
        side = ""
        for key, value in allowlist.attributes(attributes):
            if key == "class":
                left, side = self._classes(value, side)
                if left:
                    values[key] = left
            elif key == "style":
                rest, side = _styles(value, side)
                self._report_style(rest, values)
            elif key == "align" and name in _ALIGNED:
                side = _SIDES.get(value.strip().lower(), side)
            elif key == "id" and _THEME_ID.match(value):
                self.report(RemovedKind.NAME, value)
            elif (key == "lang" and not is_well_formed(value)) or (key == "dir" and value.lower() not in _DIRECTIONS):
                self.report(RemovedKind.LANGUAGE, f"{key}={value}")
            elif key not in allowed or (key == "role" and not _ROLE.match(value)):
                self._report_lost(name, key, value)
            else:
                values[key] = value
        if side and name in _ALIGNED:
            values["class"] = f"{values['class']} gs-{side}" if "class" in values else f"gs-{side}"
        return values

    def _classes(self, value: str, side: str) -> tuple[str, str]:
        """Return the classes that are kept, without those of the alignment, and the side that these name."""
        if "gs-" not in value and "md-" not in value and "mermaid" not in value:
            return value, side
        kept = []
        for part in value.split():
            if part in _OWN_SIDES:
                side = _OWN_SIDES[part]
            elif _THEME_CLASS.match(part):
                if part.startswith("gs-"):
                    self.report(RemovedKind.NAME, part)
            else:
                kept.append(part)
        return " ".join(kept), side

    def _report_style(self, rest: str, values: dict[str, str]) -> None:
        if rest and not any(
            styled in values.get("class", "").split() or self.within_class(styled) for styled in _STYLED
        ):
            self.report(RemovedKind.STYLE, rest)

    def _report_lost(self, name: str, key: str, value: str) -> None:
        if key.startswith("on"):
            self.report(RemovedKind.HANDLER, f"{key}={value}")
        elif key in _SHAPES and name not in _TABLES:
            self.report(RemovedKind.STYLE, f"{key}={value}")
        elif key in _ADDRESSES and self.at(value) is not UrlKind.OWN:
            self.report(RemovedKind.ADDRESS, value)


def _styles(value: str, side: str) -> tuple[str, str]:
    """Return the declarations of a style that are lost, and the side on which it puts the text."""
    lost = []
    for declaration in unescaped(value).split(";"):
        name, _colon, setting = (part.strip().lower() for part in declaration.partition(":"))
        if name == "text-align" and setting in _SIDES:
            side = _SIDES[setting]
        elif name and not (name == "text-align" and setting in _NO_SIDES):
            lost.append(declaration.strip())
    return "; ".join(lost), side
