"""Pictures of pages, saved in the workspace, and what is told about those that are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from gongshi.i18n import gettext as _
from gongshi.importing.document import BundleFile, Finding, FindingKind, Workspace
from gongshi.importing.readers.page_layout.model import Box, PagePicture
from gongshi.importing.readers.page_layout.places import on_pages
from gongshi.importing.readers.pictures.cleaning import encode_picture
from gongshi.importing.readers.pictures.seals import is_red

LONGER_SIDE: Final = 2000
"""The longest side of a picture, in pixels."""
_SMALLEST = 14.0
"""Pictures that are narrower or lower are ornaments, in points."""
_CSS_PIXELS: Final = 96 / 72
"""CSS pixels in a point."""
_NARROW: Final = 0.5
"""The part of the page's width below which a picture keeps its width."""
_FULL_PAGE = 0.8
"""The part of the page that a scan or a background covers."""
_EDGE = 0.12
MAX_PICTURES: Final = 200
_MANY_COLOURS: Final = 4000
_SEAL_SIZE = (60.0, 190.0)
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

    def take(
        self, number: int, sheet: Box, places: Sequence[Box], picture: Callable[[Box], Image.Image | None]
    ) -> list[PagePicture]:
        """Save the pictures of a page and return them.

        Args:
            number: the number of the page.
            sheet: the whole page.
            places: where it shows pictures.
            picture: returns the picture at a place in RGB; None if it cannot be shown.
        """
        taken: list[PagePicture] = []
        for box in places:
            if covers_page(box, sheet):
                message = _("the picture behind the whole page was left out")
                self.findings.append(Finding(FindingKind.LEFT_OUT, message, on_pages([number])))
            elif _rounded(box) in self.repeated:
                self._in_headers.append(number)
            elif min(box.width, box.height) < _SMALLEST:
                self._small.append(number)
            elif len(self.files) < MAX_PICTURES:
                taken += self._save(picture(box), number, box, sheet)
            else:
                message = _("more than {count} pictures; the others were left out")
                self.findings.append(
                    Finding(FindingKind.LEFT_OUT, message.format(count=MAX_PICTURES), on_pages([number]))
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

    def _save(self, image: Image.Image | None, number: int, box: Box, sheet: Box) -> list[PagePicture]:
        if image is None:
            message = _("a picture that cannot be shown was left out")
            self.findings.append(Finding(FindingKind.LEFT_OUT, message, on_pages([number])))
            return []
        image.thumbnail((LONGER_SIDE, LONGER_SIDE))
        if all(low == high for low, high in image.getextrema()):  # type: ignore[misc]
            return []
        written = encode_picture(image, is_photo=image.getcolors(_MANY_COLOURS) is None)
        file = self.workspace.write(f"picture-{len(self.files) + 1}.{written.ending}", written.content)
        self.files.append(file)
        place = on_pages([number])
        is_seal = _is_seal(image, box)
        if is_seal:
            message = _(
                "a seal is in the file; if your unit does not publish it, delete its line in the draft, and the "
                "picture in its folder"
            )
        else:
            message = _("describe this picture in its square brackets, and look whether it is to be shown")
        self.findings.append(Finding(FindingKind.CHECK, message, place, file.name))
        return [PagePicture(box, file.name, _shown_width(image, box, sheet), is_seal)]


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


def _shown_width(image: Image.Image, box: Box, sheet: Box) -> int:
    """Return the width of a picture in CSS pixels; 0 if it may be as wide as the text."""
    width = round(box.width * _CSS_PIXELS)
    return width if width < image.width and box.width < _NARROW * sheet.width else 0


def _is_seal(image: Image.Image, box: Box) -> bool:
    """Tell whether a picture is about as wide as high, as large as a seal, and mostly red."""
    if not (_SEAL_SIZE[0] <= box.width <= _SEAL_SIZE[1] and 0.6 < box.width / box.height < 1.7):
        return False
    return is_red(image)
