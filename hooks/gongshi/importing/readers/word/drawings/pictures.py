"""Pictures of a Word document: only the pixels that Word shows are kept, as PNG or JPEG without metadata."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import mammoth
from PIL import Image, ImageChops, ImageDraw

from gongshi.importing.document import BundleFile, Workspace
from gongshi.importing.readers.word.drawings import metafiles
from gongshi.site.images import containers, pixels
from gongshi.site.images.process import MAX_PIXELS

_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_QUALITY: Final = 90
"""Of JPEG pictures that are encoded again; the site encodes them once more when it publishes them."""
_MAX_SCANS: Final = 100
"""The maximum number of scans of a JPEG; each costs the time of a whole picture."""
_SEAL_SIZE: Final = 48
"""Width and height to which a picture is reduced to look at its colours."""
_SEAL_INK: Final = (0.02, 0.75)
"""The part of a picture of a seal that is inked: a ring, a star and letters."""

MetafileRenderer = Callable[[bytes], bytes | None]
"""Turns an EMF or WMF file into a PNG file, such as by LibreOffice; None if it cannot."""


@dataclass(frozen=True)
class Shown:
    """How Word shows a picture."""

    crop: tuple[float, float, float, float] = (0, 0, 0, 0)
    """The parts of its width and height that are cut away at the left, top, right and bottom."""
    rotation: float = 0
    """In degrees, clockwise; applied after the flips."""
    flip_horizontal: bool = False
    flip_vertical: bool = False
    ratio: float = 0
    """Width through height of what is shown, before the rotation; 0 if it is not known."""
    covers: tuple[tuple[float, float, float, float, str], ...] = ()
    """Shapes that lie over it: left, top, right and bottom as parts of what is shown, and the colour."""
    outline: str = "rect"
    """The form to which it is cut, such as `ellipse` (ECMA-376 part 1, 20.1.10.56)."""


@dataclass(frozen=True)
class CleanPicture:
    """A picture as it goes into the entry."""

    content: bytes
    extension: str
    """`png` or `jpg`."""
    is_cropped: bool = False
    """True if pixels were cut away."""
    is_covered: bool = False
    """True if shapes that lie over it were drawn."""
    is_turned: bool = False
    is_animated: bool = False
    """True if only the first of its pictures was kept."""
    is_red: bool = False
    """True if nearly all that it shows is red, as with a seal."""
    width: int = 0
    """In pixels."""


class UnusablePicture(Exception):
    """Error: a picture is damaged, too large or of a format that cannot be converted.

    Args:
        words: the words that it draws, as far as they are known.
    """

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


@dataclass
class PictureStore:
    """Writes pictures into the workspace, each once.

    Args:
        workspace: where they are written.
    """

    workspace: Workspace
    files: list[BundleFile] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def write(self, picture: CleanPicture) -> str:
        """Write a picture, unless the same one was written before, and return its name.

        Args:
            picture: the picture.
        """
        digest = hashlib.sha256(picture.content).hexdigest()
        if digest not in self._names:
            number = len(self.files) + 1
            self._names[digest] = f"picture-{number}.{picture.extension}"
            self.files.append(self.workspace.write(self._names[digest], picture.content))
        return self._names[digest]


def describe(attributes: dict[str, str]) -> str:
    """Return the description of a placed picture, from which `image_converter` makes its attributes.

    Args:
        attributes: those of the element `img` (see `gongshi.importing.document`).
    """
    return json.dumps(attributes, ensure_ascii=False)


def image_converter(workspace: Workspace) -> Callable[[Any], Any]:
    """Return the function that mammoth calls for each picture (`convert_image`).

    Args:
        workspace: where `place_drawings` has written the pictures.
    """

    def attributes(image: Any) -> dict[str, str]:
        found: dict[str, str] = json.loads(image.alt_text)
        if not (workspace.folder / found["src"]).is_file():
            raise FileNotFoundError(found["src"])
        return found

    converter: Callable[[Any], Any] = mammoth.images.img_element(attributes)
    return converter


def clean_picture(content: bytes, shown: Shown, render: MetafileRenderer | None = None) -> CleanPicture:
    """Return a picture as Word shows it, without anything else.

    Args:
        content: the bytes of the file in the document.
        shown: how Word shows it.
        render: converts metafiles that are drawn.

    Raises:
        UnusablePicture: it is damaged, too large or of another format.
    """
    if metafiles.is_metafile(content):
        content = _from_metafile(content, render)
    try:
        if content.startswith(containers.JPEG) and containers.jpeg_scans(content) > _MAX_SCANS:
            raise UnusablePicture
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise UnusablePicture
                return _clean(image, shown)
    except (UnusablePicture, MemoryError):
        raise
    except Exception:
        # Pillow answers damaged pictures with errors of any kind.
        raise UnusablePicture from None


def _from_metafile(content: bytes, render: MetafileRenderer | None) -> bytes:
    found = metafiles.only_picture(content)
    if found and metafiles.can_open(found):
        return found
    rendered = render(content) if render is not None else None
    if rendered is None:
        raise UnusablePicture(metafiles.drawn_words(content))
    return rendered


def _clean(image: Image.Image, shown: Shown) -> CleanPicture:
    is_photo = image.format in ("JPEG", "MPO")
    is_animated = image.format not in ("MPO", "TIFF") and getattr(image, "n_frames", 1) > 1
    image.draft(None, (2 * pixels.LONGER_SIDE, 2 * pixels.LONGER_SIDE))
    image.seek(0)
    image.load()
    picture = pixels.to_srgb(_plain(image), image)
    picture = _upright(picture, image, shown)
    cropped = _crop(picture, shown)
    is_cropped = cropped.size != picture.size or shown.outline == "ellipse"
    picture = _turn(_cut_out(_cover(pixels.fit(cropped), shown), shown), shown)
    picture = _without_hidden_colours(pixels.fit(picture))
    kind = "JPEG" if is_photo and picture.mode in ("L", "RGB") else "PNG"
    options = {"quality": _QUALITY} if kind == "JPEG" else {"optimize": False}
    is_turned = bool(shown.rotation % 360 or shown.flip_horizontal or shown.flip_vertical)
    return CleanPicture(
        pixels.encode(picture, kind, **options),
        "jpg" if kind == "JPEG" else "png",
        is_cropped,
        bool(shown.covers),
        is_turned,
        is_animated,
        _is_red(picture),
        picture.width,
    )


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture in a mode that all steps know."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith(("I", "F")):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("L" if image.mode == "1" else "RGB")


def _upright(picture: Image.Image, image: Image.Image, shown: Shown) -> Image.Image:
    """Turn a photo as its Exif orientation says, if the frame in the document fits that better: programs differ."""
    left, top, right, bottom = shown.crop
    width, height = picture.width * (1 - left - right), picture.height * (1 - top - bottom)
    if not shown.ratio or min(width, height) <= 0 or pixels.upright_size(image) == image.size:
        return picture
    as_it_is, turned = shown.ratio * height / width, shown.ratio * width / height
    fits = max(as_it_is, 1 / as_it_is) <= max(turned, 1 / turned)
    return picture if fits else pixels.make_upright(picture, image)


def _crop(picture: Image.Image, shown: Shown) -> Image.Image:
    left, top, right, bottom = (max(0.0, each) for each in shown.crop)
    box = (
        round(left * picture.width),
        round(top * picture.height),
        round((1 - right) * picture.width),
        round((1 - bottom) * picture.height),
    )
    if box[2] <= box[0] or box[3] <= box[1]:
        raise UnusablePicture
    return picture if box == (0, 0, *picture.size) else picture.crop(box)


def _cut_out(picture: Image.Image, shown: Shown) -> Image.Image:
    """Make what lies outside of an ellipse transparent."""
    if shown.outline != "ellipse":
        return picture
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, picture.width - 1, picture.height - 1), fill=255)
    picture = picture.convert("RGBA")
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), mask))
    return picture


def _cover(picture: Image.Image, shown: Shown) -> Image.Image:
    """Draw the shapes that lie over a picture: they may hide what is not meant to be seen."""
    if not shown.covers:
        return picture
    picture = picture.convert("RGB" if picture.mode != "RGBA" else "RGBA")
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom, colour in shown.covers:
        width, height = picture.size
        draw.rectangle((left * width, top * height, right * width, bottom * height), fill=colour)
    return picture


def _turn(picture: Image.Image, shown: Shown) -> Image.Image:
    if shown.flip_horizontal:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if shown.flip_vertical:
        picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    angle = shown.rotation % 360
    quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    if angle in quarters:
        return picture.transpose(quarters[int(angle)])
    if angle:
        return picture.convert("RGBA").rotate(-angle, Image.Resampling.BICUBIC, expand=True)
    return picture


def _without_hidden_colours(picture: Image.Image) -> Image.Image:
    """Remove the colours of transparent pixels, which could show what was erased; and transparency that is not used."""
    if picture.mode != "RGBA":
        return picture
    alpha = picture.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return picture.convert("RGB")
    visible = alpha.point(lambda value: 255 if value else 0)
    return Image.composite(picture, Image.new("RGBA", picture.size, (255, 255, 255, 0)), visible)


def _is_red(picture: Image.Image) -> bool:
    """Tell if most of the pixels that differ from white paper are red."""
    small = picture.convert("RGBA").resize((_SEAL_SIZE, _SEAL_SIZE))
    paper = Image.new("RGBA", small.size, "white")
    data = Image.alpha_composite(paper, small).convert("RGB").tobytes()
    inked = [(data[n], data[n + 1], data[n + 2]) for n in range(0, len(data), 3) if min(data[n : n + 3]) < 200]
    red = [each for each in inked if each[0] > 120 and each[0] - max(each[1:]) > 50]
    return _SEAL_INK[0] < 3 * len(inked) / len(data) < _SEAL_INK[1] and len(red) > 0.8 * len(inked)
