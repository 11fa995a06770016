"""What a page does not show is not in the entry, and its words are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.saved_pages import PARAGRAPHS, findings_of, plain_page, read_page


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">秘密</p>',
        '<p style="DISPLAY : None !important">秘密</p>',
        '<div style="visibility:hidden"><p>秘密</p></div>',
        "<p hidden>秘密</p>",
        '<p style="font-size:0"><b>秘密</b></p>',
        '<p style="font-size:0px"><span style="font-size:2em">秘密</span></p>',
        '<p style="opacity:0">秘密</p>',
        '<div style="height:0;overflow:hidden">秘密</div>',
        '<p style="position:absolute;left:-9999px">秘密</p>',
        '<p style="text-indent:-9999px">秘密</p>',
        '<span style="position:absolute;clip:rect(0,0,0,0)">秘密</span>',
        '<i aria-hidden="true">秘密</i>',
        '<p class="gone">秘密</p>',
        '<p id="gone">秘密</p>',
        '<p class="a gone2 b">秘密</p>',
        "<p><span style='mso-hide:all'>秘密</span></p>",
    ],
)
def test_hidden_words_are_told(hidden: str, tmp_path: Path) -> None:
    """By style, by attribute, or by a rule of the page."""
    head = "<style>/* {x} */ .gone, #gone { display: none } @media print { p { display: none } } p.gone2{display:none}</style>"
    document = read_page(tmp_path, plain_page(f"{PARAGRAPHS}{hidden}<p>末</p>", head))
    assert "秘密" not in document.html + document.visible_text
    assert "left-out: hidden text was left out |  | 秘密" in findings_of(document)
    assert "<p>末</p>" in document.html


@pytest.mark.parametrize(
    "silent",
    [
        "<!-- 秘密 -->",
        "<script>var a = '秘密'</script>",
        "<style>.a:before{content:'秘密'}</style>",
        "<template><p>秘密</p></template>",
        "<noscript>秘密</noscript>",
        '<input type="hidden" value="秘密">',
        "<!--[if gte mso 9]><xml><o:Author>秘密</o:Author></xml><![endif]-->",
        '<p title="秘密" data-x="秘密">可见</p>',
    ],
)
def test_what_is_no_text_is_nowhere(silent: str, tmp_path: Path) -> None:
    """Comments, scripts, styles and attributes are neither in the entry nor told."""
    document = read_page(tmp_path, plain_page(f"{PARAGRAPHS}{silent}"))
    assert "秘密" not in repr(document)


def test_hidden_columns_and_rows_of_excel(tmp_path: Path) -> None:
    """A column that `col` hides goes out of each row, also under merged cells."""
    table = (
        "<table border=1><col><col style='display:none'><col><tr><td colspan=3>名单</td></tr><tr><td>姓名<td>身份证<td>金额</tr>"
        "<tr><td rowspan=2>张三<td>620102<td>1,200.00</tr><tr><td>620103<td>3</tr><tr style='display:none'><td>李四<td>5<td>6</tr></table>"
    )
    document = read_page(tmp_path, plain_page(table))
    assert document.html.strip() == (
        '<table><tr><td colspan="2">名单</td></tr><tr><td>姓名</td><td>金额</td></tr><tr><td rowspan="2">张三</td><td>1,200.00</td></tr>'
        "<tr><td>3</td></tr></table>"
    )
    assert "620103" in findings_of(document) and "李四" in findings_of(document)


def test_form_fields_are_told(tmp_path: Path) -> None:
    """Their words are visible, but an entry has no forms."""
    document = read_page(
        tmp_path,
        plain_page(f"{PARAGRAPHS}<form><input value='张三'><select><option>是</select><button>提交</button></form>"),
    )
    assert "张三 是 提交" in findings_of(document)
    assert "提交" not in document.html
