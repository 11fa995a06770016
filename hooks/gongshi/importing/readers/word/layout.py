"""Where lines stand on the page: in the middle or at the right, by alignment, indent or blanks."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.inline_text import blank_width
from gongshi.importing.readers.word.lines import Line
from gongshi.importing.readers.word.package import tag

_DEFAULT_WIDTH: Final = 8306
"""The width of the text on A4 paper with Word's margins, in twips."""
_LEADING: Final = re.compile(r"[\s\u3000]{1,400}")
_RIGHT_FROM: Final = 0.4
"""The share of the width from which a short line that begins so far from the left stands at the right."""
_TWIPS_PER_SIZE: Final = 10
"""The width of a Chinese character in twips by its size in half points."""


def text_width(document: _Element) -> int:
    """Return the width of the text in twips.

    Args:
        document: the root of the main part.
    """
    size = next(document.iter(tag("w:pgSz")), None)
    margins = next(document.iter(tag("w:pgMar")), None)
    if size is None or margins is None:
        return _DEFAULT_WIDTH
    try:
        sides = int(float(margins.get(tag("w:left"), "1800"))) + int(float(margins.get(tag("w:right"), "1800")))
        width = int(float(size.get(tag("w:w"), "11906"))) - sides
    except (ValueError, OverflowError):
        return _DEFAULT_WIDTH
    return width if width > 2000 else _DEFAULT_WIDTH


def alignment(line: Line, width: int) -> str:
    """Return `center` or `right` for a line that stands there; nothing for others.

    Clerks also move a signature with blanks, tabs or an indent. Only a line that fits on the rest of the row is moved.

    Args:
        line: the line.
        width: the width of the text in twips.
    """
    if line.look.alignment or line.label is not None or not line.text.strip():
        return line.look.alignment
    em = line.size * _TWIPS_PER_SIZE
    found = _LEADING.match(line.text)
    blanks = blank_width(found[0]) * em if found else 0.0
    text = line.text.strip()
    length = sum(1.0 if sign > "\u2e80" else 0.5 for sign in text) * em
    offset = blanks + line.look.indent
    if "\n" in text or offset + length > width * 1.1:
        return ""
    is_middle = abs(offset + length / 2 - width / 2) < width * 0.06
    if is_middle and blanks > 6 * em and offset > width * 0.12 and not _is_signature(text):
        return "center"
    return "right" if offset >= width * _RIGHT_FROM else ""


def _is_signature(text: str) -> bool:
    """Return whether a text is a date or ends like one: it belongs to a signature, and not to a title."""
    return bool(re.search(r"[年/.-][\d〇○一二三四五六七八九十 ]{1,4}[月/.-][\d一二三四五六七八九十 ]{1,4}日?$", text))
