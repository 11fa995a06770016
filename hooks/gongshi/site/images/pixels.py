"""Changes to pixels: smaller size, orientation, sRGB colours; and encoding without metadata."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

LONGER_SIDE = 2000
"""Maximum of width and height of a published picture, in pixels."""

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
_ORIENTATION = 0x0112
_CMYK = "CMYK"
_SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 82, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 82, "method": 4},
    "GIF": {"optimize": True},
}


def fit(image: Image.Image) -> Image.Image:
    """Return the picture with its longer side at most `LONGER_SIDE`."""
    if max(image.size) <= LONGER_SIDE:
        return image
    return resize(image, fitted_size(image.size))


def fitted_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return width and height that a too large picture gets."""
    scale = LONGER_SIDE / max(size)
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
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        operation = _UPRIGHT.get(exif.get(_ORIENTATION, 1))
    except Exception:
        # With damaged metadata the picture is shown as it is.
        return shown
    return shown.transpose(operation) if operation is not None else shown


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
