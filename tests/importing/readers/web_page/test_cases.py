"""Golden cases: what becomes of the HTML of a page; and that nothing of its text is lost, whatever the HTML."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.importing.document import UnreadableFileError
from support.saved_pages import findings_of, letters, letters_of, lost_letters, picture, plain_page, read_page

CASES = yaml.safe_load(
    Path(__file__).parents[3].joinpath("cases", "import", "web_page.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    """The HTML is as the case says, and shows all that is visible."""
    (tmp_path / "a.png").write_bytes(picture(kind="PNG"))
    document = read_page(tmp_path, plain_page(case["page"]))
    if "contains" in case:
        assert document.html.startswith(case["html"])
        assert [part for part in case["contains"] if part not in document.html] == []
    else:
        assert document.html.strip() == case["html"]
    assert letters_of(document) == letters(document.visible_text)


_TAGS = (
    *("p", "div", "span", "b", "i", "u", "section", "h1", "h3", "ul", "ol", "li", "table", "tr", "td", "th", "caption"),
    *(
        "a href=x",
        "font",
        "center",
        "blockquote",
        "pre",
        "sup",
        "del",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "tbody",
        "article",
    ),
    *(
        "p align=right",
        'span style="display:block"',
        'div style="font-size:0"',
        'span style="font-size:9px"',
        "table border=1",
    ),
    *(
        'ol type="a"',
        "form",
        "label",
        "o:p",
        "main",
        "br",
        "hr",
        'td colspan="9"',
        'td rowspan="0"',
        "img src=x",
        "nav",
    ),
)
_TEXT = {"甲": "甲", "乙方": "乙方", "a b": "ab", "1.00": "1.00", "&lt;p&gt;": "<p>", "，": "，"}
_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag.split()[0]}>" for tag in _TAGS]),
    st.sampled_from(["　　", "&nbsp;", "\n", " ", "&#8203;", *_TEXT]),
)


@settings(max_examples=100)
@given(st.lists(_PIECES, max_size=60))
def test_no_text_is_lost_in_any_soup(pieces: list[str]) -> None:
    """Each letter of the file is visible text or told, and all visible text is in the HTML."""
    with TemporaryDirectory() as folder:
        try:
            document = read_page(Path(folder), plain_page("".join(pieces) + "末"))
        except UnreadableFileError:
            return
    assert not lost_letters(document)
    written = Counter(letters("".join(_TEXT.get(piece, "") for piece in pieces) + "末"))
    assert not written - Counter(document.visible_text + findings_of(document))
