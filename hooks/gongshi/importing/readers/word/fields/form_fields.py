"""Checkboxes and choices of older forms (ECMA-376 part 1, 17.16.17, ffData), which have no text of their own."""

from __future__ import annotations

from lxml.etree import _Element

from gongshi.importing.readers.word.fields.content_controls import CHECKED, UNCHECKED
from gongshi.importing.readers.word.parts.elements import is_on, value_of
from gongshi.importing.readers.word.parts.package import tag


def checkbox_text(mark: _Element) -> str:
    """Return the sign of a checkbox; nothing for other fields.

    Args:
        mark: the `w:fldChar` at the beginning of the field.
    """
    box = mark.find(f"{tag('w:ffData')}/{tag('w:checkBox')}")
    if box is None:
        return ""
    state = box.find(tag("w:checked"))
    return CHECKED if is_on(state if state is not None else box.find(tag("w:default"))) else UNCHECKED


def choice_text(mark: _Element) -> str:
    """Return what is chosen in a list, which is seen if the field has no result; nothing for other fields.

    Args:
        mark: the `w:fldChar` at the beginning of the field.
    """
    choice = mark.find(f"{tag('w:ffData')}/{tag('w:ddList')}")
    if choice is None:
        return ""
    number = value_of(choice, "w:result") or value_of(choice, "w:default") or "0"
    choices = [each.get(tag("w:val"), "") for each in choice.findall(tag("w:listEntry"))]
    is_number = number.isascii() and number.isdigit()
    return choices[int(number[:6])] if is_number and int(number[:6]) < len(choices) else ""
