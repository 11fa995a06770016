"""PDF files: what their pages show becomes the text; what they hide stays out and is told."""

from __future__ import annotations

import faulthandler
import io
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import html
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from gongshi.common.parallel import Limits, map_parallel
from gongshi.importing.document import FindingKind, ReadDocument, ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.readers import reader_for
from gongshi.importing.readers.pdf.reader import read_pdf
from gongshi.importing.sources import ImportSource
from gongshi.integrations.libreoffice import convert_to_pdf
from support.pdf_files import BLACK, GREY, RED, WHITE, PdfPage, pdf
from support.photos import GPS, gradient, jpeg

LONG = "为做好本年度城乡居民基本医疗保险参保缴费工作，根据上级有关要求，结合本镇实际情况，现将有关事项通知如下，请认真组织实施。"
Reader = Callable[..., ReadDocument]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read the bytes of a PDF; its pictures are in the folder `files`."""

    def read_bytes(content: bytes, language: str = "zh") -> ReadDocument:
        file, folder = tmp_path / "关于防汛工作的通知.pdf", tmp_path / "files"
        file.write_bytes(content)
        folder.mkdir()
        return read_pdf(file, Workspace(folder), ReadOptions(language=language))

    return read_bytes


def told(document: ReadDocument, kind: FindingKind = FindingKind.LEFT_OUT) -> dict[str, str]:
    """The words of findings by the first words of their messages."""
    return {" ".join(each.message.split()[:4]): each.words for each in document.findings if each.kind is kind}


def message_of(content: bytes, tmp_path: Path) -> str:
    file, folder = tmp_path / "a.pdf", tmp_path / "files"
    file.write_bytes(content)
    folder.mkdir()
    with pytest.raises(UnreadableFileError) as caught:
        read_pdf(file, Workspace(folder), ReadOptions())
    return str(caught.value)


def notice() -> PdfPage:
    page = PdfPage()
    page.paragraph(100, LONG)
    return page


def rgb(width: int, height: int, colour: tuple[int, int, int] = (40, 90, 160)) -> bytes:
    return bytes(colour) * (width * height)


def test_a_pdf_has_a_reader(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(notice()))
    assert reader_for(ImportSource(file, "pdf", "a.pdf")) is read_pdf


def test_a_notice_becomes_paragraphs_and_a_table(read: Reader) -> None:
    page = PdfPage()
    page.centred(80, "青禾镇人民政府文件", 36, colour=RED)
    page.centred(150, "青政发〔2026〕3号")
    page.centred(200, "关于做好防汛工作的通知", 22)
    page.paragraph(260, LONG)
    page.table([90, 200, 506], [400, 424, 448], [["村名", "人数"], ["东村", "1,200"]])
    page.text(350, 500, "青禾镇人民政府")
    page.text(350, 528, "2026年6月1日")
    page.text(280, 790, "— 1 —", 14)
    found = read(pdf(page))
    assert found.html == (
        '<p class="center">青禾镇人民政府文件</p>\n<p class="center">青政发〔2026〕3号</p>\n'
        f'<p class="center">关于做好防汛工作的通知</p>\n<p>{LONG}</p>\n'
        "<table>\n<tr><th>村名</th><th>人数</th></tr>\n<tr><td>东村</td><td>1,200</td></tr>\n</table>\n"
        '<p class="right">青禾镇人民政府</p>\n<p class="right">2026年6月1日</p>'
    )
    assert [each.words for each in found.findings] == ["— 1 —"]
    assert found.files == ()


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_turned_to_be_read_reads_the_same(read: Reader, rotate: int) -> None:
    page = PdfPage(WIDTH_TURNED, HEIGHT_TURNED) if rotate % 180 else PdfPage()
    page.rotate = rotate
    page.content.append(
        {90: f"q 0 1 -1 0 {WIDTH_TURNED} 0 cm", 180: "q -1 0 0 -1 595 842 cm", 270: f"q 0 -1 1 0 0 {HEIGHT_TURNED} cm"}[
            rotate
        ]
    )
    page.height = 842
    page.paragraph(100, LONG)
    page.content.append("Q")
    page.height = HEIGHT_TURNED if rotate % 180 else 842
    assert read(pdf(page)).html == f"<p>{LONG}</p>"


WIDTH_TURNED, HEIGHT_TURNED = 842, 595


def test_links_to_the_web_stay_on_their_words(read: Reader) -> None:
    page = notice()
    page.text(90, 300, "见县政府网站公告")
    for place, address in (((106, 170), "https://www.example.com/a"), ((170, 220), "javascript:alert(1)")):
        page.annotations.append(
            f"<< /Type /Annot /Subtype /Link /Rect [{place[0]} 525 {place[1]} 545] /A << /S /URI /URI ({address}) >> >>"
        )
    found = read(pdf(page))
    assert found.html.endswith('<p>见<a href="https://www.example.com/a">县政府网</a>站公告</p>')
    assert [each.words for each in found.findings] == ["javascript:alert(1)"]


# Pictures


def test_a_picture_stands_at_its_place_and_is_saved_as_it_is_seen(read: Reader, tmp_path: Path) -> None:
    page = PdfPage()
    y = page.paragraph(100, LONG)
    page.text(120, y + 20, "盖住的字")
    page.image(100, y, 300, y + 100, 40, 20, rgb(40, 10, (200, 30, 30)) + rgb(40, 10))
    page.area(100, y + 50, 200, y + 100)
    page.paragraph(y + 120, LONG)
    found = read(pdf(page))
    assert found.html.split("\n")[1] == '<p><img src="picture-1.png" alt="" width="267"></p>'
    with Image.open(tmp_path / "files" / "picture-1.png") as image:
        assert image.width == 500
        assert image.getpixel((10, 10)) == (200, 30, 30)
        assert image.getpixel((10, 240)) == (0, 0, 0)
        assert image.getpixel((490, 240)) == (40, 90, 160)
        assert image.info.get("exif") is None


def test_pictures_in_headers_small_ones_and_backgrounds_are_told(read: Reader) -> None:
    pages = [notice() for _page in range(3)]
    for page in pages:
        page.image(90, 20, 150, 60, 4, 4, rgb(4, 4))
    pages[0].content.insert(0, "q 595 0 0 842 0 0 cm /I2 Do Q")
    pages[0].images.append((2, 2, rgb(2, 2, (250, 240, 240)), "FlateDecode"))
    pages[1].image(300, 400, 308, 408, 2, 2, rgb(2, 2))
    found = read(pdf(*pages))
    assert "<img" not in found.html
    assert {each.message for each in found.findings} == {
        "the picture behind the whole page was left out",
        "pictures in headers and footers were left out",
        "pictures that are very small, such as ornaments and lines, were left out",
    }


def test_a_red_round_picture_is_told_as_seal(read: Reader) -> None:
    page = notice()
    page.image(350, 500, 470, 620, 2, 2, rgb(2, 2, (220, 20, 20)))
    # A picture of one colour shows nothing.
    page.area(350, 500, 400, 540, WHITE)
    found = read(pdf(page))
    assert any("seal" in each.message for each in found.findings)
    assert '<img src="picture-1.png" alt="" width="160" class="seal">' in found.html


# Hidden text


@pytest.mark.parametrize(
    ("hide", "message"),
    [
        (lambda page: page.text(90, 400, "秘密", colour=WHITE), "not seen"),
        (lambda page: page.text(90, 400, "秘密", mode=3), "invisibly"),
        (lambda page: page.text(700, 400, "秘密"), "outside"),
        (lambda page: page.text(90, 400, "秘密", 1.5), "too small"),
        (lambda page: (page.text(90, 400, "秘密"), page.area(80, 395, 200, 420, WHITE)), "not seen"),
        (lambda page: (page.text(90, 400, "秘密"), page.image(80, 395, 200, 420, 1, 1, rgb(1, 1))), "not seen"),
        (lambda page: (page.area(80, 395, 200, 420, RED), page.text(90, 400, "秘密", colour=RED)), "not seen"),
        (lambda page: (page.text(90, 400, "秘密"), page.area(80, 395, 200, 420)), "WARNING"),
        (lambda page: (page.area(80, 395, 200, 420), page.text(90, 400, "秘密")), "WARNING"),
    ],
)
def test_text_that_is_not_seen_is_left_out_and_told(
    read: Reader, hide: Callable[[PdfPage], object], message: str
) -> None:
    page = notice()
    hide(page)
    found = read(pdf(page))
    assert "秘" not in found.html + found.visible_text
    finding = next(each for each in found.findings if each.words == "秘密")
    assert (finding.kind, finding.place) == (FindingKind.LEFT_OUT, "page 1")
    assert message in finding.message


def test_only_the_covered_part_of_a_line_is_left_out(read: Reader) -> None:
    page = notice()
    page.text(90, 400, "举报人张三反映的问题")
    page.area(90 + 3 * 16, 396, 90 + 5 * 16, 420)
    found = read(pdf(page))
    assert "<p>举报人" in found.html
    assert "反映的问题</p>" in found.html
    assert [each.words for each in found.findings] == ["张三"]


def test_text_on_a_layer_that_is_off_is_left_out(read: Reader) -> None:
    page = notice()
    page.content.append("/OC /Layer BDC")
    page.text(90, 400, "秘密")
    page.content.append("EMC")
    page.blocked.append("/Properties << /Layer 3 0 R >>")
    content = pdf(
        page,
        extra=[b"<< /Type /OCG /Name (Layer) >>"],
        catalog="/OCProperties << /OCGs [3 0 R] /D << /OFF [3 0 R] /Order [3 0 R] >> >>",
    )
    found = read(content)
    assert "秘密" not in found.html
    assert "秘密" in [each.words for each in found.findings]


def test_white_text_on_a_dark_ground_is_seen(read: Reader) -> None:
    page = notice()
    page.area(80, 395, 200, 420, (0.1, 0.2, 0.5))
    page.text(90, 400, "白字", colour=WHITE)
    page.text(90, 440, "灰字", colour=GREY)
    found = read(pdf(page))
    assert "白字" in found.html
    assert "灰字" in found.html
    assert found.findings == ()


def test_text_outside_of_the_shown_part_of_the_page_is_left_out(read: Reader) -> None:
    page = notice()
    page.crop = (60, 60, 560, 800)
    page.text(20, 400, "秘密", 12)
    page.text(90, 10, "裁掉", 12)
    found = read(pdf(page))
    assert found.html == f"<p>{LONG}</p>"
    assert "".join(each.words.replace(" ", "") for each in found.findings) == "秘密裁掉"


def test_comments_embedded_files_and_scripts_are_told(read: Reader) -> None:
    page = notice()
    page.annotations.append(
        "<< /Type /Annot /Subtype /Text /Rect [300 300 320 320] /T (Zhang) /Contents (check the sum) >>"
    )
    writer = PdfWriter(io.BytesIO(pdf(page, info={"Author": "张三", "Title": "内部标题"})))
    writer.add_attachment("name-list.xlsx", b"CANARY")
    _add_script(writer, "app.alert(1)")
    buffer = io.BytesIO()
    writer.write(buffer)
    found = read(buffer.getvalue())
    assert found.html == f"<p>{LONG}</p>"
    assert told(found) == {
        "files embedded in the": "name-list.xlsx",
        "scripts of the PDF": "",
        "comments, stamps and marks": "Zhang: check the sum",
    }


def test_values_of_form_fields_that_are_seen_are_text(read: Reader) -> None:
    page = notice()
    shown = b"BT /F1 14 Tf 2 4 Td (SEEN 42) Tj ET"
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 "
        b"/BaseFont /Helvetica >> >> >> /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown)
    )
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (SEEN 42) /F 4 /Rect [90 400 290 420] /AP << /N 3 0 R >> >>"
    secret = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (b) /V (SECRET) /F 2 /Rect [90 300 290 320] /AP << /N 3 0 R >> >>"
    )
    page.annotations += ["4 0 R", "5 0 R"]
    found = read(pdf(page, extra=[form, field, secret], catalog="/AcroForm << /Fields [4 0 R 5 0 R] >>"))
    assert found.html == f"<p>{LONG}</p>\n<p>SEEN 42</p>"
    assert told(found) == {"values of form fields": "SECRET"}
    assert told(found, FindingKind.CHECK) == {"values of form fields": "SEEN 42"}


@pytest.mark.parametrize("replacement", ["(CANARY)", "()"])
def test_the_text_is_what_the_page_draws_not_what_the_file_says_it_means(read: Reader, replacement: str) -> None:
    page = notice()
    page.text(90, 500, "编号第7号")
    page.content[-1] = f"/Span << /ActualText {replacement} >> BDC {page.content[-1]} EMC"
    assert read(pdf(page)).html == f"<p>{LONG}</p>\n<p>编号第7号</p>"


# Scans and unreadable fonts


def scanned(with_words: bool = False) -> PdfPage:
    page = PdfPage()
    page.image(0, 0, 595, 842, 8, 8, rgb(8, 4) + rgb(8, 4, (250, 250, 250)))
    if with_words:
        page.text(90, 100, "识别的文字", mode=3)
    return page


def test_a_scan_becomes_the_attachment_without_its_properties(read: Reader, tmp_path: Path) -> None:
    page = scanned(with_words=True)
    page.annotations.append("<< /Type /Annot /Subtype /Text /Rect [1 1 9 9] /Contents (CANARY-COMMENT) >>")
    photo = PdfPage()
    photo.image(0, 0, 595, 842, 60, 40, jpeg(gradient()), "DCTDecode")
    writer = PdfWriter(io.BytesIO(pdf(page, scanned(), photo, info={"Author": "CANARYAUTHOR"})))
    writer.add_attachment("CANARYFILE.txt", b"CANARYBYTES")
    _add_script(writer, "CANARYSCRIPT()")
    buffer = io.BytesIO()
    writer.write(buffer)
    found = read(buffer.getvalue(), language="en")
    assert found.html == "<p>The full text is in the attachment.</p>"
    assert [(each.name, each.title) for each in found.files] == [("document.pdf", "关于防汛工作的通知")]
    assert next(each.place for each in found.findings if "scanned" in each.message) == "pages 1-3"
    cleaned = PdfReader(tmp_path / "files" / "document.pdf")
    assert len(cleaned.pages) == 3
    assert cleaned.metadata is None
    content = _all_bytes(cleaned)
    assert b"CANARY" not in content
    assert all(place not in content for place in GPS)


def _all_bytes(reader: PdfReader) -> bytes:
    """The bytes of all objects of a file, unpacked."""
    found = [repr(reader.trailer).encode()]
    for number in reader.xref[0]:
        each = reader.get_object(number)
        if isinstance(each, StreamObject):
            found += (each.get_data(), each._data)
        found.append(repr(each).encode())
    return b"".join(found)


def _add_script(writer: PdfWriter, script: str) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
    )
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), writer._add_object(action)])})
    known = writer.root_object.get("/Names")
    tree = known.get_object() if known else DictionaryObject()
    assert isinstance(tree, DictionaryObject)
    tree[NameObject("/JavaScript")] = names
    writer.root_object[NameObject("/Names")] = tree


def test_the_attachment_looks_like_the_file(read: Reader, tmp_path: Path) -> None:
    photo = PdfPage()
    photo.image(0, 0, 595, 842, 60, 40, jpeg(gradient()), "DCTDecode")
    content = pdf(photo)
    read(content)

    def looks(source: bytes) -> bytes:
        document = pypdfium2.PdfDocument(source)
        try:
            image: Image.Image = document[0].render(scale=0.5).to_pil()
            return image.tobytes()
        finally:
            document.close()

    assert looks((tmp_path / "files" / "document.pdf").read_bytes()) == looks(content)


def _cropped(page: PdfPage) -> None:
    page.crop = (0, 421, 595, 842)


def _cut(page: PdfPage) -> None:
    page.content[0] = f"q 0 300 595 542 re W n {page.content[0]} Q"


def _beyond(page: PdfPage) -> None:
    page.content[0] = "q 595 0 0 1684 0 -842 cm /I1 Do Q"


def _below_another(page: PdfPage) -> None:
    page.image(0, 300, 595, 842, 8, 8, rgb(8, 8, (250, 250, 250)))


def _on_a_layer(page: PdfPage) -> None:
    page.content[0] = f"/OC /Layer BDC {page.content[0]} EMC"
    page.image(0, 0, 595, 842, 8, 8, rgb(8, 8, (250, 250, 250)))
    page.blocked.append("/Properties << /Layer 3 0 R >>")


def _transparent(page: PdfPage) -> None:
    page.content[0] = f"q /None gs {page.content[0]} Q"
    page.image(0, 0, 595, 842, 8, 8, rgb(8, 8, (250, 250, 250)))
    page.blocked.append("/ExtGState << /None << /ca 0 >> >>")


@pytest.mark.parametrize("hide", [_cropped, _cut, _beyond, _below_another, _on_a_layer, _transparent])
def test_the_attachment_has_only_the_seen_part_of_a_picture(
    read: Reader, tmp_path: Path, hide: Callable[[PdfPage], object]
) -> None:
    secret = Image.new("RGB", (60, 40), (250, 250, 250))
    secret.paste((255, 0, 255), (0, 30, 60, 40))
    page = PdfPage()
    page.image(0, 0, 595, 842, 60, 40, jpeg(secret), "DCTDecode")
    hide(page)
    layers = "/OCProperties << /OCGs [3 0 R] /D << /OFF [3 0 R] >> >>"
    read(pdf(page, catalog=layers, extra=[b"<< /Type /OCG /Name (CANARYLAYER) >>"]))
    attached = PdfReader(tmp_path / "files" / "document.pdf")
    assert b"CANARY" not in _all_bytes(attached)
    (picture,) = attached.pages[0].images
    assert picture.image is not None
    green = picture.image.convert("RGB").getchannel("G")
    assert min(green.tobytes()) > 200


def test_the_attachment_has_no_unused_parts_and_entries(read: Reader, tmp_path: Path) -> None:
    page = scanned()
    page.content.append("% CANARYCOMMENT")
    page.content[0] = f"/Span << /ActualText (CANARYTEXT) >> BDC {page.content[0]} EMC"
    page.blocked.append("/Properties << /P << /Words (CANARYWORDS) >> >> /Pattern << /P 3 0 R >>")
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 12 >>\nstream\n% CANARYFORM\nendstream"
    read(pdf(page, extra=[form]).replace(b"/Rotate 0", b"/Rotate 0 /Own (CANARYOWN) /LastModified (CANARYDATE)"))
    assert b"CANARY" not in _all_bytes(PdfReader(tmp_path / "files" / "document.pdf"))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (100, 50, 500, 700)])
def test_the_attachment_looks_like_the_file_however_it_is_turned(
    read: Reader, tmp_path: Path, rotate: int, crop: tuple[int, int, int, int] | None
) -> None:
    page = PdfPage(rotate=rotate, crop=crop)
    page.image(0, 0, 595, 842, 60, 40, jpeg(gradient()), "DCTDecode")
    content = pdf(page)
    read(content)
    shown, attached = (small(each) for each in (content, (tmp_path / "files" / "document.pdf").read_bytes()))
    assert shown.size == attached.size
    assert max(ImageStat.Stat(ImageChops.difference(shown, attached)).mean) < 4


def small(content: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        image: Image.Image = document[0].render(scale=0.2).to_pil().convert("RGB")
        return image
    finally:
        document.close()


def test_a_file_that_is_partly_scanned_gives_its_text_and_the_attachment(read: Reader) -> None:
    found = read(pdf(notice(), scanned()))
    assert found.html == f"<p>{LONG}</p>"
    assert [each.name for each in found.files] == ["document.pdf"]
    assert "page 2" in [each.place for each in found.findings]


@pytest.mark.parametrize(
    "hide",
    [
        lambda page: page.text(90, 400, "秘密", colour=WHITE),
        lambda page: (page.text(90, 400, "秘密"), page.area(80, 395, 200, 420)),
    ],
)
def test_a_scan_with_words_hidden_elsewhere_is_not_attached(read: Reader, hide: Callable[[PdfPage], object]) -> None:
    page = notice()
    hide(page)
    found = read(pdf(page, scanned()))
    assert found.files == ()
    assert any("not attached" in each.message for each in found.findings)


def test_a_scan_with_an_area_over_it_is_not_attached(tmp_path: Path) -> None:
    page = scanned()
    page.area(100, 100, 200, 120)
    assert "neither text" in message_of(pdf(page), tmp_path)


def test_text_whose_fonts_name_no_characters_is_told_and_the_file_attached(read: Reader) -> None:
    found = read(pdf(notice(), with_unicode=False))
    assert any("do not name" in each.message for each in found.findings)
    assert [each.name for each in found.files] == ["document.pdf"]
    assert "为" not in found.html


# Files that cannot be read


@pytest.mark.parametrize(
    "content", [b"", b"not a pdf", b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <</Root 1 0 R>>"]
)
def test_a_damaged_file_is_refused_with_a_message(content: bytes, tmp_path: Path) -> None:
    assert "damaged" in message_of(content, tmp_path)


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_or_refused(tmp_path: Path) -> None:
    whole = pdf(notice(), notice())
    for number, part in enumerate((0.2, 0.5, 0.8, 0.95)):
        folder = tmp_path / str(number)
        folder.mkdir()
        file = folder / "a.pdf"
        file.write_bytes(whole[: int(len(whole) * part)])
        try:
            read_pdf(file, Workspace(folder), ReadOptions())
        except UnreadableFileError as error:
            assert str(error)


def encrypted(user: str) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf(notice())))
    writer.encrypt(user, "owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_file_that_opens_without_a_password_is_read_and_its_protection_told(read: Reader) -> None:
    found = read(encrypted(""))
    assert found.html == f"<p>{LONG}</p>"
    assert any("protected" in each.message for each in found.findings)


def test_a_file_that_needs_a_password_is_refused(tmp_path: Path) -> None:
    assert "without a password" in message_of(encrypted("secret"), tmp_path)


def test_a_file_with_very_many_pages_is_refused_at_once(tmp_path: Path) -> None:
    assert "301 pages" in message_of(pdf(*[PdfPage() for _page in range(301)]), tmp_path)


def test_a_page_of_many_kilometres_is_refused(tmp_path: Path) -> None:
    assert "page 1" in message_of(pdf(PdfPage(1_000_000, 1_000_000)), tmp_path)


def test_a_page_tree_that_contains_itself_ends(read: Reader) -> None:
    content = pdf(notice()).replace(b"/Kids [", b"/Kids [2 0 R 2 0 R ")
    assert LONG in read(content).html


def with_form(body: bytes) -> bytes:
    """A page that draws a form (X), which has itself as resource."""
    page = notice()
    page.content.append("/X Do")
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 3 0 R >> >> /Length %d >>\n"
        b"stream\n%b\nendstream" % (len(body), body)
    )
    return pdf(page, extra=[form]).replace(b"/XObject <<  >>", b"/XObject << /X 3 0 R >>", 1)


def test_a_form_that_draws_itself_ends(read: Reader) -> None:
    assert read(with_form(b"/X Do")).html == f"<p>{LONG}</p>"


@pytest.mark.slow
def test_forms_that_grow_without_end_exceed_the_memory_of_their_process(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(with_form(b"/X Do /X Do"))

    def work(path: Path) -> str:
        faulthandler.disable()
        return read_pdf(path, Workspace(tmp_path), ReadOptions()).html

    limits = Limits[Path, str](20, lambda _path, excess: excess.value, 100 << 20)
    assert list(map_parallel(work, [file], few=1, limits=limits)) == ["memory"]


def test_an_empty_page_is_told_as_showing_nothing(tmp_path: Path) -> None:
    assert "neither text nor pictures" in message_of(pdf(PdfPage()), tmp_path)


def test_black_is_not_taken_for_a_redaction_where_the_text_lies_above(read: Reader) -> None:
    page = notice()
    page.area(80, 395, 200, 420, BLACK)
    page.text(90, 400, "白字", colour=WHITE)
    assert "白字" in read(pdf(page)).html


def word(paragraphs: list[str], rows: list[list[str]], header: str) -> bytes:
    """A Word document with paragraphs, a table with lines, and a header."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(0, 2, "Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.office
def test_a_word_file_saved_as_pdf_gives_all_its_text(read: Reader) -> None:
    paragraphs = [
        f"Paragraph {number} " + "tells villages what to do until the end of May. " * 6 for number in range(12)
    ]
    rows = [["Name", "Sum"], *([f"Village {number}", f"{number * 1234:,}"] for number in range(40))]
    found = read(convert_to_pdf(word(paragraphs, rows, "Internal")))
    root = html.fragment_fromstring(found.html, create_parent="div")
    assert [each.text_content() for each in root.iter("p")] == [each.strip() for each in paragraphs]
    assert [[cell.text_content() for cell in row] for row in root.iter("tr")] == rows
    assert [each.words for each in found.findings if "header" in each.message] == ["Internal"]
