"""Reads older and other office formats: LibreOffice converts them, the reader for Word or Excel reads the result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from gongshi.common.errors import Refused
from gongshi.common.files import read_file
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind, ReadDocument, ReadOptions, UnreadableFileError, Workspace
from gongshi.importing.readers import file_kind, reader_of_kind
from gongshi.importing.readers.hidden_odf import without_hidden_parts
from gongshi.integrations import libreoffice

_TEXTS: Final = {"doc": "doc", "rtf": "rtf", "odt": "odt", "wordxml": "xml"}
_WORKBOOKS: Final = {"xls": "xls", "xlsb": "xlsb", "ods": "ods", "excelxml": "xml"}
"""Kinds of files with the extension under which LibreOffice gets them."""


def read_converted(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read an office file that is neither .docx nor .xlsx.

    Args:
        path: the file.
        workspace: where pictures are written.
        options: the user's choices.

    Raises:
        UnreadableFileError: LibreOffice is not installed or cannot read the file, or its reader refuses the result.
    """
    kind = file_kind.detect_kind(path)
    target = "docx" if kind in _TEXTS else "xlsx"
    source, hidden = read_file(path), list[str]()
    if kind == "odt":
        source, hidden = without_hidden_parts(source)
    content = _convert(source, (_TEXTS | _WORKBOOKS)[kind], target)
    with ScratchFolder() as folder:
        converted = folder / f"{path.stem[:50]}.{target}"
        converted.write_bytes(content)
        document = reader_of_kind(target)(converted, workspace, options)
    message = _(
        "LibreOffice converted the file to .{target} first; compare numbers, tables and pictures with the original"
    )
    findings = [Finding(FindingKind.CHECK, message.format(target=target))]
    if hidden:
        findings.append(Finding(FindingKind.LEFT_OUT, _("hidden text is left out"), words="\n".join(hidden)))
    return replace(document, findings=(*findings, *document.findings))


def _convert(content: bytes, ending: str, target: str) -> bytes:
    save = _("open it in Word, Excel or WPS, save it as .{target} and import that").format(target=target)
    if libreoffice.program() is None:
        message = _("files of this kind need LibreOffice, which is not installed; {remedy}")
        raise UnreadableFileError(message.format(remedy=save))
    try:
        (converted,) = libreoffice.convert_office([libreoffice.OfficeFile(content, ending)], target)
    except Refused as error:
        raise UnreadableFileError(_("{reason}; {remedy}").format(reason=error, remedy=save)) from None
    if converted is None:
        message = _("LibreOffice cannot read the file; it may be damaged or protected by a password; {remedy}")
        raise UnreadableFileError(message.format(remedy=save))
    return converted
