"""Pages that Word and Excel save, web archives, and pages of frames."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest

from gongshi.importing.document import RevisionChoice, UnreadableFileError
from support.saved_pages import findings_of, letters, letters_of, picture, plain_page, read_page

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15"><title>旧模板的标题</title>
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>秘密作者</o:Author></o:DocumentProperties></xml><![endif]-->
<style><!-- p.MsoNormal {text-align:justify; font-size:10.5pt} p.MsoTitle{text-align:center;font-weight:bold} --></style></head>
<body lang=ZH-CN><div class=WordSection1>%s</div>%s</body></html>"""
LABEL = "<![if !supportLists]><span style='mso-list:Ignore'>%s<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span><![endif]>"


def _item(label: str, text: str, level: int = 1) -> str:
    return f"<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level{level} lfo1'>{LABEL % label}{text}<o:p></o:p></p>"


def _word(folder: Path, body: str, behind: str = "", revisions: RevisionChoice = RevisionChoice.ASK) -> tuple[str, str]:
    document = read_page(folder, (WORD % (body, behind)).encode("gb18030"), "notice.htm", revisions)
    assert "秘密" not in repr(document)
    assert document.fields.title is None
    assert letters_of(document) == letters(document.visible_text)
    return document.html.strip(), findings_of(document)


def test_paragraphs_of_word(tmp_path: Path) -> None:
    """Styles of classes count, marks of Word do not; lines of the file are no blanks."""
    body = (
        "<p class=MsoTitle>关于春耕的<br>通知<o:p></o:p></p><p class=MsoNormal>各村：请落\n实。"
        "<span style='mso-spacerun:yes'>&nbsp; </span>好<o:p>&nbsp;</o:p></p>"
    )
    assert _word(tmp_path, body) == (
        '<p class="center"><strong>关于春耕的</strong><br><strong>通知</strong></p>\n<p>各村：请落实。\u00a0 好</p>',
        "",
    )


def test_lists_of_word(tmp_path: Path) -> None:
    """Decimal numbers and bullets are lists, other numbers stand in the text."""
    body = (
        _item("一、", "大项")
        + _item("3.", "三")
        + _item("<span style='font-family:Wingdings'>l</span>", "点", 2)
        + _item("4.", "四")
        + _item("(1)", "子项")
        + _item("第一条", "本办法")
    )
    assert _word(tmp_path, body)[0].split("\n") == [
        "<p>一、大项</p>",
        '<ol><li value="3">三<ul><li>点</li></ul></li><li value="4">四</li></ol>',
        "<p>(1)子项</p>",
        "<p>第一条 本办法</p>",
    ]


def test_footnotes_of_word(tmp_path: Path) -> None:
    """The label is a reference, the note stands behind the text."""
    reference = (
        '<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference>'
        "<![if !supportFootnotes]><span>[1]</span><![endif]></span></a>"
    )
    notes = (
        "<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText>"
        '<a style="mso-footnote-id:ftn1" href="#_ftnref1" name="_ftn1"><span>[1]</span></a>见《办法》。</p></div></div>'
    )
    html, told = _word(tmp_path, f"<p>按规定{reference}办理。</p>", notes)
    assert html == '<p>按规定<a class="footnote" href="#_ftn1"></a>办理。</p>\n<aside id="_ftn1">见《办法》。</aside>'
    assert told == ""


def test_comments_and_hidden_text_of_word(tmp_path: Path) -> None:
    """Neither is in the entry; both are told."""
    body = (
        '<p>正文<span class=MsoCommentReference><a class=msocomanchor href="#_msocom_1">[A1]</a></span>'
        "<span style='mso-hide:all'>藏着</span>。</p>"
    )
    comments = "<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>这里不对</p></div></div>"
    html, told = _word(tmp_path, body, comments)
    assert html == "<p>正文。</p>"
    assert "comments were left out |  | 这里不对" in told and "hidden text was left out |  | 藏着" in told


def test_tracked_changes_of_word(tmp_path: Path) -> None:
    """They need a choice; struck words of an ordinary page do not."""
    body = '<p>五<span class=msoDel><del cite="mailto:A" datetime="2020">日</del></span><span class=msoIns><ins cite="mailto:A">天</ins></span>内</p>'
    expected = {RevisionChoice.ACCEPT: "<p>五天内</p>", RevisionChoice.REJECT: "<p>五日内</p>"}
    for number, (choice, html) in enumerate(expected.items()):
        (tmp_path / str(number)).mkdir()
        found, told = _word(tmp_path / str(number), body, revisions=choice)
        assert found == html
        assert "1 tracked change was left out" in told
    with pytest.raises(
        UnreadableFileError, match=r"2 tracked changes:\n  deleted: 日\n  inserted: 天\n.*--changes accept"
    ):
        _word(tmp_path, body)
    (tmp_path / "x").mkdir()
    assert "<s>旧</s><u>新</u>" in read_page(tmp_path / "x", plain_page("<p><del>旧</del><ins>新</ins></p>")).html


def test_pictures_of_word(tmp_path: Path) -> None:
    """The copy for browsers counts, in the folder `.files`."""
    (tmp_path / "notice.files").mkdir()
    (tmp_path / "notice.files" / "image002.png").write_bytes(picture(kind="PNG"))
    body = (
        '<p><!--[if gte vml 1]><v:shape><v:imagedata src="notice.files/image001.wmz" o:title="x"/></v:shape><![endif]-->'
        '<![if !vml]><img width=100 src="notice.files/image002.png" v:shapes="p1"><![endif]></p>'
    )
    assert _word(tmp_path, body) == ('<p><img src="picture-1.png" alt=""></p>', "")


def test_a_table_of_excel_named_xls(tmp_path: Path) -> None:
    """Exports of many systems: the page is read, and the name is told."""
    page = plain_page(
        '<table border=0 x:str><tr height=19><td class=xl65>姓名</td><td>金额</td></tr><tr><td>张三</td><td align=right x:num="1200">1,200.00'
        "</td></tr></table>",
        "<meta name=ProgId content=Excel.Sheet>",
    )
    document = read_page(tmp_path, page, "名单.xls")
    assert '<td class="right">1,200.00</td>' in document.html
    assert "the file is named .xls, but its content is a web page" in findings_of(document)


ARCHIVE = """From: <Saved by Blink>
Snapshot-Content-Location: http://old.gov.cn/a/b.html
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="--b--"

----b--
Content-Type: text/html; charset="gb2312"
Content-Transfer-Encoding: quoted-printable
Content-Location: http://old.gov.cn/a/b.html

{page}
----b--
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: http://old.gov.cn/img/a.png

{first}
----b--
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-ID: <x1>

{second}
----b----
"""


def test_a_web_archive(tmp_path: Path) -> None:
    """Its pictures are its parts, by address or by id; its own address makes links absolute."""
    page = '<p>正文一段。</p><img src="../img/a.png"><img src="cid:x1" alt="章"><a href="c.html">链接</a><img src="/no.png">'
    content = ARCHIVE.format(
        page=quopri.encodestring(plain_page(page).replace("utf-8", "no-such").encode("gb18030")).decode(),
        first=base64.encodebytes(picture(kind="PNG")).decode(),
        second=base64.encodebytes(picture(kind="PNG", colour="red")).decode(),
    )
    document = read_page(tmp_path, content, "a.mht")
    assert [file.name for file in document.files] == ["picture-1.png", "picture-2.png"]
    assert '<a href="http://old.gov.cn/a/c.html">链接</a>' in document.html
    assert "正文一段。" in document.html
    assert "http://old.gov.cn/no.png" in findings_of(document)


@pytest.mark.parametrize(
    "content",
    [
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\nx\n--x--",
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n",
        "MIME-Version: 1.0\n" + "".join(f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(1500)),
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
        + "--x\nContent-Type: text/plain\n\n" * 3000,
    ],
    ids=["no page", "empty", "nested", "many"],
)
def test_archives_without_a_page(content: str, tmp_path: Path) -> None:
    """Damaged and hostile ones get a message."""
    with pytest.raises(UnreadableFileError):
        read_page(tmp_path, content, "a.mht")


def test_sheets_of_a_workbook_that_excel_saved(tmp_path: Path) -> None:
    """The largest sheet is taken, the others are told."""
    (tmp_path / "book.files").mkdir()
    (tmp_path / "book.files" / "image001.png").write_bytes(picture(kind="PNG"))
    for number, cells in ((1, "<tr><td>甲<td>乙</tr><tr><td>1<td><img src=image001.png>2"), (2, "<tr><td>另")):
        sheet = plain_page(f"<table>{cells}</table>", "<meta name=ProgId content=Excel.Sheet>")
        (tmp_path / "book.files" / f"sheet00{number}.htm").write_text(sheet, encoding="utf-8")
    links = "".join(f'<link id="shLink" href="book.files/sheet00{number}.htm">' for number in (1, 2))
    page = f'<html><head>{links}</head><frameset rows="*,39"><frame src="book.files/sheet001.htm"><frame src="book.files/tabstrip.htm"></frameset></html>'
    document = read_page(tmp_path, page, "book.htm")
    assert document.html.strip() == (
        '<table><tr><td>甲</td><td>乙</td></tr><tr><td>1</td><td><img src="picture-1.png" alt="">2</td></tr></table>'
    )
    assert "other frames or sheets of the page were left out |  | 另" in findings_of(document)
