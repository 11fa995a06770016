"""Pictures of a page, saved as a reader of the page sees them: cut and covered parts are not in them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import pypdfium2
from PIL import Image

from gongshi.i18n import gettext as _
from gongshi.importing.document import BundleFile, Finding, FindingKind, Workspace
from gongshi.importing.readers.page_layout.model import Box, PagePicture, bounds
from gongshi.importing.readers.page_layout.places import on_pages

_LONGER_SIDE: Final = 2000
_SCALE = 2.5
"""Pixels for a point, 180 dpi, as far as the longer side allows."""
_SMALLEST = 14.0
"""Pictures that are narrower or lower are ornaments, in points."""
_FULL_PAGE = 0.8
"""The part of the page that a scan or a background covers."""
_GAP = 2.0
"""Strips nearer than this are one picture: programs cut large pictures into strips."""
_EDGE = 0.12
_MAX_PICTURES: Final = 200
_MANY_COLOURS: Final = 4000
_SEAL_SIZE = (60.0, 190.0)
_SEAL_RED = 0.6
_Place = tuple[int, int, int, int]


@dataclass
class PictureTaker:
    """Saves the pictures of a document.

    Args:
        workspace: where they are written.
        repeated: the places of pictures in headers and footers, which are left out.
    """

    workspace: Workspace
    repeated: frozenset[_Place]
    files: list[BundleFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _in_headers: list[int] = field(default_factory=list)
    _small: list[int] = field(default_factory=list)

    def take(self, page: pypdfium2.PdfPage, number: int, places: Sequence[Box], has_text: bool) -> list[PagePicture]:
        """Save the pictures of a page and return them.

        Args:
            page: the page, with its text switched off.
            number: its number.
            places: where it draws pictures.
            has_text: False if it is a scan; then the picture of the whole page is not taken.
        """
        width, height = page.get_size()
        sheet = Box(0, 0, width, height)
        taken: list[PagePicture] = []
        for box in _joined([each for place in places if (each := _cut(place, sheet))]):
            if covers_page(box, sheet):
                if has_text:
                    message = _("the picture behind the whole page was left out")
                    self.findings.append(Finding(FindingKind.LEFT_OUT, message, on_pages([number])))
            elif _rounded(box) in self.repeated:
                self._in_headers.append(number)
            elif min(box.width, box.height) < _SMALLEST:
                self._small.append(number)
            elif len(self.files) < _MAX_PICTURES:
                taken += self._save(page, number, box)
            else:
                message = _("more than {count} pictures; the others were left out")
                self.findings.append(
                    Finding(FindingKind.LEFT_OUT, message.format(count=_MAX_PICTURES), on_pages([number]))
                )
        return taken

    def tell(self) -> Iterable[Finding]:
        """Yield what is told about pictures."""
        yield from dict.fromkeys(self.findings)
        if self._in_headers:
            message = _("pictures in headers and footers were left out")
            yield Finding(FindingKind.LEFT_OUT, message, on_pages(self._in_headers))
        if self._small:
            message = _("pictures that are very small, such as ornaments and lines, were left out")
            yield Finding(FindingKind.LEFT_OUT, message, on_pages(self._small))

    def _save(self, page: pypdfium2.PdfPage, number: int, box: Box) -> list[PagePicture]:
        image = _rendered(page, box)
        if all(low == high for low, high in image.getextrema()):  # type: ignore[misc]
            return []
        content, ending = _encoded(image)
        file = self.workspace.write(f"picture-{len(self.files) + 1}.{ending}", content)
        self.files.append(file)
        place = on_pages([number])
        if _is_seal(image, box):
            message = _("this picture looks like a seal; look whether it is to be shown, and where")
        else:
            message = _("describe this picture in its square brackets, and look whether it is to be shown")
        self.findings.append(Finding(FindingKind.CHECK, message, place, file.name))
        return [PagePicture(box, file.name)]


def covers_page(box: Box, page: Box) -> bool:
    """Tell whether a picture covers nearly all of a page.

    Args:
        box: its place.
        page: the page.
    """
    return page.share_in(box) > _FULL_PAGE


def repeated_places(pages: Iterable[tuple[float, Sequence[Box]]]) -> frozenset[_Place]:
    """Return the places of pictures that stand at the top or foot of several pages.

    Args:
        pages: the height of each page, and the places of its pictures.
    """
    counts: dict[_Place, int] = {}
    total = 0
    for height, boxes in pages:
        total += 1
        for place in {_rounded(box) for box in boxes if box.bottom < _EDGE * height or box.top > (1 - _EDGE) * height}:
            counts[place] = counts.get(place, 0) + 1
    needed = 2 if total <= 4 else 3
    return frozenset(place for place, count in counts.items() if count >= needed)


def _rounded(box: Box) -> _Place:
    return round(box.x0 / 4), round(box.top / 4), round(box.x1 / 4), round(box.bottom / 4)


def _cut(box: Box, page: Box) -> Box | None:
    """Return the part of a box that is on the page."""
    if not all(map(math.isfinite, box)):
        return None
    cut = Box(max(box.x0, 0), max(box.top, 0), min(box.x1, page.x1), min(box.bottom, page.bottom))
    return cut if cut.width > 0 and cut.height > 0 else None


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes in which strips of one picture, and pictures that overlap, are one."""
    joined: list[Box] = []
    for box in boxes[: 10 * _MAX_PICTURES]:
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


def _rendered(page: pypdfium2.PdfPage, box: Box) -> Image.Image:
    width, height = page.get_size()
    scale = min(_SCALE, _LONGER_SIDE / max(box.width, box.height))
    crop = (box.x0, height - box.bottom, width - box.x1, box.top)
    bitmap = page.render(scale=scale, crop=crop, draw_annots=False, may_draw_forms=False)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    image.thumbnail((_LONGER_SIDE, _LONGER_SIDE))
    return image


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    """Return a picture as JPEG if it is a photo, otherwise as PNG."""
    stream = io.BytesIO()
    if image.getcolors(_MANY_COLOURS) is None:
        image.save(stream, "JPEG", quality=88)
        return stream.getvalue(), "jpg"
    image.save(stream, "PNG")
    return stream.getvalue(), "png"


def _is_seal(image: Image.Image, box: Box) -> bool:
    """Tell whether a picture is about as wide as high, as large as a seal, and mostly red."""
    if not (_SEAL_SIZE[0] <= box.width <= _SEAL_SIZE[1] and 0.6 < box.width / box.height < 1.7):
        return False
    small = image.resize((60, 60))
    coloured = [pixel for pixel in zip(*[iter(small.tobytes())] * 3, strict=True) if min(pixel) < 225]
    red = sum(pixel[0] > pixel[1] + 40 and pixel[0] > pixel[2] + 40 for pixel in coloured)
    return bool(coloured) and red > _SEAL_RED * len(coloured)
