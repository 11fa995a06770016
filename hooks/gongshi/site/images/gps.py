"""Whether a picture says where it was taken."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from PIL import Image

from gongshi.site.images import containers

_WORDS = re.compile(rb"GPS(?:Latitude|Longitude|Position|Coordinates)")
"""Of XMP, and of Exif written as text."""
_EXIF = b"Exif\0\0"
_MARKS = (b"Exif", b"EXIF", b"eXIf")
"""Names of the blocks in which JPEG, AVIF, WebP and PNG hold Exif: without any of them there is none."""
_EXIF_BYTES = 1 << 16
_TRIES = 16
_GPS = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
"""Exif 2.32, 4.6.6."""


def holds(content: bytes) -> bool:
    """Whether there is a latitude or longitude in a picture's metadata, be it damaged elsewhere or not.

    Args:
        content: the bytes of any file.
    """
    if _WORDS.search(content):
        return True
    if content.startswith(containers.PNG) and any(_WORDS.search(text) for text in _texts(content)):
        return True
    return any(_in_exif(exif) for exif in _exifs(content))


def _texts(content: bytes) -> list[bytes]:
    try:
        return list(containers.png_texts(content))
    except ValueError:
        return []


def _exifs(content: bytes) -> Iterator[bytes]:
    """Every block of Exif: where Pillow finds it, and wherever one seems to begin."""
    found = b""
    if content.startswith((b"II*\0", b"MM\0*")):
        yield _EXIF + content
    if not any(mark in content for mark in _MARKS):
        return
    # Pillow answers damaged pictures with errors of any kind; what can be found is found below.
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP", "AVIF")) as image:
            found = image.info.get("exif", b"")
    yield found
    place = -1
    for _number in range(_TRIES):
        place = content.find(_EXIF, place + 1)
        if place < 0:
            return
        yield content[place : place + _EXIF_BYTES]


def _in_exif(block: bytes) -> bool:
    exif = Image.Exif()
    try:
        exif.load(block)
        found = exif.get_ifd(_GPS)
    except Exception:
        return False
    return _LATITUDE in found or _LONGITUDE in found
