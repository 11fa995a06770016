"""Rules for a text on one line, such as a title: one rule for files, mkdocs.yml and the command line."""

from __future__ import annotations

from collections.abc import Iterator

from gongshi.common import characters
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _

TITLE_LENGTH = 200
"""The maximum number of characters of a title."""
_CONTROL = lazy_pattern("[\x00-\x1f\x7f-\x9f]")
_ODD_SPACES = lazy_pattern(
    "[ \t]*[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000][ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*"
)


def with_plain_spaces(text: str) -> str:
    """Replace each run of tabs, full-width and other odd spaces by one ordinary space, and remove outer spaces.

    Args:
        text: a text as it was typed. In a file any space is accepted as it stands.
    """
    return _ODD_SPACES.sub(" ", text).strip()


def unreadable(text: str, limit: int | None = None) -> str | None:
    """Return the reason why a text cannot be read as a text on one line, with the remedy; None if it can.

    Args:
        text: the text without outer spaces.
        limit: the maximum number of characters; None for no limit.
    """
    if not text:
        return _("is empty; write a text or leave the key out")
    if characters.is_suspect(text) and (match := _CONTROL.search(text)):
        fault = characters.fault_of(match[0])
        if match[0] == "\t":
            return _("contains a tab; write a space")
        return characters.fault_text(match[0], fault or characters.Fault.CONTROL)
    if limit is not None and len(text) > limit:
        message = _("has {count} characters; at most {limit} are allowed")
        return message.format(count=len(text), limit=limit)
    return None


def doubts(text: str, right_to_left: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield what does not belong in a text that can be read: the message, and True if it is advice only.

    The rest is an error for new versions; texts that were approved before such a rule stay readable.

    Args:
        text: a text without outer spaces.
        right_to_left: True for a text that is written from right to left, which may have direction marks.
    """
    if not characters.is_suspect(text):
        return
    if all(character == " " or characters.is_invisible(character) for character in text):
        yield _("has no visible character; write a text"), False
        return
    for character, fault in characters.in_line(text, right_to_left).items():
        yield characters.fault_text(character, fault), fault not in characters.REFUSED_IN_LINE


def refusal(text: str, limit: int | None = None) -> str | None:
    """Return the first reason why a new text is refused, with the remedy; None if it is accepted.

    Args:
        text: the text without outer spaces.
        limit: the maximum number of characters; None for no limit.
    """
    return unreadable(text, limit) or next((message for message, is_advice in doubts(text) if not is_advice), None)
