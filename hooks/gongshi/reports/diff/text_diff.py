"""Compare two texts: first by lines, then by words and characters within the lines that differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from gongshi.reports.diff.alignment import Effort, Match, matches

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CHINESE = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[^\W_{_CHINESE}]+(?:[.,](?=\d)\d+)*|.", re.DOTALL)
_LIMIT = 40_000
"""The number of characters, both texts added up, that are compared word by word at once."""
_PAIRS = 100_000
"""Of how many pairs of lines it is looked up whether they are alike."""
_PAIR_STEPS = 1_000
"""The work of comparing one pair of lines, in pairs of words."""
_ENDS = (slice(0, 12), slice(-13, None))
"""The beginning and the end of a line. Very many lines are matched by these instead of by all their words."""
_SMALL_GAP = 8
"""The maximum number of unchanged words between two larger changes that are merged with them."""


class Op(Enum):
    """The change of a piece of text: none, deleted, inserted."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Piece:
    """A piece of text and its change."""

    op: Op
    text: str


@dataclass(frozen=True)
class Extent:
    """The size of a text diff in lines and characters."""

    lines_out: int
    lines_in: int
    lines_changed: int
    """The number of lines of which only a part was deleted or inserted."""
    characters_out: int
    characters_in: int


@dataclass
class _Change:
    """A changed range: tokens `start` to `stop` of the old text became tokens `other` to `end` of the new one."""

    start: int
    stop: int
    other: int
    end: int

    @property
    def size(self) -> int:
        return max(self.stop - self.start, self.end - self.other)


def text_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in order.

    The unchanged and deleted pieces make up the first text, the unchanged and inserted ones the second.

    Args:
        before: the older text, with LF line endings.
        after: the newer text, with LF line endings.
    """
    effort = Effort()
    left, right = _LINE.findall(before), _LINE.findall(after)
    pieces: list[Piece] = []
    i = j = 0
    for start, other, length in [*_aligned(left, right, effort), (len(left), len(right), 0)]:
        pieces += _compare_lines(left[i:start], right[j:other], effort)
        pieces.append(Piece(Op.SAME, "".join(left[start : start + length])))
        i, j = start + length, other + length
    return _normalize_pieces(pieces)


def extent(pieces: Iterable[Piece]) -> Extent:
    """Count the lines and characters that a text diff changes.

    Args:
        pieces: the result of `text_diff`.
    """
    lines, characters = Counter[Op](), Counter[Op]()
    changed = 0
    whole, partly = False, False
    for piece in pieces:
        if piece.op is Op.SAME:
            if "\n" in piece.text:
                changed += partly and not whole
                whole, partly = False, False
            continue
        breaks = piece.text.count("\n")
        lines[piece.op] += breaks
        characters[piece.op] += len(piece.text)
        whole, partly = whole or breaks > 0, True
    changed += partly and not whole
    return Extent(lines[Op.OUT], lines[Op.IN], changed, characters[Op.OUT], characters[Op.IN])


def _aligned(left: Sequence[str], right: Sequence[str], effort: Effort) -> list[Match]:
    numbers: dict[str, int] = {}
    return matches(
        [numbers.setdefault(item, len(numbers)) for item in left],
        [numbers.setdefault(item, len(numbers)) for item in right],
        effort,
    )


def _compare_lines(left: list[str], right: list[str], effort: Effort, ends: Sequence[slice] = _ENDS) -> Iterable[Piece]:
    """Return the pieces of lines that differ.

    Args:
        left: lines of the older text.
        right: lines of the newer text.
        effort: the work that may still be done.
        ends: the parts of a line by which very many lines are matched.
    """
    before, after = "".join(left), "".join(right)
    if not before or not after:
        return _replacement(before, after)
    pairs = len(left) * len(right)
    if pairs > 1 and len(before) + len(after) > _LIMIT:
        has_few = pairs <= _PAIRS and effort.spend(pairs * _PAIR_STEPS)
        return _compare_by_lines(left, right, effort) if has_few else _compare_by_line_ends(left, right, effort, ends)
    together = _compare_by_words(before, after, effort)
    if pairs == 1 or pairs > _PAIRS or not effort.spend(pairs * _PAIR_STEPS):
        return together
    by_lines = _compare_by_lines(left, right, effort)
    # Split or joined lines read better compared as a whole; lines inserted beside a changed line read better by lines.
    return min(by_lines, together, key=_changed_characters)


def _changed_characters(pieces: Iterable[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.op is not Op.SAME)


def _compare_by_line_ends(left: list[str], right: list[str], effort: Effort, ends: Sequence[slice]) -> list[Piece]:
    """Return the pieces of very many lines; lines with the same beginning or end are compared with each other."""
    if not ends:
        return _replacement("".join(left), "".join(right))
    shared = _aligned([line[ends[0]] for line in left], [line[ends[0]] for line in right], effort)
    pieces: list[Piece] = []
    i = j = 0
    for start, other, length in [*shared, (len(left), len(right), 0)]:
        pieces += _compare_lines(left[i:start], right[j:other], effort, ends[1:])
        for old, new in zip(left[start : start + length], right[other : other + length], strict=True):
            pieces += _compare_lines([old], [new], effort, ())
        i, j = start + length, other + length
    return pieces


def _compare_by_lines(left: list[str], right: list[str], effort: Effort) -> list[Piece]:
    pieces: list[Piece] = []
    i = j = 0
    for start, other in [*_pairs(left, right), (len(left), len(right))]:
        pieces += _replacement("".join(left[i:start]), "".join(right[j:other]))
        if start < len(left):
            pieces += _compare_by_words(left[start], right[other], effort)
        i, j = start + 1, other + 1
    return pieces


def _pairs(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Return pairs of similar lines in order, so that the pairs share as many words as possible."""
    olds, news = ([Counter(tokens(line)) for line in lines] for lines in (left, right))
    best = [[0] * (len(right) + 1) for _line in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + _shared(olds[i], news[j]))
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _shared(old: Counter[str], new: Counter[str]) -> int:
    """Return the number of words that two lines share, or 0 if that is less than half of them."""
    both = old.total() + new.total()
    shared = sum(min(count, new[word]) for word, count in old.items() if word in new)
    return shared if 4 * shared >= both else 0


def _replacement(before: str, after: str) -> list[Piece]:
    return [Piece(Op.OUT, before), Piece(Op.IN, after)]


def _compare_by_words(before: str, after: str, effort: Effort) -> list[Piece]:
    left, right = tokens(before), tokens(after)
    changes = _changes(_aligned(left, right, effort), len(left), len(right))
    pieces: list[Piece] = []
    i = 0
    for change in _merge_close_changes(changes, left):
        pieces.append(Piece(Op.SAME, "".join(left[i : change.start])))
        pieces += _replacement("".join(left[change.start : change.stop]), "".join(right[change.other : change.end]))
        i = change.stop
    pieces.append(Piece(Op.SAME, "".join(left[i:])))
    return pieces


def tokens(text: str) -> list[str]:
    """Split a text into whole words and numbers; Chinese text and everything else into single characters."""
    return _TOKEN.findall(text)


def _changes(shared: list[Match], size: int, other_size: int) -> list[_Change]:
    """Return the ranges between the shared ones."""
    found: list[_Change] = []
    i = j = 0
    for start, other, length in [*shared, (size, other_size, 0)]:
        if i < start or j < other:
            found.append(_Change(i, start, j, other))
        i, j = start + length, other + length
    return found


def _merge_close_changes(changes: Iterable[_Change], left: Sequence[str]) -> list[_Change]:
    """Merge changes with so little unchanged text between them that it cannot be read by itself."""
    kept: list[_Change] = []
    for change in changes:
        if kept and _is_small_gap(left[kept[-1].stop : change.start], kept[-1], change):
            last = kept.pop()
            change = _Change(last.start, change.stop, last.other, change.end)
        kept.append(change)
    return kept


def _is_small_gap(between: Sequence[str], last: _Change, change: _Change) -> bool:
    if len(between) > 3 * _SMALL_GAP or "\n" in between:
        return False
    words = sum(any(c.isalnum() for c in token) for token in between)
    return words <= 1 or (words <= _SMALL_GAP and 2 * words <= min(last.size, change.size))


def _normalize_pieces(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Drop empty pieces, put deletions before insertions in each change, and join neighbours of one kind."""
    tidy: list[Piece] = []
    texts: dict[Op, list[str]] = {op: [] for op in Op}

    def flush(*ops: Op) -> None:
        for op in ops:
            if text := "".join(texts[op]):
                tidy.append(Piece(op, text))
            texts[op].clear()

    for piece in pieces:
        if not piece.text:
            continue
        flush(*((Op.OUT, Op.IN) if piece.op is Op.SAME else (Op.SAME,)))
        texts[piece.op].append(piece.text)
    flush(Op.SAME, Op.OUT, Op.IN)
    return tuple(_moved_to_line_starts(tidy))


def _moved_to_line_starts(pieces: list[Piece]) -> list[Piece]:
    """Let whole lines that were deleted or inserted begin at their own start, not at the line break before."""
    moved = list(pieces)
    for index in range(1, len(pieces) - 1):
        last, piece, following = moved[index - 1 : index + 2]
        alone = last.op is following.op is Op.SAME and len(following.text) > 1
        if alone and piece.text.startswith("\n") and following.text.startswith("\n"):
            texts = (last.text + "\n", piece.text[1:] + "\n", following.text[1:])
            kinds = (Op.SAME, piece.op, Op.SAME)
            moved[index - 1 : index + 2] = [Piece(op, text) for op, text in zip(kinds, texts, strict=True)]
    return moved
