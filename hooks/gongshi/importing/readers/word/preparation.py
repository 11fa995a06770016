"""Changes a Word document in memory, so that all that it shows can be converted, and nothing else."""

from __future__ import annotations

from gongshi.importing.document import BundleFile, Finding, FindingKind, RevisionChoice, Workspace
from gongshi.importing.readers.word.content_controls import settle_controls
from gongshi.importing.readers.word.drawings import place_drawings
from gongshi.importing.readers.word.embedded import remove_embedded
from gongshi.importing.readers.word.fields import flatten_fields
from gongshi.importing.readers.word.hidden_content import remove_hidden, remove_unused_notes
from gongshi.importing.readers.word.links import settle_links
from gongshi.importing.readers.word.mending import mend
from gongshi.importing.readers.word.package import WordPackage
from gongshi.importing.readers.word.pictures import MetafileRenderer
from gongshi.importing.readers.word.revisions import resolve_revisions


def prepare(
    package: WordPackage, workspace: Workspace, choice: RevisionChoice, render: MetafileRenderer | None = None
) -> tuple[tuple[BundleFile, ...], tuple[Finding, ...]]:
    """Do all steps in the order in which they depend on each other; return the pictures and what is to be told.

    Args:
        package: the document.
        workspace: where pictures are written.
        choice: what is done with tracked changes.
        render: turns drawn metafiles into pictures; None where no program for it is there.

    Raises:
        UnreadableFileError: the text has tracked changes and the user has not chosen.
    """
    findings = [
        *resolve_revisions(package, choice),
        *settle_controls(package),
        *remove_embedded(package),
        *remove_hidden(package),
        *mend(package),
        *flatten_fields(package),
        *settle_links(package),
    ]
    files, told = place_drawings(package, workspace, render)
    return files, _merged([*findings, *told, *remove_unused_notes(package)])


def _merged(findings: list[Finding]) -> tuple[Finding, ...]:
    """Make one finding of those that say the same of the same place."""
    found: dict[tuple[FindingKind, str, str], list[str]] = {}
    for each in findings:
        words = found.setdefault((each.kind, each.message, each.place), [])
        if each.words and each.words not in words:
            words.append(each.words)
    return tuple(Finding(*key, "\n".join(words)) for key, words in found.items())
