"""Finds in plain text the signs that Markdown may take for marks, and writes each of them as it is and as text."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_START: Final = re.compile(
    r"(?P<fence>`{3,}|~{3,})|(?P<number>\d+)\.(?=\s|\Z)"
    r"|(?P<sign>#{1,6}|＃{1,6}|[>＞]|[-+*](?=\s|\Z)|(?:[-=_*][ \t]*){2,}\Z"
    r"|!!!|\?\?\?|===|:+(?=\s|\Z)|\+(?=[-=+])|[|｜\[{｛])"
)
"""Signs that have a meaning at the beginning of a line only."""
_INLINE: Final = re.compile(
    r"(?P<note>\[\^)|(?P<comment><[!?])|\*+|_+|＊+|`+|~~+|[\[<{|\\｛｜]|&(?=#?\w)|(?<=[\]】］])[(（]|！(?=[\[［])|[【［](?=[^\]】］]*[\]】］][(（])"
)
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
_REFERENCES: Final = {"&": "&amp;", "<": "&lt;"}


class Strength(IntEnum):
    """Ways to protect text, from the most readable one to the safest one."""

    MARKS = 1
    """Only signs that usually are marks."""
    SIGNS = 2
    """All ASCII signs, with backslashes."""
    REFERENCES = 3
    """All ASCII signs, as character references."""


@dataclass(frozen=True)
class Piece:
    """A part of a Markdown text that can be written in two ways."""

    plain: str
    safe: str
    group: Hashable = None
    """Pieces of one group are written in the same way; None for a piece that has one way only."""


def escaped(sign: str) -> str:
    """Return a sign as text.

    Args:
        sign: one character.
    """
    if sign in _REFERENCES:
        return _REFERENCES[sign]
    return "\\" + sign if sign.isascii() else f"&#{ord(sign)};"


def text_pieces(text: str, line: int, begins_line: bool, is_cell: bool, strength: Strength) -> Iterator[Piece]:
    """Yield the pieces of a text.

    Args:
        text: a piece of a line, without blanks at the beginning of the line.
        line: the number of the line, for the groups.
        begins_line: True if nothing stands before it in its line.
        is_cell: True in a row of a table, where a vertical bar always is a mark.
        strength: the way to protect it.
    """
    if strength > Strength.MARKS:
        yield from _all_signs(text, strength, is_cell)
        return
    place = 0
    if begins_line and (match := _START.match(text)):
        yield from _start(match, line, is_cell)
        place = match.end()
    for match in _INLINE.finditer(text, place):
        if match.start() > place:
            yield _fixed(text[place : match.start()])
        yield _inline(match, text, line, is_cell)
        place = match.end()
    if place < len(text):
        yield from _end(text[place:], line)


def _fixed(text: str) -> Piece:
    return Piece(text, text)


def _start(match: re.Match[str], line: int, is_cell: bool) -> Iterator[Piece]:
    found = match[0]
    if match["fence"]:
        # Alone it is text, but another one further down would end the code between both.
        yield _fixed("".join(map(escaped, found)))
    elif match["number"]:
        yield _fixed(match["number"])
        yield Piece(".", "\\.", ("start", line))
    else:
        safe = escaped(found[0]) + found[1:]
        yield _fixed(safe) if is_cell and found[0] in "|｜" else Piece(found, safe, ("start", line))


def _inline(match: re.Match[str], text: str, line: int, is_cell: bool) -> Piece:
    found = match[0]
    safe = "".join(map(escaped, found))
    if match["comment"]:
        # Alone it is text, but the end of a comment further down would take away all between both.
        return _fixed(escaped(found[0]) + found[1:])
    if match["note"] or (is_cell and found in "|｜"):
        return _fixed("\\" + found if match["note"] else safe)
    if found == "\\" and not is_cell and text[match.end() : match.end() + 1].isalnum():
        return _fixed(found)
    return Piece(found, safe, (found, line))


def _end(text: str, line: int) -> Iterator[Piece]:
    """Yield the end of a text, in which number signs may close a heading."""
    words = text.rstrip("#")
    if words:
        yield _fixed(words)
    if words != text:
        signs = text[len(words) :]
        yield Piece(signs, "".join(map(escaped, signs)), ("end", line))


def _all_signs(text: str, strength: Strength, is_cell: bool) -> Iterator[Piece]:
    place = 0
    for match in _PUNCTUATION.finditer(text):
        if match.start() > place:
            yield from _wide_marks(text[place : match.start()])
        sign = match[0]
        safe = escaped(sign) if strength is Strength.SIGNS else f"&#{ord(sign)};"
        yield _fixed(safe) if is_cell and sign == "|" else Piece(sign, safe, ("sign", sign))
        place = match.end()
    if place < len(text):
        yield from _wide_marks(text[place:])


def _wide_marks(text: str) -> Iterator[Piece]:
    """Yield a text without ASCII signs: marks of a Chinese input method, and digits at its beginning."""
    if text[0].isdigit():
        yield Piece(text[0], f"&#{ord(text[0])};", ("digit", text[0]))
        text = text[1:]
    place = 0
    for match in re.finditer("[！＃＊｜～＞｛［【（：]", text):
        if match.start() > place:
            yield _fixed(text[place : match.start()])
        yield Piece(match[0], f"&#{ord(match[0])};", ("sign", match[0]))
        place = match.end()
    if place < len(text):
        yield _fixed(text[place:])
