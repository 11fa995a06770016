"""Readers: one for each kind of file. Each returns a `ReadDocument`; none knows entries or `docs/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import (
    Finding,
    FindingKind,
    ReadDocument,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.readers import file_kind
from gongshi.importing.readers.containers.zip_limits import protected
from gongshi.importing.sources import PHOTOS, ImportSource

Reader = Callable[[Path, Workspace, ReadOptions], ReadDocument]

_CONVERTED: Final = "converted_office:read_converted"
_READERS: Final = {
    "docx": "word.reader:read_word",
    "html": "web_page.reader:read_web_page",
    "mht": "web_page.reader:read_web_archive",
    **dict.fromkeys(("doc", "rtf", "odt", "wordxml", "xls", "xlsb", "ods", "excelxml"), _CONVERTED),
    "ofd": "ofd.reader:read_ofd",
    "pdf": "pdf.reader:read_pdf",
    "/": "photos.reader:read_photos",
    "xlsx": "spreadsheet.workbook:read_workbook",
    "csv": "spreadsheet.csv_file:read_csv",
    "txt": "spreadsheet.csv_file:read_csv",
}
"""Module in this folder and function in it, by the kind that `file_kind.detect_kind` returns; `/` for a folder. They
are imported on use: some load large libraries."""
_KIND_OF_ENDING: Final = {
    **dict.fromkeys(("docm", "dotx", "dotm"), "docx"),
    **dict.fromkeys(("dot", "wps", "wpt"), "doc"),
    **dict.fromkeys(("xlsm", "xltx", "xltm"), "xlsx"),
    **dict.fromkeys(("xlt", "et", "ett"), "xls"),
    **dict.fromkeys(("htm", "shtml", "shtm", "xhtml", "xht", "asp", "aspx", "jsp", "php"), "html"),
    **dict.fromkeys(("fodt", "ott"), "odt"),
    **dict.fromkeys(("fods", "ots"), "ods"),
    **dict.fromkeys(("tsv", "tab"), "csv"),
    **dict.fromkeys(("jpg", "jpe", "jfif"), "jpeg"),
    **dict.fromkeys(("heif", "hif"), "heic"),
    "mhtml": "mht",
    "tif": "tiff",
}
"""Other extensions of the kinds. WPS files have the format of Word and Excel before 2007."""


def reader_for(source: ImportSource) -> Reader:
    """Return the reader for a source, by its content.

    Args:
        source: the file or folder.

    Raises:
        UnreadableFileError: no reader knows this kind of file, it is empty, or it cannot be read.
    """
    if source.ending == PHOTOS:
        photos = _load(PHOTOS)
        return partial(photos, paths=source.photos) if source.photos else photos
    kind = file_kind.detect_kind(source.path)
    reader = reader_of_kind(kind)
    expected = _KIND_OF_ENDING.get(source.ending, source.ending)
    if kind == expected or (kind, expected) in _ALIKE:
        return reader
    return lambda path, workspace, options: _with_finding(reader(path, workspace, options), source.ending, kind)


def reader_of_kind(kind: str) -> Reader:
    """Return the reader for a kind of file.

    Args:
        kind: as `file_kind.detect_kind` returns it.

    Raises:
        UnreadableFileError: no reader knows this kind of file.
    """
    return _load(kind)


def _load(kind: str) -> Callable[..., ReadDocument]:
    if kind not in _READERS:
        raise UnreadableFileError(_refusal(kind))
    module, function = _READERS[kind].split(":")
    found: Callable[..., ReadDocument] = getattr(import_module(f"gongshi.importing.readers.{module}"), function)
    return found


_ALIKE: Final = frozenset((("docx", "doc"), ("xlsx", "xls"), ("wordxml", "xml"), ("excelxml", "xml"), ("csv", "txt")))
"""A kind, and that which the extension says, where the difference tells the user nothing."""


def _with_finding(document: ReadDocument, ending: str, kind: str) -> ReadDocument:
    message = _("the file is named .{ending}, but its content is {kind}; it was imported as that").format(
        ending=ending, kind=_kind_text(kind)
    )
    return replace(document, findings=(Finding(FindingKind.CHECK, message), *document.findings))


def _kind_text(kind: str) -> str:
    texts = {
        "html": _("a web page"),
        "mht": _("a web page"),
        "csv": _("plain text"),
        "txt": _("plain text"),
        "wordxml": _("a Word document"),
        "excelxml": _("an Excel workbook"),
    }
    return texts.get(kind, f".{kind}")


def _refusal(kind: str) -> str:
    attach = _("attach it to an entry made by hand")
    if kind in ("ppt", "pptx", "odp"):
        return _("presentations cannot be imported; save it as PDF and import that, or {attach}").format(attach=attach)
    if kind == "encrypted":
        return str(protected())
    if kind == "protected":
        return _(
            "the file is probably protected, or in the format from before 2007; open it in Word, Excel, PowerPoint or "
            "WPS, remove the password, save it in the new format and try again"
        )
    if kind == "archive":
        return _("archives cannot be imported; unpack it and import the files in it, or {attach}").format(attach=attach)
    if kind == "program":
        return _("programs and scripts cannot be imported")
    if kind in ("recording", "emf", "wmf", "svg"):
        return _("film, sound and drawings cannot be imported; {attach}").format(attach=attach)
    if kind in ("jpeg", "png", "gif", "bmp", "tiff", "webp", "heic", "avif"):
        return _("a picture alone cannot be imported; put the pictures of an entry into a folder and import the folder")
    if kind == "mail":
        return _("mails cannot be imported; save the attached file, or the text as .docx, and import that")
    return _("files of this kind cannot be imported")
