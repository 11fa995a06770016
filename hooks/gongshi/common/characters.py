"""Classify characters that do not belong in texts and names.

Sources: The Unicode Standard, chapter 23 (special areas and format characters); Unicode Standard Annex 9 (direction);
N. Boucher and R. Anderson, Trojan Source: Invisible Vulnerabilities, 2021.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters and marks without a visible form that `str.isprintable` calls printable."""
SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors, as ranges of a regular expression: they change the form of the character before them."""
EMOJI_WITH_SELECTOR = lazy_pattern(
    "[\u00a9\u00ae\u203c\u2049\u2122-\u2bff\u3030-\u32ff\U0001f000-\U0001faff]\ufe0f|[0-9#*]\ufe0f(?=\u20e3)"
)
"""A sign with the selector for its form as a picture, as phones and input methods write it; also that of a key."""
DIRECTION = "\u202a-\u202e\u2066-\u2069"
"""Characters that embed, override or isolate a direction of writing, as ranges of a regular expression."""
ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces of other widths than the ordinary one, such as the full-width one, as ranges of a regular expression."""
SEPARATORS = "\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
"""Characters that some programs treat as the end of a line, as ranges of a regular expression."""
NONCHARACTERS_OF_FIRST_PLANE = "\ufdd0-\ufdef\ufffe\uffff"
NONCHARACTERS = NONCHARACTERS_OF_FIRST_PLANE + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
"""Code points that are no characters, as ranges of a regular expression; XML does not allow U+FFFE and U+FFFF."""
_USEFUL = frozenset("\u200c\u200d\u180b\u180c\u180d\u180f")
"""Invisible characters that Persian, Uyghur, Mongolian or emoji need."""
_VISIBLE_FORMATS = lazy_pattern("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
"""Number signs of Arabic and other scripts: their category is format character, but they are visible."""
_FIRST_PLANES = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a"
)
SUSPECT = rf"{_FIRST_PLANES}\U000e0000-\U000e00ff\U000f0000-\U0010ffff{NONCHARACTERS}"
"""All characters that may have a fault, as ranges of a regular expression."""
_IGNORABLE = lazy_pattern(f"[{BLANK}{SELECTORS}\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""Code points with the property Default_Ignorable_Code_Point, blank letters, and U+2800; format characters are
recognised by their category instead."""
# Each range beyond the first plane makes a search slower, so these find wider ranges, and `fault_of` decides.
_BEYOND = r"\U0001fffe\U0001ffff\U0002fffe-\U0010ffff"
_IN_TEXT = lazy_pattern(f"[{_FIRST_PLANES}{_BEYOND}]")
_IN_LINE = lazy_pattern(f"[\t\n{_FIRST_PLANES}{_BEYOND}]")
_RTL_MARKS = frozenset("\u200e\u200f\u061c")
"""Direction marks, which turn no other text around: texts written from right to left need them beside numbers."""
_ISOLATES = frozenset("\u2066\u2067\u2068\u2069")
_FORMATS = lazy_pattern(f"[{SUSPECT}]")
_NONCHARACTER = lazy_pattern(f"[{NONCHARACTERS}]")
_DIRECTION = lazy_pattern(f"[{DIRECTION}]")
_SEPARATOR = lazy_pattern(f"[\n{SEPARATORS}]")


class Fault(Enum):
    """The reason why a character does not belong in a text."""

    NONCHARACTER = "noncharacter"
    """It is no character, and XML and other formats cannot hold it."""
    LOST = "lost"
    """It replaces a character or picture that a program could not convert."""
    DIRECTION = "direction"
    """It changes the direction of writing, so that a text reads differently from its stored order."""
    SEPARATOR = "separator"
    """It ends a line in some programs and not in others."""
    CONTROL = "control"
    PRIVATE = "private"
    """Its look depends on the fonts of each computer."""
    INVISIBLE = "invisible"


REFUSED_IN_LINE = frozenset((Fault.NONCHARACTER, Fault.LOST, Fault.DIRECTION, Fault.SEPARATOR, Fault.CONTROL))
"""Faults that are errors in a text of one line, such as a title; the others are advice."""
REFUSED_IN_TEXT = frozenset((Fault.NONCHARACTER,))
"""Faults that are errors in a text of several lines; the others are advice."""


def is_noncharacter(character: str) -> bool:
    """Tell whether a code point is one of the 66 that are no characters, such as U+FFFE."""
    return _NONCHARACTER.match(character) is not None


def without_noncharacters(text: str) -> str:
    """Remove the code points that are no characters, so that a text is the same in all outputs of the site.

    Args:
        text: any text.
    """
    return _NONCHARACTER.sub("", text) if _IN_TEXT.search(text) else text


def is_invisible(character: str) -> bool:
    """Tell whether a character has no visible form, or only changes the look of others.

    These are control and format characters (zero-width, direction, tags), separators of lines and paragraphs, variation
    selectors and blank letters such as U+3164, but not spaces, tabs and line ends.

    Args:
        character: one character.
    """
    if character in "\t\n":
        return False
    if _IGNORABLE.match(character) or is_noncharacter(character):
        return True
    return unicodedata.category(character) in _UNSEEN and not _VISIBLE_FORMATS.match(character)


_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def is_plain(text: str) -> bool:
    """Tell whether a text has only characters that are allowed in file names of a record: visible ones and spaces.

    Characters that this version of Python does not know are accepted, as a later one may know them.
    """
    if text.isprintable():
        return True
    return not any(unicodedata.category(c) in _NOT_IN_NAMES or is_noncharacter(c) for c in text)


_NOT_IN_NAMES = _UNSEEN | {"Co"}


@lru_cache(1024)
def fault_of(character: str) -> Fault | None:
    """Return the fault of a character; None if it belongs in texts.

    Args:
        character: one character; tab and line end belong in texts, but not in a text of one line.
    """
    if is_noncharacter(character) or "\ud800" <= character <= "\udfff":
        return Fault.NONCHARACTER
    if character in "\ufffc\ufffd":
        return Fault.LOST
    if _DIRECTION.match(character):
        return Fault.DIRECTION
    if _SEPARATOR.match(character):
        return Fault.SEPARATOR
    category = unicodedata.category(character)
    if category == "Cc":
        return Fault.CONTROL
    if category == "Co":
        return Fault.PRIVATE
    if _FORMATS.match(character) and character not in _USEFUL:
        return Fault.INVISIBLE
    return None


def is_suspect(text: str) -> bool:
    """Tell quickly whether a text of one line may have characters that do not belong there; `in_line` finds them."""
    return _IN_LINE.search(text) is not None


def in_line(text: str, right_to_left: bool = False) -> dict[str, Fault]:
    """Find characters that do not belong in a text of one line.

    Args:
        text: a title or another text that is shown on one line.
        right_to_left: True for a language written so: direction marks and closed isolates belong in its texts.

    Returns:
        The fault of each such character, in the order of the text.
    """
    allowed = _direction_marks(text) if right_to_left else frozenset()
    return {c: fault for c in dict.fromkeys(_IN_LINE.findall(text)) if c not in allowed and (fault := fault_of(c))}


def _direction_marks(line: str) -> frozenset[str]:
    """Return the direction characters that a line written from right to left may have.

    Isolates (U+2066 to U+2069) are among them only where each is closed on its line; embeddings and overrides (U+202A
    to U+202E) never, since they can show a text in another order than its stored one.
    """
    opened = 0
    for character in line:
        if character in _ISOLATES:
            opened += -1 if character == "\u2069" else 1
            if opened < 0:
                return _RTL_MARKS
    return _RTL_MARKS if opened else _RTL_MARKS | _ISOLATES


def refused_in_line(text: str) -> str | None:
    """Return the message about the first error in a text of one line; None if there is none, or only advice.

    Args:
        text: a title or another text that is shown on one line.
    """
    found = (fault_text(c, fault) for c, fault in in_line(text).items() if fault in REFUSED_IN_LINE)
    return next(found, None)


def in_text(text: str, right_to_left: bool = False) -> Iterator[tuple[int, str, Fault]]:
    """Find characters that do not belong in a text of several lines.

    Args:
        text: any text; LF ends a line.
        right_to_left: True for a language written so: direction marks and closed isolates belong in its texts.

    Yields:
        The line, counted from 1, the character and its fault, in the order of the text.
    """
    line, counted = 1, 0
    line_end, allowed = -1, frozenset[str]()
    for match in _IN_TEXT.finditer(text):
        if fault := fault_of(match[0]):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            if right_to_left and counted > line_end:
                found = text.find("\n", counted)
                line_end = len(text) if found < 0 else found
                allowed = _direction_marks(text[text.rfind("\n", 0, counted) + 1 : line_end])
            if match[0] not in allowed:
                yield line, match[0], fault


def fault_text(character: str, fault: Fault) -> str:
    """Return the message about a character, with what to do.

    Args:
        character: the character, which the message names by its number.
        fault: its fault.
    """
    words = {
        Fault.NONCHARACTER: _("contains {number}, which is not a character; delete it"),
        Fault.LOST: _(
            "contains {number}, which replaces a character or picture that was lost in copying; write what was meant"
        ),
        Fault.DIRECTION: _("contains {number}, which changes the direction of writing; delete it"),
        Fault.SEPARATOR: _("contains {number}, a line break; write it on one line"),
        Fault.CONTROL: _("contains the control character {number}; delete it"),
        Fault.PRIVATE: _(
            "contains {number}, a private-use character, which other computers show differently or not at all; use "
            "another"
        ),
        Fault.INVISIBLE: _("contains {number}, which nobody can see; delete it"),
    }
    return words[fault].format(number=f"U+{ord(character):04X}")
