"""Makes the picture of a photo that goes into the entry: written anew, without place, time, device and owner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PIL import Image

from gongshi.common.hashing import sha256
from gongshi.importing.readers.photos.times import TakenTime, taken_time
from gongshi.importing.readers.pictures import decoding
from gongshi.importing.readers.pictures.cleaning import CleanedPicture, encode_picture, shown_picture
from gongshi.site.images import pixels, process
from gongshi.site.images.process import LONG, WIDTHS, PublishedImage

_PNG_FACTOR = 2
"""A picture that was lossless stays PNG unless that has more than this many times the bytes of a JPEG: lettering and
drawings have fewer in PNG, photos many more."""
_LOSSLESS: Final = frozenset(("PNG", "GIF", "BMP", "TIFF"))
_ANIMATED: Final = {"GIF": "gif", "WEBP": "webp", "PNG": "png"}
_SMALL = WIDTHS[0]
"""A picture whose longer side has fewer pixels is a preview or an icon."""
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286
_SCREENSHOT: Final = re.compile(r"screen[ _-]?shot|截屏|截图|截圖|屏幕快照|螢幕|^IMG_[0-9]{4}\.PNG$", re.IGNORECASE)
"""Names of screenshots; `IMG_0001.PNG` is one of an iPhone, whose photos are no PNG."""
_FILM_INSIDE: Final = re.compile(rb"ftyp(?:mp4[0-9]|iso[0-9m]|qt  |avc1|3gp[0-9])")
"""The beginning of a film, which follows the picture in one file (Android, Motion Photo format 1.0)."""
_FILM_BRAND_AT = 64
"""A film that begins before would be the file itself."""


class PhotoNote(Enum):
    """Something that the editor should know about a picture."""

    SCREENSHOT = "screenshot"
    SMALL = "small"
    LONG = "long"
    MOVING = "moving"
    """A film inside was left out."""
    STILL = "still"
    """Of an animation, or of several pictures in one file, the first was taken."""


@dataclass(frozen=True)
class PreparedPhoto:
    """A picture for the entry."""

    content: bytes
    ending: str
    """Extension for its name, without the dot."""
    pixel_digest: str
    """SHA-256 of what it shows."""
    size: tuple[int, int]
    """Width and height of the original, in pixels."""
    taken: TakenTime | None
    notes: frozenset[PhotoNote]


def prepare_photo(name: str, content: bytes) -> PreparedPhoto:
    """Return the picture of a photo for the entry.

    Args:
        name: the name of the file.
        content: its bytes.

    Raises:
        Unusable: it is damaged or too large, or a library is missing.
        MemoryError: the machine has too little memory.
    """
    with decoding.open_picture(content) as image:
        kind = decoding.format_of(content[: decoding.HEAD_BYTES]) or ""
        size = pixels.upright_size(image)
        exif = _exif(image)
        taken, notes = taken_time(exif, name), _notes(name, content, size, exif)
        if _frames(image) > 1:
            if kind in _ANIMATED and (moving := _animation(content, kind)):
                return PreparedPhoto(moving, _ANIMATED[kind], sha256(moving), size, taken, frozenset(notes))
            notes.add(PhotoNote.STILL)
        shown = shown_picture(image)
        digest = sha256(f"{shown.mode} {shown.size} ".encode() + shown.tobytes())
        written = _encode(shown, kind)
    return PreparedPhoto(written.content, written.ending, digest, size, taken, frozenset(notes))


def _exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except MemoryError:
        raise
    except Exception:
        # A picture with damaged metadata is taken nevertheless.
        return Image.Exif()


def _notes(name: str, content: bytes, size: tuple[int, int], exif: Image.Exif) -> set[PhotoNote]:
    tests = {
        PhotoNote.SCREENSHOT: _SCREENSHOT.search(name) is not None or _says_screenshot(exif),
        PhotoNote.SMALL: max(size) < _SMALL,
        PhotoNote.LONG: max(size) >= LONG * min(size),
        PhotoNote.MOVING: _FILM_INSIDE.search(content, _FILM_BRAND_AT) is not None,
    }
    return {note for note, is_so in tests.items() if is_so}


def _says_screenshot(exif: Image.Exif) -> bool:
    """Tell if the comment says that the picture is a screenshot, as iPhones write it."""
    try:
        comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT, b"")
    except Exception:
        # Pillow answers damaged data with errors of any kind.
        return False
    return "screenshot" in (comment.decode("latin-1") if isinstance(comment, bytes) else str(comment)).lower()


def _frames(image: Image.Image) -> int:
    """Return the number of pictures in a file; further ones that cameras add to a JPEG are not counted."""
    return 1 if image.format in ("JPEG", "MPO") else getattr(image, "n_frames", 1)


def _animation(content: bytes, kind: str) -> bytes | None:
    found = process.process_image(f"x.{_ANIMATED[kind]}", content)
    return found.content if isinstance(found, PublishedImage) else None


def _encode(shown: Image.Image, kind: str) -> CleanedPicture:
    """Return a picture as a file; one that was lossless stays so, unless that takes far more room."""
    photo = encode_picture(shown, is_photo=True)
    if kind in _LOSSLESS and photo.ending != "png":
        drawn = encode_picture(shown, is_photo=False)
        return drawn if len(drawn.content) <= _PNG_FACTOR * len(photo.content) else photo
    return photo
