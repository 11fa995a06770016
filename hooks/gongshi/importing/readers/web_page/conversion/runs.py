"""The inline content of a paragraph: texts with their format, line breaks, pictures. Blanks are treated as browsers do.

Source of the rules for blanks: CSS Text Module Level 3, 4.1 (white space processing).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

_BLANKS: Final = re.compile(r"([ \t\r\n\f]+)")
_NO_BREAK: Final = "\u00a0"
_WIDE: Final = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")
"""Chinese characters and signs, and others of full width: between two of them, the end of a line is no blank."""
_INDENT: Final = re.compile("[\u00a0\u3000 ]*")
_WIDTHS: Final = {" ": 1, _NO_BREAK: 1, "\u3000": 2}


@dataclass(frozen=True)
class Format:
    """The look of a text."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    raised: str = ""
    """`sup`, `sub` or empty."""
    href: str = ""
    """The address of a link; empty for none."""
    preserved: bool = False
    """True if blanks and line ends stay, as in `pre`."""

    def tags(self) -> list[tuple[str, str]]:
        """Return the elements around a text of this format: names and start tags, the outermost first."""
        found = [("a", f'<a href="{html.escape(self.href)}">')] if self.href else []
        names = {"strong": self.bold, "em": self.italic, "u": self.underline, "s": self.strike}
        found += [(name, f"<{name}>") for name, is_set in names.items() if is_set]
        return [*found, (self.raised, f"<{self.raised}>")] if self.raised else found


PLAIN: Final = Format()


@dataclass(frozen=True)
class Picture:
    """A picture in a paragraph."""

    name: str
    """Its name in the workspace."""
    alt: str = ""
    caption: str = ""

    def html(self) -> str:
        """Return the element `img`."""
        title = f' title="{html.escape(self.caption)}"' if self.caption else ""
        return f'<img src="{html.escape(self.name)}" alt="{html.escape(self.alt)}"{title}>'


@dataclass(frozen=True)
class Run:
    """A text with its format, or something that stands in the line like a character."""

    text: str
    format: Format = PLAIN
    picture: Picture | None = None
    html: str = ""
    """The HTML of a line break or of a reference to a footnote; empty for text and pictures."""

    @property
    def is_text(self) -> bool:
        """True if it is neither a picture nor another object."""
        return self.picture is None and not self.html


BREAK: Final = Run("\n", html="<br>")


def collapse(runs: Iterable[Run]) -> list[Run]:
    """Return the runs of a paragraph with blanks as a browser shows them, without blanks at the ends of lines.

    Indents made of no-break spaces are dropped, those of full-width spaces stay. Underlined blanks stay: they are
    places to fill in.

    Args:
        runs: the runs as they stand in the file.
    """
    found: list[Run] = []
    waiting = ""
    for run in runs:
        if run is BREAK:
            _strip_end(found)
            found.append(run)
            waiting = ""
        elif not run.is_text:
            found += [Run(" ")] if waiting and _has_line(found) else []
            found.append(run)
            waiting = ""
        else:
            text, waiting = _collapsed(run, found, waiting)
            if text[:1] == " " and found and found[-1].format != run.format and not run.format.preserved:
                # A blank between two formats belongs to neither.
                found.append(Run(" "))
                text = text[1:]
            if text:
                found.append(replace(run, text=text))
    _strip_end(found)
    while found and found[-1] is BREAK:
        found.pop()
        _strip_end(found)
    while found and found[0] is BREAK:
        found.pop(0)
    return found


def _collapsed(run: Run, before: Sequence[Run], waiting: str) -> tuple[str, str]:
    """Return the text of a run with its blanks collapsed, and the blanks at its end, which count only before more."""
    if run.format.preserved:
        return (" " if waiting and _has_line(before) else "") + run.text.expandtabs(4), ""
    parts: list[str] = []
    last = before[-1].text[-1:] if before and before[-1].is_text else ""
    at_start = not _has_line(before)
    for piece in _BLANKS.split(run.text):
        if piece and _BLANKS.fullmatch(piece):
            waiting += piece
            continue
        piece = piece.lstrip(_NO_BREAK) if at_start and not run.format.underline else piece
        if not piece:
            continue
        if waiting and not at_start and not ("\n" in waiting and _WIDE.match(last) and _WIDE.match(piece)):
            parts.append(" ")
        parts.append(piece)
        last, waiting, at_start = piece[-1], "", False
    return "".join(parts), waiting


def _has_line(runs: Sequence[Run]) -> bool:
    """Tell whether something stands on the present line."""
    return bool(runs) and runs[-1] is not BREAK


def _strip_end(runs: list[Run]) -> None:
    while runs and runs[-1].is_text and not runs[-1].format.underline and not runs[-1].format.preserved:
        text = runs[-1].text.rstrip(" \u00a0")
        if text:
            runs[-1] = replace(runs[-1], text=text)
            return
        runs.pop()


def serialize(runs: Iterable[Run]) -> str:
    """Return the HTML of runs, with elements as long as their format lasts.

    Args:
        runs: the runs, collapsed.
    """
    parts: list[str] = []
    opened: list[tuple[str, str]] = []
    for run in runs:
        wanted = _visible_format(run).tags()
        shared = 0
        while shared < min(len(opened), len(wanted)) and opened[shared] == wanted[shared]:
            shared += 1
        parts += [f"</{name}>" for name, _tag in reversed(opened[shared:])]
        parts += [tag for _name, tag in wanted[shared:]]
        opened = wanted
        parts.append(run.picture.html() if run.picture else run.html or html.escape(run.text, quote=False))
    parts += [f"</{name}>" for name, _tag in reversed(opened)]
    return "".join(parts)


def _visible_format(run: Run) -> Format:
    """Return the format of a run; blanks and objects have only what shows on them."""
    if run.is_text and run.text.strip(" \u00a0\u3000"):
        return run.format
    if run.is_text and run.format.underline:
        return Format(underline=True)
    return PLAIN


def plain_text(runs: Iterable[Run]) -> str:
    """Return the text of runs, line breaks as line ends.

    Args:
        runs: the runs of a paragraph.
    """
    return "".join(run.text for run in runs)


def indent_width(runs: Iterable[Run]) -> int:
    """Return the width of the blanks at the beginning, in Latin letters, before they are collapsed.

    Args:
        runs: the runs as they stand in the file.
    """
    text = plain_text(runs).lstrip(" \t\r\n")
    found = _INDENT.match(text)
    return sum(_WIDTHS[each] for each in found[0]) if found else 0
