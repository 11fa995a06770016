"""Changes a Word document in memory, so that all that it shows can be converted, and nothing else."""

from __future__ import annotations

from gongshi.importing.document import BundleFile, Finding, FindingKind, RevisionChoice, Workspace
from gongshi.importing.readers.word.drawings.drawings import place_drawings
from gongshi.importing.readers.word.fields.content_controls import settle_controls
from gongshi.importing.readers.word.fields.fields import flatten_fields
from gongshi.importing.readers.word.fields.links import settle_links
from gongshi.importing.readers.word.hidden.embedded import remove_embedded
from gongshi.importing.readers.word.hidden.hidden_content import remove_hidden, remove_unused_notes
from gongshi.importing.readers.word.hidden.revisions import resolve_revisions
from gongshi.importing.readers.word.mending import mend
from gongshi.importing.readers.word.parts.package import WordPackage
from gongshi.importing.readers.word.pictures.pictures import MetafileRenderer


def remove_unseen(package: WordPackage, choice: RevisionChoice) -> tuple[Finding, ...]:
    """Settle tracked changes and content controls; remove objects and what a reader does not see.

    Args:
        package: the document. Afterwards it shows what a reader sees, still with fields and drawings.
        choice: what is done with tracked changes.

    Raises:
        UnreadableFileError: the text has tracked changes and the user has not chosen.
    """
    findings = [
        *resolve_revisions(package, choice),
        *settle_controls(package),
        *remove_embedded(package),
        *remove_hidden(package),
        *remove_unused_notes(package),
    ]
    return merged(findings)


def replace_objects(
    package: WordPackage, workspace: Workspace, render: MetafileRenderer | None = None
) -> tuple[tuple[BundleFile, ...], tuple[Finding, ...]]:
    """Replace signs, fields, links, formulas and drawings with what can be converted; return the pictures.

    Args:
        package: the document, after `remove_unseen`.
        workspace: where pictures are written.
        render: renders drawn metafiles; None to leave them out.
    """
    findings = [*mend(package), *flatten_fields(package), *settle_links(package)]
    files, told = place_drawings(package, workspace, render)
    return files, merged([*findings, *told, *remove_unused_notes(package)])


def merged(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return one finding for those that say the same of the same place.

    Args:
        findings: all findings, in their order.
    """
    found: dict[tuple[FindingKind, str, str], dict[str, None]] = {}
    for each in findings:
        words = found.setdefault((each.kind, each.message, each.place), {})
        if each.words:
            words[each.words] = None
    return tuple(Finding(*key, "\n".join(words)) for key, words in found.items())
