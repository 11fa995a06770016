"""Changes to pixels: smaller size, orientation, sRGB colours; and encoding without metadata."""

from __future__ import annotations

from io import BytesIO
from math import sqrt
from typing import Any

from PIL import Image

LONGER_SIDE = 2000
"""Maximum of width and height of a published picture, in pixels; of a long one, maximum of its shorter side."""
_LONG = 2
"""A picture whose longer side is more than this many times its shorter one is long, such as a screenshot of a page or a
panorama: made as small as others, nobody could read it."""
_LONG_PIXELS = 24_000_000
"""Maximum of width times height of a long picture: phones have little memory for more."""
_LONGEST_SIDE = 30_000
"""Maximum of width and height of a long picture, in pixels: Firefox shows none with more than 32,767."""
_ROUNDING = 0.999
"""A long picture that would become less than 0.1 % smaller stays as it is."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Operation that makes a picture upright, by the value of `Orientation` (Exif 2.32, tag 0x0112)."""
_STANDING = range(5)
"""Values of `Orientation` with which the picture keeps its width and height."""
_ORIENTATION = 0x0112
_CMYK = "CMYK"
_SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 82, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 82, "method": 4},
    "GIF": {"optimize": True},
}


def fit(image: Image.Image) -> Image.Image:
    """Return the picture in the size that is published; the same object if that is its own."""
    size = fitted_size(image.size)
    return image if size == image.size else resize(image, size)


def fitted_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the width and height of the published picture, in pixels.

    Args:
        size: its present width and height.
    """
    longer, shorter = max(size), min(size)
    if longer <= _LONG * shorter:
        scale = min(1, LONGER_SIDE / longer)
    else:
        # The limit of the shorter side grows with the proportion, so that no small difference makes a large one.
        limit = min(LONGER_SIDE, LONGER_SIDE * longer / (_LONG**2 * shorter))
        scale = min(limit / shorter, sqrt(_LONG_PIXELS / (longer * shorter)), _LONGEST_SIDE / longer)
        scale = 1 if scale >= _ROUNDING else scale
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resize(
    image: Image.Image, size: tuple[int, int], sampling: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """Return the picture in a smaller size.

    Args:
        image: the decoded picture.
        size: width and height in pixels.
        sampling: filter that averages pixels.
    """
    return _averageable(image).resize(size, sampling, reducing_gap=3.0)


def _averageable(image: Image.Image) -> Image.Image:
    """Return the picture in a mode whose values can be averaged."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image if image.mode in ("L", "RGB", _CMYK) else image.convert("L" if image.mode == "1" else "RGB")


def to_srgb(shown: Image.Image, image: Image.Image) -> Image.Image:
    """Return the picture in sRGB, which browsers assume for a picture without a colour profile.

    Args:
        shown: the picture as processed so far.
        image: the picture as it was read, with its profile.
    """
    profile = image.info.get("icc_profile")
    if profile and (changed := _convert_profile(shown, profile)):
        return changed
    return shown.convert("RGB") if shown.mode == _CMYK else shown


def _convert_profile(shown: Image.Image, profile: bytes) -> Image.Image | None:
    # Imported here: it is slow to load, and most builds process no picture.
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        shown = _averageable(shown)
        if source.profile.xcolor_space.strip() != shown.mode.removesuffix("A"):
            return None
        mode = "RGB" if shown.mode == _CMYK else shown.mode
        return ImageCms.profileToProfile(shown, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def make_upright(shown: Image.Image, image: Image.Image) -> Image.Image:
    """Return the picture turned as its Exif orientation says.

    Args:
        shown: the picture as processed so far.
        image: the picture as it was read, with its metadata.
    """
    operation = _UPRIGHT.get(_orientation(image))
    return shown.transpose(operation) if operation is not None else shown


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height of the picture turned as its Exif orientation says, without decoding it."""
    return image.size if _orientation(image) in _STANDING else (image.height, image.width)


def _orientation(image: Image.Image) -> int:
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return int(exif.get(_ORIENTATION, 1))
    except Exception:
        # With damaged metadata the picture is shown as it is.
        return 1


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture file that contains the pixels only.

    Args:
        image: the picture.
        kind: Pillow's name of the format.
        options: options of Pillow for the format that replace the usual ones.
    """
    if kind == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image = image.copy()
    # Pillow would write much of this metadata into the file.
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    stream = BytesIO()
    image.save(stream, kind, **{**_SAVE_OPTIONS[kind], **options})
    return stream.getvalue()
