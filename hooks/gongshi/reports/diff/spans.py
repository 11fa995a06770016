"""Prepare rows of a text diff for printing: split them into spans and make invisible characters visible."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongshi.i18n import gettext as _
from gongshi.reports.diff.hunks import Skipped
from gongshi.reports.diff.text_diff import Op, Piece
from gongshi.reports.diff.visible_text import LINE_BREAK, SPACE, TAB, Run, look_alike, runs, usual_places


@dataclass(frozen=True)
class Span:
    """A piece, ready to print."""

    op: Op
    runs: tuple[Run, ...]


def stretches(pieces: Sequence[Piece | Skipped], markers: bool = False, indents: bool = False) -> Iterator[Span]:
    """Return the pieces of a row, ready to print.

    Args:
        pieces: the pieces of a row from `hunks.rows`.
        markers: True to show brackets that look like the marks of a change by their numbers.
        indents: True for a row of a text, in which the usual indentation of a paragraph is shown as it is.
    """
    pairs = {
        index: (old.text, new.text)
        for index, (old, new) in enumerate(pairwise(pieces))
        if isinstance(old, Piece) and isinstance(new, Piece) and (old.op, new.op) == (Op.OUT, Op.IN)
    }
    alike = {index: _differing(*pair) for index, pair in pairs.items() if look_alike(*pair)}
    blank_only = {index for index, pair in pairs.items() if _without_blanks(pair[0]) == _without_blanks(pair[1])}
    indentation = _indentation(pieces) if indents else ""
    for index, piece in enumerate(pieces):
        if isinstance(piece, Skipped):
            text = _("… {count} unchanged characters …").format(count=piece.count)
            yield Span(Op.SAME, ((text, True),))
            continue
        pair = index if index in pairs else index - 1
        changed = piece.op is not Op.SAME
        plain: frozenset[int] = frozenset()
        if changed:
            starts = not any(isinstance(each, Skipped) or each.op in (Op.SAME, piece.op) for each in pieces[:index])
            alone = all(isinstance(each, Piece) and each.op is piece.op for each in pieces)
            if pair not in alike and pair not in blank_only:
                plain = usual_places(piece.text, indents, starts and alone)
            if starts and piece.text.startswith(indentation):
                plain |= frozenset(range(len(indentation)))
        spelled = pair in alike
        yield Span(piece.op, tuple(runs(piece.text, changed, spelled, markers, plain, alike.get(pair))))


def _differing(before: str, after: str) -> frozenset[str] | None:
    """Return the characters that one text has more often than the other; None if only their order differs."""
    old, new = Counter(before), Counter(after)
    return frozenset((old - new) + (new - old)) or None


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def _indentation(pieces: Sequence[Piece | Skipped]) -> str:
    """Return the full-width spaces with which both versions of a line begin; empty if they begin differently."""
    sides = [
        "".join(piece.text for piece in pieces if isinstance(piece, Piece) and piece.op is not other)
        for other in (Op.IN, Op.OUT)
    ]
    blanks = [side[: len(side) - len(side.lstrip())] for side in sides]
    return blanks[0] if blanks[0] == blanks[1] and not blanks[0].strip("\u3000") else ""


def legend(marks: set[str]) -> list[tuple[str, str]]:
    """Return each mark with its explanation, for the legend below a diff.

    Args:
        marks: the marks that occur in the runs.
    """
    return [(mark, title) for mark in sorted(marks) if (title := _title(mark))]


def _title(mark: str) -> str | None:
    symbols = {LINE_BREAK: _("line break"), TAB: _("tab"), SPACE: _("space")}
    if mark in symbols:
        return symbols[mark]
    if not mark.startswith("⟨U+"):
        return None
    number = int(mark[3:-1], 16)
    names = {
        0x00A0: _("no-break space"),
        0x00AD: _("soft hyphen"),
        0x200B: _("zero-width space"),
        0x200C: _("zero-width non-joiner"),
        0x200D: _("zero-width joiner"),
        0x200E: _("left-to-right mark"),
        0x200F: _("right-to-left mark"),
        0x202A: _("turns the writing direction"),
        0x202B: _("turns the writing direction"),
        0x202C: _("turns the writing direction"),
        0x202D: _("turns the writing direction"),
        0x202E: _("turns the writing direction"),
        0x2066: _("turns the writing direction"),
        0x2067: _("turns the writing direction"),
        0x2068: _("turns the writing direction"),
        0x2069: _("turns the writing direction"),
        0x3000: _("full-width space"),
        0xFEFF: _("zero-width no-break space"),
    }
    return names.get(number) or unicodedata.name(chr(number), "").lower() or _("a character without a name")
