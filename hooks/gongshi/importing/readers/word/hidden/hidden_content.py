"""Content that a reader of the paper does not see, or sees only at the edge of the page: left out and told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.hidden.faint_text import remove_faint_text
from gongshi.importing.readers.word.hidden.hidden_text import remove_hidden_text
from gongshi.importing.readers.word.hidden.page_margins import report_margins
from gongshi.importing.readers.word.parts.elements import remove, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of
from gongshi.importing.readers.word.parts.text_styles import TextStyles

_COMMENT_MARKS: Final = tuple(map(tag, ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")))
_COMMENT_ANCHORS: Final = (tag("w:commentReference"), tag("w:commentRangeStart"))


def remove_hidden(package: WordPackage) -> tuple[Finding, ...]:
    """Remove comments, hidden and unseen text and descriptions of tables; tell these, headers and footers.

    Args:
        package: the document; its tracked changes are settled.
    """
    styles = TextStyles(package)
    return (
        *_remove_comments(package),
        *remove_hidden_text(package, styles),
        *_remove_table_descriptions(package),
        *remove_faint_text(package, styles),
        *report_margins(package),
    )


def remove_unused_notes(package: WordPackage) -> tuple[Finding, ...]:
    """Remove footnotes and endnotes to which nothing in the text refers any more, and tell their words.

    Args:
        package: the document.
    """
    findings = []
    for kind in ("footnote", "endnote"):
        used = {
            each.get(tag("w:id"))
            for part in package.text_parts
            for each in package.xml(part).iter(tag(f"w:{kind}Reference"))
        }
        for name in package.related(f"{kind}s"):
            for note in list(package.xml(name)):
                if note.get(tag("w:type"), "normal") == "normal" and note.get(tag("w:id")) not in used:
                    remove(note)
                    if words := words_of(note):
                        message = _("a note to which nothing in the text refers is left out")
                        findings.append(Finding(FindingKind.LEFT_OUT, message, place_of(note), words))
    return tuple(findings)


def _remove_comments(package: WordPackage) -> Iterator[Finding]:
    places: dict[str, str] = {}
    for part in package.text_parts:
        root = package.xml(part)
        for anchor in _COMMENT_ANCHORS:
            for each in root.iter(anchor):
                places.setdefault(each.get(tag("w:id"), ""), place_of(each))
        for each in list(root.iter(*_COMMENT_MARKS)):
            remove(each)
    for name in package.related("comments"):
        for comment in package.xml(name).iter(tag("w:comment")):
            place = places.get(comment.get(tag("w:id"), ""), "")
            yield Finding(FindingKind.LEFT_OUT, _("a comment is left out"), place, words_of(comment))


def _remove_table_descriptions(package: WordPackage) -> Iterator[Finding]:
    message = _("the description of a table, which the page would not show, is left out")
    for part in package.text_parts:
        for table in package.xml(part).iter(tag("w:tbl")):
            described = [value_of(table, f"w:tblPr/w:{name}") for name in ("tblCaption", "tblDescription")]
            if any(described):
                row: _Element | None = next(table.iter(tag("w:tr")), None)
                place = place_of(row if row is not None else table)
                yield Finding(FindingKind.LEFT_OUT, message, place, "\n".join(filter(None, described)))
