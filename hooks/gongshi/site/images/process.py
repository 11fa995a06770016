"""What of an approved picture is published: its pixels, and nothing of where, when and with what it was taken."""

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
from gongshi.site.images.faults import Fault
from gongshi.site.images.pixels import LONGER_SIDE

WIDTHS = (480, 960)
_WORTH = 1.5
"""How many times wider the picture must be: else a copy saves little and takes as long to make."""
PIXELS = 40_000_000
ALL_PIXELS = 5 * PIXELS
"""Over all frames of an animation, of which one at a time is in memory."""

_READ = ("JPEG", "PNG", "WEBP", "GIF")
_NAMES = frozenset((".apng", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".webp"))
_SCANS = 100
"""How often a JPEG may go over the picture; cameras and editors do it a dozen times at most."""
_FRAMES = containers.FRAMES
_STRIPPED = {"PNG": containers.png, "WEBP": containers.webp, "GIF": containers.gif}
_Made = TypeVar("_Made")
_SMALLER = {"quality": 78, "method": 1}
_COPY = re.compile(rf".*\.({'|'.join(map(str, WIDTHS))})(-\d+)?\.webp")
"""Names of narrower copies, as `_free_name` makes them."""


@dataclass(frozen=True)
class Smaller:
    """A narrower copy of a picture, in WebP."""

    width: int
    """In pixels."""
    name: str
    """Relative to the bundle's folder, as the picture's own name."""
    content: bytes


@dataclass(frozen=True)
class Rendition:
    """What is published of a picture."""

    content: bytes
    """The bytes at the picture's own address."""
    width: int
    """In pixels."""
    height: int
    smaller: tuple[Smaller, ...] = ()
    """The narrower copies, the narrowest first."""


class _TooLarge(Exception):
    pass


def published(name: str, content: bytes, taken: Collection[str] = ()) -> Rendition | Fault | None:
    """What is published of a file that may be a picture; None where it is none and is published as it is.

    A pure function of its arguments and `encoders()`.

    Args:
        name: relative to the bundle's folder.
        content: the approved bytes.
        taken: the names of all files in the bundle's folder, relative to it.

    Raises:
        MemoryError: the machine is short of memory; this says nothing about the picture.
    """
    kind = _kind(name, content)
    if kind == "SVG":
        return _drawing(content)
    if not isinstance(kind, str):
        return kind
    return _tried(content, kind, lambda image: _rendition(name, content, kind, image, taken))


def fault(name: str, content: bytes) -> Fault | None:
    """Why a picture would not be published, without making what is published; None where it would, or is no picture.

    Args:
        name: relative to the bundle's folder.
        content: its bytes.

    Raises:
        MemoryError: the machine is short of memory; this says nothing about the picture.
    """
    kind = _kind(name, content)
    if kind == "SVG":
        return None if svg_is_safe(content) else Fault.ACTIVE
    if not isinstance(kind, str):
        return kind
    found = _tried(content, kind, lambda image: _read_to_the_end(image, content, kind, (1, 1)))
    return found if isinstance(found, Fault) else None


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, JPEG, GIF, WebP or BMP picture; None for anything else.

    Args:
        content: the bytes of a file, whatever its name. Only the head is read, the picture is not decoded.

    Raises:
        MemoryError: the machine is short of memory.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=(*_READ, "BMP")) as image:
                return image.size
    except MemoryError:
        raise
    except Exception:
        # Pillow answers damaged pictures with errors of any kind.
        return None


def is_named_as_copy(path: str) -> bool:
    """Tell whether a file, or a folder in which it lies, has such a name as narrower copies of pictures get.

    Args:
        path: any path, with `/`.
    """
    return ".webp" in path.lower() and any(_COPY.fullmatch(part) for part in collation_key(path).split("/"))


def svg_is_safe(content: bytes) -> bool:
    """Whether a drawing can be read and holds no script, handler, foreign object or reference to anything outside.

    Args:
        content: the bytes of an SVG file.
    """
    # Slow to load, and few units have drawings.
    from gongshi.site.images import svg

    return svg.cleaned(content, lambda picture: None if fault("embedded.png", picture) else picture) is not None


def has_position(content: bytes) -> bool:
    """Whether a picture says where it was taken, for advice: what is published of it never does.

    Args:
        content: the bytes of a file; where they are no picture, the answer is no.
    """
    return isinstance(_kind("", content), str | Fault) and gps.holds(content)


def encoders() -> dict[str, str]:
    """The versions of everything that the bytes of published pictures hang on, by name."""
    parts = {"libjpeg": "libjpeg_turbo", "libwebp": "webp", "zlib": "zlib_ng" if features.check("zlib_ng") else "zlib"}
    found = {name: features.version(part) for name, part in parts.items()}
    return {"pillow": __version__, **{name: version for name, version in found.items() if version}}


def _kind(name: str, content: bytes) -> str | Fault | None:
    """Pillow's name of the format, `SVG`, why the picture is not published, or None for what is no picture."""
    ending = PurePosixPath(name.lower()).suffix
    if content.startswith(containers.JPEG):
        return "JPEG"
    if content.startswith(containers.PNG):
        return "PNG"
    if content.startswith(containers.GIF):
        return "GIF"
    if content[:4] + content[8:12] == b"RIFFWEBP":
        return "WEBP"
    if containers.is_foreign(content):
        return Fault.FORMAT
    if ending in (".svg", ".svgz"):
        return "SVG"
    if ending[1:] in OTHER_PICTURES:
        return Fault.FORMAT
    return Fault.DAMAGED if ending in _NAMES else None


def _tried(content: bytes, kind: str, read: Callable[[Image.Image], _Made]) -> _Made | Fault:
    try:
        with _opened(content, kind) as image:
            return read(image)
    except (_TooLarge, containers.TooMany, Image.DecompressionBombError):
        return Fault.TOO_LARGE
    except MemoryError:
        raise
    except Exception:
        # Pillow answers damaged pictures with errors of any kind.
        return Fault.DAMAGED


@contextmanager
def _opened(content: bytes, kind: str) -> Iterator[Image.Image]:
    if kind == "PNG":
        content = containers.png(content, also=(b"iCCP", b"eXIf"))
    if kind == "JPEG" and containers.jpeg_scans(content) > _SCANS:
        raise _TooLarge
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content), formats=_READ) as image:
            _require_size(image)
            yield image


def _read_to_the_end(image: Image.Image, content: bytes, kind: str, enough: tuple[int, int]) -> bytes | None:
    """Read all of a picture; for kinds whose blocks can be left out one by one, what is left.

    Args:
        image: opened.
        content: its bytes.
        kind: Pillow's name of its format.
        enough: the size in which it is needed; it may come out larger.
    """
    stripped = _STRIPPED[kind](content) if kind in _STRIPPED else None
    frames = _frames(image)
    total = frames * image.width * image.height
    if frames > _FRAMES or total > ALL_PIXELS or (frames > 1 and max(image.size) > LONGER_SIDE and total > PIXELS):
        raise _TooLarge
    image.draft(None, enough)
    for number in range(frames) if frames > 1 else ():
        image.seek(number)
        _require_size(image)
        image.load()
    image.seek(0)
    _require_size(image)
    image.load()
    return stripped


def _frames(image: Image.Image) -> int:
    """How many frames move; the further pictures that cameras put into a JPEG are none."""
    return 1 if image.format in ("JPEG", "MPO") else getattr(image, "n_frames", 1)


def _require_size(image: Image.Image) -> None:
    """A frame may be larger than what the head of the file says."""
    if image.width * image.height > PIXELS:
        raise _TooLarge


def _rendition(name: str, content: bytes, kind: str, image: Image.Image, taken: Collection[str]) -> Rendition:
    stripped = _read_to_the_end(image, content, kind, (2 * LONGER_SIDE, 2 * LONGER_SIDE))
    if _frames(image) > 1:
        return _animation(image, kind, stripped or b"")
    shown = pixels.upright(pixels.in_srgb(pixels.fitted(image), image), image)
    if stripped and shown is image and (kind in ("GIF", "WEBP") or containers.is_deep(content)):
        made = stripped
    else:
        made = pixels.saved(shown, kind)
    return Rendition(made, *shown.size, tuple(_smaller(name, shown, len(made), taken)))


def _smaller(name: str, shown: Image.Image, size: int, taken: Collection[str]) -> list[Smaller]:
    """The narrower copies, those left out that would be no lighter than the picture."""
    names = {collation_key(other) for other in taken}
    found: list[Smaller] = []
    narrow = shown
    # Each is made of the one before: of a large picture, narrowing takes longer than everything else.
    for width in sorted(WIDTHS, reverse=True):
        if shown.width >= _WORTH * width:
            height = max(1, round(shown.height * width / shown.width))
            narrow = pixels.narrowed(narrow, (width, height), Image.Resampling.HAMMING)
            content = pixels.saved(narrow, "WEBP", **_SMALLER)
            if len(content) < size:
                found.append(Smaller(width, _free_name(name, width, names), content))
    return found[::-1]


def _free_name(name: str, width: int, taken: Collection[str]) -> str:
    """The whole name stays in it, so that no two pictures of a bundle claim the same."""
    number, found = 1, f"{name}.{width}.webp"
    while any(other == collation_key(found) or other.startswith(collation_key(found) + "/") for other in taken):
        number += 1
        found = f"{name}.{width}-{number}.webp"
    return found


def _animation(image: Image.Image, kind: str, stripped: bytes) -> Rendition:
    if max(image.size) <= LONGER_SIDE:
        return Rendition(stripped, *image.size)
    size = pixels.within(image.size)
    frames, durations = [], []
    for number in range(_frames(image)):
        image.seek(number)
        frames.append(image.convert("RGBA").resize(size, Image.Resampling.LANCZOS))
        durations.append(int(image.info.get("duration", 100)))
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    for frame in frames:
        frame.info = {}
    return Rendition(pixels.saved(frames[0], kind, **options), *size)


def _drawing(content: bytes) -> Rendition | Fault:
    from gongshi.site.images import svg

    drawing = svg.cleaned(content, _embedded)
    return Rendition(drawing.content, drawing.width, drawing.height) if drawing else Fault.ACTIVE


def _embedded(content: bytes) -> bytes | None:
    made = published("embedded.png", content)
    return made.content if isinstance(made, Rendition) else None
