"""Reads the additions of Word and Excel to a page that they save: list labels, footnotes, comments, tracked changes.

Source: Microsoft Office HTML and XML Reference (`mso-` properties).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.importing.document import Finding, FindingKind, RevisionChoice, UnreadableFileError
from gongshi.importing.readers.web_page.cleaning.list_labels import BULLET, ITEM, LEVEL
from gongshi.importing.readers.web_page.page_source.parsing import remove
from gongshi.importing.readers.web_page.page_source.stylesheet import Stylesheet
from gongshi.importing.readers.web_page.page_source.visible_text import bounded, words_of

_DECIMAL: Final = re.compile(r"(\d{1,6})\.")
_BULLETS: Final = frozenset("·•●○▪■□◆◇➢Øü§o-–ln")
_BULLET_FONT: Final = re.compile(r"symbol|wingdings|webdings", re.IGNORECASE)
_LEVEL: Final = re.compile(r"level(\d)")
_NOTE_LINK: Final = re.compile(r"#(_(?:ftn|edn)\d{1,5})")
_NOTE_ID: Final = re.compile(r"(?:ftn|edn)\d{1,5}")
_NOTE_BACK: Final = re.compile(r"#_(?:ftn|edn)ref\d{1,5}")
_CLOSED: Final = "、，。）)．"
_SHOWN, _SHOWN_LETTERS = 5, 60
"""Tracked changes, and characters of each, in a message."""
_COMMENT_CLASSES: Final = frozenset(("msocomanchor", "msocommentreference", "msocomoff"))


@dataclass
class OfficeParts:
    """The parts of an office document in a page."""

    notes: dict[str, _Element] = field(default_factory=dict)
    """Footnotes by their ids."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def note_addresses(self) -> dict[str, str]:
        """The ids of footnotes by the addresses that lead to them."""
        return {f"#{name}": name for name in self.notes}


def take_office_parts(body: _Element, styles: Stylesheet, revisions: RevisionChoice) -> OfficeParts:
    """Change a page of Word into an ordinary one, and return its footnotes and findings.

    Args:
        body: the page's body; changed in place.
        styles: the page's rules.
        revisions: the user's choice for tracked changes.

    Raises:
        UnreadableFileError: it has tracked changes, and the user has not chosen.
    """
    parts = OfficeParts()
    _decide_revisions(body, revisions, parts)
    for element in list(body.iter()):
        declared = styles.declarations(element) if element.get("style") else {}
        kind = declared.get("mso-element", "")
        if kind in ("comment-list", "header", "footer") or _is_comment(element):
            _take_out(element, kind, parts)
        elif kind in ("footnote", "endnote"):
            _take_note(element, parts)
        elif "mso-list" in declared and declared["mso-list"] not in ("ignore", "none"):
            _read_label(element, declared["mso-list"], styles)
    for element in [each for each in body.iter("div") if _is_note_list(each, styles)]:
        remove(element)
    for link in [each for each in body.iter("a") if _NOTE_LINK.fullmatch(each.get("href") or "")]:
        if (link.get("href") or "")[1:] in parts.notes:
            _empty(link)
    return parts


def _decide_revisions(body: _Element, choice: RevisionChoice, parts: OfficeParts) -> None:
    changes = [each for each in body.iter("ins", "del") if each.get("cite") is not None or _is_tracked(each)]
    if not changes:
        return
    if choice is RevisionChoice.ASK:
        raise UnreadableFileError(_question(changes))
    left_out: list[str] = []
    dropped = "del" if choice is RevisionChoice.ACCEPT else "ins"
    for each in changes:
        if each.tag == dropped:
            left_out.append(words_of(each))
            remove(each)
        else:
            each.tag = "span"
    if any(left_out):
        message = ngettext(
            "{count} tracked change was left out", "{count} tracked changes were left out", len(left_out)
        )
        message = message.format(count=len(left_out))
        parts.findings.append(Finding(FindingKind.LEFT_OUT, message, words=bounded(" ".join(left_out), 5000)))


def _question(changes: list[_Element]) -> str:
    count = len(changes)
    heading = ngettext("the file has {count} tracked change:", "the file has {count} tracked changes:", count)
    kinds = {"ins": _("inserted"), "del": _("deleted")}
    shown = [f"  {kinds[each.tag]}: {bounded(words_of(each), _SHOWN_LETTERS)}" for each in changes[:_SHOWN]]
    choice = _("choose with --changes accept or --changes reject, or settle them in Word or WPS and save the file")
    return "\n".join([heading.format(count=count), *shown, *(["  …"] if count > _SHOWN else []), choice])


def _is_tracked(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and (parent.get("class") or "").lower() in ("msoins", "msodel")


def _is_comment(element: _Element) -> bool:
    return any(name in _COMMENT_CLASSES for name in (element.get("class") or "").lower().split())


def _take_out(element: _Element, kind: str, parts: OfficeParts) -> None:
    words = words_of(element)
    remove(element)
    if words and kind:
        message = _("comments were left out") if kind == "comment-list" else _("a header or footer was left out")
        parts.findings.append(Finding(FindingKind.LEFT_OUT, message, words=bounded(words)))


def _take_note(element: _Element, parts: OfficeParts) -> None:
    name = element.get("id") or ""
    link = next((each for each in element.iter("a") if _NOTE_BACK.fullmatch(each.get("href") or "")), None)
    if not _NOTE_ID.fullmatch(name) or link is None:
        return
    parts.notes[f"_{name}"] = element
    remove(link)
    remove(element)


def _is_note_list(element: _Element, styles: Stylesheet) -> bool:
    if not element.get("style"):
        return False
    kind = styles.declarations(element).get("mso-element", "")
    return kind in ("footnote-list", "endnote-list") and not words_of(element)


def _empty(link: _Element) -> None:
    """Remove the label of a footnote, such as [1]; the entry numbers them itself."""
    link.text = None
    for child in list(link):
        remove(child)
    link.text = None


def _read_label(element: _Element, value: str, styles: Stylesheet) -> None:
    """Mark a paragraph as the item of a list, if its label is a bullet or a decimal number; else tidy the label."""
    label = next((each for each in element.iter("span") if _is_label(each, styles)), None)
    if label is None:
        return
    text = "".join(label.itertext()).replace("\u00a0", " ").strip()
    level = _LEVEL.search(value)
    if found := _DECIMAL.fullmatch(text):
        element.set(ITEM, found[1])
    elif text in _BULLETS or (len(text) == 1 and _has_bullet_font(label)):
        element.set(ITEM, BULLET)
    else:
        for child in list(label):
            remove(child)
        label.text = text + ("" if text.endswith(tuple(_CLOSED)) else " ")
        return
    element.set(LEVEL, level[1] if level else "1")
    remove(label)


def _is_label(element: _Element, styles: Stylesheet) -> bool:
    return bool(element.get("style")) and styles.declarations(element).get("mso-list") == "ignore"


def _has_bullet_font(label: _Element) -> bool:
    return any(
        _BULLET_FONT.search(each.get("style") or "") for each in (label, *label.iterancestors("span"), *label.iter())
    )
