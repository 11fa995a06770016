"""Pictures of a PDF page as a reader of the page sees them: cut and covered parts are not in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pypdfium2
from PIL import Image

from gongshi.importing.readers.page_layout.model import Box, bounds
from gongshi.importing.readers.page_layout.picture_files import LONGER_SIDE

_SCALE = 2.5
"""Pixels for a point, 180 dpi, as far as the longer side allows."""
_GAP = 2.0
"""Strips nearer than this are one picture: programs cut large pictures into strips."""
_MAX_PLACES: Final = 2000


def picture_places(places: Sequence[Box], sheet: Box) -> list[Box]:
    """Return where pictures are, with strips and parts joined that belong to one.

    Args:
        places: where the page draws pictures.
        sheet: the whole page.
    """
    return _joined([each for place in places[:_MAX_PLACES] if (each := _cut(place, sheet))])


def rendered(page: pypdfium2.PdfPage, box: Box) -> Image.Image:
    """Return how a part of a page looks.

    Args:
        page: the page, with its text switched off.
        box: the part.
    """
    width, height = page.get_size()
    scale = min(_SCALE, LONGER_SIDE / max(box.width, box.height))
    crop = (box.x0, height - box.bottom, width - box.x1, box.top)
    bitmap = page.render(scale=scale, crop=crop, draw_annots=False, may_draw_forms=False)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    return image


def _cut(box: Box, page: Box) -> Box | None:
    """Return the part of a box that is on the page."""
    if not all(map(math.isfinite, box)):
        return None
    cut = Box(max(box.x0, 0), max(box.top, 0), min(box.x1, page.x1), min(box.bottom, page.bottom))
    return cut if cut.width > 0 and cut.height > 0 else None


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes in which strips of one picture, and pictures that overlap, are one."""
    joined: list[Box] = []
    for box in boxes:
        touching = [
            each for each in joined if _are_strips(each, box) or max(each.share_in(box), box.share_in(each)) > 0.5
        ]
        joined = [each for each in joined if each not in touching]
        joined.append(bounds([box, *touching]))
    return sorted(joined, key=lambda each: each.top)


def _are_strips(one: Box, other: Box) -> bool:
    same_width = abs(one.x0 - other.x0) < _GAP and abs(one.x1 - other.x1) < _GAP
    same_height = abs(one.top - other.top) < _GAP and abs(one.bottom - other.bottom) < _GAP
    below = min(abs(one.bottom - other.top), abs(other.bottom - one.top)) < 0.5
    beside = min(abs(one.x1 - other.x0), abs(other.x1 - one.x0)) < 0.5
    return (same_width and below) or (same_height and beside)
