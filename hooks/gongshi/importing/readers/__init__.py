"""Readers: one for each kind of file. Each returns a `ReadDocument`; none knows entries or `docs/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import ReadDocument, ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.sources import ImportSource

Reader = Callable[[Path, Workspace, ReadOptions], ReadDocument]

_READERS: Final = {
    "docx": "word.reader:read_word",
    "ofd": "ofd.reader:read_ofd",
    "pdf": "pdf.reader:read_pdf",
    "/": "photos.reader:read_photos",
    "xlsx": "spreadsheet.workbook:read_workbook",
    "xlsm": "spreadsheet.workbook:read_workbook",
    "xltx": "spreadsheet.workbook:read_workbook",
    "csv": "spreadsheet.csv_file:read_csv",
    "tsv": "spreadsheet.csv_file:read_csv",
    "tab": "spreadsheet.csv_file:read_csv",
    "txt": "spreadsheet.csv_file:read_csv",
}
"""Module in this folder and function in it, by extension. They are imported on use: some load large libraries."""


def reader_for(source: ImportSource) -> Reader:
    """Return the reader for a source.

    Args:
        source: the file or folder.

    Raises:
        UnreadableFileError: no reader knows this kind of file.
    """
    if source.ending not in _READERS:
        raise UnreadableFileError(_("files of this kind cannot be imported"))
    module, function = _READERS[source.ending].split(":")
    found: Callable[..., ReadDocument] = getattr(import_module(f"gongshi.importing.readers.{module}"), function)
    return partial(found, paths=source.photos) if source.photos else found
