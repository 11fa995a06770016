"""The letters of a file and of a page that are compared, in lines; blanks and invisible characters are left out."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Final

from gongshi.site.markdown.page_text import PageText

_LETTERS: Final = re.compile(
    "[^\\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ufdd0-\ufdef\ud800-\udfff]+"
)
"""Characters that are compared: not blanks, controls, and invisible characters."""
_LINES: Final = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol li table caption tr td th blockquote pre figure figcaption dl dt dd br hr".split()  # noqa: SIM905
)
"""Elements that begin a line."""
BULLET: Final = "•"


@dataclass
class ComparedText:
    """A text as a row of letters."""

    source: str
    """The text with its blanks."""
    letters: str = ""
    places: array[int] = field(default_factory=lambda: array("L"))
    """The place of each letter in `source`."""
    starts: array[int] = field(default_factory=lambda: array("L"))
    """The first letter of each line that is not empty."""

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self.starts)

    def end(self, line: int) -> int:
        """Return the letter after a line.

        Args:
            line: its number, from 0.
        """
        return self.starts[line + 1] if line + 1 < len(self.starts) else len(self.letters)

    def start(self, line: int) -> int:
        """Return the first letter of a line, or the end of the text.

        Args:
            line: its number, from 0; it may be that after the last.
        """
        return self.starts[line] if line < len(self.starts) else len(self.letters)

    def line(self, number: int) -> str:
        """Return the letters of a line.

        Args:
            number: the line, from 0.
        """
        return self.letters[self.starts[number] : self.end(number)]

    def words(self, start: int, end: int) -> str:
        """Return a part with its blanks.

        Args:
            start: the first letter.
            end: the letter after the last.
        """
        return " ".join(self.source[self.places[start] : self.places[end - 1] + 1].split()) if end > start else ""

    def before(self, letter: int, length: int) -> str:
        """Return the words before a letter.

        Args:
            letter: the place of the letter.
            length: the number of letters.
        """
        return self.words(max(letter - length, 0), letter)


def letters_of(text: str) -> str:
    """Return the letters of a text that are compared.

    Args:
        text: any text.
    """
    return "".join(_LETTERS.findall(text))


def read_file_text(visible_text: str) -> ComparedText:
    """Return the text of a file.

    Args:
        visible_text: one line for each paragraph and table cell.
    """
    found = ComparedText(visible_text)
    pieces: list[str] = []
    place = size = 0
    for line in visible_text.split("\n"):
        start = size
        for match in _LETTERS.finditer(line):
            pieces.append(match[0])
            found.places.extend(range(place + match.start(), place + match.end()))
            size += len(match[0])
        if size > start:
            found.starts.append(start)
        place += len(line) + 1
    found.letters = "".join(pieces)
    return found


@dataclass
class ShownText(ComparedText):
    """The text of a page."""

    made: bytearray = field(default_factory=bytearray)
    """1 for each letter that lists and footnotes show by themselves, such as numbers."""
    in_table: list[bool] = field(default_factory=list)
    """True for each line in a table."""

    def typed(self, start: int, end: int) -> str:
        """Return the letters of a part without those that lists and footnotes show by themselves.

        Args:
            start: the first letter.
            end: the letter after the last.
        """
        part = self.letters[start:end]
        if 1 not in self.made[start:end]:
            return part
        return "".join(each for each, made in zip(part, self.made[start:end], strict=True) if not made)


def read_page(page: str) -> ShownText:
    """Return the text of a page.

    Args:
        page: its HTML.
    """
    reader = _LineReader()
    reader.feed(page)
    reader.close()
    return reader.text()


class _LineReader(PageText):
    """Reads the lines of a page."""

    def __init__(self) -> None:
        super().__init__()
        self._found = ShownText("")
        self._letters: list[str] = []
        self._size = self._place = 0
        self._begins = True
        self._depth = {"table": 0, "div": 0}
        self._notes = 0
        """The depth of the division that holds the footnotes; 0 outside."""

    def text(self) -> ShownText:
        found = self._found
        found.source = "".join(self.pieces)
        found.letters = "".join(self._letters)
        return found

    def add_number(self, number: int) -> None:
        self._add(f"{number}.", made=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag in self._depth:
            self._depth[tag] += 1
        if tag == "div" and "footnote" in classes and not self._notes:
            self._notes = self._depth["div"]
        if tag in _LINES:
            self._begins = True
        super().handle_starttag(tag, attrs)
        if "footnote-ref" in classes or (tag == "a" and (dict(attrs).get("href") or "").startswith("#fn:")):
            self._mark(dict(attrs).get("href") or "")
        elif tag == "li" and (self._notes or (self._numbers and self._numbers[-1] is None)):
            self._bullet(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self._begins = True
        if tag == "div" and self._notes == self._depth["div"]:
            self._notes = 0
        if tag in self._depth:
            self._depth[tag] = max(self._depth[tag] - 1, 0)
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self._add(data, made=False)

    def _mark(self, href: str) -> None:
        """Add the number of a footnote where the text refers to it, and hide it as the page has it."""
        self._add(f"[{href.removeprefix('#fn:')}]", made=True)
        if not self.hidden:
            self.hidden.append("a")

    def _bullet(self, note: str) -> None:
        self._add(f"[{note.removeprefix('fn:')}]" if self._notes else BULLET, made=True)

    def _add(self, text: str, made: bool) -> None:
        found = self._found
        if self._begins:
            self.pieces.append("\n")
            self._place += 1
        for match in _LETTERS.finditer(text):
            if self._begins:
                found.starts.append(self._size)
                found.in_table.append(bool(self._depth["table"]))
                self._begins = False
            self._letters.append(match[0])
            found.places.extend(range(self._place + match.start(), self._place + match.end()))
            found.made.extend((b"\1" if made else b"\0") * len(match[0]))
            self._size += len(match[0])
        self.pieces.append(text)
        self._place += len(text)
