"""The title of a document: by its place, by its style, or by the form of official titles (关于…的通知).

Source: GB/T 9704-2012, section 7.3.1: issuer, subject and kind of document, in the middle, on one line or several.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml.one_line_text import TITLE_LENGTH, refusal, with_plain_spaces
from gongshi.i18n import gettext as _
from gongshi.importing.official.blocks import HEADINGS, Line, is_bold, join_lines, take_out
from gongshi.importing.official.head.document_number import first_number
from gongshi.importing.official.head.red_head import is_mark_of_secrecy, take_number
from gongshi.importing.official.recognition import Recognition
from gongshi.importing.official.units import is_unit, without_gaps
from gongshi.importing.official.written_dates import read_date

KINDS = (
    "通知|公告|公示|通告|通报|意见|意见书|决定|决议|命令|令|议案|报告|请示|批复|复函|函|纪要|公报|方案|办法|规定|规则|细则|规程|条例|章程|计划"
    "|规划|要点|总结|指南|须知|简章|启事|声明|说明|简介|名单|清单|目录|预案|制度|倡议书?|公开信|一封信|邀请函|感谢信|慰问信|表扬信|贺信|预告|通知书"
    "|告知书|结果|情况|安排|安排表|汇总表?|一览表|解读|简报|答复|建议|提案|标准|措施|守则|公约|提示|提醒|日程|议程|手册|申请表|报名表|登记表|承诺书"
)
"""The words with which titles end."""
_KIND_AT_END = lazy_pattern(rf"(?:{KINDS})(?: ?[(（〔\[【][^()（）]{{1,30}}[)）〕\]】])?\Z")
_KIND_ONLY = lazy_pattern(
    rf"(?:会议|工作|紧急|重要|情况)?(?:{KINDS})|notice|announcement|invitation|minutes", re.IGNORECASE
)
_SUBJECT = lazy_pattern(r"(?:关于|转发|印发).{2,}")
_GOES_ON = ("的", "、", "和", "与", "及", "等", "》", "）", ")", "暨")
"""A line that begins with these belongs to the line above."""
_ADDITION = lazy_pattern(r"[(（〔\[【][^()（）〔〕\[\]【】]{1,16}[)）〕\]】]")
_NO_ADDITION = lazy_pattern("通过|公布|公开|发布|施行|盖章|联系|讨论时")
_STAGE = "征求意见稿|草案|讨论稿|初稿|送审稿|修改稿|审议稿|代拟稿|未定稿|草稿"
_DRAFT = lazy_pattern(
    rf"(?:[(（〔\[【] ?(?:公开)?(?:{_STAGE}|征求意见|送审|报批稿)[^()（）]{{0,8}}[)）〕\]】]|(?:{_STAGE})) ?\Z"
)
_LABEL = lazy_pattern(r"[^:]{1,12} *: *\S")
_META = lazy_pattern(
    "(?:发布时间|发布日期|发文日期|成文日期|时间|日期|来源|作者|编辑|责任编辑|浏览|阅读|点击|字体|字号|索 *引 *号"
    "|发布机构|发布单位|发文机关|主题分类|信息来源|信息分类|主题词|名 *称|有效性|文 *号|发文字号)[^:]{0,6}:"
    "|(?:当前位置|您的位置|您现在的位置|首页) *[>»:]"
)
"""The beginnings of lines about a page, which may stand above its title."""
_NUMBERED = lazy_pattern(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十\d]{1,3}[章节条]|\d{1,2}[.、．]\D"
)
_SALUTATION = lazy_pattern("尊敬的|亲爱的|各位|敬爱的|您好|你好|Dear |Hello|To ")
_CAPTION = lazy_pattern(r"[表图] ?\d|Table |Figure ")
_ENDS_SENTENCE = "。；;：:，,、？！…"
_ENGLISH_KIND = lazy_pattern(
    r"\b(?:notice|announcement|invitation|minutes|report|programme|program|agenda|rules|regulations|guide|guidelines"
    r"|plan|results|statement|newsletter|call for|schedule|summary)\b",
    re.IGNORECASE,
)
_MOST_LINES = 5
_LONGEST_LINE = 100
_LOOKED_AT = 30
"""The blocks at the beginning among which the title is sought."""


def take_title(lines: Sequence[Line], found: Recognition) -> None:
    """Take the title out of the text, with a document number directly below it.

    Args:
        lines: the blocks that are left behind the head.
        found: gets the title and the number.
    """
    beginning = lines[:_LOOKED_AT]
    title_lines, is_sure = _known_title(beginning, found.fields.title), True
    if found.fields.title is None:
        title_lines, is_sure = _find_title(beginning)
        _take_lines(title_lines, is_sure, found)
    else:
        for line in title_lines:
            take_out(line.block)
    if title_lines and found.fields.number is None:
        below = beginning[beginning.index(title_lines[-1]) + 1 :]
        number = first_number([line for line in below if not line.is_blank][:2])
        if number:
            take_number(*number, found)
    _check_title(found)


def _known_title(lines: Sequence[Line], title: str | None) -> list[Line]:
    """Return the lines that are the title which the reader knows."""
    wanted = "".join((title or "").split())
    for start, first in enumerate(lines):
        taken: list[Line] = []
        rest = wanted
        for line in lines[start : start + _MOST_LINES]:
            words = "".join(line.text.split())
            if not line.is_text or not rest.startswith(words):
                break
            taken.append(line)
            rest = rest[len(words) :]
            if not rest:
                return taken
        if len(first.plain) > TITLE_LENGTH:
            break
    return []


def _find_title(lines: Sequence[Line]) -> tuple[list[Line], bool]:
    """Return the lines of the title, and False if only its place says that it is one."""
    candidates = [line for line in lines if not line.is_blank]
    while candidates and _is_above_title(candidates[0]):
        candidates.pop(0)
    if not candidates or not candidates[0].is_text:
        return [], True
    first = candidates[0]
    if first.block.tag == "p" and first.is_centred:
        return _centred_title(candidates), True
    if title := _title_by_form(candidates):
        return title, True
    for line in candidates[1:_MOST_LINES]:
        if _may_be_title(line) and _SUBJECT.match(line.plain) and _has_title_form(line.plain, 1):
            return [line], True
    if not _may_be_title(first):
        return [], True
    if first.is_centred:
        return ([first] if _is_heading_of_all(candidates) else []), True
    if is_bold(first.block) and len(candidates) > 1 and not is_bold(candidates[1].block):
        return [first], True
    return ([first] if _is_short_before_long(candidates) else []), False


def _is_above_title(line: Line) -> bool:
    """Tell whether a line may stand above the title: a label of an attachment, secrecy, or words about the page."""
    words = line.plain
    if not line.is_text or len(words) > _LONGEST_LINE:
        return False
    is_label = (len(words) <= 8 and words.startswith("附")) or _ADDITION.fullmatch(words) is not None
    return is_label or is_mark_of_secrecy(words) or _META.match(words) is not None or first_number([line]) is not None


def _may_be_title(line: Line) -> bool:
    words = line.plain
    return (
        line.is_text
        and 2 <= len(words) <= _LONGEST_LINE
        and words[-1] not in _ENDS_SENTENCE
        and not (words[-1] == "." and words.count(" ") > 2)
        and not words.startswith(("——", "--"))
        and not _NUMBERED.match(words)
        and not _SALUTATION.match(words)
        and not _LABEL.match(words)
        and not _META.match(words)
        and not any(read_date(part) for part in (words, words.strip("()")))
        and any(each.isalpha() for each in words)
        and first_number([line]) is None
    )


def _centred_title(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a title in the middle, up to the line with the kind of document."""
    if _is_kind_only(lines[0].plain):
        for number, line in enumerate(lines[1:_MOST_LINES], 1):
            if line.is_centred and _may_be_title(line) and _KIND_AT_END.search(line.plain):
                return _centred_title(lines[number:])
    group: list[Line] = []
    for line in lines[:_MOST_LINES]:
        belongs = bool(group) and (_is_addition(line) or _title_goes_on(group, line))
        if not line.is_centred or line.block.tag != lines[0].block.tag or not (belongs or _may_be_title(line)):
            break
        group.append(line)
    for count in range(1, len(group)):
        if _is_complete(group[:count], group[count]):
            return group[:count]
    return _fitting(group)


def _is_kind_only(words: str) -> bool:
    """Tell whether a title only names the kind of document, such as 通知 or 会议纪要."""
    return bool(_KIND_ONLY.fullmatch(without_gaps(words)))


def _title_goes_on(group: Sequence[Line], line: Line) -> bool:
    starts = bool(group) and line.plain.startswith(_GOES_ON)
    return starts and len(line.plain) <= _LONGEST_LINE and bool(_KIND_AT_END.search(line.plain))


def _is_complete(group: Sequence[Line], following: Line) -> bool:
    """Tell whether a title ends before a line."""
    words = join_lines([without_gaps(line.plain) for line in group])
    if following.plain.startswith(_GOES_ON) or words.count("《") > words.count("》") or _is_addition(following):
        return False
    if not _KIND_AT_END.search(words):
        return False
    return bool(_SUBJECT.search(words)) or not _SUBJECT.search(following.plain)


def _is_addition(line: Line) -> bool:
    """Tell whether a line is an addition in brackets that belongs to the title, such as （试行）."""
    return (
        bool(_ADDITION.fullmatch(line.plain))
        and not _NO_ADDITION.search(line.plain)
        and read_date(line.plain.strip("()")) is None
        and first_number([line]) is None
    )


def _title_by_form(lines: Sequence[Line]) -> list[Line]:
    """Return the first lines if they have the form of an official title, wherever they stand."""
    for count in range(1, min(_MOST_LINES, len(lines)) + 1):
        group = lines[:count]
        last = group[-1]
        if count > 1 and not (_may_be_title(last) or last.plain.startswith(_GOES_ON) or _is_addition(last)):
            return []
        if not last.is_text or len(last.plain) > _LONGEST_LINE or last.plain[-1] in _ENDS_SENTENCE:
            return []
        if (
            first_number([last])
            or _NUMBERED.match(group[0].plain)
            or _LABEL.match(group[0].plain)
            or last.block.tag != group[0].block.tag
        ):
            return []
        words = join_lines([without_gaps(line.plain) for line in group])
        following = lines[count] if count < len(lines) else None
        if _has_title_form(words, count):
            if following is not None and following.is_text and _goes_on_below(words, following):
                continue
            return _fitting(group)
        if count == 1 and not (_SUBJECT.search(words) or is_unit(words)):
            return []
    return []


def _goes_on_below(words: str, following: Line) -> bool:
    return (
        _is_addition(following)
        or words.count("《") > words.count("》")
        or (following.plain.startswith(_GOES_ON) and bool(_KIND_AT_END.search(following.plain)))
    )


def _has_title_form(words: str, count: int) -> bool:
    if any(mark in words for mark in "。；;？！") or len(words) > TITLE_LENGTH:
        return False
    if _KIND_AT_END.search(words):
        return bool(_SUBJECT.search(words)) or (len(words) <= 40 and "，" not in words and count <= 2)
    is_english = words.isascii() and len(words) <= _LONGEST_LINE and words[-1] != "." and words[:1].isupper()
    return is_english and count == 1 and bool(_ENGLISH_KIND.search(words))


def _is_heading_of_all(lines: Sequence[Line]) -> bool:
    """Tell whether a heading at the beginning stands above the whole text, not above its first part."""
    tag = lines[0].block.tag
    is_followed_by_heading = len(lines) > 1 and tag < lines[1].block.tag <= HEADINGS[-1]
    parent = lines[0].block.getparent()
    others = [block for block in parent if block.tag in ("h2", "h3", "h4")] if parent is not None else []
    return is_followed_by_heading or all(block.tag > tag for block in others[1:])


def _is_short_before_long(lines: Sequence[Line]) -> bool:
    """Tell whether a short line without a full stop stands above a paragraph of sentences, a label or a table."""
    first, following = lines[0].plain, next(iter(lines[1:]), None)
    if following is None or not 4 <= len(first) <= 60:
        return False
    if following.block.tag == "table" or _LABEL.match(following.plain):
        return not _CAPTION.match(first)
    if not following.is_text:
        return False
    words = following.plain
    return (
        len(words) >= max(40, 2 * len(first)) and any(mark in words for mark in ("。", ". ", "，")) and first[-1] != "."
    )


def _fitting(group: Sequence[Line]) -> list[Line]:
    """Return as many lines as a title may have."""
    taken = list(group)
    while taken and len(_title_text(taken)) > TITLE_LENGTH:
        taken.pop()
    return taken


def _title_text(lines: Sequence[Line]) -> str:
    texts = [with_plain_spaces(" ".join(without_gaps(line.text.strip()).split())) for line in lines]
    joined = texts[0]
    for before, text in pairwise(texts):
        joined = f"{joined} {text}" if is_unit(before) and is_unit(text) else join_lines([joined, text])
    return joined


def _take_lines(lines: Sequence[Line], is_sure: bool, found: Recognition) -> None:
    title = _title_text(lines) if lines else ""
    if not title or refusal(title, TITLE_LENGTH):
        message = _("no title was found; write one, and delete it in the text if it stands there")
        found.check(message)
        return
    if not found.take(title=title):
        return
    for line in lines:
        take_out(line.block)
    if not is_sure:
        found.check(_("the first line was taken as the title; put it back into the text if it is none"), title)


def _check_title(found: Recognition) -> None:
    title = found.fields.title or ""
    if _DRAFT.search(title):
        found.check(_("the title says that this is a draft; make sure that the final text was imported"), title)
    if _is_kind_only(title):
        found.check(_("the title only names the kind of document; add what it is about"), title)
