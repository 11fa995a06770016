"""Changes of the text within a paragraph: blanks to be filled in, line breaks, emphasis, links."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.containers.relationships import Relationship
from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.text.lines import Piece

_WIDTHS: Final = {"\t": 4.0, "\u3000": 1.0, "\u2003": 1.0}
"""The width of blanks in Chinese characters; that of others is a half."""
_MAX_WIDTH: Final = 60
_SCHEMES: Final = frozenset({"http", "https", "mailto"})


@dataclass
class Told:
    """Findings about the text, each kind told once with its first words or each time, as it is useful."""

    place_of: Callable[[_Element], str] = field(default=lambda _element: "")
    """Returns the place of an element in the reader's language."""
    at: _Element | None = None
    """The paragraph, cell or reference that is being read."""
    findings: list[Finding] = field(default_factory=list)
    _kinds: set[str] = field(default_factory=set)

    def once(self, kind: FindingKind, message: str, words: str = "") -> None:
        """Tell something once for the whole document.

        Args:
            kind: its meaning.
            message: the message, which also says whether it was told before.
            words: the words where it was found first.
        """
        if message not in self._kinds:
            self._kinds.add(message)
            self.each(kind, message, words)

    def each(self, kind: FindingKind, message: str, words: str = "") -> None:
        """Tell something.

        Args:
            kind: its meaning.
            message: the message.
            words: the words in question.
        """
        place = "" if self.at is None else self.place_of(self.at)
        self.findings.append(Finding(kind, message, place, words.strip()))


def blank_width(text: str) -> float:
    """Return the width of blanks in Chinese characters.

    Args:
        text: blanks and tabs.
    """
    return sum(_WIDTHS.get(sign, 0.5) for sign in text)


def tidy_pieces(pieces: list[Piece], told: Told) -> list[Piece]:
    """Return the pieces of a paragraph with blanks to be filled in, emphasis and line breaks as the entry shows them.

    Args:
        pieces: the pieces as they were read.
        told: where changes are told.
    """
    if any(piece.look.emphasis for piece in pieces):
        words = "".join(piece.text for piece in pieces if piece.look.emphasis)
        told.once(FindingKind.CHANGED, _("marks of emphasis below characters are shown as bold"), words)
        pieces = [_emphasized(piece) for piece in pieces]
    return _merged(_without_outer_breaks(_underlined_blanks(pieces, told)))


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours that look the same, and take the blanks around marked text out of the mark."""
    joined: list[Piece] = []
    for (is_text, _marks, _link), group in groupby(pieces, key=_same):
        run = list(group)
        if not is_text:
            joined.extend(run)
            continue
        whole = replace(run[0], text="".join(piece.text for piece in run))
        text = whole.text.strip()
        if not text or text == whole.text or not any(run[0].look.marks):
            joined.append(whole)
            continue
        before, _text, behind = whole.text.partition(text)
        parts = (Piece(before, link=whole.link), replace(whole, text=text), Piece(behind, link=whole.link))
        joined.extend(part for part in parts if part.text)
    return joined


def _same(piece: Piece) -> tuple[bool, tuple[object, ...], _Element | None]:
    return piece.element is None, piece.look.marks, piece.link


def _emphasized(piece: Piece) -> Piece:
    return replace(piece, look=replace(piece.look, bold=True)) if piece.look.emphasis else piece


def _underlined_blanks(pieces: list[Piece], told: Told) -> list[Piece]:
    """Write blanks that are underlined, where something is filled in by hand, as full-width underscores."""
    changed: list[Piece] = []
    has_underscores = False
    for is_underlined, group in groupby(pieces, key=lambda piece: piece.look.underline and piece.element is None):
        run = list(group)
        text = "".join(piece.text for piece in run)
        if not is_underlined or text.strip():
            changed.extend(run)
            continue
        width = min(math.ceil(blank_width(text.replace("\n", ""))), _MAX_WIDTH)
        if width < 2 and "\u3000" not in text and len(text) < 2:
            changed.append(Piece(text))
            continue
        has_underscores = True
        changed.append(Piece("＿" * width))
    if has_underscores:
        message = _("underlined blanks are written as “＿＿”")
        told.once(FindingKind.CHANGED, message, "".join(piece.text for piece in changed))
    return changed


def _without_outer_breaks(pieces: list[Piece]) -> list[Piece]:
    """Drop line breaks at both ends, and all but one of those in a row."""
    kept: list[Piece] = []
    pending = False
    for piece in pieces:
        if piece.element is not None:
            kept.extend([Piece("\n")] if pending and kept else [])
            kept.append(piece)
            pending = False
            continue
        for number, line in enumerate(piece.text.split("\n")):
            pending = pending or number > 0
            if line.strip() or (line and not pending):
                kept.extend([Piece("\n", link=piece.link)] if pending and kept else [])
                kept.append(replace(piece, text=line))
                pending = False
    return kept


def without_leading_blanks(pieces: list[Piece]) -> list[Piece]:
    """Return pieces without the blanks before and behind the text.

    Args:
        pieces: the pieces of a paragraph.
    """
    kept = list(pieces)
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while kept and kept[end].element is None:
            text = strip(kept[end].text)
            if text:
                kept[end] = replace(kept[end], text=text)
                break
            kept.pop(end)
    return kept


def checked_links(pieces: list[Piece], relationships: Mapping[str, Relationship], told: Told) -> list[Piece]:
    """Return the pieces with links that lead to public addresses only; other links become text.

    Args:
        pieces: the pieces of a paragraph.
        relationships: the relationships of the part.
        told: where changes are told.
    """
    checked: dict[_Element, _Element | None] = {}
    for piece in pieces:
        if piece.link is not None and piece.link not in checked:
            words = "".join(each.text for each in pieces if each.link is piece.link)
            checked[piece.link] = _checked_link(piece.link, relationships, words, told)
    return [piece if piece.link is None else replace(piece, link=checked[piece.link]) for piece in pieces]


def _checked_link(link: _Element, relationships: Mapping[str, Relationship], words: str, told: Told) -> _Element | None:
    link.attrib.pop(tag("w:tgtFrame"), None)
    found = relationships.get(link.get(tag("r:id"), ""))
    if found is None or not found.external:
        if link.get(tag("w:anchor")) or found is not None:
            told.once(FindingKind.CHANGED, _("links to places in the same document are shown as text"), words)
        return None
    try:
        scheme = urlsplit(found.target.strip()).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme in _SCHEMES:
        return link
    told.each(FindingKind.LEFT_OUT, _("a link that leads to no web or mail address is shown as text"), words)
    return None
