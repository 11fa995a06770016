"""Opens photos of any usual format, within limits on pixels and time."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from PIL import Image, JpegImagePlugin

from gongshi.importing.readers.pictures.faults import Fault, Unusable
from gongshi.site.images import containers

MAX_PIXELS = 50_000_000
"""Maximum of width times height of a picture as it is decoded: phones take photos of up to 50 million pixels."""
_MAX_JPEG_PIXELS = 220_000_000
"""The same for a JPEG, which is decoded at a half to an eighth of its size: some phones reach 200 million."""
_MAX_SCANNED_PIXELS = 600_000_000
"""Maximum of scans times pixels of a JPEG: each scan takes the time to decode all pixels once."""
_HEIF_BRANDS: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_AVIF_BRANDS: Final = frozenset((b"avif", b"avis"))
_GENERAL_BRANDS: Final = frozenset((b"mif1", b"msf1"))
"""Brands of pictures in ISO containers (ISO/IEC 23008-12, 10; AVIF 1.1, 8)."""
_SIGNATURES: Final = (
    (containers.JPEG, "JPEG"), (containers.PNG, "PNG"), (containers.GIF, "GIF"),
    (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"II+\0", "TIFF"), (b"MM\0+", "TIFF"),
)  # fmt: skip
HEAD_BYTES = 64
"""Number of bytes that tell the format."""


def format_of(head: bytes) -> str | None:
    """Return the format of a picture by its first bytes, with Pillow's name; None for any other file.

    Args:
        head: the first `HEAD_BYTES` bytes of a file of any name, or all.
    """
    if found := next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None):
        return found
    if head[:4] + head[8:12] == b"RIFFWEBP":
        return "WEBP"
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP"
    if head[4:8] != b"ftyp":
        return None
    brands = {head[8:12]} if head[8:12] not in _GENERAL_BRANDS else _compatible_brands(head)
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & (_HEIF_BRANDS | _GENERAL_BRANDS) else None


def _compatible_brands(head: bytes) -> set[bytes]:
    end = min(int.from_bytes(head[:4], "big"), HEAD_BYTES, len(head))
    return {head[8:12], *(head[start : start + 4] for start in range(16, end, 4))}


@contextmanager
def open_picture(content: bytes) -> Iterator[Image.Image]:
    """Open a picture without decoding it.

    Args:
        content: its bytes.

    Raises:
        Unusable: it is damaged or too large, or a library is missing.
        MemoryError: the machine has too little memory.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(content, format_of(content[:HEAD_BYTES])) as image:
                _limit_size(image, content)
                yield image
    except (Unusable, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise Unusable(Fault.TOO_LARGE) from None
    except Exception:
        # The libraries answer damaged pictures with errors of any kind.
        raise Unusable(Fault.DAMAGED) from None


def _opened(content: bytes, kind: str | None) -> Image.Image:
    if kind is None:
        raise Unusable(Fault.DAMAGED)
    if kind == "HEIF":
        return _open_heif(content)
    if kind == "AVIF":
        Image.init()
        if kind not in Image.OPEN:
            raise Unusable(Fault.NO_AVIF)
    if kind == "PNG":
        # Texts may be compressed bombs; colours and orientation stay.
        content = containers.strip_png(content, also=(b"iCCP", b"eXIf"))
    if kind == "JPEG":
        # Pillow would refuse one of 200 million pixels, although it is decoded at a smaller size.
        return JpegImagePlugin.JpegImageFile(BytesIO(content))
    return Image.open(BytesIO(content), formats=(kind,))


def _open_heif(content: bytes) -> Image.Image:
    try:
        import pi_heif

        # Each thread would reserve memory, which is limited; and other pictures inside are not wanted.
        pi_heif.options.DECODE_THREADS = 1
        pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
        image: Image.Image = pi_heif.HeifImageFile(BytesIO(content))
    except ImportError:
        raise Unusable(Fault.NO_HEIC) from None
    return image


def _limit_size(image: Image.Image, content: bytes) -> None:
    if not content.startswith(containers.JPEG):
        check_size(image)
        return
    count = image.width * image.height
    if count > _MAX_JPEG_PIXELS or count * containers.jpeg_scans(content) > _MAX_SCANNED_PIXELS:
        raise Unusable(Fault.TOO_LARGE)


def check_size(image: Image.Image) -> None:
    """Refuse a picture that is too large; once decoded, it may be larger than its header says.

    Args:
        image: the picture.

    Raises:
        Unusable: it has too many pixels.
    """
    if image.width * image.height > MAX_PIXELS:
        raise Unusable(Fault.TOO_LARGE)
