"""Reads Word documents (.docx): prepares the XML, so that mammoth converts all of it, and converts it."""

from __future__ import annotations

import io
from pathlib import Path

import mammoth

from gongshi.common.files import read_file
from gongshi.importing.document import ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers.word.package import WordPackage


def read_word(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read a Word document.

    Args:
        path: the file.
        workspace: where pictures are written.
        options: the user's choices.

    Raises:
        UnreadableFileError: the file is damaged, encrypted or too large, or has tracked changes and `options` say no
            choice.
    """
    del workspace, options
    package = WordPackage(read_file(path))
    content = package.to_bytes()
    html = mammoth.convert_to_html(io.BytesIO(content)).value
    text = mammoth.extract_raw_text(io.BytesIO(content)).value
    return ReadDocument(html, text)
