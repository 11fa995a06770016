"""Removes metadata from pictures that stay as they are: no pixel changes."""

from __future__ import annotations

from typing import Final

from gongshi.site.images import containers

_METADATA: Final = (b"\xe1", *(bytes([code]) for code in range(0xE3, 0xEE)), b"\xef", b"\xfe")
"""Segments of a JPEG that do not affect its pixels: of programs, except JFIF, colour profile and Adobe; comments."""
_START_OF_SCAN: Final = b"\xda"
_END_OF_PICTURE: Final = b"\xff\xd9"


def without_metadata(content: bytes) -> bytes | None:
    """Return a picture with the same pixels and nothing else.

    Args:
        content: the bytes of a file.

    Returns:
        None for what is damaged, or of a format of which that is not known here.
    """
    try:
        if content.startswith(containers.JPEG):
            return jpeg_without_metadata(content)
        if content.startswith(containers.PNG):
            return containers.strip_png(content)
        if content.startswith(containers.GIF):
            return containers.strip_gif(content)
    except (ValueError, containers.TooManyFrames):
        return None
    return content if content.startswith(b"BM") else None


def jpeg_without_metadata(content: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, other data of programs and comments (ITU-T T.81, B.1.1); no pixel changes."""
    kept, place = [content[:2]], 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != _START_OF_SCAN:
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        segment = content[place : place + length]
        if segment[1:2] not in _METADATA:
            kept.append(segment)
        place += length
    end = content.find(_END_OF_PICTURE, place)
    return b"".join([*kept, content[place : end + len(_END_OF_PICTURE)] if end >= 0 else content[place:]])
