"""Makes the draft of an entry from one source: reads it, recognizes its parts, writes Markdown and compares both.

This runs in a process of its own with limits (`import_job`), as the files may be damaged or hostile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongshi.importing import fidelity, markdown_writer, official_document
from gongshi.importing.document import BundleFile, DocumentFields, Finding, FindingKind, ReadOptions, Workspace
from gongshi.importing.readers import reader_for
from gongshi.importing.sources import ImportSource


@dataclass(frozen=True)
class ComposedEntry:
    """The content of an entry, before it has a place in `docs/`."""

    fields: DocumentFields
    body: str
    files: tuple[BundleFile, ...]
    findings: tuple[Finding, ...]


def compose_entry(
    source: ImportSource, workspace: Workspace, options: ReadOptions, convert: Callable[[str], str]
) -> ComposedEntry:
    """Make the content of an entry from one source.

    Args:
        source: the file or folder.
        workspace: where pictures and attachments are written.
        options: the user's choices.
        convert: the site's converter from Markdown to the HTML of a page.

    Raises:
        UnreadableFileError: the source cannot be imported.
    """
    document = reader_for(source)(source.path, workspace, options)
    root = markdown_writer.parse_blocks(document.html)
    fields, findings = official_document.recognize_parts(root, document.fields)
    body = markdown_writer.write_markdown(root, convert)
    findings = (*document.findings, *findings)
    told = [each.words for each in findings if each.kind is FindingKind.LEFT_OUT]
    differences = fidelity.compare_texts(document.visible_text, convert(body), _carried(fields), told)
    return ComposedEntry(fields, body, document.files, (*findings, *differences))


def _carried(fields: DocumentFields) -> list[str]:
    return [each for each in (fields.title, fields.source, fields.number, fields.index, fields.issuer) if each]
