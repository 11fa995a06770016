"""Parts behind the text: list of attachments, copies, printing, kind of publication, and attachments in the same file.

Source: GB/T 9704-2012, sections 7.3.4, 7.3.7 and 7.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _
from gongshi.importing.official.blocks import (
    HEADINGS,
    Line,
    append_words,
    cell_paragraphs,
    cell_rows,
    join_lines,
    line_of,
    merge_lines,
    narrow_gaps,
    plain,
    put_before,
    read_lines,
    set_kind,
    strip_blanks,
)
from gongshi.importing.official.end.signature import ATTACHED_PAGE
from gongshi.importing.official.head.title import KINDS
from gongshi.importing.official.recognition import Recognition
from gongshi.importing.official.units import is_unit
from gongshi.importing.official.written_dates import find_dates, read_date

_LIST_BEGIN = lazy_pattern(r"附 ?件 *: *1 ?[.、．]")
_LIST_ITEM = lazy_pattern(r"(\d{1,2}) ?[.、．] ?\S.{0,98}")
_INDENT = "\u3000\u3000\u3000"
"""The blanks that put the second attachment below the first one, behind 附件：."""
_COPIES = lazy_pattern(r"(?:抄 ?送|抄 ?报|分 ?送|主 ?送|报 ?送) *:.*|共 ?印 ?\d+ ?份", re.DOTALL)
_PRINTING = lazy_pattern("(.+?) *印 ?发")
_LONGEST_COPIES = 500
_NOT_OPEN = (
    lazy_pattern(
        r"[(【]?(?:(?:此|本|该)(?:文|件|文件|信息) *"
        r"|(?:公开(?:属性|方式|类别|选项|形式)|信息公开(?:选项|属性|类别)?) *: *)"
        r"(?:依申请公开|不予公开|不公开|免予公开|内部公开|不宜公开|不对外公开)[)】]?[.。]?"
    ),
    lazy_pattern(r"[(【](?:依申请公开|不予公开|不公开|免予公开|内部公开)[)】]"),
    lazy_pattern(r"公开.{0,10}[:：].{0,20}[☑√■✔●] ?(?:依申请公开|不予公开|不公开|免予公开).{0,20}"),
)
_NOT_OPEN_AT_END = lazy_pattern("(?:依申请公开|不予公开|不公开|免予公开)")
_ATTACHMENT_WITH_TITLE = lazy_pattern(
    r"附 ?[件表录] *[\d一二三四五六七八九十]{0,3}(?:[-—]\d{1,2})? *[: ] *(?!1[.、．])\S.{1,80}"
)
_TITLE_FORM = lazy_pattern(rf"[^。；;:，,]{{2,50}}(?:{KINDS})")
_MOST_TITLE_LINES = 4


def arrange_list_of_attachments(root: _Element) -> None:
    """Make the list of attachments (附件说明) one paragraph with a line for each.

    Args:
        root: the element that contains the blocks.
    """
    lines = read_lines(root)
    number = 0
    while number < len(lines):
        group = _listed(lines, number)
        if group:
            for line in group:
                strip_blanks(line.block)
            for line in group[1:]:
                put_before(line.block, _INDENT)
            merge_lines([line.block for line in group])
        number += max(1, len(group))


def _listed(lines: Sequence[Line], number: int) -> list[Line]:
    first = lines[number]
    if not (first.block.tag == "p" and _LIST_BEGIN.match(first.plain)) or len(first.plain) > 120:
        return []
    group = [first]
    for line in lines[number + 1 :]:
        match = _LIST_ITEM.fullmatch(line.plain) if line.block.tag == "p" else None
        if match is None or int(match[1]) != len(group) + 1:
            break
        group.append(line)
    return group if len(group) > 1 else []


def arrange_copies(root: _Element) -> None:
    """Make the lines of copies (抄送) and printing (印发) paragraphs without the blanks that move them.

    Args:
        root: the element that contains the blocks.
    """
    for block in list(root):
        if block.tag == "table":
            _unwrap_copies(block)
    _join_printing(root)
    for line in read_lines(root):
        words = line.plain
        if line.block.tag != "p" or len(words) > _LONGEST_COPIES:
            continue
        is_printing = _is_printing(words)
        if is_printing or (words[:1] in "抄分主报共" and _COPIES.fullmatch(words)):
            set_kind(line.block, "p")
            strip_blanks(line.block)
            if is_printing:
                narrow_gaps(line.block)


def _is_printing(words: str) -> bool:
    """Tell whether a line says who printed a document and when."""
    match = _PRINTING.fullmatch(words) if words.endswith("发") and len(words) < 100 else None
    dates = list(find_dates(match[1])) if match else []
    return len(dates) == 1 and dates[0].start >= 2 and not match[1][dates[0].end :].strip() if match else False


def _unwrap_copies(table: _Element) -> None:
    """Replace a table that only draws lines around copies and printing by paragraphs."""
    rows = cell_rows(table)
    cells = [plain(cell).strip() for row in rows for cell in row if cell.strip()]
    is_nested = table.find(".//table") is not None or table.find("caption") is not None
    if is_nested or not 1 <= len(cells) <= 8 or not any(each.startswith(("抄", "分送", "报送")) for each in cells):
        return
    if not all(_belongs_to_copies(cell) for cell in cells):
        return
    for paragraph in cell_paragraphs(table):
        table.addprevious(paragraph)
    parent = table.getparent()
    assert parent is not None
    parent.remove(table)


def _belongs_to_copies(words: str) -> bool:
    return bool(_COPIES.fullmatch(words)) or _is_printing(words) or is_unit(words) or _is_day_of_printing(words)


def _is_day_of_printing(words: str) -> bool:
    return words.endswith("发") and len(words) < 40 and read_date(words[:-1].rstrip("印 ")) is not None


def _join_printing(root: _Element) -> None:
    """Put the unit and the day of printing on one line, if they are neighbours."""
    for first, second in pairwise(read_lines(root)):
        if second.block.tag == "p" == first.block.tag and _is_day_of_printing(second.plain) and is_unit(first.plain):
            strip_blanks(first.block)
            strip_blanks(second.block)
            append_words(first.block, "\u3000", second.block)


def check_openness(lines: Sequence[Line], signature: int | None, found: Recognition) -> None:
    """Tell of notes that a document is not to be published, such as 此件依申请公开.

    Args:
        lines: the blocks.
        signature: the number of the last line of the signature, counted from 0.
        found: gets the findings.
    """
    for number, line in enumerate(lines):
        for words in (part.strip() for part in plain(line.text).split("\n")):
            if not words or len(words) > 60:
                continue
            is_behind = signature is not None and number > signature and line.block.tag == "p"
            if any(each.fullmatch(words) for each in _NOT_OPEN) or (is_behind and _NOT_OPEN_AT_END.fullmatch(words)):
                message = _(
                    "the file says that it is given out on request only, or not at all; delete this draft, or ask the "
                    "issuing unit"
                )
                found.check(message, words)


def mark_attached_pages(lines: Sequence[Line], signature: int | None) -> list[_Element]:
    """Make headings of the label and title of each attachment that stands in the same file.

    The label (附件1) becomes an `h2`, the title an `h3`; headings below become `h4`.

    Args:
        lines: the blocks.
        signature: the number of the last line of the signature, counted from 0; None if there is none.

    Returns:
        The headings with the labels.
    """
    begin = signature + 1 if signature is not None else 1
    labels: list[_Element] = []
    number = begin
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.block.tag in HEADINGS and labels:
            set_kind(line.block, "h4")
        if not _is_label(lines, number - 1):
            continue
        strip_blanks(line.block)
        set_kind(line.block, "h2")
        labels.append(line.block)
        if ATTACHED_PAGE.fullmatch(line.plain):
            number = _mark_title(lines, number)
    return labels


def _is_label(lines: Sequence[Line], number: int) -> bool:
    line = lines[number]
    if not line.is_text or line.block.get("class") == "signoff" or not line.plain.startswith("附"):
        return False
    if line.is_centred and len(line.plain) <= 90 and _ATTACHMENT_WITH_TITLE.fullmatch(line.plain):
        return True
    if not ATTACHED_PAGE.fullmatch(line.plain):
        return False
    following = next((each for each in lines[number + 1 : number + 6] if not each.is_blank), None)
    is_list = following is None or following.block.tag in ("ol", "ul") or _LIST_ITEM.fullmatch(following.plain)
    return not (is_list and line.plain.endswith(":")) and following is not None


def _mark_title(lines: Sequence[Line], number: int) -> int:
    """Make a heading of the title below a label; return the number of the line behind it."""
    while number < len(lines) and lines[number].is_blank and lines[number].block.find(".//img") is None:
        number += 1
    group: list[Line] = []
    for line in lines[number : number + _MOST_TITLE_LINES]:
        if not line.is_text or not line.is_centred or len(line.plain) > 80 or line.plain[-1] in "。；;:，,":
            break
        if group and (group[-1].block.tag != line.block.tag or line.plain.startswith(("(", "第"))):
            break
        group.append(line)
    if not group and number < len(lines) and lines[number].is_text and _TITLE_FORM.fullmatch(lines[number].plain):
        group = [lines[number]]
    if not group:
        return number
    for line in group:
        strip_blanks(line.block)
    first = group[0].block
    for line in group[1:]:
        joined = join_lines([line_of(first).plain, line.plain])
        append_words(first, " " if " " in joined[len(line_of(first).plain) :][:1] else "", line.block)
    set_kind(first, "h3")
    return number + len(group)
