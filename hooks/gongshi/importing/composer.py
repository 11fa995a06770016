"""Makes the draft of an entry from one source: reads it, recognizes its parts, writes Markdown and compares both.

This runs in a process of its own with limits (`import_job`), as the files may be damaged or hostile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from gongshi.domain.content.text_file import FILE_BYTES
from gongshi.domain.yaml import one_line_text
from gongshi.i18n import gettext as _
from gongshi.i18n import use_language
from gongshi.importing.comparison import fidelity
from gongshi.importing.comparison.compared_texts import letters_of
from gongshi.importing.document import (
    BundleFile,
    DocumentFields,
    Finding,
    FindingKind,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.official import official_document
from gongshi.importing.official.missing_values import missing_values
from gongshi.importing.official.seals import describe_seals
from gongshi.importing.readers import reader_for
from gongshi.importing.sources import PHOTOS, ImportSource
from gongshi.importing.writer import markdown_writer


@dataclass(frozen=True)
class ComposedEntry:
    """The content of an entry, before it has a place in `docs/`."""

    fields: DocumentFields
    body: str
    files: tuple[BundleFile, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...] = ()
    """The front matter keys that the file does not name and that an editor usually fills in."""


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
    _check_length(document.visible_text)
    root = markdown_writer.parse_blocks(document.html)
    fields = document.fields
    findings: tuple[Finding, ...] = ()
    if source.ending != PHOTOS:
        fields, findings = official_document.recognize_parts(root, fields, options.column_kind == "activity")
    fields = _for_column(fields, options.column_kind)
    missing = missing_values(fields, options.column_kind)
    if fields.title is None:
        fields = replace(fields, title=_proposed_title(source))
    with use_language("zh" if options.language.startswith("zh") else "en"):
        describe_seals(root)
    body = markdown_writer.write_markdown(root, convert)
    findings = (*_of_the_text(document.findings, findings, fields), *findings)
    if source.ending != PHOTOS:
        told, changed = (
            [each.words for each in findings if each.kind is kind]
            for kind in (FindingKind.LEFT_OUT, FindingKind.CHANGED)
        )
        page = convert(body)
        findings += fidelity.compare_texts(document.visible_text, page, _carried(fields), told, changed)
    return ComposedEntry(fields, body, document.files, findings, tuple(missing))


def _of_the_text(changed: Iterable[Finding], left_out: Iterable[Finding], fields: DocumentFields) -> Iterator[Finding]:
    """Yield findings but those that say how something is shown that is not in the text: a red head, a title."""
    elsewhere = {letters_of(words) for words in (*(each.words for each in left_out), *_carried(fields))}
    for each in changed:
        if each.kind is not FindingKind.CHANGED or letters_of(each.words) not in elsewhere - {""}:
            yield each


def _check_length(text: str) -> None:
    """Refuse a text that no page can have, before it is converted for minutes."""
    if len(text.encode("utf-8", "replace")) > FILE_BYTES:
        message = _("the file has {count} characters, more than a page may have; divide it, or attach it to an entry")
        raise UnreadableFileError(message.format(count=len(text)))


def _for_column(fields: DocumentFields, kind: str) -> DocumentFields:
    """Return the values that an entry of a column shows: events in calendars, record tables of documents.

    Nothing is lost, as the text says the same.
    """
    if kind == "activity":
        fields = replace(fields, notice_from=None, notice_to=None)
    else:
        return replace(
            fields, event_start=None, event_end=None, event_place=None, event_organizer=None, event_contact=None
        )
    return fields if fields.number else replace(fields, issued=None, issuer=None)


def _proposed_title(source: ImportSource) -> str:
    """Return the name of the source as a title that can be read."""
    name = PurePosixPath(source.name).name
    stem = name if source.ending == PHOTOS else name.removesuffix(f".{name.rpartition('.')[2]}")
    title = one_line_text.with_plain_spaces("".join(each for each in stem if each.isprintable()))
    return title[: one_line_text.TITLE_LENGTH] or _("Untitled")


def _carried(fields: DocumentFields) -> list[str]:
    return [each for each in (fields.title, fields.source, fields.number, fields.index, fields.issuer) if each]
