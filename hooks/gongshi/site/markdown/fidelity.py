"""Compare the text that an editor typed with the text of the page, and name what the page says differently.

The comparison reads the Markdown on its own, without the converter, so that a fault of the converter shows. It compares
letters, digits and signs in their order; blanks and the signs that marks of Markdown are made of do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Final

from rapidfuzz.distance import Indel

from gongshi.site.html.allowlist import KNOWN
from gongshi.site.markdown.addresses import is_address, is_certain_address

_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG: Final = re.compile(
    r"</?([A-Za-z][A-Za-z0-9-]*)(?:\s+[A-Za-z_:@][\w:.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>"
)
_TARGET: Final = r"""([(（])[ \t]*<?((?:[^()（）\n<>]|\([^()\n]*\))*?)>?([ \t]+["'][^\n]*?["'])?[ \t]*([)）])"""
_LINK: Final = re.compile(r"[\[【]((?:[^\[\]【】]|\[[^\[\]\n]*\])*)[\]】]" + _TARGET)
_IMAGE: Final = re.compile(r"[!！]\[([^\]\n]*)\](?:" + _TARGET + r"|\[[^\]\n]*\])")
_REFERENCE: Final = re.compile(r"\[([^\[\]\n]+)\]\[([^\[\]\n]*)\]")
_DEFINITION: Final = re.compile(r"^[ \t]*\[[^\]^\n]+\]:[ \t]*(\S+).*$", re.MULTILINE)
_ABBREVIATION: Final = re.compile(r"^[ \t]*\*\[[^\]\n]+\]:.*$", re.MULTILINE)
_NOTE: Final = re.compile(r"^\[\^([^\]\n]+)\]:")
_NOTE_MARK: Final = re.compile(r"\[\^([^\]\n]+)\](:?)")
_ATTRIBUTES: Final = re.compile(
    r"\{:?[ ]*(?:(?:[.#][A-Za-z_][\w:.-]*|[A-Za-z_][\w:.-]*=(?:\"[^\"\n]*\"|[^\s}\"]+))[ ]*)+\}"
    r"|[{｛]:?[ ]*[.．]signoff[ ]*[}｝]"
)
_FENCE: Final = re.compile(
    r"^(`{3,}|~{3,})[ ]*(?:\{[^\n]*\}|\.?[\w#.+-]*)?[ ]*(\n.*?)?\n\1[ ]*$", re.MULTILINE | re.DOTALL
)
_CODE: Final = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_BOX: Final = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*(?:[ \t]+\"(.*)\")?", re.MULTILINE)
_TASK: Final = re.compile(r"^([ \t]*(?:[-*+]|\d+\.)[ \t]+)\[[ xX]\](?=[ \t])", re.MULTILINE)
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGNS: Final = frozenset("☐☑*＊_#＃>-+|｜~～`[]【】(){}（）!！\\:：=.。^\"'“”‘’&<—–－￼\ufeff\u00ad\u200b\u200c\u200d")
"""Signs of which marks are made, and invisible characters; they are not compared."""
_CONTEXT: Final = 8
_MAXIMUM: Final = 40


@dataclass(frozen=True)
class TextDifference:
    """A place where the page says something else than the text."""

    line: int
    """The line of the text, counted from 0."""
    typed: str
    """The letters, digits and signs there, as typed, with some around them."""
    shown: str
    """The same on the page."""


@dataclass(frozen=True)
class _Reading:
    """The characters of a text that count, with the line of each."""

    text: str
    lines: tuple[int, ...]


def find_differences(body: str, page: str) -> list[TextDifference]:
    """Return where the text of a page differs from what was typed.

    Args:
        body: the Markdown text.
        page: its HTML.
    """
    typed = _read_source(body)
    shown = _read_page(page, titled=any(match[1] for match in _BOX.finditer(body)))
    if typed.text == shown:
        return []
    found: list[tuple[int, int, int, int]] = []
    for change in Indel.opcodes(typed.text, shown):
        a, b, c, d = change.src_start, change.src_end, change.dest_start, change.dest_end
        if change.tag == "equal":
            continue
        if found and a - found[-1][1] <= _CONTEXT:
            found[-1] = (found[-1][0], b, found[-1][2], d)
        else:
            found.append((a, b, c, d))
    return [
        TextDifference(
            typed.lines[min(a, len(typed.lines) - 1)] if typed.lines else 0,
            _around(typed.text, a, b),
            _around(shown, c, d),
        )
        for a, b, c, d in found
    ]


def _around(text: str, start: int, end: int) -> str:
    return text[max(start - _CONTEXT, 0) : min(end, start + _MAXIMUM) + _CONTEXT]


def _read_source(body: str) -> _Reading:
    """Return what a reader should find of a Markdown text; footnotes stand at the end, in the order of their marks."""
    defined = {match[1] for match in map(_NOTE.match, body.split("\n")) if match}
    text = _FENCE.sub(lambda match: "\n" + _letters(match[2] or "") + "\n", body)
    text = _CODE.sub(lambda match: _letters(match[2]), text)
    text = _ESCAPE.sub(lambda match: "" if match[1] in _SIGNS else match[1], text)
    text = _COMMENT.sub(_emptied, text)
    text = _BOX.sub(lambda match: match[1] or "", text)
    for pattern in (_ABBREVIATION, _ATTRIBUTES):
        text = pattern.sub(_emptied, text)
    text = _IMAGE.sub(lambda match: "" if match[2] is None or _link_text(match) == match[1] else match[0], text)
    text = _TASK.sub(r"\1", text)
    text = _DEFINITION.sub(lambda match: "" if is_address(match[1]) else match[0], text)
    text = _TAG.sub(lambda match: _emptied(match) if match[1].lower() in KNOWN else match[0], text)
    text = _LINK.sub(_link_text, text)
    text = _REFERENCE.sub(lambda match: match[1] if _has_definition(match[2] or match[1], body) else match[0], text)
    order: list[str] = []
    notes: dict[str, list[tuple[int, str]]] = {}
    kept: list[tuple[int, str]] = []
    note = ""
    for number, line in enumerate(text.split("\n")):
        if match := _NOTE.match(line):
            note = match[1]
            notes.setdefault(note, []).append((number, line[match.end() :]))
            continue
        if note and (not line.strip() or line.startswith(("    ", "\t"))):
            notes[note].append((number, line))
            continue
        note = ""
        for mark in _NOTE_MARK.finditer(line):
            if mark[1] in defined and mark[1] not in order:
                order.append(mark[1])
        kept.append((number, _NOTE_MARK.sub(lambda mark: "" if mark[1] in defined else mark[0], line)))
    kept.extend(line for name in order for line in notes.get(name, ()))
    characters = [(each, number) for number, line in kept for each in _significant(unescape(line))]
    return _Reading("".join(each for each, _line in characters), tuple(line for _each, line in characters))


def _emptied(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _link_text(match: re.Match[str]) -> str:
    """Return the text of a link, and the whole match where it is none."""
    opening, target, closing = match[2], match[3], match[5]
    is_plain = match[0][0] == "[" and opening == "(" and closing == ")"
    return match[1] if (is_address if is_plain else is_certain_address)(target) else match[0]


def _has_definition(name: str, body: str) -> bool:
    return bool(re.search(rf"^[ \t]*\[{re.escape(name)}\]:", body, re.MULTILINE | re.IGNORECASE))


def _significant(text: str) -> str:
    return "".join(each for each in text if each not in _SIGNS and not each.isspace())


def _letters(code: str) -> str:
    """Return code without the signs that are marks in a text; its lines stay."""
    return "\n".join(map(_significant, code.split("\n")))


class _PageText(HTMLParser):
    """Text of a page as a reader finds it, with the numbers of lists and without the marks of footnotes."""

    def __init__(self, titled: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.titled = titled
        self.pieces: list[str] = []
        self.numbers: list[int | None] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = (values.get("class") or "").split()
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.append(tag)
        elif "footnote-ref" in classes or "footnote-backref" in classes or self._is_own_title(classes):
            self.hidden.append(tag)
        elif tag in ("ol", "ul"):
            notes = any("footnote" in piece for piece in self.pieces[-1:])
            start = values.get("start") or "1"
            self.numbers.append(int(start) if tag == "ol" and start.isdigit() and not notes else None)
        elif tag == "div" and "footnote" in classes:
            self.pieces.append("\x00footnote")
        elif tag == "li" and self.numbers and self.numbers[-1] is not None:
            value = values.get("value") or ""
            number = int(value) if value.isdigit() else self.numbers[-1]
            self.pieces.append(str(number))
            self.numbers[-1] = number + 1

    def _is_own_title(self, classes: list[str]) -> bool:
        """Tell whether an element is the title that an untitled note gets from its kind."""
        return not self.titled and "admonition-title" in classes

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.pop()
        elif tag in ("ol", "ul") and self.numbers:
            self.numbers.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden and (data.strip() or not self.pieces):
            self.pieces.append(data)


def _read_page(page: str, titled: bool) -> str:
    reader = _PageText(titled)
    reader.feed(page)
    reader.close()
    return _significant("".join(piece for piece in reader.pieces if not piece.startswith("\x00")))
