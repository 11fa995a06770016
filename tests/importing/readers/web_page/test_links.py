"""Links and files for download."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongshi.importing.document import BundleFile
from support.office_documents import pdf, repacked, word
from support.saved_pages import PARAGRAPHS, findings_of, picture, plain_page, read_page, site_page

LINK = '<p><a href="../b/c.html">旧文</a></p>'


@pytest.mark.parametrize(
    ("before", "head"),
    [
        ("", '<base href="http://old.gov.cn/a/x/">'),
        ("", '<link rel="canonical" href="http://old.gov.cn/a/x/y.html">'),
        ("", '<meta property="og:url" content="http://old.gov.cn/a/x/y.html">'),
        ("<!-- saved from url=(0030)http://old.gov.cn/a/x/y.html -->\n", ""),
        ("<!-- saved from url=(0030)http://old.gov.cn/a/ -->\n", '<base href="x/">'),
    ],
)
def test_links_within_the_old_site(before: str, head: str, tmp_path: Path) -> None:
    """They become absolute where the page names its address."""
    document = read_page(tmp_path, before + plain_page(PARAGRAPHS + LINK, head))
    assert '<a href="http://old.gov.cn/a/b/c.html">旧文</a>' in document.html


@pytest.mark.parametrize(
    "head", ["", '<base href="file:///C:/x/">', '<base href="javascript:x">', '<base href="http://[">']
)
def test_links_of_an_unknown_site_are_told(head: str, tmp_path: Path) -> None:
    """Their text stays."""
    document = read_page(tmp_path, plain_page(PARAGRAPHS + LINK, head))
    assert "<p>旧文</p>" in document.html
    assert "旧文 ../b/c.html" in findings_of(document)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:x()",
        " java\nscript:x()",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://",
        "https://[x",
        "",
    ],
)
def test_no_address_that_runs_or_leads_nowhere(href: str, tmp_path: Path) -> None:
    """The text stays without a link."""
    document = read_page(tmp_path, plain_page(f'{PARAGRAPHS}<p><a href="{href}">点我</a></p>'))
    assert "<p>点我</p>" in document.html


def test_files_beside_the_page_become_attachments(tmp_path: Path) -> None:
    """With the text of their link as title; Office files with a hint; each once."""
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "P0 2(1).docx").write_bytes(word(["x"]))
    (tmp_path / "b.pdf").write_bytes(pdf("x"))
    document = read_page(
        tmp_path,
        plain_page(
            f'{PARAGRAPHS}<p>附件：<a href="page_files/P0%202(1).docx">1. 报名表.docx</a></p><p><a href="./b.pdf"><b>公告</b></a></p>'
            '<p><a href="./b.pdf">公告</a></p>'
        ),
    )
    assert document.files == (BundleFile("P0-2(1).docx", "1. 报名表"), BundleFile("b.pdf", "公告"))
    assert "<p>附件：1. 报名表.docx</p>" in document.html
    assert findings_of(document).count("look for hidden sheets") == 1
    assert (tmp_path / "workspace" / "b.pdf").read_bytes() == pdf("x")


def test_a_picture_that_is_only_linked_is_told(tmp_path: Path) -> None:
    """A link from a small picture to the large one is not."""
    (tmp_path / "a.png").write_bytes(picture(kind="PNG"))
    links = '<a href="a.png">附图</a><a href="a.png"><img src="a.png"></a>'
    document = read_page(tmp_path, plain_page(PARAGRAPHS + links))
    assert findings_of(document).count("a picture that is only linked was left out") == 1


def test_files_in_a_list_below_the_article(tmp_path: Path) -> None:
    """They lie outside of its container; those that were not saved are told."""
    (tmp_path / "b.pdf").write_bytes(pdf("x"))
    below = (
        '<div id="div_vote_id"></div><p>附件【<a href="b.pdf">公告.pdf</a>】已下载<span id="nattach1">3</span>次</p>'
        '<p>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;id=1">报名表.docx</a>】</p>'
    )
    document = read_page(tmp_path, site_page(f'<div class="v_news_content">{PARAGRAPHS}</div>{below}'))
    assert document.files == (BundleFile("b.pdf", "公告"),)
    assert "linked only; download them and add them as attachments |  | 报名表.docx /system/" in findings_of(document)


def test_dangerous_files_are_no_attachments(tmp_path: Path) -> None:
    """A program, a page, a document with macros: told with the reason."""
    (tmp_path / "a.exe").write_bytes(b"MZ" + bytes(99))
    (tmp_path / "b.doc").write_bytes(b"<html><script>x</script></html>")
    (tmp_path / "c.docx").write_bytes(repacked(word(["x"]), lambda _name, part: part, **{"word/vbaProject.bin": b"x"}))
    (tmp_path / "d.html").write_text("<p>x")
    links = "".join(f'<p><a href="{name}">{name}</a></p>' for name in ("a.exe", "b.doc", "c.docx", "d.html"))
    document = read_page(tmp_path, plain_page(PARAGRAPHS + links))
    assert document.files == ()
    assert list((tmp_path / "workspace").iterdir()) == []
    assert findings_of(document).count("a linked file cannot be an attachment") == 3


def test_files_of_the_old_site_are_told(tmp_path: Path) -> None:
    """They stay links, but the old site will go."""
    document = read_page(tmp_path, plain_page(f'{PARAGRAPHS}<p><a href="https://old.example/a.docx">报名表</a></p>'))
    assert '<a href="https://old.example/a.docx">报名表</a>' in document.html
    assert "check: files on the old site are linked only" in findings_of(document)
