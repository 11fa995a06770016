"""Footnotes and endnotes: those that the text cites, each with its text (ECMA-376 part 1, 17.11)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import FindingKind
from gongshi.importing.readers.word.parts.elements import is_true
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.text.inline_text import Told
from gongshi.importing.readers.word.text.stories import NOTE_KINDS, note_roots, notes

_MAX_MARK = 4
"""The most characters of a note mark that the author typed, such as `*` or `注1`."""


def settle_notes(package: WordPackage, told: Told) -> None:
    """Remove marks of notes that the author typed, and notes that nothing cites.

    Args:
        package: the document; references to notes that do not exist were removed from it. Changed in place.
        told: collects the findings.
    """
    cited_kinds = 0
    for kind in NOTE_KINDS:
        found = notes(package, kind)
        cited: set[str] = set()
        for reference in list(package.document.iter(tag(f"w:{kind}Reference"))):
            told.at = reference
            number = reference.get(tag("w:id"), "")
            if number in found:
                cited.add(number)
                _replace_mark(reference, found[number], told)
        cited_kinds += bool(cited)
        for root in note_roots(package, kind):
            for note in list(root.iterchildren()):
                number = note.get(tag("w:id"), "")
                if found.get(number) is not note or number not in cited:
                    root.remove(note)
    if cited_kinds > 1:
        told.once(FindingKind.CHANGED, _("footnotes and endnotes are numbered together"))


def note_paragraphs(package: WordPackage) -> Iterator[tuple[str, _Element]]:
    """Return the notes that are left, with the name of the part that they are in.

    Args:
        package: the document.
    """
    for kind in NOTE_KINDS:
        for part in package.related(f"{kind}s")[:1]:
            for note in package.xml(part).iterchildren(tag(f"w:{kind}")):
                yield part, note


def _replace_mark(reference: _Element, note: _Element, told: Told) -> None:
    """Remove a mark that the author typed; the entry numbers its notes."""
    if not is_true(reference.get(tag("w:customMarkFollows")), default=False):
        return
    following = reference.getnext()
    mark = "" if following is None else (following.text or "").strip()
    if following is None or following.tag != tag("w:t") or not mark or len(mark) > _MAX_MARK:
        return
    told.each(FindingKind.CHANGED, _("the mark of a note is replaced by a number"), mark)
    _remove(following)
    first = next((each for each in note.iter(tag("w:t")) if (each.text or "").strip()), None)
    if first is not None and (first.text or "").lstrip().startswith(mark):
        first.text = (first.text or "").lstrip()[len(mark) :]


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
