"""The few properties of CSS that say how a text is meant: hidden, bold, to the right; no layout.

Only simple selectors count: an element's name, a class or an id (Selectors 3, 5 to 6.5). Rules with combinators, states
or media other than screens are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml.etree import _Element

Declarations = Mapping[str, str]

_PROPERTIES: Final = frozenset(
    """
    background background-color background-image clip clip-path color content-visibility display font-size font-style
    font-weight height left list-style list-style-type margin-left margin-top max-height mso-comment-reference
    mso-element mso-footnote-id mso-endnote-id mso-hide mso-list opacity overflow position text-align text-decoration
    text-decoration-line text-indent top transform vertical-align visibility white-space width border border-top
    """.split()  # noqa: SIM905
)
_COMMENT_START, _COMMENT_END = "/*", "*/"
_BRACE: Final = re.compile("[{}]")
_SELECTOR: Final = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?", re.IGNORECASE)
_MAX_RULES: Final = 5000
_MAX_STYLE: Final = 20_000
"""Characters of a `style` attribute that are read."""


class Stylesheet:
    """The rules of a page.

    Args:
        sheets: the CSS texts in their order.
        complete: False if the page has further ones, which were not saved with it.
    """

    def __init__(self, sheets: Iterable[str], complete: bool = True) -> None:
        self.complete = complete
        """False if rules that are not known here may give elements another ground."""
        self._rules: dict[str, dict[str, str]] = {}
        count = 0
        for sheet in sheets:
            for selectors, body in _rules(sheet):
                count += 1
                if count > _MAX_RULES:
                    self.complete = False
                    return
                if declared := parse_declarations(body):
                    self._add(selectors, declared)

    def _add(self, selectors: str, declared: Declarations) -> None:
        for selector in selectors.split(",")[:50]:
            found = _SELECTOR.fullmatch(selector.strip())
            if found and found[0]:
                key = f"{(found[1] or '').lower()}{found[2] or ''}"
                self._rules.setdefault(key, {}).update(declared)
            elif any(name.startswith("background") for name in declared):
                self.complete = False

    def declarations(self, element: _Element) -> Declarations:
        """Return the declarations that apply to an element, its own ones last.

        Args:
            element: the element.
        """
        found: dict[str, str] = {}
        if self._rules:
            for key in _keys(element):
                found.update(self._rules.get(key, {}))
        if style := element.get("style"):
            found.update(parse_declarations(style[:_MAX_STYLE]))
        return found


def _keys(element: _Element) -> Iterable[str]:
    """Yield the selectors that fit an element, by rising specificity."""
    yield element.tag
    classes = (element.get("class") or "").split()[:20]
    yield from (f".{name}" for name in classes)
    yield from (f"{element.tag}.{name}" for name in classes)
    if name := element.get("id"):
        yield f"#{name}"
        yield f"{element.tag}#{name}"


def parse_declarations(text: str) -> dict[str, str]:
    """Return the declarations of known properties, in lower case.

    Args:
        text: what stands between the braces of a rule, or in a `style` attribute.
    """
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        name = name.strip().lower()
        if colon and name in _PROPERTIES:
            written = value.strip()
            found[name] = written if "url(" in written else written.lower().removesuffix("!important").strip()
    return found


def _rules(sheet: str) -> Iterable[tuple[str, str]]:
    """Yield the selectors and the body of each rule that applies to screens."""
    sheet = _without_comments(sheet)
    preludes: list[str] = []
    start = 0
    for brace in _BRACE.finditer(sheet):
        text = sheet[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            preludes.append(text.rpartition(";")[2].strip())
            continue
        if not preludes:
            continue
        selectors = preludes.pop()
        if not selectors.startswith("@") and all(map(_is_for_screens, preludes[-4:])):
            yield selectors, text


def _is_for_screens(prelude: str) -> bool:
    lower = prelude.lower()
    return lower.startswith("@media") and ("screen" in lower or "all" in lower) and "(" not in lower


def _without_comments(sheet: str) -> str:
    parts: list[str] = []
    for part in sheet.replace("<!--", "").replace("-->", "").split(_COMMENT_START):
        _comment, end, rest = part.partition(_COMMENT_END)
        parts.append(rest if end and parts else part if not parts else "")
    return "".join(parts)
