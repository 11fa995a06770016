"""Parses HTML of any kind into a tree of bounded depth and size, with the attributes that a reader needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

_MAX_DEPTH: Final = 150
"""Elements that are nested deeper become part of the one around them. Readers call themselves for each level."""
_MAX_ELEMENTS: Final = 200_000
_MAX_CHARACTERS: Final = 100_000_000
_MAX_COMMENTS: Final = 20
_INVALID: Final = re.compile("[\0-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\u200b\u2060\ufeff\u00ad]")
"""Characters that XML does not allow, and such without any effect on a page: zero-width spaces, soft hyphens."""
_FORM_FEED: Final = str.maketrans("\x0b\x0c", "  ")
_NAME: Final = re.compile("[a-z][a-z0-9-]*")
_ATTRIBUTES: Final = frozenset(
    """
    align alt aria-hidden background bgcolor border cellpadding charset cite class color colspan content data-backsrc
    data-echo data-lazy data-lazy-src data-lazyload data-original data-src data-url dir datetime face frame height
    hidden href http-equiv id itemprop list-style-type mce_src name oldsrc open orisrc original poster property rel
    reversed role rowspan rules size span src srcset start style text title type valign value width
    """.split()  # noqa: SIM905
)
"""The attributes that are kept."""
_BLOCKS: Final = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html li legend main menu nav noframes ol p pre section
    summary table tbody td tfoot th thead tr ul listing xmp plaintext
    """.split()  # noqa: SIM905
)
"""Elements that begin on a new line."""


@dataclass
class ParsedPage:
    """A page as a tree."""

    root: _Element
    """The element `html`; all names are in lower case."""
    comments: list[str] = field(default_factory=list)
    """The first comments."""
    flattened: bool = False
    """True if elements were nested too deep."""

    @property
    def body(self) -> _Element:
        """The element `body`, or the root of a page without it."""
        found = self.root.find("body")
        return self.root if found is None else found


class _TreeTarget:
    """Receives the parser's events and builds the tree (lxml, The target parser interface)."""

    def __init__(self) -> None:
        self.page = ParsedPage(etree.Element("html"))
        self._open = [self.page.root]
        self._last: list[_Element | None] = [None]
        """The last child of each open element; to count children takes lxml long."""
        self._skipped = 0
        """The number of open elements that are nested too deep."""
        self._count = 0
        self._text: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > _MAX_ELEMENTS:
            raise UnreadableFileError(_("the page is too large; divide it"))
        if name == "html" and len(self._open) == 1:
            return
        if len(self._open) >= _MAX_DEPTH:
            self._skipped += 1
            self.page.flattened = True
            if name in _BLOCKS:
                self._add("br", {})
            return
        tag = name if _NAME.fullmatch(name) else "span"
        kept = {key: _INVALID.sub("", value or "") for key, value in attributes.items() if key in _ATTRIBUTES}
        self._open.append(self._add(tag, kept))
        self._last.append(None)

    def end(self, _name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif len(self._open) > 1:
            self._write_text()
            self._open.pop()
            self._last.pop()

    def data(self, text: str) -> None:
        self._text.append(text)

    def comment(self, text: str) -> None:
        if len(self.page.comments) < _MAX_COMMENTS:
            self.page.comments.append(text[:2000])

    def close(self) -> ParsedPage:
        self._write_text()
        return self.page

    def _add(self, tag: str, attributes: dict[str, str]) -> _Element:
        self._write_text()
        self._last[-1] = element = etree.SubElement(self._open[-1], tag, attributes)
        return element

    def _write_text(self) -> None:
        if not self._text:
            return
        text = _INVALID.sub("", "".join(self._text)).translate(_FORM_FEED)
        self._text.clear()
        before = self._last[-1]
        if before is not None:
            before.tail = (before.tail or "") + text
        else:
            self._open[-1].text = (self._open[-1].text or "") + text


def parse_page(text: str) -> ParsedPage:
    """Parse a page as far as it can be parsed.

    Args:
        text: the HTML.

    Raises:
        UnreadableFileError: it is too large, or has nothing in it.
    """
    if len(text) > _MAX_CHARACTERS:
        raise UnreadableFileError(_("the page is too large; divide it"))
    # The usual parser of lxml stops at a depth of 256 without a word; with a target of its own, it does not.
    parser = etree.HTMLParser(target=_TreeTarget(), huge_tree=True, encoding="utf-8")
    content = text.replace("\0", "").encode("utf-8", "replace")
    try:
        page = etree.fromstring(content, parser) if content.strip() else None
    except etree.LxmlError:
        page = None
    if not isinstance(page, ParsedPage):
        raise UnreadableFileError(_("there is no text in this page"))
    return page


def is_block(element: _Element) -> bool:
    """Tell whether an element begins on a new line, by its name.

    Args:
        element: an element of the page.
    """
    return element.tag in _BLOCKS


def is_alone(element: _Element) -> bool:
    """Tell whether an element is the only one in that around it, such as a cell in its row.

    Args:
        element: an element of the page.
    """
    return element.getprevious() is None and element.getnext() is None


def remove(element: _Element) -> None:
    """Remove an element with its content; the text after it stays.

    Args:
        element: the element; its tail stays.
    """
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def own_texts(element: _Element) -> Iterator[str]:
    """Yield the texts that stand in an element itself, not in those inside it.

    Args:
        element: an element of the page.
    """
    if element.text:
        yield element.text
    for child in element:
        if child.tail:
            yield child.tail
