"""The PDF as attachment of the entry: a new file with pictures of its pages, so that nothing else of it is published.

A PDF keeps what it does not show: cut and covered parts of pictures, layers, earlier versions, words behind pages,
names in entries of any kind. Only the pixels that a page shows are taken over. A page that is one whole JPEG, as
scanners write it, keeps its pixels unchanged.
"""

from __future__ import annotations

import ctypes
import io
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, PdfObject, StreamObject

from gongshi.importing.readers.pdf.opening import opened_pdf
from gongshi.importing.readers.pictures.metadata import jpeg_without_metadata

_DPI: Final = 200
"""Resolution of the picture of a page."""
_BILEVEL_DPI: Final = 300
_MAX_PIXELS: Final = 12_000_000
_QUALITY: Final = 80
_EDGE = 1.5
"""A picture may be larger than its page by so much, in points."""
_SMALL: Final = 64
"""The side of pictures that are compared, in pixels."""
_ALIKE = 12
"""The mean difference up to which two pictures look the same, of 255."""
_GREY = 8
"""The difference of colour channels up to which a picture is grey, of 255."""


@dataclass(frozen=True)
class _Picture:
    """A picture for a page of the attachment."""

    content: bytes
    """Encoded as `filter` says."""
    size: tuple[int, int]
    """In pixels."""
    colours: str
    """`DeviceGray` or `DeviceRGB`."""
    bits: int
    filter: str
    matrix: tuple[float, float, float, float]
    """Width, height, left and bottom of its place on the page, in points."""


def pages_only(content: bytes) -> bytes | None:
    """Return a PDF with pictures of the pages of another one.

    Args:
        content: the bytes of a PDF that can be opened.

    Returns:
        Its bytes; None if a page cannot be drawn.
    """
    writer = PdfWriter()
    try:
        with opened_pdf(content) as document:
            for page in document:
                try:
                    _add_page(writer, page)
                finally:
                    page.close()
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return None
    writer.metadata = None
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _add_page(writer: PdfWriter, page: pypdfium2.PdfPage) -> None:
    scanned = _whole_scan(page)
    # A scan stays as it is, so that the page turns it; a picture of the page is upright.
    width, height = page.get_size()
    turned = page.get_rotation() if scanned else 0
    if turned % 180:
        width, height = height, width
    picture = scanned or _drawn(page)
    added = writer.add_blank_page(width, height)
    entries: dict[str, PdfObject] = {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Image"),
        "/Width": NumberObject(picture.size[0]),
        "/Height": NumberObject(picture.size[1]),
        "/ColorSpace": NameObject(f"/{picture.colours}"),
        "/BitsPerComponent": NumberObject(picture.bits),
        "/Filter": NameObject(f"/{picture.filter}"),
    }
    image = writer._add_object(_stream(picture.content, entries))
    across, up, left, bottom = picture.matrix
    drawing = f"q {across:.3f} 0 0 {up:.3f} {left:.3f} {bottom:.3f} cm /P Do Q".encode()
    added[NameObject("/Contents")] = writer._add_object(_stream(drawing, {}))
    pictures = DictionaryObject({NameObject("/P"): image})
    added[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    if turned:
        added[NameObject("/Rotate")] = NumberObject(turned)


def _stream(content: bytes, entries: Mapping[str, PdfObject]) -> StreamObject:
    stream = StreamObject()
    stream._data = content
    stream.update({NameObject(key): value for key, value in entries.items()})
    return stream


def _whole_scan(page: pypdfium2.PdfPage) -> _Picture | None:
    """Return the JPEG that is all that a page shows, if the page shows all of it."""
    if pdfium.FPDFPage_CountObjects(page) != 1:
        return None
    handle = pdfium.FPDFPage_GetObject(page, 0)
    if pdfium.FPDFPageObj_GetType(handle) != pdfium.FPDF_PAGEOBJ_IMAGE or _is_partly_seen(handle):
        return None
    place = _place(page, handle)
    content = _jpeg(handle)
    if place is None or content is None:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
            colours = {"L": "DeviceGray", "RGB": "DeviceRGB"}.get(image.mode)
            if colours is None or not _looks_alike(image, page, place):
                return None
            return _Picture(jpeg_without_metadata(content), image.size, colours, 8, "DCTDecode", place)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _is_partly_seen(handle: Any) -> bool:
    """Tell whether an object is cut, transparent, or belongs to a layer or a part with words of its own."""
    path = pdfium.FPDFPageObj_GetClipPath(handle)
    is_cut = bool(path) and pdfium.FPDFClipPath_CountPaths(path) > 0
    has_marks = pdfium.FPDFPageObj_CountMarks(handle) > 0
    return is_cut or has_marks or bool(pdfium.FPDFPageObj_HasTransparency(handle))


def _place(page: pypdfium2.PdfPage, handle: Any) -> tuple[float, float, float, float] | None:
    """Return the place of a picture on its page; None if it is turned, or reaches over the edge."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, matrix) or matrix.b or matrix.c or matrix.a <= 0 or matrix.d <= 0:
        return None
    left, bottom, right, top = page.get_bbox()
    sides = (matrix.e - left, matrix.f - bottom, right - matrix.e - matrix.a, top - matrix.f - matrix.d)
    return (matrix.a, matrix.d, sides[0], sides[1]) if min(sides) > -_EDGE else None


def _jpeg(handle: Any) -> bytes | None:
    """Return the bytes of a picture that is stored as JPEG and nothing else."""
    if pdfium.FPDFImageObj_GetImageFilterCount(handle) != 1:
        return None
    length = pdfium.FPDFImageObj_GetImageDataRaw(handle, None, 0)
    buffer = (ctypes.c_ubyte * length)()
    pdfium.FPDFImageObj_GetImageDataRaw(handle, buffer, length)
    content = bytes(buffer)
    return content if content.startswith(b"\xff\xd8\xff") else None


def _looks_alike(image: Image.Image, page: pypdfium2.PdfPage, place: tuple[float, float, float, float]) -> bool:
    """Tell whether the page shows a picture with the colours that its bytes say (its dictionary may invert them)."""
    width, height = page.get_size()
    bitmap = page.render(scale=_SMALL / max(width, height), rotation=-page.get_rotation() % 360, draw_annots=False)
    shown = bitmap.to_pil().convert("RGB")
    across, up, left, bottom = place
    image.draft("RGB", (_SMALL, _SMALL))
    scale = shown.width / (height if page.get_rotation() % 180 else width)
    alike = Image.new("RGB", shown.size, "white")
    size = max(1, round(across * scale)), max(1, round(up * scale))
    alike.paste(image.convert("RGB").resize(size), (round(left * scale), shown.height - round((bottom + up) * scale)))
    return max(ImageStat.Stat(ImageChops.difference(shown, alike)).mean) < _ALIKE


def _drawn(page: pypdfium2.PdfPage) -> _Picture:
    """Return a picture of what a page shows."""
    width, height = page.get_size()
    bilevel = _is_bilevel(page)
    most = math.sqrt(_MAX_PIXELS / (width * height))
    scale = min((_BILEVEL_DPI if bilevel else _DPI) / 72, most)
    bitmap = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    place = (width, height, 0.0, 0.0)
    if bilevel:
        packed = image.convert("L").point(lambda value: 255 if value > 127 else 0).convert("1")
        return _Picture(zlib.compress(packed.tobytes()), image.size, "DeviceGray", 1, "FlateDecode", place)
    red, green, blue = image.split()
    differences = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))
    is_grey = (differences.getextrema()[1] or 0) <= _GREY  # type: ignore[operator]
    stream = io.BytesIO()
    (image.convert("L") if is_grey else image).save(stream, "JPEG", quality=_QUALITY)
    return _Picture(stream.getvalue(), image.size, "DeviceGray" if is_grey else "DeviceRGB", 8, "DCTDecode", place)


def _is_bilevel(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a page shows nothing but pictures with one bit for a pixel, as scanners write them."""
    count = pdfium.FPDFPage_CountObjects(page)
    if not 0 < count <= _SMALL:
        return False
    found = pdfium.FPDF_IMAGEOBJ_METADATA()
    for number in range(count):
        handle = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(handle) != pdfium.FPDF_PAGEOBJ_IMAGE:
            return False
        if not pdfium.FPDFImageObj_GetImageMetadata(handle, page, found) or found.bits_per_pixel != 1:
            return False
    return True
