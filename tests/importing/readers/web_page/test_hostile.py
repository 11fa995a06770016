"""Pages made to use up time, memory or the call stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.web_page.conversion import tables
from gongshi.importing.readers.web_page.page_source import parsing
from support.saved_pages import lost_letters, plain_page, read_page

COUNT = 3000


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<div>" * COUNT + "深" + "</div>" * COUNT + "<p>后</p>",
        "<b>x" * COUNT,
        "<table><tr><td>a" * COUNT,
        "<ul><li>a" * COUNT,
        "<blockquote>a" * COUNT,
        "<div aria-hidden=true>" * 140 + "<p>字</p>" * COUNT,
        "<ol>" + "<li>项" * COUNT + "</ol>",
        '<table border=1><tr><td colspan="1000" rowspan="65534">x' + '<tr><td colspan="999999">y' * COUNT + "</table>",
        "<table border=1><col span=1000 style='display:none'><col>"
        + ("<tr>" + "<td rowspan=900>x" * 5) * 300
        + "<tr><td>y</table>",
        "<p>" + "扫一扫" * 60 + "x</p><p>" + "来源：发布时间：" * 20 + "</p>",
        "<style>" + "a{" * COUNT + "/*" * COUNT + "</style><p>x",
        f'<p class="{"a " * COUNT}" style="{"a:b;" * COUNT}">x</p>',
        "<a href=x>y</a>" * COUNT,
        "x<br> &nbsp; " * COUNT,
        "<script>" + 'ct = "1' * COUNT + "</script><p id=js_name>x",
        "<" * COUNT + "x",
    ],
    ids=lambda body: body[:12],
)
def test_nothing_is_lost_and_nothing_fails(body: str, tmp_path: Path) -> None:
    """Deep nesting, long lists, huge spans, patterns that would be slow."""
    document = read_page(tmp_path, plain_page(f"<p>前文。</p>{body}"))
    assert not lost_letters(document)
    assert "前文。" in document.visible_text


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with too many elements, or cells, is refused with a message."""
    monkeypatch.setattr(parsing, "_MAX_ELEMENTS", 1000)
    monkeypatch.setattr(tables, "_MAX_CELLS", 100)
    for number, body in enumerate(("<p>x" * 1001, "<table border=1>" + "<tr>" + "<td>x" * 101)):
        (tmp_path / str(number)).mkdir()
        with pytest.raises(UnreadableFileError, match="too large"):
            read_page(tmp_path / str(number), plain_page(body))


def test_markup_in_texts_and_addresses_stays_text(tmp_path: Path) -> None:
    """Nothing of a page becomes an element that it is not."""
    body = (
        '<p>&lt;script&gt;x()&lt;/script&gt;</p><p><a href="https://a.example/&quot;&gt;&lt;img src=x onerror=x()&gt;">b</a></p>'
        '<p onclick="x()" onmouseover=x()>c<img src="data:image/png;base64,x" onerror="x()"></p><td "onx=>d'
    )
    html = read_page(tmp_path, plain_page(body)).html
    assert "<script" not in html and "onclick" not in html and "<img src=x" not in html
    assert "&lt;script&gt;x()&lt;/script&gt;" in html
