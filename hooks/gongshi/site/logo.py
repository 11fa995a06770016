"""The unit's logo: read from `hooks/`, cleaned like every picture of the site, and small enough for each page."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from gongshi.common.errors import InvalidInput, Problem
from gongshi.common.files import read_file
from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.i18n import gettext as _
from gongshi.site.images import pixels, process

_KEY = "unit.logo"
_SHOWN_HEIGHT = 40
"""In CSS pixels, as in site.css."""
_SIZE = (512, 128)
"""The largest published PNG, in pixels: three times as high as it is shown, for fine screens and for search engines."""
_MAX_FILE = 1 << 20
_MAX_PIXELS = 4_000_000
_MAX_PUBLISHED = 24 << 10
"""In bytes: the logo comes with the first page that a reader sees."""
_SQUARE = 1.25
"""Up to this ratio of the longer to the shorter side a logo also serves as icon."""


@dataclass(frozen=True)
class Logo:
    """The published logo."""

    content: bytes
    kind: str
    """`svg` or `png`."""
    width: int
    """In pixels."""
    height: int

    @property
    def path(self) -> str:
        """Its place, relative to the site."""
        return f"assets/gongshi/logo.{self.kind}"

    @property
    def media_type(self) -> str:
        """The type that a page names for it."""
        return "image/svg+xml" if self.kind == "svg" else "image/png"

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height in the header, in CSS pixels."""
        return max(1, round(self.width * _SHOWN_HEIGHT / self.height)), _SHOWN_HEIGHT

    @property
    def is_square(self) -> bool:
        """True if it is about as wide as high, so that it can be read as a small icon."""
        return max(self.width, self.height) <= _SQUARE * min(self.width, self.height)


def load(configuration: Configuration) -> Logo | None:
    """Read and clean the logo; None if the unit has none.

    Args:
        configuration: the unit's configuration.

    Raises:
        InvalidInput: it cannot be shown.
    """
    path = configuration.policy.unit.logo
    if path is None:
        return None
    content, message = _read(configuration.root, path)
    found = message or _processed(PurePosixPath(path).name, content)
    if isinstance(found, str):
        file, line = configuration.file, loader.line_of(configuration.file, _KEY)
        raise InvalidInput([Problem(file.name, f"{path}: {found}", line, f"extra.gongshi.{_KEY}")])
    return found


def problems(configuration: Configuration) -> tuple[Problem, ...]:
    """Return the problem of the logo, which stops a build.

    Args:
        configuration: the unit's configuration.
    """
    try:
        load(configuration)
    except InvalidInput as error:
        return error.problems
    return ()


def _read(root: Path, path: str) -> tuple[bytes, str | None]:
    """Return the bytes of a file in `hooks/`, or the problem with it."""
    file = root / path
    try:
        # A folder below hooks/ may be a link, too, such as one to a draft in docs/.
        if any(each.is_symlink() for each in [file, *file.parents][: path.count("/")]):
            return b"", _("is a symbolic link; put the file itself here")
        if file.stat().st_size > _MAX_FILE:
            return b"", _("is larger than {size} KiB; save the logo smaller").format(size=_MAX_FILE >> 10)
        return read_file(file), None
    except FileNotFoundError:
        return b"", _("there is no such file; correct the path, or leave the key out")
    except OSError as error:
        return b"", _("cannot be read: {reason}").format(reason=error.strerror)


def _processed(name: str, content: bytes) -> Logo | str:
    """Return the published logo, or the problem with it."""
    is_drawing = name.lower().endswith(".svg")
    size = process.image_size(content)
    if not is_drawing and not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _("is not the picture that its name says; save it again as PNG")
    if size and size[0] * size[1] > _MAX_PIXELS:
        return _("has more than {count} million pixels; save the logo smaller").format(count=_MAX_PIXELS // 1_000_000)
    if is_drawing:
        return _drawing(name, content)
    unreadable = _("cannot be read to its end; save it again as PNG")
    if process.find_fault(name, content):
        return unreadable
    try:
        return _picture(content)
    except (OSError, SyntaxError, ValueError):
        # Pillow refuses metadata that are huge when they are unpacked.
        return unreadable


def _drawing(name: str, content: bytes) -> Logo | str:
    drawing = process.process_image(name, content)
    if not isinstance(drawing, process.PublishedImage):
        return _("is damaged, holds a script or takes something from elsewhere; save it as plain SVG, or as PNG")
    if len(drawing.content) > _MAX_PUBLISHED:
        message = _(
            "has {size} KiB, which every page would load; simplify the drawing to {limit} KiB, or save it as PNG"
        )
        return message.format(size=(len(drawing.content) >> 10) + 1, limit=_MAX_PUBLISHED >> 10)
    return Logo(drawing.content, "svg", drawing.width, drawing.height)


def _picture(content: bytes) -> Logo:
    """Return a PNG in the size in which it is shown, without metadata."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=("PNG",)) as image:
        shown = pixels.make_upright(pixels.to_srgb(image, image), image)
        mode = "RGBA" if shown.has_transparency_data else "RGB"
        shown = shown.convert(mode)
    shown.thumbnail(_SIZE, Image.Resampling.LANCZOS)
    published = pixels.encode(shown, "PNG")
    if len(published) > _MAX_PUBLISHED:
        # 256 colours are enough for a logo.
        published = pixels.encode(shown.quantize(256, Image.Quantize.FASTOCTREE), "PNG")
    return Logo(published, "png", *shown.size)
