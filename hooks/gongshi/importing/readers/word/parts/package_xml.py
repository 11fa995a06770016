"""Parses the XML of a Word document within limits, and brings its variants to one form."""

from __future__ import annotations

from functools import cache
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.containers.xml_parts import parse_part
from gongshi.importing.readers.word.parts.package_archive import EXTENSION

NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wpc": "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "wp15": "http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing",
    "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "lc": "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
}
"""Prefixes for `find` and `xpath`."""
STRICT: Final = "http://purl.oclc.org/ooxml/"
"""Beginning of the namespaces of the strict variant (ECMA-376 part 1, A)."""
_TRANSITIONAL: Final = "http://schemas.openxmlformats.org/"
_UNDERSTOOD: Final = frozenset(NAMESPACES.values())


@cache
def tag(name: str) -> str:
    """Return a name with its namespace, such as `w:p`, as lxml writes it.

    Args:
        name: prefix and name.
    """
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def parse_word_part(content: bytes) -> _Element:
    """Parse a part into the transitional variant, with one branch of each `mc:AlternateContent`.

    Args:
        content: its bytes.

    Raises:
        UnreadableFileError: it is damaged, or has a document type.
    """
    root = parse_part(content, EXTENSION)
    if any(namespace.startswith(STRICT) for namespace in root.nsmap.values()):
        _make_transitional(root)
    _choose_branches(root)
    return root


def _make_transitional(root: _Element) -> None:
    """Rename elements and attributes of the strict variant, which few libraries know, to the transitional one."""
    for element in root.iter():
        element.tag = _transitional(str(element.tag))
        for name, value in list(element.attrib.items()):
            if STRICT in str(name):
                del element.attrib[name]
                element.set(_transitional(str(name)), value)
        uri = element.get("uri", "")
        if uri.startswith(STRICT):
            element.set("uri", _transitional("{" + uri + "}")[1:-1])


def _transitional(name: str) -> str:
    if not name.startswith("{" + STRICT):
        return name
    namespace, _brace, local = name[1:].partition("}")
    area, _slash, word = namespace.removeprefix(STRICT).rpartition("/")
    return f"{{{_TRANSITIONAL}{area}/2006/{word}}}{local}"


def _choose_branches(root: _Element) -> None:
    """Replace each `mc:AlternateContent` with the branch that Word shows (ECMA-376 part 3, 7.5)."""
    # The innermost come first, as their parents are replaced after them.
    for element in reversed(list(root.iter(tag("mc:AlternateContent")))):
        parent = element.getparent()
        if parent is None:
            continue
        branch = _branch(element)
        children = list(branch) if branch is not None else []
        index = parent.index(element)
        if element.tail:
            _append_tail(parent, index, element.tail)
        parent[index : index + 1] = children


def _append_tail(parent: _Element, index: int, tail: str) -> None:
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def _branch(element: _Element) -> _Element | None:
    choices = element.findall(tag("mc:Choice"))
    for choice in choices:
        required = [choice.nsmap.get(prefix, "") for prefix in choice.get("Requires", "").split()]
        if all(namespace in _UNDERSTOOD for namespace in required):
            return choice
    fallback = element.find(tag("mc:Fallback"))
    if fallback is not None and len(fallback):
        return fallback
    return choices[0] if choices else None
