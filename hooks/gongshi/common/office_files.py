"""Make office files (.xlsx, .docx) reproducible: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
from datetime import datetime, timezone
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PROPERTIES = "docProps/core.xml"
_TIME = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive can hold."""


def make_reproducible(content: bytes, moment: datetime) -> bytes:
    """Return an office file with all time stamps, in the ZIP archive and in the properties, set to one moment.

    Args:
        content: a new .xlsx or .docx file; its parts keep their order.
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
            # The values of Unix on every system, so that the bytes are the same everywhere.
            info.create_system, info.external_attr = 3, 0o600 << 16
            after.writestr(info, part)
    return buffer.getvalue()
