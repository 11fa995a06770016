"""Shows the value of a cell as Excel does, and says what an editor must know about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from html import escape
from typing import Final, NamedTuple

from gongshi.importing.readers.spreadsheet.formats.date_format import DAYS_OF_1904
from gongshi.importing.readers.spreadsheet.formats.format_code import Section, TokenKind, parse_code
from gongshi.importing.readers.spreadsheet.formats.number_format import (
    SIGNIFICANT_DIGITS,
    decimal_value,
    general,
    show_number,
    show_text,
)
from gongshi.importing.readers.spreadsheet.ooxml.rich_text import CellText, Run, inline_html, unescape
from gongshi.importing.readers.spreadsheet.ooxml.styles import CellStyle, StyleTable
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import RawCell

_EMBEDDED: Final = re.compile(r"(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
"""The function of WPS for a picture in a cell."""
_LINK: Final = re.compile(r'\s*HYPERLINK\(\s*"((?:https?|mailto):[^"\s]{1,2000})"', re.IGNORECASE)


class CellNote(Enum):
    """A fact about a cell that the editor must know."""

    ERROR = "error"
    LOST_DIGITS = "lost-digits"
    """A whole number of more digits than Excel keeps."""
    EXPONENT = "exponent"
    """A number that General shows with an exponent, although the file has all digits."""
    NOT_A_DATE = "not-a-date"
    """A number that the format cannot show as a date."""
    NO_RESULT = "no-result"
    """A formula whose result is not in the file."""
    HIDDEN_BY_FORMAT = "hidden-by-format"
    ZERO = "zero"
    """A zero that the settings of the sheet do not show."""
    SAME_COLOUR = "same-colour"
    """Text in the colour of the ground."""
    PICTURE = "picture"
    """A picture in a cell, as WPS makes it."""
    PHONETIC = "phonetic"


class ShownValue(NamedTuple):
    """A value as Excel shows it."""

    text: str
    style: CellStyle
    runs: tuple[Run, ...] = ()
    """The text in runs, if any has marks of its own."""
    number: Decimal | None = None
    """The number behind it; None for texts."""
    section: Section | None = None
    """The section of the number format that was used."""
    link: str = ""
    """The address that a formula names."""
    note: CellNote | None = None
    words: str = ""
    """The words for the note, if the text is not them."""

    @property
    def is_figure(self) -> bool:
        """Tell whether it is a number, but no date or time."""
        return self.number is not None and not (self.section and self.section.is_date)


@dataclass(frozen=True)
class ValueReader:
    """Shows the values of a workbook."""

    texts: list[CellText]
    """The texts that cells share."""
    styles: StyleTable
    date1904: bool
    language: str

    def show(self, cell: RawCell, zeros_hidden: bool = False) -> ShownValue:
        """Return the value of a cell as Excel shows it.

        Args:
            cell: the cell.
            zeros_hidden: True if the sheet does not show zeros.
        """
        style = self.styles.style(cell.style)
        formula = cell.formula or ""
        if (formula and _EMBEDDED.match(formula)) or (
            isinstance(cell.value, str) and cell.value.startswith("=DISPIMG(")
        ):
            return ShownValue("", style, note=CellNote.PICTURE)
        if cell.value is None or (cell.value == "" and cell.kind in ("n", "d")):
            return ShownValue("", style, note=CellNote.NO_RESULT, words=f"={formula}")
        link = _LINK.match(formula) if formula else None
        return self._value(cell, style, zeros_hidden, link[1] if link else "")

    def _value(self, cell: RawCell, style: CellStyle, zeros_hidden: bool, link: str) -> ShownValue:
        if isinstance(cell.value, CellText):
            return _text(cell.value, style, link)
        raw = cell.value or ""
        if cell.kind == "s":
            number = int(raw) if raw.isdecimal() and len(raw) < 10 else -1
            found = self.texts[number] if 0 <= number < len(self.texts) else CellText("")
            return _text(found, style, link)
        if cell.kind == "b":
            text = "FALSE" if raw in ("0", "false") else "TRUE"
            hidden = show_text(text, style.code).text == ""
            return _hidden(text, style) if hidden else ShownValue(text, style, link=link)
        if cell.kind == "e":
            return ShownValue(raw, style, link=link, note=CellNote.ERROR)
        value = _serial(raw, self.date1904) if cell.kind == "d" else decimal_value(raw) if cell.kind == "n" else None
        if value is None:
            return _text(CellText(unescape(raw)), style, link)
        return self._number(value, style, zeros_hidden, link)

    def _number(self, value: Decimal, style: CellStyle, zeros_hidden: bool, link: str) -> ShownValue:
        if zeros_hidden and value == 0:
            return ShownValue("", style, note=CellNote.ZERO, words="0")
        shown = show_number(value, style.code, self.date1904, self.language)
        if not shown.text.strip():
            return _hidden(general(value), style)
        note, words = None, ""
        is_whole = value == value.to_integral_value()
        if is_whole and abs(value) >= 10**SIGNIFICANT_DIGITS:
            note, words = CellNote.LOST_DIGITS, f"{value:f}"
        elif (shown.section is None or shown.section.has(TokenKind.GENERAL)) and "E" in shown.text:
            note, words = CellNote.EXPONENT, f"{value:f}"
        elif shown.section is None and style.code != "General" and _is_date_code(style.code):
            note = CellNote.NOT_A_DATE
        if shown.section and shown.section.white and style.white_ground:
            note = CellNote.SAME_COLOUR
        return ShownValue(shown.text, style, (), value, shown.section, link, note, words)


def _is_date_code(code: str) -> bool:
    return any(section.is_date for section in parse_code(code))


def _hidden(text: str, style: CellStyle) -> ShownValue:
    return ShownValue("", style, note=CellNote.HIDDEN_BY_FORMAT, words=text)


def _text(content: CellText, style: CellStyle, link: str) -> ShownValue:
    shown = show_text(content.text, style.code)
    if not shown.text.strip() and content.text.strip():
        return _hidden(content.text, style)
    runs = content.runs if shown.text == content.text else ()
    note = CellNote.PHONETIC if content.phonetic else None
    return ShownValue(shown.text, style, runs, None, shown.section, link, note, content.phonetic)


def _serial(text: str, date1904: bool) -> Decimal | None:
    """Return the serial number of a date of ISO 8601."""
    try:
        moment = datetime.fromisoformat(text.rstrip("Z"))
    except ValueError:
        return None
    passed = moment.replace(tzinfo=None) - datetime(1899, 12, 30)
    days = Decimal(passed // timedelta(microseconds=1)) / Decimal(86400 * 10**6)
    return days - DAYS_OF_1904 if date1904 else days


def cell_html(value: ShownValue, link: str = "") -> str:
    """Return the text of a cell as inline HTML, without marks for bold text if all of it is bold.

    Args:
        value: the value.
        link: the address of a link of the cell; empty for none.
    """
    style = value.style
    outer = () if value.runs else tuple(mark for mark in style.marks if mark != "strong" and not (link and mark == "u"))
    runs = value.runs or (Run(value.text, outer),)
    bold = is_bold(value)
    content = "".join(
        inline_html(run.text, tuple(mark for mark in run.marks if not (bold and mark == "strong"))) for run in runs
    )
    content = "　" * style.indent + content if style.align in ("general", "left") else content
    return f'<a href="{escape(link)}">{content}</a>' if link else content


def is_bold(value: ShownValue) -> bool:
    """Tell whether all of the text is bold.

    Args:
        value: the value of the cell.
    """
    if value.runs:
        return all("strong" in run.marks for run in value.runs if run.text.strip())
    return value.style.bold
