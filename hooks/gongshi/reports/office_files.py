"""Office files (.xlsx, .docx) that are the same bytes for the same content."""

from __future__ import annotations

import io
import re
from datetime import datetime, timezone
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PROPERTIES = "docProps/core.xml"
_TIME = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""A zip knows no earlier time."""


def settled(content: bytes, moment: datetime) -> bytes:
    """An office file whose time stamps, in the zip and in the document properties, are one given moment.

    Args:
        content: a .xlsx or .docx file that was just made; its parts keep their order.
        moment: the moment, with its offset.
    """
    utc = moment.astimezone(timezone.utc)
    written = utc.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(buffer, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            if name == _PROPERTIES:
                part = _TIME.sub(rb"\g<1>%b\g<3>" % written, part)
            info = ZipInfo(name, max(utc.timetuple()[:6], _EARLIEST))
            info.compress_type = ZIP_DEFLATED
            # What a zip made on Unix says; else the bytes would tell which system made it.
            info.create_system, info.external_attr = 3, 0o600 << 16
            after.writestr(info, part)
    return buffer.getvalue()
