"""Pages of characters at chosen places, as readers of PDF and OFD give them to the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from gongshi.importing.readers.page_layout.model import Box, Glyph, Page, PagePicture, Ruling, TextStyle

LEFT, RIGHT, SIZE, PITCH = 90.0, 506.0, 16.0, 28.0
_numbers = count()


@dataclass
class Sheet:
    """A page of A4 with text of 16 points between margins of 90 points, as official documents have."""

    number: int = 1
    width: float = 595
    height: float = 842
    glyphs: list[Glyph] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    pictures: list[PagePicture] = field(default_factory=list)
    top: float = 100

    def at(
        self,
        x: float,
        top: float,
        words: str,
        size: float = SIZE,
        font: str = "SimSun",
        bold: bool = False,
        colour: tuple[int, int, int] = (0, 0, 0),
        step: float = 0,
        link: str | None = None,
        angle: int = 0,
        furniture: bool = False,
    ) -> float:
        """Put words at a place; `step` is added to the width of each character. Returns where they end."""
        run = next(_numbers)
        style = TextStyle(font, size, bold, False, colour)
        for letter in words:
            width = size if letter >= "\u2e80" or letter in "“”‘’…—" else size / 2
            box = Box(x, top, x + width, top + size)
            self.glyphs.append(Glyph(letter, box, style, run, next(_numbers), angle, link, furniture=furniture))
            x += width + step
        return x

    def centred(self, words: str, size: float = SIZE, **options: object) -> None:
        width = sum(size if each >= "\u2e80" else size / 2 for each in words)
        self.at((self.width - width) / 2, self.top, words, size, **options)  # type: ignore[arg-type]
        self.top += max(PITCH, 1.5 * size)

    def lines(self, *texts: str, indent: int = 0, **options: object) -> None:
        """Put lines at the left margin; each with two blanks of full width is indented."""
        for text in texts:
            words = text.lstrip("\u3000")
            start = LEFT + (indent + len(text) - len(words)) * SIZE
            self.at(start, self.top, words, **options)  # type: ignore[arg-type]
            self.top += PITCH

    def paragraph(self, words: str, indent: int = 2, left: float = LEFT, right: float = RIGHT) -> None:
        """Put a paragraph, its lines filled as far as they go."""
        line, start = "", left + indent * SIZE
        x = start
        for letter in words:
            width = SIZE if letter >= "\u2e80" else SIZE / 2
            if x + width > right + 0.01:
                self.at(start, self.top, line)
                self.top += PITCH
                line, start, x = "", left, left
            line += letter
            x += width
        self.at(start, self.top, line)
        self.top += PITCH

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.rulings.append(Ruling(Box(x0, top, x1, bottom)))

    def table(
        self, columns: Sequence[float], rows: Sequence[Sequence[str]], row_height: float = 24, size: float = 12
    ) -> None:
        """Put a table with all lines at the current height."""
        heights = [self.top + row_height * number for number in range(len(rows) + 1)]
        for place in columns:
            self.rule(place, heights[0], place, heights[-1])
        for place in heights:
            self.rule(columns[0], place, columns[-1], place)
        for top, row in zip(heights, rows, strict=False):
            for left, words in zip(columns, row, strict=False):
                self.at(left + 4, top + 4, words, size)
        self.top = heights[-1] + 10

    def page(self) -> Page:
        return Page(self.number, self.width, self.height, tuple(self.glyphs), tuple(self.rulings), tuple(self.pictures))
