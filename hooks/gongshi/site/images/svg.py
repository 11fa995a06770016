"""Sanitizer for SVG: keeps what is drawn; refuses scripts and references to other files."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

ProcessEmbedded = Callable[[bytes], bytes | None]
_Element = Any
"""An element of lxml, which has no type annotations."""

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_MAX_BYTES = 8 << 20
_MAX_ATTRIBUTES = 1000
"""Maximum number of attributes of an element; drawing programs write a few dozen."""
_ALLOWED_ELEMENTS = frozenset(
    """
    svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath image
    marker pattern clipPath mask linearGradient radialGradient stop style filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence view
    animate animateMotion animateTransform mpath set
    """.split()  # noqa: SIM905
)
"""Elements of SVG 2 that draw or animate, without scripts and links."""
_REMOVED_ELEMENTS = frozenset(("metadata",))
_REFUSED_NAMESPACES = frozenset((None, "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"))
_TEXT_ATTRIBUTES = frozenset(("id", "class", "lang", "role"))
_EMBEDDED_IMAGE = re.compile(r"\s*(data:image/(?:png|jpe?g|gif|webp);base64,)([A-Za-z0-9+/=\s]*)")
_UNSAFE_STYLE = re.compile(
    r"\\|@import|expression\s*\(|javascript:|image-set|\bimage\s*\(|\bsrc\s*\(|-moz-binding", re.IGNORECASE
)
_INTERNAL_SUBSET = re.compile(r"""[^\[]*?<!DOCTYPE(?:"[^"]*"|'[^']*'|[^"'>\[])*\[""")
_URL = re.compile(r"url\s*\(\s*[\"']?\s*([^\"')]*)", re.IGNORECASE)
_NUMBER = re.compile(r"\s{0,9}([0-9]{0,9}\.?[0-9]{1,9}(?:e[0-9]{1,3})?)\s{0,9}(?:px)?\s{0,9}", re.IGNORECASE)
_DEFAULT_SIZE = (300, 150)
"""Size of a drawing without a size of its own, in CSS pixels (CSS 2.1, 10.3.2)."""


@dataclass(frozen=True)
class Drawing:
    """The published form of a drawing."""

    content: bytes
    width: int
    """In CSS pixels."""
    height: int


class _Unsafe(Exception):
    """Error: the drawing contains something that is refused."""


def sanitize_svg(content: bytes, process_embedded: ProcessEmbedded) -> Drawing | None:
    """Return a drawing without comments, metadata and data of editors; None if it is not safe.

    A drawing is safe if it can be read and has no script, handler, foreign object or reference to another file.

    Args:
        content: bytes of an SVG file.
        process_embedded: returns the published form of a picture inside the drawing, or None if it is refused.
    """
    if len(content) > _MAX_BYTES:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
        _check_document(root.getroottree())
        _clean(root, process_embedded)
    except (etree.LxmlError, _Unsafe, ValueError):
        return None
    etree.cleanup_namespaces(root)
    return Drawing(etree.tostring(root, encoding="UTF-8", xml_declaration=True), *_size(root))


def _check_document(tree: Any) -> None:
    """Refuse entity declarations, processing instructions before the root, and a root other than `svg`."""
    if tree.docinfo.internalDTD is not None and _INTERNAL_SUBSET.match(etree.tostring(tree, encoding="unicode")):
        raise _Unsafe
    root = tree.getroot()
    if root.tag != f"{{{_SVG}}}svg":
        raise _Unsafe
    if any(sibling.tag is etree.PI for sibling in root.itersiblings(preceding=True)):
        raise _Unsafe


def _clean(root: _Element, process_embedded: ProcessEmbedded) -> None:
    unwanted: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise _Unsafe
        name = etree.QName(element)
        if (
            name.namespace is None
            or name.namespace in _REFUSED_NAMESPACES
            or (name.namespace == _SVG and name.localname not in _ALLOWED_ELEMENTS | _REMOVED_ELEMENTS)
        ):
            raise _Unsafe
        if name.namespace != _SVG or name.localname in _REMOVED_ELEMENTS:
            unwanted.add(element.tag)
            continue
        _clean_attributes(element, process_embedded)
        if name.localname == "style":
            _check_style("".join(element.itertext()))
    if unwanted:
        etree.strip_elements(root, *unwanted, with_tail=False)


def _clean_attributes(element: _Element, process_embedded: ProcessEmbedded) -> None:
    # lxml reads attributes in quadratic time.
    if len(element.attrib) > _MAX_ATTRIBUTES:
        raise _Unsafe
    for key, value in list(element.attrib.items()):
        name = etree.QName(key)
        if name.localname.lower().startswith("on") or key == f"{_XML}base":
            raise _Unsafe
        if key in ("href", _HREF):
            element.set(key, _clean_reference(value, process_embedded))
        elif key == "attributeName" and re.search(r"href|^\s*on", value, re.IGNORECASE):
            raise _Unsafe
        elif key.startswith("data-") or (name.namespace is not None and not key.startswith(_XML)):
            del element.attrib[key]
        elif not (key in _TEXT_ATTRIBUTES or key.startswith("aria-")):
            _check_style(value)


def _clean_reference(value: str, process_embedded: ProcessEmbedded) -> str:
    if value.strip().startswith("#"):
        return value
    if not (found := _EMBEDDED_IMAGE.fullmatch(value)):
        raise _Unsafe
    picture = process_embedded(base64.b64decode(found[2]))
    if picture is None:
        raise _Unsafe
    return found[1] + base64.b64encode(picture).decode()


def _check_style(value: str) -> None:
    if _UNSAFE_STYLE.search(value) or any(not url.startswith("#") for url in _URL.findall(value)):
        raise _Unsafe


def _size(root: _Element) -> tuple[int, int]:
    named = [_NUMBER.fullmatch(root.get(key) or "") for key in ("width", "height")]
    if named[0] and named[1]:
        return _pixels(named[0][1]), _pixels(named[1][1])
    box = [_NUMBER.fullmatch(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip())[2:]]
    if len(box) == 2 and box[0] and box[1]:
        return _pixels(box[0][1]), _pixels(box[1][1])
    return _DEFAULT_SIZE


def _pixels(number: str) -> int:
    return max(1, round(min(float(number), 1 << 16)))
