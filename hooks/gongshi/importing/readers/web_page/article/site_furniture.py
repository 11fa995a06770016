"""Lines of a page that belong to the site, not to the article: buttons, footers, the line of date and source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.parsing import is_alone, is_block, remove
from gongshi.importing.readers.web_page.page_source.visible_text import words_of

_LABELS: Final = (
    "(?:信息|文章|新闻|稿件|内容)?来源|稿源|供稿(?:单位|人)?|发布(?:时间|日期|单位|机构|人|者)|发表(?:时间|日期)|更新(?:时间|日期)|"
    "(?:上传|添加|录入|公开|创建|编辑)(?:时间|日期)|时间|日期|作者|(?:信息)?录入(?:人|员)?|编辑|审核(?:人)?|"
    "浏览(?:次数|量)?|点击(?:数|次数|率|量)?|阅读(?:次数|量|数)?|访问(?:次数|量)?|人气|字体(?:大小)?|字号|文字大小|分享(?:到)?"
)
_INFORMATION: Final = re.compile(
    r"(?:来源|稿源|发布(?:时间|日期|单位|机构|人|者)|发表(?:时间|日期)|更新(?:时间|日期)|(?:浏览|点击|阅读|访问)(?:次数|量|数|率)?|字体(?:大小)?|"
    r"字号|人气)\s*[:：]"
)
"""Labels that make a line one of the site; 时间 or 作者 alone may stand in an article, too."""
_VALUE: Final = re.compile(
    rf"(?:{_LABELS})\s*[:：]\s*[^:：|｜【】\[\]]{{0,40}}?(?=\s*(?:[|｜【】\[\]]|(?:{_LABELS})\s*[:：]|\s{{2}}|\Z))"
)
_BUTTONS: Final = re.compile(
    "扫一扫(?:在手机(?:上)?打开(?:当前|此|本)页(?:面)?)?|扫描二维码|(?:打印|关闭)(?:本页|此页|文章|页面|全文|本窗口|窗口)?|返回(?:顶部|首页|列表|上一页)?|"
    "收藏(?:本页)?|我要纠错|纠错|分享(?:到|至)?|新浪微博|微博|微信|QQ空间|QQ好友|字体|字号|特大|超大|较大|大|中|小|默认|放大|缩小|正常|标准|繁体|简体|无障碍(?:浏览)?|"
    "语音(?:播报|阅读)|人次|次|阅读原文|下载(?:Word|PDF|文字)版|没有了|预览时标签不可点|关注该公众号|轻触阅读原文|在看|写留言|收录于合集|"
    r"[\s\u3000:：|｜\[\]【】()（）>》<《·./-]+"
)
"""Words of buttons, the longer before the shorter, and what stands between them."""
_NEIGHBOUR: Final = re.compile(r"\s*(?:上|下)一[篇页条]\s*[:：]")
_FOOTER: Final = re.compile(
    r"ICP备|公网安备|网站标识码|版权所有|Copyright|技术支持\s*[:：]|(?:您|你)?(?:当前|现在|所在)?的?位置\s*[:：]|当前栏目\s*[:：]|网站地图",
    re.IGNORECASE,
)
_CELLS: Final = ("td", "th")
_MOST: Final = 200
"""Characters of the longest line that can be furniture."""
_MOST_LINES: Final = 6
"""The number of lines at the beginning and at the end of an article that are looked at."""


def is_furniture_line(text: str) -> bool:
    """Tell whether a line belongs to the site: buttons, the way to the page, the footer.

    Args:
        text: the line.
    """
    if len(text) > _MOST:
        return len(text) < 10 * _MOST and len(_FOOTER.findall(text)) > 1
    return bool(_is_buttons(text) or _NEIGHBOUR.match(text) or _FOOTER.search(text))


def is_information_line(text: str) -> bool:
    """Tell whether a line has nothing but the date, source and readers of an article, and buttons.

    Args:
        text: the line.
    """
    if len(text) > _MOST or not _INFORMATION.search(text):
        return False
    rest = re.sub(r"\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?", "", text)
    rest = _VALUE.sub("", rest)
    return _is_buttons(rest)


def _is_buttons(text: str) -> bool:
    return not _BUTTONS.sub("", text)


def remove_furniture(main: Iterable[_Element]) -> list[str]:
    """Remove the site's lines at the beginning and the end of an article, and menus in it; return their words.

    Args:
        main: the elements of the article; changed in place.
    """
    removed: list[str] = []
    for part in main:
        for element in [each for each in part.iter("nav", "footer", "menu") if each is not part]:
            removed.append(words_of(element))
            remove(element)
        removed += _trim(_lines(part))
        removed += _trim(reversed(list(_lines(part))))
    return [each for each in removed if each]


def _trim(lines: Iterable[_Element]) -> Iterator[str]:
    for element in list(islice(lines, _MOST_LINES)):
        words = words_of(element)
        if is_furniture_line(words) or is_information_line(words):
            yield words
            # A cell alone in its row is that of a table that lays out the page.
            remove(element.getparent() if element.tag in _CELLS else element)


def _lines(part: _Element) -> Iterator[_Element]:
    """Yield the innermost block elements with words, in order; not cells beside others, which need their places."""
    for element in part.iter():
        if element is part or not is_block(element) or element.tag in ("tr", "tbody", "table", "li"):
            continue
        if element.tag in _CELLS and not is_alone(element):
            continue
        if any(is_block(below) or below.tag in ("br", "img") for below in element.iterdescendants()):
            continue
        if words_of(element):
            yield element
