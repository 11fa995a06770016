"""The frame of a drawing: its size, its position on the page, its description."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.drawings.vml_style import VmlStyle, is_growing
from gongshi.importing.readers.word.parts.package import tag

_EMU: Final = 360_000
"""English metric units in a centimetre (ECMA-376 part 1, 20.1.10.16)."""
_TWIPS: Final = 1440 / 2.54
_POINTS: Final = 72 / 2.54
_INVISIBLE: Final = 0.1
"""The width and height below which nothing can be seen, in centimetres."""
_PAGE: Final = (21.0, 29.7)
"""The size of a page whose section says none, in centimetres."""
_NUMBER: Final = re.compile(r"-?\d{1,12}")
_PAPER: Final = frozenset(("page", "leftMargin", "topMargin", "insideMargin"))
"""Origins of positions at the edge of the paper."""


@dataclass(frozen=True)
class Frame:
    """The place and size of a drawing, in centimetres."""

    width: float
    height: float
    is_floating: bool
    is_behind: bool
    """True if it lies behind the text."""
    is_hidden: bool
    """True if it is hidden, without size, or outside of the page."""
    is_above: bool
    """True if it is shown above the paragraph to which it is fixed."""
    description: str
    name: str
    link: str
    """The id of the relationship to which a click leads; empty if there is none."""

    def part(self, share: tuple[float, float]) -> Frame:
        """Return the frame of a part of the drawing.

        Args:
            share: the parts of its width and height.
        """
        return replace(self, width=self.width * share[0], height=self.height * share[1])


def read_frame(drawing: _Element, page: tuple[float, float]) -> Frame:
    """Return the frame of a drawing.

    Args:
        drawing: a `w:drawing`, `w:pict` or `w:object`.
        page: width and height of the largest page, in centimetres.
    """
    return _read_drawingml(drawing, page) if drawing.tag == tag("w:drawing") else _read_vml(drawing, page)


def page_size(document: _Element) -> tuple[float, float]:
    """Return width and height of the largest page, in centimetres.

    Args:
        document: the root of the main part.
    """
    sizes = document.iter(tag("w:pgSz"))
    found = [(_integer(each, tag("w:w")) / _TWIPS, _integer(each, tag("w:h")) / _TWIPS) for each in sizes]
    return (max(each[0] for each in found), max(each[1] for each in found)) if found else _PAGE


def _read_drawingml(drawing: _Element, page: tuple[float, float]) -> Frame:
    outer = drawing[0] if len(drawing) else drawing
    size, named = outer.find(tag("wp:extent")), outer.find(tag("wp:docPr"))
    click = named.find(tag("a:hlinkClick")) if named is not None else None
    width, height = (_integer(size, name) / _EMU for name in ("cx", "cy"))
    is_floating = outer.tag == tag("wp:anchor")
    origin, top = _position(outer, "wp:positionV")
    is_outside = is_floating and (
        _is_outside(_position(outer, "wp:positionH"), width, page[0]) or _is_outside((origin, top), height, page[1])
    )
    grows = next(outer.iter(tag("a:spAutoFit")), None) is not None
    is_none = size is not None and (width if grows else min(width, height)) < _INVISIBLE
    return Frame(
        width,
        height,
        is_floating,
        is_floating and outer.get("behindDoc") in ("1", "true"),
        is_outside or is_none or outer.get("hidden") in ("1", "true") or _is_on(named, "hidden"),
        is_floating and origin not in _PAPER and top is not None and top < 0,
        _description(named),
        named.get("name", "") if named is not None else "",
        click.get(tag("r:id"), "") if click is not None else "",
    )


def _read_vml(drawing: _Element, page: tuple[float, float]) -> Frame:
    shape = next((each for each in drawing if str(each.tag).startswith("{urn:schemas-microsoft-com:vml}")), None)
    shapes = [each for each in drawing if each.get("style")]
    shape = shapes[0] if shapes else shape
    style = VmlStyle(shape.get("style", "") if shape is not None else "")
    width, height = ((style.points(name) or 0) / _POINTS for name in ("width", "height"))
    is_floating = style.get("position") == "absolute"
    left, top = (_centimetres(style.points(name)) for name in ("margin-left", "margin-top"))
    is_outside = is_floating and (_is_outside(("", left), width, page[0]) or _is_outside(("", top), height, page[1]))
    level = style.get("z-index")
    return Frame(
        width,
        height,
        is_floating,
        is_floating and level.startswith("-"),
        style.is_hidden(is_growing(shape)) or is_outside,
        is_floating and top is not None and top < 0,
        shape.get("alt", "") if shape is not None else "",
        shape.get("id", "") if shape is not None else "",
        "",
    )


def _position(anchor: _Element, name: str) -> tuple[str, float | None]:
    found = anchor.find(tag(name))
    offset = found.find(tag("wp:posOffset")) if found is not None else None
    if found is None or offset is None or not _NUMBER.fullmatch((offset.text or "").strip()):
        return "", None
    return found.get("relativeFrom", ""), int(offset.text or "0") / _EMU


def _is_outside(position: tuple[str, float | None], size: float, page: float) -> bool:
    """Tell if nothing of a drawing is on the page. Paragraphs are taken to begin anywhere on it."""
    origin, offset = position
    if offset is None:
        return False
    return offset >= page or offset + size <= (0 if origin in _PAPER else -page)


def _description(named: _Element | None) -> str:
    return (named.get("descr") or "").strip() if named is not None else ""


def _integer(element: _Element | None, name: str) -> int:
    text = (element.get(name, "") if element is not None else "").strip()
    return int(text) if _NUMBER.fullmatch(text) else 0


def _is_on(element: _Element | None, name: str) -> bool:
    return element is not None and element.get(name) in ("1", "true")


def _centimetres(points: float | None) -> float | None:
    return None if points is None else points / _POINTS
