"""Web pages as people save them: of content management systems, WeChat, Word and Excel; and their reading."""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from pathlib import Path

from lxml import html
from PIL import Image

from gongshi.importing.document import ReadDocument, ReadOptions, RevisionChoice, Workspace
from gongshi.importing.readers import reader_for
from gongshi.importing.sources import ImportSource

MENU = "".join(f'<li><a href="/c{number}.html">栏目{number}</a></li>' for number in range(12))
LATEST = "".join(
    f'<li><a href="/n{number}.html">关于某某事项的通知公告第{number}号</a><span>05-0{number}</span></li>'
    for number in range(9)
)
PARAGRAPHS = "".join(
    f"<p>　　第{number}段，各村要高度重视，认真落实，确保春耕生产顺利进行。</p>" for number in range(3)
)
TITLE = "关于做好春耕工作的通知"


def site_page(article: str, head: str = "", charset: str = "utf-8") -> str:
    """A page of a site: menu, place, article, list of the latest and footer."""
    return (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>{TITLE}_青禾镇人民政府</title>{head}</head><body>"
        f'<div class="header"><ul>{MENU}</ul></div><div class="crumb">当前位置：<a href="/">首页</a> &gt; 通知</div>'
        f'<div class="wrap"><div class="left">{article}</div><div class="right"><h3>热点</h3><ul>{LATEST}</ul></div></div>'
        '<div class="foot"><p>主办单位：青禾镇人民政府</p><p>备案号：陇ICP备12345678号</p></div></body></html>'
    )


def plain_page(body: str, head: str = "") -> str:
    """A page with nothing around its text."""
    return f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def wechat_page(content: str, scripts: str = "") -> str:
    """An article of WeChat as browsers save it: its script has not run, so it is hidden."""
    return f"""<html><head><meta charset="utf-8"><meta property="og:title" content="春耕忙">
<meta property="og:url" content="http://mp.weixin.qq.com/s?__biz=1"></head><body id="activity-detail">
<div id="js_article" class="rich_media"><div id="page-content"><div id="img-content" class="rich_media_wrp">
<h1 class="rich_media_title" id="activity-name">
  春耕忙
</h1><div id="meta_content"><span class="rich_media_meta">原创</span>
<a id="js_name" href="javascript:void(0);"> 青禾发布 </a><em id="publish_time"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">{content}</div>
<div class="rich_media_tool"><a id="js_view_source" href="javascript:">阅读原文</a></div></div>
<div id="js_pc_qr_code">微信扫一扫<br>关注该公众号</div></div></div><script>{scripts}</script></body></html>"""


def read_page(
    folder: Path, content: str | bytes, name: str = "page.html", revisions: RevisionChoice = RevisionChoice.ASK
) -> ReadDocument:
    """The page as its reader returns it; its pictures are in the folder `workspace` beside it."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    workspace = folder / "workspace"
    workspace.mkdir()
    return reader_for(ImportSource(path, path.suffix[1:].lower(), name))(
        path, Workspace(workspace), ReadOptions(revisions)
    )


def picture(width: int = 300, height: int = 200, kind: str = "JPEG", colour: str = "blue", **options: object) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, kind, **options)
    return buffer.getvalue()


def data_url(content: bytes, kind: str = "image/png") -> str:
    """The address that contains a picture."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def letters(text: str) -> str:
    """A text without blanks."""
    return re.sub(r"\s+", "", text)


def letters_of(document: ReadDocument) -> str:
    """All that the HTML of a document shows: its text and the captions of its pictures, without blanks."""
    root = html.fragment_fromstring(document.html or "<p></p>", create_parent="div")
    for each in root.iter("img"):
        each.tail = each.get("title", "") + (each.tail or "")
    return letters(root.text_content())


def lost_letters(document: ReadDocument) -> Counter[str]:
    """The letters that are in the visible text or in the HTML only, with their number."""
    shown, visible = Counter(letters_of(document)), Counter(letters(document.visible_text))
    return (shown - visible) + (visible - shown)


def findings_of(document: ReadDocument) -> str:
    """The findings as lines: kind, message, place and words."""
    return "\n".join(f"{each.kind.value}: {each.message} | {each.place} | {each.words}" for each in document.findings)
