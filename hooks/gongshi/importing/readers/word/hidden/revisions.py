"""Tracked changes: accepts or rejects them as Word does, or asks the user to choose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.importing.document import Finding, FindingKind, RevisionChoice, UnreadableFileError
from gongshi.importing.readers.word.hidden.revision_marks import (
    KINDS,
    Revision,
    RevisionKind,
    is_property,
    list_revisions,
)
from gongshi.importing.readers.word.parts.elements import element, has_sibling_paragraph, is_empty_run, remove, unwrap
from gongshi.importing.readers.word.parts.package import WordPackage, tag

_NEW: Final = frozenset((RevisionKind.INSERTED, RevisionKind.MOVED_HERE))
_SHOWN: Final = 3
"""The number of changes that the question to the user names."""
_SHOWN_LETTERS: Final = 40
_FORMATTING: Final = tuple(
    tag(f"w:{name}Change")
    for name in ("rPr", "pPr", "sectPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "numbering")
)
_RANGES: Final = tuple(
    tag(f"w:{name}Range{end}")
    for name in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel", "customXmlMoveFrom", "customXmlMoveTo")
    for end in ("Start", "End")
)
_KEPT_ON_RESTORE: Final = {tag("w:pPr"): (tag("w:rPr"), tag("w:sectPr"))}
"""Children of properties that the record of their earlier state does not contain (17.13.5.29)."""
_DELETED_TEXT: Final = {tag("w:delText"): tag("w:t"), tag("w:delInstrText"): tag("w:instrText")}
_BLOCK_WRAPPERS: Final = frozenset(map(tag, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:del")))


def resolve_revisions(package: WordPackage, choice: RevisionChoice) -> tuple[Finding, ...]:
    """Accept or reject all tracked changes. Those of formatting alone are always accepted, as Word shows them.

    Args:
        package: the document.
        choice: the user's choice.

    Raises:
        UnreadableFileError: the text has tracked changes and the user has not chosen.
    """
    revisions = [each for part in package.text_parts for each in list_revisions(package.xml(part))]
    if revisions and choice is RevisionChoice.ASK:
        raise UnreadableFileError(_question(revisions))
    accept = choice is not RevisionChoice.REJECT
    margins = [name for kind in ("header", "footer", "comments") for name in package.related(kind)]
    for part in (*package.text_parts, *margins):
        _resolve(package.xml(part), accept)
    return tuple(_finding(each, accept) for each in revisions)


def _question(revisions: list[Revision]) -> str:
    count = len(revisions)
    lines = [
        ngettext("the file has {count} tracked change:", "the file has {count} tracked changes:", count).format(
            count=count
        )
    ]
    for each in revisions[:_SHOWN]:
        words = each.words.replace("\n", " ")
        words = words if len(words) <= _SHOWN_LETTERS else words[:_SHOWN_LETTERS] + "…"
        lines.append(
            "  " + _("{kind} ({place}): {words}").format(kind=_kind_text(each.kind), place=each.place, words=words)
        )
    if count > _SHOWN:
        lines.append("  …")
    lines.append(_("choose with --changes accept or --changes reject, or settle them in Word or WPS and save the file"))
    return "\n".join(lines)


def _kind_text(kind: RevisionKind) -> str:
    texts = {
        RevisionKind.INSERTED: _("inserted"),
        RevisionKind.DELETED: _("deleted"),
        RevisionKind.MOVED_HERE: _("moved to here"),
        RevisionKind.MOVED_AWAY: _("moved away from here"),
    }
    return texts[kind]


def _finding(revision: Revision, accept: bool) -> Finding:
    is_kept = (revision.kind in _NEW) is accept
    if accept:
        message = _("tracked change accepted ({kind}): the words are in the entry")
        gone = _("tracked change accepted ({kind}): the words are not in the entry")
    else:
        message = _("tracked change rejected ({kind}): the words are in the entry")
        gone = _("tracked change rejected ({kind}): the words are not in the entry")
    text = (message if is_kept else gone).format(kind=_kind_text(revision.kind))
    return Finding(FindingKind.CHANGED, text, revision.place, revision.words)


def _resolve(root: _Element, accept: bool) -> None:
    _settle_formatting(root, accept)
    for each in list(root.iter(*_RANGES)):
        remove(each)
    marks = [(mark, (KINDS[str(mark.tag)] in _NEW) is accept) for mark in root.iter(*KINDS)]
    for mark, is_kept in marks:
        if not is_property(mark):
            _settle_words(mark, is_kept)
    # From the end: so the content of paragraphs that are joined moves only once.
    for mark, is_kept in reversed(marks):
        if is_property(mark):
            _settle_property(mark, is_kept)
    for each in list(root.iter(tag("w:cellMerge"))):
        _settle_merge(each, accept)
    for each in list(root.iter(tag("w:tbl"))):
        if next(each.iter(tag("w:tr")), None) is None:
            remove(each)


def _settle_formatting(root: _Element, accept: bool) -> None:
    for change in list(root.iter(*_FORMATTING)):
        properties = change.getparent()
        if properties is None:
            continue
        remove(change)
        earlier = change.find(str(properties.tag))
        if not accept and earlier is not None:
            kept_names = _KEPT_ON_RESTORE.get(str(properties.tag), ())
            kept = [each for each in properties if each.tag in kept_names or each.tag in KINDS]
            properties[:] = [*earlier, *kept]


def _settle_words(mark: _Element, is_kept: bool) -> None:
    parent = mark.getparent()
    if parent is None:
        return
    if not is_kept:
        # Within a run of a formula, a mark concerns that run (17.13.5.16).
        remove(parent if parent.tag == tag("m:r") else mark)
        return
    for each in mark.iter(*_DELETED_TEXT):
        each.tag = _DELETED_TEXT[str(each.tag)]
    unwrap(mark)


def _settle_property(mark: _Element, is_kept: bool) -> None:
    properties = mark.getparent()
    owner = properties.getparent() if properties is not None else None
    if properties is None or owner is None:
        return
    remove(mark)
    if is_kept:
        return
    if properties.tag in (tag("w:trPr"), tag("w:tcPr")):
        remove(owner)
    elif properties.tag == tag("w:numPr"):
        remove(properties)
    elif properties.tag == tag("m:ctrlPr"):
        formula = owner.getparent()
        if formula is not None and str(owner.tag).endswith("Pr"):
            remove(formula)
    elif owner.tag == tag("w:pPr") and owner.getparent() is not None:
        _join_with_next(owner.getparent())


def _join_with_next(paragraph: _Element) -> None:
    """Put the content of a paragraph whose end is deleted into the following one (17.13.5.15)."""
    content = [each for each in paragraph if each.tag != tag("w:pPr")]
    following = _next_block(paragraph)
    if following is not None and following.tag == tag("w:p"):
        # To count the children would take long where very many paragraphs are joined.
        first = next(iter(following), None)
        for each in reversed(content):
            if first is not None and first.tag == tag("w:pPr"):
                first.addnext(each)
            else:
                following.insert(0, each)
        remove(paragraph)
        return
    is_empty = all(each.tag == tag("w:r") and is_empty_run(each) for each in content)
    if is_empty and has_sibling_paragraph(paragraph):
        remove(paragraph)


def _next_block(block: _Element) -> _Element | None:
    """Return the paragraph or table behind a block, also in or behind a content control."""
    current: _Element | None = block
    while current is not None:
        following = current.getnext()
        while following is not None:
            found = next(_blocks(following), None)
            if found is not None:
                return found
            following = following.getnext()
        parent = current.getparent()
        current = parent if parent is not None and parent.tag in _BLOCK_WRAPPERS else None
    return None


def _blocks(start: _Element) -> Iterator[_Element]:
    if start.tag in (tag("w:p"), tag("w:tbl"), tag("w:sectPr")):
        yield start
    elif start.tag in _BLOCK_WRAPPERS:
        for child in start:
            yield from _blocks(child)


def _settle_merge(merge: _Element, accept: bool) -> None:
    """Turn a tracked merge of cells into the merge that is chosen (17.13.5.3)."""
    state = merge.get(tag("w:vMerge" if accept else "w:vMergeOrig"))
    if state in ("cont", "rest"):
        merge.addnext(element("w:vMerge", w_val="continue" if state == "cont" else "restart"))
    remove(merge)
