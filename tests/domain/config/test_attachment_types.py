"""Attachments are of kinds that units publish; what runs, or is read by a server as something else, is refused."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from gongshi.domain.config import attachment_types
from gongshi.domain.config.attachment_types import Reason, refusal, refusal_text
from gongshi.domain.content import paths as content_paths
from support.builds import snapshot
from support.earlier_rules import publish_whatever_it_holds
from support.unit import UnitUnderTest, settings

ENTRY = "announcements/b/index.md"
HTML = b"<!DOCTYPE html><html><script>CANARY</script></html>"

ALLOWED = [
    "form.docx",
    "form.DOC",
    "list.xls",
    "表.et",
    "文.wps",
    "简报.dps",
    "rules.pdf",
    "文件.ofd",
    "data.csv",
    "note.txt",
    "p.jpg",
    "P.JPEG",
    "m.svg",
    "film.mp4",
    "clip.mov",
    "s.m4a",
    "s.mp3",
    "all.zip",
    "all.7z",
    "all.tgz",
    "all.tar",
    "v1.2.pdf",
    "www.qinghe.gov.cn.pdf",
    "公告.html.pdf",
    "Vue.js.docx",
    "a.b.c.txt",
    "et.pdf",
]
REFUSED = {
    Reason.SERVER: """
        index.html.gz index.html.br a.pdf.gz a.pdf.ZST a.tar.gz x.html.zh x.html.et x.htm.ofd index.html.zh-cn web.config
        Web.Config _headers _redirects _worker.js.map _config.yml CNAME vercel.json x.php.jpg x.phtml.pdf x.shtml.txt
        x.asp;.jpg x.cgi.pdf type-map.var user.ini staticwebapp.config.json
    """,
    Reason.RUNS: """
        a.html a.svgz a.js a.php a.exe a.lnk a.url a.reg a.chm a.iso a.pif a.vbe a.wsf a.swf a.py a.mht a.apk a.hta a.jar
        a.settingcontent-ms a.ps1 a.scr a.msi a.xml a.css a.ipa a.msix a.jnlp a.website x.zh.html folder.html/a.pdf
    """,
    Reason.MACROS: "a.docm a.xlsm a.pptm a.dotm a.xlam",
    Reason.PICTURE: "a.heic a.tif a.bmp a.ico a.cur a.eps a.emf a.wmf a.xcf a.psd a.cr2 a.nef a.arw a.dng",
    Reason.FILM: "a.wmv a.flv a.rmvb a.mts a.mpg",
    Reason.SOUND: "a.wma a.aiff a.mid",
    Reason.UNKNOWN: "a.dwg README .pdf a. a.zh a.xyz a.tar.foo a.json",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_kinds_that_units_publish(name: str) -> None:
    """Office files, PDF, OFD, pictures, film, sound, text and archives can be attachments, whatever their case."""
    assert refusal(name, b"plain bytes") is None


@pytest.mark.parametrize(("reason", "name"), [(r, name) for r, names in REFUSED.items() for name in names.split()])
def test_everything_else_is_refused(reason: Reason, name: str) -> None:
    """The reason is the one that tells how to mend it."""
    found = refusal(name, b"plain bytes")
    assert found and found.reason is reason, found
    assert found.dangerous == (reason in (Reason.SERVER, Reason.RUNS))


PROGRAMS = [
    b"MZ\x90\0\x03", b"\x7fELF\x02", b"#!/bin/sh\n", b"L\0\0\0\x01\x14\x02\0", b"ITSF\x03\0", b"[InternetShortcut]\r\nURL=x",
    b"Windows Registry Editor Version 5.00", "\ufeffWindows Registry Editor".encode("utf-16"),
]  # fmt: skip
PAGES = [
    HTML, b"\r\n\t <html>", b"\xef\xbb\xbf<table border=1>", b"<!-- x -->", b"<?xml version='1.0'?>", b"<SCRIPT>", b"<p>",
    "\ufeff<html>".encode("utf-16"), b"\xfe\xff" + "<html>".encode("utf-16-be"), b"<meta charset=utf-8>", b"<?php x",
]  # fmt: skip


@pytest.mark.parametrize("content", PROGRAMS)
@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.zip", "a.doc"])
def test_programs_under_another_name(name: str, content: bytes) -> None:
    """A program, script or shortcut is told by its bytes."""
    found = refusal(name, content)
    assert found and found.reason is Reason.PROGRAM and found.dangerous


@pytest.mark.parametrize("content", PAGES)
@pytest.mark.parametrize("name", ["a.txt", "a.xls", "a.jpg", "a.pdf", "a.ofd", "a.et"])
def test_web_pages_under_another_name(name: str, content: bytes) -> None:
    """A web page is told by its bytes; where servers name no media type, it stays off the site even if approved before."""
    found = refusal(name, content)
    assert found and found.reason is Reason.PAGE
    assert found.dangerous == (name in ("a.ofd", "a.et"))


def test_a_page_saved_as_one_file() -> None:
    """A .doc that is a web page with its parts is refused, a mail kept as text is not."""
    content = b"MIME-Version: 1.0\r\nContent-Type: multipart/related"
    assert refusal("a.doc", content) and not refusal("a.txt", content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"PK\x03\x04 word/vbaProject.bin PK\x01\x02"),
        ("a.ods", b"PK\x03\x04 Basic/script-lc.xml"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT_CUR".encode("utf-16-le")),
    ],
)
def test_macros_under_another_name(name: str, content: bytes) -> None:
    """Macros are found in office files; a page that has such a file already stays as it is."""
    found = refusal(name, content)
    assert found and found.reason is Reason.MACROS and not found.dangerous


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"MZ is a word",
        b"MIME-Version: 1.0",
        b"< 5 people",
        b"<5%",
        b"a <b> c",
        b"\xff\xfe",
        b"\xff\xfe\0",
        b"<abc>",
        b"PK\x03\x04",
    ],
)
def test_ordinary_content(content: bytes) -> None:
    """What only looks a little like a page or program passes."""
    assert refusal("a.txt", content) is None


def test_drawings_are_pages_only_for_others() -> None:
    """SVG is XML by nature; it is cleaned where it is published."""
    assert refusal("a.svg", b"<?xml version='1.0'?><svg/>") is None
    assert refusal("a.png", b"<?xml version='1.0'?><svg/>") is not None


def test_a_unit_may_add_kinds() -> None:
    """What is added passes by its name and is still judged by its content."""
    assert refusal("a.dwg", b"AC1032", ("dwg",)) is None
    assert refusal("a.dwg", HTML, ("dwg",)) is not None
    assert refusal("a.dwg.gz", b"", ("dwg", "gz")) is not None
    assert "dwg" in refusal_text(refusal("a.xyz") or pytest.fail("passes"), ("dwg",))


@pytest.mark.parametrize(
    "ending",
    ["html", "htaccess", "php", "js", "svgz", "gz", "br", "var", "config", "exe", "lnk", "docm", "heic", "wmv", "wma"],
)
def test_what_no_unit_may_add(unit: UnitUnderTest, ending: str) -> None:
    """Kinds that run, that servers read as something else, or that are not cleaned: a configuration error with its line."""
    if ending == "htaccess":
        assert content_paths.is_ignored_file(".htaccess")
        return
    assert not attachment_types.can_be_added(ending)


@pytest.mark.slow
def test_the_configuration_is_read_strictly(unit: UnitUnderTest) -> None:
    """Every wrong item is named; dots and capitals do not matter."""
    unit.configure({**settings(), "attachments": ["js", "a b", ".DWG"]})
    result = unit.gongshi("check")
    assert result.exit_code == 2
    assert "extra.gongshi.attachments[1]: cannot be an attachment" in result.all
    assert "extra.gongshi.attachments[2]: must be a file name extension" in result.all
    assert "attachments[3]" not in result.all
    unit.configure({**settings(), "attachments": [".DWG", "dxf"]})
    unit.write(ENTRY)
    unit.write("announcements/b/plan.dwg", "AC1032")
    unit.publish(ENTRY)
    assert unit.build("--strict").exit_code == 0
    assert (unit.site / "announcements/b/plan.dwg").read_bytes() == b"AC1032"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("index.html.gz", b"\x1f\x8b", "a web server may take a file of this name"),
        ("plan.dwg", b"AC1032", "add it to extra.gongshi.attachments in mkdocs.yml"),
        ("table.xls", HTML, "its content is a web page"),
        ("form.docm", b"PK", "it has macros"),
    ],
)
@pytest.mark.parametrize("entry", [ENTRY, "about/index.md"])
def test_one_message_for_the_editor(unit: UnitUnderTest, entry: str, name: str, content: bytes, words: str) -> None:
    """`check` and `submit` name the file, why it is refused and which kinds can be attachments; pages, too."""
    folder = entry.rpartition("/")[0]
    unit.write(entry, attachments=[{"file": name, "title": "File"}])
    unit.write(f"{folder}/{name}", content)
    for result in (unit.gongshi("check"), unit.gongshi("submit", f"docs/{entry}", "--as", "clerk")):
        assert result.exit_code == 1
        assert "has no file" not in result.all
        line = next(line for line in result.all.splitlines() if f"docs/{folder}/{name}: " in line)
        assert words in line and "office: doc docx" in line and "archives: zip" in line


def test_refused_between_submission_and_approval(unit: UnitUnderTest) -> None:
    """A file of a refused kind that comes in after the submission stops the approval."""
    unit.write(ENTRY)
    unit.submit(ENTRY)
    unit.write("announcements/b/index.html.br", b"x")
    result = unit.gongshi("approve", f"docs/{ENTRY}", "--as", "head")
    assert result.exit_code == 1 and "index.html.br" in result.all


EARLIER = {
    "index.html.gz": gzip.compress(b"<script>CANARY</script>"),
    "index.html.br": b"CANARY-br",
    "x.html.zh": b"<script>CANARY-zh</script>",
    "web.config": b"CANARY-config",
    "_headers": b"CANARY-headers",
    "tool.lnk": b"L\0\0\0CANARY-lnk",
    "pretends.ofd": b"<html>CANARY-ofd",
    "more/a.php.jpg": b"<?php CANARY",
    "plan.dwg": b"AC1032 harmless",
    "old.xls": b"<table>harmless</table>",
    "form.docm": b"PK harmless",
}
DANGEROUS = [name for name in EARLIER if b"harmless" not in EARLIER[name]]


@pytest.fixture
def upgraded(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with an entry whose files were approved when nearly every kind was."""
    listed = [{"file": "index.html.gz", "title": "Packed"}, {"file": "plan.dwg", "title": "Plan"}]
    unit.write(ENTRY, body="Body. [tool](tool.lnk) [plan](plan.dwg)", attachments=listed)
    for name, content in EARLIER.items():
        unit.write(f"announcements/b/{name}", content)
    publish_whatever_it_holds(unit, ENTRY)
    return unit


LATER = "2026-11-21T11:00:00+08:00"


@pytest.mark.slow
@pytest.mark.parametrize("kept", [True, False])
def test_what_was_approved_under_earlier_rules(upgraded: UnitUnderTest, kept: bool) -> None:
    """What may run or replace a page stays off the site, its page and harmless files stay on it; the build names each."""
    if not kept:
        shutil.rmtree(upgraded.docs / "announcements/b")
    result = upgraded.build(now=LATER)
    assert result.exit_code == 0, result.all
    folder = upgraded.site / "announcements/b"
    assert upgraded.leaks("CANARY") == []
    for name in EARLIER:
        assert (folder / name).exists() == (name not in DANGEROUS), name
        assert (f"docs/announcements/b/{name}: approved under earlier rules" in result.all) == (name in DANGEROUS)
    page = upgraded.page("announcements/b")
    assert "Body." in page and 'href="plan.dwg"' in page and "tool.lnk" not in page and "index.html.gz" not in page
    assert "Packed" in page
    proved = upgraded.gongshi("verify", "site", "--source", now=LATER)
    assert proved.exit_code == 0, proved.all


def test_the_entry_can_be_mended(upgraded: UnitUnderTest) -> None:
    """Submitted without the refused files, the entry passes its chain as always."""
    assert upgraded.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", now=LATER).exit_code == 1
    for name in [*DANGEROUS, "old.xls", "form.docm"]:
        (upgraded.docs / "announcements/b" / name).unlink()
    upgraded.write(ENTRY, body="Mended.")
    upgraded.configure({**settings(), "attachments": ["dwg"]})
    upgraded.publish(ENTRY, now=LATER)
    assert upgraded.build("--strict", now=LATER).exit_code == 0
    assert "Mended." in upgraded.page("announcements/b")


def test_the_tree_leaves_the_entry_out(upgraded: UnitUnderTest) -> None:
    """Another engine gets neither such a file nor an entry that is not whole, and `stage` names what is missing."""
    upgraded.write("announcements/good.md")
    upgraded.publish("announcements/good.md")
    result = upgraded.gongshi("stage", "tree", now=LATER)
    assert result.exit_code == 0, result.all
    tree = snapshot(upgraded.root / "tree")
    assert set(tree) == {"announcements/good.md", ".well-known/gongshi.json"}
    for name in DANGEROUS:
        assert f"docs/announcements/b/{name}: approved under earlier rules" in result.all
    assert upgraded.gongshi("verify", "tree", "--source", now=LATER).exit_code == 0


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine")
def test_no_attachment_replaces_its_page(upgraded: UnitUnderTest) -> None:
    """With precompressed files switched on, nginx answers with the page and never with an attachment."""
    assert upgraded.build(now=LATER).exit_code == 0
    page = (upgraded.site / "announcements/b/index.html").read_bytes()
    with served_precompressed(upgraded.site, upgraded.root / "nginx") as port:
        for path in ("/announcements/b/", "/announcements/b/index.html"):
            asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
            with urlopen(asked, timeout=10) as answer:
                assert answer.read() == page and answer.headers["Content-Encoding"] is None
        # The attack works where the file is there.
        (upgraded.site / "announcements/b/index.html.gz").write_bytes(EARLIER["index.html.gz"])
        with urlopen(asked, timeout=10) as answer:
            assert b"CANARY" in gzip.decompress(answer.read())


@contextmanager
def served_precompressed(site: Path, folder: Path) -> Iterator[int]:
    """Serve a folder with nginx and `gzip_static`, for this machine only."""
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; master_process off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
        f"http {{ access_log off; {paths} types {{ text/html html; }}\n"
        f"server {{ listen 127.0.0.1:{port}; root {site}; gzip_static on; index index.html; }} }}\n"
    )
    process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", f"{folder}"])
    try:
        for _number in range(100):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.parametrize("name", ["a.\u017fvg", "a.opu\u017f", "a.\ufb02ac", "a.pd\uff46"])
def test_an_ending_of_other_letters_is_none(name: str) -> None:
    """`.ſvg` equals `.svg` where case does not count: no cleaning knows it, and browsers guess what it is."""
    for content in (b"<html><script>x</script></html>", b"plain"):
        found = attachment_types.refusal(f"announcements/b/{name}", content)
        assert found is not None and found.dangerous
