"""A page that shows one drawing: LibreOffice Writer draws it, where LibreOffice Draw is not installed."""

from __future__ import annotations

import base64
import io
import struct
from typing import Final

_EMF_MARK: Final = slice(40, 44)
_EMF_FRAME: Final = 24
"""The place of the frame in the header of an EMF, in hundredths of a millimetre (MS-EMF 2.3.4.2)."""
_PLACEABLE: Final = 0x9AC6CDD7
"""The first number of a WMF that says its size (MS-WMF 2.3.2.3)."""
_WMF_STARTS: Final = (b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0")
"""The first bytes of WMFs, with their size or without (MS-WMF 2.3.2.2)."""
_MILLIMETRES_PER_INCH: Final = 25.4
_USUAL: Final = (160.0, 120.0)
"""Width and height of a drawing that does not say its size, in millimetres."""
_LONGEST, _SHORTEST = 200.0, 5.0
_POINTS_PER_INCH: Final = 72
_DOTS_PER_INCH: Final = 200
_DOCUMENT: Final = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles><style:page-layout style:name="P">
<style:page-layout-properties fo:page-width="{width}mm" fo:page-height="{height}mm" fo:margin="0mm"/>
</style:page-layout><style:style style:name="G" style:family="graphic">
<style:graphic-properties style:vertical-pos="from-top"
 style:vertical-rel="page" style:horizontal-pos="from-left" style:horizontal-rel="page"/></style:style>
</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P"/>
</office:master-styles><office:body><office:text><draw:frame draw:style-name="G" text:anchor-type="page"
 text:anchor-page-number="1" svg:x="0mm" svg:y="0mm" svg:width="{width}mm" svg:height="{height}mm"><draw:image>
<office:binary-data>{content}</office:binary-data></draw:image></draw:frame><text:p/></office:text></office:body>
</office:document>"""
"""A text document as one XML file (ODF 1.3 part 3, 3.1.2)."""


def is_drawing(content: bytes) -> bool:
    """Tell whether the bytes of a file are an EMF or WMF by its header.

    Args:
        content: the bytes.
    """
    return content[_EMF_MARK] == b" EMF" or content.startswith(_WMF_STARTS)


def drawing_page(content: bytes) -> bytes:
    """Return an OpenDocument text in one XML file, whose only page is a drawing.

    Args:
        content: the bytes of an EMF or WMF.
    """
    width, height = _fitted(_size(content) or _USUAL)
    encoded = base64.b64encode(content).decode("ascii")
    return _DOCUMENT.format(width=round(width, 1), height=round(height, 1), content=encoded).encode()


def _size(content: bytes) -> tuple[float, float] | None:
    try:
        if content[_EMF_MARK] == b" EMF":
            left, top, right, bottom = struct.unpack_from("<4i", content, _EMF_FRAME)
            scale = 0.01
        elif struct.unpack_from("<I", content)[0] == _PLACEABLE:
            left, top, right, bottom, inch = struct.unpack_from("<4hH", content, 6)
            scale = _MILLIMETRES_PER_INCH / (inch or 1)
        else:
            return None
    except struct.error:
        return None
    width, height = abs(right - left) * scale, abs(bottom - top) * scale
    return (width, height) if width and height else None


def _fitted(size: tuple[float, float]) -> tuple[float, float]:
    factor = min(1.0, _LONGEST / max(size))
    return max(_SHORTEST, size[0] * factor), max(_SHORTEST, size[1] * factor)


def render_page(pdf: bytes) -> bytes | None:
    """Return the first page of a PDF as PNG; None if it is empty.

    Args:
        pdf: the bytes of a PDF of the size that `drawing_page` has.
    """
    # Imported here: they are slow to load, and few documents have drawings.
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=_DOTS_PER_INCH / _POINTS_PER_INCH).to_pil().convert("RGB")
        page.close()
    finally:
        document.close()
    if all(low == high for low, high in image.getextrema()):
        return None
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
