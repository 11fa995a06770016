"""The signature (落款): the units and the day at the end of a text, at the right.

Source: GB/T 9704-2012, section 7.3.5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _
from gongshi.importing.official.blocks import (
    Line,
    cell_paragraphs,
    line_of,
    merge_lines,
    read_lines,
    set_kind,
    strip_blanks,
    take_out,
)
from gongshi.importing.official.recognition import Recognition
from gongshi.importing.official.seals import take_pictures
from gongshi.importing.official.units import is_unit, unit_names
from gongshi.importing.official.written_dates import WrittenDate, read_date

_LONGEST_LINE = 50
_MOST_LINES = 12
"""The lines of a signature: units, names of persons, and the day."""
_MOST_BLANK = 4
"""The empty paragraphs and pictures between two lines of a signature."""
_UNIT_AND_DATE = lazy_pattern(r"(?P<unit>\S.{0,58}?\S) +(?P<date>(?:\d|[一二]).{5,30})")
_SIGNER_LABEL = lazy_pattern(r"(?:发布|通知|公告|落款|申请|主办|发文|报告)?(?:单位|机关|人|部门) *: *")
_PERSON = lazy_pattern(r"(?:[\u3400-\u9fff]{2,8} +)?[\u3400-\u9fff](?: ?[\u3400-\u9fff]){1,3}")
_ITEM = lazy_pattern(r"\d{1,2} ?[.、)]|附 ?[件:]")
_SENTENCE_END = "。；;！!？?…，,、:"
ATTACHED_PAGE = lazy_pattern(r"附 ?[件表录] *[\d一二三四五六七八九十]{0,3}(?:[-—]\d{1,2})? *:?")
"""The line above an attachment that is part of the same file."""
_END_PART = lazy_pattern(
    r"附 ?[件表录注]?[\d一二三四五六七八九十 ]{0,4}:|附注|[(].{1,80}[)]"
    r"|(?:抄 ?送|抄 ?报|分 ?送|主 ?送|报 ?送|发 ?送|主题词|校对|打印|承办|拟稿|录入|核稿) *:?"
    r"|(?:联 ?系|咨询|监督|举报|投诉|经办)?(?:人|电 ?话|地 ?址|方式|邮箱|邮编)[^:]{0,6}:"
    r"|.{2,60}印发|共 ?印 ?\d+ ?份|(?:公开(?:属性|方式|类别|选项|形式)|信息公开)[^:]{0,6}:"
    r"|(?:主动|依申请|不予|免予)公开|\[\d|注 ?:|备注 ?:"
)
"""Beginnings of lines behind a signature."""


@dataclass(frozen=True)
class Signature:
    """The lines of a signature."""

    first: int
    last: int
    """The numbers of its lines, counted from 0, both included."""
    units: tuple[str, ...]
    day: WrittenDate | None


def mark_signatures(lines: Sequence[Line], found: Recognition, issuers: Sequence[str]) -> _Element | None:
    """Mark the lines of signatures and take the unit and day of the first one.

    Args:
        lines: the blocks without head and title.
        found: gets `issued` and `issuer`.
        issuers: the units in the red head, for a document without a unit in its signature.

    Returns:
        The last block of the document's own signature; None if there is none.
    """
    signatures = _find_signatures(lines, _known_units(found, issuers))
    if signatures:
        _take_values(signatures[0], found, issuers)
    if issuers:
        found.take(issuer=" ".join(issuers))
    last_blocks = [_mark(lines, signature) for signature in signatures]
    return last_blocks[0] if last_blocks else None


def unwrap_signature_table(root: _Element) -> None:
    """Replace a table that only puts the units of a signature beside each other by right-aligned lines.

    Args:
        root: the element that contains the blocks; changed in place.
    """
    lines = [line for line in read_lines(root) if not line.is_blank]
    for number, line in enumerate(lines):
        table, following = line.block, lines[number + 1] if number + 1 < len(lines) else None
        if table.tag != "table" or len(table.findall(".//tr")) > 3 or table.find(".//table") is not None:
            continue
        paragraphs = cell_paragraphs(table)
        words = [line_of(each) for each in paragraphs]
        dates = sum(read_date(each.text) is not None for each in words)
        is_dated = dates == 1 or (not dates and following is not None and read_date(following.text) is not None)
        if is_dated and len(words) > dates and all(is_unit(each.plain) or read_date(each.text) for each in words):
            for paragraph in paragraphs:
                set_kind(paragraph, "p", "right")
                table.addprevious(paragraph)
            root.remove(table)


def _take_values(signature: Signature, found: Recognition, issuers: Sequence[str]) -> None:
    if signature.units:
        found.take(issuer=" ".join(signature.units))
    day = signature.day
    if day is None:
        return
    is_date_alone = signature.first == signature.last and not signature.units
    if is_date_alone and not issuers and found.fields.number is None:
        return
    if day.day:
        found.take(issued=day.day)
    elif day.is_complete:
        found.check(
            _("there is no such day; correct the date below the text, and write it in document.issued"), day.words
        )
    else:
        found.check(
            _("the date below the text lacks its year, month or day; complete it, and write it in document.issued"),
            day.words,
        )


def _mark(lines: Sequence[Line], signature: Signature) -> _Element:
    """Mark the lines of a signature and make them one paragraph, with its pictures in another one behind it.

    Returns:
        Its last paragraph of text.
    """
    signed: list[_Element] = []
    pictures = take_pictures(lines, signature.first, signature.last)
    for line in lines[signature.first : signature.last + 1]:
        if line.is_blank and next(line.block.iter("a"), None) is None:
            take_out(line.block)
        if not line.is_text:
            continue
        set_kind(line.block, "p", "signoff")
        strip_blanks(line.block)
        if signed and line.block.getprevious() is signed[-1]:
            merge_lines([signed[-1], line.block])
        else:
            signed.append(line.block)
    if pictures is not None:
        signed[-1].addnext(pictures)
    return signed[-1]


def _known_units(found: Recognition, issuers: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a unit is named by the red head or at the beginning of the title."""
    title = found.fields.title or ""
    return lambda unit: unit in issuers or title.startswith(unit)


def _find_signatures(lines: Sequence[Line], is_known: Callable[[str], bool]) -> list[Signature]:
    signatures: list[Signature] = []
    ends = _ends(lines)
    first_text = next((number for number, line in enumerate(lines) if line.plain), len(lines))
    after = first_text + 1
    for number, line in enumerate(lines):
        if number < after or not line.is_text or len(line.plain) > _LONGEST_LINE + 40:
            continue
        if signature := _signature_at(lines, number, after, ends, is_known):
            signatures.append(signature)
            after = signature.last + 1
    if not signatures and (signature := _signature_without_date(lines, after, ends)):
        signatures.append(signature)
    return signatures


def _ends(lines: Sequence[Line]) -> list[bool]:
    """Tell for each line whether the text ends with it: only notes, copies and attachments follow."""
    ends = [True] * len(lines)
    is_end = True
    for number in range(len(lines) - 1, -1, -1):
        ends[number] = is_end
        line = lines[number]
        if line.is_blank or line.block.tag == "aside":
            continue
        if line.is_text and (ATTACHED_PAGE.fullmatch(line.plain) or line.plain.startswith(("附件:", "附:"))):
            is_end = True
        elif not (line.is_text and _END_PART.match(line.plain)):
            is_end = False
    return ends


def _signature_at(
    lines: Sequence[Line], number: int, after: int, ends: Sequence[bool], is_known: Callable[[str], bool]
) -> Signature | None:
    """Return the signature whose date stands on a line."""
    line = lines[number]
    unit, day = _unit_and_date(line)
    if day is None:
        return None
    above = _units_above(lines, number, after, line.is_moved)
    units = [name for each in above for name in _names(lines[each])] + (unit_names(unit) if unit else [])
    last = number
    if line.is_moved and not above and not unit:
        below = _units_below(lines, number)
        last = below[-1] if below else number
        units = [name for each in below for name in _names(lines[each])]
    is_signed = bool(above or unit or last > number)
    is_last = (ends[last] and (is_signed or day.is_complete)) or any(map(is_known, units))
    if not is_last and not (line.is_moved and is_signed):
        return None
    return Signature(above[0] if above else number, last, tuple(units), day)


def _unit_and_date(line: Line) -> tuple[str, WrittenDate | None]:
    if day := read_date(line.text):
        return "", day
    match = _UNIT_AND_DATE.fullmatch(line.plain)
    if match and is_unit(match["unit"]) and (day := read_date(match["date"])):
        return match["unit"], day
    return "", None


def _units_above(lines: Sequence[Line], number: int, after: int, is_moved: bool) -> list[int]:
    """Return the numbers of the lines above a date that belong to its signature, from top to bottom."""
    taken: list[int] = []
    blank = 0
    for each in range(number - 1, after - 1, -1):
        line = lines[each]
        if line.is_blank and blank < _MOST_BLANK:
            blank += 1
            continue
        if len(taken) == _MOST_LINES or not _is_signer(line, is_moved):
            break
        taken.append(each)
        blank = 0
    if taken and not any(_names(lines[each]) or lines[each].is_moved for each in taken):
        return []
    return taken[::-1]


def _units_below(lines: Sequence[Line], number: int) -> list[int]:
    taken: list[int] = []
    for each in range(number + 1, min(len(lines), number + 4)):
        line = lines[each]
        if not (line.is_text and line.is_moved and is_unit(line.plain)):
            break
        taken.append(each)
    return taken


def _is_signer(line: Line, date_is_moved: bool) -> bool:
    words = line.plain
    if not line.is_text or len(words) > _LONGEST_LINE or (line.block.tag != "p" and not is_unit(words)):
        return False
    if words[-1] in _SENTENCE_END or read_date(words) or _ITEM.match(words):
        return False
    if line.is_moved:
        return True
    name = _SIGNER_LABEL.sub("", words, count=1)
    return is_unit(name) or (date_is_moved and len(words) <= 12 and _PERSON.fullmatch(words) is not None)


def _names(line: Line) -> list[str]:
    """Return the names of the units on a line; none for the name of a person."""
    label = _SIGNER_LABEL.match(line.plain)
    words = line.text.strip()[label.end() :] if label else line.text
    return unit_names(words) if all(map(is_unit, unit_names(line.plain[label.end() if label else 0 :]) or [""])) else []


def _signature_without_date(lines: Sequence[Line], after: int, ends: Sequence[bool]) -> Signature | None:
    for number in range(len(lines) - 1, after - 1, -1):
        line = lines[number]
        if line.is_text and line.is_moved and is_unit(line.plain) and ends[number]:
            above = [each for each in _units_above(lines, number, after, True) if lines[each].is_moved]
            units = [name for each in [*above, number] for name in _names(lines[each])]
            return Signature(above[0] if above else number, number, tuple(units), None)
        if not ends[number]:
            break
    return None
