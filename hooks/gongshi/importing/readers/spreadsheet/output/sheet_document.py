"""Makes a document of a grid: title, lines and tables. A long table becomes an attachment, its first rows the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from gongshi.common.characters import is_plain
from gongshi.i18n import gettext as _
from gongshi.i18n import translations
from gongshi.importing.document import BundleFile, DocumentFields, Finding, FindingKind, ReadDocument, Workspace
from gongshi.importing.readers.spreadsheet.ooxml.references import MAX_COLUMNS
from gongshi.importing.readers.spreadsheet.output.clean_workbook import clean_workbook
from gongshi.importing.readers.spreadsheet.output.table_html import Excerpt, line_html, table_html
from gongshi.importing.readers.spreadsheet.sheet.grid import Grid
from gongshi.importing.readers.spreadsheet.sheet.layout import Layout, Line, Table, recognize_layout

MAX_ROWS: Final = 30
"""The number of rows, without the header, up to which a table is in the text as a whole."""
MAX_COLUMNS_SHOWN: Final = 12
MAX_CHARACTERS: Final = 5000
_FIRST_ROWS: Final = 10
"""The number of rows of a longer table that the text shows."""
_FIRST_COLUMNS: Final = 8
_FIRST_CHARACTERS: Final = 2500
_MAX_CELL: Final = 32767
"""The characters that a cell of Excel can hold."""
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|#%&\s\x00-\x1f.]+')
_MAX_NAME: Final = 40


@dataclass(frozen=True)
class SheetSource:
    """A sheet that is made into a document."""

    grid: Grid
    texts: Sequence[tuple[int, int, str]]
    """The row and the column, from 1, and the text of each visible cell, as the file has them."""
    name: str = ""
    """The name of the sheet; empty if it has none, or only a number."""
    date1904: bool = False


def make_document(
    source: SheetSource, workspace: Workspace, language: str, findings: Sequence[Finding]
) -> ReadDocument:
    """Return the document of a sheet; write the attachment if a table is long.

    Args:
        source: the sheet.
        workspace: where the attachment is written.
        language: the site's language.
        findings: what is known already.
    """
    grid, layout = source.grid, recognize_layout(source.grid)
    tables = [block for block in layout.blocks if isinstance(block, Table)]
    excerpts = {table: found for table in tables if (found := _excerpt(grid, table))}
    files: tuple[BundleFile, ...] = ()
    more: list[Finding] = []
    sentences: dict[Table, str] = {}
    if excerpts:
        attachment = _attach(source, layout, workspace, language)
        files = (attachment,)
        sentences = {table: _sentence(grid, table, cut, attachment, language) for table, cut in excerpts.items()}
        more = [_long_finding(attachment, sentences), *_cut_cells(grid)]
    parts = [_block_html(grid, block, excerpts, sentences) for block in layout.blocks]
    text = _visible_text(source, excerpts, sentences)
    return ReadDocument("\n".join(parts), text, DocumentFields(title=layout.title), files, (*findings, *more))


def _block_html(grid: Grid, block: Line | Table, excerpts: dict[Table, Excerpt], sentences: dict[Table, str]) -> str:
    if isinstance(block, Line):
        return line_html(block)
    if block not in excerpts:
        return table_html(grid, block, Excerpt(block.last - block.first, grid.width))
    return f"{table_html(grid, block, excerpts[block])}\n<p>{sentences[block]}</p>"


def _excerpt(grid: Grid, table: Table) -> Excerpt | None:
    """Return the first part of a table that is too long for a page; None if it is not."""
    lengths = [
        [(column, len(cell.text)) for column, cell in row.cells.items()] for row in grid.rows[table.first : table.last]
    ]
    width = len({column for row in lengths for column, _length in row})
    total = sum(length for row in lengths for _column, length in row)
    if table.body <= MAX_ROWS and width <= MAX_COLUMNS_SHOWN and total <= MAX_CHARACTERS:
        return None
    columns = grid.width
    if width > MAX_COLUMNS_SHOWN:
        columns = min(min(row[0][0] for row in lengths if row) + _FIRST_COLUMNS, columns)
    rows, characters = 0, 0
    for number, row in enumerate(lengths):
        characters += sum(length for column, length in row if column < columns)
        if number > table.header and (number >= table.header + _FIRST_ROWS or characters > _FIRST_CHARACTERS):
            break
        rows = number + 1
    return Excerpt(rows, columns)


def _attach(source: SheetSource, layout: Layout, workspace: Workspace, language: str) -> BundleFile:
    longest = max((block for block in layout.blocks if isinstance(block, Table)), key=lambda table: table.body)
    header = range(longest.first, longest.first + longest.header)
    content = clean_workbook(source.grid, header, source.date1904, language)
    whole = translations(language).gettext("Whole table")
    title = layout.title or source.name or whole
    name = f"{_safe_name(title) or 'table'}.xlsx"
    return BundleFile(workspace.write(name, content).name, " ".join(title.split()))


def _safe_name(title: str) -> str:
    """Return a name for a file; empty if nothing is left of the title."""
    name = "".join(character for character in _UNSAFE.sub(" ", title) if is_plain(character))
    name = "-".join(name.split())[:_MAX_NAME].strip("-_~. ")
    return "" if re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d|event", name) else name


def _sentence(grid: Grid, table: Table, excerpt: Excerpt, attachment: BundleFile, language: str) -> str:
    _ = translations(language).gettext
    width = len({column for row in grid.rows[table.first : table.last] for column in row.cells})
    rows = excerpt.rows - table.header
    if excerpt.columns < grid.width:
        message = _(
            "The table has {rows} rows and {columns} columns; the first {shown_rows} rows and {shown_columns} columns "
            "are shown here. The whole table is attached: {title}"
        )
    else:
        message = _(
            "The table has {rows} rows; the first {shown_rows} are shown here. The whole table is attached: {title}"
        )
    return escape(
        message.format(
            rows=table.body,
            columns=width,
            shown_rows=rows,
            shown_columns=min(_FIRST_COLUMNS, width),
            title=attachment.title,
        ),
        quote=False,
    )


def _long_finding(attachment: BundleFile, sentences: dict[Table, str]) -> Finding:
    message = _(
        "a long table became the attachment {name}, a new workbook with only what the sheet shows; the text has its "
        "first rows"
    )
    return Finding(FindingKind.CHANGED, message.format(name=attachment.name), words=" ".join(sentences.values()))


def _cut_cells(grid: Grid) -> list[Finding]:
    long = [cell.text for row in grid.rows for cell in row.cells.values() if len(cell.text) > _MAX_CELL]
    if not long:
        return []
    message = _("a cell of Excel holds 32767 characters; longer texts are cut in the attachment")
    return [Finding(FindingKind.LEFT_OUT, message, words=" | ".join(text[:50] + "…" for text in long[:10]))]


def _visible_text(source: SheetSource, excerpts: dict[Table, Excerpt], sentences: dict[Table, str]) -> str:
    """Return the cells that the text of the entry must show, and the sentence below each excerpt."""
    numbers, columns = [row.number for row in source.grid.rows], source.grid.columns
    lines: list[str] = []
    waiting = sorted(
        (numbers[table.first], numbers[table.first + cut.rows - 1], numbers[table.last - 1], cut.columns, table)
        for table, cut in excerpts.items()
    )
    for row, column, text in source.texts:
        while waiting and row > waiting[0][2]:
            lines.append(sentences[waiting.pop(0)[4]])
        if waiting and row >= waiting[0][0]:
            _first, last_shown, _last, width, _table = waiting[0]
            last_column = columns[width - 1] if width < len(columns) else MAX_COLUMNS
            if row > last_shown or column > last_column:
                continue
        lines.append(text)
    lines += [sentences[each[4]] for each in waiting]
    return "\n".join(lines)
