"""Pixels: narrower, upright, in the colours that browsers take for granted, and written down alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

LONGER_SIDE = 2000
"""Of what is published, in pixels."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by the value of `Orientation` (Exif 2.32, tag 0x0112)."""
_ORIENTATION = 0x0112
_CMYK = "CMYK"
_SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 82, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 82, "method": 4},
    "GIF": {"optimize": True},
}


def fitted(image: Image.Image) -> Image.Image:
    """The picture, its longer side at most `LONGER_SIDE`."""
    if max(image.size) <= LONGER_SIDE:
        return image
    return narrowed(image, within(image.size))


def within(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a larger picture once it is fitted."""
    share = LONGER_SIDE / max(size)
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def narrowed(
    image: Image.Image, size: tuple[int, int], sampling: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """The picture in a smaller size.

    Args:
        image: read to its end.
        size: width and height in pixels.
        sampling: how pixels are averaged.
    """
    return _smooth(image).resize(size, sampling, reducing_gap=3.0)


def _smooth(image: Image.Image) -> Image.Image:
    """A picture whose colours can be averaged."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image if image.mode in ("L", "RGB", _CMYK) else image.convert("L" if image.mode == "1" else "RGB")


def in_srgb(shown: Image.Image, image: Image.Image) -> Image.Image:
    """The picture in the colours that browsers take for granted where a picture names none.

    Args:
        shown: the picture.
        image: as it was read, with its profile.
    """
    profile = image.info.get("icc_profile")
    if profile and (changed := _converted(shown, profile)):
        return changed
    return shown.convert("RGB") if shown.mode == _CMYK else shown


def _converted(shown: Image.Image, profile: bytes) -> Image.Image | None:
    # Slow to load, and most builds make no picture anew.
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).lower():
            return None
        shown = _smooth(shown)
        if own.profile.xcolor_space.strip() != shown.mode.removesuffix("A"):
            return None
        mode = "RGB" if shown.mode == _CMYK else shown.mode
        return ImageCms.profileToProfile(shown, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def upright(shown: Image.Image, image: Image.Image) -> Image.Image:
    """The picture as the camera was held.

    Args:
        shown: the picture.
        image: as it was read, with what the camera noted.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        turn = _TURNS.get(exif.get(_ORIENTATION, 1))
    except Exception:
        # Whatever is wrong with what the camera noted, the picture itself can be seen.
        return shown
    return shown.transpose(turn) if turn is not None else shown


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture file that holds the pixels alone.

    Args:
        image: the picture.
        kind: Pillow's name of the format.
        options: of Pillow's for the format, in place of the usual ones.
    """
    if kind == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image = image.copy()
    # Pillow would write down much of what it finds here.
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    stream = BytesIO()
    image.save(stream, kind, **{**_SAVED[kind], **options})
    return stream.getvalue()
