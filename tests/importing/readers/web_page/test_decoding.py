"""The encoding of a page: by mark, by declaration, and where the declaration is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongshi.importing.readers.web_page.page_source.decoding import decode_page
from support.saved_pages import findings_of, read_page

TEXT = "<p>青禾镇人民政府关于春耕的通知，请各村认真落实。</p>"


@pytest.mark.parametrize(
    "declared", ["", "utf-8", "gb2312", "GBK", "gb18030", "iso-8859-1", "windows-1252", "no-such", "utf-16"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_whatever_the_page_declares(declared: str, encoding: str) -> None:
    """UTF-8, GB18030 and UTF-16 with its mark, with a right, wrong, unknown or no declaration."""
    page = f'<html><head><meta charset="{declared}"></head><body>{TEXT}</body></html>'
    decoded = decode_page(page.encode(encoding))
    assert TEXT in decoded.text
    assert decoded.replaced == 0


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("𠮷㐀龥", "gb18030", "gb2312"),
        ("農村公告", "big5hkscs", "big5"),
        ("お知らせ", "cp932", "shift_jis"),
        ("Straße – “é”", "cp1252", "iso-8859-1"),
        ("Ürümqi", "utf-8", ""),
    ],
)
def test_declared_encodings(text: str, encoding: str, declared: str) -> None:
    """`gb2312` means GB18030 and `iso-8859-1` means windows-1252, as in browsers."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    assert text in decode_page(f"{meta}{text}".encode(encoding)).text


def test_damaged_characters_are_told(tmp_path: Path) -> None:
    """A page cut in the middle of a character keeps all others."""
    document = read_page(tmp_path, f'<meta charset="utf-8">{TEXT}<p>末\xff'.encode()[:-1] + b"\xe5\xff")
    assert "青禾镇人民政府" in document.html
    assert "characters of the page are damaged" in findings_of(document)


def test_what_the_archive_declares_comes_first() -> None:
    """The header of a part, before the page's own word."""
    assert "農村" in decode_page('<meta charset="utf-8">農村公告'.encode("big5hkscs"), "big5").text
