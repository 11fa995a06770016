"""Forms as PDF, made with LibreOffice where it is installed."""

from __future__ import annotations

import io
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from gongshi.common.errors import Refused
from gongshi.integrations import libreoffice
from support.form_templates import changed, make
from support.unit import UnitUnderTest, settings

ENTRY = "announcements/a.md"


def _pages(unit: UnitUnderTest, path: str) -> list[str]:
    """The text of each page, without white space."""
    result = make(unit, path, "--pdf")
    assert result.exit_code == 0, result.all
    assert result.output == "form.docx\nform.pdf\n"
    return ["".join(page.extract_text().split()) for page in PdfReader(unit.root / "form.pdf").pages]


@pytest.mark.office
def test_one_page(unit: UnitUnderTest) -> None:
    """An ordinary form fits on one A4 page, with every fact and the page number."""
    unit.write(ENTRY, title="冬季取暖安全提示")
    unit.publish(ENTRY)
    (page,) = _pages(unit, ENTRY)
    for text in ("信息发布审批表", "TestUnit", "冬季取暖安全提示", "姓名：Chief", "第1页共1页", "依据记录第1至4行"):
        assert text in page, text
    box = PdfReader(unit.root / "form.pdf").pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.office
def test_many_pages(unit: UnitUnderTest) -> None:
    """Eight stages, a hundred attachments and long opinions go on over pages, each with the title at its head."""
    section = settings()
    for number in range(8):
        section["people"][f"p{number}"] = {"name": f"Person {number}", "roles": [f"r{number}"], "since": "2025-01-01"}
        section["review"]["stages"][f"s{number}"] = {"title": f"Stage {number}", "role": f"r{number}"}
    section["columns"]["announcements"]["chain"] = [f"s{number}" for number in range(8)]
    unit.configure(section)
    names = [f"f{number}.pdf" for number in range(100)]
    attachments = [{"file": name, "title": f"Attachment {name}"} for name in names]
    unit.write("announcements/b/index.md", title="Everything at once", attachments=attachments)
    for name in names:
        unit.write(f"announcements/b/{name}", b"x")
    unit.submit("announcements/b/index.md")
    for number in range(8):
        note = "长意见" * 600 if number == 3 else "同意"
        arguments = ("approve", "docs/announcements/b", "--as", f"p{number}", "--note", note)
        assert unit.gongshi(*arguments).exit_code == 0
    pages = _pages(unit, "announcements/b")
    assert 6 <= len(pages) <= 9
    assert all("Everythingatonce" in page and f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages, 1))
    text = "".join(pages)
    assert all(f"{number + 1}.Attachmentf{number}.pdf" in text for number in range(100))
    assert all(f"姓名：Person{number}" in text for number in range(8))
    assert text.count("长意见") == 600


@pytest.mark.slow
def test_without_libreoffice(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Where it is missing there is one message and exit code 1, and the Word file is there all the same."""
    unit.write(ENTRY)
    result = unit.gongshi("form", f"docs/{ENTRY}", "-o", "form.docx", "--pdf", PATH=str(tmp_path))
    assert (result.exit_code, result.output) == (1, "form.docx\n")
    assert result.errors == ("no PDF: LibreOffice is not installed. form.docx is written; open it and save it as PDF\n")
    assert docx.Document(str(unit.root / "form.docx")).tables
    facts = unit.gongshi("form", f"docs/{ENTRY}", "-o", "form.docx", "--force", "--pdf", "--json", PATH=str(tmp_path))
    assert (facts.exit_code, facts.json()["files"], facts.json()["pdf_error"]) == (
        1,
        ["form.docx"],
        "LibreOffice is not installed",
    )


def _fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "soffice").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.slow
def test_a_program_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time limit it is ended, with what it started, and the message says so."""
    _fake(tmp_path, f"(sleep 3; echo late > {tmp_path}/late) & sleep 30", monkeypatch)
    began = time.monotonic()
    with pytest.raises(Refused, match="did not end within 1 seconds"):
        libreoffice.convert_to_pdf(b"", seconds=1)
    assert time.monotonic() - began < 10
    time.sleep(3)
    assert not (tmp_path / "late").exists()


@pytest.mark.parametrize("script", ["exit 0", "exit 1", "for last; do :; done; echo no > ${last%docx}pdf"])
def test_a_program_that_makes_nothing(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF and something else in its place are one message."""
    _fake(tmp_path, script, monkeypatch)
    with pytest.raises(Refused, match="LibreOffice wrote no PDF"):
        libreoffice.convert_to_pdf(b"")


@pytest.mark.office
def test_two_at_once(unit: UnitUnderTest) -> None:
    """Runs at the same time do not get in each other's way."""
    unit.write(ENTRY)

    def run(number: int) -> int:
        return unit.gongshi("form", f"docs/{ENTRY}", "-o", f"{number}.docx", "--pdf").exit_code

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(run, range(3))) == [0, 0, 0]
    assert all((unit.root / f"{number}.pdf").read_bytes().startswith(b"%PDF") for number in range(3))


_PICTURE = """<w:p><w:r><w:drawing>
<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="x"/>
<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:nvPicPr><pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>
<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId99"/>
<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic>
</wp:inline></w:drawing></w:r></w:p>"""


@pytest.mark.office
def test_nothing_is_fetched() -> None:
    """A picture that a template links from elsewhere is not asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

    buffer = io.BytesIO()
    docx.Document().save(buffer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        link = (
            '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
            f'Target="http://127.0.0.1:{server.server_port}/x.png" TargetMode="External"/></Relationships>'
        )
        rels = "word/_rels/document.xml.rels"
        content = changed(buffer.getvalue(), rels, lambda xml: xml.replace(b"</Relationships>", link.encode()))
        content = changed(
            content, "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + _PICTURE.encode())
        )
        assert libreoffice.convert_to_pdf(content).startswith(b"%PDF")
        server.shutdown()
    assert asked == []
