"""The stories of a document: its text, its footnotes and its endnotes, and their paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.word.parts.package import WordPackage, tag

NOTE_KINDS: Final = ("footnote", "endnote")
_CONTAINERS: Final = frozenset(
    tag(name)
    for name in (
        *("w:sdt", "w:sdtContent", "w:smartTag", "w:customXml", "w:dir", "w:bdo", "w:fldSimple"),
        *("w:ins", "w:moveTo"),
    )
)
"""Elements around text that say nothing about how it looks."""
_PROPERTIES: Final = frozenset(
    tag(name) for name in ("w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr", "w:fldData")
)
_FALLBACK: Final = tag("mc:Fallback")


def note_roots(package: WordPackage, kind: str) -> list[_Element]:
    """Return the root of the footnotes or endnotes, if there are any.

    Args:
        package: the document.
        kind: one of `NOTE_KINDS`.
    """
    return [package.xml(part) for part in package.related(f"{kind}s")[:1]]


def notes(package: WordPackage, kind: str) -> dict[str, _Element]:
    """Return the footnotes or endnotes by their ids, without the lines that separate them from the text.

    Args:
        package: the document.
        kind: one of `NOTE_KINDS`.
    """
    return {
        note.get(tag("w:id"), ""): note
        for root in note_roots(package, kind)
        for note in root.iterchildren(tag(f"w:{kind}"))
        if note.get(tag("w:type"), "normal") == "normal" and note.get(tag("w:id"))
    }


def numbered_paragraphs(package: WordPackage) -> Iterator[_Element]:
    """Return all paragraphs in the order in which Word numbers them.

    Args:
        package: the document.
    """
    yield from paragraphs(package.document)
    for kind in NOTE_KINDS:
        for root in note_roots(package, kind):
            yield from paragraphs(root)


def paragraphs(root: _Element) -> Iterator[_Element]:
    """Return the paragraphs below an element, without those that only older programs show (mc:Fallback).

    Args:
        root: the element.
    """
    walker = etree.iterwalk(root, events=("start",))
    for _event, element in walker:
        if is_fallback(element):
            walker.skip_subtree()
        elif element.tag == tag("w:p"):
            yield element


def unwrapped_children(parent: _Element, name: str) -> Iterator[_Element]:
    """Return the children of a name, also those in containers such as content controls.

    Args:
        parent: the element around them.
        name: their name, as lxml writes it.
    """
    waiting = list(reversed(parent))
    while waiting:
        child = waiting.pop()
        if child.tag == name:
            yield child
        elif child.tag in _CONTAINERS:
            waiting.extend(reversed(child))


def is_fallback(element: _Element) -> bool:
    """Return whether an element is shown only by programs that do not know the one before it.

    Args:
        element: any element.
    """
    return element.tag == _FALLBACK and element.getprevious() is not None


def unwrap_containers(root: _Element) -> None:
    """Put the content of content controls, smart tags and the like in their place.

    Args:
        root: the root of a part; changed in place.
    """
    for element in list(root.iter(*_PROPERTIES)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in list(root.iter(*_CONTAINERS)):
        parent = element.getparent()
        if parent is not None:
            parent[parent.index(element) : parent.index(element) + 1] = list(element)
