"""The text inside files: what is read of each kind, and that no file harms, stops or stalls the reader."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pypdf
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from PIL import Image

from gongshi.reports.diff import attachment_reader
from gongshi.reports.diff.attachment_reader import CHARACTERS, Failure
from gongshi.reports.diff.attachment_text import AttachmentText, TextExtractor
from gongshi.site.images.process import image_size
from support.office_documents import pdf, repacked, word, workbook
from support.photos import gradient, saved
from support.sample_unit import sample_file


def read(name: str, content: bytes) -> str:
    """The text inside a file that can be read."""
    found = TextExtractor().text(name, content)
    assert isinstance(found, AttachmentText), found
    return found.text


def test_word_documents() -> None:
    """Paragraphs, tables row by row, headers; empty rows are left out."""
    content = word(["申请表", "请填写\t姓名"], [["姓名", "电话"], ["", ""], ["张三", "1"]], header="便民中心")
    assert read("a.docx", content) == "申请表\n请填写\t姓名\n姓名 | 电话\n张三 | 1\n── header ──\n便民中心\n"


def test_word_documents_with_another_main_part() -> None:
    """Some programs number it."""
    content = repacked(word(["x"]), lambda _name, part: part)
    renamed = content.replace(b"word/document.xml", b"word/document2.xm")
    assert TextExtractor().text("a.docx", renamed) is Failure.DAMAGED
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("document.xml", "document2.xml"), old.read(name))
    assert read("a.docx", buffer.getvalue()) == "x\n"


def test_what_hides_in_word_documents() -> None:
    """Text boxes once, tables in tables once, footnotes, comments, tracked deletions and the addresses of links."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

    def p(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    box = f"<w:txbxContent>{p('In a box')}</w:txbxContent>"
    inner = f"<w:tbl><w:tr><w:tc>{p('inner')}</w:tc></w:tr></w:tbl>"
    body = (
        f"<w:document {w} {mc}><w:body><w:p><w:r><w:t>Before</w:t></w:r><w:del><w:r><w:delText>struck</w:delText></w:r>"
        f"</w:del><w:ins><w:r><w:t> added</w:t></w:r></w:ins><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p><w:sdt><w:sdtContent>{p('Field')}"
        f"</w:sdtContent></w:sdt><w:tbl><w:tr><w:tc>{p('outer')}{inner}</w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    content = repacked(
        word(["x"]),
        lambda name, part: body.encode() if name == "word/document.xml" else part,
        **{
            "word/footnotes.xml": f"<w:footnotes {w}><w:footnote>{p('A note')}</w:footnote></w:footnotes>".encode(),
            "word/comments.xml": f"<w:comments {w}><w:comment>{p('A remark')}</w:comment></w:comments>".encode(),
            "word/_rels/footnotes.xml.rels": b'<R><Relationship Target="https://x.example/" TargetMode="External"/></R>',
        },
    )
    assert read("a.docx", content) == (
        "Before added\nIn a box\nField\nouter / inner\n── footnotes ──\nA note\n── comments ──\nA remark\n"
        "── struck out in tracked changes ──\nstruck\n── addresses of links ──\nhttps://x.example/\n"
    )


@pytest.mark.slow
def test_workbooks() -> None:
    """Every sheet under its name, hidden ones marked; values, and formulas with the value computed last."""
    assert read("a.xlsx", workbook([["名称", "数量"], [None, 3], ["合计", "=SUM(B2:B2)"]], "明细")) == (
        "── sheet 明细 ──\n名称 | 数量\n | 3\n合计 | =SUM(B2:B2)\n"
    )
    assert "── hidden sheet 明细 ──\n" in read("a.xlsx", workbook([["x"]], "明细", "hidden"))

    def computed(name: str, part: bytes) -> bytes:
        return part.replace(b"<v></v>", b"<v>6</v>").replace(b"<v/>", b"<v>6</v>").replace(b"<v />", b"<v>6</v>")

    assert "=SUM(1,5) → 6\n" in read("a.xlsx", repacked(workbook([["=SUM(1,5)"]]), computed))
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = ArrayFormula("A1:A2", "=B1:B2*2")
    buffer = io.BytesIO()
    book.save(buffer)
    assert "=B1:B2*2" in read("a.xlsm", buffer.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize("claimed", [b"A1:XFD1048576", b"A1:A1"])
def test_a_workbook_that_lies_about_its_size(claimed: bytes) -> None:
    """A sheet that says it has a million rows of sixteen thousand cells, or only one cell: what is there is read."""

    def lie(_name: str, part: bytes) -> bytes:
        return part.replace(b'<dimension ref="A1:B2000"', b'<dimension ref="%b"' % claimed)

    content = repacked(workbook([[n, "x"] for n in range(2000)]), lie)
    assert claimed in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet2.xml")
    assert read("a.xlsx", content).splitlines()[1:] == [f"{n} | x" for n in range(2000)]


def test_pdfs() -> None:
    """Their text, page after page."""
    assert read("a.pdf", pdf("Fee 30 yuan", "Room 205")) == "Fee 30 yuan\nRoom 205\n"


def test_a_chinese_pdf() -> None:
    """The sample's, whose font names its characters by number."""
    assert "办法" in read("a.PDF", sample_file("announcements/2025/20250610-1/guanli-banfa.pdf"))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("甲\r\n乙\r丙".encode(), "甲\n乙\n丙"),
        ("\ufeff甲".encode(), "甲"),
        ("关于停水的通知".encode("gb18030"), "关于停水的通知"),
        ("甲\n".encode("utf-16"), "甲\n"),
        (b"", ""),
    ],
)
def test_plain_texts(content: bytes, text: str) -> None:
    """In the encodings that offices use; line endings and a BOM do not count."""
    assert read("a.CSV", content) == text


@pytest.mark.slow
def test_long_texts_are_cut() -> None:
    """Of a text only the beginning is read, and that is said."""
    found = TextExtractor().text("a.txt", b"a" * (CHARACTERS + 1))
    assert found == AttachmentText("a" * CHARACTERS, cut=True)
    found = TextExtractor().text("a.docx", word(["字" * 1_500_000, "词" * 1_500_000]))
    assert isinstance(found, AttachmentText) and found.cut and len(found.text) == CHARACTERS + 1


def _encrypted_pdf(password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf("Secret")))
    writer.encrypt(password, "owner")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _bomb(name: str, size: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(size >> 20):
            part.write(bytes(1 << 20))
    return buffer.getvalue()


def _lying(content: bytes, size: int) -> bytes:
    """An archive whose parts claim a smaller size than they have."""
    for size_place, mark in ((22, b"PK\x03\x04"), (24, b"PK\x01\x02")):
        place = content.index(mark) + size_place
        content = content[:place] + struct.pack("<I", size) + content[place + 4 :]
    return content


def _laughs(name: str, part: bytes) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return f"<!DOCTYPE x [{entities}]><x>&e9;</x>".encode() if name == "word/document.xml" else part


def _entity(name: str, part: bytes) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY e "ha">]><x><p><t>&e;</t></p></x>' if name == "word/document.xml" else part


def _deep(name: str, part: bytes) -> bytes:
    return b"<x>" * 100_000 + b"</x>" * 100_000 if name == "word/document.xml" else part


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make", "failure"),
    [
        ("a.docx", lambda: b"no archive", Failure.DAMAGED),
        ("a.docx", lambda: b"", Failure.DAMAGED),
        ("a.docx", lambda: word(["x"])[:-100], Failure.DAMAGED),
        ("a.docx", lambda: workbook([["x"]]), Failure.DAMAGED),
        ("a.xlsx", lambda: word(["x"]), Failure.DAMAGED),
        ("a.pdf", lambda: word(["x"]), Failure.DAMAGED),
        ("a.pdf", lambda: pdf("x")[:40], Failure.DAMAGED),
        ("a.docx", lambda: word([""]), Failure.NO_TEXT),
        ("a.pdf", lambda: pdf(), Failure.NO_TEXT),
        ("a.pdf", lambda: _encrypted_pdf("secret"), Failure.PROTECTED),
        ("a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Failure.PROTECTED),
        ("a.docx", lambda: _bomb("word/document.xml", 200 << 20), Failure.BOMB),
        ("a.xlsx", lambda: _bomb("xl/sharedStrings.xml", 200 << 20), Failure.BOMB),
        ("a.docx", lambda: _lying(_bomb("word/document.xml", 4 << 20), 100), Failure.DAMAGED),
        ("a.docx", lambda: repacked(word(["x"]), _laughs), Failure.DAMAGED),
        ("a.docx", lambda: repacked(word(["x"]), _entity), Failure.DAMAGED),
        ("a.docx", lambda: repacked(word(["x"]), _deep), Failure.DAMAGED),
        ("a.pdf", lambda: bytes((64 << 20) + 1), Failure.TOO_LARGE),
        ("a.txt", lambda: b"\x00\x01\x02", Failure.ENCODING),
        ("a.txt", lambda: b"\xff\xfe\x00", Failure.ENCODING),
        ("a.csv", lambda: b"\xff\x81\xff", Failure.ENCODING),
    ],
)  # fmt: skip
def test_what_cannot_be_read(name: str, make: object, failure: Failure) -> None:
    """Broken, encrypted, exploding, lying or empty: a reason, and soon."""
    assert callable(make)
    content = make()
    start = time.monotonic()
    assert TextExtractor().text(name, content) is failure
    assert time.monotonic() - start < 15


def test_a_pdf_without_a_password_to_open_it() -> None:
    """Protected against changes only: everybody can read it, so it is read."""
    assert read("a.pdf", _encrypted_pdf("")) == "Secret\n"


@pytest.mark.parametrize("name", ["a.jpg", "a.zip", "a.doc", "docx", "a"])
def test_kinds_that_are_not_read(name: str) -> None:
    """Pictures, archives, old formats: no text and no failure."""
    assert TextExtractor().text(name, b"\xff\xd8") is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "seed"), [(name, seed) for name in ("a.pdf", "a.docx", "a.xlsx") for seed in range(6)]
)
def test_damaged_files(name: str, seed: int) -> None:
    """Bytes flipped anywhere: a text or a reason, never an exception."""
    chance = random.Random(seed)
    content = bytearray({"a.pdf": pdf("x", "y"), "a.docx": word(["x"]), "a.xlsx": workbook([["x"]])}[name])
    for _ in range(1 + seed * 4):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    assert isinstance(TextExtractor().text(name, bytes(content)), AttachmentText | Failure)


def _slow_pdf() -> bytes:
    """A small file whose text takes very long to read: one long line of operators, unpacked a million times over."""
    stream = zlib.compress(b"BT /F1 12 Tf 1 0 0 1 0 0 Tm (x) Tj ET\n" * 1_000_000, 9)
    head, _stream, rest = pdf("x").partition(b"<< /Length")
    _old, _end, tail = rest.partition(b"endstream")
    return head + b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream" + tail


@pytest.mark.slow
def test_a_document_that_takes_too_long() -> None:
    """Reading ends with the time that one document has, and the next one has what is left of the time of all."""
    content = _slow_pdf()
    assert len(content) < 1 << 20
    start = time.monotonic()
    assert TextExtractor(seconds=2).text("a.pdf", content) is Failure.TIME
    assert time.monotonic() - start < 10
    spent = TextExtractor()
    spent._end = time.monotonic() - 1
    assert spent.text("a.pdf", pdf("x")) is Failure.TIME


@pytest.mark.slow
def test_a_document_that_takes_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading ends with the memory that a process has."""
    monkeypatch.setattr("gongshi.reports.diff.attachment_text._MEMORY", 256 << 20)
    part = b"<x>" + b"<p><t>x</t></p>" * 6_000_000 + b"</x>"
    content = repacked(word(["x"]), lambda name, old: part if name == "word/document.xml" else old)
    assert len(content) < 1 << 20
    assert TextExtractor().text("a.docx", content) is Failure.MEMORY


def test_the_reader_takes_no_modules_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file `zipfile.py` in the folder where the command is called is not run."""
    for name in ("zipfile", "json", "openpyxl"):
        (tmp_path / f"{name}.py").write_text("import pathlib; pathlib.Path('caught').touch(); raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert read("a.docx", word(["x"])) == "x\n"
    assert not (tmp_path / "caught").exists()


def test_a_system_without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none can be started, that is the reason."""
    monkeypatch.setattr("gongshi.reports.diff.attachment_text.sys.executable", "/nowhere/python")
    assert TextExtractor().text("a.pdf", pdf("x")) is Failure.SYSTEM


def test_sizes_of_pictures() -> None:
    """Width and height of the usual kinds, also where only the head is whole; of anything else none."""
    for kind in ("PNG", "GIF", "BMP", "WEBP", "JPEG"):
        Image.new("RGB", (9, 8)).save(content := io.BytesIO(), kind)
        assert image_size(content.getvalue()) == (9, 8), kind
    jpeg = saved(gradient(1200, 800), "JPEG")
    for cut in range(0, len(jpeg), 997):
        assert image_size(jpeg[:cut]) in (None, (1200, 800))
    assert image_size(jpeg[: len(jpeg) // 2]) == (1200, 800)
    heads = [b"\xff\xd8", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"BM"]
    for other in (b"", *heads, *(head + bytes(99) for head in heads), b"\xff\xd8" + b"\xff" * 100):
        assert image_size(other) is None


def test_the_limits_are_those_that_are_said() -> None:
    """The words of a failure name the real bound."""
    assert attachment_reader.UNPACKED_BYTES == 128 << 20
