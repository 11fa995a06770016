"""The head of an official document above its title: copy number, secrecy, urgency, issuer, document number, signer.

Source: GB/T 9704-2012, section 7.2, and its forms of letters, orders and minutes in section 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _
from gongshi.importing.official.blocks import Line, cell_paragraphs, line_of, plain, take_out
from gongshi.importing.official.head.document_number import NumberLine, read_number_line
from gongshi.importing.official.recognition import Recognition
from gongshi.importing.official.units import is_unit, unit_names, without_gaps

_MOST_LINES = 24
_MOST_CELLS = 12
_URGENCY = "(?:(?:紧急程度|缓急) *: *)?(?:特急|加急|平急|特提|急件|紧急)"
_SECRECY = r"(?:密级(?:和保密期限)? *: *)?(?:绝 *密|机 *密|秘 *密)(?: *[★☆*] *[\w一-龥]{0,8})?"
_SECRET = lazy_pattern(rf"(?:(?:份号 *: *)?(?:No\.? *)?\d{{3,6}} +)?{_SECRECY}(?: +{_URGENCY})?")
_SECRET_STAR = lazy_pattern(r"(?:密级[^:]{0,6}: *)?(?:绝 *密|机 *密|秘 *密) *[★☆].{0,20}")
_INTERNAL = lazy_pattern(
    "[(【]?内部(?:资料|文件|材料|使用|刊物|参考|情况)[,; ]{0,3}(?:注意保存|请勿外传|不得外传|严禁外传|妥善保管)?[)】]?"
)
_COPY = lazy_pattern(rf"(?:份号 *: *\d{{1,6}}|\d{{6}}|№ *\d{{3,6}})(?: +{_URGENCY})?")
_URGENT = lazy_pattern(_URGENCY)
_RULE = lazy_pattern(r"[-—_─━═=*★☆ ]{1,200}")
_MARK = lazy_pattern(r"(.{2,60}?) *文 *件")
_ORDER = lazy_pattern(r"(.{2,40}?)(?:命令|令|公告|通告|通报|公报|公示|会议纪要|纪要|简报|文电|通知|函)")
_ASIDE = lazy_pattern(r"附件? *[\d一二三四五六七八九十]{0,3} *:?|[(]?(?:征求意见稿|讨论稿|送审稿|草案|初稿|代拟稿)[)]?")
_SUBJECT = lazy_pattern("关于.{2,}")


class _Part(Enum):
    SECRECY = "secrecy"
    COPY = "copy"
    URGENCY = "urgency"
    RULE = "rule"
    MARK = "mark"
    ORDER = "order"
    UNIT = "unit"
    NUMBER = "number"
    ASIDE = "aside"
    """Stays in the text, and the head goes on behind it."""


@dataclass(frozen=True)
class RedHead:
    """The name of the issuer at the top of a document."""

    units: tuple[str, ...]
    words: str
    """The lines that were taken out of the text."""


@dataclass
class _Head:
    """The lines of the head by their parts, in their order."""

    lines: dict[_Part, list[Line]] = field(default_factory=lambda: {part: [] for part in _Part})
    order: list[Line] = field(default_factory=list)
    """All of them, and those between."""
    numbers: list[tuple[Line, NumberLine]] = field(default_factory=list)
    next: Line | None = None
    """The first line behind the head."""

    def add(self, part: _Part, line: Line) -> None:
        self.lines[part].append(line)

    def has(self, part: _Part) -> bool:
        return bool(self.lines[part])


def unwrap_head_table(root: _Element) -> None:
    """Replace a table at the beginning by its cells, if it only puts the lines of a red head beside each other.

    Args:
        root: the element that contains the blocks.
    """
    for block in list(root)[:6]:
        if block.tag != "table":
            if line_of(block).is_blank or _part_of(line_of(block)):
                continue
            return
        if block.find(".//table") is not None or sum(1 for _cell in block.iter("td", "th")) > _MOST_CELLS:
            return
        paragraphs = cell_paragraphs(block)
        parts = [_part_of(line_of(each)) for each in paragraphs if line_of(each).plain]
        if all(parts) and {_Part.MARK, _Part.NUMBER} & set(parts):
            for each in paragraphs:
                block.addprevious(each)
            root.remove(block)


def _part_of(line: Line) -> _Part | None:
    words = line.plain
    if not line.is_text or len(words) > 160 or "\n" in words:
        return None
    if is_mark_of_secrecy(words):
        return _Part.SECRECY
    for part, pattern in ((_Part.COPY, _COPY), (_Part.URGENCY, _URGENT), (_Part.RULE, _RULE), (_Part.ASIDE, _ASIDE)):
        if pattern.fullmatch(words):
            return part
    if read_number_line(line):
        return _Part.NUMBER
    if _is_mark(words):
        return _Part.MARK
    if (order := _ORDER.fullmatch(without_gaps(words))) and is_unit(order[1]):
        return _Part.ORDER
    return _Part.UNIT if is_unit(words) else None


def is_mark_of_secrecy(words: str) -> bool:
    """Tell whether a line says that a document is secret or internal.

    Args:
        words: the line with half-width marks and without blanks around it.
    """
    return len(words) <= 60 and bool(_SECRET.fullmatch(words) or _INTERNAL.fullmatch(words))


def _is_mark(words: str) -> bool:
    words = without_gaps(words)
    match = _MARK.fullmatch(words)
    return words == "文件" or (match is not None and is_unit(match[1].strip()))


def take_red_head(lines: Sequence[Line], found: Recognition) -> RedHead:
    """Take the head out of the text and tell what is not shown. Marks of secrecy stay in the text.

    Args:
        lines: the blocks.
        found: gets the document number.

    Returns:
        The units in the red head and its words.
    """
    head = _read_head(lines)
    for line in head.lines[_Part.SECRECY]:
        _tell_secrecy(line, found)
    _move_order(head)
    has_units_of_letter = head.has(_Part.UNIT) and any(not read.has_label for _line, read in head.numbers)
    if not head.has(_Part.MARK) and not has_units_of_letter:
        head.lines[_Part.UNIT].clear()
    units = [name for line in head.lines[_Part.UNIT] + head.lines[_Part.MARK] for name in _units_of(line)]
    if units or head.numbers or head.has(_Part.SECRECY):
        _take_small_parts(head, found)
    words = _take_mark(head) if units else ""
    first = next((line for line, read in head.numbers if read.number), None)
    for line, read in head.numbers:
        if line is first or read.number is None:
            take_number(line, read, found)
    return RedHead(tuple(units), words)


def _read_head(lines: Sequence[Line]) -> _Head:
    head = _Head()
    behind_mark: list[Line] = []
    """Units behind the word 文件: those of a joint red head, if the document number follows, else of the title."""
    for line in lines[:_MOST_LINES]:
        if line.is_blank:
            continue
        head.order.append(line)
        part = _part_of(line)
        if part is _Part.UNIT and head.has(_Part.MARK) and not head.numbers:
            behind_mark.append(line)
            continue
        ended = head.has(_Part.MARK) or head.numbers or head.has(_Part.ORDER)
        if part is None or (part in (_Part.UNIT, _Part.ORDER) and ended) or (behind_mark and part is not _Part.NUMBER):
            head.next = line
            break
        if part is _Part.NUMBER and (read := read_number_line(line)):
            head.numbers.append((line, read))
            head.lines[_Part.UNIT] += behind_mark
            behind_mark.clear()
        head.add(part, line)
    return head


def _move_order(head: _Head) -> None:
    """Count the name of an order or announcement as red head, if a title with its subject follows."""
    following = head.next.plain if head.next else ""
    if head.has(_Part.ORDER) and head.next is not None and head.next.is_text and len(following) <= 120:
        with_subject = _SUBJECT.search(following) and following[-1] not in "。;:,"
        if with_subject and not _SUBJECT.search(head.lines[_Part.ORDER][0].plain):
            head.lines[_Part.MARK].extend(head.lines[_Part.ORDER])


def _units_of(line: Line) -> list[str]:
    words = plain(line.text).strip()
    name = without_gaps(words)
    for pattern in (_MARK, _ORDER):
        if match := pattern.fullmatch(name):
            start = words.find(match[1]) if name == words else -1
            raw = line.text.strip()
            return unit_names(raw[start : start + len(match[1])] if start >= 0 else match[1])
    return [] if name == "文件" else unit_names(line.text)


def _take_mark(head: _Head) -> str:
    removed = {id(line) for part in (_Part.UNIT, _Part.MARK, _Part.RULE) for line in head.lines[part]}
    taken = [line for line in head.order if id(line) in removed]
    for line in taken:
        take_out(line.block)
    return "\n".join(line.text.strip() for line in taken)


def tell_red_head(red_head: RedHead, found: Recognition) -> None:
    """Tell that the red head was left out, once the issuer is known.

    Args:
        red_head: what was left out.
        found: has the issuer, and gets the finding.
    """
    if not red_head.words:
        return
    message = _("the red head is left out of the text; document.issuer names the unit")
    if found.fields.issuer != " ".join(red_head.units):
        message = _("the red head is left out of the text; document.issuer has the unit below the text: compare both")
    found.left_out(message, red_head.words)


def _take_small_parts(head: _Head, found: Recognition) -> None:
    for line in head.lines[_Part.COPY]:
        found.left_out(_("the copy number (份号) is left out, as it belongs to one printed copy"), line.text)
        take_out(line.block)
    for line in head.lines[_Part.URGENCY]:
        found.left_out(_("the degree of urgency (紧急程度) is left out, as it concerns the office only"), line.text)
        take_out(line.block)


def take_number(line: Line, read: NumberLine, found: Recognition) -> None:
    """Take a document number out of the text, and the names of those who signed.

    A number with a label such as 文号, or a second one, stays in the text.

    Args:
        line: the line.
        read: what the line says.
        found: gets the number.
    """
    is_taken = read.number is None or found.take(number=read.number)
    if not is_taken or read.has_label:
        return
    if read.signers:
        found.left_out(_("the name of the person who signed (签发人) is left out; pages do not show it"), read.signers)
    take_out(line.block)


def check_secrecy(lines: Sequence[Line], found: Recognition) -> None:
    """Tell of marks of secrecy with a star anywhere in the text.

    Args:
        lines: the blocks.
        found: gets the findings.
    """
    for line in lines:
        if line.is_text and len(line.plain) <= 40 and _SECRET_STAR.fullmatch(line.plain):
            _tell_secrecy(line, found)


def _tell_secrecy(line: Line, found: Recognition) -> None:
    message = _(
        "the file is marked as secret or internal and must not be published; delete this draft and its original, and "
        "tell the person in charge of secrecy"
    )
    found.check(message, line.text)
