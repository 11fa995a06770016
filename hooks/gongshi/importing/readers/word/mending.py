"""Mends what the conversion does not know or where it would stop, so that no visible sign is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.parts.characters import PRIVATE, is_symbol_font, sign_text, symbol_text
from gongshi.importing.readers.word.parts.elements import remove, replace, text_run
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_SAME: Final = {tag("w:cr"): "w:br", tag("w:ptab"): "w:tab"}
"""Elements that look like others which the conversion knows."""


def mend(package: WordPackage) -> tuple[Finding, ...]:
    """Replace or remove what cannot be converted.

    Args:
        package: the document.
    """
    findings: list[Finding] = []
    for part in package.text_parts:
        root = package.xml(part)
        for each in list(root.iter(*_SAME)):
            each.tag = tag(_SAME[str(each.tag)])
        findings += [*_mend_notes(package, root), *_mend_ruby(root), *_mend_signs(root)]
        _mend_tables(root)
    return tuple(findings)


def _mend_notes(package: WordPackage, root: _Element) -> Iterator[Finding]:
    for kind in ("footnote", "endnote"):
        known = {
            note.get(tag("w:id"))
            for name in package.related(f"{kind}s")
            for note in package.xml(name)
            if note.get(tag("w:type"), "normal") == "normal"
        }
        for reference in list(root.iter(tag(f"w:{kind}Reference"))):
            if reference.get(tag("w:id")) not in known:
                message = _("the file has no text for a note to which this place refers")
                yield Finding(FindingKind.CHECK, message, place_of(reference))
                remove(reference)


def _mend_ruby(root: _Element) -> Iterator[Finding]:
    """Write a phonetic guide (ECMA-376 part 1, 17.3.3.25) behind its word in brackets."""
    for ruby in list(root.iter(tag("w:ruby"))):
        base, guide = ("".join(map(words_of, ruby.findall(tag(name)))) for name in ("w:rubyBase", "w:rt"))
        words = f"{base}（{guide}）" if guide else base
        yield Finding(FindingKind.CHANGED, _("the pronunciation above a word stands behind it"), place_of(ruby), words)
        replace(ruby, text_run(words)[:])


def _mend_signs(root: _Element) -> Iterator[Finding]:
    """Turn signs of symbol fonts into characters, and tell those that are none."""
    for sign in list(root.iter(tag("w:sym"))):
        character = sign_text(sign)
        if not character:
            message = _("a sign of the font {font} is left out: it has no character of its own")
            words = sign.get(tag("w:char"), "")
            place = place_of(sign)
            yield Finding(FindingKind.LEFT_OUT, message.format(font=sign.get(tag("w:font"), "")), place, words)
        _forget_symbol_font(sign.getparent())
        replace(sign, text_run(character)[:] if character else [])
    for text in root.iter(tag("w:t")):
        if text.text and PRIVATE.search(text.text):
            run = text.getparent()
            _forget_symbol_font(run)
            if PRIVATE.search(text.text):
                message = _("a sign that only one font knows may be missing or wrong on the page")
                yield Finding(FindingKind.CHECK, message, place_of(text), text.text)


def _forget_symbol_font(run: _Element | None) -> None:
    """Turn the rest of a run into characters and remove its symbol font, so that nothing is turned twice."""
    fonts = None if run is None else run.find(f"{tag('w:rPr')}/{tag('w:rFonts')}")
    if run is None or fonts is None:
        return
    font = fonts.get(tag("w:ascii")) or fonts.get(tag("w:hAnsi")) or ""
    if is_symbol_font(font):
        for text in run.iterchildren(tag("w:t")):
            text.text = symbol_text(text.text or "", font)
        for name in ("w:ascii", "w:hAnsi"):
            fonts.attrib.pop(tag(name), None)


def _mend_tables(root: _Element) -> None:
    for span in list(root.iter(tag("w:gridSpan"))):
        if not re.fullmatch("[1-9][0-9]{0,2}", span.get(tag("w:val"), "")):
            remove(span)
    for mark in list(root.iter(tag("w:bookmarkStart"), tag("w:bookmarkEnd"))):
        parent = mark.getparent()
        if parent is not None and parent.tag in (tag("w:tbl"), tag("w:tr")):
            # Between rows and cells, a bookmark would keep the conversion from merging cells.
            remove(mark)
