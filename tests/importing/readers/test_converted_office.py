"""Older and other office formats, converted with LibreOffice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from gongshi.common.errors import Refused
from gongshi.importing.document import ReadDocument, ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.readers import converted_office, reader_for
from gongshi.importing.readers.file_kind import detect_kind
from gongshi.importing.sources import ImportSource
from gongshi.integrations import libreoffice
from support.office_documents import word
from support.saved_pages import findings_of

RTF = b"{\\rtf1\\ansi x}"
SHEET = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="String">名称</Data></Cell></Row></Table></Worksheet></Workbook>"""


def _read(folder: Path, name: str, content: bytes) -> ReadDocument:
    path = folder / name
    path.write_bytes(content)
    (folder / "workspace").mkdir(exist_ok=True)
    reader = reader_for(ImportSource(path, path.suffix[1:], name))
    return reader(path, Workspace(folder / "workspace"), ReadOptions())


def _fake(monkeypatch: pytest.MonkeyPatch, convert: Callable[[Any, str], list[bytes | None]]) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "convert_office", convert)


def test_the_result_is_read_by_the_reader_for_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a Word file of the same name; the conversion is told."""
    asked = []

    def convert(files: Any, target: str) -> list[bytes | None]:
        asked.append((files[0].ending, target))
        return [word(["第一段"])]

    _fake(monkeypatch, convert)
    document = _read(tmp_path, "a.rtf", RTF)
    assert asked == [("rtf", "docx")]
    assert "第一段" in document.html
    assert "check: LibreOffice converted the file to .docx first" in findings_of(document)


def test_a_file_that_is_named_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RTF under the name of a Word file is read, and told."""
    _fake(monkeypatch, lambda _files, _target: [word(["x"])])
    assert "is named .docx, but its content is .rtf" in findings_of(_read(tmp_path, "a.docx", RTF))


def test_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says how to go on, with the format that fits."""
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    with pytest.raises(UnreadableFileError, match=r"save it as \.docx"):
        _read(tmp_path, "a.rtf", RTF)
    with pytest.raises(UnreadableFileError, match=r"save it as \.xlsx"):
        _read(tmp_path, "a.xml", SHEET.encode())


def test_what_libreoffice_cannot_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No result, and no end in time, are messages with the same remedy."""

    def late(_files: Any, _target: str) -> list[bytes | None]:
        raise Refused("LibreOffice did not end within 60 seconds")

    _fake(monkeypatch, lambda _files, _target: [None])
    with pytest.raises(UnreadableFileError, match=r"damaged or protected by a password; open it .* save it as \.docx"):
        _read(tmp_path, "a.rtf", RTF)
    _fake(monkeypatch, late)
    with pytest.raises(UnreadableFileError, match=r"did not end within 60 seconds; open it"):
        _read(tmp_path, "a.rtf", RTF)


@pytest.mark.office
@pytest.mark.slow
def test_what_must_be_told_survives_the_conversion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracked changes, comments and hidden text of a .doc are in the .docx, where the reader finds them."""
    monkeypatch.setitem(libreoffice._FILTERS, "doc", "doc:MS Word 97")
    (old,) = libreoffice._convert((libreoffice.OfficeFile(_with_hidden_parts(), "docx"),), "doc", 60)
    (tmp_path / "a.wps").write_bytes(old)
    assert detect_kind(tmp_path / "a.wps") == "doc"
    (new,) = libreoffice.convert_office([libreoffice.OfficeFile(old, "doc")], "docx")
    assert new is not None
    document = docx.Document(io.BytesIO(new))
    xml = document.element.xml
    assert "<w:ins " in xml and "<w:del " in xml and "<w:vanish" in xml
    assert any(
        "批注的话" in part.blob.decode() for part in document.part.package.iter_parts() if "comments" in part.partname
    )


def _with_hidden_parts() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    paragraph.add_run("藏着").font.hidden = True
    change = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z"'
    paragraph._p.append(parse_xml(f"<w:ins {change}><w:r><w:t>增</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {change}><w:r><w:delText>删</w:delText></w:r></w:del>"))
    document.add_comment(paragraph.runs, "批注的话", "A")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_no_kind_is_without_an_extension() -> None:
    """Each kind that is registered for LibreOffice has one."""
    from gongshi.importing import readers

    registered = {kind for kind, place in readers._READERS.items() if place == readers._CONVERTED}
    assert registered == {*converted_office._TEXTS, *converted_office._WORKBOOKS}


HIDDEN = {
    "section": "<text:section text:display='none'><text:p>CANARY</text:p></text:section>",
    "condition": "<text:section text:display='condition' text:is-hidden='true'><text:p>CANARY</text:p></text:section>",
    "text": "<text:p>x<text:hidden-text text:is-hidden='true'>CANARY</text:hidden-text>y</text:p>",
    "paragraph": "<text:p>CANARY<text:hidden-paragraph text:is-hidden='true'/></text:p>",
}


def _open_document(body: str, flat: bool) -> bytes:
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text"))
    kind = "application/vnd.oasis.opendocument.text"
    inside = f"<office:body><office:text><text:p>Notice</text:p>{body}</office:text></office:body>"
    if flat:
        return f'<office:document {spaces} office:mimetype="{kind}">{inside}</office:document>'.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", f"<office:document-content {spaces}>{inside}</office:document-content>")
    return buffer.getvalue()


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_parts_of_open_documents_are_not_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hidden: str, flat: bool
) -> None:
    """LibreOffice would write them as visible text; they are told."""
    given = []

    def convert(files: Any, _target: str) -> list[bytes | None]:
        given.append(files[0].content)
        return [word(["Notice"])]

    _fake(monkeypatch, convert)
    document = _read(tmp_path, "a.fodt" if flat else "a.odt", _open_document(HIDDEN[hidden], flat))
    assert "left-out: hidden text is left out" in findings_of(document)
    assert any(each.words == "CANARY" for each in document.findings)
    content = given[0]
    if not flat:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read("content.xml")
            assert archive.namelist()[0] == "mimetype"
    assert b"Notice" in content
    assert b"CANARY" not in content


def test_shown_parts_of_open_documents_are_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file goes to LibreOffice as it is."""
    given = []

    def convert(files: Any, _target: str) -> list[bytes | None]:
        given.append(files[0].content)
        return [word(["Notice"])]

    _fake(monkeypatch, convert)
    shown = (
        "<text:section><text:p>a<text:hidden-text text:is-hidden='false'>b</text:hidden-text></text:p></text:section>"
    )
    content = _open_document(shown, False)
    _read(tmp_path, "a.odt", content)
    assert given == [content]
