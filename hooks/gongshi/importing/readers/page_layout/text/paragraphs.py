"""Paragraphs from lines: which line goes on and which begins a new paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gongshi.importing.readers.page_layout.text.blocks import LINE_BREAK
from gongshi.importing.readers.page_layout.text.frames import TextFrame
from gongshi.importing.readers.page_layout.text.text_lines import Line

_NUMBER = "[一二三四五六七八九十百零〇○]{1,5}"
LABEL: Final = re.compile(
    rf"{_NUMBER}、|[（(]{_NUMBER}[）)]|第{_NUMBER}[章节条编部款]|[（(]\d{{1,3}}[）)]|\d{{1,3}}[.．、)）](?!\d)"
    r"|[①-⑳㈠-㈩]|[•●■□▪◆❖➢→✓☑☐★◇○·](?=\s|[^\d\s])|-\s|[A-Za-z][.)、]\s"
)
"""Numbers and bullets with which paragraphs begin."""
_ATTACHMENTS = re.compile(r"附\s*件\s*\d{0,2}\s*[：:]")
_ITEM_OF_LIST = re.compile(r"\d{1,2}[.．、]|[（(]\d{1,2}[）)]|《")
_WITH_HANGING = re.compile(rf"(?:{LABEL.pattern})|附\s*件|注|\S{{1,8}}[：:]")
_CONTENTS = re.compile(r"[.…·．]{4,}\s*\d+$")
"""The end of a line of a table of contents."""
_GAP = 1.4
"""The distance of paragraphs, as a multiple of the usual distance of lines."""
_NEAR = 0.6
"""Places that differ by less are the same, as a multiple of the size."""
_INDENT = 1.2
"""The shortest indent of a new paragraph, as a multiple of the size."""
_SHORT = 1.0
"""A line is short if the next word would fit and so much would be left, as a multiple of the size."""
_SENTENCE_ENDS = frozenset("。！？；.!?;：:”」』）)")
_MAX_INDENT: Final = 6


@dataclass(frozen=True)
class Paragraph:
    """The lines of a paragraph."""

    lines: tuple[Line, ...]
    frame: TextFrame
    alignment: str = ""
    breaks: tuple[str, ...] = ()
    """The text between the lines: a line break with blanks, or nothing where it depends on the words."""

    @property
    def text(self) -> str:
        """Its text, without what stands for line ends."""
        return "".join(each.text for each in self.lines)


def find_paragraphs(lines: Iterable[Line], frame: TextFrame) -> list[Paragraph]:
    """Return the paragraphs of a region.

    Args:
        lines: its lines, from the top.
        frame: its margins.
    """
    found: list[Paragraph] = []
    whole = list(lines)
    for line, alignment in zip(whole, _alignments(whole, frame), strict=True):
        last = found[-1] if found else None
        if last and _is_item_below(last, line):
            indent = min(_MAX_INDENT, round((line.box.x0 - last.lines[0].box.x0) / frame.size))
            found[-1] = _with_line(last, line, LINE_BREAK + "　" * indent)
        elif last and not _begins_paragraph(last, line, alignment):
            found[-1] = _with_line(last, line)
        else:
            found.append(Paragraph((line,), frame, alignment))
    return found


def _alignments(lines: Sequence[Line], frame: TextFrame) -> list[str]:
    """Return how lines are aligned. A line that begins where its neighbour does is centred by chance."""
    found = [frame.alignment(each) for each in lines]
    for number, line in enumerate(lines):
        neighbours = [lines[other] for other in (number - 1, number + 1) if 0 <= other < len(lines)]
        if found[number] and any(_begins_below(each, line, frame) for each in neighbours):
            found[number] = ""
    return found


def _begins_below(one: Line, other: Line, frame: TextFrame) -> bool:
    near = abs(one.box.x0 - other.box.x0) < 0.3 * frame.size
    return (
        near
        and abs(one.box.x1 - other.box.x1) > frame.size
        and _is_same_size(one, other)
        and abs(one.baseline - other.baseline) < 2 * _GAP * max(frame.pitch, 1.0) * frame.size
        and not frame.is_large(one)
    )


def continues(last: Paragraph, first: Paragraph) -> bool:
    """Tell whether a paragraph goes on behind the end of a page or column.

    Args:
        last: the last paragraph before it.
        first: the first paragraph behind it.
    """
    before, line, frame = last.lines[-1], first.lines[0], first.frame
    if last.alignment or first.alignment or not _is_same_size(before, line) or _is_short(before, line, last.frame):
        return False
    starts = {frame.left}
    if len(last.lines) > 1:
        starts.add(last.lines[-1].box.x0 - last.frame.left + frame.left)
    if all(abs(line.box.x0 - start) > _NEAR * frame.size for start in starts) or _CONTENTS.search(before.text):
        return False
    if frame.indented or line.text[0].islower():
        return True
    return not LABEL.match(line.text) and before.text[-1] not in _SENTENCE_ENDS


def joined(last: Paragraph, first: Paragraph) -> Paragraph:
    """Return two parts of a paragraph as one.

    Args:
        last: the part before the end of a page or column.
        first: the part behind it.
    """
    return replace(last, lines=(*last.lines, *first.lines), breaks=(*last.breaks, "", *first.breaks))


def _with_line(paragraph: Paragraph, line: Line, line_break: str = "") -> Paragraph:
    return replace(paragraph, lines=(*paragraph.lines, line), breaks=(*paragraph.breaks, line_break))


def _begins_paragraph(last: Paragraph, line: Line, alignment: str) -> bool:
    before, frame = last.lines[-1], last.frame
    if line.vertical or before.vertical or not _is_same_size(before, line) or _is_below_gap(before, line, frame):
        return True
    if alignment == last.alignment == "center":
        return not (frame.is_large(line) and before.style == line.style)
    if alignment or last.alignment or _CONTENTS.search(before.text) or _CONTENTS.search(line.text):
        return True
    if _is_short(before, line, frame) or _begins_by_indent(last, line) or _changes_weight(before, line):
        return True
    at_margin = abs(line.box.x0 - frame.left) < _NEAR * frame.size
    return LABEL.match(line.text) is not None and not (frame.indented and at_margin)


def _changes_weight(before: Line, line: Line) -> bool:
    """Tell whether a sentence ends before a line that is bold as a whole, or the reverse."""
    one, other = (
        {each.style.bold for each in which.glyphs if each.text.isalnum()} or {False, True} for which in (before, line)
    )
    return one.isdisjoint(other) and before.text[-1] in _SENTENCE_ENDS


def _is_same_size(before: Line, line: Line) -> bool:
    return abs(before.style.size - line.style.size) < 0.08 * max(before.style.size, line.style.size)


def _is_below_gap(before: Line, line: Line, frame: TextFrame) -> bool:
    distance = line.baseline - before.baseline
    return not 0 < distance < _GAP * max(frame.pitch, 1.0) * line.style.size


def _is_short(before: Line, line: Line, frame: TextFrame) -> bool:
    """Tell whether the first word of a line would have fitted on the line before."""
    return frame.right - before.box.x1 > line.first_word_width + _SHORT * frame.size


def _begins_by_indent(last: Paragraph, line: Line) -> bool:
    frame, first = last.frame, last.lines[0]
    start, near, indent = line.box.x0, _NEAR * frame.size, _INDENT * frame.size
    if len(last.lines) > 1:
        distance = start - last.lines[-1].box.x0
        return distance > indent or distance < -near
    distance = start - first.box.x0
    if distance > near:
        return distance > indent and not _is_hanging(first, start, near)
    if distance > -near:
        return frame.indented and first.box.x0 - frame.left > indent
    return False


def _is_hanging(first: Line, start: float, near: float) -> bool:
    """Tell whether a line begins below the words behind a label."""
    return _WITH_HANGING.match(first.text) is not None and any(
        abs(each.box.x0 - start) < near for each in first.glyphs[1:12]
    )


def _is_item_below(last: Paragraph, line: Line) -> bool:
    """Tell whether a line is the next item of a list of attachments, whose items stand below the first."""
    first, size = last.lines[0], last.frame.size
    return (
        _ATTACHMENTS.match(first.text) is not None
        and _ITEM_OF_LIST.match(line.text) is not None
        and 2 * size < line.box.x0 - first.box.x0 < 8 * size
        and _is_same_size(first, line)
        and not _is_below_gap(last.lines[-1], line, last.frame)
    )
