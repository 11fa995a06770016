"""Pictures of a Word document: only the pixels that Word shows are kept, as PNG or JPEG without metadata."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import mammoth
from PIL import Image, ImageChops, ImageDraw

from gongshi.importing.document import BundleFile, Workspace
from gongshi.importing.readers.pictures.cleaning import encode_picture, load_picture
from gongshi.importing.readers.pictures.decoding import open_picture
from gongshi.importing.readers.pictures.faults import Unusable
from gongshi.importing.readers.pictures.seals import is_red
from gongshi.importing.readers.word.pictures import metafiles
from gongshi.site.images import pixels

MetafileRenderer = Callable[[bytes], bytes | None]
"""Renders an EMF or WMF file as PNG, such as by LibreOffice; returns None if it cannot."""


@dataclass(frozen=True)
class Shown:
    """The crop, rotation and outline with which Word shows a picture."""

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
    is_rendered: bool = False
    """True if it was a drawing that consists of lines and words."""
    words: str = ""
    """The words in the drawing that it was."""
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
        render: renders metafiles that are drawn; None if no program can.

    Raises:
        UnusablePicture: it is damaged, too large or of another format.
    """
    if metafiles.is_metafile(content):
        inside = metafiles.picture_inside(content)
        return _render(content, shown, render) if inside is None else _clean_bitmap(inside, shown)
    return _clean_bitmap(content, shown)


def _render(content: bytes, shown: Shown, render: MetafileRenderer | None) -> CleanPicture:
    rendered = render(content) if render is not None else None
    words = metafiles.drawn_words(content)
    if rendered is None:
        raise UnusablePicture(words)
    return replace(_clean_bitmap(rendered, shown), is_rendered=True, words=words)


def _clean_bitmap(content: bytes, shown: Shown) -> CleanPicture:
    try:
        with open_picture(content) as image:
            return _clean(image, shown)
    except Unusable:
        raise UnusablePicture from None


def _clean(image: Image.Image, shown: Shown) -> CleanPicture:
    is_photo = image.format in ("JPEG", "MPO")
    is_animated = image.format not in ("MPO", "TIFF") and getattr(image, "n_frames", 1) > 1
    load_picture(image, (2 * pixels.LONGER_SIDE, 2 * pixels.LONGER_SIDE))
    picture = pixels.to_srgb(_plain(image), image)
    picture = _upright(picture, image, shown)
    cropped = _crop(picture, shown)
    is_cropped = cropped.size != picture.size or shown.outline == "ellipse"
    picture = _turn(_cut_out(_cover(pixels.fit(cropped), shown), shown), shown)
    picture = pixels.fit(picture)
    written = encode_picture(picture, is_photo)
    is_turned = bool(shown.rotation % 360 or shown.flip_horizontal or shown.flip_vertical)
    return CleanPicture(
        written.content,
        written.ending,
        is_cropped,
        bool(shown.covers),
        is_turned,
        is_animated,
        is_red(picture),
        width=picture.width,
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
