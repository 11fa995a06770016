"""The kind of a file is told by its content, and each kind has a reader or a message that says what to do."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers import reader_for
from gongshi.importing.readers.containers import compound_file
from gongshi.importing.readers.file_kind import detect_kind
from gongshi.importing.sources import ImportSource
from support.office_documents import pdf, repacked, word, workbook
from support.saved_pages import picture


def compound(*streams: str, inner: str = "", sectors_before: int = 0) -> bytes:
    """A compound file (MS-CFB) with these streams in its root, one of them a folder with `inner` in it."""
    names = ["Root Entry", *streams, *([inner] if inner else [])]
    entries = b""
    for number, name in enumerate(names):
        encoded = name.encode("utf-16-le")
        right = number + 1 if 0 < number < len(streams) else 0xFFFFFFFF
        child = 1 if number == 0 else len(streams) + 1 if inner and number == 1 else 0xFFFFFFFF
        entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, 5 if number == 0 else 2, 1)
        entries += (entry + struct.pack("<3I", 0xFFFFFFFF, right, child)).ljust(128, b"\0")
    directory = [entries[at : at + 512].ljust(512, b"\0") for at in range(0, len(entries), 512)]
    first = 1 + sectors_before
    chain = [0xFFFFFFFD] + [0xFFFFFFFF] * sectors_before
    chain += [first + number + 1 for number in range(len(directory) - 1)] + [0xFFFFFFFE]
    header = compound_file.MAGIC + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(14)
    header += (
        struct.pack("<I", first) + bytes(4) + struct.pack("<I", 4096) + struct.pack("<4I", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return header + fat + bytes(512) * sectors_before + b"".join(directory)


def _zip(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _types(kind: str) -> bytes:
    content = f'<Types><Override PartName="/x.xml" ContentType="application/vnd.{kind}.main+xml"/></Types>'
    return _zip(**{"[Content_Types].xml": content})


KINDS = {
    "docx": word(["x"]),
    "xlsx": workbook([["x"]]),
    "pdf": pdf("x"),
    "rtf": b"{\\rtf1\\ansi x}",
    "html": b"\n<!-- x -->\n<TABLE border=1><tr><td>x",
    "mht": b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n",
    "mail": b"Received: from x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx",
    "doc": compound("WordDocument", "1Table", inner="Workbook"),
    "xls": compound("\x05SummaryInformation", "Workbook", sectors_before=3),
    "ppt": compound("PowerPoint Document"),
    "encrypted": compound("EncryptionInfo", "EncryptedPackage"),
    "protected": compound_file.MAGIC + bytes(2000),
    "unknown": compound("CONTENTS"),
    "odt": _zip(mimetype="application/vnd.oasis.opendocument.text"),
    "ods": _zip(mimetype="application/vnd.oasis.opendocument.spreadsheet-template"),
    "ofd": _zip(**{"OFD.xml": "<x/>"}),
    "pptx": _types("openxmlformats-officedocument.presentationml.presentation"),
    "xlsb": _types("ms-excel.sheet.binary.macroEnabled"),
    "archive": _zip(a="x"),
    "program": b"MZ\x90\0" + bytes(99),
    "jpeg": picture(),
    "png": picture(kind="PNG"),
    "webp": picture(kind="WEBP"),
    "heic": b"\0\0\0\x18ftypheic" + bytes(20),
    "recording": b"\0\0\0\x18ftypmp42" + bytes(20),
    "wordxml": b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
    "excelxml": b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["", ".doc", ".pdf", ".zip"])
def test_the_kind_is_told_whatever_the_name(kind: str, ending: str, tmp_path: Path) -> None:
    """By its first bytes, its parts or its streams. A damaged file is what its name says."""
    path = tmp_path / f"x{ending}"
    path.write_bytes(KINDS[kind])
    if kind in ("unknown", "protected"):
        kind = "doc" if ending == ".doc" else "unknown"
    assert detect_kind(path) == kind


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"x,y", "csv"),
        ("a.docx", b"broken", "docx"),
        ("a.pdf", b"broken", "pdf"),
        ("a.doc", "只有文字".encode("gb18030"), "doc"),
        ("a", b"text", "txt"),
        ("a.xls", "姓名\t金额".encode("gb18030"), "csv"),
        ("a.xls", b"\xff\xfe" + "<html><table>".encode("utf-16-le"), "html"),
        ("a.doc", b"\xef\xbb\xbf<html xmlns:o='urn:schemas-microsoft-com:office:office'>", "html"),
        ("a.doc", b'<?xml version="1.0"?><html><body>', "html"),
        ("a.htm", "只有文字".encode(), "html"),
        ("a.txt", b"BMW is a car", "txt"),
        ("a.docx", word(["x"])[:-200], "docx"),
        ("a.xlsx", b"PK\x03\x04" + bytes(50), "xlsx"),
        ("a.docm", _types("ms-word.document.macroEnabled"), "docx"),
        ("a.dotx", _types("openxmlformats-officedocument.wordprocessingml.template"), "docx"),
        ("a.et", compound("Workbook"), "xls"),
        ("a.wps", compound("WordDocument"), "doc"),
        ("a.wps", word(["x"]), "docx"),
        ("a.doc", compound_file.MAGIC, "doc"),
        ("a.xls", compound("Workbook")[:600], "xls"),
        ("a.docx", compound("DRMContent"), "protected"),
        ("a.xlsx", compound("Workbook"), "xls"),
        ("a.bin", bytes(range(256)), "unknown"),
        ("a.csv", "姓名,金额".encode("utf-16-be"), "csv"),
        ("a.eml", b"From: a@b.example\nSubject: x\n\nx", "mail"),
    ],
)
def test_names_and_contents(name: str, content: bytes, kind: str, tmp_path: Path) -> None:
    """Renamed, exported, damaged and made from templates."""
    (tmp_path / name).write_bytes(content)
    assert detect_kind(tmp_path / name) == kind


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("pptx", "save it as PDF"),
        ("ppt", "presentations"),
        ("archive", "unpack it"),
        ("program", "programs"),
        ("encrypted", "remove the password"),
        ("protected", "probably protected"),
        ("recording", "film"),
        ("jpeg", "put the pictures"),
        ("mail", "mails"),
        ("unknown", "files of this kind"),
    ],
)
def test_kinds_without_a_reader(kind: str, message: str, tmp_path: Path) -> None:
    """The message says what to do instead."""
    ending = "docx" if kind == "protected" else kind
    path = tmp_path / f"x.{ending}"
    path.write_bytes(KINDS[kind])
    with pytest.raises(UnreadableFileError, match=message):
        reader_for(ImportSource(path, ending, path.name))


def test_what_is_no_file(tmp_path: Path) -> None:
    """An empty file, a folder, a pipe, a symbolic link, nothing."""
    (tmp_path / "empty.docx").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.docx")
    (tmp_path / "link.docx").symlink_to(tmp_path / "empty.docx")
    for name, message in {
        "empty.docx": "empty",
        "": "folder",
        "pipe.docx": "import the file itself",
        "link.docx": "itself",
        "no": "read",
    }.items():
        with pytest.raises(UnreadableFileError, match=message):
            detect_kind(tmp_path / name)


def test_an_embedded_workbook_makes_no_workbook() -> None:
    """Only the root of a compound file counts, also behind the sectors that the header names."""
    assert compound_file.root_names(KINDS["doc"]) == {"WordDocument", "1Table"}
    assert compound_file.root_names(KINDS["xls"]) == {"\x05SummaryInformation", "Workbook"}


@given(st.binary(max_size=700), st.integers(0, 1200), st.sampled_from([KINDS["doc"], KINDS["xls"], b""]))
def test_damaged_compound_files_do_no_harm(noise: bytes, at: int, content: bytes) -> None:
    """Any bytes give a set of names, never an error or an endless loop."""
    damaged = content[:at] + noise + content[at + len(noise) :]
    assert isinstance(compound_file.root_names(damaged), frozenset)
    assert isinstance(compound_file.root_names(compound_file.MAGIC + damaged[8:]), frozenset)


def test_a_list_of_types_that_is_a_bomb(tmp_path: Path) -> None:
    """Only its beginning is unpacked."""
    big = repacked(word(["x"]), lambda name, part: part + b" " * (50 << 20) if name == "[Content_Types].xml" else part)
    (tmp_path / "a.docx").write_bytes(big)
    tracemalloc.start()
    try:
        assert detect_kind(tmp_path / "a.docx") == "docx"
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_workbooks_of_openpyxl_with_macros(tmp_path: Path) -> None:
    """A workbook with macros is read like one without; nothing of them runs."""
    book = openpyxl.Workbook()
    book.template = True
    book.save(tmp_path / "a.xltx")
    assert detect_kind(tmp_path / "a.xltx") == "xlsx"
