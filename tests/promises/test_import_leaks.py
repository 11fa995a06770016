"""Nothing of an imported file is public but what it shows: canaries in every hiding place, through review and build."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from gongshi.importing.document import ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers import reader_for
from gongshi.importing.sources import find_sources
from support import photos, word_parts
from support.ofd_files import OfdPage, ofd
from support.office_documents import repacked
from support.pdf_files import PdfPage, pdf
from support.photos import gradient
from support.unit import UnitUnderTest, front_matter, settings
from support.word_parts import inline, p, part, pic, r
from support.workbooks import book, saved

CANARY = b"CANARY"
FORMS = tuple(CANARY.decode().encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
PHOTO = photos.jpeg(gradient())
"""A photo with place, names, comments and thumbnail."""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><title>CANARY</title><desc>CANARY</desc>'
    '<text display="none">CANARY</text><g style="visibility: hidden"><text>CANARY</text></g>'
    '<g opacity="0"><text>CANARY</text></g><rect id="CANARY" class="CANARY" aria-label="CANARY" width="80" height="80"/>'
    '<linearGradient id="used"/><circle r="9" fill="url(#used)"/></svg>'
)
UNSEEN_STYLES = (
    "color: white",
    "color: #fff; background: #FFF url()".replace(" url()", ""),
    "color: transparent",
    "color: rgba(0, 0, 0, 0)",
    "opacity: .01",
    "font-size: 1px",
    "transform: scale(0)",
    "margin-left: -9999px",
    "content-visibility: hidden",
)


def word_file() -> bytes:
    """A Word file with canaries in its properties, parts, marks and pictures."""
    described = inline(pic("photo"), named='descr="C:\\Users\\CANARY\\a.jpg"')
    body = (
        p("Notice on inspection")
        + p("To all villages:", r("CANARY", "<w:vanish/>"), r("CANARY", '<w:color w:val="FFFFFF"/>'))
        + p('<w:bookmarkStart w:id="1" w:name="CANARY"/>', "Doors are checked.", '<w:commentReference w:id="1"/>')
        + p("See ", f'<w:hyperlink r:id="path" w:tooltip="CANARY">{r("the list")}</w:hyperlink>')
        + p(described)
    )
    parts: dict[str, str | bytes] = {
        "photo.jpeg": PHOTO,
        "header1.xml": part("hdr", p("CANARY")),
        "comments.xml": part("comments", f'<w:comment w:id="1" w:author="CANARY">{p("CANARY")}</w:comment>'),
        "settings.xml": part("settings", '<w:docVars><w:docVar w:name="CANARY" w:val="CANARY"/></w:docVars>'),
        "vbaProject.bin": b"CANARY",
    }
    links: dict[str, word_parts.Link] = {
        "photo": ("image", "photo.jpeg"),
        "path": ("hyperlink", "file:///C:/CANARY.docx", True),
    }
    content = word_parts.word_file(body, parts, links)
    more: dict[str, str | bytes] = {
        "docProps/core.xml": "<a>CANARY</a>",
        "docProps/thumbnail.jpeg": PHOTO,
        "customXml/item1.xml": "<a>CANARY</a>",
    }
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = CANARY
        for name, added in more.items():
            archive.writestr(name, added)
    return buffer.getvalue()


def sheet(rows: int) -> bytes:
    """A workbook with hidden cells, notes, names and a photo; a long one becomes an attachment."""
    made = book(["Name", "Amount", "Secret"], *[[f"Person {number}", number / 7, "CANARY"] for number in range(rows)])
    first = made.worksheets[0]
    first.column_dimensions["C"].hidden = True
    first["A2"].comment = Comment("CANARY", "CANARY")
    first["A3"].hyperlink = "file:///C:/CANARY.xlsx"
    assert first.HeaderFooter.oddHeader is not None
    first.HeaderFooter.oddHeader.center.text = "CANARY"
    made.create_sheet("CANARY").sheet_state = "veryHidden"
    made.properties.creator = made.properties.title = "CANARY"
    first.add_image(SheetImage(io.BytesIO(PHOTO)), "E2")
    described = b'descr="C:\\Users\\CANARY\\a.jpg"'

    def change(name: str, content: bytes) -> bytes:
        return PHOTO if name.startswith("xl/media/") else re.sub(rb'descr="[^"]*"', lambda _match: described, content)

    return repacked(saved(made), change)


def page() -> bytes:
    """A saved web page with canaries in its head, comments, attributes, unseen text and pictures."""
    unseen = "".join(f'<p style="{style}">CANARY</p>' for style in UNSEEN_STYLES)
    drawing = base64.b64encode(DRAWING.encode()).decode()
    photo = base64.b64encode(PHOTO).decode()
    return f"""<!-- CANARY --><html><head><meta charset="utf-8"><meta name="author" content="CANARY"><title>Notice on roads</title>
<script>CANARY</script></head><body data-user="CANARY"><h1>Notice on roads</h1><p id="CANARY" title="CANARY">The road to the mill
is closed from Monday.</p><!-- CANARY -->{unseen}<p hidden>CANARY</p><dialog>CANARY</dialog><template>CANARY</template>
<font color="#FFFFFF">CANARY</font><input type="hidden" value="CANARY"><p>Use the <a href="file:///C:/CANARY" data-x="CANARY">other
road</a>.</p><img src="data:image/jpeg;base64,{photo}" alt="图片包含 CANARY 描述已自动生成">
<img src="data:image/svg+xml;base64,{drawing}" alt="Map"></body></html>""".encode()


def scan() -> bytes:
    """A scanned page with a photo that reaches beyond it, comments, files and properties."""
    made = PdfPage()
    made.image(0, 0, 595, 842, 60, 40, PHOTO, "DCTDecode")
    made.annotations.append("<< /Type /Annot /Subtype /Text /Rect [1 1 9 9] /Contents (CANARY) /T (CANARY) >>")
    made.content.append("% CANARY")
    attached = [
        b"<< /Type /EmbeddedFile /Length 6 >>\nstream\nCANARY\nendstream",
        b"<< /F (CANARY) /EF << /F 3 0 R >> >>",
    ]
    names = "/Names << /EmbeddedFiles << /Names [(CANARY) 4 0 R] >> >>"
    return pdf(made, info={"Author": "CANARY"}, catalog=names, extra=attached) + b"% CANARY\n"


def ofd_file() -> bytes:
    """An OFD with an author, an old version, and a photo."""
    made = OfdPage()
    made.paragraph(100, "各村要高度重视，认真落实，确保各项工作顺利进行。")
    made.image(100, 300, 300, 400, 41)
    return ofd(made, info="<ofd:Author>CANARY</ofd:Author>", images={41: PHOTO}, parts={"Old.xml": "<a>CANARY</a>"})


def desk(folder: Path) -> Path:
    """All these files, under names that must not be public either."""
    folder.mkdir(parents=True)
    files = {
        "a.docx": word_file(), "b.xlsx": sheet(5), "c.xlsx": sheet(60), "d.html": page(), "e.ofd": ofd_file(),
        "scan.pdf": scan(),
    }  # fmt: skip
    for name, content in files.items():
        # Of files without a title, the name is the proposed one, which the report says.
        (folder / (f"CANARY-{name}" if name in ("a.docx", "d.html") else name)).write_bytes(content)
    pictures = folder / "Fire drill"
    pictures.mkdir()
    erased = Image.new("RGBA", (300, 200), (255, 0, 255, 0))
    erased.paste((0, 60, 160, 255), (99, 49, 199, 149))
    (pictures / "CANARY-1.jpg").write_bytes(PHOTO)
    (pictures / "CANARY-2.png").write_bytes(photos.png(erased))
    return folder


def contents(path: Path) -> Iterator[bytes]:
    """Names and bytes of a file or folder, also of what is packed in it."""
    for each in [path, *path.rglob("*")]:
        yield each.name.encode()
        if each.is_file():
            yield from unpacked(each.read_bytes())


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes of a file, and those packed in it."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment
            for each in archive.infolist():
                yield each.filename.encode()
                yield from unpacked(archive.read(each))
    elif content.startswith((b"%PDF", b"\x89PNG", b"\x1f\x8b")):
        for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
            try:
                yield zlib.decompressobj().decompress(content[start.start() :])
            except zlib.error:
                continue


def leaks(path: Path) -> list[bytes]:
    """What stands around canaries, and places of photos."""
    found = []
    for content in contents(path):
        for secret in (*FORMS, *photos.GPS, CANARY.lower()):
            at = content.find(secret)
            if at >= 0:
                found.append(content[max(0, at - 40) : at + 40])
    return found


def read(path: Path, folder: Path) -> ReadDocument:
    """Read a file into a folder."""
    folder.mkdir()
    (source,), _ignored = find_sources([path])
    return reader_for(source)(path, Workspace(folder), ReadOptions(language="en"))


def test_nothing_but_what_a_file_shows_goes_into_its_draft(tmp_path: Path) -> None:
    """Neither words nor bytes; what is left out is told."""
    for number, path in enumerate(sorted(desk(tmp_path / "desk").iterdir())):
        document = read(path, tmp_path / str(number))
        assert leaks(tmp_path / str(number)) == [], path.name
        assert "CANARY" not in document.html + document.visible_text + str(document.fields), path.name
        if path.suffix in (".docx", ".xlsx", ".html"):
            assert any("CANARY" in finding.words for finding in document.findings)


def test_colours_of_erased_parts_are_not_in_pictures(tmp_path: Path) -> None:
    """Transparent pixels keep the colours below them in many programs."""
    document = read(desk(tmp_path / "desk") / "Fire drill", tmp_path / "files")
    for file in document.files:
        with Image.open(tmp_path / "files" / file.name) as image:
            seen = image.convert("RGBA").getcolors(1 << 24) or []
            assert not [colour for _count, colour in seen if isinstance(colour, tuple) and colour[:3] == (255, 0, 255)]


@pytest.mark.slow
@pytest.mark.parametrize("assurance", ["seal", "flag"])
def test_nothing_but_what_was_approved_is_in_the_site_and_the_staged_tree(unit: UnitUnderTest, assurance: str) -> None:
    """Neither originals, nor their names, nor the key that names them, in any byte, packed or not."""
    unit.configure(settings(assurance=assurance))
    files = desk(unit.root.parent / "desk")
    said = unit.gongshi("import", str(files), "--column", "announcements", "--as", "clerk")
    assert said.exit_code == 0, said.all
    entries = sorted(unit.docs.glob("*/*/*/index.md"))
    assert len(entries) == 7
    for entry in entries:
        text = entry.read_text(encoding="utf-8").replace("Write the text here.", "The drill took an hour.")
        entry.write_text(text, encoding="utf-8")
        if assurance == "flag":
            flags = "author: clerk\nstatus: approved\napproved_by: {first: head, second: deputy, final: chief}"
            entry.write_text(text.replace("author: clerk", flags, 1), encoding="utf-8")
        else:
            unit.publish(entry.relative_to(unit.docs).as_posix())
    assert leaks(unit.docs / ".originals")
    result = unit.build()
    assert result.exit_code == 0, result.all
    pages = [unit.site / entry.relative_to(unit.docs).parent / "index.html" for entry in entries]
    assert all(each.is_file() for each in pages), result.all
    staged = unit.root.parent / "staged"
    done = unit.gongshi("stage", str(staged))
    assert done.exit_code == 0, done.all
    for folder in (unit.site, staged):
        assert leaks(folder) == []
        everything = b"\n".join(contents(folder))
        assert b"imported_from" not in everything
        assert b".originals" not in everything
    for entry in entries:
        # The front matter names the original, which readers do not see.
        assert all(b"  file: CANARY-" in each for each in leaks(entry.parent))


def test_a_draft_that_was_imported_is_not_public(unit: UnitUnderTest) -> None:
    """As any other draft."""
    unit.write("announcements/good.md", front_matter(title="Good"))
    unit.publish("announcements/good.md")
    files = desk(unit.root.parent / "desk")
    unit.gongshi("import", str(files / "scan.pdf"), "--column", "announcements", "--as", "clerk")
    assert unit.build().exit_code == 0
    assert leaks(unit.site) == []
    assert not list(unit.site.rglob("document.pdf"))
