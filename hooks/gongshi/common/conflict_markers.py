"""Find the conflict markers that Git leaves in a text that it could not merge."""

from __future__ import annotations

import re

from gongshi.i18n import gettext as _

_MARKER = re.compile(r"^(?:<{7}(?: .*)?|>{7} .+|\|{7} .+)$", re.MULTILINE)
_MIDDLE = re.compile(r"^={7}$", re.MULTILINE)
_WHOLE = re.compile(rb"(?:\A|[\r\n])<{7} (?s:.*?)[\r\n]={7}[\r\n](?s:.*?)[\r\n]>{7} ")


def conflict_line(decoded: str) -> int | None:
    """Find the first conflict marker in a Markdown text, also in conflicts that were removed only in part.

    Markdown is not mistaken for markers: a row of `=` is a heading, `|` may be a table, `>` a nested quotation.

    Args:
        decoded: a text with LF line endings.

    Returns:
        The line of the first marker, counted from 1; None if there is no conflict.
    """
    if "<<<<<<<" not in decoded and ">>>>>>>" not in decoded and "|||||||" not in decoded:
        return None
    found = (match for match in _MARKER.finditer(decoded) if _is_conflict(decoded, match))
    first = next(found, None)
    return decoded.count("\n", 0, first.start()) + 1 if first else None


def _is_conflict(decoded: str, marker: re.Match[str]) -> bool:
    if marker[0][0] == ">":
        before = decoded[: marker.start()].rpartition("\n")[0].rpartition("\n")[2]
        after = decoded[marker.end() + 1 :].partition("\n")[0]
        return not (before.startswith(">") or after.startswith(">"))
    return marker[0][0] == "<" or _MIDDLE.search(decoded, marker.end()) is not None


def has_conflict(content: bytes) -> bool:
    """Tell whether a text file, in any encoding that extends ASCII, contains a complete conflict of Git.

    Args:
        content: the bytes of the file.
    """
    return b"<<<<<<< " in content and _WHOLE.search(content) is not None


def conflict_text() -> str:
    """Return the message that Git could not merge two versions, with what to do."""
    return _(
        "Git could not merge two versions of this text and left both, between lines <<<<<<< and >>>>>>>; keep the "
        "correct text and delete these lines"
    )
