"""Rewrite the lines of a text so that Markdown reads lists, tables and marks as office staff mean them.

Python-Markdown asks for indentation by four spaces, empty lines around lists and tables, and ASCII marks. Texts from
offices have none of these reliably. The rewriting changes marks, indentation and empty lines only; every other
character stays, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gongshi.site.markdown.indented_code import as_fence, end_of_code
from gongshi.site.markdown.marks import HEADING, RULE, chinese_marks, item_text, literal_marks
from gongshi.site.markdown.raw_blocks import RawBlocks
from gongshi.site.markdown.signature_lines import MARK, is_mark, is_moved_right, leads_to_mark
from gongshi.site.markdown.table_rows import read_table

_BULLET: Final = re.compile(r"([-*+])[ \t\u00a0\u3000]+(\S.*)", re.DOTALL)
_BULLETS: Final = ("-", "*", "+")
_NUMBER: Final = re.compile(r"(\d+)\.[ \t\u00a0\u3000]+(\S.*)", re.DOTALL)
_LISTED_NUMBER: Final = re.compile(r"(?:0|[1-9]\d{0,2})\Z")
_ONLY_NUMBERS: Final = re.compile(r"\d+\.\s+\d[\d.\s]*\Z")
_HEADING_LINE: Final = re.compile(r"(?:-{3,}|={3,})[ \t]*\Z")
_UNDERLINE: Final = re.compile(r"(?:-+|=+)[ \t]*\Z")
_NO_HEADING: Final = re.compile(r"[。；：，、;]\s*\Z|[年月]\s*[\d〇一二三四五六七八九十]+\s*日\s*\Z")
"""The end of a sentence or a date, which is not the end of a heading above a line of dashes."""
_CLOSING_SIGNS: Final = re.compile(r"(?<=[^#\s\\])#+\Z")
"""Number signs at the end of a heading that belong to its last word, as in `3#`."""
_PARAGRAPH: Final = re.compile("\u3000{2}(?!\u3000)")
"""The indentation of a new paragraph in Chinese texts."""
_BOX: Final = re.compile(r"(?:!!!|\?\?\?\+?|===)[ \t]|\[\^[^\]\n]+\]:|:[ \t]")
_QUOTE: Final = re.compile(r">[ \t]?|＞[ \t\u3000]")
_COMPARISON: Final = re.compile(r"[>＞]=?[ \t\u3000]*(?!\d{4}年)\d[\d.,]*[ ]?[^\s\d，。；、=/*×]{0,10}\Z")
_ATTRIBUTE_LINE: Final = re.compile(r"\{:?[ ]*[.#A-Za-z][^}\n]*\}[ ]*\Z")
_RAW_STARTS: Final = frozenset("`~<")
_MARK_STARTS: Final = frozenset("-*+_#＃!?=[:{>\u3000\u00a00123456789")
"""Characters with which a line begins that may be more than text."""
_NOT_ORDINARY: Final = _MARK_STARTS | _RAW_STARTS
_SPECIAL: Final = ("|", "｜", "\t", "](", "】(", "】（", "］(", "］（", "]（", "\u3000\n", "\u00a0\n")
"""Marks of tables, links and line ends that are changed wherever they stand."""
_INDENT: Final = 4
_LIST_INDENT: Final = 2
"""An item or paragraph that is indented so much more than an item belongs to it."""
_BLANKS: Final = " \t\u3000\u00a0"
_SIGNATURE_LINES: Final = 20
"""Lines; several units may sign one text."""
_MAXIMUM_DEPTH: Final = 30
"""Quotations that are nested deeper are left to Markdown."""


@dataclass(frozen=True)
class _Level:
    """A list item or box that is open."""

    kind: str
    """`*` for a list of bullets, `1` for a numbered list, `box` for a note, footnote or definition."""
    inside: int
    """The indentation from which a line belongs to it."""
    number: int = 0
    """The number of a numbered item."""


def normalize_lines(lines: Sequence[str], marks_signatures: bool = False, depth: int = 0) -> list[str]:
    """Return the lines of a text as Python-Markdown must have them.

    Args:
        lines: the lines of a text, without line endings.
        marks_signatures: True to mark signatures that were moved to the right with blanks; it needs attribute lists.
        depth: the number of quotations around the text.
    """
    if depth > _MAXIMUM_DEPTH or _is_ordinary(lines):
        return list(lines)
    return _Normalizer(lines, marks_signatures, depth).result()


def _is_ordinary(lines: Sequence[str]) -> bool:
    """Tell quickly that no line of a text needs to be changed; False where that is not sure."""
    if not all(not line or (line[0] not in _NOT_ORDINARY and line[0].isalnum()) for line in lines):
        return False
    text = "\n".join((*lines, ""))
    return not any(mark in text for mark in _SPECIAL)


@dataclass
class _Normalizer:
    lines: Sequence[str]
    marks_signatures: bool
    depth: int
    out: list[str] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    block: str = ""
    """The kind of the block that the next line would go on: `list`, `text`, `indented`, `box`, or empty."""
    block_depth: int = 0
    at: int = 0
    no_code_before: int = 0
    """The line up to which indented lines were found to be no code."""

    def result(self) -> list[str]:
        raw = RawBlocks(self.lines)
        while self.at < len(self.lines):
            line = self.lines[self.at]
            stripped = line.strip()
            if not stripped:
                self._end_block()
                self.at += 1
            elif stripped[0] in _RAW_STARTS and (end := raw.end(self.at, stripped)):
                self._copy(end)
            elif line[0] in _BLANKS and not (self.block or self.levels) and (self._signature() or self._code()):
                pass
            elif not (self._table(line) or self._quote(line, stripped)):
                self.at += 1
                self._line(line)
        return self.out

    # Blocks of several lines

    def _copy(self, end: int) -> None:
        lines = self.lines[self.at : end]
        width, first = _indent(lines[0])
        if width and first[0] in "`~" and not self.levels:
            # The extension for code between fences wants them at the beginning of a line.
            lines = [line[min(width, len(line) - len(line.lstrip(" \t"))) :] for line in lines]
        self.out.extend(lines)
        self.at = end
        self.block, self.block_depth = "text", 0

    def _signature(self) -> bool:
        """Mark a paragraph that somebody moved to the right with blanks as a signature."""
        end = self.at
        while end < len(self.lines) and self.lines[end].strip():
            end += 1
        lines = self.lines[self.at : end]
        if not self.marks_signatures or not is_moved_right(lines):
            return False
        self.out.extend([*(literal_marks(line.strip()) for line in lines), MARK, ""])
        self.at = end
        return True

    def _code(self) -> bool:
        if self.at < self.no_code_before:
            return False
        end, is_code = end_of_code(self.lines, self.at)
        if is_code:
            self.out.extend([*as_fence(self.lines[self.at : end]), ""])
            self.at = end
        else:
            self.no_code_before = end
        return is_code

    def _table(self, line: str) -> bool:
        if "|" not in line and "｜" not in line and "\t" not in line:
            return False
        table = read_table(self.lines, self.at)
        if not table:
            return False
        self._leave(_indent(line)[0])
        self._separate()
        indent = " " * _INDENT * len(self.levels)
        self.out.extend(indent + "|".join(map(chinese_marks, row.split("|"))) for row in table.rows)
        self.out.append("")
        self.block = ""
        self.at = table.end
        return True

    def _quote(self, line: str, stripped: str) -> bool:
        if stripped[0] not in ">＞" or not _QUOTE.match(stripped):
            return False
        end = self.at
        while end < len(self.lines) and _QUOTE.match(self.lines[end].strip()):
            end += 1
        quoted = [self.lines[at].strip() for at in range(self.at, end)]
        if len(quoted) == 1 and _COMPARISON.match(quoted[0]):
            return False
        if not self.block:
            self._leave(_indent(line)[0])
        goes_on_item = self.block and self.levels and self.levels[-1].kind != "box"
        indent = " " * (_INDENT * len(self.levels) - (2 if goes_on_item else 0))
        inner = normalize_lines(
            [_QUOTE.sub("", each, count=1) for each in quoted], self.marks_signatures, self.depth + 1
        )
        self.out.extend(f"{indent}> {each}".rstrip() for each in inner)
        self._begin("text")
        self.at = end
        return True

    # Single lines

    def _line(self, line: str) -> None:
        indent, content = _indent(line)
        is_item = content[0] in _MARK_STARTS and bool(_BULLET.match(content) or _NUMBER.match(content))
        if content[0] not in _MARK_STARTS or (indent >= _INDENT and not self.levels and not is_item):
            self._text(indent, content)
        elif self._is_under_heading(content):
            self.out.append(content)
            self._end_block()
        elif RULE.match(content):
            self._rule(content)
        elif heading := HEADING.match(content):
            self._heading(indent, len(heading[1]), content[heading.end() :].strip())
        elif item := _BULLET.match(content):
            self._item(indent, "*", f"{item[1]} {item_text(item[2])}")
        elif self.block == "list" and content in _BULLETS:
            self._item(indent, "*", "* ")
        elif (item := _NUMBER.match(content)) and _is_list_number(item[1], content):
            self._item(indent, "1", f"{item[1]}. {item_text(item[2])}", int(item[1]))
        elif _BOX.match(content):
            self._leave(indent)
            self._emit(chinese_marks(content), "box")
            self.levels.append(_Level("box", indent + _INDENT))
        else:
            self._text(indent, content)

    def _is_underlined(self) -> bool:
        """Tell whether a line of dashes or equal signs here would make the one line before it a heading."""
        is_first = len(self.out) == 1
        return self.block == "text" and not self.levels and (is_first or not self.out[-2].strip())

    def _is_under_heading(self, content: str) -> bool:
        """Tell whether a line is the line of dashes or equal signs under a heading, not one under a signature."""
        if not _HEADING_LINE.match(content) or not self._is_underlined():
            return False
        is_last = len(self.out) > 1 and not any(map(str.strip, self.lines[self.at :]))
        return content[0] == "=" or not (is_last or _NO_HEADING.search(self.out[-1]))

    def _heading(self, indent: int, rank: int, words: str) -> None:
        if closing := _CLOSING_SIGNS.search(words):
            is_mark = rank > 1 and len(closing[0]) == rank
            words = words[: closing.start()] + ("" if is_mark else "\\#" * len(closing[0]))
        self._leave(indent)
        self._emit("#" * rank + " " + chinese_marks(words), "text")
        if not self.levels:
            self._end_block()

    def _rule(self, content: str) -> None:
        self.levels.clear()
        self._separate()
        self.out.append(content)
        self._end_block()

    def _item(self, indent: int, kind: str, content: str, number: int = 0) -> None:
        sibling = None
        while self.levels and (indent < self.levels[-1].inside or self._continues(number)):
            sibling = self.levels.pop()
            if sibling.number and sibling.number + 1 == number:
                break
        depth = len(self.levels)
        changes = sibling is not None and sibling.kind not in (kind, "box")
        if self.block != "list" or depth < self.block_depth or changes:
            self._separate()
        self.out.append(" " * _INDENT * depth + content)
        if not self.block:
            self.block, self.block_depth = "list", depth
        self.levels.append(_Level(kind, indent + _LIST_INDENT, number))

    def _continues(self, number: int) -> bool:
        """Tell whether a number goes on from the item before, so that it is no item inside it."""
        return number > 1 and self.levels[-1].number + 1 == number

    def _text(self, indent: int, content: str) -> None:
        if is_mark(content):
            content = MARK
        elif self.block == "list" and indent == 0 and leads_to_mark(self.lines[self.at : self.at + _SIGNATURE_LINES]):
            self.levels.clear()
            self._separate()
        if content[0] == "\u3000" and _PARAGRAPH.match(content):
            if self.block in ("text", "indented"):
                self._end_block()
            while not self.block and self.levels and self.levels[-1].kind == "box" and indent < self.levels[-1].inside:
                self.levels.pop()
            content, indent = content[2:], max(indent, _INDENT)
        if self.block and content[0] in "-=" and _UNDERLINE.match(content):
            content = "\\" + content
        elif not (content[0] == "{" and _ATTRIBUTE_LINE.match(content)):
            content = literal_marks(chinese_marks(content))
        if not self.block or (self.levels and self.levels[-1].kind == "box"):
            self._leave(indent)
            self.out.append(" " * _INDENT * len(self.levels) + content)
        else:
            self.out.append(" " * _INDENT * self._boxes_around(indent) + content)
        self._begin("indented" if indent >= _INDENT else "text")
        if content == MARK:
            self._end_block()

    def _emit(self, content: str, kind: str) -> None:
        self.out.append(" " * _INDENT * len(self.levels) + content)
        self.block, self.block_depth = kind, len(self.levels)

    def _begin(self, kind: str) -> None:
        if not self.block:
            self.block, self.block_depth = kind, len(self.levels)

    def _leave(self, indent: int) -> None:
        while self.levels and indent < self.levels[-1].inside:
            self.levels.pop()

    def _boxes_around(self, indent: int) -> int:
        """Return the number of levels up to the innermost box that a line of a paragraph belongs to."""
        inside = [depth for depth, level in enumerate(self.levels, 1) if level.kind == "box" and indent >= level.inside]
        return inside[-1] if inside else 0

    def _separate(self) -> None:
        """End the block before, so that the next line begins a new one."""
        if self.block:
            self._end_block()

    def _end_block(self) -> None:
        self.out.append("")
        self.block = ""


def _indent(line: str) -> tuple[int, str]:
    """Return the width of the spaces and tabs before a line, and the line without them and the blanks at its end."""
    content = line.lstrip(" ")
    width = len(line) - len(content)
    if content[0] in "\t\u00a0":
        for place, character in enumerate(content):
            if character == "\t":
                width += _INDENT - width % _INDENT
            elif character in " \u00a0":
                width += 1
            else:
                content = content[place:]
                break
    return width, content if line.endswith("  ") else content.rstrip("\t\r\n\u3000\u00a0")


def _is_list_number(number: str, content: str) -> bool:
    """Tell whether a number with a full stop begins a list item, unlike the year of `2026. 11. 26`."""
    return bool(_LISTED_NUMBER.match(number)) and not _ONLY_NUMBERS.match(content)
