"""SmartArt (ECMA-376 part 1, 21.4): the words of a diagram in their order."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.package import WordPackage, tag

_SHOWN_TYPES: Final = frozenset(("node", "asst", "doc"))
"""Types of points that stand for boxes; the others are connections and places in the layout (21.4.7.51)."""


def diagram_lines(package: WordPackage, part: str) -> list[str]:
    """Return the words of each box of a diagram, in the order of its outline.

    Args:
        package: the document.
        part: the name of the part with its data.
    """
    root = package.xml(part)
    points = {each.get("modelId", ""): each for each in root.iter(tag("dgm:pt"))}
    shown = {id: each for id, each in points.items() if each.get("type", "node") in _SHOWN_TYPES}
    children: dict[str, list[tuple[int, str]]] = {}
    for link in root.iter(tag("dgm:cxn")):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            number = int(order[:9]) if order.isascii() and order.isdigit() else 0
            children.setdefault(link.get("srcId", ""), []).append((number, link.get("destId", "")))
    starts = [id for id, each in shown.items() if each.get("type") == "doc"]
    found: list[str] = []
    seen: set[str] = set()
    # Points to which no connection leads come last, so that no words are lost.
    waiting = [*list(shown)[::-1], *starts[::-1]]
    while waiting:
        id = waiting.pop()
        if id in seen or id not in shown:
            continue
        seen.add(id)
        found.append(_words(shown[id]))
        waiting += [each for _order, each in sorted(children.get(id, ()), reverse=True)]
    texts = [
        _words(each) for id, each in points.items() if id not in shown and each.get("type") in ("parTrans", "sibTrans")
    ]
    return [line for text in (*found, *texts) for line in text.split("\n") if line]


def _words(point: _Element) -> str:
    body = point.find(tag("dgm:t"))
    if body is None or _is_placeholder(point):
        return ""
    lines = ("".join(each.text or "" for each in line.iter(tag("a:t"))) for line in body.iter(tag("a:p")))
    return "\n".join(filter(None, (line.strip() for line in lines)))


def _is_placeholder(point: _Element) -> bool:
    properties = point.find(tag("dgm:prSet"))
    return properties is not None and properties.get("phldr") in ("1", "true")
