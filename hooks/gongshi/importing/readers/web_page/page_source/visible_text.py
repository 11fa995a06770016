"""The text of a page as lines, extracted without the conversion to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.parsing import is_block

_BLANKS: Final = re.compile("[ \t\r\n\u00a0]+")
_ENDS: Final = " \u3000"
_CODE: Final = ("script", "style")
_BREAK: Final = "\x1e"
_LINE_END: Final = re.compile("(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef])")
"""The end of a line of the file between two Chinese characters, which is no blank (CSS Text 3, 4.1.3)."""


def lines_of(elements: Iterable[_Element]) -> list[str]:
    """Return the text of elements: a line for each paragraph, table cell and line of a paragraph.

    Args:
        elements: elements without hidden content and without scripts.
    """
    parts: list[str] = []
    for element in elements:
        for event, each in etree.iterwalk(element, events=("start", "end")):
            breaks = is_block(each) or each.tag == "br"
            parts.append(_BREAK if breaks else "")
            if event == "start":
                parts.append(each.text or "" if each.tag not in _CODE else "")
            elif each is not element:
                parts.append(each.tail or "")
        parts.append(_BREAK)
    text = _LINE_END.sub("", "".join(parts))
    lines = (_BLANKS.sub(" ", line).strip(_ENDS) for line in text.split(_BREAK))
    return [line for line in lines if line]


def words_of(element: _Element) -> str:
    """Return the text of an element on one line, its paragraphs separated by a blank.

    Args:
        element: an element of the page.
    """
    return " ".join(lines_of((element,)))


def bounded(words: str, most: int = 1000) -> str:
    """Return a text, or its beginning with an ellipsis.

    Args:
        words: the text.
        most: the maximum number of characters.
    """
    return words if len(words) <= most else f"{words[:most]} …"
