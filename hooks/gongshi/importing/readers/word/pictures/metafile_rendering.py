"""Renders the drawn metafiles of a Word document as pictures with LibreOffice."""

from __future__ import annotations

from typing import Final

from gongshi.common.errors import Refused
from gongshi.importing.readers.word.parts.package import WordPackage
from gongshi.importing.readers.word.pictures import metafiles
from gongshi.integrations import libreoffice

_MAX_DRAWINGS: Final = 20
"""The maximum number of metafiles of a document that are rendered."""
_MAX_BYTES: Final = 16 << 20
"""The maximum size of a metafile that is rendered, unpacked."""
_SECONDS: Final = 40
_MORE_SECONDS: Final = 2
"""Time limits for LibreOffice with one drawing, and for each further one; an import has 120 seconds for all."""


class MetafileRendering:
    """Renders the metafiles of a document, all in one run of LibreOffice when the first one is needed.

    Args:
        package: the document.
    """

    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._pictures: dict[bytes, bytes | None] | None = None

    def render(self, content: bytes) -> bytes | None:
        """Return a metafile as PNG; None if LibreOffice is not installed or cannot draw it.

        Args:
            content: the bytes of a metafile of the document.
        """
        if self._pictures is None:
            self._pictures = _rendered(self._drawn_metafiles())
        return self._pictures.get(metafiles.unpacked(content))

    def _drawn_metafiles(self) -> list[bytes]:
        names = dict.fromkeys(
            name for part in self._package.text_parts for name in self._package.related("image", part)
        )
        contents = (self._package.parts[name] for name in names)
        unpacked = (metafiles.unpacked(each) for each in contents if metafiles.is_metafile(each))
        drawn = [each for each in unpacked if len(each) <= _MAX_BYTES and metafiles.picture_inside(each) is None]
        return drawn[:_MAX_DRAWINGS]


def _rendered(drawn: list[bytes]) -> dict[bytes, bytes | None]:
    if libreoffice.program() is None:
        return {}
    try:
        return dict(zip(drawn, libreoffice.convert_drawings(drawn, _SECONDS, _MORE_SECONDS), strict=True))
    except Refused:
        return {}
