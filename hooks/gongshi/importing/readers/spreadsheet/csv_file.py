"""Reads texts with columns: .csv and .tsv in the encodings and with the separators that Excel and WPS write."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Final

from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import (
    Finding,
    FindingKind,
    ReadDocument,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.readers.spreadsheet.ooxml.references import CellRange, parse_range
from gongshi.importing.readers.spreadsheet.ooxml.rich_text import CONTROLS
from gongshi.importing.readers.spreadsheet.ooxml.worksheet import MAX_CELLS
from gongshi.importing.readers.spreadsheet.output.sheet_document import SheetSource, make_document
from gongshi.importing.readers.spreadsheet.sheet.grid import text_grid

_MAX_BYTES: Final = 64 << 20
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEPARATORS: Final = (",", "\t", ";", "|")
_SAMPLE: Final = 64 << 10
"""The number of characters from which the separator is told."""
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_MAX_TOLD: Final = 10


def read_csv(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read a file of comma-separated values; all values are taken as they are typed.

    Args:
        path: the file.
        workspace: where a long table is written as attachment.
        options: the user's choices.

    Raises:
        UnreadableFileError: it is no text, in an unknown encoding, too large or has no columns as it should.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise UnreadableFileError(_("the file is larger than 64 MB; divide it"))
    text, findings = _decode(read_file(path))
    if found := _SEPARATOR_LINE.match(text):
        separator, text = found[1], text[found.end() :]
    else:
        separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else _find_separator(text[:_SAMPLE])
    if path.suffix.lower() == ".txt" and separator != "\t":
        raise UnreadableFileError(
            _("a .txt file is imported only if tabs separate its columns; paste its text into an entry")
        )
    rows, more = _read_rows(text, separator)
    findings += more
    within = _range(options)
    if within:
        rows, left_out = _cut(rows, within)
        findings += left_out
    if not any(text.strip() for row in rows for text in row):
        raise UnreadableFileError(_("the file has no cells with text"))
    findings += _ragged(rows)
    texts = [
        (number, place, text) for number, row in enumerate(rows, 1) for place, text in enumerate(row, 1) if text.strip()
    ]
    return make_document(SheetSource(text_grid(rows), texts), workspace, options.language, findings)


def _decode(content: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a file: Unicode with or without a mark at its beginning, else GB 18030."""
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    told: list[Finding] = []
    if encoding is None and b"\0" in content:
        encoding = _unmarked_utf16(content)
    for name in [encoding] if encoding else ["utf-8", "gb18030"]:
        try:
            text = content.decode(name)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableFileError(_("the file is in an unknown encoding; open it in Excel or WPS and save it as .xlsx"))
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise UnreadableFileError(_("the file is no text; open it in the program that wrote it and save it as .xlsx"))
    if encoding is None and name == "gb18030":
        message = _("the file was read as GB 18030 (Chinese Windows); look at rare characters")
        told.append(Finding(FindingKind.CHECK, message))
    if CONTROLS.search(text):
        count = len(CONTROLS.findall(text))
        text = CONTROLS.sub("", text)
        message = _("control characters were left out: {count}").format(count=count)
        told.append(Finding(FindingKind.LEFT_OUT, message))
    return text, told


def _unmarked_utf16(content: bytes) -> str:
    """Return the byte order of UTF-16 without a mark: separators and line ends have a zero byte on one side."""
    if len(content) % 2 == 0:
        for name, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
            other = content[::2] if name == "utf-16-le" else content[1::2]
            if zeros.count(0) and not other.count(0):
                return name
    raise UnreadableFileError(_("the file is no text; open it in the program that wrote it and save it as .xlsx"))


def _find_separator(sample: str) -> str:
    """Return the separator that divides most lines into the same number of columns, more than one."""
    best, best_score = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            widths = Counter(
                len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row
            )
        except csv.Error:
            continue
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        score = (count / sum(widths.values()), width)
        if score > best_score:
            best, best_score = separator, score
    return best


def _read_rows(text: str, separator: str) -> tuple[list[list[str]], list[Finding]]:
    try:
        return _rows(text, separator, True), []
    except csv.Error:
        pass
    try:
        rows = _rows(text, separator, False)
    except csv.Error as error:
        message = _("the columns cannot be told apart ({reason}); open the file in Excel or WPS and save it as .xlsx")
        raise UnreadableFileError(message.format(reason=error)) from None
    message = _("quotation marks are not closed or stand within a value; compare the table with the file")
    return rows, [Finding(FindingKind.CHECK, message)]


def _rows(text: str, separator: str, strict: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict):
        cells += len(row)
        if cells > MAX_CELLS:
            message = _("the file has more than {count} cells; divide it")
            raise UnreadableFileError(message.format(count=MAX_CELLS))
        rows.append([value.replace("\r\n", "\n").replace("\r", "\n") for value in row])
    return rows


def _range(options: ReadOptions) -> CellRange | None:
    if options.sheet is not None:
        raise UnreadableFileError(_("a text file has no worksheets; leave out --sheet"))
    if options.cells is None:
        return None
    found = parse_range(options.cells)
    if found is None:
        raise UnreadableFileError(_("“{cells}” is no range of cells; write it as A1:F20").format(cells=options.cells))
    return found


def _cut(rows: list[list[str]], within: CellRange) -> tuple[list[list[str]], list[Finding]]:
    kept = [row[within.first_column - 1 : within.last_column] for row in rows[within.first_row - 1 : within.last_row]]
    count = sum(bool(text.strip()) for row in rows for text in row) - sum(
        bool(text.strip()) for row in kept for text in row
    )
    if not count:
        return kept, []
    message = _("cells outside the range {cells} were left out: {count}").format(cells=within, count=count)
    return kept, [Finding(FindingKind.LEFT_OUT, message)]


def _ragged(rows: list[list[str]]) -> list[Finding]:
    """Tell of rows with more or fewer values than most rows have."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if len(widths) < 2:
        return []
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    odd = [number for number, row in enumerate(rows, 1) if len(row) > 1 and len(row) != usual]
    message = _("rows have more or fewer values than the usual {usual}, so values may stand in a wrong column: {count}")
    places = ", ".join(str(number) for number in odd[:_MAX_TOLD]) + ("…" if len(odd) > _MAX_TOLD else "")
    words = " | ".join(rows[odd[0] - 1])[:200]
    place = _("rows {rows}").format(rows=places)
    return [Finding(FindingKind.CHECK, message.format(usual=usual, count=len(odd)), place, words)]
