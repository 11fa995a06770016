"""Text that nobody can read although it is not hidden: in the colour of the paper, or very small."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.hidden.hidden_text import remove_run
from gongshi.importing.readers.word.parts.elements import enclosing, is_on, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of
from gongshi.importing.readers.word.parts.text_styles import RunContext, TextStyles

_SMALL: Final = 4
"""The size from which text can be read, in half points."""
_LOW: Final = 40
"""The height of an exact line or row from which text can be read, in twentieths of a point."""
_NARROW: Final = 10
"""The width of characters from which text can be read, in percent."""
_SAME_COLOUR: Final = 15
"""Colours that differ by no more than this in red, green and blue look the same."""
_WHITE: Final = "FFFFFF"
_THEME_WHITE: Final = frozenset(("background1", "light1"))
_HEX: Final = re.compile("[0-9A-Fa-f]{6}")
_FLOATING: Final = tuple(map(tag, ("wp:anchor", "w:pict")))
"""Drawings that may stand below text."""
_FILLS: Final = tuple(map(tag, ("a:solidFill", "a:gradFill", "a:pattFill", "a:blipFill", "v:fill")))


@dataclass(frozen=True)
class _Reason:
    """A reason why nobody can read a text."""

    text: str
    is_sure: bool = True
    """False if the text may be seen nevertheless, such as on a picture."""


def remove_faint_text(package: WordPackage, styles: TextStyles) -> Iterator[Finding]:
    """Remove text that surely cannot be read on paper, and yield it; yield also what stays, as it may be seen.

    Args:
        package: the document, without hidden text.
        styles: its styles.
    """
    paper = _paper_colour(package)
    on_paper = not any(next(package.xml(part).iter(*_FLOATING), None) is not None for part in package.text_parts)
    for part in package.text_parts:
        last: tuple[_Element, _Reason] | None = None
        words: list[str] = []
        unread: list[_Element] = []
        for run in package.xml(part).iter(tag("w:r")):
            text = words_of(run) if run.find(tag("w:t")) is not None else ""
            reason = _reason(run, styles, paper, on_paper) if text.strip() else None
            current = (paragraph, reason) if reason and (paragraph := enclosing(run, "w:p")) is not None else None
            if last is not None and current != last and words:
                yield _finding(*last, words)
                words = []
            if current is not None:
                words.append(text)
                unread += [run] if current[1].is_sure else []
            last = current or (last if not text.strip() else None)
        if last is not None and words:
            yield _finding(*last, words)
        for run in unread:
            remove_run(run)


def _finding(paragraph: _Element, reason: _Reason, words: list[str]) -> Finding:
    message = _("text that cannot be seen on paper is in the entry: it is {reason}; delete it if it is not meant")
    if reason.is_sure:
        message = _("text that cannot be seen on paper is left out: it is {reason}; type it if it is meant")
    kind = FindingKind.LEFT_OUT if reason.is_sure else FindingKind.CHECK
    return Finding(kind, message.format(reason=reason.text), place_of(paragraph), "".join(words))


def _paper_colour(package: WordPackage) -> str:
    settings = [package.xml(name) for name in package.related("settings")][:1]
    shown = any(is_on(each.find(tag("w:displayBackgroundShape"))) for each in settings)
    colour = value_of(package.document, "w:background", "w:color") if shown else None
    return colour if colour and _HEX.fullmatch(colour) else _WHITE


def _reason(run: _Element, styles: TextStyles, paper: str, on_paper: bool) -> _Reason | None:
    context = styles.context(run)
    colour = _colour(context, styles)
    if colour and _is_same(colour, _background(run, context, styles) or paper):
        return _Reason(_("written in the colour of its background"), on_paper)
    if _number(styles.find(context, "w:sz"), 24) <= _SMALL:
        return _Reason(_("less than two points high"))
    if _number(styles.find(context, "w:w"), 100) < _NARROW:
        return _Reason(_("written very narrow"))
    fill = styles.find(context, "w14:textFill")
    if fill is not None and fill.find(tag("w14:noFill")) is not None:
        return _Reason(_("transparent"), False)
    return _Reason(_("cut off by the height of its line or row"), False) if _is_cut_off(run, styles) else None


def _colour(context: RunContext, styles: TextStyles) -> str | None:
    found = styles.find(context, "w:color")
    if found is None:
        return None
    if found.get(tag("w:themeColor")) in _THEME_WHITE and not found.get(tag("w:themeShade")):
        return _WHITE
    value = found.get(tag("w:val"), "")
    return value if _HEX.fullmatch(value) else None


def _background(run: _Element, context: RunContext, styles: TextStyles) -> str | None:
    """Return the colour behind a run; `-` if there is one that is not known; None for the paper's."""
    paragraph, cell, table = (enclosing(run, name) for name in ("w:p", "w:tc", "w:tbl"))
    shades = [styles.find(context, "w:shd")]
    if paragraph is not None:
        shades.append(styles.paragraph_property(paragraph, "w:shd"))
    if cell is not None:
        shades.append(_child(styles.properties(cell, "w:tcPr"), "w:shd"))
    if table is not None:
        shades.append(_child(styles.properties(table, "w:tblPr"), "w:shd"))
    found = next((colour for shade in shades if (colour := _shade(shade))), None)
    if found:
        return found
    highlight = styles.find(context, "w:highlight")
    if highlight is not None and highlight.get(tag("w:val")) not in ("none", "white"):
        return "-"
    if table is not None and any(
        _shade(each) for style in styles.table_style(table) for each in style.iter(tag("w:shd"))
    ):
        return "-"
    return "-" if _is_in_filled_shape(run) else None


def _shade(shade: _Element | None) -> str | None:
    if shade is None or shade.get(tag("w:val")) == "nil":
        return None
    colour = shade.get(tag("w:color" if shade.get(tag("w:val")) == "solid" else "w:fill"), "auto")
    if shade.get(tag("w:themeFill")) and not _HEX.fullmatch(colour):
        return "-"
    return colour if _HEX.fullmatch(colour) else None


def _is_in_filled_shape(run: _Element) -> bool:
    box = enclosing(run, "wps:wsp", "v:shape", "v:rect", "v:roundrect", "v:oval")
    if box is None:
        return False
    if str(box.tag).startswith("{" + "urn:schemas-microsoft-com:vml"):
        return box.get("fillcolor", "white").lower() not in ("white", "#fff", "#ffffff", "window [65]")
    properties = box.find(tag("wps:spPr"))
    if properties is not None and properties.find(tag("a:noFill")) is not None:
        return False
    style = box.find(f"{tag('wps:style')}/{tag('a:fillRef')}")
    return (properties is not None and any(properties.find(each) is not None for each in _FILLS)) or (
        style is not None and style.get("idx") != "0"
    )


def _is_same(colour: str, background: str) -> bool:
    if background == "-":
        return False
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(background), strict=True)
    return all(abs(one - other) <= _SAME_COLOUR for one, other in pairs)


def _number(found: _Element | None, default: int) -> int:
    value = (found.get(tag("w:val"), "") if found is not None else "").rstrip("%")
    return int(value) if value.isascii() and value.isdigit() else default


def _is_cut_off(run: _Element, styles: TextStyles) -> bool:
    paragraph, row = enclosing(run, "w:p"), enclosing(run, "w:tr")
    spacing = styles.paragraph_property(paragraph, "w:spacing") if paragraph is not None else None
    if spacing is not None and spacing.get(tag("w:lineRule")) == "exact" and _twips(spacing, "w:line") <= _LOW:
        return True
    height = _child(styles.properties(row, "w:trPr"), "w:trHeight") if row is not None else None
    return height is not None and height.get(tag("w:hRule")) == "exact" and _twips(height, "w:val") <= _LOW


def _child(properties: _Element | None, name: str) -> _Element | None:
    return properties.find(tag(name)) if properties is not None else None


def _twips(found: _Element, name: str) -> int:
    value = found.get(tag(name), "")
    return int(value) if value.isascii() and value.isdigit() else _LOW + 1
