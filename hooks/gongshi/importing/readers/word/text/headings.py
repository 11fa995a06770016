"""Decides which lines are headings: by their style, or by their number and look.

The numbers are those of GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）, in that order; in rules and plans also 第一章.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gongshi.importing.readers.word.text.lines import Line

_NUMBER: Final = "[〇零一二三四五六七八九十百千两0-9０-９]{1,6}"
_KINDS: Final = {
    "part": re.compile(rf"第{_NUMBER}(?:部分|编|篇|卷)"),
    "chapter": re.compile(rf"第{_NUMBER}章"),
    "section": re.compile(rf"第{_NUMBER}节"),
    "han": re.compile("[一二三四五六七八九十百]{1,4}、"),
    "han_in_brackets": re.compile("[（(][一二三四五六七八九十百]{1,4}[）)]"),
    "digit": re.compile(r"[0-9０-９]{1,2}[.．、](?![0-9])"),
}
"""Numbers at the beginning of a heading, from the highest rank to the lowest."""
_RANKS: Final = {kind: 10 + number for number, kind in enumerate(_KINDS)}
"""Ranks by kind; those of outline levels are from 0 to 8."""
_ALWAYS: Final = frozenset({"part", "chapter", "section"})
"""Kinds of numbers that only headings have, if the line is short."""
_MAX_PLAIN: Final = 30
"""The most characters of a heading that looks like the text."""
_MAX_MARKED: Final = 50
_MAX_STYLED: Final = 120
_SENTENCE_END: Final = tuple("。；，、;,.！")
_CONTENTS_ENTRY: Final = re.compile(r"[\t…．.·]{1,200}\s?\d{1,4}$")
"""The end of a line in a table of contents."""


@dataclass(frozen=True)
class _Body:
    """The format of most of the text."""

    font: str
    is_bold: bool
    is_styled_as_heading: bool
    """Most of the text has an outline level: it says nothing then."""


def heading_levels(blocks: Sequence[Line | None]) -> dict[int, int]:
    """Return the levels of the headings, from 2 to 4, by their index.

    Args:
        blocks: the lines at the top level, without empty ones; None for a table.
    """
    body = _body(blocks)
    kinds = [None if block is None else number_kind(block.full_text) for block in blocks]
    ranks = {
        index: block.look.outline
        for index, block in enumerate(blocks)
        if block is not None and block.look.outline is not None and not body.is_styled_as_heading and _may_be(block)
    }
    styled = {kinds[index]: rank for index, rank in sorted(ranks.items(), reverse=True) if kinds[index]}
    for kind in _KINDS:
        members = [index for index, each in enumerate(kinds) if each == kind and index not in ranks]
        for index in _numbered_headings(kind, members, blocks, kinds, body):
            ranks[index] = styled.get(kind, _RANKS[kind])
    return _levels(ranks)


def title_lines(blocks: Sequence[Line | None]) -> set[int]:
    """Return the indexes of the lines that are the title, by their style.

    A heading of the first level is the title if it stands before all others and is the only one of its level.

    Args:
        blocks: the lines at the top level, without empty ones; None for a table.
    """
    titles = {index for index, block in enumerate(blocks) if block is not None and block.look.is_title}
    outlined = [index for index, block in enumerate(blocks) if block is not None and block.look.outline is not None]
    first = [index for index in outlined if (line := blocks[index]) is not None and line.look.outline == 0]
    if titles or not first or first[0] != outlined[0] or first[-1] - first[0] + 1 != len(first) or len(first) > 4:
        return titles
    found = [block for block in (blocks[index] for index in first) if block is not None]
    if len(blocks) < 3 or any(number_kind(line.full_text) or line.label for line in found):
        return titles
    is_centered = all(line.look.alignment == "center" for line in found)
    return set(first) if is_centered or (len(first) == 1 and first[0] == 0 and len(outlined) > 1) else titles


def number_kind(text: str) -> str | None:
    """Return the kind of number that a text begins with; None if it has none that headings have.

    Args:
        text: the text with its label.
    """
    start = text[:16]
    return next((kind for kind, pattern in _KINDS.items() if pattern.match(start)), None)


def _body(blocks: Sequence[Line | None]) -> _Body:
    fonts: Counter[str] = Counter()
    bold = outlined = total = 0
    for line in blocks:
        if line is None:
            continue
        length = len(line.text)
        total += length
        bold += sum(len(piece.text) for piece in line.pieces if piece.look.bold)
        outlined += length if line.look.outline is not None else 0
        for piece in line.pieces:
            fonts[piece.look.font] += len(piece.text)
    font = fonts.most_common(1)[0][0] if fonts else ""
    return _Body(font, bold * 10 > total * 6, len(blocks) >= 5 and outlined * 10 > total * 7)


def _may_be(line: Line) -> bool:
    """Return whether a line with an outline level can be a heading."""
    text = line.full_text
    return bool(text) and len(text) <= _MAX_STYLED and not (len(text) > _MAX_MARKED and "。" in text)


def _numbered_headings(
    kind: str, members: Sequence[int], blocks: Sequence[Line | None], kinds: Sequence[str | None], body: _Body
) -> list[int]:
    """Return which lines with the same kind of number are headings."""
    marked, plain, facts = [], [], 0
    for index in members:
        line = blocks[index]
        assert line is not None
        if line.look.alignment == "right" or _CONTENTS_ENTRY.search(line.full_text):
            continue
        is_marked = _stands_out(line, body)
        if kind == "digit":
            if is_marked and line.is_bold and _is_short(line, _MAX_MARKED):
                marked.append(index)
        elif is_marked and _is_short(line, _MAX_MARKED, may_end=True):
            marked.append(index)
        elif _is_short(line, _MAX_PLAIN):
            plain.append(index)
        else:
            facts += is_marked
    if kind == "digit":
        return marked if _have_content(marked, kind, kinds) else []
    if facts >= len(marked):
        # The same font in a notice of a meeting: 一、时间：… 二、地点：… 三、要求.
        marked = []
    most = len(plain) * 2 > len(members) - len(marked)
    return marked + plain if kind in _ALWAYS or (most and _have_content(plain, kind, kinds)) else marked


def _stands_out(line: Line, body: _Body) -> bool:
    other_font = bool(line.font) and line.font != body.font
    return other_font or (line.is_bold and not body.is_bold)


def _is_short(line: Line, limit: int, *, may_end: bool = False) -> bool:
    text = line.full_text
    _head, colon, rest = text.replace(":", "：").partition("：")
    if len(text) > limit or (colon and rest.strip()) or "。" in text[:-1] or "\n" in text:
        return False
    return not text.endswith(_SENTENCE_END) or (may_end and text.endswith("。"))


def _have_content(members: Sequence[int], kind: str, kinds: Sequence[str | None]) -> bool:
    """Return whether most of the lines have text of their own below them: a list of names has none."""
    followed = sum(index + 1 < len(kinds) and kinds[index + 1] != kind for index in members)
    return followed * 2 > len(members) and (len(members) > 1 or followed > 0)


def _levels(ranks: dict[int, int]) -> dict[int, int]:
    """Return levels without gaps: the first heading and all of its rank are at level 2."""
    levels: dict[int, int] = {}
    above: list[tuple[int, int]] = []
    for index in sorted(ranks):
        while above and above[-1][0] >= ranks[index]:
            above.pop()
        level = min(above[-1][1] + 1 if above else 2, 4)
        above.append((ranks[index], level))
        levels[index] = level
    return levels
