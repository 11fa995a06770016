"""Compare the HTML that two texts are converted to: their structure, and the characters that readers see.

Nothing of a text is judged by its source: the converter of the site says what is an element, an attribute or text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from html.parser import HTMLParser


class Part(Enum):
    """Kinds of tokens."""

    START = "start"
    END = "end"
    TEXT = "text"
    UNSEEN = "unseen"
    """A comment, a declaration, or the content of a script or style."""


@dataclass(frozen=True)
class Token:
    """A tag, a text or a comment of some HTML."""

    part: Part
    name: str
    """The element; for texts and comments the content."""
    attributes: tuple[tuple[str, str], ...] = ()
    is_hidden: bool = False
    """True for a text in an element that browsers do not show."""


@dataclass(frozen=True)
class ElementChange:
    """The first element that differs; None on one side if it was added or removed."""

    before: Token | None
    after: Token | None


_TEXT_ATTRIBUTES = frozenset(("alt", "title"))
"""Attributes that hold words for readers; their values count as text."""
_UNSEEN_ELEMENTS = frozenset(
    ("script", "style", "template", "textarea", "title", "noscript", "iframe", "object", "svg")
)
_HIDING = frozenset(("hidden", "aria-hidden", "style"))
_ALIGNED = 500
"""The number of tokens up to which both sides are aligned, to name what was added or removed."""
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


def read_tokens(html: str) -> list[Token]:
    """Split HTML into tokens.

    Args:
        html: any HTML; character references are resolved.

    Raises:
        ValueError: the parser cannot read it.
    """
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError as error:
        # Of declarations such as `<![x`, which HTML does not have.
        raise ValueError(str(error)) from None
    return reader.tokens


def first_change(before: Iterable[Token], after: Iterable[Token]) -> ElementChange | None:
    """Return the first element, attribute or comment that differs; None if only text differs.

    Args:
        before: the tokens of the older text.
        after: the tokens of the newer text.
    """
    sides = [[token for token in tokens if token.part is not Part.TEXT] for tokens in (before, after)]
    old, new = ([_without_words(token) for token in side] for side in sides)
    if old == new:
        return None
    start, end, shorter = 0, 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    ends = (len(old) - end, len(new) - end)
    if max(ends) - start <= _ALIGNED:
        blocks = SequenceMatcher(None, old[start : ends[0]], new[start : ends[1]], autojunk=False).get_opcodes()
        _tag, first, last, other_first, other_last = next(block for block in blocks if block[0] != "equal")
        return ElementChange(
            _first_element(sides[0][start + first : start + last]),
            _first_element(sides[1][start + other_first : start + other_last]),
        )
    return ElementChange(_first_element(sides[0][start : ends[0]]), _first_element(sides[1][start : ends[1]]))


def shows_only(marked: Iterable[Token], written: Iterable[Token], raw: str, marks: Iterable[str]) -> bool:
    """Tell whether each mark is shown as text, as often as the converter wrote it, and stands nowhere else.

    Args:
        marked: the tokens of the page.
        written: the tokens of the HTML as the converter wrote it, before anything was removed from it.
        raw: that HTML.
        marks: strings in the converted source.
    """
    tokens = list(marked)
    hidden = "".join(token.name for token in written if token.is_hidden or token.part is Part.UNSEEN)
    shown = "\0".join(_words(tokens))
    counts = Counter({mark: raw.count(mark) for mark in marks})
    return all(count and shown.count(mark) == count and mark not in hidden for mark, count in counts.items())


def substituted(tokens: Iterable[Token], values: Mapping[str, str]) -> list[Token]:
    """Return tokens with strings replaced in their texts and attributes; empty texts are left out.

    Args:
        tokens: the tokens.
        values: the new string for each old one.
    """
    if not values:
        return [token for token in tokens if token.part is not Part.TEXT or token.name]
    pattern = re.compile("|".join(map(re.escape, values)))

    def replaced(text: str) -> str:
        return pattern.sub(lambda match: values[match[0]], text)

    found = (
        Token(
            token.part,
            replaced(token.name),
            tuple((key, replaced(value)) for key, value in token.attributes),
            token.is_hidden,
        )
        for token in tokens
    )
    return [token for token in found if token.part is not Part.TEXT or token.name]


def _without_words(token: Token) -> Token:
    kept = tuple((key, "" if key in _TEXT_ATTRIBUTES else value) for key, value in token.attributes)
    return Token(token.part, token.name, kept)


def _first_element(tokens: list[Token]) -> Token | None:
    return next((token for token in tokens if token.part is not Part.END), tokens[0] if tokens else None)


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.part is Part.TEXT and not token.is_hidden:
            yield token.name
        yield from (value for key, value in token.attributes if key in _TEXT_ATTRIBUTES)


class _Reader(HTMLParser):
    """Collects the tokens of some HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        self._hiding: list[str] = []
        """The open elements since the outermost one that is not shown."""
        self._names: Counter[str] = Counter()
        """The number of open elements by name: a long text may have thousands, so nothing goes through all of them."""
        self._unseen = 0
        """The number of unseen elements among them."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tokens.append(Token(Part.START, tag, tuple((key, value or "") for key, value in attrs)))
        hides = tag in _UNSEEN_ELEMENTS or any(key in _HIDING for key, _value in attrs)
        if (hides or self._hiding) and tag not in _VOID:
            self._hiding.append(tag)
            self._names[tag] += 1
            self._unseen += tag in _UNSEEN_ELEMENTS

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Browsers ignore the slash in HTML, except for elements that are empty anyway.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.tokens.append(Token(Part.END, tag))
        closed = "" if self._names[tag] else tag
        while closed != tag:
            closed = self._hiding.pop()
            self._names[closed] -= 1
            self._unseen -= closed in _UNSEEN_ELEMENTS

    def handle_data(self, data: str) -> None:
        if self._unseen:
            self.tokens.append(Token(Part.UNSEEN, data))
        elif self.tokens and self.tokens[-1].part is Part.TEXT:
            self.tokens[-1] = Token(Part.TEXT, self.tokens[-1].name + data, (), bool(self._hiding))
        else:
            self.tokens.append(Token(Part.TEXT, data, (), bool(self._hiding)))

    def handle_comment(self, data: str) -> None:
        self.tokens.append(Token(Part.UNSEEN, data))

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)
