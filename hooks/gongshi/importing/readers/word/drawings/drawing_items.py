"""The items of a drawing: pictures, texts, charts and diagrams, from DrawingML or VML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.drawings.vml_style import VmlStyle, fraction, is_growing
from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.pictures.pictures import Shown

_GROUPS: Final = frozenset(("wgp", "grpSp", "wpc", "lockedCanvas", "graphic", "graphicData"))
_WITHOUT_CONTENT: Final = frozenset(("cxnSp", "extLst"))
_LINES: Final = frozenset(("line", "straightConnector1", "bentConnector3", "curvedConnector3"))
_LIMIT: Final = 100_000
"""The unit of crops (ECMA-376 part 1, 20.1.10.40), one thousandth of a percent."""
_DEGREE: Final = 60_000
_VML_SHAPES: Final = frozenset(("shape", "rect", "roundrect", "oval", "line", "polyline", "arc", "curve", "image"))
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_INTEGER: Final = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_COLOUR: Final = re.compile("[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class PictureItem:
    """A picture in a drawing."""

    embedded: str
    """The id of the relationship to its part; empty if the file does not contain it."""
    linked: str
    """The id of the relationship to its address outside of the file; empty if there is none."""
    shown: Shown
    alt: str = ""
    is_hidden: bool = False
    is_only_svg: bool = False
    share: tuple[float, float] = (1.0, 1.0)
    """The parts of the width and height of the drawing that it takes, if it is in a group."""


@dataclass(frozen=True)
class TextItem:
    """The text of a text box or shape."""

    blocks: tuple[_Element, ...]
    """Paragraphs and tables."""
    lines: tuple[str, ...] = ()
    """Text that is no paragraph of the document, as in WordArt."""
    is_hidden: bool = False


@dataclass(frozen=True)
class PartItem:
    """A chart or diagram."""

    kind: str
    """`chart` or `diagram`."""
    relationship: str
    """The id of the relationship to its part."""


@dataclass(frozen=True)
class ShapeItem:
    """A shape with a filling and without text, which may cover something."""


@dataclass(frozen=True)
class UnknownItem:
    """A drawing of a kind that is not known here, such as a model in three dimensions."""


Item = PictureItem | TextItem | PartItem | ShapeItem | UnknownItem


@dataclass(frozen=True)
class _Box:
    """Position and size in the units of the group around it."""

    left: float
    top: float
    width: float
    height: float


def drawing_items(drawing: _Element) -> list[Item]:
    """Return the contents of a drawing in the order in which they lie over each other.

    Args:
        drawing: a `w:drawing`, `w:pict` or `w:object`.
    """
    if drawing.tag == tag("w:drawing"):
        return [item for graphic in drawing.iterfind("*/{*}graphic") for item in _drawingml(graphic, 0.0)]
    return [item for child in drawing for item in _vml(child, 0.0)]


def _drawingml(element: _Element, rotation: float) -> Iterator[Item]:
    name = _local(element)
    if name in _GROUPS:
        yield from _group(element, rotation + _rotation(element.find("{*}grpSpPr/{*}xfrm")))
    elif name == "pic":
        yield _picture(element, rotation)
    elif name in ("wsp", "sp"):
        yield from _shape(element, rotation)
    elif name == "graphicFrame":
        for each in element.iterfind("{*}graphic"):
            yield from _drawingml(each, rotation)
    elif name == "chart":
        yield PartItem("chart", element.get(tag("r:id"), ""))
    elif name == "relIds":
        yield PartItem("diagram", element.get(tag("r:dm"), ""))
    elif name not in _WITHOUT_CONTENT:
        parent = element.getparent()
        if parent is not None and _local(parent) == "graphicData":
            yield UnknownItem()


def _group(group: _Element, rotation: float) -> Iterator[Item]:
    """Yield the items of a group; each picture knows its share of it, and the shapes that lie over it."""
    children = list(group)
    units = group.find("{*}grpSpPr/{*}xfrm/{*}chExt")
    covers = [(number, box, _fill(each)) for number, each in enumerate(children) if (box := _covering_box(each))]
    for number, child in enumerate(children):
        box = _box(child)
        for item in _drawingml(child, rotation):
            if isinstance(item, PictureItem) and box:
                item = replace(item, share=_share(item, box, units))
            if isinstance(item, PictureItem) and box and not item.shown.rotation:
                over = tuple(
                    (*_relative(other, box), colour)
                    for position, other, colour in covers
                    if position > number and _overlap(other, box)
                )
                yield replace(item, shown=replace(item.shown, covers=over))
            else:
                yield item


def _share(item: PictureItem, box: _Box, units: _Element | None) -> tuple[float, float]:
    """Return the part of a group that a picture takes, in a box with its own place in the group."""
    width, height = (_number(units, name) for name in ("cx", "cy"))
    if not width or not height:
        return item.share
    return item.share[0] * box.width / width, item.share[1] * box.height / height


def _picture(picture: _Element, rotation: float) -> PictureItem:
    named = picture.find("{*}nvPicPr/{*}cNvPr")
    filling = picture.find("{*}blipFill")
    properties = picture.find("{*}spPr")
    is_hidden = named is not None and named.get("hidden") in ("1", "true")
    alt = named.get("descr", "") if named is not None else ""
    return _filled(filling, properties, rotation, alt, is_hidden)


def _filled(
    filling: _Element | None, properties: _Element | None, rotation: float, alt: str, is_hidden: bool
) -> PictureItem:
    """Return the picture with which a frame is filled."""
    blip = filling.find("{*}blip") if filling is not None else None
    frame = properties.find("{*}xfrm") if properties is not None else None
    size = frame.find("{*}ext") if frame is not None else None
    width, height = (_number(size, name) for name in ("cx", "cy"))
    geometry = properties.find("{*}prstGeom") if properties is not None else None
    custom = properties.find("{*}custGeom") if properties is not None else None
    shown = Shown(
        crop=_crop(filling),
        rotation=(rotation + _rotation(frame)) % 360,
        flip_horizontal=frame is not None and frame.get("flipH") in ("1", "true"),
        flip_vertical=frame is not None and frame.get("flipV") in ("1", "true"),
        ratio=width / height if width > 0 and height > 0 else 0,
        outline="custom" if custom is not None else geometry.get("prst", "rect") if geometry is not None else "rect",
    )
    if blip is None:
        return PictureItem("", "", shown, alt, is_hidden)
    faded = blip.find("{*}alphaModFix")
    is_faint = faded is not None and _number(faded, "amt", _LIMIT) < _LIMIT / 20
    embedded, linked = blip.get(tag("r:embed"), ""), blip.get(tag("r:link"), "")
    is_only_svg = not embedded and next(blip.iter(tag("asvg:svgBlip")), None) is not None
    return PictureItem(embedded, linked, shown, alt, is_hidden or is_faint, is_only_svg)


def _crop(filling: _Element | None) -> tuple[float, float, float, float]:
    """Return what is cut away by the crop, and by a filling that is larger than its frame (20.1.8.30)."""
    source = filling.find("{*}srcRect") if filling is not None else None
    stretch = filling.find("{*}stretch/{*}fillRect") if filling is not None else None
    cut = [_number(source, name) / _LIMIT for name in "ltrb"]
    over = [max(0.0, -_number(stretch, name) / _LIMIT) for name in "ltrb"]
    for first, last in ((0, 2), (1, 3)):
        room = 1 + over[first] + over[last]
        kept = max(0.0, 1 - max(0.0, cut[first]) - max(0.0, cut[last]))
        cut[first], cut[last] = (max(0.0, cut[n]) + kept * over[n] / room for n in (first, last))
    return (cut[0], cut[1], cut[2], cut[3])


def _shape(shape: _Element, rotation: float) -> Iterator[Item]:
    named = shape.find("{*}cNvPr")
    is_hidden = named is not None and named.get("hidden") in ("1", "true")
    properties = shape.find("{*}spPr")
    filling = properties.find("{*}blipFill") if properties is not None else None
    if filling is not None:
        alt = named.get("descr", "") if named is not None else ""
        yield _filled(filling, properties, rotation, alt, is_hidden)
    box = shape.find("{*}txbx/{*}txbxContent")
    if box is not None:
        yield TextItem(tuple(box), is_hidden=is_hidden)
    lines = ["".join(each.text or "" for each in line.iter(tag("a:t"))) for line in shape.iterfind("{*}txBody/{*}p")]
    if any(lines):
        yield TextItem((), tuple(filter(None, lines)), is_hidden)
    if box is None and filling is None and not is_hidden and _covering_box(shape):
        yield ShapeItem()


def _vml(element: _Element, rotation: float) -> Iterator[Item]:
    name = _local(element)
    if not str(element.tag).startswith(_VML):
        return
    style = VmlStyle(element.get("style", ""))
    turned = rotation + (style.points("rotation") or 0)
    if name == "group":
        for child in element:
            yield from _vml(child, turned)
    elif name in _VML_SHAPES:
        yield from _vml_shape(element, style, turned)


def _vml_shape(shape: _Element, style: VmlStyle, rotation: float) -> Iterator[Item]:
    is_hidden = style.is_hidden(is_growing(shape))
    pictures = [each for each in shape if each.tag in (tag("v:imagedata"), tag("v:fill"))]
    has_content = False
    for each in pictures:
        embedded = each.get(tag("r:id")) or each.get(tag("o:relid"), "")
        linked = each.get(tag("r:href")) or (each.get("src", "") if each.tag == tag("v:imagedata") else "")
        if embedded or linked:
            has_content = True
            yield PictureItem(embedded, linked, _vml_shown(each, style, rotation), shape.get("alt", ""), is_hidden)
    box = shape.find(f"{tag('v:textbox')}/{tag('w:txbxContent')}")
    if box is not None:
        yield TextItem(tuple(box), is_hidden=is_hidden)
    path = shape.find(tag("v:textpath"))
    if path is not None and path.get("string", "").strip():
        has_content = True
        yield TextItem((), (path.get("string", "").strip(),), is_hidden)
    is_line = _local(shape) in ("line", "polyline", "arc", "curve") or shape.get("filled") in ("f", "false")
    is_used = shape.get("type") != "#_x0000_t75" and not is_line and not is_hidden
    if is_used and not has_content and box is None and style.points("width") and style.points("height"):
        yield ShapeItem()


def _vml_shown(picture: _Element, style: VmlStyle, rotation: float) -> Shown:
    width, height = style.points("width") or 0, style.points("height") or 0
    left, top, right, bottom = (fraction(picture.get(f"crop{side}")) for side in ("left", "top", "right", "bottom"))
    flips = style.get("flip").split()
    return Shown(
        crop=(max(0.0, left), max(0.0, top), max(0.0, right), max(0.0, bottom)),
        rotation=rotation % 360,
        flip_horizontal="x" in flips,
        flip_vertical="y" in flips,
        ratio=width / height if width > 0 and height > 0 else 0,
    )


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _number(element: _Element | None, name: str, default: float = 0) -> float:
    text = (element.get(name, "") if element is not None else "").strip()
    is_percent, text = text.endswith("%"), text.rstrip("%")
    if not _INTEGER.fullmatch(text):
        return default
    return float(text) * (1000 if is_percent else 1)


def _rotation(frame: _Element | None) -> float:
    return _number(frame, "rot") / _DEGREE


def _box(element: _Element) -> _Box | None:
    """Return the frame of an element of a group, in the units of the group."""
    frame = element.find("{*}spPr/{*}xfrm")
    start = frame.find("{*}off") if frame is not None else None
    size = frame.find("{*}ext") if frame is not None else None
    if start is None or size is None or frame is None or _rotation(frame) % 360:
        return None
    box = _Box(_number(start, "x"), _number(start, "y"), _number(size, "cx"), _number(size, "cy"))
    return box if box.width > 0 and box.height > 0 else None


def _covering_box(shape: _Element) -> _Box | None:
    """Return the frame of a shape with a filling; None for lines, pictures, and shapes that are open."""
    properties = shape.find("{*}spPr")
    if _local(shape) not in ("wsp", "sp") or properties is None or properties.find("{*}noFill") is not None:
        return None
    geometry = properties.find("{*}prstGeom")
    if geometry is not None and geometry.get("prst") in _LINES:
        return None
    style = shape.find("{*}style/{*}fillRef")
    is_filled = any(properties.find(f"{{*}}{name}") is not None for name in ("solidFill", "gradFill", "pattFill"))
    return _box(shape) if is_filled or (style is not None and style.get("idx") != "0") else None


def _fill(shape: _Element) -> str:
    colour = shape.find("{*}spPr/{*}solidFill/{*}srgbClr")
    value = colour.get("val", "") if colour is not None else ""
    return f"#{value}" if _COLOUR.fullmatch(value) else "#7f7f7f"


def _relative(box: _Box, frame: _Box) -> tuple[float, float, float, float]:
    return (
        (box.left - frame.left) / frame.width,
        (box.top - frame.top) / frame.height,
        (box.left + box.width - frame.left) / frame.width,
        (box.top + box.height - frame.top) / frame.height,
    )


def _overlap(box: _Box, frame: _Box) -> bool:
    left, top, right, bottom = _relative(box, frame)
    return left < 1 and top < 1 and right > 0 and bottom > 0
