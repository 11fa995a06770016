"""Pictures of Word files: only the pixels that Word shows, in a format and size for the page."""

from __future__ import annotations

import gzip
import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from gongshi.importing.document import FindingKind, ReadOptions, Workspace
from gongshi.importing.readers.word.pictures.metafiles import drawn_words, is_metafile, picture_inside
from gongshi.importing.readers.word.pictures.pictures import Shown, UnusablePicture, clean_picture
from gongshi.importing.readers.word.reader import read_word
from gongshi.integrations import libreoffice
from support.metafiles import rectangle
from support.word_parts import clean, image, inline, p, pic, seal, word_file

_RED, _BLUE = (255, 0, 0), (0, 0, 255)


def _opened(content: bytes, shown: Shown | None = None) -> Image.Image:
    return Image.open(io.BytesIO(clean_picture(content, shown or Shown()).content))


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_pictures_of_all_kinds_become_png_or_jpeg(kind: str) -> None:
    found = clean_picture(image(kind=kind), Shown())
    assert found.extension == ("jpg" if kind == "JPEG" else "png")
    assert Image.open(io.BytesIO(found.content)).format == ("JPEG" if kind == "JPEG" else "PNG")


def test_what_was_cropped_away_is_not_in_the_file() -> None:
    crop = '<a:srcRect r="50000"/>'
    content = word_file(
        p(inline(pic("a", crop=crop))), {"media/a.png": image("red", right="blue")}, {"a": ("image", "media/a.png")}
    )
    read = clean(content)
    picture = Image.open(io.BytesIO(read.files["picture-1.png"]))
    assert picture.size == (20, 20)
    assert picture.convert("RGB").getcolors() == [(400, _RED)]
    assert [(each.place, "cropped" in each.message) for each in read.findings] == [("paragraph 1", True)]


@pytest.mark.parametrize("crop", ['<a:srcRect l="-5000" r="-10000"/>', "<a:srcRect/>", '<a:srcRect l="x"/>', ""])
def test_crops_that_cut_nothing_change_nothing(crop: str) -> None:
    content = word_file(p(inline(pic("a", crop=crop))), {"media/a.png": image()}, {"a": ("image", "media/a.png")})
    read = clean(content)
    assert not read.findings
    assert Image.open(io.BytesIO(read.files["picture-1.png"])).size == (40, 20)


def test_crops_of_old_programs_and_of_large_fillings() -> None:
    shape = '<v:shape style="width:40pt;height:20pt"><v:imagedata r:id="a" cropleft="32768f"/></v:shape>'
    filling = pic("a").replace("<a:fillRect/>", '<a:fillRect l="-100000"/>')
    for drawing in (f"<w:r><w:pict>{shape}</w:pict></w:r>", inline(filling)):
        content = word_file(p(drawing), {"media/a.png": image("red", right="blue")}, {"a": ("image", "media/a.png")})
        picture = Image.open(io.BytesIO(clean(content).files["picture-1.png"])).convert("RGB")
        assert picture.getcolors() == [(400, _BLUE)]


def test_a_picture_cropped_to_nothing_is_told() -> None:
    with pytest.raises(UnusablePicture):
        clean_picture(image(), Shown(crop=(0.5, 0, 0.5, 0)))


def test_turned_and_mirrored_pictures_look_as_in_word() -> None:
    halves = image("red", right="blue")
    assert _opened(halves, Shown(rotation=90)).size == (20, 40)
    assert _opened(halves, Shown(rotation=90)).convert("RGB").getpixel((10, 2)) == _RED
    assert _opened(halves, Shown(rotation=270)).convert("RGB").getpixel((10, 2)) == _BLUE
    assert _opened(halves, Shown(flip_horizontal=True)).convert("RGB").getpixel((2, 10)) == _BLUE
    assert _opened(halves, Shown(rotation=180)).convert("RGB").getpixel((2, 10)) == _BLUE
    slanted = _opened(halves, Shown(rotation=30))
    assert slanted.mode == "RGBA" and slanted.width > 40 and slanted.getchannel("A").getpixel((0, 0)) == 0


def test_an_ellipse_hides_its_corners() -> None:
    picture = _opened(image("red", (40, 40)), Shown(outline="ellipse"))
    assert picture.getpixel((0, 0)) == (255, 255, 255, 0)
    assert picture.getpixel((20, 20)) == (255, 0, 0, 255)


def test_shapes_over_a_picture_in_a_group_are_drawn_into_it() -> None:
    def frame(left: int, width: int) -> str:
        return f'<a:xfrm><a:off x="{left}" y="0"/><a:ext cx="{width}" cy="200"/></a:xfrm>'

    cover = f'<wps:wsp><wps:spPr>{frame(200, 200)}<a:prstGeom prst="rect"/><a:solidFill><a:srgbClr val="000000"/></a:solidFill></wps:spPr></wps:wsp>'
    group = f"<wpg:wgp>{pic('a', frame(0, 400))}{cover}</wpg:wgp>"
    content = word_file(p(inline(group)), {"media/a.png": image("red", right="blue")}, {"a": ("image", "media/a.png")})
    read = clean(content)
    colours = Image.open(io.BytesIO(read.files["picture-1.png"])).convert("RGB").getcolors() or []
    assert _BLUE not in [colour for _count, colour in colours]
    assert "shapes lie over a picture" in read.words


def test_metadata_thumbnails_and_trailing_bytes_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY"
    exif[0x8825] = {1: "N", 2: (30.0, 1.0, 2.0)}
    photo = _saved(Image.new("RGB", (40, 20)), "JPEG", exif=exif, comment=b"CANARY") + b"CANARY"
    found = clean_picture(photo, Shown()).content
    assert b"CANARY" not in found and not Image.open(io.BytesIO(found)).getexif()


def test_colours_of_transparent_pixels_are_gone() -> None:
    picture = Image.new("RGBA", (10, 10), (1, 2, 3, 0))
    picture.putpixel((5, 5), (9, 9, 9, 255))
    found = _opened(_saved(picture, "PNG"))
    assert found.getpixel((0, 0)) == (255, 255, 255, 0)
    assert found.getpixel((5, 5)) == (9, 9, 9, 255)


@pytest.mark.slow
def test_large_pictures_become_smaller_and_huge_ones_are_refused() -> None:
    assert max(_opened(image(size=(4000, 3000), kind="JPEG")).size) == 2000
    with pytest.raises(UnusablePicture):
        clean_picture(_huge(), Shown())


def _huge() -> bytes:
    content = bytearray(image(size=(1, 1)))
    content[16:24] = struct.pack(">II", 60_000, 60_000)
    return bytes(content)


def test_a_photo_is_turned_upright_only_if_that_fits_its_frame() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = _saved(Image.new("RGB", (40, 20)), "JPEG", exif=exif)
    assert _opened(photo, Shown(ratio=0.5)).size == (20, 40)
    assert _opened(photo, Shown(ratio=2)).size == (40, 20)
    assert _opened(photo, Shown()).size == (40, 20)


def test_only_the_first_picture_of_an_animation_is_kept_and_told() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    animation = _saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    found = clean_picture(animation, Shown())
    assert found.is_animated and Image.open(io.BytesIO(found.content)).convert("RGB").getpixel((0, 0)) == _RED


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_pictures_of_all_modes_are_read(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "I;16") else "PNG"
    assert _opened(_saved(Image.new(mode, (8, 8)), kind)).size == (8, 8)


def _emf(*records: tuple[int, bytes]) -> bytes:
    header = struct.pack("<II", 1, 108) + bytes(32) + b" EMF" + bytes(64)
    return header + b"".join(struct.pack("<II", kind, 8 + len(data)) + data for kind, data in records)


def _emf_picture(content: bytes) -> tuple[int, bytes]:
    """A record that draws a bitmap whose pixels are a file in PNG."""
    header = struct.pack("<IiiHHIIiiII", 40, 4, 2, 1, 0, 5, len(content), 0, 0, 0, 0)
    return 81, bytes(40) + struct.pack("<IIII", 80, 40, 120, len(content)) + bytes(16) + header + content


def _emf_text(text: str) -> tuple[int, bytes]:
    written = text.encode("utf-16-le")
    return 84, bytes(36) + struct.pack("<II", len(text), 76) + bytes(24) + written + bytes(-len(written) % 4)


def test_a_metafile_that_is_a_picture_becomes_that_picture() -> None:
    assert is_metafile(_emf())
    assert _opened(_emf(_emf_picture(image()))).size == (40, 20)
    assert _opened(gzip.compress(_emf(_emf_picture(image())))).size == (40, 20)
    bitmap = image(size=(4, 2), kind="BMP")[14:]
    wmf = b"\x01\x00\x09\x00" + bytes(14) + struct.pack("<IH", (6 + 22 + len(bitmap)) // 2, 0x0F43) + bytes(22) + bitmap
    assert _opened(wmf).size == (4, 2)


def test_a_metafile_that_is_drawn_is_told_with_its_words_or_given_to_a_renderer() -> None:
    drawn = _emf(_emf_picture(image()), _emf_text("组织机构图"), _emf_text("局长"))
    assert picture_inside(drawn) is None
    with pytest.raises(UnusablePicture) as refused:
        clean_picture(drawn, Shown())
    assert refused.value.words == drawn_words(drawn) == "组织机构图 局长"
    content = word_file(p("前", inline(pic("a"))), {"media/a.emf": drawn}, {"a": ("image", "media/a.emf")})
    assert ("paragraph 1", "组织机构图 局长") in clean(content).told()
    rendered = clean(content, render=lambda _metafile: image())
    assert len(rendered.files) == 1
    assert ("paragraph 1", "组织机构图 局长") in rendered.told()


@pytest.mark.office
@pytest.mark.slow
def test_the_drawn_metafiles_of_a_document_are_rendered_in_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    convert = libreoffice.convert_drawings

    def counted(drawn: list[bytes], *limits: float) -> list[bytes | None]:
        runs.append(len(drawn))
        return convert(drawn, *limits)

    monkeypatch.setattr(libreoffice, "convert_drawings", counted)
    parts = {"media/a.wmf": rectangle(), "media/b.wmf": gzip.compress(rectangle(300)), "media/c.emf": _emf()}
    links = {name: ("image", part) for name, part in zip("abc", parts, strict=True)}
    path = tmp_path / "a.docx"
    path.write_bytes(word_file("".join(p(f"第{each}幅", inline(pic(each))) for each in links), parts, links))
    read = read_word(path, Workspace(tmp_path), ReadOptions())
    assert runs == [3]
    assert [each.name for each in read.files] == ["picture-1.png", "picture-2.png"]
    with Image.open(tmp_path / "picture-2.png") as picture:
        assert round(picture.width / picture.height, 1) == 3.3
    assert [each.place for each in read.findings if "LibreOffice" in each.message] == ["paragraph 1", "paragraph 2"]
    assert [each.place for each in read.findings if each.kind is FindingKind.LEFT_OUT] == ["paragraph 3"]


@pytest.mark.parametrize("size", range(0, 130, 7))
def test_damaged_metafiles_are_refused(size: int) -> None:
    whole = _emf(_emf_picture(image()), _emf_text("一"))
    for content in (whole[: 44 + size], whole[:108] + b"\xff" * size, b"\xd7\xcd\xc6\x9a" + bytes(size)):
        with pytest.raises(UnusablePicture):
            clean_picture(content, Shown())
        drawn_words(content)


def test_a_seal_is_red_and_little_else() -> None:
    assert clean_picture(seal(), Shown()).is_red
    assert not clean_picture(image("white"), Shown()).is_red
    assert not clean_picture(image("red", right="blue"), Shown()).is_red
