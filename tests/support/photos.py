"""Pictures with everything in them that must not be published."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, TiffImagePlugin

CANARY = b"CANARY-"
SECONDS = 34567
"""The seconds of the latitude, times a thousand."""
GPS = struct.pack(">II", SECONDS, 1000), struct.pack("<II", SECONDS, 1000)


def gradient(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """A picture in which no two corners look alike."""
    bands = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    image = Image.merge("RGB", bands).resize((width, height))
    return image if mode == "RGB" else image.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """A picture that packs badly, the same each time."""
    state, rows = 12345, bytearray()
    for _ in range(64 * 64):
        state = (state * 1103515245 + 12345) % (1 << 31)
        rows.append(state >> 16 & 0xFF)
    tile = Image.frombytes("L", (64, 64), bytes(rows)).resize((width, height))
    return Image.merge("RGB", (tile, tile.rotate(180), gradient(width, height, "L")))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file."""
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def exif(orientation: int = 1, gps: bool = True) -> bytes:
    """A block of Exif with a place, a serial number, comments and a thumbnail."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = "CANARY-description"
    made[0x013B] = "CANARY-artist"
    details = made.get_ifd(0x8769)
    details[0xA431] = "CANARY-serial"
    details[0x9286] = b"ASCII\0\0\0CANARY-usercomment"
    details[0x927C] = b"CANARY-makernote"
    if gps:
        rational = TiffImagePlugin.IFDRational
        place = made.get_ifd(0x8825)
        place[1], place[3] = "N", "E"
        place[2] = (rational(31), rational(12), rational(SECONDS, 1000))
        place[4] = (rational(121), rational(29), rational(SECONDS, 1000))
    block = made.tobytes()
    # A second directory holds the thumbnail; here it hangs at the end, as some cameras leave it.
    return block + saved(gradient(16, 16), "JPEG", comment=b"CANARY-thumbnail")


def xmp() -> bytes:
    """A packet of XMP with a place."""
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description exif:GPSLatitude="31,12.57N" xmlns:exif="http://ns.adobe.com/exif/1.0/">CANARY-xmp'
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def swapped_colours() -> bytes:
    """A colour profile that is no sRGB: red and green change places; its name is a canary."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    places = {}
    for number in range(int.from_bytes(profile[128:132], "big")):
        at = 132 + 12 * number
        places[bytes(profile[at : at + 4])] = at + 4
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    name = "sRGB built-in".encode("utf-16-be")
    assert name in profile
    return bytes(profile).replace(name, "CANARY-colour".encode("utf-16-be"))


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(image: Image.Image, orientation: int = 1, profile: bytes = b"") -> bytes:
    """A JPEG with all of it, and a film behind the picture."""
    plain = saved(image, "JPEG", quality=95, icc_profile=profile, exif=exif(orientation))
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x69\0\x0bCANARY-iptc"
    extra = (
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp())
        + _segment(0xED, iptc)
        + _segment(0xEC, b"DuckyCANARY-ducky")
        + _segment(0xFE, b"CANARY-comment")
    )
    return plain[:2] + extra + plain[2:] + b"CANARY-film"


def png(image: Image.Image, orientation: int = 1, **options: Any) -> bytes:
    """A PNG with all of it."""
    plain = saved(image, "PNG", exif=exif(orientation), **options)
    raw = b"\nexif\n      14\n" + b"CANARY-rawprofile".hex().encode()
    chunks = (
        _chunk(b"tEXt", b"Comment\0CANARY-text")
        + _chunk(b"zTXt", b"Packed\0\0" + zlib.compress(b"CANARY-packed GPSLatitude"))
        + _chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))
        + _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp())
        + _chunk(b"tIME", b"\x07\xea\x0b\x16\x07\x2a\x00")
        + _chunk(b"prVt", b"CANARY-private")
    )
    return plain[:33] + chunks + plain[33:-12] + chunks + plain[-12:] + b"CANARY-tail"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def webp(image: Image.Image, orientation: int = 1, **options: Any) -> bytes:
    """A WebP with all of it."""
    plain = saved(image, "WEBP", exif=exif(orientation), xmp=xmp(), **options)
    extra = b"prVt" + struct.pack("<I", 14) + b"CANARY-private"
    inside = plain[8:] + extra
    return b"RIFF" + struct.pack("<I", len(inside)) + inside + b"CANARY-tail"


def gif(image: Image.Image, **options: Any) -> bytes:
    """A GIF with a comment, XMP and a text."""
    plain = saved(image, "GIF", **options)
    start = 13 + (3 << (plain[10] & 7) + 1 if plain[10] & 0x80 else 0)
    app = b"!\xff\x0bXMP DataXMP" + xmp() + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    note = b"!\xfe\x0eCANARY-comment\0"
    own = b"!\xff\x0bCANARYAPP1.\x0eCANARY-private\0"
    text = b"!\x01\x0c" + bytes(12) + b"\x0bCANARY-text\0"
    return plain[:start] + note + app + own + text + plain[start:-1] + note + plain[-1:] + b"CANARY-tail"
