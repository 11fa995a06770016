"""The picture of a photo that goes into the entry: what it shows, at the size of the site, and nothing else."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, features

from gongshi.importing.readers.photos.picture import PhotoNote, PreparedPhoto, prepare_photo
from gongshi.importing.readers.pictures import decoding
from gongshi.importing.readers.pictures.faults import Fault, Unusable
from gongshi.site.images.process import process_image
from support import photos
from support.heic_photo import HEIC

FRAMES = [photos.gradient(50, 40).rotate(angle) for angle in (0, 30, 60)]
MOVING: dict[str, Any] = {"save_all": True, "append_images": FRAMES[1:], "duration": [100, 200, 300]}
CORNER = photos.gradient(mode="P").getpixel((0, 0))
ROUND = photos.gradient(mode="RGB").convert("RGBA")
ROUND.putalpha(Image.radial_gradient("L").resize(ROUND.size))


def shown(photo: PreparedPhoto) -> Image.Image:
    with Image.open(BytesIO(photo.content)) as image:
        image.load()
        return image


def difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of a pixel."""
    bands = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getextrema()
    return max(int(high) for _low, high in bands)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (photos.saved(photos.gradient(), "JPEG", quality=95), "jpg"),
        (photos.saved(photos.gradient(), "JPEG", quality=95, progressive=True), "jpg"),
        (photos.saved(photos.gradient(mode="CMYK"), "JPEG", quality=95), "jpg"),
        (photos.saved(photos.gradient(), "WEBP", quality=95), "jpg"),
        (photos.saved(photos.gradient(), "PNG"), "png"),
        (photos.saved(photos.gradient(), "BMP"), "png"),
        (photos.saved(photos.gradient(), "TIFF"), "png"),
        (photos.saved(photos.gradient(), "TIFF", compression="jpeg", quality=95), "png"),
        (photos.saved(photos.gradient(mode="CMYK"), "TIFF"), "png"),
    ],
)
def test_each_format_shows_what_it_showed(content: bytes, ending: str) -> None:
    photo = prepare_photo("a", content)
    assert photo.ending == ending
    assert difference(shown(photo), photos.gradient()) < 40


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_pictures_of_few_colours_stay_as_they_are(mode: str, kind: str) -> None:
    image = photos.gradient(mode=mode)
    photo = prepare_photo("a", photos.saved(image, kind))
    assert difference(shown(photo), image) < 4


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_of_16_bits_keeps_its_brightness(kind: str) -> None:
    photo = prepare_photo("a", photos.saved(Image.new("I;16", (70, 50), 40000), kind))
    assert difference(shown(photo), Image.new("L", (70, 50), 40000 >> 8)) < 3


@pytest.mark.parametrize(
    "content",
    [photos.saved(ROUND, "PNG"), photos.saved(ROUND, "WEBP", lossless=True), photos.saved(ROUND.convert("LA"), "PNG"),
     photos.saved(photos.gradient(mode="P"), "PNG", transparency=CORNER),
     photos.saved(photos.gradient(mode="P"), "GIF", transparency=CORNER)],
)  # fmt: skip
def test_what_is_transparent_stays_so(content: bytes) -> None:
    photo = prepare_photo("a", content)
    assert photo.ending == "png" and shown(photo).convert("RGBA").getchannel("A").histogram()[:9] != [0] * 9


def test_a_photo_stored_as_png_becomes_jpeg_and_lettering_stays_sharp() -> None:
    grain = Image.merge("RGB", [Image.effect_noise((600, 400), sigma) for sigma in (40, 50, 60)])
    assert prepare_photo("a", photos.saved(grain, "PNG")).ending == "jpg"
    assert prepare_photo("a", photos.saved(grain.convert("RGBA"), "PNG")).ending == "jpg"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_each_orientation_is_turned_upright_once(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = photos.gradient(60, 40)
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    photo = prepare_photo("a", photos.saved(stored, kind, exif=exif, **({"quality": 95} if kind != "TIFF" else {})))
    assert shown(photo).size == (60, 40) and photo.size == (60, 40)
    assert difference(shown(photo), upright) < 40


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
def test_avif_is_turned_upright_and_cleaned() -> None:
    stored = photos.gradient(60, 40).transpose(Image.Transpose.ROTATE_90)
    photo = prepare_photo("a", photos.saved(stored, "AVIF", quality=95, exif=photos.exif(6), xmp=photos.xmp()))
    assert photo.ending == "jpg" and difference(shown(photo), photos.gradient(60, 40)) < 40
    assert photos.CANARY not in photo.content


def test_colours_are_converted_to_srgb() -> None:
    content = photos.saved(Image.new("RGB", (50, 40), (200, 30, 60)), "JPEG", icc_profile=photos.swapped_colours())
    assert difference(shown(prepare_photo("a", content)), Image.new("RGB", (50, 40), (30, 200, 60))) < 12


@pytest.mark.slow
@pytest.mark.parametrize("size", [(2600, 1950), (1950, 2600), (2001, 1000), (5000, 900), (600, 3200)])
def test_the_site_publishes_the_picture_in_the_size_in_which_it_was_stored(size: tuple[int, int]) -> None:
    photo = prepare_photo("a", photos.saved(photos.gradient(*size), "JPEG"))
    published = process_image("a.jpg", photo.content)
    assert photo.size == size and not isinstance(published, (type(None), Fault))
    assert shown(photo).size == (published.width, published.height)  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "ending"), [("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png")])
def test_an_animation_moves_on(kind: str, ending: str) -> None:
    photo = prepare_photo("a", photos.saved(FRAMES[0], kind, comment=b"CANARY-", exif=photos.exif(), **MOVING))
    assert photo.ending == ending and shown(photo).n_frames == 3  # type: ignore[attr-defined]
    assert photos.CANARY not in photo.content and PhotoNote.STILL not in photo.notes


def test_of_several_pages_the_first_is_taken_and_told() -> None:
    photo = prepare_photo("a", photos.saved(FRAMES[0], "TIFF", save_all=True, append_images=FRAMES[1:]))
    assert PhotoNote.STILL in photo.notes and difference(shown(photo), FRAMES[0]) == 0


def test_the_film_behind_a_picture_is_told_by_its_beginning_only() -> None:
    for tail, told in ((b"....ftypmp42film", True), (b"....ftypisomfilm", True), (b"ftyp", False), (b"mpvd", False)):
        photo = prepare_photo("a", photos.saved(photos.gradient(), "JPEG") + bytes(64) + tail)
        assert (PhotoNote.MOVING in photo.notes) is told
    assert PhotoNote.MOVING not in prepare_photo("a", HEIC).notes


def test_a_screenshot_is_known_by_its_name_or_comment() -> None:
    plain = photos.saved(photos.gradient(), "PNG")
    said = Image.Exif()
    said[0x0112] = 1
    said.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0Screenshot"
    assert PhotoNote.SCREENSHOT in prepare_photo("a.png", photos.saved(photos.gradient(), "PNG", exif=said)).notes
    for name, is_one in (("截屏2026.png", True), ("IMG_0021.PNG", True), ("IMG_0021.JPG", False), ("合影.png", False)):
        assert (PhotoNote.SCREENSHOT in prepare_photo(name, plain).notes) is is_one


def _claiming(width: int, height: int, kind: str) -> bytes:
    """A small picture whose header says that it is large."""
    content = bytearray(photos.saved(photos.gradient(), kind))
    if kind == "PNG":
        content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
        content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
        return bytes(content)
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.DAMAGED),
        (b"<html>", Fault.DAMAGED),
        (b"\xff\xd8\xff", Fault.DAMAGED),
        (HEIC[:-200], Fault.DAMAGED),
        (HEIC[:300], Fault.DAMAGED),
        (photos.saved(photos.gradient(), "JPEG")[:-300], Fault.DAMAGED),
        (photos.saved(photos.gradient(), "PNG")[:-300], Fault.DAMAGED),
        (photos.saved(photos.gradient(), "TIFF")[:-300], Fault.DAMAGED),
        (photos.saved(photos.gradient(), "WEBP")[:-30], Fault.DAMAGED),
        (_claiming(50_001, 1000, "PNG"), Fault.TOO_LARGE),
        (_claiming(100_000, 100_000, "PNG"), Fault.TOO_LARGE),
        (_claiming(65_000, 65_000, "JPEG"), Fault.TOO_LARGE),
        (photos.saved(Image.new("1", (8000, 6300)), "TIFF", compression="group4"), Fault.TOO_LARGE),
        (photos.saved(Image.new("1", (8000, 6300)), "GIF"), Fault.TOO_LARGE),
    ],
)  # fmt: skip
def test_damaged_and_enormous_pictures_are_refused(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unusable) as error:
        prepare_photo("a.jpg", content)
    assert error.value.fault is fault


def test_a_jpeg_that_takes_many_passes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = photos.saved(photos.gradient(), "JPEG", progressive=True)
    monkeypatch.setattr(decoding, "_MAX_SCANNED_PIXELS", 60 * 40)
    with pytest.raises(Unusable) as error:
        prepare_photo("a.jpg", content)
    assert error.value.fault is Fault.TOO_LARGE


@pytest.mark.slow
def test_a_photo_of_200_million_pixels_is_taken() -> None:
    photo = prepare_photo("a", photos.saved(Image.new("L", (16320, 12240), 99), "JPEG"))
    assert photo.size == (16320, 12240) and shown(photo).size == (2000, 1500)


SAMPLES: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: photos.jpeg(photos.gradient(), 6),
    "PNG": lambda: photos.png(photos.gradient(), 3),
    "WEBP": lambda: photos.webp(photos.gradient()),
    "GIF": lambda: photos.gif(photos.gradient()),
    "TIFF": lambda: photos.saved(photos.gradient(), "TIFF", exif=photos.exif()),
}
"""HEIC is damaged in `test_reader`, as its library can crash."""


@pytest.mark.slow
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=12),
    st.integers(0, 400),
)
def test_damage_leads_to_a_picture_or_a_reason(kind: str, changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(SAMPLES[kind]())
    for place, value in changes:
        content[place % len(content)] = value
    try:
        photo = prepare_photo("a", bytes(content[: len(content) - cut]))
    except Unusable:
        return
    assert shown(photo).width <= 30_000 and photos.GPS[0] not in photo.content


@pytest.mark.parametrize(
    "block", [b"Exif\0\0", b"Exif\0\0XX", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0II*\0\xff\xff\xff\xff"]
)
def test_a_photo_with_damaged_metadata_is_taken(block: bytes) -> None:
    photo = prepare_photo("a", photos.saved(photos.gradient(), "JPEG", quality=95, exif=block))
    assert photo.taken is None and difference(shown(photo), photos.gradient()) < 40
