"""Tracked changes of a Word document (ECMA-376 part 1, 17.13.5), listed in the order of the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.parts.places import place_of, words_of


class RevisionKind(Enum):
    """The kind of a tracked change."""

    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_HERE = "moved-here"
    MOVED_AWAY = "moved-away"


KINDS: Final = {
    tag("w:ins"): RevisionKind.INSERTED,
    tag("w:cellIns"): RevisionKind.INSERTED,
    tag("w:del"): RevisionKind.DELETED,
    tag("w:cellDel"): RevisionKind.DELETED,
    tag("w:moveTo"): RevisionKind.MOVED_HERE,
    tag("w:moveFrom"): RevisionKind.MOVED_AWAY,
}
"""Kinds of changes by the element that marks them."""
_MARKED: Final = {tag("w:trPr"): "w:tr", tag("w:tcPr"): "w:tc"}
"""Properties in which a mark concerns a whole row or cell."""
_PARAGRAPH_MARK: Final = tag("w:rPr")


@dataclass(frozen=True)
class Revision:
    """One tracked change of the text."""

    kind: RevisionKind
    place: str
    words: str
    """The words in question."""


def is_property(mark: _Element) -> bool:
    """Tell if a mark stands in properties, and so concerns a paragraph's end, row, cell, list number or formula.

    Args:
        mark: an element of `KINDS`.
    """
    parent = mark.getparent()
    return parent is not None and str(parent.tag).endswith("Pr")


def list_revisions(root: _Element) -> list[Revision]:
    """Return the tracked changes of a part. Changes of one kind that follow each other in a paragraph are one.

    Args:
        root: the root of the part.
    """
    found: list[Revision] = []
    last: _Element | None = None
    for mark in root.iter(*KINDS):
        if any(each.tag in KINDS and KINDS[str(each.tag)] is KINDS[str(mark.tag)] for each in mark.iterancestors()):
            continue
        revision = _revision(mark)
        if revision is None:
            continue
        previous = found[-1] if found else None
        if previous and last is not None and previous.kind is revision.kind and _follows(mark, last):
            found[-1] = Revision(previous.kind, previous.place, previous.words + revision.words)
        else:
            found.append(revision)
        last = mark
    return found


def _revision(mark: _Element) -> Revision | None:
    parent, kind = mark.getparent(), KINDS[str(mark.tag)]
    assert parent is not None
    if not is_property(mark):
        return None if _in_marked_row(mark, kind) else Revision(kind, place_of(mark), _raw_words(mark))
    if parent.tag in _MARKED:
        whole = next(mark.iterancestors(tag(_MARKED[str(parent.tag)])), None)
        return Revision(kind, place_of(mark), words_of(whole) if whole is not None else "")
    paragraph = next(mark.iterancestors(tag("w:p")), None)
    if parent.tag != _PARAGRAPH_MARK or paragraph is None or _in_marked_row(mark, kind):
        return None
    others = (each for each in paragraph.iter(*KINDS) if each is not mark and KINDS[str(each.tag)] is kind)
    # The end of a paragraph is not told apart from words of it.
    return None if any(True for _each in others) else Revision(kind, place_of(mark), _("(the end of a paragraph)"))


def _in_marked_row(mark: _Element, kind: RevisionKind) -> bool:
    rows = mark.iterancestors(tag("w:tr"))
    return any(KINDS.get(str(each.tag)) is kind for row in rows for each in row.findall(tag("w:trPr") + "/*"))


def _raw_words(mark: _Element) -> str:
    words = words_of(mark)
    return words or "".join(each.text or "" for each in mark.iter(tag("w:t"), tag("w:delText")))


def _follows(mark: _Element, last: _Element) -> bool:
    """Tell if nothing stands between two marks of the same paragraph."""
    previous: _Element | None = mark.getprevious()
    while previous is not None and _is_invisible(previous):
        previous = previous.getprevious()
    return previous is last


def _is_invisible(each: _Element) -> bool:
    name = str(each.tag)
    return name.endswith(("RangeStart", "RangeEnd", "bookmarkStart", "bookmarkEnd", "proofErr"))
