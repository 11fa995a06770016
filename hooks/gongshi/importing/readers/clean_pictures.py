"""Pictures without anything that they do not show: no metadata, no colours below transparent pixels, nothing added."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any, Final

from PIL import Image

from gongshi.importing.readers import clean_drawings
from gongshi.site.images import containers, pixels, process

ENDINGS: Final = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "SVG": "svg"}
"""Extensions by the format that `clean_picture` returns."""
_READ: Final = ("JPEG", "PNG", "BMP", "TIFF", "AVIF", "ICO", "DIB", "MPO")
_MAX_SCANS: Final = 100
"""The maximum number of scans of a JPEG; each costs the time of a whole picture."""

_METADATA: Final = (b"\xe1", *(bytes([code]) for code in range(0xE3, 0xEE)), b"\xef", b"\xfe")
"""Segments of a JPEG that do not affect its pixels: of programs, except JFIF, colour profile and Adobe; comments."""
_START_OF_SCAN: Final = b"\xda"
_END_OF_PICTURE: Final = b"\xff\xd9"


def clean_picture(content: bytes) -> tuple[str, bytes] | None:
    """Return a picture upright and at most as large as it is published, with Pillow's name of its format or `SVG`.

    Args:
        content: the bytes of a file.

    Returns:
        None for what is damaged, too large, unsafe or no picture.
    """
    if b"<svg" in content[:1000]:
        drawing = process.process_image("picture.svg", content)
        cleaned = (
            clean_drawings.visible_drawing(drawing.content) if isinstance(drawing, process.PublishedImage) else None
        )
        return ("SVG", cleaned) if cleaned else None
    if content.startswith(b"GIF8") or content[8:12] == b"WEBP":
        found = process.process_image("picture.gif", content)
        kind = "GIF" if content[:1] == b"G" else "WEBP"
        return (kind, found.content) if isinstance(found, process.PublishedImage) else None
    try:
        with _opened(content) as image:
            return _encoded(image)
    except MemoryError:
        raise
    except Exception:
        # Pillow raises errors of any kind for damaged pictures.
        return None


def without_hidden_colours(picture: Image.Image) -> Image.Image:
    """Remove the colours of transparent pixels, which could show what was erased; and transparency that is not used.

    Args:
        picture: a picture of any mode; only RGBA is changed.
    """
    if picture.mode != "RGBA":
        return picture
    alpha = picture.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return picture.convert("RGB")
    visible = alpha.point(lambda value: 255 if value else 0)
    return Image.composite(picture, Image.new("RGBA", picture.size, (255, 255, 255, 0)), visible)


def without_metadata(content: bytes) -> bytes | None:
    """Return a picture with the same pixels and nothing else.

    Args:
        content: the bytes of a file.

    Returns:
        None for what is damaged, or of a format of which that is not known here.
    """
    try:
        if content.startswith(containers.JPEG):
            return jpeg_without_metadata(content)
        if content.startswith(containers.PNG):
            return containers.strip_png(content)
        if content.startswith(containers.GIF):
            return containers.strip_gif(content)
    except (ValueError, containers.TooManyFrames):
        return None
    return content if content.startswith(b"BM") else None


def jpeg_without_metadata(content: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, other data of programs and comments (ITU-T T.81, B.1.1); no pixel changes."""
    kept, place = [content[:2]], 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != _START_OF_SCAN:
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        segment = content[place : place + length]
        if segment[1:2] not in _METADATA:
            kept.append(segment)
        place += length
    end = content.find(_END_OF_PICTURE, place)
    return b"".join([*kept, content[place : end + len(_END_OF_PICTURE)] if end >= 0 else content[place:]])


def _opened(content: bytes) -> Any:
    if content.startswith(containers.JPEG) and containers.jpeg_scans(content) > _MAX_SCANS:
        raise ValueError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(BytesIO(content), formats=_READ)
    if image.width * image.height > process.MAX_PIXELS:
        image.close()
        raise ValueError
    return image


def _encoded(image: Image.Image) -> tuple[str, bytes]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind = "JPEG" if image.format in ("JPEG", "MPO", "AVIF") and not image.has_transparency_data else "PNG"
        image.load()
        shown = pixels.make_upright(pixels.to_srgb(pixels.fit(image), image), image)
        if kind == "PNG" and (shown.has_transparency_data or shown.mode not in ("1", "L", "P", "RGB", "I;16")):
            shown = without_hidden_colours(shown.convert("RGBA" if shown.has_transparency_data else "RGB"))
        return kind, pixels.encode(shown, kind)
