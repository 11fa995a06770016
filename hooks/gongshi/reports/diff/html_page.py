"""Write a comparison as one self-contained HTML file, to read on a phone, to send or to print."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gongshi.common.errors import printable
from gongshi.common.languages import has_right_to_left_letters
from gongshi.i18n import gettext as _
from gongshi.reports.diff import summary as words
from gongshi.reports.diff.compare import FieldChange, FileChange, FileState, State
from gongshi.reports.diff.hunks import Kind, Row, excerpt
from gongshi.reports.diff.spans import Span, legend, stretches
from gongshi.reports.diff.summary import DiffReport
from gongshi.reports.diff.text_diff import Op, Piece
from gongshi.reports.diff.visible_text import LINE_BREAK, show_invisible

MARK = b'<meta name="generator" content="gongshi diff">'
"""The tag by which `gongshi diff` recognises a page that it wrote and may overwrite."""
_STYLE = Path(__file__).with_name("diff.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SIGNS = {Kind.CONTEXT: " ", Kind.CHANGED: "~", Kind.OUT: "−", Kind.IN: "+"}
_EMPTY = "—"


class Html(str):
    """A string of HTML, which is not escaped again."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Html:
    """Return an element; strings that are not `Html` are escaped.

    Args:
        name: the element's name.
        children: texts and elements.
        attributes: its attributes; `class_` becomes `class`, and any other `_` becomes `-`.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{written}>{_inner(children)}</{name}>")


def _inner(children: Iterable[str]) -> str:
    return "".join(child if isinstance(child, Html) else html.escape(child) for child in children)


def page(view: DiffReport) -> str:
    """Return the whole page, in the language chosen with `i18n.speak`.

    Args:
        view: the comparison.
    """
    shown = show_invisible(view.title)
    # An isolate works in `title`, too: it keeps the full stop at the end of a title written from right to left.
    shown = f"\u2068{shown}\u2069" if has_right_to_left_letters(shown) else shown
    title = _("Changes: {title}").format(title=shown)
    head = (
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(MARK.decode()),
        tag("title", title),
        tag("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    body = tag("main", *_main(view, title))
    return "<!doctype html>\n" + tag("html", tag("head", *head), tag("body", body), lang=view.policy.language) + "\n"


def _main(view: DiffReport, title: str) -> Iterator[Html]:
    found = view.comparison
    marks: set[str] = set()
    yield tag("header", tag("p", view.policy.unit.name, class_="unit"), tag("h1", title))
    yield tag("dl", *_facts(view), class_="facts")
    yield tag("p", view.verdict, class_="verdict")
    if found.fields:
        yield _section(_("Front matter"), _field_table(found.fields, marks))
    if found.body_differs:
        yield _section(_("Text"), _rows(found.body, marks))
    if notes := list(view.page_notes()):
        yield _section(_("To check on the page"), tag("dl", *(_note(*note) for note in notes), class_="facts"))
    if found.files:
        yield _section(_("Files"), _file_table(found.files), *_insides(found.changed_files, marks))
    if known := legend(marks):
        signs = (tag("li", tag("span", mark, class_="mark"), " ", name) for mark, name in known)
        yield _section(_("Signs"), tag("ul", *signs, class_="signs"))


def _note(place: str, texts: Iterable[str]) -> Html:
    return tag("div", tag("dt", place), *(tag("dd", text, dir="auto") for text in texts))


def _section(title: str, *children: str) -> Html:
    return tag("section", tag("h2", title), *children)


def _facts(view: DiffReport) -> Iterator[Html]:
    written = (_("written on"), view.now.strftime("%Y-%m-%d %H:%M"))
    for label, text in [(_("entry"), view.label), *view.facts(in_full=True), written]:
        yield tag("div", tag("dt", label), tag("dd", text))


def _field_table(changes: Iterable[FieldChange], marks: set[str]) -> Html:
    names = (_("key"), _("before"), _("after"))
    lines = []
    for change in changes:
        title = words.field_title(change.key)
        heading = [title, " ", tag("code", change.key)] if title != change.key else [title]
        cells = (
            _cell(None if value is None else Html("".join(_value(change, op, marks))), name)
            for value, op, name in ((change.before, Op.OUT, names[1]), (change.after, Op.IN, names[2]))
        )
        lines.append(tag("tr", tag("th", *heading, scope="row"), *cells))
    return _table(names, lines)


def _cell(content: str | None, name: str) -> Html:
    """Return a table cell. On narrow screens, empty cells are hidden and the others show their heading."""
    if content is None:
        return tag("td", _EMPTY, class_="none")
    return tag("td", content, data_label=name)


def _value(change: FieldChange, op: Op, marks: set[str]) -> Iterator[Html]:
    """Return the older or newer value; a list gets one line for each item."""
    for row in excerpt(change.pieces).rows if change.is_list else [Row(Kind.CHANGED, change.pieces)]:
        kept = [stretch for stretch in stretches(row.pieces) if stretch.op in (Op.SAME, op)]
        if kept:
            yield tag("div", *_printed(kept, marks), dir="auto")
        elif row.kind is Kind.SKIPPED:
            yield tag("div", _skipped(row), class_="note")


def _table(names: Sequence[str], lines: Iterable[Html]) -> Html:
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names)))
    return tag("table", head, tag("tbody", *lines))


def _rows(pieces: Sequence[Piece], marks: set[str]) -> Html:
    found = excerpt(pieces)
    note = words.extent_text(found)
    notes = [tag("p", note, class_="note")] if note else []
    return tag("div", *notes, *(_row(row, marks) for row in found.rows), class_="rows")


def _row(row: Row, marks: set[str]) -> Html:
    if row.kind is Kind.SKIPPED:
        return tag("p", _skipped(row), class_="skipped")
    if row.kind in (Kind.LINE_BREAK_OUT, Kind.LINE_BREAK_IN):
        is_out = row.kind is Kind.LINE_BREAK_OUT
        line = tag("del" if is_out else "ins", _("(the line break at the end of the text)"))
        row = Row(Kind.OUT if is_out else Kind.IN)
    else:
        line = Html("".join(_printed(stretches(row.pieces, indents=True), marks)))
    sign = tag("span", _SIGNS[row.kind], class_="sign")
    return tag("div", sign, tag("div", line, class_="line", dir="auto"), class_=f"row {row.kind.value}")


def _skipped(row: Row) -> str:
    return _("… {count} unchanged lines …").format(count=row.count)


def _printed(found: Iterable[Span], marks: set[str]) -> Iterator[Html]:
    for stretch in found:
        marks.update(text for text, is_mark in stretch.runs if is_mark)
        inner = [_run(text, is_mark) for text, is_mark in stretch.runs]
        yield tag({Op.SAME: "span", Op.OUT: "del", Op.IN: "ins"}[stretch.op], *inner)


def _run(text: str, is_mark: bool) -> str:
    if not is_mark:
        return text
    return Html(tag("span", text, class_="mark") + ("<br>" if text == LINE_BREAK else ""))


def _file_table(files: Iterable[FileChange]) -> Html:
    names = (_("file"), _("what happened"), _("before"), _("after"))
    lines = []
    for file in files:
        title = tag("th", printable(file.name), scope="row")
        state = words.state_title(file.state)
        if file.old_name is not None:
            state = _("renamed from {old}; the bytes are the same").format(old=printable(file.old_name))
        sides = (state, _side(file.name, file.before), _side(file.name, file.after))
        lines.append(tag("tr", title, *(_cell(side, name) for side, name in zip(sides, names[1:], strict=True))))
    return _table(names, lines)


def _side(name: str, side: FileState | None) -> str | None:
    return _(", ").join([words.type_title(name), words.side_text(side)]) if side else None


def _insides(files: Iterable[FileChange], marks: set[str]) -> Iterator[Html]:
    for file in files:
        if file.state is State.CHANGED:
            yield tag("h3", printable(file.name))
            yield from (tag("p", note, class_="note") for note in words.inside_notes(file))
            if file.inside and file.inside.differs:
                yield _rows(file.inside.pieces, marks)
