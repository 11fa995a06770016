"""Processing of approved pictures: only the pixels are published, without place, time and camera."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, TypeVar

from PIL import Image, __version__, features

from gongshi.domain.config.attachment_types import OTHER_PICTURES
from gongshi.domain.content.paths import collation_key
from gongshi.site.images import containers, gps, pixels
from gongshi.site.images.faults import MediaFault, shape_text
from gongshi.site.images.pixels import LONGER_SIDE

WIDTHS = (480, 960, 1920)
"""Of smaller copies, in pixels; only panoramas are wide enough for the largest."""
_MIN_RATIO = 1.5
"""The picture must be this many times wider than a copy: otherwise the copy saves little."""
MAX_PIXELS = 40_000_000
MAX_ANIMATION_PIXELS = 5 * MAX_PIXELS
"""Maximum over all frames of an animation; one frame at a time is in memory."""

LONG = 5
"""A picture that is this many times as tall as wide, or the reverse, gets advice."""
_WEBP_SIDE = 16_383
"""Maximum of width and height of a WebP, in pixels (RFC 9649, 2.6)."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_ENDINGS = frozenset((".apng", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".webp"))
_MAX_SCANS = 100
"""Maximum number of scans in a JPEG; cameras and editors write a dozen at most."""
_STRIP = {"PNG": containers.strip_png, "WEBP": containers.strip_webp, "GIF": containers.strip_gif}
_Result = TypeVar("_Result")
_COPY_OPTIONS = {"quality": 78, "method": 1}
_COPY_NAME = re.compile(rf".*\.({'|'.join(map(str, WIDTHS))})(-\d+)?\.webp")
"""Names of smaller copies, as `_free_name` makes them."""


@dataclass(frozen=True)
class SmallerCopy:
    """A smaller copy of a picture, in WebP."""

    width: int
    """In pixels."""
    name: str
    """Relative to the bundle's folder, like the name of the picture."""
    content: bytes


@dataclass(frozen=True)
class PublishedImage:
    """The published form of a picture."""

    content: bytes
    """The bytes at the picture's own address."""
    width: int
    """In pixels."""
    height: int
    smaller: tuple[SmallerCopy, ...] = ()
    """The smaller copies, the smallest first."""


class _TooLarge(Exception):
    """Error: a picture has too many pixels, frames or scans."""


def process_image(name: str, content: bytes, taken: Collection[str] = ()) -> PublishedImage | MediaFault | None:
    """Return the published form of a picture, a fault if it cannot be published, or None for any other file.

    The result depends only on the arguments and on `encoders()`.

    Args:
        name: relative to the bundle's folder.
        content: the approved bytes.
        taken: names of all files in the bundle's folder, relative to it, which no copy may have.

    Raises:
        MemoryError: the machine has too little memory; the picture may be correct.
    """
    kind = _detect_kind(name, content)
    if kind == "SVG":
        return _process_svg(content)
    if not isinstance(kind, str):
        return kind
    return _decode(content, kind, lambda image: _published_image(name, content, kind, image, taken))


def find_fault(name: str, content: bytes) -> MediaFault | None:
    """Return the fault that `process_image` would find, without encoding anything; None for a picture without a fault.

    Args:
        name: relative to the bundle's folder.
        content: its bytes.

    Raises:
        MemoryError: the machine has too little memory; the picture may be correct.
    """
    kind = _detect_kind(name, content)
    if kind == "SVG":
        return None if svg_is_safe(content) else MediaFault.ACTIVE
    if not isinstance(kind, str):
        return kind
    found = _decode(content, kind, lambda image: _decode_all(image, content, kind, (1, 1)))
    return found if isinstance(found, MediaFault) else None


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, JPEG, GIF, WebP or BMP picture; None for anything else.

    Args:
        content: the bytes of a file, whatever its name. Only the head is read, the picture is not decoded.

    Raises:
        MemoryError: the machine is short of memory.
    """
    return _head(content, lambda image: image.size)


def _head(content: bytes, read: Callable[[Image.Image], tuple[int, int]]) -> tuple[int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=(*_FORMATS, "BMP")) as image:
                return read(image)
    except MemoryError:
        raise
    except Exception:
        # Pillow answers damaged pictures with errors of any kind.
        return None


def shape_advice(content: bytes) -> str | None:
    """Return advice on a picture that is so long that few can read it; None for any other file.

    Args:
        content: the bytes of a file. Only the head is read, the picture is not decoded.

    Raises:
        MemoryError: the machine is short of memory.
    """
    size = _head(content, pixels.upright_size)
    return shape_text(*size) if size and max(size) >= LONG * min(size) else None


def is_named_as_copy(path: str) -> bool:
    """Tell if a file, or a folder above it, has a name that smaller copies of pictures get.

    Args:
        path: any path, with `/`.
    """
    return ".webp" in path.lower() and any(_COPY_NAME.fullmatch(part) for part in collation_key(path).split("/"))


def svg_is_safe(content: bytes) -> bool:
    """Tell if a drawing can be read and has no script, handler, foreign object or reference to another file.

    Args:
        content: bytes of an SVG file.
    """
    # Imported here: it is slow to load, and few units have drawings.
    from gongshi.site.images import svg

    return (
        svg.sanitize_svg(content, lambda picture: None if find_fault("embedded.png", picture) else picture) is not None
    )


def has_position(content: bytes) -> bool:
    """Tell if a picture contains a GPS position, for advice; the published picture never does.

    Args:
        content: bytes of a file; False if it is not a picture.
    """
    return isinstance(_detect_kind("", content), str | MediaFault) and gps.has_gps_position(content)


def encoders() -> dict[str, str]:
    """Return the versions of all libraries that affect the bytes of published pictures, by name."""
    parts = {"libjpeg": "libjpeg_turbo", "libwebp": "webp", "zlib": "zlib_ng" if features.check("zlib_ng") else "zlib"}
    found = {name: features.version(part) for name, part in parts.items()}
    return {"pillow": __version__, **{name: version for name, version in found.items() if version}}


def _detect_kind(name: str, content: bytes) -> str | MediaFault | None:
    """Return Pillow's name of the format, `SVG`, a fault, or None for a file that is not a picture."""
    ending = PurePosixPath(name.lower()).suffix
    if content.startswith(containers.JPEG):
        return "JPEG"
    if content.startswith(containers.PNG):
        return "PNG"
    if content.startswith(containers.GIF):
        return "GIF"
    if content[:4] + content[8:12] == b"RIFFWEBP":
        return "WEBP"
    if containers.is_unsupported(content):
        return MediaFault.FORMAT
    if ending in (".svg", ".svgz"):
        return "SVG"
    if ending[1:] in OTHER_PICTURES:
        return MediaFault.FORMAT
    return MediaFault.DAMAGED if ending in _ENDINGS else None


def _decode(content: bytes, kind: str, read: Callable[[Image.Image], _Result]) -> _Result | MediaFault:
    try:
        with _open(content, kind) as image:
            return read(image)
    except (_TooLarge, containers.TooManyFrames, Image.DecompressionBombError):
        return MediaFault.TOO_LARGE
    except MemoryError:
        raise
    except Exception:
        # Pillow raises errors of any kind for damaged pictures.
        return MediaFault.DAMAGED


@contextmanager
def _open(content: bytes, kind: str) -> Iterator[Image.Image]:
    if kind == "PNG":
        content = containers.strip_png(content, also=(b"iCCP", b"eXIf"))
    if kind == "JPEG" and containers.jpeg_scans(content) > _MAX_SCANS:
        raise _TooLarge
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            _check_size(image)
            yield image


def _decode_all(image: Image.Image, content: bytes, kind: str, enough: tuple[int, int]) -> bytes | None:
    """Decode all frames of a picture; return it without metadata if its format allows that without a new encoding.

    Args:
        image: the opened picture.
        content: its bytes.
        kind: Pillow's name of its format.
        enough: width and height that are needed; a JPEG may be decoded at a size not much larger than that.
    """
    stripped = _STRIP[kind](content) if kind in _STRIP else None
    frames = _frame_count(image)
    total = frames * image.width * image.height
    if (
        frames > containers.MAX_FRAMES
        or total > MAX_ANIMATION_PIXELS
        or (frames > 1 and pixels.fitted_size(image.size) != image.size and total > MAX_PIXELS)
    ):
        raise _TooLarge
    image.draft(None, enough)
    for number in range(frames) if frames > 1 else ():
        image.seek(number)
        _check_size(image)
        image.load()
    image.seek(0)
    _check_size(image)
    image.load()
    return stripped


def _frame_count(image: Image.Image) -> int:
    """Return the number of frames; further pictures that cameras add to a JPEG are not frames."""
    return 1 if image.format in ("JPEG", "MPO") else getattr(image, "n_frames", 1)


def _check_size(image: Image.Image) -> None:
    """Refuse a frame that is too large; it may be larger than the header of the file says."""
    if image.width * image.height > MAX_PIXELS:
        raise _TooLarge


def _published_image(
    name: str, content: bytes, kind: str, image: Image.Image, taken: Collection[str]
) -> PublishedImage:
    stripped = _decode_all(image, content, kind, (2 * LONGER_SIDE, 2 * LONGER_SIDE))
    if _frame_count(image) > 1:
        return _animation(image, kind, stripped or b"")
    shown = pixels.make_upright(pixels.to_srgb(pixels.fit(image), image), image)
    if stripped and shown is image and (kind in ("GIF", "WEBP") or containers.is_16_bit(content)):
        published = stripped
    else:
        published = pixels.encode(shown, kind)
    return PublishedImage(published, *shown.size, tuple(_smaller_copies(name, shown, len(published), taken)))


def _smaller_copies(name: str, shown: Image.Image, size: int, taken: Collection[str]) -> list[SmallerCopy]:
    """Return the smaller copies of a picture, except those that would have no fewer bytes than the picture."""
    names = {collation_key(other) for other in taken}
    found: list[SmallerCopy] = []
    copy = shown
    # Each copy is made from the next larger one: to resize a large picture takes most of the time.
    for width in sorted(WIDTHS, reverse=True):
        if shown.width >= _MIN_RATIO * width:
            height = max(1, round(shown.height * width / shown.width))
            if height > _WEBP_SIDE:
                continue
            copy = pixels.resize(copy, (width, height), Image.Resampling.HAMMING)
            content = pixels.encode(copy, "WEBP", **_COPY_OPTIONS)
            if len(content) < size:
                found.append(SmallerCopy(width, _free_name(name, width, names), content))
    return found[::-1]


def _free_name(name: str, width: int, taken: Collection[str]) -> str:
    """Return an unused name for a copy. It contains the picture's whole name, so that no two pictures get the same."""
    number, found = 1, f"{name}.{width}.webp"
    while any(other == collation_key(found) or other.startswith(collation_key(found) + "/") for other in taken):
        number += 1
        found = f"{name}.{width}-{number}.webp"
    return found


def _animation(image: Image.Image, kind: str, stripped: bytes) -> PublishedImage:
    size = pixels.fitted_size(image.size)
    if size == image.size:
        return PublishedImage(stripped, *size)
    frames, durations = [], []
    for number in range(_frame_count(image)):
        image.seek(number)
        frames.append(image.convert("RGBA").resize(size, Image.Resampling.LANCZOS))
        durations.append(int(image.info.get("duration", 100)))
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    for frame in frames:
        frame.info = {}
    return PublishedImage(pixels.encode(frames[0], kind, **options), *size)


def _process_svg(content: bytes) -> PublishedImage | MediaFault:
    from gongshi.site.images import svg

    drawing = svg.sanitize_svg(content, _process_embedded)
    return PublishedImage(drawing.content, drawing.width, drawing.height) if drawing else MediaFault.ACTIVE


def _process_embedded(content: bytes) -> bytes | None:
    image = process_image("embedded.png", content)
    return image.content if isinstance(image, PublishedImage) else None
