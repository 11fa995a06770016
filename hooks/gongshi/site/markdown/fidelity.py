"""Compare the text that an editor typed with the text of the page, and name what the page says differently.

The comparison reads the Markdown on its own, without the converter, so that a fault of the converter shows. It compares
letters, digits and signs in their order; blanks and the signs that marks of Markdown are made of do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

from gongshi.site.html.allowlist import KNOWN
from gongshi.site.markdown.addresses import is_address, is_certain_address
from gongshi.site.markdown.page_text import PageText

_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG: Final = re.compile(
    r"</?([A-Za-z][A-Za-z0-9-]*)(?:\s+[A-Za-z_:@][\w:.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>"
)
_TARGET: Final = (
    r"([(（])[ \t]*\n?[ \t]*<?((?:[^()（）\n<>]|\([^()\n]*\)|（[^（）\n]*）|（(?![^（）\n]*）))*?)>?"
    r"""([ \t]+["'][^\n]*?["'])?[ \t]*\n?[ \t]*([)）])"""
)
_LINK: Final = re.compile(r"[\[【［]((?:[^\[\]【】［］\n]|\n(?![ \t]*\n)|\[[^\[\]\n]*\])*)[\]】］]" + _TARGET)
_IMAGE: Final = re.compile(r"[!！][\[［]([^\]］\n]*)[\]］](?:" + _TARGET + r"|\[[^\]\n]*\])")
_REFERENCE: Final = re.compile(r"\[([^\[\]\n]+)\]\[([^\[\]\n]*)\]")
_DEFINITION: Final = re.compile(r"^[ \t]*\[[^\]^\n]+\]:[ \t]*(\S+).*$", re.MULTILINE)
_ABBREVIATION: Final = re.compile(r"^[ \t]*\*\[([^\]\n]+)\]:.*$", re.MULTILINE)
_NOTE: Final = re.compile(r"^\[\^([^\]\n]+)\]:")
_NOTE_MARK: Final = re.compile(r"\[\^([^\]\n]+)\](:?)")
_ATTRIBUTES: Final = re.compile(
    r"\{:?[ ]*(?:(?:[.#][A-Za-z_][\w:.-]*|[A-Za-z_][\w:.-]*=(?:\"[^\"\n]*\"|[^\s}\"]+))[ ]*)+\}"
    r"|[{｛]:?[ ]*[.．]signoff[ ]*[}｝]"
)
_FENCE: Final = re.compile(
    r"^(`{3,}|~{3,})[ ]*(?:\{[^\n]*\}|\.?[\w#.+-]*)?[ ]*(\n.*?)?\n\1[ ]*$", re.MULTILINE | re.DOTALL
)
_CODE: Final = re.compile(r"(?<![\\`])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
SHORT_CODE: Final = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""A piece of code within a line."""
_BOX: Final = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*(?:[ \t]+\"(.*)\")?", re.MULTILINE)
_CONTENTS: Final = re.compile(r"^[ \t]*\[TOC\][ \t]*$", re.MULTILINE)
_CAPTION: Final = re.compile(r"(<figure[^<>]*>(?:<a [^<>]*>)?<[^<>]*>(?:</[^<>]*>)*)<figcaption>([^<]*)</figcaption>")
"""A picture or film with its title, which the sanitizer shows below it."""
_NUMBER: Final = re.compile(r"""\b(?:start|value)\s*=\s*["']?(\d+)""", re.IGNORECASE)
_TASK: Final = re.compile(r"^([ \t]*(?:[-*+]|\d+\.)[ \t]+)\[[ xX]\](?=[ \t])", re.MULTILINE)
_ESCAPE: Final = re.compile(r"\\([!#-&(-/:-@\[-`{-~])")
_SIGNS: Final = frozenset(
    "☐☑*＊_#＃>＞-+|｜~～`[]【】［］｛｝(){}（）!！\\:：=.。^\"'“”‘’&<—–－￼\ufeff\u00ad\u200b\u200c\u200d"
)
"""Signs of which marks are made, and invisible characters; they are not compared."""
_REFERENCE_TO_CHARACTER: Final = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_NOTHING: Final = "\ufeff"
"""A sign that is not compared; it stands for a mark that was taken out, so that the line is not empty."""
_CONTEXT: Final = 8
_MAXIMUM: Final = 40
_TRIED: Final = 20
"""Differences for which it is tried whether the page shows a mark that was read as one here."""
_REPEATED: Final = 4
_GAP: Final = 24
"""Lines around a difference that are tried, at most."""
_PRIVATE: Final = 0xF0000
"""The first private character; they stand for the letters of lines that are read without marks."""


@dataclass(frozen=True)
class TextDifference:
    """A place where the page says something else than the text."""

    line: int
    """The line of the text, counted from 0."""
    typed: str
    """The text there, as typed, with some around it."""
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
    words, places = _read_page(page, body)
    shown = "".join(words[place] for place in places)
    reader = _Reader(body)
    if reader.read().text == shown:
        return []
    typed = _nearest_reading(reader, shown)
    lines = body.split("\n")
    return [
        TextDifference(
            typed.lines[min(a, len(typed.lines) - 1)] if typed.lines else 0,
            _typed_part(lines, typed, a, b),
            _shown_part(words, places, c, d),
        )
        for a, b, c, d in _changes(typed.text, shown)
    ]


def _nearest_reading(reader: _Reader, shown: str) -> _Reading:
    """Return the reading of a text that comes nearest to its page."""
    from rapidfuzz.distance import Indel

    readers = [reader]
    if "`" in reader.body:
        readers.append(_Reader(reader.body, has_long_code=False))
    if "[^" in reader.body:
        # Earlier versions of the extension put footnotes in the order of their marks, newer ones as they were typed.
        readers.append(_Reader(reader.body, by_marks=True))
    return _with_lines_as_text(min(readers, key=lambda each: Indel.distance(each.read().text, shown)), shown)


def _changes(typed: str, shown: str) -> list[tuple[int, int, int, int]]:
    """Return the places that differ: start and end in both texts."""
    # Imported here: slow to load, and most pages do not differ.
    from rapidfuzz.distance import Indel

    found: list[tuple[int, int, int, int]] = []
    for change in Indel.opcodes(typed, shown):
        a, b, c, d = change.src_start, change.src_end, change.dest_start, change.dest_end
        if change.tag == "equal":
            continue
        if found and a - found[-1][1] <= _CONTEXT:
            found[-1] = (found[-1][0], b, found[-1][2], d)
        else:
            found.append((a, b, c, d))
    return found


def _with_lines_as_text(reader: _Reader, shown: str) -> _Reading:
    """Read lines without marks where the page shows all of them as text, so that nothing of them is lost."""
    from rapidfuzz.distance import Indel

    plain: frozenset[int] = frozenset()
    typed = reader.read()
    least = Indel.distance(typed.text, shown)
    for start, end, _c, _d in _changes(typed.text, shown)[:_TRIED]:
        last = reader.body.count("\n")
        # Where a letter is repeated, the difference may be some letters further on.
        a, b = start - _REPEATED, end + _REPEATED
        ends = (typed.lines[a] if a >= 0 else 0, typed.lines[b] if b < len(typed.lines) else last)
        gap = tuple(range(min(ends), max(ends) + 1))
        for lines in [(line,) for line in gap] + [gap] if len(gap) <= _GAP else []:
            tried = reader.read(plain.union(lines))
            distance = Indel.distance(tried.text, shown)
            if distance < least:
                typed, least, plain = tried, distance, plain.union(lines)
            if not least:
                return typed
    return typed


def _typed_part(lines: Sequence[str], typed: _Reading, start: int, end: int) -> str:
    """Return the typed text around a difference, in its first line, with all of its signs."""
    number = typed.lines[min(start, len(typed.lines) - 1)] if typed.lines else 0
    line = lines[number]
    if len(line) <= _MAXIMUM:
        return " ".join(line.split())
    first = next((place for place, other in enumerate(typed.lines) if other == number), 0)
    places, at = [], 0
    for place in range(first, len(typed.lines)):
        if typed.lines[place] != number:
            break
        # A character may be written in another way, such as &lt;.
        found = line.find(typed.text[place], at)
        at = found + 1 if found >= 0 else at
        places.append(max(at - 1, 0))
    inside = places[start - first : max(end - first, start - first + 1)] or [0]
    return _part(line, inside[0], inside[-1] + 1)


def _shown_part(words: str, places: Sequence[int], start: int, end: int) -> str:
    """Return the text of the page around a difference, with all of its signs."""
    first = places[start] if start < len(places) else len(words)
    last = places[end - 1] + 1 if end > start else first
    return _part(words, first, last)


def _part(text: str, start: int, end: int) -> str:
    start, end = max(start - _CONTEXT, 0), min(end, start + _MAXIMUM) + _CONTEXT
    part = " ".join(text[start:end].split())
    return ("…" if text[:start].strip() else "") + part + ("…" if text[end:].strip() else "")


@dataclass(frozen=True)
class _Reader:
    """Reads from a Markdown text what a reader of the page should find; footnotes stand at the end."""

    body: str
    by_marks: bool = False
    """True to put footnotes in the order of their marks, False as they are defined."""
    has_long_code: bool = True
    """True if a piece of code may go on in the next line."""

    def read(self, plain: frozenset[int] = frozenset()) -> _Reading:
        """Return the text.

        Args:
            plain: the lines in which every mark is text.
        """
        body = self.body
        defined = {match[1] for match in map(_NOTE.match, body.split("\n")) if match}
        text = _hidden_lines(body, plain) if plain else body
        text = _FENCE.sub(lambda match: _letters(match[2] or "") + "\n", text)
        text = (_CODE if self.has_long_code else SHORT_CODE).sub(lambda match: _letters(match[2]), text)
        text = _ESCAPE.sub(lambda match: "" if match[1] in _SIGNS else match[1], text)
        text = _COMMENT.sub(_emptied, text)
        text = _CONTENTS.sub(_NOTHING, text)
        text = _BOX.sub(lambda match: _NOTHING + (match[1] or ""), text)
        # The meaning of a word that stands nowhere else is shown nowhere.
        text = _ABBREVIATION.sub(lambda match: _emptied(match) if body.count(match[1]) > 1 else match[0], text)
        text = _ATTRIBUTES.sub(_emptied, text)
        text = _IMAGE.sub(_without_picture, text)
        text = _TASK.sub(r"\1", text)
        text = _DEFINITION.sub(lambda match: _NOTHING if is_address(match[1]) else match[0], text)
        text = _TAG.sub(_Tags().replace, text)
        text = _LINK.sub(_link_text, text)
        text = _REFERENCE.sub(lambda match: match[1] if _has_definition(match[2] or match[1], body) else match[0], text)
        kept = _in_order(text.split("\n"), defined, self.by_marks)
        characters = [(each, number) for number, line in kept for each in _significant(_shown_again(_resolved(line)))]
        return _Reading("".join(each for each, _line in characters), tuple(line for _each, line in characters))


def _in_order(lines: list[str], defined: set[str], by_marks: bool) -> list[tuple[int, str]]:
    """Return lines with their numbers, the text first, then the footnotes."""
    order: list[str] = []
    notes: dict[str, list[tuple[int, str]]] = {}
    kept: list[tuple[int, str]] = []
    note = ""
    for number, line in enumerate(lines):
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
    kept.extend(line for name in (order if by_marks else notes) for line in notes.get(name, ()))
    return kept


class _Tags:
    """Takes tags out of a text, and counts the items of lists that are written in HTML."""

    def __init__(self) -> None:
        self._numbers: list[int | None] = []

    def replace(self, match: re.Match[str]) -> str:
        """Return the number of a list item, or line ends, in place of a tag; other text in brackets stays.

        Args:
            match: the tag.
        """
        name, number = match[1].lower(), _NUMBER.search(match[0])
        if name not in KNOWN:
            return match[0]
        if name in ("ol", "ul"):
            if match[0].startswith("</"):
                del self._numbers[-1:]
            else:
                self._numbers.append((int(number[1]) if number else 1) if name == "ol" else None)
        elif name == "li" and not match[0].startswith("</") and self._numbers and self._numbers[-1] is not None:
            present = int(number[1]) if number else self._numbers[-1]
            self._numbers[-1] = present + 1
            return _emptied(match) + str(present)
        return _emptied(match)


def _hidden_lines(body: str, plain: frozenset[int]) -> str:
    """Replace the letters and digits of lines by private characters, so that no mark is found there."""
    return "\n".join(
        "".join(chr(_PRIVATE + ord(each)) if ord(each) < _PRIVATE else each for each in _significant(_resolved(line)))
        if number in plain
        else line
        for number, line in enumerate(body.split("\n"))
    )


def _shown_again(line: str) -> str:
    """Undo `_hidden_lines`."""
    if line.isascii():
        return line
    return "".join(chr(ord(each) - _PRIVATE) if ord(each) > _PRIVATE else each for each in line)


def _resolved(line: str) -> str:
    """Resolve character references; Markdown reads none without a semicolon, such as the one in `?a=1&copy=2`."""
    return _REFERENCE_TO_CHARACTER.sub(lambda match: unescape(match[0]), line) if "&" in line else line


def _emptied(match: re.Match[str]) -> str:
    return _NOTHING + "\n" * match[0].count("\n")


def _link_text(match: re.Match[str]) -> str:
    """Return the text of a link, and the whole match where it is none."""
    opening, target, closing = match[2], match[3], match[5]
    is_plain = match[0][0] == "[" and opening == "(" and closing == ")"
    if not (is_address if is_plain else is_certain_address)(target):
        return match[0]
    return match[1] + "\n" * (match[0].count("\n") - match[1].count("\n"))


def _without_picture(match: re.Match[str]) -> str:
    """Return nothing for a picture, and the whole match where it is none."""
    return match[0] if match[2] and _link_text(match) == match[0] else _emptied(match)


def _has_definition(name: str, body: str) -> bool:
    return bool(re.search(rf"^[ \t]*\[{re.escape(name)}\]:", body, re.MULTILINE | re.IGNORECASE))


def _significant(text: str) -> str:
    return "".join(each for each in text if each not in _SIGNS and not each.isspace())


def _letters(code: str) -> str:
    """Return code without the signs that are marks in a text; its lines stay."""
    return "\n".join(map(_significant, code.split("\n")))


def _page_reader(body: str, has_folded: bool) -> PageText:
    """Return a reader for the page of a text.

    Args:
        body: the Markdown text.
        has_folded: True if the page has folded boxes, which another extension makes.
    """
    boxes = _BOX.finditer(_FENCE.sub(_emptied, body))
    titles = [match[1] for match in boxes if has_folded or match[0].lstrip().startswith("!")]
    shown = [] if "admonition-title" in body else [title for title in titles if title != ""]
    return PageText(shown, bool(_CONTENTS.search(body)))


def _has_title(body: str, caption: str) -> bool:
    """Tell whether a caption is the title of a picture or film, and not the text of an element that was typed."""
    quoted = "[\"'(]" + re.escape(unescape(caption)) + "[\"')]"
    return bool(re.search(quoted, unescape(_ESCAPE.sub(r"\1", body))))


def _read_page(page: str, body: str) -> tuple[str, list[int]]:
    """Return the text of a page, and the places of the characters that are compared."""
    reader = _page_reader(body, "<details" in page)
    reader.feed(_CAPTION.sub(lambda match: match[1] if _has_title(body, match[2]) else match[0], page))
    reader.close()
    words = "".join(reader.pieces)
    return words, [place for place, each in enumerate(words) if each not in _SIGNS and not each.isspace()]
