"""Prepare rows of a text diff for printing: split them into spans and make invisible characters visible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongshi.i18n import gettext as _
from gongshi.reports.diff.hunks import Skipped
from gongshi.reports.diff.text_diff import Op, Piece
from gongshi.reports.diff.visible_text import LINE_BREAK, SPACE, TAB, Run, look_alike, runs


@dataclass(frozen=True)
class Span:
    """A piece, ready to print."""

    op: Op
    runs: tuple[Run, ...]


def stretches(pieces: Sequence[Piece | Skipped], markers: bool = False) -> Iterator[Span]:
    """Return the pieces of a row, ready to print.

    Args:
        pieces: the pieces of a row from `hunks.rows`.
        markers: True to show brackets that look like the marks of a change by their numbers.
    """
    alike = {
        index
        for index, (old, new) in enumerate(pairwise(pieces))
        if isinstance(old, Piece) and isinstance(new, Piece) and (old.op, new.op) == (Op.OUT, Op.IN)
        if look_alike(old.text, new.text)
    }
    for index, piece in enumerate(pieces):
        if isinstance(piece, Skipped):
            text = _("… {count} unchanged characters …").format(count=piece.count)
            yield Span(Op.SAME, ((text, True),))
            continue
        spelled = index in alike or index - 1 in alike
        changed = piece.op is not Op.SAME
        yield Span(piece.op, tuple(runs(piece.text, changed, spelled, markers)))


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
