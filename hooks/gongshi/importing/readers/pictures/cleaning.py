"""Makes pictures for entries: upright, in sRGB, at the size that is published, encoded anew without metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image

from gongshi.importing.readers.pictures.decoding import HEAD_BYTES, check_size, format_of, open_picture
from gongshi.importing.readers.pictures.drawings import visible_drawing
from gongshi.importing.readers.pictures.faults import Fault, Unusable
from gongshi.site.images import pixels, process

QUALITY: Final = 88
"""Quality of JPEG pictures. The site encodes them once more where it makes them smaller."""
_PHOTOS: Final = frozenset(("JPEG", "MPO", "AVIF", "HEIF"))
"""Formats with loss, with Pillow's names."""
_ANIMATED: Final = {"GIF": "gif", "WEBP": "webp"}
_KEPT_MODES: Final = frozenset(("1", "L", "P", "RGB", "RGBA"))
"""Modes of PNG pictures that stay as they are: a palette takes far less room."""
_SVG_WITHIN: Final = 1000
"""Bytes within which the element `svg` begins."""


@dataclass(frozen=True)
class CleanedPicture:
    """A picture as it goes into the entry."""

    content: bytes
    ending: str
    """Extension for its name, without the dot."""


def clean_picture(content: bytes) -> CleanedPicture:
    """Return a picture as it goes into the entry.

    Args:
        content: the bytes of a file of any usual format, or of a drawing (SVG).

    Raises:
        Unusable: it is damaged, too large, or no picture.
        MemoryError: the machine has too little memory.
    """
    if b"<svg" in content[:_SVG_WITHIN]:
        drawing = visible_drawing(_published(content, "svg").content)
        if drawing is None:
            raise Unusable(Fault.DAMAGED)
        return CleanedPicture(drawing, "svg")
    kind = format_of(content[:HEAD_BYTES])
    if kind in _ANIMATED:
        return _published(content, _ANIMATED[kind])
    with open_picture(content) as image:
        is_photo = image.format in _PHOTOS and not image.has_transparency_data
        return encode_picture(shown_picture(image), is_photo)


def _published(content: bytes, ending: str) -> CleanedPicture:
    found = process.process_image(f"picture.{ending}", content)
    if not isinstance(found, process.PublishedImage):
        raise Unusable(Fault.DAMAGED)
    written = visible_drawing(found.content) if ending == "svg" else found.content
    if not written:
        raise Unusable(Fault.DAMAGED)
    return CleanedPicture(written, ending)


def shown_picture(image: Image.Image) -> Image.Image:
    """Return the pixels of an opened picture: upright, in sRGB, at the size that is published.

    Args:
        image: the picture, which is not decoded yet.

    Raises:
        Unusable: it is too large.
    """
    load_picture(image, pixels.fitted_size(image.size))
    size = pixels.fitted_size(image.size)
    is_kept = size == image.size and image.mode in _KEPT_MODES and not image.has_transparency_data
    fitted = image if is_kept else pixels.resize(image, size)
    return _without_hidden_colours(pixels.make_upright(pixels.to_srgb(fitted, image), image))


def load_picture(image: Image.Image, size: tuple[int, int]) -> None:
    """Decode a picture, a JPEG at a size that is not much larger than needed.

    Args:
        image: the picture, which is not decoded yet.
        size: the width and height that are needed, in pixels.

    Raises:
        Unusable: it is too large.
    """
    image.draft(None, size)
    check_size(image)
    image.load()
    check_size(image)


def encode_picture(picture: Image.Image, is_photo: bool) -> CleanedPicture:
    """Return a picture as a file that holds its visible pixels only.

    Args:
        picture: the decoded picture.
        is_photo: write JPEG, unless the picture has transparent parts.
    """
    picture = _without_hidden_colours(picture)
    if is_photo and picture.mode not in ("RGBA", "LA"):
        return CleanedPicture(pixels.encode(picture, "JPEG", quality=QUALITY), "jpg")
    return CleanedPicture(pixels.encode(picture, "PNG", optimize=False), "png")


def _without_hidden_colours(picture: Image.Image) -> Image.Image:
    """Remove the colours of transparent pixels, which could show what was erased; and transparency that is not used."""
    if picture.mode != "RGBA":
        return picture
    alpha = picture.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return picture.convert("RGB")
    visible = alpha.point(lambda value: 255 if value else 0)
    return Image.composite(picture, Image.new("RGBA", picture.size, (255, 255, 255, 0)), visible)
