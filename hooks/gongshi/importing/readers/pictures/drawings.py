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
_TIMED: Final = re.compile(r"([^\s;.]{1,200})\.")
_MAX_LEVELS: Final = 12
"""The levels of `use` inside each other."""
_MAX_DRAWN: Final = 200_000
_ZERO: Final = re.compile(r"\s*0*\.?0+%?\s*")


def visible_drawing(content: bytes) -> bytes | None:
    """Return a drawing without titles, descriptions, hidden parts and names that nothing refers to.

    Args:
        content: a drawing that `sanitize_svg` returned.

    Returns:
        None for a drawing with rules of style (CSS), as what they hide is not known here, and for one that repeats its
        parts so often that browsers would stand still.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(content, parser)
    if next(root.iter(f"{_SVG}style"), None) is not None or not _may_be_drawn(root):
        return None
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is not None and (element.tag in _WORDS or _is_hidden(element)):
            # What stands behind an element belongs to its parent.
            element.tail, tail = None, element.tail
            _keep_tail(element, tail)
            parent.remove(element)
    _remove_unused(root)
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


def _used_names(root: etree._Element) -> set[str]:
    used = {name for each in root.iter() for value in each.attrib.values() for name in _REFERENCE.findall(value)}
    # Animations name the elements whose events start them (SMIL 3, 5.4.5): "a.end".
    timed = (each.get(key, "") for each in root.iter() for key in ("begin", "end"))
    return used | {name for value in timed for name in _TIMED.findall(value)}


def _remove_unused(root: etree._Element) -> None:
    """Remove definitions that nothing refers to."""
    used = _used_names(root)
    for definitions in list(root.iter(f"{_SVG}defs")):
        for each in list(definitions):
            if not any(part.get("id") in used for part in each.iter()):
                definitions.remove(each)


def _remove_names(root: etree._Element) -> None:
    used = _used_names(root)
    for each in root.iter():
        for key in list(each.attrib):
            name = str(key)
            if name in _NAMES or name.startswith("aria-") or (name == "id" and each.get(key) not in used):
                del each.attrib[key]


def _may_be_drawn(root: etree._Element) -> bool:
    """Tell whether a drawing has a usual number of elements, counted as often as `use` repeats them."""
    named = {name: each for each in root.iter() if (name := each.get("id"))}
    counts: dict[etree._Element, int] = {}
    # Children stand behind their parents, and are counted first.
    for _round in range(_MAX_LEVELS):
        before = counts.get(root)
        for each in reversed(list(root.iter())):
            target = named.get(_reference(each)) if each.tag == f"{_SVG}use" else None
            repeated = counts.get(target, 1) if target is not None else 0
            counts[each] = 1 + repeated + sum(counts[child] for child in each)
        if counts[root] > _MAX_DRAWN:
            return False
        if counts[root] == before:
            return True
    return False


def _reference(element: etree._Element) -> str:
    return next((value for key, value in element.attrib.items() if str(key).endswith("href")), "").lstrip("#")
