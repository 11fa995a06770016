"""Headers, footers and watermarks: they are not part of the text, and each is told with its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.fields.field_structure import remove_page_numbers
from gongshi.importing.readers.word.parts.elements import enclosing
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_PAGE_NUMBER: Final = re.compile(r"[\s\d\-–—―‐－·•~/.,()（）第共页頁]|page|of", re.IGNORECASE)
"""Words and signs of a header or footer that has page numbers only."""
_PICTURES: Final = tuple(map(tag, ("pic:pic", "v:imagedata", "w:object")))


def report_margins(package: WordPackage) -> Iterator[Finding]:
    """Yield the words, pictures and watermarks of all headers and footers. Page numbers alone are not told.

    Args:
        package: the document.
    """
    fillings = package.document.iterfind(f"{tag('w:background')}//{tag('v:fill')}")
    if any(each.get(tag("r:id")) for each in fillings):
        yield Finding(FindingKind.LEFT_OUT, _("a picture in the background of the pages is left out"))
    told: set[str] = set()
    for kind in ("header", "footer"):
        for name in package.related(kind):
            if name in told:
                continue
            told.add(name)
            root = package.xml(name)
            yield from _watermarks(root)
            remove_page_numbers(root)
            words = words_of(root)
            if _PAGE_NUMBER.sub("", words):
                message = _("the header is left out") if kind == "header" else _("the footer is left out")
                yield Finding(FindingKind.LEFT_OUT, message, words=words)
            pictures = [each for each in root.iter(*_PICTURES) if "watermark" not in _shape_name(each).lower()]
            if pictures:
                message = _("a picture in the header or footer is left out")
                yield Finding(FindingKind.LEFT_OUT, message, place_of(root))


def _watermarks(root: _Element) -> Iterator[Finding]:
    message = _("a watermark is left out")
    for path in root.iter(tag("v:textpath")):
        if path.get("string", "").strip():
            yield Finding(FindingKind.LEFT_OUT, message, place_of(root), path.get("string", "").strip())
    for picture in root.iter(*_PICTURES):
        if "watermark" in _shape_name(picture).lower():
            yield Finding(FindingKind.LEFT_OUT, message, place_of(root))


def _shape_name(picture: _Element) -> str:
    """Return the name of a shape; Word calls watermarks `PowerPlusWaterMarkObject` or `WordPictureWatermark`."""
    shape = enclosing(picture, "v:shape", "v:rect")
    if shape is not None:
        return str(shape.get("id", ""))
    drawing = enclosing(picture, "w:drawing")
    named = next(drawing.iter(tag("wp:docPr")), None) if drawing is not None else None
    return str(named.get("name", "")) if named is not None else ""
