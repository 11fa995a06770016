"""Finds GPS positions in the metadata of pictures."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from PIL import Image

from gongshi.site.images import containers

_XMP_NAMES = re.compile(rb"GPS(?:Latitude|Longitude|Position|Coordinates)")
"""Names of properties in XMP, and in Exif written as text."""
_EXIF = b"Exif\0\0"
_BLOCK_NAMES = (b"Exif", b"EXIF", b"eXIf")
"""Names of the blocks that contain Exif in JPEG, AVIF, WebP and PNG."""
_MAX_EXIF_BYTES = 1 << 16
_MAX_BLOCKS = 16
_GPS_IFD = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
"""Tags of the GPS directory (Exif 2.32, 4.6.6)."""


def has_gps_position(content: bytes) -> bool:
    """Tell if the metadata of a picture contains a latitude or longitude, also if the picture is damaged.

    Args:
        content: bytes of any file.
    """
    if _XMP_NAMES.search(content):
        return True
    if content.startswith(containers.PNG) and any(_XMP_NAMES.search(text) for text in _png_texts(content)):
        return True
    return any(_exif_has_position(exif) for exif in _exif_blocks(content))


def _png_texts(content: bytes) -> list[bytes]:
    try:
        return list(containers.png_texts(content))
    except ValueError:
        return []


def _exif_blocks(content: bytes) -> Iterator[bytes]:
    """Yield blocks of Exif: the one that Pillow finds, and all others that seem to begin in the file."""
    found = b""
    if content.startswith((b"II*\0", b"MM\0*")):
        yield _EXIF + content
    if not any(name in content for name in _BLOCK_NAMES):
        return
    # Pillow raises errors of any kind for damaged pictures; the search below does not need it.
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP", "AVIF")) as image:
            found = image.info.get("exif", b"")
    yield found
    place = -1
    for _number in range(_MAX_BLOCKS):
        place = content.find(_EXIF, place + 1)
        if place < 0:
            return
        yield content[place : place + _MAX_EXIF_BYTES]


def _exif_has_position(block: bytes) -> bool:
    exif = Image.Exif()
    try:
        exif.load(block)
        found = exif.get_ifd(_GPS_IFD)
    except Exception:
        return False
    return _LATITUDE in found or _LONGITUDE in found
