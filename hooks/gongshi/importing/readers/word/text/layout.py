"""The place of lines on the page: in the middle or at the right, by alignment, indent or blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.styles import twips
from gongshi.importing.readers.word.text.inline_text import blank_width
from gongshi.importing.readers.word.text.lines import Line

_DEFAULT_WIDTH: Final = 8306
"""The width of the text on A4 paper with Word's margins, in twips."""
_DEFAULT_TAB: Final = 720
"""The distance of tab stops (17.15.1.25, defaultTabStop)."""
_RIGHT_FROM: Final = 0.4
"""The share of the width from which a short line that begins so far from the left stands at the right."""
_TWIPS_PER_SIZE: Final = 10
"""The width of a Chinese character in twips by its size in half points."""
_DATE: Final = re.compile(r"[年/.-][\d〇○一二三四五六七八九十 ]{1,4}[月/.-][\d一二三四五六七八九十 ]{1,4}日?$")


@dataclass(frozen=True)
class PageLayout:
    """The measures of the page, in twips."""

    width: int = _DEFAULT_WIDTH
    tab: int = _DEFAULT_TAB

    @classmethod
    def of(cls, package: WordPackage) -> PageLayout:
        """Return the measures of a document; those of the first section, if there are several.

        Args:
            package: the document.
        """
        size, margins = (next(package.document.iter(tag(name)), None) for name in ("w:pgSz", "w:pgMar"))
        width = 0
        if size is not None and margins is not None:
            sides = sum(twips(margins.get(tag(f"w:{side}"), "1800")) for side in ("left", "right"))
            width = twips(size.get(tag("w:w"), "11906")) - sides
        found = [package.xml(part).find(tag("w:defaultTabStop")) for part in package.related("settings")[:1]]
        tab = next((twips(each.get(tag("w:val"))) for each in found if each is not None), 0)
        return cls(width if width > 2000 else _DEFAULT_WIDTH, tab if tab >= 100 else _DEFAULT_TAB)

    def alignment(self, line: Line) -> str:
        """Return `center` or `right` for a line that stands there; nothing for others.

        Clerks also move a signature with blanks, tabs or an indent. Only a line that fits on the row is moved so.

        Args:
            line: the line.
        """
        aligned, text = line.look.alignment, line.text.strip()
        if aligned == "right" or line.label is not None or not text or "\n" in text:
            return aligned
        em = line.size * _TWIPS_PER_SIZE
        length = sum(1.0 if sign > "\u2e80" else 0.5 for sign in text) * em
        if aligned == "center":
            is_moved = line.look.indent >= self.width * _RIGHT_FROM and length <= self.width - line.look.indent
            return "right" if is_moved else aligned
        blanks = "".join(takewhile(str.isspace, line.text))
        offset = self._offset(line, blanks, em)
        if offset + (0 if "\t" in blanks else length) > self.width * 1.1 or length > self.width:
            return ""
        is_middle = abs(offset + length / 2 - self.width / 2) < self.width * 0.06
        if is_middle and len(blanks) > 6 and offset > self.width * 0.12 and not _DATE.search(text):
            return "center"
        return "right" if offset >= self.width * _RIGHT_FROM else ""

    def _offset(self, line: Line, blanks: str, em: int) -> float:
        """Return how far the text begins from the left margin."""
        place: float = line.look.indent
        for blank in blanks[:400]:
            if blank == "\t":
                following = (stop for stop in line.look.tabs if stop > place)
                place = next(following, (place // self.tab + 1) * self.tab)
            else:
                place += blank_width(blank) * em
        return place
