"""Reads Word documents (.docx): prepares the XML, so that mammoth converts all of it, and converts it."""

from __future__ import annotations

from pathlib import Path

from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind, ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers.word.conversion import convert_to_html
from gongshi.importing.readers.word.numbering import Numbering
from gongshi.importing.readers.word.package import WordPackage
from gongshi.importing.readers.word.preparation import TextPreparation
from gongshi.importing.readers.word.stories import numbered_paragraphs
from gongshi.importing.readers.word.styles import StyleSheet
from gongshi.importing.readers.word.visible_text import visible_text


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
    del options
    package = WordPackage(read_file(path))
    # Here tracked changes are resolved and hidden text is removed (revisions, hidden_content).
    styles = StyleSheet(package)
    text = visible_text(package, Numbering(package, styles).labels(numbered_paragraphs(package)), styles)
    # Here fields become text and drawings get their place (fields, drawings).
    numbering = Numbering(package, styles)
    labels = numbering.labels(numbered_paragraphs(package))
    findings = [*_number_findings(numbering), *TextPreparation(package, styles, labels).prepare()]
    html = convert_to_html(package.to_bytes(), _PictureWriter(workspace))
    return ReadDocument(html, text, findings=tuple(findings))


def _number_findings(numbering: Numbering) -> list[Finding]:
    if not numbering.unknown_formats:
        return []
    message = _("a list is numbered in signs that are unknown here; its numbers are written as 1, 2, 3")
    return [Finding(FindingKind.CHECK, message, words=", ".join(sorted(numbering.unknown_formats)))]


class _PictureWriter:
    """Writes pictures into the workspace in the order of the text."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._number = 0

    def __call__(self, image: object) -> dict[str, str]:
        """Write a picture of mammoth and return its attributes."""
        del image
        self._number += 1
        return {"src": f"picture-{self._number}.png"}
