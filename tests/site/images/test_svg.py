"""Drawings: only what is drawn is published, and nothing that runs or comes from elsewhere."""

from __future__ import annotations

import base64
import time

import pytest

from gongshi.site.images.faults import MediaFault
from gongshi.site.images.process import PublishedImage, find_fault, process_image, svg_is_safe
from support import photos

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(inside: str, attributes: str = 'viewBox="0 0 60 40"', before: str = "") -> bytes:
    return f"{before}<svg {SVG} {attributes}>{inside}</svg>".encode()


def embedded(content: bytes, kind: str = "jpeg") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


SAFE = {
    "shapes": '<g fill="none"><path d="M0 0h9"/><text x="1">字</text></g>',
    "own parts": '<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#b"/><use xlink:href="#b"/>',
    "styles": '<style>.a{fill:#f00;filter:url("#b")}</style><rect class="a" style="fill:url(#a)"/>',
    "moving": '<rect><animate attributeName="x" to="9"/></rect>',
    "words": '<g id="image (1)" aria-label="url(x)" data-name="src (2)"/>',
}
UNSAFE = {
    "script": "<script>alert(1)</script>",
    "script elsewhere": '<metadata><h:script xmlns:h="http://www.w3.org/1999/xhtml">1</h:script></metadata>',
    "handler": '<rect onclick="alert(1)"/>',
    "handler in capitals": '<rect onLoad="alert(1)"/>',
    "foreign object": "<foreignObject/>",
    "HTML": '<body xmlns="http://www.w3.org/1999/xhtml"/>',
    "no namespace": '<g xmlns=""><script/></g>',
    "link": '<a href="https://other.example/"><rect/></a>',
    "running link": '<use href="javascript:alert(1)"/>',
    "picture from elsewhere": '<image href="https://other.example/a.png"/>',
    "picture beside": '<image xlink:href="a.png"/>',
    "drawing in it": '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    "no picture": f'<image href="{embedded(b"GIF")}"/>',
    "use of elsewhere": '<use href="other.svg#a"/>',
    "style from elsewhere": "<style>@import 'https://other.example/a.css';</style>",
    "style in parts": "<style>@imp<!-- -->ort 'a.css';</style>",
    "font from elsewhere": "<style>@font-face{src:url(https://other.example/a.woff)}</style>",
    "escaped": "<style>.a{fill:u\\72l(https://other.example/)}</style>",
    "address in an attribute": '<rect fill="url(https://other.example/#a)"/>',
    "set of pictures": "<rect mask=\"image-set('https://other.example/a.png' 1x)\"/>",
    "address set later": '<use href="#a"><set attributeName="href" to="javascript:alert(1)"/></use>',
    "other base": '<g xml:base="https://other.example/"><use href="#a"/></g>',
    "instruction": "<?xml-stylesheet href='a.css'?>",
}


@pytest.mark.parametrize("inside", SAFE.values(), ids=SAFE.keys())
def test_safe(inside: str) -> None:
    """What only draws is published."""
    content = drawing(inside)
    assert svg_is_safe(content) and find_fault("a.svg", content) is None
    assert isinstance(process_image("a.svg", content), PublishedImage)


@pytest.mark.parametrize("inside", UNSAFE.values(), ids=UNSAFE.keys())
def test_unsafe(inside: str) -> None:
    """What runs, or takes anything from elsewhere, is not."""
    content = drawing(inside)
    assert not svg_is_safe(content)
    assert process_image("a.svg", content) is find_fault("a.svg", content) is MediaFault.ACTIVE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"<svg/>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        drawing("<g>")[:-9],
        drawing("", before='<?xml-stylesheet href="a.css"?>'),
        drawing("&a;", before='<!DOCTYPE svg [<!ENTITY a "b">]>'),
        drawing("&a;", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'),
        drawing("", before='<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>'),
        drawing("", before='<!DOCTYPE svg PUBLIC "a>b" "c" [<!ATTLIST svg onload CDATA "alert(1)">]>'),
        drawing("<g>" * 400 + "</g>" * 400),
        drawing("<!--" + "x" * (9 << 20) + "-->"),
    ],
)
def test_no_plain_drawing(content: bytes) -> None:
    """Broken XML, entities, declarations, depths and sizes beyond any drawing are not published."""
    assert process_image("a.svg", content) is find_fault("a.svg", content) is MediaFault.ACTIVE


def test_notes_are_left_out() -> None:
    """Comments, metadata and what the editor noted – names, folders – are not in what is published."""
    noted = drawing(
        "<!-- CANARY-comment --><metadata>CANARY-metadata</metadata><i:view i:author='CANARY-author'><path/></i:view>"
        '<g i:label="CANARY-label" data-name="CANARY-data" id="kept">1<i:a/>2</g>',
        'viewBox="0 0 60 40" xmlns:i="https://editor.example/CANARY-namespace" i:docname="C:\\CANARY-folder"',
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/CANARY.dtd">',
    )
    made = process_image("a.svg", noted)
    assert isinstance(made, PublishedImage) and b"CANARY" not in made.content
    assert b'<g id="kept">12</g>' in made.content and b"<path" not in made.content


def test_pictures_inside_are_cleaned() -> None:
    """A photo inside a drawing is published as any photo is."""
    photo = photos.jpeg(photos.gradient())
    made = process_image("a.svg", drawing(f'<image width="9" href="{embedded(photo)}"/>'))
    assert isinstance(made, PublishedImage)
    inside = base64.b64decode(made.content.split(b"base64,")[1].split(b'"')[0])
    assert inside.startswith(b"\xff\xd8") and photos.CANARY not in inside and photos.CANARY in photo


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="90" height="30.4px"', (90, 30)),
        ('viewBox="0,0,60 40" width="100%"', (60, 40)),
        ('width="9e99" height="9e999"', (65536, 65536)),
        ("", (300, 150)),
    ],
)
def test_size(attributes: str, size: tuple[int, int]) -> None:
    """A drawing has a size for the page to keep free."""
    made = process_image("a.svg", drawing("", attributes))
    assert isinstance(made, PublishedImage) and (made.width, made.height) == size


def test_other_encodings() -> None:
    """A script in UTF-16 is a script."""
    text = drawing("<script/>", before='<?xml version="1.0" encoding="utf-16"?>').decode()
    assert not svg_is_safe(text.encode("utf-16"))
    assert svg_is_safe(text.replace("<script/>", "<g/>").encode("utf-16"))


@pytest.mark.parametrize(
    "inside",
    ["<metadata/>ab" * 60_000, "<rect " + " ".join(f'a{n}="1"' for n in range(60_000)) + "/>"],
    ids=["notes", "attributes"],
)
def test_a_drawing_is_cleaned_in_linear_time(inside: str) -> None:
    """A drawing of a megabyte holds up no build."""
    begin = time.process_time()
    process_image("a.svg", drawing(inside), ())
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("attribute", ["width", "height"])
def test_a_long_number_is_no_size(attribute: str) -> None:
    """A size of 90,000 digits is read in linear time."""
    begin = time.process_time()
    process_image("a.svg", drawing("<g/>", f'{attribute}="{"1" * 90_000}x"'), ())
    assert time.process_time() - begin < 2
