"""Reads Word documents (.docx): prepares the XML, so that mammoth converts all of it, and converts it."""

from __future__ import annotations

from pathlib import Path

from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind, ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers.word.cleaning import remove_unseen, replace_objects
from gongshi.importing.readers.word.parts.numbering import Numbering
from gongshi.importing.readers.word.parts.package import WordPackage
from gongshi.importing.readers.word.parts.styles import StyleSheet
from gongshi.importing.readers.word.pictures.metafile_rendering import MetafileRendering
from gongshi.importing.readers.word.pictures.pictures import image_converter
from gongshi.importing.readers.word.text.conversion import convert_to_html
from gongshi.importing.readers.word.text.preparation import TextPreparation
from gongshi.importing.readers.word.text.stories import numbered_paragraphs
from gongshi.importing.readers.word.text.visible_text import visible_text


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
    package = WordPackage(read_file(path))
    unseen = remove_unseen(package, options.revisions)
    text = _visible_text(package)
    files, replaced = replace_objects(package, workspace, MetafileRendering(package).render)
    changed = _prepare(package)
    html = convert_to_html(package.to_bytes(), image_converter(workspace))
    return ReadDocument(html, text, files=files, findings=(*unseen, *replaced, *changed))


def _visible_text(package: WordPackage) -> str:
    styles = StyleSheet(package)
    return visible_text(package, Numbering(package, styles).labels(numbered_paragraphs(package)), styles)


def _prepare(package: WordPackage) -> tuple[Finding, ...]:
    styles = StyleSheet(package)
    numbering = Numbering(package, styles)
    labels = numbering.labels(numbered_paragraphs(package))
    findings = TextPreparation(package, styles, labels).prepare()
    if numbering.unknown_formats:
        message = _("a list is numbered in signs that are unknown here; its numbers are written as 1, 2, 3")
        formats = ", ".join(sorted(numbering.unknown_formats))
        findings = (Finding(FindingKind.CHECK, message, words=formats), *findings)
    return findings
