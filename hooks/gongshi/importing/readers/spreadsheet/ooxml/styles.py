"""The styles of cells (ECMA-376 part 1, 18.8): number format, font, alignment, and text in the colour of its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.spreadsheet.formats.builtin_formats import GENERAL, builtin_formats
from gongshi.importing.readers.spreadsheet.ooxml.package import Package
from gongshi.importing.readers.spreadsheet.ooxml.rich_text import font_marks

_INDEXED: Final = {
    0: "000000",
    1: "FFFFFF",
    2: "FF0000",
    8: "000000",
    9: "FFFFFF",
    10: "FF0000",
    64: "000000",
    65: "FFFFFF",
}
"""Colours of the old palette that matter here, unless the file changes it; 64 and 65 are those of the system."""
_THEME: Final = ("FFFFFF", "000000")
"""The first two colours of the theme: ground and text."""
_NEAR: Final = 12
"""The difference of two colours, from 0 to 255, that nobody sees."""
_MAX_INDENT: Final = 10
Palette = Mapping[int, str]
"""Colours by number."""


@dataclass(frozen=True)
class CellStyle:
    """The style of a cell, as far as it matters for a table."""

    code: str = GENERAL
    """The number format."""
    marks: tuple[str, ...] = ()
    """The inline elements for its font, such as `strong`."""
    size: float = 11
    """The size of its font in points."""
    align: str = "general"
    """`general`, `left`, `center`, `right`, `fill`, `justify`, `centerContinuous` or `distributed`."""
    indent: int = 0
    """Steps of indentation from the left."""
    bordered: bool = False
    invisible: bool = False
    """True if the text has the colour of the ground."""
    white_ground: bool = True
    """True if the ground is white, or has no colour of its own."""

    @property
    def bold(self) -> bool:
        """Tell whether the font is bold."""
        return "strong" in self.marks


@dataclass(frozen=True)
class StyleTable:
    """The styles of a workbook."""

    cells: tuple[CellStyle, ...] = (CellStyle(),)
    hiding_rules: frozenset[int] = frozenset()
    """The numbers of the styles of conditional formats that change numbers or make text white."""

    def style(self, number: int) -> CellStyle:
        """Return a style.

        Args:
            number: its number, as cells name it; the first style for a number that does not exist.
        """
        return self.cells[number] if 0 <= number < len(self.cells) else self.cells[0]


@dataclass(frozen=True)
class _Font:
    marks: tuple[str, ...]
    size: float
    colour: str


def read_styles(package: Package, workbook: str, language: str) -> StyleTable:
    """Return the styles of a workbook.

    Args:
        package: the workbook.
        workbook: the name of its main part.
        language: the language of the computer on which the file is shown.

    Raises:
        UnreadableFileError: they are damaged or too large.
    """
    names = package.related(workbook, "styles")
    root = package.xml(names[0]) if names else None
    if root is None:
        return StyleTable()
    codes = dict(builtin_formats(language))
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[_whole(element.get("numFmtId"))] = element.get("formatCode", GENERAL)
    palette = {**_INDEXED, **dict(enumerate(_palette(root)))}
    fonts = [_font(element, palette) for element in root.iterfind("{*}fonts/{*}font")] or [_Font((), 11, "000000")]
    fills = [_fill(element, palette) for element in root.iterfind("{*}fills/{*}fill")] or [""]
    borders = [_has_border(element) for element in root.iterfind("{*}borders/{*}border")] or [False]
    cells = tuple(_style(xf, codes, fonts, fills, borders) for xf in root.iterfind("{*}cellXfs/{*}xf"))
    rules = [_hides(element, palette) for element in root.iterfind("{*}dxfs/{*}dxf")]
    return StyleTable(cells or (CellStyle(),), frozenset(number for number, hides in enumerate(rules) if hides))


def _style(xf: _Element, codes: dict[int, str], fonts: list[_Font], fills: list[str], borders: list[bool]) -> CellStyle:
    font = fonts[_within(xf.get("fontId"), len(fonts))]
    fill = fills[_within(xf.get("fillId"), len(fills))]
    alignment = next(xf.iterchildren("{*}alignment"), None)
    return CellStyle(
        code=codes.get(_whole(xf.get("numFmtId")), GENERAL),
        marks=font.marks,
        size=font.size,
        align="general" if alignment is None else alignment.get("horizontal", "general"),
        indent=0 if alignment is None else min(_whole(alignment.get("indent")), _MAX_INDENT),
        bordered=borders[_within(xf.get("borderId"), len(borders))],
        invisible=_are_alike(font.colour, fill or "FFFFFF"),
        white_ground=not fill or _are_alike(fill, "FFFFFF"),
    )


def _palette(root: _Element) -> list[str]:
    """Return the colours that the file sets for the numbers from 0."""
    return [element.get("rgb", "")[-6:].upper() for element in root.iterfind("{*}colors/{*}indexedColors/{*}rgbColor")]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() else 0


def _within(text: str | None, size: int) -> int:
    number = _whole(text)
    return number if number < size else 0


def _font(element: _Element, palette: Palette) -> _Font:
    size = next((each.get("val", "") for each in element.iterchildren("{*}sz")), "")
    colour = next(element.iterchildren("{*}color"), None)
    try:
        points = float(size)
    except ValueError:
        points = 11
    return _Font(font_marks(element), points, "000000" if colour is None else _colour(colour, palette))


def _fill(element: _Element, palette: Palette) -> str:
    """Return the colour of a fill: empty for none, `unknown` for one that is no plain colour."""
    pattern = next(element.iterchildren("{*}patternFill"), None)
    if pattern is None:
        return "unknown" if len(element) else ""
    if pattern.get("patternType", "none") == "none":
        return ""
    colour = next(pattern.iterchildren("{*}fgColor"), None)
    return _colour(colour, palette) if pattern.get("patternType") == "solid" and colour is not None else "unknown"


def _colour(element: _Element, palette: Palette) -> str:
    """Return a colour as six hexadecimal digits if it is known, or a text that is the same for the same colour."""
    if rgb := element.get("rgb"):
        return str(rgb)[-6:].upper()
    if (theme := element.get("theme")) is not None:
        number, tint = _whole(theme), element.get("tint", "0")
        return _tinted(_THEME[number], tint) if number < len(_THEME) else f"theme {number} {tint}"
    if (indexed := element.get("indexed")) is not None:
        return palette.get(_whole(indexed), f"indexed {indexed}")
    return "000000"


def _tinted(colour: str, tint: str) -> str:
    """Return black or white with a tint from -1 (darker) to 1 (lighter)."""
    try:
        change = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        return colour
    level = 255 if colour == "FFFFFF" else 0
    level = round(level * (1 + change) if change < 0 else level + (255 - level) * change)
    return f"{level:02X}" * 3


def _are_alike(first: str, second: str) -> bool:
    if first == second:
        return True
    try:
        pairs = [(int(first[n : n + 2], 16), int(second[n : n + 2], 16)) for n in (0, 2, 4)]
    except ValueError:
        return False
    return all(abs(one - other) <= _NEAR for one, other in pairs)


def _has_border(element: _Element) -> bool:
    return any(side.get("style", "none") != "none" for side in element)


def _hides(element: _Element, palette: Palette) -> bool:
    """Tell whether the style of a conditional format shows other numbers, or makes text white without a ground."""
    if next(element.iterchildren("{*}numFmt"), None) is not None:
        return True
    colour = element.find("{*}font/{*}color")
    white = colour is not None and _are_alike(_colour(colour, palette), "FFFFFF")
    return white and element.find("{*}fill") is None
