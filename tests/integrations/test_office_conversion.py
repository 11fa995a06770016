"""Office files and drawings converted with LibreOffice: nothing is fetched, no other file is read, all is bounded."""

from __future__ import annotations

import io
import os
import resource
import time
import zipfile
from pathlib import Path

import docx
import pytest
from PIL import Image

from gongshi.common.errors import Refused
from gongshi.integrations import libreoffice
from gongshi.integrations.libreoffice import OfficeFile
from support.http_server import recording
from support.metafiles import rectangle
from support.saved_pages import picture

_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("text", "text"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
        ("table", "table"),
    )
)


def _flat(kind: str, body: str) -> bytes:
    return (
        f'<?xml version="1.0"?><office:document {_NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:body><office:{kind}>{body}</office:{kind}>'
        "</office:body></office:document>"
    ).encode()


def _linking(url: str) -> dict[str, bytes]:
    """Files that link a picture, a text or a value from elsewhere, by extension."""
    image = f'<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char"><draw:image xlink:href="{url}" xlink:type="simple"/></draw:frame>'
    section = f'<text:section text:name="S"><text:section-source xlink:href="{url}" text:filter-name="Text"/><text:p>old</text:p></text:section>'
    cell = '<table:table-cell office:value-type="string"{}><text:p>c</text:p>{}</table:table-cell>'
    formulas = "".join(
        cell.format(f' table:formula="of:={formula}"', "")
        for formula in (
            f"WEBSERVICE(&quot;{url}&quot;)",
            f"'{url}'#$Sheet1.A1",
            f"DDE(&quot;soffice&quot;;&quot;{url}&quot;;&quot;A1&quot;)",
        )
    )
    source = f'<table:table-source xlink:href="{url}" table:filter-name="Text - txt - csv (StarCalc)"/>'
    sheet = f'<table:table table:name="A"><table:table-row>{formulas}{cell.format("", image)}</table:table-row></table:table>'
    sheet += (
        f'<table:table table:name="B">{source}<table:table-row>{cell.format("", "")}</table:table-row></table:table>'
    )
    names = ("INCLUDEPICTURE", "IncludePicture", "INCLUDETEXT")
    fields = "".join(f'{{\\field{{\\*\\fldinst {name} "{url}" \\\\d}}{{\\fldrslt x}}}}' for name in names)
    return {
        "odt": _flat("text", f"<text:p>t{image}</text:p>{section}"),
        "ods": _flat("spreadsheet", sheet),
        "rtf": f"{{\\rtf1\\ansi t {fields}}}".encode(),
    }


def _parts(content: bytes | None) -> dict[str, bytes]:
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(("endings", "target"), [(("odt", "rtf"), "docx"), (("ods",), "xlsx")])
def test_nothing_is_fetched_and_no_other_file_is_read(endings: tuple[str, ...], target: str, tmp_path: Path) -> None:
    """Pictures, texts and values on the web are not asked for; those of this machine do not get into the result."""
    (tmp_path / "secret.png").write_bytes(picture(40, 40, "PNG", "red"))
    (tmp_path / "secret.txt").write_text("SECRET\n")
    with recording() as (url, asked):
        places = (f"{url}x.png", f"{url}x.txt", *((tmp_path / name).as_uri() for name in ("secret.png", "secret.txt")))
        files = [OfficeFile(_linking(place)[ending], ending) for place in places for ending in endings]
        results = libreoffice.convert_office(files, target)
    assert asked == []
    for content in results:
        parts = _parts(content)
        assert [name for name, part in parts.items() if "media" in name or b"SECRET" in part] == []


@pytest.mark.office
@pytest.mark.slow
def test_several_at_once() -> None:
    """One run for all; a file that cannot be read takes nothing from the others."""
    files = [OfficeFile(b"{\\rtf1\\ansi %d}" % number, "rtf") for number in range(2)]
    files.insert(1, OfficeFile(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "doc"))
    first, damaged, last = libreoffice.convert_office(files, "docx")
    assert damaged is None
    for content, text in ((first, "0"), (last, "1")):
        assert content is not None
        assert docx.Document(io.BytesIO(content)).paragraphs[0].text == text


@pytest.mark.office
@pytest.mark.slow
def test_a_drawing_becomes_a_picture() -> None:
    """A WMF is drawn as PNG, in its own proportions."""
    assert libreoffice.convert_drawings([b"no drawing"]) == [None]
    other, content, same = libreoffice.convert_drawings([b"no drawing", rectangle(), rectangle()])
    assert other is None and content is not None and content == same
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG" and abs(image.width - 2 * image.height) <= 2
        shades = image.convert("L").point(lambda value: 255 * (value < 100))
        left, top, right, bottom = shades.getbbox() or (0, 0, 0, 0)
    # The rectangle goes from 10 to 90 % of the width, and from 20 to 80 % of the height.
    assert [round(10 * x / image.width) for x in (left, right)] == [1, 9]
    assert [round(10 * y / image.height) for y in (top, bottom)] == [2, 8]


@pytest.mark.office
@pytest.mark.slow
def test_a_limit_on_the_callers_memory_is_not_that_of_libreoffice() -> None:
    """Imports run in processes with little memory."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + (256 << 20), before[1]))
    try:
        (content,) = libreoffice.convert_office([OfficeFile(b"{\\rtf1\\ansi x}", "rtf")], "docx")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert content is not None


def _fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "soffice").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.slow
def test_a_conversion_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended with what it started."""
    _fake(tmp_path, f"(sleep 2; echo late > {tmp_path}/late) & sleep 30", monkeypatch)
    began = time.monotonic()
    with pytest.raises(Refused, match="did not end within 1 seconds"):
        libreoffice.convert_office([OfficeFile(b"x", "rtf")] * 3, "docx", seconds=1, more_seconds=0.1)
    assert time.monotonic() - began < 10
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_limits_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory and processor time are bounded, so that it ends even if this process is killed."""
    _fake(tmp_path, f"ulimit -v > {tmp_path}/limits; ulimit -t >> {tmp_path}/limits", monkeypatch)
    assert libreoffice.convert_office([OfficeFile(b"x", "rtf")], "docx", seconds=30) == [None]
    assert (tmp_path / "limits").read_text().split() == ["4194304", "31"]


@pytest.mark.parametrize("written", ["", "no", "%PDF-1.4"])
def test_a_result_of_another_kind_is_none(written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, and something else under its name."""
    script = 'while [ "$1" != --outdir ]; do shift; done; ' + (
        f"printf %s '{written}' > \"$2/1.docx\"" if written else "exit 0"
    )
    _fake(tmp_path, script, monkeypatch)
    assert libreoffice.convert_office([OfficeFile(b"x", "rtf")], "docx") == [None]
