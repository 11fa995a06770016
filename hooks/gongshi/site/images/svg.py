"""Drawings in SVG: only what is drawn is published, and nothing that runs or comes from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

Embedded = Callable[[bytes], bytes | None]
_Element = Any
"""lxml has no types of its own."""

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BYTES = 8 << 20
_ATTRIBUTES = 1000
"""The most attributes of an element; drawing programs write a few dozen."""
_DRAWN = frozenset(
    """
    svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath image
    marker pattern clipPath mask linearGradient radialGradient stop style filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence view
    animate animateMotion animateTransform mpath set
    """.split()  # noqa: SIM905
)
"""The elements of SVG 2 that draw and move, and neither run anything nor lead anywhere."""
_UNDRAWN = frozenset(("metadata",))
_ACTIVE = frozenset((None, "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"))
_WORDS = frozenset(("id", "class", "lang", "role"))
_EMBEDDED = re.compile(r"\s*(data:image/(?:png|jpe?g|gif|webp);base64,)([A-Za-z0-9+/=\s]*)")
_STYLE = re.compile(
    r"\\|@import|expression\s*\(|javascript:|image-set|\bimage\s*\(|\bsrc\s*\(|-moz-binding", re.IGNORECASE
)
_DECLARES = re.compile(r"""[^\[]*?<!DOCTYPE(?:"[^"]*"|'[^']*'|[^"'>\[])*\[""")
_URL = re.compile(r"url\s*\(\s*[\"']?\s*([^\"')]*)", re.IGNORECASE)
_NUMBER = re.compile(r"\s{0,9}([0-9]{0,9}\.?[0-9]{1,9}(?:e[0-9]{1,3})?)\s{0,9}(?:px)?\s{0,9}", re.IGNORECASE)
_DEFAULT = (300, 150)
"""The size of a drawing that names none (CSS 2.1, 10.3.2)."""


@dataclass(frozen=True)
class Drawing:
    """What is published of a drawing."""

    content: bytes
    width: int
    """In CSS pixels."""
    height: int


class _Unsafe(Exception):
    pass


def cleaned(content: bytes, embedded: Embedded) -> Drawing | None:
    """A drawing without comments, editors' own notes and metadata; None where it is not safe.

    Safe is what can be read and holds no script, handler, foreign object or reference to anything outside.

    Args:
        content: the bytes of an SVG file.
        embedded: gives what is published of a picture inside the drawing, or None.
    """
    if len(content) > _BYTES:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
        _require(root.getroottree())
        _clean(root, embedded)
    except (etree.LxmlError, _Unsafe, ValueError):
        return None
    etree.cleanup_namespaces(root)
    return Drawing(etree.tostring(root, encoding="UTF-8", xml_declaration=True), *_size(root))


def _require(tree: Any) -> None:
    """What stands around the drawing itself."""
    if tree.docinfo.internalDTD is not None and _DECLARES.match(etree.tostring(tree, encoding="unicode")):
        raise _Unsafe
    root = tree.getroot()
    if root.tag != f"{{{_SVG}}}svg":
        raise _Unsafe
    if any(sibling.tag is etree.PI for sibling in root.itersiblings(preceding=True)):
        raise _Unsafe


def _clean(root: _Element, embedded: Embedded) -> None:
    unwanted: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise _Unsafe
        name = etree.QName(element)
        if (
            name.namespace is None
            or name.namespace in _ACTIVE
            or (name.namespace == _SVG and name.localname not in _DRAWN | _UNDRAWN)
        ):
            raise _Unsafe
        if name.namespace != _SVG or name.localname in _UNDRAWN:
            unwanted.add(element.tag)
            continue
        _clean_attributes(element, embedded)
        if name.localname == "style":
            _require_style("".join(element.itertext()))
    if unwanted:
        etree.strip_elements(root, *unwanted, with_tail=False)


def _clean_attributes(element: _Element, embedded: Embedded) -> None:
    # Reading them takes quadratic time.
    if len(element.attrib) > _ATTRIBUTES:
        raise _Unsafe
    for key, value in list(element.attrib.items()):
        name = etree.QName(key)
        if name.localname.lower().startswith("on") or key == f"{_XML}base":
            raise _Unsafe
        if key in ("href", _HREF):
            element.set(key, _reference(value, embedded))
        elif key == "attributeName" and re.search(r"href|^\s*on", value, re.IGNORECASE):
            raise _Unsafe
        elif key.startswith("data-") or (name.namespace is not None and not key.startswith(_XML)):
            del element.attrib[key]
        elif not (key in _WORDS or key.startswith("aria-")):
            _require_style(value)


def _reference(value: str, embedded: Embedded) -> str:
    if value.strip().startswith("#"):
        return value
    if not (found := _EMBEDDED.fullmatch(value)):
        raise _Unsafe
    picture = embedded(base64.b64decode(found[2]))
    if picture is None:
        raise _Unsafe
    return found[1] + base64.b64encode(picture).decode()


def _require_style(value: str) -> None:
    if _STYLE.search(value) or any(not url.startswith("#") for url in _URL.findall(value)):
        raise _Unsafe


def _size(root: _Element) -> tuple[int, int]:
    named = [_NUMBER.fullmatch(root.get(key) or "") for key in ("width", "height")]
    if named[0] and named[1]:
        return _pixels(named[0][1]), _pixels(named[1][1])
    box = [_NUMBER.fullmatch(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip())[2:]]
    if len(box) == 2 and box[0] and box[1]:
        return _pixels(box[0][1]), _pixels(box[1][1])
    return _DEFAULT


def _pixels(number: str) -> int:
    return max(1, round(min(float(number), 1 << 16)))
