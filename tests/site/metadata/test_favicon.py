"""The site's icons: the first character of the unit's name, and a drawing for whoever asks for /favicon.ico."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from gongshi.site.images.process import svg_is_safe
from gongshi.site.metadata.favicon import COLOUR, favicon, favicon_ico
from support.photos import gradient, saved

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("云溪镇", "云"),
        ("  town", "T"),
        ("<b>", "<"),
        ("&amp;", "&"),
        ("\u200b\x00\ud800镇", "镇"),
        ("e\u0301cole", "É"),
        ("x\u0301\u0302yz\u0303", "X\u0301\u0302"),
        ("𠮷田", "𠮷"),
        ("ßa", "SS"),
        ("", None),
    ],
)
def test_first_character(text: str, shown: str | None) -> None:
    """The first character that can be seen, with its marks; valid XML whatever the name."""
    icon = favicon(text)
    root = ElementTree.fromstring(icon)
    assert root.findtext(f"{SVG}text") == (shown or "")
    assert svg_is_safe(icon) and b"style" not in icon


def test_colours() -> None:
    """White on the unit's colour, black where the colour is light."""
    root = ElementTree.fromstring(favicon("镇"))
    assert root.find(f"{SVG}rect").get("fill") == "#1d4f91"  # type: ignore[union-attr]
    inks = {c: ElementTree.fromstring(favicon("镇", c)).find(f"{SVG}text").get("fill") for c in ("#FFEE00", "#c00000")}  # type: ignore[union-attr]
    assert inks == {"#FFEE00": "#000", "#c00000": "#fff"}


@pytest.mark.parametrize("colour", ["red", "#fff", '#1d4f91"/><script/>', "#1d4f91\n"])
def test_no_colour(colour: str) -> None:
    """A colour written in any other way is refused, so that nothing else gets into the icon."""
    with pytest.raises(ValueError, match="#" if "#" in colour else colour):
        favicon("镇", colour)


def sizes(icon: bytes) -> dict[int, Image.Image]:
    """The pictures of an icon, by width."""
    found = {}
    with Image.open(BytesIO(icon), formats=("ICO",)) as read:
        for size in read.info["sizes"]:
            read.size = size  # type: ignore[misc]
            found[size[0]] = read.convert("RGBA")
    return found


def test_the_icon_of_pixels() -> None:
    """Three sizes on the unit's colour with clear corners, and always the same bytes."""
    found = sizes(favicon_ico("#c8102e"))
    assert sorted(found) == [16, 32, 48] and all(image.size == (width, width) for width, image in found.items())
    for width, image in found.items():
        assert image.getchannel("A").tobytes()[0] < 160
        assert image.getpixel((width // 2, 1)) == (0xC8, 0x10, 0x2E, 255)
        assert image.getpixel((width // 2, width * 4 // 16)) == (255, 255, 255, 255)
    assert favicon_ico() == favicon_ico(COLOUR)
    assert sha256(favicon_ico()).hexdigest() == "3cbb775a99bb3b10ae3ecc9209d35db1cd69bda295bb6cfebd357c64c0668c03"


def test_the_icon_shows_the_logo() -> None:
    """A picture of the unit stands in the middle, in its own proportions, on clear ground."""
    found = sizes(favicon_ico(COLOUR, saved(gradient(50, 40), "PNG")))[32]
    assert found.getchannel("A").getbbox() == (0, 3, 32, 29)
