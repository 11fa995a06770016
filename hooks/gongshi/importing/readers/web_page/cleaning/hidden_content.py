"""Removes what a page does not show: hidden elements, scripts, form fields, players; their words are returned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.colours import Colours, Sight, colours_of
from gongshi.importing.readers.web_page.page_source.parsing import own_texts, remove
from gongshi.importing.readers.web_page.page_source.stylesheet import Declarations, Stylesheet
from gongshi.importing.readers.web_page.page_source.visible_text import words_of

_SILENT: Final = frozenset(
    """
    applet base basefont bgsound canvas embed head link map meta noscript noframes object param script style
    template title noembed source track area datalist mphantom annotation
    """.split()  # noqa: SIM905
)
"""Elements without visible text. Text in `noscript` is for browsers without scripts, and says so."""
_FIELDS: Final = frozenset("button input optgroup option select textarea".split())  # noqa: SIM905
_FRAMES: Final = frozenset(
    """
    iframe video audio embed object mpvideosnap mpvoice mp-common-videosnap qqmusic svg frame
    """.split()  # noqa: SIM905
)
_ZERO: Final = re.compile(r"(?=[.\d])0*\.?0*(?:px|pt|em|rem|%|cm|mm|in|vw|vh)?")
_RELATIVE: Final = re.compile(r"[\d.]+(?:em|%)|larger|smaller|inherit")
_FAR: Final = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem|%)")
_VERY_FAR: Final = re.compile(r"-\d{4,}(?:\.\d+)?(?:px|pt|em|rem|%)")
_TINY: Final = re.compile(r"(?:0*\.\d+|0*1(?:\.\d+)?)(?:px|pt)")
_FAINT: Final = re.compile(r"0*\.0[0-4]\d*|0*[0-4](?:\.\d+)?%")
"""An opacity of less than 0.05."""
_MOVED_AWAY: Final = re.compile(r"scale[xy]?\(\s*0*\.?0*\s*[,)]|translate[xy]?\([^)]{0,40}-\d{4,}")
_CLIPPED: Final = re.compile(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?|inset\(\s*(?:50|100)%|circle\(\s*0")
_ARTICLE_OF_WECHAT: Final = ("js_content", "img-content", "page-content", "js_article")
"""WeChat hides the article until its script has run; a saved page keeps that."""
_FEW_CHARACTERS: Final = 20
"""The most characters of an element that a page marks as meaningless to screen readers, such as an icon."""


@dataclass
class RemovedContent:
    """The words and elements that were removed from a page."""

    hidden: list[tuple[_Element, str]] = field(default_factory=list)
    """Hidden words, each with the element in which they were."""
    fields: list[tuple[_Element, str]] = field(default_factory=list)
    """Form fields with their words."""
    frames: list[tuple[_Element, str, str]] = field(default_factory=list)
    """Players, frames and drawings: the element in which they were, their name and their address or words."""
    faint: list[tuple[_Element, str]] = field(default_factory=list)
    """Words that may have the colour of their ground; they stay."""


@dataclass(frozen=True)
class _Shown:
    """The inherited properties that decide whether text is visible."""

    visible: bool = True
    sized: bool = True
    """False for a font size of 0, or so small that nobody can read it."""
    colours: Colours = field(default_factory=Colours)


def remove_invisible(body: _Element, styles: Stylesheet) -> RemovedContent:
    """Remove everything from a page that is no visible text or picture.

    Args:
        body: the page's body; changed in place.
        styles: the page's rules.
    """
    removed = RemovedContent()
    _clean(body, _Shown(), styles, removed)
    return removed


def _clean(element: _Element, inherited: _Shown, styles: Stylesheet, removed: RemovedContent) -> None:
    shown = _shown(element, styles, inherited)
    if not (shown.visible and shown.sized) or shown.colours.sight is Sight.UNSEEN:
        _hide_own_texts(element, removed)
    elif shown.colours.sight is Sight.UNSURE and (words := _own_words(element)):
        removed.faint.append((element, words))
    for child in list(element):
        if not _remove_if_unseen(child, element, styles, removed):
            _clean(child, shown, styles, removed)
    if element.tag == "img" and not shown.visible:
        remove(element)


def _remove_if_unseen(child: _Element, parent: _Element, styles: Stylesheet, removed: RemovedContent) -> bool:
    if child.tag in _FRAMES:
        removed.frames.append((parent, child.tag, _address(child) or words_of(child)))
    elif child.tag in _FIELDS:
        words = child.get("value", "") if child.tag == "input" and child.get("type") != "hidden" else words_of(child)
        removed.fields.append((parent, words.strip()))
    elif child.tag not in _SILENT:
        if not _is_hidden(child, styles.declarations(child)):
            return False
        removed.hidden.append((parent, words_of(child)))
    remove(child)
    return True


def _hide_own_texts(element: _Element, removed: RemovedContent) -> None:
    if words := _own_words(element):
        removed.hidden.append((element, words))
    element.text = None
    for child in element:
        child.tail = None


def _own_words(element: _Element) -> str:
    return " ".join(" ".join(own_texts(element)).split())


def _shown(element: _Element, styles: Stylesheet, inherited: _Shown) -> _Shown:
    declared = styles.declarations(element)
    visible, sized = inherited.visible, inherited.sized
    if "visibility" in declared and not _is_article_of_wechat(element):
        visible = declared["visibility"] not in ("hidden", "collapse")
    size = declared.get("font-size", "")
    if size and (_ZERO.fullmatch(size) or _TINY.fullmatch(size)):
        sized = False
    elif size and not _RELATIVE.fullmatch(size):
        sized = True
    return _Shown(visible, sized, colours_of(element, declared, inherited.colours, styles.complete))


def _is_article_of_wechat(element: _Element) -> bool:
    return element.get("id") in _ARTICLE_OF_WECHAT or "rich_media_content" in (element.get("class") or "").split()


def _is_hidden(element: _Element, declared: Declarations) -> bool:
    if _is_article_of_wechat(element):
        return False
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if element.get("hidden") is not None or declared.get("display") == "none" or declared.get("mso-hide") == "all":
        return True
    if element.get("aria-hidden") == "true" and _has_few_characters(element) and not _has_picture(element):
        return True
    return any(_reasons(declared))


def _has_few_characters(element: _Element) -> bool:
    count = 0
    for text in element.itertext():
        count += len(text.strip())
        if count > _FEW_CHARACTERS:
            return False
    return True


def _has_picture(element: _Element) -> bool:
    return element.tag == "img" or element.find(".//img") is not None


def _reasons(declared: Declarations) -> Iterator[bool]:
    opacity = declared.get("opacity", "1")
    yield bool(_ZERO.fullmatch(opacity) or _FAINT.fullmatch(opacity))
    yield declared.get("content-visibility") == "hidden" or bool(_MOVED_AWAY.search(declared.get("transform", "")))
    yield any(_VERY_FAR.fullmatch(declared.get(side, "")) for side in ("margin-left", "margin-top"))
    clipped = declared.get("overflow", "") in ("hidden", "clip")
    yield clipped and any(_ZERO.fullmatch(declared.get(side, "auto")) for side in ("height", "max-height", "width"))
    yield bool(_CLIPPED.match(declared.get("clip", "") or declared.get("clip-path", "")))
    placed = declared.get("position", "") in ("absolute", "fixed")
    yield placed and any(_FAR.fullmatch(declared.get(side, "")) for side in ("left", "top"))
    yield bool(_FAR.fullmatch(declared.get("text-indent", "")))


def _address(element: _Element) -> str:
    source = element.find("source")
    for each in (element, source if source is not None else element):
        if found := (each.get("data-src") or each.get("src") or "").strip():
            return found
    return ""
