"""Text with the property "hidden" (`w:vanish`, ECMA-376 part 1, 17.3.2.41), directly or through styles."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.parts.elements import has_sibling_paragraph, is_on, remove
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of
from gongshi.importing.readers.word.parts.text_styles import TextStyles

_FIELD_MARKS = tuple(map(tag, ("w:fldChar", "w:instrText")))
"""They have no words of their own. Hidden ones stay, as a field would be torn otherwise."""


def remove_hidden_text(package: WordPackage, styles: TextStyles) -> Iterator[Finding]:
    """Remove hidden runs, then paragraphs and rows of which nothing is left, and yield the words.

    Args:
        package: the document.
        styles: its styles.
    """
    for part in package.text_parts:
        root = package.xml(part)
        runs = [run for run in root.iter(tag("w:r"), tag("m:r")) if _is_hidden(run, styles)]
        # All are looked up before the first is removed: what a run is in decides about it.
        emptied = {id(each): each for run in runs for each in run.iterancestors(tag("w:p"), tag("w:tr"))}
        yield from _findings(runs)
        for run in runs:
            remove_run(run)
        for each in reversed(list(emptied.values())):
            _remove_emptied(each, styles)


def _is_hidden(run: _Element, styles: TextStyles) -> bool:
    context = styles.context(run)
    if styles.is_toggled(context, "w:vanish"):
        return True
    return is_on(styles.find(context, "w:webHidden")) or is_on(styles.find(context, "w:specVanish"))


def _findings(runs: list[_Element]) -> Iterator[Finding]:
    """Yield one finding for the hidden runs of each paragraph that follow each other."""
    message = _("hidden text is left out")
    places: list[str] = []
    words: list[str] = []
    last: _Element | None = None
    for run in runs:
        found = words_of(run) or "".join(each.text or "" for each in run.iter(tag("w:t"), tag("m:t")))
        if not found and next(run.iter(tag("w:drawing"), tag("w:pict"), tag("w:object")), None) is not None:
            found = _("(a picture)")
        if not found.strip():
            continue
        if last is not None and run.getprevious() is last:
            words[-1] += found
        else:
            places.append(place_of(run))
            words.append(found)
        last = run
    for place, text in zip(places, words, strict=True):
        yield Finding(FindingKind.LEFT_OUT, message, place, text)


def remove_run(run: _Element) -> None:
    """Remove a run; the marks of fields in it stay.

    Args:
        run: the run.
    """
    if next(run.iter(*_FIELD_MARKS), None) is None:
        remove(run)
        return
    for child in list(run):
        if child.tag not in (*_FIELD_MARKS, tag("w:rPr")):
            run.remove(child)


def _remove_emptied(block: _Element, styles: TextStyles) -> None:
    """Remove a paragraph whose end is hidden, too, or a row that is marked as hidden, if nothing is left in it."""
    if next(block.iter(tag("w:r"), tag("m:r")), None) is not None:
        return
    properties = block.find(tag("w:pPr") if block.tag == tag("w:p") else tag("w:trPr"))
    if block.tag == tag("w:tr"):
        if properties is not None and is_on(properties.find(tag("w:hidden"))):
            remove(block)
    elif (
        properties is not None
        and styles.is_toggled(styles.context(properties), "w:vanish")
        and has_sibling_paragraph(block)
    ):
        remove(block)
