"""Text as an approver must see it: what is invisible or turns the writing direction shows as its number.

What stands in a text must not be able to look like something else (N. Boucher and R. Anderson, Trojan Source:
Invisible Vulnerabilities, 2021).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gongshi.common.characters import BLANK, SELECTORS
from gongshi.common.normalization import normalized
from gongshi.domain.review.similarity import LOOKS

Run = tuple[str, bool]
"""A stretch of text, and whether it stands for a character instead of being one."""

LINE_BREAK, TAB, SPACE = "⏎", "⇥", "␣"
_SYMBOLS = {"\n": LINE_BREAK, "\t": TAB}
# Letters and marks that show nothing, and the symbols of this module, which must stand for nothing but themselves.
_ALWAYS = re.compile(rf"[{BLANK}⟨⟩{LINE_BREAK}{TAB}{SPACE}]")
_SELECTOR = re.compile(f"[{SELECTORS}]")
_MARKERS = re.compile(r"\[(?=-)|(?<=-)\]|\{(?=\+)|(?<=\+)\}")


def escaped(character: str) -> str:
    """A character by its number, such as `⟨U+200B⟩`."""
    return f"⟨U+{ord(character):04X}⟩"


def runs(text: str, changed: bool, spelled: bool = False, markers: bool = False) -> Iterator[Run]:
    """A text with everything visible that is not.

    Args:
        text: a piece of a text diff.
        changed: whether it went out or came in; then unusual and outer spaces show, too.
        spelled: whether each unusual letter is followed by its number, because it looks like another.
        markers: whether brackets that look like the marks of a change are numbers, too.
    """
    if text.isprintable() and not (changed or markers) and not _ALWAYS.search(text):
        yield text, False
        return
    brackets = {match.start() for match in _MARKERS.finditer(text)} if markers else set()
    if markers and changed and text[:1] in ("]", "}"):
        brackets.add(0)
    plain: list[str] = []
    for place, character in enumerate(text):
        mark = escaped(character) if place in brackets else _mark(text, place, changed)
        if mark is None:
            plain.append(character)
            mark = escaped(character) if spelled and _is_unusual(character) else None
        if mark is not None:
            if plain:
                yield "".join(plain), False
                plain.clear()
            yield mark, True
    if plain:
        yield "".join(plain), False


def shown(text: str, markers: bool = False) -> str:
    """An unchanged text on one line with everything visible that is not."""
    return "".join(part for part, _is_mark in runs(text, changed=False, markers=markers))


def _mark(text: str, place: int, changed: bool) -> str | None:
    character = text[place]
    if character == " ":
        return SPACE if changed and _is_outer(text, place) else None
    if character in _SYMBOLS:
        return _SYMBOLS[character]
    if _ALWAYS.match(character):
        return escaped(character)
    if character.isprintable():
        hidden = changed and (_SELECTOR.match(character) or (place == 0 and unicodedata.combining(character)))
        return escaped(character) if hidden else None
    is_space = unicodedata.category(character) == "Zs"
    return escaped(character) if changed or not is_space else None


def _is_outer(text: str, place: int) -> bool:
    """Whether a space stands at an end of the piece or of a line, or beside another one."""
    return {text[place - 1 : place] or "\n", text[place + 1 : place + 2] or "\n"} & {" ", "\n", "\t"} != set()


def _is_unusual(character: str) -> bool:
    return not character.isascii() and not unicodedata.name(character, "").startswith("CJK UNIFIED")


def look_alike(before: str, after: str) -> bool:
    """Whether two different texts look the same or nearly: other alphabet, other width, other composition."""
    return before != after and _look(before) == _look(after)


def _look(text: str) -> str:
    return normalized("NFKC", text).translate(LOOKS)
