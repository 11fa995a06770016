"""Lines of text from characters at their places (reading along the line)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from gongshi.importing.readers.page_layout.model import DESCENT, Box, Glyph, TextStyle, bounds
from gongshi.importing.readers.page_layout.text.glyph_text import is_han, is_wide

_SAME_PLACE = 0.2
"""Copies of a character that are nearer than this part of its size are one character, drawn twice to look bold."""
_SAME_LINE = 0.25
"""Characters whose lines differ by less than this part of the size stand on one line."""
_OVERLAP = 0.6
"""The part of its height by which a smaller character must overlap a line to be on it, such as a raised number."""
_WORD_GAP = 0.18
"""The gap between Latin words, as a part of the size; fonts and justified lines give 0.2 to 0.6."""
_WIDE_GAP = 0.8
"""The gap beside a Chinese character that is meant as a blank: lines that are stretched to the margin have less."""
SEGMENT_GAP: Final = 1.9
"""The gap at which characters no longer belong together, as a multiple of the size."""
_COLUMN_GAP = 0.9
"""The gap at which a line is divided in parts, which may belong to different columns."""
_MIXED_GAP = 0.55
"""The gap between a Chinese and another character that is meant as a blank."""
_MAX_BLANKS = 8
_RTL = frozenset(("R", "AL"))


@dataclass(frozen=True)
class Line:
    """Characters on one line, in reading order."""

    glyphs: tuple[Glyph, ...]
    vertical: bool = False
    """They stand below each other."""

    @cached_property
    def box(self) -> Box:
        """The box around the characters that are not blank."""
        return bounds(each.box for each in self.glyphs if not each.text.isspace())

    @cached_property
    def style(self) -> TextStyle:
        """The style of most of its Chinese characters, or of most of its characters if there are none."""
        return main_style(self.glyphs)

    @cached_property
    def text(self) -> str:
        """Its text, with blanks where there are gaps."""
        return "".join(before + each.text for before, each in with_gaps(self.glyphs)).strip()

    @cached_property
    def baseline(self) -> float:
        """The height on which it stands; raised and lowered characters are smaller."""
        return max(self.glyphs, key=lambda each: each.style.size).baseline

    @cached_property
    def first_word_width(self) -> float:
        """The width of its first word: a Latin word, or a Chinese character with the punctuation behind it."""
        end = self.glyphs[0].box.x1
        for before, glyph in pairwise(self.glyphs):
            mark = unicodedata.category(glyph.text[0]) in ("Pe", "Pf", "Po")
            if glyph.text.isspace() or (not mark and (is_wide(before.text[-1]) or is_wide(glyph.text[0]))):
                break
            end = glyph.box.x1
        return end - self.glyphs[0].box.x0


def main_style(glyphs: Iterable[Glyph]) -> TextStyle:
    """Return the style of most Chinese characters, or of most characters if there are none.

    Args:
        glyphs: at least one character.
    """
    everything = [each for each in glyphs if not each.text.isspace()] or list(glyphs)
    han = [each for each in everything if is_han(each.text[0])]
    return Counter(each.style for each in han or everything).most_common(1)[0][0]


def without_copies(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Return the characters without copies at nearly the same place, which make a text look bold or give it a shadow.

    Args:
        glyphs: characters in the order of the file.
    """
    kept: list[Glyph] = []
    places: defaultdict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        near = _SAME_PLACE * glyph.style.size
        column, row = int(glyph.box.x0 // max(near, 0.1)), int(glyph.box.bottom // max(near, 0.1))
        cells = [(glyph.text, column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        if any(_is_copy(glyph, other, near) for cell in cells for other in places.get(cell, ())):
            continue
        places[glyph.text, column, row].append(glyph)
        kept.append(glyph)
    return kept


def _is_copy(one: Glyph, other: Glyph, near: float) -> bool:
    return (
        one.run != other.run
        and abs(one.box.x0 - other.box.x0) < near
        and abs(one.box.bottom - other.box.bottom) < near
        and abs(one.style.size - other.style.size) < near
    )


def find_segments(glyphs: Sequence[Glyph]) -> list[Line]:
    """Return the parts of lines: characters on one line without a wide gap, from top to bottom.

    Args:
        glyphs: upright characters, in any order.
    """
    found: list[Line] = []
    for line in find_lines(glyphs):
        if line.vertical:
            found.append(line)
            continue
        part: list[Glyph] = []
        last: Glyph | None = None
        for glyph in line.glyphs:
            if last and not glyph.text.isspace() and glyph.box.x0 - last.box.x1 > _COLUMN_GAP * line.style.size:
                found += _line(part)
                part = []
            part.append(glyph)
            last = last if glyph.text.isspace() else glyph
        found += _line(part)
    return found


def join_segments(segments: Iterable[Line]) -> list[Line]:
    """Return whole lines: parts that stand beside each other are one line.

    Args:
        segments: parts of lines that belong to one column.
    """
    upright = [each for each in segments if not each.vertical]
    vertical = [each for each in segments if each.vertical]
    joined = find_lines([glyph for each in upright for glyph in each.glyphs])
    return sorted([*joined, *vertical], key=lambda each: each.box.top)


def find_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Return the lines of text from top to bottom.

    Args:
        glyphs: upright characters, in any order. Characters that the file draws one after the other keep their order.
    """
    runs = [run for run in _runs(glyphs) if not all(each.text.isspace() for each in run)]
    rows: list[_Row] = []
    lines = [Line(tuple(run), vertical=True) for run in runs if _is_vertical(run)]
    # Large characters first: raised and lowered ones join the line beside them.
    upright = [run for run in runs if not _is_vertical(run)]
    index: defaultdict[int, list[_Row]] = defaultdict(list)
    for run in sorted(upright, key=lambda run: (-run[0].style.size, run[0].baseline)):
        row = _row_for(run, index)
        if row is None:
            row = _Row(run[0].baseline, run[0].style.size, [])
            rows.append(row)
            for place in range(int((row.baseline - row.size) // _BAND), int((row.baseline + row.size) // _BAND) + 1):
                index[place].append(row)
        row.runs.append(run)
    for row in rows:
        lines += _line([glyph for run in _in_reading_order(row.runs) for glyph in run])
    return sorted(lines, key=lambda each: each.box.top)


@dataclass(frozen=True)
class _Row:
    baseline: float
    size: float
    runs: list[list[Glyph]]


_BAND = 8.0
"""The height of the bands by which rows are found, in points."""


def _row_for(run: list[Glyph], index: dict[int, list[_Row]]) -> _Row | None:
    glyph = run[0]
    best: tuple[float, _Row] | None = None
    for row in index.get(int((glyph.baseline - glyph.style.size * 0.3) // _BAND), ()):
        distance = abs(row.baseline - glyph.baseline)
        top, bottom = row.baseline - row.size * (1 - DESCENT), row.baseline + row.size * DESCENT
        overlap = min(bottom, glyph.box.bottom) - max(top, glyph.baseline - glyph.style.size * (1 - DESCENT))
        near = distance < _SAME_LINE * glyph.style.size or (
            glyph.style.size < 0.8 * row.size and overlap > _OVERLAP * glyph.style.size
        )
        if near and (best is None or distance < best[0]):
            best = distance, row
    return best[1] if best else None


def _line(glyphs: list[Glyph]) -> Iterator[Line]:
    """Yield a line without the blanks around it, unless it is empty."""
    start, end = 0, len(glyphs)
    while start < end and glyphs[start].text.isspace():
        start += 1
    while end > start and glyphs[end - 1].text.isspace():
        end -= 1
    if start < end:
        yield Line(tuple(glyphs[start:end]))


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield characters that follow each other in the file and on the line, or below each other in one text object."""
    run: list[Glyph] = []
    vertical = False
    for glyph in glyphs:
        if run and (_follows(run[-1], glyph) and not vertical):
            run.append(glyph)
        elif run and (vertical or len(run) == 1) and _is_below(run[-1], glyph):
            vertical = True
            run.append(glyph)
        else:
            if run:
                yield run
            run, vertical = [glyph], False
    if run:
        yield run


def _follows(last: Glyph, glyph: Glyph) -> bool:
    size = min(last.style.size, glyph.style.size)
    return (
        abs(last.baseline - glyph.baseline) < 0.05 * size
        and last.style.size == glyph.style.size
        and -0.5 * size < glyph.box.x0 - last.box.x1 < SEGMENT_GAP * size
    )


def _is_below(last: Glyph, glyph: Glyph) -> bool:
    size = last.style.size
    return (
        last.run == glyph.run
        and last.style.size == glyph.style.size
        and abs(last.box.middle - glyph.box.middle) < 0.3 * size
        and 0.7 * size < glyph.baseline - last.baseline < 1.6 * size
        and is_wide(last.text[0])
    )


def _is_vertical(run: list[Glyph]) -> bool:
    return len(run) > 1 and run[1].baseline - run[0].baseline > 0.6 * run[0].style.size


def _in_reading_order(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    if is_right_to_left(glyph for run in runs for glyph in run):
        return sorted(runs, key=lambda run: -run[0].box.x1)
    return sorted(runs, key=lambda run: run[0].box.x0)


def is_right_to_left(glyphs: Iterable[Glyph]) -> bool:
    """Tell whether most letters are of a script that is written from right to left.

    Args:
        glyphs: the characters of a line.
    """
    kinds = Counter(unicodedata.bidirectional(each.text[0]) for each in glyphs)
    return sum(kinds[kind] for kind in _RTL) > kinds["L"]


def with_gaps(glyphs: Sequence[Glyph]) -> Iterator[tuple[str, Glyph]]:
    """Yield each character with the blanks that the gap before it stands for.

    Args:
        glyphs: the characters of a line, in reading order.
    """
    usual = _usual_gap(glyphs)
    last: Glyph | None = None
    for glyph in glyphs:
        yield (_blanks_between(last, glyph, usual) if last else ""), glyph
        last = glyph


def _usual_gap(glyphs: Sequence[Glyph]) -> float:
    """Return the gap between most Chinese characters of a line, as a part of their size: lines are stretched."""
    gaps = sorted(
        (glyph.box.x0 - last.box.x1) / glyph.style.size
        for last, glyph in pairwise(glyphs)
        if is_wide(last.text[-1]) and is_wide(glyph.text[0])
    )
    return max(0.0, gaps[len(gaps) // 2]) if len(gaps) > 2 else 0.0


def _blanks_between(last: Glyph, glyph: Glyph, usual: float) -> str:
    size = max(last.style.size, glyph.style.size)
    gap = (glyph.box.x0 - last.box.x1) / size
    if gap < _WORD_GAP or last.text.isspace() or glyph.text.isspace():
        return ""
    wide = is_wide(last.text[-1]) + is_wide(glyph.text[0])
    if not wide:
        return " "
    if gap > _WIDE_GAP:
        return "　" * min(_MAX_BLANKS, max(1, round(gap)))
    # Programs put a quarter of the size between Chinese and other characters.
    return " " if gap > (usual + _WORD_GAP if wide == 2 else _MIXED_GAP) else ""


def join_lines(before: str, after: str) -> str:
    """Return what stands for the line end between two lines of a paragraph: a blank, or nothing.

    Args:
        before: the text of the first line.
        after: the text of the second line.
    """
    if not before or not after or is_wide(before[-1]) or is_wide(after[0]):
        return ""
    return "" if before[-1] in "-/–—\xad" and _WORD_BEFORE.search(before) else " "


_WORD_BEFORE = re.compile(r"[A-Za-z0-9][-/–—\xad]$")
