"""Limit constructs that take Markdown very long to convert. The limits are the same on every machine.

The time to convert ordinary text grows with its length, but some constructs make it grow with the square of the length:
several rules search for the end of an unclosed `[` up to the end of its paragraph, and a row of headings without empty
lines is split again for each of them. A text of 50 KB can take minutes. Each limit here is for one of these constructs.
A text within all limits converts in a few seconds at any usual length. The limit on time (`limits.text_seconds` in the
configuration) is for constructs that are not known yet.

Texts that were approved before are not checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from gongshi.common.errors import Problem
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _

_SHORT = 4_000
"""The number of characters below which only nesting, tables and [TOC] are checked, as nothing else takes long."""
_LEVELS = 30
_MARKS = 10_000
_BRACKET_STEPS = 10_000_000
_ANGLE_STEPS = 50_000_000
_LINE_STEPS = 10_000_000
_ABBREVIATION_STEPS = 50_000_000
_COPIED = 5_000_000
_COLUMNS = 500
_CELLS = 100_000
_FOOTNOTES = 2_000
_SAME_FOOTNOTE = 500
_CONTENTS = 100
_CONTENTS_LINES = 20_000
_BRACE_STEPS = 300_000_000
_DEFINITIONS = 200

_DEEP = lazy_pattern(
    rf"^(?:[ \t]*(?:>|(?:[-*+]|\d{{1,9}}[.)])(?=[ \t]))){{{_LEVELS + 1}}}(?=.*[^-*+ \t\n])"
    rf"|^(?: {{4}}|\t){{{_LEVELS + 1}}}[ \t]*(?:[-*+:]|\d{{1,9}}[.)])[ \t]",
    re.MULTILINE,
)
_LINES = lazy_pattern(r"(?:^[^\S\n]*\S[^\n]*\n?)+", re.MULTILINE)
_CODE = lazy_pattern(r" {4}|\t")
_MARK = lazy_pattern(r"[*_`\[!<&\\~^=+]|  \n")
_BRACKET = lazy_pattern(r"\\.|\[|\]\(|\]|\)")
_ANGLE = lazy_pattern(r"<(?=[A-Za-z/!?])|>")
_ITEM = lazy_pattern(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_SPECIAL = lazy_pattern(
    r"[ \t>]*(?:#|!!!|\?\?\?|:[ \t]|\[[^\]]*\]:|\*\[[^\]]*\]|\[TOC\]|(?:[-*_=][ \t]*)+$|<)",
)
_SEPARATOR = lazy_pattern(r"[ \t>]*[|:\- ]*-[|:\- ]*$")
_ABBREVIATION = lazy_pattern(r"^[ \t>]*\*\[([^\]\n]*)\][ ]?:[ ]*\n?[ ]*(.*)$", re.MULTILINE)
_DEFINITION = lazy_pattern(r"^[ \t>]*\[[^\]\n]*\]:(.*(?:\n[ \t]+\S.*)?)", re.MULTILINE)
_FOOTNOTE = lazy_pattern(r"\[\^([^\]\n]*)\]")
_TOC = lazy_pattern(r"^[ \t>]*\[TOC\]", re.MULTILINE)
_HEADING = lazy_pattern(r"^[ \t>]*(?:#|[=-]+[ \t]*$)", re.MULTILINE)


def problems(body: str, path: str, first_line: Callable[[], int]) -> Iterator[Problem]:
    """Yield a problem for each limit that a text exceeds.

    Args:
        body: the text below the front matter, with LF line endings.
        path: the name of the file in problems.
        first_line: returns the line of the file on which the body begins; called only if there is a problem.
    """
    for place, message in _Text(body).findings():
        yield Problem(path, message, first_line() + body.count("\n", 0, place))


def may_be_complex(body: str) -> bool:
    """Tell whether a text within the limits may still take too long, so that only converting it shows that.

    Args:
        body: the text below the front matter.
    """
    return len(body) >= _SHORT or body.count("\n:") > _DEFINITIONS


def heaviest(body: str) -> int:
    """Return the start, in characters, of the paragraph that takes longest to convert, by its length and signs.

    Args:
        body: the text below the front matter.
    """
    units = (unit for block in _Text(body).blocks for unit in block.units())
    return max(units, key=lambda unit: (len(_MARK.findall(unit.text)) + 1) * len(unit.text), default=_Unit(0, "")).start


def blocks(body: str) -> list[int]:
    """Return the starts, in characters, of the blocks of text between empty lines.

    Args:
        body: the text below the front matter.
    """
    return [block.start for block in _Text(body).blocks]


@dataclass(frozen=True)
class _Unit:
    """A piece of text in which Markdown searches for emphases and links: a paragraph, list item or table row."""

    start: int
    text: str


@dataclass(frozen=True)
class _Block:
    """Lines between empty lines."""

    start: int
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def is_table(self) -> bool:
        return len(self.lines) > 1 and "|" in self.lines[0] and bool(_SEPARATOR.match(self.lines[1]))

    def units(self) -> Iterator[_Unit]:
        """Return the block as one unit, or each row of a table, item of a list, line of indented code."""
        by_line = self.is_table or all(map(_CODE.match, self.lines))
        if not by_line and not _ITEM.match(self.lines[0]):
            yield _Unit(self.start, self.text)
            return
        place = begin = self.start
        held: list[str] = []
        for line in self.lines:
            if held and (by_line or _ITEM.match(line)):
                yield _Unit(begin, "\n".join(held))
                begin, held = place, []
            held.append(line)
            place += len(line) + 1
        yield _Unit(begin, "\n".join(held))


@dataclass(frozen=True)
class _Text:
    body: str

    @cached_property
    def blocks(self) -> list[_Block]:
        return [_Block(match.start(), match[0].rstrip("\n")) for match in _LINES.finditer(self.body)]

    def findings(self) -> Iterator[tuple[int, str]]:
        """Yield places, in characters, with messages. Quick counts of characters show which checks are needed."""
        size, count = len(self.body), self.body.count
        # List marks have a space or tab after them, so a text with few of these and of `>` is not deeply nested.
        may_nest = count(">") + count(" ") + count("\t") > _LEVELS and (
            sum(map(count, ">-*+.)")) > _LEVELS or count("    ") + count("\t") > _LEVELS
        )
        if may_nest and (deep := _DEEP.search(self.body)):
            message = _("lists or quotations are nested more than {count} deep; use fewer levels")
            yield deep.start(), message.format(count=_LEVELS)
        if "|" in self.body and (count("|") * (count("\n") + 1) > _CELLS or count("|") > _COLUMNS):
            yield from self._tables()
        if "[TOC]" in self.body:
            yield from self._contents()
        if size < _SHORT:
            return
        if sum(map(count, (*"*_`[!<&\\~^=+", "  \n"))) > _MARKS:
            yield from self._marks()
        if count("[") * size > _BRACKET_STEPS:
            yield from self._brackets()
        if count("<") * size > _ANGLE_STEPS:
            yield from self._angles()
        if count("{") * size > _BRACE_STEPS:
            yield from self._braces()
        if (count("\n") + 1) ** 2 > _LINE_STEPS:
            yield from self._lines()
        if "]:" in self.body or "] :" in self.body:
            yield from self._definitions()
        if count("[^") > _SAME_FOOTNOTE:
            yield from self._footnotes()

    def _marks(self) -> Iterator[tuple[int, str]]:
        for block in self.blocks:
            for unit in block.units():
                if len(_MARK.findall(unit.text)) > _MARKS:
                    message = _("more than {count} signs such as * _ [ < & in one paragraph; split it by empty lines")
                    yield unit.start, message.format(count=_MARKS)
                    return

    def _brackets(self) -> Iterator[tuple[int, str]]:
        """Limit the number of characters in which Markdown searches for the ends of brackets."""
        steps = 0
        for block in self.blocks:
            for unit in block.units():
                found, first = _bracket_steps(unit.text)
                steps += found
                if steps > _BRACKET_STEPS:
                    message = _("too many brackets [ or ]( that are not closed; close them, or write \\[ for the sign")
                    yield unit.start + first, message
                    return

    def _angles(self) -> Iterator[tuple[int, str]]:
        steps = 0
        waiting: list[int] = []
        for match in _ANGLE.finditer(self.body):
            if match[0] == "<":
                waiting.append(match.start())
                continue
            steps += sum(match.start() - place for place in waiting)
            if steps > _ANGLE_STEPS:
                break
            waiting = []
        steps += sum(len(self.body) - place for place in waiting)
        if steps > _ANGLE_STEPS and waiting:
            yield waiting[0], _("too many < that are not closed by >; write &lt; for the sign")

    def _braces(self) -> Iterator[tuple[int, str]]:
        steps = place = 0
        for line in self.body.split("\n"):
            steps += line.count("{") * len(line)
            if steps > _BRACE_STEPS:
                yield place, _("too many curly brackets in one line; split it")
                return
            place += len(line) + 1

    def _lines(self) -> Iterator[tuple[int, str]]:
        steps = 0
        for block in self.blocks:
            steps += len(block.lines) * sum(bool(_SPECIAL.match(line)) for line in block.lines)
            if steps > _LINE_STEPS and not block.is_table:
                message = _("too many headings, rules or definitions without an empty line between them; add some")
                yield block.start, message
                return

    def _definitions(self) -> Iterator[tuple[int, str]]:
        """Limit abbreviations, which are searched for at each word, and texts that are copied at each use."""
        copied = 0
        for number, match in enumerate(_ABBREVIATION.finditer(self.body), 1):
            copied += len(match[2]) * self.body.count(match[1]) if match[1] else 0
            if number * len(self.body) > _ABBREVIATION_STEPS:
                yield match.start(), _("too many abbreviations for a text of this length; leave some out")
                return
            if copied > _COPIED:
                yield match.start(), _("an abbreviation with a long text is used too often; shorten the text")
                return
        uses = self.body.count("[")
        for match in _DEFINITION.finditer(self.body):
            if len(match[1]) * uses > _COPIED:
                yield match.start(), _("a long link address is used too often; shorten it")
                return

    def _tables(self) -> Iterator[tuple[int, str]]:
        cells = 0
        for block in self.blocks:
            if not block.is_table:
                continue
            columns = max(block.lines[0].count("|"), block.lines[1].count("|")) + 1
            cells += columns * len(block.lines)
            if columns > _COLUMNS or cells > _CELLS:
                message = _(
                    "a table with more than {columns} columns, or tables with more than {cells} cells in all; "
                    "offer it as a spreadsheet"
                )
                yield block.start, message.format(columns=_COLUMNS, cells=_CELLS)
                return

    def _footnotes(self) -> Iterator[tuple[int, str]]:
        uses: Counter[str] = Counter()
        references = (match for match in _FOOTNOTE.finditer(self.body) if not self.body.startswith(":", match.end()))
        for number, match in enumerate(references, 1):
            uses[match[1]] += 1
            if number > _FOOTNOTES or uses[match[1]] > _SAME_FOOTNOTE:
                message = _("more than {count} footnotes, or more than {same} references to one; leave some out")
                yield match.start(), message.format(count=_FOOTNOTES, same=_SAME_FOOTNOTE)
                return

    def _contents(self) -> Iterator[tuple[int, str]]:
        places = [match.start() for match in _TOC.finditer(self.body)]
        headings = len(_HEADING.findall(self.body))
        if len(places) > _CONTENTS or (len(places) > 1 and len(places) * headings > _CONTENTS_LINES):
            yield places[1], _("[TOC] is in this text more than once; keep one")


def _bracket_steps(text: str) -> tuple[int, int]:
    """Return the number of characters between beginnings and ends of brackets, and the first that is not closed."""
    steps = 0
    opened: list[int] = []
    addresses: list[int] = []
    for match in _BRACKET.finditer(text):
        sign, place = match[0], match.start()
        if sign == "[":
            opened.append(place)
        elif sign == ")":
            steps += sum(place - begin for begin in addresses)
            addresses.clear()
        elif sign[0] == "]" and opened:
            steps += place - opened.pop()
        if sign == "](":
            addresses.append(place)
    steps += sum(len(text) - begin for begin in (*opened, *addresses))
    return steps, min((*opened, *addresses), default=0)
