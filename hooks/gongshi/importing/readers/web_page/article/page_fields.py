"""Title, source and date of a page, from where content management systems and WeChat write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

from lxml.etree import _Element

from gongshi.common import dates
from gongshi.importing.document import DocumentFields
from gongshi.importing.readers.web_page.article import main_part
from gongshi.importing.readers.web_page.article.record_table import RecordTable
from gongshi.importing.readers.web_page.page_source.visible_text import words_of

_TITLE_METAS: Final = ("articletitle", "og:title", "twitter:title", "dc.title")
_DATE_METAS: Final = (
    *(
        "pubdate",
        "publishdate",
        "article:published_time",
        "og:release_date",
        "datepublished",
        "dc.date",
        "publish_time",
    ),
    *("others:pubdate", "pub_date", "publish-date"),
)
_SOURCE_METAS: Final = ("contentsource", "source", "dc.source", "og:article:source")
_TITLE_IDS: Final = frozenset(
    ("activity-name", "ti", "title", "articletitle", "article-title", "newstitle", "ivs_title")
)
_ACCOUNT_IDS: Final = ("js_name", "post-user", "profileBt")
_DATE_IDS: Final = ("publish_time", "post-date")
"""Ids of WeChat, the present ones first."""
_STYLED_TITLE: Final = re.compile(r"titlestyle\d*")
"""Class of the content management system 博达 (VSB)."""
_TITLE_CLASSES: Final = frozenset(
    """
    rich_media_title article-title article_title articletitle news-title news_title newstitle content-title
    content_title xl-title title-h1 arti_title titlestyle info-title detail-title ucaptitle bt_title wztit arc_title
    """.split()  # noqa: SIM905
)
_SEPARATOR: Final = re.compile(
    r"\s*[|_｜]\s*|\s+[-–—]+\s+|\s*[—–]{1,2}\s*|-(?=[\u4e00-\u9fff]{2,20}(?:网|政府|局|委|站|门户)\Z)"
)
_NO_TITLE: Final = re.compile(
    r"(?:无标题文档|untitled.*|新建.*|document\d*|文档\s*\d*|网页标题|index|默认|title|sheet\d*|book\d*|工作簿\d*|正文|详情|详细信息|文章内容|内容页)",
    re.IGNORECASE,
)
_MOST_TITLE: Final = 150
_DAY: Final = r"(\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?(?:[T\s\u3000]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?)"
_PUBLISHED: Final = (
    re.compile(rf"(?:发布|发表|公开|刊登)(?:时间|日期|于)\s*[:：]?\s*{_DAY}"),
    re.compile(rf"(?:更新|上传|添加|录入|创建)?(?:时间|日期)\s*[:：]\s*{_DAY}"),
    re.compile(rf"\A\s*{_DAY}\s*(?:来源|作者|浏览|点击|\|)"),
)
_SOURCE: Final = re.compile(
    r"(?:(?:信息|文章|新闻|稿件|内容)?来源|稿源|供稿单位)\s*[:：]\s*([^\s:：|｜【】\[\]]{2,40}?)"
    r"(?=\s|[|｜【】\[\]]|(?:发布|发表|更新|作者|浏览|点击|阅读|字体|字号|编辑|时间|日期|打印)|\Z)"
)
_NO_SOURCE: Final = frozenset(("本站", "本网", "原创", "未知", "互联网", "网络", "本网站", "本站原创", "转载", "无"))
_WECHAT_TIME: Final = re.compile(
    r"""\b(?:ct|create_?time|publish_?time|svr_time)\b["']?\s{0,9}[=:]\s{0,9}["'](\d{10}|\d{4}-\d{1,2}-\d{1,2}(?:\s\d{1,2}:\d{2})?)["']""",
    re.IGNORECASE,
)
_CHINA: Final = timezone(timedelta(hours=8))
_MOST_SCRIPT: Final = 2_000_000
_LINES: Final = 8
"""Lines at the beginning of an article in which date and source may stand."""


def page_generator(root: _Element) -> str:
    """Return the program that made a page, as the page names it; empty if it does not.

    Args:
        root: the page.
    """
    # Only in the head: what was pasted from Word into a site may name Word, too.
    head = root.find("head")
    return " ".join(_metas(head, ("generator", "progid"))) if head is not None else ""


def read_fields(root: _Element, generator: str = "") -> DocumentFields:
    """Return what the head of a page and its marked elements say.

    Args:
        root: the page with its scripts and its head.
        generator: the program that made the page. What an office program writes as the title is rarely that of the
            text.
    """
    if main_part.is_office_program(generator):
        return DocumentFields()
    wechat = _by_id(root, "activity-name") is not None or _by_id(root, "js_content") is not None
    name = next(filter(_is_given, (_by_id(root, each) for each in _ACCOUNT_IDS)), None)
    source = words_of(name) if name is not None else next(_metas(root, _SOURCE_METAS), "")
    return DocumentFields(
        title=_title(root),
        source=_source(source),
        published=_published(root, wechat),
    )


def complete_fields(
    fields: DocumentFields, names: Iterable[str], record: RecordTable | None, before: list[str], article: list[str]
) -> DocumentFields:
    """Return the fields together with those of the record table and of the lines around the article's beginning.

    Args:
        fields: what the head says.
        names: the names of the page, as `page_names` returns them.
        record: the record table.
        before: the lines of the page before the article.
        article: the lines of the article.
    """
    values = record.values if record else {}
    lines = [line for line in (*before, *article[:_LINES]) if len(line) <= 300]
    shown = {"".join(line.split()) for line in lines}
    named = next((each for each in names if "".join(each.split()) in shown), None)
    return replace(
        fields,
        title=fields.title or _clean_title(values.get("title", "")) or named,
        number=values.get("number"),
        index=values.get("index"),
        issuer=values.get("issuer"),
        issued=_day(values.get("issued", "")),
        source=fields.source or _source(values.get("source", "")) or _source_in(lines),
        published=fields.published or _moment(values.get("published", "")) or _published_in(lines),
    )


def _title(root: _Element) -> str | None:
    """Return the title: from where content management systems write it, or a heading that names the window, too."""
    marked = [words_of(each) for each in root.iter() if _is_title(each)]
    candidates = [*_metas(root, _TITLE_METAS[:1]), *marked]
    if found := next(filter(None, map(_clean_title, candidates)), None):
        return found
    window = _window(root)
    headings = [words_of(each) for each in root.iter("h1", "h2")][:20]
    return next((each for each in headings if len(each) > 3 and each in window and _clean_title(each)), None)


def page_names(root: _Element) -> list[str]:
    """Return the names of a page without that of its site. They are titles only if the page shows them.

    Args:
        root: the page with its head.
    """
    found: list[str] = []
    for name in (*_metas(root, _TITLE_METAS[1:]), _window(root)):
        parts = [name, *_SEPARATOR.split(name)[:3]]
        found += [title for part in parts if (title := _clean_title(part))]
    return found


def _window(root: _Element) -> str:
    return " ".join(root.xpath("string(//title)")[:500].split())


def _is_title(element: _Element) -> bool:
    if (element.get("id") or "").lower() in _TITLE_IDS or element.get("itemprop") == "headline":
        return element.tag not in ("input", "meta", "title", "a")
    classes = (element.get("class") or "").lower().split()
    return any(each in _TITLE_CLASSES or _STYLED_TITLE.fullmatch(each) for each in classes)


def _clean_title(text: str) -> str | None:
    plain = " ".join(text.split()).strip()
    return plain if 2 <= len(plain) <= _MOST_TITLE and not _NO_TITLE.fullmatch(plain) else None


def _published(root: _Element, wechat: bool) -> date | datetime | None:
    for name in _DATE_IDS:
        element = _by_id(root, name)
        if element is not None and (found := _moment(words_of(element))):
            return found
    if wechat and (found := _time_in_scripts(root)):
        return found
    marked = [each.get("datetime") or each.get("content") or "" for each in root.iter() if _is_date(each)]
    return next(filter(None, map(_moment, (*_metas(root, _DATE_METAS), *marked))), None)


def _is_given(element: _Element | None) -> bool:
    return element is not None and bool(words_of(element))


def _is_date(element: _Element) -> bool:
    return element.get("itemprop") == "datePublished" or (element.tag == "time" and element.get("datetime") is not None)


def _time_in_scripts(root: _Element) -> date | datetime | None:
    """Return the time that WeChat writes into a script of the page, in seconds since 1970 or as text."""
    for script in root.iter("script"):
        found = _WECHAT_TIME.search((script.text or "")[:_MOST_SCRIPT])
        if found and found[1].isdigit():
            return datetime.fromtimestamp(int(found[1]), _CHINA).replace(tzinfo=None, second=0)
        if found and (moment := _moment(found[1])):
            return moment
    return None


def _metas(root: _Element, names: Iterable[str]) -> Iterator[str]:
    """Yield the contents of `meta` elements, in the order of the names."""
    known: dict[str, str] = {}
    for each in root.iter("meta"):
        name = (each.get("name") or each.get("property") or each.get("itemprop") or "").lower()
        known.setdefault(name, " ".join((each.get("content") or "").split()))
    yield from (known[name] for name in names if known.get(name))


def _by_id(root: _Element, name: str) -> _Element | None:
    return next((each for each in root.iter() if each.get("id") == name), None)


def _source(text: str) -> str | None:
    plain = " ".join(text.split()).strip()
    return plain if 2 <= len(plain) <= 60 and plain not in _NO_SOURCE else None


def _source_in(lines: Iterable[str]) -> str | None:
    for line in lines:
        if (found := _SOURCE.search(line)) and (source := _source(found[1])):
            return source
    return None


def _published_in(lines: list[str]) -> date | datetime | None:
    for pattern in _PUBLISHED:
        for line in lines:
            if (found := pattern.search(line)) and (moment := _moment(found[1])):
                return moment
    return None


def _moment(text: str) -> date | datetime | None:
    """Return the day, or the day with its time without an offset, that a text says; the time in China."""
    plain = " ".join(text.split())[:60]
    written = plain if dates.parse_date(plain) or dates.parse_datetime(plain) else dates.rewritten_day_or_time(plain)
    moment = dates.parse_datetime(written)
    if moment is None:
        return dates.parse_date(written)
    return moment.astimezone(_CHINA).replace(tzinfo=None) if moment.tzinfo else moment


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if isinstance(moment, datetime) else moment
