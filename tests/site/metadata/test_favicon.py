"""The site's icon: the first character of the unit's name."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from gongshi.site.images.process import svg_is_safe
from gongshi.site.metadata.favicon import favicon

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
