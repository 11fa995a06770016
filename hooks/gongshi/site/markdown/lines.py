"""Rewrite the lines of a text so that Markdown reads lists, tables and marks as office staff mean them.

Python-Markdown asks for indentation by four spaces, empty lines around lists and tables, and ASCII marks. Texts from
offices have none of these reliably. The rewriting changes marks, indentation and empty lines only; every other
character stays, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from gongshi.site.markdown.addresses import is_address, is_certain_address
from gongshi.site.markdown.table_rows import read_table

_FENCE: Final = re.compile(r"(`{3,}|~{3,})")
_BULLET: Final = re.compile(r"([-*+])[ \t\u00a0\u3000]+(\S.*)", re.DOTALL)
_BULLETS: Final = ("-", "*", "+")
_NUMBER: Final = re.compile(r"(\d+)\.[ \t\u00a0\u3000]+(\S.*)", re.DOTALL)
_NUMBER_LIKE: Final = re.compile(r"(\d+)\.(?=[ \t])")
_LISTED_NUMBER: Final = re.compile(r"(?:0|[1-9]\d{0,2})\Z")
_ONLY_NUMBERS: Final = re.compile(r"[\d.\s]+\Z")
_RULE: Final = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*\Z")
_HEADING_LINE: Final = re.compile(r"(?:-{3,}|={3,})[ \t]*\Z")
_UNDERLINE: Final = re.compile(r"(?:-+|=+)[ \t]*\Z")
_HEADING: Final = re.compile(r"([#＃]{1,6})(?=[ \t\u3000]|\Z)")
_PARAGRAPH: Final = re.compile("\u3000{2}(?!\u3000)")
"""The indentation of a new paragraph in Chinese texts."""
_BOX: Final = re.compile(r"(?:!!!|\?\?\?\+?|===)[ \t]|\[\^[^\]\n]+\]:|:[ \t]")
_QUOTE: Final = re.compile(r">[ \t]?")
_COMPARISON: Final = re.compile(r">=?[ \t]*\d(?!\d*[.)][ \t])")
_HTML_BLOCK: Final = re.compile(
    r"<(address|article|aside|blockquote|center|details|dl|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|"
    r"li|main|nav|ol|p|pre|script|section|style|summary|table|ul|video|audio|iframe|svg)(?=[\s/>])([^>]*)>",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"<!--")
_REFERENCE: Final = re.compile(r"\[[^\[\]^]+\]:[ \t]*(\S+)")
_ATTRIBUTE_LINE: Final = re.compile(r"\{:?[ ]*[.#A-Za-z][^}\n]*\}[ ]*\Z")
_SIGNOFF: Final = re.compile(r"[{｛]:?[ ]*[.．]signoff[ ]*[}｝]\Z")
"""The mark below the lines of a signature."""
_LONGEST_SIGNATURE: Final = 20
"""Lines; several units may sign one text."""
_CODE_SPAN: Final = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_INDENT: Final = 4
_LIST_INDENT: Final = 2
"""An item or paragraph that is indented so much more than an item belongs to it."""

_IMAGE_MARK: Final = re.compile(r"！(?=\[[^\[\]\n]*\][(（])")
_LINK: Final = re.compile(r"\[([^\[\]\n]*)\][(（]([^()（）\n]*)[)）]")
_WIDE_LINK: Final = re.compile(r"【([^【】\n]*)】[(（]([^()（）\n]*)[)）]")


@dataclass(frozen=True)
class _Level:
    """A list item or box that is open."""

    kind: str
    """`*` for a list of bullets, `1` for a numbered list, `box` for a note, footnote or definition."""
    inside: int
    """The indentation from which a line belongs to it."""
    number: int = 0
    """The number of a numbered item."""


def normalize_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text as Python-Markdown must have them.

    Args:
        lines: the lines of a text, without line endings.
    """
    return _Normalizer(lines).result()


@dataclass
class _Normalizer:
    lines: Sequence[str]
    out: list[str] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    block: str = ""
    """The kind of the block that the next line would go on: `list`, `text`, `box`, or empty after an empty line."""
    block_depth: int = 0
    at: int = 0

    def result(self) -> list[str]:
        while self.at < len(self.lines):
            self._next()
        return self.out

    def _next(self) -> None:
        line = self.lines[self.at]
        stripped = line.strip()
        if not stripped:
            self._end_block()
            self.at += 1
            return
        if self._fence(stripped) or self._html(stripped) or self._table(line) or self._quote(line, stripped):
            return
        self.at += 1
        self._line(line)

    # Blocks of several lines

    def _fence(self, stripped: str) -> bool:
        match = _FENCE.match(stripped)
        if not match or (match[1][0] == "`" and "`" in stripped[match.end() :]):
            return False
        closing = re.compile(rf"[ \t]*{match[1][0]}{{{len(match[1])},}}[ \t]*\Z")
        end = self.at + 1
        while end < len(self.lines) and not closing.match(self.lines[end]):
            end += 1
        if end == len(self.lines):
            return False
        self._copy(end + 1)
        return True

    def _html(self, stripped: str) -> bool:
        if _COMMENT.match(stripped):
            end = self.at
            while end < len(self.lines) and "-->" not in self.lines[end]:
                end += 1
            self._copy(min(end + 1, len(self.lines)))
            return True
        match = _HTML_BLOCK.match(stripped)
        if not match:
            return False
        if re.search(r"\bmarkdown\b", match[2]):
            self._copy(self.at + 1)
            return True
        self._copy(self._end_of_element(match[1]))
        return True

    def _end_of_element(self, name: str) -> int:
        """Return the line after an HTML element, or after its paragraph if it is not closed."""
        tags = re.compile(rf"<(/?){name}(?=[\s/>])", re.IGNORECASE)
        depth = 0
        for at in range(self.at, len(self.lines)):
            for match in tags.finditer(self.lines[at]):
                depth += -1 if match[1] else 1
            if depth <= 0:
                return at + 1
        at = self.at + 1
        while at < len(self.lines) and self.lines[at].strip():
            at += 1
        return at

    def _copy(self, end: int) -> None:
        self.out.extend(self.lines[self.at : end])
        self.at = end
        self.block, self.block_depth = "text", 0

    def _table(self, line: str) -> bool:
        if "|" not in line and "｜" not in line and "\t" not in line:
            return False
        table = read_table(self.lines, self.at)
        if not table:
            return False
        self._leave(_indent(line)[0])
        self._separate()
        indent = " " * _INDENT * len(self.levels)
        self.out.extend(indent + row for row in table.rows)
        self.out.append("")
        self.block = ""
        self.at = table.end
        return True

    def _quote(self, line: str, stripped: str) -> bool:
        if not _QUOTE.match(stripped):
            return False
        end = self.at
        while end < len(self.lines) and _QUOTE.match(self.lines[end].strip()):
            end += 1
        quoted = [self.lines[at].strip() for at in range(self.at, end)]
        if len(quoted) == 1 and _COMPARISON.match(quoted[0]):
            return False
        indent = " " * _INDENT * len(self.levels)
        if not self.block:
            self._leave(_indent(line)[0])
            indent = " " * _INDENT * len(self.levels)
        elif self.levels and self.levels[-1].kind != "box":
            indent = indent[:-2]
        inner = normalize_lines([_QUOTE.sub("", each, count=1) for each in quoted])
        self.out.extend(f"{indent}> {each}".rstrip() for each in inner)
        self._begin("text")
        self.at = end
        return True

    # Single lines

    def _line(self, line: str) -> None:
        indent, content = _indent(line)
        if indent >= _INDENT and not self.levels and not (_BULLET.match(content) or _NUMBER.match(content)):
            self._text(indent, content)
        elif _RULE.match(content) or (self._is_underlined() and _HEADING_LINE.match(content)):
            self._rule(content)
        elif heading := _HEADING.match(content):
            self._leave(indent)
            self._emit("#" * len(heading[1]) + " " + _inline(content[heading.end() :].strip()), "text")
            if not self.levels:
                self._end_block()
        elif item := _BULLET.match(content):
            self._item(indent, "*", f"{item[1]} {_item_text(item[2])}")
        elif self.block == "list" and content in _BULLETS:
            self._item(indent, "*", "* ")
        elif (item := _NUMBER.match(content)) and _is_list_number(item[1], content):
            self._item(indent, "1", f"{item[1]}. {_item_text(item[2])}", int(item[1]))
        elif _BOX.match(content):
            self._leave(indent)
            self._emit(_inline(content), "box")
            self.levels.append(_Level("box", indent + _INDENT))
        else:
            self._text(indent, content)

    def _is_underlined(self) -> bool:
        """Tell whether a line of dashes or equal signs here would make the one line before it a heading."""
        starts_block = len(self.out) == 1 or (len(self.out) > 1 and not self.out[-2].strip())
        return self.block == "text" and starts_block and not self.levels

    def _rule(self, content: str) -> None:
        if not (self._is_underlined() and _HEADING_LINE.match(content)):
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
        if _SIGNOFF.match(content):
            content = "{.signoff}"
        elif self.block == "list" and indent == 0 and self._is_signature():
            self.levels.clear()
            self._separate()
        if _PARAGRAPH.match(content):
            if self.block == "text":
                self._end_block()
            content = content[2:]
        if _UNDERLINE.match(content) and self.block:
            content = "\\" + content
        elif not _ATTRIBUTE_LINE.match(content):
            content = _literal_marks(_inline(content))
        if not self.block or (self.levels and self.levels[-1].kind == "box"):
            self._leave(indent)
            self.out.append(" " * _INDENT * len(self.levels) + content)
        else:
            self.out.append(" " * _INDENT * self._boxes_around(indent) + content)
        self._begin("text")
        if content == "{.signoff}":
            self._end_block()

    def _is_signature(self) -> bool:
        """Tell whether the line before this place and those after it are a signature, up to its mark."""
        for line in self.lines[self.at : self.at + _LONGEST_SIGNATURE]:
            content = line.strip()
            if _SIGNOFF.match(content):
                return True
            if not content or _BULLET.match(content) or _NUMBER.match(content):
                return False
        return False

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
    width = 0
    for place, character in enumerate(line):
        if character == " ":
            width += 1
        elif character == "\t":
            width += _INDENT - width % _INDENT
        else:
            return width, line[place:].rstrip("\t\r\n\u3000\u00a0") if not line.endswith("  ") else line[place:]
    return width, ""


def _is_list_number(number: str, content: str) -> bool:
    """Tell whether a number with a full stop begins a list item, unlike the year of `2026. 11. 26`."""
    return bool(_LISTED_NUMBER.match(number)) and not _ONLY_NUMBERS.match(content)


def _item_text(content: str) -> str:
    """Return the text of a list item, in which a number sign without a blank is text."""
    text = _inline(content)
    return "\\" + text if text.startswith("#") and not _HEADING.match(text) else text


def _literal_marks(content: str) -> str:
    """Escape the marks at the beginning of a line that Markdown would take although they are text."""
    if content.startswith(("#", ">")) or _RULE.match(content) or (content[:1] in "-+*" and content[1:2] == " "):
        return "\\" + content
    if match := _NUMBER_LIKE.match(content):
        return f"{match[1]}\\{content[match.end() - 1 :]}"
    if (match := _REFERENCE.match(content)) and not is_address(match[1]):
        return "\\" + content
    return content


def _inline(content: str) -> str:
    """Write the marks of links and pictures that a Chinese input method typed."""
    if not any(mark in content for mark in ("（", "）", "】(", "！[")):
        return content
    return "".join(_outside_code(content, _links))


def _outside_code(content: str, change: Callable[[str], str]) -> Iterator[str]:
    place = 0
    for match in _CODE_SPAN.finditer(content):
        yield change(content[place : match.start()])
        yield match[0]
        place = match.end()
    yield change(content[place:])


def _links(text: str) -> str:
    text = _IMAGE_MARK.sub("!", text)
    text = _LINK.sub(_link, text)
    return _WIDE_LINK.sub(_wide_link, text)


def _link(match: re.Match[str]) -> str:
    is_wide = match[0][len(match[1]) + 2] == "（" or match[0][-1] == "）"
    return f"[{match[1]}]({match[2].strip()})" if is_wide and is_certain_address(match[2]) else match[0]


def _wide_link(match: re.Match[str]) -> str:
    return f"[{match[1]}]({match[2].strip()})" if is_certain_address(match[2]) else match[0]
