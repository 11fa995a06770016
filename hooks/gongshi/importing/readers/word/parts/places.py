"""Places in a Word document, such as "paragraph 14", and the words that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.readers.word.parts.package_xml import tag

PLACE: Final = "{urn:gongshi:import}place"
"""Attribute that names the place of a paragraph, cell or note, such as `paragraph 14`, `table 2 3` or `footnote 1`. It
is written before the document is changed, so that a place is that in the file as it is."""
_WRAPPERS: Final = frozenset(tag(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "del", "moveTo"))
"""Elements that may stand around paragraphs, tables, rows and cells."""
_CONTENT: Final = tuple(
    tag(name)
    for name in ("w:t", "w:delText", "m:t", "w:drawing", "w:pict", "w:object", "w:sym", "w:ruby", "w:fldSimple")
)
_TEXT: Final = frozenset((tag("w:t"), tag("w:delText"), tag("m:t")))
_SIGNS: Final = {tag("w:tab"): "\t", tag("w:ptab"): "\t", tag("w:noBreakHyphen"): "‑"}
_BREAKS: Final = frozenset((tag("w:br"), tag("w:cr")))
_NEAR: Final = 20
"""The number of elements behind another one in which its place is looked for."""
_CHUNK: Final = tag("w:txbxContent")


def mark_places(root: _Element) -> None:
    """Write the place of each paragraph and table row into a part that has just been parsed.

    Args:
        root: the root of any part; others than those of text are left as they are.
    """
    kind = root.tag
    if kind == tag("w:document"):
        body = root.find(tag("w:body"))
        _mark_body(body if body is not None else root)
    elif kind in (tag("w:footnotes"), tag("w:endnotes")):
        name = "footnote" if kind == tag("w:footnotes") else "endnote"
        for number, note in enumerate((each for each in root if each.get(tag("w:type"), "normal") == "normal"), 1):
            note.set(PLACE, f"{name} {number}")
    elif kind in (tag("w:hdr"), tag("w:ftr")):
        root.set(PLACE, "header" if kind == tag("w:hdr") else "footer")


def _mark_body(body: _Element) -> None:
    paragraphs = tables = 0
    for block in unwrapped(body):
        if block.tag == tag("w:p"):
            paragraphs += next(block.iter(*_CONTENT), None) is not None
            block.set(PLACE, f"paragraph {max(1, paragraphs)}")
        elif block.tag == tag("w:tbl"):
            tables += 1
            rows = (each for each in unwrapped(block) if each.tag == tag("w:tr"))
            for number, row in enumerate(rows, 1):
                row.set(PLACE, f"table {tables} {number}")


def unwrapped(parent: _Element) -> Iterator[_Element]:
    """Yield the children of an element; instead of content controls and the like, their children.

    Args:
        parent: a body, table, row or cell.
    """
    # A list serves as stack: recursion would end early in deeply nested files.
    waiting = list(parent)[::-1]
    while waiting:
        element = waiting.pop()
        if element.tag in _WRAPPERS:
            waiting += list(element)[::-1]
        else:
            yield element


def place_of(element: _Element) -> str:
    """Return the place of an element in the reader's language; empty if it is not known.

    Args:
        element: any element of a part that `mark_places` has seen.
    """
    code = _code_of(element)
    if not code:
        return ""
    kind, *numbers = code.split()
    texts = {
        "paragraph": _("paragraph {number}"),
        "table": _("table {number}, row {row}"),
        "footnote": _("footnote {number}"),
        "endnote": _("endnote {number}"),
        "header": _("header"),
        "footer": _("footer"),
    }
    return texts[kind].format(number=numbers[0] if numbers else "", row=numbers[-1] if numbers else "")


def _code_of(element: _Element) -> str | None:
    """Return the code of the nearest place: around an element, in it, or behind it if it stands between paragraphs."""
    for each in (element, *element.iterancestors()):
        if code := each.get(PLACE):
            return str(code)
    for block in islice(chain((element,), element.itersiblings()), _NEAR):
        for each in block.iter(tag("w:p"), tag("w:tr")):
            if code := each.get(PLACE):
                return str(code)
    return None


def words_of(*elements: _Element) -> str:
    """Return the words of elements, with one line for each paragraph; deleted words, too.

    Args:
        elements: runs, paragraphs, cells or others that contain these.
    """
    return "\n".join(filter(None, (line.strip() for line in "".join(_words(elements)).split("\n"))))


def _words(elements: Iterable[_Element]) -> Iterator[str]:
    for element in elements:
        for each in element.iter():
            if each.tag in _TEXT:
                yield each.text or ""
            elif each.tag in _SIGNS:
                parent = each.getparent()
                # Within properties, `w:tab` is a tab stop.
                yield _SIGNS[str(each.tag)] if parent is not None and parent.tag == tag("w:r") else ""
            elif each.tag in _BREAKS or each.tag == tag("w:p") or each.tag == _CHUNK:
                yield "\n"
