"""Drawings (SVG) without the words and parts that they do not show."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

_SVG: Final = "{http://www.w3.org/2000/svg}"
_WORDS: Final = frozenset(f"{_SVG}{name}" for name in ("title", "desc"))
"""Elements whose words no browser draws (SVG 2, 5.7)."""
_NAMES: Final = ("class", "role", "lang")
_HIDDEN: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0*(?=\s*(?:[;%!]|$)))",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"#([^\s\"')]{1,200})")
_ZERO: Final = re.compile(r"\s*0*\.?0+%?\s*")


def visible_drawing(content: bytes) -> bytes | None:
    """Return a drawing without titles, descriptions, hidden parts and names that nothing refers to.

    Args:
        content: a drawing that `sanitize_svg` returned.

    Returns:
        None for a drawing with rules of style (CSS): what they hide is not known here.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(content, parser)
    if next(root.iter(f"{_SVG}style"), None) is not None:
        return None
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is not None and (element.tag in _WORDS or _is_hidden(element)):
            # What stands behind an element belongs to its parent.
            element.tail, tail = None, element.tail
            _keep_tail(element, tail)
            parent.remove(element)
    _remove_names(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.get("display", "").strip() == "none"
        or element.get("visibility", "").strip() in ("hidden", "collapse")
        or bool(_ZERO.fullmatch(element.get("opacity", "1")))
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def _keep_tail(element: etree._Element, tail: str | None) -> None:
    if not tail:
        return
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + tail
    elif parent is not None:
        parent.text = (parent.text or "") + tail


def _remove_names(root: etree._Element) -> None:
    used = {name for each in root.iter() for value in each.attrib.values() for name in _REFERENCE.findall(value)}
    # Animations name the elements whose events start them (SMIL 3, 5.4.5): "a.end".
    timed = " ".join(each.get(key, "") for each in root.iter() for key in ("begin", "end"))
    for each in root.iter():
        for key in list(each.attrib):
            name = str(key)
            if name in _NAMES or name.startswith("aria-") or (name == "id" and each.get(key) not in used):
                if name == "id" and f"{each.get(key)}." in timed:
                    continue
                del each.attrib[key]
