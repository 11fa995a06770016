"""Print a comparison on the terminal: clear without colour, and safe against control characters in texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click
from rich.cells import cell_len

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports.diff import summary as words
from gongshi.reports.diff.compare import FieldChange, FileChange, State
from gongshi.reports.diff.hunks import Kind, excerpt
from gongshi.reports.diff.spans import Span, legend, stretches
from gongshi.reports.diff.summary import DiffReport
from gongshi.reports.diff.text_diff import Op, Piece
from gongshi.reports.diff.visible_text import LINE_BREAK, show_invisible

Style = dict[str, Any]
"""Arguments of `click.style`."""
_INKS: dict[Op, Style] = {
    Op.SAME: {},
    Op.OUT: {"fg": "red", "strikethrough": True},
    Op.IN: {"fg": "green", "underline": True},
}
_BRACKETS = {Op.SAME: ("", ""), Op.OUT: ("[-", "-]"), Op.IN: ("{+", "+}")}
_SIGNS = {Kind.CONTEXT: " ", Kind.CHANGED: "~", Kind.OUT: "-", Kind.IN: "+"}
_MARK: Style = {"fg": "yellow"}
_NARROWEST = 30


class TerminalDiff:
    """Prints one comparison.

    Args:
        width: width of the terminal in cells; None to print lines without folding.
    """

    def __init__(self, width: int | None) -> None:
        self._width = max(width, _NARROWEST) if width else None
        self._marks: set[str] = set()

    def show(self, view: DiffReport) -> None:
        """Print the whole comparison.

        Args:
            view: the comparison.
        """
        found = view.comparison
        click.echo(click.style(f"{view.label}  {show_invisible(view.title)}", bold=True))
        for label, text in view.facts():
            self._line("  ", [(_("{label}: {text}").format(label=label, text=text), {})])
        click.echo()
        click.echo(view.verdict)
        if found.fields:
            self._heading(_("Front matter"))
            for change in found.fields:
                self._field(change)
        if found.body_differs:
            self._heading(_("Text"))
            self._rows(found.body, "  ")
        if notes := list(view.page_notes()):
            self._heading(_("To check on the page"))
            for place, texts in notes:
                self._line("  ", [(place, {"bold": True})])
                for text in texts:
                    self._line("    ", [(text, {})])
        if found.changed_files:
            self._heading(_("Files"))
            for file in found.changed_files:
                self._file(file)
            if same := [printable(file.name) for file in found.files if file.state is State.SAME]:
                self._line("  ", [(_("unchanged: {names}").format(names=_(", ").join(same)), {})])
        self._legend()

    def _heading(self, text: str) -> None:
        click.echo()
        click.echo(click.style(text, bold=True))

    def _field(self, change: FieldChange) -> None:
        title = words.field_title(change.key)
        key = f"  {change.key}" if title != change.key else ""
        self._line("  ", [(title, {"bold": True}), (key, {"dim": True})])
        if change.is_list:
            self._rows(change.pieces, "    ")
            return
        all_stretches = list(stretches(change.pieces, markers=True))
        partly = any(stretch.op is Op.SAME for stretch in all_stretches)
        for value, gone, sign in ((change.before, Op.IN, "-"), (change.after, Op.OUT, "+")):
            if value is not None:
                kept = [stretch for stretch in all_stretches if stretch.op is not gone]
                self._line(f"    {sign} ", self._styled(kept, partly))

    def _rows(self, pieces: Sequence[Piece], indent: str) -> None:
        found = excerpt(pieces)
        if note := words.extent_text(found):
            self._line(indent, [(note, {"bold": True})])
        for row in found.rows:
            if row.kind is Kind.SKIPPED:
                text = ngettext("… {count} unchanged line …", "… {count} unchanged lines …", row.count)
                self._line(indent, [(text.format(count=row.count), {"dim": True})])
            elif row.kind is Kind.LINE_BREAK_OUT:
                self._line(f"{indent}- ", [(_("(the line break at the end of the text)"), _INKS[Op.OUT])])
            elif row.kind is Kind.LINE_BREAK_IN:
                self._line(f"{indent}+ ", [(_("(the line break at the end of the text)"), _INKS[Op.IN])])
            else:
                spans = stretches(row.pieces, markers=True, indents=True)
                inked = self._styled(spans, row.kind is Kind.CHANGED)
                self._line(f"{indent}{_SIGNS[row.kind]} ", inked)

    def _styled(self, found: Iterable[Span], brackets: bool) -> list[tuple[str, Style]]:
        inked: list[tuple[str, Style]] = []
        for stretch in found:
            opening, closing = _BRACKETS[stretch.op] if brackets else ("", "")
            ink = _INKS[stretch.op]
            inked += [(opening, ink), *((text, {**ink, **_MARK} if mark else ink) for text, mark in stretch.runs)]
            inked.append((closing, ink))
            self._marks.update(text for text, mark in stretch.runs if mark)
        return inked

    def _file(self, file: FileChange) -> None:
        name = printable(file.name)
        title = name + "  " + _(", ").join([words.state_title(file.state), words.type_title(file.name)])
        if file.old_name is not None:
            title = _("{name}  renamed from {old}; the bytes are the same").format(
                name=name, old=printable(file.old_name)
            )
        self._line("  ", [(title, {"bold": True})])
        sides = [("-", file.before), ("+", file.after)] if file.state is not State.RENAMED else [(" ", file.after)]
        for sign, side in sides:
            if side:
                self._line(f"    {sign} ", [(words.side_text(side), {})])
        if file.state is State.CHANGED:
            for note in words.inside_notes(file):
                self._line("    ", [(note, {})])
            if file.inside and file.inside.differs:
                self._rows(file.inside.pieces, "    ")

    def _legend(self) -> None:
        known = legend(self._marks)
        if known:
            click.echo()
            text = _(", ").join(_("{mark} {title}").format(mark=mark, title=title) for mark, title in known)
            self._line("", [(_("Signs: {signs}").format(signs=text), {"dim": True})])

    def _line(self, indent: str, inked: Iterable[tuple[str, Style]]) -> None:
        """Print one line; folded parts are indented further than any line, so that they cannot be mistaken for one."""
        further = " " * (len(indent) + 2)
        for number, parts in enumerate(self._folded(inked, len(further))):
            inner = (click.style(text, **ink) if text and ink else text for text, ink in parts)
            click.echo((further if number else indent) + "".join(inner))

    def _folded(self, inked: Iterable[tuple[str, Style]], indent: int) -> Iterator[list[tuple[str, Style]]]:
        """Yield the terminal lines that a line needs; a changed line break also starts a new one."""
        parts: list[tuple[str, Style]] = []
        used, room = 0, (self._width or 0) - indent
        for text, ink in inked:
            start = 0
            for place, character in enumerate(text if self._width else ""):
                cells = cell_len(character)
                if used and used + cells > room:
                    yield [*parts, (text[start:place], ink)]
                    parts, start, used = [], place, 0
                used += cells
            parts.append((text[start:], ink))
            if text == LINE_BREAK:
                yield parts
                parts, used = [], 0
        yield parts
