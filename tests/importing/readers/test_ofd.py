"""OFD files: their text is that of their pages, what they hide stays out, and the file is the attachment."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gongshi.importing.document import FindingKind, ReadDocument, ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.readers import reader_for
from gongshi.importing.readers.containers import zip_limits
from gongshi.importing.readers.ofd.numbers import read_steps
from gongshi.importing.readers.ofd.reader import read_ofd
from gongshi.importing.sources import ImportSource
from support.ofd_files import OfdPage, ofd
from support.office_documents import repacked
from support.photos import exif, gradient, saved

LONG = "为做好本年度城乡居民基本医疗保险参保缴费工作，根据上级有关要求，结合本镇实际情况，现将有关事项通知如下，请认真组织实施。"
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
Reader = Callable[..., ReadDocument]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read the bytes of an OFD; its files are in the folder `files`."""

    def read_bytes(content: bytes) -> ReadDocument:
        file, folder = tmp_path / "关于防汛工作的通知.ofd", tmp_path / "files"
        file.write_bytes(content)
        folder.mkdir()
        return read_ofd(file, Workspace(folder), ReadOptions(language="en"))

    return read_bytes


def notice() -> OfdPage:
    page = OfdPage()
    page.paragraph(100, LONG)
    return page


def picture(size: tuple[int, int] = (40, 20)) -> bytes:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_an_ofd_has_a_reader(tmp_path: Path) -> None:
    file = tmp_path / "a.ofd"
    file.write_bytes(ofd(notice()))
    assert reader_for(ImportSource(file, "ofd", "a.ofd")) is read_ofd


def test_text_tables_and_templates_become_the_text_and_the_file_the_attachment(read: Reader, tmp_path: Path) -> None:
    template, page = OfdPage(), OfdPage()
    template.centred(60, "青禾镇人民政府文件", 36)
    page.centred(150, "青政发〔2026〕3号")
    page.centred(200, "关于做好防汛工作的通知", 22)
    page.paragraph(260, LONG)
    for height in (400, 424, 448):
        page.line(90, height, 506, height)
    for x in (90, 200, 506):
        page.line(x, 400, x, 448)
    for x, top, words in ((94, 404, "村名"), (204, 404, "人数"), (94, 428, "东村"), (204, 428, "1,200")):
        page.text(x, top, words, 12)
    page.text(350, 500, "青禾镇人民政府")
    page.text(350, 528, "2026年6月1日")
    page.text(280, 790, "— 1 —", 14)
    content = ofd(page, template=template)
    found = read(content)
    assert found.html == (
        '<p class="center">青禾镇人民政府文件</p>\n<p class="center">青政发〔2026〕3号</p>\n'
        f'<p class="center">关于做好防汛工作的通知</p>\n<p>{LONG}</p>\n'
        "<table>\n<tr><th>村名</th><th>人数</th></tr>\n<tr><td>东村</td><td>1,200</td></tr>\n</table>\n"
        '<p class="right">青禾镇人民政府</p>\n<p class="right">2026年6月1日</p>'
    )
    assert [(each.name, each.title) for each in found.files] == [("document.ofd", "关于防汛工作的通知")]
    attached = tmp_path / "files" / "document.ofd"
    (tmp_path / "again").mkdir()
    assert read_ofd(attached, Workspace(tmp_path / "again"), ReadOptions()).html == found.html
    assert [each.words for each in found.findings if each.kind is FindingKind.LEFT_OUT] == ["— 1 —"]


def test_pages_keep_their_order_and_paragraphs_go_on(read: Reader) -> None:
    first, second = notice(), OfdPage()
    first.paragraph(200, LONG[:24] + LONG[:26])
    second.paragraph(100, "后半段。", indent=0)
    second.paragraph(128, LONG)
    assert read(ofd(first, second)).html == f"<p>{LONG}</p>\n<p>{LONG[:24] + LONG[:26]}后半段。</p>\n<p>{LONG}</p>"


def test_transformations_of_objects_are_applied(read: Reader) -> None:
    page = notice()
    page.objects.append(
        '<ofd:TextObject ID="9" Boundary="31.75 100 60 10" Font="3" Size="1" CTM="5.6444 0 0 5.6444 0 0">'
        '<ofd:TextCode X="0" Y="0.85" DeltaX="g 3 1">大小一样</ofd:TextCode></ofd:TextObject>'
    )
    page.text(90, 320, "大小一样")
    assert read(ofd(page)).html.endswith("<p>大小一样</p>\n<p>大小一样</p>")


def test_drawings_that_pages_share_and_groups_are_read(read: Reader) -> None:
    page, other = OfdPage(), OfdPage()
    page.paragraph(100, LONG)
    page.objects.append("<ofd:PageBlock ID='8'>")
    page.text(90, 300, "组内文字")
    page.objects.append('</ofd:PageBlock><ofd:CompositeObject ID="7" Boundary="0 50 200 50" ResourceID="77"/>')
    other.text(90, 300, "公用图元")
    shared = (
        f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="SimSun"/></ofd:Fonts>'
        f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="77" Width="200" Height="50"><ofd:Content>'
        f"{''.join(other.objects)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    found = read(ofd(page, parts={"Doc_0/PublicRes.xml": shared}))
    assert found.html.endswith("<p>组内文字</p>\n<p>公用图元</p>")


@pytest.mark.parametrize(
    ("hide", "message"),
    [
        (lambda page: page.text(90, 300, "秘密", attributes='Visible="false"'), "invisibly"),
        (lambda page: page.text(90, 300, "秘密", attributes='Fill="false"'), "invisibly"),
        (lambda page: page.text(90, 300, "秘密", attributes='Alpha="0"'), "invisibly"),
        (lambda page: page.text(90, 300, "秘密", inside='<ofd:FillColor Value="255 255 255"/>'), "not seen"),
        (lambda page: page.text(90, 300, "秘密", 1.5), "too small"),
        (lambda page: page.text(700, 300, "秘密"), "outside"),
        (lambda page: (page.text(90, 300, "秘密"), page.area(80, 295, 200, 320)), "WARNING"),
        (lambda page: (page.text(90, 300, "秘密"), page.area(80, 295, 200, 320, "255 255 255")), "not seen"),
    ],
)
def test_text_that_is_not_seen_is_left_out_told_and_not_attached(
    read: Reader, hide: Callable[[OfdPage], object], message: str
) -> None:
    page = notice()
    hide(page)
    found = read(ofd(page))
    assert found.html == f"<p>{LONG}</p>"
    assert message in next(each.message for each in found.findings if each.words == "秘密")
    assert found.files == ()


def test_white_text_on_a_dark_ground_is_seen(read: Reader) -> None:
    page = notice()
    page.area(80, 295, 200, 320, "20 40 120")
    page.text(90, 300, "白字", inside='<ofd:FillColor Value="#FF #FF #FF"/>')
    assert read(ofd(page)).html.endswith("<p>白字</p>")


def test_pictures_stand_at_their_place_without_metadata(read: Reader, tmp_path: Path) -> None:
    page = OfdPage()
    page.paragraph(100, LONG)
    page.image(100, 200, 300, 300, 41)
    page.paragraph(330, LONG)
    found = read(ofd(page, images={41: picture()}))
    assert found.html.split("\n")[1] == '<p><img src="picture-1.png" alt=""></p>'
    with Image.open(tmp_path / "files" / "picture-1.png") as image:
        assert image.size == (40, 20)


def test_a_picture_of_which_only_a_part_is_seen_is_left_out(read: Reader) -> None:
    page = notice()
    page.image(100, 200, 300, 300, 41)
    page.area(150, 220, 200, 240)
    found = read(ofd(page, images={41: picture()}))
    assert "<img" not in found.html
    assert any("picture" in each.message for each in found.findings)


def test_a_scan_is_told_and_attached(read: Reader) -> None:
    page = OfdPage()
    page.image(0, 0, 595, 842, 41)
    found = read(ofd(page, images={41: picture()}))
    assert found.html == "<p>The full text is in the attachment.</p>"
    assert [each.name for each in found.files] == ["document.ofd"]
    assert any("scanned" in each.message for each in found.findings)


def test_properties_seals_comments_and_embedded_files_are_told(read: Reader) -> None:
    content = ofd(
        notice(),
        info="<ofd:Author>张三</ofd:Author><ofd:CustomDatas><ofd:CustomData Name='密级'>秘密</ofd:CustomData></ofd:CustomDatas>",
        body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>",
        root="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:Attachments>Added/Attachments.xml</ofd:Attachments>",
        parts={
            "Doc_0/Signs/Signatures.xml": f"<ofd:Signatures {SPACE}><ofd:Signature ID='1' BaseLoc='Sign_0/Signature.xml'/></ofd:Signatures>",
            "Doc_0/Signs/Sign_0/Signature.xml": f"<ofd:Signature {SPACE}><ofd:SignedInfo><ofd:StampAnnot PageRef='1'/></ofd:SignedInfo></ofd:Signature>",
            "Doc_0/Annots/Annotations.xml": f"<ofd:Annotations {SPACE}><ofd:Page PageID='1'><ofd:FileLoc>Page_0.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
            "Doc_0/Annots/Page_0.xml": f"<ofd:PageAnnot {SPACE}><ofd:Annot Type='Highlight' Creator='李四'><ofd:Remark>请核对</ofd:Remark></ofd:Annot></ofd:PageAnnot>",
            "Doc_0/Added/Attachments.xml": f"<ofd:Attachments {SPACE}><ofd:Attachment Name='名单.xlsx'/></ofd:Attachments>",
        },
    )
    found = read(content)
    assert found.html == f"<p>{LONG}</p>"
    assert [(each.words, each.place) for each in found.findings if each.words or "seal" in each.message] == [
        ("Author: 张三; 密级: 秘密", ""),
        ("名单.xlsx", ""),
        ("李四: 请核对", "page 1"),
        ("", "page 1"),
    ]
    assert found.files == ()


CANARIES: dict[str, Any] = {
    "info": "<ofd:DocID>1</ofd:DocID><ofd:Author>CANARY</ofd:Author><ofd:Cover>Doc_0/CANARY.jpg</ofd:Cover>",
    "root": "<ofd:Outlines><ofd:OutlineElem Title='CANARY'/></ofd:Outlines><ofd:Extensions>E.xml</ofd:Extensions>",
    "parts": {"Doc_0/CANARY.jpg": b"CANARY", "Doc_0/E.xml": "<a>CANARY</a>", "Doc_0/Old/Content.xml": "<a>CANARY</a>"},
}


def unpacked(file: Path) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return b"".join(each.filename.encode() + archive.read(each) for each in archive.infolist())


def test_the_attachment_has_only_what_the_pages_show(read: Reader, tmp_path: Path) -> None:
    page = notice()
    page.image(100, 300, 300, 400, 41)
    page.objects[-1] = page.objects[-1].replace("/>", " Name='CANARY'/>") + "<!-- CANARY -->"
    images = {41: saved(gradient(), "JPEG", exif=exif()), 42: b"CANARYUNUSED"}
    found = read(ofd(page, images=images, **CANARIES))
    assert [each.name for each in found.files] == ["picture-1.png", "document.ofd"]
    content = unpacked(tmp_path / "files" / "document.ofd")
    assert b"CANARY" not in content
    assert LONG[:5].encode() in content


@pytest.mark.parametrize("more", [None, *CANARIES])
def test_a_sealed_file_is_attached_as_it_is_or_not_at_all(read: Reader, tmp_path: Path, more: str | None) -> None:
    added = {more: CANARIES[more]} if more else {}
    seal: dict[str, Any] = {
        "Doc_0/Signs/Signatures.xml": f"<ofd:Signatures {SPACE}/>",
        "Doc_0/Signs/Sign_0/SignedValue.dat": b"seal",
    }
    added["parts"] = {**seal, **added.get("parts", {})}
    content = ofd(notice(), body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>", **added)
    found = read(content)
    if more is None:
        assert (tmp_path / "files" / "document.ofd").read_bytes() == content
    else:
        assert found.files == ()
        assert any("sealed" in each.message for each in found.findings)


@pytest.mark.parametrize(
    "hide",
    [
        lambda page: page.area(150, 320, 200, 340),
        lambda page: page.image(90, 290, 310, 410, 42),
        lambda page: page.objects.append(page.objects.pop().replace(' CTM="', ' Alpha="0" CTM="')),
        lambda page: page.objects.append(page.objects.pop().replace(' CTM="', ' Visible="false" CTM="')),
        lambda page: (page.objects.pop(), page.image(500, 300, 700, 400, 41)),
    ],
)
def test_a_picture_that_is_not_wholly_seen_is_in_neither_entry_nor_attachment(
    read: Reader, tmp_path: Path, hide: Callable[[OfdPage], object]
) -> None:
    page = notice()
    page.image(100, 300, 300, 400, 41)
    hide(page)
    secret = Image.new("RGB", (40, 20), (255, 0, 255))
    secret.putpixel((0, 0), (0, 0, 0))
    images = {41: saved(secret, "PNG"), 42: saved(gradient(), "PNG")}
    read(ofd(page, images=images))
    for file in (tmp_path / "files").glob("picture-*"):
        with Image.open(file) as image:
            assert image.getpixel((30, 10)) != (255, 0, 255)
    attached = tmp_path / "files" / "document.ofd"
    assert not attached.exists() or images[41] not in unpacked(attached)


def refusal(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "a.ofd"
    file.write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_ofd(file, Workspace(tmp_path), ReadOptions())
    return str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive", ofd(OfdPage())[:200]])
def test_a_damaged_file_is_refused_with_a_message(content: bytes, tmp_path: Path) -> None:
    assert "damaged" in refusal(content, tmp_path)


def test_parts_with_a_document_type_are_refused(tmp_path: Path) -> None:
    bomb = (
        "<!DOCTYPE a [<!ENTITY b 'xxxxxxxxxx'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
        f"<ofd:Page {SPACE}><ofd:Content>&c;</ofd:Content></ofd:Page>"
    )
    assert "damaged" in refusal(ofd(notice(), parts={"Doc_0/Pages/Page_1/Content.xml": bomb}), tmp_path)


def test_an_archive_that_unpacks_to_very_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_limits, "MAX_BYTES", 1 << 20)
    assert "too large" in refusal(ofd(notice(), parts={"Doc_0/Res/a.bin": bytes(2 << 20)}), tmp_path)


def test_an_archive_with_very_many_parts_is_refused(tmp_path: Path) -> None:
    assert "too large" in refusal(ofd(notice(), parts={f"x/{number}": b"" for number in range(5001)}), tmp_path)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    assert "remove the password" in refusal(ofd(notice(), parts={"Encryptions.xml": "<a/>"}), tmp_path)


def test_names_that_lead_out_of_the_archive_are_not_followed(read: Reader, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(f"<ofd:Page {SPACE}/>")

    def point_out(name: str, part: bytes) -> bytes:
        return part.replace(b"Pages/Page_2/Content.xml", f"../../../../../../../..{secret}".encode())

    found = read(repacked(ofd(notice(), notice()), point_out))
    assert found.html == f"<p>{LONG}</p>"


def test_drawings_that_contain_themselves_end(read: Reader) -> None:
    page = notice()
    page.objects.append('<ofd:CompositeObject ID="7" Boundary="0 0 9 9" ResourceID="77"/>')
    inside = '<ofd:CompositeObject ID="6" Boundary="0 0 9 9" ResourceID="77"/>' * 3
    shared = (
        f"<ofd:Res {SPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='77'><ofd:Content>{inside}"
        "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    assert read(ofd(page, parts={"Doc_0/PublicRes.xml": shared})).html == f"<p>{LONG}</p>"


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1 2", [1, 2]),
        ("g 3 1.5 2", [1.5, 1.5, 1.5, 2]),
        ("g 3", []),
        ("x", []),
        (None, []),
        ("g 999999999 1", [1] * 100_000),
    ],
)
def test_steps_between_characters_are_read_within_limits(text: str | None, steps: list[float]) -> None:
    assert read_steps(text) == steps
