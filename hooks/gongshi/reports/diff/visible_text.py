"""Show invisible characters and those that turn the writing direction by their numbers.

An approver must see every change, and no text may look like another (N. Boucher and R. Anderson, Trojan Source:
Invisible Vulnerabilities, 2021).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from gongshi.common.characters import BLANK, EMOJI_WITH_SELECTOR, SELECTORS
from gongshi.common.normalization import normalize
from gongshi.domain.review.similarity import LOOKS

Run = tuple[str, bool]
"""A string, and whether it is a mark that stands for a character (True) or text as it is (False)."""

LINE_BREAK, TAB, SPACE = "⏎", "⇥", "␣"
_SYMBOLS = {"\n": LINE_BREAK, "\t": TAB}
# Invisible letters and marks, and the symbols of this module, so that text cannot imitate the marks.
_ALWAYS = re.compile(rf"[{BLANK}⟨⟩{LINE_BREAK}{TAB}{SPACE}]")
_SELECTOR = re.compile(f"[{SELECTORS}]")
_INDENTED = re.compile(r"^\u3000{2}(?=\S)", re.MULTILINE)
_MARKERS = re.compile(r"\[(?=-)|(?<=-)\]|\{(?=\+)|(?<=\+)\}")


def escaped(character: str) -> str:
    """Return a character as its number, such as `⟨U+200B⟩`."""
    return f"⟨U+{ord(character):04X}⟩"


def runs(
    text: str,
    changed: bool,
    spelled: bool = False,
    markers: bool = False,
    plain: Collection[int] = (),
    differing: Collection[str] | None = None,
) -> Iterator[Run]:
    """Split a text into runs, with a mark in place of each invisible character.

    Args:
        text: a piece of a text diff.
        changed: True if it was deleted or inserted; then unusual spaces and those at the ends are marked, too.
        spelled: True to add the number after each unusual letter, because it looks like another letter.
        markers: True to show brackets that look like the marks of a change by their numbers.
        plain: the places of characters that are shown as they are, as `usual_places` returns them.
        differing: the letters to which the number is added; None for every unusual one.
    """
    if text.isprintable() and not (changed or markers) and not _ALWAYS.search(text):
        yield text, False
        return
    brackets = {match.start() for match in _MARKERS.finditer(text)} if markers else set()
    if markers and changed and text[:1] in ("]", "}"):
        brackets.add(0)
    shown: list[str] = []
    for place, character in enumerate(text):
        mark = escaped(character) if place in brackets else _mark(text, place, changed)
        if mark is None or place in plain:
            shown.append(character)
            is_meant = spelled and (differing is None or character in differing)
            mark = escaped(character) if is_meant and _is_unusual(character) else None
        if mark is not None:
            if shown:
                yield "".join(shown), False
                shown.clear()
            yield mark, True
    if shown:
        yield "".join(shown), False


def usual_places(text: str, indents: bool, is_line_start: bool) -> frozenset[int]:
    """Return the places of characters in a changed text that are invisible elsewhere, but usual here.

    These are the two full-width spaces before a new paragraph, and the selector that makes a sign an emoji.

    Args:
        text: a deleted or inserted piece.
        indents: True if the text stands in lines, so that a paragraph may be indented.
        is_line_start: True if the piece begins a line that has no counterpart in the other version.
    """
    found = {match.end() - 1 for match in EMOJI_WITH_SELECTOR.finditer(text)}
    if indents:
        for match in _INDENTED.finditer(text):
            if match.start() or is_line_start:
                found.update(range(match.start(), match.end()))
    return frozenset(found)


def show_invisible(text: str, markers: bool = False) -> str:
    """Return an unchanged text on one line, with a mark in place of each invisible character."""
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
    """Tell whether a space is at an end of the piece or of a line, or beside another space or tab."""
    return {text[place - 1 : place] or "\n", text[place + 1 : place + 2] or "\n"} & {" ", "\n", "\t"} != set()


def _is_unusual(character: str) -> bool:
    return not character.isascii() and not unicodedata.name(character, "").startswith("CJK UNIFIED")


def look_alike(before: str, after: str) -> bool:
    """Tell whether two different texts look nearly the same: by another alphabet, width or composition."""
    return before != after and _visual_form(before) == _visual_form(after)


def _visual_form(text: str) -> str:
    return _SELECTOR.sub("", normalize("NFKC", text)).translate(LOOKS)
