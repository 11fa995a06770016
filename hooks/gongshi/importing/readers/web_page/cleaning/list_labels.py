"""The numbers of lists: decimal numbers with a full stop stay a list, all others are written into the text.

Each item gets the attribute `data-item`: its number, or `bullet`; items without it are paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.list_numbers import format_number
from gongshi.importing.readers.web_page.page_source.parsing import is_block
from gongshi.importing.readers.web_page.page_source.stylesheet import Stylesheet

ITEM: Final = "data-item"
LEVEL: Final = "data-level"
BULLET: Final = "bullet"
_NUMBER: Final = re.compile(r"\s*(-?\d{1,6})")
_TYPES: Final = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
"""Values of the attribute `type` of `ol` (HTML, 4.4.5)."""
_CHINESE_STYLES: Final = frozenset(
    [
        "cjk-ideographic",
        "simp-chinese-informal",
        "trad-chinese-informal",
        "cjk-decimal",
        "simp-chinese-formal",
        "japanese-informal",
    ]
)
_PLAIN: Final = frozenset(("", "decimal", "decimal-leading-zero", "inherit", "initial"))
_BULLETS: Final = frozenset(("disc", "circle", "square"))


def label_items(main: Iterable[_Element], styles: Stylesheet) -> None:
    """Number the items of all lists of an article.

    Args:
        main: its elements; changed in place.
        styles: the page's rules.
    """
    for part in main:
        for each in part.iter("ul", "ol"):
            in_cell = any(above.tag in ("td", "th") for above in each.iterancestors())
            _label_list(each, styles, in_cell)


def _label_list(element: _Element, styles: Stylesheet, in_cell: bool) -> None:
    items = [each for each in element if each.tag == "li"]
    is_reversed = element.get("reversed") is not None
    number = _value(element.get("start"), len(items) if is_reversed else 1)
    for item in items:
        number = _value(item.get("value"), number)
        style = _style(item, element, styles)
        if element.tag == "ul" or style in _BULLETS:
            if style != "none" and not in_cell:
                item.set(ITEM, BULLET)
        elif style in _PLAIN and not in_cell and number >= 0:
            item.set(ITEM, str(number))
        elif style != "none":
            write_label(item, _label(number, style))
        number += -1 if is_reversed else 1


def _style(item: _Element, parent: _Element, styles: Stylesheet) -> str:
    for element in (item, parent):
        declared = styles.declarations(element)
        words = declared.get("list-style-type") or declared.get("list-style", "")
        if found := next((word for word in words.split() if word not in ("inside", "outside")), ""):
            return found
        if element.get("type") in _TYPES:
            return _TYPES[element.get("type") or ""]
    return ""


def _value(text: str | None, otherwise: int) -> int:
    found = _NUMBER.match(text or "")
    return int(found[1]) if found else otherwise


def write_label(element: _Element, label: str) -> None:
    """Write a label in front of the text of an element, into its first paragraph.

    Args:
        element: the element; changed in place.
        label: the label with the blank behind it.
    """
    while len(element) and not (element.text or "").strip() and is_block(element[0]) and element[0].tag != "table":
        element = element[0]
    element.text = label + (element.text or "").lstrip(" \t\r\n\u00a0")


def _label(number: int, style: str) -> str:
    if style in _CHINESE_STYLES and 0 < number < 100:
        return f"{format_number(number, 'chineseCounting')}、"
    if style.endswith(("alpha", "latin")) and 0 < number <= 702:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return f"{letters.upper() if style.startswith('upper') else letters}. "
    if style.endswith("roman") and 0 < number < 4000:
        return f"{format_number(number, 'upperRoman' if style.startswith('upper') else 'lowerRoman')}. "
    return f"{number}. "
