"""What of an approved picture is published: its pixels, and nothing of where, when and with what it was taken."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from gongshi.site.images import pixels, process
from gongshi.site.images.faults import MediaFault, fault_text, position_text
from gongshi.site.images.process import PublishedImage, find_fault, has_position, process_image, shape_advice
from support import photos
from support.unit import HOOKS

FRAMES = [photos.gradient(50, 40).rotate(angle) for angle in (0, 30, 60)]
MOVING: dict[str, Any] = {"save_all": True, "append_images": FRAMES[1:], "duration": [100, 200, 300], "loop": 2}
WIDE = [frame.resize((2100, 1060)) for frame in FRAMES]
MOVING_WIDE = {**MOVING, "append_images": WIDE[1:]}
PHOTOS: dict[str, Callable[[], bytes]] = {
    "photo.jpg": lambda: photos.jpeg(photos.noise(2600, 1400), 6, photos.swapped_colours()),
    "small.jpeg": lambda: photos.jpeg(photos.gradient()),
    "print.jpg": lambda: photos.jpeg(photos.gradient(mode="CMYK")),
    "photo.png": lambda: photos.png(photos.gradient(2600, 1400), 3, icc_profile=photos.swapped_colours()),
    "small.png": lambda: photos.png(photos.gradient(mode="P")),
    "deep.png": lambda: photos.png(Image.new("I;16", (70, 50), 40000)),
    "photo.webp": lambda: photos.webp(photos.gradient(2600, 1400), 8, icc_profile=photos.swapped_colours()),
    "small.webp": lambda: photos.webp(photos.gradient(1000, 700)),
    "photo.gif": lambda: photos.gif(photos.gradient(2600, 1400)),
    "small.gif": lambda: photos.gif(photos.gradient()),
    "moving.gif": lambda: photos.gif(FRAMES[0], **MOVING),
    "moving.webp": lambda: photos.webp(FRAMES[0], **MOVING),
    "moving.png": lambda: photos.png(FRAMES[0], **MOVING),
    "wide.gif": lambda: photos.gif(WIDE[0], **MOVING_WIDE),
    "wide.webp": lambda: photos.webp(WIDE[0], **MOVING_WIDE),
    "wide.png": lambda: photos.png(WIDE[0], **MOVING_WIDE),
}
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}


@cache
def photo(name: str) -> bytes:
    return PHOTOS[name]()


@cache
def cleaned(name: str) -> PublishedImage:
    return made(name, photo(name))


def made(name: str, content: bytes, taken: tuple[str, ...] = ()) -> PublishedImage:
    found = process_image(name, content, taken)
    assert isinstance(found, PublishedImage), found
    return found


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def alike(one: Image.Image, other: Image.Image, by: int = 0) -> bool:
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(high for _low, high in difference.getextrema()) <= by  # type: ignore[misc]


def unpacked(content: bytes) -> list[bytes]:
    """The bytes, and whatever in them can be unpacked."""
    found = [content]
    for place in range(len(content) - 1):
        if content[place] == 0x78 and content[place + 1] in (0x01, 0x5E, 0x9C, 0xDA):
            try:
                found.append(zlib.decompressobj().decompress(content[place:], 1 << 20))
            except zlib.error:
                continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", PHOTOS)
def test_nothing_but_pixels(name: str) -> None:
    """Place, serial number, comments, thumbnail, XMP, IPTC, profiles and what hangs behind are in no byte."""
    content = photo(name)
    assert photos.CANARY in content and has_position(content)
    rendition = cleaned(name)
    for output in (rendition.content, *(smaller.content for smaller in rendition.smaller)):
        for bytes_ in unpacked(output):
            assert photos.CANARY not in bytes_ and photos.CANARY.hex().encode() not in bytes_
            assert not any(place in bytes_ for place in photos.GPS) and b"Exif" not in bytes_
        image = opened(output)
        assert not image.getexif() and not has_position(output)
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop", "Comment"} & set(image.info)


@pytest.mark.slow
@pytest.mark.parametrize("name", PHOTOS)
def test_the_same_format_and_a_known_size(name: str) -> None:
    """A picture stays what its name says, at most 2,000 pixels long, and its size is told."""
    rendition = cleaned(name)
    image = opened(rendition.content)
    assert image.format == FORMATS[name[name.rindex(".") :]]
    assert image.size == (rendition.width, rendition.height) and max(image.size) <= 2000
    assert max(image.size) == 2000 or max(image.size) < 1100


@pytest.mark.slow
@pytest.mark.parametrize("name", PHOTOS)
def test_the_same_bytes_each_time(name: str) -> None:
    """The same picture gives the same bytes, and cleaning what is clean goes on to give a picture."""
    assert process_image(name, photo(name)) == cleaned(name)
    again = made(name, cleaned(name).content)
    assert (again.width, again.height) == (cleaned(name).width, cleaned(name).height)


def test_the_same_bytes_in_another_process() -> None:
    """Neither the clock, the time zone nor the seed of hashes is in the bytes."""
    content = photo("photo.jpg")
    script = (
        "import sys, hashlib; from gongshi.site.images.process import process_image;"
        "r = process_image('photo.jpg', sys.stdin.buffer.read());"
        "print(hashlib.sha256(b''.join([r.content, *(s.content for s in r.smaller)])).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": str(HOOKS), "TZ": "America/Lima", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", script], input=content, env=environment, capture_output=True)
    rendition = cleaned("photo.jpg")
    parts = [rendition.content, *(smaller.content for smaller in rendition.smaller)]
    assert done.stdout.decode().strip() == hashlib.sha256(b"".join(parts)).hexdigest()


def as_held(shown: Image.Image, orientation: int) -> Image.Image:
    """What a camera stores of a picture: where its row 0 and column 0 are seen, by Exif 2.32, tag 0x0112."""
    rows, columns = {
        1: ("top", "left"),
        2: ("top", "right"),
        3: ("bottom", "right"),
        4: ("bottom", "left"),
        5: ("left", "top"),
        6: ("right", "top"),
        7: ("right", "bottom"),
        8: ("left", "bottom"),
    }[orientation]
    width, height = shown.size
    along = {
        "left": lambda n: n,
        "right": lambda n: width - 1 - n,
        "top": lambda n: n,
        "bottom": lambda n: height - 1 - n,
    }
    lying = rows in ("left", "right")
    held = Image.new("RGB", (height, width) if lying else (width, height))
    for row in range(held.height):
        for column in range(held.width):
            one, other = along[rows](row), along[columns](column)
            held.putpixel((column, row), shown.getpixel((one, other) if lying else (other, one)))  # type: ignore[arg-type]
    return held


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [photos.jpeg, photos.png, photos.webp])
def test_upright(make: Callable[..., bytes], orientation: int) -> None:
    """A picture that the camera noted as turned is turned."""
    shown = photos.gradient(60, 40)
    held = as_held(shown, orientation)
    rendition = made("a", make(held, orientation, **({"lossless": True} if make is photos.webp else {})))
    assert (rendition.width, rendition.height) == (60, 40)
    assert alike(opened(rendition.content), shown, by=24)


@pytest.mark.parametrize("name", ["small.png", "deep.png", "small.webp", "small.gif"])
def test_lossless_where_nothing_else_changes(name: str) -> None:
    """A picture that only loses its metadata keeps every pixel, and its palette."""
    content = photo(name)
    before, after = opened(content), opened(cleaned(name).content)
    assert before.mode == after.mode and before.tobytes() == after.tobytes()
    assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()


def test_deep_colours_stay_deep() -> None:
    """A PNG of 16 bits a colour is not made a PNG of 8."""
    row = b"\0" + struct.pack(">6H", *range(1, 60000, 10000))
    head = photos._chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0))
    pixels = photos._chunk(b"IDAT", zlib.compress(row))
    content = b"\x89PNG\r\n\x1a\n" + head + photos._chunk(b"tEXt", b"a\0b") + pixels + photos._chunk(b"IEND", b"")
    after = made("a.png", content).content
    assert pixels in after and head in after and b"tEXt" not in after


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"])
def test_see_through_stays_see_through(mode: str) -> None:
    """A PNG in any mode, with a transparent colour or without, is the same picture afterwards."""
    image = photos.gradient(mode="L").convert("I;16") if mode == "I;16" else photos.gradient(mode="RGBA").convert(mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    if mode == "PA":
        image = image.convert("RGBA").quantize(20)
    for options in ({}, {"transparency": 3}) if mode in ("L", "P") else ({},):
        content = photos.png(image, **options)
        assert (
            opened(made("a.png", content).content).convert("RGBA").tobytes()
            == opened(content).convert("RGBA").tobytes()
        )


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_see_through_when_smaller(mode: str) -> None:
    """What is transparent is so in a picture made smaller and in its smaller copies."""
    image = photos.noise(2100, 1050).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 1050, 1050))
    content = photos.png(image.quantize(64) if mode == "P" else image.convert(mode))
    rendition = made("a.png", content)
    assert [s.width for s in rendition.smaller] == [480, 960]
    for output in (rendition.content, *(s.content for s in rendition.smaller)):
        shown = opened(output).convert("RGBA")
        left, right = (shown.getpixel((shown.width * n // 4, 5)) for n in (1, 3))
        assert left[3] == 0 and right[3] > 250  # type: ignore[index]


def test_jpeg_is_of_quality_82() -> None:
    """Photos have the quality that was agreed."""
    image = opened(cleaned("photo.jpg").content)
    same = opened(photos.saved(photos.gradient(), "JPEG", quality=82))
    assert image.quantization == same.quantization  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["moving.gif", "moving.webp", "moving.png", "wide.gif", "wide.webp", "wide.png"])
def test_animations_move_on(name: str) -> None:
    """Frames, their durations and the number of rounds stay; there are no smaller copies that stand still."""
    content = photo(name)
    rendition = cleaned(name)
    before, after = Image.open(BytesIO(content)), Image.open(BytesIO(rendition.content))
    assert before.n_frames == after.n_frames == 3 and before.info["loop"] == after.info["loop"]  # type: ignore[attr-defined]
    for number, duration in enumerate((100, 200, 300)):
        before.seek(number)
        after.seek(number)
        scaled = before.convert("RGB").resize(after.size, Image.Resampling.LANCZOS)
        assert alike(scaled, after.convert("RGB"), by=0 if name.startswith("moving") else 60)
        assert after.info["duration"] == duration
    assert rendition.smaller == ()


def test_foreign_colours_become_the_usual_ones() -> None:
    """A profile beyond sRGB is worked into the pixels before it goes; a plain one changes nothing."""
    red = Image.new("RGB", (40, 40), (255, 0, 0))
    shown = opened(made("a.png", photos.png(red, icc_profile=photos.swapped_colours())).content)
    assert [value > 200 for value in shown.convert("RGB").getpixel((5, 5))] == [False, True, False]  # type: ignore[union-attr]
    plain = photos.saved(red, "PNG", icc_profile=b"no profile at all")
    assert opened(made("a.png", plain).content).getpixel((5, 5)) == (255, 0, 0)


def test_smaller_copies() -> None:
    """480 and 960 pixels wide where the picture is much wider, in WebP, lighter than the picture itself."""
    rendition = made("pics/photo.jpg", photos.jpeg(photos.noise(1440, 700)))
    assert [(s.width, s.name) for s in rendition.smaller] == [
        (480, "pics/photo.jpg.480.webp"),
        (960, "pics/photo.jpg.960.webp"),
    ]
    for smaller in rendition.smaller:
        image = opened(smaller.content)
        assert (image.format, image.width) == ("WEBP", smaller.width) and len(smaller.content) < len(rendition.content)
        assert abs(image.height - 700 * smaller.width / 1440) < 1
    assert [s.width for s in made("a.jpg", photos.jpeg(photos.noise(960, 20))).smaller] == [480]
    assert made("a.jpg", photos.jpeg(photos.noise(719, 20))).smaller == ()
    flat = photos.saved(Image.new("1", (1000, 800)), "PNG")
    assert all(len(s.content) < len(made("a.png", flat).content) for s in made("a.png", flat).smaller)


@pytest.mark.parametrize(
    ("size", "published"),
    [
        ((1080, 12000), (1080, 12000)),
        ((1080, 2400), (1080, 2400)),
        ((2400, 9600), (2000, 8000)),
        ((9600, 2400), (8000, 2000)),
        ((1500, 20000), (1342, 17889)),
        ((3000, 4000), (1500, 2000)),
        ((4000, 2000), (2000, 1000)),
        ((4000, 1960), (2082, 1020)),
        ((60, 40), (60, 40)),
        ((1, 39000), (1, 30000)),
    ],
)
def test_long_pictures_stay_readable(size: tuple[int, int], published: tuple[int, int]) -> None:
    """Of a picture more than twice as tall as wide, or the reverse, the shorter side is limited, and all its pixels."""
    rendition = made("a.png", photos.saved(Image.new("1", size), "PNG"))
    assert (rendition.width, rendition.height) == published
    assert pixels.fitted_size(published) == published


@pytest.mark.slow
def test_copies_of_long_pictures() -> None:
    """A panorama has one more copy, as none needs all its pixels on a page; WebP stores no very tall picture."""
    wide = made("a.jpg", photos.jpeg(photos.noise(6000, 900)))
    assert (wide.width, [s.width for s in wide.smaller]) == (6000, [480, 960, 1920])
    tall = made("a.jpg", photos.jpeg(photos.noise(1500, 14000)))
    assert [s.width for s in tall.smaller] == [480, 960]
    assert [s.width for s in made("a.jpg", photos.jpeg(photos.noise(730, 29000))).smaller] == []


def test_long_pictures_are_told() -> None:
    """The advice says how long the picture is, as it is shown; ordinary pictures and screenshots of a phone have none."""
    tall = photos.saved(Image.new("1", (1080, 12000)), "PNG")
    assert "11 times as tall as wide (1080 × 12000)" in (shape_advice(tall) or "")
    turned = photos.saved(Image.new("1", (12000, 1080)), "PNG", exif=photos.exif(6))
    assert "11 times as tall as wide (1080 × 12000)" in (shape_advice(turned) or "")
    wide = photos.saved(Image.new("1", (12000, 1500)), "PNG")
    assert "8 times as wide as tall" in (shape_advice(wide) or "")
    assert shape_advice(photos.saved(Image.new("1", (1080, 2400)), "PNG")) is None
    assert shape_advice(b"%PDF-1.7") is None and shape_advice(b"") is None


def test_no_name_twice() -> None:
    """A smaller copy takes no other file's name, whatever its case, nor a folder's; nor another picture's copies'."""
    content = photos.jpeg(photos.noise(800, 400))
    taken = ("photo.jpg", "PHOTO.jpg.480.WEBP", "photo.jpg.480-2.webp/plan.pdf", "photo.png")
    assert [s.name for s in made("photo.jpg", content, taken).smaller] == ["photo.jpg.480-3.webp"]
    other = made("photo.png", photos.png(photos.noise(800, 400)), taken)
    assert [s.name for s in other.smaller] == ["photo.png.480.webp"]


def test_by_content() -> None:
    """A picture under any name is cleaned; what only has a picture's name is not published; the rest is left alone."""
    content = photo("small.jpeg")
    for name in ("photo.png", "photo", "photo.pdf", "photo.svg"):
        assert opened(made(name, content).content).format == "JPEG"
    assert process_image("photo.jpg", b"<script>alert(1)</script>") is MediaFault.DAMAGED
    assert process_image("photo.WEBP", b"") is MediaFault.DAMAGED
    assert process_image("minutes.pdf", b"%PDF-1.7") is None and find_fault("minutes.pdf", b"%PDF-1.7") is None


@pytest.mark.parametrize(
    "content",
    [b"\0\0\0\x18ftypheic....", b"\0\0\0\x1cftypavif....", b"II*\0........", b"MM\0*........", b"\xff\x0a...."],
)
def test_other_kinds_are_named(content: bytes) -> None:
    """HEIC, AVIF, TIFF and JPEG XL hold places as well; they are not published, even under another name."""
    assert process_image("photo.jpg", content) is find_fault("photo.jpg", content) is MediaFault.FORMAT
    assert process_image("photo.heic", content) is MediaFault.FORMAT


OTHERS = {
    "a.ico": b"\0\0\1\0\1\0\x10\x10\0\0", "a.cur": b"\0\0\2\0\1\0\x10\x10\0\0", "a.eps": b"\xc5\xd0\xd3\xc6",
    "a.emf": b"\1\0\0\0" + bytes(36) + b" EMF", "a.wmf": b"\xd7\xcd\xc6\x9a", "a.xcf": b"gimp xcf v011",
    "a.cr2": b"II*\0\x10\0\0\0CR", "a.cr3": b"\0\0\0\x18ftypcrx ", "a.nef": b"MM\0*", "a.orf": b"IIRO", "a.rw2": b"IIU\0",
    "a.raf": b"FUJIFILMCCD-RAW", "a.x3f": b"FOVb", "a.psd": b"8BPS",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_icons_metafiles_and_raw_formats(name: str) -> None:
    """They go out under no name: neither their own, nor another, nor where their bytes say nothing."""
    for other in (name, name.upper(), "a.png", "a.pdf"):
        assert process_image(other, OTHERS[name] + b"CANARY") is MediaFault.FORMAT
        assert find_fault(other, OTHERS[name] + b"CANARY") is MediaFault.FORMAT
    assert process_image(name, b"%!PS CANARY") is MediaFault.FORMAT


@pytest.mark.parametrize("name", PHOTOS)
def test_cut_short(name: str) -> None:
    """A picture that ends early is not published, wherever it ends; and the place in it is seen all the same."""
    content = photo(name)
    whole = content.rindex(b"CANARY-film" if b"CANARY-film" in content else b"CANARY-tail")
    for length in (4, 20, whole // 3, whole // 2, whole * 9 // 10, whole - 30):
        cut = content[:length]
        assert process_image(name, cut) is MediaFault.DAMAGED, length
        assert find_fault(name, cut) is MediaFault.DAMAGED, length
        assert has_position(cut) in (True, False)


def header(width: int, height: int) -> bytes:
    """A PNG that says it is so large."""
    small = photos.png(Image.new("1", (1, 1)))
    head = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


def test_bombs() -> None:
    """More than 40 megapixels are not unpacked: not as one picture, nor as an animation that must be made smaller."""
    for content in (header(8001, 5000), header(1 << 30, 1 << 30)):
        begin = time.process_time()
        assert process_image("a.png", content) is find_fault("a.png", content) is MediaFault.TOO_LARGE
        assert time.process_time() - begin < 0.5
    black = Image.new("1", (8000, 5000))
    assert made("a.png", photos.saved(black, "PNG")).width == 2000
    frames = [Image.new("1", (4000, 3000), n % 2) for n in range(4)]
    film = photos.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert process_image("a.gif", film) is find_fault("a.gif", film) is MediaFault.TOO_LARGE


def test_endless_animations() -> None:
    """An animation of very many frames, or of large ones, or of some larger than it says, is not read."""
    small = photos.saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:])
    frame = small[small.rindex(b"!\xf9") : -1]
    assert isinstance(process_image("a.gif", small[:-1] + frame * 50 + b";"), PublishedImage)
    assert process_image("a.gif", small[:-1] + frame * 4000 + b";") is MediaFault.TOO_LARGE
    growing = bytearray(frame)
    place = growing.index(b",") + 5
    growing[place : place + 4] = struct.pack("<HH", 9000, 9000)
    assert process_image("a.gif", small[:-1] + bytes(growing) + b";") is MediaFault.TOO_LARGE
    large = photos.saved(Image.new("1", (2000, 2000)), "GIF")
    image = large[large.rindex(b",\0\0\0\0\xd0") : -1]
    film = large[:-1] + image * 50 + b";"
    assert process_image("a.gif", film) is find_fault("a.gif", film) is MediaFault.TOO_LARGE
    assert isinstance(process_image("a.gif", large[:-1] + image * 2 + b";"), PublishedImage)


def test_no_memory_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine short of memory must not turn a good picture into one that is left out."""

    def full(*_arguments: object, **_options: object) -> None:
        raise MemoryError

    content = photo("small.jpeg")
    monkeypatch.setattr(Image, "open", full)
    with pytest.raises(MemoryError):
        process_image("a.jpg", content)


def test_a_jpeg_of_endless_passes() -> None:
    """A JPEG that goes over the picture again and again is not read."""
    plain = photos.saved(photos.gradient(), "JPEG", progressive=True)
    scan = plain[plain.rindex(b"\xff\xda") : -2]
    assert process_image("a.jpg", plain[:-2] + scan * 200 + plain[-2:]) is MediaFault.TOO_LARGE
    assert isinstance(process_image("a.jpg", plain), PublishedImage)


def test_where_it_was_taken() -> None:
    """A place is found in Exif, in XMP, in packed texts, and in other kinds of pictures; elsewhere there is none."""
    plain = photos.saved(photos.gradient(), "JPEG", exif=photos.exif(gps=False))
    assert not has_position(plain) and not has_position(b"") and not has_position(b"Exif\0\0" * 40)
    for kind in ("JPEG", "PNG", "WEBP"):
        assert has_position(photos.saved(photos.gradient(), kind, exif=photos.exif())), kind
    assert has_position(photos.saved(photos.gradient(), "JPEG", xmp=photos.xmp()))
    assert has_position(b"\0\0\0\x18ftypheic" + photos.exif()) and has_position(photos.exif()[6:])
    assert not has_position(b"%PDF-1.7 exif:GPSLatitude")
    packed = photos._chunk(b"zTXt", b"Note\0\0" + zlib.compress(b"exif:GPSLongitude"))
    png = photos.saved(photos.gradient(), "PNG")
    assert has_position(png[:33] + packed + png[33:]) and not has_position(png)


def test_every_fault_says_how_to_mend_it() -> None:
    """There is one clear sentence for each reason, and for the place."""
    texts = [fault_text(why) for why in MediaFault]
    assert len(set(texts)) == len(texts) and all("not published" in text for text in texts)
    assert "where it was taken" in position_text()


def test_encoders() -> None:
    """The versions that the bytes hang on can stand in a manifest."""
    found = process.encoders()
    assert {"pillow", "libjpeg", "libwebp", "zlib"} == set(found)
    assert all(value and value.replace(".", "").replace("-", "").isalnum() for value in found.values())


@given(st.sampled_from(["small.jpeg", "small.png", "small.gif", "moving.gif", "moving.webp", "moving.png"]), st.data())
def test_damage_never_escapes(name: str, data: st.DataObject) -> None:
    """Whatever bytes are changed: a picture without canaries, or a reason."""
    content = bytearray(photo(name))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = process_image(name, bytes(content))
    assert found is not None
    if isinstance(found, PublishedImage):
        assert photos.CANARY not in found.content
    has_position(bytes(content))
