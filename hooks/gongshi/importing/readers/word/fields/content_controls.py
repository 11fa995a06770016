"""Content controls (`w:sdt`, ECMA-376 part 1, 17.5.2): what they show stays, the controls go."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.parts.elements import element, enclosing, is_on, remove, replace, text_run, value_of
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_OTHER_WRAPPERS: Final = tuple(map(tag, ("w:smartTag", "w:customXml", "w:dir", "w:bdo")))
"""Elements around runs that the conversion need not know; it would leave out what is in some of them."""
_PEOPLE: Final = re.compile(r"creator|lastModifiedBy|Company|Manager", re.I)
"""Properties of a document that name people and units, in the XPath of a control that shows one of them."""
_PROPERTY_PARTS: Final = re.compile(r"core-properties|extended-properties|coverPageProps|coreProperties", re.I)
CHECKED: Final = "☑"
UNCHECKED: Final = "☐"


def settle_controls(package: WordPackage) -> tuple[Finding, ...]:
    """Replace content controls with what they show; leave out tables of contents and properties of the document.

    Args:
        package: the document.
    """
    findings: list[Finding] = []
    for part in package.text_parts:
        root = package.xml(part)
        for control in reversed(list(root.iter(tag("w:sdt")))):
            findings += _settle(control)
        for wrapper in reversed(list(root.iter(*_OTHER_WRAPPERS))):
            replace(wrapper, [each for each in wrapper if not str(each.tag).endswith("Pr")])
    return tuple(findings[::-1])


def _settle(control: _Element) -> list[Finding]:
    properties, content = control.find(tag("w:sdtPr")), control.find(tag("w:sdtContent"))
    found = _left_out(properties, content, control)
    if found is not None:
        remove(control)
        return [found] if found.words else []
    children = list(content) if content is not None else []
    findings = []
    if properties is not None:
        if is_on(properties.find(tag("w:showingPlcHdr"))) and content is not None and words_of(content):
            message = _("this is the prompt of a field that nobody filled in")
            findings = [Finding(FindingKind.CHECK, message, place_of(control), words_of(content))]
        children = children or _checkbox(properties, control)
    replace(control, children)
    return findings


def _left_out(properties: _Element | None, content: _Element | None, control: _Element) -> Finding | None:
    words = words_of(content) if content is not None else ""
    gallery = value_of(properties, "w:docPartObj/w:docPartGallery") or ""
    if gallery == "Table of Contents":
        return Finding(FindingKind.LEFT_OUT, contents_text(), place_of(control), words)
    binding = properties.find(tag("w:dataBinding")) if properties is not None else None
    if binding is not None:
        path = binding.get(tag("w:xpath"), "")
        is_property = _PROPERTY_PARTS.search(path + binding.get(tag("w:prefixMappings"), ""))
        if is_property and _PEOPLE.search(path.rpartition("/")[2]):
            return Finding(FindingKind.LEFT_OUT, property_text(), place_of(control), words)
    return None


def _checkbox(properties: _Element, control: _Element) -> list[_Element]:
    """Return the sign of a checkbox that has none, at the level of runs."""
    box = properties.find(tag("w14:checkbox"))
    if box is None or enclosing(control, "w:p") is None:
        return []
    state = box.find(tag("w14:checked"))
    checked = state is not None and state.get(tag("w14:val"), "1") not in ("0", "false")
    return [text_run(CHECKED if checked else UNCHECKED, element("w:rPr"))]


def contents_text() -> str:
    """Return the message on a table of contents that was left out."""
    return _("the table of contents is left out: the page makes its own from the headings")


def property_text() -> str:
    """Return the message on a property of the document, such as its author, that the text showed."""
    return _("words that come from the properties of the file are left out; write them if they are to be seen")
