"""Turn a text diff into rows to show: changes in full, some context around them, and the size of what is left out."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from gongshi.reports.diff.text_diff import Extent, Op, Piece, extent
from gongshi.reports.diff.visible_text import look_alike

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINES = 2
"""The number of unchanged lines that are shown before and after a change."""
_CHARACTERS = 60
"""The number of unchanged characters that are shown in a line before and after a change."""
_MOST_ROWS = 20_000
_MOST_CHARACTERS = 1_000_000
"""A diff with more rows or characters is not shown in full."""
_FIRST_ROWS = 1_000
_FIRST_CHARACTERS = 100_000
"""Of such a diff, only the first rows are shown, up to these limits."""


class Kind(Enum):
    """The kind of a row."""

    CONTEXT = "context"
    """An unchanged line."""
    CHANGED = "changed"
    """A line that partly differs; its pieces include deleted and inserted line breaks."""
    OUT = "out"
    """A whole deleted line."""
    IN = "in"
    """A whole inserted line."""
    SKIPPED = "skipped"
    """Unchanged lines that are not shown."""
    LINE_BREAK_OUT = "line-break-out"
    """The line break after the last line was deleted."""
    LINE_BREAK_IN = "line-break-in"
    """A line break after the last line was inserted."""


@dataclass(frozen=True)
class Skipped:
    """Unchanged characters within a line that are not shown."""

    count: int


@dataclass(frozen=True)
class Row:
    """A line to show."""

    kind: Kind
    pieces: tuple[Piece | Skipped, ...] = ()
    count: int = 0
    """The number of lines that are not shown."""


@dataclass(frozen=True)
class Excerpt:
    """A text diff to show: in full, or only its first rows and its size if it is too large."""

    rows: tuple[Row, ...]
    extent: Extent | None = None
    """The size of the whole diff; None if everything is shown."""


@dataclass
class _Unchanged:
    """The unchanged lines since the last change: those that may be shown, and their number."""

    first: list[Row] = field(default_factory=list)
    last: deque[Row] = field(default_factory=lambda: deque(maxlen=_LINES))
    count: int = 0

    def add(self, row: Row) -> None:
        if len(self.first) < 2 * _LINES + 1:
            self.first.append(row)
        self.last.append(row)
        self.count += 1

    def shown(self, after: bool, before: bool) -> Iterator[Row]:
        """Return the lines, or only those next to a change and a row with the number of the others.

        Args:
            after: True if they follow a change.
            before: True if a change follows.
        """
        ends = _LINES * (after + before)
        if self.count <= ends + 1 and (after or before):
            yield from self.first
            return
        yield from self.first[: _LINES if after else 0]
        if self.count > ends:
            yield Row(Kind.SKIPPED, count=self.count - ends)
        if before:
            yield from self.last


def excerpt(pieces: Sequence[Piece]) -> Excerpt:
    """Return the rows of a text diff, only the first ones if there are too many.

    Printing millions of rows takes minutes, and nobody reads them.

    Args:
        pieces: the result of `text_diff`.
    """
    shown: list[Row] = []
    size = 0
    for row in hunk_rows(pieces):
        shown.append(row)
        size += sum(len(piece.text) for piece in row.pieces if isinstance(piece, Piece))
        if len(shown) > _MOST_ROWS or size > _MOST_CHARACTERS:
            return Excerpt(tuple(_first_rows(shown)), extent(pieces))
    return Excerpt(tuple(shown))


def _first_rows(shown: Iterable[Row]) -> Iterator[Row]:
    left = _FIRST_CHARACTERS
    for row in islice(shown, _FIRST_ROWS):
        left -= sum(len(piece.text) for piece in row.pieces if isinstance(piece, Piece))
        if left < 0:
            return
        yield row


def hunk_rows(pieces: Sequence[Piece]) -> Iterator[Row]:
    """Return all rows of a text diff. Deleted and inserted text is never left out or shortened.

    Args:
        pieces: the result of `text_diff`.
    """
    unchanged, changed = _Unchanged(), False
    for row in _lines(pieces):
        if row.kind is Kind.CONTEXT:
            unchanged.add(row)
            continue
        yield from unchanged.shown(after=changed, before=True)
        yield row
        unchanged, changed = _Unchanged(), True
    yield from unchanged.shown(after=changed, before=False)
    yield from _last_line_break(pieces)


def _lines(pieces: Iterable[Piece]) -> Iterator[Row]:
    """Return a row for each part between unchanged line breaks, and more for whole deleted or inserted lines."""
    line: list[Piece] = []
    for piece in pieces:
        if piece.op is not Op.SAME:
            line.append(piece)
            continue
        *full, rest = piece.text.split("\n")
        for part in full:
            yield from _split([*line, Piece(Op.SAME, part)])
            line = []
        line += [Piece(Op.SAME, rest)] if rest else []
    if line:
        yield from _split(line)


def _split(line: list[Piece]) -> Iterator[Row]:
    """Return the rows of a line: first whole deleted or inserted lines, then the rest."""
    region = []
    for piece in line:
        if piece.op is Op.SAME:
            break
        region.append(piece)
    rest = [piece for piece in line[len(region) :] if piece.text]
    if len(region) == 2 and look_alike(region[0].text, region[1].text):
        # In one row, their different characters can be marked.
        rest = line
    elif region and all(piece.text.endswith("\n") for piece in region):
        yield from _whole_lines(region)
        if len(region) == len(line):
            return
    elif region and not rest and (len(region) == 2 or len(region) == len(line)):
        yield from _whole_lines(region)
        return
    else:
        if len(region) == 1 and "\n" in region[0].text:
            head, line_break, tail = region[0].text.rpartition("\n")
            yield from _whole_lines([Piece(region[0].op, head + line_break)])
            region = [Piece(region[0].op, tail)]
        rest = [*region, *rest]
    changed = any(piece.op is not Op.SAME for piece in rest)
    yield Row(Kind.CHANGED if changed else Kind.CONTEXT, tuple(_shortened(rest)))


def _whole_lines(region: Iterable[Piece]) -> Iterator[Row]:
    for piece in region:
        for match in _LINE.finditer(piece.text):
            text = match[0].removesuffix("\n")
            yield Row(Kind(piece.op.value), (Piece(piece.op, text),) if text else ())


def _shortened(line: list[Piece]) -> Iterator[Piece | Skipped]:
    """Shorten long unchanged pieces of a line."""
    for number, piece in enumerate(line):
        before = _CHARACTERS if number > 0 or len(line) == 1 else 0
        after = _CHARACTERS if number < len(line) - 1 else 0
        hidden = len(piece.text) - before - after
        if piece.op is not Op.SAME or hidden <= _CHARACTERS:
            yield piece
            continue
        parts = (Piece(Op.SAME, piece.text[:before]), Skipped(hidden), Piece(Op.SAME, piece.text[before + hidden :]))
        yield from (part for part in parts if isinstance(part, Skipped) or part.text)


def _last_line_break(pieces: Sequence[Piece]) -> Iterator[Row]:
    """Return a row if only one of the two texts ends with a line break; none for a text that is all new."""
    before = next((p.text for p in reversed(pieces) if p.op is not Op.IN), "")
    after = next((p.text for p in reversed(pieces) if p.op is not Op.OUT), "")
    if before and after and before.endswith("\n") != after.endswith("\n"):
        yield Row(Kind.LINE_BREAK_OUT if before.endswith("\n") else Kind.LINE_BREAK_IN)
